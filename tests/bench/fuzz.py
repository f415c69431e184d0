"""Random lives of a bench: up to three faults, then any action of the registry with arguments of the right kinds.

``PYTHONPATH=src:tests python tests/bench/fuzz.py --sequences 10000 --jobs 2`` runs as many as asked on the machines in
turn, and names each seed after which a value was lost, a step was left unresolved, a sound fuse or breaker stayed
closed though it ought to have opened, or anything but a refusal was raised. (That no other one opens is looked at step
by step, in the storms of ``tests/validation``.)
"""

from __future__ import annotations

import argparse
import random
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from etabli.bench import ActionRefused, Bench, InjectedFault, Onset
from etabli.bench.actions.registry import ACTIONS, Argument
from etabli.bench.instruments import DIALS
from etabli.bench.live import SOFTWARE_FAULT
from etabli.bench.plant import EARTH, ELECTRICAL, FLUIDS, Plant, as_plant
from etabli.bench.state import TICK_S
from etabli.machines import list_machines
from etabli.physics.law import Domain
from reference.guard import Guards

TICKS_PER_S = 100
RARE = frozenset({"acceptance", "finish", "produce"})
"""Actions that take minutes of machine time or end the work: one in ten of their draws is kept."""
TRIALS = 6
"""Draws until an action is not refused: a person, too, tries something else."""
WORDS: dict[str, tuple[str, ...]] = {
    "position": (*DIALS, "aoû"),
    "jack": ("v", "a"),
    "mode": ("infrared", "contact", "far"),
    "question": ("when", "what", "before"),
    "kind": ("tall_metal", "short_metal", "tall_plastic", "blank"),
    "worn": ("gloves", "face_shield", "helmet"),
}


def tags_for(action: str, plant: Plant) -> list[str]:
    """Components on which this action makes sense."""
    if action == "press":
        return [control.tag for control in plant.controls.values() if control.name == "pressed"]
    if action in {"padlock", "remove_padlock", "label", "remove_label"}:
        return list(plant.isolators)
    return list(plant.processes or plant.parts)


def random_argument(bench: Bench, action: str, argument: Argument, chance: random.Random) -> Any:
    """Something of the kind that the argument asks for; sometimes nonsense where the kind is a free word."""
    plant = bench.plant
    machine = plant.machine
    kinds: dict[str, Any] = {
        "tag": lambda: chance.choice(tags_for(action, plant)),
        "part": lambda: chance.choice(list(plant.parts)),
        "maybe_part": lambda: chance.choice([None, *plant.parts]),
        "control": lambda: chance.choice(list(plant.controls.values())).name,
        "conductor": lambda: chance.choice(list(plant.conductors)),
        "point": lambda: chance.choice([EARTH, *plant.domains]),
        "wire": lambda: chance.choice([None, *machine.wires]),
        "load": lambda: chance.choice(list(plant.loads) or [""]),
        "tube": lambda: chance.choice([None, *machine.tubes]),
        "warm_spot": lambda: chance.choice([None, *plant.warm_spots]),
        "shaking_spot": lambda: chance.choice([None, *plant.shaking_spots]),
        "number": lambda: chance.choice([0.0, 1.0, 2.0, 0.3, 0.5, 5.0, -1.0, 400.0]),
        "text": lambda: chance.choice(WORDS.get(argument.name, ("", "24 V", "?"))),
        "boolean": lambda: chance.random() < 0.5,
        "words": lambda: chance.sample(WORDS["worn"], 2),
        "lines": lambda: [note.line for note in bench.state.notebook][-2:],
        "end": lambda: chance.choice("ab"),
    }
    if argument.name == "seconds":
        return chance.choice([0.1, 0.3, 1.0])
    if argument.name == "address":
        variables = (*machine.program.inputs, *machine.program.outputs)
        return str(chance.choice(variables).address).replace("%", "").replace("X", "")
    if argument.name == "target":
        return chance.choice([*plant.parts, *plant.conductors])
    if argument.name == "parameter":
        return chance.choice([p.name for part in plant.parts.values() for p in part.component.parameters])
    return kinds[argument.kind]()


def random_action(bench: Bench, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Something that a person might try: any action, controls and leads more often than the others."""
    plant = bench.plant
    likely = chance.random()
    if likely < 0.25:
        control = chance.choice(list(plant.controls.values()))
        return "operate", {"tag": control.tag, "control": control.name, "value": float(chance.randint(0, 1))}
    if likely < 0.35:
        electrical = [*plant.points(*ELECTRICAL), EARTH]
        return "probe", {"red": chance.choice(electrical), "black": chance.choice(electrical)}
    if likely < 0.4:
        forced = random_argument(bench, "force", ACTIONS["force"].arguments[0], chance)
        force = ("force", {"address": forced, "value": chance.random() < 0.5})
        return chance.choice((("open_cabinet", {}), ("console", {"connected": True}), force))
    if likely < 0.45:
        points = plant.points(*FLUIDS, Domain.ROTATION)
        return chance.choice(("gauge", "tachometer", "purge")), {"point": chance.choice(points)}
    name = chance.choice([n for n in ACTIONS if n not in RARE or chance.random() < 0.1])
    action = ACTIONS[name]
    given = [a for a in action.arguments if a.needed or chance.random() < 0.5]
    return name, {a.name: random_argument(bench, name, a, chance) for a in given}


class GuardedBench(Bench):
    """A bench with a book beside each of its fuses and breakers."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.guards = Guards(self.simulator)
        self.late: list[str] = []

    def _tick(self) -> None:
        super()._tick()
        if not self.late:
            self.late = [f"at {self.time_s:.2f} s {said}" for said in self.guards.look(self.simulator, TICK_S)]


def begun(plant: Plant, seed: int, chance: random.Random, journal: Path | None = None) -> GuardedBench:
    """A bench with one to three faults to come, which its operator has started."""
    faults = [
        InjectedFault(
            fault.id, chance.uniform(0.0, 6.0), chance.uniform(*fault.mode.degrees), chance.choice(list(Onset))
        )
        for fault in chance.sample(plant.machine.faults(), chance.choice((1, 1, 2, 3)))
    ]
    bench = GuardedBench.create(plant, seed, _compatible(plant, faults), journal=journal)
    for at_s, tag, control, value in sorted(plant.machine.operator.starts):
        bench.tick(max(round(at_s * TICKS_PER_S) - bench.state.tick, 0))
        _try(bench, "operate", {"tag": tag, "control": control, "value": value})
    return bench


def _compatible(plant: Plant, faults: list[InjectedFault]) -> list[InjectedFault]:
    """At most one fault on a component, so that none of them is refused."""
    kept: dict[str, InjectedFault] = {}
    for fault in faults:
        kept.setdefault(plant.machine.fault(fault.id).tag, fault)
    return list(kept.values())


def live_through(plant: Plant, seed: int, journal: Path | None = None) -> tuple[GuardedBench, list[str]]:
    """One random life, and what was done in it, for the message."""
    chance = random.Random(seed)
    bench = begun(plant, seed, chance, journal)
    done = [f"{fault.id} at degree {fault.degree:.3f}" for fault in bench.state.faults]
    for _ in range(chance.randint(6, 14)):
        bench.tick(chance.randint(1, 60))
        for _ in range(TRIALS):
            name, arguments = random_action(bench, chance)
            if _try(bench, name, arguments):
                done.append(f"{name} {arguments}")
                break
        if journal is not None and chance.random() < 0.1:
            bench.save()
    bench.tick(chance.randint(1, 60))
    return bench, done


def _try(bench: Bench, name: str, arguments: dict[str, Any]) -> bool:
    try:
        outcome = bench.act(name, **arguments)
    except ActionRefused:
        return False
    assert outcome.text != SOFTWARE_FAULT, f"{name} {arguments} failed: see the log"
    return True


@dataclass(frozen=True)
class Trouble:
    """A life that went wrong."""

    machine: str
    seed: int
    what: str


@cache
def plant_of(machine: str) -> Plant:
    """The plant of a machine, once a process."""
    return as_plant(machine)


def trouble_with(machine: str, seed: int) -> Trouble | None:
    """Live through one sequence; None when all went well."""
    try:
        bench, done = live_through(plant_of(machine), seed)
    except Exception:
        return Trouble(machine, seed, traceback.format_exc())
    simulator = bench.simulator
    if simulator.unresolved:
        return Trouble(machine, seed, f"{simulator.unresolved} unresolved, at {simulator.troubled_node()}: {done}")
    if not np.isfinite(simulator.values).all():
        return Trouble(machine, seed, f"a value is lost: {done}")
    if bench.late:
        return Trouble(machine, seed, f"{bench.late[0]}: {done}")
    return None


def troubles(sequences: int, first_seed: int = 0, jobs: int = 1) -> Iterator[Trouble | None]:
    """The machines in turn, one seed after the other."""
    machines = list_machines()
    work = [(machines[k % len(machines)], first_seed + k) for k in range(sequences)]
    if jobs == 1:
        yield from (trouble_with(*one) for one in work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(trouble_with, *zip(*work, strict=True), chunksize=10)


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    count: Counter[str] = Counter()
    for k, trouble in enumerate(troubles(options.sequences, options.first_seed, options.jobs), 1):
        if trouble is not None:
            count[trouble.machine] += 1
            print(f"{trouble.machine}, seed {trouble.seed}: {trouble.what}", flush=True)
        if k % 500 == 0:
            print(f"{k} sequences, {count.total()} in trouble", file=sys.stderr, flush=True)
    print(f"{options.sequences} sequences, {count.total()} in trouble")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
