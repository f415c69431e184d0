"""Where the time of a step goes, and how far each part is from what this processor can do; each machine, one core.

    python benchmarks/engine_profile.py [--machine poste_tri …] [--seconds 20]

A core is built that marks the end of each phase with the processor's clock (``core/profile.h``); the solver counts its
operations from the filled matrices, the laws theirs from their traced expressions. The limits are measured in the same
run, with the same compiler flags: independent multiplications and additions that stay in registers (no fused
operations: the engine is strict IEEE), and a triad over as many numbers as one instance works on. A division or a root
counts as one operation, though the processor takes four to twenty times as long for it.
"""

from __future__ import annotations

import argparse
import ctypes
import os
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
from numpy.typing import NDArray

from etabli.bench import Bench
from etabli.bench.plant import as_plant
from etabli.components.catalogue import catalogue
from etabli.machines import list_machines, load_machine
from etabli.physics.build import FLAGS, LIBRARY_NAME, compile_core, find_compiler, lane_libraries
from etabli.physics.core_library import use_core
from etabli.physics.expression import Expression, straight_line
from etabli.physics.kernels import c_source, idle_parameters, trace
from etabli.physics.lanes import LaneSimulator
from etabli.physics.law import LAWS, SAMPLED_LAWS, Law
from etabli.physics.network import Device, ParameterRef
from etabli.physics.simulator import Layout, Simulator

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
STEP_S = 0.005
Counts = NDArray[np.uint64]
Work = NDArray[np.float64]

CHAINS = 16
LIMITS = """
#if WIDTH == 1
typedef double V;
#define EACH(a, l) (a)
#else
typedef double V __attribute__((vector_size(8 * WIDTH), aligned(8)));
#define EACH(a, l) (a)[l]
#endif
#define VISIBLE __attribute__((visibility("default")))
VISIBLE double flops(long n) {
    V a[CHAINS], k;
    double sum = 0.0;
    for (int l = 0; l < WIDTH; l++) EACH(k, l) = 0.999999 + 1e-9 * l;
    for (int i = 0; i < CHAINS; i++)
        for (int l = 0; l < WIDTH; l++) EACH(a[i], l) = 1.0 + i + l;
    for (long j = 0; j < n; j++)
#pragma GCC unroll 16
        for (int i = 0; i < CHAINS; i++) a[i] = a[i] * k + k;
    for (int i = 0; i < CHAINS; i++)
        for (int l = 0; l < WIDTH; l++) sum += EACH(a[i], l);
    return sum;
}
VISIBLE void triad(double *restrict a, const double *restrict b, const double *restrict c, long n, long times) {
    for (long t = 0; t < times; t++) {
        for (long i = 0; i < n; i++) a[i] = b[i] + 1.0001 * c[i];
        __asm__ volatile("" ::: "memory");
    }
}
"""


@dataclass(frozen=True)
class Limit:
    """What one core can do: operations and bytes a nanosecond."""

    operations: float
    bytes: float


def best(action: Callable[[], object], runs: int = 7) -> float:
    """Least CPU nanoseconds of a call."""
    spent = []
    for _ in range(runs):
        start = time.process_time_ns()
        action()
        spent.append(time.process_time_ns() - start)
    return float(min(spent))


def limit(folder: Path, width: int, flags: tuple[str, ...], numbers: int) -> Limit:
    """Measured limits with vectors of ``width`` doubles; the triad goes over ``numbers`` numbers in all."""
    source, library = folder / f"limits{width}.c", folder / f"limits{width}.so"
    source.write_text(LIMITS, encoding="utf-8")
    plain = ("-fno-tree-vectorize", "-fno-tree-slp-vectorize") if width == 1 else ()
    command = [
        *(find_compiler() or ()),
        *FLAGS,
        *flags,
        *plain,
        f"-DWIDTH={width}",
        f"-DCHAINS={CHAINS}",
        str(source),
        "-o",
        str(library),
    ]
    subprocess.run(command, check=True)
    made = ctypes.CDLL(str(library))
    made.flops.restype = ctypes.c_double
    rounds, times, n = 2_000_000, 20_000, max(numbers // 3, 64)
    operations = rounds * CHAINS * 2 * width / best(lambda: made.flops(ctypes.c_long(rounds)))
    a, b, c = (np.ones(n) for _ in range(3))
    pointers = [ctypes.c_void_p(x.ctypes.data) for x in (a, b, c)]
    moved = 24.0 * n * times / best(lambda: made.triad(*pointers, ctypes.c_long(n), ctypes.c_long(times)))
    return Limit(operations, moved)


def law_work(law: Law) -> dict[str, tuple[float, float]]:
    """Per phase: arithmetic operations of one device of this law, and numbers that it reads or writes."""
    traced = trace(law)
    inside = len(law.parameters) + len(law.states) + traced.scalar_terminals

    def count(outputs: list[Expression], written: int) -> tuple[float, float]:
        operations = sum(e.op not in {"const", "input"} for e in straight_line(outputs)) + written
        return float(operations), float(inside + 2 * written)

    flows = [f for f in traced.flows if not f.is_constant(0.0)]
    states = count(traced.new_states, 0)
    if traced.linear:
        constants = [c for c in traced.constants if not c.is_constant(0.0)]
        return {
            "condense": count(traced.jacobian, len(traced.jacobian)),
            "load": count(constants, len(constants)),
            "states": states,
        }
    return {"kernels": count([*flows, *traced.jacobian], len(flows) + len(traced.jacobian)), "states": states}


def idle(device: Device) -> bool:
    """Whether the kernel passes this device over (the opening of a leak that is not there)."""
    law = device.law
    return not trace(law).linear and any(device.parameters[i] == 0.0 for i in idle_parameters(law))


class Profiler:
    """Ticks, operations and numbers of each phase, of a network in the profiling core ``library``."""

    def __init__(self, library: Path, layout: Layout, islands: dict[str, int], lanes: int) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.profile_now.restype = ctypes.c_uint64
        self.lanes = lanes
        shape = (MOST_ISLANDS, len(PHASES))
        operations, numbers = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        self._library.profile_work(ctypes.c_void_p(layout.structure), *map(pointer, (operations, numbers)))
        self.operations, self.numbers = operations.astype(float), numbers.astype(float)
        known: dict[str, dict[str, tuple[float, float]]] = {}
        names = list(PHASES)
        for device in layout.network.devices.values():
            at = next((islands[n] for n in device.nodes if n in islands), 0)
            if device.law.name not in known:
                known[device.law.name] = law_work(device.law)
            if idle(device):
                continue
            for phase, (done, moved) in known[device.law.name].items():
                self.operations[at, names.index(phase)] += done
                self.numbers[at, names.index(phase)] += moved

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

    def table(self, steps: int, ceiling: Limit) -> None:
        """Print what :meth:`take` gives as a table."""
        ticks, passes = self.take()
        ns = ticks.sum(axis=0) / self.ticks_per_ns()
        done = (passes * self.operations).sum(axis=0) * self.lanes
        moved = (passes * self.numbers).sum(axis=0) * self.lanes * 8.0
        print("| phase | µs a step | share | operations/ns | of the limit | bytes/ns | of the limit |")
        print("|---|---|---|---|---|---|---|")
        for i, what in enumerate(PHASES.values()):
            if ns[i] > 0.0:
                self._row(what, ns[i], ns.sum(), done[i], moved[i], steps, ceiling)
        self._row("**all**", ns.sum(), ns.sum(), done.sum(), moved.sum(), steps, ceiling)

    @staticmethod
    def _row(what: str, ns: float, whole: float, done: float, moved: float, steps: int, ceiling: Limit) -> None:
        line = f"| {what} | {ns / steps / 1e3:.2f} | {100.0 * ns / whole:.0f} % |"
        if done:
            line += f" {done / ns:.2f} | {100.0 * done / ns / ceiling.operations:.0f} % |"
            line += f" {moved / ns:.1f} | {100.0 * moved / ns / ceiling.bytes:.0f} % |"
        else:
            line += " | | | |"
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


def single(machine: str, seconds: float, folder: Path) -> None:
    """Profile of a bench at work: the engine by phases, and everything around it."""
    bench = at_work(machine)
    simulator = bench.simulator
    ceiling = limit(folder, 1, (), simulator.sizes.instance_bytes // 8)
    profiler = Profiler(folder / LIBRARY_NAME, simulator._layout, simulator.islands(), 1)
    profiler.take()
    ticks = round(seconds / 0.01)
    inside, advance = [0], simulator.advance

    def timed(steps: int = 1) -> None:
        start = time.process_time_ns()
        advance(steps)
        inside[0] += time.process_time_ns() - start

    simulator.advance = timed  # type: ignore[method-assign]
    spent = time.process_time_ns()
    bench.tick(ticks)
    spent = time.process_time_ns() - spent
    print(f"\n### {machine}: one bench at work")
    size = simulator.sizes.instance_bytes / 1024
    print(
        f"{seconds * 1e9 / spent:.0f} × real time; a tick of 10 ms takes {spent / ticks / 1e3:.1f} µs, of which the"
        f" engine (two steps) {inside[0] / ticks / 1e3:.1f}. One instance: {size:.0f} KiB."
        f" Limits of scalar code: {ceiling.operations:.1f} operations/ns, {ceiling.bytes:.0f} bytes/ns.\n"
    )
    profiler.table(2 * ticks, ceiling)


def lanes(machine: str, seconds: float, folder: Path) -> None:
    """Profile of lanes that get the outputs of a bench at work; each but the first has a bad wire of its own."""
    loaded = load_machine(machine)
    network = loaded.network()
    simulator = LaneSimulator(network, STEP_S)
    alone = Simulator(network, STEP_S)
    name, flags = next(iter(lane_libraries().items()))
    ceiling = limit(folder, simulator.lanes, flags, simulator.lanes * alone.sizes.instance_bytes // 8)
    profiler = Profiler(folder / name, simulator._layout, alone.islands(), simulator.lanes)
    bench = at_work(machine)
    addresses = [str(v.address) for v in loaded.program.outputs]
    commands = [ParameterRef(f"{loaded.plc}.{a[1]}{a[3:]}", "command") for a in addresses]
    wires = [n for n, d in network.devices.items() if d.law.name == "ac_conductor" or n.endswith(".conductor")]
    simulator.advance(200)
    for lane in range(1, simulator.lanes):
        wire = network.devices[wires[lane * len(wires) // simulator.lanes]]
        simulator.write(lane, ParameterRef(wire.name, wire.law.parameters[0]), 50.0)
    profiler.take()
    ticks, sent = round(seconds / 0.01), [0.0] * len(commands)
    spent = 0
    for _ in range(ticks):
        bench.tick()
        for i, ref in enumerate(commands):
            value = bench.read(ref)
            if value != sent[i]:
                sent[i] = value
                for lane in range(simulator.lanes):
                    simulator.write(lane, ref, value)
        start = time.process_time_ns()
        simulator.advance(2)
        spent += time.process_time_ns() - start
    print(f"\n### {machine}: {simulator.lanes} lanes")
    print(
        f"{simulator.lanes * seconds * 1e9 / spent:.0f} × real time over all lanes."
        f" Limits of lanes: {ceiling.operations:.1f} operations/ns, {ceiling.bytes:.0f} bytes/ns.\n"
    )
    profiler.table(2 * ticks, ceiling)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--machine", nargs="*", default=list(list_machines()))
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated seconds of each profile")
    asked = parser.parse_args()
    catalogue()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        compile_core(c_source(LAWS, SAMPLED_LAWS), folder, ("-DPROFILE",))
        use_core(folder)
        for machine in asked.machine:
            single(machine, asked.seconds, folder)
            lanes(machine, asked.seconds, folder)


if __name__ == "__main__":
    main()
