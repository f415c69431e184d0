"""Flow meter, thermometer and vibration meter: what they read, what they cost, when they are dangerous."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.repairs import switch_on
from etabli.bench import ActionRefused, Bench, InjectedFault, views
from etabli.bench.plant import Plant
from etabli.components.mechanical.vibration import ORDINARY_BEARING
from etabli.physics.network import NodeRef, StateRef

MACHINES = ("poste_tri", "presse", "monte_charge")


def shown(bench: Bench, name: str) -> float:
    """What its screen shows after two seconds."""
    bench.tick(200)
    digits, _, status = bench.meters.screen(name)
    assert status in {"ok", "unstable"}
    return float(digits)


def pumping(press: Plant, *faults: str, journal: Path | None = None) -> Bench:
    """A press whose pump has run for some seconds."""
    bench = Bench.create(press, 1, [InjectedFault(f) for f in faults], journal=journal)
    start_pump(bench)
    return bench


def start_pump(bench: Bench) -> None:
    switch_on(bench)
    bench.tick(500)


# --- what every machine offers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_has_places_to_measure(machine: str) -> None:
    bench = Bench.create(machine, 1)
    layout = views.layout(bench)
    places = {spot["id"]: spot for spot in layout["spots"]}
    for kind in ("thermal", "vibration"):
        assert layout["points"][kind], kind
        for spot in layout["points"][kind]:
            assert places[spot]["text"]["fr"]
            assert places[spot]["text"]["en"]
    assert not set(places) & set(bench.plant.domains), "a place is never taken for a terminal"


@pytest.mark.parametrize("machine", MACHINES)
def test_a_cold_machine_is_at_the_temperature_of_the_workshop_and_still(machine: str) -> None:
    bench = Bench.create(machine, 1)
    bench.tick(10)
    read = bench.nodes.reader(bench.simulator.read)
    for placed in bench.plant.spots.values():
        if placed.spot.celsius is not None:
            assert 15.0 < placed.spot.celsius(read) < 45.0, placed.id
        if placed.spot.vibration is not None:
            assert read(placed.spot.vibration.overall) < 0.1, placed.id


# --- flow meter ----------------------------------------------------------------------------------------------------


def test_a_flow_meter_reads_what_the_pump_gives_and_adds_its_drop(press: Plant) -> None:
    """The case drain of the pump, measured before it is started: internal leakage at its sheet's value."""
    bench = Bench.create(press, 1)
    bench.act("flowmeter", tube="T03")
    start_pump(bench)
    litres = shown(bench, "flowmeter")
    case = bench.simulator.read(StateRef("0P1.pump", "case")) * 0.06
    assert litres == pytest.approx(case, abs=0.05 + 0.03 * case)
    assert litres > 0.3
    drop = bench.simulator.read(NodeRef(bench.nodes("0P1:L"))) - bench.simulator.read(NodeRef("T03:a"))
    assert drop > 0.0
    assert bench.simulator.unresolved == 0


def test_a_worn_pump_is_found_in_its_case_drain(press: Plant) -> None:
    bench = Bench.create(press, 1, [InjectedFault("0P1.worn")])
    bench.act("flowmeter", tube="T03")
    start_pump(bench)
    assert shown(bench, "flowmeter") > 5.0


def test_it_measures_air_in_litres_of_the_reference_atmosphere(off: Callable[..., Bench]) -> None:
    """The volumes behind the service unit fill when the air comes back, then nothing flows any more."""
    bench = off()
    bench.act("flowmeter", tube="T02")
    assert shown(bench, "flowmeter") == pytest.approx(0.0, abs=0.1)
    bench.act("remove_padlock", tag="0V1")
    bench.act("operate", tag="0V1", control="position", value=1)
    most = 0.0
    for _ in range(10):
        bench.tick(20)
        digits, unit, _ = bench.meters.screen("flowmeter")
        most = max(most, float(digits))
    assert unit == "l/min"
    assert most > 5.0
    bench.tick(500)
    assert shown(bench, "flowmeter") == pytest.approx(0.0, abs=0.5)


def test_screwing_it_in_under_pressure_is_an_accident(press: Plant) -> None:
    bench = pumping(press)
    outcome = bench.act("flowmeter", tube="T04")
    assert not outcome.ok
    assert outcome.danger is not None
    assert (outcome.danger.kind, outcome.danger.accident) == ("pressure", True)
    assert bench.state.instruments.flowmeter is None
    assert "flowmeter.body" not in bench.simulator.network.devices


def test_taking_it_out_under_pressure_too(press: Plant) -> None:
    bench = Bench.create(press, 1)
    bench.act("flowmeter", tube="T04")
    start_pump(bench)
    assert not bench.act("flowmeter", tube=None).ok
    assert bench.state.instruments.flowmeter == "T04"


def test_there_is_one_flow_meter(press: Plant) -> None:
    bench = Bench.create(press, 1)
    bench.act("flowmeter", tube="T04")
    with pytest.raises(ActionRefused, match="T04"):
        bench.act("flowmeter", tube="T05")
    bench.act("flowmeter", tube=None)
    bench.act("disconnect", tag="T05", end="a")
    with pytest.raises(ActionRefused):
        bench.act("flowmeter", tube="T05")


def test_a_hose_taken_off_takes_the_meter_with_it(press: Plant) -> None:
    bench = Bench.create(press, 1)
    bench.act("flowmeter", tube="T04")
    bench.act("disconnect", tag="T04", end="a")
    assert "flowmeter.body" not in bench.simulator.network.devices
    bench.act("reconnect", tag="T04", end="a")
    assert "flowmeter.body" in bench.simulator.network.devices
    bench.tick(20)
    assert bench.simulator.unresolved == 0


# --- thermometer ---------------------------------------------------------------------------------------------------


def test_both_thermometers_read_the_frame_of_the_motor(running: Callable[..., Bench]) -> None:
    bench = running()
    bench.tick(6000)
    true = bench.simulator.read(NodeRef("M1.frame"))
    bench.act("thermometer", point="M1/frame", mode="infrared")
    assert shown(bench, "thermometer") == pytest.approx(true, abs=2.0)
    assert bench.meters.screen("thermometer")[1] == "°C"


def test_a_loose_terminal_glows_in_the_infrared(running: Callable[..., Bench]) -> None:
    """Thermography of the cabinet: the wire whose terminal is loose stands out from its sound neighbour."""
    bench = running("W101.loose_a")
    bench.act("open_cabinet")
    found = {}
    for tag in ("W101", "W102"):
        bench.act("thermometer", point=f"{tag}/ends", mode="infrared")
        found[tag] = shown(bench, "thermometer")
    assert found["W101"] > 60.0
    assert found["W102"] < 30.0


def test_a_probe_held_on_a_turning_machine_is_an_accident_and_the_infrared_is_not(
    running: Callable[..., Bench],
) -> None:
    bench = running()
    assert bench.act("thermometer", point="RD1/output", mode="infrared").danger is None
    outcome = bench.act("thermometer", point="RD1/output", mode="contact")
    assert outcome.danger is not None
    assert outcome.danger.kind == "moving"
    assert bench.state.instruments.thermometer_mode == "infrared"


def test_a_probe_in_a_live_cabinet_is_judged(running: Callable[..., Bench]) -> None:
    bench = running()
    with pytest.raises(ActionRefused):
        bench.act("thermometer", point="KM1/coil", mode="infrared")
    bench.act("open_cabinet")
    assert bench.act("thermometer", point="KM1/coil", mode="infrared").danger is None
    outcome = bench.act("thermometer", point="KM1/coil", mode="contact")
    assert outcome.danger is not None
    assert (outcome.danger.kind, outcome.danger.accident) == ("live", True)


# --- vibration meter -----------------------------------------------------------------------------------------------


def test_a_worn_bearing_shakes_and_its_line_is_that_of_the_outer_race(running: Callable[..., Bench]) -> None:
    levels = {}
    for faults in ((), ("M1.bearing_worn",)):
        bench = running(*faults)
        bench.act("vibrometer", point="M1/frame")
        levels[faults] = shown(bench, "vibrometer")
        lines = bench.act("spectrum").values["lines"]
    turns_s = bench.simulator.read(NodeRef(bench.nodes("M1:shaft"))) / (2.0 * math.pi)
    assert levels[()] < 1.8  # zone A or B of a small machine
    assert levels[("M1.bearing_worn",)] > 4.5  # zone D
    hertz, level = lines[0]
    assert hertz == pytest.approx(ORDINARY_BEARING.outer * turns_s, rel=0.01)
    assert level > 4.5


def test_shafts_out_of_line_show_at_twice_the_speed_on_both_sides(press: Plant) -> None:
    for spot in ("M1/frame", "0P1/body"):
        bench = pumping(press, "AC1.misaligned")
        bench.act("vibrometer", point=spot)
        bench.tick(100)
        lines = bench.act("spectrum").values["lines"]
        turns_s = bench.simulator.read(NodeRef(bench.nodes("M1:shaft"))) / (2.0 * math.pi)
        assert lines[0][0] == pytest.approx(2.0 * turns_s, rel=0.01)


def test_a_spectrum_names_no_defect(running: Callable[..., Bench]) -> None:
    bench = running("M1.bearing_worn")
    with pytest.raises(ActionRefused):
        bench.act("spectrum")
    bench.act("vibrometer", point="M1/frame")
    text = bench.act("spectrum").text
    for word in ("roulement", "bague", "bearing", "race", "outer"):
        assert word not in text.fr + text.en


# --- journal, secrets ----------------------------------------------------------------------------------------------


def test_nothing_is_read_where_no_meter_is(running: Callable[..., Bench]) -> None:
    frame, state = views.frame(running()), views.state(running())
    assert frame["m"] == []
    assert state["instruments"]["thermometer"] == {"point": None, "mode": "infrared"}
    assert state["instruments"]["vibrometer"] == {"point": None}
    assert state["instruments"]["flowmeter"] == {"tube": None}


def test_they_are_in_the_readings_and_replay_bit_for_bit(press: Plant, tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    bench = Bench.create(press, 3, journal=path)
    bench.act("flowmeter", tube="T03")
    start_pump(bench)
    bench.act("vibrometer", point="0P1/body")
    bench.act("thermometer", point="0Z1/wall", mode="infrared")
    bench.tick(150)
    bench.act("spectrum")
    bench.tick(50)
    readings = {r.instrument: (r.points, r.unit) for r in bench.state.readings}
    assert readings["flowmeter"] == (["T03"], "l/min")
    assert readings["vibrometer"] == (["0P1/body"], "mm/s")
    assert readings["thermometer"] == (["0Z1/wall"], "°C")
    values, rows, told = bench.simulator.values.copy(), bench.meters.rows(), bench.state.log[-1].text
    bench.close()
    again = Bench.open(path, resume=False)
    assert again.simulator.values.tobytes() == values.tobytes()
    assert again.meters.rows() == rows
    assert again.state.log[-1].text == told
