"""``etabli campaign``: one machine, many faults, what each does to every signal: a dictionary of faults × time series.

Runs go through the lanes, several at once; a fault that changes the wiring has a network of its own and runs on a bench
of its own. Both give the bits of ``etabli run`` with the same fault. docs/campagne.md tells how to use the file.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np

from etabli.automation.shared import can_share
from etabli.bench.actions import prepared
from etabli.bench.faults import InjectedFault, checked
from etabli.bench.fleet import Fleet
from etabli.bench.headless import (
    FORMAT,
    MOST_SECONDS,
    HeadlessError,
    advance,
    clear_errors,
    faults_of,
    gestures_of,
    parse_fault,
    takes_post_s,
)
from etabli.bench.lane_bench import SharedParts, changes_wiring
from etabli.bench.live import Bench
from etabli.bench.parquet_file import ParquetFile
from etabli.bench.plant import Plant, as_plant
from etabli.bench.recorder import Recorder
from etabli.bench.signals import Signal, chosen_signals
from etabli.bench.state import STEP_S, TICK_S
from etabli.bench.version import engine_version
from etabli.physics.core_library import CoreError, batch_core
from etabli.physics.layout import Floats
from etabli.physics.text import Text

HEALTHY = "healthy"
"""Name of the run without a fault; the ids of faults have a dot."""
KEYS: dict[str, type] = {
    "run": int,
    "fault": str,
    "degree": float,
    "onset_s": float,
    "onset": str,
    "unresolved_steps": int,
}
"""Columns that say which run a row belongs to."""
LEAST_STEP_S = 0.0005
FLEET_RUNS = 128
"""Runs that change places with each other. More would gain little: they are too many for the processor's cache."""
FLEET_NUMBERS = 30_000_000
"""Numbers that a fleet may hold before they are written: 240 MB."""
_RANDOM = re.compile(r"random:(?P<count>\d+)(:(?P<seed>-?\d+))?")


@dataclass(frozen=True)
class Request:
    """What is asked of a campaign. ``faults`` are written as for ``etabli run``; ``all`` and ``random:N[:seed]`` stand
    for many. ``every_s`` is the time between two samples, ``step_s`` the step of the engine."""

    machine: str
    faults: tuple[str, ...] = ("all",)
    seconds: float = 60.0
    every_s: float = 0.1
    signals: tuple[str, ...] = ()
    seed: int = 0
    step_s: float = STEP_S
    start: bool = True
    presses: tuple[str, ...] = ()

    @property
    def ticks(self) -> int:
        """Length of a run, in ticks."""
        return round(self.seconds / TICK_S)

    @property
    def sample_ticks(self) -> int:
        """Ticks between two samples."""
        return round(self.every_s / TICK_S)


@dataclass(frozen=True)
class FaultRun:
    """One run: its number in the plan, what was recorded (signals, samples), steps that had no solution."""

    run: int
    data: Floats
    unresolved: int


@dataclass
class Summary:
    """What a campaign did."""

    request: Request
    out: Path
    runs: int
    on_own_bench: int
    signals: int
    rows: int
    bytes: int
    wall_s: float
    engine: str
    machine_hash: str
    unresolved: dict[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Simulated time of all runs over wall time."""
        return self.runs * self.request.seconds / max(self.wall_s, 1e-9)

    def json(self) -> dict[str, Any]:
        """The documented form (docs/json.md)."""
        asked = self.request
        return {
            "format": FORMAT,
            "machine": asked.machine,
            "out": str(self.out),
            "runs": self.runs,
            "on_own_bench": self.on_own_bench,
            "signals": self.signals,
            "rows": self.rows,
            "bytes": self.bytes,
            "seconds": asked.seconds,
            "every_s": asked.every_s,
            "step_s": asked.step_s,
            "seed": asked.seed,
            "wall_s": round(self.wall_s, 3),
            "ratio": round(self.ratio, 1),
            "engine": self.engine,
            "machine_hash": self.machine_hash,
            "unresolved_steps": self.unresolved,
        }

    def lines(self, language: str = "fr") -> list[str]:
        """The same for people."""
        asked, english = self.request, language.startswith("en")
        words = _ENGLISH if english else _FRENCH

        def say(value: float, form: str = "g") -> str:
            return format(value, form) if english else format(value, form).replace(".", ",")

        seconds, every, size = say(asked.seconds), say(asked.every_s), say(self.bytes / 1e6, ".1f")
        speed = say(self.runs / max(self.wall_s, 1e-9), ".1f")
        lines = [
            words["file"].format(self.out, self.runs, seconds, self.signals, every, self.rows, size),
            words["speed"].format(say(self.wall_s, ".1f"), speed, say(self.ratio, ".0f")),
        ]
        return lines + [words["unresolved"].format(count, fault) for fault, count in self.unresolved.items()]


_FRENCH = {
    "file": "{} : {} essais de {} s, {} signaux toutes les {} s, {} lignes, {} Mo",
    "speed": "{} s, {} essais/s, {} fois le temps réel",
    "unresolved": "attention : {} pas de calcul non résolus avec {}",
}
_ENGLISH = {
    "file": "{}: {} runs of {} s, {} signals every {} s, {} rows, {} MB",
    "speed": "{} s, {} runs/s, {} times real time",
    "unresolved": "attention: {} unresolved steps with {}",
}


# --- what is asked ------------------------------------------------------------------------------------------------


def planned(plant: Plant, asked: Sequence[str], seed: int = 0) -> list[InjectedFault | None]:
    """The runs of a campaign in the order of the file: healthy first. Raises :class:`HeadlessError`."""
    faults = [fault for text in asked for fault in _meant(plant, text, seed)]
    for fault in faults:
        with clear_errors():
            checked(plant, fault)
    return [None, *faults]


def _meant(plant: Plant, text: str, seed: int) -> list[InjectedFault]:
    fault = parse_fault(text)
    if fault.id == "all":
        return [replace(fault, id=f.id) for f in plant.machine.faults()]
    if not fault.id.startswith("random"):
        return [fault]
    drawn = _RANDOM.fullmatch(fault.id)
    known = plant.machine.faults()
    if drawn is None or not 1 <= int(drawn["count"]) <= len(known):
        raise HeadlessError(
            Text(f"--faults {text} : tirage impossible", f"--faults {text}: impossible draw"),
            Text(
                f"écrire random:N ou random:N:GRAINE, N entre 1 et {len(known)}",
                f"write random:N or random:N:SEED, N between 1 and {len(known)}",
            ),
        )
    chance = random.Random(f"{drawn['seed'] or seed}:campaign")
    found = []
    for number in sorted(chance.sample(range(len(known)), int(drawn["count"]))):
        low, high = known[number].mode.degrees
        degree = fault.degree if "*" in text else round(chance.uniform(low, high), 3)
        found.append(replace(fault, id=known[number].id, degree=degree))
    return found


def _check(asked: Request) -> None:
    def refuse(option: str, value: float, fr: str, en: str) -> None:
        raise HeadlessError(
            Text(f"--{option} {value:g} : valeur impossible", f"--{option} {value:g}: impossible value"), Text(fr, en)
        )

    if not TICK_S <= asked.seconds <= MOST_SECONDS:
        high = f"{MOST_SECONDS:.0f}"
        refuse("seconds", asked.seconds, f"entre 0,01 et {high} s", f"between 0.01 and {high} s")
    if not TICK_S <= asked.every_s <= asked.seconds or not _is_whole(asked.every_s / TICK_S):
        refuse(
            "every",
            asked.every_s,
            "un multiple de 0,01 s, pas plus que --seconds",
            "a multiple of 0.01 s, not more than --seconds",
        )
    if not LEAST_STEP_S <= asked.step_s <= TICK_S or not _is_whole(TICK_S / asked.step_s):
        refuse(
            "step",
            asked.step_s * 1e3,
            "entre 0,5 et 10 ms, une part entière de 10 ms (5, 2, 1…)",
            "between 0.5 and 10 ms, a whole part of 10 ms (5, 2, 1…)",
        )


def _is_whole(ratio: float) -> bool:
    return abs(ratio - round(ratio)) < 1e-6


# --- runs ---------------------------------------------------------------------------------------------------------


class Runner:
    """Runs the plan of one campaign, a batch at a time. Raises :class:`HeadlessError` for what makes no sense."""

    def __init__(self, asked: Request) -> None:
        _check(asked)
        self.asked = asked
        with clear_errors():
            self.plant = as_plant(asked.machine)
            self.signals: list[Signal] = chosen_signals(self.plant, asked.signals)
            faults_of(asked.faults, asked.ticks)
            self.plan = planned(self.plant, asked.faults, asked.seed)
            self.gestures = gestures_of(self.plant, asked.presses, asked.start, asked.ticks)
            self._check_gestures()
        self.produce_s = takes_post_s(self.plant) if asked.start else None
        self._shared = SharedParts(self.plant)
        self.times = np.arange(1, asked.ticks // asked.sample_ticks + 1) * asked.sample_ticks / round(1.0 / TICK_S)

    def _check_gestures(self) -> None:
        """A control that does not exist, or goes less far, is said before anything runs."""
        bench = Bench.create(self.plant, self.asked.seed)
        for gesture in self.gestures:
            value = {} if gesture.value is None else {"value": gesture.value}
            prepared(bench, "operate" if value else "press", {"tag": gesture.tag, "control": gesture.control} | value)

    def batches(self, jobs: int = 1) -> list[tuple[int, ...]]:
        """Numbers of the runs that go together, for ``jobs`` processes: those of a fleet, or one on its own bench."""
        together = [n for n in range(len(self.plan)) if n not in self.on_own_bench]
        size = self._fleet_size(-(-len(together) // jobs))
        return [tuple(together[i : i + size]) for i in range(0, len(together), size)] + [
            (n,) for n in sorted(self.on_own_bench)
        ]

    def _fleet_size(self, wanted: int) -> int:
        """Runs of a fleet: whole batches, and no more than there is memory for."""
        most = min(FLEET_RUNS, FLEET_NUMBERS // (len(self.signals) * len(self.times)))
        lanes = max(self._lanes, 1)
        return max(min(-(-wanted // lanes), most // lanes), 1) * lanes

    @cached_property
    def on_own_bench(self) -> frozenset[int]:
        """Runs that do not fit in lanes: those that change the wiring; all where there is no batch core for this
        processor, or where the program cannot be shared."""
        if not self._lanes or (self.plant.program is not None and not can_share(self.plant.program)):
            return frozenset(range(len(self.plan)))
        faults = enumerate(self.plan)
        return frozenset(n for n, fault in faults if fault is not None and changes_wiring(self.plant, fault))

    @cached_property
    def _lanes(self) -> int:
        try:
            return batch_core().lanes
        except CoreError:
            return 0

    def run(self, batch: Sequence[int], progress: Callable[[float], None] = lambda runs: None) -> list[FaultRun]:
        """Run a batch; ``progress`` hears now and then how many of its runs are done, parts counted."""
        if batch[0] in self.on_own_bench:
            return [self.alone(batch[0])]
        return self._in_lanes(batch, progress)

    def _in_lanes(self, runs: Sequence[int], progress: Callable[[float], None]) -> list[FaultRun]:
        asked = self.asked
        faults = [self.plan[n] for n in runs]
        fleet = Fleet(self._shared, faults, self._lanes, asked.seed, self.gestures, self.produce_s, asked.step_s)
        recorder = Recorder(self.signals, len(runs), len(self.times))
        take, put = recorder.lanes(fleet, asked.sample_ticks)
        ticks = len(self.times) * asked.sample_ticks
        done = 0
        with _uncollected():
            for batch, since in fleet.run(ticks, take):
                put(batch)
                done += since * len(batch.lanes)
                progress(done / ticks)
        return [FaultRun(n, data, lost) for n, data, lost in zip(runs, recorder.data, fleet.unresolved, strict=True)]

    def alone(self, number: int) -> FaultRun:
        """One run of the plan on a bench of its own, as `etabli run` makes it."""
        asked, fault = self.asked, self.plan[number]
        bench = Bench.create(self.plant, asked.seed, [] if fault is None else [fault], step_s=asked.step_s)
        recorder = Recorder(self.signals, 1, len(self.times))
        take = recorder.bench(bench)

        def sample() -> None:
            if bench.state.tick % asked.sample_ticks == 0:
                take()

        advance(bench, len(self.times) * asked.sample_ticks, self.gestures, self.produce_s, sample)
        return FaultRun(number, recorder.data[0], bench.simulator.unresolved)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cyclic garbage: a fleet leaves none while it runs, and looking for it takes 4 %."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_runner: Runner | None = None
_stopped: Event | None = None
"""Those of a worker process."""


def _start_worker(asked: Request, stopped: Event) -> None:
    global _runner, _stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops its workers
    _runner, _stopped = Runner(asked), stopped


def _run_in_worker(batch: tuple[int, ...]) -> list[FaultRun]:
    assert _runner is not None
    return _runner.run(batch, _go_on)


def _go_on(_: float) -> None:
    """A batch takes long: a worker looks now and then whether it is still wanted."""
    assert _stopped is not None
    if _stopped.is_set():
        raise KeyboardInterrupt


def fault_runs(runner: Runner, jobs: int, progress: Callable[[float], None]) -> Iterator[list[FaultRun]]:
    """All batches in order, by ``jobs`` processes; ``progress`` hears how many runs are done."""
    batches = runner.batches(jobs)
    done = 0.0
    if jobs == 1:
        for batch in batches:
            yield runner.run(batch, lambda runs: progress(done + runs))  # noqa: B023  used before it changes
            done += len(batch)
            progress(done)
        return
    stopped = multiprocessing.Event()
    pool = ProcessPoolExecutor(min(jobs, len(batches)), initializer=_start_worker, initargs=(runner.asked, stopped))
    try:
        for found in pool.map(_run_in_worker, batches):
            done += len(found)
            progress(done)
            yield found
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


# --- the whole ----------------------------------------------------------------------------------------------------


def campaign(
    asked: Request,
    out: Path,
    jobs: int = 1,
    command: Sequence[str] = (),
    progress: Callable[[float, int], None] = lambda done, runs: None,
) -> Summary:
    """Run a campaign and write ``out``, which appears when it is whole. ``progress`` hears (runs done, runs).

    Raises :class:`HeadlessError`.
    """
    if not 1 <= jobs <= 256:
        raise HeadlessError(
            Text(f"--jobs {jobs} : nombre impossible", f"--jobs {jobs}: impossible number"),
            Text(
                f"entre 1 et 256 ; cette machine a {os.cpu_count()} cœurs", f"1 to 256; here are {os.cpu_count()} cores"
            ),
        )
    runner = Runner(asked)
    begun = time.perf_counter()
    plan, total = runner.plan, len(runner.plan)
    unresolved: dict[str, int] = {}
    signals, metadata = [s.id for s in runner.signals], _metadata(runner, command)
    with clear_errors(), ParquetFile(out, KEYS, signals, metadata) as file:
        for found in fault_runs(runner, jobs, lambda done: progress(done, total)):
            for one in found:
                keys = _keys(one.run, plan[one.run])
                file.add({**keys, "unresolved_steps": one.unresolved}, runner.times, one.data)
                if one.unresolved:
                    unresolved[keys["fault"]] = unresolved.get(keys["fault"], 0) + one.unresolved
        rows = file.rows
    return Summary(
        asked,
        out,
        total,
        len(runner.on_own_bench),
        len(runner.signals),
        rows,
        out.stat().st_size,
        time.perf_counter() - begun,
        engine_version(),
        runner.plant.content_hash,
        unresolved,
    )


def _keys(run: int, fault: InjectedFault | None) -> dict[str, Any]:
    if fault is None:
        return {"run": run, "fault": HEALTHY, "degree": 0.0, "onset_s": 0.0, "onset": "none"}
    return {
        "run": run,
        "fault": fault.id,
        "degree": fault.degree,
        "onset_s": fault.onset_s,
        "onset": fault.onset.value,
    }


def _metadata(runner: Runner, command: Sequence[str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "machine": runner.plant.machine.id,
        "machine_hash": runner.plant.content_hash,
        "engine": engine_version(),
        "command": list(command),
        "request": {name: value for name, value in asdict(runner.asked).items() if name != "machine"},
        "tick_s": TICK_S,
        "signals": [s.described() for s in runner.signals],
    }
