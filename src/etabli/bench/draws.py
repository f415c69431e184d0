"""Faults drawn for a learner: those that somebody would call for."""

from __future__ import annotations

from etabli.bench.faults import InjectedFault, draw
from etabli.bench.live import operator_try
from etabli.bench.plant import Plant
from etabli.bench.state import Told
from etabli.machines.operator import noticed

MOST_DRAWS = 12


def draw_with_symptom(plant: Plant, seed: int, count: int) -> tuple[list[InjectedFault], Told]:
    """Faults drawn by the seed, each noticed by the operator even alone; after some draws, whatever was drawn last."""
    faults: list[InjectedFault] = []
    for number in range(count):
        for attempt in range(number * MOST_DRAWS, (number + 1) * MOST_DRAWS):
            drawn = draw(plant, seed, 1, attempt, [f.id.partition(".")[0] for f in faults])
            told = operator_try(plant, seed, drawn)
            if noticed(plant.machine.operator, told.complaint):
                break
        faults += drawn
    return faults, told if count == 1 else operator_try(plant, seed, faults)
