"""Electropneumatic regulator on the real engine: static line, step, faults of its loop."""

from __future__ import annotations

import pytest

from components.rig import Rig, run_for, set_parameter
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.sources import lab_current
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

OUTLET = NodeRef("3V1:2")


def valve(*faults: str, volts: float = 5.0, drawn: float = 0.0, volume_l: float = 0.5) -> Simulator:
    """A 0–10 V valve of 6 bar on a small vessel; ``drawn`` is the conductance of a consumer to the open air."""
    rig = Rig().add("0Z0", "compressed_air_supply").add("3V1", "proportional_pressure_valve")
    rig.add("3T1", "air_receiver", volume_l=volume_l, start_water_cm3=0.0, humidity=0.0)
    rig.pipe("0Z0:1", "3V1:1", 6.0).pipe("3V1:2", "3T1:1", 6.0)
    if drawn:
        rig.add("Z9", "silencer", conductance=4.0).pipe("3T1:2", "Z9:1", drawn)
    rig.supply("G1", "3V1:L+", "3V1:M", 24.0).supply("G2", "3V1:+", "3V1:-", volts)
    sim = rig.start(*faults)
    run_for(sim, 3.0)
    return sim


def gauge(sim: Simulator) -> float:
    return sim.read(OUTLET) - ATMOSPHERE_BAR


@pytest.mark.parametrize("volts", [0.0, 1.0, 2.5, 5.0, 7.5, 10.0])
def test_the_static_line(volts: float) -> None:
    """0.6 bar a volt, 1 % of full scale."""
    sim = valve(volts=volts)
    assert gauge(sim) == pytest.approx(0.6 * volts, abs=0.06)
    assert sim.read(NodeRef("3V1:X")) == pytest.approx(gauge(sim) / 0.6, abs=0.05)


def test_the_loop_makes_up_for_a_consumer() -> None:
    """A plain regulator droops under flow; the integrator brings the pressure back."""
    assert gauge(valve(drawn=0.8)) == pytest.approx(3.0, abs=0.04)


def test_a_step_settles_quickly_without_much_overshoot() -> None:
    sim = valve(volts=2.0)
    set_parameter(sim, "G2.volts", 7.0)
    trace = []
    for _ in range(300):
        sim.advance(1)
        trace.append(gauge(sim))
    assert max(trace) < 4.2 + 0.3
    reached = next(i for i, p in enumerate(trace) if p > 1.2 + 0.9 * 3.0) * sim.step_s
    assert 0.05 < reached < 0.4
    assert all(p == pytest.approx(4.2, abs=0.06) for p in trace[200:])
    set_parameter(sim, "G2.volts", 2.0)
    run_for(sim, 1.5)
    assert gauge(sim) == pytest.approx(1.2, abs=0.06)
    assert sim.unresolved == 0


@pytest.mark.parametrize(("milliamps", "bar"), [(4.0, 0.0), (8.0, 1.5), (12.0, 3.0), (20.0, 6.0), (0.0, 0.0)])
def test_a_current_loop(milliamps: float, bar: float) -> None:
    """4 to 20 mA; a broken loop (0 mA) empties the outlet."""
    rig = Rig().add("0Z0", "compressed_air_supply").add("3V1", "proportional_pressure_valve", signal="current")
    rig.add("3T1", "air_receiver", volume_l=0.5, start_bar=2.0).pipe("0Z0:1", "3V1:1", 6.0).pipe("3V1:2", "3T1:1", 6.0)
    rig.supply("G1", "3V1:L+", "3V1:M", 24.0).supply("G2", "3V1:-", "3V1:-", 0.0)
    values = {"current": 1e-3 * milliamps, "conductance": 1e-9}
    rig.network.add("G3", lab_current, {"plus": "3V1:+", "minus": "3V1:-"}, values)
    sim = rig.start()
    run_for(sim, 3.0)
    assert gauge(sim) == pytest.approx(bar, abs=0.06)


def test_without_supply_the_pressure_stays_and_ebbs() -> None:
    sim = valve()
    set_parameter(sim, "G1.volts", 0.0)
    run_for(sim, 5.0)
    assert 2.6 < gauge(sim) < 3.0
    set_parameter(sim, "G2.volts", 10.0)
    run_for(sim, 5.0)
    assert gauge(sim) < 3.0
    assert sim.read(MemoryRef("3V1.loop", "ready")) == 0.0
    assert abs(sim.read(NodeRef("3V1:X"))) < 0.1


def test_a_drifted_sensor_fools_display_and_monitor() -> None:
    sim = valve("3V1.sensor_drift")
    assert gauge(sim) == pytest.approx(3.0 / 0.9, abs=0.06)
    assert sim.read(NodeRef("3V1:X")) == pytest.approx(5.0, abs=0.05)  # says that all is well


def test_a_broken_set_point_wire_empties_the_outlet() -> None:
    assert gauge(valve("3V1.input_open")) < 0.06


@pytest.mark.parametrize(
    ("fault", "bar"), [("zero_drift", 3.8), ("wrong_range", 1.5), ("supply_open", 0.0), ("electronics_dead", 0.0)]
)
def test_faults_that_shift_the_line(fault: str, bar: float) -> None:
    assert gauge(valve(f"3V1.{fault}")) == pytest.approx(bar, abs=0.06)


def test_a_stuck_exhaust_pilot_goes_up_but_not_down() -> None:
    sim = valve("3V1.exhaust_pilot_stuck", volts=3.0)
    set_parameter(sim, "G2.volts", 8.0)
    run_for(sim, 2.0)
    assert gauge(sim) == pytest.approx(4.8, abs=0.06)
    set_parameter(sim, "G2.volts", 3.0)
    run_for(sim, 2.0)
    assert gauge(sim) > 4.5


def test_a_clogged_exhaust_comes_down_slowly() -> None:
    pressures = []
    for faults in ((), ("3V1.exhaust_clogged",)):
        sim = valve(*faults, volts=8.0)
        set_parameter(sim, "G2.volts", 2.0)
        run_for(sim, 1.0)
        pressures.append(gauge(sim))
    assert pressures[0] < 1.3
    assert pressures[1] > 3.0
