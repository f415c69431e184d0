"""A small test bench: components of the catalogue wired together without a machine folder."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder, Component, Effect, Sense
from etabli.physics.network import MemoryRef, Network, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.simulator import Simulator


class Rig:
    """Place components, wire their ports, run, break, observe.

    ``rig.place("KA1", "relay")``, ``rig.wire("G1:+", "KA1:A1")``, ``rig.run(0.1)``, ``rig.voltage("KA1:A1")``.
    """

    def __init__(self, step_s: float = 0.005) -> None:
        self.step_s = step_s
        self.placed: dict[str, tuple[Component, dict[str, Any], dict[str, Ref], dict[str, str]]] = {}
        self._simulator: Simulator | None = None

    def place(self, tag: str, family: str, links: dict[str, Ref] | None = None, **parameters: Any) -> None:
        assert tag not in self.placed, f"{tag} is placed twice"
        component = catalogue()[family]
        self.placed[tag] = (component, {**component.defaults(), **parameters}, links or {}, {})

    def wire(self, a: str, b: str, tag: str = "", domain: str = "dc", **parameters: Any) -> None:
        tag = tag or f"WIRE{len(self.placed)}"
        self.place(tag, "wire", domain=domain, **parameters)
        self.placed[tag][3].update({"a": a, "b": b})

    def feed_24_v(self, **supply: Any) -> None:
        """The mains G0 and, on one phase of it, the 24 V supply G1."""
        self.place("G0", "mains_supply")
        self.place("G1", "power_supply", **supply)
        self.wire("G0:L1", "G1:L", domain="ac")
        self.wire("G0:N", "G1:N", domain="ac")

    def chain(self, *points: str, domain: str = "dc") -> None:
        """Wire several points one after the other."""
        for a, b in pairwise(points):
            self.wire(a, b, domain=domain)

    def join(self, port: str, node: str) -> None:
        """Put a port on another node (a shaft in a hub)."""
        tag, name = port.split(":")
        self.placed[tag][3][name] = node

    def network(self) -> Network:
        network = Network()
        for tag, (component, parameters, links, wiring) in self.placed.items():
            component.build(Builder(network, tag, component.ports_of(parameters), links, wiring), parameters)
        return network

    @property
    def simulator(self) -> Simulator:
        if self._simulator is None:
            self._simulator = Simulator(self.network(), self.step_s)
        return self._simulator

    def run(self, seconds: float) -> None:
        self.simulator.advance(round(seconds / self.step_s))
        assert self.simulator.unresolved == 0

    def hand(self, tag: str, control: str, value: float) -> None:
        self.write(f"{tag}.{self.placed[tag][0].controls[control]}", value)

    def write(self, target: str, value: float) -> None:
        device, parameter = target.rsplit(".", 1)
        self.simulator.write(ParameterRef(device, parameter), value)

    def fault(self, fault_id: str, degree: float = 1.0) -> None:
        """Inject ``TAG.mode`` as the bench does: write its effects."""
        tag, mode_id = fault_id.split(".", 1)
        component, parameters, _, _ = self.placed[tag]
        mode = next(m for m in component.failure_modes_of(parameters) if m.id == mode_id)
        for effect in mode.effects:
            assert isinstance(effect, Effect)
            healthy = self.parameter(f"{tag}.{effect.target}")
            self.write(f"{tag}.{effect.target}", effect.at(healthy, degree))

    def voltage(self, port: str) -> float:
        return self.simulator.read(NodeRef(port))

    def rms(self, port: str, other: str | None = None) -> float:
        parts = [self.simulator.read(NodeRef(port, k)) for k in (0, 1)]
        if other:
            parts = [x - self.simulator.read(NodeRef(other, k)) for k, x in enumerate(parts)]
        return float((parts[0] ** 2 + parts[1] ** 2) ** 0.5)

    def state(self, name: str) -> float:
        device, state = name.rsplit(".", 1)
        return self.simulator.read(StateRef(device, state))

    def memory(self, name: str) -> float:
        device, memory = name.rsplit(".", 1)
        return self.simulator.read(MemoryRef(device, memory))

    def parameter(self, name: str) -> float:
        device, parameter = name.rsplit(".", 1)
        return self.simulator.read(ParameterRef(device, parameter))

    def channel(self, tag: str, name: str) -> float:
        component, parameters, _, _ = self.placed[tag]
        assert component.channels is not None
        channel = next(c for c in component.channels(tag, parameters) if c.name == name)
        value = (self.simulator.read(channel.ref) - channel.low) / (channel.high - channel.low)
        return min(1.0, max(0.0, value))

    def perceive(self, tag: str, sense: Sense) -> str:
        """What a sense finds at a component, in English."""
        component, parameters, _, _ = self.placed[tag]
        assert component.senses is not None
        found = component.senses(tag, parameters, self.simulator.read)
        return " ".join(p.text.en for p in found if p.sense is sense)
