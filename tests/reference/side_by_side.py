"""Benches in lanes held against single ones: everything that a run leaves behind, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etabli.bench.campaign import Outcome, Runner
from etabli.bench.faults import InjectedFault
from etabli.bench.headless import advance
from etabli.bench.lane_bench import changes_wiring
from etabli.bench.live import Bench
from etabli.bench.recorder import Recorder


@dataclass(frozen=True)
class Difference:
    """A run whose lane is not the single bench."""

    fault: InjectedFault | None
    signal: str


def single(runner: Runner, fault: InjectedFault | None) -> Outcome:
    """The run that ``etabli run`` makes, recorded by the same signals."""
    asked = runner.asked
    bench = Bench.create(runner.plant, asked.seed, [] if fault is None else [fault], step_s=asked.step_s)
    recorder = Recorder(runner.signals, 1, len(runner.times))
    take = recorder.bench(bench)

    def sample() -> None:
        if bench.state.tick % asked.sample_ticks == 0:
            take()

    advance(bench, len(runner.times) * asked.sample_ticks, runner.gestures, runner.produce_s, sample)
    return Outcome(0, recorder.data[0], bench.simulator.unresolved)


def differences(runner: Runner, batches: Sequence[tuple[int, ...]] | None = None) -> Iterator[Difference]:
    """Runs every batch in lanes and each of its faults alone, and tells what is not the same."""
    for batch in runner.batches() if batches is None else batches:
        for found in runner.run(batch):
            fault = runner.plan[found.run]
            alone = single(runner, fault)
            if found.data.tobytes() != alone.data.tobytes():
                for signal, a, b in zip(runner.signals, found.data, alone.data, strict=True):
                    if a.tobytes() != b.tobytes():
                        yield Difference(fault, signal.id)
            if found.unresolved != alone.unresolved:
                yield Difference(fault, "unresolved steps")


def in_lanes(runner: Runner) -> list[tuple[int, ...]]:
    """The batches that really go through the lanes."""
    plan = runner.plan
    return [b for b in runner.batches() if (first := plan[b[0]]) is None or not changes_wiring(runner.plant, first)]
