"""Power electronics and AC faults: the drive with its motor and its load, motor data, faults as symmetrical components.

The motor is of a usual size (112 M, 4 poles, 4 kW, 8.3 A); motors of published data sheets are in
tests/validation/test_published_motors.py.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

import pytest

from components.electrical_rig import Rig
from etabli.components.component import Sense
from etabli.components.electrical.drive_control import Trip
from etabli.components.electrical.drive_power import dc_link
from etabli.components.electrical.induction_motor import induction_machine
from etabli.physics.expression import Phasor
from etabli.physics.law import Domain, law
from etabli.physics.network import Network, NodeRef, ParameterRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

RPM = 30.0 / math.pi
MOTOR_4KW = {
    "rated_a": 8.3,
    "stator_ohm": 1.84,
    "stator_reactance_ohm": 1.0,
    "magnetising_ohm": 46.2,
    "rotor_ohm": 0.945,
    "rotor_reactance_ohm": 2.35,
    "inertia_kg_m2": 0.0128,
    "friction_nm": 0.15,
    "fan_w": 25.0,
    "winding_j_k": 1800.0,
    "frame_j_k": 12000.0,
    "slot_w_k": 25.0,
    "air_w_k": 9.0,
}
RATED_NM = 26.4


@law({"w": Domain.ROTATION}, ("torque",))
def hanging_load(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A load on a rope: the same torque (N·m) whatever the speed, against positive rotation."""
    return {"w": p.torque}, {}


class Bench(Rig):
    """A rig with a shaft load, whose torque can be changed on the run."""

    loads: dict[str, float]

    def __init__(self, step_s: float = 0.005) -> None:
        super().__init__(step_s)
        self.loads = {}

    def network(self) -> Network:
        network = super().network()
        for node, torque in self.loads.items():
            network.add(f"load {node}", hanging_load, {"w": node}, {"torque": torque})
        return network

    def torque(self, node: str, value: float) -> None:
        self.write(f"load {node}.torque", value)


def drive_and_motor(load_nm: float = 0.0, step_s: float = 0.005, **settings: float) -> Bench:
    """G0 feeds U1 feeds M1 (4 kW) with ``load_nm`` on its shaft; S1…S4 between 24V and DI1…DI4."""
    rig = Bench(step_s)
    rig.place("G0", "mains_supply")
    rig.place("Q1", "isolator")
    rig.place("U1", "variable_frequency_drive", **settings)
    rig.place("M1", "induction_motor", {"frequency": drive_frequency()}, **MOTOR_4KW)
    for k, (top, bottom) in enumerate((("1", "2"), ("3", "4"), ("5", "6")), 1):
        rig.wire(f"G0:L{k}", f"Q1:{top}", f"WL{k}", domain="ac", section_mm2=2.5)
        rig.wire(f"Q1:{bottom}", f"U1:L{k}", domain="ac", section_mm2=2.5)
    for phase in "UVW":
        rig.wire(f"U1:{phase}", f"M1:{phase}", f"WM{phase}", domain="ac", section_mm2=2.5, length_m=10.0)
    rig.wire("M1:PE", "G0:PE", domain="ac", section_mm2=2.5)
    for k in range(1, 5):
        rig.place(f"S{k}", "selector_switch")
        rig.chain("U1:24V", f"S{k}:13", domain="dc")
        rig.chain(f"S{k}:14", f"U1:DI{k}", domain="dc")
    rig.loads["M1:shaft"] = load_nm
    rig.run(0.5)
    return rig


def drive_frequency() -> Any:
    from etabli.components.catalogue import catalogue

    drive = catalogue()["variable_frequency_drive"]
    return drive.signals["frequency"]("U1", drive.defaults())


def order(rig: Rig, *inputs: int) -> None:
    """Close exactly these inputs."""
    for k in range(1, 5):
        rig.hand(f"S{k}", "position", 1.0 if k in inputs else 0.0)


def trip(rig: Rig) -> Trip:
    return Trip(round(rig.memory("U1.trips.code")))


def rpm(rig: Rig) -> float:
    return rig.voltage("M1:shaft") * RPM


# --- motor at a variable frequency ------------------------------------------------------------------------------------


def machine(frequency: float = 50.0) -> dict[str, float]:
    return {
        "stator_resistance": MOTOR_4KW["stator_ohm"],
        "stator_reactance": MOTOR_4KW["stator_reactance_ohm"],
        "magnetising_reactance": MOTOR_4KW["magnetising_ohm"],
        "rotor_resistance": MOTOR_4KW["rotor_ohm"],
        "rotor_reactance": MOTOR_4KW["rotor_reactance_ohm"],
        "inner_reactance": 0.0,
        "outer_cage": 0.0,
        "synchronous_speed": 50.0 * math.pi,
        "frequency": frequency,
    }


def phases(volts: float) -> dict[str, Phasor]:
    angles = {"u": 0.0, "v": -2.0 * math.pi / 3.0, "w": 2.0 * math.pi / 3.0}
    return {k: Phasor(volts * math.cos(a), volts * math.sin(a)) for k, a in angles.items()}


def textbook(volts: float, frequency: float, speed: float) -> tuple[float, float]:
    """Torque and current of the T circuit written with inductances and slip, as books do."""
    p, omega = machine(), 2.0 * math.pi * frequency
    base = 2.0 * math.pi * 50.0
    ls, lm, lr = (p[k] / base for k in ("stator_reactance", "magnetising_reactance", "rotor_reactance"))
    slip = 1.0 - 2.0 * speed / omega
    rotor = p["rotor_resistance"] / slip + 1j * omega * lr
    magnetising = 1j * omega * lm
    current = volts / (p["stator_resistance"] + 1j * omega * ls + rotor * magnetising / (rotor + magnetising))
    rotor_current = current * magnetising / (rotor + magnetising)
    power = 3.0 * abs(rotor_current) ** 2 * p["rotor_resistance"] / slip
    return power / (omega / 2.0), abs(current)


@pytest.mark.parametrize("frequency", [5.0, 20.0, 50.0, 80.0])
@pytest.mark.parametrize("share", [-0.3, 0.0, 0.7, 0.97, 1.04])
def test_the_motor_follows_the_textbook_circuit_at_any_frequency(frequency: float, share: float) -> None:
    speed, volts = share * math.pi * frequency, 4.5 * frequency
    flows, _ = induction_machine.evaluate(
        {**phases(volts), "shaft": speed, "winding": 20.0}, machine(frequency), ah=0.001
    )
    torque, current = textbook(volts, frequency, speed)
    assert -flows["shaft"] == pytest.approx(torque, rel=1e-9)
    assert math.hypot(flows["u"].re, flows["u"].im) == pytest.approx(current, rel=1e-9)


@pytest.mark.parametrize("slip", [1.0, 0.5, 0.1, 0.02])
def test_a_double_cage_is_the_parallel_of_its_cages(slip: float) -> None:
    """Rotor branch ``j X + (Ri / s + j Xi) ∥ (Ro / s)``: torque and current written with slips, as books do."""
    cages = {"inner_reactance": 3.0, "outer_cage": 0.4}
    p = {**machine(), **cages}
    volts, synchronous = 230.0, 50.0 * math.pi
    inner, outer = p["rotor_resistance"] / slip + 3.0j, 1.0 / 0.4 / slip
    rotor = 1j * p["rotor_reactance"] + inner * outer / (inner + outer)
    magnetising = 1j * p["magnetising_reactance"]
    gap = rotor * magnetising / (rotor + magnetising)
    current = volts / (p["stator_resistance"] + 1j * p["stator_reactance"] + gap)
    at = {**phases(volts), "shaft": synchronous * (1.0 - slip), "winding": 20.0}
    flows, _ = induction_machine.evaluate(at, p, ah=0.001)
    assert math.hypot(flows["u"].re, flows["u"].im) == pytest.approx(abs(current), rel=1e-9)
    assert -flows["shaft"] == pytest.approx(3.0 * abs(current) ** 2 * gap.real / synchronous, rel=1e-9)


def test_direct_current_brakes_a_turning_motor_and_leaves_one_at_rest_alone() -> None:
    turning, _ = induction_machine.evaluate({**phases(15.0), "shaft": 5.0, "winding": 20.0}, machine(0.0))
    still, _ = induction_machine.evaluate({**phases(15.0), "shaft": 0.0, "winding": 20.0}, machine(0.0))
    assert turning["shaft"] > 10.0
    assert still["shaft"] == pytest.approx(0.0, abs=1e-12)
    assert math.hypot(still["u"].re, still["u"].im) == pytest.approx(15.0 / MOTOR_4KW["stator_ohm"])


# --- drive ------------------------------------------------------------------------------------------------------------


def test_the_drive_charges_its_link_and_is_ready() -> None:
    rig = drive_and_motor()
    assert rig.voltage("U1:P+") - rig.voltage("U1:P-") == pytest.approx(400.0 * math.sqrt(2.0), rel=0.01)
    assert rig.voltage("U1:24V") - rig.voltage("U1:0V") == pytest.approx(24.0, abs=0.5)
    assert "rdY" in rig.perceive("U1", Sense.LOOK)
    assert rig.parameter("U1.contact_R1A_R1C.resistance") < 1.0
    assert rig.parameter("U1.contact_R1B_R1C.resistance") > 1e6
    assert rig.parameter("U1.contact_R2A_R2C.resistance") > 1e6


def test_the_link_stays_dangerous_after_the_isolator_opens() -> None:
    """15 W of electronics empty it to 150 V; then the discharge resistor alone: τ = 47 s."""
    rig = drive_and_motor()
    rig.hand("Q1", "position", 0.0)
    rig.run(10.0)
    first = rig.voltage("U1:P+") - rig.voltage("U1:P-")
    assert 60.0 < first < 220.0
    assert "dark" in rig.perceive("U1", Sense.LOOK)
    assert "charge light" in rig.perceive("U1", Sense.LOOK)
    rig.run(47.0)
    assert rig.voltage("U1:P+") - rig.voltage("U1:P-") == pytest.approx(first / math.e, rel=0.06)
    rig.run(60.0)
    assert "charge light" not in rig.perceive("U1", Sense.LOOK)


def test_ramps_take_their_time_and_the_motor_follows() -> None:
    rig = drive_and_motor(ramp_up_s=2.0, ramp_down_s=1.0, braking_ohm=80.0)
    order(rig, 1)
    rig.run(1.0)
    assert rig.memory("U1.ramp.frequency") == pytest.approx(25.0, abs=0.5)
    rig.run(1.5)
    assert rig.memory("U1.ramp.frequency") == pytest.approx(50.0)
    assert rpm(rig) == pytest.approx(1499.0, abs=2.0)
    assert "50.0 Hz" in rig.perceive("U1", Sense.LOOK)
    order(rig)
    rig.run(0.5)
    assert rig.memory("U1.ramp.frequency") == pytest.approx(25.0, abs=0.7)
    rig.run(2.0)
    assert rig.memory("U1.ramp.running") == 0.0
    assert abs(rpm(rig)) < 1.0


def test_reverse_second_speed_and_both_directions() -> None:
    rig = drive_and_motor(ramp_up_s=0.5, ramp_down_s=0.5, speed2_hz=15.0)
    order(rig, 2, 3)
    rig.run(1.5)
    assert rpm(rig) == pytest.approx(-450.0, abs=2.0)
    order(rig, 1, 2)
    rig.run(1.5)
    assert abs(rpm(rig)) < 1.0


def test_the_analog_input_sets_the_speed() -> None:
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("U1", "variable_frequency_drive", analog=1, ramp_up_s=0.5)
    rig.place("G1", "power_supply", output_v=14.0)
    for k in (1, 2, 3):
        rig.wire(f"G0:L{k}", f"U1:L{k}", domain="ac")
    rig.wire("G0:L1", "G1:L", domain="ac")
    rig.wire("G0:N", "G1:N", domain="ac")
    rig.chain("G1:+", "U1:AI+")
    rig.chain("G1:-", "U1:AI-")
    rig.chain("U1:24V", "U1:DI1")
    rig.run(1.0)
    rig.write("G1.control.set_v", 4.0)
    rig.run(12.0)  # the capacitors of G1 empty through its bleeder
    assert rig.memory("U1.ramp.frequency") == pytest.approx(20.0, abs=0.3)


def test_torque_speed_and_current_at_rated_load() -> None:
    """At 50 Hz as on the mains; at 25 Hz and rated torque the same slip in rpm and nearly the same current."""
    rig = drive_and_motor(ramp_up_s=1.0)
    order(rig, 1)
    rig.run(1.5)
    rig.torque("M1:shaft", RATED_NM)
    rig.run(1.0)
    assert rpm(rig) == pytest.approx(1445.0, abs=10.0)
    assert rig.state("M1.link_U.current") == pytest.approx(8.3, rel=0.05)
    slip = 1500.0 - rpm(rig)
    rig.write("U1.commands.speed1_hz", 25.0)
    rig.run(2.5)
    assert 750.0 - rpm(rig) == pytest.approx(slip, rel=0.25)
    assert rig.state("M1.link_U.current") == pytest.approx(8.3, rel=0.05)


def test_power_is_the_same_on_both_sides_of_the_drive() -> None:
    rig = drive_and_motor(ramp_up_s=1.0)
    order(rig, 1)
    rig.run(1.5)
    rig.torque("M1:shaft", RATED_NM)
    rig.run(1.0)
    shaft_w = RATED_NM * rig.voltage("M1:shaft")
    output_w = rig.state("U1.output.power")
    assert shaft_w / output_w == pytest.approx(0.83, abs=0.05)
    link_w = (rig.voltage("U1:P+") - rig.voltage("U1:P-")) * rig.state("U1.link.rectified")
    assert link_w == pytest.approx(output_w + 15.0 + 11.0 * rig.memory("U1.trips.current"), rel=0.02)
    apparent = 3.0 * rig.rms("U1:L1") * rig.state("U1.input.current_1")
    assert apparent == pytest.approx(math.sqrt(2.0) * link_w, rel=0.03)


def test_the_link_follows_the_peaks_unloaded_and_the_mean_of_six_pulses_under_load() -> None:
    """Six-pulse bridge (Mohan): sqrt(2) V unloaded; 3 sqrt(2) / pi V less the drop of its ohms once it conducts all the
    time, as an inductive mains makes it."""
    rig = drive_and_motor(ramp_up_s=1.0)
    rig.run(1.0)
    peak = rig.parameter("U1.link.emf")
    assert rig.voltage("U1:P+") - rig.voltage("U1:P-") == pytest.approx(peak, rel=3e-3)
    source = {"emf": peak, "conductance": 0.5, "capacitance": 5e-4, "power": 0.0, "leak": 0.0, "chopper_v": 760.0}
    for volts in (0.5 * peak, 0.6 * peak):
        _, states = dc_link.evaluate(
            {"plus": volts, "minus": 0.0}, {**source, "chopper_s": 0.0}, {"charge": 0.0, "taken": 0.0}
        )
        assert states["rectified"] == pytest.approx(0.5 * (3.0 / math.pi * peak - volts), rel=0.02)


def test_no_energy_is_lost_between_the_output_and_the_link() -> None:
    """While the motor speeds up, what the link gives is what the output took, one sample later, and the losses."""
    rig = drive_and_motor(ramp_up_s=1.0)
    order(rig, 1)
    rig.run(0.5)
    given, came_out, losses = 0.0, -rig.memory("U1.ramp.energy"), 0.0
    for _ in range(60):
        losses += rig.step_s * (15.0 + 11.0 * rig.memory("U1.trips.current"))
        rig.run(rig.step_s)
        given += rig.step_s * rig.parameter("U1.link.power")
    came_out += rig.state("U1.output.energy")
    assert came_out > 100.0
    assert given == pytest.approx(came_out + losses, rel=1e-9)


def test_a_ramp_is_the_same_with_short_and_long_samples() -> None:
    """The output goes on between the samples: current and slip along a ramp do not depend on them."""
    found = []
    for step_s in (0.005, 0.001):
        rig = drive_and_motor(ramp_up_s=1.0, step_s=step_s)
        order(rig, 1)
        rig.run(0.8)
        found.append((rig.state("M1.link_U.current"), rig.state("M1.machine.frequency") - rpm(rig) / 30.0))
    assert found[0] == pytest.approx(found[1], rel=0.01)


def hoist(seconds: float, *inputs: int, **settings: float) -> Bench:
    """The 4 kW motor with a load on a rope that the brake carries while R2 is open (an ideal brake)."""
    rig = drive_and_motor(brake_logic=1.0, ramp_up_s=1.5, ramp_down_s=1.5, **settings)
    order(rig, *inputs)
    lift(rig, seconds)
    return rig


def lift(rig: Bench, seconds: float) -> None:
    for _ in range(round(seconds / 0.02)):
        rig.torque("M1:shaft", RATED_NM if rig.memory("U1.R2.position") > 0.9 else 0.0)
        rig.run(0.02)


def test_a_hoist_lifts_without_dropping_its_load() -> None:
    rig = hoist(0.0, 1)
    lowest = 0.0
    for _ in range(150):
        lift(rig, 0.02)
        lowest = min(lowest, rpm(rig))
    assert lowest > -15.0
    assert rpm(rig) == pytest.approx(1450.0, abs=10.0)
    order(rig)
    lift(rig, 3.0)
    assert rig.memory("U1.R2.position") == 0.0
    assert rig.memory("U1.ramp.running") == 0.0


def test_a_load_that_drives_needs_the_braking_resistor() -> None:
    without = hoist(3.0, 2)
    assert trip(without) is Trip.OVERVOLTAGE
    assert "F06" in without.perceive("U1", Sense.LOOK)
    assert without.parameter("U1.contact_R1A_R1C.resistance") > 1e6
    with_resistor = hoist(3.0, 2, braking_ohm=100.0)
    assert trip(with_resistor) is Trip.NONE
    assert rpm(with_resistor) == pytest.approx(-1535.0, abs=10.0)
    braking_w = 100.0 * with_resistor.state("U1.link.braking") ** 2
    assert braking_w > 0.0
    assert with_resistor.state("U1.output.power") == pytest.approx(-3700.0, rel=0.05)


def test_an_open_braking_resistor_trips_as_none_does() -> None:
    rig = hoist(0.0, 2, braking_ohm=100.0)
    rig.fault("U1.braking_resistor_open")
    lift(rig, 3.0)
    assert trip(rig) is Trip.OVERVOLTAGE


def running(**settings: float) -> Bench:
    rig = drive_and_motor(ramp_up_s=0.5, **settings)
    order(rig, 1)
    rig.run(1.0)
    rig.torque("M1:shaft", 15.0)
    rig.run(0.5)
    assert trip(rig) is Trip.NONE
    return rig


@pytest.mark.parametrize(
    ("fault", "expected", "within_s"),
    [
        ("M1.winding_UV_short", Trip.OVERCURRENT, 0.1),
        ("M1.earth_leak_V", Trip.EARTH_FAULT, 0.2),
        ("WL2.open", Trip.INPUT_PHASE, 1.5),
        ("G0.phase_L3_lost", Trip.INPUT_PHASE, 1.5),
        ("WMV.open", Trip.OUTPUT_PHASE, 1.0),
        ("U1.leg_W_open", Trip.OUTPUT_PHASE, 1.0),
        ("U1.internal_fault", Trip.INTERNAL, 0.1),
        ("U1.current_sensor_drift", Trip.OVERCURRENT, 0.1),
        ("U1.motor_current_low", Trip.MOTOR_OVERLOAD, 60.0),
        ("U1.fan_blocked", Trip.OVERTEMPERATURE, 1500.0),
    ],
)
def test_each_protection_trips_with_its_code(fault: str, expected: Trip, within_s: float) -> None:
    rig = running()
    rig.fault(fault)
    rig.run(within_s)
    assert trip(rig) is expected
    assert rig.memory("U1.ramp.running") == 0.0
    assert rig.parameter("U1.contact_R1A_R1C.resistance") > 1e6


def test_cutting_the_mains_under_load_is_an_undervoltage() -> None:
    rig = running()
    rig.hand("Q1", "position", 0.0)
    codes = set()
    for _ in range(100):
        rig.run(0.005)
        codes.add(trip(rig))
    assert Trip.UNDERVOLTAGE in codes


def test_a_trip_waits_for_the_reset_input() -> None:
    rig = running()
    rig.torque("M1:shaft", 0.0)
    rig.fault("U1.internal_fault")
    rig.run(0.1)
    rig.write("U1.trips.broken", 0.0)
    rig.run(0.5)
    assert trip(rig) is Trip.INTERNAL
    order(rig, 4)
    rig.run(0.1)
    assert trip(rig) is Trip.NONE
    order(rig, 1)
    rig.run(2.0)
    assert rpm(rig) > 1000.0


def test_a_seized_motor_sits_at_the_current_limit_until_its_image_trips() -> None:
    rig = drive_and_motor(ramp_up_s=0.5)
    rig.write("M1.bearings.coulomb", 300.0)
    order(rig, 1)
    rig.run(3.0)
    assert rig.memory("U1.trips.current") == pytest.approx(14.0, rel=0.1)
    assert rig.memory("U1.ramp.frequency") < 10.0
    rig.run(40.0)
    assert trip(rig) is Trip.MOTOR_OVERLOAD


def test_an_open_precharge_leaves_the_drive_dark() -> None:
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("U1", "variable_frequency_drive")
    for k in (1, 2, 3):
        rig.wire(f"G0:L{k}", f"U1:L{k}", domain="ac")
    rig.fault("U1.precharge_open")
    rig.run(60.0)
    assert "dark" in rig.perceive("U1", Sense.LOOK)
    assert rig.voltage("U1:P+") - rig.voltage("U1:P-") < 5.0  # nothing comes through the open resistor


# --- faults as symmetrical components ---------------------------------------------------------------------------------

_A = cmath.exp(2j * math.pi / 3.0)


def phasor(sim: Simulator, node: str) -> complex:
    return complex(sim.read(NodeRef(node)), sim.read(NodeRef(node, 1)))


def sequences(u: complex, v: complex, w: complex) -> tuple[complex, complex, complex]:
    """Zero, positive and negative sequence (Fortescue)."""
    return (u + v + w) / 3.0, (u + _A * v + _A * _A * w) / 3.0, (u + _A * _A * v + _A * w) / 3.0


def starter() -> Bench:
    """The 4 kW motor direct on the mains, in motion under load."""
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("M1", "induction_motor", **MOTOR_4KW)
    for k, phase in enumerate("UVW", 1):
        rig.wire(f"G0:L{k}", f"M1:{phase}", f"W{phase}", domain="ac", section_mm2=2.5, length_m=10.0)
    rig.wire("M1:PE", "G0:PE", "WPE", domain="ac", section_mm2=2.5, length_m=10.0)
    rig.loads["M1:shaft"] = 10.0
    rig.run(1.0)
    return rig


def source_ohm(rig: Bench) -> complex:
    return complex(rig.parameter("G0.L1.resistance"), rig.parameter("G0.L1.reactance"))


def wire_ohm(rig: Bench, tag: str = "WU") -> float:
    return sum(rig.parameter(f"{tag}.conductor.{name}") for name in ("resistance", "end_a", "end_b"))


def motor_ohm(rig: Bench, slip: float) -> complex:
    """Impedance of one phase of the running motor for a slip, with its present winding temperature."""
    warm = 1.0 + 0.0039 * (rig.voltage("M1.winding") - 20.0)
    stator = complex(MOTOR_4KW["stator_ohm"] * warm, MOTOR_4KW["stator_reactance_ohm"])
    magnetising = 1j * MOTOR_4KW["magnetising_ohm"]
    rotor = complex(MOTOR_4KW["rotor_ohm"] * warm / slip, MOTOR_4KW["rotor_reactance_ohm"])
    return 0.005 + stator + rotor * magnetising / (rotor + magnetising)


def test_an_earth_fault_is_the_three_sequence_networks_in_series() -> None:
    """Single line to earth (Grainger & Stevenson): If = 3 E / (Z1 + Z2 + Z0 + 3 Zf), seen at the motor's terminals."""
    rig = starter()
    rig.fault("M1.earth_leak")
    rig.run(0.3)
    slip = 1.0 - rig.voltage("M1:shaft") / (50.0 * math.pi)
    line = source_ohm(rig) + wire_ohm(rig) + 0.005
    # The bond of the neutral of the source is the earth of this model; fault: 2 ohm, PE wire, PE bond.
    fault = 2.0 + wire_ohm(rig, "WPE") + 0.02
    one, two = motor_ohm(rig, slip) - 0.005, motor_ohm(rig, 2.0 - slip) - 0.005
    z1, z2, z0 = line * one / (line + one), line * two / (line + two), line
    before = 400.0 / math.sqrt(3.0) * one / (line + one)
    expected = 3.0 * before / (z1 + z2 + z0 + 3.0 * fault)
    sim = rig.simulator
    found = (phasor(sim, "M1.end_U") - phasor(sim, "M1:PE")) / 2.0
    assert found == pytest.approx(expected, rel=2e-3)


def test_a_phase_to_phase_fault_is_two_networks_in_parallel() -> None:
    """Between V and W: If = j√3 E / (Z1 + Z2 + Zf) in size; no zero sequence."""
    rig = starter()
    rig.fault("M1.winding_VW_short")
    rig.run(0.2)
    slip = 1.0 - rig.voltage("M1:shaft") / (50.0 * math.pi)
    line = source_ohm(rig) + wire_ohm(rig) + 0.005
    one, two = motor_ohm(rig, slip) - 0.005, motor_ohm(rig, 2.0 - slip) - 0.005
    z1, z2 = line * one / (line + one), line * two / (line + two)
    before = 400.0 / math.sqrt(3.0) * one / (line + one)
    expected = math.sqrt(3.0) * abs(before / (z1 + z2 + 3.0))
    sim = rig.simulator
    across = phasor(sim, "M1.end_V") - phasor(sim, "M1.end_W")
    assert abs(across / 3.0) == pytest.approx(expected, rel=2e-3)


def test_a_lost_phase_puts_both_networks_in_series() -> None:
    """Open phase U of a star without neutral: I1 = -I2 = E / (Z1 + Z2); no current in U."""
    rig = starter()
    rig.fault("WU.open")
    rig.run(0.3)
    slip = 1.0 - rig.voltage("M1:shaft") / (50.0 * math.pi)
    line = source_ohm(rig) + wire_ohm(rig, "WV")
    expected = (400.0 / math.sqrt(3.0)) / (2.0 * line + motor_ohm(rig, slip) + motor_ohm(rig, 2.0 - slip))
    sim = rig.simulator
    currents = [(phasor(sim, f"M1:{x}") - phasor(sim, f"M1.end_{x}")) / 0.005 for x in "UVW"]
    zero, positive, negative = sequences(*currents)
    assert abs(zero) < 1e-3
    assert positive == pytest.approx(-negative, abs=1e-3)
    assert positive == pytest.approx(expected, rel=2e-3)


def test_every_winding_can_go_to_earth_and_an_ohmmeter_finds_it() -> None:
    from etabli.components.electrical.dc_image import DC_IMAGES

    rig = starter()
    component, parameters, _, _ = rig.placed["M1"]
    rig.fault("M1.earth_leak_W")
    branches = DC_IMAGES["induction_motor"]("M1", parameters, rig.simulator.read)
    assert component.family == "induction_motor"
    assert {a: ohms for a, b, ohms in branches if b == "PE"}["end_W"] == pytest.approx(2.0)
    assert rig.simulator.read(ParameterRef("M1.earth_insulation", "resistance")) > 1e8
