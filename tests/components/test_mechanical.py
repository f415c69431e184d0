"""Gearbox, belt, coupling, conveyor: laws against closed forms, then a whole drive line on the real engine."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

import pytest

from components.rig import Rig, run_for, set_parameter
from etabli.components.catalogue import catalogue
from etabli.components.component import Effect, Sense
from etabli.components.mechanical.bearing import bearing_heat
from etabli.components.mechanical.gearbox import gear_mesh, missing_tooth
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.components.mechanical.slip_drive import drum_drive, slip_drive
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.simulator import Simulator

# --- laws ----------------------------------------------------------------------------------------------------------


def test_a_belt_slips_beyond_its_limit() -> None:
    def torque(slip: float) -> float:
        flows, _ = slip_drive.evaluate({"a": 100.0 + slip, "b": 50.0}, {"ratio": 2.0, "limit": 25.0, "creep": 2.0})
        assert flows["b"] == pytest.approx(-2.0 * flows["a"])
        return float(flows["a"])

    assert torque(0.0) == 0.0
    assert torque(2.0) == pytest.approx(25.0 / math.sqrt(2.0))
    assert torque(0.1) == pytest.approx(25.0 * 0.1 / 2.0, rel=0.01)  # creep: nearly linear
    assert torque(50.0) == pytest.approx(25.0, rel=1e-3)
    assert torque(1e6) <= 25.0
    assert torque(-50.0) == -torque(50.0)


def test_a_friction_drive_only_loses_energy() -> None:
    for slip in (-30.0, -0.1, 0.2, 40.0):
        v = {"a": 30.0 + slip, "b": 20.0}
        flows, _ = slip_drive.evaluate(v, {"ratio": 1.5, "limit": 10.0, "creep": 1.0})
        assert flows["a"] * v["a"] + flows["b"] * v["b"] >= 0.0


def test_a_drum_pulls_with_its_radius() -> None:
    flows, _ = drum_drive.evaluate({"drum": 10.0, "belt": 0.0}, {"radius": 0.04, "limit": 900.0, "creep": 0.005})
    assert flows["belt"] == pytest.approx(-900.0, rel=1e-3)
    assert flows["drum"] == pytest.approx(0.04 * 900.0, rel=1e-3)


GEARS = {"ratio": 20.0, "stiffness": 40.0, "damping": 0.1, "efficiency": 0.8, "play": 0.0, "grip": 1.0, "meshed": 1.0}


def test_gears_multiply_torque_and_lose_their_share() -> None:
    # Twisted by 0.05 rad at steady speed: 2 N·m of mesh torque.
    flows, states = gear_mesh.evaluate({"a": 140.0, "b": 7.0}, GEARS, {"twist": 0.05})
    assert states["twist"] == pytest.approx(0.05)
    assert flows["b"] == pytest.approx(-20.0 * 2.0)
    assert flows["a"] == pytest.approx(2.0 + 0.2 * 2.0, rel=1e-3)


def test_a_sheared_key_passes_nothing_and_winds_nothing_up() -> None:
    flows, states = gear_mesh.evaluate({"a": 140.0, "b": 0.0}, {**GEARS, "grip": 0.0}, {"twist": 0.05}, ah=0.1)
    assert flows["b"] == 0.0
    assert abs(states["twist"]) < 0.2


def test_a_missing_tooth_lets_go_once_a_turn() -> None:
    memory, meshed = {"angle": 3.0}, []
    for _ in range(2000):
        memory = missing_tooth.evaluate({"speed": 40.0 * math.pi}, {"gap": 0.6, "ratio": 20.0}, memory, h=0.001)
        meshed.append(memory["meshed"])
    assert meshed.count(0.0) / len(meshed) == pytest.approx(0.6 / (2.0 * math.pi), rel=0.05)
    assert sum(a > b for a, b in itertools.pairwise(meshed)) == 2


def test_inertia_is_newtons_second_law() -> None:
    flows, _ = rotating_mass.evaluate({"w": 12.0}, {"inertia": 0.5}, {"momentum": 5.0}, ah=0.01)
    assert flows["w"] == pytest.approx(0.5 * (12.0 - 10.0) / 0.01)
    flows, _ = moving_mass.evaluate({"w": 2.0}, {"mass": 3.0}, {"momentum": 0.0}, ah=0.1)
    assert flows["w"] == pytest.approx(60.0)


def test_a_bearing_warms_up_to_its_losses_over_its_cooling() -> None:
    memory = {"rise": 0.0}
    values = {"heat_capacity": 150.0, "cooling": 0.6}
    for _ in range(20000):
        memory = bearing_heat.evaluate({"speed": 10.0, "coulomb": 2.0, "viscous": 0.1}, values, memory, h=0.1)
    assert memory["rise"] == pytest.approx((2.0 + 0.1 * 10.0) * 10.0 / 0.6, rel=0.01)


# --- a whole drive line --------------------------------------------------------------------------------------------

MOTOR_RAD_S = 148.0


def line() -> Rig:
    """Motor, coupling, gearbox 20:1, belt 1.5:1, conveyor."""
    rig = Rig().add("C1", "coupling").add("R1", "gearbox").add("T1", "belt_drive")
    rig.add("G1", "conveyor", ejectors=(), stop=None, bins={"end": "any"})
    rig.motor("C1:in", MOTOR_RAD_S, 0.5)
    return rig.shaft("C1:out", "R1:in").shaft("R1:out", "T1:in").shaft("T1:out", "G1:drive")


def ran(*faults: str, degree: float = 1.0, seconds: float = 3.0) -> Simulator:
    sim = line().start(*faults, degree=degree)
    run_for(sim, seconds)
    return sim


def belt(sim: Simulator) -> float:
    return sim.read(NodeRef("G1.belt"))


def words(sim: Simulator, tag: str, sense: Sense) -> str:
    rig = line()
    component = catalogue()[rig.families[tag]]
    assert component.senses is not None
    found = component.senses(tag, rig.parameters[tag], sim.read)
    return " ".join(p.text.en for p in found if p.sense is sense)


@pytest.mark.usefixtures("run_on_core")
class TestLine:
    def test_it_works(self) -> None:
        sim = ran()
        ideal = MOTOR_RAD_S / 20.0 / 1.5 * 0.04
        assert 0.9 * ideal < belt(sim) < ideal
        assert sim.unresolved == 0
        assert "forward" in words(sim, "G1", Sense.LOOK)
        assert words(sim, "G1", Sense.LISTEN) == ""

    def test_a_drive_line_at_rest_stays_at_rest(self) -> None:
        sim = line().start()
        set_parameter(sim, "motor.speed", 0.0)
        run_for(sim, 2.0)
        assert belt(sim) == pytest.approx(0.0, abs=1e-6)
        assert "still" in words(sim, "G1", Sense.LOOK)

    def test_the_belt_runs_backwards_when_the_motor_does(self) -> None:
        sim = line().start()
        set_parameter(sim, "motor.speed", -MOTOR_RAD_S)
        run_for(sim, 3.0)
        assert belt(sim) < -0.15
        assert "backwards" in words(sim, "G1", Sense.LOOK)

    @pytest.mark.parametrize(
        "fault",
        ["C1.star_torn", "R1.key_sheared", "T1.broken", "G1.torn", "C1.hub_loose", "T1.slipping", "G1.slack"],
    )
    def test_faults_that_let_the_motor_run_alone(self, fault: str) -> None:
        sim = ran(fault)
        assert abs(belt(sim)) < 0.1
        assert sim.read(NodeRef("C1:in")) > 0.95 * MOTOR_RAD_S

    @pytest.mark.parametrize(
        "fault",
        ["R1.seized", "R1.output_bearing_seized", "T1.driven_bearing_seized", "G1.drum_bearing_seized", "G1.overload"],
    )
    def test_faults_that_load_the_motor(self, fault: str) -> None:
        def load(sim: Simulator) -> float:
            return 0.5 * (MOTOR_RAD_S - sim.read(NodeRef("C1:in")))

        assert load(ran(fault)) > 2.0 * load(ran())

    def test_a_slipping_belt_squeals_and_a_broken_one_is_seen(self) -> None:
        assert "squeals" in words(ran("T1.slipping"), "T1", Sense.LISTEN)
        assert "no longer on" in words(ran("T1.broken"), "T1", Sense.LOOK)
        assert words(ran(), "T1", Sense.LISTEN) == ""

    def test_a_worn_bearing_rumbles_and_heats(self) -> None:
        sim = ran("G1.drum_bearing_worn", seconds=300.0)
        assert "rumble" in words(sim, "G1", Sense.LISTEN)
        healthy = ran(seconds=300.0)
        rise = MemoryRef("G1.drum_heat", "rise")
        assert sim.read(rise) > 10.0 > 3.0 > healthy.read(rise)
        assert "cold" in words(healthy, "G1", Sense.TOUCH)
        assert "cold" not in words(sim, "G1", Sense.TOUCH)

    def test_a_missing_tooth_makes_the_belt_jerk(self) -> None:
        def ripple(*faults: str) -> float:
            sim = line().start(*faults)
            run_for(sim, 2.0)
            speeds = []
            for _ in range(400):
                sim.advance(1)
                speeds.append(belt(sim))
            return max(speeds) - min(speeds)

        assert ripple("R1.tooth_broken") > 0.05 > 0.01 > ripple()

    def test_a_repair_takes_the_strain_away(self) -> None:
        """What was wound up while the key was sheared does not come back as a blow."""
        sim = ran("R1.key_sheared")
        set_parameter(sim, "R1.mesh.grip", 1.0)
        run_for(sim, 3.0)
        assert belt(sim) == pytest.approx(belt(ran()), rel=0.01)

    @pytest.mark.parametrize("seed", range(8))
    def test_any_two_faults_together_stay_physical(self, seed: int) -> None:
        draw = random.Random(seed)
        sim = line().start(*draw.sample(sorted(every_fault()), 2))
        for _ in range(20):
            set_parameter(sim, "motor.speed", draw.choice((0.0, MOTOR_RAD_S, -MOTOR_RAD_S)))
            run_for(sim, 0.3)
        assert all(math.isfinite(value) for value in sim.values)
        assert all(abs(sim.read(NodeRef(n))) < 2.0 * MOTOR_RAD_S for n in sim.network.nodes)
        assert sim.unresolved == 0

    def test_a_hundred_kilonewton_on_the_belt(self) -> None:
        sim = line().start()
        sim.write(ParameterRef("G1.belt_friction", "coulomb"), 1e5)
        run_for(sim, 3.0)
        assert abs(belt(sim)) < 1e-3
        assert sim.unresolved == 0

    def test_the_links_bring_the_rods_and_a_station_is_held_for_the_sensors(self) -> None:
        rig = Rig().add("1A1", "cylinder", start=1.0).add("2A1", "cylinder").add("3A1", "cylinder", start=0.5)
        rods = {"ejector_1": "1A1", "ejector_2": "2A1", "stop": "3A1"}
        links = {name: MemoryRef(f"{tag}.rod_reading", "fraction") for name, tag in rods.items()}
        sim = rig.add("G1", "conveyor", links=links).start()
        run_for(sim, 0.05)
        assert [sim.read(MemoryRef(f"G1.{name}", "fraction")) for name in rods] == pytest.approx(
            [1.0, 0.0, 0.5], abs=0.01
        )
        sim.write(ParameterRef("G1.at_entry", "value"), 1.0)
        run_for(sim, 0.05)
        assert sim.read(MemoryRef("G1.at_entry", "held")) == 1.0


def every_fault() -> Iterator[str]:
    rig = line()
    for tag, family in rig.families.items():
        for mode in catalogue()[family].failure_modes_of(rig.parameters[tag]):
            if all(isinstance(effect, Effect) for effect in mode.effects):
                yield f"{tag}.{mode.id}"
