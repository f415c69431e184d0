"""Hydraulic power: the oil, the tank, pumps, relief valve, filter, accumulator, cooler, against closed forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from components.rig import run_for, set_parameter
from etabli.components.hydraulic.oil import (
    CAVITATION_BAR,
    FREE_AIR,
    NOMINAL_MM2_S,
    OIL_BULK_BAR,
    oil_content,
    oil_drain,
    oil_orifice,
    oil_strain,
    oil_volume,
    orifice_factor_of_hole,
    orifice_flow,
    relative_viscosity,
)
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, StateRef
from etabli.physics.simulator import Simulator
from reference.oil import tangent_bulk

pytestmark = pytest.mark.usefixtures("run_on_core")


def _walther(temperature_c: float) -> float:
    """Kinematic viscosity in mm²/s by ASTM D341, through 46 at 40 °C and 6.8 at 100 °C."""
    points = [(math.log10(c + 273.15), math.log10(math.log10(v + 0.7))) for c, v in ((40.0, 46.0), (100.0, 6.8))]
    slope = (points[1][1] - points[0][1]) / (points[1][0] - points[0][0])
    double_log = points[0][1] + slope * (math.log10(temperature_c + 273.15) - points[0][0])
    return float(10.0 ** (10.0**double_log) - 0.7)


@given(st.floats(-10.0, 110.0))
def test_viscosity_follows_the_walther_equation(temperature_c: float) -> None:
    expected = _walther(temperature_c) / NOMINAL_MM2_S
    assert relative_viscosity(temperature_c) == pytest.approx(expected, rel=2e-3)


@given(st.floats(0.0, 300.0), st.floats(0.0, 0.1))
def test_stored_oil_is_the_integral_of_the_compliance(pressure: float, air: float) -> None:
    integral = quad(lambda p: 1.0 / tangent_bulk(p, OIL_BULK_BAR, air), 0.0, pressure, epsabs=1e-12)[0]
    assert oil_strain(pressure, OIL_BULK_BAR, air) == pytest.approx(integral, rel=1e-6, abs=1e-12)


def test_bubbles_soften_the_oil_at_low_pressure_and_hardly_at_high() -> None:
    def stiffness(pressure: float, air: float = FREE_AIR) -> float:
        """Bar, from what the law stores a tenth of a bar away."""
        stored = [oil_strain(pressure + away, OIL_BULK_BAR, air) for away in (-0.05, 0.05)]
        return float(0.1 / (stored[1] - stored[0]))

    assert stiffness(0.0) < 0.02 * OIL_BULK_BAR
    assert stiffness(200.0) > 0.98 * OIL_BULK_BAR
    assert stiffness(20.0, air=0.08) < 0.5 * stiffness(20.0)


@given(st.floats(-5.0, 300.0), st.floats(0.0, 0.1), st.floats(1e-4, 50.0))
def test_more_pressure_always_stores_more(pressure: float, air: float, more: float) -> None:
    assert oil_strain(pressure + more, OIL_BULK_BAR, air) > oil_strain(pressure, OIL_BULK_BAR, air)


def test_orifice_is_that_of_the_textbook_above_half_a_bar() -> None:
    """1 mm sharp hole, 100 bar: 0.61 A sqrt(2 dp / rho)."""
    flow = 0.61 * math.pi / 4.0 * 1e-6 * math.sqrt(2.0 * 100e5 / 870.0) * 1e6
    assert orifice_flow(100.0, 0.0, orifice_factor_of_hole(1.0)) == pytest.approx(flow, rel=1e-6)
    assert orifice_flow(0.5, 0.0, 1.0) == pytest.approx(math.sqrt(0.5), rel=0.02)


@given(st.floats(-1.0, 300.0), st.floats(-1.0, 300.0))
def test_orifice_is_odd(p1: float, p2: float) -> None:
    assert orifice_flow(p1, p2, 7.0) == -orifice_flow(p2, p1, 7.0)


def test_a_chamber_empties_through_a_hole_as_the_closed_form_says() -> None:
    """Constant compliance C: ``C dp/dt = -k sqrt(p)``, so sqrt(p) falls by k t / 2C."""
    network, volume, k = Network(), 1000.0, 2.0
    content = oil_content(volume, 200.0, air=0.0)
    network.node("a", Domain.HYDRAULIC, 200.0)
    network.add(
        "volume",
        oil_volume,
        {"a": "a"},
        {"volume": volume, "compressibility": 1.0 / OIL_BULK_BAR, "air": 0.0},
        {"content": content},
    )
    network.add("hole", oil_drain, {"a": "a"}, {"k": k, "opening": 1.0})
    sim = Simulator(network, 0.001)
    run_for(sim, 0.3)
    expected = (math.sqrt(200.0) - k * 0.3 / (2.0 * volume / OIL_BULK_BAR)) ** 2
    assert sim.read(NodeRef("a")) == pytest.approx(expected, rel=2e-3)


def _drawn_chamber() -> Simulator:
    """A chamber of 100 cm³ that a stiff negative pressure empties through a hole."""
    network = Network()
    parameters = {"volume": 100.0, "compressibility": 1.0 / OIL_BULK_BAR, "air": 0.005}
    for name in ("a", "far"):
        network.node(name, Domain.HYDRAULIC)
    network.add("volume", oil_volume, {"a": "a"}, parameters, {"content": 100.0})
    network.add("far", oil_volume, {"a": "far"}, {**parameters, "volume": 1e6}, {"content": 0.0})
    network.add("hole", oil_orifice, {"a": "a", "b": "far"}, {"k": 1000.0, "opening": 1.0})
    network.add("refill", oil_orifice, {"a": "a", "b": GROUND}, {"k": 500.0, "opening": 0.0})
    return Simulator(network, 0.005)


def test_a_chamber_drawn_empty_stays_near_the_vapour_pressure_and_refills() -> None:
    sim = _drawn_chamber()
    run_for(sim, 5.0)
    assert -1.05 < sim.read(NodeRef("a")) < CAVITATION_BAR
    assert sim.read(StateRef("volume", "content")) < 60.0
    assert sim.unresolved == 0
    set_parameter(sim, "hole.opening", 0.0)
    set_parameter(sim, "refill.opening", 1.0)
    run_for(sim, 3.0)
    assert sim.read(NodeRef("a")) == pytest.approx(0.0, abs=0.01)
    assert sim.read(StateRef("volume", "content")) == pytest.approx(100.0, rel=1e-3)
