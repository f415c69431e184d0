"""One law, or one device, evaluated in Python at given numbers: flows, new states and exact slopes.

The solver runs the same laws as generated C. This is for tools that look at a law rather than run it: soundness checks
of a network before it starts, and the search for the device that spoils a step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etabli.physics.equations import FLOAT_OPERATIONS, python_function
from etabli.physics.kernels import trace
from etabli.physics.law import Law
from etabli.physics.network import DEFAULT_INITIAL, GROUND, Device, Network

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Probe:
    """What a law answers at one point, by scalar terminal (an AC terminal counts two).

    ``flows`` enter the device; ``slopes[i, j]`` is the derivative of flow ``i`` by across variable ``j``; ``states``
    are the new states. All are NaN where the law divides by zero there.
    """

    flows: Floats
    slopes: Floats
    states: Floats

    @property
    def finite(self) -> bool:
        """Whether every number is finite."""
        return bool(np.isfinite(self.flows).all() and np.isfinite(self.slopes).all() and np.isfinite(self.states).all())


class _Evaluator:
    """The outputs of a law as one Python function of plain floats."""

    def __init__(self, law: Law) -> None:
        traced = trace(law)
        self.width = traced.scalar_terminals
        self.entries = traced.entries
        self.states = len(traced.new_states)
        names = [
            "ah",
            *(f"v{i}" for i in range(self.width)),
            *(f"p{i}" for i in range(len(law.parameters))),
            *(f"s{i}" for i in range(self.states)),
        ]
        self._function = python_function(
            [*traced.flows, *traced.new_states, *traced.jacobian], names, {**FLOAT_OPERATIONS, "sqrt": _root}
        )

    def __call__(self, v: Sequence[float], p: Sequence[float], s: Sequence[float], ah: float) -> Probe:
        try:
            out = self._function(ah, *v, *p, *s)
        except (ZeroDivisionError, OverflowError):
            nothing = math.nan
            out = [nothing] * (self.width + self.states + len(self.entries))
        slopes = np.zeros((self.width, self.width))
        for (row, column), value in zip(self.entries, out[self.width + self.states :], strict=True):
            slopes[row, column] = value
        return Probe(np.array(out[: self.width]), slopes, np.array(out[self.width : self.width + self.states]))


def _root(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 else math.nan


_EVALUATORS: dict[int, tuple[Law, _Evaluator]] = {}
"""By identity of the law (kept, so that its identity is not given again); two laws may have one name in tests."""


def _evaluator(law: Law) -> _Evaluator:
    known = _EVALUATORS.get(id(law))
    if known is None:
        known = _EVALUATORS[id(law)] = (law, _Evaluator(law))
    return known[1]


def probe(law: Law, v: Sequence[float], p: Sequence[float], s: Sequence[float] = (), ah: float = 1e-3) -> Probe:
    """Evaluate ``law`` at scalar terminals ``v``, parameters ``p`` and predicted states ``s``."""
    return _evaluator(law)(v, p, s, ah)


def scalar_terminals(law: Law) -> list[tuple[str, int]]:
    """(terminal, part) of each scalar terminal."""
    return [(name, part) for name, domain in law.terminals.items() for part in range(domain.unknowns)]


def scalar_nodes(device: Device) -> list[tuple[str, int]]:
    """(node, part) under each scalar terminal of a device."""
    domains = device.law.terminals.values()
    return [(node, part) for node, domain in zip(device.nodes, domains, strict=True) for part in range(domain.unknowns)]


def start_values(network: Network, device: Device) -> list[float]:
    """Across variables of a device as the network starts."""
    found = []
    for node, part in scalar_nodes(device):
        if node == GROUND or part:
            found.append(0.0)
        else:
            found.append(network.initial.get(node, DEFAULT_INITIAL.get(network.nodes[node], 0.0)))
    return found


def named(device: Device, values: Mapping[tuple[str, int], float] | Sequence[float]) -> dict[str, float]:
    """``{"a": 3.2, "b": 0.0}``: scalar values by terminal ("u.im" for the imaginary part)."""
    names = [name + (".im" if part else "") for name, part in scalar_terminals(device.law)]
    numbers = [values[n] for n in scalar_nodes(device)] if isinstance(values, Mapping) else list(values)
    return dict(zip(names, numbers, strict=True))


def stored_at_start(network: Network, device: Device) -> dict[str, float]:
    """States that only say what the across variables store (charge, mass of air, momentum, heat), at the start.

    A state that goes on from its own past (a position, a current in a coil) is not among them.
    """
    v, p, ah = start_values(network, device), device.parameters, 1e-6
    empty = probe(device.law, v, p, [0.0] * len(device.law.states), ah).states
    other = probe(device.law, v, p, [1.0] * len(device.law.states), ah).states
    states = zip(device.law.states, empty, other, strict=True)
    return {name: float(a) for name, a, b in states if math.isfinite(a) and a == b}
