"""When things happen: what follows an event follows it at its instant, not at the end of a step or of two."""

from __future__ import annotations

from functools import cache

import pytest

from etabli.machines import load_machine
from etabli.physics.network import MemoryRef
from machines.headless import Headless
from machines.sequences import FINE_STEP_S, Course, course

SECONDS = {"poste_tri": 13.0, "presse": 13.0, "monte_charge": 11.0}


def test_the_stop_of_the_belt_is_where_its_rod_is() -> None:
    """The belt reads the rod's image, which is read from the rod: none of them lags by a step."""
    run = Headless(load_machine("poste_tri"))
    run.produce()
    run.run(5.0)
    seen = []
    for _ in range(200):
        run.run(0.01)
        rod, stop = (run.read(MemoryRef(*name)) for name in (("3A1.rod_reading", "fraction"), ("CV1.stop", "fraction")))
        assert stop == rod
        seen.append(rod)
    assert max(seen) - min(seen) > 0.9


@pytest.mark.parametrize("name", ["poste_tri", "presse", "monte_charge"])
def test_within_a_stage_a_sampled_law_runs_after_those_it_reads(name: str) -> None:
    run = Headless(load_machine(name))
    order = run.simulator.sampled_order
    at = {device.name: i for i, device in enumerate(order)}
    read = [
        (order[at[ref.device]], device)
        for device in order
        for ref in device.reads
        if isinstance(ref, MemoryRef) and ref.device != device.name
    ]
    same_stage = [(first, then) for first, then in read if first.law.stage is then.law.stage]
    assert same_stage
    assert all(at[first.name] < at[then.name] for first, then in same_stage)


@cache
def fine(name: str) -> Course:
    """A machine in steps of 0.1 ms."""
    return course(load_machine(name), SECONDS[name], FINE_STEP_S, event_halvings=0)


def late_ms(name: str, event_halvings: int | None = None) -> list[float]:
    """By how much each output is late in steps of 5 ms."""
    made = course(load_machine(name), SECONDS[name], event_halvings=event_halvings, moves=fine(name).moves)
    return made.late_ms(fine(name))


@pytest.mark.parametrize("name", list(SECONDS))
def test_outputs_come_within_a_scan_of_a_run_in_steps_of_a_tenth_of_a_millisecond(name: str) -> None:
    late = late_ms(name)
    assert len(late) >= 12
    assert max(map(abs, late)) <= 10.0


def test_without_located_events_outputs_of_the_press_are_late() -> None:
    """Each link of a chain adds its part of a step."""
    assert max(map(abs, late_ms("presse", event_halvings=0))) > 10.0
