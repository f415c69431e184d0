"""Twelve examples of the Modelica Standard Library 4.1.0, built with our laws, against its published trajectories.

The trajectories are not part of this project: they are read from the folder named by ``ETABLI_MSL_REFERENCE``, else
from ``../shared/data/msl_reference`` beside the checkout; without it these tests are skipped and say so. Each example
gives its parameters, its step and its signals; an error is the mean distance to the reference over the range of the
reference. Run with ``-s`` to see the table.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from etabli.components.electrical.arc import arcing_contact
from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import dc_pole, resistor
from etabli.components.electrical.zener import zener
from etabli.components.mechanical.dry_friction import dry_friction, dry_friction_torque, friction_parameters
from etabli.components.mechanical.elastic import bumper, gear_pair, linear_spring, torsion_joint, torsion_spring
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.components.sources import lab_capacitor, lab_force, lab_torque, lab_voltage
from etabli.components.thermal.heat import heat_path, heat_store
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

Floats = NDArray[np.float64]
GOAL = 1e-3


def _folder() -> Path:
    named = os.environ.get("ETABLI_MSL_REFERENCE")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data" / "msl_reference"


FOLDER = _folder()
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no Modelica reference trajectories: set ETABLI_MSL_REFERENCE to the folder that holds them",
)

Read = Callable[[Simulator], float]
Drive = Callable[[float], float]


@dataclass
class Example:
    """A network under construction: what drives it in time, what is compared."""

    step_s: float
    network: Network = field(default_factory=Network)
    drives: dict[ParameterRef, Drive] = field(default_factory=dict)
    signals: dict[str, Read] = field(default_factory=dict)
    driven_at: float = 0.5
    """Where in the step a driven parameter is taken: its middle (second order), 1 for a circuit without storage."""

    def drive(self, device: str, parameter: str, value: Drive) -> None:
        self.drives[ParameterRef(device, parameter)] = value

    def inertia(self, node: str, inertia: float, speed: float = 0.0, angle: float = 0.0) -> None:
        self.network.add(
            f"{node} inertia", rotating_mass, {"w": node}, {"inertia": inertia}, {"momentum": inertia * speed}
        )
        self.network.initial[node] = speed
        # A spring without stiffness counts the angle.
        free = {"stiffness": 0.0, "damping": 0.0}
        self.network.add(f"{node} angle", torsion_spring, {"a": node, "b": GROUND}, free, {"twist": angle})

    def mass(self, node: str, mass: float, speed: float = 0.0, place: float = 0.0) -> None:
        self.network.add(f"{node} mass", moving_mass, {"w": node}, {"mass": mass}, {"momentum": mass * speed})
        self.network.initial[node] = speed
        free = {"stiffness": 0.0, "damping": 0.0}
        self.network.add(f"{node} place", linear_spring, {"a": node, "b": GROUND}, free, {"stretch": place})

    def run(self, until_s: float) -> tuple[Floats, dict[str, Floats]]:
        """Times and signals at the end of every step."""
        sim = Simulator(self.network, self.step_s)
        writers = [(sim.writer(ref), value) for ref, value in self.drives.items()]
        for write, value in writers:
            write(value(0.0))
        steps = round(until_s / self.step_s)
        found = {name: np.empty(steps + 1) for name in self.signals}
        for k in range(steps + 1):
            for name, read in self.signals.items():
                found[name][k] = read(sim)
            for write, value in writers:
                write(value((k + self.driven_at) * self.step_s))
            sim.advance(1)
        assert sim.unresolved == 0
        return self.step_s * np.arange(steps + 1), found


def angle(node: str) -> Read:
    ref = StateRef(f"{node} angle", "twist")
    return lambda sim: sim.read(ref)


def place(node: str) -> Read:
    ref = StateRef(f"{node} place", "stretch")
    return lambda sim: sim.read(ref)


def speed(node: str) -> Read:
    return lambda sim: sim.read(NodeRef(node))


def minus(a: Read, b: Read) -> Read:
    return lambda sim: a(sim) - b(sim)


def constant(value: float) -> Read:
    return lambda sim: value


def sine(amplitude: float, hertz: float) -> Drive:
    return lambda t: amplitude * math.sin(2.0 * math.pi * hertz * t)


# --- rotation ------------------------------------------------------------------------------------------------------

RIGID_NM_RAD = 1e7
"""An ideal gear stands for teeth of this stiffness."""


def first() -> Example:
    e = Example(2.5e-4)
    e.inertia("motor", 0.1)
    e.inertia("gear", 2.0)
    e.inertia("load", 2.0)
    gear = {"ratio": 10.0, "stiffness": RIGID_NM_RAD, "damping": 1e3}
    e.network.add("teeth", gear_pair, {"a": "motor", "b": "gear", "housing": GROUND}, gear)
    e.network.add("spring", torsion_spring, {"a": "gear", "b": "load"}, {"stiffness": 1e4, "damping": 0.0})
    e.network.add("damper", torsion_spring, {"a": "gear", "b": GROUND}, {"stiffness": 0.0, "damping": 10.0})
    e.network.add("torque", lab_torque, {"w": "motor"}, {"torque": 0.0})
    e.drive("torque", "torque", sine(10.0, 5.0))
    zero = constant(0.0)
    e.signals = {
        "damper.phi_rel": minus(zero, angle("gear")),
        "damper.w_rel": minus(zero, speed("gear")),
        "inertia3.phi": angle("load"),
        "inertia3.w": speed("load"),
    }
    return e


def elastic_bearing() -> Example:
    e = Example(2.5e-4)
    e.inertia("shaft", 1.0)
    e.inertia("load", 50.0)
    e.inertia("housing", 5.0)
    e.inertia("output", 1e-6)
    gear = {"ratio": 3.0, "stiffness": RIGID_NM_RAD, "damping": 1e3}
    e.network.add("teeth", gear_pair, {"a": "shaft", "b": "output", "housing": "housing"}, gear)
    e.network.add("spring", torsion_spring, {"a": "output", "b": "load"}, {"stiffness": 1e3, "damping": 0.0})
    e.network.add("bearing", torsion_spring, {"a": "housing", "b": GROUND}, {"stiffness": 1e5, "damping": 5.0})
    e.network.add("torque", lab_torque, {"w": "shaft"}, {"torque": 0.0})
    e.drive("torque", "torque", lambda t: 100.0 * min(t / 5.0, 1.0))
    e.signals = {
        "load.phi": angle("load"),
        "load.w": speed("load"),
        "shaft.phi": angle("shaft"),
        "shaft.w": speed("shaft"),
        "springDamper.phi_rel": angle("housing"),
        "springDamper.w_rel": speed("housing"),
    }
    return e


def backlash() -> Example:
    e = Example(2.5e-4)
    for node in ("sprung", "loose"):
        e.inertia(node, 5.0, angle=0.5 * math.pi)
    start = {"twist": 0.5 * math.pi}
    e.network.add("spring", torsion_spring, {"a": "sprung", "b": GROUND}, {"stiffness": 20e3, "damping": 50.0}, start)
    play = {"stiffness": 20e3, "damping": 50.0, "play": 0.25 * math.pi, "grip": 1.0}
    e.network.add("play", torsion_joint, {"a": "loose", "b": GROUND}, play, start)
    e.signals = {
        "elastoBacklash.phi_rel": angle("loose"),
        "elastoBacklash.w_rel": speed("loose"),
        "springDamper.phi_rel": angle("sprung"),
        "springDamper.w_rel": speed("sprung"),
    }
    return e


def _mode(slip: Read, pressed: Read) -> Read:
    """Mode of a Modelica friction element: 2 open, 1 and -1 sliding, 0 stuck."""

    def mode(sim: Simulator) -> float:
        if pressed(sim) <= 0.0:
            return 2.0
        return 0.0 if abs(slip(sim)) < 0.02 else math.copysign(1.0, slip(sim))

    return mode


def friction() -> Example:
    e = Example(1e-4)
    e.inertia("three", 1.0, 100.0)
    e.inertia("two", 0.05, 90.0)
    e.inertia("one", 1.0, 90.0)
    e.network.add("clutch", dry_friction_torque, {"a": "three", "b": "two"}, friction_parameters(80.0, 1e-5))
    e.network.add("spring", torsion_spring, {"a": "two", "b": "one"}, {"stiffness": 160.0, "damping": 1.0})
    brake = friction_parameters(0.0, 1e-5, rated=800.0)
    e.network.add("brake", dry_friction_torque, {"a": "one", "b": GROUND}, brake)
    e.network.add("torque", lab_torque, {"w": "three"}, {"torque": 0.0})
    motor = sine(200.0, 50.0 / math.pi)
    e.drive("torque", "torque", lambda t: motor(t) if t < 0.5 else 0.0)
    e.drive("brake", "limit", lambda t: 0.0 if t < 0.5 else 800.0)
    slip = minus(speed("two"), speed("three"))
    e.signals = {
        "clutch.phi_rel": minus(angle("two"), angle("three")),
        "clutch.w_rel": slip,
        "inertia3.phi": angle("three"),
        "inertia3.w": speed("three"),
        "spring.phi_rel": minus(angle("one"), angle("two")),
        "spring.w_rel": minus(speed("one"), speed("two")),
        "clutch.mode": _mode(slip, constant(1.0)),
        "brake.mode": _mode(speed("one"), lambda sim: sim.read(ParameterRef("brake", "limit"))),
    }
    return e


# --- translation ---------------------------------------------------------------------------------------------------


def brake() -> Example:
    e = Example(5e-4)
    for node in ("mass1", "mass2"):
        e.mass(node, 1.0, 1.0)
        values = friction_parameters(0.0, 1e-7, rated=1.0)
        e.network.add(f"{node} brake", dry_friction, {"a": node, "b": GROUND}, values)
        e.drive(f"{node} brake", "limit", lambda t: 0.0 if t < 0.1 else 1.0)
        pressed = ParameterRef(f"{node} brake", "limit")
        e.signals |= {f"{node}.s": place(node), f"{node}.v": speed(node)}
        name = "brake" if node == "mass1" else "brake1"
        e.signals[f"{name}.mode"] = _mode(_slow(speed(node)), lambda sim, ref=pressed: sim.read(ref))
    return e


def _slow(read: Read) -> Read:
    """m/s as the mode wants rad/s: 1 mm/s counts as standing."""
    return lambda sim: 20.0 * read(sim)


def damper() -> Example:
    e = Example(2.5e-4)
    for node, stiffness in (("one", 0.0), ("two", 1.0), ("three", 1.0)):
        e.mass(node, 1.0, 10.0)
        values = {"stiffness": stiffness, "damping": 25.0}
        e.network.add(f"{node} spring", linear_spring, {"a": node, "b": GROUND}, values)
    for name, node in (("damper1", "one"), ("damper2", "two"), ("springDamper3", "three")):
        e.signals[f"{name}.s_rel"] = minus(constant(1.0), place(node))
        e.signals[f"{name}.v_rel"] = minus(constant(0.0), speed(node))
    return e


def elasto_gap() -> Example:
    e = Example(1e-3)
    e.mass("one", 1.0, place=2.0)
    e.mass("two", 1.0, place=2.0)
    soft = {"stiffness": 10.0, "damping": 1.5}
    e.network.add("left", linear_spring, {"a": "one", "b": GROUND}, soft, {"stretch": 3.0})
    e.network.add("right", linear_spring, {"a": "one", "b": GROUND}, soft, {"stretch": 1.0})
    e.network.add("left stop", bumper, {"a": GROUND, "b": "two"}, soft, {"gap": 2.5})
    e.network.add("right stop", bumper, {"a": "two", "b": GROUND}, soft, {"gap": -1.5})
    e.signals = {
        "elastoGap1.v_rel": speed("two"),
        "elastoGap2.s_rel": minus(constant(2.0), place("two")),
        "springDamper1.v_rel": speed("one"),
        "springDamper2.s_rel": minus(constant(2.0), place("one")),
    }
    return e


def oscillator() -> Example:
    e = Example(1e-4)
    for node, damping in (("free", 0.0), ("damped", 10.0)):
        e.mass(node, 1.0)
        values = {"stiffness": 1e4, "damping": damping}
        e.network.add(f"{node} spring", linear_spring, {"a": node, "b": GROUND}, values)
        e.network.add(f"{node} force", lab_force, {"w": node}, {"force": 0.0})
        e.drive(f"{node} force", "force", sine(1.0, 15.9155))
    e.signals = {
        "damper1.s_rel": minus(constant(1.0), place("damped")),
        "damper1.v_rel": minus(constant(0.0), speed("damped")),
        "mass1.s": minus(place("free"), constant(0.5)),
        "mass1.v": speed("free"),
    }
    return e


# --- electricity, heat ---------------------------------------------------------------------------------------------


def overvoltage_protection() -> Example:
    e = Example(2e-5)
    e.driven_at = 1.0
    values = {
        "saturation": 1e-6,
        "thermal": 0.04,
        "breakdown": 5.1,
        "knee_current": 0.7,
        "knee_factor": 0.74,
        "leak": 1e-8,
    }
    e.network.add("source", lab_voltage, {"plus": "load", "minus": GROUND}, {"voltage": 0.0, "resistance": 20.0})
    e.network.add("upper", zener, {"anode": "load", "cathode": "middle"}, values)
    e.network.add("lower", zener, {"anode": GROUND, "cathode": "middle"}, values)
    e.network.add("resistor", resistor, {"a": "load", "b": GROUND}, {"resistance": 2000.0})
    e.network.add("capacitor", lab_capacitor, {"a": "load", "b": GROUND}, {"capacitance": 1e-7})
    e.drive("source", "voltage", sine(10.0, 5.0))
    e.signals = {"CL.v": speed("load")}
    return e


def state(device: str, name: str) -> Read:
    ref = StateRef(device, name)
    return lambda sim: sim.read(ref)


def switch_with_arc() -> Example:
    e = Example(1.25e-4)
    feed = {"voltage": 50.0, "resistance": 1e-5}
    for name in ("inductor1", "inductor2"):
        e.network.add(f"{name} source", lab_voltage, {"plus": f"{name} plus", "minus": GROUND}, feed)
        e.network.add(name, coil, {"a": f"{name} in", "b": GROUND}, {"resistance": 1.0, "inductance": 0.1})
        e.signals[f"{name}.i"] = state(name, "current")
    e.network.add("ideal", dc_pole, {"a": "inductor1 plus", "b": "inductor1 in"}, {"resistance": 1e5})
    e.drive("ideal", "resistance", lambda t: 1e-5 if t % 1.0 < 0.5 else 1e5)
    contact = {
        "closed": 0.0,
        "closed_ohm": 1e-5,
        "open_siemens": 1e-5,
        "first_v": 30.0,
        "rise_v_s": 10e3,
        "most_v": 60.0,
    }
    e.network.add("arcing", arcing_contact, {"a": "inductor2 plus", "b": "inductor2 in"}, contact)
    e.drive("arcing", "closed", lambda t: 1.0 if t % 1.0 < 0.5 else 0.0)
    return e


def show_variable_resistor() -> Example:
    e = Example(1e-3)
    e.driven_at = 1.0
    e.network.add("source", lab_voltage, {"plus": "top", "minus": GROUND}, {"voltage": 0.0, "resistance": 1e-6})
    for row, device in (("fixed", "R2"), ("variable", "VariableResistor")):
        e.network.add(f"{row} first", resistor, {"a": "top", "b": f"{row} a"}, {"resistance": 1.0})
        e.network.add(device, dc_pole, {"a": f"{row} a", "b": f"{row} b"}, {"resistance": 1.0})
        e.network.add(f"{row} last", resistor, {"a": f"{row} b", "b": GROUND}, {"resistance": 1.0})
        e.signals[f"{device}.i"] = state(device, "current")
    e.drive("source", "voltage", sine(-1.0, 1.0))
    e.drive("VariableResistor", "resistance", lambda t: 2.0 + 5.0 * t / 2.0)
    return e


def two_masses() -> Example:
    e = Example(1e-3)
    for node, celsius in (("mass1", 100.0), ("mass2", 0.0)):
        e.network.add(node, heat_store, {"t": node}, {"capacity": 15.0}, {"heat": 15.0 * celsius})
        e.network.node(node, Domain.THERMAL, celsius)
        e.signals[f"{node}.T"] = minus(speed(node), constant(-273.15))
    e.network.add("conduction", heat_path, {"a": "mass1", "b": "mass2"}, {"conductance": 10.0})
    return e


EXAMPLES: dict[str, Callable[[], Example]] = {
    "Electrical.Analog.Examples.OvervoltageProtection": overvoltage_protection,
    "Electrical.Analog.Examples.ShowVariableResistor": show_variable_resistor,
    "Electrical.Analog.Examples.SwitchWithArc": switch_with_arc,
    "Mechanics.Rotational.Examples.Backlash": backlash,
    "Mechanics.Rotational.Examples.ElasticBearing": elastic_bearing,
    "Mechanics.Rotational.Examples.First": first,
    "Mechanics.Rotational.Examples.Friction": friction,
    "Mechanics.Translational.Examples.Brake": brake,
    "Mechanics.Translational.Examples.Damper": damper,
    "Mechanics.Translational.Examples.ElastoGap": elasto_gap,
    "Mechanics.Translational.Examples.Oscillator": oscillator,
    "Thermal.HeatTransfer.Examples.TwoMasses": two_masses,
}


def reference(name: str) -> dict[str, Floats]:
    """Columns of a trajectory."""
    path = FOLDER / name / f"{name.rpartition('.')[2]}.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    table = np.array(rows[1:], float)
    return {title: table[:, k] for k, title in enumerate(rows[0])}


def wanted(name: str) -> Iterator[str]:
    """Signals that count. ``start…`` flags are events of the tool that made the trajectory: true for an instant."""
    for line in (FOLDER / name / "comparisonSignals.txt").read_text().split():
        if line != "time" and "start" not in line:
            yield line


def mean_error(times: Floats, ours: Floats, reference_times: Floats, theirs: Floats) -> float:
    """Mean distance over the duration (the reference has more points around events), over the range."""
    distance = np.abs(np.interp(reference_times, times, ours) - theirs)
    mean = np.trapezoid(distance, reference_times) / (reference_times[-1] - reference_times[0])
    return float(mean / (theirs.max() - theirs.min()))


@pytest.mark.parametrize("name", EXAMPLES)
def test_msl_example(name: str) -> None:
    theirs, example = reference(name), EXAMPLES[name]()
    times, ours = example.run(float(theirs["time"][-1]))
    errors = {s: mean_error(times, ours[s], theirs["time"], theirs[s]) for s in wanted(name)}
    for signal, error in errors.items():
        print(f"{name.rpartition('.')[2]:24} {signal:24} {100.0 * error:8.4f} %")
    assert errors
    assert max(errors.values()) <= GOAL, errors
