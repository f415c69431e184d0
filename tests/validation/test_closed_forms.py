"""Real component families in small networks, against formulas of textbooks written out here a second time."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from components.electrical_rig import Rig as ElectricalRig
from components.rig import Rig, rig_motor, rig_supply, time_until
from etabli.components.electrical.conductor import resistor
from etabli.components.mechanical.friction import translation_friction
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.components.mechanical.slip_drive import slip_drive
from etabli.components.pneumatic.orifice import orifice, vent
from etabli.components.pneumatic.tube import tube_conductance
from etabli.components.pneumatic.volume import air_volume
from etabli.physics.law import Fields
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

ATMOSPHERE = 1.01325
GAS_G_PER_DM3_BAR = 100.0 / (287.05 * 293.15) * 1000.0  # p / (R T) of air at 20 °C, per bar: 1.188 g/dm³
ANR_G_PER_DM3 = 1.185


def fed(rig: ElectricalRig, plus: str, minus: str, volts: float) -> Simulator:
    """A simulator of the rig with a stiff source on it."""
    network = rig.network()
    network.add("source", rig_supply, {"a": plus, "b": minus}, {"volts": volts})
    network.add("earth", rig_supply, {"a": minus, "b": GROUND}, {"volts": 0.0})
    return Simulator(network, rig.step_s)


# ------------------------------------------------------------------------------------------------- electricity


def test_coil_current_rises_with_its_time_constant() -> None:
    """i = U/R (1 - exp(-t R/L)), U = 24 V, R = 640 Ω, L/R = 5 ms."""
    rig = ElectricalRig(step_s=0.0005)
    rig.place("KA1", "relay")
    simulator = fed(rig, "KA1:A1", "KA1:A2", 24.0)
    final = 24.0 / 640.0
    for _ in range(40):
        simulator.advance()
        expected = final * (1.0 - math.exp(-simulator.time_s / 0.005))
        assert simulator.read(StateRef("KA1.coil", "current")) == pytest.approx(expected, abs=2e-3 * final)


def test_coil_current_dies_in_its_flyback_diode() -> None:
    """L di/dt = -(R i + 0.7 V + 0.05 Ω i): an exponential that aims below zero, then nothing."""
    rig = ElectricalRig(step_s=0.0005)
    rig.place("KA1", "relay")
    rig.place("W1", "wire")
    rig.join("W1:b", "KA1:A1")
    simulator = fed(rig, "W1:a", "KA1:A2", 24.0)
    simulator.advance(200)
    start = simulator.read(StateRef("KA1.coil", "current"))
    simulator.write(ParameterRef("W1.conductor", "resistance"), 1e9)
    simulator.steps = 0
    ohms, henries = 640.0 + 0.05, 640.0 * 0.005
    aim = 0.7 / ohms
    for _ in range(60):
        simulator.advance()
        expected = max(0.0, (start + aim) * math.exp(-simulator.time_s * ohms / henries) - aim)
        assert simulator.read(StateRef("KA1.coil", "current")) == pytest.approx(expected, abs=6e-3 * start)
    assert simulator.read(NodeRef("KA1:A1")) > -1.0


@pytest.mark.parametrize("ohms", [1000.0, 24.0, 4.8, 2.2, 1.9, 1.0, 0.2, 0.01])
def test_power_supply_holds_its_voltage_then_its_current(ohms: float) -> None:
    """Constant voltage behind 40 mΩ up to 1.2 times the rating, constant current below."""
    rig = ElectricalRig()
    rig.feed_24_v(rated_a=10.0)
    network = rig.network()
    network.add("load", resistor, {"a": "G1:+", "b": "G1:-"}, {"resistance": ohms})
    simulator = Simulator(network)
    simulator.advance(400)
    volts = simulator.read(NodeRef("G1:+")) - simulator.read(NodeRef("G1:-"))
    assert volts / ohms == pytest.approx(min(24.1 / (ohms + 0.04), 12.0), rel=6e-3)
    assert simulator.unresolved == 0


@pytest.mark.parametrize("amperes", [4.0, 5.0, 6.0, 10.0, 20.0, 60.0])
def test_fuse_melts_when_its_heat_balance_says(amperes: float) -> None:
    """Sum of share · (1 - exp(-t/τ)) = (If/I)² for notches, strip and cartridge, If = 1.55 In; the first τ from I²t."""
    rig = ElectricalRig(step_s=min(0.005, 0.08 / amperes**2))
    rig.place("F1", "fuse", rated_a=2.0, melting_i2t=8.0, cold_ohm=0.09)
    network = rig.network()
    ohms = 240.0 / amperes
    network.add("source", rig_supply, {"a": "up", "b": GROUND}, {"volts": 240.0})
    network.add("limiter", resistor, {"a": "up", "b": "F1:1"}, {"resistance": ohms - 0.1})
    network.add("return", resistor, {"a": "F1:2", "b": GROUND}, {"resistance": 1e-3})
    simulator = Simulator(network, rig.step_s)
    current = 240.0 / (ohms - 0.1 + 0.09 + 0.011)
    fusing = 1.55 * 2.0
    fast_s = 0.2 / (fusing**2 / 8.0 - 0.3 / 5.0 - 0.5 / 300.0)

    def missing(t: float) -> float:
        cold = sum(share * math.exp(-t / tau) for share, tau in ((0.2, fast_s), (0.3, 5.0), (0.5, 300.0)))
        return 1.0 - cold - (fusing / current) ** 2

    expected = brentq(missing, 0.0, 10000.0)
    while simulator.read(MemoryRef("F1.element", "blown")) < 0.5:
        simulator.advance()
        assert simulator.time_s < 200.0
    assert simulator.time_s == pytest.approx(expected, rel=0.01, abs=0.0005)
    if amperes >= 60.0:
        assert current**2 * simulator.time_s == pytest.approx(8.0, rel=0.2)
    simulator.advance(2)
    assert abs(simulator.read(StateRef("F1.link", "current"))) < 1e-6


# ----------------------------------------------------------------------------------------------- induction motor

STATOR, ROTOR = complex(30.0, 11.0), complex(17.5, 11.0)
MAGNETISING = 270j
SYNCHRONOUS = 50.0 * math.pi


def sequence_impedance(slip: float, warm: float, upstream: complex) -> tuple[complex, complex]:
    """Impedance of the T circuit at ``slip``, and rotor current per ampere of stator current."""
    branch = complex(ROTOR.real * warm / slip, ROTOR.imag)
    share = MAGNETISING / (MAGNETISING + branch)
    return upstream + complex(STATOR.real * warm, STATOR.imag) + branch * share, share


def motor_on_a_dynamometer(speed: float) -> Simulator:
    """The motor fed by the mains, its shaft held at ``speed`` rad/s, its own friction taken away."""
    rig = ElectricalRig()
    rig.place("G0", "mains_supply")
    rig.place("M1", "induction_motor")
    for line, phase in (("L1", "U"), ("L2", "V"), ("L3", "W")):
        rig.join(f"M1:{phase}", f"G0:{line}")
    rig.join("M1:PE", "G0:PE")
    network = rig.network()
    network.add("dynamometer", rig_motor, {"w": "M1:shaft"}, {"speed": speed, "stiffness": 1e4})
    simulator = Simulator(network)
    for name in ("coulomb", "viscous"):
        simulator.write(ParameterRef("M1.bearings", name), 0.0)
    simulator.advance(4)
    assert simulator.unresolved == 0
    return simulator


def mains_ohms(simulator: Simulator) -> complex:
    """Source and terminal link, which are in series with each phase."""
    parts = [simulator.read(ParameterRef("G0.L1", name)) for name in ("resistance", "reactance")]
    return complex(*parts) + simulator.read(ParameterRef("M1.link_U", "resistance"))


@pytest.mark.parametrize("slip", [1.0, 0.6, 0.3, 0.1, 0.06, 0.02, -0.05])
def test_motor_torque_and_current_follow_the_equivalent_circuit(slip: float) -> None:
    speed = SYNCHRONOUS * (1.0 - slip)
    simulator = motor_on_a_dynamometer(speed)
    warm = 1.0 + 0.0039 * (simulator.read(NodeRef("M1.winding")) - 20.0)
    impedance, share = sequence_impedance(slip, warm, mains_ohms(simulator))
    current = 400.0 / math.sqrt(3.0) / impedance
    torque = 3.0 * abs(current * share) ** 2 * ROTOR.real * warm / slip / SYNCHRONOUS
    measured = 1e4 * (simulator.read(NodeRef("M1:shaft")) - speed)
    assert simulator.read(StateRef("M1.link_U", "current")) == pytest.approx(abs(current), rel=1e-3)
    assert measured == pytest.approx(torque, rel=2e-3, abs=1e-3)


@pytest.mark.parametrize("slip", [1.0, 0.3, 0.06])
def test_motor_on_two_phases_obeys_symmetrical_components(slip: float) -> None:
    """Phase U cut: I = Uvw / (Z+ + Z-), torques of the two sequences subtract (Fortescue)."""
    speed = SYNCHRONOUS * (1.0 - slip)
    simulator = motor_on_a_dynamometer(speed)
    simulator.write(ParameterRef("M1.link_U", "resistance"), 1e9)
    simulator.advance(4)
    warm = 1.0 + 0.0039 * (simulator.read(NodeRef("M1.winding")) - 20.0)
    upstream = mains_ohms(simulator) - simulator.read(ParameterRef("M1.link_U", "resistance"))
    upstream += simulator.read(ParameterRef("M1.link_V", "resistance"))
    forward, share_forward = sequence_impedance(slip, warm, upstream)
    backward, share_backward = sequence_impedance(2.0 - slip, warm, upstream)
    current = abs(400.0 * cmath.exp(0j) / (forward + backward))
    each = current / math.sqrt(3.0)
    torque = (
        3.0
        * ROTOR.real
        * warm
        / SYNCHRONOUS
        * (abs(each * share_forward) ** 2 / slip - abs(each * share_backward) ** 2 / (2.0 - slip))
    )
    assert simulator.read(StateRef("M1.link_V", "current")) == pytest.approx(current, rel=1e-3)
    assert simulator.read(StateRef("M1.link_W", "current")) == pytest.approx(current, rel=1e-3)
    assert simulator.read(StateRef("M1.link_U", "current")) < 1e-5
    measured = 1e4 * (simulator.read(NodeRef("M1:shaft")) - speed)
    assert measured == pytest.approx(torque, rel=3e-3, abs=2e-3)


# --------------------------------------------------------------------------------------------------- pneumatics

CONDUCTANCE, RATIO = 0.5, 0.3


def tanks(first_dm3: float, first_bar: float, second_dm3: float, second_bar: float, step_s: float) -> Simulator:
    """Two tanks and an ISO 6358 passage between them."""
    network = Network()
    for node, dm3, bar in (("one", first_dm3, first_bar), ("two", second_dm3, second_bar)):
        mass = GAS_G_PER_DM3_BAR * dm3 * bar
        network.add(f"tank {node}", air_volume, {"a": node}, {"volume": dm3, "index": 1.0}, {"mass": mass})
        network.initial[node] = bar
    passage = {"conductance": CONDUCTANCE, "critical_ratio": RATIO, "opening": 1.0}
    network.add("passage", orifice, {"a": "one", "b": "two"}, passage)
    return Simulator(network, step_s)


def test_a_tank_fills_in_a_straight_line_while_the_passage_is_choked() -> None:
    """dp/dt = C ρ0 p1 R T / V as long as p < b p1."""
    upstream, volume = 8.0, 1.0
    simulator = tanks(1e5, upstream, volume, 1.0, 0.005)
    slope = CONDUCTANCE * ANR_G_PER_DM3 * upstream / (GAS_G_PER_DM3_BAR * volume)
    last_choked_s = (RATIO * upstream - 1.0) / slope
    assert last_choked_s > 0.3
    while simulator.time_s + 0.005 < last_choked_s:
        simulator.advance()
        assert simulator.read(NodeRef("two")) == pytest.approx(1.0 + slope * simulator.time_s, rel=5e-4)


def test_a_tank_empties_exponentially_while_the_passage_is_choked() -> None:
    """p = p0 exp(-t/τ), τ = V / (C R T ρ0), as long as patm < b p."""
    network = Network()
    network.add("tank", air_volume, {"a": "n"}, {"volume": 1.0, "index": 1.0}, {"mass": GAS_G_PER_DM3_BAR * 9.0})
    network.initial["n"] = 9.0
    network.add("hole", vent, {"a": "n"}, {"conductance": CONDUCTANCE, "critical_ratio": RATIO, "opening": 1.0})
    simulator = Simulator(network)
    constant = GAS_G_PER_DM3_BAR / (CONDUCTANCE * ANR_G_PER_DM3)
    while simulator.read(NodeRef("n")) * RATIO > ATMOSPHERE * 1.02:
        simulator.advance()
        assert simulator.read(NodeRef("n")) == pytest.approx(9.0 * math.exp(-simulator.time_s / constant), rel=5e-4)
    simulator.advance(4000)
    assert simulator.read(NodeRef("n")) == pytest.approx(ATMOSPHERE, abs=0.01)


@pytest.mark.parametrize("cm3", [2.0, 4.0, 6.0, 20.0])
@pytest.mark.parametrize("conductance", [0.5, 3.0])
def test_a_small_volume_opened_onto_the_net_does_not_pass_it(cm3: float, conductance: float) -> None:
    """It fills in a fraction of the 5 ms step or in a few: never above the net by more than 0.2 % of the jump."""
    net_bar, ratio = 7.013, 0.35
    network = Network()
    for node, litres, bar in (("net", 100.0, net_bar), ("fitting", 1e-3 * cm3, ATMOSPHERE)):
        mass = GAS_G_PER_DM3_BAR * litres * bar
        network.add(f"air {node}", air_volume, {"a": node}, {"volume": litres, "index": 1.0}, {"mass": mass})
        network.initial[node] = bar
    valve = {"conductance": conductance, "critical_ratio": ratio, "opening": 0.0}
    network.add("valve", orifice, {"a": "net", "b": "fitting"}, valve)
    simulator = Simulator(network)
    simulator.advance(20)
    simulator.write(ParameterRef("valve", "opening"), 1.0)
    seen = []
    for _ in range(40):
        simulator.advance()
        seen.append(simulator.read(NodeRef("fitting")))
    assert max(seen) < net_bar + 2e-3 * (net_bar - ATMOSPHERE)
    assert seen[-1] == pytest.approx(net_bar, abs=5e-3)


def iso_6358(p1: float, p2: float, c: float, b: float) -> float:
    """Mass flow in g/s from p1 to p2 (p1 ≥ p2), straight from the standard."""
    share = 1.0 if p2 / p1 <= b else math.sqrt(1.0 - ((p2 / p1 - b) / (1.0 - b)) ** 2)
    return c * ANR_G_PER_DM3 * p1 * share


@pytest.mark.parametrize("p2", [1.0, 3.0, 5.0, 6.5, 6.9])
def test_a_tube_passes_what_iso_6358_says(p2: float) -> None:
    c, b = tube_conductance(4.0, 2.0)
    flows, _ = orifice.evaluate({"a": 7.0, "b": p2}, {"conductance": c, "critical_ratio": b, "opening": 1.0})
    assert flows["a"] == pytest.approx(iso_6358(7.0, p2, c, b), rel=0.01)


def test_trapped_air_is_an_isothermal_spring() -> None:
    """A cylinder with closed ports and 60 N on its rod: pa Va and pb Vb keep their product."""
    rig = Rig().add("1A1", "cylinder", bore_mm=32.0, rod_mm=12.0, stroke_mm=100.0, load_n=60.0, start=0.5)
    simulator = rig.start()
    for name in ("coulomb", "viscous"):
        simulator.write(ParameterRef("1A1.rod_friction", name), 0.0 if name == "coulomb" else 40.0)
    simulator.advance(2000)
    area_a, area_b = math.pi / 4 * 3.2**2, math.pi / 4 * (3.2**2 - 1.2**2)
    dead = simulator.read(ParameterRef("1A1.chambers", "dead_a")) * 1e3 + 2.0  # and the port's own 2 cm³
    atmosphere = 1.013

    def excess(x_cm: float) -> float:
        p_a = atmosphere * (dead + area_a * 5.0) / (dead + area_a * x_cm)
        p_b = atmosphere * (dead + area_b * 5.0) / (dead + area_b * (10.0 - x_cm))
        return 10.0 * ((p_a - atmosphere) * area_a - (p_b - atmosphere) * area_b) - 60.0

    expected = brentq(excess, 0.01, 9.99) * 1e-2
    assert simulator.read(StateRef("1A1.chambers", "position")) == pytest.approx(expected, abs=2e-5)


def free_stroke_s(c: float, b: float, upstream: float) -> float:
    """Seconds for 98 mm of a 32 × 100 cylinder behind a tube, 1 kg and 40 N·s/m on its rod: two isothermal chambers
    (Boyle), ISO 6358 in by the tube and out by a silencer (C = 4, b = 0.35), Newton's second law; by scipy."""
    area_a, area_b = math.pi / 4 * 0.32**2, math.pi / 4 * (0.32**2 - 0.12**2)  # dm²
    room_a, room_b = 0.006 + 0.002 + 0.0126, 0.006 + 0.002 + 0.002  # dm³: dead volume, port, tube or silencer

    def slope(_: float, y: list[float]) -> list[float]:
        p_a, p_b, x, v = y  # bar, bar, dm, dm/s
        entering = iso_6358(upstream, min(p_a, upstream), c, b) / GAS_G_PER_DM3_BAR
        leaving = iso_6358(p_b, ATMOSPHERE, 4.0, 0.35) / GAS_G_PER_DM3_BAR if p_b > ATMOSPHERE else 0.0
        force = 1000.0 * (p_a * area_a - p_b * area_b - ATMOSPHERE * (area_a - area_b)) - 40.0 * 0.1 * v
        return [
            (entering - p_a * area_a * v) / (room_a + area_a * x),
            (p_b * area_b * v - leaving) / (room_b + area_b * (1.0 - x)),
            v,
            10.0 * force,
        ]

    def there(_: float, y: list[float]) -> float:
        return y[2] - 0.98

    there.terminal = True  # type: ignore[attr-defined]
    found = solve_ivp(slope, (0.0, 2.0), [ATMOSPHERE, ATMOSPHERE, 0.0, 0.0], events=there, rtol=1e-8, max_step=1e-3)
    return float(found.t[-1])


def test_a_32_x_100_cylinder_crosses_its_stroke_in_the_time_its_tube_allows() -> None:
    rig = Rig().add("0P1", "compressed_air_supply", pressure=6.0, conductance=50.0)
    rig.add("W1", "tube", diameter_mm=4.0, length_m=2.0).add("Z1", "silencer")
    rig.add("1A1", "cylinder", cushioning=0.0, port_conductance=50.0)
    rig.pipe("0P1:1", "W1:a", 0.0).pipe("W1:b", "1A1:A", 20.0).pipe("1A1:B", "Z1:1", 20.0)
    simulator = rig.start(step_s=0.001)
    for name, value in (("coulomb", 0.0), ("viscous", 40.0)):
        simulator.write(ParameterRef("1A1.rod_friction", name), value)
    simulator.advance(1000)
    simulator.write(ParameterRef("pipe 0P1:1 W1:a", "conductance"), 50.0)
    found = time_until(simulator, StateRef("1A1.chambers", "position"), 0.098, 2.0)
    assert found == pytest.approx(free_stroke_s(*tube_conductance(4.0, 2.0), 7.013), rel=0.04)


# ----------------------------------------------------------------------------------------------------- mechanics


def test_a_sliding_mass_slows_down_in_a_straight_line_and_stops() -> None:
    """Coulomb friction alone: v = v0 - F t / m, at rest after m v0 / F."""
    network = Network()
    network.add("mass", moving_mass, {"w": "w"}, {"mass": 2.0}, {"momentum": 2.0 * 0.8})
    network.initial["w"] = 0.8
    network.add("guide", translation_friction, {"w": "w"}, {"coulomb": 4.0, "stiction": 1.0, "viscous": 0.0})
    simulator = Simulator(network, 0.001)
    for _ in range(39):
        simulator.advance(10)
        assert simulator.read(NodeRef("w")) == pytest.approx(0.8 - 2.0 * simulator.time_s, abs=1e-3)
    simulator.advance(200)
    assert simulator.read(NodeRef("w")) == pytest.approx(0.0, abs=1e-6)


def driven(rig: Rig, first: str, speed: float, last: str, torque: float) -> Simulator:
    """Drive a transmission at ``speed`` and take ``torque`` at its end; run until it is steady."""
    rig.motor(first, speed, 1e4)
    # A soft brake far from synchronism is a constant torque.
    rig.network.add("brake", rig_motor, {"w": last}, {"speed": -1e6, "stiffness": torque * 1e-6})
    simulator = rig.start()
    simulator.advance(1000)
    assert simulator.unresolved == 0
    return simulator


def test_gearbox_divides_the_speed_and_loses_its_share_of_the_power() -> None:
    rig = Rig().add("RD1", "gearbox", ratio=20.0, efficiency=0.8, drag_nm=0.001)
    simulator = driven(rig, "RD1:in", 150.0, "RD1:out", 30.0)
    w_in, w_out = simulator.read(NodeRef("RD1:in")), simulator.read(NodeRef("RD1:out"))
    assert w_in / w_out == pytest.approx(20.0, rel=1e-4)
    given_w = 1e4 * (150.0 - w_in) * w_in
    taken_w = 30.0 * w_out
    # loss = (1 - η) of the torque that leaves, on the input side
    assert given_w == pytest.approx(taken_w * (2.0 - 0.8), rel=0.02)


@pytest.mark.parametrize("torque", [2.0, 8.0, 14.0])
def test_belt_creeps_as_much_as_its_load_asks(torque: float) -> None:
    """slip = creep T / sqrt(limit² - T²), creep 2 % of the rated speed; the ratio is 1.5."""
    rig = Rig().add("TR1", "belt_drive", ratio=1.5, limit_nm=25.0, speed_in=7.5, bearing_nm=0.001)
    simulator = driven(rig, "TR1:in", 7.5, "TR1:out", torque)
    w_in, w_out = simulator.read(NodeRef("TR1:in")), simulator.read(NodeRef("TR1:out"))
    on_input = (torque + 0.001 * w_out + 0.001) / 1.5
    expected = 0.15 * on_input / math.sqrt(25.0**2 - on_input**2)
    assert w_in - 1.5 * w_out == pytest.approx(expected, rel=0.02)


def test_belt_beyond_its_grip_slips_and_the_load_stops() -> None:
    rig = Rig().add("TR1", "belt_drive", ratio=1.5, limit_nm=2.0, speed_in=7.5)
    rig.motor("TR1:in", 7.5, 1e4)
    rig.network.add("brake", rig_motor, {"w": "TR1:out"}, {"speed": 0.0, "stiffness": 1e5})
    simulator = rig.start()
    simulator.advance(400)
    assert abs(simulator.read(NodeRef("TR1:out"))) < 0.01
    assert simulator.read(NodeRef("TR1:in")) == pytest.approx(7.5, abs=0.01)


# ---------------------------------------------------------------------------------------------------- balances


@given(
    volumes=st.lists(st.floats(0.002, 5.0), min_size=5, max_size=5),
    pressures=st.lists(st.floats(1.0, 10.0), min_size=5, max_size=5),
    passages=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(1e-3, 5.0)), min_size=1, max_size=12),
    step_s=st.sampled_from([0.001, 0.005]),
)
@settings(max_examples=40, deadline=None)
def test_no_air_is_made_or_lost_in_closed_tanks(
    volumes: list[float], pressures: list[float], passages: list[tuple[int, int, float]], step_s: float
) -> None:
    network = Network()
    for i, (dm3, bar) in enumerate(zip(volumes, pressures, strict=True)):
        held = {"mass": GAS_G_PER_DM3_BAR * dm3 * bar}
        network.add(f"tank {i}", air_volume, {"a": f"n{i}"}, {"volume": dm3, "index": 1.0}, held)
        network.initial[f"n{i}"] = bar
    for i, (a, b, c) in enumerate(passages):
        values = {"conductance": c, "critical_ratio": 0.3, "opening": 1.0}
        network.add(f"passage {i}", orifice, {"a": f"n{a}", "b": f"n{b}"}, values)
    simulator = Simulator(network, step_s)
    masses = simulator.reader([StateRef(f"tank {i}", "mass") for i in range(5)])
    before = masses().sum()
    simulator.advance(200)
    assert simulator.unresolved == 0
    # The solver leaves a tolerance of 1e-4 bar in each tank at worst, and 1 nS to the ground.
    assert masses().sum() == pytest.approx(before, rel=1e-4)
    now = [simulator.read(NodeRef(f"n{i}")) for i in range(5)]
    assert min(now) >= min(pressures) - 1e-3
    assert max(now) <= max(pressures) + 1e-3


@given(
    inertias=st.lists(st.floats(1e-3, 2.0), min_size=4, max_size=4),
    speeds=st.lists(st.floats(-150.0, 150.0), min_size=4, max_size=4),
    limits=st.lists(st.floats(0.01, 50.0), min_size=3, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_slipping_drives_keep_momentum_and_never_make_energy(
    inertias: list[float], speeds: list[float], limits: list[float]
) -> None:
    network = Network()
    for i, (inertia, speed) in enumerate(zip(inertias, speeds, strict=True)):
        network.add(f"rotor {i}", rotating_mass, {"w": f"w{i}"}, {"inertia": inertia}, {"momentum": inertia * speed})
        network.initial[f"w{i}"] = speed
    for i, limit in enumerate(limits):
        values = {"ratio": 1.0, "limit": limit, "creep": 0.15}
        network.add(f"drive {i}", slip_drive, {"a": f"w{i}", "b": f"w{i + 1}"}, values)
    simulator = Simulator(network)
    read = simulator.reader([NodeRef(f"w{i}") for i in range(4)])
    j = np.array(inertias)
    momentum = float(j @ read())
    energy = float(j @ read() ** 2)
    scale = float(j @ np.abs(speeds)) + 1e-3
    for _ in range(50):
        simulator.advance(2)
        now = read()
        assert float(j @ now) == pytest.approx(momentum, abs=1e-4 * scale)
        assert float(j @ now**2) <= energy * (1.0 + 1e-6) + 1e-6 * scale**2
        energy = float(j @ now**2)
    assert simulator.unresolved == 0


@given(
    st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6),
    st.floats(15.0, 30.0),
)
@settings(max_examples=30, deadline=None)
def test_currents_balance_at_every_node_of_a_control_circuit(shares: list[float], volts: float) -> None:
    """Kirchhoff, recomputed from the laws themselves: supply, wires from sound to open, relay, lamp, sensor, diode."""
    rig = ElectricalRig()
    rig.place("KA1", "relay")
    rig.place("H1", "pilot_light")
    rig.place("F1", "fuse")
    ends = [("F1:2", "KA1:A1"), ("F1:2", "KA1:11"), ("KA1:14", "H1:X1"), ("KA1:12", "H1:X1"), ("H1:X2", "KA1:A2")]
    for i, (a, b) in enumerate(ends):
        rig.wire(a, b, f"W{i}")
    simulator = fed(rig, "F1:1", "KA1:A2", volts)
    for i in range(len(ends)):
        simulator.write(ParameterRef(f"W{i}.conductor", "resistance"), 10.0 ** (-2.0 + 11.0 * shares[i]))
    simulator.advance(40)
    simulator.advance(200)  # steady: the states no longer change
    total = dict.fromkeys(simulator.network.nodes, 0.0)
    largest = dict.fromkeys(simulator.network.nodes, 0.0)
    for name, device in simulator.network.devices.items():
        across = [0.0 if n == GROUND else simulator.read(NodeRef(n)) for n in device.nodes]
        parameters = {p: simulator.read(ParameterRef(name, p)) for p in device.law.parameters}
        states = {s: simulator.read(StateRef(name, s)) for s in device.law.states}
        flows, _ = device.law(
            Fields(dict(zip(device.law.terminals, across, strict=True))), Fields(parameters), Fields(states), 1e-3
        )
        for node, flow in zip(device.nodes, flows.values(), strict=True):
            if node != GROUND:
                total[node] += flow
                largest[node] = max(largest[node], abs(flow))
    for node, rest in total.items():
        assert abs(rest) < 1e-6 + 1e-4 * largest[node], node
