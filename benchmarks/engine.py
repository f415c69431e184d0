"""The engine beside scipy and casadi on the first machine: same network, same equations, same sampled laws, one run.

    python benchmarks/engine.py [--seconds 2] [--peer-seconds 0.5]

Prints, on one core: real-time factor of the engine (physics alone, and the whole bench with its PLC), of scipy's Radau
and of casadi's IDAS at the tolerance that gives the engine's accuracy; then start-up, netlist edit and memory. Every
figure is CPU time of this process. The peers solve the very equations of the laws (``etabli.physics.equations``), with
exact Jacobians, and run the same sampled laws every step.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from reference.casadi_idas import CasadiReference
from reference.radau import Reference
from reference.sorting_station import SCHEDULE, WATCHED, started

from etabli.physics.network import GROUND, NodeRef
from etabli.physics.simulator import Simulator

STEP_S = 0.005


@contextmanager
def cpu() -> Iterator[Callable[[], float]]:
    """CPU seconds spent inside the block."""
    start = time.process_time()
    yield lambda: time.process_time() - start


def engine(seconds: float, step_s: float) -> tuple[np.ndarray, float, Simulator]:
    """Trajectory of the watched signals at 10 ms, CPU seconds, and the simulator."""
    simulator = started(step_s)
    read = simulator.reader(list(WATCHED.values()))
    per_tick = round(0.01 / step_s)
    rows = []
    with cpu() as spent:
        for tick in range(round(seconds / 0.01)):
            SCHEDULE(tick * 0.01, simulator)
            simulator.advance(per_tick)
            rows.append(read())
    return np.array(rows), spent(), simulator


def peer(make: Callable[[Simulator], Reference], seconds: float, step_s: float) -> tuple[np.ndarray, float]:
    """The same trajectory by another tool. The time of building its equations is not counted."""
    reference = make(started(step_s))
    read = reference.simulator.reader(list(WATCHED.values()))
    per_tick = round(0.01 / step_s)
    rows = []
    with cpu() as spent:
        for tick in range(round(seconds / 0.01)):
            SCHEDULE(tick * 0.01, reference.simulator)
            reference.advance(per_tick)
            rows.append(read())
    return np.array(rows), spent()


def errors(found: np.ndarray, reference: np.ndarray) -> str:
    """Largest RMS error over the signals, in % of each signal's scale."""
    scale = np.maximum(np.abs(reference).max(0), 1e-9)
    rms = np.sqrt((((found[: len(reference)] - reference) / scale) ** 2).mean(0)) * 100.0
    worst = int(np.argmax(rms))
    return f"RMS error {rms[worst]:.3f} % ({list(WATCHED)[worst]}), median {np.median(rms):.4f} %"


def edit(simulator: Simulator) -> float:
    """Milliseconds to clip a voltmeter on two points of the running machine (median of 20)."""
    from etabli.bench.instruments import with_voltmeter

    nodes = [n for n, d in simulator.network.nodes.items() if d.value == "dc" and ":" in n]
    times = []
    for k in range(20):
        start = time.perf_counter()
        edited = simulator.edited(with_voltmeter(simulator.network, nodes[k], nodes[-k - 1]))
        edited.advance()
        times.append((time.perf_counter() - start) * 1e3)
    return float(np.median(times))


def start_up() -> float:
    """Seconds from a fresh interpreter to the first step of the machine (import included)."""
    code = (
        "import time; t = time.perf_counter()\n"
        "from etabli.machines import load_machine\nfrom etabli.physics.simulator import Simulator\n"
        "Simulator(load_machine('poste_tri').network()).advance()\nprint(time.perf_counter() - t)"
    )
    runs = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    return min(runs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--peer-seconds", type=float, default=0.6)
    asked = parser.parse_args()
    sizes = started(STEP_S).sizes
    print(f"poste_tri: {sizes.unknowns} unknowns, {sizes.devices} devices, {sizes.islands} islands, core {sizes.core}, "
          f"{sizes.states} states; instance {sizes.instance_bytes / 1024:.0f} KiB, structure {sizes.structure_bytes / 1024:.0f} KiB")
    for step_s in (0.005, 0.001):
        _, spent, simulator = engine(asked.seconds, step_s)
        print(f"engine, SDIRK2 {step_s * 1e3:.0f} ms      : real-time factor {asked.seconds / spent:7.0f}   "
              f"({simulator.unresolved} unresolved steps)")
    exact, spent_exact = peer(lambda s: Reference(s, STEP_S, 1e-8), asked.peer_seconds, STEP_S)
    print(f"scipy Radau 1e-8         : real-time factor {asked.peer_seconds / spent_exact:7.3f}   (reference)")
    found, _, _ = engine(asked.peer_seconds, STEP_S)
    print(f"engine against it        : {errors(found, exact)}")
    for name, make in (
        ("scipy Radau 1e-4", lambda s: Reference(s, STEP_S, 1e-4)),
        ("casadi IDAS 1e-4", lambda s: CasadiReference(s, STEP_S, 1e-4)),
    ):
        rows, spent = peer(make, asked.peer_seconds, STEP_S)
        print(f"{name:25s}: real-time factor {asked.peer_seconds / spent:7.3f}   {errors(rows, exact)}")
    print(f"import + load + first step: {start_up():.2f} s")
    print(f"voltmeter clipped on      : {edit(started(STEP_S)):.2f} ms")
    print(f"peak memory of this run   : {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    assert simulator.read(NodeRef(GROUND)) == 0.0


if __name__ == "__main__":
    main()
