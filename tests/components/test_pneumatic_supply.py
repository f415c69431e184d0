"""Compressor, receiver, check valve and quick exhaust on the real engine, against formulas written out here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.catalogue import catalogue
from etabli.components.component import Sense
from etabli.components.pneumatic.air_receiver import moisture
from etabli.components.pneumatic.compressor import piston_compressor
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

G_PER_DM3_BAR = 100.0 / (0.28705 * 293.15)
ANR = 1.185
TANK = NodeRef("0T1.tank")


def heard(sim: Simulator, rig: Rig, tag: str) -> str:
    component = catalogue()[rig.families[tag]]
    assert component.senses is not None
    found = component.senses(tag, rig.parameters[tag], sim.read)
    return " ".join(p.text.en for p in found if p.sense is Sense.LISTEN)


# -------------------------------------------------------------------------------------------------------- receiver


def fed_tank(*faults: str, conductance: float = 0.5, **receiver: float) -> tuple[Simulator, Rig]:
    """A network at 7 bar fills a 10-litre receiver through a narrow pipe."""
    rig = Rig().add("0Z0", "compressed_air_supply").add("0T1", "air_receiver", **{"volume_l": 10.0, **receiver})
    rig.pipe("0Z0:1", "0T1:1", conductance)
    return rig.start(*faults), rig


def filling(volume_l: float, upstream: float) -> float:
    """Seconds to 6 bar gauge: isothermal tank behind C = 0.5, b = 0.35, by scipy on ISO 6358."""

    def slope(_: float, p: list[float]) -> list[float]:
        over = max(p[0] / upstream - 0.35, 0.0) / 0.65
        return [0.5 * ANR * upstream * math.sqrt(max(1.0 - over * over, 0.0)) / (G_PER_DM3_BAR * volume_l)]

    def full(_: float, p: list[float]) -> float:
        return p[0] - 6.0 - ATMOSPHERE_BAR

    full.terminal = True  # type: ignore[attr-defined]
    return float(solve_ivp(slope, (0.0, 100.0), [ATMOSPHERE_BAR], events=full, rtol=1e-8).t[-1])


@pytest.mark.parametrize("volume_l", [10.0, 25.0])
def test_a_receiver_fills_in_the_time_that_its_volume_asks_for(volume_l: float) -> None:
    sim, _ = fed_tank(volume_l=volume_l, start_water_cm3=0.0, humidity=0.0)
    seconds = time_until(sim, TANK, 6.0 + ATMOSPHERE_BAR, 100.0)
    assert seconds == pytest.approx(filling(volume_l + 0.02, 8.0), rel=0.015)  # the pipe before it drops 0.02 bar


def test_mud_takes_the_room_of_the_air() -> None:
    times = []
    for faults in ((), ("0T1.full_of_water",)):
        sim, _ = fed_tank(*faults, start_water_cm3=0.0, humidity=0.0)
        assert time_until(sim, TANK, 4.0, 100.0) is not None
        times.append(time_until(sim, TANK, 7.0, 100.0) or 0.0)
    assert times[1] / times[0] == pytest.approx(0.15, abs=0.01)


def test_mud_that_is_there_at_once_squeezes_no_air() -> None:
    sim = Rig().add("0T1", "air_receiver", start_bar=7.0, start_water_cm3=0.0).start()
    set_parameter(sim, "0T1.tank.silted", 0.85)
    run_for(sim, 1.0)
    assert sim.read(TANK) == pytest.approx(7.0 + ATMOSPHERE_BAR, abs=0.01)


def test_the_water_that_gathers_is_what_the_compressed_air_cannot_hold() -> None:
    """Integral of (moisture in - moisture it can keep at p) over the air that entered."""
    sim, _ = fed_tank(start_water_cm3=0.0, humidity=0.9, volume_l=50.0, conductance=5.0)
    run_for(sim, 60.0)

    def lost(p: float) -> float:
        return max(moisture(0.9, ATMOSPHERE_BAR) - moisture(1.0, p), 0.0)

    expected = G_PER_DM3_BAR * 50.0 * quad(lost, ATMOSPHERE_BAR, sim.read(TANK))[0]
    assert sim.read(StateRef("0T1.tank", "water")) == pytest.approx(expected, rel=0.01)


def test_the_drain_lets_the_water_out_first() -> None:
    sim, rig = fed_tank(start_water_cm3=500.0, start_bar=7.0, conductance=0.01)
    set_parameter(sim, "0T1.tap.position", 1.0)
    run_for(sim, 1.0)
    assert 300.0 < sim.read(StateRef("0T1.tank", "water")) < 400.0  # 60 cm³/s per root of bar, 7 bar
    assert sim.read(TANK) > 7.8
    run_for(sim, 10.0)
    assert sim.read(StateRef("0T1.tank", "water")) < 5.0
    assert sim.read(TANK) < 5.0
    assert "Air comes out of the drain" in heard(sim, rig, "0T1")


def test_the_safety_valve_holds_the_pressure_within_ten_percent() -> None:
    sim, rig = fed_tank(safety_bar=5.0)
    run_for(sim, 60.0)
    assert 5.0 < sim.read(TANK) - ATMOSPHERE_BAR < 5.5
    assert "safety valve" in heard(sim, rig, "0T1")
    stuck, _ = fed_tank("0T1.safety_stuck", safety_bar=5.0)
    run_for(stuck, 60.0)
    assert stuck.read(TANK) - ATMOSPHERE_BAR > 6.9


@pytest.mark.parametrize("fault", ["0T1.drain_leak", "0T1.safety_leaks", "0T1.safety_weak"])
def test_faults_that_empty_a_receiver(fault: str) -> None:
    rig = Rig().add("0T1", "air_receiver", volume_l=10.0, start_bar=7.0)
    sim = rig.start(fault)
    run_for(sim, 20.0)
    assert sim.read(TANK) < 7.0
    sound = rig.start()
    run_for(sound, 20.0)
    assert sound.read(TANK) == pytest.approx(7.0 + ATMOSPHERE_BAR, abs=0.01)


# ------------------------------------------------------------------------------------------------------ compressor

STAGE = {
    "displacement": 150.0,
    "clearance": 0.04,
    "blowby": 0.004,
    "valves": 0.97,
    "dry": 0.8,
    "friction": 0.1,
    "driven": 1.0,
}


def delivery(pressure: float, speed: float, intake: float = ATMOSPHERE_BAR) -> float:
    """g/s of the sound stage, textbook form with real powers."""
    ratio = pressure / intake
    share = 0.97 * (1.0 - 0.04 * (ratio**0.75 - 1.0)) - 0.004 * (ratio - 1.0)
    return G_PER_DM3_BAR * intake * 0.150 * speed / (2.0 * math.pi) * share


@given(st.floats(1.02, 12.0), st.floats(20.0, 160.0))
def test_delivery_and_work_follow_the_textbook(pressure: float, speed: float) -> None:
    flows, states = piston_compressor.evaluate({"intake": ATMOSPHERE_BAR, "head": pressure, "shaft": speed}, STAGE)
    assert states["flow"] == pytest.approx(delivery(pressure, speed), rel=1e-4)
    assert flows["intake"] == -flows["head"]
    ratio = pressure / ATMOSPHERE_BAR
    induced = 150e-6 * (1.0 - 0.04 * (ratio**0.75 - 1.0))
    joule = 4.0 * ATMOSPHERE_BAR * 1e5 * induced * (ratio**0.25 - 1.0) * 1.1 + 2.0 * math.pi * 0.8
    assert states["power"] == pytest.approx(joule * speed / (2.0 * math.pi), rel=1e-4)


def test_it_takes_more_power_than_the_isotherm_and_less_than_the_adiabatic_would() -> None:
    """Per gram, without friction: r T ln(p2/p1) < polytropic < cp T ((p2/p1)^(2/7) - 1)."""
    quiet = {**STAGE, "dry": 0.0, "friction": 0.0, "clearance": 0.0, "blowby": 0.0, "valves": 1.0}
    _, states = piston_compressor.evaluate({"intake": 1.0, "head": 8.0, "shaft": 150.0}, quiet)
    per_gram = states["power"] / states["flow"]
    assert 0.28705 * 293.15 * math.log(8.0) < per_gram < 1.005 * 293.15 * (8.0 ** (2.0 / 7.0) - 1.0)


def plant(*faults: str, speed: float = 150.0, start_bar: float = 0.0) -> tuple[Simulator, Rig]:
    """A driven compressor and a 20-litre receiver."""
    rig = Rig().add("0P1", "compressor").add("0T1", "air_receiver", volume_l=20.0, start_bar=start_bar, humidity=0.0)
    rig.pipe("0P1:P", "0T1:1", 8.0).motor("0P1:shaft", speed, 50.0)
    return rig.start(*faults), rig


def seconds_to(sim: Simulator, bar: float, within_s: float = 120.0) -> float | None:
    return time_until(sim, TANK, bar + ATMOSPHERE_BAR, within_s)


def test_the_receiver_fills_slower_as_the_pressure_rises() -> None:
    sim, _ = plant()
    marks = [seconds_to(sim, bar) or 0.0 for bar in (1.0, 3.0, 5.0, 7.0)]
    assert marks[1] < marks[2] < marks[3]

    def slope(_: float, p: list[float]) -> list[float]:
        return [delivery(p[0] + 0.08, 149.9, ATMOSPHERE_BAR - 0.01) / (G_PER_DM3_BAR * 20.0)]

    def full(_: float, p: list[float]) -> float:
        return p[0] - 7.0 - ATMOSPHERE_BAR

    full.terminal = True  # type: ignore[attr-defined]
    expected = solve_ivp(slope, (0.0, 200.0), [1.0 + ATMOSPHERE_BAR], events=full, rtol=1e-8).t[-1]
    assert sum(marks[1:]) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("fault", "longer"),
    [("rings_worn", 1.25), ("valve_broken", 2.0), ("filter_clogged", 1.4), ("unloader_open", 1.05), ("leak", 1.2)],
)
def test_faults_that_lengthen_the_filling(fault: str, longer: float) -> None:
    healthy = seconds_to(plant()[0], 4.0)
    failing = seconds_to(plant(f"0P1.{fault}")[0], 4.0)
    assert healthy is not None
    assert failing is None or failing > longer * healthy


def test_a_sheared_key_delivers_nothing() -> None:
    assert seconds_to(plant("0P1.key_sheared")[0], 0.5, 10.0) is None


def stopped(*faults: str) -> tuple[Simulator, Rig]:
    sim, rig = plant(*faults, start_bar=7.0)
    run_for(sim, 3.0)
    set_parameter(sim, "motor.speed", 0.0)
    run_for(sim, 20.0)
    return sim, rig


def test_the_unloader_empties_the_head_and_the_check_valve_keeps_the_tank() -> None:
    sim, rig = stopped()
    assert sim.read(NodeRef("0P1.head")) == pytest.approx(ATMOSPHERE_BAR, abs=0.01)
    assert sim.read(TANK) > 7.9
    assert "silent" in heard(sim, rig, "0P1")
    assert "unloader" not in heard(sim, rig, "0P1")


def test_a_leaking_check_valve_blows_at_the_unloader_once_stopped() -> None:
    sim, rig = stopped("0P1.check_leaks")
    assert sim.read(TANK) < 7.5
    assert "unloader" in heard(sim, rig, "0P1")


def test_an_unloader_that_stays_shut_makes_the_motor_start_under_load() -> None:
    """Torque at a tenth of the speed, just after the start."""
    torques = []
    for faults in ((), ("0P1.unloader_shut",)):
        sim, _ = stopped(*faults)
        set_parameter(sim, "motor.speed", 15.0)
        run_for(sim, 0.3)
        torques.append(sim.read(StateRef("0P1.stage", "power")) / sim.read(NodeRef("0P1:shaft")))
    assert torques[0] < 1.5
    assert torques[1] > 3.0 * torques[0]


# ------------------------------------------------------------------------------------- check valve, quick exhaust


def test_a_check_valve_keeps_the_pressure_when_the_supply_falls() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply").add("0V2", "air_check_valve")
    rig.add("0T1", "air_receiver", volume_l=0.3, humidity=0.0, start_water_cm3=0.0)
    rig.pipe("0Z0:1", "0V2:1").pipe("0V2:2", "0T1:1")
    kept = {}
    for fault in ("", "0V2.seat_worn", "0V2.stuck_open"):
        sim = rig.start(*filter(None, [fault]))
        run_for(sim, 2.0)
        set_parameter(sim, "0Z0.handle.position", 0.0)
        run_for(sim, 20.0)
        kept[fault] = sim.read(TANK) - ATMOSPHERE_BAR
    assert kept[""] == pytest.approx(7.0 - 0.05, abs=0.06)
    assert kept["0V2.seat_worn"] < 0.5
    assert kept["0V2.stuck_open"] < 0.1


@pytest.mark.parametrize("step_s", [0.001, 0.005])
def test_a_gauge_behind_a_check_valve_shows_no_more_than_the_supply(step_s: float) -> None:
    rig = Rig().add("0Z0", "compressed_air_supply").add("0V2", "air_check_valve").add("0P9", "pressure_gauge")
    sim = rig.pipe("0Z0:1", "0V2:1", 2.0).pipe("0V2:2", "0P9:P", 2.0).start(step_s=step_s)
    run_for(sim, 2.0)
    assert 6.9 < sim.read(MemoryRef("0P9.needle", "reading")) < 7.01


def quick(*faults: str, fitted: bool = True) -> tuple[Simulator, Rig]:
    """A long thin tube between the valve and the rod side of a large cylinder; the quick exhaust sits there."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=6).add("1V1", "valve_5_2_monostable")
    rig.add("1A1", "cylinder", bore_mm=63.0, rod_mm=20.0, stroke_mm=200.0).add("1W2", "tube", length_m=5.0)
    rig.add("Z3", "silencer").add("Z5", "silencer")
    rig.pipe("0Z0:1", "1V1:1", 4.0).pipe("1V1:4", "1A1:A", 4.0)
    rig.pipe("1V1:2", "1W2:a", 4.0).pipe("1V1:3", "Z3:1", 8.0).pipe("1V1:5", "Z5:1", 8.0)
    if fitted:
        rig.add("1V2", "quick_exhaust").add("Z9", "silencer")
        rig.pipe("1W2:b", "1V2:1", 4.0).pipe("1V2:2", "1A1:B", 8.0).pipe("1V2:3", "Z9:1", 8.0)
    else:
        rig.pipe("1W2:b", "1A1:B", 4.0)
    sim = rig.start(*faults)
    run_for(sim, 1.5)
    return sim, rig


def out_stroke(sim: Simulator) -> float | None:
    set_parameter(sim, "1V1.armature.pushed", 1.0)
    seconds = time_until(sim, MemoryRef("1A1.rod_reading", "fraction"), 0.99, 4.0)
    assert sim.unresolved == 0
    return seconds


def test_a_quick_exhaust_speeds_the_rod_up() -> None:
    without, fitted = out_stroke(quick(fitted=False)[0]), out_stroke(quick()[0])
    assert without is not None
    assert fitted is not None
    assert fitted < 0.6 * without


@pytest.mark.parametrize("fault", ["1V2.stuck", "1V2.exhaust_clogged"])
def test_a_disc_that_sticks_or_a_clogged_exhaust_holds_the_rod_back(fault: str) -> None:
    without, failing = out_stroke(quick(fitted=False)[0]), out_stroke(quick(fault)[0])
    assert without is not None
    assert failing is None or failing > 1.5 * without


def test_it_is_tight_while_it_feeds() -> None:
    sim, _ = quick()
    assert sim.read(NodeRef("1V2:3")) == pytest.approx(ATMOSPHERE_BAR, abs=1e-6)
    assert sim.read(NodeRef("1V2:2")) == pytest.approx(7.013, abs=0.02)


@pytest.mark.parametrize("fault", ["1V2.torn", "1V2.held_open"])
def test_a_damaged_disc_blows_at_its_exhaust(fault: str) -> None:
    sim, _ = quick(fault)
    assert sim.read(NodeRef("1V2:3")) > ATMOSPHERE_BAR + 0.005


def test_an_empty_cylinder_is_really_empty() -> None:
    """The disc leaves nothing behind: below its switching pressure air goes back the way it came."""
    sim, _ = quick()
    set_parameter(sim, "1V1.armature.pushed", 1.0)
    run_for(sim, 3.0)
    assert np.isclose(sim.read(NodeRef("1A1.chamber_b")), ATMOSPHERE_BAR, atol=0.01)
