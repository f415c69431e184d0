"""Mechanics: exact friction, loads, drives, brakes, against closed forms; then whole drives on the real engine."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.rig import Rig, run_for, set_parameter
from etabli.components.catalogue import catalogue
from etabli.components.component import Sense
from etabli.components.mechanical.dry_friction import dry_friction, dry_friction_torque, friction_parameters
from etabli.components.mechanical.elastic import torsion_joint, torsion_spring
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.components.mechanical.lead_screw import efficiency
from etabli.components.mechanical.rolling_bearing import geometry
from etabli.components.mechanical.vibration import BearingGeometry, spectrum, zone
from etabli.components.sources import lab_force, lab_torque
from etabli.physics.law import Domain, law
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")


@law({"w": Domain.TRANSLATION}, ("force",), ("travel",))
def rig_push(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A force in N, and the travel of what it pushes, m."""
    return {"w": -p.force}, {"travel": s.travel + ah * v.w}


@law({"w": Domain.TRANSLATION}, ("stiffness",))
def rig_held(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A wall, N·s/m."""
    return {"w": p.stiffness * v.w}, {}


@law({"w": Domain.TRANSLATION}, ("stiffness", "speed"), ("stretch",))
def rig_dragged_spring(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A spring (N/m) whose other end is drawn at a speed (m/s)."""
    stretch = s.stretch + ah * (p.speed - v.w)
    return {"w": -p.stiffness * stretch}, {"stretch": stretch}


def block(
    mass: float, limit: float, push: float, speed: float = 0.0, step_s: float = 0.005, **friction: float
) -> Simulator:
    """A block on the ground, pushed."""
    network = Network()
    network.add("mass", moving_mass, {"w": "x"}, {"mass": mass}, {"momentum": mass * speed})
    network.node("x", Domain.TRANSLATION, speed)
    values = {**friction_parameters(limit, 1e-5), **friction}
    network.add("ground", dry_friction, {"a": "x", "b": GROUND}, values)
    network.add("push", rig_push, {"w": "x"}, {"force": push})
    return Simulator(network, step_s)


TRAVEL = StateRef("push", "travel")
NO_CREEP_M = 1e-9
"""What a held load may move in an hour: the noise of islands that sleep, which does not add up."""


class TestDryFriction:
    @pytest.mark.parametrize(("mass", "limit"), [(0.2, 5.0), (100.0, 1000.0), (3000.0, 25000.0)])
    def test_a_held_load_does_not_creep_in_an_hour(self, mass: float, limit: float) -> None:
        sim = block(mass, limit, 0.95 * limit)
        sim.advance(200)
        settled = sim.read(TRAVEL)
        sim.advance(round(3600.0 / sim.step_s))
        assert 0.95e-5 <= settled < 5e-5  # the bristles bend, and give a little under the sudden load
        assert abs(sim.read(TRAVEL) - settled) < NO_CREEP_M
        assert sim.counters()["halvings"] == 0

    @settings(max_examples=20, deadline=None)
    @given(
        mass=st.floats(0.1, 5000.0),
        ratio=st.floats(1.05, 20.0),
        level=st.floats(0.5, 10.0),
        viscous=st.floats(0.0, 2.0),
    )
    def test_what_slides_follows_newton(self, mass: float, ratio: float, level: float, viscous: float) -> None:
        """m dv/dt = F - Fc - c v: an exponential towards (F - Fc) / c."""
        limit, damping = level * mass, viscous * mass
        sim = block(mass, limit, ratio * limit, viscous=damping)
        sim.advance(200)
        excess = (ratio - 1.0) * limit
        expected = excess / mass if viscous < 1e-3 else excess / damping * (1.0 - math.exp(-viscous))
        # It starts a few milliseconds late: the bristles bend first.
        assert sim.read(NodeRef("x")) == pytest.approx(expected, rel=3e-3, abs=4e-3 * level)
        assert sim.counters()["halvings"] == 0

    @settings(max_examples=20, deadline=None)
    @given(mass=st.floats(0.1, 5000.0), speed=st.floats(0.1, 3.0), level=st.floats(0.5, 10.0))
    def test_a_thrown_block_stops_after_its_braking_distance(self, mass: float, speed: float, level: float) -> None:
        """v² / (2 µ g), and then not a hair more."""
        sim = block(mass, level * mass, 0.0, speed)
        sim.advance(round((speed / level + 0.2) / sim.step_s))
        stopped = sim.read(TRAVEL)
        assert stopped == pytest.approx(0.5 * speed * speed / level, abs=2e-3 * speed)
        assert abs(sim.read(NodeRef("x"))) < 1e-4
        assert sim.counters()["halvings"] == 0

    def test_the_breakaway_level_lies_above_the_sliding_one(self) -> None:
        sim = block(10.0, 100.0, 120.0, breakaway=1.3)
        sim.advance(400)
        assert abs(sim.read(NodeRef("x"))) < 1e-9  # 120 N hold
        sim.write(ParameterRef("push", "force"), 131.0)
        sim.advance(200)
        first = sim.read(NodeRef("x"))
        assert 2.8 < first < 3.1  # (131 - 100) / 10 m/s², once it has crept 0.3 mm
        sim.advance(200)
        assert sim.read(NodeRef("x")) - first == pytest.approx(3.1, rel=1e-3)
        sim.write(ParameterRef("push", "force"), 90.0)
        sim.advance(1500)
        assert abs(sim.read(NodeRef("x"))) < 1e-9
        sim.write(ParameterRef("push", "force"), 120.0)
        sim.advance(400)
        assert abs(sim.read(NodeRef("x"))) < 1e-9  # stuck again: the higher level holds again

    def test_stick_slip_of_a_block_on_a_dragged_spring(self) -> None:
        """Slow drag: it sticks until k·x = Fs, slips half a period of k and m, and lands at 2·Fc - Fs."""
        mass, limit, breakaway, stiffness, drag = 5.0, 40.0, 1.5, 2000.0, 0.004
        network = Network()
        network.add("mass", moving_mass, {"w": "x"}, {"mass": mass})
        network.add("ground", dry_friction, {"a": "x", "b": GROUND}, friction_parameters(limit, 1e-5, breakaway))
        network.add("spring", rig_dragged_spring, {"w": "x"}, {"stiffness": stiffness, "speed": drag})
        sim = Simulator(network, 0.001)
        pulls = []
        for _ in range(60000):
            sim.advance(1)
            pulls.append(stiffness * sim.read(StateRef("spring", "stretch")))
        jumps = [i for i in range(1, len(pulls)) if pulls[i] < 59.0 <= pulls[i - 1]]
        periods = [0.001 * (b - a) for a, b in itertools.pairwise(jumps)]
        assert len(periods) >= 5
        drop = 2.0 * (breakaway - 1.0) * limit
        expected = drop / (stiffness * drag) + math.pi * math.sqrt(mass / stiffness)
        assert periods == pytest.approx([expected] * len(periods), rel=0.02)
        assert max(pulls) == pytest.approx(breakaway * limit, rel=0.01)
        assert min(pulls[20000:]) == pytest.approx(2.0 * limit - breakaway * limit, abs=1.0)

    @pytest.mark.parametrize("accuracy", [None, 1e-7])
    def test_contacts_of_a_creeping_block_age_as_they_are_renewed(self, accuracy: float | None) -> None:
        """dr/dt = (1 - r) v / L - r / T, in steps of any length: 100 N at first, 119 N in the end."""
        speed, renewed_m, ages_s = 5e-4, 3e-4, 0.3
        network = Network()
        network.add("mass", moving_mass, {"w": "x"}, {"mass": 1e9}, {"momentum": 1e9 * speed})
        network.node("x", Domain.TRANSLATION, speed)
        young = {"renewed": 1.0, "bend": 1e-5}
        network.add("ground", dry_friction, {"a": "x", "b": GROUND}, friction_parameters(100.0, 1e-5, 1.3), young)
        sim = Simulator(network, accuracy=accuracy)
        rate = speed / renewed_m + 1.0 / ages_s
        rest = speed / renewed_m / rate
        for _ in range(40):
            sim.advance(6)
            renewed = rest + (1.0 - rest) * math.exp(-rate * sim.time_s)
            expected = 100.0 * (1.0 + 0.3 * (1.0 - renewed))
            assert sim.read(StateRef("ground", "force")) == pytest.approx(expected, rel=2e-3)

    def test_a_limit_that_a_brake_sets_while_the_load_moves(self) -> None:
        sim = block(50.0, 0.0, 100.0, stiffness=2e7, damping=4e4)
        sim.advance(200)
        assert sim.read(NodeRef("x")) == pytest.approx(2.0, rel=1e-3)
        sim.write(ParameterRef("ground", "limit"), 600.0)
        sim.advance(100)
        assert sim.read(NodeRef("x")) == pytest.approx(2.0 - 0.5 * 10.0 + 0.0, abs=2.0 * 0.5 * 10.0)
        sim.advance(400)
        assert abs(sim.read(NodeRef("x"))) < 1e-9
        sim.write(ParameterRef("ground", "grip"), 0.1)  # oil on the lining: 60 N do not hold 100 N
        sim.advance(200)
        assert sim.read(NodeRef("x")) == pytest.approx((100.0 - 60.0) / 50.0, rel=0.01)

    @settings(max_examples=40, deadline=None)
    @given(
        mass=st.floats(0.01, 1e4),
        limits=st.lists(st.floats(0.0, 1e5), min_size=5, max_size=5),
        pushes=st.lists(st.floats(-500.0, 500.0), min_size=5, max_size=5),
    )
    def test_any_jerk_and_any_limit_converge_and_lose_energy(
        self, mass: float, limits: list[float], pushes: list[float]
    ) -> None:
        sim = block(mass, 1e5, 0.0)
        for limit, push in zip(limits, pushes, strict=True):
            sim.write(ParameterRef("ground", "limit"), limit)
            sim.write(ParameterRef("push", "force"), push * mass)
            sim.advance(10)
        sim.write(ParameterRef("push", "force"), 0.0)
        sim.write(ParameterRef("ground", "limit"), 1e5)
        speeds = []
        for _ in range(200):
            sim.advance(1)
            speeds.append(abs(sim.read(NodeRef("x"))))
        assert sim.unresolved == 0
        assert sim.counters()["halvings"] == 0
        assert all(after <= before + 1e-2 for before, after in itertools.pairwise(speeds))

    @pytest.mark.parametrize("inertias", [(0.01, 0.01), (2.0, 0.003)])
    def test_two_shafts_reach_one_speed_and_stay_together(self, inertias: tuple[float, float]) -> None:
        network = Network()
        for name, inertia, speed in (("a", inertias[0], 100.0), ("b", inertias[1], 0.0)):
            network.add(name, rotating_mass, {"w": name}, {"inertia": inertia}, {"momentum": inertia * speed})
            network.node(name, Domain.ROTATION, speed)
        network.add("clutch", dry_friction_torque, {"a": "a", "b": "b"}, friction_parameters(4.0, 1e-4))
        sim = Simulator(network)
        together = inertias[0] * 100.0 / sum(inertias)
        slipping = 100.0 / (4.0 / inertias[0] + 4.0 / inertias[1])
        sim.advance(max(1, math.floor(0.5 * slipping / sim.step_s)))
        assert sim.read(NodeRef("b")) == pytest.approx(4.0 * sim.time_s / inertias[1], rel=0.01)
        sim.advance(math.ceil(slipping / sim.step_s) + 20)
        assert sim.read(NodeRef("a")) == pytest.approx(together, rel=1e-6)
        assert sim.read(NodeRef("b")) == pytest.approx(together, rel=1e-6)
        assert sim.counters()["halvings"] == 0

    @pytest.mark.parametrize("hertz", [10.0, 14.0])
    def test_a_clutch_that_has_caught_does_not_come_loose(self, hertz: float) -> None:
        """A light half between a heavy shaft that is driven to and fro and a shaft on a soft spring: while the clutch
        sticks, no step takes the slip somewhere that the next one takes it back from."""
        network = Network()
        for name, inertia, speed in (("motor", 1.0, 100.0), ("half", 0.05, 90.0), ("load", 1.0, 90.0)):
            network.add(name, rotating_mass, {"w": name}, {"inertia": inertia}, {"momentum": inertia * speed})
            network.node(name, Domain.ROTATION, speed)
        network.add("clutch", dry_friction_torque, {"a": "motor", "b": "half"}, friction_parameters(80.0, 1e-5))
        network.add("spring", torsion_spring, {"a": "half", "b": "load"}, {"stiffness": 160.0, "damping": 1.0})
        network.add("drive", lab_torque, {"w": "motor"}, {"torque": 0.0})
        sim = Simulator(network, 1e-4)
        slip: list[float] = []
        for step in range(5000):
            torque = 200.0 * math.sin(2.0 * math.pi * hertz * (step + 0.5) * sim.step_s)
            sim.write(ParameterRef("drive", "torque"), torque)
            sim.advance(1)
            slip.append(sim.read(NodeRef("half")) - sim.read(NodeRef("motor")))
        ways = [after - before for before, after in itertools.pairwise(slip)]
        thrown = [w for w, back in itertools.pairwise(ways) if w * back < 0.0 and min(abs(w), abs(back)) > 0.02]
        assert sum(abs(s) < 1e-3 for s in slip) > 500
        assert not thrown


# --- a hoist -------------------------------------------------------------------------------------------------------

CAR = StateRef("G1.car", "position")
HELD_NM_S = 2e5


def hoist(load: float = 0.0, trip_m_s: float = 0.63, **given: Any) -> Rig:
    """A sheave held by a rigid motor, a car and a counterweight, a safety gear."""
    rig = Rig().add("G1", "hoist_load", **given)
    rig.add("T1", "traction_sheave", joined={"car": "G1:car", "counterweight": "G1:counterweight"})
    rig.add("F1", "safety_gear", joined={"car": "G1:car"}, trip_m_s=trip_m_s)
    return rig.motor("T1:shaft", 0.0, HELD_NM_S)


def motor_torque(sim: Simulator) -> float:
    return HELD_NM_S * (sim.read(ParameterRef("motor", "speed")) - sim.read(NodeRef("T1:shaft")))


def rope_slip(sim: Simulator) -> float:
    return sim.read(StateRef("T1.traction", "slip"))


class TestHoist:
    def test_it_hangs_still(self) -> None:
        rig = hoist()
        del rig.network.devices["motor"]
        brake = friction_parameters(800.0, 1e-4)
        rig.network.add("brake", dry_friction_torque, {"a": "T1:shaft", "b": GROUND}, brake)
        sim = rig.start()
        run_for(sim, 2.0)
        at = sim.read(CAR)
        run_for(sim, 3600.0)
        assert sim.read(CAR) == pytest.approx(at, abs=1e-9)
        assert sim.read(StateRef("T1.traction", "car_tension")) == pytest.approx(600.0 * 9.80665, rel=0.02)
        assert sim.read(StateRef("T1.traction", "counterweight_tension")) == pytest.approx(850.0 * 9.80665, rel=0.02)
        assert sim.counters()["halvings"] == 0

    @pytest.mark.parametrize("load", [0.0, 0.4, 1.0])
    def test_the_motor_bears_the_difference_of_the_weights_and_the_friction(self, load: float) -> None:
        """Torque = r ((car + load - counterweight) g ± guide friction) + bearing, at steady speed."""
        rig = hoist(start_m=2.0)
        for speed in (0.9, -0.9):
            sim = rig.start()
            sim.write(ParameterRef("G1.car", "load"), load)
            run_for(sim, 2.0)
            set_parameter(sim, "motor.speed", speed)
            run_for(sim, 4.0)
            sign = math.copysign(1.0, speed)
            guides = 2.0 * (80.0 + 20.0 * 0.16 * 0.9)
            difference = (600.0 + 625.0 * load - 850.0) * 9.80665
            bearing = 2.0 + 0.05 * 0.9
            expected = 0.16 * (difference + sign * guides) + sign * bearing
            assert sim.read(NodeRef("G1:car")) == pytest.approx(0.16 * speed, rel=5e-3)
            assert motor_torque(sim) == pytest.approx(expected, abs=1.5)

    @settings(max_examples=8, deadline=None)
    @given(friction=st.floats(0.05, 0.3), load=st.floats(0.0, 1.0))
    def test_the_ropes_slip_beyond_eulers_limit(self, friction: float, load: float) -> None:
        """At rest the grooves hold while T1/T2 < exp(f α)."""
        rig = Rig().add("G1", "hoist_load", start_m=2.0, guide_n=1.0)
        joined = {"car": "G1:car", "counterweight": "G1:counterweight"}
        rig.add("T1", "traction_sheave", joined=joined, groove_friction=friction).motor("T1:shaft", 0.0, HELD_NM_S)
        sim = rig.start()
        sim.write(ParameterRef("G1.car", "load"), load)
        run_for(sim, 1.5)
        car, other = 600.0 + 625.0 * load, 850.0
        ratio, hold = max(car, other) / min(car, other), math.exp(friction * math.pi)
        assume(abs(ratio / hold - 1.0) > 0.03)
        slipping = abs(rope_slip(sim)) > 0.01
        assert slipping == (ratio > hold)
        assert sim.unresolved == 0

    def test_the_buffer_takes_a_car_that_goes_too_far(self) -> None:
        sim = hoist(start_m=0.5, trip_m_s=5.0).start()
        set_parameter(sim, "motor.speed", -3.0)
        run_for(sim, 4.0)
        set_parameter(sim, "motor.speed", 0.0)
        run_for(sim, 1.0)
        depth = -0.15 - sim.read(CAR)
        assert 0.0 < depth < 0.1
        assert sim.read(StateRef("G1.car", "buffer")) == pytest.approx(2.5e5 * depth, rel=0.01)
        # The counterweight goes on pulling through the slipping ropes, up to Euler's limit.
        car, other = (sim.read(StateRef("T1.traction", f"{side}_tension")) for side in ("car", "counterweight"))
        assert car + 2.5e5 * depth == pytest.approx(600.0 * 9.80665, abs=110.0)
        assert 1.8 < other / car < 1.01 * math.exp(0.24 * math.pi)
        assert "compressed" in words(sim, "G1", Sense.LOOK)

    def test_the_safety_gear_catches_a_fall_at_its_force(self) -> None:
        """Ropes without grip, car loaded: the wedges brake with F - m g and then hold without creeping."""
        sim = hoist(start_m=4.0).start()
        sim.write(ParameterRef("G1.car", "load"), 1.0)
        sim.write(ParameterRef("T1.traction", "rope_stiffness"), 10.0)
        fastest = 0.0
        for _ in range(600):
            sim.advance(1)
            fastest = min(fastest, sim.read(NodeRef("G1:car")))
        assert fastest == pytest.approx(-0.63, abs=0.06)
        assert sim.read(MemoryRef("F1.governor", "tripped")) == 1.0
        assert sim.read(NodeRef("G1:car")) == pytest.approx(0.0, abs=1e-6)
        at = sim.read(CAR)
        run_for(sim, 600.0)
        assert sim.read(CAR) == pytest.approx(at, abs=1e-9)
        assert sim.read(ParameterRef("F1.contact_11_12", "resistance")) > 1e9

    def test_the_wedges_let_go_when_the_car_is_raised(self) -> None:
        sim = hoist(start_m=2.0).start()
        set_parameter(sim, "F1.governor.pushed", 1.0)
        run_for(sim, 0.1)
        set_parameter(sim, "F1.governor.pushed", 0.0)
        set_parameter(sim, "motor.speed", -0.5)
        run_for(sim, 2.0)
        assert sim.read(CAR) == pytest.approx(2.0, abs=0.05)  # caught: the ropes go slack
        set_parameter(sim, "F1.governor.reset", 1.0)
        set_parameter(sim, "motor.speed", 0.8)
        run_for(sim, 3.0)
        assert sim.read(MemoryRef("F1.governor", "engaged")) == 0.0
        set_parameter(sim, "F1.governor.reset", 0.0)
        set_parameter(sim, "motor.speed", -0.8)
        before = sim.read(CAR)
        run_for(sim, 2.0)
        assert sim.read(CAR) < before - 0.15

    @pytest.mark.parametrize("fault", ["F1.trips_early"])
    def test_a_governor_out_of_adjustment_stops_the_normal_run(self, fault: str) -> None:
        for faults, tripped in (((), 0.0), ((fault,), 1.0)):
            sim = hoist(start_m=3.0).start(*faults)
            set_parameter(sim, "motor.speed", -0.3 / 0.16)
            run_for(sim, 3.0)
            assert sim.read(MemoryRef("F1.governor", "tripped")) == tripped

    def test_goods_that_roll_in_are_weighed_by_the_ropes(self) -> None:
        """A signal in kg linked to the car: what the ropes bear grows by its weight."""
        rig = Rig().add("E1", "heat_capacity")  # any parameter will do for the kilograms
        rig.add("G1", "hoist_load", links={"load": ParameterRef("E1.losses", "own")}, start_m=1.0)
        rig.add("T1", "traction_sheave", joined={"car": "G1:car", "counterweight": "G1:counterweight"})
        sim = rig.motor("T1:shaft", 0.0, HELD_NM_S).start()
        run_for(sim, 2.0)
        before = sim.read(StateRef("T1.traction", "car_tension"))
        set_parameter(sim, "E1.losses.own", 300.0)
        run_for(sim, 2.0)
        after = sim.read(StateRef("T1.traction", "car_tension"))
        assert after - before == pytest.approx(300.0 * 9.80665, abs=2.0 * 1.3 * 80.0)
        assert sim.read(MemoryRef("G1.carried", "kg")) == 300.0

    def test_worn_grooves_slip_in_ordinary_use(self) -> None:
        for faults, slips in (((), False), (("T1.grooves_worn",), True), (("T1.ropes_greasy",), True)):
            sim = hoist(start_m=2.0).start(*faults)
            set_parameter(sim, "motor.speed", 1.5)
            run_for(sim, 1.0)
            assert (abs(rope_slip(sim)) > 0.02) == slips
            assert ("squeal" in words(sim, "T1", Sense.LISTEN)) == slips


def words(sim: Simulator, tag: str, sense: Sense) -> str:
    """All that a sense finds at a component of the rig, in English."""
    family = {"T1": "traction_sheave", "G1": "hoist_load", "F1": "safety_gear"}[tag]
    component = catalogue()[family]
    assert component.senses is not None
    return " ".join(p.text.en for p in component.senses(tag, component.defaults(), sim.read) if p.sense is sense)


# --- brakes, clutches, shafts, guides -----------------------------------------------------------------------------


def turning(rig: Rig, node: str, inertia: float, speed: float) -> Rig:
    """A flywheel of its own on a shaft, already turning."""
    rig.network.add(f"wheel {node}", rotating_mass, {"w": node}, {"inertia": inertia}, {"momentum": inertia * speed})
    rig.network.initial[node] = speed
    return rig


class TestBrake:
    def test_it_stops_a_flywheel_in_its_time_and_heats_by_its_energy(self) -> None:
        """w(t) = w0 - M t / J; what the lining takes is J w0² / 2."""
        rig = turning(Rig().add("Y1", "friction_brake"), "Y1:shaft", 3.0 - 2e-3, 60.0)
        sim = rig.start()
        run_for(sim, 1.0)
        assert sim.read(NodeRef("Y1:shaft")) == pytest.approx(60.0 - 60.0 * 1.0 / 3.0, rel=0.01)
        run_for(sim, 2.1)
        assert sim.read(NodeRef("Y1:shaft")) == pytest.approx(0.0, abs=1e-6)
        rise = sim.read(MemoryRef("Y1.brake_lining", "rise"))
        assert rise == pytest.approx(0.5 * 3.0 * 60.0**2 / (200.0 + 8.0 * 60.0), rel=0.02)
        assert sim.counters()["halvings"] == 0

    def test_the_lever_releases_it(self) -> None:
        sim = turning(Rig().add("Y1", "friction_brake"), "Y1:shaft", 1.0, 10.0).start()
        run_for(sim, 1.0)
        set_parameter(sim, "Y1.shoes.lever", 1.0)
        run_for(sim, 0.3)
        assert sim.read(ParameterRef("Y1.brake", "limit")) == 0.0
        set_parameter(sim, "Y1.shoes.lever", 0.0)
        run_for(sim, 0.3)
        assert sim.read(ParameterRef("Y1.brake", "limit")) == pytest.approx(60.0)

    def test_a_link_releases_it_too(self) -> None:
        rig = Rig().add("Y2", "friction_brake")
        rig.add("Y1", "friction_brake", links={"release": ParameterRef("Y2.shoes", "lever")})
        sim = rig.start()
        set_parameter(sim, "Y2.shoes.lever", 1.0)
        run_for(sim, 0.3)
        assert sim.read(MemoryRef("Y1.shoes", "squeeze")) == 0.0

    @pytest.mark.parametrize("fault", ["lining_worn", "lining_greasy", "spring_broken"])
    def test_weak_brakes_let_a_load_creep_down(self, fault: str) -> None:
        for faults, held in (((), True), ((f"Y1.{fault}",), False)):
            rig = Rig().add("Y1", "friction_brake")
            rig.network.add("load", lab_torque, {"w": "Y1:shaft"}, {"torque": -40.0})
            sim = rig.start(*faults)
            run_for(sim, 1.0)
            assert (abs(sim.read(NodeRef("Y1:shaft"))) < 1e-6) == held

    def test_a_lining_that_drags_gets_hot_and_fades(self) -> None:
        rig = Rig().add("Y1", "friction_brake").motor("Y1:shaft", 150.0, 50.0)
        sim = rig.start("Y1.drags")
        set_parameter(sim, "Y1.shoes.lever", 1.0)
        run_for(sim, 120.0)
        assert sim.read(MemoryRef("Y1.brake_lining", "rise")) > 100.0
        healthy = rig.start()
        set_parameter(healthy, "Y1.shoes.lever", 1.0)
        run_for(healthy, 120.0)
        assert healthy.read(MemoryRef("Y1.brake_lining", "rise")) < 10.0
        set_parameter(healthy, "Y1.shoes.lever", 0.0)
        run_for(healthy, 60.0)
        assert healthy.read(ParameterRef("Y1.brake", "limit")) == pytest.approx(0.4 * 60.0, rel=0.01)  # burnt


class TestClutch:
    def clutch(self, volts: float) -> Rig:
        rig = Rig().add("Y1", "clutch").supply("G1", "Y1:+", "Y1:-", volts)
        return turning(turning(rig, "Y1:in", 0.5, 100.0), "Y1:out", 0.5, 0.0)

    def test_two_flywheels_reach_half_the_speed_and_half_the_energy_is_heat(self) -> None:
        sim = self.clutch(24.0).start()
        run_for(sim, 2.0)
        inertia = 0.5 + 1.5e-3  # the half of the clutch started at rest
        assert sim.read(NodeRef("Y1:in")) == pytest.approx(50.0 * 0.5 / inertia, rel=1e-6)
        assert sim.read(NodeRef("Y1:out")) == pytest.approx(50.0 * 0.5 / inertia, rel=1e-6)
        joules = 0.5 * inertia * 100.0**2 - inertia * 50.0**2
        rise = sim.read(MemoryRef("Y1.discs_lining", "rise"))
        assert rise == pytest.approx(joules / (200.0 + 8.0 * 40.0), rel=0.03)

    def test_without_current_the_discs_are_apart(self) -> None:
        sim = self.clutch(0.0).start()
        run_for(sim, 1.0)
        assert sim.read(NodeRef("Y1:out")) == 0.0
        assert sim.read(NodeRef("Y1:in")) == pytest.approx(100.0, rel=4e-3)

    @pytest.mark.parametrize("fault", ["coil_open", "armature_jammed"])
    def test_an_electrical_fault_leaves_them_apart(self, fault: str) -> None:
        sim = self.clutch(24.0).start(f"Y1.{fault}")
        run_for(sim, 1.0)
        assert sim.read(NodeRef("Y1:out")) < 20.0


class TestShaft:
    def test_it_twists_like_a_round_bar(self) -> None:
        """θ = M l / (G Ip), Ip = π d⁴ / 32."""
        rig = Rig().add("T1", "shaft").motor("T1:in", 0.0, 1e7)
        rig.network.add("load", lab_torque, {"w": "T1:out"}, {"torque": -50.0})
        sim = rig.start()
        run_for(sim, 2.0)
        expected = 50.0 * 0.6 / (80e9 * math.pi * 0.03**4 / 32.0)
        assert sim.read(StateRef("T1.body", "twist")) == pytest.approx(expected, rel=1e-3)

    def test_two_inertias_swing_at_their_natural_frequency(self) -> None:
        """w = sqrt(k (1/J1 + 1/J2)), on a shaft without damping."""
        network = Network()
        for node, inertia, speed in (("a", 0.2, 1.0), ("b", 0.1, 0.0)):
            network.add(node, rotating_mass, {"w": node}, {"inertia": inertia}, {"momentum": inertia * speed})
            network.node(node, Domain.ROTATION, speed)
        values = {"stiffness": 300.0, "damping": 0.0, "play": 0.0, "grip": 1.0}
        network.add("shaft", torsion_joint, {"a": "a", "b": "b"}, values)
        sim = Simulator(network, 0.0005)
        twist, crossings = StateRef("shaft", "twist"), []
        before = 0.0
        for k in range(4000):
            sim.advance(1)
            now = sim.read(twist)
            if before < 0.0 <= now:
                crossings.append((k + 1 - now / (now - before)) * 0.0005)
            before = now
        period = (crossings[-1] - crossings[0]) / (len(crossings) - 1)
        assert period == pytest.approx(2.0 * math.pi / math.sqrt(300.0 * (5.0 + 10.0)), rel=2e-3)

    def test_play_is_taken_up_before_torque_passes(self) -> None:
        rig = Rig().add("T1", "shaft").motor("T1:in", 1.0, 100.0)
        rig.network.add("load", dry_friction_torque, {"a": "T1:out", "b": GROUND}, friction_parameters(5.0, 1e-4))
        sim = rig.start("T1.key_loose")
        run_for(sim, 0.04)
        assert sim.read(NodeRef("T1:out")) == pytest.approx(0.0, abs=1e-6)  # 0.06 rad to go at about 1 rad/s
        run_for(sim, 0.3)
        assert sim.read(NodeRef("T1:out")) == pytest.approx(0.95, rel=0.02)

    def test_a_sheared_key_passes_nothing(self) -> None:
        sim = Rig().add("T1", "shaft").motor("T1:in", 100.0, 5.0).start("T1.key_sheared")
        run_for(sim, 2.0)
        assert sim.read(NodeRef("T1:out")) == pytest.approx(0.0, abs=1e-9)


class TestGuides:
    @settings(max_examples=15, deadline=None)
    @given(slope=st.floats(2.0, 90.0), share=st.floats(0.2, 3.0))
    def test_a_carriage_slides_down_where_its_weight_beats_friction(self, slope: float, share: float) -> None:
        pull = 20.0 * 9.80665 * math.sin(math.radians(slope))
        assume(abs(share - 1.0) > 0.05 and abs(share * 1.3 - 1.0) > 0.1)
        rig = Rig().add("G1", "linear_guide", slope_deg=slope, guide_n=share * pull, start_mm=400.0)
        sim = rig.start()
        run_for(sim, 0.05)
        at = sim.read(StateRef("G1.body", "position"))
        run_for(sim, 600.0)
        moved = at - sim.read(StateRef("G1.body", "position"))
        if share * 1.3 > 1.0:
            assert moved == pytest.approx(0.0, abs=1e-5), "but for the elastic bend of the guide"
        else:
            assert moved > 0.1

    def test_a_free_load_falls_as_galileo_says_and_rests_on_its_buffer(self) -> None:
        sim = Rig().add("G1", "vertical_load", guide_n=0.1, start_mm=800.0).start()
        run_for(sim, 0.3)
        fallen = 0.8 - sim.read(StateRef("G1.body", "position"))
        assert fallen == pytest.approx(0.5 * 9.80665 * 0.09, rel=0.01)
        run_for(sim, 5.0)
        assert -sim.read(StateRef("G1.body", "position")) == pytest.approx(80.0 * 9.80665 / 5e5, rel=0.02)

    def test_a_dry_guide_sticks_and_slips(self) -> None:
        rig = Rig().add("G1", "linear_guide")
        rig.network.add("pull", rig_dragged_spring, {"w": "G1:slide"}, {"stiffness": 4000.0, "speed": 0.003})
        speeds = []
        sim = rig.start("G1.guide_dry")
        run_for(sim, 20.0)
        for _ in range(4000):
            sim.advance(1)
            speeds.append(sim.read(NodeRef("G1:slide")))
        assert sum(abs(v) < 1e-4 for v in speeds) > 2000  # most of the time it stands still
        assert max(speeds) > 0.05  # then it jumps


# --- chain, rack, screw --------------------------------------------------------------------------------------------


class TestScrew:
    def lifting(self, lead_mm: float, friction: float, load_n: float, speed: float) -> Rig:
        rig = Rig().add("T1", "lead_screw", lead_mm=lead_mm, friction=friction, preload_n=0.0, bearing_nm=1e-4)
        rig.network.add("load", lab_force, {"w": "T1:nut"}, {"force": -load_n})
        return rig.motor("T1:shaft", speed, 1e4) if speed else rig

    @settings(max_examples=12, deadline=None)
    @given(lead_mm=st.floats(2.0, 20.0), friction=st.floats(0.01, 0.2), speed=st.sampled_from((20.0, -20.0)))
    def test_torque_is_that_of_the_inclined_plane(self, lead_mm: float, friction: float, speed: float) -> None:
        """Up: F r tan(λ + φ); down: F r tan(λ - φ)."""
        sim = self.lifting(lead_mm, friction, 3000.0, speed).start()
        run_for(sim, 1.0)
        slope, phi = math.atan(lead_mm / (math.pi * 18.0)), math.atan(friction)
        expected = 3000.0 * 9e-3 * math.tan(slope + math.copysign(phi, speed))
        torque = 1e4 * (speed - sim.read(NodeRef("T1:shaft"))) - 1e-4 * speed
        assert torque == pytest.approx(expected, rel=2e-3, abs=2e-3)
        assert sim.read(NodeRef("T1:nut")) == pytest.approx(lead_mm * 1e-3 / (2.0 * math.pi) * speed, rel=1e-3)
        assert sim.counters()["halvings"] == 0

    @pytest.mark.parametrize(("lead_mm", "locks"), [(4.0, True), (5.0, True), (7.0, False), (20.0, False)])
    def test_it_locks_itself_where_friction_beats_the_helix(self, lead_mm: float, locks: bool) -> None:
        """µ = 0.10 on 18 mm: the limit lies at a lead of π·18·0.10 = 5.7 mm."""
        sim = self.lifting(lead_mm, 0.10, 3000.0, 0.0).start()
        run_for(sim, 1.0)
        at = sim.read(StateRef("T1.thread", "stretch"))
        run_for(sim, 600.0 if locks else 2.0)
        if locks:
            assert sim.read(NodeRef("T1:nut")) == pytest.approx(0.0, abs=1e-9)
            assert sim.read(StateRef("T1.thread", "stretch")) == pytest.approx(at, abs=1e-9)
        else:
            assert sim.read(NodeRef("T1:nut")) < -0.01

    def test_the_data_sheet_efficiency(self) -> None:
        given_ = {**catalogue()["lead_screw"].defaults(), "friction": 0.10}
        slope = math.atan(4.0 / (math.pi * 18.0))
        assert efficiency(given_) == pytest.approx(math.tan(slope) / math.tan(slope + math.atan(0.10)))
        assert 0.3 < efficiency(given_) < 0.5

    def test_a_stripped_nut_drops_its_load(self) -> None:
        sim = self.lifting(4.0, 0.10, 3000.0, 0.0).start("T1.nut_stripped")
        run_for(sim, 0.2)
        assert sim.read(NodeRef("T1:nut")) < -10.0


class TestChain:
    def test_it_reduces_speed_by_its_teeth(self) -> None:
        sim = Rig().add("T1", "chain_drive").motor("T1:in", 20.0, 50.0).start()
        run_for(sim, 3.0)
        assert sim.read(NodeRef("T1:out")) == pytest.approx(0.5 * sim.read(NodeRef("T1:in")), rel=1e-4)

    @pytest.mark.parametrize(("fault", "jumps"), [("", False), ("T1.stretched", True)])
    def test_a_stretched_chain_jumps_under_load(self, fault: str, jumps: bool) -> None:
        rig = Rig().add("T1", "chain_drive").motor("T1:in", 20.0, 50.0)
        rig.network.add("load", dry_friction_torque, {"a": "T1:out", "b": GROUND}, friction_parameters(60.0, 1e-3))
        sim = rig.start(*filter(None, (fault,)))
        run_for(sim, 3.0)
        assert (sim.read(StateRef("T1.chain", "jumped")) > 1.0) == jumps
        assert (sim.read(MemoryRef("T1.noise", "noise")) > 0.05) == jumps

    def test_a_dry_chain_wastes_power(self) -> None:
        rig = Rig().add("T1", "chain_drive").motor("T1:in", 20.0, 50.0)
        rig.network.add("load", dry_friction_torque, {"a": "T1:out", "b": GROUND}, friction_parameters(60.0, 1e-3))

        def torque(*faults: str) -> float:
            sim = rig.start(*faults)
            run_for(sim, 3.0)
            return 50.0 * (20.0 - sim.read(NodeRef("T1:in")))

        assert torque() == pytest.approx(60.0 / 2.0 * 1.03, rel=0.05)
        assert torque("T1.dry") == pytest.approx(60.0 / 2.0 * 1.45, rel=0.05)


class TestRack:
    def test_the_rack_moves_by_the_pitch_radius(self) -> None:
        sim = Rig().add("T1", "rack_pinion").motor("T1:shaft", 5.0, 100.0).start()
        run_for(sim, 2.0)
        assert sim.read(NodeRef("T1:rack")) == pytest.approx(0.02 * sim.read(NodeRef("T1:shaft")), rel=1e-4)
        assert sim.read(StateRef("T1.mesh", "force")) == pytest.approx(30.0 + 6.0 * 0.1, rel=0.02)

    def test_play_is_lost_motion_on_reversal(self) -> None:
        def lost(*faults: str) -> float:
            """Angle that the pinion turns back before the rack does, as travel of its pitch circle, mm."""
            sim = Rig().add("T1", "rack_pinion").motor("T1:shaft", 1.0, 1000.0).start(*faults)
            run_for(sim, 2.0)
            set_parameter(sim, "motor.speed", -0.2)
            for k in range(4000):
                sim.advance(1)
                if sim.read(NodeRef("T1:rack")) < -0.003:
                    return (k + 1) * sim.step_s * 0.2 * 0.02 * 1e3
            return math.inf

        assert lost() == pytest.approx(0.1, abs=0.05)
        assert lost("T1.teeth_worn") == pytest.approx(4.0, rel=0.05)


class TestEndStopAndSpring:
    @settings(max_examples=10, deadline=None)
    @given(speed=st.floats(0.1, 1.0))
    def test_a_stop_gives_back_what_its_loss_factor_leaves(self, speed: float) -> None:
        """Without loss the rebound is the impact speed; Hunt-Crossley: about 1 - 2/3 a v for soft hits."""

        def rebound(loss: float) -> float:
            rig = Rig().add("G1", "end_stop", at_mm=1.0, loss_s_m=loss, stiffness_n_m=2e4)
            rig.network.add("mass", moving_mass, {"w": "G1:slide"}, {"mass": 5.0}, {"momentum": 5.0 * speed})
            rig.network.initial["G1:slide"] = speed
            sim = rig.start(step_s=0.0005)
            run_for(sim, 0.15 + 0.002 / speed)
            return -sim.read(NodeRef("G1:slide")) / speed

        assert rebound(0.0) == pytest.approx(1.0, abs=0.02)
        soft = 0.2 / speed
        assert rebound(soft) == pytest.approx(1.0 - 2.0 / 3.0 * 0.2, abs=0.03)

    def test_a_mass_on_a_spring_swings_at_its_frequency(self) -> None:
        rig = Rig().add("G1", "spring", preload_n=60.0)
        rig.network.add("mass", moving_mass, {"w": "G1:a"}, {"mass": 10.0 - 0.1})
        rig.network.add("wall", rig_held, {"w": "G1:b"}, {"stiffness": 1e9})
        sim = rig.start(step_s=0.001)
        force, turns, before = StateRef("G1.coil", "stretch"), 0, 1.0
        for _ in range(5000):
            sim.advance(1)
            now = sim.read(force)
            turns += before < 0.0 <= now
            before = now
        assert turns / 5.0 == pytest.approx(math.sqrt(12000.0 / 10.0) / (2.0 * math.pi), rel=0.05)


# --- vibration -----------------------------------------------------------------------------------------------------


class TestVibration:
    def test_frequencies_of_a_6205(self) -> None:
        """Catalogue of the bearing, in orders of rotation: FTF 0.398, BPFO 3.585, BPFI 5.415, BSF 2.357."""
        bearing = BearingGeometry(9, 7.94, 39.04)
        assert bearing.cage == pytest.approx(0.398, abs=1e-3)
        assert bearing.outer == pytest.approx(3.585, abs=2e-3)
        assert bearing.inner == pytest.approx(5.415, abs=2e-3)
        assert bearing.ball == pytest.approx(2.357, abs=2e-3)

    @given(elements=st.integers(4, 30), ball=st.floats(2.0, 30.0), share=st.floats(2.5, 12.0), angle=st.floats(0, 45))
    def test_the_two_races_share_all_passages(self, elements: int, ball: float, share: float, angle: float) -> None:
        """BPFO + BPFI = n, and the cage is slower than half a turn."""
        bearing = BearingGeometry(elements, ball, ball * share, angle)
        assert bearing.outer + bearing.inner == pytest.approx(elements)
        assert bearing.cage < 0.5

    def test_zones_of_the_standard(self) -> None:
        assert [zone(v) for v in (0.5, 1.0, 2.5, 6.0)] == ["A", "B", "C", "D"]

    def running(self, *faults: str, degree: float = 1.0, coupled: bool = False) -> Simulator:
        rig = Rig()
        if coupled:
            rig.add("C1", "coupling").motor("C1:in", 157.0, 5.0)
            links = {"misalignment": MemoryRef("C1.alignment", "offset")}
            rig.add("B1", "rolling_bearing", links=links, joined={"shaft": "C1:out"})
        else:
            rig.add("B1", "rolling_bearing").motor("B1:shaft", 157.0, 5.0)
        sim = rig.start(*faults, degree=degree)
        run_for(sim, 3.0)
        return sim

    def test_a_sound_bearing_is_in_zone_a_and_a_spalled_one_in_d(self) -> None:
        rms = MemoryRef("B1.vibration", "rms")
        assert zone(self.running().read(rms)) == "A"
        assert zone(self.running("B1.outer_defect").read(rms)) == "D"
        assert zone(self.running("B1.outer_defect", degree=0.3).read(rms)) in "BC"
        assert zone(self.running("B1.bolts_loose").read(rms)) == "D"

    @pytest.mark.parametrize(("part", "order"), [("outer", 3.585), ("inner", 5.415), ("cage", 0.398)])
    def test_the_spectrum_names_the_part(self, part: str, order: float) -> None:
        sim = self.running(f"B1.{part}_defect")
        bearing = geometry(catalogue()["rolling_bearing"].defaults())
        lines = spectrum("B1", "B1:shaft", sim.read, bearing)
        hertz, level, name = max(lines, key=lambda line: line[1])
        assert name == part
        assert hertz == pytest.approx(order * sim.read(NodeRef("B1:shaft")) / (2.0 * math.pi), rel=1e-3)
        assert level > 3.0

    def test_a_misaligned_coupling_shakes_the_bearing_it_is_linked_to(self) -> None:
        misaligned = MemoryRef("B1.vibration", "misaligned")
        assert self.running(coupled=True).read(misaligned) == 0.0
        assert self.running("C1.misaligned", coupled=True).read(misaligned) == pytest.approx(12.0, rel=0.05)

    @pytest.mark.parametrize(("degree", "found"), [(0.0, "A"), (0.5, "C"), (1.0, "D")])
    def test_the_bearings_of_every_shaft_shake_when_worn(self, degree: float, found: str) -> None:
        """A gearbox whose output turns fast enough to be judged by the standard."""
        rig = Rig().add("T1", "gearbox", ratio=1.2).motor("T1:in", 157.0, 20.0)
        sim = rig.start("T1.output_bearing_worn", degree=degree)
        run_for(sim, 3.0)
        assert zone(sim.read(MemoryRef("T1.output_vibration", "rms"))) == found

    def test_a_defect_also_rubs_and_heats(self) -> None:
        def rise(*faults: str) -> float:
            sim = self.running(*faults)
            run_for(sim, 300.0)
            return sim.read(MemoryRef("B1.shaft_heat", "rise"))

        assert rise("B1.dry") > 3.0 * rise()

    def test_unbalance_grows_with_the_speed_as_the_standard_says(self) -> None:
        """e w of ISO 21940-11, times the rotor's share of the mass, RMS."""
        sim = Rig().add("J1", "flywheel").motor("J1:shaft", 157.0, 50.0).start("J1.unbalanced")
        run_for(sim, 5.0)
        speed = sim.read(NodeRef("J1:shaft"))
        expected = 0.4 * 0.4 * speed / math.sqrt(2.0)
        assert sim.read(MemoryRef("J1.vibration", "unbalance")) == pytest.approx(expected, rel=1e-6)


# --- a whole hoist -------------------------------------------------------------------------------------------------


def machine(load: float) -> Simulator:
    """Motor torque, brake, gearbox 40:1, sheave, car and counterweight, safety gear."""
    rig = Rig().add("G1", "hoist_load", start_m=2.0)
    rig.add("T1", "traction_sheave", joined={"car": "G1:car", "counterweight": "G1:counterweight"})
    rig.add("F1", "safety_gear", joined={"car": "G1:car"})
    rig.add("R1", "gearbox", joined={"out": "T1:shaft"}, ratio=40.0, efficiency=0.85, drag_nm=0.2)
    rig.add("Y1", "friction_brake", joined={"shaft": "R1:in"})
    rig.network.add("M1", lab_torque, {"w": "R1:in"}, {"torque": 0.0})
    sim = rig.start()
    set_parameter(sim, "G1.car.load", load)
    run_for(sim, 5.0)
    return sim


class TestWholeHoist:
    @pytest.mark.parametrize("load", [0.0, 0.4, 1.0])
    def test_the_brake_holds_it_for_an_hour_without_trouble(self, load: float) -> None:
        """Nothing creeps, no step is halved, and a machine at rest costs two iterations a step."""
        sim = machine(load)
        at, before = sim.read(CAR), sim.counters()
        run_for(sim, 3600.0)
        after = sim.counters()
        assert sim.read(CAR) == pytest.approx(at, abs=NO_CREEP_M)
        assert after["halvings"] == 0
        assert after["iterations"] - before["iterations"] < 2.1 * (after["steps"] - before["steps"])

    @pytest.mark.parametrize(("load", "direction"), [(0.0, 1.0), (1.0, -1.0)])
    def test_released_it_runs_away_with_the_heavier_side_until_the_gear_trips(
        self, load: float, direction: float
    ) -> None:
        sim = machine(load)
        set_parameter(sim, "Y1.shoes.lever", 1.0)
        run_for(sim, 0.4)
        assert direction * sim.read(NodeRef("G1:car")) > 0.2
        run_for(sim, 6.0)
        assert sim.read(MemoryRef("F1.governor", "tripped")) == 1.0
        assert abs(sim.read(NodeRef("G1:car"))) < 1e-6

    def test_balanced_it_stays_without_a_brake(self) -> None:
        """Car and counterweight differ by less than what the gearbox rubs."""
        sim = machine(0.4)
        at = sim.read(CAR)
        set_parameter(sim, "Y1.shoes.lever", 1.0)
        run_for(sim, 30.0)
        assert sim.read(CAR) == pytest.approx(at, abs=1e-3)
