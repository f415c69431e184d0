"""Electrical families at work together: a starter, its 24 V control, sensors and a PLC, healthy and broken."""

from __future__ import annotations

import numpy as np
import pytest

from components.electrical_rig import Rig
from etabli.components.component import Effect, Sense
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.electrical.dc_image import DC_IMAGES
from etabli.physics.network import MemoryRef, ParameterRef

pytestmark = pytest.mark.usefixtures("run_on_core")


def control(rig: Rig, supply_a: float = 5.0) -> None:
    """24 V from the mains: G0, Q3, G1, its 0 V earthed."""
    rig.place("G0", "mains_supply")
    rig.place("Q3", "circuit_breaker_ac", rated_a=2.0)
    rig.place("G1", "power_supply", rated_a=supply_a)
    rig.place("E1", "earth", domain="dc")
    for a, b in (("G0:L1", "Q3:1"), ("G0:N", "Q3:3"), ("Q3:2", "G1:L"), ("Q3:4", "G1:N")):
        rig.wire(a, b, domain="ac", section_mm2=1.5)
    rig.wire("G1:-", "E1:PE")


def starter(rig: Rig) -> None:
    """Isolator, motor breaker, contactor, motor; wire WM1 feeds its phase U."""
    for tag, family in (
        ("Q1", "isolator"),
        ("Q2", "motor_circuit_breaker"),
        ("KM1", "contactor"),
        ("M1", "induction_motor"),
    ):
        rig.place(tag, family)
    poles = (("1", "2"), ("3", "4"), ("5", "6"))
    for k, ((top, bottom), phase) in enumerate(zip(poles, "UVW", strict=True), 1):
        rig.wire(f"G0:L{k}", f"Q1:{top}", domain="ac", section_mm2=2.5)
        rig.wire(f"Q1:{bottom}", f"Q2:{top}", domain="ac", section_mm2=2.5)
        rig.wire(f"Q2:{bottom}", f"KM1:{top}", domain="ac", section_mm2=1.5)
        rig.wire(f"KM1:{bottom}", f"M1:{phase}", f"WM{k}", domain="ac", section_mm2=1.5, length_m=8.0)
    rig.wire("M1:PE", "G0:PE", domain="ac", section_mm2=1.5)


@pytest.fixture
def station(run_on_core: None) -> Rig:
    """S1 picks up KA1; KA1 lights H1 and picks up KM1, which starts M1. 24 V is up."""
    rig = Rig()
    control(rig)
    starter(rig)
    rig.place("F1", "fuse")
    rig.place("S1", "pushbutton")
    rig.place("KA1", "relay")
    rig.place("H1", "pilot_light")
    rig.chain("G1:+", "F1:1")
    rig.chain("F1:2", "S1:13")
    rig.wire("S1:14", "KA1:A1", "W10")
    rig.chain("KA1:A2", "G1:-")
    rig.chain("F1:2", "KA1:11")
    rig.wire("KA1:14", "KM1:A1", "W20")
    rig.chain("KM1:A2", "G1:-")
    rig.chain("F1:2", "KA1:21")
    rig.chain("KA1:24", "H1:X1")
    rig.chain("H1:X2", "G1:-")
    rig.run(0.6)
    return rig


def press(rig: Rig, tag: str, seconds: float) -> None:
    rig.hand(tag, "pressed", 1.0)
    rig.run(seconds)


def test_supply_starts_and_lights_its_led(station: Rig) -> None:
    assert station.voltage("G1:+") - station.voltage("G1:-") == pytest.approx(24.1, abs=0.1)
    assert station.channel("G1", "ok") == 1.0
    assert "lit" in station.perceive("G1", Sense.LOOK)


def test_button_picks_the_relay_up_and_the_lamp_lights(station: Rig) -> None:
    assert station.channel("H1", "lit") == 0.0
    press(station, "S1", 0.1)
    assert station.memory("KA1.armature.position") == 1.0
    assert station.channel("H1", "lit") == 1.0
    assert "lit" in station.perceive("H1", Sense.LOOK)
    assert "click" in station.perceive("KA1", Sense.LISTEN)


def test_motor_starts_and_reaches_its_speed(station: Rig) -> None:
    press(station, "S1", 1.0)
    assert station.voltage("M1:shaft") * 9.5493 == pytest.approx(1497.0, abs=3.0)
    currents = [station.state(f"M1.link_{x}.current") for x in "UVW"]
    assert currents == pytest.approx([0.815] * 3, rel=0.05)
    assert "purr" in station.perceive("M1", Sense.LISTEN)
    station.hand("S1", "pressed", 0.0)
    station.run(4.0)
    assert abs(station.voltage("M1:shaft")) < 1.0


def test_open_wire_leaves_the_relay_at_rest(station: Rig) -> None:
    station.fault("W10.open")
    press(station, "S1", 0.2)
    assert station.memory("KA1.armature.position") == 0.0
    assert station.voltage("S1:14") == pytest.approx(24.0, abs=0.2)
    assert abs(station.voltage("KA1:A1")) < 0.5


def test_loose_terminal_shows_under_load_only(station: Rig) -> None:
    """Without load 24 V passes any resistance; with the relay on it, the voltage falls."""
    station.fault("W10.loose_b")
    press(station, "S1", 0.2)
    assert station.memory("KA1.armature.position") == 0.0
    assert 0.0 < station.voltage("KA1:A1") < 5.0


def test_phase_loss_at_rest_stalls_and_trips_the_motor_breaker(station: Rig) -> None:
    station.fault("WM1.open")
    press(station, "S1", 2.0)
    assert abs(station.voltage("M1:shaft")) < 0.1
    assert "hums" in station.perceive("M1", Sense.LISTEN)
    assert station.state("M1.link_U.current") < 0.01
    assert station.state("M1.link_V.current") > 3.0
    station.run(40.0)
    assert station.memory("Q2.mechanism.tripped") == 1.0
    assert "tripped" in station.perceive("Q2", Sense.LOOK)
    assert station.state("M1.link_V.current") < 0.01
    assert station.voltage("M1.winding") > 60.0


def test_phase_loss_in_motion_goes_on_turning(station: Rig) -> None:
    press(station, "S1", 1.0)
    station.fault("G0.phase_L3_lost")
    station.run(1.0)
    assert station.voltage("M1:shaft") * 9.5493 > 1450.0
    assert station.state("M1.link_U.current") > 1.4 * 0.815


def test_seized_bearing_stalls_with_three_equal_currents(station: Rig) -> None:
    station.fault("M1.bearing_seized")
    press(station, "S1", 1.0)
    assert abs(station.voltage("M1:shaft")) < 0.5
    currents = [station.state(f"M1.link_{x}.current") for x in "UVW"]
    assert min(currents) > 3.5
    assert currents == pytest.approx([currents[0]] * 3, rel=0.02)


def test_shorted_windings_trip_the_magnetic_release(station: Rig) -> None:
    station.fault("M1.winding_UV_short")
    press(station, "S1", 0.5)
    assert station.memory("Q2.mechanism.tripped") == 1.0


def test_welded_pole_keeps_its_phase_and_the_mirror_contact_open(station: Rig) -> None:
    press(station, "S1", 0.5)
    for pole in ("1_2", "3_4"):
        station.fault(f"KM1.contact_{pole}_welded")
    station.hand("S1", "pressed", 0.0)
    station.run(0.5)
    assert station.rms("M1:U", "M1:V") > 350.0
    assert station.parameter("KM1.contact_5_6.resistance") == OPEN_OHM
    assert station.parameter("KM1.contact_21_22.resistance") == OPEN_OHM


def test_shorted_lamp_blows_the_fuse(station: Rig) -> None:
    """The supply limits its current, so KA1 drops and comes back: the element melts after some seconds of chatter."""
    station.fault("H1.lamp_short")
    press(station, "S1", 10.0)
    assert station.memory("F1.element.blown") == 1.0
    assert "popped" in station.perceive("F1", Sense.LOOK)
    assert abs(station.voltage("F1:2")) < 0.5
    assert station.voltage("G1:+") == pytest.approx(24.1, abs=0.1)
    assert station.memory("KA1.armature.position") == 0.0


def test_bolted_short_blows_the_fuse_within_the_boost(run_on_core: None) -> None:
    """A short behind a 2 A fuse is cleared by the boost; the supply's voltage dips for some hundredths of a second."""
    rig = Rig(step_s=0.001)
    control(rig, supply_a=10.0)
    rig.place("F1", "fuse")
    rig.place("S1", "pushbutton")
    rig.chain("G1:+", "F1:1")
    rig.chain("F1:2", "S1:13")
    rig.chain("S1:14", "G1:-")
    rig.run(0.6)
    rig.hand("S1", "pressed", 1.0)
    rig.run(0.05)
    assert rig.memory("F1.element.blown") == 1.0
    assert rig.voltage("G1:+") == pytest.approx(24.1, abs=0.1)


def test_isolator_off_drops_everything_and_hold_up_carries_a_dip(station: Rig) -> None:
    station.write("Q3.mechanism.position", 0.0)
    station.run(0.015)
    assert station.memory("G1.control.running") == 1.0
    station.run(0.05)
    assert station.memory("G1.control.running") == 0.0
    assert station.voltage("G1:+") > 20.0  # without load the output capacitor takes its time
    station.run(5.0)
    assert station.voltage("G1:+") < 1.0


def test_padlocked_isolator_does_not_move(station: Rig) -> None:
    station.hand("Q1", "position", 0.0)
    station.run(0.05)
    station.hand("Q1", "lock", 1.0)
    station.hand("Q1", "position", 1.0)
    station.run(0.05)
    assert station.rms("Q1:2") < 1.0
    assert station.rms("Q1:1") == pytest.approx(231.0, abs=1.0)


def test_coil_releases_through_its_flyback_diode(station: Rig) -> None:
    press(station, "S1", 0.3)
    station.hand("S1", "pressed", 0.0)
    lowest = 0.0
    for _ in range(20):
        station.run(0.005)
        lowest = min(lowest, station.voltage("KM1:A1"), station.voltage("KA1:A1"))
    assert lowest > -1.5
    assert station.memory("KM1.armature.position") == 0.0


def test_relay_test_lever_moves_the_contacts(station: Rig) -> None:
    station.hand("KA1", "test", 1.0)
    station.run(0.2)
    assert station.channel("H1", "lit") == 1.0


def test_supply_with_dried_capacitors_collapses_under_load(station: Rig) -> None:
    station.fault("G1.limit_low")
    press(station, "S1", 0.5)
    assert station.voltage("G1:+") < 23.0
    assert station.channel("G1", "ok") == 0.0


def test_reversed_phases_turn_the_motor_the_other_way(run_on_core: None) -> None:
    rig = Rig()
    control(rig)
    starter(rig)
    rig.placed["G0"][3].update({"L1": "G0:L2", "L2": "G0:L1"})
    rig.run(0.1)
    rig.hand("KM1", "test", 1.0)
    rig.run(1.0)
    assert rig.voltage("M1:shaft") * 9.5493 == pytest.approx(-1497.0, abs=3.0)


# --- PLC and sensors --------------------------------------------------------------------------------------------------


@pytest.fixture
def cell(run_on_core: None) -> Rig:
    """A PLC with an inductive sensor on I0.0 (S9 is its target), a button, a relay on Q0.0 and a lamp on Q0.1."""
    rig = Rig()
    control(rig)
    rig.place("A1", "plc", inputs=4, outputs=2)
    rig.place("S9", "pushbutton")
    rig.place("B1", "proximity_sensor", links={"target": MemoryRef("S9.button", "head")})
    rig.place("S1", "pushbutton")
    rig.place("KA1", "relay")
    rig.place("H1", "pilot_light")
    for a, b, tag in (
        ("G1:+", "A1:L+", "W1"),
        ("G1:-", "A1:M", "W2"),
        ("G1:+", "A1:1L+", "W3"),
        ("G1:-", "A1:1M", "W4"),
        ("G1:+", "B1:BN", "W5"),
        ("B1:BK", "A1:I0.0", "W6"),
        ("G1:-", "B1:BU", "W7"),
        ("G1:+", "S1:13", "W8"),
        ("S1:14", "A1:I0.1", "W9"),
        ("A1:Q0.0", "KA1:A1", "W10"),
        ("KA1:A2", "G1:-", "W11"),
        ("A1:Q0.1", "H1:X1", "W12"),
        ("H1:X2", "G1:-", "W13"),
    ):
        rig.wire(a, b, tag)
    rig.run(1.2)
    return rig


def test_sensor_reaches_the_plc_input(cell: Rig) -> None:
    assert cell.memory("A1.supply.on") == 1.0
    assert cell.memory("A1.I0.0.on") == 0.0
    assert cell.voltage("A1:I0.0") < 1.0
    press(cell, "S9", 0.05)
    assert cell.memory("A1.I0.0.on") == 1.0
    assert cell.voltage("A1:I0.0") == pytest.approx(22.8, abs=0.4)
    assert "yellow LED of the sensor is lit" in cell.perceive("B1", Sense.LOOK)
    assert "I0.0" in cell.perceive("A1", Sense.LOOK)


@pytest.mark.parametrize(
    ("fault", "target", "led", "seen"),
    [
        ("B1.dead", 1.0, 0.0, 0.0),
        ("B1.stuck_on", 0.0, 1.0, 1.0),
        ("B1.stuck_off", 1.0, 1.0, 0.0),
        ("B1.out_of_range", 1.0, 0.0, 0.0),
        ("B1.swarf", 0.0, 1.0, 1.0),
        ("W6.open", 1.0, 1.0, 0.0),
        ("W6.loose_a", 1.0, 1.0, 0.0),
        ("W5.open", 1.0, 0.0, 0.0),
        ("W7.open", 1.0, 0.0, 0.0),
        ("A1.i0_0_dead", 1.0, 1.0, 0.0),
        ("A1.i0_0_stuck_on", 0.0, 0.0, 1.0),
        ("A1.i0_0_short", 1.0, 1.0, 0.0),
        ("W1.open", 1.0, 1.0, 0.0),
    ],
)
def test_where_the_signal_is_lost(cell: Rig, fault: str, target: float, led: float, seen: float) -> None:
    """The sensor's LED and the PLC's LED tell apart sensor, wire and input."""
    cell.fault(fault)
    cell.hand("S9", "pressed", target)
    cell.run(0.1)
    assert cell.channel("B1", "led") == led
    assert cell.channel("A1", "I0.0") == seen


def test_plc_output_drives_the_relay(cell: Rig) -> None:
    cell.write("A1.Q0.0.command", 1.0)
    cell.run(0.1)
    assert cell.memory("KA1.armature.position") == 1.0
    assert cell.channel("A1", "Q0.0") == 1.0
    cell.write("A1.Q0.0.command", 0.0)
    cell.run(0.1)
    assert cell.memory("KA1.armature.position") == 0.0


def test_dead_output_shows_its_led_and_no_voltage(cell: Rig) -> None:
    cell.fault("A1.q0_0_dead")
    cell.write("A1.Q0.0.command", 1.0)
    cell.run(0.1)
    assert cell.channel("A1", "Q0.0") == 1.0
    assert cell.voltage("A1:Q0.0") < 1.0


def test_shorted_coil_turns_make_the_output_shut_down(cell: Rig) -> None:
    """The relay draws more than the output gives; the output gets hot, opens, cools and tries again."""
    cell.fault("KA1.coil_short_turns")
    cell.write("A1.Q0.0.command", 1.0)
    cell.run(3.0)
    assert cell.memory("KA1.armature.position") == 0.0
    assert cell.memory("A1.Q0.0.heat") > 0.5
    assert "hot" in cell.perceive("A1", Sense.TOUCH)
    assert cell.voltage("G1:+") == pytest.approx(24.1, abs=0.3)


def test_shorted_lamp_leaves_the_other_outputs_alone(cell: Rig) -> None:
    cell.fault("H1.lamp_short")
    cell.write("A1.Q0.0.command", 1.0)
    cell.write("A1.Q0.1.command", 1.0)
    cell.run(0.1)
    lit, hot = [], []
    for _ in range(20):
        cell.run(0.05)
        lit.append(cell.channel("H1", "lit"))
        hot.append(cell.memory("A1.Q0.1.off_hot"))
    assert cell.memory("KA1.armature.position") == 1.0
    assert sum(lit) < 2.0
    assert sum(hot) > 10.0


def test_plc_rides_through_a_short_dip_and_stops_after_20_ms(cell: Rig) -> None:
    cell.write("W1.conductor.resistance", 1e9)
    cell.run(0.015)
    assert cell.memory("A1.supply.on") == 1.0
    cell.run(0.01)
    assert cell.memory("A1.supply.on") == 0.0
    cell.write("W1.conductor.resistance", 0.03)
    cell.run(0.3)
    assert cell.memory("A1.supply.on") == 0.0  # it boots for half a second
    cell.run(0.3)
    assert cell.memory("A1.supply.on") == 1.0


# --- emergency stop ---------------------------------------------------------------------------------------------------


@pytest.fixture
def safety(run_on_core: None) -> Rig:
    """E-stop S0 on the two channels of K1, reset S3 and the mirror contact of KM1 in the loop, KM1 on output 13-14."""
    rig = Rig()
    control(rig)
    rig.place("S0", "emergency_stop")
    rig.place("S3", "pushbutton")
    rig.place("K1", "safety_relay")
    rig.place("KM1", "contactor")
    for a, b, tag in (
        ("G1:+", "K1:A1", "W1"),
        ("G1:-", "K1:A2", "W2"),
        ("K1:S11", "S0:11", "W3"),
        ("S0:12", "K1:S12", "W4"),
        ("K1:S21", "S0:21", "W5"),
        ("S0:22", "K1:S22", "W6"),
        ("K1:S11", "KM1:21", "W7"),
        ("KM1:22", "S3:13", "W8"),
        ("S3:14", "K1:S34", "W9"),
        ("G1:+", "K1:13", "W10"),
        ("K1:14", "KM1:A1", "W11"),
        ("KM1:A2", "G1:-", "W12"),
    ):
        rig.wire(a, b, tag)
    rig.run(0.6)
    return rig


def reset(rig: Rig) -> float:
    """Press and release the reset; return the position of the contactor."""
    rig.hand("S3", "pressed", 1.0)
    rig.run(0.2)
    rig.hand("S3", "pressed", 0.0)
    rig.run(0.2)
    return rig.memory("KM1.armature.position")


def stop_and_release(rig: Rig) -> None:
    rig.hand("S0", "pressed", 1.0)
    rig.run(0.2)
    rig.hand("S0", "pressed", 0.0)
    rig.run(0.2)


def test_emergency_stop_drops_the_contactor_and_reset_brings_it_back(safety: Rig) -> None:
    assert "POWER, CH1, CH2" in safety.perceive("K1", Sense.LOOK)
    assert safety.memory("KM1.armature.position") == 0.0
    assert reset(safety) == 1.0
    safety.hand("S0", "pressed", 1.0)
    safety.run(0.2)
    assert safety.memory("KM1.armature.position") == 0.0
    safety.hand("S0", "pressed", 0.0)
    safety.run(0.2)
    assert safety.memory("KM1.armature.position") == 0.0
    assert reset(safety) == 1.0


@pytest.mark.parametrize("fault", ["S0.contact_11_12_welded", "S0.contact_21_22_welded"])
def test_one_welded_channel_stops_but_does_not_reset(safety: Rig, fault: str) -> None:
    reset(safety)
    safety.fault(fault)
    safety.hand("S0", "pressed", 1.0)
    safety.run(0.2)
    assert safety.memory("KM1.armature.position") == 0.0
    safety.hand("S0", "pressed", 0.0)
    safety.run(0.2)
    assert reset(safety) == 0.0


@pytest.mark.parametrize(
    "fault",
    ["S0.contact_11_12_open", "W6.open", "W4.loose_b", "K1.channel_2_dead", "K1.reset_dead", "W9.open", "K1.dead",
     "S3.contact_13_14_open", "K1.contact_13_14_open", "KM1.contact_21_22_open", "K1.k2_jammed"],
)  # fmt: skip
def test_a_break_anywhere_keeps_the_machine_stopped(safety: Rig, fault: str) -> None:
    safety.fault(fault)
    assert reset(safety) == 0.0


def test_welded_contactor_blocks_the_reset_through_its_mirror_contact(safety: Rig) -> None:
    reset(safety)
    safety.fault("KM1.contact_1_2_welded")
    stop_and_release(safety)
    assert reset(safety) == pytest.approx(0.65)


def test_head_without_its_contact_block_does_not_stop(safety: Rig) -> None:
    """The dangerous failure: the mushroom goes in, nothing stops."""
    reset(safety)
    safety.fault("S0.block_loose")
    safety.hand("S0", "pressed", 1.0)
    safety.run(0.2)
    assert safety.memory("KM1.armature.position") == 1.0
    assert "pushed in" in safety.perceive("S0", Sense.LOOK)


# --- what an ohmmeter sees --------------------------------------------------------------------------------------------


def test_dc_image_of_the_starter(station: Rig) -> None:
    station.hand("Q1", "position", 0.0)
    station.run(0.05)

    def image(tag: str) -> dict[tuple[str, str], float]:
        component, parameters, _, _ = station.placed[tag]
        branches = DC_IMAGES[component.family](tag, parameters, station.simulator.read)
        return {(a, b): ohms for a, b, ohms in branches}

    assert image("Q1")["1", "2"] == OPEN_OHM
    assert image("Q2")["1", "2"] == pytest.approx(0.8)
    motor = image("M1")
    assert motor["U", "end_U"] + motor["end_U", "star"] == pytest.approx(30.0, rel=0.03)
    assert motor["end_U", "PE"] == 1e9
    station.fault("M1.winding_U_open")
    assert image("M1")["U", "end_U"] == pytest.approx(OPEN_OHM)


def test_linked_target_may_be_any_reference() -> None:
    """A sensor takes its target from a memory, a state or a parameter of another component."""
    rig = Rig()
    rig.place("B1", "reed_sensor", links={"target": ParameterRef("S9.button", "position")})
    rig.place("S9", "pushbutton")
    network = rig.network()
    assert network.sampled["B1.logic"].reads[0] == ParameterRef("S9.button", "position")


# --- every failure mode, at both ends of its range --------------------------------------------------------------------


@pytest.mark.parametrize("bench", ["station", "cell", "safety"])
def test_no_fault_upsets_the_solver(bench: str, request: pytest.FixtureRequest) -> None:
    """Each fault alone, while the buttons are used: every step converges and every value stays finite."""
    rig: Rig = request.getfixturevalue(bench)
    simulator = rig.simulator
    healthy = simulator.snapshot()
    for tag, (component, parameters, _, _) in rig.placed.items():
        for mode in component.failure_modes_of(parameters):
            if not all(isinstance(e, Effect) for e in mode.effects):
                continue
            for degree in set(mode.degrees):
                before = simulator.unresolved
                rig.fault(f"{tag}.{mode.id}", degree)
                for pressed in (1.0, 0.0):
                    for button in (
                        t for t, (c, *_) in rig.placed.items() if c.family in {"pushbutton", "emergency_stop"}
                    ):
                        rig.hand(button, "pressed", pressed)
                    for output in (d for d in simulator.network.sampled if d.startswith("A1.Q")):
                        rig.write(f"{output}.command", pressed)
                    simulator.advance(30)
                assert simulator.unresolved == before, (tag, mode.id, degree, simulator.troubled_node())
                assert np.isfinite(simulator.values).all(), (tag, mode.id, degree)
                simulator.restore(healthy)
