"""What the brutal tests do to a running machine, and which of its protections have let go."""

from __future__ import annotations

from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.simulator import Simulator

PROTECTIONS = frozenset({"breaker_mechanism", "fuse_element"})
"""Sampled laws of breakers and fuses."""


def set_all(simulator: Simulator, law: str, parameter: str, value: float) -> dict[ParameterRef, float]:
    """Write one parameter of every device of a law; returns what was there."""
    old = {}
    for device in simulator.network.devices.values():
        if device.law.name == law:
            ref = ParameterRef(device.name, parameter)
            old[ref] = simulator.read(ref)
            simulator.write(ref, value)
    return old


def put_back(simulator: Simulator, old: dict[ParameterRef, float]) -> None:
    """Undo :func:`set_all`."""
    for ref, value in old.items():
        simulator.write(ref, value)


def tripped(simulator: Simulator) -> set[str]:
    """Fuses and breakers that have let go."""
    return {
        name.split(".")[0]
        for name, device in simulator.network.sampled.items()
        for word in ("tripped", "blown")
        if device.law.name in PROTECTIONS and word in device.law.memory and simulator.read(MemoryRef(name, word)) > 0.5
    }
