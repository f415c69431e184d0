"""Vacuum: ejector, suction cup and switch on the real engine, against their sheets and closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.electrical.conductor import resistor
from etabli.components.mechanical.elastic import GRAVITY
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.vacuum_ejector import ejector
from etabli.components.sources import lab_slide
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

ANR = 1.185
G_PER_DM3_BAR = 100.0 / (0.28705 * 293.15)
CUP_CM2 = math.pi / 4.0 * 4.0**2
SUCTION = 24.0 / 60.0 / 0.88  # dm³/(s·bar): 24 l/min ANR drawn at no vacuum, nothing at -0.88 bar


def depth(sim: Simulator, node: str = "2P1:V") -> float:
    return ATMOSPHERE_BAR - sim.read(NodeRef(node))


def vacuum(
    *faults: str, pressure: float = 4.5, reservoir_l: float = 0.0, step_s: float = 0.005, **cup: float
) -> Simulator:
    """An ejector fed at ``pressure`` bar draws on a cup, or on an empty receiver of ``reservoir_l`` litres."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=pressure).add("2P1", "vacuum_ejector")
    rig.pipe("0Z0:1", "2P1:1", 2.0)
    if reservoir_l:
        rig.add("2T1", "air_receiver", volume_l=reservoir_l, start_water_cm3=0.0, humidity=0.0)
        rig.pipe("2T1:2", "2P1:V", 50.0)
    else:
        rig.add("2U1", "suction_cup", **cup).add("2B1", "vacuum_switch")
        rig.pipe("2U1:V", "2P1:V", 1.0).pipe("2B1:P", "2P1:V", 1.0)
        rig.supply("G1", "2B1:BN", "2B1:BU", 24.0)
        rig.network.add("input", resistor, {"a": "2B1:BK", "b": "2B1:BU"}, {"resistance": 8000.0})
    return rig.start(*faults, step_s=step_s)


def gripped(*faults: str, **given_values: float) -> Simulator:
    """A part under the cup, three seconds later."""
    sim = vacuum(*faults, **given_values)
    set_parameter(sim, "2U1.part.position", 1.0)
    run_for(sim, 3.0)
    return sim


# --------------------------------------------------------------------------------------------------------- ejector


@given(st.floats(0.2, 1.0))
def test_suction_falls_in_a_straight_line_with_the_vacuum(pressure: float) -> None:
    rated = 0.133 * ANR * 5.513 / 1.05
    values = {"nozzle": 0.133, "suction": SUCTION, "depth": 0.88, "rated_jet": rated}
    _, states = ejector.evaluate({"p1": 5.513, "pv": pressure, "p3": 1.0}, values)
    assert states["drawn"] == pytest.approx(ANR * SUCTION * (pressure - 0.12), rel=1e-6)
    assert states["jet"] == pytest.approx(0.133 * ANR * 5.513, rel=1e-4)


def test_a_closed_ejector_reaches_the_vacuum_of_its_sheet() -> None:
    sim = gripped(porosity=0.0)
    assert depth(sim) == pytest.approx(0.88, abs=0.012)  # its silencer takes some millibars


def test_a_volume_is_emptied_exponentially() -> None:
    """Straight suction line: p - p_end decays with V rho / (S rho0)."""
    sim = vacuum(reservoir_l=5.0)
    run_for(sim, 2.0)
    start, end = sim.read(NodeRef("2T1.tank")), ATMOSPHERE_BAR - 0.88 + 0.008
    run_for(sim, 10.0)
    constant = 5.035 * G_PER_DM3_BAR / (SUCTION * ANR)
    expected = end + (start - end) * math.exp(-10.0 / constant)
    assert sim.read(NodeRef("2T1.tank")) == pytest.approx(expected, abs=0.01)


def test_a_weak_supply_draws_a_weak_vacuum_and_a_strong_one_no_more() -> None:
    weak, strong = gripped(pressure=2.5, porosity=0.0), gripped(pressure=7.0, porosity=0.0)
    assert depth(weak) == pytest.approx(0.88 * 1.05 * 3.5 / 5.513, abs=0.02)
    assert depth(strong) == pytest.approx(0.88, abs=0.02)


def test_without_air_the_vacuum_is_lost_through_the_diffuser() -> None:
    sim = gripped()
    set_parameter(sim, "0Z0.handle.position", 0.0)
    run_for(sim, 3.0)
    assert depth(sim) < 0.01


@pytest.mark.parametrize(
    "fault",
    ["2P1.nozzle_clogged", "2P1.silencer_clogged", "2P1.diffuser_worn", "2P1.leak", "2U1.lip_worn", "2U1.part_porous",
     "2U1.leak", "0Z0.low_pressure"],
)  # fmt: skip
def test_faults_that_ruin_the_vacuum(fault: str) -> None:
    assert depth(gripped(fault)) < 0.5
    assert depth(gripped()) > 0.85


# ------------------------------------------------------------------------------------------------------------- cup


def test_the_force_is_the_pressure_difference_times_the_area() -> None:
    sim = gripped()
    force = sim.read(StateRef("2U1.contact", "held"))
    assert force == pytest.approx(10.0 * CUP_CM2 * depth(sim, "2U1.cup"), rel=1e-3)
    assert 105.0 < force < 112.0


def test_a_leak_settles_where_the_ejector_draws_as_much() -> None:
    """Leak C = 0.1 dm³/(s·bar), b = 0.5 from the workshop against the straight suction line."""
    sim = gripped(porosity=0.1)

    def balance(p: float) -> float:
        over = max(p / ATMOSPHERE_BAR - 0.5, 0.0) / 0.5
        return 0.1 * ATMOSPHERE_BAR * math.sqrt(1.0 - over * over) - SUCTION * (p - (ATMOSPHERE_BAR - 0.88 + 0.008))

    assert sim.read(NodeRef("2U1.cup")) == pytest.approx(brentq(balance, 0.1, 1.0), abs=0.02)


def lift(sim: Simulator, seconds: float = 1.0) -> bool:
    set_parameter(sim, "2U1.lift.position", 1.0)
    run_for(sim, seconds)
    return sim.read(MemoryRef("2U1.grip", "lifted")) > 0.5


def test_it_lifts_what_it_can_hold_and_no_more() -> None:
    """109 N less the acceleration: m (g + 2) < 109 N is 9.2 kg, less what the rubber swings."""
    assert lift(gripped(part_kg=8.4))
    heavy = gripped(part_kg=9.4)
    assert not lift(heavy)
    assert heavy.read(MemoryRef("2U1.grip", "dropped")) == 1.0
    assert depth(heavy) < 0.1  # an open cup


@given(st.floats(0.05, 8.0), st.sampled_from([0.5, 2.0, 5.0]))
@settings(max_examples=15, deadline=None)
def test_the_lip_carries_the_weight_and_the_acceleration(part_kg: float, acceleration: float) -> None:
    """m (g + a) while it is raised, with a swing of the rubber that is at most as large again; m g when it hangs."""
    sim = gripped(part_kg=part_kg, acceleration=acceleration)
    held = sim.read(StateRef("2U1.contact", "held"))
    assert sim.read(MemoryRef("2U1.grip", "lifted")) == 0.0, "drawn up by the rubber alone"
    set_parameter(sim, "2U1.lift.position", 1.0)
    most = 0.0
    for _ in range(200):
        sim.advance(1)
        most = max(most, sim.read(StateRef("2U1.contact", "pull")))
    if part_kg * (GRAVITY + 2.0 * acceleration) < held:
        assert part_kg * (GRAVITY + 0.95 * acceleration) < most < part_kg * (GRAVITY + 2.0 * acceleration)
        assert sim.read(StateRef("2U1.contact", "pull")) == pytest.approx(part_kg * GRAVITY, rel=0.02)
        assert sim.read(MemoryRef("2U1.grip", "lifted")) == 1.0
    assert sim.unresolved == 0


def on_an_axis(part_kg: float, speed: float) -> Simulator:
    """The cup 20 mm over a part, on an axis that a stiff drive moves at ``axis.speed`` m/s."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=4.5).add("2P1", "vacuum_ejector")
    rig.add("2U1", "suction_cup", moved_by="axis", start_mm=20.0, part_kg=part_kg, porosity=0.0)
    rig.pipe("0Z0:1", "2P1:1", 2.0).pipe("2U1:V", "2P1:V", 1.0)
    rig.network.add("axis", lab_slide, {"w": "2U1:arm"}, {"speed": -speed, "stiffness": 1e5})
    sim = rig.start()
    set_parameter(sim, "2U1.part.position", 1.0)
    run_for(sim, 0.021 / speed)
    set_parameter(sim, "axis.speed", 0.0)
    run_for(sim, 3.0)
    return sim


def test_an_axis_brings_it_down_and_takes_the_part_along() -> None:
    sim = on_an_axis(5.0, 0.05)
    assert depth(sim, "2U1.cup") > 0.85, "the lip closes on the part"
    set_parameter(sim, "axis.speed", 0.05)
    run_for(sim, 1.0)
    assert sim.read(StateRef("2U1.body", "position")) == pytest.approx(0.05, abs=0.004)
    assert sim.read(StateRef("2U1.contact", "pull")) == pytest.approx(5.0 * GRAVITY, rel=0.01)


def test_pulled_off_a_part_too_heavy_it_lets_go_at_the_force_of_its_vacuum() -> None:
    sim = on_an_axis(50.0, 0.05)
    held = 10.0 * CUP_CM2 * depth(sim, "2U1.cup")
    set_parameter(sim, "axis.speed", 0.002)
    pulls = []
    for _ in range(800):
        sim.advance(1)
        pulls.append(sim.read(StateRef("2U1.contact", "pull")))
    assert max(pulls) == pytest.approx(held, rel=0.01)
    assert pulls[-1] < 0.1 * held
    assert sim.read(StateRef("2U1.body", "position")) < 0.0, "the part has never left its table"
    assert sim.unresolved == 0


def test_a_part_falls_when_the_air_fails_and_the_next_one_can_be_taken() -> None:
    sim = gripped(part_kg=5.0)
    assert lift(sim)
    set_parameter(sim, "0Z0.handle.position", 0.0)
    run_for(sim, 3.0)
    assert sim.read(MemoryRef("2U1.grip", "dropped")) == 1.0
    set_parameter(sim, "0Z0.handle.position", 1.0)
    for name, value in (("lift", 0.0), ("part", 0.0), ("part", 1.0)):
        set_parameter(sim, f"2U1.{name}.position", value)
        run_for(sim, 2.0)
    assert lift(sim)


def test_a_check_valve_keeps_the_part_when_the_ejector_stops() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=4.5).add("2P1", "vacuum_ejector")
    rig.add("2V1", "air_check_valve", cracking_bar=0.01).add("2U1", "suction_cup", porosity=0.0, part_kg=3.0)
    rig.pipe("0Z0:1", "2P1:1", 2.0).pipe("2U1:V", "2V1:1").pipe("2V1:2", "2P1:V")
    sim = rig.start()
    set_parameter(sim, "2U1.part.position", 1.0)
    run_for(sim, 5.0)
    assert lift(sim)
    set_parameter(sim, "0Z0.handle.position", 0.0)
    run_for(sim, 20.0)
    assert depth(sim) < 0.05
    assert sim.read(MemoryRef("2U1.grip", "lifted")) == 1.0


def test_a_hardened_cup_holds_less() -> None:
    assert not lift(gripped("2U1.hardened", part_kg=5.0))
    assert lift(gripped(part_kg=5.0))


# ---------------------------------------------------------------------------------------------------------- switch


def output(sim: Simulator) -> bool:
    return sim.read(NodeRef("2B1:BK")) > 12.0


def test_the_switch_closes_at_its_set_point_and_opens_lower() -> None:
    sim = vacuum(step_s=0.001)
    assert not output(sim)
    set_parameter(sim, "2U1.part.position", 1.0)
    assert time_until(sim, NodeRef("2B1:BK"), 12.0, 3.0) is not None
    assert depth(sim, "2B1.cell") == pytest.approx(0.6, abs=0.05)
    run_for(sim, 2.0)
    set_parameter(sim, "0Z0.handle.position", 0.0)
    while output(sim):
        sim.advance(1)
        assert sim.time_s < 20.0
    assert depth(sim, "2B1.cell") == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    "fault", ["2B1.set_too_deep", "2B1.drift", "2B1.port_clogged", "2B1.dead", "2B1.stuck_off", "2U1.lip_worn"]
)
def test_faults_that_hide_a_part_from_the_controller(fault: str) -> None:
    assert not output(gripped(fault))
    assert output(gripped())


def test_a_set_point_too_shallow_reports_a_part_that_is_badly_held() -> None:
    sim = gripped("2B1.set_too_low", porosity=0.35)
    assert depth(sim) < 0.5
    assert output(sim)


def test_a_blocked_cup_shows_a_vacuum_that_holds_nothing() -> None:
    """The trap of vacuum switches: the sensor is on the ejector's side of the dirt."""
    sim = gripped("2U1.blocked", part_kg=1.0)
    assert output(sim)
    assert not lift(sim)
    assert sim.read(StateRef("2P1.jet", "drawn")) < 0.02
