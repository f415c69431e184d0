"""Every benchmark in one run: prints the tables and writes ``benchmarks/results.md``.

    python benchmarks/run_all.py --peers DIR [--runs 5] [--quick] [--only peers,engine,…] [--output FILE]

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
    "engine": ("The engine on the sorting station, beside scipy and casadi", "engine.py"),
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
    """What a script prints, under its title."""
    print(title, file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, str(HERE / script)], capture_output=True, text=True, check=False)
    text = done.stdout.rstrip()
    if done.returncode:
        text += f"\n{script} failed: " + (done.stderr.strip().splitlines() or ["no output"])[-1]
    return [f"## {title}", "", "```", text, "```", ""]


PEERS_TEXT = """## Beside other tools

Every tool does 60 s of the same three jobs. In P and H all solve the same equations (ours as laws in
`networks/plain_laws.py`); "families" is P built of the families of the catalogue, whose corners are rounded: they stay
about 3 µm from the reference however small the step. E is built of the families of the catalogue. "One call": the
solver runs from one switching to the next; "ticks": it comes back every 20 ms, as a bench that somebody works on does.
E also has a peer that we wrote ourselves (`nodal_euler.py`): the simplest fast method, made for this one circuit.

"Ours, at least as exact" is our fastest setting with the same mode whose RMS error and largest error are both not
larger than those of the tool; the ratio is that of the medians. A tool with one run is one of the slower ones.
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
        f"- {versions()}",
        "",
    ]
    if "peers" in wanted:
        lines += [PEERS_TEXT, *compare(peers_folder(asked.peers), asked.benchmarks, asked.runs, asked.quick)]
    for name, (title, script) in SCRIPTS.items():
        if name in wanted:
            lines += section(title, script)
    text = "\n".join(lines).rstrip() + "\n"
    print(text)
    asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
