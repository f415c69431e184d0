"""The pneumatic laws against closed forms written independently."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etabli.components.mechanical.friction import friction_force
from etabli.components.pneumatic.cylinder_chambers import areas_cm2, double_acting_cylinder, end_stop
from etabli.components.pneumatic.flow_control import one_way_flow_control
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, REFERENCE_DENSITY, air_flow, orifice, vent
from etabli.components.pneumatic.pilot_valve import spool_spring_return
from etabli.components.pneumatic.quick_exhaust import quick_exhaust_disc
from etabli.components.pneumatic.regulator import pressure_regulator
from etabli.components.pneumatic.seat import check_seat, safety_seat
from etabli.components.pneumatic.shutoff_valve import shutoff_3_2
from etabli.components.pneumatic.tube import tube_conductance
from etabli.components.pneumatic.valve_3_2 import valve_body_3_2
from etabli.components.pneumatic.valve_5_2 import spool_two_pilots, valve_body_5_2
from etabli.components.pneumatic.volume import AIR_DENSITY_PER_BAR, air_volume


def iso6358_l_min(p1_gauge_mpa: float, p2_gauge_mpa: float, c: float, b: float) -> float:
    """ISO 6358 in the units of the data sheets: MPa gauge in, l/min ANR out; C in dm³/(s·bar), 20 °C."""
    p1, p2 = p1_gauge_mpa * 10.0 + 1.013, p2_gauge_mpa * 10.0 + 1.013
    choked = 60.0 * c * p1
    ratio = p2 / p1
    return choked if ratio <= b else choked * math.sqrt(1.0 - ((ratio - b) / (1.0 - b)) ** 2)


def computed_l_min(p1_gauge_mpa: float, p2_gauge_mpa: float, c: float, b: float) -> float:
    p1, p2 = p1_gauge_mpa * 10.0 + ATMOSPHERE_BAR, p2_gauge_mpa * 10.0 + ATMOSPHERE_BAR
    flows, _ = orifice.evaluate({"a": p1, "b": p2}, {"conductance": c, "critical_ratio": b, "opening": 1.0})
    return flows["a"] / REFERENCE_DENSITY * 60.0  # g/s to l/min ANR


def test_a_data_sheet_point_below_the_critical_ratio() -> None:
    # C = 2 dm³/(s·bar), b = 0.3, from 0.4 to 0.3 MPa gauge: about 420 l/min ANR.
    assert computed_l_min(0.4, 0.3, 2.0, 0.3) == pytest.approx(420.5, rel=0.003)


def test_the_choked_limit_of_the_same_valve() -> None:
    assert computed_l_min(0.4, 0.0, 2.0, 0.3) == pytest.approx(601.6, rel=0.001)
    assert computed_l_min(0.4, 0.0, 2.0, 0.3) == pytest.approx(computed_l_min(0.4, 0.04, 2.0, 0.3), rel=1e-12)


@pytest.mark.parametrize("p2", [0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.55, 0.59])
def test_iso_6358_over_the_whole_range(p2: float) -> None:
    assert computed_l_min(0.6, p2, 2.9, 0.35) == pytest.approx(iso6358_l_min(0.6, p2, 2.9, 0.35), rel=1e-9)


@pytest.mark.parametrize("ratio", [0.1, 0.35, 0.5, 0.9, 0.99, 0.9989])
def test_down_to_a_thousandth_of_loss_the_ellipse_is_exact(ratio: float) -> None:
    down = 5.0 * ratio
    expected = 2.0 * REFERENCE_DENSITY * 5.0 * math.sqrt(1.0 - max(0.0, (ratio - 0.35) / 0.65) ** 2)
    assert air_flow(5.0, down, 2.0, 0.35) == pytest.approx(expected, rel=1e-9)


def test_below_a_thousandth_of_loss_the_flow_is_laminar() -> None:
    whole = air_flow(5.0, 4.995, 2.0, 0.35)
    assert air_flow(5.0, 4.9975, 2.0, 0.35) == pytest.approx(0.5 * whole, rel=1e-9)


def test_equal_pressures_give_no_flow_and_the_slope_is_finite() -> None:
    assert air_flow(5.0, 5.0, 2.0, 0.3) == 0.0
    assert 0.0 < air_flow(5.0 + 1e-6, 5.0, 2.0, 0.3) / 1e-6 < 1e3


def test_the_passage_is_symmetrical() -> None:
    assert air_flow(3.0, 6.0, 1.0, 0.3) == -air_flow(6.0, 3.0, 1.0, 0.3)


def test_absurd_pressures_while_newton_searches_stay_finite() -> None:
    for p1, p2 in ((0.0, 0.0), (-3.0, 1.0), (1.0, -3.0), (1e4, 0.001)):
        assert math.isfinite(air_flow(p1, p2, 10.0, 0.5))


def test_a_leak_breathes_in_from_a_vacuum() -> None:
    flows, _ = vent.evaluate({"a": 0.5}, {"conductance": 1.0, "critical_ratio": 0.4, "opening": 1.0})
    assert flows["a"] < 0.0


def test_a_volume_holds_air_in_proportion_to_its_pressure() -> None:
    flows, states = air_volume.evaluate({"a": 7.0}, {"volume": 2.0, "index": 1.0}, {"mass": 16.0}, ah=0.01)
    assert states["mass"] == pytest.approx(7.0 * 2.0 * 100.0 / (0.28705 * 293.15), rel=1e-3)  # p V / (r T), in g
    assert flows["a"] == pytest.approx((states["mass"] - 16.0) / 0.01)


@pytest.mark.parametrize(
    ("diameter", "length", "c"), [(4.0, 1.0, 1.2), (4.0, 5.0, 0.64), (2.5, 1.0, 0.38), (8.0, 1.0, 6.6)]
)
def test_tubes_conduct_as_their_data_sheets_say(diameter: float, length: float, c: float) -> None:
    assert tube_conductance(diameter, length)[0] == pytest.approx(c, rel=0.1)


@pytest.mark.parametrize("length", [0.0, 0.01, 0.5, 20.0])
def test_a_tube_keeps_a_critical_ratio_that_makes_sense(length: float) -> None:
    for diameter in (1.5, 2.5, 4.0, 8.0, 25.0):
        assert 0.02 < tube_conductance(diameter, length)[1] < 0.7


# --- flow control --------------------------------------------------------------------------------------------------

SCREW = {
    "screw_conductance": 0.8,
    "check_conductance": 1.1,
    "opening": 0.25,
    "check_leak": 0.0,
    "check_lift": 1.0,
    "passage": 1.0,
    "critical_ratio": 0.35,
    "check_band": 0.02,
}


def test_the_flow_control_brakes_one_way_only() -> None:
    free, _ = one_way_flow_control.evaluate({"a": 7.0, "b": 5.0}, SCREW)
    braked, _ = one_way_flow_control.evaluate({"a": 5.0, "b": 7.0}, SCREW)
    assert free["a"] == pytest.approx(air_flow(7.0, 5.0, 0.2 + 1.1, 0.35), rel=1e-3)
    assert braked["a"] == pytest.approx(-air_flow(7.0, 5.0, 0.2, 0.35), rel=1e-3)


def test_a_stuck_open_check_no_longer_brakes() -> None:
    braked, _ = one_way_flow_control.evaluate({"a": 5.0, "b": 7.0}, {**SCREW, "check_leak": 1.0})
    assert braked["a"] == pytest.approx(-air_flow(7.0, 5.0, 1.3, 0.35), rel=1e-3)


# --- regulator and shut-off ----------------------------------------------------------------------------------------

REGULATOR = {
    "set_pressure": 6.0,
    "conductance": 6.0,
    "opening": 1.0,
    "droop": 0.5,
    "seat_leak": 0.0,
    "torn": 0.0,
    "relief_gap": 0.3,
    "relief_conductance": 0.4,
}


def test_the_regulator_is_tight_between_its_two_seats() -> None:
    flows, _ = pressure_regulator.evaluate({"a": 8.0, "b": 6.0 + ATMOSPHERE_BAR + 0.1}, REGULATOR)
    assert flows == {"a": 0.0, "b": 0.0}


def test_the_regulator_droops_by_half_a_bar_at_full_opening() -> None:
    flows, _ = pressure_regulator.evaluate({"a": 8.0, "b": 6.0 + ATMOSPHERE_BAR - 0.5}, REGULATOR)
    assert flows["a"] == pytest.approx(air_flow(8.0, 6.513, 6.0, 0.4))


def test_the_regulator_relieves_what_is_too_much() -> None:
    flows, _ = pressure_regulator.evaluate({"a": 9.0, "b": 8.0}, REGULATOR)
    assert flows["a"] == 0.0
    assert flows["b"] > 1.0


def test_the_regulator_lets_the_air_back_when_its_inlet_is_vented() -> None:
    flows, _ = pressure_regulator.evaluate({"a": ATMOSPHERE_BAR, "b": 6.0 + ATMOSPHERE_BAR}, REGULATOR)
    assert flows["a"] < -1.0


def test_the_shut_off_valve_empties_its_outlet_when_closed() -> None:
    values = {"conductance": 7.0, "exhaust_conductance": 2.5, "travel": 1.0, "seat_leak": 0.0, "exhaust_opening": 1.0}
    closed, _ = shutoff_3_2.evaluate({"a": 7.0, "b": 6.0}, {**values, "position": 0.0})
    opened, _ = shutoff_3_2.evaluate({"a": 7.0, "b": 6.0}, {**values, "position": 1.0})
    assert closed["a"] == 0.0
    assert closed["b"] == pytest.approx(2.5 * 1.185 * 6.0, rel=1e-3)  # choked to the atmosphere
    assert opened["a"] == -opened["b"] > 0.0


# --- 5/2 valve -----------------------------------------------------------------------------------------------------

BODY = {"conductance": 2.9, "critical_ratio": 0.35, "seal_leak": 0.0}
AT = {"p1": 7.0, "p2": 4.0, "p4": 3.0, "p3": 1.013, "p5": 1.013}


def test_the_body_joins_1_to_2_at_rest_and_1_to_4_at_work() -> None:
    rest, _ = valve_body_5_2.evaluate(AT, {**BODY, "rest": 1.0, "work": 0.0})
    work, _ = valve_body_5_2.evaluate(AT, {**BODY, "rest": 0.0, "work": 1.0})
    assert rest["p1"] == -rest["p2"] > 0.0
    assert rest["p4"] == -rest["p5"] > 0.0
    assert rest["p3"] == 0.0
    assert work["p1"] == -work["p4"] > 0.0
    assert work["p2"] == -work["p3"] > 0.0
    assert work["p5"] == 0.0


def test_the_body_loses_no_air() -> None:
    flows, _ = valve_body_5_2.evaluate(AT, {**BODY, "rest": 0.3, "work": 0.2, "seal_leak": 0.1})
    assert sum(flows.values()) == pytest.approx(0.0, abs=1e-12)


def spool(seconds: float, supply_gauge: float, plunger: float, start: float, **changed: float) -> float:
    values = {"spring": 1.2, "friction": 0.3, "travel_s": 0.015, "gain": 1.0, **changed}
    memory = {"position": start}
    for _ in range(round(seconds / 0.001)):
        memory = spool_spring_return.evaluate({"supply": supply_gauge + 1.013, "plunger": plunger}, values, memory)
    return memory["position"]


def test_the_spool_needs_a_bar_and_a_half() -> None:
    assert spool(1.0, 1.45, 1.0, 0.0) == 0.0
    assert spool(1.0, 1.7, 1.0, 0.0) == 1.0


def test_the_spool_travels_in_fifteen_milliseconds_at_six_bar() -> None:
    assert spool(0.012, 6.0, 1.0, 0.0) < 1.0
    assert spool(0.016, 6.0, 1.0, 0.0) == 1.0


def test_the_spring_brings_the_spool_back_unless_it_is_broken() -> None:
    assert spool(0.1, 6.0, 0.0, 1.0) == 0.0
    assert spool(1.0, 6.0, 0.0, 1.0, spring=0.0) == 1.0


def test_a_stuck_spool_stays_wherever_it_is() -> None:
    assert spool(1.0, 6.0, 1.0, 0.4, friction=30.0) == pytest.approx(0.4)


def both_pilots(plunger_14: float, plunger_12: float, start: float) -> float:
    values = {"friction": 1.4, "bias": 0.1, "travel_s": 0.012, "gain_14": 1.0, "gain_12": 1.0}
    memory = {"position": start}
    for _ in range(50):
        memory = spool_two_pilots.evaluate(
            {"supply": 7.0, "plunger_14": plunger_14, "plunger_12": plunger_12}, values, memory
        )
    return memory["position"]


@pytest.mark.parametrize(("pilots", "start", "end"), [((1, 0), 0, 1), ((0, 1), 1, 0), ((0, 0), 1, 1), ((1, 1), 0, 0)])
def test_the_bistable_spool_keeps_the_last_order(pilots: tuple[int, int], start: int, end: int) -> None:
    assert both_pilots(*pilots, start) == end


# --- cylinder ------------------------------------------------------------------------------------------------------


def cylinder_at(pa: float, pb: float, x: float, speed: float = 0.0, **changed: float) -> dict[str, float]:
    area_a, area_b = areas_cm2(32.0, 12.0)
    values = {
        "area_a": area_a, "area_b": area_b, "stroke": 0.1, "dead_a": 0.006, "dead_b": 0.006, "port_conductance": 2.5,
        "cushion_length": 0.015, "cushioning": 0.6, "cushion_seal": 1.0, "piston_leak": 0.0, "load": 0.0,
        "stop_stiffness": 1e6, "stop_factor": 2.0, "stop_damper": 0.0, **changed,
    }  # fmt: skip
    ah = 1e-3
    masses = {
        "mass_a": AIR_DENSITY_PER_BAR * pa * (0.006 + 0.1 * area_a * x),
        "mass_b": AIR_DENSITY_PER_BAR * pb * (0.006 + 0.1 * area_b * (0.1 - x)),
        "position": x - ah * speed,
    }
    flows, _ = double_acting_cylinder.evaluate(
        {"port_a": pa, "port_b": pb, "a": pa, "b": pb, "w": speed}, values, masses, ah
    )
    return dict(flows)


def test_the_force_of_a_32_mm_cylinder_at_six_bar() -> None:
    # 6e5 Pa on a piston of 32 mm: 482.5 N pushing; the flow into the device has the other sign.
    assert -cylinder_at(6.0 + ATMOSPHERE_BAR, ATMOSPHERE_BAR, 0.05)["w"] == pytest.approx(
        6e5 * math.pi * 0.016**2, rel=1e-3
    )


def test_the_force_back_is_less_by_the_area_of_the_rod() -> None:
    back = cylinder_at(ATMOSPHERE_BAR, 6.0 + ATMOSPHERE_BAR, 0.05)["w"]
    assert back == pytest.approx(6e5 * math.pi * (0.016**2 - 0.006**2), rel=1e-3)


def test_the_end_cap_stops_the_piston_and_never_pulls_it() -> None:
    assert end_stop(0.001, 0.0) == pytest.approx(1000.0, rel=0.02)
    assert end_stop(0.001, 0.5) > end_stop(0.001, -0.2) >= 0.0
    assert end_stop(0.001, -5.0) == 0.0
    assert end_stop(-0.01, 0.0) < 0.01


def test_the_cushion_shuts_the_way_out_near_the_end() -> None:
    def way_out(x: float, **changed: float) -> float:
        return -_port_flow(pa=1.013, pb=7.0, port_b=3.0, x=x, **changed)

    assert way_out(0.05) == pytest.approx(air_flow(7.0, 3.0, 2.5 * (1.0 + 0.06 * 0.4 + 0.003), 0.35), rel=1e-3)
    assert way_out(0.095) == pytest.approx(air_flow(7.0, 3.0, 2.5 * (0.06 * 0.4 + 0.003), 0.35), rel=1e-2)
    assert way_out(0.095, cushion_seal=0.0) == pytest.approx(way_out(0.05), rel=1e-3)


def test_the_cushion_lets_air_in_freely() -> None:
    assert _port_flow(pa=1.013, pb=3.0, port_b=7.0, x=0.099) > air_flow(7.0, 3.0, 2.4, 0.35)


def _port_flow(pa: float, pb: float, port_b: float, x: float, **changed: float) -> float:
    area_a, area_b = areas_cm2(32.0, 12.0)
    values = {
        "area_a": area_a, "area_b": area_b, "stroke": 0.1, "dead_a": 0.006, "dead_b": 0.006, "port_conductance": 2.5,
        "cushion_length": 0.015, "cushioning": 0.6, "cushion_seal": 1.0, "piston_leak": 0.0, "load": 0.0,
        "stop_stiffness": 1e6, "stop_factor": 2.0, "stop_damper": 0.0, **changed,
    }  # fmt: skip
    states = {"mass_a": 0.0, "mass_b": 0.0, "position": x}
    flows, _ = double_acting_cylinder.evaluate(
        {"port_a": pa, "port_b": port_b, "a": pa, "b": pb, "w": 0.0}, values, states
    )
    return float(flows["port_b"])


def test_the_friction_curve_has_its_dip() -> None:
    def force(w: float) -> float:
        return float(friction_force(w, 20.0, 28.0, 0.02, 40.0, 1e-3))

    assert force(0.0) == 0.0
    assert force(0.005) > force(0.05)  # Stribeck: less once it slides
    assert force(0.05) == pytest.approx(20.0 + 8.0 / (1.0 + 2.5**2) + 2.0, rel=1e-3)
    assert force(-0.05) == -force(0.05)
    assert max(force(w / 1000.0) for w in range(1, 100)) < 28.0


ABSOLUTE_BAR = st.floats(0.05, 12.0)


@given(ABSOLUTE_BAR, ABSOLUTE_BAR, ABSOLUTE_BAR, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_what_enters_a_part_with_three_ports_leaves_it(p1: float, p2: float, p3: float, a: float, b: float) -> None:
    at = {"p1": p1, "p2": p2, "p3": p3}
    values = {"conductance": 3.0, "critical_ratio": 0.3, "supply": a, "exhaust": b, "seal_leak": a * b}
    assert sum(valve_body_3_2.evaluate(at, values)[0].values()) == pytest.approx(0.0, abs=1e-9)
    disc = {"conductance": 3.0, "exhaust": 6.0, "free": a, "held": b, "torn": a * b}
    assert sum(quick_exhaust_disc.evaluate(at, disc)[0].values()) == pytest.approx(0.0, abs=1e-9)


@given(ABSOLUTE_BAR, ABSOLUTE_BAR, ABSOLUTE_BAR)
def test_no_disc_makes_air_flow_uphill(p1: float, p2: float, p3: float) -> None:
    """Second law at one temperature: the flows never raise the pressure that they come from (sum of m p is a loss)."""
    at = {"p1": p1, "p2": p2, "p3": p3}
    disc = {"conductance": 3.0, "exhaust": 6.0, "free": 1.0, "held": 0.0, "torn": 0.1}
    flows, _ = quick_exhaust_disc.evaluate(at, disc)
    assert sum(flow * at[name] for name, flow in flows.items()) >= -1e-9


CHECK = {
    "conductance": 2.5,
    "cracking": 0.05,
    "band": 0.2,
    "lift": 1.0,
    "leak": 0.0,
    "critical_ratio": 0.4,
    "lag": 5e-3,
}


@given(ABSOLUTE_BAR, ABSOLUTE_BAR)
def test_a_check_seat_is_tight_backwards_and_free_forwards(first: float, second: float) -> None:
    flows, _ = check_seat.evaluate({"a": first, "b": second}, CHECK, {"lift": 0.0}, 1e9)
    assert flows["a"] == -flows["b"]
    if first - second < 0.03:
        assert flows["a"] == 0.0
    if first - second > 0.3:
        assert flows["a"] == pytest.approx(air_flow(first, second, 2.5, 0.4))


@given(st.floats(0.0, 20.0))
def test_a_safety_seat_opens_within_ten_percent(gauge_bar: float) -> None:
    values = {"set_pressure": 8.0, "drift": 1.0, "conductance": 5.0, "free": 1.0, "leak": 0.0}
    flows, _ = safety_seat.evaluate({"a": gauge_bar + ATMOSPHERE_BAR}, values)
    if gauge_bar < 7.95:
        assert flows["a"] == 0.0
    if gauge_bar > 8.85:
        assert flows["a"] == pytest.approx(air_flow(gauge_bar + ATMOSPHERE_BAR, ATMOSPHERE_BAR, 5.0, 0.4))
