"""A small workbench for tests: components by family, joined by pipes and shafts, driven by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder, Effect, FailureMode, Swap
from etabli.components.mechanical.slip_drive import slip_drive
from etabli.components.pneumatic.orifice import orifice
from etabli.physics.law import Domain, law
from etabli.physics.network import GROUND, Network, ParameterRef, Ref
from etabli.physics.simulator import EVENT_HALVINGS, Simulator


@law({"w": Domain.ROTATION}, ("speed", "stiffness"))
def rig_motor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A motor that holds its speed (rad/s) but for a droop: torque = stiffness * (speed - w)."""
    return {"w": p.stiffness * (v.w - p.speed)}, {}


@law({"a": Domain.DC, "b": Domain.DC}, ("volts",))
def rig_supply(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A stiff DC supply from ``b`` to ``a`` (10 milliohm)."""
    i = 100.0 * (v.a - v.b - p.volts)
    return {"a": i, "b": -i}, {}


class Rig:
    """Components on a bench; ``network`` grows as they are added."""

    def __init__(self) -> None:
        self.network = Network()
        self.families: dict[str, str] = {}
        self.parameters: dict[str, dict[str, Any]] = {}

    def add(
        self,
        tag: str,
        family: str,
        links: Mapping[str, Ref] | None = None,
        crossed: tuple[str, str] | None = None,
        joined: Mapping[str, str] | None = None,
        **given: Any,
    ) -> Rig:
        """Add a component; ``crossed`` names two ports whose connections are exchanged, ``joined`` puts ports on nodes
        of others (a shaft in a hub)."""
        component = catalogue()[family]
        parameters = {**component.defaults(), **given}
        wiring = {crossed[0]: f"{tag}:{crossed[1]}", crossed[1]: f"{tag}:{crossed[0]}"} if crossed else {}
        wiring.update(joined or {})
        builder = Builder(self.network, tag, component.ports_of(parameters), links or {}, wiring)
        component.build(builder, parameters)
        self.families[tag], self.parameters[tag] = family, parameters
        return self

    def pipe(self, a: str, b: str, conductance: float = 1.2) -> Rig:
        """Join two ports by a short tube."""
        values = {"conductance": conductance, "critical_ratio": 0.35, "opening": 1.0}
        self.network.add(f"pipe {a} {b}", orifice, {"a": a, "b": b}, values)
        return self

    def shaft(self, a: str, b: str) -> Rig:
        """Join two shafts by a rigid hub."""
        self.network.add(f"shaft {a} {b}", slip_drive, {"a": a, "b": b}, {"ratio": 1.0, "limit": 1e4, "creep": 1.0})
        return self

    def motor(self, node: str, speed: float, stiffness: float) -> Rig:
        """Drive a shaft."""
        self.network.add("motor", rig_motor, {"w": node}, {"speed": speed, "stiffness": stiffness})
        return self

    def supply(self, name: str, plus: str, minus: str, volts: float) -> Rig:
        """Feed two electrical ports; ``minus`` is earthed."""
        self.network.add(name, rig_supply, {"a": plus, "b": minus}, {"volts": volts})
        self.network.add(f"{name} earth", rig_supply, {"a": minus, "b": GROUND}, {"volts": 0.0})
        return self

    def mode(self, fault: str) -> tuple[str, FailureMode]:
        """Tag and failure mode of ``TAG.mode``."""
        tag, _, name = fault.partition(".")
        component = catalogue()[self.families[tag]]
        return tag, next(m for m in component.failure_modes_of(self.parameters[tag]) if m.id == name)

    def start(
        self, *faults: str, degree: float = 1.0, step_s: float = 0.005, event_halvings: int = EVENT_HALVINGS
    ) -> Simulator:
        """A simulator of the network, with these faults in it."""
        sim = Simulator(self.network, step_s, event_halvings=event_halvings)
        for fault in faults:
            tag, mode = self.mode(fault)
            for effect in mode.effects:
                assert not isinstance(effect, Swap), "a swap is a matter of building: use crossed="
                inject(sim, tag, effect, degree)
        return sim


def inject(sim: Simulator, tag: str, effect: Effect, degree: float) -> None:
    """Write one effect of a failure mode."""
    device, _, parameter = effect.target.rpartition(".")
    ref = ParameterRef(f"{tag}.{device}", parameter)
    sim.write(ref, effect.at(sim.read(ref), degree))


def set_parameter(sim: Simulator, path: str, value: float) -> None:
    """Write ``"1V1.armature.pushed"``."""
    device, _, parameter = path.rpartition(".")
    sim.write(ParameterRef(device, parameter), value)


def run_for(sim: Simulator, seconds: float) -> None:
    """Advance by a time."""
    sim.advance(round(seconds / sim.step_s))


def time_until(sim: Simulator, ref: Ref, above: float, within_s: float) -> float | None:
    """Seconds until the value passes ``above``, or None when it does not."""
    start = sim.time_s
    while sim.time_s - start < within_s:
        sim.advance(1)
        if sim.read(ref) > above:
            return sim.time_s - start
    return None
