"""A chain of relays: each answers to the one before it, within a part of a step where that was asked for."""

from __future__ import annotations

import math

import pytest

from etabli.components.electrical.coil import armature, armature_parameters, coil
from etabli.components.electrical.conductor import resistor
from etabli.components.electrical.contact import contact
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from physics import textbook_laws as laws

OHMS, HENRIES, VOLTS = 640.0, 3.2, 24.0
PULL_IN_S = -math.log(1.0 - 0.7) * HENRIES / OHMS
"""A coil reaches 70 % of its current 6 ms after it is fed: 5 ms × ln(1 / 0.3)."""


def chain(length: int) -> Network:
    """Relays without travel time, each fed by a contact of the one before."""
    network = Network()
    network.add("supply", laws.textbook_source, {"plus": "plus", "minus": GROUND}, {"volts": VOLTS, "ohms": 1e-3})
    network.add("start", resistor, {"a": "plus", "b": "coil 0"}, {"resistance": 1e11})
    for i in range(length):
        network.add(f"K{i}", coil, {"a": f"coil {i}", "b": GROUND}, {"resistance": OHMS, "inductance": HENRIES})
        travel = {**armature_parameters(VOLTS / OHMS, 1e-9, 1e-9)}
        network.sample(f"armature {i}", armature, {"current": StateRef(f"K{i}", "current")}, travel)
        network.add(f"path {i}", resistor, {"a": "plus", "b": f"coil {i + 1}"}, {"resistance": 1e11})
        network.sample(
            f"contact {i}",
            contact,
            {"position": MemoryRef(f"armature {i}", "position")},
            {"closed_above": 0.5, "closed_below": 10.0, "closed_ohm": 0.02, "welded": 0.0, "cut": 0.0},
            {"resistance": ParameterRef(f"path {i}", "resistance")},
        )
    network.add("end", resistor, {"a": f"coil {length}", "b": GROUND}, {"resistance": 1e4})
    return network


def end_of_chain_s(length: int, step_s: float, halvings: int) -> float:
    """When the last contact is seen closed."""
    simulator = Simulator(chain(length), step_s, event_halvings=halvings)
    simulator.write(ParameterRef("start", "resistance"), 0.02)
    for _ in range(1000):
        simulator.advance()
        if simulator.read(ParameterRef(f"path {length - 1}", "resistance")) < 1.0:
            return simulator.time_s
    raise AssertionError("the chain did not come to its end")


def test_delays_of_a_chain_do_not_add_up_where_events_are_located() -> None:
    exact = 6 * PULL_IN_S
    assert end_of_chain_s(6, 2.5e-3, 0) > exact + 5e-3  # up to a step for each relay
    assert abs(end_of_chain_s(6, 2.5e-3, 5) - exact) < 2.5e-3 + 6 * 2.5e-3 / 32  # seen at the end of a step


def test_a_finger_on_an_armature_acts_at_once() -> None:
    """What is told from outside is not acted upon at the end of the step: the next coil is fed from its start on."""
    amperes = []
    for halvings in (0, 2):
        simulator = Simulator(chain(2), 5e-3, event_halvings=halvings)
        simulator.advance(10)
        simulator.write(ParameterRef("armature 0", "pushed"), 1.0)
        simulator.advance()
        amperes.append(simulator.read(StateRef("K1", "current")))
    assert amperes[0] == pytest.approx(0.0, abs=1e-6)
    assert amperes[1] == pytest.approx(VOLTS / OHMS * -math.expm1(-5e-3 * OHMS / HENRIES), rel=0.02)


def test_a_snapshot_holds_what_was_told_and_not_acted_upon_yet() -> None:
    first, second = (Simulator(chain(3), 5e-3) for _ in range(2))
    first.advance(10)
    first.write(ParameterRef("armature 0", "pushed"), 1.0)
    second.restore(first.snapshot())
    for simulator in (first, second):
        simulator.advance(7)
    assert first.read(StateRef("K1", "current")) > 0.01
    third = Simulator(chain(3), 5e-3)
    third.restore(first.snapshot())  # in the middle of the chain
    for simulator in (first, second, third):
        simulator.advance(20)
    assert first.values.tobytes() == second.values.tobytes() == third.values.tobytes()


def test_nothing_else_changes_where_there_is_no_event() -> None:
    runs = [Simulator(chain(1), 1e-3, event_halvings=n) for n in (0, 3)]
    for simulator in runs:
        simulator.advance(50)
    assert runs[0].values.tobytes() == runs[1].values.tobytes()


@pytest.mark.parametrize("accuracy", [None, 1e-6])
def test_a_located_run_ends_where_the_usual_one_does(accuracy: float | None) -> None:
    runs = [Simulator(chain(3), 1e-3, accuracy=accuracy, event_halvings=n) for n in (0, 4)]
    for simulator in runs:
        simulator.write(ParameterRef("start", "resistance"), 0.02)
        simulator.advance(300)
    volts = [[s.read(NodeRef(f"coil {i}")) for i in range(4)] for s in runs]
    assert volts[0] == pytest.approx(volts[1], abs=1e-3)
    assert runs[0].time_s == runs[1].time_s


def test_what_no_event_touches_keeps_the_solution_of_the_whole_step() -> None:
    """A capacitor on its own is solved in each step, whatever relays do beside it, and to the same bits."""
    network = chain(3)
    network.add("charger", laws.textbook_source, {"plus": "feed", "minus": GROUND}, {"volts": VOLTS, "ohms": 1e3})
    network.add("bank", laws.textbook_capacitor, {"a": "feed", "b": GROUND}, {"farads": 2e-3})
    runs = [Simulator(network, 5e-3, longest_step_s=0.0, event_halvings=n) for n in (2, 0)]
    volts = []
    for simulator in runs:
        simulator.advance(10)
        simulator.write(ParameterRef("start", "resistance"), 0.02)
        volts.append(simulator.record([NodeRef("feed"), StateRef("K1", "current")], 20))
    assert volts[0][:, 0].tobytes() == volts[1][:, 0].tobytes()
    assert volts[0][:, 1].tobytes() != volts[1][:, 1].tobytes()  # there were events to look for


def test_an_event_is_seen_on_the_way_of_an_island_that_is_not_solved_again() -> None:
    """A relay watches a capacitor: the instant comes from the line between the ends of its step."""
    network = chain(1)
    network.add("charger", laws.textbook_source, {"plus": "feed", "minus": GROUND}, {"volts": VOLTS, "ohms": 1e3})
    network.add("bank", laws.textbook_capacitor, {"a": "feed", "b": GROUND}, {"farads": 2e-3})
    network.add("lamp", resistor, {"a": "plus", "b": "lamp"}, {"resistance": 1e6})
    network.add("coil of the lamp", coil, {"a": "lamp", "b": GROUND}, {"resistance": OHMS, "inductance": 1.0})
    reads, writes = {"volts": NodeRef("feed")}, {"ohms": ParameterRef("lamp", "resistance")}
    network.sample("threshold", laws.textbook_relay, reads, {"threshold": 12.0}, writes)
    after_s = 2.0 * math.log(2.0)  # of the capacitor at 12 V of 24
    whole, located = (Simulator(network, 5e-3, longest_step_s=0.0, event_halvings=n) for n in (0, 5))
    steps = math.ceil(after_s / 5e-3)
    for simulator in (whole, located):
        simulator.advance(steps)
    rise_s = steps * 5e-3 - after_s  # of the current since then
    expected = VOLTS / OHMS * -math.expm1(-rise_s * OHMS / 1.0)
    assert whole.read(StateRef("coil of the lamp", "current")) < 1e-3
    assert located.read(StateRef("coil of the lamp", "current")) == pytest.approx(expected, rel=0.1)
