"""The operator who calls: what they say comes from a try of the faulty machine, never from the fault itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from etabli.bench.faults import InjectedFault, draw, first_degree
from etabli.components.component import Onset
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.plant import Plant

WATCH_TICKS = 10
MOST_DRAWS = 12


@dataclass(frozen=True)
class Told:
    """The complaint, and the answer to each question of the machine."""

    complaint: Text
    answers: dict[str, Text] = field(default_factory=dict)


def operator_try(plant: Plant, seed: int, faults: Sequence[InjectedFault]) -> Told:
    """Start the machine as the operator does, look for as long as they do, and hear what they say.

    Faults are there from the start, at the degree that the learner will find: full, but for those that still grow.
    About half a second.
    """
    from etabli.bench.live import Bench
    from etabli.bench.state import TICK_S
    from etabli.machines.operator import Watch

    rules = plant.machine.operator
    present = [_as_found(plant, fault) for fault in faults]
    bench, watch = Bench.create(plant, seed, present), Watch(plant.machine)
    gestures = sorted(rules.starts)
    for _ in range(round(rules.try_s / TICK_S)):
        while gestures and gestures[0][0] <= bench.time_s:
            _, tag, control, value = gestures.pop(0)
            bench.set_control(tag, control, value)
        if not gestures:
            bench.hands.begin()
        bench.tick()
        if bench.state.tick % WATCH_TICKS == 0:
            watch.sample(bench.read, bench.counters())
    return Told(watch.complaint(), {q.id: watch.answer(q.id) for q in rules.questions})


def _as_found(plant: Plant, fault: InjectedFault) -> InjectedFault:
    if fault.onset is Onset.INTERMITTENT:
        return replace(fault, onset_s=0.0)
    degree = fault.degree
    if fault.onset is Onset.GROWING and fault.onset_s == 0.0:
        degree = first_degree(plant.machine.fault(fault.id).mode, fault.degree, fault.onset_s)
    return replace(fault, onset_s=0.0, degree=degree, onset=Onset.SUDDEN)


def draw_with_symptom(plant: Plant, seed: int, count: int) -> tuple[list[InjectedFault], Told]:
    """Faults drawn by the seed, each noticed by the operator even alone; after some draws, whatever was drawn last."""
    healthy = operator_try(plant, seed, ())
    faults: list[InjectedFault] = []
    told = healthy
    for number in range(count):
        for attempt in range(number * MOST_DRAWS, (number + 1) * MOST_DRAWS):
            drawn = draw(plant, seed, 1, attempt, [f.id.partition(".")[0] for f in faults])
            told = operator_try(plant, seed, drawn)
            if told.complaint != healthy.complaint:
                break
        faults += drawn
    return faults, told if count == 1 else operator_try(plant, seed, faults)
