"""Writes down signals of a bench, or of benches side by side, as numbers: the same ones from both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import nan

import numpy as np
from numpy.typing import NDArray

from etabli.automation.types import Value
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
        self._read = np.array([i for i, s in enumerate(signals) if s.refs], np.intp)
        self._phasors = np.array([i for i, s in enumerate(signals) if len(s.refs) > 1], np.intp)
        self._named = [(i, s) for i, s in enumerate(signals) if not s.refs]
        self._counts = any(s.source is Source.COUNTERS for s in signals)

    def lanes(self, benches: LaneBenches) -> Callable[[], None]:
        """A function that takes one sample of each of these benches."""
        rows, seconds = self._rows(benches.row)

        def take() -> None:
            self._take(benches.values[:, : len(self.data)], rows, seconds)
            for lane in range(len(self.data)):
                self._take_named(lane, partial(benches.variable, lane), benches.lanes[lane].counters)
            self._sample += 1

        return take

    def bench(self, bench: Bench) -> Callable[[], None]:
        """A function that takes one sample of this bench, whose wiring may change."""
        simulator = None
        rows = seconds = np.zeros(0, np.intp)

        def variable(name: str) -> Value | None:
            return bench.plc.value(name) if bench.plc is not None and bench.state.plc_powered else None

        def take() -> None:
            nonlocal simulator, rows, seconds
            if bench.simulator is not simulator:
                simulator = bench.simulator
                resolve, index = bench.nodes.resolve, simulator.index
                rows, seconds = self._rows(lambda ref: index(resolve(ref)))
            self._take(simulator.values[:, None], rows, seconds)
            self._take_named(0, variable, bench.counters)
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

    def _take_named(
        self, run: int, variable: Callable[[str], Value | None], counters: Callable[[], dict[str, float]]
    ) -> None:
        counts = counters() if self._counts else {}
        for index, signal in self._named:
            if signal.source is Source.COUNTERS:
                self.data[run, index, self._sample] = counts[signal.name]
                continue
            value = variable(signal.name)
            self.data[run, index, self._sample] = _OFF[signal.source] if value is None else value
