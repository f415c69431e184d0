"""Writes down signals of a bench, or of benches side by side, as numbers: the same ones from both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from etabli.bench.lane_bench import LaneBenches
from etabli.bench.live import Bench
from etabli.bench.signals import Signal, Source
from etabli.physics.network import Ref
from etabli.physics.simulator import Floats

_OFF = {Source.ALARMS: 0.0, Source.PROGRAM: nan}
"""What a signal of the program is while the CPU is off."""


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
        self._counters = [signals[i].name for i in self._counted]

    def lanes(self, benches: LaneBenches) -> Callable[[], None]:
        """A function that takes one sample of each of these benches."""
        rows, seconds = self._rows(benches.row)
        runs = range(len(self.data))
        program = benches.program_reader(self._names) if self._names else None
        seen: list[object] = [None] * len(runs)
        shown = np.tile(self._off, (len(runs), 1))

        def take() -> None:
            self._take(benches.values[:, : len(runs)], rows, seconds)
            if program is not None:
                for run in runs:
                    if benches.cpus[run] is not seen[run]:
                        seen[run] = benches.cpus[run]
                        values = program(benches.cpus[run])
                        shown[run] = self._off if values is None else values
                self.data[:, self._program, self._sample] = shown
            self._count([benches.lanes[run].counters for run in runs])
            self._sample += 1

        return take

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
            self._count([bench.counters])
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

    def _count(self, runs: Sequence[Callable[[], dict[str, float]]]) -> None:
        if self._counters:
            counts = [counters() for counters in runs]
            self.data[:, self._counted, self._sample] = [[c[name] for name in self._counters] for c in counts]
