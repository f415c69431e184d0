"""A step without a solution names the device that spoilt it, its terminals and their values."""

from __future__ import annotations

import math

import pytest

from etabli.components.sources import lab_flow
from etabli.physics.blame import Reason, Sentinel
from etabli.physics.law import Domain
from etabli.physics.network import Network, ParameterRef
from etabli.physics.simulator import Simulator
from physics import textbook_laws as laws


def divider() -> Simulator:
    """12 V, two resistors: 8 V in the middle."""
    network = Network()
    network.add("cell", laws.textbook_source, {"plus": "top", "minus": "0"}, {"volts": 12.0, "ohms": 0.001})
    network.add("upper", laws.textbook_resistor, {"a": "top", "b": "middle"}, {"ohms": 100.0})
    network.add("lower", laws.textbook_resistor, {"a": "middle", "b": "0"}, {"ohms": 200.0})
    return Simulator(network)


def test_nobody_is_blamed_while_all_goes_well() -> None:
    sim = divider()
    sentinel = Sentinel(sim)
    for _ in range(20):
        sim.advance(1)
        assert sentinel.look() is None


@pytest.mark.parametrize("guilty", ["lower", "upper"])
def test_a_value_that_is_no_number_names_the_device_its_terminals_and_values(guilty: str) -> None:
    sim = divider()
    sentinel = Sentinel(sim)
    sim.advance(10)
    assert sentinel.look() is None
    sim.write(ParameterRef(guilty, "ohms"), math.nan)
    sim.advance(1)
    blame = sentinel.look()
    assert blame is not None
    assert (blame.device, blame.reason) == (guilty, Reason.NOT_FINITE)
    nodes, volts = {"lower": (["middle", "0"], [8.0, 0.0]), "upper": (["top", "middle"], [12.0, 8.0])}[guilty]
    assert [t.node for t in blame.terminals] == nodes
    assert [t.value for t in blame.terminals] == pytest.approx(volts, abs=1e-3)
    assert f"a at {nodes[0]} = " in blame.text.en
    assert f"a en {nodes[0]} = " in blame.text.fr
    assert "ohms" in blame.mend.fr


def test_a_step_without_solution_names_who_weighs_most_at_the_node() -> None:
    network = Network()
    network.add("spiteful", laws.textbook_spiteful, {"a": "low"}, {"scale": 1.0})
    network.add("pull", laws.textbook_source, {"plus": "low", "minus": "0"}, {"volts": 4.0, "ohms": 0.1})
    network.node("low", Domain.DC, 4.0)
    sim = Simulator(network)
    sentinel = Sentinel(sim)
    sim.advance(5)
    assert sentinel.look() is None
    sim.write(ParameterRef("pull", "volts"), -4.0)  # the law has no value below 0 V: there is no solution
    sim.advance(1)
    blame = sentinel.look()
    assert blame is not None
    assert blame.device in {"spiteful", "pull"}
    assert "low" in blame.text.en


def test_the_watch_goes_on_after_a_failed_step() -> None:
    sim = divider()
    sentinel = Sentinel(sim)
    sim.advance(1)
    sentinel.look()
    before = sim.snapshot()
    sim.write(ParameterRef("lower", "ohms"), math.nan)
    sim.advance(1)
    assert sentinel.look() is not None
    sim.restore(before)
    sim.advance(1)
    assert sentinel.look() is None


def test_an_infinite_slope_is_no_solution() -> None:
    """5 cm³/s into a node at 0 bar with a bare root: a Newton change of 0 there must not pass for an answer."""
    network = Network()
    network.add("pump", lab_flow, {"a": "line"}, {"flow": 5.0})
    network.add("oil", laws.textbook_oil_volume, {"a": "line"}, {"compliance": 0.01})
    network.add("hole", laws.textbook_bare_root, {"a": "line", "b": "0"}, {"gain": 5.0})
    sim = Simulator(network)
    sentinel = Sentinel(sim)
    sim.advance(1)
    blame = sentinel.look()
    assert blame is not None
    assert (blame.device, blame.reason) == ("hole", Reason.NOT_FINITE)
