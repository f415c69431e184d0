"""A machine whose islands sleep does what it does when they are all kept awake, at the same step."""

from __future__ import annotations

import numpy as np
import pytest

from etabli.machines import load_machine
from etabli.physics.simulator import Simulator
from machines.headless import TICK_S, Headless
from reference.sorting_station import started


class Recorder(Simulator):
    """Notes when the memories of sampled laws go from 0 to 1 or back: contacts, sensors, inputs, trips."""

    events: list[tuple[int, int]]

    def advance(self, steps: int = 1) -> None:
        for _ in range(steps):
            first = self._layout.memory_base
            before = self.values[first:].copy()
            super().advance()
            now = self.values[first:]
            jumped = np.flatnonzero((np.abs(now - before) > 0.4) & (np.abs(now) < 1.5) & (np.abs(before) < 1.5))
            self.events += [(self.steps, int(place)) for place in jumped]


def at_work(name: str, longest_step_s: float) -> Recorder:
    """A machine that its operator starts, and 8 s of its work."""
    run = Headless(load_machine(name))
    simulator = run.simulator = Recorder(run.simulator.network, TICK_S / 2, longest_step_s)
    simulator.events = []
    run.produce()
    run.run(8.0)
    return simulator


@pytest.mark.parametrize("name", ["poste_tri", "presse", "monte_charge"])
def test_every_event_comes_at_the_same_step_of_5_ms(name: str) -> None:
    asleep, awake = at_work(name, 0.064), at_work(name, 0.0)
    assert len(asleep.events) > 50
    assert asleep.events == awake.events
    assert asleep.counters()["iterations"] < 0.95 * awake.counters()["iterations"]


def test_a_coil_and_its_diode_come_to_rest_with_steps_of_1_ms_too() -> None:
    """Behind an output that is off, a coil and its flyback diode kept the second-order steps turning for ever."""
    simulator = started(0.001)
    simulator.advance(1000)
    before = simulator.counters()["iterations"]
    simulator.advance(1000)
    assert simulator.counters()["iterations"] - before < 300
