"""Mechanics: exact friction, loads, drives, brakes, against closed forms; then whole drives on the real engine."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.components.mechanical.dry_friction import dry_friction, dry_friction_torque, friction_parameters
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.physics.law import Domain, law
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")


@law({"w": Domain.TRANSLATION}, ("force",), ("travel",))
def rig_push(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A force in N, and the travel of what it pushes, m."""
    return {"w": -p.force}, {"travel": s.travel + ah * v.w}


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


class TestDryFriction:
    @pytest.mark.parametrize(("mass", "limit"), [(0.2, 5.0), (100.0, 1000.0), (3000.0, 25000.0)])
    def test_a_held_load_does_not_creep_in_an_hour(self, mass: float, limit: float) -> None:
        sim = block(mass, limit, 0.95 * limit)
        sim.advance(200)
        settled = sim.read(TRAVEL)
        sim.advance(round(3600.0 / sim.step_s))
        assert 0.95e-5 <= settled < 5e-5  # the bristles bend, and give a little under the sudden load
        assert abs(sim.read(TRAVEL) - settled) < 1e-12
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
        assert sim.read(NodeRef("x")) == pytest.approx(3.1, rel=0.03)  # (131 - 100) / 10 m/s²
        sim.write(ParameterRef("push", "force"), 90.0)
        sim.advance(1000)
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
        pushes=st.lists(st.floats(-1e5, 1e5), min_size=5, max_size=5),
    )
    def test_any_jerk_and_any_limit_converge_and_lose_energy(
        self, mass: float, limits: list[float], pushes: list[float]
    ) -> None:
        sim = block(mass, 1e5, 0.0)
        for limit, push in zip(limits, pushes, strict=True):
            sim.write(ParameterRef("ground", "limit"), limit)
            sim.write(ParameterRef("push", "force"), push * min(1.0, mass))
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
