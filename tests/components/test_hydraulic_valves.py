"""Hydraulic valves, cylinder and motor: curves against closed forms, then small circuits on the real engine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.catalogue import catalogue
from etabli.components.component import Sense
from etabli.components.hydraulic.counterbalance_valve import counterbalance
from etabli.components.hydraulic.directional_valve import PATHS, directional_body
from etabli.components.hydraulic.flow_regulator import compensated_throttle
from etabli.components.hydraulic.hydraulic_check_valve import oil_check
from etabli.components.hydraulic.hydraulic_cylinder import cylinder_areas_cm2, oil_cushion, oil_cylinder
from etabli.components.hydraulic.hydraulic_motor import oil_motor
from etabli.components.hydraulic.oil import oil_content, oil_orifice, oil_strain
from etabli.components.hydraulic.pilot_check_valve import pilot_check
from etabli.components.hydraulic.pressure_reducing_valve import reducing_valve
from etabli.components.hydraulic.proportional_valve import proportional_amplifier
from etabli.components.hydraulic.throttle_valve import throttle_and_check
from etabli.components.mechanical.friction import translation_friction
from etabli.components.sources import lab_flow, lab_force, lab_pressure, lab_torque, lab_voltage
from etabli.physics.law import Law
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from reference.oil import tangent_bulk
from reference.radau import Reference

STEADY_S = 1e9
"""A weight of the step so long that a lagging poppet has arrived."""


def flow(law: Law, at: str, pressures: dict[str, float], values: dict[str, float], **states: float) -> float:
    """Flow into terminal ``at`` of a law at steady state."""
    start = {name: states.get(name, 0.0) for name in law.states}
    return float(law.evaluate(pressures, values, start, STEADY_S)[0][at])


# --- seats and throttles: flow against pressure drop -----------------------------------------------------------------

CHECK = {"k": 330.0, "cracking": 0.5, "span": 1.0, "lift": 1.0, "seat_leak": 0.0}
PRESSURE = st.floats(-0.9, 350.0)


@pytest.mark.parametrize("drop", [2.0, 4.0, 25.0])
def test_a_check_valve_is_an_orifice_one_way_and_tight_the_other(drop: float) -> None:
    assert flow(oil_check, "a", {"a": 100.0 + drop, "b": 100.0}, CHECK) == pytest.approx(330.0 * drop**0.5, rel=2e-3)
    assert flow(oil_check, "a", {"a": 100.0, "b": 100.0 + drop}, CHECK) == 0.0
    assert flow(oil_check, "a", {"a": 100.49, "b": 100.0}, CHECK) == 0.0  # below its cracking pressure


@pytest.mark.parametrize("drop", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("opening", [0.1, 0.5, 1.0])
def test_a_throttle_follows_the_root_of_the_drop(drop: float, opening: float) -> None:
    values = {"k": 158.0, "opening": opening, "passage": 1.0, "check_k": 0.0, "cracking": 0.5, "lift": 1.0}
    values["seat_leak"] = 0.0
    expected = 158.0 * opening * math.sqrt(drop)
    assert flow(throttle_and_check, "a", {"a": 50.0, "b": 50.0 - drop}, values) == pytest.approx(expected, rel=5e-3)
    assert flow(throttle_and_check, "a", {"a": 50.0 - drop, "b": 50.0}, values) == pytest.approx(-expected, rel=5e-3)
    with_check = {**values, "check_k": 250.0}
    free = flow(throttle_and_check, "a", {"a": 50.0, "b": 45.0}, with_check)
    assert free == pytest.approx((158.0 * opening + 250.0) * math.sqrt(5.0), rel=1e-3)
    assert flow(throttle_and_check, "a", {"a": 45.0, "b": 50.0}, with_check) == pytest.approx(
        -158.0 * opening * math.sqrt(5.0), rel=1e-3
    )


REGULATOR = {
    "k": 266.7 / math.sqrt(8.0), "opening": 0.5, "passage": 1.0, "regulating": 8.0, "rise": 0.001, "stuck": 0.0,
    "check_k": 0.0, "cracking": 0.5, "lift": 1.0, "seat_leak": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("drop", [10.0, 20.0, 60.0, 150.0, 315.0])
def test_a_flow_regulator_is_constant_whatever_the_load(drop: float) -> None:
    """Half of 16 l/min, within the 2 % of its sheet, from 10 to 315 bar; a bare throttle would change 5.6 times."""
    assert flow(compensated_throttle, "a", {"a": drop, "b": 0.0}, REGULATOR) == pytest.approx(133.3, rel=0.02)


def test_below_its_regulating_pressure_it_is_an_orifice() -> None:
    for drop in (1.0, 3.0, 6.0):
        expected = 0.5 * REGULATOR["k"] * math.sqrt(drop)
        assert flow(compensated_throttle, "a", {"a": drop, "b": 0.0}, REGULATOR) == pytest.approx(expected, rel=5e-3)
    stuck = flow(compensated_throttle, "a", {"a": 128.0, "b": 0.0}, {**REGULATOR, "stuck": 1.0})
    assert stuck == pytest.approx(4.0 * 133.3, rel=1e-3)  # sixteen times the drop: four times the flow


@given(p1=PRESSURE, p2=PRESSURE)
def test_a_passive_valve_only_loses_energy(p1: float, p2: float) -> None:
    for law, values in ((oil_check, CHECK), (compensated_throttle, REGULATOR)):
        assert flow(law, "a", {"a": p1, "b": p2}, values) * (p1 - p2) >= 0.0


# --- valves with a pilot ---------------------------------------------------------------------------------------------

PILOT = {
    "k": 330.0, "cracking": 1.5, "span": 3.0, "ratio": 4.0, "friction": 0.0, "lift": 1.0, "seat_leak": 0.0,
    "lag": 0.015,
}  # fmt: skip


@pytest.mark.parametrize("load", [20.0, 100.0, 250.0])
@pytest.mark.parametrize("back", [0.0, 5.0])
def test_a_pilot_check_opens_at_the_load_over_its_ratio(load: float, back: float) -> None:
    """Balance of forces: px = p1 + (p2 - p1 + cracking) / ratio."""
    opens = back + (load - back + 1.5) / 4.0
    shut = flow(pilot_check, "b", {"a": back, "b": load, "x": opens - 0.1}, PILOT)
    ajar = flow(pilot_check, "b", {"a": back, "b": load, "x": opens + 2.0}, PILOT)
    assert shut == 0.0
    assert ajar > 0.0
    wide = flow(pilot_check, "b", {"a": back, "b": load, "x": back + (2.0 * load + 10.0) / 4.0 + 5.0}, PILOT)
    assert wide == pytest.approx(330.0 * math.sqrt(load - back), rel=1e-2)
    assert flow(pilot_check, "a", {"a": load, "b": load - 9.0, "x": 0.0}, PILOT) == pytest.approx(990.0, rel=1e-3)


COUNTER = {
    "setting": 210.0, "span_share": 0.2, "ratio": 3.0, "k": 200.0, "passage": 1.0, "seat_leak": 0.0, "stuck": 0.0,
    "lag": 0.02, "check_k": 330.0, "cracking": 1.0, "lift": 1.0, "check_leak": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("load", [60.0, 150.0, 205.0])
@pytest.mark.parametrize("back", [0.0, 4.0])
def test_a_counterbalance_opens_on_its_characteristic(load: float, back: float) -> None:
    """p_load + R px = setting + (1 + R) p_back; fully open a fifth of the setting (and a bar) later."""
    opens = (210.0 + 4.0 * back - load) / 3.0
    at = {"load": load, "valve": back}
    assert flow(counterbalance, "load", {**at, "x": opens - 0.1}, COUNTER) == 0.0
    half = flow(counterbalance, "load", {**at, "x": opens + 21.5 / 3.0}, COUNTER)
    full = flow(counterbalance, "load", {**at, "x": opens + 43.0 / 3.0}, COUNTER)
    assert half == pytest.approx(0.5 * full, rel=1e-6)
    assert full == pytest.approx(200.0 * math.sqrt(load - back), rel=1e-3)
    free = flow(counterbalance, "valve", {"load": 50.0, "valve": 54.0, "x": 0.0}, COUNTER)
    assert free == pytest.approx(660.0, rel=1e-3)


REDUCING = {
    "setting": 60.0, "k": 200.0, "droop": 8.0, "dead_band": 2.0, "stuck": 0.0, "gap": 0.0, "viscosity": 1.0,
}  # fmt: skip


def test_a_reducing_valve_feeds_below_its_setting_and_relieves_above() -> None:
    def out(a: float, **changed: float) -> float:
        return -flow(reducing_valve, "a", {"p": 160.0, "a": a, "t": 0.0}, {**REDUCING, **changed})

    assert out(40.0) == pytest.approx(200.0 * math.sqrt(120.0), rel=1e-3)
    assert out(56.0) == pytest.approx(0.5 * 200.0 * math.sqrt(104.0), rel=1e-3)  # half of the droop: half open
    assert out(61.0) == 0.0
    assert out(75.0) == pytest.approx(-100.0 * math.sqrt(75.0), rel=1e-3)
    assert out(75.0, stuck=1.0) > 0.0


# --- directional valves ----------------------------------------------------------------------------------------------


@given(pressures=st.lists(PRESSURE, min_size=4, max_size=4), openings=st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_the_body_keeps_the_oil_and_loses_energy(pressures: list[float], openings: list[float]) -> None:
    at = dict(zip("pabt", pressures, strict=True))
    values = {"k": 390.0, **dict(zip(PATHS, openings, strict=True)), "gap": 0.0025, "viscosity": 1.0}
    flows, states = directional_body.evaluate(at, values, dict.fromkeys(directional_body.states, 0.0))
    assert sum(flows.values()) == pytest.approx(0.0, abs=1e-6)
    assert sum(flows[n] * at[n] for n in at) == pytest.approx(states["lost"], abs=1e-4)
    assert states["lost"] >= 0.0


def valve(family: str = "valve_4_3", **given: Any) -> Rig:
    """A valve whose four ports are held by pressure sources: P 100 bar, A 50, B 50, T 0."""
    rig = Rig().add("V1", family, **given)
    for port, bar in (("P", 100.0), ("A", 50.0), ("B", 50.0), ("T", 0.0)):
        rig.network.add(f"at {port}", lab_pressure, {"a": f"V1:{port}"}, {"pressure": bar, "conductance": 1e5})
    return rig


def coils(rig: Rig, *sides: str) -> Rig:
    """24 V sources on the plugs, off: set ``supply a.voltage``."""
    for side in sides:
        poles = {"plus": f"V1:{side}+", "minus": f"V1:{side}-"}
        rig.network.add(f"supply {side}", lab_voltage, poles, {"voltage": 0.0, "resistance": 0.1})
        earth = {"plus": f"V1:{side}-", "minus": GROUND}
        rig.network.add(f"earth {side}", lab_voltage, earth, {"voltage": 0.0, "resistance": 0.1})
    return rig


def passages(sim: Simulator) -> set[str]:
    """Passages of the body that are more than half open."""
    return {path for path in PATHS if sim.read(ParameterRef("V1.body", path)) > 0.5}


SPOOL = MemoryRef("V1.spool", "position")

CENTRES = {"closed": set(), "open": {"pa", "pb", "at", "bt"}, "tandem": {"pt"}, "float": {"at", "bt"}}


@pytest.mark.usefixtures("run_on_core")
class TestValve43:
    @pytest.mark.parametrize("centre", list(CENTRES))
    def test_its_centre_joins_what_its_name_says(self, centre: str) -> None:
        sim = coils(valve(centre=centre), "a", "b").start()
        run_for(sim, 0.1)
        assert passages(sim) == CENTRES[centre]
        for side, joined in (("a", {"pa", "bt"}), ("b", {"pb", "at"})):
            set_parameter(sim, f"supply {side}.voltage", 24.0)
            run_for(sim, 0.2)
            assert passages(sim) == joined
            set_parameter(sim, f"supply {side}.voltage", 0.0)
            run_for(sim, 0.3)
            assert passages(sim) == CENTRES[centre]
        assert sim.unresolved == 0

    def test_it_passes_what_its_flow_factor_says(self) -> None:
        sim = coils(valve(), "a").start()
        set_parameter(sim, "supply a.voltage", 24.0)
        run_for(sim, 0.2)
        assert sim.read(StateRef("V1.body", "flow_a")) == pytest.approx(390.0 * math.sqrt(50.0), rel=2e-3)

    @pytest.mark.parametrize("step_s", [0.001, 0.005])
    def test_it_switches_in_the_time_of_its_sheet(self, step_s: float) -> None:
        sim = coils(valve(), "a").start(step_s=step_s)
        set_parameter(sim, "supply a.voltage", 24.0)
        on = time_until(sim, SPOOL, 0.95, 1.0)
        assert on == pytest.approx(0.045, abs=0.01)
        run_for(sim, 0.1)
        set_parameter(sim, "supply a.voltage", 0.0)
        start = sim.time_s
        while sim.read(SPOOL) > 0.02:
            sim.advance(1)
        assert 0.03 < sim.time_s - start < 0.08

    def test_travel_at_nominal_current_is_the_parameter(self) -> None:
        """The factor in the file is the integral of dx over the net force; checked here by quadrature."""
        integral, _ = quad(lambda x: 1.0 / (1.0 + 1.2 * x - 0.45 * (1.0 + x / 3.0) - 0.06), 0.0, 1.0)
        sim = coils(valve(coil_time_constant_s=0.0005), "a").start(step_s=0.0002)
        set_parameter(sim, "supply a.voltage", 24.0)
        on = time_until(sim, SPOOL, 0.999, 1.0)
        assert on is not None
        assert on == pytest.approx(0.02 * integral / 1.09, abs=0.002)
        assert integral == pytest.approx(1.09, rel=0.01)

    def test_a_low_voltage_does_not_switch_it(self) -> None:
        sim = coils(valve(), "a").start()
        set_parameter(sim, "supply a.voltage", 15.0)
        run_for(sim, 0.5)
        assert sim.read(SPOOL) == 0.0
        set_parameter(sim, "supply a.voltage", 18.5)
        run_for(sim, 0.5)
        assert sim.read(SPOOL) == 1.0

    def test_the_override_pins_push_the_spool(self) -> None:
        sim = valve().start()
        for side, end in (("b", -1.0), ("a", 1.0)):
            set_parameter(sim, f"V1.spool.push_{side}", 1.0)
            run_for(sim, 0.2)
            assert sim.read(SPOOL) == end
            set_parameter(sim, f"V1.spool.push_{side}", 0.0)
            run_for(sim, 0.3)
            assert sim.read(SPOOL) == 0.0

    @pytest.mark.parametrize("fault", ["coil_open_a", "plunger_stuck_a", "spool_stuck"])
    def test_faults_that_keep_it_from_switching(self, fault: str) -> None:
        _, mode = coils(valve(), "a").mode(f"V1.{fault}")
        for degree in mode.degrees:
            sim = coils(valve(), "a").start(f"V1.{fault}", degree=degree)
            set_parameter(sim, "supply a.voltage", 24.0)
            run_for(sim, 0.6)
            assert abs(sim.read(SPOOL)) < 0.2

    def test_shorted_turns_draw_what_blows_the_fuse(self) -> None:
        """A stiff source still gets the ampere-turns through: it is the current that betrays the coil."""
        sim = coils(valve(), "a").start("V1.coil_short_turns_a")
        set_parameter(sim, "supply a.voltage", 24.0)
        run_for(sim, 0.2)
        assert sim.read(StateRef("V1.coil_a", "current")) > 20.0 * 30.0 / 24.0

    def test_a_broken_spring_leaves_the_valve_switched(self) -> None:
        for degree in (0.9, 1.0):
            sim = coils(valve(), "a").start("V1.spring_broken_a", degree=degree)
            set_parameter(sim, "supply a.voltage", 24.0)
            run_for(sim, 0.3)
            set_parameter(sim, "supply a.voltage", 0.0)
            run_for(sim, 1.0)
            assert sim.read(SPOOL) > 0.5

    @pytest.mark.parametrize("degree", [0.4, 1.0])
    def test_a_spool_off_its_centre_lets_oil_through(self, degree: float) -> None:
        sim = valve().start("V1.centre_drift", degree=degree)
        run_for(sim, 0.5)
        assert sim.read(StateRef("V1.body", "flow_a")) > 100.0

    @pytest.mark.parametrize("degree", [0.5, 1.0])
    def test_a_worn_spool_leaks_in_the_middle(self, degree: float) -> None:
        def through(*faults: str) -> float:
            sim = valve().start(*faults, degree=degree)
            run_for(sim, 0.1)
            return sim.read(StateRef("V1.body", "lost"))

        assert through("V1.spool_worn") > 10.0 * through()

    def test_a_gummed_spool_is_slow(self) -> None:
        sim = coils(valve(), "a").start("V1.spool_gummed", degree=0.6)
        set_parameter(sim, "supply a.voltage", 24.0)
        on = time_until(sim, SPOOL, 0.95, 3.0)
        assert on is not None
        assert on > 0.2


@pytest.mark.usefixtures("run_on_core")
class TestValve42:
    def test_a_spring_brings_the_single_solenoid_back(self) -> None:
        sim = coils(valve("valve_4_2"), "a").start()
        run_for(sim, 0.1)
        assert passages(sim) == {"pb", "at"}
        set_parameter(sim, "supply a.voltage", 24.0)
        run_for(sim, 0.2)
        assert passages(sim) == {"pa", "bt"}
        set_parameter(sim, "supply a.voltage", 0.0)
        run_for(sim, 0.3)
        assert passages(sim) == {"pb", "at"}

    def test_the_detent_remembers_unless_it_is_worn(self) -> None:
        for faults, stays in (((), True), (("V1.detent_worn",), False)):
            sim = coils(valve("valve_4_2", kind="bistable"), "a", "b").start(*faults)
            set_parameter(sim, "supply a.voltage", 24.0)
            run_for(sim, 0.2)
            set_parameter(sim, "supply a.voltage", 0.0)
            run_for(sim, 2.0)
            assert (sim.read(SPOOL) == 1.0) is stays
            set_parameter(sim, "supply b.voltage", 24.0)
            run_for(sim, 0.2)
            assert sim.read(SPOOL) == -1.0


# --- proportional valve ----------------------------------------------------------------------------------------------

PLACE = StateRef("V1.body", "position")


def proportional(set_point: float = 0.0, supply: float = 24.0) -> Rig:
    """A proportional valve between 100 bar and the tank, both sides at 50 bar, with its supply and set point."""
    rig = valve("proportional_valve")
    for name, plus, minus, volts in (("feed", "L+", "M", supply), ("order", "+", "-", set_point)):
        poles = {"plus": f"V1:{plus}", "minus": f"V1:{minus}"}
        rig.network.add(name, lab_voltage, poles, {"voltage": volts, "resistance": 0.1})
        earth = {"plus": f"V1:{minus}", "minus": GROUND}
        rig.network.add(f"{name} earth", lab_voltage, earth, {"voltage": 0.0, "resistance": 0.1})
    return rig


def opened(sim: Simulator) -> float:
    return sim.read(StateRef("V1.body", "flow_a"))


AMPLIFIER = {
    "gain": 1.0, "zero": 0.0, "jump": 0.12, "ramp": 1e6, "healthy": 1.0, "least_supply": 18.0, "coil_a": 1.0,
    "coil_b": 1.0,
}  # fmt: skip


def command(volts: float, supply: float = 24.0, **changed: float) -> float:
    at = {"supply": supply, "ground": 0.0, "plus": volts, "minus": 0.0}
    found = proportional_amplifier.evaluate(at, {**AMPLIFIER, **changed}, {"command": 0.0, "ready": 0.0})
    return float(found["command"])


def test_the_amplifier_jumps_the_dead_band_and_is_linear_beyond() -> None:
    assert command(0.0) == 0.0
    for volts in (1.0, 5.0, 10.0):
        assert command(volts) == pytest.approx(0.12 + 0.88 * volts / 10.0)
        assert command(-volts) == -command(volts)
    assert command(5.0, supply=12.0) == 0.0
    assert command(0.0, zero=0.1) == command(1.0)


@pytest.mark.usefixtures("run_on_core")
class TestProportionalValve:
    def test_flow_follows_the_set_point(self) -> None:
        found = []
        for volts in (-10.0, -5.0, 0.0, 5.0, 10.0):
            sim = proportional(volts).start()
            run_for(sim, 0.5)
            found.append(opened(sim))
        full = 194.0 * math.sqrt(50.0)
        assert found[4] == pytest.approx(full, rel=0.01)
        assert found[0] == pytest.approx(-full, rel=0.01)
        assert found[2] == pytest.approx(0.0, abs=1.0)
        # Half a set point: 0.56 of the travel, 0.15 of it overlap.
        assert found[3] == pytest.approx(full * (0.12 + 0.44 - 0.15) / 0.85, rel=0.02)

    def test_its_spool_answers_like_a_second_order(self) -> None:
        """Slope-free step of natural frequency w and damping z = 0.8, after the slew of 20/s."""
        sim = proportional().start(step_s=0.0005, event_halvings=0)  # the order is seen at the end of a step
        set_parameter(sim, "V1.amplifier.ramp", 1e6)
        set_parameter(sim, "order.voltage", 10.0)
        sim.advance(1)
        w, z = 126.0, 0.8
        damped = w * math.sqrt(1.0 - z * z)
        worst, start = 0.0, sim.time_s
        for _ in range(100):
            sim.advance(1)
            t = sim.time_s - start
            exact = 1.0 - math.exp(-z * w * t) * (math.cos(damped * t) + z * w / damped * math.sin(damped * t))
            worst = max(worst, abs(sim.read(PLACE) - exact))
        assert worst < 0.005

    def test_without_supply_it_centres(self) -> None:
        sim = proportional(10.0).start()
        run_for(sim, 0.5)
        assert opened(sim) > 1000.0
        set_parameter(sim, "feed.voltage", 0.0)
        run_for(sim, 0.5)
        assert opened(sim) == pytest.approx(0.0, abs=1.0)

    @pytest.mark.parametrize("fault", ["zero_drift", "spool_offset"])
    def test_faults_that_open_it_with_no_set_point(self, fault: str) -> None:
        for degree in proportional().mode(f"V1.{fault}")[1].degrees:
            sim = proportional().start(f"V1.{fault}", degree=degree)
            run_for(sim, 0.5)
            assert opened(sim) > 50.0

    @pytest.mark.parametrize(
        "fault", ["amplifier_dead", "supply_open", "input_open", "coil_open_a", "spool_stuck", "clogged", "gain_low"]
    )
    def test_faults_that_take_its_flow(self, fault: str) -> None:
        healthy = proportional(8.0).start()
        run_for(healthy, 0.5)
        for degree in proportional().mode(f"V1.{fault}")[1].degrees:
            sim = proportional(8.0).start(f"V1.{fault}", degree=degree)
            run_for(sim, 0.5)
            assert opened(sim) < 0.8 * opened(healthy)


# --- cylinder --------------------------------------------------------------------------------------------------------

AREA, RING = cylinder_areas_cm2(50.0, 28.0)
CYLINDER = {
    "area_a": AREA, "area_b": RING, "stroke": 0.3, "dead_a": 20.0, "dead_b": 20.0, "bulk": 14000.0, "air": 0.0,
    "trapped": 0.0, "piston_leak": 0.0, "viscosity": 1.0, "load": 0.0,
}  # fmt: skip


def _energy_of_oil(pressure: float) -> float:
    """Enthalpy of a cm³ of oil (as counted at 0 bar), bar: integral of dp / (1 + strain)."""
    return quad(lambda p: 1.0 / (1.0 + oil_strain(p, 14000.0, 0.005)), 0.0, pressure, epsabs=1e-10)[0]


def _stored(volume: float, pressure: float) -> float:
    """Elastic energy of a chamber, bar·cm³: content times enthalpy, less p V."""
    return float(oil_content(volume, pressure) * _energy_of_oil(pressure) - pressure * volume)


@given(a=st.floats(1.0, 300.0), b=st.floats(1.0, 300.0), x=st.floats(0.02, 0.28), w=st.floats(-0.5, 0.5))
def test_the_piston_makes_and_loses_no_energy(a: float, b: float, x: float, w: float) -> None:
    """Oil power in = mechanical power out + growth of what the chambers store, pressures held."""
    dt = 1e-6
    volumes = [20.0 + 100.0 * AREA * x, 20.0 + 100.0 * RING * (0.3 - x)]
    content = {
        "content_a": oil_content(volumes[0], a), "content_b": oil_content(volumes[1], b), "position": x,
    }  # fmt: skip
    flows, states = oil_cylinder.evaluate({"a": a, "b": b, "w": w}, {**CYLINDER, "air": 0.005}, content, dt)
    moved = [20.0 + 100.0 * AREA * states["position"], 20.0 + 100.0 * RING * (0.3 - states["position"])]
    oil_in = _energy_of_oil(a) * flows["a"] + _energy_of_oil(b) * flows["b"]
    growth = sum(_stored(moved[i], p) - _stored(volumes[i], p) for i, p in enumerate((a, b))) / dt
    rod_out = -flows["w"] * w  # N·m/s = W: 0.1 W in a bar·cm³/s
    assert 0.1 * (oil_in - growth) == pytest.approx(rod_out, rel=1e-4, abs=0.5)


def axis(**given: Any) -> Rig:
    """A cylinder between a flow into A (set ``pump.flow``) and a tank at B."""
    rig = Rig().add("A1", "hydraulic_cylinder", **{"bore_mm": 50.0, "rod_mm": 28.0, "stroke_mm": 300.0, **given})
    rig.network.add("pump", lab_flow, {"a": "A1:A"}, {"flow": 0.0})
    rig.network.add("tank", lab_pressure, {"a": "A1:B"}, {"pressure": 0.0, "conductance": 1e5})
    return rig


X = StateRef("A1.chambers", "position")
SPEED = NodeRef("A1:rod")


@pytest.mark.usefixtures("run_on_core")
class TestCylinder:
    @pytest.mark.parametrize("litres", [2.0, 10.0, 20.0])
    def test_its_speed_is_flow_over_area(self, litres: float) -> None:
        sim = axis().start()
        set_parameter(sim, "pump.flow", litres * 1000.0 / 60.0)
        run_for(sim, 0.5)
        # The flow is counted at 0 bar: bubbles shrink by a few thousandths before they reach the piston.
        swelling = 1.0 + oil_strain(sim.read(NodeRef("A1:A")), 14000.0, 0.005)
        assert sim.read(SPEED) == pytest.approx(litres * 1000.0 / 60.0 / (100.0 * AREA * swelling), rel=1e-3)

    def test_pressure_is_what_the_load_and_the_friction_ask(self) -> None:
        sim = axis(load_n=20000.0, mass_kg=100.0, angle_deg=90.0, friction_bar=2.0).start()
        set_parameter(sim, "pump.flow", 100.0)
        run_for(sim, 1.5)
        speed = sim.read(SPEED)
        friction = 10.0 * 2.0 * AREA * (1.0 + 2.0 * speed)
        expected = (20000.0 + 100.0 * 9.81 + friction) / (10.0 * AREA)
        assert sim.read(NodeRef("A1:A")) == pytest.approx(expected, rel=0.01)
        assert sim.read(MemoryRef("A1.rod_reading", "power")) == pytest.approx(
            10.0 * AREA * sim.read(NodeRef("A1:A")) * speed, rel=1e-3
        )

    @pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
    def test_a_locked_cylinder_rings_at_the_frequency_of_its_oil(self, share: float) -> None:
        """w² = K/m (Aa²/Va + Ab²/Vb): 2 sqrt(K A² / (V m)) when both sides are alike (Merritt, chapter 6)."""
        mass, bar = 500.0, 100.0
        rig = Rig().add("A1", "hydraulic_cylinder", bore_mm=50, rod_mm=28, stroke_mm=300, mass_kg=mass,
                        start_mm=300 * share, friction_bar=0.05)  # fmt: skip
        network = rig.network
        for port in "AB":
            network.add(f"fill {port}", lab_pressure, {"a": f"A1:{port}"}, {"pressure": bar, "conductance": 1e3})
        network.add("kick", lab_force, {"w": "A1:rod"}, {"force": 10.0 * bar * (RING - AREA)})
        sim = rig.start(step_s=0.0002)
        run_for(sim, 0.5)
        for port in "AB":
            set_parameter(sim, f"fill {port}.conductance", 0.0)
        set_parameter(sim, "kick.force", 10.0 * bar * (RING - AREA) + 3000.0)
        crossings, place, before = [], [], 0.0
        for _ in range(2000):
            sim.advance(1)
            speed = sim.read(SPEED)
            if before < 0.0 <= speed:
                crossings.append(sim.time_s)
            place.append(sim.read(X))
            before = speed
        bulk = tangent_bulk(bar) * 1e5
        dead = 0.5 * AREA + 10.0
        x = float(np.mean(place))
        volumes = [(dead + 100.0 * AREA * x) * 1e-6, (dead + 100.0 * RING * (0.3 - x)) * 1e-6]
        stiffness = sum(bulk * (area * 1e-4) ** 2 / v for area, v in zip((AREA, RING), volumes, strict=True))
        expected = math.sqrt(stiffness / mass)
        measured = 2.0 * math.pi / float(np.mean(np.diff(crossings[:6])))
        assert measured == pytest.approx(expected, rel=0.02)

    def test_energy_over_a_stroke(self) -> None:
        """Oil in = load lifted + seals rubbed + kinetic + what the oil of the chambers stores (elastic, small)."""
        sim = axis(load_n=15000.0, mass_kg=200.0).start(step_s=0.0005)
        set_parameter(sim, "pump.flow", 200.0)
        brought = lifted = rubbed = 0.0
        seals = StateRef("A1.seals", "force")
        limit = 10.0 * 0.8 * AREA
        while sim.read(X) < 0.25:
            before = sim.read(X)
            sim.advance(1)
            brought += 0.1 * _energy_of_oil(sim.read(NodeRef("A1:A"))) * 200.0 * sim.step_s
            moved = sim.read(X) - before
            lifted += 15000.0 * moved
            rubbed += (sim.read(seals) + 2.0 * limit * sim.read(SPEED)) * moved
        pressure, volume = sim.read(NodeRef("A1:A")), 0.5 * AREA + 10.0 + 100.0 * AREA * sim.read(X)
        kinetic = 0.5 * 200.0 * sim.read(SPEED) ** 2
        elastic = 0.1 * _stored(volume, pressure)
        assert brought == pytest.approx(lifted + rubbed + kinetic + elastic, rel=5e-3)

    def test_a_held_load_sinks_only_past_a_worn_seal(self) -> None:
        def sunk(*faults: str, degree: float = 1.0) -> float:
            rig = Rig().add("A1", "hydraulic_cylinder", start_mm=200.0, load_n=15000.0)
            rig.network.add("tank", lab_pressure, {"a": "A1:B"}, {"pressure": 0.0, "conductance": 1e5})
            sim = rig.start(*faults, degree=degree)
            run_for(sim, 1.0)
            at = sim.read(X)
            run_for(sim, 20.0)
            return at - sim.read(X)

        assert sunk() < 1e-3
        assert sunk("A1.piston_seal_worn", degree=0.85) > 3e-3
        assert sunk("A1.cap_seal_cut", degree=0.3) > 3e-3

    def test_trapped_air_makes_it_spongy(self) -> None:
        def given_way(*faults: str) -> float:
            sim = axis(start_mm=150.0).start(*faults, degree=0.3 if faults else 1.0)
            set_parameter(sim, "pump.flow", 0.0)
            run_for(sim, 0.2)
            at = sim.read(X)
            sim = sim.edited(_pushed(sim.network))
            run_for(sim, 1.0)
            return at - sim.read(X)

        assert given_way("A1.trapped_air") > 3.0 * given_way()

    @pytest.mark.parametrize("fault", ["stiff", "rod_bent", "seized"])
    def test_friction_faults_ask_for_more_pressure(self, fault: str) -> None:
        def asked(*faults: str, degree: float = 1.0) -> float:
            sim = axis().start(*faults, degree=degree)
            set_parameter(sim, "pump.flow", 20.0)
            run_for(sim, 0.6)
            return sim.read(NodeRef("A1:A"))

        for degree in axis().mode(f"A1.{fault}")[1].degrees:
            assert asked(f"A1.{fault}", degree=degree) > 2.0 * asked()

    def test_the_cushion_softens_the_end_of_the_stroke(self) -> None:
        def knock(*faults: str, **given: Any) -> float:
            rig = axis(start_mm=100.0, mass_kg=50.0, **given)
            sim = rig.start(*faults, step_s=0.001)
            set_parameter(sim, "pump.flow", 400.0)
            while sim.read(MemoryRef("A1.rod_reading", "fraction")) < 0.999 and sim.time_s < 5.0:
                sim.advance(1)
            run_for(sim, 0.02)
            return sim.read(MemoryRef("A1.rod_reading", "knock"))

        bare, soft = knock(), knock(cushion_mm=25.0, cushioning=0.9)
        assert bare == pytest.approx(400.0 / (100.0 * AREA), rel=0.3)
        assert soft < 0.65 * bare
        assert knock("A1.cushion_damaged", cushion_mm=25.0, cushioning=0.9) > 0.8 * bare

    def test_it_tells_that_it_knocks(self) -> None:
        sim = axis(start_mm=250.0).start()
        set_parameter(sim, "pump.flow", 500.0)
        run_for(sim, 0.5)
        assert "hard" in heard(axis(), "A1", sim)


def _pushed(network: Network) -> Network:
    made = network.copy()
    made.add("push", lab_force, {"w": "A1:rod"}, {"force": -20000.0})
    return made


def heard(rig: Rig, tag: str, sim: Simulator) -> str:
    component = catalogue()[rig.families[tag]]
    assert component.senses is not None
    found = component.senses(tag, rig.parameters[tag], sim.read)
    return " ".join(p.text.en for p in found if p.sense is Sense.LISTEN)


def test_the_cushion_shuts_the_way_out_near_its_end_only() -> None:
    def out(position: float, **changed: float) -> float:
        values = {"k": 300.0, "length": 0.02, "end": 0.0, "sense": 1.0, "cushioning": 0.5, "seal": 1.0, **changed}
        return flow(oil_cushion, "chamber", {"port": 0.0, "chamber": 100.0, "w": 0.0}, values, position=position)

    assert out(0.1) == pytest.approx(3000.0 * (1.0 + 0.052), rel=2e-3)
    assert out(0.01) == pytest.approx(3000.0 * 0.052, rel=1e-2)
    assert out(0.01, seal=0.0) == pytest.approx(out(0.1), rel=1e-3)


# --- a whole axis: valve, cylinder, mass, against scipy's Radau ------------------------------------------------------


def axis_behind_a_valve() -> Rig:
    """Constant pressure, proportional valve, cylinder with 100 kg. Everything between is continuous.

    The seals rub by the smooth Stribeck law here: return mapping is no differential equation that Radau could take.
    """
    rig = Rig().add("V1", "proportional_valve").add("A1", "hydraulic_cylinder", mass_kg=100.0, start_mm=100.0)
    network = rig.network
    del network.devices["A1.seals"]
    rubbing = {"coulomb": 150.0, "stiction": 1.3, "viscous": 300.0}
    network.add("smooth seals", translation_friction, {"w": "A1:rod"}, rubbing)
    network.add("pump", lab_pressure, {"a": "V1:P"}, {"pressure": 120.0, "conductance": 1e3})
    network.add("tank", lab_pressure, {"a": "V1:T"}, {"pressure": 0.0, "conductance": 1e3})
    for port in "AB":
        network.add(f"hose {port}", oil_orifice, {"a": f"V1:{port}", "b": f"A1:{port}"}, {"k": 300.0, "opening": 1.0})
    for name, plus, minus, volts in (("feed", "L+", "M", 24.0), ("order", "+", "-", 0.0)):
        poles = {"plus": f"V1:{plus}", "minus": f"V1:{minus}"}
        network.add(name, lab_voltage, poles, {"voltage": volts, "resistance": 0.1})
        earth = {"plus": f"V1:{minus}", "minus": GROUND}
        network.add(f"{name} earth", lab_voltage, earth, {"voltage": 0.0, "resistance": 0.1})
    return rig


@pytest.mark.usefixtures("run_on_core")
def test_a_valve_cylinder_and_mass_agree_with_radau() -> None:
    """RMS of each signal's range over a start and a stop; the amplifier is sampled at the same instants in both.

    The step resolves the ringing of the oil against the mass (600 rad/s), which the slew limit of the amplifier, a new
    command every step, must not damp.
    """
    step_s, steps = 0.0005, 400
    engine, other = (axis_behind_a_valve().start(step_s=step_s, event_halvings=0) for _ in range(2))
    reference = Reference(other, step_s, 1e-6)
    watched = [SPEED, X, NodeRef("A1:A"), NodeRef("A1:B"), PLACE]
    rows: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for step in range(steps):
        for sim in (engine, other):
            set_parameter(sim, "order.voltage", 6.0 if 40 <= step < 240 else 0.0)
        engine.advance(1)
        reference.advance(1)
        for row, sim in zip(rows, (engine, other), strict=True):
            row.append(np.array([sim.read(ref) for ref in watched]))
    assert engine.unresolved == 0
    found, exact = np.array(rows[0]), np.array(rows[1])
    assert np.ptp(exact[:, 1]) > 0.01
    error = np.sqrt(((found - exact) ** 2).mean(axis=0)) / np.ptp(exact, axis=0)
    assert error.max() < 0.01, error


# --- small circuits: every failure mode shows ------------------------------------------------------------------------


def line(family: str, first: str = "1", second: str = "2", bar: float = 50.0, **given: Any) -> Rig:
    """A valve fed through a hose at ``first`` and emptied at ``second``: set ``in`` and ``out`` pressures."""
    rig = Rig().add("V1", family, **given)
    for name, port, at in (("in", first, bar), ("out", second, 0.0)):
        rig.network.add(name, lab_pressure, {"a": f"V1:{port}"}, {"pressure": at, "conductance": 200.0})
    return rig


def through(rig: Rig, *faults: str, degree: float = 1.0, **pressures: float) -> float:
    """Flow that the source ``in`` gives, cm³/s."""
    sim = rig.start(*faults, degree=degree)
    for name, bar in pressures.items():
        set_parameter(sim, f"{name}.pressure", bar)
    run_for(sim, 1.0)
    assert sim.unresolved == 0
    port = rig.network.devices["in"].nodes[0]
    return 200.0 * (pressures.get("in", 50.0) - sim.read(NodeRef(port)))


LESS = "less"
MORE = "more"
CASES = [
    ("hydraulic_check_valve", {}, "stuck_closed", LESS, (50.0, 0.0)),
    ("hydraulic_check_valve", {}, "clogged", LESS, (50.0, 0.0)),
    ("hydraulic_check_valve", {}, "seat_dirt", LESS, (0.0, 50.0)),
    ("hydraulic_check_valve", {}, "stuck_open", LESS, (0.0, 50.0)),
    ("hydraulic_check_valve", {}, "spring_broken", LESS, (0.0, 50.0)),
    ("pilot_check_valve", {}, "seat_dirt", LESS, (0.0, 50.0)),
    ("pilot_check_valve", {}, "clogged", LESS, (50.0, 0.0)),
    ("throttle_valve", {}, "screw_closed", LESS, (50.0, 0.0)),
    ("throttle_valve", {}, "screw_open", MORE, (50.0, 0.0)),
    ("throttle_valve", {}, "clogged", LESS, (50.0, 0.0)),
    ("throttle_valve", {"with_check": "with"}, "check_stuck_closed", LESS, (50.0, 0.0)),
    ("throttle_valve", {"with_check": "with"}, "check_stuck_open", LESS, (0.0, 50.0)),
    ("flow_regulator", {}, "set_low", LESS, (50.0, 0.0)),
    ("flow_regulator", {}, "set_high", MORE, (50.0, 0.0)),
    ("flow_regulator", {}, "compensator_stuck", MORE, (50.0, 0.0)),
    ("flow_regulator", {}, "spring_broken", LESS, (50.0, 0.0)),
    ("flow_regulator", {"with_check": "with"}, "check_stuck_closed", MORE, (0.0, 50.0)),
    ("counterbalance_valve", {}, "set_low", MORE, (150.0, 0.0)),
    ("counterbalance_valve", {}, "spring_broken", MORE, (150.0, 0.0)),
    ("counterbalance_valve", {}, "seat_dirt", MORE, (150.0, 0.0)),
    ("counterbalance_valve", {}, "set_high", LESS, (280.0, 0.0)),
    ("counterbalance_valve", {}, "stuck_closed", LESS, (280.0, 0.0)),
    ("counterbalance_valve", {}, "clogged", LESS, (280.0, 0.0)),
    ("counterbalance_valve", {}, "check_stuck_open", MORE, (150.0, 0.0)),
    ("throttle_valve", {}, "leak", MORE, (50.0, 50.0)),
]


@pytest.mark.usefixtures("run_on_core")
@pytest.mark.parametrize(("family", "given", "fault", "sense", "at"), CASES, ids=lambda c: str(c))
def test_a_fault_shows_at_both_ends_of_its_range(
    family: str, given: dict[str, Any], fault: str, sense: str, at: tuple[float, float]
) -> None:
    pressures = {"in": at[0], "out": at[1]}
    healthy = through(line(family, **given), **pressures)
    for degree in line(family, **given).mode(f"V1.{fault}")[1].degrees:
        failing = through(line(family, **given), f"V1.{fault}", degree=degree, **pressures)
        change = failing - healthy
        assert abs(change) > max(0.1 * abs(healthy), 1.0), (degree, healthy, failing)
        assert (change > 0.0) == (sense == MORE)


@pytest.mark.usefixtures("run_on_core")
@pytest.mark.parametrize(
    ("fault", "low", "high"),
    [("", 52.0, 62.5), ("set_low", 0.0, 45.0), ("set_high", 70.0, 160.0), ("spring_broken", 0.0, 10.0),
     ("spool_worn", 63.0, 160.0), ("stuck_open", 63.0, 160.0)],
)  # fmt: skip
def test_what_a_reducing_valve_gives(fault: str, low: float, high: float) -> None:
    rig = Rig().add("V1", "pressure_reducing_valve")
    rig.network.add("in", lab_pressure, {"a": "V1:P"}, {"pressure": 160.0, "conductance": 200.0})
    rig.network.add("tank", lab_pressure, {"a": "V1:T"}, {"pressure": 0.0, "conductance": 1e4})
    for degree in rig.mode(f"V1.{fault}")[1].degrees if fault else (1.0,):
        sim = rig.start(*([f"V1.{fault}"] if fault else []), degree=degree)
        run_for(sim, 2.0)
        assert low <= sim.read(NodeRef("V1:A")) <= high, degree
        assert sim.unresolved == 0


@pytest.mark.usefixtures("run_on_core")
@pytest.mark.parametrize("pilot", ["pilot_check_valve", "counterbalance_valve"])
def test_a_load_is_held_then_let_down_by_the_pilot(pilot: str) -> None:
    """Rod up, 20 kN on it (102 bar): held for a minute, comes down in order while the other side is fed."""
    ports = {"pilot_check_valve": ("2", "1"), "counterbalance_valve": ("1", "2")}[pilot]
    given = {"setting_bar": 135.0} if pilot == "counterbalance_valve" else {}
    rig = Rig().add("A1", "hydraulic_cylinder", bore_mm=50, rod_mm=28, start_mm=250.0, load_n=20000.0)
    rig.add("V1", pilot, **given).add("V2", "throttle_valve", opening=0.1)
    network = rig.network
    for name, a, b in (("h1", "A1:A", f"V1:{ports[0]}"), ("h2", f"V1:{ports[1]}", "V2:1"), ("h3", "A1:B", "V1:X")):
        network.add(name, oil_orifice, {"a": a, "b": b}, {"k": 400.0, "opening": 1.0})
    network.add("tank", lab_pressure, {"a": "V2:2"}, {"pressure": 0.0, "conductance": 1e3})
    network.add("feed", lab_pressure, {"a": "A1:B"}, {"pressure": 0.0, "conductance": 20.0})
    sim = rig.start()
    run_for(sim, 2.0)
    held = sim.read(X)
    run_for(sim, 60.0)
    assert held - sim.read(X) < 1e-3
    set_parameter(sim, "feed.pressure", 60.0)
    run_for(sim, 1.0)
    came_down = held - sim.read(X)
    assert came_down > 0.02
    fastest = 0.0
    for _ in range(100):
        sim.advance(1)
        fastest = max(fastest, -sim.read(SPEED))
    assert fastest < 0.2  # never a free fall
    assert sim.unresolved == 0


# --- motor -----------------------------------------------------------------------------------------------------------

MOTOR = {
    "displacement": 100.0 / (2.0 * math.pi), "drive": 1.0, "gap": 0.0, "case_gap": 0.0, "viscosity": 1.0,
    "torque_loss": 0.0,
}  # fmt: skip


@given(a=PRESSURE, b=PRESSURE, w=st.floats(-200.0, 200.0))
def test_the_motor_neither_makes_nor_loses_energy(a: float, b: float, w: float) -> None:
    flows, _ = oil_motor.evaluate({"a": a, "b": b, "l": 0.0, "w": w}, MOTOR, {"flow": 0.0, "power": 0.0})
    hydraulic = 0.1 * (flows["a"] * a + flows["b"] * b)
    assert hydraulic + flows["w"] * w == pytest.approx(0.0, abs=1e-6 * (1.0 + abs(hydraulic)))
    lossy, _ = oil_motor.evaluate(
        {"a": a, "b": b, "l": 0.0, "w": w}, {**MOTOR, "gap": 0.1, "case_gap": 0.05, "torque_loss": 0.1},
        {"flow": 0.0, "power": 0.0},
    )  # fmt: skip
    assert 0.1 * (lossy["a"] * a + lossy["b"] * b) + lossy["w"] * w >= -1e-6


def motor(load_nm: float = 0.0) -> Rig:
    rig = Rig().add("M1", "hydraulic_motor")
    rig.network.add("pump", lab_flow, {"a": "M1:A"}, {"flow": 0.0})
    for port in "BL":
        rig.network.add(f"tank {port}", lab_pressure, {"a": f"M1:{port}"}, {"pressure": 0.0, "conductance": 1e4})
    rig.network.add("load", lab_torque, {"w": "M1:shaft"}, {"torque": -load_nm})
    return rig


@pytest.mark.usefixtures("run_on_core")
class TestMotor:
    def running(self, *faults: str, degree: float = 1.0, load_nm: float = 100.0) -> Simulator:
        sim = motor(0.0).start(*faults, degree=degree)
        set_parameter(sim, "pump.flow", 500.0)
        run_for(sim, 0.5)
        set_parameter(sim, "load.torque", -load_nm)
        run_for(sim, 2.0)
        return sim

    def test_speed_is_flow_less_leaks_over_displacement(self) -> None:
        sim = self.running()
        pressure = sim.read(NodeRef("M1:A"))
        speed = (500.0 - (0.08 + 0.04) * pressure) / (100.0 / (2.0 * math.pi))
        assert sim.read(NodeRef("M1:shaft")) == pytest.approx(speed, rel=5e-3)

    def test_pressure_is_torque_over_displacement(self) -> None:
        """100 N·m at 100 cm³/rev: 62.8 bar without loss; a tenth and the bearings more with."""
        pressure = self.running().read(NodeRef("M1:A"))
        assert pressure == pytest.approx(62.83 / 0.9 + 2.5, abs=2.0)

    @pytest.mark.parametrize("fault", ["worn", "shaft_broken"])
    def test_faults_that_take_its_speed(self, fault: str) -> None:
        for degree in motor().mode(f"M1.{fault}")[1].degrees:
            slow = self.running(f"M1.{fault}", degree=degree, load_nm=60.0).read(NodeRef("M1:shaft"))
            assert slow < 0.8 * self.running(load_nm=60.0).read(NodeRef("M1:shaft"))

    @pytest.mark.parametrize("fault", ["rubbing", "rotor_bearing_seized"])
    def test_faults_that_ask_for_pressure(self, fault: str) -> None:
        for degree in motor().mode(f"M1.{fault}")[1].degrees:
            pressed = self.running(f"M1.{fault}", degree=degree, load_nm=60.0).read(NodeRef("M1:A"))
            assert pressed > 1.2 * self.running(load_nm=60.0).read(NodeRef("M1:A"))
