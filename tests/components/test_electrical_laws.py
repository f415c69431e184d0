"""Laws of the electrical families against closed forms and textbook formulas, on plain numbers."""

from __future__ import annotations

import cmath
import math
from itertools import pairwise

import pytest
from scipy.optimize import brentq

from etabli.components.catalogue import catalogue
from etabli.components.electrical.breaker import breaker_mechanism, breaker_memory
from etabli.components.electrical.coil import armature, armature_parameters, coil
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance, ac_pole, resistor
from etabli.components.electrical.contact import contact
from etabli.components.electrical.diode import diode
from etabli.components.electrical.fuse import fuse_element
from etabli.components.electrical.induction_motor import induction_machine, motor_heat, synchronous_speed
from etabli.components.electrical.mains_supply import ac_source
from etabli.components.electrical.plc import digital_input, digital_output, high_side_switch
from etabli.components.electrical.power_supply import limited_source
from etabli.components.electrical.reed_sensor import magnet_logic
from etabli.components.electrical.safety_relay import safety_logic
from etabli.components.electrical.sensor_output import output_transistor, presence_logic
from etabli.components.electrical.wire import dc_conductor
from etabli.components.pneumatic.pressure_switch import pressure_snap
from etabli.physics.expression import Phasor

# --- ohmic elements --------------------------------------------------------------------------------------------------


def test_resistor_obeys_ohm() -> None:
    flows, _ = resistor.evaluate({"a": 24.0, "b": 0.0}, {"resistance": 12.0})
    assert flows == {"a": 2.0, "b": -2.0}


def test_wire_adds_its_ends_and_leaks_to_earth() -> None:
    healthy = {"resistance": 0.03, "end_a": 0.001, "end_b": 0.001, "leak": 1e-9}
    flows, _ = dc_conductor.evaluate({"a": 24.0, "b": 23.9}, {**healthy, "end_a": 0.068})
    assert flows["a"] == pytest.approx(0.1 / 0.099, rel=1e-6)
    flows, _ = dc_conductor.evaluate({"a": 24.0, "b": 24.0}, {**healthy, "leak": 0.5})
    assert flows["a"] + flows["b"] == pytest.approx(12.0)


def test_ac_impedance_and_measured_pole_follow_complex_ohm() -> None:
    flows, _ = ac_impedance.evaluate(
        {"a": Phasor(230.0, 0.0), "b": Phasor(0.0, 0.0)}, {"resistance": 3.0, "reactance": 4.0}
    )
    expected = 230.0 / complex(3.0, 4.0)
    assert complex(flows["a"].re, flows["a"].im) == pytest.approx(expected)
    _, states = ac_pole.evaluate({"a": Phasor(3.0, 4.0), "b": Phasor(0.0, 0.0)}, {"resistance": 2.0})
    assert states["current"] == pytest.approx(2.5)


def test_source_gives_its_short_circuit_current() -> None:
    values = {"voltage": 230.0, "cosine": -0.5, "sine": 0.75**0.5, "resistance": 0.06, "reactance": 0.03, "on": 1.0}
    flows, _ = ac_source.evaluate({"line": Phasor(0.0, 0.0)}, values)
    assert math.hypot(flows["line"].re, flows["line"].im) == pytest.approx(230.0 / math.hypot(0.06, 0.03))


# --- coils, contacts, diodes ------------------------------------------------------------------------------------------


def test_coil_current_rises_as_the_rl_closed_form() -> None:
    """i(t) = V/R (1 - exp(-t R/L)); implicit Euler of 10 µs must be within 0.1 %."""
    p, current, h = {"resistance": 192.0, "inductance": 2.304}, 0.0, 1e-5
    for _ in range(1200):
        _, states = coil.evaluate({"a": 24.0, "b": 0.0}, p, {"current": current}, h)
        current = states["current"]
    assert current == pytest.approx(24.0 / 192.0 * (1.0 - math.exp(-1.0)), rel=1e-3)


def _run_armature(
    current: float, seconds: float, memory: dict[str, float] | None = None, **faults: float
) -> dict[str, float]:
    p = {**armature_parameters(0.125, 0.05, 0.015), **faults}
    m = {"position": 0.0, "pulled": 0.0, "activity": 0.0, "warmth": 0.0, **(memory or {})}
    for _ in range(round(seconds / 1e-3)):
        m = armature.evaluate({"current": current}, p, m, 1e-3)
    return m


def test_armature_takes_its_closing_time_and_has_hysteresis() -> None:
    assert _run_armature(0.125, 0.025)["position"] == pytest.approx(0.5)
    closed = _run_armature(0.125, 0.06)
    assert closed["position"] == 1.0
    assert _run_armature(0.05, 0.1, closed)["position"] == 1.0  # below pull-in, above drop-out
    assert _run_armature(0.05, 0.1)["position"] == 0.0
    assert _run_armature(0.0, 0.1, closed)["position"] == 0.0


@pytest.mark.parametrize(
    ("fault", "position"),
    [({"jammed": 0.9}, pytest.approx(0.1)), ({"turns": 0.02}, 0.0), ({"pushed": 1.0}, 1.0), ({"held": 0.65}, 1.0)],
)
def test_armature_faults_act_on_the_energised_armature(fault: dict[str, float], position: float) -> None:
    assert _run_armature(0.125, 0.1, **fault)["position"] == position


def test_welded_contact_holds_the_armature_and_the_mirror_contact_stays_open() -> None:
    at_rest = _run_armature(0.0, 0.1, held=0.65)["position"]
    mirror = {"closed_above": -10.0, "closed_below": 0.3, "closed_ohm": 0.02, "welded": 0.0, "cut": 0.0}
    assert contact.evaluate({"position": at_rest}, mirror)["resistance"] == OPEN_OHM


def test_weak_spring_lets_go_slowly() -> None:
    closed = _run_armature(0.125, 0.06)
    assert _run_armature(0.0, 0.1, closed)["position"] == 0.0
    assert _run_armature(0.0, 0.1, closed, spring=0.01)["position"] > 0.9


@pytest.mark.parametrize(
    ("position", "fault", "closed"),
    [
        (0.0, {}, False),
        (0.79, {}, False),
        (0.81, {}, True),
        (1.0, {"cut": 1.0}, False),
        (0.0, {"welded": 1.0}, True),
    ],
)
def test_make_contact_closes_late_in_the_travel(position: float, fault: dict[str, float], closed: bool) -> None:
    p = {"closed_above": 0.8, "closed_below": 10.0, "closed_ohm": 0.02, "welded": 0.0, "cut": 0.0, **fault}
    assert contact.evaluate({"position": position}, p)["resistance"] == (0.02 if closed else OPEN_OHM)


def test_diode_passes_one_way_and_nothing_at_zero() -> None:
    p = {"threshold": 0.7, "conductance": 20.0, "leak": 1e-8}
    forward, _ = diode.evaluate({"anode": 0.8, "cathode": 0.0}, p)
    assert forward["anode"] == pytest.approx(2.0, rel=0.1)
    reverse, _ = diode.evaluate({"anode": -24.0, "cathode": 0.0}, p)
    assert abs(reverse["anode"]) < 0.02
    zero, _ = diode.evaluate({"anode": 0.0, "cathode": 0.0}, p)
    assert zero["anode"] == pytest.approx(0.0, abs=1e-15)


# --- protections ------------------------------------------------------------------------------------------------------

FUSE = {
    "rated": 2.0,
    "fusing_ratio": 1.55,
    "fast_share": 0.2,
    "case_share": 0.5,
    "slow_s": 5.0,
    "melting_i2t": 8.0,
    "cold_ohm": 0.09,
    "worn": 0.0,
    "broken": 0.0,
}


def _melting_time(current: float, limit_s: float = 100.0, h: float = 1e-3, **changes: float) -> float:
    memory = {"fast": 0.0, "slow": 0.0, "case": 0.0, "heat": 0.0, "blown": 0.0}
    for step in range(round(limit_s / h)):
        written = fuse_element.evaluate({"current": current}, {**FUSE, **changes}, memory, h)
        if written["resistance"] == OPEN_OHM:
            return step * h
        memory = {k: written[k] for k in memory}
    return math.inf


def test_fuse_melts_at_its_joule_integral_on_a_short() -> None:
    """Adiabatic: t = I²t / I²."""
    assert _melting_time(60.0, h=1e-5) == pytest.approx(8.0 / 3600.0, rel=0.02)


def _three_bodies(current: float) -> float:
    """Time at which the sum of share · (1 - exp(-t/τ)) is (If/I)², with the first τ from the joule integral."""
    fusing = 1.55 * 2.0
    fast_s = 0.2 / (fusing**2 / 8.0 - 0.3 / 5.0 - 0.5 / 300.0)

    def short_of(t: float) -> float:
        risen = sum(a * (1.0 - math.exp(-t / tau)) for a, tau in ((0.2, fast_s), (0.3, 5.0), (0.5, 300.0)))
        return risen - (fusing / current) ** 2

    return float(brentq(short_of, 0.0, 10000.0))


@pytest.mark.parametrize("current", [3.3, 4.0, 8.0, 20.0])
def test_fuse_melting_time_follows_the_closed_form_of_its_bodies(current: float) -> None:
    expected = _three_bodies(current)
    found = _melting_time(current, 2.0 * expected, h=expected / 2000.0)
    assert found == pytest.approx(expected, rel=0.005)


def test_fuse_holds_its_conventional_current_and_melts_at_the_other() -> None:
    """IEC 60269 gG up to 4 A: holds 1.5 In for an hour, melts at 2.1 In within it."""
    assert _melting_time(1.5 * 2.0, 3600.0, h=2.0) == math.inf
    assert _melting_time(2.1 * 2.0, 3600.0, h=2.0) < 3600.0


def test_a_worn_fuse_melts_at_half_of_its_current() -> None:
    assert _melting_time(1.0, 1000.0, h=0.5) == math.inf
    assert _melting_time(1.0, 1000.0, h=0.5, worn=0.95) < 100.0


def _breaker(**changes: float) -> dict[str, float]:
    return {
        "position": 1.0,
        "locked": 0.0,
        "rated": 2.0,
        "trip_level": 1.69,
        "time_constant_s": 65.0,
        "magnetic_a": 15.0,
        "imbalance_gain": 0.0,
        "sensitivity": 1.0,
        "latch_broken": 0.0,
        **changes,
    }


def _breaker_memory() -> dict[str, float]:
    return {"heat": 0.0, "tripped": 0.0, **breaker_memory(1.0)}


def _trip_time(currents: tuple[float, float, float], p: dict[str, float], limit_s: float = 3600.0) -> float:
    """Seconds to the trip; the step grows with the time so that hours stay cheap (the thermal image is implicit)."""
    memory, time = _breaker_memory(), 0.0
    reads = {f"current_{k}": i for k, i in enumerate(currents, 1)}
    while time < limit_s:
        h = max(0.01, 0.005 * time)
        memory = breaker_mechanism.evaluate(reads, p, memory, h)
        if not memory["latched"]:
            return time
        time += h
    return math.inf


@pytest.mark.parametrize(
    ("multiple", "at_least", "at_most"),
    [(1.13, math.inf, math.inf), (1.45, 1.0, 3600.0), (2.55, 1.0, 60.0), (5.0, 0.5, 20.0), (10.0, 0.0, 0.1)],
)
def test_curve_c_points(multiple: float, at_least: float, at_most: float) -> None:
    """Time-current points of EN 60898 curve C."""
    current = 2.0 * multiple
    assert at_least <= _trip_time((current, current, current), _breaker()) <= at_most


@pytest.mark.parametrize(
    ("multiple", "at_least", "at_most"), [(1.05, math.inf, math.inf), (1.2, 10.0, 7200.0), (7.2, 2.0, 10.0)]
)
def test_motor_breaker_is_class_10(multiple: float, at_least: float, at_most: float) -> None:
    """EN 60947-4-1: holds 1.05 Ir, trips at 1.2 Ir within 2 h and at 7.2 Ir within 2…10 s from cold."""
    p = _breaker(rated=1.1, trip_level=1.27, time_constant_s=285.0, magnetic_a=20.8, imbalance_gain=0.25)
    current = 1.1 * multiple
    assert at_least <= _trip_time((current, current, current), p, 7200.0) <= at_most


def test_motor_breaker_is_faster_with_a_phase_missing() -> None:
    p = _breaker(rated=1.1, trip_level=1.27, time_constant_s=285.0, magnetic_a=20.8, imbalance_gain=0.25)
    assert _trip_time((2.0, 2.0, 0.0), p) < 0.85 * _trip_time((2.0, 2.0, 2.0), p)


def _hand(memory: dict[str, float], position: float, **changes: float) -> dict[str, float]:
    reads = {f"current_{k}": 0.0 for k in (1, 2, 3)}
    return dict(breaker_mechanism.evaluate(reads, _breaker(position=position, **changes), memory, 0.005))


def test_tripped_breaker_resets_by_0_then_1() -> None:
    short = {f"current_{k}": 100.0 for k in (1, 2, 3)}
    memory = breaker_mechanism.evaluate(short, _breaker(), _breaker_memory(), 0.005)
    assert (memory["latched"], memory["handle"]) == (0.0, 0.5)
    memory = _hand(memory, 1.0)
    assert (memory["latched"], memory["handle"]) == (0.0, 0.5)
    memory = _hand(memory, 0.0)
    assert memory["handle"] == 0.0
    assert _hand(memory, 1.0, locked=1.0)["latched"] == 0.0
    memory = _hand(memory, 1.0)
    assert (memory["latched"], memory["handle"]) == (1.0, 1.0)


def test_hot_breaker_does_not_latch() -> None:
    memory = {"heat": 1.6, "latched": 0.0, "previous": 0.0, "tripped": 0.0, "handle": 0.0}
    assert _hand(memory, 1.0)["latched"] == 0.0


# --- supply -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("volts", "amperes"), [(24.0, 2.5), (23.9, 5.0), (0.0, 12.0), (30.0, 0.0)])
def test_supply_regulates_then_limits_and_never_sinks(volts: float, amperes: float) -> None:
    p = {"voltage": 24.1, "conductance": 25.0, "limit": 12.0, "capacitance": 5e-3}
    flows, states = limited_source.evaluate({"plus": volts, "minus": 0.0}, p, {"charge": 5e-3 * volts})
    assert flows["minus"] == pytest.approx(amperes, abs=0.03)
    assert states["current"] == pytest.approx(amperes, abs=0.03)


# --- sensors ----------------------------------------------------------------------------------------------------------


def test_pnp_output_drop_leak_and_limit() -> None:
    p = {"conductance": 2.0, "drop": 1.2, "leak": 2e-6, "limit": 0.2}
    at_6_ma, _ = output_transistor.evaluate({"high": 24.0, "low": 22.8}, p)
    assert 0.0 < at_6_ma["high"] < 0.2
    shorted, _ = output_transistor.evaluate({"high": 24.0, "low": 0.0}, p)
    assert shorted["high"] == pytest.approx(0.2, abs=0.01)
    off, _ = output_transistor.evaluate({"high": 24.0, "low": 0.0}, {**p, "conductance": 1e-6})
    assert 0.0 < off["high"] < 1e-4  # off-state current of EN 60947-5-2


def _presence(target: float, led: float = 0.0, volts: float = 24.0, **changes: float) -> dict[str, float]:
    p = {
        "sensitivity": 1.0,
        "gain": 1.0,
        "background": 0.0,
        "threshold": 0.5,
        "minimum_v": 10.0,
        "off": 1e-6,
        "on": 2.0,
        "dead": 0.0,
        "stuck_on": 0.0,
        "output_open": 0.0,
        **changes,
    }
    m = {"led": led, "powered": 0.0, "signal": 0.0}
    return dict(presence_logic.evaluate({"target": target, "plus": volts, "minus": 0.0}, p, m))


def test_presence_sensor_switches_with_hysteresis() -> None:
    assert _presence(0.52)["led"] == 1.0
    assert _presence(0.47)["led"] == 0.0
    assert _presence(0.47, led=1.0)["led"] == 1.0
    assert _presence(0.44, led=1.0)["led"] == 0.0
    assert _presence(1.0, volts=8.0)["led"] == 0.0


@pytest.mark.parametrize(
    ("target", "fault", "led", "output"),
    [
        (1.0, {"dead": 1.0}, 0.0, 1e-6),
        (0.0, {"stuck_on": 1.0}, 1.0, 2.0),
        (1.0, {"output_open": 1.0}, 1.0, 1e-6),
        (1.0, {"gain": 0.15}, 0.0, 1e-6),
        (0.0, {"background": 0.9}, 1.0, 2.0),
        (1.0, {"sensitivity": 0.2}, 0.0, 1e-6),
    ],
)
def test_presence_sensor_faults(target: float, fault: dict[str, float], led: float, output: float) -> None:
    found = _presence(target, **fault)
    assert (found["led"], found["conductance"]) == (led, output)


@pytest.mark.parametrize(
    ("target", "shift", "led"), [(0.08, 0.0, 1.0), (0.075, 0.0, 1.0), (0.07, 0.0, 0.0), (0.08, 0.025, 0.0)]
)
def test_cylinder_sensor_sees_the_magnet_near_it(target: float, shift: float, led: float) -> None:
    p = {
        "at_m": 0.08,
        "shift_m": shift,
        "width_m": 0.006,
        "weak": 0.0,
        "minimum_v": 10.0,
        "off": 1e-6,
        "on": 2.0,
        "dead": 0.0,
        "stuck_on": 0.0,
        "output_open": 0.0,
    }
    reads = {"target": target, "plus": 24.0, "minus": 0.0}
    assert magnet_logic.evaluate(reads, p, {"led": 0.0, "powered": 0.0})["led"] == led


def test_pressure_switch_has_its_differential() -> None:
    p = {"set_bar": 4.5, "differential_bar": 0.6, "drift": 1.0, "stuck_on": 0.0, "dead": 0.0}

    def at(gauge: float, position: float) -> float:
        return float(pressure_snap.evaluate({"pressure": gauge + 1.013}, p, {"position": position})["position"])

    assert [at(4.4, 0.0), at(4.6, 0.0), at(4.0, 1.0), at(3.8, 1.0)] == [0.0, 1.0, 1.0, 0.0]


# --- PLC --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("volts", "before", "after"), [(14.9, 0.0, 0.0), (15.1, 0.0, 1.0), (5.1, 1.0, 1.0), (4.9, 1.0, 0.0)]
)
def test_plc_input_thresholds(volts: float, before: float, after: float) -> None:
    p = {"on_v": 15.0, "off_v": 5.0, "dead": 0.0, "stuck_on": 0.0}
    reads = {"input": volts, "common": 0.0, "powered": 1.0}
    assert digital_input.evaluate(reads, p, {"on": before})["on"] == after


def test_plc_output_limits_its_current_and_clamps_the_load() -> None:
    p = {"conductance": 10.0, "limit": 1.2, "leak": 1e-6}
    _, normal = high_side_switch.evaluate({"supply": 24.0, "output": 23.95}, p)
    assert normal["current"] == pytest.approx(0.5, rel=0.02)
    _, shorted = high_side_switch.evaluate({"supply": 24.0, "output": 0.0}, p)
    assert shorted["current"] == pytest.approx(1.2, rel=0.02)
    _, kick = high_side_switch.evaluate({"supply": 24.0, "output": -25.0}, {**p, "conductance": 1e-9})
    assert kick["current"] == pytest.approx(1.0, rel=0.05)


def test_shorted_plc_output_shuts_down_and_retries() -> None:
    p = {"command": 1.0, "on_siemens": 10.0, "off_siemens": 1e-9, "dead": 0.0, "stuck_on": 0.0}
    m = {"led": 0.0, "heat": 0.0, "off_hot": 0.0}
    on = []
    for _ in range(2000):
        current = 1.2 if not on or on[-1] else 0.0
        found = digital_output.evaluate(
            {"supply": 24.0, "output": 0.0, "current": current, "powered": 1.0}, p, m, 0.005
        )
        m = {k: found[k] for k in m}
        on.append(found["conductance"] > 1.0)
    assert m["led"] == 1.0
    assert on[0]
    changes = sum(a != b for a, b in pairwise(on))
    assert changes > 6
    assert sum(on) < 0.3 * len(on)


# --- motor ------------------------------------------------------------------------------------------------------------


def _textbook_torque(p: dict[str, float], slip: float, volts: float) -> tuple[float, float]:
    """Torque and line current of the T equivalent circuit, written with complex impedances (Thevenin form)."""
    stator = complex(p["stator_resistance"], p["stator_reactance"])
    magnetising = 1j * p["magnetising_reactance"]
    thevenin_v = volts * magnetising / (stator + magnetising)
    thevenin_z = stator * magnetising / (stator + magnetising)
    rotor = complex(p["rotor_resistance"] / slip, p["rotor_reactance"])
    rotor_current = thevenin_v / (thevenin_z + rotor)
    torque = 3.0 * abs(rotor_current) ** 2 * p["rotor_resistance"] / slip / p["synchronous_speed"]
    current = volts / (stator + magnetising * rotor / (magnetising + rotor))
    return torque, abs(current)


def _machine() -> dict[str, float]:
    values = catalogue()["induction_motor"].defaults()
    return {
        "stator_resistance": values["stator_ohm"],
        "stator_reactance": values["stator_reactance_ohm"],
        "magnetising_reactance": values["magnetising_ohm"],
        "rotor_resistance": values["rotor_ohm"],
        "rotor_reactance": values["rotor_reactance_ohm"],
        "inner_reactance": values["inner_reactance_ohm"],
        "outer_cage": values["outer_cage_s"],
        "synchronous_speed": synchronous_speed(values),
        "frequency": 50.0,
    }


def _phases(volts: float = 400.0 / 3**0.5) -> dict[str, Phasor]:
    turned = {"u": 0.0, "v": -120.0, "w": 120.0}
    return {k: Phasor(volts * math.cos(math.radians(a)), volts * math.sin(math.radians(a))) for k, a in turned.items()}


@pytest.mark.parametrize("slip", [1.0, 0.5, 0.2, 0.0667, 0.02, -0.05])
def test_motor_torque_and_current_match_the_textbook_circuit(slip: float) -> None:
    p = _machine()
    v = {**_phases(), "shaft": p["synchronous_speed"] * (1.0 - slip), "winding": 20.0}
    flows, _ = induction_machine.evaluate(v, p)
    torque, current = _textbook_torque(p, slip, 400.0 / 3**0.5)
    assert -flows["shaft"] == pytest.approx(torque, rel=1e-9)
    assert math.hypot(flows["u"].re, flows["u"].im) == pytest.approx(current, rel=1e-9)


def test_the_default_motor_is_the_one_its_sheet_text_describes() -> None:
    """0.37 kW, 1.03 A, 2.5 N·m at 1400 rpm, starting 4.1 and 2.3 times; warm winding."""
    p = _machine()
    rated = {**_phases(), "shaft": 1400.0 * math.pi / 30.0, "winding": 60.0}
    flows, _ = induction_machine.evaluate(rated, p)
    start, _ = induction_machine.evaluate({**_phases(), "shaft": 0.0, "winding": 20.0}, p)
    current = math.hypot(flows["u"].re, flows["u"].im)
    assert current == pytest.approx(1.03, rel=0.05)
    assert -flows["shaft"] == pytest.approx(2.52, rel=0.08)
    assert math.hypot(start["u"].re, start["u"].im) / current == pytest.approx(4.3, rel=0.1)
    assert -start["shaft"] / 2.52 == pytest.approx(2.3, rel=0.1)


def test_motor_has_no_torque_at_rest_with_a_phase_missing() -> None:
    """Single-phase supply between U and V: equal and opposite sequences, 3.5 A and no starting torque."""
    p = _machine()
    half = 200.0
    v = {"u": Phasor(half, 0.0), "v": Phasor(-half, 0.0), "w": Phasor(0.0, 0.0), "shaft": 0.0, "winding": 20.0}
    flows, _ = induction_machine.evaluate(v, p)
    assert flows["shaft"] == pytest.approx(0.0, abs=1e-9)
    assert math.hypot(flows["u"].re, flows["u"].im) > 3.0
    assert math.hypot(flows["w"].re, flows["w"].im) == pytest.approx(0.0, abs=1e-9)


def test_motor_currents_sum_to_zero_and_power_balances() -> None:
    """Star without neutral; electrical power in = mechanical power + copper losses (the circuit has no iron loss)."""
    p = _machine()
    v = {**_phases(), "shaft": 140.0, "winding": 80.0}
    v["w"] = v["w"].scaled(0.8)
    flows, _ = induction_machine.evaluate(v, p)
    currents = [complex(flows[k].re, flows[k].im) for k in "uvw"]
    voltages = [complex(v[k].re, v[k].im) for k in "uvw"]
    assert abs(sum(currents)) == pytest.approx(0.0, abs=1e-9)
    zero = sum(voltages) / 3.0
    power = sum((u - zero) * i.conjugate() for u, i in zip(voltages, currents, strict=True)).real
    assert power == pytest.approx(-flows["shaft"] * 140.0 - flows["winding"], rel=1e-9)


def test_crossed_phases_turn_the_motor_backwards() -> None:
    p = _machine()
    v = {**_phases(), "shaft": 0.0, "winding": 20.0}
    forward, _ = induction_machine.evaluate(v, p)
    v["u"], v["v"] = v["v"], v["u"]
    backward, _ = induction_machine.evaluate(v, p)
    assert backward["shaft"] == pytest.approx(-forward["shaft"])


def test_winding_heats_as_two_bodies() -> None:
    """At rest in temperature, all the heat passes to the air: T_frame = T_air + P / G."""
    p = {"winding_j_k": 450.0, "frame_j_k": 2600.0, "slot_w_k": 8.0, "air_w_k": 2.6, "air_c": 20.0}
    frame = 20.0 + 104.0 / 2.6
    winding = frame + 104.0 / 8.0
    stored = {"winding": 450.0 * winding, "frame": 2600.0 * frame}
    flows, _ = motor_heat.evaluate({"winding": winding, "frame": frame}, p, stored, 0.005)
    assert flows["winding"] == pytest.approx(104.0)
    assert flows["frame"] == pytest.approx(0.0, abs=1e-9)


def test_fortescue_operator_is_a_cube_root_of_one() -> None:
    from etabli.components.electrical.induction_motor import _A, _A2

    a = complex(_A.re, _A.im)
    assert a == pytest.approx(cmath.exp(2j * math.pi / 3.0))
    assert complex(_A2.re, _A2.im) == pytest.approx(a * a)


# --- safety relay -----------------------------------------------------------------------------------------------------


class SafetyRelay:
    """Drives the logic of the safety relay by hand: two channels, the reset button, the internal relays."""

    def __init__(self) -> None:
        names = ("powered", "channel_1", "channel_2", "reset", "output")
        self.memory = {**dict.fromkeys(names, 0.0), "opened_1": 1.0, "opened_2": 1.0}
        self.k1 = self.k2 = 0.0
        self.weld_k1 = False

    def step(self, one: bool, two: bool, reset: bool = False, volts: float = 24.0) -> bool:
        p = {
            "on_v": 15.0,
            "off_v": 8.0,
            "supply_v": 18.0,
            "dead": 0.0,
            "channel_1_dead": 0.0,
            "channel_2_dead": 0.0,
            "reset_dead": 0.0,
        }
        r = {
            "a1": volts,
            "a2": 0.0,
            "s12": volts if one else 0.0,
            "s22": 0.0 if two else volts,
            "s34": volts if reset else 0.0,
            "k1": self.k1,
            "k2": self.k2,
        }
        self.memory = dict(safety_logic.evaluate(r, p, self.memory, 0.005))
        on = self.memory["output"] > 0.5
        self.k1 = 1.0 if on or self.weld_k1 else 0.0
        self.k2 = 1.0 if on else 0.0
        return on

    def press_reset(self, one: bool = True, two: bool = True) -> bool:
        self.step(one, two, reset=True)
        self.step(one, two, reset=True)
        return self.step(one, two, reset=False)


def test_safety_relay_starts_on_the_falling_edge_of_reset() -> None:
    relay = SafetyRelay()
    assert not relay.step(True, True)
    assert not relay.step(True, True, reset=True)
    assert relay.step(True, True, reset=False)


def test_safety_relay_drops_when_one_channel_opens_and_asks_for_both() -> None:
    relay = SafetyRelay()
    assert relay.press_reset()
    assert not relay.step(False, True)
    assert not relay.press_reset()  # channel 2 never opened: its contact may be welded
    assert not relay.step(False, False)
    assert relay.press_reset()


def test_safety_relay_does_not_restart_with_a_welded_output() -> None:
    relay = SafetyRelay()
    relay.press_reset()
    relay.weld_k1 = True
    relay.step(False, False)
    assert not relay.press_reset()


def test_safety_relay_needs_its_supply() -> None:
    relay = SafetyRelay()
    relay.press_reset()
    assert not relay.step(True, True, volts=10.0)
