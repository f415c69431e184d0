"""Many benches of one machine, in several batches of lanes: those that do the same sit together.

A batch works as long as any of its lanes has something to do, and its events stop all of them. So every now and then
lanes are sorted by how hard they were to solve of late. A lane gives the same bits wherever it sits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from etabli.bench.faults import InjectedFault
from etabli.bench.headless import Gesture
from etabli.bench.lane_bench import Lane, LaneBenches, SharedParts
from etabli.bench.state import STEP_S

TOGETHER_TICKS = 50
"""How long lanes stay together."""


class Fleet:
    """Benches of one machine with each of ``faults`` (None: healthy), in as many batches as they need."""

    def __init__(
        self,
        shared: SharedParts,
        faults: Sequence[InjectedFault | None],
        lanes: int,
        seed: int = 0,
        gestures: Sequence[Gesture] = (),
        produce_s: float | None = None,
        step_s: float = STEP_S,
    ) -> None:
        """``lanes`` is how many a batch has; the others are told in :class:`LaneBenches`."""
        self.batches = [
            LaneBenches(shared, faults[i : i + lanes], seed, gestures, produce_s, step_s)
            for i in range(0, len(faults), lanes)
        ]
        every = [lane for batch in self.batches for lane in batch.lanes]
        self._number = {lane: number for number, lane in enumerate(every)}

    def numbers(self, batch: LaneBenches) -> list[int]:
        """Which of the faults the lanes of a batch have now."""
        return [self._number[lane] for lane in batch.lanes]

    def run(
        self, ticks: int, each_tick: Callable[[LaneBenches], None] = lambda batch: None
    ) -> Iterator[tuple[LaneBenches, int]]:
        """Run all for ``ticks``; ``each_tick`` sees each batch after each of its ticks. Yields a batch and for how many
        ticks it has run, before its lanes change places."""
        for begun in range(0, ticks, TOGETHER_TICKS):
            if begun:
                self._sort()
            count = min(TOGETHER_TICKS, ticks - begun)
            for batch in self.batches:
                for _ in range(count):
                    batch.tick()
                    each_tick(batch)
                yield batch, count

    @property
    def unresolved(self) -> list[int]:
        """Island steps of each bench that had no solution."""
        found = {n: lost for b in self.batches for n, lost in zip(self.numbers(b), b.unresolved, strict=True)}
        return [found[number] for number in range(len(found))]

    def _sort(self) -> None:
        """Bring together what is alike, with as few moves as may be."""
        if len(self.batches) < 2:
            return
        every = [lane for batch in self.batches for lane in batch.lanes]
        effort = np.concatenate([batch.simulator.effort[: len(batch.lanes)] for batch in self.batches])
        alike = iter(np.argsort(effort, kind="stable").tolist())
        groups = [[every[next(alike)] for _ in batch.lanes] for batch in self.batches]
        place = _places(self.batches, groups)
        for batch in self.batches:
            for number in range(len(batch.lanes)):
                while (wanted := place[batch.lanes[number]]) is not batch:
                    batch.exchange(number, wanted, _stranger(wanted, place, batch))
        for batch in self.batches:
            batch.seated()


def _places(batches: Sequence[LaneBenches], groups: Sequence[Sequence[Lane]]) -> dict[Lane, LaneBenches]:
    """The batch of each lane: a group goes where most of it is already and where there are as many seats."""
    of = {lane: batch for batch in batches for lane in batch.lanes}
    there = Counter((number, of[lane]) for number, group in enumerate(groups) for lane in group)
    free = dict.fromkeys(batches)
    found: dict[int, LaneBenches] = {}
    every = ((number, batch) for number in range(len(groups)) for batch in batches)
    for number, batch in (*(pair for pair, _ in there.most_common()), *every):
        if number not in found and batch in free and len(batch.lanes) == len(groups[number]):
            found[number] = batch
            del free[batch]
    return {lane: found[number] for number, group in enumerate(groups) for lane in group}


def _stranger(batch: LaneBenches, place: Mapping[Lane, LaneBenches], to: LaneBenches) -> int:
    """A lane of ``batch`` that has to leave it, for ``to`` if there is one."""
    leaving = [number for number, lane in enumerate(batch.lanes) if place[lane] is not batch]
    return next((number for number in leaving if place[batch.lanes[number]] is to), leaving[0])
