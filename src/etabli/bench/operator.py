"""The operator who calls: what they say comes from a try of the faulty machine, never from the fault itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from etabli.bench.faults import InjectedFault, first_degree
from etabli.bench.state import TICK_S, Told
from etabli.components.component import Onset
from etabli.machines.operator import Watch

if TYPE_CHECKING:
    from etabli.bench.live import Bench
    from etabli.bench.plant import Plant

WATCH_TICKS = 10


def listen(bench: Bench) -> Told:
    """Start the new bench as the operator does, look for as long as they do, and hear what they say."""
    machine = bench.plant.machine
    rules, watch = machine.operator, Watch(machine)
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


def as_found(plant: Plant, faults: Sequence[InjectedFault]) -> list[InjectedFault]:
    """The faults, there from the start, at the degree that a learner will find: full, but for those that still grow."""
    return [_as_found(plant, fault) for fault in faults]


def _as_found(plant: Plant, fault: InjectedFault) -> InjectedFault:
    if fault.onset is Onset.INTERMITTENT:
        return replace(fault, onset_s=0.0)
    degree = fault.degree
    if fault.onset is Onset.GROWING and fault.onset_s == 0.0:
        degree = first_degree(plant.machine.fault(fault.id).mode, fault.degree, fault.onset_s)
    return replace(fault, onset_s=0.0, degree=degree, onset=Onset.SUDDEN)
