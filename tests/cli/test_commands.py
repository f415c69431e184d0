"""What a page does, from the command line: machines, check, faults, run, replay, report."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from etabli import cli
from etabli.machines import list_machines, machine_folder
from etabli.physics import build, layout
from etabli.physics.core_library import Core


def ask(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, what was printed, what was complained of."""
    status = cli.main([str(a) for a in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def asked_json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    status, out, _ = ask(capsys, *arguments, "--json")
    assert status == 0
    return json.loads(out)


def test_machines_lists_every_machine(capsys: pytest.CaptureFixture[str]) -> None:
    machines = {m["id"]: m for m in asked_json(capsys, "machines")["machines"]}
    assert tuple(machines) == list_machines()
    assert all(machine["failure_modes"] >= 60 for machine in machines.values())
    assert 150 <= machines["poste_tri"]["unknowns"] <= 300
    assert "Poste de tri" in ask(capsys, "machines")[1]


@pytest.mark.parametrize("name", list_machines())
def test_a_machine_that_ships_has_no_mistake(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, out, _ = ask(capsys, "machine", "check", machine_folder(name))
    assert status == 0, out


def test_check_names_file_line_and_mend(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "poste_tri"
    shutil.copytree(machine_folder("poste_tri"), folder)
    wires = folder / "wires.csv"
    wires.write_text(wires.read_text("utf-8").replace("KM1:A1", "KM1:A9", 1), "utf-8")
    line = next(n for n, text in enumerate(wires.read_text("utf-8").splitlines(), 1) if "KM1:A9" in text)
    status, out, _ = ask(capsys, "machine", "check", folder)
    assert status == 1
    assert f"wires.csv:{line}: " in out
    assert "→" in out
    status, out, _ = ask(capsys, "machine", "check", folder, "--json")
    assert status == 1
    assert any(p["file"] == "wires.csv" and p["line"] == line for p in json.loads(out)["problems"])


def test_check_of_no_folder_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, error = ask(capsys, "machine", "check", tmp_path / "nothing")
    assert status == 1
    assert "dossier absent → donner le dossier d'une machine" in error
    assert "no such folder" in ask(capsys, "machine", "check", tmp_path / "nothing", "--lang", "en")[2]


def test_a_broken_machine_is_said_once_with_its_mend(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "poste_tri"
    shutil.copytree(machine_folder("poste_tri"), folder)
    (folder / "program.st").unlink()
    for command in ("run", "faults"):
        status, _, error = ask(capsys, command, folder, "--lang", "en")
        assert status == 1
        assert error.count("program.st: error: missing file → create program.st in this folder") == 1
        assert error.count("→ create") == 1


def test_faults_are_many_and_each_says_its_repair(capsys: pytest.CaptureFixture[str]) -> None:
    faults = asked_json(capsys, "faults", "poste_tri")["faults"]
    assert len({f["id"] for f in faults}) == len(faults) >= 60
    assert {"KM1.coil_open", "M1.bearing_seized"} <= {f["id"] for f in faults}
    assert all(f["repair"] and f["text"]["fr"] and f["text"]["en"] for f in faults)


def test_a_healthy_run_makes_good_parts_faster_than_real_time(capsys: pytest.CaptureFixture[str]) -> None:
    result = asked_json(capsys, "run", "poste_tri", "--seconds", "60", "--seed", "4")
    assert result["simulated_s"] == 60.0
    assert result["ratio"] > 1.0
    assert result["counters"]["good"] >= 5
    assert result["counters"]["bad"] == 0
    assert result["unresolved_steps"] == 0


def test_a_run_says_alarms_and_protections(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sheet = tmp_path / "seen.csv"
    run = ("run", "poste_tri", "--seconds", "30", "--fault", "KM1.coil_open@15", "--csv", sheet)
    result = asked_json(capsys, *run)
    assert any("KM1" in alarm["text"]["fr"] and alarm["t"] > 15.0 for alarm in result["alarms"])
    with sheet.open(encoding="utf-8") as rows:
        table = list(csv.DictReader(rows))
    assert len(table) >= 500
    assert float(table[-1]["KM1.armature"]) == 0.0


def test_the_same_seed_gives_the_same_run(capsys: pytest.CaptureFixture[str]) -> None:
    run = ("run", "poste_tri", "--seconds", "12", "--seed", "9", "--fault", "2V1.coil_open~intermittent")
    first, second = asked_json(capsys, *run), asked_json(capsys, *run)
    assert first["fingerprint"] == second["fingerprint"]
    assert asked_json(capsys, *run[:5], "10")["fingerprint"] != first["fingerprint"]


def test_a_press_stops_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    run = ("run", "poste_tri", "--seconds", "40")
    assert (
        asked_json(capsys, *run, "--press", "S2@6")["counters"]["good"] < asked_json(capsys, *run)["counters"]["good"]
    )


def test_a_journal_replays_and_makes_a_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    journal, pdf = tmp_path / "run.jsonl", tmp_path / "report.pdf"
    ran = asked_json(capsys, "run", "poste_tri", "--seconds", "10", "--journal", journal)
    replayed = asked_json(capsys, "replay", journal)
    assert replayed["fingerprint"] == ran["fingerprint"]
    assert replayed["differing_outcomes"] == []
    assert ask(capsys, "report", journal, "--pdf", pdf, "--lang", "en")[0] == 0
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "nowhere"), "poste_tri"),
        (("run", "poste_tri", "--fault", "KM1.magic"), "KM1.magic"),
        (("run", "poste_tri", "--fault", "KM1.coil_open@soon"), "KM1.coil_open@soon"),
        (("run", "poste_tri", "--press", "S99@1"), "rien à actionner sur « S99 » → choisir parmi : 0P1, "),
        (("run", "poste_tri", "--seconds", "-1"), "--seconds"),
        (("faults", "nowhere"), "poste_tri"),
        (("replay", "gone.jsonl"), "gone.jsonl"),
        (("report", "gone.jsonl", "--pdf", "x.pdf"), "gone.jsonl"),
    ],
)
def test_a_mistake_is_one_line_with_its_mend(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str
) -> None:
    status, out, error = ask(capsys, *arguments)
    assert status == 1
    assert out == ""
    assert word in error
    assert len(error.strip().splitlines()) == 1


def test_a_campaign_writes_a_file_and_tells_its_size(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    out = tmp_path / "x.parquet"
    asked = ("campaign", "poste_tri", "--faults", "KM1.coil_open@0.2", "W115.open", "--seconds", "0.5", "--out", out)
    told = asked_json(capsys, *asked)
    assert (told["machine"], told["runs"], told["rows"], told["unresolved_steps"]) == ("poste_tri", 3, 15, {})
    assert told["bytes"] == out.stat().st_size
    status, text, complaint = ask(capsys, *asked, "--lang", "en")
    assert (status, complaint) == (0, ""), "no bar where nobody looks"
    assert "3 runs of 0.5 s" in text


def test_a_campaign_with_an_unknown_fault_names_the_nearest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, error = ask(capsys, "campaign", "poste_tri", "--faults", "KM1.coil_opn", "--out", tmp_path / "x")
    assert (status, out) == (1, "")
    assert "KM1.coil_open" in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_bar_of_a_campaign_fills_up_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli.ProgressBar, "EACH_S", 0.0)
    bar = cli.ProgressBar("en")
    for done in (10.5, 100):
        bar.show(done, 100)
    bar.clear()
    shown = capsys.readouterr().err.split("\r")
    assert "[###----" in shown[1]
    assert "runs/s" in shown[1]
    assert f"[{'#' * 30}] 100/100" in shown[2]


def test_a_core_older_than_the_components_is_one_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Core(Path(build.__file__).parent / build.LIBRARY_NAME)
    old._known, old._laws, old._sampled = {}, {}, {}  # a core compiled before any of today's laws
    monkeypatch.setattr(layout, "core", lambda: old)
    status, _, said = ask(capsys, "run", "poste_tri", "--seconds", "1")
    assert status == 1
    assert said.count("\n") == 1
    assert "python -m etabli.components.build" in said
