"""Benches in lanes held against single ones: everything that a run leaves behind, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etabli.bench.campaign import Runner
from etabli.bench.faults import InjectedFault


@dataclass(frozen=True)
class Difference:
    """A run whose lane is not the single bench."""

    fault: InjectedFault | None
    signal: str


def differences(runner: Runner, batches: Sequence[tuple[int, ...]] | None = None) -> Iterator[Difference]:
    """Runs every batch in lanes and each of its faults alone, and tells what is not the same."""
    for batch in runner.batches() if batches is None else batches:
        for found in runner.run(batch):
            fault = runner.plan[found.run]
            alone = runner.alone(found.run)
            if found.data.tobytes() != alone.data.tobytes():
                for signal, a, b in zip(runner.signals, found.data, alone.data, strict=True):
                    if a.tobytes() != b.tobytes():
                        yield Difference(fault, signal.id)
            if found.unresolved != alone.unresolved:
                yield Difference(fault, "unresolved steps")
