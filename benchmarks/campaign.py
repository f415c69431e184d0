"""A dictionary of faults: benches in lanes beside single benches on the same faults, one core, CPU time of one run.

    python benchmarks/campaign.py [--seconds 12.2] [--faults 128] [--machine poste_tri …]
    python benchmarks/campaign.py --check [--seconds 5]

The first prints, for each machine, the time that the lanes take for so many different faults (each with its PLC, its
parts, its operator and the recording of all usual signals), the time that single benches take for the same, and where
the time of the lanes goes; of three times the lanes do it the best counts, single benches do it once. The first machine
is the one that the figure was asked for (``figures.py``). The second holds **every** fault of every machine in lanes
against a single bench, all signals bit for bit, and prints what differs; exit status 1 when anything does.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from figures import MACHINES

from etabli.bench.campaign import Request, Runner
from etabli.bench.lane_bench import LaneBenches
from etabli.bench.signals import Source
from etabli.machines import load_machine
from reference.side_by_side import differences

RUNS = 3
PARTS = ("_advance", "_scan", "_step_matter", "_update_faults", "_plan", "_work")
HOW = ("", "@0.7", "@0.5~growing", "~intermittent", "@1.9*0.6")


class Clock:
    """CPU seconds spent in some functions."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted under ``name``."""

        def run(*arguments: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*arguments)
            finally:
                self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - begun

        return run


def dictionary(machine: str, seconds: float, count: int) -> None:
    """Print the figures of one machine."""
    spent = []
    for _ in range(RUNS):
        runner = Runner(Request(machine, (f"random:{count}:1",), seconds=seconds))
        del runner.plan[0]  # no healthy machine
        begun = time.process_time()
        for batch in runner.batches():
            runner.run(batch)
        spent.append(time.process_time() - begun)
    lanes = min(spent)
    begun = time.process_time()
    for number in range(len(runner.plan)):
        runner.alone(number)
    single = time.process_time() - begun
    unknowns = runner.plant.network({}).unknowns
    own = len(runner.on_own_bench)
    name = load_machine(machine).id
    print(f"{name}: {unknowns} unknowns, {count} faults x {seconds:g} s ({own} on a bench of their own)")
    print(f"  lanes         : {lanes:5.2f} s, {count * seconds / lanes:5.0f} x real time")
    print(
        f"  single benches: {single:5.2f} s, {count * seconds / single:5.0f} x real time; lanes {single / lanes:.1f} x"
    )


def shares(machine: str, seconds: float, count: int) -> None:
    """Where the time of the lanes goes, in microseconds for one tick of one bench."""
    runner = Runner(Request(machine, (f"random:{count}:1",), seconds=seconds))
    del runner.plan[0]
    clock, ticks = Clock(), 0
    run = clock.timed("all", runner.run)
    timed_start = LaneBenches.__init__

    def start(benches: LaneBenches, *arguments: Any, **more: Any) -> None:
        timed_start(benches, *arguments, **more)
        for name in PARTS:
            setattr(benches, name, clock.timed(name, getattr(benches, name)))

    LaneBenches.__init__ = clock.timed("start", start)  # type: ignore[method-assign]
    try:
        for batch in runner.batches():
            if batch[0] not in runner.on_own_bench:
                run(batch)
                ticks += len(batch) * len(runner.times) * runner.asked.sample_ticks
    finally:
        LaneBenches.__init__ = timed_start  # type: ignore[method-assign]
    whole = clock.spent.pop("all")
    clock.spent["rest (recording, loops, clocks)"] = whole - sum(clock.spent.values())
    parts = ", ".join(f"{name.strip('_')} {1e6 * t / ticks:.2f}" for name, t in clock.spent.items())
    print(f"  microseconds for one tick of one bench: {1e6 * whole / ticks:.2f} = {parts}")


def check(machine: str, seconds: float) -> int:
    """Every fault of a machine in lanes and alone; the number of signals that differ."""
    known = load_machine(machine).faults()
    faults = tuple(f"{f.id}{how}" for f, how in zip(known, itertools.cycle(HOW), strict=False))
    everything = tuple(source.value for source in Source)
    runner = Runner(Request(machine, faults, seconds=seconds, every_s=0.5, signals=everything))
    found = 0
    for difference in differences(runner):
        found += 1
        print(f"  {difference.fault}: {difference.signal}")
    print(
        f"{load_machine(machine).id}: {len(known)} faults x {seconds:g} s, {len(runner.signals)} signals,"
        f" {found} differences",
        flush=True,
    )
    return found


def main() -> int:
    """Print the figures; exit status 1 when a bit differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12.2, help="simulated seconds of each run")
    parser.add_argument("--faults", type=int, default=128, help="faults of the dictionary")
    parser.add_argument("--machine", nargs="+", default=MACHINES)
    parser.add_argument("--check", action="store_true", help="all faults of the machines, lanes against single benches")
    asked = parser.parse_args()
    if asked.check:
        return 1 if sum(check(machine, asked.seconds) for machine in asked.machine) else 0
    for machine in asked.machine:
        dictionary(machine, asked.seconds, asked.faults)
        shares(machine, asked.seconds, asked.faults)
    return 0


if __name__ == "__main__":
    sys.exit(main())
