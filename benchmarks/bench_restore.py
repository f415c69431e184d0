"""How long a bench takes to come back after its process was killed: a 30-minute session with an action every 10 s.

Run: ``python benchmarks/bench_restore.py [minutes]``. Goal: under 3 s.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from etabli.bench import Bench
from etabli.bench.journal import snapshot_folder
from etabli.bench.live import SNAPSHOT_TICKS


def session(path: Path, minutes: float) -> None:
    """Live through a session: the machine is started, somebody does something every ten seconds, then it is killed."""
    bench = Bench.create("poste_tri", 1, journal=path, fsync=True)
    bench.hear(bench.told)
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(100)
    bench.act("operate", tag="S4", control="position", value=1)
    bench.tick(50)
    bench.act("press", tag="S1")
    bench.act("open_cabinet")
    bench.act("dial", position="vdc")
    points = ("G1:+", "KM1:A1", "X1:1", "A1:L+")
    for n in range(round(minutes * 6)):
        bench.tick(1000)
        bench.act("probe", red=points[n % len(points)], black="G1:-")
    bench.tick(
        SNAPSHOT_TICKS - bench.state.tick % SNAPSHOT_TICKS + SNAPSHOT_TICKS - 10
    )  # as far as can be from a snapshot


def main() -> None:
    """Print the three ways back: from snapshots, without them, and the size on disk."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "session.jsonl")
        begun = time.perf_counter()
        session(path, minutes)
        print(f"session of {minutes:g} min lived in {time.perf_counter() - begun:.1f} s")
        print(f"journal {path.stat().st_size / 1e3:.0f} kB")
        begun = time.perf_counter()
        bench = Bench.open(path)
        print(f"reopened from its snapshots at {bench.time_s:.1f} s: {time.perf_counter() - begun:.2f} s (goal 3 s)")
        bench.close()
        shutil.rmtree(snapshot_folder(path))
        begun = time.perf_counter()
        Bench.open(path, resume=False)
        print(f"replayed from the first line: {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main()
