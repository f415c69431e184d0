"""The journal is the truth: a bench comes back from it bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.fuzz import live_through, plant_of
from etabli.bench import Bench
from etabli.bench.plant import Plant
from etabli.machines import list_machines

SEQUENCES = 200


def same(one: Bench, other: Bench) -> bool:
    """Arrays of the simulator and logical state, bitwise."""
    return one.simulator.snapshot() == other.simulator.snapshot() and one.saved_state() == other.saved_state()


@pytest.mark.slow
def test_200_random_sequences_replay_bit_for_bit(tmp_path: Path) -> None:
    machines = list_machines()
    for seed in range(SEQUENCES):
        path, plant = tmp_path / f"b{seed}.jsonl", plant_of(machines[seed % len(machines)])
        bench, _ = live_through(plant, seed, path)
        bench.close()
        bench.save()
        replayed = Bench.open(path, plant, resume=False)
        assert same(bench, replayed), f"sequence {seed} replays differently"


def test_a_bench_goes_on_from_a_snapshot_as_if_it_had_never_stopped(plant: Plant, tmp_path: Path) -> None:
    for seed in range(12):
        path = tmp_path / f"b{seed}.jsonl"
        bench, _ = live_through(plant, seed, path)
        bench.save()
        assert bench._journal is not None
        bench._journal.tick(bench.state.tick)
        reopened = Bench.open(path, plant)
        bench.tick(300)
        reopened.tick(300)
        assert same(bench, reopened), f"bench {seed} goes on differently"
        bench.close()
        reopened.close()


def test_same_seed_same_bits_other_seed_other_parts(running: Callable[..., Bench]) -> None:
    def after_15_s(seed: int) -> Bench:
        bench = running(seed=seed)
        bench.tick(1500)
        return bench

    assert same(after_15_s(1), after_15_s(1))
    assert after_15_s(1).processes["CV1"].view() != after_15_s(2).processes["CV1"].view()
