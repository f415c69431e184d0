"""The equations of a network as C, for references that need millions of evaluations (Radau to 1e-8 on whole machines).

The same expressions as :mod:`etabli.physics.equations` and the same bookkeeping; only the arithmetic of each law is
written as C instead of numpy. Nothing of the engine is in it: no condensation, no integrator, no sparse elimination.
``test_equations.py`` holds it to the numpy form.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from etabli.physics.build import find_compiler
from etabli.physics.equations import Equations, Floats, Places, _Group, _LawEquations
from etabli.physics.expression import Expression, straight_line
from etabli.physics.simulator import Simulator

_HEAD = """
#include <math.h>
#define op_sqrt(a) sqrt(a)
#define op_abs(a) fabs(a)
#define op_min(a, b) ((b) < (a) ? (b) : (a))
#define op_max(a, b) ((b) > (a) ? (b) : (a))
#define op_less(a, b) ((a) < (b) ? 1.0 : 0.0)
#define op_select(c, a, b) ((c) != 0.0 ? (a) : (b))

typedef void law(long n, const long *rows, const long *states, const double *par,
                 const double *x, const double *sp, double *total, double *slopes);

/* All devices of one law. Its slopes lie in table; kept ones go to places of dG/du and dG/dS. */
struct group {
    law *function;
    long n;
    const long *rows, *states;
    const double *par;
    double *table;
    long kept[2];
    const long *from[2], *to[2];
    const double *factor;
};

void add(long count, const struct group *groups, const double *x, const double *sp, double *total,
         double *by_u, double *by_s) {
    for (long i = 0; i < count; i++) {
        const struct group *g = groups + i;
        g->function(g->n, g->rows, g->states, g->par, x, sp, total, by_u ? g->table : 0);
        if (!by_u) continue;
        for (long k = 0; k < g->kept[0]; k++) by_u[g->to[0][k]] += g->table[g->from[0][k]] * g->factor[k];
        for (long k = 0; k < g->kept[1]; k++) by_s[g->to[1][k]] += g->table[g->from[1][k]];
    }
}
"""
_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_SIGNATURE = (
    "void {name}(long n, const long *rows, const long *states, const double *par,"
    " const double *x, const double *sp, double *total, double *slopes)"
)


def _lines(outputs: list[Expression]) -> tuple[list[str], list[str]]:
    """Statements and the names of the outputs."""
    known: dict[int, str] = {}

    def name(e: Expression) -> str:
        if e.op == "const":
            return f"({e.value!r})"
        return str(e.value) if e.op == "input" else known[e.index]

    lines = []
    for e in straight_line(outputs):
        args = [name(a) for a in e.args]
        if e.op in _INFIX:
            text = f"{args[0]} {_INFIX[e.op]} {args[1]}"
        else:
            text = f"-{args[0]}" if e.op == "neg" else f"op_{e.op}({', '.join(args)})"
        known[e.index] = f"t{len(known)}"
        lines.append(f"const double {known[e.index]} = {text};")
    return lines, [name(o) for o in outputs]


def _function(name: str, laws: _LawEquations) -> str:
    """C of one law, for all its devices: adds its outputs to ``total``, stores its slopes device by device."""
    width, outputs = laws.traced.scalar_terminals, len(laws.outputs)
    loads = [f"const double v{i} = x[rows[d * {outputs} + {i}]];" for i in range(width)]
    parameters, states = len(laws.law.parameters), len(laws.law.states)
    loads += [f"const double p{i} = par[d * {parameters} + {i}];" for i in range(parameters)]
    loads += [f"const double s{i} = sp[states[d * {states} + {i}]];" for i in range(states)]
    flows, flow_names = _lines(laws.outputs)
    adds = [f"total[rows[d * {outputs} + {i}]] += {text};" for i, text in enumerate(flow_names)]
    every, every_names = _lines([*laws.outputs, *laws.slope_expressions])
    slopes = [f"slopes[{k} * n + d] = {text};" for k, text in enumerate(every_names[outputs:])]
    both = [f"total[rows[d * {outputs} + {i}]] += {text};" for i, text in enumerate(every_names[:outputs])]
    return "\n".join(
        [
            _SIGNATURE.format(name=name) + " {",
            f"const double ah = {laws.weight_s!r};",
            "for (long d = 0; d < n; d++) {",
            *loads,
            "if (!slopes) {", *flows, *adds, "} else {", *every, *both, *slopes, "}",
            "}}",
        ]
    )  # fmt: skip


@lru_cache(maxsize=64)
def _compiled(source: str) -> ctypes.CDLL:
    compiler = find_compiler()
    assert compiler is not None, "no C compiler found"
    with tempfile.TemporaryDirectory() as folder:
        text, library = Path(folder) / "equations.c", Path(folder) / "equations.so"
        text.write_text(source, encoding="ascii")
        command = [*compiler, "-O1", "-std=c11", "-w", "-fPIC", "-shared", str(text), "-o", str(library), "-lm"]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library))


class _CGroup(ctypes.Structure):
    """``struct group`` of the C text."""

    _fields_ = (
        ("function", ctypes.c_void_p),
        ("n", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in ("rows", "states", "par", "table")),
        ("kept", ctypes.c_long * 2),
        ("from_", ctypes.c_void_p * 2),
        ("to", ctypes.c_void_p * 2),
        ("factor", ctypes.c_void_p),
    )


class CompiledEquations(Equations):
    """:class:`Equations` whose laws are evaluated in C."""

    def __init__(self, simulator: Simulator, devices: Iterable[str] | None = None) -> None:
        self._c_groups: dict[str, _CGroup] = {}
        self._batches: dict[int, Any] = {}
        self._held: list[Floats | Places] = []
        self._seen = np.zeros(0)
        super().__init__(simulator, devices)

    def _load(self) -> None:
        groups = {g.laws.law.name: g for g in self.groups}
        library = _compiled(_HEAD + "\n".join(_function(f"law_{n}", g.laws) for n, g in sorted(groups.items())))
        self._c_add = library.add
        self._c_add.restype = None
        self._parameters: list[tuple[Floats, Places]] = []
        for name, group in groups.items():
            places = np.array(group.parameter_places, np.intp).reshape(-1, len(group.rows)).T
            self._parameters.append((np.zeros(places.shape), places))
            self._c_groups[name] = self._c_group(group, library[f"law_{name}"], self._parameters[-1][0])
        self._places = np.concatenate([places.ravel() for _, places in self._parameters])

    def _c_group(self, group: _Group, function: Any, parameters: Floats) -> _CGroup:
        def held(array: Any) -> int:
            array = np.ascontiguousarray(array)
            self._held.append(array)
            return int(array.ctypes.data)

        made = _CGroup(ctypes.cast(function, ctypes.c_void_p), len(group.rows), held(group.rows), held(group.states))
        made.par, made.table = held(parameters), held(np.zeros(group.kept.shape))
        sides = ((group.kept, group.slope_places, self.size), (group.kept_state, group.state_slope_places, self.states))
        for k, (kept, (row, column), width) in enumerate(sides):
            made.kept[k] = len(row)
            made.from_[k], made.to[k] = held(np.flatnonzero(kept)), held(row * width + column)
        made.factor = held(np.asarray(group.factor, float))
        return made

    def change(self) -> float:
        """Largest relative change of a parameter since they were last taken."""
        now, before = self.simulator.values[self._places], self._seen
        return float(np.max(np.abs(now - before) / np.maximum(np.abs(before), 1e-12), initial=0.0))

    def _read_parameters(self, values: Floats) -> None:
        if not self._c_groups:
            self._load()
        self._seen = values[self._places]
        for array, places in self._parameters:
            array[:] = values[places]

    def shown(self, u: Floats, s: Floats) -> dict[int, float]:
        """As in the numpy form."""
        for group in self.groups:
            group.take_parameters(self.simulator.values)
        return super().shown(u, s)

    def _add(
        self, groups: list[_Group], x: Floats, predicted: Floats, total: Floats, slopes: tuple[Floats, Floats] | None
    ) -> None:
        batch = self._batches.get(id(groups))
        if batch is None:
            batch = (_CGroup * len(groups))(*(self._c_groups[g.laws.law.name] for g in groups))
            self._batches[id(groups)] = batch
        summed = np.zeros(self.size + 1)
        arrays = [ctypes.c_void_p(a.ctypes.data) for a in (x, predicted, summed, *(slopes or ()))]
        self._c_add(ctypes.c_long(len(groups)), batch, *arrays, *((None, None) if slopes is None else ()))
        total += summed[: self.size]
