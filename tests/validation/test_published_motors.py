"""Induction motors of published data sheets: circuit fitted to the plate, then run in the engine.

Sources (values as printed, part load included):

* Sg180L-4, 22 kW: "Motor data sheet, motor type Sg180L-4", 23-04-2024, ``Sgath_180L-4_…_datasheet.pdf`` of a dealer of
  that series (400 V Δ 50 Hz).
* MTF3 0.75 kW, 80M, IE3: product table "Motor electric trifazat 0,75 kW 1500 rpm 80M B3 IE3" of
  mecha.odoo.com.

The fit (:mod:`etabli.machines.motor_plate`) uses power, speed, current, cos φ, starting current and torque, and
breakdown torque. Efficiency and cos φ at three quarters and half of the load are not used: the model must find them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import brentq

from components.electrical_rig import Rig
from components.rig import rig_motor
from etabli.machines.motor_plate import Plate, PlateError, circuit, drawn
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.simulator import Simulator


@dataclass(frozen=True)
class Published:
    """A plate, and what its sheet says beside it."""

    plate: Plate
    efficiency: dict[float, float]
    cos_phi: dict[float, float]
    efficiency_within: float


MOTORS = {
    "Sg180L-4": Published(
        Plate(22000.0, 1465.0, 400.0, 38.8, 0.90, start_current=7.3, start_torque=2.7, breakdown_torque=2.8),
        {1.0: 0.910, 0.75: 0.913, 0.5: 0.904},
        {0.75: 0.87, 0.5: 0.79},
        0.005,
    ),
    "MTF3 80M": Published(
        Plate(750.0, 1445.0, 400.0, 1.7, 0.77, start_current=6.7, start_torque=2.8, breakdown_torque=3.4),
        {1.0: 0.825, 0.75: 0.832, 0.5: 0.806},
        {},
        0.025,
    ),
}
each_motor = pytest.mark.parametrize("motor", MOTORS.values(), ids=MOTORS)


class Dynamometer:
    """The family ``induction_motor`` with fitted parameters on a stiff 400 V supply, its shaft held at a speed."""

    def __init__(self, plate: Plate, celsius: float) -> None:
        self.plate = plate
        rig = Rig()
        rig.place("G0", "mains_supply", short_circuit_a=20000.0, voltage_v=plate.volts)
        rig.place(
            "M1",
            "induction_motor",
            **circuit(plate),
            friction_nm=1e-3,
            ambient_c=celsius,
            air_w_k=1000.0,
            slot_w_k=1000.0,
        )
        for line, phase in (("L1", "U"), ("L2", "V"), ("L3", "W")):
            rig.join(f"M1:{phase}", f"G0:{line}")
        rig.join("M1:PE", "G0:PE")
        self.network = rig.network()

    def at(self, speed: float) -> Simulator:
        """Settled at ``speed`` rad/s, heat kept away."""
        network = self.network
        if "dynamometer" in network.devices:
            del network.devices["dynamometer"]
        network.add("dynamometer", rig_motor, {"w": "M1:shaft"}, {"speed": speed, "stiffness": 1e6})
        simulator = Simulator(network, 0.002)
        simulator.advance(20)
        return simulator

    def torque(self, simulator: Simulator, speed: float) -> float:
        """N·m that the shaft gives, from what holds it."""
        return 1e6 * (simulator.read(NodeRef("M1:shaft")) - speed)

    def amperes(self, simulator: Simulator) -> float:
        """A in a line."""
        return simulator.read(StateRef("M1.link_U", "current"))

    def input_w(self, simulator: Simulator) -> float:
        """W at the terminals: three times the first phase (balanced)."""
        u = complex(*(simulator.read(NodeRef("G0:L1", k)) for k in (0, 1)))
        e = complex(*(simulator.read(NodeRef("M1.end_U", k)) for k in (0, 1)))
        current = (u - e) / 0.005
        return 3.0 * (u * current.conjugate()).real


@each_motor
def test_the_engine_meets_the_rated_point(motor: Published) -> None:
    bench = Dynamometer(motor.plate, 80.0)
    rated = bench.at(motor.plate.speed)
    assert bench.torque(rated, motor.plate.speed) == pytest.approx(motor.plate.torque, rel=0.01)
    assert bench.amperes(rated) == pytest.approx(motor.plate.amperes, rel=0.01)
    efficiency = motor.plate.power_w / bench.input_w(rated)
    assert efficiency == pytest.approx(motor.efficiency[1.0], abs=0.004)


@each_motor
def test_the_engine_meets_the_start(motor: Published) -> None:
    bench = Dynamometer(motor.plate, 20.0)
    start = bench.at(0.0)
    assert bench.amperes(start) / motor.plate.amperes == pytest.approx(motor.plate.start_current, rel=0.03)
    assert bench.torque(start, 0.0) / motor.plate.torque == pytest.approx(motor.plate.start_torque, rel=0.03)


@each_motor
def test_the_engine_meets_the_breakdown_torque(motor: Published) -> None:
    bench = Dynamometer(motor.plate, 80.0)
    speeds = np.linspace(0.6, 0.97, 12) * motor.plate.synchronous_speed
    most = max(bench.torque(bench.at(float(w)), float(w)) for w in speeds)
    assert most / motor.plate.torque == pytest.approx(motor.plate.breakdown_torque, rel=0.03)


@each_motor
@pytest.mark.parametrize("share", [0.75, 0.5])
def test_part_load_which_the_fit_has_not_seen(motor: Published, share: float) -> None:
    """Efficiency within half a point (22 kW) and two and a half points (0.75 kW), cos φ within 0.02."""
    plate = motor.plate
    bench = Dynamometer(plate, 80.0)
    low, high = plate.speed, plate.synchronous_speed
    for _ in range(14):
        middle = 0.5 * (low + high)
        given_w = bench.torque(bench.at(middle), middle) * middle
        low, high = (middle, high) if given_w > share * plate.power_w else (low, middle)
    found = bench.at(low)
    input_w = bench.input_w(found)
    assert share * plate.power_w / input_w == pytest.approx(motor.efficiency[share], abs=motor.efficiency_within)
    if share in motor.cos_phi:
        apparent = math.sqrt(3.0) * plate.volts * bench.amperes(found)
        assert input_w / apparent == pytest.approx(motor.cos_phi[share], abs=0.02)


def test_one_cage_cannot_start_such_a_motor() -> None:
    """Why the law has two: a single cage with the same rated slip and breakdown torque has a third of the start."""
    plate = MOTORS["Sg180L-4"].plate
    fitted = circuit(plate)
    rotor = fitted["rotor_ohm"] / (1.0 + fitted["outer_cage_s"] * fitted["rotor_ohm"])  # both cages at a small slip

    def single(leakage: float) -> dict[str, float]:
        reactances = dict.fromkeys(("stator_reactance_ohm", "rotor_reactance_ohm"), leakage)
        return {**fitted, **reactances, "rotor_ohm": rotor, "outer_cage_s": 0.0, "inner_reactance_ohm": 0.0}

    def ratio(leakage: float, slips: list[float], celsius: float) -> float:
        power, _ = drawn(single(leakage), plate.volts, np.array(slips), celsius)
        return float(power.max()) / plate.synchronous_speed / plate.torque

    slips = [0.01 * k for k in range(1, 100)]
    leakage = brentq(lambda x: ratio(x, slips, 80.0) - plate.breakdown_torque, 0.1, 2.0)
    assert ratio(leakage, [1.0], 20.0) < 0.4 * plate.start_torque


def test_a_plate_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(PlateError, match="rated point"):
        circuit(Plate(22000.0, 1300.0, 400.0, 38.8, 0.90, start_current=7.3, start_torque=2.7, breakdown_torque=2.8))
