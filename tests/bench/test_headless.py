"""Benches without a page: run, replay, evidence, and the example of the README."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from etabli.bench import Bench, headless
from etabli.bench.headless import HeadlessError
from etabli.physics.network import ParameterRef

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_it_works() -> None:
    result = headless.run("poste_tri", 40, seed=3, start=True)
    told = result.json()
    assert told["simulated_s"] == 40
    assert told["counters"]["good"] >= 3
    assert told["protections"] == []
    assert told["unresolved_steps"] == 0
    assert told["ratio"] == pytest.approx(40 / told["wall_s"], rel=0.1)
    json.dumps(told)
    assert any("rapport" in line for line in result.lines("fr"))
    assert any("ratio" in line for line in result.lines("en"))


def test_the_same_run_has_the_same_fingerprint() -> None:
    one, two, other = (headless.run("poste_tri", 8, seed=s, start=True).fingerprint for s in (5, 5, 6))
    assert one == two
    assert one != other


def test_presses_start_the_machine_and_a_fault_stops_it() -> None:
    presses = ["S3@1.5", "S4=1@2.5", "S1@3"]
    healthy = headless.run("poste_tri", 40, presses=presses)
    broken = headless.run("poste_tri", 40, presses=presses, faults=["KM1.coil_open@10"])
    assert healthy.counters["good"] > broken.counters["good"]
    assert any("KM1" in a["text"]["fr"] and a["t"] > 10 for a in broken.alarms)
    assert broken.faults == [{"id": "KM1.coil_open", "onset_s": 10.0, "degree": 1.0, "onset": "sudden"}]


def test_a_protection_that_trips_is_told() -> None:
    result = headless.run("poste_tri", 20, faults=["W115.earth_leak@10"], start=True)
    assert [p["tag"] for p in result.protections] == ["Q2"]
    assert result.protections[0]["t"] == pytest.approx(10, abs=0.2)


def test_alarms_that_come_together_are_told_in_the_order_of_the_machine() -> None:
    bench = Bench.create("poste_tri", 1)
    bench.tick(200)
    watch, listed = headless.AlarmWatch(bench), bench.plant.machine.alarms
    assert bench.plc is not None
    for alarm in listed:
        bench.plc.set_value(alarm.variable, True)
    watch.look()
    assert [row["text"]["fr"] for row in watch.alarms] == [alarm.text.fr for alarm in listed]
    assert len(listed) > 4  # by chance, once in more than a hundred


def test_csv_has_one_row_every_50_ms(tmp_path: Path) -> None:
    headless.run("poste_tri", 2, csv_file=tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == "t_s"
    assert rows[0][-2:] == ["good", "bad"]
    assert "H1.lit" in rows[0]
    assert [row[0] for row in rows[1:4]] == ["0.05", "0.10", "0.15"]
    assert len(rows) == 41


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"machine": "moulin", "seconds": 1}, "moulin"),
        ({"machine": "poste_tri", "seconds": 0}, "--seconds"),
        ({"machine": "poste_tri", "seconds": 1, "faults": ["KM1.coil_opn"]}, "vouliez-vous KM1.coil_open"),
        ({"machine": "poste_tri", "seconds": 1, "faults": ["@@"]}, "panne « @@ »"),
        ({"machine": "poste_tri", "seconds": 1, "faults": ["KM1.coil_open~soon"]}, "sudden|growing|intermittent"),
        ({"machine": "poste_tri", "seconds": 1, "presses": ["S1"]}, "--press"),
        ({"machine": "poste_tri", "seconds": 1, "presses": ["S99@0.5"]}, "S99"),
        ({"machine": "poste_tri", "seconds": 0.004}, "--seconds"),
        (
            {"machine": "poste_tri", "seconds": 1.5, "faults": ["KM1.coil_open@1.5"]},
            "KM1.coil_open@1.5 : n'arrive pas dans un essai de 1,5 s",
        ),
        ({"machine": "poste_tri", "seconds": 1, "presses": ["S1@2"]}, "--press S1@2 : n'arrive pas"),
        ({"machine": "poste_tri", "seconds": 1, "csv_file": Path("/nowhere/run.csv")}, "run.csv"),
    ],
)
def test_mistakes_are_told_in_one_line_with_the_mend(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(HeadlessError) as refused:
        headless.run(**arguments)  # type: ignore[arg-type]
    assert words in str(refused.value)
    assert "→" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_journal_is_replayed_and_gives_evidence(tmp_path: Path) -> None:
    path = tmp_path / "i1.jsonl"
    bench = Bench.create("poste_tri", 4, journal=path)
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(100)
    bench.act("look", tag="H1")
    bench.act("note", check="voyant", reading="éteint")
    bench.tick(20)
    fingerprint = headless.fingerprint(bench)
    bench.close()
    replayed = headless.replay(path)
    assert replayed["fingerprint"] == fingerprint
    assert replayed["differing_outcomes"] == []
    assert [a["name"] for a in replayed["actions"]] == ["press", "look", "note"]
    assert any("look" in line for line in headless.replay_lines(replayed, "en"))
    evidence = headless.evidence(path)
    assert evidence["identification"]["machine"]["id"] == "poste_tri"
    assert evidence["notebook"][0]["reading"] == "éteint"
    assert [o["action"] for o in evidence["observations"]] == ["look"]


def test_what_is_not_a_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("hello\n")
    for path in (tmp_path / "x.jsonl", tmp_path / "none.jsonl"):
        with pytest.raises(HeadlessError) as refused:
            headless.replay(path)
        assert path.name in str(refused.value)


def test_the_first_example_measures_an_open_coil() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "first_measure.py")], capture_output=True, text=True, timeout=120, check=True
    )
    assert "coil voltage, commanded: 24." in done.stdout
    assert "coil resistance: OL" in done.stdout


def test_a_run_without_solution_names_the_component(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that no law can use is put in under way: the run says whose it is, with its terminals."""
    tick = Bench.tick

    def spoilt(bench: Bench, ticks: int = 1) -> None:
        tick(bench, ticks)
        if bench.state.tick == 300:
            bench.simulator.write(ParameterRef("KM1.coil", "resistance"), math.nan)

    monkeypatch.setattr(Bench, "tick", spoilt)
    result = headless.run("poste_tri", 4)
    assert result.blame is not None
    assert result.blame.device == "KM1.coil"
    assert 3.0 <= result.blame.time_s <= 3.1
    assert "KM1:A1" in result.blame.text.en
    told = result.json()
    assert told["blame"]["device"] == "KM1.coil"
    assert any("KM1.coil" in line for line in result.lines("fr"))
