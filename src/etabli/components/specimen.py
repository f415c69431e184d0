"""A component alone on a bench of the catalogue, sound or with a failure: what its curves are computed from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etabli.components.component import Builder, Component, Effect, FailureMode
from etabli.components.curve import TAG, Piece
from etabli.physics.network import DEFAULT_INITIAL, Network, NodeRef, ParameterRef, Ref, StateRef


class Specimen:
    """A component alone on the bench, with the values of its data sheet, healthy or with one failure mode."""

    def __init__(self, component: Component, mode: FailureMode | None = None, degree: float = 1.0) -> None:
        self.component = component
        self.sound = Specimen(component) if mode is not None else self
        self.values = component.defaults()
        self.network = Network()
        outside = {name: ParameterRef("outside", name) for name in component.links}
        builder = Builder(self.network, TAG, component.ports_of(self.values), outside)
        component.build(builder, self.values)
        for effect in mode.effects if mode is not None else ():
            if isinstance(effect, Effect):
                self._change(effect, degree)

    def _change(self, effect: Effect, degree: float) -> None:
        name, _, parameter = effect.target.rpartition(".")
        full = f"{TAG}.{name}"
        table: Any = self.network.devices if full in self.network.devices else self.network.sampled
        device = table[full]
        at = device.law.parameters.index(parameter)
        values = list(device.parameters)
        values[at] = effect.at(values[at], degree)
        table[full] = replace(device, parameters=tuple(values))

    def has(self, name: str) -> bool:
        """Whether the component has a device of that name."""
        full = f"{TAG}.{name}"
        return full in self.network.devices or full in self.network.sampled

    def piece(self, name: str) -> Piece:
        """The device ``name`` of the component. Raises ``KeyError`` when it has none."""
        full = f"{TAG}.{name}"
        found = self.network.devices.get(full) or self.network.sampled[full]
        return Piece(self, found)

    def at_rest(self, ref: Ref) -> float:
        """What ``ref`` is before anything is switched on. Links to other components read 0."""
        if isinstance(ref, NodeRef):
            domain = self.network.nodes.get(ref.node)
            return self.network.initial.get(ref.node, DEFAULT_INITIAL.get(domain, 0.0) if domain is not None else 0.0)
        name = ref.device.removeprefix(f"{TAG}.")
        if not self.has(name):
            return 0.0
        piece = self.piece(name)
        if isinstance(ref, ParameterRef):
            return float(getattr(piece.p, ref.parameter))
        return piece.start()[ref.state if isinstance(ref, StateRef) else ref.memory]

    def pieces(self) -> list[tuple[str, Piece]]:
        """Every device, in the order in which the family adds them, with its name inside the component."""
        devices: list[Any] = [*self.network.devices.values(), *self.network.sampled.values()]
        return [(device.name.removeprefix(f"{TAG}."), Piece(self, device)) for device in devices]
