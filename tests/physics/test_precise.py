"""Steps that follow an estimated error: held against closed forms, event by event."""

from __future__ import annotations

import math

import numpy as np
import pytest

from etabli.physics.law import Domain
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from physics import textbook_laws as laws

SPRING = {"mass": 2.0, "stiffness": 800.0, "coulomb": 0.0, "stretch": 0.0}
OMEGA = math.sqrt(800.0 / 2.0)


def oscillator() -> Network:
    """2 kg on a spring, let go 0.1 m from its rest: 20 rad/s."""
    network = Network()
    network.node("v", Domain.TRANSLATION)
    network.add("body", laws.textbook_oscillator, {"v": "v"}, SPRING, {"position": 0.1})
    return network


def switched_coil() -> Network:
    """24 V, 10 ohm, 0.1 H: a time constant of 10 ms."""
    network = Network()
    network.add("cell", laws.textbook_source, {"plus": "plus", "minus": GROUND}, {"volts": 24.0, "ohms": 1e-3})
    network.add("coil", laws.textbook_inductor, {"a": "plus", "b": GROUND}, {"henries": 0.1, "ohms": 10.0})
    return network


def swing_error(accuracy: float) -> float:
    """Largest error over ten periods, as a share of the amplitude."""
    found = Simulator(oscillator(), 0.01, accuracy=accuracy).record([StateRef("body", "position")], 314)[:, 0]
    exact = 0.1 * np.cos(OMEGA * 0.01 * np.arange(1, 315))
    return float(np.abs(found - exact).max()) / 0.1


def test_an_oscillation_is_as_right_as_it_was_asked_to_be() -> None:
    assert swing_error(1e-4) < 1e-2  # errors of ten periods of some steps each add up
    assert swing_error(1e-6) < 1e-4
    assert swing_error(1e-9) < 1e-6


def test_the_usual_step_is_far_less_exact_at_the_same_sampling() -> None:
    usual = Simulator(oscillator(), 0.01).record([StateRef("body", "position")], 314)[:, 0]
    exact = 0.1 * np.cos(OMEGA * 0.01 * np.arange(1, 315))
    assert np.abs(usual - exact).max() / 0.1 > 100.0 * swing_error(1e-6)


@pytest.mark.parametrize("at_step", [1, 7, 40])
def test_a_jump_of_a_parameter_is_followed_from_its_instant(at_step: int) -> None:
    simulator = Simulator(switched_coil(), 0.005, accuracy=1e-8)
    simulator.advance(at_step)
    rest, rate = 24.0 / 10.001, 10.001 / 0.1
    start = rest * (1.0 - math.exp(-rate * 0.005 * at_step))
    assert simulator.read(StateRef("coil", "current")) == pytest.approx(start, rel=1e-6)
    simulator.write(ParameterRef("cell", "volts"), -24.0)
    simulator.advance(4)
    expected = -rest + (start + rest) * math.exp(-rate * 0.02)
    assert simulator.read(StateRef("coil", "current")) == pytest.approx(expected, rel=1e-6)


def test_a_record_is_what_reading_after_each_step_gives() -> None:
    for accuracy in (None, 1e-6):
        one = Simulator(switched_coil(), 0.002, accuracy=accuracy)
        other = Simulator(switched_coil(), 0.002, accuracy=accuracy)
        refs = [StateRef("coil", "current"), NodeRef("plus")]
        table = one.record(refs, 20, steps=3)
        for row in table:
            other.advance(3)
            assert [other.read(r) for r in refs] == row.tolist()
        assert (one.steps, one.time_s) == (60, pytest.approx(0.12))


def test_a_restored_run_goes_on_within_its_accuracy() -> None:
    simulator = Simulator(oscillator(), 0.01, accuracy=1e-8)
    simulator.advance(57)
    kept = simulator.snapshot()
    straight = simulator.record([StateRef("body", "position")], 100)
    simulator.restore(kept)
    assert simulator.record([StateRef("body", "position")], 100) == pytest.approx(straight, abs=1e-6)
