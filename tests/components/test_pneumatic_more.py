"""Cylinder chambers with energy balance and the Stribeck curve, against closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.rig import Rig, run_for
from etabli.components.pneumatic.cylinder_chambers import end_stop
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.seal_friction import decay, hyperbolic_tangent, seal_friction
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

HEAT_RATIO = 1.4


def closed_cylinder(wall_coefficient: float, load_n: float) -> Simulator:
    """A loaded cylinder in mid-stroke whose ports are shut: each chamber keeps its air, but for the port's 2 cm³."""
    rig = Rig().add(
        "1A1",
        "cylinder",
        chamber_model="energy",
        wall_coefficient=wall_coefficient,
        load_n=load_n,
        start=0.5,
        dead_cm3=100.0,
        friction_bar=0.02,
        mass_kg=5.0,
    )
    sim = rig.start(step_s=0.0005)
    sim.write(ParameterRef("1A1.chambers", "port_conductance"), 1e-9)
    return sim


def volume_a_cm3(sim: Simulator) -> float:
    return 100.0 + math.pi / 4.0 * 3.2**2 * 100.0 * sim.read(StateRef("1A1.chambers", "position"))


def test_without_walls_the_air_follows_the_adiabatic() -> None:
    """p V^γ and T V^(γ-1) keep their value in a chamber that exchanges neither air nor heat."""
    sim = closed_cylinder(0.0, 60.0)
    first = volume_a_cm3(sim)
    for _ in range(20):
        run_for(sim, 0.01)
        ratio = first / volume_a_cm3(sim)
        assert sim.read(NodeRef("1A1.chamber_a")) == pytest.approx(ATMOSPHERE_BAR * ratio**HEAT_RATIO, rel=2e-4)
        kelvin = sim.read(NodeRef("1A1.air_a")) + 273.15
        assert kelvin == pytest.approx(293.15 * ratio ** (HEAT_RATIO - 1.0), rel=2e-4)
    assert ratio > 1.1


def test_with_perfect_walls_the_air_stays_at_the_temperature_of_the_workshop() -> None:
    sim = closed_cylinder(1e6, 60.0)
    first = volume_a_cm3(sim)
    run_for(sim, 0.3)
    ratio = first / volume_a_cm3(sim)
    assert ratio > 1.1
    assert sim.read(NodeRef("1A1.air_a")) == pytest.approx(20.0, abs=0.05)
    assert sim.read(NodeRef("1A1.chamber_a")) == pytest.approx(ATMOSPHERE_BAR * ratio, rel=3e-4)


def test_a_fast_stroke_heats_the_driven_chamber_and_chills_the_other() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply").add("1V1", "valve_5_2_monostable")
    rig.add("1A1", "cylinder", chamber_model="energy").add("Z3", "silencer").add("Z5", "silencer")
    rig.pipe("0Z0:1", "1V1:1").pipe("1V1:4", "1A1:A").pipe("1V1:2", "1A1:B")
    rig.pipe("1V1:3", "Z3:1", 4.0).pipe("1V1:5", "Z5:1", 4.0)
    sim = rig.start(step_s=0.001)
    run_for(sim, 8.0)
    assert sim.read(NodeRef("1A1.air_b")) == pytest.approx(20.0, abs=1.0)  # some eight time constants m cp / (h S)
    sim.write(ParameterRef("1V1.armature", "pushed"), 1.0)
    warmest, coldest = 20.0, 20.0
    for _ in range(400):
        sim.advance()
        warmest = max(warmest, sim.read(NodeRef("1A1.air_a")))
        coldest = min(coldest, sim.read(NodeRef("1A1.air_b")))
    assert warmest > 30.0
    assert coldest < 0.0
    assert sim.read(StateRef("1A1.chambers", "position")) > 0.099
    assert sim.unresolved == 0


@given(st.floats(0.0, 60.0))
def test_the_decay_is_an_exponential(y: float) -> None:
    assert decay(y) == pytest.approx(math.exp(-y), abs=5e-5)


@given(st.floats(-1e6, 1e6))
def test_the_tangent_is_hyperbolic(z: float) -> None:
    assert hyperbolic_tangent(z) == pytest.approx(math.tanh(z), abs=1e-4)


@pytest.mark.parametrize("w", [-0.4, -0.02, -0.001, 0.0, 0.0005, 0.01, 0.03, 0.3])
def test_the_seal_follows_the_stribeck_curve(w: float) -> None:
    values = {"coulomb": 15.0, "stiction": 25.0 / 15.0, "stribeck": 0.02, "viscous": 40.0, "creep": 1e-3}
    flows, _ = seal_friction.evaluate({"w": w}, values)
    expected = (15.0 + 10.0 * math.exp(-((w / 0.02) ** 2))) * math.tanh(w / 1e-3) + 40.0 * w
    assert flows["w"] == pytest.approx(expected, abs=5e-3)


def test_a_viscous_end_stop_acts_from_contact_on_and_never_pulls() -> None:
    assert end_stop(1e-4, 0.2, 5e6, 0.0, 2000.0) == pytest.approx(500.0 + 400.0)
    assert end_stop(1e-4, -0.5, 5e6, 0.0, 2000.0) == 0.0
    assert end_stop(-1e-6, 0.5, 5e6, 0.0, 2000.0) == 0.0
