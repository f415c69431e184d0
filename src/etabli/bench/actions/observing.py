"""Senses, the operator, the console of the PLC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etabli.bench.actions.registry import Argument, Arguments, action, among, judged, points_of, reach, reach_tag
from etabli.bench.errors import ActionRefused
from etabli.bench.judgement import Hazard
from etabli.bench.outcome import Outcome
from etabli.components.component import Sense
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.card import PlcCard
    from etabli.bench.live import Bench


# --- senses ---------------------------------------------------------------------------------------


def _check_sense(bench: Bench, given: Arguments) -> None:
    if given.get("tag") is not None:
        reach(bench, given["tag"])


def _sense(bench: Bench, given: Arguments, sense: Sense, minutes: float) -> Outcome:
    tag = given.get("tag")
    read, nodes = bench.simulator.read, bench.nodes
    found = bench.senses.at(tag, sense, read, nodes) if tag is not None else bench.senses.around(sense, read, nodes)
    fr = " ".join(f"{p['tag']} : {p['text']['fr']}" if p["tag"] else p["text"]["fr"] for p in found[:6])
    en = " ".join(f"{p['tag']}: {p['text']['en']}" if p["tag"] else p["text"]["en"] for p in found[:6])
    return Outcome(True, Text(fr, en), minutes, perceptions=found)


@action("look", "regarder", "look", 0.5, Argument("tag", "maybe_part", False), check=_check_sense)
def _look(bench: Bench, given: Arguments) -> Outcome:
    return _sense(bench, given, Sense.LOOK, 0.5)


@action("listen", "écouter", "listen", 0.5, Argument("tag", "maybe_part", False))
def _listen(bench: Bench, given: Arguments) -> Outcome:
    return _sense(bench, given, Sense.LISTEN, 0.5)


@action("touch", "toucher", "touch", 0.5, Argument("tag", "part"), check=reach_tag)
def _touch(bench: Bench, given: Arguments) -> Outcome:
    tag = given["tag"]
    hazards: list[Hazard | None] = [bench.judge.mechanical(tag, locked=True)]
    if bench.plant.is_enclosed(tag):  # covers and insulation protect the fingers outside the cabinet
        hazards.append(bench.judge.electrical(points_of(bench, tag, electrical=True), bench.state.epi))
    hazards.append(bench.judge.hot(tag))
    return judged(bench, "touch", tag, hazards, lambda: _sense(bench, given, Sense.TOUCH, 0.5))


def _check_ask(bench: Bench, given: Arguments) -> None:
    among(
        "question",
        given["question"],
        [q.id for q in bench.plant.machine.operator.questions],
        Text("question", "question"),
    )


@action("ask", "demander à l'opérateur", "ask the operator", 1.0, Argument("question", "text"), check=_check_ask)
def _ask(bench: Bench, given: Arguments) -> Outcome:
    asked, answer = bench.operator_says(given["question"])
    told = Text(f"{asked.fr} – {answer.fr}", f"{asked.en} – {answer.en}")
    return Outcome(True, told, 1.0, values={"question": given["question"]})


# --- PLC ------------------------------------------------------------------------------------------


def _card(bench: Bench) -> PlcCard:
    """The PLC of a machine whose console is, or is being, connected."""
    assert bench.card is not None
    return bench.card


def _check_console(bench: Bench, given: Arguments) -> None:
    if not bench.plant.machine.plc:
        raise ActionRefused(
            Text("cette machine n'a pas d'automate", "this machine has no PLC"),
            Text("rien à connecter", "nothing to connect"),
        )
    if given["connected"] == bench.state.console:
        raise ActionRefused(
            Text("la console est déjà dans cet état", "the console is already so"),
            Text("rien à faire", "nothing to do"),
        )
    if given["connected"]:
        reach(bench, bench.plant.machine.plc)


def _check_force(bench: Bench, given: Arguments) -> None:
    if not bench.state.console:
        raise ActionRefused(
            Text("la console n'est pas connectée à l'automate", "the console is not connected to the PLC"),
            Text("connecter la console", "connect the console"),
        )
    among("address", given["address"], _card(bench).addresses, Text("adresse", "address"))


@action(
    "console",
    "connecter la console",
    "connect the console",
    3.0,
    Argument("connected", "boolean"),
    check=_check_console,
)
def _console(bench: Bench, given: Arguments) -> Outcome:
    bench.state.console = given["connected"]
    _card(bench).watch()
    if given["connected"]:
        return Outcome(True, Text("Console connectée à l'automate.", "Console connected to the PLC."), 3.0)
    return Outcome(True, Text("Console débranchée.", "Console unplugged."), 1.0)


@action(
    "force",
    "forcer une E/S",
    "force an I/O",
    0.5,
    Argument("address", "text"),
    Argument("value", "boolean"),
    check=_check_force,
)
def _force(bench: Bench, given: Arguments) -> Outcome:
    address, value = given["address"], given["value"]
    _card(bench).force(address, value)
    return Outcome(True, Text(f"{address} forcé à {value:d}.", f"{address} forced to {value:d}."), 0.5)


@action("release", "lever un forçage", "release a force", 0.2, Argument("address", "text"), check=_check_force)
def _release(bench: Bench, given: Arguments) -> Outcome:
    _card(bench).force(given["address"], None)
    return Outcome(True, Text(f"Forçage de {given['address']} levé.", f"Force on {given['address']} released."), 0.2)
