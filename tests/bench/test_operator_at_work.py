"""The operator on a bench: hands that produce when asked, come for the acceptance run, stay off a locked machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.repairs import switch_on
from etabli.bench import Bench
from etabli.bench.errors import ActionRefused
from etabli.bench.headless import fingerprint, run
from etabli.bench.plant import Plant, as_plant


def started(plant: Plant, journal: Path | None = None) -> Bench:
    """Reset, automatic, pump on."""
    bench = Bench.create(plant, 1, journal=journal)
    switch_on(bench)
    return bench


def test_a_press_makes_nothing_without_hands(press: Plant) -> None:
    bench = started(press)
    bench.tick(3000)
    assert bench.counters()["fed"] == 0
    bench.act("produce", on=True)
    bench.tick(3000)
    assert bench.counters()["good"] >= 2


def test_an_operator_who_leaves_lets_go_of_both_buttons(press: Plant) -> None:
    bench = started(press)
    bench.act("produce", on=True)
    while not (bench.control_value("S1", "pressed") and bench.control_value("S2", "pressed")):
        bench.tick()
        assert bench.time_s < 30.0
    bench.act("produce", on=False)
    assert not bench.control_value("S1", "pressed")
    assert not bench.control_value("S2", "pressed")


def test_the_operator_comes_for_the_acceptance_run_and_leaves_after_it(press: Plant) -> None:
    bench = started(press)
    bench.act("acceptance")
    assert bench.state.hands.on
    bench.tick(11_000)
    assert bench.state.acceptance is not None
    assert bench.state.acceptance.state == "passed"
    assert not bench.state.hands.on


def test_nobody_works_at_a_machine_under_lock_out(press: Plant) -> None:
    bench = started(press)
    bench.act("produce", on=True)
    bench.act("operate", tag="Q1", control="position", value=0)
    bench.act("padlock", tag="Q1")
    bench.tick(20)
    assert not bench.state.hands.on
    with pytest.raises(ActionRefused):
        bench.act("produce", on=True)


def test_a_machine_that_needs_nobody_says_so() -> None:
    with pytest.raises(ActionRefused):
        Bench.create(as_plant("poste_tri"), 1).act("produce", on=True)


def test_production_replays_bit_for_bit(press: Plant, tmp_path: Path) -> None:
    bench = started(press, tmp_path / "press.jsonl")
    bench.act("produce", on=True)
    bench.tick(2500)
    bench.act("look", tag="PR1")
    after = fingerprint(bench)
    bench.close()
    again = Bench.open(tmp_path / "press.jsonl", press, resume=False)
    assert fingerprint(again) == after
    from_snapshot = Bench.open(tmp_path / "press.jsonl", press)
    from_snapshot.tick(500)
    again.tick(500)
    assert fingerprint(from_snapshot) == fingerprint(again)
    from_snapshot.close()


def test_a_headless_run_produces_with_the_gestures_of_the_operator() -> None:
    result = run("presse", 60.0, start=True)
    assert result.counters["good"] >= 5
    assert result.counters["bad"] == 0
    assert result.unresolved_steps == 0
