"""Writes down signals of a bench, or of benches side by side, as numbers: the same ones from both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etabli.automation.shared import CpuState
from etabli.bench.fleet import TOGETHER_TICKS, Fleet
from etabli.bench.lane_bench import LaneBenches
from etabli.bench.live import Bench
from etabli.bench.signals import Signal, Source
from etabli.physics.layout import Floats
from etabli.physics.network import Ref

_OFF = {Source.ALARMS: 0.0, Source.PROGRAM: nan}
"""What a signal of the program is while the CPU is off."""
STATES_HELD = 1000


class Recorder:
    """``data`` has one row a signal and one column a sample, for each run: shape (runs, signals, samples)."""

    def __init__(self, signals: Sequence[Signal], runs: int, samples: int) -> None:
        self.data: Floats = np.full((runs, len(signals), samples), nan)
        self._signals = signals
        self._sample = 0
        self._read, self._phasors, self._program, self._counted = (
            np.array([i for i, s in enumerate(signals) if wanted(s)], np.intp)
            for wanted in (
                lambda s: s.refs,
                lambda s: len(s.refs) > 1,
                lambda s: s.source in _OFF,
                lambda s: s.source is Source.COUNTERS,
            )
        )
        self._off = np.array([_OFF[signals[i].source] for i in self._program])
        self._names = [signals[i].name for i in self._program]
        counters = [signals[i].name for i in self._counted]
        self._counts: Callable[[dict[str, float]], Any] | None = itemgetter(*counters) if counters else None

    def lanes(
        self, fleet: Fleet, sample_ticks: int
    ) -> tuple[Callable[[LaneBenches], None], Callable[[LaneBenches], None]]:
        """Two functions: one looks at a batch after a tick and takes a sample every ``sample_ticks``; the other puts
        what was taken of a batch into ``data``, before any other batch runs."""
        first = fleet.batches[0]
        rows, seconds = self._rows(first.row)
        places = np.concatenate((rows, seconds))
        block, lanes = TOGETHER_TICKS // sample_ticks + 1, first.simulator.lanes
        read = np.empty((block, len(places), lanes))
        programs, shown, counted = self._programs(first), list[list[Floats]](), list[list[Any]]()
        taken = 0

        def take(benches: LaneBenches) -> None:
            nonlocal taken
            if benches.tick_count % sample_ticks:
                return
            benches.values.take(places, 0, read[taken], "clip")
            if self._names:
                shown.append([programs(lane.cpu) for lane in benches.lanes])
            if self._counts is not None:
                counted.append([self._counts(lane.counters()) for lane in benches.lanes])
            taken += 1

        def put(benches: LaneBenches) -> None:
            nonlocal taken
            end, count = benches.tick_count // sample_ticks, taken
            runs = np.array(fleet.numbers(benches))[:, None]
            at, full = slice(end - count, end), slice(len(runs))
            found = read[:count, :, full].transpose(2, 1, 0)
            self.data[runs, self._read, at] = found[:, : len(rows)]
            if len(seconds):
                self.data[runs, self._phasors, at] = np.hypot(self.data[runs, self._phasors, at], found[:, len(rows) :])
            for rows_of, values in ((self._program, shown), (self._counted, counted)):
                if values:
                    self.data[runs, rows_of, at] = np.array(values).reshape(count, len(runs), -1).transpose(1, 2, 0)
                values.clear()
            taken = 0

        return take, put

    def _programs(self, benches: LaneBenches) -> Callable[[CpuState], Floats]:
        """The signals of the program in a state of a CPU. Lanes share states: each is looked at once."""
        values_of = benches.program_reader(self._names)
        known: dict[int, tuple[CpuState, Floats]] = {}

        def programs(state: CpuState) -> Floats:
            found = known.get(id(state))
            if found is None:
                if len(known) >= STATES_HELD:
                    known.clear()
                values = values_of(state)
                found = known[id(state)] = (state, self._off if values is None else np.array(values, np.float64))
            return found[1]

        return programs

    def bench(self, bench: Bench) -> Callable[[], None]:
        """A function that takes one sample of this bench, whose wiring may change."""
        simulator = None
        rows = seconds = np.zeros(0, np.intp)

        def take() -> None:
            nonlocal simulator, rows, seconds
            if bench.simulator is not simulator:
                simulator = bench.simulator
                resolve, index = bench.nodes.resolve, simulator.index
                rows, seconds = self._rows(lambda ref: index(resolve(ref)))
            self._take(simulator.values[:, None], rows, seconds)
            if self._names:
                plc = bench.plc if bench.state.plc_powered else None
                values = self._off if plc is None else [plc.value(name) for name in self._names]
                self.data[0, self._program, self._sample] = values
            if self._counts is not None:
                self.data[0, self._counted, self._sample] = self._counts(bench.counters())
            self._sample += 1

        return take

    def _rows(self, row: Callable[[Ref], int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        refs = [s.refs for s in self._signals if s.refs]
        first = np.array([row(r[0]) for r in refs], np.intp)
        return first, np.array([row(r[1]) for r in refs if len(r) > 1], np.intp)

    def _take(self, values: Floats, rows: NDArray[np.intp], seconds: NDArray[np.intp]) -> None:
        at = self._sample
        self.data[:, self._read, at] = values[rows].T
        if len(seconds):
            self.data[:, self._phasors, at] = np.hypot(self.data[:, self._phasors, at], values[seconds].T)
