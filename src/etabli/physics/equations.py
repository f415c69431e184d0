"""The equations of a network as plain numpy functions, so that another tool can be held against the engine.

Nothing here is used by the engine itself: it evaluates the same laws by another route (no generated C, no condensation,
no integrator). With states ``S`` and parameters given, the unknowns are ``u = [x, z]``: across variables and the rates
``z = dS/dt``. Each law is taken at ``s_pred = S - a z`` and ``ah = a``: whatever ``a > 0`` is, ``s_new = S`` and the
balance of flows then say exactly the continuous equations.

Two kinds of states of the laws are not states of the continuous system. A state that no law looks back at (a current
that is only shown) is computed from ``x``. Charges stored at one node by several devices (air volumes screwed together,
inertias on one shaft) follow one across variable: only their sum is a state.

A state that its law clamps (a bristle of dry friction, a plastic depth) follows an inequality, not a differential
equation, and a charge that another state looks at cannot join that sum. Both are relaxed onto what the law says for
them with a time constant of ``RELAXATION_S`` (viscoplastic regularisation: Duvaut and Lions 1972; Simo and Hughes,
Computational Inelasticity, chapter 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etabli.physics.expression import Expression, inputs_of, jacobian, straight_line
from etabli.physics.kernels import TracedLaw, trace
from etabli.physics.law import Law
from etabli.physics.network import GROUND, Device, Network, NodeRef, StateRef
from etabli.physics.simulator import Simulator

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
WEIGHT_S = 1e-3
RELAXATION_S = 1e-5
GMIN = 1e-9
_SMALL_GROUP = 12
"""Up to here a loop over plain floats is faster than numpy's overhead on every operation."""

NUMPY_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
    "less": lambda a, b: np.where(a < b, 1.0, 0.0),
    "select": lambda c, a, b: np.where(c != 0.0, a, b),
}

FLOAT_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
    "less": lambda a, b: 1.0 if a < b else 0.0,
    "select": lambda c, a, b: a if c != 0.0 else b,
}

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def python_function(
    outputs: list[Expression], names: Iterable[str], operations: Mapping[str, Callable[..., Any]]
) -> Callable[..., list[Any]]:
    """A function of the inputs ``names`` (``ah``, ``v0``, ``p1``, ``s0``…), in that order, that computes ``outputs``.

    ``operations`` gives sqrt, abs, min, max, less and select of the number type in use (float, numpy, casadi…).
    """
    known: dict[int, str] = {}

    def name(e: Expression) -> str:
        if e.op == "const":
            return f"({e.value!r})"
        return str(e.value) if e.op == "input" else known[e.index]

    lines = [f"def function({', '.join(names)}):"]
    for e in straight_line(outputs):
        args = [name(a) for a in e.args]
        if e.op in _INFIX:
            text = f"{args[0]} {_INFIX[e.op]} {args[1]}"
        else:
            text = f"-{args[0]}" if e.op == "neg" else f"op_{e.op}({', '.join(args)})"
        known[e.index] = f"t{len(known)}"
        lines.append(f"    {known[e.index]} = {text}")
    lines.append(f"    return [{', '.join(name(o) for o in outputs)}]")
    scope: dict[str, Any] = {f"op_{k}": f for k, f in operations.items()}
    exec("\n".join(lines), scope)  # our own laws only, traced by ourselves
    made: Callable[..., list[Any]] = scope["function"]
    return made


@dataclass(frozen=True)
class _LawEquations:
    """What a law contributes: ``outputs`` are its flows, then the new values of its true states."""

    law: Law
    traced: TracedLaw
    true_states: tuple[int, ...]
    charges: dict[int, int]
    """State -> the scalar terminal at which it is stored, where it acts there alone as ``(q(v) - s) / ah``."""
    outputs: list[Expression]
    slopes: list[tuple[int, int]]
    slope_expressions: list[Expression]
    affine: bool
    clamped: bool
    """Whether its states are relaxed: it clamps one of them, or looks at a charge of its own."""

    @property
    def weight_s(self) -> float:
        """The weight ``ah`` at which the law is taken."""
        return RELAXATION_S if self.clamped else WEIGHT_S

    @property
    def names(self) -> list[str]:
        """Inputs in the order of the made functions."""
        return [
            "ah",
            *(f"v{i}" for i in range(self.traced.scalar_terminals)),
            *(f"p{i}" for i in range(len(self.law.parameters))),
            *(f"s{i}" for i in range(len(self.law.states))),
        ]


def law_equations(law: Law) -> _LawEquations:
    """Trace ``law`` and derive its outputs by its terminals and true states."""
    traced = trace(law)
    graph = traced.flows[0].graph
    looked_at = inputs_of([*traced.flows, *traced.new_states])
    true_states = tuple(i for i in range(len(law.states)) if f"s{i}" in looked_at)
    outputs = [*traced.flows, *(traced.new_states[i] for i in true_states)]
    variables = [graph.symbol(f"v{i}") for i in range(traced.scalar_terminals)]
    variables += [graph.symbol(f"s{i}") for i in true_states]
    slopes = [(r, c, d) for (r, c), d in jacobian(outputs, variables).items()]
    affine = not any(name[0] in "vs" for name in inputs_of([d for _, _, d in slopes]))
    places = [(r, c) for r, c, _ in slopes]
    charges = _charges(outputs, slopes, traced.scalar_terminals, true_states)
    clamped = any(_clamps(traced.new_states[i], f"s{i}") for i in true_states if i not in charges)
    clamped |= _has_hidden_charge(slopes, traced.scalar_terminals, charges, true_states)
    slope_expressions = [d for _, _, d in slopes]
    return _LawEquations(law, traced, true_states, charges, outputs, places, slope_expressions, affine, clamped)


def _clamps(new_value: Expression, state: str) -> bool:
    """Whether ``new_value`` is a corner (or a sum with one) that looks at the state."""
    if new_value.op in {"min", "max", "select"}:
        return state in inputs_of([new_value])
    terms = {"add": new_value.args, "sub": new_value.args, "neg": new_value.args, "div": new_value.args[:1]}
    if new_value.op == "mul" and new_value.args[0].op == "const":
        return _clamps(new_value.args[1], state)
    return any(_clamps(term, state) for term in terms.get(new_value.op, ()))


def _charges(
    outputs: list[Expression], slopes: list[tuple[int, int, Expression]], width: int, true_states: tuple[int, ...]
) -> dict[int, int]:
    found = {}
    for k, state in enumerate(true_states):
        acts = [(r, d) for r, c, d in slopes if c == width + k]
        if len(acts) != 1 or acts[0][0] >= width:
            continue
        if _is_charge_slope(acts[0][1]):
            found[state] = acts[0][0]
    return found


def _is_charge_slope(slope: Expression) -> bool:
    inverse = slope.args[0] if slope.op == "neg" else slope
    return (
        slope is not inverse
        and inverse.op == "div"
        and inverse.args[0].is_constant(1.0)
        and inverse.args[1].value == "ah"
    )


def _has_hidden_charge(
    slopes: list[tuple[int, int, Expression]], width: int, charges: dict[int, int], true_states: tuple[int, ...]
) -> bool:
    """Whether a charge acts elsewhere too (oil that warms a gas): it cannot join the sum of its node, and two states
    that follow one across variable would be too many equations."""
    hidden = {true_states[c - width] for r, c, d in slopes if r < width <= c and _is_charge_slope(d)} - set(charges)
    own = {state: width + k for k, state in enumerate(true_states)}
    return any(r >= width and r != own[state] and c == own[state] for state in hidden for r, c, _ in slopes)


class _Group:
    """All devices of one law in these equations. ``rows`` has a row a device: places of its outputs in the residual
    (``trash`` for the ground), which are also the places of its unknowns."""

    def __init__(self, laws: _LawEquations, devices: list[Device], equations: Equations) -> None:
        self.laws = laws
        simulator, law = equations.simulator, laws.law
        self.rows: Places = np.array([equations.rows_of(d, laws.true_states) for d in devices], np.intp)
        self.width = laws.traced.scalar_terminals
        # What a law reads: its own state, or all of the charge of its node for the first device that stores some there.
        states = [[equations.read_state(d.name, s) for s in law.states] for d in devices]
        self.states: Places = np.array(states, np.intp).reshape(len(devices), len(law.states))
        first = np.array([simulator.parameter_place(d.name) for d in devices], np.intp)
        self.parameter_places = [first + i for i in range(len(law.parameters))]
        self.by_numpy = len(devices) > _SMALL_GROUP
        self._operations = NUMPY_OPERATIONS if self.by_numpy else FLOAT_OPERATIONS
        self.parameters: Any = ()
        self._place_slopes(equations.unknowns, equations.size)
        shown = [i for i in range(len(law.states)) if i not in laws.true_states or i in laws.charges]
        self.shown_names = [law.states[i] for i in shown]
        self.shown_places = [[simulator.index(StateRef(d.name, n)) for n in self.shown_names] for d in devices]
        self._shown = python_function([laws.traced.new_states[i] for i in shown], laws.names, FLOAT_OPERATIONS)

    @cached_property
    def _flows(self) -> Callable[..., list[Any]]:
        return python_function(self.laws.outputs, self.laws.names, self._operations)

    @cached_property
    def _all(self) -> Callable[..., list[Any]]:
        return python_function([*self.laws.outputs, *self.laws.slope_expressions], self.laws.names, self._operations)

    def _place_slopes(self, unknowns: int, size: int) -> None:
        """Where each slope goes, ground rows and columns left out: in dG/du (states as rates) and in dG/dS."""
        r = np.array([s[0] for s in self.laws.slopes], np.intp)
        c = np.array([s[1] for s in self.laws.slopes], np.intp)
        row, of_state = self.rows[:, r].T, np.broadcast_to((c >= self.width)[:, None], (len(r), len(self.rows)))
        columns = np.concatenate(
            [self.rows[:, : self.width], unknowns + self.states[:, list(self.laws.true_states)]], axis=1
        )
        column = columns[:, c].T
        keep = (row < size) & (column < size)
        self.kept, self.kept_state = keep, keep & of_state
        # A rate acts through the predicted state: s_pred = S - a z. A relaxed state is looked at as it is.
        self.factor = np.where(of_state, 0.0 if self.laws.clamped else -WEIGHT_S, 1.0)[keep]
        self.slope_places = (row[keep], column[keep])
        self.state_slope_places = (row[self.kept_state], column[self.kept_state] - unknowns)

    def take_parameters(self, values: Floats) -> None:
        """Read the present parameters."""
        columns = [values[at] for at in self.parameter_places]
        self.parameters = columns if self.by_numpy else list(zip(*(c.tolist() for c in columns), strict=True))
        if not columns:
            self.parameters = columns if self.by_numpy else [()] * len(self.rows)

    def compute(self, x: Floats, predicted: Floats, slopes: bool) -> Floats:
        """Outputs (and slopes) as an array (output, device). ``predicted`` has one more entry, for shown states."""
        function = self._all if slopes else self._flows
        v, s = x[self.rows[:, : self.width]], predicted[self.states]
        if not self.by_numpy:
            devices = zip(v.tolist(), self.parameters, s.tolist(), strict=True)
            return np.array([function(self.laws.weight_s, *a, *p, *b) for a, p, b in devices]).T
        results = function(self.laws.weight_s, *v.T, *self.parameters, *s.T)
        table = np.empty((len(results), len(v)))
        for row, result in zip(table, results, strict=True):
            row[:] = result
        return table

    def shown(self, x: Floats, predicted: Floats) -> list[tuple[int, float]]:
        """Place and value of the states that are only shown."""
        if not self.shown_names:
            return []
        found: list[tuple[int, float]] = []
        for row, places in enumerate(self.shown_places):
            v = x[self.rows[row, : self.width]].tolist()
            p = [c[row] for c in self.parameters] if self.by_numpy else self.parameters[row]
            values = self._shown(self.laws.weight_s, *v, *p, *predicted[self.states[row]].tolist())
            found += zip(places, map(float, values), strict=True)
        return found


class Equations:
    """Residual ``G(u; S)`` of ``devices`` (all of them by default) and its exact derivatives.

    ``u`` and ``G`` have ``unknowns + states`` entries: the balance of flows at each unknown, then ``s_new - S``.
    Parameters are those of ``simulator`` at the last :meth:`take_parameters`.
    """

    def __init__(self, simulator: Simulator, devices: Iterable[str] | None = None) -> None:
        self.simulator = simulator
        network = simulator.network
        chosen = [network.devices[d] for d in (network.devices if devices is None else devices)]
        nodes = dict.fromkeys(n for d in chosen for n in d.nodes if n != GROUND)
        if devices is None:
            nodes = dict.fromkeys(network.nodes)
        refs = [NodeRef(n, part) for n in nodes for part in range(network.nodes[n].unknowns)]
        self._unknown = {(r.node, r.part): i for i, r in enumerate(refs)}
        self.unknowns = len(refs)
        self.node_places: Places = np.array([simulator.index(r) for r in refs], np.intp)
        by_law: dict[str, list[Device]] = {}
        for device in chosen:
            by_law.setdefault(device.law.name, []).append(device)
        laws = {name: law_equations(group[0].law) for name, group in by_law.items()}
        self._place_states(chosen, laws)
        self.size = self.unknowns + self.states
        self.groups = [_Group(laws[name], group, self) for name, group in by_law.items()]
        self._affine = [g for g in self.groups if g.laws.affine]
        self._curved = [g for g in self.groups if not g.laws.affine]
        self.take_parameters()

    def _place_states(self, devices: list[Device], laws: Mapping[str, _LawEquations]) -> None:
        """Number the states; charges of one node share one number, and the first of them reads the whole sum."""
        self._number: dict[tuple[str, str], int] = {}
        relaxed: list[bool] = []
        self._readers: set[tuple[str, str]] = set()
        numbers: dict[object, int] = {}
        sums: list[list[int]] = []
        for device in devices:
            law = laws[device.law.name]
            for i in law.true_states:
                own = (device.name, device.law.states[i])
                key: object = own
                if i in law.charges:
                    key = self._terminals(device)[law.charges[i]]
                if key not in numbers:
                    numbers[key] = len(numbers)
                    self._readers.add(own)
                    sums.append([])
                    relaxed.append(law.clamped)
                self._number[own] = numbers[key]
                sums[numbers[key]].append(self.simulator.index(StateRef(*own)))
        self.states = len(numbers)
        self.weights: Floats = np.where(relaxed, 0.0, WEIGHT_S)
        """What a rate weighs in the predicted state."""
        self.relaxations: Floats = np.where(relaxed, RELAXATION_S, 0.0)
        self._sums = [np.array(s, np.intp) for s in sums]
        self.single_states = np.array([k for k, s in enumerate(sums) if len(s) == 1], np.intp)
        self.single_places = np.array([s[0] for s in sums if len(s) == 1], np.intp)

    def _terminals(self, device: Device) -> list[int]:
        """Row of each scalar terminal, -1 for the ground."""
        rows = []
        for node, domain in zip(device.nodes, device.law.terminals.values(), strict=True):
            rows += [-1 if node == GROUND else self._unknown[node, part] for part in range(domain.unknowns)]
        return rows

    def name_of(self, row: int) -> str:
        """What an entry of ``u`` is, in words."""
        if row < self.unknowns:
            return next(f"{node}[{part}]" for (node, part), i in self._unknown.items() if i == row)
        return "rate of " + next(f"{d}.{s}" for (d, s), i in self._number.items() if i == row - self.unknowns)

    def rows_of(self, device: Device, true_states: tuple[int, ...]) -> list[int]:
        """Places of the outputs of ``device`` in the residual; the ground is the place after the last."""
        rows = [self.size if row < 0 else row for row in self._terminals(device)]
        return rows + [self.unknowns + self._number[device.name, device.law.states[i]] for i in true_states]

    def read_state(self, device: str, state: str) -> int:
        """Which entry of the predicted states a device reads; the last entry is nothing."""
        return self._number[device, state] if (device, state) in self._readers else self.states

    def take_parameters(self) -> None:
        """Read the present parameters; what the affine laws contribute is computed once, here."""
        n, size = self.unknowns, self.size
        self._read_parameters(self.simulator.values)
        nothing, none = np.zeros(size + 1), np.zeros(self.states + 1)
        self._offset = np.zeros(size)
        self._slope_u, self._slope_s = np.zeros((size, size)), np.zeros((size, self.states))
        self._slope_u[range(n), range(n)] = GMIN
        self._slope_u[range(n, size), range(n, size)] = -self.relaxations
        self._slope_s[range(n, size), range(self.states)] = -1.0
        self._add(self._affine, nothing, none, self._offset, (self._slope_u, self._slope_s))

    def _read_parameters(self, values: Floats) -> None:
        for group in self.groups:
            group.take_parameters(values)

    def start(self) -> tuple[Floats, Floats]:
        """``(u, S)`` of the simulator now; rates start at 0."""
        values = self.simulator.values
        sums = np.array([values[places].sum() for places in self._sums])
        return np.concatenate([values[self.node_places], np.zeros(self.states)]), sums

    def residual(self, u: Floats, s: Floats) -> Floats:
        """``G(u; S)``."""
        total: Floats = self._offset + self._slope_u @ u + self._slope_s @ s
        self._add(self._curved, np.append(u, 0.0), self._predicted(u, s), total, None)
        return total

    def evaluate(self, u: Floats, s: Floats) -> tuple[Floats, Floats, Floats]:
        """``G``, ``dG/du`` and ``dG/dS``."""
        total: Floats = self._offset + self._slope_u @ u + self._slope_s @ s
        slopes = self._slope_u.copy(), self._slope_s.copy()
        self._add(self._curved, np.append(u, 0.0), self._predicted(u, s), total, slopes)
        return total, *slopes

    def shown(self, u: Floats, s: Floats) -> dict[int, float]:
        """Place in the value array and value of the states that are only shown."""
        x, predicted = np.append(u, 0.0), self._predicted(u, s)
        return {place: value for group in self.groups for place, value in group.shown(x, predicted)}

    def _predicted(self, u: Floats, s: Floats) -> Floats:
        return np.append(s - self.weights * u[self.unknowns :], 0.0)

    def _add(
        self, groups: list[_Group], x: Floats, predicted: Floats, total: Floats, slopes: tuple[Floats, Floats] | None
    ) -> None:
        """Add what ``groups`` contribute to the residual and, where asked, to its derivatives."""
        size = self.size
        for group in groups:
            outputs = len(group.laws.outputs)
            results = group.compute(x, predicted, slopes is not None)
            total += np.bincount(group.rows.T.ravel(), results[:outputs].ravel(), size + 1)[:size]
            if slopes is None:
                continue
            value = results[outputs:]
            np.add.at(slopes[0], group.slope_places, value[group.kept] * group.factor)
            np.add.at(slopes[1], group.state_slope_places, value[group.kept_state])


def independent_parts(network: Network) -> list[list[str]]:
    """Device names of each connected part of the network (a union-find of its own)."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for device in network.devices.values():
        nodes = [n for n in device.nodes if n != GROUND]
        for other in nodes[1:]:
            parent[root(other)] = root(nodes[0])
    parts: dict[str, list[str]] = {}
    for device in network.devices.values():
        anchor = next((n for n in device.nodes if n != GROUND), GROUND)
        parts.setdefault(root(anchor), []).append(device.name)
    return list(parts.values())
