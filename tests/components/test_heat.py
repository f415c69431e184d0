"""Heat: stores and paths against exponentials, then cabinets and bodies of the catalogue."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.components.electrical.arc import arcing_contact
from etabli.components.electrical.coil import coil
from etabli.components.electrical.zener import exponential, zener
from etabli.components.sources import lab_heat, lab_voltage
from etabli.components.thermal.heat import heat_path, heat_store, heat_to_air
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")


@settings(max_examples=20, deadline=None)
@given(power=st.floats(0.0, 500.0), capacity=st.floats(50.0, 1e5), conductance=st.floats(0.1, 50.0))
def test_a_body_warms_up_to_its_power_over_its_cooling(power: float, capacity: float, conductance: float) -> None:
    """T = Ta + P/G (1 - exp(-t G/C))."""
    network = Network()
    network.node("t", Domain.THERMAL, 20.0)
    network.add("body", heat_store, {"t": "t"}, {"capacity": capacity}, {"heat": 20.0 * capacity})
    network.add("air", heat_to_air, {"t": "t"}, {"conductance": conductance, "air_c": 20.0})
    network.add("loss", lab_heat, {"t": "t"}, {"power": power})
    step = capacity / conductance / 200.0
    sim = Simulator(network, step)
    sim.advance(300)
    expected = 20.0 + power / conductance * (1.0 - math.exp(-1.5))
    assert sim.read(NodeRef("t")) == pytest.approx(expected, rel=1e-4)
    assert sim.read(StateRef("air", "flow")) == pytest.approx(conductance * (expected - 20.0), rel=1e-3, abs=1e-6)


def test_what_one_body_loses_the_other_gains() -> None:
    network = Network()
    for node, start, capacity in (("a", 90.0, 400.0), ("b", 10.0, 1200.0)):
        network.node(node, Domain.THERMAL, start)
        network.add(f"{node} body", heat_store, {"t": node}, {"capacity": capacity}, {"heat": start * capacity})
    network.add("path", heat_path, {"a": "a", "b": "b"}, {"conductance": 2.0})
    sim = Simulator(network, 1.0)
    sim.advance(5000)
    assert sim.read(NodeRef("a")) == pytest.approx(30.0, abs=1e-3)
    assert sim.read(NodeRef("b")) == pytest.approx(30.0, abs=1e-3)


@given(x=st.floats(-30.0, 30.0))
def test_the_exponential_is_one(x: float) -> None:
    assert exponential(x) == pytest.approx(math.exp(x), rel=2e-7)


def test_the_exponential_goes_on_as_its_tangent() -> None:
    assert exponential(32.0) == pytest.approx(3.0 * math.exp(30.0), rel=2e-7)
    assert exponential(-100.0) == pytest.approx(math.exp(-30.0), rel=1e-6)


def test_a_zener_holds_its_voltage() -> None:
    values = {
        "saturation": 1e-6, "thermal": 0.04, "breakdown": 5.1, "knee_current": 0.7, "knee_factor": 0.74, "leak": 1e-8,
    }  # fmt: skip
    for u, expected in ((-5.1, -0.7), (-5.0, -0.7 * math.exp(-0.1 / 0.0296)), (0.5, 1e-6 * math.expm1(12.5))):
        flows, _ = zener.evaluate({"anode": u, "cathode": 0.0}, values)
        assert flows["anode"] == pytest.approx(expected, rel=1e-3)


def test_an_arc_takes_the_current_of_a_coil_down() -> None:
    """L di/dt = U - R i - Ua with Ua = 60 V after 3 ms: i falls through 0 and stays there."""
    network = Network()
    network.add("source", lab_voltage, {"plus": "p", "minus": GROUND}, {"voltage": 24.0, "resistance": 1e-3})
    contact = {
        "closed": 1.0, "closed_ohm": 1e-3, "open_siemens": 1e-6, "first_v": 60.0, "rise_v_s": 0.0, "most_v": 60.0,
    }  # fmt: skip
    network.add("contact", arcing_contact, {"a": "p", "b": "c"}, contact)
    network.add("coil", coil, {"a": "c", "b": GROUND}, {"resistance": 10.0, "inductance": 1.0})
    sim = Simulator(network, 1e-4)
    sim.advance(10000)
    started = sim.read(StateRef("coil", "current"))
    assert started == pytest.approx(2.4, rel=1e-3)
    sim.write(ParameterRef("contact", "closed"), 0.0)
    aim = (24.0 - 60.0) / 10.0
    for _ in range(5):
        sim.advance(100)
        seconds = 0.01 * (_ + 1)
        expected = max(0.0, aim + (started - aim) * math.exp(-10.0 * seconds))
        assert sim.read(StateRef("coil", "current")) == pytest.approx(expected, abs=5e-3)
    sim.advance(200)
    assert sim.read(StateRef("coil", "current")) == pytest.approx(0.0, abs=1e-4)
