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


class CompiledEquations(Equations):
    """:class:`Equations` whose laws are evaluated in C."""

    def __init__(self, simulator: Simulator, devices: Iterable[str] | None = None) -> None:
        self._ready: dict[str, tuple[Any, tuple[Any, ...]]] = {}
        self._seen = np.zeros(0)
        super().__init__(simulator, devices)

    def _load(self) -> None:
        groups = {g.laws.law.name: g for g in self.groups}
        library = _compiled(_HEAD + "\n".join(_function(f"law_{n}", g.laws) for n, g in sorted(groups.items())))
        self._parameters: list[tuple[Floats, Places]] = []
        for name, group in groups.items():
            function = library[f"law_{name}"]
            function.restype = None
            places = np.array(group.parameter_places, np.intp).reshape(-1, len(group.rows)).T
            self._parameters.append((np.zeros(places.shape), places))
            group.rows, group.states = np.ascontiguousarray(group.rows), np.ascontiguousarray(group.states)
            arrays = (group.rows, group.states, self._parameters[-1][0])
            pointers = (ctypes.c_void_p(array.ctypes.data) for array in arrays)
            self._ready[name] = function, (ctypes.c_long(len(group.rows)), *pointers)
        self._places = np.concatenate([places.ravel() for _, places in self._parameters])

    def change(self) -> float:
        """Largest relative change of a parameter since they were last taken."""
        now, before = self.simulator.values[self._places], self._seen
        return float(np.max(np.abs(now - before) / np.maximum(np.abs(before), 1e-12), initial=0.0))

    def _read_parameters(self, values: Floats) -> None:
        if not self._ready:
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
        summed = np.zeros(self.size + 1)
        ends = [ctypes.c_void_p(array.ctypes.data) for array in (x, predicted, summed)]
        for group in groups:
            function, fixed = self._ready[group.laws.law.name]
            if slopes is None:
                function(*fixed, *ends, None)
                continue
            table = np.empty((len(group.laws.slopes), len(group.rows)))
            function(*fixed, *ends, ctypes.c_void_p(table.ctypes.data))
            np.add.at(slopes[0], group.slope_places, table[group.kept] * group.factor)
            np.add.at(slopes[1], group.state_slope_places, table[group.kept_state])
        total += summed[: self.size]
