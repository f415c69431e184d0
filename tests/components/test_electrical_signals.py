"""Set points and sensors: potentiometer, NPN and two-wire outputs, Pt100, PTC and thermostat."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.electrical_rig import Rig
from etabli.components.component import Sense
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.components.electrical.temperature_probe import platinum, thermistor
from etabli.components.sources import lab_voltage
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef

pytestmark = pytest.mark.usefixtures("run_on_core")


class Fed(Rig):
    """A rig with DC sources and loads on its nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: dict[str, float] = {}
        self.loads: dict[tuple[str, str], float] = {}

    def network(self) -> Network:
        network = super().network()
        for node, volts in self.sources.items():
            nodes = {"plus": node, "minus": GROUND}
            network.add(f"source {node}", lab_voltage, nodes, {"voltage": volts, "resistance": 0.01})
        for (a, b), ohms in self.loads.items():
            network.add(f"load {a}", resistor, {"a": a, "b": b}, {"resistance": ohms})
        return network


# --- potentiometer ----------------------------------------------------------------------------------------------------


def set_point(position: float, load_ohm: float = 30e3) -> Fed:
    """R1 between 10 V and 0 V, its wiper on an analog input."""
    rig = Fed()
    rig.place("R1", "potentiometer", initial_position=position)
    rig.sources = {"R1:3": 10.0, "R1:1": 0.0}
    rig.loads = {("R1:2", GROUND): load_ohm}
    rig.run(0.05)
    return rig


@pytest.mark.parametrize("position", [0.0, 0.25, 0.5, 1.0])
def test_the_wiper_is_a_loaded_divider(position: float) -> None:
    share = 0.005 + 0.99 * position
    inner = 4700.0 * share * (1.0 - share) + 20.0
    assert set_point(position).voltage("R1:2") == pytest.approx(10.0 * share * 30e3 / (30e3 + inner), rel=1e-3)


def test_a_hand_turns_the_knob_and_an_eye_reads_it() -> None:
    rig = set_point(0.5)
    rig.hand("R1", "position", 0.8)
    rig.run(0.05)
    assert rig.voltage("R1:2") == pytest.approx(7.8, abs=0.2)
    assert "80 %" in rig.perceive("R1", Sense.LOOK)


@pytest.mark.parametrize(
    ("fault", "volts"),
    [("cut_low", 10.0 * 30.0 / 32.4), ("cut_high", 0.0), ("wiper_dirty", 0.07), ("knob_slipped", 1.0)],
)
def test_each_broken_potentiometer_gives_its_set_point(fault: str, volts: float) -> None:
    rig = set_point(0.5)
    rig.fault(f"R1.{fault}")
    rig.run(0.05)
    assert rig.voltage("R1:2") == pytest.approx(volts, abs=0.1)


# --- sensor outputs ---------------------------------------------------------------------------------------------------

LOAD_OHM = 2400.0


def sensor(output: str, target: float, family: str = "proximity_sensor") -> Fed:
    """B1 with a 10 mA load at 24 V, connected as its output asks; the button S9 is its target."""
    rig = Fed()
    rig.place("S9", "potentiometer", initial_position=target)
    rig.place("B1", family, links={"target": ParameterRef("S9.divider", "turn")}, output=output)
    rig.sources = {"P": 24.0}
    loads = {"pnp": ("B1:BK", GROUND), "npn": ("P", "B1:BK"), "two_wire": ("B1:BU", GROUND)}
    rig.join("B1:BN", "P")
    if output != "two_wire":
        rig.join("B1:BU", GROUND)
    rig.loads = {loads[output]: LOAD_OHM, ("S9:1", GROUND): 1.0}
    rig.run(0.1)
    return rig


def load_ma(rig: Fed) -> float:
    """Current in the load."""
    (a, b), ohms = next(iter(rig.loads.items()))
    volts = [0.0 if node == GROUND else rig.voltage(node) for node in (a, b)]
    return 1000.0 * (volts[0] - volts[1]) / ohms


@pytest.mark.parametrize(("output", "drop"), [("pnp", 1.2), ("npn", 1.2), ("two_wire", 4.0)])
def test_each_output_drives_its_load(output: str, drop: float) -> None:
    on = sensor(output, 1.0)
    assert load_ma(on) == pytest.approx(1000.0 * (24.0 - drop) / LOAD_OHM, rel=0.02)
    assert "lit" in on.perceive("B1", Sense.LOOK)
    off = sensor(output, 0.0)
    assert abs(load_ma(off)) < (1.5 if output == "two_wire" else 0.1)  # EN 60947-5-2


def test_a_two_wire_sensor_leaves_a_residual_current_in_its_load() -> None:
    """0.8 mA at 24 V: enough for an input of some kilohms to see a voltage, too little to switch it."""
    inside = 1.0 / (1.0 / 30e3 + 3e-6)  # its electronics beside its blocked transistor
    assert load_ma(sensor("two_wire", 0.0)) == pytest.approx(1000.0 * 24.0 / (inside + LOAD_OHM), rel=0.01)


@pytest.mark.parametrize("output", ["npn", "two_wire"])
@pytest.mark.parametrize(("fault", "target", "on"), [("dead", 1.0, False), ("stuck_on", 0.0, True)])
def test_faults_show_whatever_the_output(output: str, fault: str, target: float, on: bool) -> None:
    rig = sensor(output, target)
    rig.fault(f"B1.{fault}")
    rig.run(0.1)
    assert (load_ma(rig) > 5.0) is on


# --- temperature ------------------------------------------------------------------------------------------------------

# IEC 60751, rounded to 0.01 ohm.
PT100 = {-50.0: 80.31, 0.0: 100.00, 20.0: 107.79, 100.0: 138.51, 200.0: 175.86, 400.0: 247.09}
_FOLLOWS = {"contact": 1.0, "offset": 0.0, "ambient": 20.0, "lag_s": 8.0, "broken": 0.0, "wet_s": 1e-12}


def settled(law: Any, celsius: float, **changes: float) -> float:
    """Resistance after the probe has reached its medium."""
    memory = {"element": celsius, "ohms": 0.0}
    return float(law.evaluate({"target": celsius}, {**_FOLLOWS, **changes}, memory, 0.01)["resistance"])


@pytest.mark.parametrize("celsius", PT100)
def test_pt100_meets_the_table_of_the_standard(celsius: float) -> None:
    assert settled(platinum, celsius) == pytest.approx(PT100[celsius], abs=0.01)


@pytest.mark.parametrize(("away", "least", "most"), [(-20, 20, 250), (-5, 20, 550), (5, 1330, 1e5), (15, 4000, 1e5)])
def test_ptc_lies_inside_the_limits_of_the_standard(away: float, least: float, most: float) -> None:
    assert least <= settled(thermistor, 130.0 + away, response_c=130.0) <= most


@given(st.floats(-30.0, 300.0), st.floats(0.1, 50.0))
@settings(max_examples=50, deadline=None)
def test_a_warmer_probe_has_more_ohms(celsius: float, more: float) -> None:
    assert settled(platinum, celsius + more) > settled(platinum, celsius)
    assert settled(thermistor, celsius + more, response_c=130.0) >= settled(thermistor, celsius, response_c=130.0)


def thermostat(celsius: float) -> Fed:
    """B2 opens at 90 °C and closes 15 K lower; the power of a heated block E1 makes its temperature."""
    rig = Fed()
    rig.place("E1", "heat_capacity", start_c=celsius, air_w_k=1e-3)
    rig.place(
        "B2", "temperature_probe", links={"temperature": NodeRef("E1:t")}, kind="thermostat", response_c=90.0, lag_s=0.1
    )
    rig.sources = {"B2:1": 24.0}
    rig.loads = {("B2:2", GROUND): 1000.0}
    rig.run(2.0)
    return rig


@pytest.mark.parametrize(("celsius", "volts"), [(60.0, 24.0), (100.0, 0.0)])
def test_a_thermostat_opens_when_hot(celsius: float, volts: float) -> None:
    assert thermostat(celsius).voltage("B2:2") == pytest.approx(volts, abs=0.1)


def test_a_drifted_thermostat_opens_too_early() -> None:
    rig = thermostat(60.0)
    rig.fault("B2.drift")
    rig.run(2.0)
    assert abs(rig.voltage("B2:2")) < 0.1


def test_the_probe_lags_with_its_response_time() -> None:
    memory = {"element": 20.0, "ohms": 0.0}
    for _ in range(800):
        written = platinum.evaluate({"target": 120.0}, _FOLLOWS, memory, 0.01)
        memory = {k: written[k] for k in memory}
    assert memory["element"] == pytest.approx(20.0 + 100.0 * (1.0 - math.exp(-1.0)), rel=2e-3)


def test_broken_wet_and_pulled_out() -> None:
    assert settled(platinum, 100.0, broken=OPEN_OHM) > 1e9
    assert settled(platinum, 100.0, wet_s=2e-3) == pytest.approx(1.0 / (1.0 / 138.51 + 2e-3), rel=1e-4)
    memory = {"element": 20.0, "ohms": 0.0}
    assert platinum.evaluate({"target": 100.0}, {**_FOLLOWS, "contact": 0.05}, memory, 1e6)["element"] == pytest.approx(
        24.0, abs=0.01
    )


# --- transmitter and thermistor relay ---------------------------------------------------------------------------------


def measured(celsius: float, lead_ohm: float = 5.0, **parameters: float) -> Fed:
    """A bath E1, its Pt100 B2 with three long leads, the head transmitter B3, 24 V and 250 ohm in the loop."""
    rig = Fed()
    rig.place("E1", "heat_capacity", start_c=celsius, air_w_k=1e-3)
    rig.place("B2", "temperature_probe", links={"temperature": NodeRef("E1:t")}, lag_s=0.1)
    rig.place("B3", "temperature_transmitter", **parameters)
    rig.sources = {"B3:+": 24.0}
    rig.loads = {(f"B2:{k}", f"B3:{k}"): lead_ohm for k in "123"} | {("B3:-", GROUND): 250.0}
    rig.run(5.0)
    return rig


def loop_ma(rig: Fed) -> float:
    return 1000.0 * rig.voltage("B3:-") / 250.0


@pytest.mark.parametrize("celsius", [0.0, 25.0, 100.0])
def test_the_loop_carries_the_temperature_whatever_its_leads(celsius: float) -> None:
    for lead_ohm in (0.1, 10.0):
        assert loop_ma(measured(celsius, lead_ohm)) == pytest.approx(4.0 + 0.16 * celsius, abs=0.05)


@pytest.mark.parametrize(("fault", "milliamps"), [("open", 21.5), ("shorted", 3.6)])
def test_a_bad_probe_drives_the_loop_to_its_alarm(fault: str, milliamps: float) -> None:
    rig = measured(50.0)
    rig.fault(f"B2.{fault}")
    rig.run(5.0)
    assert loop_ma(rig) == pytest.approx(milliamps, abs=0.05)


def test_a_broken_transmitter_gives_nothing() -> None:
    rig = measured(50.0)
    rig.fault("B3.open")
    rig.run(0.5)
    assert loop_ma(rig) < 0.1


def windings(celsius: float, **parameters: float) -> Fed:
    """Three PTC of 130 °C in series on F1, all in the block E1."""
    rig = Fed()
    rig.place("E1", "heat_capacity", start_c=celsius, air_w_k=1e-3)
    for k in (1, 2, 3):
        rig.place(f"B{k}", "temperature_probe", links={"temperature": NodeRef("E1:t")}, kind="ptc", lag_s=0.1)
    rig.place("F1", "thermistor_relay", **parameters)
    rig.sources = {"F1:A1": 24.0}
    series = (("F1:T1", "B1:1"), ("B1:2", "B2:1"), ("B2:2", "B3:1"), ("B3:2", "F1:T2"), ("F1:A2", GROUND))
    rig.loads = dict.fromkeys(series, 0.1)
    rig.run(1.0)
    return rig


def closed(rig: Fed) -> bool:
    return rig.parameter("F1.contact_11_14.resistance") < 1.0


def test_the_thermistor_relay_holds_a_cool_motor_and_drops_a_hot_one() -> None:
    assert closed(windings(80.0))
    hot = windings(140.0)
    assert not closed(hot)
    assert "TRIP" in hot.perceive("F1", Sense.LOOK)


def test_it_must_be_reset_once_cool() -> None:
    rig = windings(80.0)
    rig.fault("B2.open")
    rig.run(0.5)
    assert not closed(rig)
    rig.write("B2.element.broken", 0.0)
    rig.run(0.5)
    assert not closed(rig)
    rig.hand("F1", "reset", 1.0)
    rig.run(0.5)
    assert closed(rig)


def test_a_shorted_probe_line_trips_it_too() -> None:
    rig = windings(80.0)
    for k in (1, 2, 3):
        rig.fault(f"B{k}.shorted")
    rig.run(0.5)
    assert not closed(rig)
