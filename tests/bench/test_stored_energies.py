"""Gravity, oil that stays under pressure, heat: dangers that a switched-off machine keeps."""

from __future__ import annotations

import pytest

from bench.repairs import switch_on
from etabli.bench import ActionRefused, Bench, views
from etabli.bench.live import SOFTWARE_FAULT
from etabli.bench.plant import Plant, as_plant
from etabli.physics.network import NodeRef, ParameterRef, StateRef


def pumped(press: Plant) -> Bench:
    """A press whose accumulator is charged, then separated and padlocked; the ram stays up."""
    bench = Bench.create(press, 1)
    switch_on(bench)
    bench.tick(1100)
    bench.act("operate", tag="Q1", control="position", value=0)
    bench.act("padlock", tag="Q1")
    bench.tick(500)
    return bench


def kinds(bench: Bench) -> list[str]:
    return [danger.kind for danger in bench.state.dangers]


# --- accumulator ---------------------------------------------------------------------------------------------------


def test_a_dead_line_opened_beside_a_full_accumulator_is_a_danger(press: Plant) -> None:
    """The return hose holds nothing, but the bottle behind the closed block may come back."""
    bench = pumped(press)
    bench.act("operate", tag="0V3", control="position", value=0)
    bench.tick(100)
    assert bench.judge.gauge_bar("1V1:T") < 0.1
    outcome = bench.act("disconnect", tag="T05", end="b")
    assert outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "stored"
    assert "0Z5" in outcome.danger.text.fr


def test_once_drained_it_is_none(press: Plant) -> None:
    bench = pumped(press)
    bench.act("operate", tag="0V4", control="position", value=1)
    bench.tick(3000)
    assert bench.judge.stored() is None
    outcome = bench.act("disconnect", tag="T05", end="b")
    assert outcome.ok
    assert outcome.danger is None


def test_a_drain_is_padlocked_open(press: Plant) -> None:
    """Drained is not enough where nothing holds the needle; the handle then stays open."""
    bench = pumped(press)
    bench.act("operate", tag="0V4", control="position", value=1)
    assert bench.act("padlock", tag="0V4").ok
    with pytest.raises(ActionRefused, match="padlocked"):
        bench.act("operate", tag="0V4", control="position", value=0)
    bench.tick(3000)
    assert bench.judge.stored() is None


def test_a_new_press_stores_nothing(press: Plant) -> None:
    bench = Bench.create(press, 1)
    bench.tick(10)
    assert bench.judge.stored() is None


# --- gravity -------------------------------------------------------------------------------------------------------


def test_the_ram_sinks_when_the_hose_that_holds_it_is_opened_and_not_on_a_prop(press: Plant) -> None:
    """It sinks and does not fall: the oil above it has no air to take its place (-0.9 bar)."""
    bench = pumped(press)
    assert bench.judge.falling(["1V1:T"]) is None, "nothing hangs on the return line"
    falls = bench.judge.falling(["1A1:B"])
    assert falls is not None
    assert (falls.kind, falls.accident) == ("suspended", False)
    assert "PR1" in falls.text.fr
    before = bench.simulator.values.copy()
    bench.judge.falling(["1A1:B"])
    assert bench.simulator.values.tobytes() == before.tobytes(), "the trial leaves no trace"
    bench.act("prop", load="PR1/ram", on=True)
    bench.tick(50)
    assert bench.judge.falling(["1A1:B"]) is None


def test_the_ram_comes_to_rest_on_its_vacuum_but_falls_when_air_can_follow(press: Plant) -> None:
    """Rod side open: a few millimetres, then 0.9 bar on the cap side and the seals hold 400 kg. Both sides open: it
    comes down without end, faster than the 10 mm/s of press standards."""
    bench = pumped(press)
    held = bench.judge.falling(["1A1:B"])
    assert held is not None
    assert not held.accident
    free = bench.judge.falling(["1A1:A", "1A1:B"])
    assert free is not None
    assert free.accident


def test_a_propped_ram_stays_when_the_cylinder_is_emptied(press: Plant) -> None:
    bench = pumped(press)
    bench.act("prop", load="PR1/ram", on=True)
    before = bench.simulator.read(StateRef("PR1.tool", "position"))
    for port in ("1A1:A", "1A1:B"):
        for _ in range(5):
            bench.act("purge", point=port)
            bench.tick(1100)
    assert "suspended" not in kinds(bench)
    assert bench.judge.gauge_bar("1A1:B") < 5.0
    assert bench.simulator.read(StateRef("PR1.tool", "position")) == pytest.approx(before, abs=2e-3)
    assert bench.simulator.unresolved == 0


def test_a_fitting_that_lets_the_ram_down_is_a_danger(press: Plant) -> None:
    bench = pumped(press)
    bench.act("purge", point="1A1:B")
    assert "suspended" in kinds(bench)


@pytest.mark.parametrize("tag", ["YB1", "RD1"])
def test_what_carries_the_car_is_not_taken_off_without_a_prop(lift: Plant, tag: str) -> None:
    bench = locked(lift)
    ordered(bench, tag)
    outcome = bench.act("replace", tag=tag)
    assert not outcome.ok
    assert outcome.danger is not None
    assert (outcome.danger.kind, outcome.danger.accident) == ("suspended", True)
    bench.act("prop", load="HL1/car", on=True)
    assert bench.act("replace", tag=tag).ok


def test_the_sheave_carries_both_sides(lift: Plant) -> None:
    bench = locked(lift)
    ordered(bench, "TR1")
    bench.act("prop", load="HL1/car", on=True)
    outcome = bench.act("replace", tag="TR1")
    assert not outcome.ok
    assert "contrepoids" in outcome.text.fr
    assert "cabine" not in outcome.text.fr
    bench.act("prop", load="HL1/counterweight", on=True)
    assert bench.act("replace", tag="TR1").ok


@pytest.mark.parametrize("tag", ["M2", "S12", "B2", "GV1"])
def test_what_carries_nothing_needs_no_prop(lift: Plant, tag: str) -> None:
    bench = locked(lift)
    assert bench.judge.unloaded(tag) is None


def ordered(bench: Bench, tag: str) -> None:
    """A part that the stores do not keep comes by courier."""
    line = bench.plant.machine.bom_line(tag)
    assert line is not None
    if bench.stock(line.reference) == 0:
        bench.act("order", tag=tag)


def locked(lift: Plant) -> Bench:
    """The lift separated, its DC link empty."""
    bench = Bench.create(lift, 1)
    bench.tick(100)
    for tag in lift.isolators:
        bench.act("operate", tag=tag, control="position", value=0)
        bench.tick(5)
        bench.act("padlock", tag=tag)
    bench.tick(200)
    bench.act("epi", worn=["gloves", "face_shield"])
    bench.act("open_cabinet")
    return bench


def test_a_prop_is_put_once_and_told(lift: Plant) -> None:
    bench = locked(lift)
    assert [load["id"] for load in views.layout(bench)["loads"]] == ["HL1/car", "HL1/counterweight"]
    bench.act("prop", load="HL1/car", on=True)
    assert views.state(bench)["props"] == ["HL1/car"]
    for load, on in (("HL1/car", True), ("HL1/counterweight", False), ("HL1/cloud", True)):
        with pytest.raises(ActionRefused):
            bench.act("prop", load=load, on=on)


def test_no_load_hangs_in_the_sorting_station() -> None:
    assert as_plant("poste_tri").loads == {}


# --- heat ----------------------------------------------------------------------------------------------------------


def test_a_frame_at_80_degrees_burns_the_hand(press: Plant) -> None:
    bench = Bench.create(press, 1)
    bench.tick(10)
    assert bench.act("touch", tag="M1").danger is None
    bench.simulator.write(ParameterRef("M1.heat", "air_c"), 80.0)
    bench.simulator.write(ParameterRef("M1.heat", "air_w_k"), 1e6)
    bench.tick(100)
    assert bench.simulator.read(NodeRef("M1.frame")) > 70.0
    outcome = bench.act("touch", tag="M1")
    assert outcome.ok
    assert outcome.danger is not None
    assert (outcome.danger.kind, outcome.danger.accident) == ("hot", False)


def test_a_hose_put_back_where_it_is_does_nothing_wrong(press: Plant) -> None:
    """Its place is opened once, though it is the old one and the new one (found by a random life of a bench)."""
    bench = Bench.create(press, 1)
    bench.tick(50)
    outcome = bench.act("reconnect", tag="T03", end="a", to="0P1:L")
    assert outcome.text != SOFTWARE_FAULT


# --- a line that only a valve keeps dead ---------------------------------------------------------------------------


def test_a_valve_taken_off_a_dead_line_while_the_pump_runs_is_an_accident(press: Plant) -> None:
    """Nothing is in the line now; the PLC needs one output to send the oil there, and the work takes half an hour."""
    bench = Bench.create(press, 1)
    switch_on(bench)
    bench.tick(600)
    assert bench.judge.gauge_bar("1V4:1") < 0.1
    assert bench.judge.gauge_bar("1V4:2") < 0.1
    before = bench.simulator.values.copy()
    outcome = bench.act("replace", tag="1V4")
    assert bench.simulator.values.tobytes() == before.tobytes(), "the trial leaves no trace"
    assert not outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.accident
    assert outcome.danger.kind == "pressure"
    assert "Q0.2" in outcome.danger.text.fr
    assert bench.state.parts == []


@pytest.mark.parametrize("stop", ["isolator", "emergency stop"])
def test_where_no_command_reaches_the_valves_nothing_comes(press: Plant, stop: str) -> None:
    """Physics says it, not a list: solenoids without voltage do not switch."""
    bench = Bench.create(press, 1)
    switch_on(bench)
    bench.tick(600)
    assert bench.judge.commanded(["1V4:1", "1V4:2"]) is not None
    tag, control, value = ("Q1", "position", 0.0) if stop == "isolator" else ("S0", "pressed", 1.0)
    bench.act("operate", tag=tag, control=control, value=value)
    bench.tick(200)
    assert bench.judge.commanded(["1V4:1", "1V4:2"]) is None


def test_a_hose_of_air_that_a_valve_may_fill_is_a_danger(plant: Plant) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(300)
    assert bench.judge.gauge_bar("1V1:4") < 0.1
    outcome = bench.act("disconnect", tag="T11", end="a")
    assert outcome.ok
    assert outcome.danger is not None
    assert (outcome.danger.kind, outcome.danger.accident) == ("pressure", False)
