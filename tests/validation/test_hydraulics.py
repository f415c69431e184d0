"""Hydraulics against published figures and textbook formulas: orifice, relief valve, pump, tank, natural frequency."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from components.rig import Rig, run_for, set_parameter
from etabli.components.hydraulic.hydraulic_cylinder import oil_cylinder
from etabli.components.hydraulic.oil import OIL_DENSITY, oil_content, oil_orifice, orifice_factor_of_hole
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.sources import lab_flow, lab_pressure
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

INCH_MM, PSI_BAR, GPM_CM3_S, POUND_KG = 25.4, 0.0689476, 63.0902, 0.453592
L_MIN = 1000.0 / 60.0  # cm³/s


# --- orifice -------------------------------------------------------------------------------------------------------


def drop_over_hole(diameter_mm: float, flow: float) -> float:
    """Pressure before a hole that empties to the tank, bar."""
    rig = Rig().add("M1", "hydraulic_manifold")
    k = orifice_factor_of_hole(diameter_mm)
    rig.network.add("pump", lab_flow, {"a": "M1:P"}, {"flow": flow})
    rig.network.add("hole", oil_orifice, {"a": "M1:P", "b": GROUND}, {"k": k, "opening": 1.0})
    sim = rig.start()
    run_for(sim, 2.0)
    return sim.read(NodeRef("M1:P"))


CALCULATED_BAR = 288.0
"""Loss of 30 l/min through 2 mm by a maker's calculator."""


def maker_s_flow(inches: float, psi: float) -> float:
    """Flow in cm³/s of a maker's formula, brought to our oil and to the 0.61 of Merritt."""
    return (inches / 0.23) ** 2 * math.sqrt(psi) * GPM_CM3_S * 0.61 / 0.63 / math.sqrt(OIL_DENSITY)


def test_a_hole_of_2_mm_loses_what_a_maker_s_calculator_says() -> None:
    """30 l/min of mineral oil through 2 mm: 288 bar by the orifice calculator of Danfoss, as quoted by the blog Insane
    Hydraulics ("Orifice pressure drop theory"). Two per cent of discharge coefficient are four of pressure."""
    assert drop_over_hole(2.0, 30.0 * L_MIN) == pytest.approx(CALCULATED_BAR, rel=0.04)


@pytest.mark.parametrize("inches", [1.0 / 32.0, 1.0 / 16.0, 1.0 / 8.0])
@pytest.mark.parametrize("psi", [100.0, 1000.0, 3000.0])
def test_a_hole_follows_the_formula_of_a_maker_of_orifices(inches: float, psi: float) -> None:
    """Q = (D / 0.23)² √Δp, US gallons a minute, inches and psi, at density 1 and coefficient 0.63 (Hydor orifices,
    hoseandfittings.com), brought to our oil and to the 0.61 of Merritt."""
    assert drop_over_hole(inches * INCH_MM, maker_s_flow(inches, psi)) == pytest.approx(psi * PSI_BAR, rel=0.015)


# --- relief valve --------------------------------------------------------------------------------------------------


def relieving() -> Rig:
    rig = Rig().add("V1", "relief_valve")
    rig.network.add("pump", lab_flow, {"a": "V1:P"}, {"flow": 0.0})
    rig.network.add("tank", lab_pressure, {"a": "V1:T"}, {"pressure": 0.0, "conductance": 1e5})
    return rig


def characteristic(flow: float) -> float:
    """Pressure of a direct-acting poppet: the lift grows with the excess, the flow with lift √p (Merritt, chapter 5).

    Data sheet of the family: cracks at 180 bar, 40 l/min 12 bar higher, counted at 200 bar.
    """
    k = 40.0 * L_MIN / math.sqrt(200.0)
    return float(brentq(lambda p: k * (p - 180.0) / 12.0 * math.sqrt(p) - flow, 180.0, 260.0))


@pytest.mark.parametrize("litres", [4.0, 10.0, 20.0, 40.0, 60.0])
def test_a_relief_valve_follows_its_characteristic_without_ringing(litres: float) -> None:
    """A pump against a shut circuit, at the ordinary 5 ms step: it comes to the curve and neither passes it by more
    than 1 % of the way nor rings around it."""
    sim = relieving().start(step_s=0.005)
    set_parameter(sim, "pump.flow", litres * L_MIN)
    pressures = []
    for _ in range(200):
        sim.advance(1)
        pressures.append(sim.read(NodeRef("V1:P")))
    expected = characteristic(litres * L_MIN)
    assert pressures[-1] == pytest.approx(expected, rel=2e-3)
    assert max(pressures) < 1.01 * expected
    arrived = next(i for i, p in enumerate(pressures) if p > 0.99 * expected)
    assert np.ptp(pressures[arrived:]) < 0.01 * expected


# --- pressure-compensated pump -------------------------------------------------------------------------------------

TURNS_S = 1450.0 / 60.0


def pumping(bar: float) -> Simulator:
    """The pump at 1450 rpm against a circuit held at a pressure."""
    rig = Rig().add("P1", "hydraulic_pump_compensated").motor("P1:shaft", 2.0 * math.pi * TURNS_S, 1e5)
    for port, at in (("S", 0.0), ("L", 0.0), ("P", bar)):
        rig.network.add(f"at {port}", lab_pressure, {"a": f"P1:{port}"}, {"pressure": at, "conductance": 1e4})
    sim = rig.start()
    run_for(sim, 3.0)
    return sim


def test_a_compensated_pump_gives_all_it_can_then_cuts_off_inside_its_band() -> None:
    """Displacement × speed less the leakage up to the setting, nothing within the regulating band above it: the
    pressure-flow curve of the sheets of DR-type pumps (28 cm³/rev, 160 bar, band 8 bar)."""

    def delivered(bar: float) -> float:
        return pumping(bar).read(StateRef("P1.pump", "flow"))

    bubbles = 1.0 / 1.005  # half a per cent of free air at the suction
    for bar in (20.0, 80.0, 150.0):
        full = 28.0 * TURNS_S * bubbles - 0.08 * bar
        assert delivered(bar) == pytest.approx(full, rel=0.01)
    middle = delivered(164.0)
    assert middle == pytest.approx(0.5 * 28.0 * TURNS_S * bubbles - 0.08 * 164.0, rel=0.02)
    assert delivered(168.5) == pytest.approx(-0.08 * 168.5, abs=0.02 * 28.0 * TURNS_S)


def test_with_its_outlet_shut_it_holds_its_pressure_and_takes_little_power() -> None:
    rig = Rig().add("P1", "hydraulic_pump_compensated").motor("P1:shaft", 2.0 * math.pi * TURNS_S, 1e5)
    for port in ("S", "L"):
        rig.network.add(f"at {port}", lab_pressure, {"a": f"P1:{port}"}, {"pressure": 0.0, "conductance": 1e4})
    sim = rig.start()
    run_for(sim, 2.0)
    assert 160.0 < sim.read(NodeRef("P1:P")) < 168.8, "the band, and a tenth of it for its rounded corner"
    at_full_stroke = 28.0 * TURNS_S * 160.0 * 0.1
    assert sim.read(StateRef("P1.pump", "power")) < 0.15 * at_full_stroke


# --- tank ----------------------------------------------------------------------------------------------------------


def warming(watts: float, **given: float) -> Simulator:
    rig = Rig().add("E1", "heat_capacity", losses_w=watts)
    rig.add("Z1", "hydraulic_tank", links={"pump_power": ParameterRef("E1.heating", "power")}, **given)
    return rig.start(step_s=0.5)


CAPACITY = 90_000.0 * 0.870 * 1.9 + 12000.0  # J/K: 90 l of oil and 25 kg of steel


@pytest.mark.parametrize("watts", [500.0, 1500.0])
def test_a_tank_warms_in_an_exponential(watts: float) -> None:
    """T = Ta + P/(k A) (1 - exp(-t k A / C)): heat balance of hydraulic units (HAWE, Fluidlexikon, "Wärmebilanz")."""
    sim = warming(watts, start_c=22.0)
    for _ in range(8):
        run_for(sim, 1800.0)
        rise = watts / 15.0 * (1.0 - math.exp(-sim.time_s * 15.0 / CAPACITY))
        assert sim.read(NodeRef("Z1.oil")) == pytest.approx(22.0 + rise, abs=2e-3 * watts / 15.0)


def test_its_walls_exchange_what_a_maker_gives_for_tanks() -> None:
    """5.8 to 11.6 W/(m²·K) according to the air around it (same source), for the 1.5 m² of the sheet."""
    walls = warming(0.0).read(ParameterRef("Z1.heat", "wall_w_k"))
    assert 5.8 < walls / 1.5 < 11.6


def test_a_day_of_work_and_breaks_agrees_with_scipy() -> None:
    """Four hours: 1.2 kW for 20 minutes, 0.2 kW for 10."""

    def watts(t: float) -> float:
        return 1200.0 if t % 1800.0 < 1200.0 else 200.0

    sim = warming(1200.0)
    oil = []
    for half_minute in range(480):
        set_parameter(sim, "E1.losses.own", watts(30.0 * half_minute))
        run_for(sim, 30.0)
        oil.append(sim.read(NodeRef("Z1.oil")))

    def balance(t: float, y: np.ndarray) -> list[float]:
        return [(watts(t) - 15.0 * (y[0] - 22.0)) / CAPACITY]

    times = 30.0 * np.arange(1, 481)
    expected = solve_ivp(balance, (0.0, times[-1]), [35.0], t_eval=times, rtol=1e-8, max_step=30.0).y[0]
    assert np.abs(np.array(oil) - expected).max() < 0.05


# --- natural frequency ---------------------------------------------------------------------------------------------


def ringing(area_a: float, area_b: float, stroke: float, mass: float, bulk: float) -> float:
    """Frequency (Hz) of a mass on a cylinder shut at both ends, in the middle of its stroke; cm², m, kg, bar."""
    bar, dead = 100.0, 1e-3
    network = Network()
    values = {
        "area_a": area_a, "area_b": area_b, "stroke": stroke, "dead_a": dead, "dead_b": dead, "bulk": bulk, "air": 0.0,
        "trapped": 0.0, "piston_leak": 0.0, "viscosity": 1.0, "load": 10.0 * bar * (area_a - area_b),
    }  # fmt: skip
    start = {
        f"content_{side}": float(oil_content(dead + 100.0 * area * 0.5 * stroke, bar, bulk, 0.0))
        for side, area in (("a", area_a), ("b", area_b))
    }
    for node in ("a", "b"):
        network.node(node, Domain.HYDRAULIC, bar)
    network.add("cylinder", oil_cylinder, {"a": "a", "b": "b", "w": "w"}, values, {**start, "position": 0.5 * stroke})
    network.node("w", Domain.TRANSLATION, 0.01)
    network.add("mass", moving_mass, {"w": "w"}, {"mass": mass}, {"momentum": 0.01 * mass})
    sim = Simulator(network, 1e-4, longest_step_s=0.0)
    crossings, before = [], 0.0
    while len(crossings) < 8:
        assert sim.time_s < 2.0
        at = sim.time_s
        sim.advance(1)
        speed = sim.read(NodeRef("w"))
        if before < 0.0 <= speed:
            crossings.append(at + sim.step_s * before / (before - speed))
        before = speed
    return 1.0 / float(np.mean(np.diff(crossings)))


def test_a_published_axis_rings_at_its_published_frequency() -> None:
    """Cylinder of 4 in, rod 2.5 in, stroke 12 in, 1000 lb, oil of 180 000 psi: 77.033 Hz without dead volumes (worked
    example "Computing the natural frequency of the cylinder and load", Delta Motion users' forum)."""
    bore, rod = 4.0 * INCH_MM / 10.0, 2.5 * INCH_MM / 10.0
    area = math.pi / 4.0 * bore**2
    ring = area - math.pi / 4.0 * rod**2
    assert ringing(area, ring, 12.0 * 0.0254, 1000.0 * POUND_KG, 180_000.0 * PSI_BAR) == pytest.approx(77.033, rel=5e-3)


@pytest.mark.parametrize(("area", "mass"), [(10.0, 50.0), (10.0, 500.0), (50.0, 2000.0)])
def test_a_servo_axis_rings_at_two_roots_of_k_a2_over_v_m(area: float, mass: float) -> None:
    """Same area on both sides: w = 2 √(K A² / (V m)), V the oil of both chambers (Merritt, chapter 6)."""
    bulk, stroke = 14000.0, 0.4
    volume, metres2 = area * 1e-4 * stroke, area * 1e-4
    expected = 2.0 * math.sqrt(bulk * 1e5 * metres2**2 / (volume * mass)) / (2.0 * math.pi)
    assert ringing(area, area, stroke, mass, bulk) == pytest.approx(expected, rel=5e-3)
