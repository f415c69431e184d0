"""No accepted action is ever lost, nothing is ever half-written."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import etabli
from etabli.bench import Bench, BenchError
from etabli.bench.journal import Journal, read_journal, snapshot_folder
from etabli.bench.plant import Plant, as_plant
from etabli.bench.version import PACKAGES, engine_version, sources_hash
from etabli.machines import load_machine, machine_folder


def begun(plant: Plant, path: Path) -> Bench:
    bench = Bench.create(plant, 7, journal=path)
    bench.tick(150)
    bench.act("press", "marie", tag="S3")
    bench.tick(50)
    return bench


def test_it_works(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    bench = begun(plant, path)
    bench.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["k"] == "header"
    assert lines[0]["machine"] == "poste_tri"
    assert lines[0]["seed"] == 7
    acts = [line for line in lines if line["k"] == "act"]
    assert acts == [{"k": "act", "n": 1, "tick": 150, "name": "press", "args": {"tag": "S3"}, "who": "marie"}]
    assert read_journal(path).last_tick == 200


def test_the_action_is_on_the_disk_before_it_is_done(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.jsonl"
    bench = Bench.create(plant, 7, journal=path)
    seen: list[int] = []
    monkeypatch.setattr(bench, "set_control", lambda *a: seen.append(len(read_journal(path).events)))
    bench.act("operate", tag="S1", control="pressed", value=1)
    assert seen == [1]


def test_a_truncated_last_line_is_dropped(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    bench = begun(plant, path)
    bench.act("press", tag="S1")
    bench.close()
    whole = path.read_bytes()
    for cut in (1, 5, 30):
        path.write_bytes(whole + b'{"k":"act","n":3,"tick":200,"name":"press","args":{}}\n'[:-cut])
        reopened = Bench.open(path, plant)
        assert len(reopened.state.log) == 2
        reopened.act("press", tag="S2")  # the next line is not glued to the broken one
        reopened.close()
        assert [e.name for e in read_journal(path).events] == ["press"] * 3


def test_a_bench_saved_while_the_ohmmeter_shows_an_open_circuit_comes_back(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    bench = begun(plant, path)
    bench.act("open_cabinet")
    bench.act("dial", position="ohm")
    bench.act("probe", red="S1:13", black="S1:21")
    for _ in range(3):  # in the middle of an average, and after it
        bench.tick(15)
        bench.save()
        shown = bench.meters.rows()
        bench.close()
        bench = Bench.open(path, plant)
        assert bench.meters.rows() == shown
    assert bench.meters.screen("multimeter")[0] == "OL"
    bench.close()


def test_a_wrong_line_in_the_middle_is_told_with_its_number(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    begun(plant, path).close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"{broken\n", *lines[1:]]))
    with pytest.raises(BenchError) as refused:
        Bench.open(path, plant)
    assert refused.value.code == "journal_unreadable"
    assert "ligne 2" in refused.value.text.fr


def test_a_bench_never_overwrites_another(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    begun(plant, path).close()
    with pytest.raises(BenchError) as refused:
        Bench.create(plant, 8, journal=path)
    assert refused.value.code == "bench_exists"


def test_a_missing_journal_is_told(plant: Plant, tmp_path: Path) -> None:
    with pytest.raises(BenchError) as refused:
        Bench.open(tmp_path / "none.jsonl", plant)
    assert refused.value.code == "journal_unreadable"


def test_another_machine_or_engine_is_told(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    begun(plant, path).close()
    path.write_text(path.read_text().replace(plant.content_hash, "0" * 64))
    with pytest.raises(BenchError) as refused:
        Bench.open(path, plant)
    assert "changé" in refused.value.text.fr
    assert refused.value.code == "journal_outdated"


# --- full disk ------------------------------------------------------------------------------------


def test_on_a_full_disk_the_action_is_refused_and_nothing_is_lost(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.jsonl"
    bench = begun(plant, path)
    before, on_disk = bench.saved_state(), path.read_bytes()
    real = os.write

    def half(descriptor: int, data: bytes) -> int:
        return real(descriptor, data[: len(data) // 2])

    def none(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for full in (half, none):
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(BenchError) as refused:
            bench.act("press", tag="S1")
        assert refused.value.code == "journal_full"
        assert "disque" in refused.value.mend.fr
        assert bench.saved_state() == before
        assert path.read_bytes() == on_disk
    bench.tick(300)  # the machine runs on
    monkeypatch.setattr(os, "write", real)
    bench.act("press", tag="S1")
    bench.close()
    assert [e.args["tag"] for e in read_journal(path).events] == ["S3", "S1"]
    Bench.open(path, plant).close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_really_full_device(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "b.jsonl")
    os.dup2(os.open("/dev/full", os.O_WRONLY), journal._descriptor)
    with pytest.raises(BenchError) as refused:
        journal._write({"k": "tick", "tick": 1}, flush=True)
    assert refused.value.code == "journal_full"


def test_a_limit_on_the_file_size(plant: Plant, tmp_path: Path) -> None:
    """A real write that the system cuts short: in a child, with a limit on the size of files."""
    script = """
import resource, signal, sys
from pathlib import Path
from etabli.bench import Bench, BenchError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
bench = Bench.create("poste_tri", 1, journal=Path(sys.argv[1]))
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, size + 40))
try:
    bench.act("press", tag="S1")
except BenchError as error:
    print(error.code, Path(sys.argv[1]).stat().st_size == size, bench.state.actions)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "b.jsonl")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["journal_full", "True", "0"]


# --- snapshots ------------------------------------------------------------------------------------


def test_snapshots_come_every_30_s_and_old_ones_go(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    bench = Bench.create(plant, 1, journal=path)
    bench.tick(15_001)
    kept = sorted(f.name for f in snapshot_folder(path).iterdir())
    assert kept == [f"{tick:012d}" for tick in (9000, 12000, 15000)]


def test_reopening_replays_only_what_follows_the_snapshot(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.jsonl"
    bench = begun(plant, path)
    bench.tick(6500)
    bench.act("press", tag="S2")
    bench.tick(100)
    assert bench._journal is not None
    bench._journal.tick(bench.state.tick)
    replayed: list[int] = []
    run = Bench._run

    def counted(self: Bench, n: int) -> None:
        replayed.append(n)
        run(self, n)

    monkeypatch.setattr(Bench, "_run", counted)
    reopened = Bench.open(path, plant)
    assert sum(replayed) < 3001
    assert reopened.state.tick == bench.state.tick
    assert reopened.simulator.snapshot() == bench.simulator.snapshot()


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "gone"])
def test_a_damaged_snapshot_is_skipped(plant: Plant, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "b.jsonl"
    bench = Bench.create(plant, 1, journal=path)
    bench.tick(6100)
    bench.close()
    folder = snapshot_folder(path)
    for file in folder.iterdir():
        data = file.read_bytes()
        if damage == "gone":
            file.unlink()
        else:
            file.write_bytes({"cut": data[:-9], "empty": b"", "garbage": b"x" * len(data)}[damage])
    reopened = Bench.open(path, plant)
    assert reopened.simulator.snapshot() == bench.simulator.snapshot()


def test_a_snapshot_of_another_past_is_not_taken(plant: Plant, tmp_path: Path) -> None:
    path, other = tmp_path / "b.jsonl", tmp_path / "c.jsonl"
    bench = begun(plant, path)
    bench.tick(100)
    bench.close()
    stranger = Bench.create(plant, 7, journal=other)
    stranger.tick(150)
    stranger.act("press", "paul", tag="S2")
    stranger.tick(100)
    stranger.close()
    for file in snapshot_folder(path).iterdir():
        file.unlink()
    for file in snapshot_folder(other).iterdir():
        file.rename(snapshot_folder(path) / file.name)
    assert Bench.open(path, plant).simulator.snapshot() == bench.simulator.snapshot()


# --- death ----------------------------------------------------------------------------------------

OWNER = """
import sys
from pathlib import Path
from etabli.bench import Bench
bench = Bench.create("poste_tri", 3, journal=Path(sys.argv[1]))
bench.tick(150)
n = 0
while True:
    bench.act("press", tag=("S1", "S2", "S3")[n % 3], seconds=0.1)
    n += 1
    print(n, flush=True)  # accepted: from here on it must survive
    bench.tick(7)
"""


@pytest.mark.parametrize("wait_s", [0.05, 0.3, 0.7])
def test_sigkill_loses_no_accepted_action(plant: Plant, tmp_path: Path, wait_s: float) -> None:
    path = tmp_path / "b.jsonl"
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "1\n"
    time.sleep(wait_s)
    os.kill(owner.pid, signal.SIGKILL)
    told: list[Any] = ["1", *owner.stdout.read().split()]
    owner.wait()
    bench = Bench.open(path, plant)
    assert len(bench.state.log) >= int(told[-1])
    assert [e.action for e in bench.state.log] == ["press"] * len(bench.state.log)
    bench.act("press", tag="S2")  # and it goes on
    bench.close()


def test_a_journal_of_another_python_of_the_bench_is_refused(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed file of the bench, whatever it holds, would replay something else without saying so."""
    begun(plant, tmp_path / "b.jsonl").close()
    Bench.open(tmp_path / "b.jsonl", plant).close()
    product = Path(etabli.__file__).parent
    copy = tmp_path / "etabli"
    for package in PACKAGES:
        shutil.copytree(product / package, copy / package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    assert sources_hash(copy) == sources_hash(product)
    seen = {sources_hash(copy)}
    for changed in ("bench/actions/repairs.py", "components/mechanical/conveyor.py", "automation/plc.py"):
        file = copy / changed
        file.write_text(file.read_text("utf-8") + "# changed\n", "utf-8")
        seen.add(sources_hash(copy))
    assert len(seen) == 4
    other = engine_version().replace(sources_hash(product), sources_hash(copy))
    monkeypatch.setattr("etabli.bench.live.engine_version", lambda: other)
    with pytest.raises(BenchError) as refused:
        Bench.open(tmp_path / "b.jsonl", plant)
    assert refused.value.code == "journal_outdated"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("bom.csv", "", "\n"),
        ("machine.yaml", "cabinet_door: {", "cabinet_door: {enclosed: true, "),
        ("machine.yaml", "good_parts: 10", "good_parts: 9"),
    ],
)
def test_what_a_machine_says_of_its_work_belongs_to_its_hash(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = tmp_path / "poste_tri"
    shutil.copytree(machine_folder("poste_tri"), folder)
    before = as_plant(load_machine(folder)).content_hash
    text = (folder / file).read_text("utf-8")
    text = text.replace(old, new, 1) if old else re.sub(r",(\d+)\n", lambda m: f",{int(m[1]) + 1}\n", text, count=1)
    (folder / file).write_text(text.replace(", enclosed: terminals", ""), "utf-8")
    assert as_plant(load_machine(folder)).content_hash != before
