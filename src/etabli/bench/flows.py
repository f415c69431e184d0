"""What flows into one device of a running network now, computed from its own law."""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import Phasor
from etabli.physics.law import Domain, Fields
from etabli.physics.network import GROUND, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator


def across(simulator: Simulator, node: str) -> float | Phasor:
    """Across variable of a node: a phasor in AC, 0 at the ground."""
    domain = simulator.network.nodes.get(node)
    value = 0.0 if node == GROUND else simulator.read(NodeRef(node))
    if domain is not Domain.AC:
        return value
    return Phasor(value, simulator.read(NodeRef(node, 1)))


def device_flows(simulator: Simulator, name: str) -> dict[str, Any]:
    """Flow into each terminal of the device ``name``: a number, or a phasor in AC."""
    device = simulator.network.devices[name]
    values: dict[str, Any] = {}
    for (terminal, domain), node in zip(device.law.terminals.items(), device.nodes, strict=True):
        value = across(simulator, node)
        values[terminal] = Phasor(value, 0.0) if domain is Domain.AC and not isinstance(value, Phasor) else value
    parameters = {p: simulator.read(ParameterRef(name, p)) for p in device.law.parameters}
    states = {s: simulator.read(StateRef(name, s)) for s in device.law.states}
    flows, _ = device.law(Fields(values), Fields(parameters), Fields(states), simulator.step_s)
    return flows
