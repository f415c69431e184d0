"""Transformer, thermal relay, fuse-switch, heater, soft starter, cable: at work, and broken."""

from __future__ import annotations

import math
from typing import Any

import pytest

from components.electrical_rig import Rig
from components.test_ac_power import MOTOR_4KW
from etabli.components.component import Sense
from etabli.components.electrical.conductor import OPEN_OHM, ac_impedance
from etabli.components.electrical.soft_starter import Trip
from etabli.components.electrical.thermal_relay import CLASSES, TRIP_HEAT, bimetals
from etabli.components.electrical.transformer import winding_data
from etabli.components.sources import lab_mains
from etabli.physics.network import GROUND, Network

pytestmark = pytest.mark.usefixtures("run_on_core")

PHASES = ((1.0, 0.0), (-0.5, -(0.75**0.5)), (-0.5, 0.75**0.5))


class Bench(Rig):
    """A rig with laboratory AC sources and loads on its nodes."""

    def __init__(self, step_s: float = 0.005) -> None:
        super().__init__(step_s)
        self.extra: list[tuple[str, Any, dict[str, str], dict[str, float]]] = []

    def source(self, node: str, volts: float, phase: int = 0, ohms: float = 1e-3) -> None:
        cosine, sine = PHASES[phase]
        values = {"voltage": volts, "cosine": cosine, "sine": sine, "resistance": ohms, "reactance": 0.0}
        self.extra.append((f"source {node}", lab_mains, {"line": node, "neutral": GROUND}, values))

    def load(self, a: str, b: str, ohms: float) -> None:
        self.extra.append((f"load {a}", ac_impedance, {"a": a, "b": b}, {"resistance": ohms, "reactance": 0.0}))

    def network(self) -> Network:
        network = super().network()
        for name, law, nodes, values in self.extra:
            network.add(name, law, nodes, values)
        return network


# --- transformer ------------------------------------------------------------------------------------------------------


def transformer(load_ohm: float = 1e6, **parameters: Any) -> Bench:
    """T1 400/24 V 250 VA on a stiff single-phase supply, one secondary pole earthed."""
    rig = Bench()
    rig.place("T1", "transformer", **parameters)
    rig.source("T1:1U", 400.0)
    for node in ("T1:1V", "T1:2V", "T1:PE"):
        rig.load(node, GROUND, 1e-3)
    rig.load("T1:2U", "T1:2V", load_ohm)
    rig.run(0.1)
    return rig


RATED_OHM = 24.0**2 / 250.0


def test_transformer_gives_its_plate_voltage_at_full_load_and_more_at_none() -> None:
    """The no-load voltage is above the plate's by half of the copper losses (2.8 % of 250 VA)."""
    assert transformer().rms("T1:2U", "T1:2V") == pytest.approx(24.0 * 1.028, rel=2e-3)
    assert transformer(RATED_OHM).rms("T1:2U", "T1:2V") == pytest.approx(24.0, rel=0.035)


def test_short_circuit_voltage_is_that_of_the_plate() -> None:
    """IEC 60076-1: the rated current flows in a short circuit under 6.5 % of the voltage, so 15.4 times at full one."""
    rig = transformer(1e-3)
    rated = 250.0 / 24.0
    assert rig.state("T1.unit.secondary") == pytest.approx(rated * 1.028 / 0.065, rel=0.05)


def test_no_load_losses_and_current_are_those_of_the_plate() -> None:
    rig = transformer()
    assert rig.state("T1.unit.losses") == pytest.approx(9.0, rel=0.01)
    assert rig.state("T1.unit.primary") == pytest.approx(0.12 * 250.0 / 400.0, rel=0.02)


def test_power_in_is_power_out_and_losses() -> None:
    rig = transformer(RATED_OHM)
    output_w = rig.rms("T1:2U", "T1:2V") ** 2 / RATED_OHM
    # The stiff supply stands at 0 degree: the active power is what its in-phase current brings.
    source_drop = 400.0 - rig.voltage("T1:1U")
    input_w = 400.0 * source_drop / 1e-3
    links_w = 0.002 * 2.0 * (rig.state("T1.link_1U.current") ** 2 + rig.state("T1.link_2U.current") ** 2)
    assert input_w == pytest.approx(output_w + rig.state("T1.unit.losses") + links_w, rel=5e-3)


def test_an_overloaded_transformer_heats_up_with_its_time_constant() -> None:
    """C dθ/dt = P - G θ: after one time constant of 400 s, 63 % of the rise (copper grows warmer meanwhile)."""
    rig = transformer(RATED_OHM, capacity_j_k=160.0)
    rig.run(400.0)
    losses = rig.state("T1.unit.losses")
    assert rig.voltage("T1.winding") - 25.0 == pytest.approx(losses / 0.4 * (1.0 - math.exp(-1.0)), rel=0.06)
    rig.fault("T1.cooling_blocked")
    rig.run(2000.0)
    assert rig.voltage("T1.winding") > 130.0
    assert "varnish" in rig.perceive("T1", Sense.LOOK)


@pytest.mark.parametrize(("fault", "volts"), [("primary_open", 0.0), ("secondary_open", 0.0)])
def test_an_open_winding_gives_nothing(fault: str, volts: float) -> None:
    rig = transformer(RATED_OHM)
    rig.fault(f"T1.{fault}")
    rig.run(0.1)
    assert rig.rms("T1:2U", "T1:2V") == pytest.approx(volts, abs=0.01)


def test_shorted_turns_draw_current_without_load_and_lower_the_voltage() -> None:
    """A tenth of the turns shorted: E (1 - x) at the secondary, x E² / R in heat."""
    rig = transformer()
    sound_a = rig.state("T1.unit.primary")
    rig.fault("T1.shorted_turns")
    rig.run(0.05)
    assert rig.rms("T1:2U", "T1:2V") == pytest.approx(0.9 * 24.0 * 1.028, rel=0.01)
    data = winding_data({**rig.placed["T1"][1]})
    eddy_w = 0.1 * (400.0 / data["ratio"]) ** 2 / data["turn_ohm"]
    assert rig.state("T1.unit.losses") == pytest.approx(eddy_w + 9.0, rel=0.02)
    assert rig.state("T1.unit.primary") > 20.0 * sound_a
    assert "hums" in rig.perceive("T1", Sense.LISTEN)


def test_an_isolated_secondary_hides_the_first_earth_fault() -> None:
    """Nothing flows until a pole is earthed: why a control transformer has one pole at PE."""
    rig = Bench()
    rig.place("T1", "transformer")
    rig.source("T1:1U", 400.0)
    for node in ("T1:1V", "T1:PE"):
        rig.load(node, GROUND, 1e-3)
    rig.load("T1:2U", "T1:2V", 100.0)
    rig.run(0.05)
    healthy = rig.state("T1.link_2U.current")
    rig.fault("T1.secondary_earth")
    rig.run(0.05)
    assert rig.state("T1.link_2U.current") == pytest.approx(healthy, rel=1e-3)
    earthed = transformer()
    earthed.fault("T1.secondary_earth")
    earthed.run(0.05)
    data = winding_data({**earthed.placed["T1"][1]})
    loop = 1.0 + 0.005 + complex(data["resistance"], data["reactance"])
    assert earthed.state("T1.unit.secondary") == pytest.approx(400.0 / data["ratio"] / abs(loop), rel=0.01)


# --- thermal relay ----------------------------------------------------------------------------------------------------

_SOUND = {
    "rated": 1.0,
    "time_constant_s": CLASSES["10"],
    "differential": 0.2,
    "compensation": 1.0,
    "sensitivity": 1.0,
    "automatic": 0.0,
    "reset": 0.0,
    "test": 0.0,
    "jammed": 0.0,
    "unlinked_c": 20.0,
}


def trip_time(
    currents: tuple[float, float, float], heat: float = 0.0, limit_s: float = 7200.0, **changes: float
) -> float:
    """Seconds until it trips, ``inf`` beyond ``limit_s``; ``heat`` is where the bimetals start."""
    p = {**_SOUND, **changes}
    m = {"heat_1": heat, "heat_2": heat, "heat_3": heat, "deflection": heat, "tripped": 0.0}
    reads = {f"current_{k}": i for k, i in enumerate(currents, 1)} | {"ambient": p["unlinked_c"]}
    h = 0.02 if max(currents) > 2.0 else 2.0
    for step in range(round(limit_s / h)):
        m = dict(bimetals.evaluate(reads, p, m, h))
        if m["tripped"] > 0.5:
            return (step + 1) * h
    return math.inf


@pytest.mark.parametrize("multiple", [1.2, 1.5, 3.0, 7.2])
def test_trip_time_is_the_closed_form_of_one_time_constant(multiple: float) -> None:
    expected = -CLASSES["10"] * math.log(1.0 - TRIP_HEAT / multiple**2)
    assert trip_time((multiple,) * 3) == pytest.approx(expected, rel=0.02)


def test_ambient_compensation_and_its_loss() -> None:
    assert trip_time((1.05,) * 3, unlinked_c=55.0) == math.inf
    assert trip_time((1.0,) * 3, unlinked_c=55.0, compensation=0.0) < 7200.0


def starter(rig: Bench, **settings: float) -> None:
    """Stiff 3 x 400 V, thermal relay F1, motor M1 0.37 kW."""
    rig.place("F1", "thermal_relay", **settings)
    rig.place("M1", "induction_motor")
    for k, ((top, bottom), winding) in enumerate(zip((("1", "2"), ("3", "4"), ("5", "6")), "UVW", strict=True)):
        rig.source(f"F1:{top}", 230.0, k)
        rig.join(f"M1:{winding}", f"F1:{bottom}")
    rig.load("M1:PE", GROUND, 1e-3)


def test_a_lost_phase_trips_the_relay_which_must_cool_before_it_latches_again() -> None:
    rig = Bench()
    starter(rig, setting_a=0.6)
    rig.run(1.0)
    assert rig.parameter("F1.contact_95_96.resistance") < 1.0
    rig.fault("M1.bearing_worn")
    rig.fault("F1.heater_L2_open")
    rig.run(300.0)
    assert rig.parameter("F1.contact_95_96.resistance") == OPEN_OHM
    assert rig.parameter("F1.contact_97_98.resistance") < 1.0
    assert "out" in rig.perceive("F1", Sense.LOOK)
    rig.hand("F1", "reset", 1.0)
    rig.run(0.1)
    assert rig.memory("F1.mechanism.tripped") == 1.0, "still hot"
    for k in (0, 2, 4):
        rig.write(f"source F1:{k + 1}.voltage", 0.0)
    rig.run(600.0)
    assert rig.memory("F1.mechanism.tripped") == 0.0


def test_the_test_button_opens_95_96_and_automatic_reset_brings_it_back() -> None:
    rig = Bench()
    starter(rig, automatic_reset=1)
    rig.hand("F1", "test", 1.0)
    rig.run(0.05)
    assert rig.memory("F1.mechanism.tripped") == 1.0
    rig.hand("F1", "test", 0.0)
    rig.run(0.05)
    assert rig.memory("F1.mechanism.tripped") == 0.0


# --- fuse-switch ------------------------------------------------------------------------------------------------------


def fused(ohms: float, **parameters: Any) -> Bench:
    rig = Bench()
    rig.place("Q1", "three_pole_fuses", **parameters)
    for k, (top, bottom) in enumerate((("1", "2"), ("3", "4"), ("5", "6"))):
        rig.source(f"Q1:{top}", 230.0, k)
        rig.load(f"Q1:{bottom}", GROUND, ohms)
    rig.run(0.05)
    return rig


def test_a_melted_cartridge_leaves_two_phases_and_its_striker_opens_the_contact() -> None:
    rig = fused(100.0)
    assert rig.parameter("Q1.contact_13_14.resistance") < 1.0
    rig.fault("Q1.blown_L2")
    rig.run(0.05)
    assert rig.rms("Q1:4") < 0.01
    assert rig.rms("Q1:2") > 229.0
    assert rig.parameter("Q1.contact_13_14.resistance") == OPEN_OHM
    assert "popped" in rig.perceive("Q1", Sense.LOOK)


def test_the_drawer_isolates_and_can_be_padlocked_out() -> None:
    rig = fused(100.0)
    rig.hand("Q1", "position", 0.0)
    rig.run(0.05)
    assert max(rig.rms(f"Q1:{n}") for n in "246") < 0.01
    rig.hand("Q1", "lock", 1.0)
    rig.hand("Q1", "position", 1.0)
    rig.run(0.05)
    assert rig.rms("Q1:2") < 0.01


def test_am_stands_a_motor_start_that_melts_gg() -> None:
    """Six times 4 A for 8 s: a heavy start."""
    start_ohm = 230.0 / 24.0
    am, gg = fused(start_ohm), fused(start_ohm, utilisation="gG")
    for rig in (am, gg):
        rig.run(1.2)
    assert am.memory("Q1.element_L1.blown") == 0.0
    assert gg.memory("Q1.element_L1.blown") == 1.0


def test_a_worn_element_holds_the_motor_but_not_its_start() -> None:
    rig = fused(230.0 / 3.0)
    rig.fault("Q1.worn_L2")
    rig.run(2.0)
    assert rig.memory("Q1.element_L2.blown") == 0.0
    for k in (2, 4, 6):
        rig.write(f"load Q1:{k}.resistance", 230.0 / 15.0)
    rig.run(1.0)
    assert rig.memory("Q1.element_L2.blown") == 1.0
    assert rig.memory("Q1.element_L1.blown") == 0.0


# --- heater -----------------------------------------------------------------------------------------------------------


def heater(**parameters: Any) -> Bench:
    rig = Bench(step_s=0.05)
    rig.place("E1", "heater", **parameters)
    rig.source("E1:1", 230.0)
    for node in ("E1:2", "E1:PE"):
        rig.load(node, GROUND, 1e-3)
    return rig


def test_heater_reaches_the_temperature_where_its_losses_carry_its_power() -> None:
    """T = Ta + P/G; time constant C/G = 125 s."""
    rig = heater(air_w_k=4.0, capacity_j_k=500.0)
    rig.run(125.0)
    at_one = rig.voltage("E1:t") - 20.0
    rig.run(1200.0)
    power = 2.0 * rig.state("E1.half_1.power")
    assert power == pytest.approx(1000.0, rel=0.05)
    assert rig.voltage("E1:t") - 20.0 == pytest.approx(power / 4.0, rel=2e-3)
    assert at_one == pytest.approx(power / 4.0 * (1.0 - math.exp(-1.0)), rel=0.06)
    assert "burns" in rig.perceive("E1", Sense.TOUCH)


def test_an_insulation_fault_lies_in_the_middle_of_the_element() -> None:
    """Half of the element limits the earth current: 230 / (R/2) through the sheath."""
    rig = heater()
    rig.run(0.5)
    rig.fault("E1.insulation_low")
    rig.run(0.1)
    half = 0.5 * 230.0**2 / 1000.0
    leak_a = rig.rms("E1:PE") / 1e-3
    expected = 230.0 / (half + 1.0 * half / (half + 1.0)) * half / (half + 1.0)
    assert leak_a == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("fault", "share"), [("broken", 0.0), ("aged", 0.4)])
def test_a_heater_that_heats_less(fault: str, share: float) -> None:
    rig = heater()
    rig.run(1.0)
    sound = rig.state("E1.half_1.power")
    rig.fault(f"E1.{fault}")
    rig.run(0.5)
    assert rig.state("E1.half_1.power") == pytest.approx(share * sound, rel=0.05, abs=0.1)


# --- soft starter -----------------------------------------------------------------------------------------------------


def soft_start(**settings: float) -> Bench:
    """U1 9 A, motor 4 kW with a heavy flywheel; S1 orders the run."""
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("U1", "soft_starter", **settings)
    rig.place("M1", "induction_motor", **{**MOTOR_4KW, "inertia_kg_m2": 0.1})
    for k, (top, bottom, winding) in enumerate((("1", "2", "U"), ("3", "4", "V"), ("5", "6", "W")), 1):
        rig.wire(f"G0:L{k}", f"U1:{top}", f"WL{k}", domain="ac", section_mm2=2.5)
        rig.wire(f"U1:{bottom}", f"M1:{winding}", f"WM{k}", domain="ac", section_mm2=2.5)
    rig.wire("M1:PE", "G0:PE", domain="ac", section_mm2=2.5)
    rig.place("G1", "power_supply")
    rig.wire("G0:L1", "G1:L", domain="ac")
    rig.wire("G0:N", "G1:N", domain="ac")
    rig.place("S1", "selector_switch")
    rig.chain("G1:+", "U1:A1")
    rig.chain("G1:-", "U1:A2")
    rig.chain("G1:+", "S1:13")
    rig.chain("S1:14", "U1:ST")
    rig.run(0.5)
    return rig


def motor_a(rig: Bench) -> float:
    return rig.state("M1.link_U.current")


def run_order(rig: Bench, on: bool = True) -> None:
    rig.hand("S1", "position", float(on))


def test_the_motor_sees_the_voltage_of_the_ramp() -> None:
    rig = soft_start(limit_ratio=8.0)
    run_order(rig)
    for _ in range(8):
        rig.run(0.5)
        share = rig.memory("U1.sequence.share")
        # The firing goes by the impedance of a step before: 2 % where the motor leaves its breakdown slip.
        assert rig.rms("U1:2", "U1:4") == pytest.approx(share * rig.rms("U1:1", "U1:3"), rel=0.025)
    rig.run(2.0)
    assert rig.memory("U1.sequence.full") == 1.0
    assert rig.parameter("U1.contact_23_24.resistance") < 1.0
    assert rig.rms("U1:2", "U1:4") == pytest.approx(rig.rms("U1:1", "U1:3"), rel=1e-3)
    assert "full speed" in rig.perceive("U1", Sense.LOOK)


def test_a_line_carries_the_motors_own_current_and_no_active_power_is_lost() -> None:
    """Late firing costs reactive power only: line watts = motor watts + R I² of the legs."""
    rig = soft_start(limit_ratio=8.0, ramp_up_s=20.0)
    run_order(rig)
    rig.run(0.3)
    watts = []
    for row in (("1", "3", "5"), ("2", "4", "6")):
        total = 0.0
        for k, port in enumerate(row, 1):
            top, bottom = (complex(*_parts(rig, f"U1:{p}")) for p in (["1", "3", "5"][k - 1], ["2", "4", "6"][k - 1]))
            leg = complex(*(rig.parameter(f"U1.leg_{k}.{n}") for n in ("resistance", "reactance")))
            current = (top - bottom) / leg
            total += (complex(*_parts(rig, f"U1:{port}")) * current.conjugate()).real
        watts.append(total)
    lost = 3.0 * rig.parameter("U1.leg_1.resistance") * motor_a(rig) ** 2
    assert watts[0] - watts[1] == pytest.approx(lost, rel=0.02)
    assert lost < 0.1 * watts[0]


def _parts(rig: Bench, port: str) -> tuple[float, float]:
    from etabli.physics.network import NodeRef

    return rig.simulator.read(NodeRef(port)), rig.simulator.read(NodeRef(port, 1))


def test_the_current_limit_holds_while_the_motor_speeds_up() -> None:
    rig = soft_start(limit_ratio=2.5, ramp_up_s=0.5)
    run_order(rig)
    seen = []
    for _ in range(6):
        rig.run(0.1)
        seen.append(motor_a(rig))
    assert max(seen) == pytest.approx(2.5 * 9.0, rel=0.03)
    assert min(seen) == pytest.approx(2.5 * 9.0, rel=0.03)


def test_a_soft_stop_and_a_trip_free_rest() -> None:
    rig = soft_start(ramp_up_s=1.0, limit_ratio=8.0, ramp_down_s=2.0)
    run_order(rig)
    rig.run(4.0)
    run_order(rig, on=False)
    rig.run(1.0)
    assert 0.5 < rig.memory("U1.sequence.share") < 0.9
    rig.run(2.0)
    assert rig.memory("U1.sequence.running") == 0.0
    assert motor_a(rig) < 0.01
    assert Trip(round(rig.memory("U1.trips.code"))) is Trip.NONE


@pytest.mark.parametrize(
    ("fault", "running", "expected", "within_s"),
    [
        ("WL2.open", True, Trip.PHASE, 1.5),
        ("U1.thyristor_3_open", True, Trip.PHASE, 1.5),
        ("U1.thyristor_1_shorted", False, Trip.SHORTED, 1.5),
        ("U1.bypass_welded", False, Trip.SHORTED, 1.5),
        ("U1.temperature_sensor", True, Trip.HOT, 0.1),
    ],
)
def test_each_trip_shows_its_code(fault: str, running: bool, expected: Trip, within_s: float) -> None:
    rig = soft_start(ramp_up_s=5.0)
    rig.fault(fault)
    run_order(rig, running)
    rig.run(within_s)
    assert Trip(round(rig.memory("U1.trips.code"))) is expected
    assert rig.parameter("U1.contact_95_96.resistance") == OPEN_OHM
    assert f"E{expected:02d}" in rig.perceive("U1", Sense.LOOK)


def test_a_motor_that_cannot_start_is_given_up() -> None:
    rig = soft_start(longest_start_s=3.0)
    rig.fault("U1.limit_low")
    rig.fault("M1.bearing_seized", 0.7)
    run_order(rig)
    rig.run(2.5)
    assert Trip(round(rig.memory("U1.trips.code"))) is Trip.NONE
    rig.run(1.0)
    assert Trip(round(rig.memory("U1.trips.code"))) is Trip.STALLED
    rig.hand("U1", "reset", 1.0)
    run_order(rig, on=False)
    rig.run(0.1)
    assert Trip(round(rig.memory("U1.trips.code"))) is Trip.NONE


def test_without_its_bypass_the_thyristors_overheat() -> None:
    rig = soft_start(ramp_up_s=1.0, limit_ratio=8.0)
    rig.fault("U1.bypass_open")
    rig.fault("U1.fan_blocked")
    run_order(rig)
    rig.run(800.0)
    assert Trip(round(rig.memory("U1.trips.code"))) is Trip.HOT


# --- cable ------------------------------------------------------------------------------------------------------------


def test_two_cores_that_touch_join_their_circuits() -> None:
    rig = Rig()
    rig.place("W1", "cable", cores=3)
    rig.feed_24_v()
    rig.chain("G1:+", "W1:1a")
    rig.place("H2", "pilot_light")
    rig.chain("W1:2b", "H2:X1")
    rig.chain("H2:X2", "G1:-")
    rig.run(0.5)
    assert rig.voltage("W1:1b") == pytest.approx(24.1, abs=0.2)
    assert abs(rig.voltage("H2:X1")) < 0.1
    rig.fault("W1.short_1_2")
    rig.run(0.1)
    assert rig.voltage("H2:X1") == pytest.approx(24.1, abs=0.2)
    rig.fault("W1.core_1_open")
    rig.run(0.1)
    assert abs(rig.voltage("H2:X1")) < 0.1
