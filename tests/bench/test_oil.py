"""Oil on the bench: the gauge reads it, a fitting undone under pressure wounds, a drain and a thread let it out."""

from __future__ import annotations

import pytest

from bench.repairs import switch_on
from etabli.bench import Bench
from etabli.bench.plant import Plant


@pytest.fixture
def running(press: Plant) -> Bench:
    """A press whose pump runs and whose accumulator is charged."""
    bench = Bench.create(press, 1)
    switch_on(bench)
    bench.tick(1100)
    return bench


def stopped(bench: Bench) -> None:
    """Separated, but the accumulator is still charged."""
    bench.act("operate", tag="Q1", control="position", value=0)
    bench.act("padlock", tag="Q1")
    bench.tick(500)


def test_the_gauge_reads_oil_in_bar_above_the_workshop(running: Bench) -> None:
    running.act("gauge", point="0Z6:3")
    running.tick(200)
    digits, unit, status = running.meters.screen("gauge")
    assert (unit, status) == ("bar", "ok")
    assert 150.0 < float(digits) < 170.0


def test_a_hose_undone_under_pressure_is_an_accident(running: Bench) -> None:
    outcome = running.act("disconnect", tag="T04", end="a")
    assert not outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "pressure"
    assert "jet d'huile" in outcome.text.fr


def test_switching_off_is_not_enough(running: Bench) -> None:
    stopped(running)
    assert running.judge.gauge_bar("0Z6:3") > 100.0
    assert not running.act("disconnect", tag="T04", end="a").ok


def test_drained_and_locked_out_a_hose_comes_off_without_danger(running: Bench) -> None:
    stopped(running)
    running.act("operate", tag="0V4", control="position", value=1)
    running.tick(1500)
    assert running.judge.gauge_bar("0Z6:3") < 0.1
    outcome = running.act("disconnect", tag="T04", end="a")
    assert outcome.ok
    assert outcome.danger is None
    assert running.act("reconnect", tag="T04", end="a").ok


def test_oil_runs_to_the_floor_from_a_hose_left_off(running: Bench) -> None:
    stopped(running)
    running.act("operate", tag="0V4", control="position", value=1)
    running.tick(1500)
    running.act("disconnect", tag="T02", end="b")
    running.act("operate", tag="0V4", control="position", value=0)
    running.act("remove_padlock", tag="Q1")
    running.act("operate", tag="Q1", control="position", value=1)
    running.tick(200)
    level = running.plant.machine.placed["0Z1"].signal("level")
    before = running.read(level)
    for tag in ("S3", "S5"):
        running.act("press", tag=tag)
        running.tick(100)
    running.tick(1000)
    assert running.read(level) < before - 0.02


def test_a_fitting_undone_by_one_thread_lets_trapped_oil_out(running: Bench) -> None:
    running.act("produce", on=True)
    running.tick(1500)
    running.act("produce", on=False)
    running.tick(700)
    stopped(running)
    assert running.judge.gauge_bar("1A1:B") > 20.0
    outcome = running.act("purge", point="1A1:B")
    assert outcome.danger is not None
    running.tick(1100)
    assert running.judge.gauge_bar("1A1:B") < 5.0


def test_a_machine_without_air_has_no_air_to_shut_off(running: Bench) -> None:
    from etabli.bench.errors import ActionRefused

    with pytest.raises(ActionRefused):
        running.act("purge")


def test_a_study_shows_the_pressure_of_the_oil(press: Plant) -> None:
    bench = Bench.create(press, 1, mode="study")
    assert "1A1:A" in bench.study_points
    assert bench.node_values() is not None
