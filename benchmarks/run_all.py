"""Every benchmark in one run: prints the tables and writes ``benchmarks/results.md``.

    python benchmarks/run_all.py --peers DIR [--runs 3] [--quick] [--only peers,engine,…] [--output FILE]

Needs ``requirements-bench.txt``; ``--peers`` as in ``peers.py``. All figures are CPU time of one core.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from peers import add_arguments, compare, peers_folder

HERE = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "numba", "casadi", "scikit-sundae", "pydiffsol")
SCRIPTS = {
    "engine": ("The engine on whole machines, beside scipy and casadi", "engine.py"),
    "circuits": ("The 24 V circuits of the machines, beside ngspice", "circuits.py"),
    "figures": ("Figures to reach", "figures.py"),
    "campaign": ("Dictionary of faults", "campaign.py"),
    "profile": ("Where the time of a step goes", "engine_profile.py"),
    "plc": ("PLC scan", "plc_scan.py"),
    "conveyor": ("Parts on the conveyor", "conveyor_scan.py"),
    "restore": ("A bench that comes back from its journal", "bench_restore.py"),
}


def processor() -> str:
    """Name of the processor and number of cores."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):  # not Linux, or a kernel that does not say
        pass
    return f"{name}, {os.cpu_count()} cores"


def versions() -> str:
    """Versions of what was compared."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} absent")
    return ", ".join([*found, program_version("ngspice"), program_version("cc")])


def program_version(program: str) -> str:
    """What a program says of itself, in short."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return f"{program} absent"
    lines = [line.strip("* ") for line in done.stdout.splitlines() if any(c.isdigit() for c in line)]
    return lines[0].partition(":")[0].strip() if lines else program


def section(title: str, script: str) -> list[str]:
    """What a script prints, under its title: tables as they are, the rest as it stands on a screen."""
    print(title, file=sys.stderr, flush=True)
    start = time.monotonic()
    done = subprocess.run([sys.executable, str(HERE / script)], capture_output=True, text=True, check=False)
    print(f"  {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    text = done.stdout.strip()
    if done.returncode:
        text += f"\n{script} failed: " + (done.stderr.strip().splitlines() or ["no output"])[-1]
    return [f"## {title}", "", text if "\n|---" in text else f"```\n{text}\n```", ""]


PEERS_TEXT = """## Beside other tools

Every tool does 60 s of the same three jobs. "One call": the solver runs from one switching to the next; "ticks": it
comes back every 20 ms, as a bench that somebody works on does. A cell of ours is our fastest setting in the same mode
whose RMS error and largest error are both not larger than those of the tool, then the ratio of the medians. A tool with
one run is one of the slower ones.

"Laws for all machines" is the engine as the product runs it: a parameter is a place in memory that a fault can write.
"Compiled for the job" has the same laws with the parameters as constants (`networks/core.py`), as the other tools
compile theirs: leaks, cushions and overlaps that are not there are no arithmetic, and pressures that never change are
no unknowns.

- P and E are built of the laws of the catalogue's families. P is as close to the reference as the step allows.
- H has mass, friction, stops and passages of the catalogue, but a pump unit, a valve and a cylinder of its own
  (`networks/plain_laws.py`), with the equations of the other tools: the families conserve the mass of the oil, so a
  cylinder at 150 bar takes in 1 % more of it, a relief valve has a damping piston, the edges of a spool are rounded.
  That is a difference of millimetres, not of accuracy.
- E: a row whose events are not all there within 1 ms is no peer. SUNDIALS (`cabinet_dae.py`) runs from event to event;
  nodal Euler (`nodal_euler.py`) is the simplest fast method, made by us for this one circuit.
"""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_arguments(parser)
    parser.add_argument("--only", default="peers," + ",".join(SCRIPTS), help="which sections")
    parser.add_argument("--output", type=Path, default=HERE / "results.md")
    asked = parser.parse_args()
    wanted = asked.only.split(",")
    lines = [
        "# Results",
        "",
        "Written by `python benchmarks/run_all.py`. CPU time of one core; compare ratios of one run, not runs.",
        "",
        f"- {time.strftime('%Y-%m-%d', time.gmtime())}, {processor()}, {platform.system()}",
        f"- load before the run: {os.getloadavg()[0]:.1f}",
        f"- {versions()}",
        "",
    ]
    if "peers" in wanted:
        lines += [PEERS_TEXT, *compare(peers_folder(asked.peers), asked.benchmarks, asked.runs, asked.quick)]
        write(lines, asked.output)
    for name, (title, script) in SCRIPTS.items():
        if name in wanted:
            lines += section(title, script)
            write(lines, asked.output)
    print(asked.output.read_text(encoding="utf-8"))


def write(lines: list[str], output: Path) -> None:
    """Write what is known so far."""
    output.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
