"""Heat: stores and paths against exponentials, then cabinets and bodies of the catalogue."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.rig import Rig
from etabli.components.catalogue import catalogue
from etabli.components.electrical.arc import arcing_contact
from etabli.components.electrical.coil import coil
from etabli.components.electrical.zener import exponential, zener
from etabli.components.sources import lab_heat, lab_voltage
from etabli.components.thermal.enclosure import wall_conductance
from etabli.components.thermal.heat import heat_path, heat_store, heat_to_air
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, StateRef
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
    assert sim.read(StateRef("air", "flow")) == pytest.approx(
        conductance * (expected - 20.0), rel=1e-3, abs=1e-4 * conductance
    )


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


# --- families ------------------------------------------------------------------------------------------------------

AIR = NodeRef("A1.air")


def cabinet(volts: float, losses: float = 120.0) -> Rig:
    """A cabinet whose fan is fed, with its thermostat in nothing."""
    return Rig().add("A1", "enclosure", losses_w=losses).supply("G1", "A1:+", "A1:-", volts)


def settled(rig: Rig, *faults: str, hours: float = 3.0) -> Simulator:
    sim = rig.start(*faults, step_s=0.1)
    sim.advance(round(hours * 36000))
    return sim


class TestEnclosure:
    @pytest.mark.parametrize(("volts", "fan"), [(0.0, 0.0), (24.0, 1.0), (12.0, 0.5)])
    def test_the_air_settles_where_walls_and_fan_take_the_losses(self, volts: float, fan: float) -> None:
        """ΔT = P / (k A + V / 3.1), the formula of cabinet makers."""
        walls = 5.5 * (1.4 * 0.6 * (0.8 + 0.25) + 1.8 * 0.25 * 0.8)
        expected = 25.0 + 120.0 / (walls + fan * 55.0 / 3.1)
        assert settled(cabinet(volts)).read(AIR) == pytest.approx(expected, abs=0.1)
        assert wall_conductance(600.0, 800.0, 250.0) == pytest.approx(walls)

    @pytest.mark.parametrize("fault", ["filter_fouled", "fan_seized", "fan_open"])
    def test_lost_ventilation_warms_the_cabinet(self, fault: str) -> None:
        assert settled(cabinet(24.0), f"A1.{fault}").read(AIR) > settled(cabinet(24.0)).read(AIR) + 7.0

    def test_the_thermostat_closes_and_opens_seven_degrees_lower(self) -> None:
        sim = cabinet(0.0, losses=200.0).start(step_s=0.1)
        position = MemoryRef("A1.thermostat", "position")
        closed_at = opened_at = 0.0
        for _ in range(60000):
            sim.advance(1)
            if sim.read(position) > 0.5:
                closed_at = sim.read(AIR)
                break
        assert closed_at == pytest.approx(35.0, abs=0.05)
        assert sim.read(ParameterRef("A1.contact_1_2", "resistance")) < 1.0
        sim.write(ParameterRef("G1", "volts"), 24.0)
        sim.write(ParameterRef("A1.losses", "own"), 20.0)
        for _ in range(60000):
            sim.advance(1)
            if sim.read(position) < 0.5:
                opened_at = sim.read(AIR)
                break
        assert opened_at == pytest.approx(28.0, abs=0.1)

    def test_senses_tell_a_stopped_fan_and_a_clogged_filter(self) -> None:
        component = catalogue()["enclosure"]
        assert component.senses is not None

        def words(sim: Simulator) -> str:
            return " ".join(p.text.en for p in component.senses("A1", component.defaults(), sim.read))  # type: ignore[misc]

        assert "stands still" in words(settled(cabinet(0.0), hours=0.01))
        assert "Hardly any air" in words(settled(cabinet(24.0), "A1.filter_fouled", hours=0.01))
        assert "Steady blowing" in words(settled(cabinet(24.0), hours=0.01))


def test_two_bodies_exchange_through_a_surface_that_fouls() -> None:
    def difference(*faults: str) -> float:
        rig = Rig().add("E1", "heat_capacity", losses_w=100.0).add("E2", "heat_capacity")
        rig.add("E3", "convection", joined={"a": "E1:t", "b": "E2:t"})
        sim = rig.start(*faults, step_s=1.0)
        sim.advance(60000)
        return sim.read(NodeRef("E1:t")) - sim.read(NodeRef("E2:t"))

    # 100 W enter the first, G1 = 1 W/K to the air on both, 20 W/K between them
    assert difference() == pytest.approx(100.0 / (1.0 + 2.0 * 20.0), rel=1e-3)
    assert difference("E3.fouled") == pytest.approx(100.0 / (1.0 + 2.0 * 20.0 * 0.12), rel=1e-3)


def test_a_linked_power_warms_a_body() -> None:
    rig = Rig().add("E2", "heat_capacity")
    rig.add("E1", "heat_capacity", links={"power": ParameterRef("E2.losses", "own")}, capacity_j_k=100.0)
    sim = rig.start(step_s=1.0)
    sim.write(ParameterRef("E2.losses", "own"), 30.0)
    sim.advance(2000)
    assert sim.read(NodeRef("E1:t")) == pytest.approx(50.0, abs=0.1)
