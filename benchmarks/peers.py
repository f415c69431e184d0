"""Établi beside other tools on three jobs (P cylinder, H hydraulic axis, E relay cabinet), measured in one run.

    python benchmarks/peers.py [--peers DIR] [--benchmarks PHE] [--runs 3] [--quick]

DIR (or the environment variable ETABLI_PEERS) holds the scripts of the other tools, the references (``ref_P.npz``…) and
says what they are; it is no part of this repository. A tool that is not installed is said to be absent. CPU time of one
core, compilation not counted, on either side; the runs of all tools take turns, so that other work on the machine hurts
them alike; a slow tool runs once. Errors are those of every tool against the same references, on the same grid (10 ms).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from networks import hydraulic_axis, pneumatic_cylinder, relay_cabinet
from networks.core import compiled, use_core_for
from numpy.typing import NDArray

from etabli.physics.network import Network, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

SECONDS = 60.0
GRID_S = 0.01
TICK_S = 0.02
LIMIT_S = 600
COMPILED, GENERAL = "Établi, compiled for the job", "Établi, laws for all machines"
ACCURACIES = (
    1e-3, 5e-4, 3e-4, 2e-4, 1e-4, 5e-5, 3e-5, 2e-5, 1e-5, 5e-6, 3e-6, 2e-6, 1e-6, 5e-7, 3e-7, 2e-7, 1e-7, 1e-8,
)  # fmt: skip
BAR_MS = 1.0
"""No event of E may be farther off."""

Floats = NDArray[np.float64]


@dataclass
class Row:
    """One tool with one setting. ``error`` and ``worst`` in mm, or in ms for E; CPU seconds of each run."""

    tool: str
    setting: str
    mode: str
    error: float = float("nan")
    worst: float = float("nan")
    spent: list[float] = field(default_factory=list)
    trouble: str = ""
    strong: bool = True
    """Measured as often as ours; the others once."""

    @property
    def factor(self) -> float:
        """Median real-time factor."""
        return SECONDS / median(self.spent) if self.spent else float("nan")

    @property
    def best(self) -> float:
        """Real-time factor of the fastest run."""
        return SECONDS / min(self.spent) if self.spent else float("nan")


Measure = Callable[[], None]


@dataclass(frozen=True)
class Job:
    """What every tool does in P or H."""

    name: str
    title: str
    network: Callable[[], Network]
    position: StateRef
    command: ParameterRef
    cycle: tuple[tuple[float, float], ...]
    held: tuple[str, ...] = ()
    """Nodes that the other tools have as constants."""

    def networks(self) -> dict[str, Network]:
        """Both forms of ours."""
        plain = self.network()
        return {COMPILED: compiled(plain, {self.command}, self.held), GENERAL: plain}


CYLINDER = Job(
    "P",
    "P: pneumatic cylinder, one stroke out and back a second",
    pneumatic_cylinder.network,
    pneumatic_cylinder.POSITION,
    pneumatic_cylinder.COMMAND,
    pneumatic_cylinder.SWITCHINGS,
    pneumatic_cylinder.HELD,
)
AXIS = Job(
    "H",
    "H: hydraulic axis, cycle of 3 s",
    hydraulic_axis.network,
    hydraulic_axis.POSITION,
    hydraulic_axis.COMMAND,
    hydraulic_axis.SWITCHINGS,
)


def positions_mm(simulator: Simulator, job: Job, ticks: bool) -> Floats:
    """Rod every 10 ms, start included; one call between switchings, or one every 20 ms as a live bench does."""
    record, command = simulator.recorder([job.position]), simulator.writer(job.command)
    steps = round(GRID_S / simulator.step_s)
    tables = [np.array([[simulator.read(job.position)]])]
    for _ in range(round(SECONDS / sum(length for length, _ in job.cycle))):
        for length, value in job.cycle:
            command(value)
            points = round(length / GRID_S)
            if not ticks:
                tables.append(record(points, steps))
                continue
            each = round(TICK_S / GRID_S)
            tables += [record(each, steps) for _ in range(points // each)]
    return np.concatenate(tables)[:, 0] * 1e3


def our_rows(job: Job, exact: Floats | None) -> list[tuple[Row, Measure]]:
    """Our side of P or H, by accuracy and by fixed steps."""
    found = []
    for tool, network in job.networks().items():
        make = partial(_our_row, job, network, tool, exact)
        found += [make(ticks, accuracy=a) for a in ACCURACIES for ticks in (False, True)]
        found += [make(False, step_s=step_s) for step_s in (5e-3, 2e-3, 1e-3, 5e-4)]
    return found


def _our_row(
    job: Job,
    network: Network,
    tool: str,
    exact: Floats | None,
    ticks: bool,
    *,
    accuracy: float | None = None,
    step_s: float = GRID_S,
) -> tuple[Row, Measure]:
    setting = f"step {step_s * 1e3:g} ms" if accuracy is None else f"accuracy {accuracy:.0e}"
    row = Row(tool, setting, "ticks" if ticks else "one call")

    def measure() -> None:
        simulator = Simulator(network, step_s, accuracy=accuracy)
        start = time.process_time()
        found = positions_mm(simulator, job, ticks)
        row.spent.append(time.process_time() - start)
        if exact is not None:
            error = found[: len(exact)] - exact[: len(found)]
            row.error, row.worst = float(np.sqrt((error**2).mean())), float(np.abs(error).max())
        if simulator.unresolved:
            row.trouble = f"{simulator.unresolved} steps without solution"

    return row, measure


def our_cabinet_rows(exact: dict[str, list[float]] | None) -> list[tuple[Row, Measure]]:
    """Our side of E."""
    settings = (
        (2.5e-3, 3),
        (1e-2 / 3.0, 4),
        (2e-3, 3),
        (2e-3, 4),
        (1e-3, 0),
        (1e-3, 3),
        (1e-3, 4),
        (5e-4, 4),
        (1e-4, 4),
        (5e-5, 4),
    )
    return [_cabinet_row(exact, step_s, halvings) for step_s, halvings in settings]


def script_rows(exact: dict[str, list[float]] | None) -> list[tuple[Row, Measure]]:
    """E by scripts of our own: SUNDIALS, and a method made for this one circuit since no tool comes near."""
    found = [_script_row("casadi IDAS", "tolerance 1e-4", "casadi", exact, "cabinet_dae.py", "idas")]
    found += [_script_row("scikit-sundae IDA (numba)", "tolerance 1e-4", "sksundae", exact, "cabinet_dae.py", "ida")]
    for step_s in (1e-3, 5e-4, 2.5e-4):
        script = ("nodal_euler.py", "--step", str(step_s))
        found.append(_script_row("nodal Euler (numba), ours too", f"step {step_s * 1e3:g} ms", "", exact, *script))
        found[-1][0].strong = True
    return found


def _script_row(
    tool: str, setting: str, needs: str, exact: dict[str, list[float]] | None, *script: str
) -> tuple[Row, Measure]:
    row = Row(tool, setting, "one call", strong=False)
    row.trouble = Peer(tool, script, f"numba {needs}").absent

    def measure() -> None:
        if row.trouble:
            return
        name, *arguments = script
        said = answer(row, [sys.executable, str(Path(__file__).with_name(name)), *arguments])
        if said is None:
            return
        row.spent.append(said["cpu_s"])
        if exact is not None:
            judge_events(row, said["events"], exact)

    return row, measure


def answer(row: Row, command: list[str], folder: Path | None = None) -> dict[str, Any] | None:
    """The line of JSON that a script prints; what goes wrong is noted in ``row``."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=folder)
    except subprocess.TimeoutExpired:
        row.trouble = f"no answer within {LIMIT_S} s"
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        row.trouble = "fails: " + (done.stderr.strip().splitlines() or ["no output"])[-1][:80]
        return None
    said: dict[str, Any] = json.loads(lines[-1])
    return said


def _cabinet_row(exact: dict[str, list[float]] | None, step_s: float, halvings: int) -> tuple[Row, Measure]:
    located = f", events to 1/{2**halvings} of it" if halvings else ""
    row = Row(GENERAL, f"step {step_s * 1e3:.3g} ms{located}", "one call")

    def measure() -> None:
        simulator = Simulator(relay_cabinet.network(), step_s, event_halvings=halvings)
        start = time.process_time()
        currents = relay_cabinet.coil_currents(simulator, SECONDS)
        row.spent.append(time.process_time() - start)
        if exact is not None:
            judge_events(row, relay_cabinet.relay_events(currents, step_s), exact)

    return row, measure


def judge_events(row: Row, found: dict[str, list[float]], exact: dict[str, list[float]]) -> None:
    """Number of events and their times, relay by relay, in order; what happens in the last 2 ms is left out."""
    off: list[float] = []
    counted, wanted = 0, 0
    for relay, theirs in exact.items():
        a, b = ([t for t in times if t < SECONDS - 0.002] for times in (theirs, found.get(relay, [])))
        counted, wanted = counted + len(b), wanted + len(a)
        if len(a) == len(b):
            off += [abs(x - y) * 1e3 for x, y in zip(a, b, strict=True)]
        else:
            row.trouble = f"{relay}: {len(b)} events instead of {len(a)}"
    if off:
        row.error, row.worst = float(np.sqrt(np.mean(np.square(off)))), max(off)
    row.setting = row.setting.partition("; ")[0] + f"; {counted} of {wanted} events"


@dataclass(frozen=True)
class Peer:
    """One script of the peers: what to call, what it needs."""

    tool: str
    arguments: tuple[str, ...]
    needs: str
    strong: bool = False

    @property
    def absent(self) -> str:
        """Why it cannot run here, or nothing."""
        if self.needs == "ngspice":
            return "" if shutil.which(os.environ.get("NGSPICE", "ngspice")) else "absent: no program ngspice"
        for package in self.needs.split():
            if importlib.util.find_spec(package) is None:
                return f"absent: no package {package} (requirements-bench.txt)"
        return ""


def peers_of(name: str, quick: bool) -> list[tuple[Peer, str, str]]:
    """Peers of P or H with their mode and setting."""
    found = []
    for mode, script_mode in (("ticks", "tick"), ("one call", "segment")):
        for tolerance in ("1e-4", "1e-6"):
            diffsol = ("peer_diffsol.py", name, "bdf", script_mode, tolerance)
            found.append((Peer("pydiffsol BDF", diffsol, "pydiffsol", True), mode, tolerance))
        if quick:
            continue
        for tool, needs, arguments in (
            ("casadi CVODES (C)", "casadi", ("peer_casadi.py", name, "cvodes", script_mode, "1e-6", "jit")),
            ("casadi IDAS (C)", "casadi", ("peer_casadi.py", name, "idas", script_mode, "1e-6", "jit")),
            ("scikit-sundae CVODE (numba)", "sksundae numba", ("peer_sundae.py", name, "cvode", "numba", script_mode)),
            ("scipy LSODA (numba)", "scipy numba", ("peer_scipy.py", name, "numba", "LSODA", script_mode)),
        ):
            found.append((Peer(tool, arguments, needs), mode, "1e-6"))
    return found


def peer_rows(name: str, folder: Path | None, quick: bool) -> list[tuple[Row, Measure]]:
    """The other tools on P, H or E."""
    if name == "E":
        listed = [
            (
                Peer("ngspice", ("circuit/peer_ngspice.py", step, "1e-3"), "ngspice", True),
                "one call",
                f"step ≤ {float(step) * 1e3:g} ms",
            )
            for step in ("1e-3", "20e-3")
        ]
    else:
        listed = [(peer, mode, f"tolerance {tolerance}") for peer, mode, tolerance in peers_of(name, quick)]
    return [_peer_row(peer, mode, setting, folder) for peer, mode, setting in listed]


def _peer_row(peer: Peer, mode: str, setting: str, folder: Path | None) -> tuple[Row, Measure]:
    row = Row(peer.tool, setting, mode, strong=peer.strong)
    row.trouble = peer.absent or ("" if folder else "absent: no folder of the peers (--peers)")

    def measure() -> None:
        if row.trouble or folder is None:
            return
        script, *arguments = peer.arguments
        said = answer(row, [sys.executable, str(folder / script), *arguments], folder)
        if said is not None:
            take_figures(row, said)

    return row, measure


def take_figures(row: Row, said: dict[str, Any]) -> None:
    """Read the line that a peer's script prints."""
    row.spent.append(float(said["cpu_s"]) * SECONDS / float(said["sim_s"]))
    if said["sim_s"] < SECONDS - 1e-6:
        row.trouble = f"stopped at {said['sim_s']:g} s"
    if "relay_events" in said:
        row.error, row.worst = float("nan"), float(said["event_err_max_ms"])
        row.setting = row.setting.partition("; ")[0] + f"; {said['relay_events']:.0f} events"
        if said["event_count_diff"]:
            row.trouble = f"{said['event_count_diff']:.0f} events too many or too few"
    elif "err_rms_mm" in said:
        row.error, row.worst = float(said["err_rms_mm"]), float(said["err_max_mm"])


def measured(pairs: list[tuple[Row, Measure]], runs: int) -> list[Row]:
    """Take turns: every tool once, then again."""
    for turn in range(runs):
        for row, measure in pairs:
            if turn == 0 or row.strong:
                measure()
        print(f"  turn {turn + 1} of {runs}", file=sys.stderr, flush=True)
    return [row for row, _ in pairs]


def match(row: Row, ours: list[Row]) -> Row | None:
    """Our fastest row with the same mode whose errors are not larger than those of ``row``."""
    good = [
        mine
        for mine in ours
        if mine.mode == row.mode and not mine.trouble and mine.worst <= row.worst and (not mine.error > row.error)
    ]
    return max(good, key=lambda mine: mine.factor, default=None)


def number(value: float, digits: int = 3) -> str:
    """A figure for the table."""
    return "–" if value != value else f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def table(title: str, unit: str, rows: list[Row], bar: float = math.inf) -> list[str]:
    """Markdown of one job: the other tools beside ours, then ours by setting. ``bar``: largest error that counts."""
    tools = [t for t in (COMPILED, GENERAL) if any(r.tool == t for r in rows)]
    theirs = sorted((r for r in rows if r.tool not in tools), key=lambda r: (r.mode, -(r.factor if r.spent else 0.0)))
    within = [f"≤ {bar:g} {unit}"] if bar < math.inf else []
    heads = ["tool", "setting", "mode", f"RMS error, {unit}", "largest", *within, "× real time, median", "best", "runs"]
    lines = [f"### {title}", "", _line([*heads, *tools]), "|---" * (len(heads) + len(tools)) + "|"]
    for row in theirs:
        compared = [beside(row, [r for r in rows if r.tool == tool], bar) for tool in tools]
        if row.trouble:
            compared = [row.trouble, *["–"] * (len(tools) - 1)]
        lines.append(_line([row.tool, row.setting, row.mode, *_errors(row, bar), *_speeds(row), *compared]))
    lines += ["", "Ours by setting, median of the runs:", ""]
    heads = ["", "setting", f"RMS error, {unit}", "largest", *within, "× real time, one call", "in ticks", "remark"]
    lines += [_line(heads), "|---" * len(heads) + "|"]
    for row in rows:
        if row.tool in tools and row.mode == "one call":
            ticks = [r.factor for r in rows if (r.tool, r.setting, r.mode) == (row.tool, row.setting, "ticks")]
            speeds = (number(row.factor, 4), number(ticks[0], 4) if ticks else "–")
            lines.append(_line([row.tool, row.setting, *_errors(row, bar), *speeds, row.trouble]))
    return [*lines, ""]


def beside(row: Row, ours: list[Row], bar: float) -> str:
    """What is said of a tool in the column of ours."""
    if not row.spent:
        return "–"
    if row.worst > bar:
        return "over the bar"
    mine = match(row, ours)
    if mine is None:
        return "none as exact"
    return f"{number(mine.factor, 4)} ({mine.setting.partition(';')[0]}): **{mine.factor / row.factor:.2f}**"


def _errors(row: Row, bar: float) -> list[str]:
    within = [] if bar == math.inf else ["–" if row.worst != row.worst else "yes" if row.worst <= bar else "no"]
    return [number(row.error), number(row.worst), *within]


def _speeds(row: Row) -> list[str]:
    return [number(row.factor, 4), number(row.best, 4), str(len(row.spent))]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def compare(folder: Path | None, names: str, runs: int, quick: bool) -> list[str]:
    """Measure and give the tables."""
    use_core_for([*CYLINDER.networks().values(), *AXIS.networks().values(), relay_cabinet.network()])
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        copied = Path(scratch, "peers")
        if folder is not None:  # some scripts write beside themselves
            shutil.copytree(folder, copied, copy_function=shutil.copyfile)
            os.chmod(copied, 0o755)
            for inner in copied.rglob("*"):
                inner.chmod(0o755 if inner.is_dir() else 0o644)
        there = copied if folder is not None else None
        for job in (CYLINDER, AXIS):
            if job.name in names:
                exact = np.load(there / f"ref_{job.name}.npz")["x_mm"] if there else None
                print(job.title, file=sys.stderr)
                pairs = our_rows(job, exact) + peer_rows(job.name, there, quick)
                lines += table(job.title, "mm", measured(pairs, runs))
        if "E" in names:
            title = f"E: relay cabinet, a cycle of 2 s; bar: all 782 events, none more than {BAR_MS:g} ms off"
            events = json.loads((there / "ref_E.json").read_text(encoding="utf-8")) if there else None
            print(title, file=sys.stderr)
            pairs = our_cabinet_rows(events) + script_rows(events) + peer_rows("E", there, quick)
            lines += table(title, "ms", measured(pairs, runs), BAR_MS)
    return lines


def peers_folder(given: Path | None) -> Path | None:
    """The folder of the peers' scripts, from the command line or from ETABLI_PEERS; what is wrong is said."""
    named = given or (Path(os.environ["ETABLI_PEERS"]) if os.environ.get("ETABLI_PEERS") else None)
    if named is None:
        print("No peers: give their folder with --peers or in ETABLI_PEERS.", file=sys.stderr)
        return None
    if not (named / "common.py").exists():
        sys.exit(f"{named}: no scripts of the peers there (common.py is missing)")
    return named.resolve()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What :func:`compare` needs to know."""
    parser.add_argument("--peers", type=Path, help="folder of the other tools' scripts (else ETABLI_PEERS)")
    parser.add_argument("--benchmarks", default="PHE", help="which of P, H and E")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of ours and of the strongest peers; the others run once"
    )
    parser.add_argument("--quick", action="store_true", help="the strongest peers only")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_arguments(parser)
    asked = parser.parse_args()
    print("\n".join(compare(peers_folder(asked.peers), asked.benchmarks, asked.runs, asked.quick)))


if __name__ == "__main__":
    main()
