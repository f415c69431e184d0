"""The table "Figures to reach": what was asked of the engine and what it does, in one run.

    python benchmarks/figures.py [--seconds 20] [--runs 9] [--machine poste_tri …]

The figures were asked for a machine of 195 unknowns: ``reference_machine/`` has that size and does that work. The other
columns are the machines of the product, which are larger.

A machine is run by its operator, its PLC and its parts, and all that they write to the engine is noted; the engine
alone then does the same again on one core: one run, or eight lanes of which each but the first has a fault of the
machine. "Standing" is a machine that its operator put into service two minutes ago and left alone. Runs of all machines
take turns and the best of each counts: other work on the computer only ever makes a run slower. Accuracy and the rows
that need another tool are in ``engine.py`` and ``peers.py``, the dictionary in ``campaign.py``, the share of the
processor's limit in ``engine_profile.py``.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from etabli.components.component import Effect
from etabli.components.electrical.conductor import resistor
from etabli.machines import list_machines, load_machine
from etabli.machines.model import Fault, Machine
from etabli.physics.lanes import LaneSimulator
from etabli.physics.law import Domain
from etabli.physics.layout import Floats
from etabli.physics.network import ParameterRef
from etabli.physics.simulator import Simulator
from machines.headless import TICK_S, Headless
from machines.sequences import FINE_STEP_S, course
from reference.reference_machine import MACHINE as REFERENCE

STEP_S, FINE_S = 0.005, 0.001
MACHINES = (REFERENCE, *list_machines())
Write = tuple[int, ParameterRef, float]


def cpu_s(action: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    start = time.process_time()
    action()
    return time.process_time() - start


@dataclass(frozen=True)
class Work:
    """What a machine was told in some seconds of work, and where its values started."""

    start: Floats
    writes: tuple[Write, ...]
    ticks: int


def noted(machine: Machine, seconds: float) -> Work:
    """Work of a machine, from a moment when its operator has begun."""
    run = Headless(machine)
    run.produce()
    run.run(2.0)
    simulator = run.simulator
    simulator.catch_up()
    start, first, writes, write = simulator.values.copy(), run.ticks, list[Write](), simulator.write

    def note(ref: ParameterRef, value: float) -> None:
        writes.append((run.ticks - first, ref, value))
        write(ref, value)

    simulator.write = note  # type: ignore[method-assign]
    run.run(seconds)
    return Work(start, tuple(writes), run.ticks - first)


def again(work: Work, advance: Callable[[int], None], write: Callable[[ParameterRef, float], None], steps: int) -> None:
    """Do the same work: ``steps`` steps a tick of 10 ms."""
    waiting = iter((*work.writes, (work.ticks + 1, None, 0.0)))
    at, ref, value = next(waiting)
    for tick in range(work.ticks):
        while ref is not None and at <= tick:
            write(ref, value)
            at, ref, value = next(waiting)
        advance(steps)


@dataclass(frozen=True)
class Run:
    """A measurement that can be repeated: simulated seconds (of all lanes together) and what takes its CPU time."""

    seconds: float
    spend: Callable[[], float]


def best(runs: Mapping[Hashable, Run], times: int) -> dict[Hashable, float]:
    """Real-time factor of the best run of each; all take turns, so that a slow moment hurts none of them alone."""
    spent = dict.fromkeys(runs, math.inf)
    for _ in range(times):
        for name, run in runs.items():
            spent[name] = min(spent[name], run.spend())
    return {name: run.seconds / spent[name] for name, run in runs.items()}


def at_work(machine: Machine, work: Work, step_s: float, backward_euler: bool = False) -> Run:
    """The engine alone at this work."""
    network = machine.network()

    def spend() -> float:
        simulator = Simulator(network, step_s, backward_euler=backward_euler)
        simulator.values[:] = work.start
        return cpu_s(lambda: again(work, simulator.advance, simulator.write, round(TICK_S / step_s)))

    return Run(work.ticks * TICK_S, spend)


def in_lanes(machine: Machine, work: Work) -> Run:
    """Lanes at this work, each but the first with a fault of its own."""
    network = machine.network()

    def spend() -> float:
        simulator = LaneSimulator(network, STEP_S)
        write = faulty_lanes(machine, work, simulator)
        return cpu_s(lambda: again(work, simulator.advance, write, round(TICK_S / STEP_S)))

    return Run(LaneSimulator(network, STEP_S).lanes * work.ticks * TICK_S, spend)


def faulty_lanes(machine: Machine, work: Work, simulator: LaneSimulator) -> Callable[[ParameterRef, float], None]:
    """Set lanes to where the work begins and give each but the first a fault; returns what writes to all of them."""
    faults = [f for f in machine.faults() if all(isinstance(e, Effect) for e in f.mode.effects)]
    simulator.values[:] = work.start[:, None]
    for lane in range(1, simulator.lanes):
        break_down(simulator, lane, faults[lane * len(faults) // simulator.lanes])

    def write(ref: ParameterRef, value: float) -> None:
        for lane in range(simulator.lanes):
            simulator.write(lane, ref, value)

    return write


def break_down(simulator: LaneSimulator, lane: int, fault: Fault) -> None:
    """A fault at its full degree in one lane."""
    for effect in fault.mode.effects:
        if isinstance(effect, Effect):
            device, _, parameter = effect.target.rpartition(".")
            ref = ParameterRef(f"{fault.tag}.{device}", parameter)
            simulator.write(lane, ref, effect.at(float(simulator.read(ref)[lane]), 1.0))


def standing(machine: Machine, seconds: float) -> dict[float, Run]:
    """The engine at each step length, two minutes after the machine was put into service."""
    run = Headless(machine)
    run.produce()
    run.hands.leave()
    run.run(120.0)
    run.simulator.catch_up()
    kept = run.simulator.snapshot()  # with the largest values that each state ever had: the scale of its changes

    def measured(step_s: float) -> Run:
        simulator = Simulator(run.simulator.network, step_s)
        simulator.restore(kept)
        simulator.advance(round(2.0 / step_s))
        return Run(seconds, lambda: cpu_s(lambda: simulator.advance(round(seconds / step_s))))

    return {step_s: measured(step_s) for step_s in (STEP_S, FINE_S)}


def timing(machine: Machine, seconds: float) -> str:
    """Largest difference of a change of an output between steps of 5 ms and of 0.1 ms without parts about events.

    What is no matter of the steps is the same in both: the hands of the operator do the same at the same time, and the
    control of a drive samples every 5 ms.
    """
    fine = course(machine, seconds, FINE_STEP_S, event_halvings=0)
    try:
        late = [abs(ms) for ms in course(machine, seconds, moves=fine.moves).late_ms(fine)]
    except ValueError as error:
        return str(error)
    return f"≤ {max(late):.0f} ms, median {median(late):.0f} ms ({len(late)} changes)"


def start_up_s(machine: str) -> float:
    """CPU seconds in a fresh interpreter for the import of the engine and the first step; best of three."""
    code = (
        "import time; a = time.process_time()\n"
        "from etabli.physics.simulator import Simulator; b = time.process_time()\n"
        "from etabli.machines import load_machine\n"
        f"network = load_machine({machine!r}).network(); c = time.process_time()\n"
        "Simulator(network).advance(); print(b - a + time.process_time() - c)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    return min(float(done.stdout) for done in runs)


def edit_ms(machine: Machine) -> float:
    """Milliseconds to put a resistor on two points of the machine and to take the next step; the median of twenty."""
    simulator = Simulator(machine.network(), STEP_S)
    simulator.advance(200)
    nodes = [name for name, domain in simulator.network.nodes.items() if domain is Domain.DC]

    def edit(k: int) -> None:
        edited = simulator.network.copy()
        edited.add("clip", resistor, {"a": nodes[k], "b": nodes[-1 - k]}, {"resistance": 1e7})
        simulator.edited(edited).advance()

    return median(1e3 * cpu_s(lambda k=k: edit(k)) for k in range(20))


def measured(machine: Machine, seconds: float) -> dict[str, Run]:
    """What is repeated of a machine, by the row that it is for."""
    work, still = noted(machine, seconds), standing(machine, seconds)
    return {
        "1 ms by Euler": at_work(machine, work, FINE_S, backward_euler=True),
        "1 ms at work": at_work(machine, work, FINE_S),
        "1 ms standing": still[FINE_S],
        "5 ms at work": at_work(machine, work, STEP_S),
        "5 ms standing": still[STEP_S],
        "lanes": in_lanes(machine, work),
    }


def column(name: str, seconds: float, factors: list[float]) -> list[str]:
    """The figures of one machine."""
    machine = load_machine(name)
    sizes = Simulator(machine.network(), STEP_S).sizes
    return [
        f"{sizes.unknowns}, {sizes.core}, {sizes.devices}",
        *(f"{factor:.0f}" for factor in factors),
        timing(machine, seconds),
        f"{start_up_s(name):.2f} s",
        f"{edit_ms(machine):.1f} ms",
        f"{sizes.instance_bytes / 1024:.0f} KiB",
    ]


ROWS = (
    ("unknowns, of which Newton's; devices", ""),
    ("× real time, 1 ms steps by backward Euler alone, at work", "≥ 200"),
    ("× real time, 1 ms steps (two stages), at work", "≥ 200"),
    ("× real time, 1 ms steps, standing", ""),
    ("× real time, 5 ms steps, at work", ""),
    ("× real time, 5 ms steps, standing", "≥ 1000"),
    ("lanes × real time, real faults, at work", "≥ 1500"),
    ("outputs of the PLC, 5 ms steps beside 0.1 ms", "≤ 10 ms"),
    ("import and first step", "< 0.5 s"),
    ("netlist edit", "< 5 ms"),
    ("memory of an instance", "≤ 30 KiB"),
)


def table(machines: Sequence[str], seconds: float, times: int) -> None:
    """Print the figures of some machines."""
    kinds = {name: measured(load_machine(name), seconds) for name in machines}
    factors = best({(name, kind): run for name, runs in kinds.items() for kind, run in runs.items()}, times)
    columns = [column(name, seconds, [factors[name, kind] for kind in kinds[name]]) for name in machines]
    print(f"Real-time factors: the best of {times} runs of {seconds:g} s, which take turns.\n")
    print(f"| what | goal | {' | '.join(load_machine(name).id for name in machines)} |")
    print("|---" * (2 + len(machines)) + "|")
    for row, (what, goal) in enumerate(ROWS):
        print(f"| {what} | {goal} | {' | '.join(c[row] for c in columns)} |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated seconds of each run")
    parser.add_argument("--runs", type=int, default=9, help="how often each is repeated; the best counts")
    parser.add_argument("--machine", nargs="+", default=MACHINES)
    asked = parser.parse_args()
    table(asked.machine, asked.seconds, asked.runs)


if __name__ == "__main__":
    main()
