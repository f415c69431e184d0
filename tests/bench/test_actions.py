"""What a person can do, what is refused, and what the true physics makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench.repairs import switch_on
from etabli.bench import ActionRefused, Bench, views
from etabli.bench.actions import ACTIONS
from etabli.bench.actions.repairs import REPLACE_MINUTES
from etabli.bench.plant import Plant
from etabli.components.catalogue import catalogue
from etabli.machines import list_machines

Make = Callable[..., Bench]


def test_the_operator_panel_runs_the_machine(running: Make) -> None:
    bench = running()
    bench.tick(3000)
    assert bench.counters()["good"] >= 2
    bench.act("press", tag="S2")
    bench.tick(1500)
    counted = bench.counters()["good"]
    bench.tick(1500)
    assert bench.counters()["good"] == counted


def test_a_press_lets_go_by_itself(running: Make) -> None:
    bench = running()
    bench.act("press", tag="S2", seconds=0.5)
    assert bench.control_value("S2", "pressed") == 1
    bench.tick(51)
    assert bench.control_value("S2", "pressed") == 0


@pytest.mark.parametrize(
    ("name", "arguments", "code", "words"),
    [
        ("dance", {}, "unknown_action", "dance"),
        ("press", {"tag": "S99"}, "bad_argument", "S99"),
        ("press", {"tag": "S1", "force": 3}, "bad_argument", "force"),
        ("press", {}, "bad_argument", "tag"),
        ("press", {"tag": "S1", "seconds": 1e9}, "bad_argument", "durée"),
        ("press", {"tag": "S1", "seconds": float("nan")}, "bad_argument", "nombre"),
        ("press", {"tag": "S1", "seconds": 10**400}, "bad_argument", "nombre"),
        ("reset", {"tag": "S1"}, "action_refused", "réarmer"),
        ("order", {"tag": "S1"}, "action_refused", "magasin"),
        ("purge", {"point": "M1:U"}, "bad_argument", "pneumatique"),
        ("operate", {"tag": "S4", "control": "position", "value": 7}, "bad_argument", "course"),
        ("operate", {"tag": "KM1", "control": "pressed", "value": 1}, "bad_argument", "commande"),
        ("operate", {"tag": "Q1", "control": "lock", "value": 1}, "bad_argument", "commande"),
        ("operate", {"tag": "Q2", "control": "position", "value": 0}, "action_refused", "armoire"),
        ("replace", {"tag": "KM1"}, "action_refused", "armoire"),
        ("replace", {"tag": "G0"}, "action_refused", "magasin"),
        ("probe", {"red": "KM1:A1"}, "action_refused", "armoire"),
        ("probe", {"red": "1A1:A"}, "bad_argument", "électrique"),
        ("gauge", {"point": "KM1:A1"}, "bad_argument", "pneumatique"),
        ("tachometer", {"point": "KM1:A1"}, "bad_argument", "arbre"),
        ("clamp", {"wire": "T11"}, "bad_argument", "fil"),
        ("dial", {"position": "henry"}, "bad_argument", "henry"),
        ("padlock", {"tag": "Q1"}, "action_refused", "position 0"),
        ("padlock", {"tag": "0V1"}, "action_refused", "0V1 n'est pas fermée"),
        ("padlock", {"tag": "S1"}, "action_refused", "cadenassable"),
        ("remove_padlock", {"tag": "Q1"}, "action_refused", "cadenas"),
        ("close_cabinet", {}, "action_refused", "fermée"),
        ("console", {"connected": True}, "action_refused", "armoire"),
        ("force", {"address": "Q0.0", "value": True}, "action_refused", "console"),
        ("reconnect", {"tag": "W115", "end": "c"}, "bad_argument", "extrémité"),
        ("disconnect", {"tag": "W999", "end": "a"}, "bad_argument", "W999"),
        ("exchange", {"first": "M1:U", "second": "1A1:A"}, "action_refused", "échangent"),
        ("adjust", {"tag": "1V2", "parameter": "opening", "value": 40}, "bad_argument", "plage"),
        ("adjust", {"tag": "1V2", "parameter": "colour", "value": 1}, "bad_argument", "colour"),
        ("epi", {"worn": ["hat"]}, "bad_argument", "hat"),
        ("ask", {"question": "why"}, "bad_argument", "why"),
        ("note", {}, "bad_argument", "vide"),
        ("note", {"line": 4, "check": "x"}, "bad_argument", "ligne"),
        ("declare", {"tag": "KM1", "mode": "tired", "evidence": []}, "bad_argument", "tired"),
        ("declare", {"tag": "KM1", "mode": "coil_open", "evidence": [3]}, "bad_argument", "carnet"),
        ("place_part", {"tag": "KM1"}, "action_refused", "pièces"),
        ("acceptance", {"parts": 0}, "bad_argument", "nombre"),
        ("vat", {"first": "Q1:1", "second": "Q1:1"}, "action_refused", "armoire|différents"),
    ],
)
def test_impossible_actions_are_refused_with_a_mend_and_change_nothing(
    plant: Plant, name: str, arguments: dict[str, Any], code: str, words: str
) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(10)
    before = bench.saved_state(), bench.simulator.snapshot()
    with pytest.raises(ActionRefused) as refused:
        bench.act(name, **arguments)
    assert any(word in refused.value.text.fr for word in words.split("|")), refused.value.text
    if "|" not in words:
        assert refused.value.code == code
    assert refused.value.mend.fr
    assert refused.value.mend.en
    assert (bench.saved_state(), bench.simulator.snapshot()) == before


def test_every_action_has_a_text_in_both_languages() -> None:
    assert len(ACTIONS) > 35
    assert all((a.text.fr and a.text.en and a.text.fr != a.text.en) or a.name == "clamp" for a in ACTIONS.values())


# --- dangers --------------------------------------------------------------------------------------


def test_hands_on_400_v_are_an_accident_and_the_work_is_not_done(running: Make) -> None:
    bench = running()
    bench.act("open_cabinet")
    outcome = bench.act("disconnect", tag="W109", end="a")
    assert not outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "live"
    assert outcome.danger.accident
    assert bench.state.ends == {}
    assert outcome.minutes >= 30
    assert bench.state.dangers == [outcome.danger]
    assert [entry.ok for entry in bench.state.log[-2:]] == [True, False]


def test_live_work_with_gloves_is_still_a_danger(running: Make) -> None:
    bench = running()
    bench.act("open_cabinet")
    bench.act("epi", worn=["gloves", "face_shield"])
    outcome = bench.act("disconnect", tag="W109", end="a")
    assert outcome.ok
    assert outcome.danger is not None
    assert not outcome.danger.accident


def test_24_v_do_not_hurt_but_are_noted(running: Make) -> None:
    bench = running()
    bench.act("open_cabinet")
    outcome = bench.act("disconnect", tag="W208", end="a")
    assert outcome.ok
    assert outcome.danger is not None
    assert not outcome.danger.accident


def test_a_hose_undone_under_6_bar_whips(running: Make) -> None:
    bench = running()
    outcome = bench.act("disconnect", tag="T02", end="b")
    assert not outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "pressure"


def test_the_same_work_is_safe_once_locked_out(off: Make) -> None:
    bench = off()
    for tag in ("W109", "T02"):
        outcome = bench.act("disconnect", tag=tag, end="b")
        assert outcome.ok
        assert outcome.danger is None
    assert bench.state.dangers == []


def test_hands_on_a_running_belt_are_an_accident(running: Make) -> None:
    bench = running()
    bench.tick(800)
    assert bench.judge.moves("CV1")
    outcome = bench.act("remove_jam", tag="CV1")
    assert not outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "moving"


def test_hands_in_a_machine_that_may_start_are_noted(plant: Plant) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(100)
    outcome = bench.act("place_part", tag="CV1", kind="tall_metal")
    assert outcome.ok
    assert outcome.danger is not None
    assert outcome.danger.kind == "unlocked"


def test_probing_400_v_without_protection_is_noted(running: Make) -> None:
    bench = running()
    bench.act("open_cabinet")
    assert bench.act("probe", red="Q1:1", black="Q1:3").danger is not None
    bench.act("epi", worn=["gloves", "face_shield"])
    assert bench.act("probe", red="Q1:1", black="Q1:5").danger is None


# --- lock-out -------------------------------------------------------------------------------------


def test_terminals_of_a_panel_are_under_its_cover(running: Make) -> None:
    bench = running()
    bench.act("press", tag="S1")  # its head is outside
    for action, given in (("probe", {"red": "S1:13"}), ("tighten", {"target": "S1:13"}), ("clamp", {"wire": "W312"})):
        with pytest.raises(ActionRefused, match="under a closed cover"):
            bench.act(action, **given)
    assert bench.act("clamp", wire="W311").ok, "the cable from the cabinet to the panel runs outside"
    bench.act("open_cabinet")
    assert bench.act("probe", red="S1:13").ok


def test_a_padlock_holds_the_handle(off: Make) -> None:
    bench = off()
    with pytest.raises(ActionRefused) as refused:
        bench.act("operate", tag="Q1", control="position", value=1)
    assert "cadenas" in refused.value.text.fr
    bench.act("remove_padlock", tag="Q1")
    bench.tick(5)
    bench.act("operate", tag="Q1", control="position", value=1)
    bench.tick(100)
    assert bench.judge.volts("Q1:2")[0] > 200


def test_upstream_of_the_isolator_stays_live_when_locked_out(off: Make) -> None:
    bench = off()
    assert bench.judge.volts("Q1:1")[0] > 200
    assert bench.judge.volts("Q1:2")[0] < 5


def test_the_air_is_gone_after_the_purge(off: Make) -> None:
    assert off().judge.gauge_bar("0Z2:P") < 0.1


# --- connections ----------------------------------------------------------------------------------


def test_a_wire_taken_off_and_put_back(off: Make) -> None:
    bench = off()
    bench.act("disconnect", tag="W115", end="b")
    assert [(m.tag, m.end, m.to) for m in bench.state.moved] == [("W115", "b", None)]
    with pytest.raises(ActionRefused):
        bench.act("disconnect", tag="W115", end="b")
    bench.act("reconnect", tag="W115", end="b")
    assert bench.state.ends == {}
    assert bench.state.moved == []


def test_two_phases_exchanged_turn_the_motor_backwards(off: Make) -> None:
    bench = off()
    bench.act("exchange", first="M1:U", second="M1:V")
    bench.act("remove_padlock", tag="Q1")
    bench.act("remove_padlock", tag="0V1")
    bench.tick(5)
    bench.act("operate", tag="Q1", control="position", value=1)
    bench.act("operate", tag="0V1", control="position", value=1)
    bench.tick(350)
    switch_on(bench)
    bench.tick(100)
    assert bench.simulator.read(bench.nodes.resolve(_speed("M1"))) < -50


def _speed(tag: str) -> Any:
    from etabli.physics.network import NodeRef

    return NodeRef(f"{tag}:shaft")


# --- stores, notebook, end ------------------------------------------------------------------------


def test_parts_cost_and_run_out(off: Make, plant: Plant) -> None:
    bench = off()
    line = plant.machine.bom_line("KM1")
    assert line is not None
    for _ in range(line.stock):
        assert bench.act("replace", tag="KM1").cost == line.price_eur
    with pytest.raises(ActionRefused) as refused:
        bench.act("replace", tag="KM1")
    assert "magasin" in refused.value.text.fr
    assert bench.state.cost == pytest.approx(line.stock * line.price_eur)


def test_notebook_and_declaration(running: Make) -> None:
    bench = running("KM1.coil_open")
    line = bench.act("note", hypothesis="bobine coupée", check="A1-A2", expected="190 Ω", reading="OL").values["line"]
    bench.act("note", line=line, conclusion="bobine coupée")
    bench.act("declare", tag="KM1", mode="coil_open", evidence=[line])
    assert bench.state.notebook[0].conclusion == "bobine coupée"
    assert bench.state.notebook[0].reading == "OL"
    assert bench.state.declared is not None
    assert bench.state.declared.evidence == [1]


def test_no_fault_found_can_be_declared(running: Make) -> None:
    bench = running()
    assert bench.act("declare", tag=None, evidence=[]).ok


def test_an_acceptance_run_counts_good_parts(running: Make) -> None:
    bench = running()
    bench.act("acceptance", parts=3)
    bench.tick(3500)
    run = bench.state.acceptance
    assert run is not None
    assert run.state == "passed"
    assert run.good >= 3


def test_an_acceptance_run_fails_on_a_machine_that_does_not_produce(running: Make) -> None:
    bench = running("KM1.coil_open")
    bench.act("acceptance", parts=1)
    bench.tick(round(100 * bench.plant.machine.acceptance.seconds) + 200)
    assert bench.state.acceptance is not None
    assert bench.state.acceptance.state == "failed"


def test_a_finished_intervention_takes_no_more_actions(running: Make) -> None:
    bench = running()
    bench.act("finish", observation="ok", recommendation="rien")
    with pytest.raises(ActionRefused):
        bench.act("look")


# --- PLC ------------------------------------------------------------------------------------------


def test_the_console_forces_an_output(plant: Plant) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(100)
    assert views.frame(bench)["o"] is None
    bench.act("open_cabinet")
    bench.act("console", connected=True)
    bench.act("force", address="Q0.0", value=True)
    bench.tick(100)
    assert bench.judge.volts("KM1:A1")[0] > 20
    assert views.frame(bench)["o"] is not None
    bench.act("release", address="Q0.0")
    bench.tick(100)
    assert bench.judge.volts("KM1:A1")[0] < 5


def test_the_emergency_stop_wins_over_a_force(plant: Plant) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(150)
    bench.act("open_cabinet")
    bench.act("console", connected=True)
    bench.act("operate", tag="S0", control="pressed", value=1)
    bench.act("force", address="Q0.0", value=True)
    bench.tick(200)
    assert not bench.judge.moves("M1")


def test_the_program_stops_without_its_supply_and_starts_again(running: Make) -> None:
    bench = running()
    bench.tick(500)
    bench.act("operate", tag="Q1", control="position", value=0)
    bench.tick(300)
    assert not bench.state.plc_powered
    scans = bench.plc.scan_count if bench.plc else 0
    bench.tick(100)
    assert bench.plc is not None
    assert bench.plc.scan_count == scans
    bench.act("operate", tag="Q1", control="position", value=1)
    bench.tick(300)
    assert bench.state.plc_powered


# --- senses ---------------------------------------------------------------------------------------


def test_senses_find_what_physics_does(running: Make) -> None:
    bench = running()
    bench.tick(800)
    heard = " ".join(p["text"]["fr"] for p in bench.act("listen").perceptions)
    assert heard
    assert bench.act("look", tag="M1").perceptions
    assert bench.act("touch", tag="M1").danger is not None  # it turns


def test_a_damage_is_seen_without_power_only(off: Make, running: Make) -> None:
    live, dead = running("W115.loose_b"), off("W115.loose_b")
    live.act("open_cabinet")

    def words(bench: Bench) -> str:
        return " ".join(p["text"]["fr"] for p in bench.act("look", tag="W115").perceptions)

    live.tick(300)
    assert "bouge" in words(dead)
    assert not live.judge.is_dead(["X0:1"])
    assert "bouge" not in words(live)


def test_the_operator_tells_what_the_machine_does_not_its_fault(running: Make, plant: Plant) -> None:
    healthy, faulty = running(), running("KM1.coil_open")
    assert healthy.complaint() != faulty.complaint()
    assert "KM1" not in faulty.complaint().fr
    for question in plant.machine.operator.questions:
        told = faulty.act("ask", question=question.id).text
        assert told.fr.startswith(f"{question.text.fr} – ")
        assert len(told.en) > len(question.text.en) + 5


def test_the_table_of_times_names_families_of_the_catalogue() -> None:
    assert set(REPLACE_MINUTES) <= set(catalogue())


def test_protective_equipment_is_named_in_words(running: Make) -> None:
    told = running().act("epi", worn=["face_shield", "gloves"]).text
    assert told.fr == "EPI portés : écran facial, gants isolants."
    assert told.en == "Equipment worn: face shield, insulating gloves."


# --- what a closed door hides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", list_machines())
def test_the_terminals_of_the_switch_on_the_door_are_behind_it(machine: str) -> None:
    bench = Bench.create(machine, 1)
    bench.tick(10)
    for action, arguments in (
        ("probe", {"red": "Q1:1", "black": "Q1:3"}),
        ("replace", {"tag": "Q1"}),
        ("tighten", {"target": "Q1:1"}),
        ("disconnect", {"tag": "W106", "end": "a"}),
        ("replace", {"tag": "W101"}),
    ):
        with pytest.raises(ActionRefused) as refused:
            bench.act(action, **arguments)
        assert "porte" in refused.value.text.fr or "armoire" in refused.value.text.fr, action
    assert bench.act("look", tag="Q1").ok
    assert bench.act("operate", tag="Q1", control="position", value=0).ok
    assert bench.act("padlock", tag="Q1").ok
    bench.act("open_cabinet")
    bench.tick(100)
    bench.act("probe", red="Q1:1", black="Q1:3")
    assert bench.state.instruments.multimeter.red == "Q1:1"


# --- hands in the matter ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", list_machines())
def test_every_gesture_that_a_page_offers_is_one_that_the_machine_takes(machine: str) -> None:
    """A press has no jam to clear, a lift no belt: each says itself what hands can do to what it holds."""
    bench = Bench.create(machine, 1)
    bench.tick(10)
    offered = views.layout(bench)["gestures"]
    assert "clear" in {each["action"] for each in offered}
    for each in offered:
        outcome = bench.act(each["action"], tag=each["tag"])
        nothing_jammed = "aucune pièce n'est coincée"
        assert (outcome.ok and each["text"]["fr"] in outcome.text.fr) or outcome.text.fr == nothing_jammed
