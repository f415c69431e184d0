"""Parts of a hydraulic power unit and press: accumulator, cylinder, hose, filter, cooler, switches, 4-20 mA loop."""

from __future__ import annotations

import math

import pytest

from components.rig import Rig, run_for, set_parameter
from etabli.components.electrical.conductor import resistor
from etabli.components.hydraulic.accumulator import gas_bladder
from etabli.components.hydraulic.hydraulic_cylinder import cylinder_areas_cm2, oil_cylinder
from etabli.components.hydraulic.hydraulic_hose import hose_factor
from etabli.components.hydraulic.oil import OIL_DENSITY, OIL_HEAT_J_G_K
from etabli.components.hydraulic.oil_cooler import air_cooling
from etabli.components.sources import lab_force, lab_pressure, lab_voltage
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator


def fed(rig: Rig, *nodes: str, conductance: float = 1e4) -> Rig:
    """Pressure sources on these ports, at 0 bar for now: set ``source NODE.pressure``."""
    for node in nodes:
        rig.network.add(f"source {node}", lab_pressure, {"a": node}, {"pressure": 0.0, "conductance": conductance})
    return rig


def pressure(sim: Simulator, node: str, bar: float) -> None:
    set_parameter(sim, f"source {node}.pressure", bar)


# --- accumulator ------------------------------------------------------------------------------------------------------


def test_an_accumulator_follows_boyle_when_filled_slowly() -> None:
    rig = fed(Rig().add("Z1", "accumulator", volume_l=10.0, precharge_bar=100.0), "Z1:P")
    sim = rig.start()
    pressure(sim, "Z1:P", 160.0)
    run_for(sim, 200.0)
    boyle = 10e3 * (1.0 - (100.0 + 1.013) / (160.0 + 1.013))
    assert sim.read(StateRef("Z1.bladder", "oil")) == pytest.approx(boyle, rel=0.02)


def test_a_fast_filling_is_stiffer_than_a_slow_one() -> None:
    """Adiabatic nitrogen: P V^1.4; the model's cv/R of 2.5 gives the same exponent for small strokes."""
    parameters = {"volume": 1e4, "precharge": 100.0, "loss_s": 1e6}
    oil, states = 0.0, {"oil": 0.0, "warmth": 0.0, "charge": 101.013}
    for step in range(1, 2001):
        bar = 100.0 + 20.0 * step / 2000
        _, states = gas_bladder.evaluate({"p": bar}, parameters, states, ah=1e-3)
        oil = states["oil"]
    adiabatic = 1e4 * (1.0 - (101.013 / 121.013) ** (1.0 / 1.4))
    isothermal = 1e4 * (1.0 - 101.013 / 121.013)
    assert adiabatic < isothermal
    assert oil == pytest.approx(adiabatic, rel=0.05)


def test_an_accumulator_without_gas_gives_nothing_back() -> None:
    def given_back(*faults: str) -> float:
        rig = fed(Rig().add("Z1", "accumulator", volume_l=10.0, precharge_bar=80.0), "Z1:P")
        sim = rig.start(*faults)
        pressure(sim, "Z1:P", 160.0)
        run_for(sim, 50.0)
        full = sim.read(StateRef("Z1.bladder", "oil"))
        pressure(sim, "Z1:P", 90.0)
        run_for(sim, 50.0)
        return full - sim.read(StateRef("Z1.bladder", "oil"))

    assert given_back() > 3000.0
    assert given_back("Z1.bladder_burst") < 100.0


def test_a_bladder_that_bursts_under_pressure_lets_the_oil_in() -> None:
    """The bottle does not shrink and no oil comes out of nowhere: oil takes the place of the gas."""
    rig = fed(Rig().add("Z1", "accumulator", volume_l=10.0, precharge_bar=100.0), "Z1:P")
    sim = rig.start()
    pressure(sim, "Z1:P", 160.0)
    run_for(sim, 100.0)
    before = sim.read(StateRef("Z1.bladder", "oil"))
    sim.write(ParameterRef("Z1.bladder", "precharge"), -0.9)
    levels = []
    for _ in range(200):
        run_for(sim, 0.1)
        levels.append(sim.read(StateRef("Z1.bladder", "oil")))
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(before, rel=0.15)
    assert levels[-1] == pytest.approx(10e3, rel=0.03)
    assert sim.unresolved == 0


# --- cylinder ---------------------------------------------------------------------------------------------------------


def test_force_is_pressure_times_area() -> None:
    area, ring = cylinder_areas_cm2(160.0, 100.0)
    assert (area, ring) == (pytest.approx(201.06, abs=0.01), pytest.approx(122.52, abs=0.01))
    p = {
        "area_a": area, "area_b": ring, "stroke": 0.3, "dead_a": 50.0, "dead_b": 50.0, "bulk": 14000.0, "air": 0.005,
        "trapped": 0.0, "piston_leak": 0.0, "viscosity": 1.0, "load": 0.0,
    }  # fmt: skip
    flows, _ = oil_cylinder.evaluate(
        {"a": 150.0, "b": 10.0, "w": 0.0}, p, {"content_a": 0.0, "content_b": 0.0, "position": 0.15}
    )
    assert -flows["w"] == pytest.approx(10.0 * (150.0 * area - 10.0 * ring), rel=1e-6)


def test_speed_is_flow_over_area() -> None:
    rig = fed(Rig().add("A1", "hydraulic_cylinder", bore_mm=160, rod_mm=100, stroke_mm=300, start_mm=50), "A1:B")
    rig.network.add("pump", lab_pressure, {"a": "A1:A"}, {"pressure": 0.0, "conductance": 2.0})
    sim = rig.start()
    set_parameter(sim, "pump.pressure", 100.0)
    run_for(sim, 1.0)
    flow = 2.0 * (100.0 - sim.read(NodeRef("A1:A")))
    assert sim.read(NodeRef("A1:rod")) == pytest.approx(flow * 1e-6 / (math.pi / 4 * 0.16**2), rel=0.02)


def test_a_worn_piston_seal_lets_a_load_sink() -> None:
    def sunk(*faults: str) -> float:
        rig = Rig().add("A1", "hydraulic_cylinder", bore_mm=63, rod_mm=36, stroke_mm=300, start_mm=150)
        rig.network.add("load", lab_force, {"w": "A1:rod"}, {"force": 20e3})
        sim = fed(rig, "A1:A", conductance=1e4).start(*faults)
        run_for(sim, 20.0)
        return sim.read(StateRef("A1.chambers", "position")) - 0.15

    assert sunk() < 3e-3
    assert sunk("A1.piston_seal_worn") > 20e-3


def test_the_end_stops_hold_the_piston() -> None:
    rig = fed(Rig().add("A1", "hydraulic_cylinder", stroke_mm=100, start_mm=50), "A1:A", "A1:B")
    sim = rig.start()
    pressure(sim, "A1:A", 160.0)
    run_for(sim, 5.0)
    assert sim.read(StateRef("A1.chambers", "position")) == pytest.approx(0.1, abs=5e-4)


# --- lines, filter, cooler --------------------------------------------------------------------------------------------


def test_a_hose_loses_what_darcy_says() -> None:
    """Turbulent flow in 2 m of 12 mm: dp = (f L/d + 1.5) rho v² / 2."""
    q, d = 500e-6, 0.012
    v = q / (math.pi / 4 * d * d)
    drop = (0.03 * 2.0 / d + 1.5) * 870.0 * v * v / 2.0
    assert (500.0 / hose_factor(12.0, 2.0)) ** 2 == pytest.approx(drop / 1e5, rel=1e-6)


def test_a_burst_hose_empties_its_line() -> None:
    rig = fed(Rig().add("T1", "hydraulic_hose", diameter_mm=12, length_m=1), "T1:a", conductance=5.0)
    sim = rig.start()
    pressure(sim, "T1:a", 100.0)
    run_for(sim, 1.0)
    assert sim.read(NodeRef("T1:b")) == pytest.approx(100.0, abs=0.5)
    broken = rig.start("T1.burst")
    pressure(broken, "T1:a", 100.0)
    run_for(broken, 1.0)
    assert broken.read(NodeRef("T1:b")) < 20.0


def test_a_clogged_filter_trips_its_indicator_and_opens_its_by_pass() -> None:
    rig = fed(Rig().add("Z1", "hydraulic_filter"), "Z1:1", "Z1:2", conductance=500.0)
    for fault, tripped in ((None, 0.0), ("Z1.clogged", 1.0)):
        sim = rig.start(*([fault] if fault else []))
        pressure(sim, "Z1:1", 5.0)
        run_for(sim, 2.0)
        assert sim.read(MemoryRef("Z1.snap", "position")) == tripped
        assert sim.read(NodeRef("Z1:1")) - sim.read(NodeRef("Z1:2")) < 3.6


def test_a_cooler_takes_less_with_a_stopped_fan_or_with_dust() -> None:
    """Against the effectiveness of an exchanger with much air, once the core has its temperature."""
    parameters = {
        "rated_w_k": 150.0, "ambient_c": 20.0, "fouled": 0.0, "rated_a": 3.0, "fan_lag_s": 1.5, "jammed": 0.0,
        "core_j_k": 5000.0,
    }  # fmt: skip

    def taken(amps: float, **changed: float) -> float:
        memory = {"fan": 0.0, "core": 20.0, "cooling": 0.0}
        for _ in range(5000):
            reads = {"flow": 600.0, "oil": 60.0, "amps": amps}
            memory = air_cooling.evaluate(reads, {**parameters, **changed}, memory, h=0.05)
        return float(memory["cooling"])

    rate = 600.0 * OIL_DENSITY * OIL_HEAT_J_G_K
    assert taken(3.0) == pytest.approx(rate * 150.0 / (rate + 150.0) * 40.0, rel=1e-3)
    assert taken(0.0) < 0.2 * taken(3.0)
    assert taken(3.0, fouled=0.9) < 0.2 * taken(3.0)
    assert taken(3.0, jammed=1.0) < 0.2 * taken(3.0)


# --- what watches the oil ---------------------------------------------------------------------------------------------


def test_a_pressure_switch_trips_and_resets_lower() -> None:
    rig = fed(Rig().add("B1", "hydraulic_pressure_switch", setting_bar=100.0, differential_bar=10.0), "B1:P")
    sim = rig.start()
    found = []
    for bar in (95.0, 101.0, 95.0, 89.0):
        pressure(sim, "B1:P", bar)
        run_for(sim, 0.5)
        found.append(sim.read(MemoryRef("B1.snap", "position")))
    assert found == [0.0, 1.0, 1.0, 0.0]


def test_a_gauge_shows_the_pressure() -> None:
    sim = fed(Rig().add("G1", "hydraulic_gauge"), "G1:P").start()
    pressure(sim, "G1:P", 120.0)
    run_for(sim, 2.0)
    assert sim.read(MemoryRef("G1.needle", "reading")) == pytest.approx(120.0, abs=0.5)


def loop() -> Rig:
    """A transmitter in series with a threshold relay, 24 V."""
    rig = Rig().add("B1", "pressure_transmitter", range_bar=250.0).add("K1", "threshold_relay", set_ma=6.0)
    for name, plus in (("loop supply", "B1:+"), ("relay supply", "K1:A1")):
        nodes = {"plus": plus, "minus": "K1:A2"}
        rig.network.add(name, lab_voltage, nodes, {"voltage": 24.0, "resistance": 0.1})
    rig.network.add("loop", resistor, {"a": "B1:-", "b": "K1:I+"}, {"resistance": 0.1})
    rig.network.add("back", resistor, {"a": "K1:I-", "b": "K1:A2"}, {"resistance": 0.1})
    rig.network.add("zero", resistor, {"a": "K1:A2", "b": GROUND}, {"resistance": 0.1})
    return fed(rig, "B1:P")


@pytest.mark.parametrize(("bar", "milliamps", "on"), [(0.0, 4.0, 0.0), (125.0, 12.0, 1.0), (250.0, 20.0, 1.0)])
def test_a_transmitter_gives_4_to_20_milliamps(bar: float, milliamps: float, on: float) -> None:
    sim = loop().start()
    pressure(sim, "B1:P", bar)
    run_for(sim, 1.0)
    assert 1e3 * sim.read(StateRef("K1.burden", "current")) == pytest.approx(milliamps, abs=0.05)
    assert sim.read(MemoryRef("K1.logic", "position")) == on


def test_a_cut_loop_leaves_the_relay_at_rest() -> None:
    sim = loop().start("B1.open")
    pressure(sim, "B1:P", 200.0)
    run_for(sim, 1.0)
    assert sim.read(StateRef("K1.burden", "current")) < 1e-4
    assert sim.read(MemoryRef("K1.logic", "position")) == 0.0


def test_a_closed_ball_valve_isolates() -> None:
    rig = fed(Rig().add("V1", "hydraulic_shutoff_valve"), "V1:1", conductance=100.0)
    sim = rig.start()
    pressure(sim, "V1:1", 100.0)
    run_for(sim, 1.0)
    assert sim.read(NodeRef("V1:2")) == pytest.approx(100.0, abs=0.5)
    set_parameter(sim, "V1.handle.position", 0.0)
    run_for(sim, 0.5)
    pressure(sim, "V1:1", 0.0)
    run_for(sim, 5.0)
    assert sim.read(NodeRef("V1:2")) > 90.0


def test_a_manifold_is_one_pressure() -> None:
    sim = fed(Rig().add("Z1", "hydraulic_manifold", count=3), "Z1:P").start()
    pressure(sim, "Z1:P", 80.0)
    run_for(sim, 1.0)
    assert [sim.read(NodeRef(f"Z1:{k}")) for k in (1, 2, 3)] == [pytest.approx(80.0, abs=0.5)] * 3
