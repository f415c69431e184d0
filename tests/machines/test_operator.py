"""The operator speaks from what the machine does, never from a fault."""

from __future__ import annotations

import pytest

from etabli.machines import Machine, Watch, load_machine
from etabli.machines.operator import watched
from etabli.physics.network import Ref
from machines.headless import Headless


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine("poste_tri")


def test_a_healthy_trial_brings_no_complaint_of_substance(machine: Machine) -> None:
    watch = Headless(machine, seed=1).trial()
    assert "rien remarqué" in watch.complaint().fr
    assert watch.answer("start").fr == "La bande démarre et continue de tourner."
    assert watch.answer("cylinders").fr.startswith("Oui")


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("F4.blown", "Rien ne s'allume"),
        ("W116.open", "la bande n'avance pas"),
        ("W421.open", "Impossible de démarrer"),
        ("W401.open", "il ne se passe rien"),
        ("W404.open", "bouge un instant"),
        ("B3.stuck_off", "mauvais bac"),
        ("3V1.coil_open_14", "La butée ne sort pas"),
        ("3V1.coil_open_12", "la butée ne s'efface pas"),
        ("W452.open", "la pièce reste bloquée à la butée"),
        ("W543.open", "le feu vert"),
        ("H1.lamp_open", "le voyant En service"),
    ],
)
def test_the_complaint_is_what_was_seen(machine: Machine, fault: str, complaint: str) -> None:
    assert complaint in Headless(machine, seed=1, faults=(fault,)).trial().complaint().fr


def test_two_faults_with_the_same_effect_have_the_same_complaint(machine: Machine) -> None:
    """A cut wire and a cut coil look the same to an operator: the sentence cannot give the fault away."""
    wire = Headless(machine, seed=1, faults=("W502.open",)).trial()
    coil = Headless(machine, seed=1, faults=("KM1.coil_open",)).trial()
    assert wire.complaint() == coil.complaint()
    assert all(wire.answer(q.id) == coil.answer(q.id) for q in machine.operator.questions)


def test_no_sentence_names_a_failure_mode(machine: Machine) -> None:
    said = [s.text.fr.lower() for s in machine.operator.complaints]
    said += [a.text.fr.lower() for q in machine.operator.questions for a in q.answers]
    assert not [text for text in said if "panne" in text or "grippé" in text or "fil coupé" in text]


def test_every_question_has_an_answer_whatever_happens(machine: Machine) -> None:
    assert all(not question.answers[-1].when for question in machine.operator.questions)


def test_a_watch_follows_last_least_most_mean_and_changes(machine: Machine) -> None:
    values = iter([0.0, 0.9, 0.1, 1.0])
    watch = Watch(machine)
    for now in values:

        def read(ref: Ref, now: float = now) -> float:
            return now

        watch.sample(read, dict.fromkeys(("good", "bad", "fed", "jams"), now))
    track = watch._tracks["counter.good"]
    assert (track.over("last"), track.over("least"), track.over("most")) == (1.0, 0.0, 1.0)
    assert track.over("mean") == pytest.approx(0.5)
    assert track.over("changes") == 3


def test_only_visible_readings_are_watched(machine: Machine) -> None:
    assert {name.partition(".")[0] for name in watched(machine.operator)} <= {
        "counter",
        "control",
        "CV1",
        "H1",
        "H2",
        "0Z1",
        "1A1",
        "2A1",
        "3A1",
    }
