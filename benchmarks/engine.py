"""The engine beside scipy and casadi on whole machines: same network, same equations, same sampled laws, one run.

    python benchmarks/engine.py [--seconds 60]

Two machines are driven by hand, without their PLC, through a second or two in which everything moves and faults happen:
the reference machine (``tests/reference/reference_machine.py``), as large as the one that the figures were asked for,
and the sorting station. On one core, CPU time of this process: real-time factor and error of the engine, of scipy's
Radau and LSODA and of casadi's IDAS, against a tight Radau. "Ringing" is the zigzag of the error: what one step is off
from the mean of its neighbours, at worst. The peers solve the equations of the laws (``etabli.physics.equations``) with
exact Jacobians, and run the same sampled laws at the same instants. For scipy the laws are compiled in C
(``tests/reference/compiled.py``; in ``peers.py`` its right-hand sides are numba's); casadi has its own expressions.
LSODA is only run at 1e-5: at 1e-3 it does not come to an end. A peer runs once, the engine five times, the best counts.

For the sorting station also: the engine standing and working hard, inside a bench that produces with its PLC and its
parts, and the time to clip a meter on. Needs ``requirements-bench.txt``.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from figures import cpu_s
from numpy.typing import NDArray
from scipy.integrate import LSODA

from etabli.bench import Bench
from etabli.machines import Machine, load_machine
from etabli.physics.network import ParameterRef, Ref
from etabli.physics.simulator import Simulator
from reference import reference_machine
from reference.casadi_idas import CasadiReference
from reference.measure import rms_and_ringing
from reference.radau import Part, Reference
from reference.sorting_station import EVENTS, MACHINE, WATCHED, started

STEP_S = 0.005
ENGINE_RUNS = 5
PATIENCE_S = 20.0
"""CPU seconds that a peer may take."""
CYCLE_S = 1.0
"""Working hard: the healthy events of the schedule again and again; three cylinders out and back."""
HEALTHY = [event for event in EVENTS if event[1].parameter == "command"]

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Schedule:
    """A machine that is started, then told what to do: (time in s, parameter, value); and what is looked at."""

    machine: Machine
    started: Callable[[float], Simulator]
    events: tuple[tuple[float, ParameterRef, float], ...]
    watched: Mapping[str, Ref]
    seconds: float
    tight: float
    """Tolerance of the reference."""

    def tell(self, time_s: float, simulator: Simulator) -> None:
        """Write what happens in the step from ``time_s`` on."""
        for at, ref, value in self.events:
            if time_s - 1e-6 <= at < time_s + STEP_S - 1e-6:
                simulator.write(ref, value)


SCHEDULES = (
    Schedule(
        load_machine(reference_machine.MACHINE),
        reference_machine.started,
        reference_machine.EVENTS,
        reference_machine.WATCHED,
        reference_machine.SECONDS,
        1e-8,
    ),
    Schedule(load_machine(MACHINE), started, EVENTS, WATCHED, 1.4, 1e-7),
)


def standing(simulator: Simulator, seconds: float) -> None:
    """Power and air on, nothing moves."""
    simulator.advance(round(seconds / simulator.step_s))


def working(simulator: Simulator, seconds: float) -> None:
    """Everything moves all the time; commands are written every 10 ms, as a PLC does."""
    per_tick = round(0.01 / simulator.step_s)
    by_tick: dict[int, list[Callable[[], None]]] = {}
    for at, ref, value in HEALTHY:
        by_tick.setdefault(round(at / 0.01), []).append(lambda ref=ref, value=value: simulator.write(ref, value))
    for tick in range(round(seconds / 0.01)):
        for write in by_tick.get(tick % round(CYCLE_S / 0.01), ()):
            write()
        simulator.advance(per_tick)


def factor(action: Callable[[Simulator, float], None], step_s: float, seconds: float) -> tuple[float, float, Simulator]:
    """Real-time factor (best of three), microseconds a step, and the simulator."""
    simulator = started(step_s)
    kept = simulator.snapshot()
    spent = []
    for _ in range(3):
        simulator.restore(kept)
        spent.append(cpu_s(lambda: action(simulator, seconds)))
    return seconds / min(spent), min(spent) / (seconds / step_s) * 1e6, simulator


def producing() -> Bench:
    """A bench in automatic mode, some parts on their way."""
    bench = Bench.create(MACHINE, 1)
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(100)
    bench.act("operate", tag="S4", control="position", value=1)
    bench.tick(50)
    bench.act("press", tag="S1")
    bench.tick(500)
    return bench


def trajectory(job: Schedule, simulator: Simulator, advance: Callable[[], None]) -> tuple[Rows, float]:
    """Watched signals every 5 ms, and the CPU seconds spent in ``advance``."""
    read = simulator.reader([job.machine.resolve(ref) for ref in job.watched.values()])
    rows, spent = [], 0.0
    for step in range(round(job.seconds / STEP_S)):
        job.tell(step * STEP_S, simulator)
        spent += cpu_s(advance)
        rows.append(read())
    return np.array(rows), spent


def at_ends_of_steps(job: Schedule) -> Simulator:
    """The machine as started, its sampled laws run at ends of steps only: the peers locate no events either."""
    simulator = job.started(STEP_S)
    made = Simulator(simulator.network, STEP_S, event_halvings=0)
    made.restore(simulator.snapshot())
    return made


class LsodaPart(Part):
    """As :class:`Part`, integrated by LSODA (Adams and BDF, ODEPACK)."""

    def _restarted(self, time_s: float, first_step_s: float) -> LSODA | None:
        if not self.equations.states:
            return None
        return LSODA(
            self._rates, time_s, self.s, time_s + 3600.0, jac=self._jacobian,
            rtol=self.tolerance, atol=self.tolerance * 1e-2, first_step=first_step_s,
        )  # fmt: skip


class LsodaReference(Reference):
    """As :class:`Reference`, by LSODA."""

    def _part(self, devices: list[str], tolerance: float) -> Part:
        return LsodaPart(self.simulator, devices, tolerance)


def peer(job: Schedule, make: type[Reference], tolerance: float) -> tuple[Rows, float, Reference]:
    """The schedule by another tool. The time of building its equations is not counted."""
    simulator = job.started(STEP_S)
    simulator.catch_up()
    reference = make(simulator, STEP_S, tolerance)
    return *trajectory(job, simulator, lambda: reference.advance(1)), reference


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """A RuntimeError after ``seconds`` of CPU time."""

    def stop(signal_number: int, frame: object) -> None:
        raise RuntimeError(f"not done after {seconds:.0f} s of CPU time")

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)


def beside(job: Schedule, make: type[Reference], tolerance: float, exact: Rows, mine: float) -> str:
    """What another tool does with the schedule, beside the factor of the engine."""
    try:
        with at_most(PATIENCE_S):
            found, spent, reference = peer(job, make, tolerance)
    except (RuntimeError, ArithmeticError, AssertionError) as failure:
        return "gives up, " + (str(failure).strip().splitlines() or [""])[-1].rpartition(": ")[2][:100]
    said = (
        f"{job.seconds / spent:8.3f} x real time, {errors(job, found, exact)};"
        f" engine {mine * spent / job.seconds:.0f} times faster"
    )
    pieces = getattr(reference, "pieces", 0)
    return said + (f" ({pieces} corners of 0.1 ms by Radau)" if pieces else "")


def of_largest(found: Rows, exact: Rows) -> tuple[Rows, Rows]:
    """RMS error and ringing of each signal, in % of its scale (its largest value in the schedule)."""
    return rms_and_ringing(found, exact, np.abs(exact).max(axis=0))


def each_signal(job: Schedule, found: Rows, exact: Rows) -> str:
    """RMS error and ringing of every signal."""
    pairs = zip(job.watched, *of_largest(found, exact), strict=True)
    said = ", ".join(f"{name} {rms:.3f} {ringing:.2f}" for name, rms, ringing in pairs)
    return textwrap.indent(textwrap.fill(f"RMS error and ringing of each signal, %: {said}", 116), "    ")


def errors(job: Schedule, found: Rows, exact: Rows) -> str:
    """RMS error and ringing of the worst signal, RMS error of the median one, in % of each signal's scale."""
    rms, ringing = of_largest(found, exact)
    names, worst, rings = list(job.watched), int(rms.argmax()), int(ringing.argmax())
    return (
        f"RMS error {rms[worst]:.3f} % at worst ({names[worst]}), median {np.median(rms):.4f} %,"
        f" ringing {ringing[rings]:.2f} % ({names[rings]})"
    )


def compared(job: Schedule) -> None:
    """Print a machine and its schedule by the engine and by the others."""
    sizes = job.started(STEP_S).sizes
    print(
        f"{job.machine.id}: {sizes.unknowns} unknowns, {sizes.devices} devices, {sizes.islands} islands,"
        f" Newton on {sizes.core}, {sizes.states} states"
    )
    exact, spent, _ = peer(job, Reference, job.tight)
    print(f"{f'scipy Radau {job.tight:.0e}':27s}: {job.seconds / spent:8.3f} x real time (the reference)", flush=True)
    spent = math.inf
    for _ in range(ENGINE_RUNS):
        simulator = at_ends_of_steps(job)
        found, taken = trajectory(job, simulator, simulator.advance)
        spent = min(spent, taken)
    mine = job.seconds / spent
    print(f"engine on the same schedule: {mine:8.0f} x real time, {errors(job, found, exact)}")
    print(each_signal(job, found, exact), flush=True)
    for name, make, tolerance in (
        ("scipy Radau", Reference, 1e-3),
        ("scipy LSODA", LsodaReference, 1e-5),
        ("casadi IDAS", CasadiReference, 1e-3),
        ("casadi IDAS", CasadiReference, 1e-5),
    ):
        print(f"{f'{name} {tolerance:.0e}':27s}: {beside(job, make, tolerance, exact, mine)}", flush=True)


def clipped_ms() -> float:
    """Milliseconds to clip the voltmeter on two points of a running bench; the median."""
    bench = producing()
    bench.act("open_cabinet")
    bench.act("dial", position="vdc")
    points = ("G1:+", "KM1:A1", "X1:1", "A1:L+")
    return median(1e3 * cpu_s(lambda red=red: bench.act("probe", red=red, black="G1:-")) for red in points * 5)


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="simulated seconds of each run of the engine alone")
    asked = parser.parse_args()
    for job in SCHEDULES:
        compared(job)
        print()
    for name, action in (("standing", standing), ("working hard", working)):
        for step_s in (0.005, 0.001):
            ratio, microseconds, simulator = factor(action, step_s, asked.seconds * step_s / STEP_S)
            print(
                f"engine, {step_s * 1e3:.0f} ms, {name:13s}: {ratio:8.0f} x real time, {microseconds:5.2f} us a step,"
                f" {simulator.unresolved} unresolved"
            )
    bench = producing()
    spent = cpu_s(lambda: bench.tick(round(asked.seconds / 0.01)))
    print(
        f"whole bench, producing     : {asked.seconds / spent:8.0f} x real time (PLC, parts, instruments; 10 ms ticks)"
    )
    print(f"voltmeter clipped on in the bench: {clipped_ms():.2f} ms")


if __name__ == "__main__":
    main()
