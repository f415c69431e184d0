"""An island where nothing changes sleeps; it wakes before anything in it changes, and the result is the same."""

from __future__ import annotations

import math

import pytest

from etabli.components.electrical.coil import coil
from etabli.components.electrical.conductor import resistor
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator


def coil_behind_a_switch() -> Network:
    """0.1 H and 10 ohm behind a switch, fed by 1 A into 24 ohm (nodal form has no ideal source)."""
    network = Network()
    network.add("switch", resistor, {"a": "plus", "b": "coil"}, {"resistance": 1e6})
    network.add("coil", coil, {"a": "coil", "b": GROUND}, {"resistance": 10.0, "inductance": 0.1})
    network.add("source", coil, {"a": GROUND, "b": "plus"}, {"resistance": 1e-9, "inductance": 1e9}, {"current": 1.0})
    network.add("shunt", resistor, {"a": "plus", "b": GROUND}, {"resistance": 24.0})
    return network


def resistances() -> Network:
    """1 A (a current that 1 GH keeps) into 24 ohm."""
    network = Network()
    network.add("source", coil, {"a": GROUND, "b": "plus"}, {"resistance": 1e-9, "inductance": 1e9}, {"current": 1.0})
    network.add("shunt", resistor, {"a": "plus", "b": GROUND}, {"resistance": 24.0})
    return network


def span(simulator: Simulator) -> float:
    """Steps that the only island of a network takes as one."""
    schedule = simulator._schedule()
    simulator._layout.core.simulation_schedule(simulator._simulation, schedule.ctypes.data)
    return float(schedule[2])  # disturbed, lag, span


def test_a_standing_network_costs_next_to_nothing() -> None:
    asleep = Simulator(coil_behind_a_switch(), 0.001)
    awake = Simulator(coil_behind_a_switch(), 0.001, longest_step_s=0.0)
    for simulator in (asleep, awake):
        simulator.advance(2000)
    # The switch is linear here, so there is no Newton: what shows is that the lagging value is the right one.
    assert asleep.read(NodeRef("plus")) == pytest.approx(awake.read(NodeRef("plus")), rel=1e-6)
    assert span(asleep) > 32.0


@pytest.mark.parametrize("at_step", [1000, 1001, 1017, 1063])
def test_an_event_comes_at_its_time_whatever_the_island_slept(at_step: int) -> None:
    """24 V behind 24 ohm onto 10 ohm and 0.1 H: i = 24/34 (1 - exp(-t 34/0.1))."""
    simulator = Simulator(coil_behind_a_switch(), 0.001)
    simulator.advance(at_step)
    simulator.write(ParameterRef("switch", "resistance"), 1e-3)
    simulator.advance(3)
    expected = 24.0 / 34.0 * (1.0 - math.exp(-0.003 * 34.0 / 0.1))
    assert simulator.read(StateRef("coil", "current")) == pytest.approx(expected, rel=5e-3)


def test_what_drifts_is_read_at_its_present_value_while_its_island_sleeps() -> None:
    """1 A into 24 ohm beside 1 kH: i = 1 - exp(-t 24/1000)/2, read right at every step though few are solved."""
    network = Network()
    network.add("coil", coil, {"a": "plus", "b": GROUND}, {"resistance": 1e-6, "inductance": 1e3}, {"current": 0.5})
    network.add("source", coil, {"a": GROUND, "b": "plus"}, {"resistance": 1e-9, "inductance": 1e9}, {"current": 1.0})
    network.add("shunt", resistor, {"a": "plus", "b": GROUND}, {"resistance": 24.0})
    simulator = Simulator(network, 0.001)
    longest = 0.0
    for _ in range(2000):
        simulator.advance()
        decay = 0.5 * math.exp(-simulator.time_s * 24.0 / 1000.0)
        assert simulator.read(StateRef("coil", "current")) == pytest.approx(1.0 - decay, abs=1e-5)
        assert simulator.read(NodeRef("plus")) == pytest.approx(24.0 * decay, abs=5e-4)
        longest = max(longest, span(simulator))
    assert longest > 8.0


@pytest.mark.parametrize("at_step", [1000, 1001, 1017])
def test_a_circuit_of_resistances_goes_on_sleeping_after_a_small_change(at_step: int) -> None:
    """The shunt changes by half a percent, the voltage with it at the next step, and that is all."""
    simulator = Simulator(resistances(), 0.001)
    simulator.advance(at_step)
    before = span(simulator)
    simulator.write(ParameterRef("shunt", "resistance"), 24.12)
    simulator.advance()
    assert simulator.read(NodeRef("plus")) == pytest.approx(24.12, rel=1e-4)
    assert span(simulator) >= before > 32.0
    simulator.advance(100)
    assert simulator.read(NodeRef("plus")) == pytest.approx(24.12, rel=1e-6)


def test_a_circuit_with_a_memory_wakes_after_a_small_change() -> None:
    """24 V behind 24 ohm onto 10 ohm and 0.1 H: 0.9 % more shunt, and the current follows with L/R = 3 ms."""
    simulator = Simulator(coil_behind_a_switch(), 0.001)
    simulator.write(ParameterRef("switch", "resistance"), 1e-3)
    simulator.advance(1000)
    before, after = 24.0 / 34.0, 24.216 / 34.216
    assert simulator.read(StateRef("coil", "current")) == pytest.approx(before, abs=1e-4)
    simulator.write(ParameterRef("shunt", "resistance"), 24.216)
    for step in range(1, 20):
        simulator.advance()
        expected = after + (before - after) * math.exp(-step * 1e-3 * 34.216 / 0.1)
        assert simulator.read(StateRef("coil", "current")) == pytest.approx(expected, abs=1e-4)


def test_a_snapshot_between_a_small_change_and_the_step_after_it_has_the_same_future() -> None:
    simulator = Simulator(coil_behind_a_switch(), 0.001)
    simulator.advance(517)
    simulator.write(ParameterRef("shunt", "resistance"), 24.12)
    kept = simulator.snapshot()
    simulator.advance(40)
    first = simulator.values.tobytes()
    simulator.restore(kept)
    simulator.advance(40)
    assert simulator.values.tobytes() == first


def test_a_snapshot_of_a_sleeping_network_has_the_same_future() -> None:
    simulator = Simulator(coil_behind_a_switch(), 0.001)
    simulator.advance(517)
    kept = simulator.snapshot()

    def go_on() -> bytes:
        simulator.advance(20)
        simulator.write(ParameterRef("switch", "resistance"), 1e-3)
        simulator.advance(50)
        return simulator.values.tobytes()

    first = go_on()
    simulator.restore(kept)
    assert go_on() == first


def test_a_network_that_is_edited_falls_asleep_as_soon_as_one_that_is_not() -> None:
    """1 A dying away in 1 H and 20 ohm: what is left after 0.4 s is little beside 1 A, whoever clips a meter on."""
    network = Network()
    network.add("coil", coil, {"a": "top", "b": GROUND}, {"resistance": 10.0, "inductance": 1.0}, {"current": 1.0})
    network.add("shunt", resistor, {"a": "top", "b": GROUND}, {"resistance": 10.0})
    simulator = Simulator(network, 0.001)
    simulator.advance(400)
    metered = network.copy()
    metered.add("meter", resistor, {"a": "top", "b": GROUND}, {"resistance": 1e7})
    edited = simulator.edited(metered)
    for run in (simulator, edited):
        run.advance(80)
    assert span(simulator) > 4.0
    assert span(edited) == span(simulator)
