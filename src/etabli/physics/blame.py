"""Who spoils a step: after a step that has no solution, the device, its terminals and the values there.

The solver only knows rows of a matrix. :class:`Sentinel` keeps the last state that was right; when a step fails, every
law is evaluated in Python at that state with the present parameters. A device that gives no finite number there is the
culprit; else it is the one that carries most at the node that Newton could not settle.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Device, NodeRef, ParameterRef, StateRef
from etabli.physics.probe import Probe, probe, scalar_nodes, scalar_terminals
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text

UNITS = {
    Domain.DC: "V",
    Domain.AC: "V",
    Domain.PNEUMATIC: "bar",
    Domain.HYDRAULIC: "bar",
    Domain.TRANSLATION: "m/s",
    Domain.ROTATION: "rad/s",
    Domain.THERMAL: "°C",
}


class Reason(enum.Enum):
    """What went wrong."""

    NOT_FINITE = "not finite"
    NOT_SETTLED = "not settled"


@dataclass(frozen=True)
class Terminal:
    """A terminal of the device at fault: ``value`` is its across variable at the last right state."""

    name: str
    node: str
    value: float
    unit: str


@dataclass(frozen=True)
class Blame:
    """One failed step and who is answerable for it."""

    time_s: float
    reason: Reason
    device: str
    terminals: tuple[Terminal, ...]
    text: Text
    mend: Text


class Sentinel:
    """Watches a simulator from step to step."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self._right = simulator.values.copy()
        self._unresolved = simulator.unresolved

    def look(self) -> Blame | None:
        """Call after some steps: ``None`` when they were right, else who spoilt one. Cheap while all goes well."""
        simulator = self.simulator
        unresolved = simulator.unresolved
        if unresolved == self._unresolved and math.isfinite(float(simulator.values.sum())):
            self._right[:] = simulator.values
            return None
        self._unresolved = unresolved
        return find_culprit(simulator, self._right)


def find_culprit(simulator: Simulator, right: NDArray[np.float64]) -> Blame | None:
    """Device answerable for a failed step; ``right``: :attr:`Simulator.values` before it. ``None`` in an empty network.

    Parameters are those of now (they are what changed), nodes and states those of ``right``.
    """
    devices = list(simulator.network.devices.values())
    for device in devices:
        if not _probe(simulator, right, device).finite:
            return _blame(simulator, right, device, Reason.NOT_FINITE, "")
    node = _troubled_node(simulator)
    near = [d for d in devices if node in d.nodes]
    if node is None or not near:
        return None
    carried = {d.name: _carried(_probe(simulator, right, d), d, node) for d in near}
    worst = max(near, key=lambda d: carried[d.name])
    return _blame(simulator, right, worst, Reason.NOT_SETTLED, node)


def _troubled_node(simulator: Simulator) -> str | None:
    """A node whose value is no number, else the one where Newton gave up."""
    for node in simulator.network.nodes:
        if not math.isfinite(simulator.read(NodeRef(node))):
            return node
    return simulator.troubled_node()


def _value(simulator: Simulator, right: NDArray[np.float64], node: str, part: int) -> float:
    return 0.0 if node == GROUND else float(right[simulator.index(NodeRef(node, part))])


def _probe(simulator: Simulator, right: NDArray[np.float64], device: Device) -> Probe:
    law = device.law
    v = [_value(simulator, right, node, part) for node, part in scalar_nodes(device)]
    p = [simulator.read(ParameterRef(device.name, name)) for name in law.parameters]
    s = [float(right[simulator.index(StateRef(device.name, name))]) for name in law.states]
    return probe(law, v, p, s, simulator.step_s)


def _carried(found: Probe, device: Device, node: str) -> float:
    """What this device brings to the node, at most."""
    flows = zip(scalar_nodes(device), found.flows, strict=True)
    return max((abs(float(flow)) for (at, _), flow in flows if at == node), default=0.0)


def _blame(simulator: Simulator, right: NDArray[np.float64], device: Device, reason: Reason, node: str) -> Blame:
    terminals = []
    for (name, part), (at, _) in zip(scalar_terminals(device.law), scalar_nodes(device), strict=True):
        if part:
            continue
        value, domain = _value(simulator, right, at, 0), device.law.terminals[name]
        if domain is Domain.AC:
            value = math.hypot(value, _value(simulator, right, at, 1))
        terminals.append(Terminal(name, at, value, UNITS[domain]))
    odd = _odd_parameters(simulator, device)
    return Blame(
        simulator.time_s,
        reason,
        device.name,
        tuple(terminals),
        Text(
            _sentence(simulator.time_s, device, terminals, reason, node, odd, True),
            _sentence(simulator.time_s, device, terminals, reason, node, odd, False),
        ),
        _mend(odd),
    )


def _odd_parameters(simulator: Simulator, device: Device) -> list[tuple[str, float]]:
    """Parameters that are 0, negative or no number, the usual causes."""
    values = [(name, simulator.read(ParameterRef(device.name, name))) for name in device.law.parameters]
    return [(name, value) for name, value in values if not math.isfinite(value) or value <= 0.0]


def _sentence(
    time_s: float,
    device: Device,
    terminals: Sequence[Terminal],
    reason: Reason,
    node: str,
    odd: Sequence[tuple[str, float]],
    french: bool,
) -> str:
    places = ", ".join(
        f"{t.name} {'en' if french else 'at'} {t.node} = {_number(t.value, french)} {t.unit}" for t in terminals
    )
    values = "".join(f", {name} = {_number(value, french)}" for name, value in odd)
    what = (
        f"{device.name} ({device.law.name} : {places}{values})"
        if french
        else (f"{device.name} ({device.law.name}: {places}{values})")
    )
    when = _number(time_s, french)
    if reason is Reason.NOT_FINITE:
        return (
            f"à t = {when} s, {what} ne donne pas un nombre fini"
            if french
            else f"at t = {when} s, {what} gives no finite number"
        )
    return (
        f"à t = {when} s, le nœud {node} ne se résout pas ; ce qui y pèse le plus est {what}"
        if french
        else f"at t = {when} s, node {node} cannot be solved; what weighs most there is {what}"
    )


def _number(value: float, french: bool) -> str:
    text = f"{value:.6g}"
    return text.replace(".", ",") if french else text


def _mend(odd: Sequence[tuple[str, float]]) -> Text:
    if odd:
        names = ", ".join(name for name, _ in odd)
        return Text(
            f"vérifier {names} : la loi ne peut sans doute pas en diviser",
            f"check {names}: the law can probably not divide by it",
        )
    return Text(
        "vérifier ses valeurs et ce qui y est raccordé ; essayer un pas plus court",
        "check its values and what is joined to it; try a shorter step",
    )
