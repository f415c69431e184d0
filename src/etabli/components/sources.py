"""Laboratory sources: what drives a network that is written by hand (``etabli simulate``). No machine has these.

Each is a Thévenin or a Norton source with a finite inner resistance, since the engine knows no ideal one: what is asked
for is held but for a droop that the user chooses. Any parameter may be driven in time by the network file.
"""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import Phasor
from etabli.physics.law import Domain, Flows, States, law

DC, AC = Domain.DC, Domain.AC


@law({"plus": DC, "minus": DC}, ("voltage", "resistance"), ("current",))
def lab_voltage(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """DC voltage source: ``voltage`` V behind ``resistance`` ohm (Thévenin). State ``current``: A delivered at plus."""
    i = (p.voltage - (v.plus - v.minus)) / p.resistance
    return {"plus": -i, "minus": i}, {"current": i}


@law({"plus": DC, "minus": DC}, ("current", "conductance"))
def lab_current(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """DC current source: ``current`` A delivered at plus, shunted by ``conductance`` S (Norton)."""
    i = p.current - p.conductance * (v.plus - v.minus)
    return {"plus": -i, "minus": i}, {}


@law({"a": DC, "b": DC}, ("capacitance",), ("charge",))
def lab_capacitor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Capacitor: ``capacitance`` F; state ``charge`` in C."""
    charge = p.capacitance * (v.a - v.b)
    i = (charge - s.charge) / ah
    return {"a": i, "b": -i}, {"charge": charge}


@law({"line": AC, "neutral": AC}, ("voltage", "cosine", "sine", "resistance", "reactance"))
def lab_mains(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """AC source: ``voltage`` V RMS at the phase (``cosine``, ``sine``), behind ``resistance`` + j ``reactance`` ohm."""
    emf = Phasor(p.voltage * p.cosine, p.voltage * p.sine)
    i = (v.line - v.neutral - emf) * Phasor(p.resistance, p.reactance).inverse()
    return {"line": i, "neutral": -i}, {}


@law({"w": Domain.TRANSLATION}, ("force",))
def lab_force(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A force of ``force`` N on a slide, positive in the direction of positive speed."""
    return {"w": -p.force + 0.0 * v.w}, {}


@law({"w": Domain.ROTATION}, ("torque",))
def lab_torque(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A torque of ``torque`` N·m on a shaft, positive in the direction of positive speed."""
    return {"w": -p.torque + 0.0 * v.w}, {}


@law({"w": Domain.TRANSLATION}, ("speed", "stiffness"))
def lab_slide(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A slide held at ``speed`` m/s with a droop of 1 m/s for ``stiffness`` N."""
    return {"w": p.stiffness * (v.w - p.speed)}, {}


@law({"w": Domain.ROTATION}, ("speed", "stiffness"))
def lab_motor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A shaft held at ``speed`` rad/s with a droop of 1 rad/s for ``stiffness`` N·m."""
    return {"w": p.stiffness * (v.w - p.speed)}, {}


@law({"a": Domain.HYDRAULIC}, ("pressure", "conductance"))
def lab_pressure(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Oil held at ``pressure`` bar gauge, behind ``conductance`` cm³/s per bar."""
    return {"a": p.conductance * (v.a - p.pressure)}, {}


@law({"a": Domain.HYDRAULIC}, ("flow",))
def lab_flow(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Oil pushed in at ``flow`` cm³/s, whatever the pressure."""
    return {"a": -p.flow + 0.0 * v.a}, {}


@law({"t": Domain.THERMAL}, ("power",))
def lab_heat(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Heat brought in at ``power`` W."""
    return {"t": -p.power + 0.0 * v.t}, {}


@law({"t": Domain.THERMAL}, ("temperature", "conductance"))
def lab_temperature(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Surroundings at ``temperature`` °C behind ``conductance`` W/K."""
    return {"t": p.conductance * (v.t - p.temperature)}, {}
