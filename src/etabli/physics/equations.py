"""The equations of a network as plain numpy functions, so that another tool can be held against the engine.

Nothing here is used by the engine itself: it evaluates the same laws by another route (no generated C, no condensation,
no integrator). With states ``S`` and parameters given, the unknowns are ``u = [x, z]``: across variables and the rates
``z = dS/dt``. Each law is taken at ``s_pred = S - a z`` and ``ah = a``: whatever ``a > 0`` is, ``s_new = S`` and the
balance of flows then say exactly the continuous equations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etabli.physics.expression import Expression, derivatives, straight_line
from etabli.physics.kernels import TracedLaw, trace
from etabli.physics.law import Law
from etabli.physics.network import GROUND, NodeRef, StateRef
from etabli.physics.simulator import Simulator

Floats = NDArray[np.float64]
WEIGHT_S = 1e-3
GMIN = 1e-9

NUMPY_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
    "less": lambda a, b: np.where(a < b, 1.0, 0.0),
    "select": lambda c, a, b: np.where(c != 0.0, a, b),
}

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def python_function(
    outputs: list[Expression], operations: Mapping[str, Callable[..., Any]]
) -> Callable[..., list[Any]]:
    """A function of keyword arrays (``v0``, ``p1``, ``s0``, ``ah``) that computes ``outputs``.

    ``operations`` gives sqrt, abs, min, max, less and select of the number type in use (numpy, casadi…).
    """
    names: dict[int, str] = {}

    def name(e: Expression) -> str:
        if e.op == "const":
            return f"({e.value!r})"
        return f"inputs[{e.value!r}]" if e.op == "input" else names[e.index]

    lines = ["def function(inputs):"]
    for e in straight_line(outputs):
        args = [name(a) for a in e.args]
        if e.op in _INFIX:
            text = f"{args[0]} {_INFIX[e.op]} {args[1]}"
        else:
            text = f"-{args[0]}" if e.op == "neg" else f"op_{e.op}({', '.join(args)})"
        names[e.index] = f"t{len(names)}"
        lines.append(f"    {names[e.index]} = {text}")
    lines.append(f"    return [{', '.join(name(o) for o in outputs)}]")
    scope: dict[str, Any] = {f"op_{k}": f for k, f in operations.items()}
    exec("\n".join(lines), scope)  # our own laws only, traced by ourselves
    made: Callable[..., list[Any]] = scope["function"]
    return made


class _Group:
    """All devices of one law."""

    def __init__(self, law: Law, simulator: Simulator, names: list[str]) -> None:
        self.traced: TracedLaw = trace(law)
        network = simulator.network
        ground = simulator.index(NodeRef(GROUND))
        nodes = [
            [
                ground if n == GROUND else simulator.index(NodeRef(n, part))
                for n, domain in zip(network.devices[d].nodes, law.terminals.values(), strict=True)
                for part in range(domain.unknowns)
            ]
            for d in names
        ]
        self.nodes = np.array(nodes, np.intp)
        base = ground + 1
        states = [[simulator.index(StateRef(d, s)) - base for s in law.states] for d in names]
        self.states = np.array(states, np.intp).reshape(len(names), len(law.states))
        self.first_parameter = [simulator.parameter_place(d) for d in names]
        outputs = [*self.traced.flows, *self.traced.new_states]
        graph = outputs[0].graph
        variables = [graph.symbol(f"v{i}") for i in range(self.nodes.shape[1])]
        variables += [graph.symbol(f"s{i}") for i in range(len(law.states))]
        slopes = [(r, c, d) for c, x in enumerate(variables) for r, d in enumerate(derivatives(outputs, x))]
        self.slopes = [(r, c) for r, c, d in slopes if not d.is_constant(0.0)]
        self.outputs = outputs
        self.slope_expressions = [d for _, _, d in slopes if not d.is_constant(0.0)]
        self.function = python_function([*outputs, *self.slope_expressions], NUMPY_OPERATIONS)

    def inputs(self, x: Any, predicted: Any, parameters: Any) -> dict[str, Any]:
        """Arrays of the law's inputs over its devices."""
        count = len(self.first_parameter)
        given: dict[str, Any] = {"ah": WEIGHT_S}
        given |= {f"v{i}": x[self.nodes[:, i]] for i in range(self.nodes.shape[1])}
        given |= {f"s{i}": predicted[self.states[:, i]] for i in range(self.states.shape[1])}
        at = np.array(self.first_parameter, np.intp)
        given |= {f"p{i}": parameters[at + i] for i in range(len(self.traced.law.parameters))}
        assert count == len(self.nodes)
        return given


class Equations:
    """Residual ``G(u; S)`` of the network of ``simulator`` and its exact derivatives, parameters as they are now.

    ``u`` has ``unknowns + states`` entries; ``G`` too: balance of flows at each unknown, then ``s_new - S``.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.unknowns = simulator.index(NodeRef(GROUND))
        self.states = simulator.sizes.states
        by_law: dict[str, list[str]] = {}
        for device in simulator.network.devices.values():
            by_law.setdefault(device.law.name, []).append(device.name)
        laws = {d.law.name: d.law for d in simulator.network.devices.values()}
        self.groups = [_Group(laws[n], simulator, names) for n, names in by_law.items()]

    def start(self) -> tuple[Floats, Floats]:
        """``(u, S)`` of the simulator now; rates start at 0."""
        n = self.unknowns
        values = self.simulator.values
        return np.concatenate([values[:n], np.zeros(self.states)]), values[n + 1 : n + 1 + self.states].copy()

    def evaluate(self, u: Floats, s: Floats) -> tuple[Floats, tuple[Floats, ...], tuple[Floats, ...]]:
        """``G``, then the triplets (row, column, value) of ``dG/du``, then those of ``dG/dS``."""
        n, ground = self.unknowns, self.unknowns
        x = np.append(u[:n], 0.0)
        predicted = s - WEIGHT_S * u[n:]
        residual = np.zeros(n + 1 + self.states)
        residual[:n] = GMIN * u[:n]
        du = [(np.arange(n), np.arange(n), np.full(n, GMIN))]
        every = np.arange(self.states)
        ds = [(n + every, every, np.full(self.states, -1.0))]
        for group in self.groups:
            results = group.function(group.inputs(x, predicted, self.simulator.values))
            rows = np.concatenate([group.nodes, n + 1 + group.states], axis=1)
            width, outputs = group.nodes.shape[1], len(group.outputs)
            for i, value in enumerate(results[:outputs]):
                np.add.at(residual, rows[:, i], value)
            for (r, c), value in zip(group.slopes, results[outputs:], strict=True):
                row = rows[:, r]
                given = np.broadcast_to(np.asarray(value, float), row.shape)
                keep = row != ground
                row = np.where(row > ground, row - 1, row)
                if c < width:
                    column = group.nodes[:, c]
                    keep &= column != ground
                    du.append((row[keep], column[keep], given[keep]))
                else:
                    column = group.states[:, c - width]
                    du.append((row[keep], n + column[keep], -WEIGHT_S * given[keep]))
                    ds.append((row[keep], column[keep], given[keep]))
        residual = np.delete(residual, ground)
        residual[n:] -= s
        return residual, _stack(du), _stack(ds)


def _stack(parts: list[tuple[Any, Any, Any]]) -> tuple[Floats, ...]:
    return tuple(np.concatenate([p[i] for p in parts]) for i in range(3))
