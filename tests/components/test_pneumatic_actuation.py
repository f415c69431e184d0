"""3/2 and 5/3 valves and the single-acting cylinder on the real engine, against their sheets and free bodies."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

ROD = MemoryRef("1A1.rod_reading", "fraction")
POSITION = StateRef("1A1.chambers", "position")


def single_acting(
    *faults: str, rest: str = "closed", pressure: float = 6.0, degree: float = 1.0, **cylinder: float
) -> Simulator:
    """A 3/2 valve feeds a single-acting cylinder."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=pressure).add("1V1", "valve_3_2", rest=rest)
    rig.add("1A1", "single_acting_cylinder", **cylinder).add("1V9", "silencer")
    rig.pipe("0Z0:1", "1V1:1", 2.2).pipe("1V1:2", "1A1:A").pipe("1V1:3", "1V9:1", 8.0)
    sim = rig.start(*faults, degree=degree)
    run_for(sim, 1.0)
    return sim


def push(sim: Simulator, held: bool = True, seconds: float = 1.0) -> None:
    set_parameter(sim, "1V1.armature.pushed", float(held))
    run_for(sim, seconds)


def test_the_rod_follows_the_valve_and_the_spring_brings_it_back() -> None:
    sim = single_acting()
    assert sim.read(ROD) == 0.0
    push(sim)
    assert sim.read(ROD) > 0.99
    push(sim, held=False)
    assert sim.read(ROD) == 0.0
    assert sim.unresolved == 0


def test_a_normally_open_valve_works_the_other_way_round() -> None:
    sim = single_acting(rest="open")
    assert sim.read(ROD) > 0.99
    push(sim)
    assert sim.read(ROD) == 0.0


def test_the_spring_return_takes_the_time_of_a_free_body() -> None:
    """Chamber open to the air, no seal friction: m x'' = -(F0 + k x), from rest at full stroke, until it is home."""
    stroke, first, last, mass = 0.05, 25.0, 55.0, 2.0
    rig = Rig().add("1A1", "single_acting_cylinder", start=1.0, friction_bar=0.02, mass_kg=mass, port_conductance=60.0)
    rig.add("1V9", "silencer", conductance=30.0).pipe("1A1:A", "1V9:1", 60.0)
    sim = rig.start(step_s=0.0005)
    home = time_until(sim, MemoryRef("1A1.rod_reading", "knock"), 0.0, 2.0)

    def free_body(_: float, y: list[float]) -> list[float]:
        friction = 10.0 * 0.02 * 8.042 * (1.0 + 2.0 * abs(y[1]))  # 0.02 bar on the piston, 2 s/m viscous
        return [y[1], (friction - first - (last - first) * y[0] / stroke) / mass]

    def arrives(_: float, y: list[float]) -> float:
        return y[0]

    arrives.terminal = True  # type: ignore[attr-defined]
    expected = solve_ivp(free_body, (0.0, 2.0), [stroke, 0.0], events=arrives, rtol=1e-8, atol=1e-10).t[-1]
    assert home == pytest.approx(expected, rel=0.04)


@pytest.mark.parametrize("fault", ["1A1.spring_broken", "1A1.seized"])
def test_faults_that_keep_the_rod_out(fault: str) -> None:
    sim = single_acting(start=1.0)
    push(sim)
    assert sim.read(ROD) > 0.99
    sim = single_acting(fault, start=1.0, load_n=0.0)
    push(sim)
    push(sim, held=False)
    assert sim.read(ROD) > 0.5


def test_a_blocked_breather_makes_a_spring_of_the_air_before_the_piston() -> None:
    """At 3 bar the rod stops where Boyle's law in the closed chamber balances the air behind the piston."""
    sim = single_acting("1A1.breather_blocked", pressure=3.0, friction_bar=0.02)
    set_parameter(sim, "1A1.breather.opening", 1e-9)
    push(sim, seconds=3.0)
    full, rod_side = math.pi / 4.0 * 3.2**2, math.pi / 4.0 * (3.2**2 - 1.2**2)
    dead = 0.5 * full + 2.0 + 2.0  # cm³: end cap, port, and the volume of the blocked breather

    def force(x: float) -> float:
        air = ATMOSPHERE_BAR * (rod_side * 5.0 + dead) / (rod_side * (5.0 - x) + dead)
        return 10.0 * (3.0 * full - (air - ATMOSPHERE_BAR) * rod_side) - 25.0 - 30.0 * x / 5.0

    assert 5.0 * sim.read(ROD) == pytest.approx(brentq(force, 0.1, 5.0), abs=0.1)
    assert sim.read(ROD) < 0.95


def test_a_worn_piston_seal_blows_at_the_breather() -> None:
    sim = single_acting("1A1.piston_seal")
    push(sim)
    leak = sim.read(NodeRef("1A1.B")) - ATMOSPHERE_BAR
    assert leak > 1e-4
    sound = single_acting()
    push(sound)
    assert sound.read(NodeRef("1A1.B")) - ATMOSPHERE_BAR < 1e-6


def test_the_spool_of_a_valve_that_is_jammed_or_blocked_does_not_feed() -> None:
    for fault in ("1V1.spool_stuck", "1V1.pilot_blocked", "1V1.armature_jammed"):
        sim = single_acting(fault)
        push(sim)
        assert sim.read(ROD) == 0.0, fault


def test_dirt_under_the_seat_lets_air_to_the_exhaust_at_rest() -> None:
    sim, sound = single_acting("1V1.seat_dirty"), single_acting()
    assert sim.read(NodeRef("1V1:3")) > ATMOSPHERE_BAR + 0.1
    assert sound.read(NodeRef("1V1:3")) == pytest.approx(ATMOSPHERE_BAR, abs=1e-4)


# ------------------------------------------------------------------------------------------------------- 5/3 valve


def three_positions(centre: str, *faults: str, exhaust: float = 0.3) -> Simulator:
    """A 5/3 valve moves a double-acting cylinder without load at 6 bar; ``exhaust`` throttles its way out."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=6).add("1V1", "valve_5_3", centre=centre)
    rig.add("1A1", "cylinder").add("Z3", "silencer").add("Z5", "silencer")
    rig.pipe("0Z0:1", "1V1:1").pipe("1V1:4", "1A1:A").pipe("1V1:2", "1A1:B")
    rig.pipe("1V1:3", "Z3:1", exhaust).pipe("1V1:5", "Z5:1", exhaust)
    sim = rig.start(*faults)
    run_for(sim, 0.5)
    return sim


def pilot(sim: Simulator, side: str, held: bool, seconds: float) -> None:
    set_parameter(sim, f"1V1.armature_{side}.pushed", float(held))
    run_for(sim, seconds)


@pytest.mark.parametrize("centre", ["closed", "exhaust", "pressure"])
def test_each_pilot_moves_the_rod_its_own_way(centre: str) -> None:
    sim = three_positions(centre)
    pilot(sim, "14", True, 1.5)
    assert sim.read(ROD) > 0.99
    pilot(sim, "14", False, 0.3)
    assert sim.read(MemoryRef("1V1.spool", "position")) == 0.0
    pilot(sim, "12", True, 1.5)
    assert sim.read(ROD) == 0.0
    assert sim.unresolved == 0


def half_way(centre: str) -> Simulator:
    """Home with pilot 12, then pilot 14 until the rod is at 40 %, slowly, on its exhaust air; then the centre."""
    sim = three_positions(centre, exhaust=0.05)
    pilot(sim, "12", True, 2.0)
    pilot(sim, "12", False, 0.0)
    set_parameter(sim, "1V1.armature_14.pushed", 1.0)
    assert time_until(sim, ROD, 0.4, 5.0) is not None
    pilot(sim, "14", False, 6.0)
    return sim


def test_a_closed_centre_stops_the_rod_on_its_air() -> None:
    sim = half_way("closed")
    stopped = sim.read(ROD)
    assert 0.4 < stopped < 0.7
    assert sim.read(NodeRef("1A1.chamber_a")) > 2.0
    assert sim.read(NodeRef("1A1.chamber_b")) > 2.0
    run_for(sim, 5.0)
    assert sim.read(ROD) == pytest.approx(stopped, abs=0.01)


def test_an_exhaust_centre_empties_both_chambers() -> None:
    sim = half_way("exhaust")
    for chamber in ("chamber_a", "chamber_b"):
        assert sim.read(NodeRef(f"1A1.{chamber}")) == pytest.approx(ATMOSPHERE_BAR, abs=0.02)


def test_a_pressure_centre_pushes_the_rod_out_by_the_area_of_the_rod() -> None:
    """Equal pressures on unequal faces: (A - a) p acts on the rod's section only; 6 bar on 12 mm is 68 N."""
    sim = half_way("pressure")
    assert sim.read(NodeRef("1A1.chamber_a")) == pytest.approx(7.013, abs=0.05)
    assert sim.read(NodeRef("1A1.chamber_b")) == pytest.approx(7.013, abs=0.05)
    assert sim.read(ROD) > 0.99


def test_a_broken_centring_spring_leaves_the_spool_where_the_pilot_put_it() -> None:
    sim = three_positions("closed", "1V1.spring_broken_14")
    pilot(sim, "14", True, 0.5)
    pilot(sim, "14", False, 0.5)
    assert sim.read(MemoryRef("1V1.spool", "position")) == 1.0
    pilot(sim, "12", True, 0.5)
    pilot(sim, "12", False, 0.5)
    assert sim.read(MemoryRef("1V1.spool", "position")) == 0.0


def test_both_pilots_together_move_nothing() -> None:
    sim = three_positions("closed")
    set_parameter(sim, "1V1.armature_12.pushed", 1.0)
    pilot(sim, "14", True, 0.5)
    assert sim.read(MemoryRef("1V1.spool", "position")) == 0.0


def test_without_pressure_the_pilots_do_nothing() -> None:
    sim = three_positions("exhaust", "0Z0.no_pressure")
    run_for(sim, 2.0)
    pilot(sim, "14", True, 0.5)
    assert sim.read(MemoryRef("1V1.spool", "position")) == 0.0
