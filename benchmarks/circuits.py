"""The 24 V circuits of the machines beside ngspice: same parts, same work, one run.

    python benchmarks/circuits.py [--seconds 10]

The whole control circuit of a machine at work (every node that copper joins to the 24 V), alone; one output of its PLC
goes on and off ten times a second. ngspice gets the netlist of the tests (``tests/reference/ngspice.py``). Errors of
the coil's current are those against ngspice with steps of 20 µs. ngspice's start and its operating point are not
counted: the CPU time of a short run is taken off.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from numpy.typing import NDArray

from etabli.machines import load_machine
from etabli.physics.network import GROUND, Network, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from machines.headless import Headless
from reference.ngspice import ControlCircuit, run

OUTPUTS = {"poste_tri": ("Q0.0", "KM1"), "presse": ("Q0.1", "KA1"), "monte_charge": ("Q0.5", "KA3")}
"""Output of the PLC and the relay or contactor whose coil hangs on it."""
PERIOD_S, CHECKED_S, GRID_S = 0.1, 1.0, 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Work:
    """A control circuit, the transistor that goes on and off, and the coil that follows."""

    circuit: ControlCircuit
    transistor: ParameterRef
    on: float
    off: float
    coil: str

    def network(self) -> Network:
        """The circuit alone, as it is now."""
        now, made = self.circuit.simulator, Network()
        for d in self.circuit.devices:
            made.add(
                d.name,
                d.law,
                dict(zip(d.law.terminals, d.nodes, strict=True)),
                {p: now.read(ParameterRef(d.name, p)) for p in d.law.parameters},
                {s: now.read(StateRef(d.name, s)) for s in d.law.states},
            )
        for node in made.nodes:
            if node != GROUND:
                made.initial[node] = now.read(NodeRef(node))
        return made


def work_of(machine: str) -> Work:
    """The machine just put to work, its output on."""
    life = Headless(load_machine(machine))
    life.produce()
    life.run(2.0)
    simulator, (output, relay) = life.simulator, OUTPUTS[machine]
    transistor, command = (
        ParameterRef(f"A1.transistor_{output}", "conductance"),
        ParameterRef(f"A1.{output}", "command"),
    )
    found = []
    for level in (0.0, 1.0):
        simulator.write(command, level)
        simulator.advance(200)
        found.append(simulator.read(transistor))
    return Work(ControlCircuit(simulator, "G1:+"), transistor, found[1], found[0], f"{relay}.coil")


def by_ngspice(work: Work, seconds: float, step_s: float, tolerance: float, folder: Path) -> tuple[Floats, float]:
    """Current of the coil every ms, A, and CPU seconds of the program."""
    wave = f"(sin(6.283185307179586 * time / {PERIOD_S!r}) >= 0 ? {work.on!r} : {work.off!r})"
    lines = work.circuit.netlist({work.transistor: wave})
    name = f"i(lcoil{work.circuit._coils.index(work.coil)})"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    times, values = run([*lines, f".save {name}"], f"tran {step_s!r} {seconds!r} 0 {step_s!r}", folder, tolerance)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return np.interp(GRID_S * np.arange(1, round(seconds / GRID_S) + 1), times, values[name]), spent


def by_engine(work: Work, network: Network, seconds: float, step_s: float) -> tuple[Floats, float]:
    """Current of the coil every ms (every step, if that is longer), A, and CPU seconds."""
    simulator = Simulator(network, step_s)
    record, write = simulator.recorder([StateRef(work.coil, "current")]), simulator.writer(work.transistor)
    each, tables = max(1, round(GRID_S / step_s)), []
    points = round(0.5 * PERIOD_S / (each * step_s))
    start = time.process_time()
    for half in range(round(2.0 * seconds / PERIOD_S)):
        write(work.off if half % 2 else work.on)
        tables.append(record(points, each))
    spent = time.process_time() - start
    return np.concatenate(tables)[:, 0], spent


def error(found: Floats, exact: Floats) -> str:
    """RMS error on the points that both have, in % of the largest current."""
    every = round(len(exact) / len(found)) if len(found) < len(exact) else 1
    expected = exact[every - 1 :: every]
    off = found[: len(expected)] - expected
    return f"RMS error {100.0 * float(np.sqrt((off**2).mean())) / float(np.abs(exact).max()):.2f} %"


def compare(machine: str, seconds: float) -> None:
    """Print the lines of one machine."""
    work = work_of(machine)
    network = work.network()
    sizes = Simulator(network, GRID_S).sizes
    print(f"{machine}: {sizes.unknowns} nodes, {sizes.devices} parts, coil of {work.coil.partition('.')[0]}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        exact, _ = by_ngspice(work, CHECKED_S, 2e-5, 1e-6, folder)
        short, start = by_ngspice(work, CHECKED_S, GRID_S, 1e-3, folder)
        _, spent = by_ngspice(work, CHECKED_S + seconds, GRID_S, 1e-3, folder)
    theirs = seconds / (spent - start)
    print(f"  ngspice, 1 ms: {theirs:8.2f} x real time, {error(short, exact)}")
    for step_s in (1e-3, 5e-3):
        found, _ = by_engine(work, network, CHECKED_S, step_s)
        mine = seconds / min(by_engine(work, network, seconds, step_s)[1] for _ in range(3))
        print(
            f"  engine, {step_s * 1e3:.0f} ms : {mine:8.0f} x real time, {error(found, exact)};"
            f" {mine / theirs:.0f} times faster"
        )


def main() -> None:
    """Print the lines of every machine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="simulated seconds that are timed")
    asked = parser.parse_args()
    if shutil.which("ngspice") is None:
        print("absent: no program ngspice")
        return
    for machine in OUTPUTS:
        compare(machine, asked.seconds)


if __name__ == "__main__":
    main()
