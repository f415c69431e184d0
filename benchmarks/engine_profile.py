"""Where the time of a step goes, and how far each part is from what this processor can do; each machine, one core.

    python benchmarks/engine_profile.py [--machine poste_tri …] [--seconds 20] [--runs 5]

A core is built that marks the end of each phase with the processor's clock (``core/profile.h``); the solver counts its
operations from the filled matrices, those of the laws are counted in their C text. The work is that of ``figures.py``:
one run, and eight lanes of which each but the first has a fault; of some runs, the one that took least counts.

The limits are measured in the same run, with the same compiler flags: independent multiplications and additions that
stay in registers (no fused operations: the engine is strict IEEE), divisions and square roots likewise, how far
divisions go on beside other arithmetic, and a triad over as many numbers as one instance works on. Two shares come of
it. "Of the limit" counts every operation as one, a division too. "Of the roof" is the least time that the phase could
take on this processor, over the time it takes: what its arithmetic needs, each kind at its own rate, or what moving its
numbers needs, whichever is longer. What is not counted (copies, the search for the instants of events, tables of
indices, calls) has no share, and counts as time without work in the last line.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from figures import MACHINES, STEP_S, Work, again, cpu_s, faulty_lanes, noted
from numpy.typing import NDArray

from etabli.bench import Bench
from etabli.bench.plant import as_plant
from etabli.components.catalogue import catalogue
from etabli.machines import load_machine
from etabli.physics.build import FLAGS, compile_core, core_libraries, find_compiler, lane_libraries
from etabli.physics.core_library import use_core
from etabli.physics.kernels import c_source, idle_parameters, trace
from etabli.physics.lanes import LaneSimulator
from etabli.physics.law import LAWS, SAMPLED_LAWS
from etabli.physics.layout import Layout
from etabli.physics.network import Device
from etabli.physics.simulator import Simulator

PHASES = {
    "condense": "linear laws, rows they alone touch",
    "load": "flows of linear laws",
    "linear": "linear part of the core",
    "kernels": "laws: flows and Jacobian",
    "eliminate": "elimination of the core",
    "reuse": "the same, matrix unchanged",
    "substitute": "back substitution, limits",
    "expand": "condensed rows again",
    "states": "laws: new states",
    "step": "copies, line, sleep",
    "sampled": "sampled laws, islands asleep",
}
MOST_ISLANDS = 512
Counts = NDArray[np.uint64]
Floats = NDArray[np.float64]

CHAINS, FEWER = 14, 12
"""Independent operations at a time: enough to fill the pipelines, and with their factor they fit the registers."""
LIMITS = """
#include <math.h>
#if WIDTH == 1
typedef double V;
#define EACH(a, l) (a)
#else
typedef double V __attribute__((vector_size(8 * WIDTH), aligned(8)));
#define EACH(a, l) (a)[l]
#endif
#define VISIBLE __attribute__((visibility("default")))
static inline V root(V a) {
    V r;
    for (int l = 0; l < WIDTH; l++) EACH(r, l) = sqrt(EACH(a, l));
    return r;
}
#define LOOP(name, chains, each, once) \
    VISIBLE double name(long n) { \
        V a[chains], k, d; \
        double sum = 0.0; \
        for (int l = 0; l < WIDTH; l++) { EACH(k, l) = 0.999999 + 1e-9 * l; EACH(d, l) = 1.5 + l; } \
        for (int i = 0; i < chains; i++) \
            for (int l = 0; l < WIDTH; l++) EACH(a[i], l) = 1.5 + i + l; \
        for (long j = 0; j < n; j++) { \
            _Pragma("GCC unroll 16") \
            for (int i = 0; i < chains; i++) a[i] = each; \
            once; \
        } \
        for (int i = 0; i < chains; i++) \
            for (int l = 0; l < WIDTH; l++) sum += EACH(a[i], l) + EACH(d, l); \
        return sum; \
    }
LOOP(flops, CHAINS, a[i] * k + k, (void)0)
LOOP(plain, FEWER, a[i] * k + k, (void)0)
LOOP(both, FEWER, a[i] * k + k, d += k / a[0])
LOOP(quotients, FEWER, k / a[i], (void)0)
LOOP(roots, FEWER, root(a[i] + k), (void)0)
VISIBLE void triad(double *restrict a, const double *restrict b, const double *restrict c, long n, long times) {
    for (long t = 0; t < times; t++) {
        for (long i = 0; i < n; i++) a[i] = b[i] + 1.0001 * c[i];
        __asm__ volatile("" ::: "memory");
    }
}
"""


@dataclass(frozen=True)
class Limit:
    """What one core can do: operations, divisions, square roots and bytes a nanosecond; ``beside`` is the share of the
    shorter one that is hidden where divisions and other operations are done together."""

    operations: float
    divisions: float
    roots: float
    bytes: float
    beside: float

    def __str__(self) -> str:
        return (
            f"{self.operations:.1f} operations/ns, {self.divisions:.2f} divisions/ns, {self.roots:.2f} roots/ns"
            f" ({100.0 * self.beside:.0f} % of them beside the others), {self.bytes:.0f} bytes/ns"
        )

    def least_ns(self, work: Floats) -> Floats:
        """Least time of work given as rows of :data:`KINDS`."""
        operations, divisions, roots, moved = work
        simple = (operations - divisions - roots) / self.operations
        slow = divisions / self.divisions + roots / self.roots
        least: Floats = np.maximum(simple + slow - self.beside * np.minimum(simple, slow), moved * 8.0 / self.bytes)
        return least


def best(action: Callable[[], object], runs: int = 15) -> float:
    """Least CPU nanoseconds of a call."""
    return 1e9 * min(cpu_s(action) for _ in range(runs))


def limit(folder: Path, width: int, flags: tuple[str, ...], numbers: int) -> Limit:
    """Measured limits with vectors of ``width`` doubles; the triad goes over ``numbers`` numbers in all."""
    source, library = folder / f"limits{width}.c", folder / f"limits{width}.so"
    source.write_text(LIMITS, encoding="utf-8")
    plain = ("-fno-tree-vectorize", "-fno-tree-slp-vectorize") if width == 1 else ()
    defined = (f"-DWIDTH={width}", f"-DCHAINS={CHAINS}", f"-DFEWER={FEWER}")
    command = [*(find_compiler() or ()), *FLAGS, *flags, *plain, *defined, str(source), "-o", str(library), "-lm"]
    subprocess.run(command, check=True)
    made = ctypes.CDLL(str(library))
    rounds = 500_000

    def taken(name: str) -> float:
        function = made[name]
        function.restype = ctypes.c_double
        return best(lambda: function(ctypes.c_long(rounds)))

    flops, simple, both, quotients, roots = (taken(n) for n in ("flops", "plain", "both", "quotients", "roots"))
    alone = quotients / FEWER
    beside = (simple + alone - both) / min(simple, alone)
    times, n = 10_000, max(numbers // 3, 64)
    room = np.ones(3 * n + 32)
    start = room.ctypes.data + -room.ctypes.data % 64  # lines of the cache begin there, as those of the engine do
    pointers = [ctypes.c_void_p(start + 64 * -(-k * 8 * n // 64)) for k in range(3)]
    moved = 24.0 * n * times / best(lambda: made.triad(*pointers, ctypes.c_long(n), ctypes.c_long(times)))
    each = rounds * width
    return Limit(
        2 * CHAINS * each / flops, FEWER * each / quotients, FEWER * each / roots, moved, min(max(beside, 0.0), 1.0)
    )


KINDS = ("operations", "divisions", "roots", "numbers")
"""What is counted of a phase; operations are all of them, numbers are those that it reads or writes."""


KERNELS = {
    "newton": "kernels",
    "constant": "load",
    "conductance": "condense",
    "update": "states",
    "run": "sampled",
}
"""Kinds of C functions of a law, and the phases that they run in."""
_KERNEL = re.compile(rf"^static void (\w+)_({'|'.join(KERNELS)})\((.*?)}}$", re.DOTALL | re.MULTILINE)
_EACH, _OF_A_NODE = "for (Index d = 0;", "for (; d < g->count"


def counted(text: str) -> Floats:
    """Work of C statements: a division by the same number twice is one there, a minimum is one operation."""
    kinds = (" + ", " - ", " * ", " / ", "+=", "-=", "SQRT(", "ABS(", "SELECT(")
    operations = sum(text.count(kind) for kind in kinds) + len(re.findall(r"(?<!SELECT\()LESS\(", text))
    inputs = len(re.findall(r"= (?:c->x|value|p|s|m)\[", text))
    written = 2 * len(re.findall(r"c->(?:flow|jacobian)\[", text)) + text.count("SET_WHERE(") + text.count("_emit(")
    return np.array([operations, text.count(" / "), text.count("SQRT("), inputs + written], float)


@dataclass(frozen=True)
class Kernel:
    """Work of a C function of a law, for each of its devices and for each node that several of them may share."""

    each: Floats
    of_a_node: Floats
    clocked: bool
    """It divides by the time since the last run, and runs too seldom to count."""


def kernels_of(laws_c: str) -> dict[tuple[str, str], Kernel]:
    """By law and phase, from the C text of all laws: what is really computed, once common parts are shared."""
    found = {}
    for law, kind, body in _KERNEL.findall(laws_c):
        loop = body.partition(_EACH)[2].partition("{")[2]
        shared, nested, own = loop.partition(_OF_A_NODE)
        if not nested:
            shared, own = "", loop
        own = own.partition("{")[2] if nested else own
        found[law, KERNELS[kind]] = Kernel(counted(own), counted(shared), bool(re.search(r" / h\b", own)))
    return found


def idle(device: Device) -> bool:
    """Whether the kernel passes this device over (the opening of a leak that is not there)."""
    law = device.law
    return not trace(law).linear and any(device.parameters[i] == 0.0 for i in idle_parameters(law))


class Profiler:
    """Ticks, operations and numbers of each phase, of a network in the profiling core ``library``."""

    def __init__(self, library: Path, layout: Layout, islands: dict[str, int], lanes: int) -> None:
        kernels = kernels_of(c_source(LAWS, SAMPLED_LAWS))
        self._library = ctypes.CDLL(str(library))
        self._library.profile_now.restype = ctypes.c_uint64
        self.lanes = lanes
        shape = (MOST_ISLANDS, len(PHASES))
        operations, divisions, numbers = (np.zeros(shape, np.uint64) for _ in range(3))
        own = map(pointer, (operations, divisions, numbers))
        self._library.profile_work(ctypes.c_void_p(layout.structure), *own)
        self.work = np.stack([operations, divisions, np.zeros(shape), numbers]).astype(float)
        """What one pass does: kind (:data:`KINDS`), island, phase."""
        for phase, name in enumerate(PHASES):
            seen: set[tuple[str, tuple[str, ...]]] = set()
            for device in layout.network.devices.values():
                kernel = kernels.get((device.law.name, name))
                if kernel is None or idle(device):
                    continue
                at = next((islands[n] for n in device.nodes if n in islands), 0)
                self.work[:, at, phase] += kernel.each
                place = (device.law.name, tuple(device.nodes))
                if place not in seen:
                    seen.add(place)
                    self.work[:, at, phase] += kernel.of_a_node
        for sampled in layout.network.sampled.values():
            kernel = kernels[sampled.law.name, "sampled"]
            if not kernel.clocked:
                self.work[:, 0, list(PHASES).index("sampled")] += kernel.each

    def take(self) -> tuple[Counts, Counts]:
        """Ticks and passes since the last call, of each island and phase."""
        shape = (MOST_ISLANDS, len(PHASES))
        ticks, passes = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        self._library.profile_take(pointer(ticks), pointer(passes))
        return ticks, passes

    def ticks_per_ns(self) -> float:
        """Rate of the processor's clock."""
        start, ticks = time.perf_counter_ns(), self._library.profile_now()
        time.sleep(0.1)
        taken: int = self._library.profile_now() - ticks
        return taken / (time.perf_counter_ns() - start)

    def least(self, prepared: Callable[[], Callable[[], object]], runs: int) -> tuple[Counts, Counts]:
        """What :meth:`take` gives for the run that took least; each run is prepared first."""
        found = []
        for _ in range(runs):
            run = prepared()
            self.take()
            run()
            found.append(self.take())
        return min(found, key=lambda taken: int(taken[0].sum()))

    def table(self, taken: tuple[Counts, Counts], steps: int, ceiling: Limit) -> None:
        """Print what :meth:`take` gave as a table."""
        ticks, passes = taken
        ns = ticks.sum(axis=0) / self.ticks_per_ns()
        done = (passes * self.work).sum(axis=1) * self.lanes
        roof = np.minimum(ceiling.least_ns(done), ns)  # numbers that are read again lie nearer than those of the triad
        print(
            "| phase | µs a step | share | operations/ns | of the limit | divisions and roots | bytes/ns | of the limit"
            " | of the roof |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for i, what in enumerate(PHASES.values()):
            if ns[i] > 0.0:
                self._row(what, ns[i], ns.sum(), done[:, i], roof[i], steps, ceiling)
        self._row("**all**", ns.sum(), ns.sum(), done.sum(axis=1), roof.sum(), steps, ceiling)

    @staticmethod
    def _row(what: str, ns: float, whole: float, done: Floats, roof: float, steps: int, ceiling: Limit) -> None:
        line = f"| {what} | {ns / steps / 1e3:.2f} | {100.0 * ns / whole:.0f} % |"
        operations, divisions, roots, numbers = done
        if operations:
            line += f" {operations / ns:.2f} | {100.0 * operations / ns / ceiling.operations:.0f} % |"
            line += f" {100.0 * (divisions + roots) / operations:.0f} % |"
            line += f" {8.0 * numbers / ns:.1f} | {800.0 * numbers / ns / ceiling.bytes:.0f} % |"
            line += f" {100.0 * roof / ns:.0f} % |"
        else:
            line += " | | | | | |"
        print(line)


def pointer(array: Counts) -> ctypes.c_void_p:
    """Address of an array, for C."""
    return ctypes.c_void_p(array.ctypes.data)


def at_work(machine: str) -> Bench:
    """A bench whose operator has started the machine and works at it."""
    bench = Bench.create(as_plant(load_machine(machine)), 1)
    for at_s, tag, control, value in sorted(bench.plant.machine.operator.starts):
        bench.tick(max(0, round((at_s - bench.time_s) * 100)))
        bench.set_control(tag, control, value)
    bench.hands.begin()
    bench.tick(1000)
    return bench


def of_the_bench(machine: str, seconds: float) -> str:
    """How long a tick of a bench at work takes, and how much of that is the engine."""
    bench = at_work(machine)
    simulator = bench.simulator
    ticks = round(seconds / 0.01)
    inside, advance = [0.0], simulator.advance

    def timed(steps: int = 1) -> None:
        inside[0] += cpu_s(lambda: advance(steps))

    simulator.advance = timed  # type: ignore[method-assign]
    spent = cpu_s(lambda: bench.tick(ticks))
    return (
        f"A bench at work: {seconds / spent:.0f} × real time; a tick of 10 ms takes {1e6 * spent / ticks:.1f} µs, of"
        f" which the engine (two steps) {1e6 * inside[0] / ticks:.1f}."
    )


def single(machine: str, work: Work, runs: int, folder: Path) -> None:
    """Profile of one run: the engine alone, doing what a bench at work made it do."""
    network = load_machine(machine).network()
    alone = Simulator(network, STEP_S)
    size = alone.sizes.instance_bytes
    name, flags = next(iter(core_libraries().items()))
    ceiling = limit(folder, 1, flags, size // 8)
    profiler = Profiler(folder / name, alone._layout, alone.islands(), 1)

    def prepared() -> Callable[[], object]:
        simulator = Simulator(network, STEP_S)
        simulator.values[:] = work.start
        return lambda: again(work, simulator.advance, simulator.write, 2)

    taken = profiler.least(prepared, runs)
    print(f"One instance: {size / 1024:.0f} KiB. Limits of scalar code: {ceiling}.\n")
    profiler.table(taken, 2 * work.ticks, ceiling)


def lanes(machine: str, work: Work, runs: int, folder: Path) -> None:
    """Profile of lanes at the same work, each but the first with a fault."""
    loaded = load_machine(machine)
    network = loaded.network()
    alone = Simulator(network, STEP_S)
    side_by_side = LaneSimulator(network, STEP_S)
    name, flags = next(iter(lane_libraries().items()))
    ceiling = limit(folder, side_by_side.lanes, flags, side_by_side.lanes * alone.sizes.instance_bytes // 8)
    profiler = Profiler(folder / name, side_by_side._layout, alone.islands(), side_by_side.lanes)

    def prepared() -> Callable[[], object]:
        simulator = LaneSimulator(network, STEP_S)
        write = faulty_lanes(loaded, work, simulator)
        return lambda: again(work, simulator.advance, write, 2)

    taken = profiler.least(prepared, runs)
    print(f"\n{side_by_side.lanes} lanes, each but the first with a fault. Limits of lanes: {ceiling}.\n")
    profiler.table(taken, 2 * work.ticks, ceiling)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--machine", nargs="*", default=MACHINES)
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated seconds of each profile")
    parser.add_argument("--runs", type=int, default=5, help="how often each is repeated; the best counts")
    asked = parser.parse_args()
    catalogue()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        compile_core(c_source(LAWS, SAMPLED_LAWS), folder, ("-DPROFILE",))
        use_core(folder)
        for machine in asked.machine:
            work = noted(load_machine(machine), asked.seconds)
            print(f"\n### {load_machine(machine).id}\n\n{of_the_bench(machine, asked.seconds)}")
            single(machine, work, asked.runs, folder)
            lanes(machine, work, asked.runs, folder)


if __name__ == "__main__":
    main()
