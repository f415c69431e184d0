"""The journal is the truth: a bench comes back from it bit for bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etabli.bench import ActionRefused, Bench, InjectedFault, Onset
from etabli.bench.plant import EARTH, Plant
from etabli.physics.law import Domain

SEQUENCES = 200


def same(one: Bench, other: Bench) -> bool:
    """Arrays of the simulator and logical state, bitwise."""
    return one.simulator.snapshot() == other.simulator.snapshot() and one.saved_state() == other.saved_state()


def random_action(plant: Plant, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Something that a person might try."""
    parts, wires = list(plant.parts), list(plant.conductors)
    electrical = [*plant.points(Domain.DC, Domain.AC), EARTH]
    controls = [c for c in plant.controls.values() if c.name != "lock"]
    control = chance.choice(controls)
    choices: list[tuple[str, dict[str, Any]]] = [
        ("press", {"tag": chance.choice(["S1", "S2", "S3"]), "seconds": chance.choice([0.1, 0.3, 1.0])}),
        ("operate", {"tag": "S4", "control": "position", "value": chance.randint(0, 2)}),
        ("operate", {"tag": control.tag, "control": control.name, "value": float(chance.randint(0, 1))}),
        ("open_cabinet", {}),
        ("dial", {"position": chance.choice(["off", "vdc", "vac", "ohm", "beep", "adc"])}),
        ("jack", {"jack": chance.choice(["v", "v", "a"])}),
        ("probe", {"red": chance.choice(electrical), "black": chance.choice(electrical)}),
        ("clamp", {"wire": chance.choice(list(plant.machine.wires))}),
        ("gauge", {"point": chance.choice(plant.points(Domain.PNEUMATIC))}),
        ("tachometer", {"point": chance.choice(plant.points(Domain.ROTATION))}),
        ("disconnect", {"tag": chance.choice(wires), "end": chance.choice("ab")}),
        ("reconnect", {"tag": chance.choice(wires), "end": chance.choice("ab")}),
        ("replace", {"tag": chance.choice(parts)}),
        ("tighten", {"target": chance.choice(parts)}),
        ("clean", {"target": chance.choice(parts)}),
        ("look", {"tag": chance.choice(parts)}),
        ("listen", {}),
        ("vat", {"first": chance.choice(electrical), "second": chance.choice(electrical)}),
        ("console", {"connected": True}),
        ("force", {"address": chance.choice(["Q0.0", "Q0.1", "I0.0"]), "value": chance.random() < 0.5}),
        ("purge", {}),
        ("epi", {"worn": ["gloves", "face_shield"]}),
        ("meter_fuse", {}),
        ("place_part", {"tag": "CV1", "kind": "tall_metal"}),
        ("note", {"check": "tension", "reading": "24 V"}),
        ("acceptance", {"parts": 2}),
    ]
    return chance.choice(choices)


def live_through(plant: Plant, seed: int, journal: Path) -> Bench:
    """A bench with a random fault, started, on which a random sequence of actions is done."""
    chance = random.Random(seed)
    fault = chance.choice(plant.machine.faults())
    onset = chance.choice(list(Onset))
    bench = Bench.create(plant, seed, [InjectedFault(fault.id, chance.uniform(0, 3), 0.9, onset)], journal=journal)
    bench.tick(100)
    for name, arguments in (("press", {"tag": "S3"}), ("operate", {"tag": "S4", "control": "position", "value": 1.0})):
        bench.act(name, **arguments)
        bench.tick(40)
    bench.act("press", tag="S1")
    for _ in range(chance.randint(6, 14)):
        bench.tick(chance.randint(1, 60))
        name, arguments = random_action(plant, chance)
        try:
            bench.act(name, **arguments)
        except ActionRefused:
            continue
        if chance.random() < 0.1:
            bench.save()
    bench.tick(chance.randint(1, 60))
    return bench


@pytest.mark.slow
def test_200_random_sequences_replay_bit_for_bit(plant: Plant, tmp_path: Path) -> None:
    for seed in range(SEQUENCES):
        path = tmp_path / f"b{seed}.jsonl"
        bench = live_through(plant, seed, path)
        bench.close()
        bench.save()
        replayed = Bench.open(path, plant, resume=False)
        assert same(bench, replayed), f"sequence {seed} replays differently"


def test_a_bench_goes_on_from_a_snapshot_as_if_it_had_never_stopped(plant: Plant, tmp_path: Path) -> None:
    for seed in range(12):
        path = tmp_path / f"b{seed}.jsonl"
        bench = live_through(plant, seed, path)
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
