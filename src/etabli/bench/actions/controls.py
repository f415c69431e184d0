"""Hands on the controls of the machine: buttons, handles, doors, padlocks, the air."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etabli.bench.actions.registry import (
    Argument,
    Arguments,
    action,
    among,
    judged,
    locked_out,
    reach,
    reach_point,
)
from etabli.bench.control_words import words_of
from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.judgement import Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import EARTH, FLUIDS
from etabli.bench.state import TICK_S, Release
from etabli.physics.law import Domain
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench

OIL_DANGER_BAR = 30.0
"""Above this a fitting of oil is not undone, even by one thread: the oil is let out through a drain first."""
BLEED_S = 10.0
"""How long a fitting is held slightly undone, s of machine time."""
EPI = {
    "gloves": Text("gants isolants", "insulating gloves"),
    "face_shield": Text("écran facial", "face shield"),
    "shoes": Text("chaussures de sécurité", "safety shoes"),
    "glasses": Text("lunettes", "safety glasses"),
}
"""Protective equipment that can be worn, by its name in the journal."""


# --- controls -------------------------------------------------------------------------------------


def _check_control(bench: Bench, given: Arguments) -> None:
    tag, name = given["tag"], given.get("control", "pressed")
    control = bench.plant.controls.get(f"{tag}.{name}")
    if control is None or name == "lock":
        known = [c.name for c in bench.plant.controls.values() if c.tag == tag and c.name != "lock"]
        raise bad_argument(
            "control",
            Text(f"{tag} n'a pas de commande « {name} »", f"{tag} has no control “{name}”"),
            Text(f"choisir parmi : {', '.join(known) or 'aucune'}", f"choose among: {', '.join(known) or 'none'}"),
        )
    reach(bench, tag)
    if tag in bench.state.padlocks:
        raise ActionRefused(
            Text(f"{tag} est condamné par un cadenas", f"{tag} is padlocked"),
            Text("retirer le cadenas", "remove the padlock"),
        )
    value = given.get("value", 1.0)
    if not 0.0 <= value <= control.maximum:
        raise bad_argument(
            "value",
            Text(f"{value:g} est hors de la course de {tag}", f"{value:g} is outside the travel of {tag}"),
            Text(f"entre 0 et {control.maximum:g}", f"between 0 and {control.maximum:g}"),
        )


def _check_press(bench: Bench, given: Arguments) -> None:
    _check_control(bench, given)
    if not 0.02 <= given.get("seconds", 0.3) <= 60.0:
        raise bad_argument(
            "seconds",
            Text("durée impossible", "impossible duration"),
            Text("entre 0,02 et 60 s", "between 0.02 and 60 s"),
        )


@action(
    "operate",
    "actionner",
    "operate",
    0.05,
    Argument("tag", "tag"),
    Argument("control", "control"),
    Argument("value", "number"),
    check=_check_control,
)
def _operate(bench: Bench, given: Arguments) -> Outcome:
    tag, control, value = given["tag"], given["control"], given["value"]
    bench.set_control(tag, control, value)
    words = words_of(bench.plant, bench.plant.controls[f"{tag}.{control}"])
    return Outcome(True, words.at(tag, value), 0.05)


@action(
    "press",
    "appuyer",
    "press",
    0.05,
    Argument("tag", "tag"),
    Argument("control", "control", False),
    Argument("seconds", "number", False),
    check=_check_press,
)
def _press(bench: Bench, given: Arguments) -> Outcome:
    tag, control = given["tag"], given.get("control", "pressed")
    ticks = max(1, round(given.get("seconds", 0.3) / TICK_S))
    bench.set_control(tag, control, 1.0)
    bench.state.releases.append(Release(bench.state.tick + ticks, tag, control, 0.0))
    return Outcome(True, Text(f"Appui sur {tag}.", f"{tag} pressed."), 0.05)


def _check_produce(bench: Bench, given: Arguments) -> None:
    if not bench.plant.machine.operator.works:
        raise ActionRefused(
            Text("cette machine produit sans opérateur", "this machine produces without an operator"),
            Text("la démarrer au pupitre", "start it at the panel"),
        )
    if given["on"] and bench.state.padlocks:
        raise ActionRefused(
            Text("personne ne travaille sur une machine condamnée", "nobody works at a machine under lock-out"),
            Text("retirer les cadenas", "remove the padlocks"),
        )


@action(
    "produce",
    "faire travailler l'opérateur",
    "have the operator work",
    0.1,
    Argument("on", "boolean"),
    check=_check_produce,
)
def _produce(bench: Bench, given: Arguments) -> Outcome:
    """The operator takes the post and repeats the gestures of production, or leaves it."""
    if given["on"]:
        bench.hands.begin()
        return Outcome(True, Text("L'opérateur travaille au poste.", "The operator works at the post."), 0.1)
    bench.operator_leaves()
    return Outcome(True, Text("L'opérateur quitte le poste.", "The operator leaves the post."), 0.1)


def _check_open(bench: Bench, given: Arguments) -> None:
    if bench.state.cabinet_open:
        raise ActionRefused(
            Text("l'armoire est déjà ouverte", "the cabinet is already open"), Text("rien à faire", "nothing to do")
        )


def _check_close(bench: Bench, given: Arguments) -> None:
    if not bench.state.cabinet_open:
        raise ActionRefused(
            Text("l'armoire est déjà fermée", "the cabinet is already closed"), Text("rien à faire", "nothing to do")
        )


@action("open_cabinet", "ouvrir l'armoire", "open the cabinet", 1.0, check=_check_open)
def _open_cabinet(bench: Bench, given: Arguments) -> Outcome:
    bench.state.cabinet_open = True
    return Outcome(True, Text("L'armoire est ouverte.", "The cabinet is open."), 1.0)


@action("close_cabinet", "fermer l'armoire", "close the cabinet", 0.5, check=_check_close)
def _close_cabinet(bench: Bench, given: Arguments) -> Outcome:
    bench.state.cabinet_open = False
    return Outcome(True, Text("L'armoire est fermée.", "The cabinet is closed."), 0.5)


# --- props ----------------------------------------------------------------------------------------


def _check_prop(bench: Bench, given: Arguments) -> None:
    if given["on"] == (given["load"] in bench.state.props):
        raise ActionRefused(Text("c'est déjà ainsi", "it is already so"), Text("rien à faire", "nothing to do"))


@action(
    "prop",
    "caler une charge",
    "prop a load",
    5.0,
    Argument("load", "load"),
    Argument("on", "boolean"),
    check=_check_prop,
)
def _prop(bench: Bench, given: Arguments) -> Outcome:
    """A prop under a suspended load, or taken away: it holds whatever is taken off the machine."""
    load, on = given["load"], given["on"]
    placed = bench.plant.loads[load]
    what = placed.load.text

    def work() -> Outcome:
        if on:
            bench.state.props.append(load)
        else:
            bench.state.props.remove(load)
        bench.rewire()
        text = (
            Text(f"Cale posée : {what.fr} ({placed.tag}).", f"Prop in place: {what.en} ({placed.tag}).")
            if on
            else Text(f"Cale retirée : {what.fr} ({placed.tag}).", f"Prop removed: {what.en} ({placed.tag}).")
        )
        return Outcome(True, text, 5.0)

    return judged(bench, "prop", load, [bench.judge.mechanical(placed.tag, locked_out(bench))], work)


# --- lock-out -------------------------------------------------------------------------------------


def _check_lockable(bench: Bench, given: Arguments) -> None:
    tag = given["tag"]
    if not bench.plant.is_lockable(tag):
        raise ActionRefused(
            Text(f"{tag} n'est pas cadenassable", f"{tag} cannot be padlocked"),
            Text("condamner le sectionneur ou la vanne", "lock the isolator or the shut-off valve"),
        )


def _check_padlock(bench: Bench, given: Arguments) -> None:
    _check_lockable(bench, given)
    tag = given["tag"]
    if tag in bench.state.padlocks:
        raise ActionRefused(
            Text(f"{tag} a déjà un cadenas", f"{tag} already has a padlock"), Text("rien à faire", "nothing to do")
        )
    if bench.control_value(tag, "position") <= 0.5 or bench.plant.locks_open(tag):
        return
    closed = next(iter(words_of(bench.plant, bench.plant.controls[f"{tag}.position"]).positions), None)
    if closed is None:
        raise ActionRefused(
            Text(f"{tag} n'est pas ouvert (position 0)", f"{tag} is not off (position 0)"),
            Text(f"mettre {tag} sur 0", f"put {tag} on 0"),
        )
    raise ActionRefused(
        Text(f"{tag} n'est pas {closed.fr}", f"{tag} is not {closed.en}"), Text(f"fermer {tag}", f"close {tag}")
    )


def _check_has(bench: Bench, given: Arguments, worn: list[str], fr: str, en: str) -> None:
    if given["tag"] not in worn:
        raise ActionRefused(
            Text(f"pas de {fr} sur {given['tag']}", f"no {en} on {given['tag']}"),
            Text("rien à retirer", "nothing to remove"),
        )


def _check_padlocked(bench: Bench, given: Arguments) -> None:
    _check_has(bench, given, bench.state.padlocks, "cadenas", "padlock")


def _check_labelled(bench: Bench, given: Arguments) -> None:
    _check_has(bench, given, bench.state.labels, "étiquette", "label")


@action("padlock", "poser un cadenas", "put a padlock", 0.5, Argument("tag", "tag"), check=_check_padlock)
def _padlock(bench: Bench, given: Arguments) -> Outcome:
    bench.state.padlocks.append(given["tag"])
    bench.lock(given["tag"], True)
    return Outcome(True, Text(f"Cadenas posé sur {given['tag']}.", f"Padlock put on {given['tag']}."), 0.5)


@action(
    "remove_padlock",
    "retirer le cadenas",
    "remove the padlock",
    0.5,
    Argument("tag", "tag"),
    check=_check_padlocked,
)
def _remove_padlock(bench: Bench, given: Arguments) -> Outcome:
    bench.state.padlocks.remove(given["tag"])
    bench.lock(given["tag"], False)
    return Outcome(True, Text(f"Cadenas retiré de {given['tag']}.", f"Padlock removed from {given['tag']}."), 0.5)


@action("label", "poser une étiquette", "put a label", 0.5, Argument("tag", "tag"), check=_check_lockable)
def _label(bench: Bench, given: Arguments) -> Outcome:
    if given["tag"] not in bench.state.labels:
        bench.state.labels.append(given["tag"])
    return Outcome(
        True, Text(f"Étiquette de condamnation sur {given['tag']}.", f"Lock-out label on {given['tag']}."), 0.5
    )


@action(
    "remove_label",
    "retirer l'étiquette",
    "remove the label",
    0.2,
    Argument("tag", "tag"),
    check=_check_labelled,
)
def _remove_label(bench: Bench, given: Arguments) -> Outcome:
    bench.state.labels.remove(given["tag"])
    return Outcome(True, Text(f"Étiquette retirée de {given['tag']}.", f"Label removed from {given['tag']}."), 0.2)


def _valves(bench: Bench) -> list[str]:
    return [tag for tag in bench.plant.machine.placed if bench.plant.family(tag) == "shutoff_valve"]


def _check_purge(bench: Bench, given: Arguments) -> None:
    if given.get("point") is None and not _valves(bench):
        raise ActionRefused(
            Text("cette machine n'a pas d'air comprimé", "this machine has no compressed air"),
            Text("rien à purger", "nothing to purge"),
        )
    point = given.get("point")
    if point is None:
        return
    if point == EARTH or bench.plant.domains[point] not in FLUIDS:
        raise bad_argument(
            "point",
            Text(f"{point} n'est pas un point pneumatique ni hydraulique", f"{point} is not a pneumatic or oil point"),
            Text("choisir un raccord", "choose a fitting"),
        )
    reach_point(bench, point)


@action(
    "purge", "couper et purger l'air", "shut off and vent the air", 1.0, Argument("point", "point", False),
    check=_check_purge,
)  # fmt: skip
def _purge(bench: Bench, given: Arguments) -> Outcome:
    """Without a point: the shut-off valves. With one: the volume trapped there, by a fitting slightly undone."""
    if given.get("point") is not None:
        return _bleed(bench, given["point"])
    for tag in _valves(bench):
        if tag not in bench.state.padlocks:
            bench.set_control(tag, "position", 0.0)
    return Outcome(
        True,
        Text(
            "Vanne fermée : l'aval s'échappe. Vérifier au manomètre.",
            "Valve closed: the downstream side vents. Check on the gauge.",
        ),
        1.0,
    )


def _bleed(bench: Bench, point: str) -> Outcome:
    if bench.plant.domains[point] is Domain.HYDRAULIC:
        return _bleed_oil(bench, point)
    fed = [tag for tag in _valves(bench) if bench.control_value(tag, "position") > 0.5]
    danger = None
    if fed and bench.judge.pressure([point]) is not None:
        text = Text(
            f"raccord desserré en {point} alors que {fed[0]} est ouverte : l'air revient",
            f"fitting undone at {point} while {fed[0]} is open: the air comes back",
        )
        danger = bench.note_danger("purge", point, Hazard("pressure", False, text))
    bench.bleed(point, BLEED_S)
    return Outcome(
        True,
        Text(
            f"Raccord desserré d'un filet en {point} pendant {BLEED_S:.0f} s, puis resserré. Vérifier au manomètre.",
            f"Fitting at {point} undone by one thread for {BLEED_S:.0f} s, then tightened. Check on the gauge.",
        ),
        1.0,
        danger=danger,
    )


def _bleed_oil(bench: Bench, point: str) -> Outcome:
    """A fitting undone by one thread lets trapped oil out; with a pump or an accumulator behind, it jets."""
    bar = bench.judge.gauge_bar(point)
    danger = None
    if bar > OIL_DANGER_BAR:
        text = Text(
            f"raccord desserré en {point} sous {bar:.0f} bar : jet d'huile",
            f"fitting undone at {point} under {bar:.0f} bar: a jet of oil",
        )
        danger = bench.note_danger("purge", point, Hazard("pressure", False, text))
    falls = bench.judge.falling([point])
    if falls is not None:
        danger = bench.note_danger("purge", point, Hazard(falls.kind, False, falls.text))
    bench.bleed(point, BLEED_S)
    return Outcome(
        True,
        Text(
            f"Raccord desserré d'un filet en {point} pendant {BLEED_S:.0f} s, chiffon autour, puis resserré. Vérifier "
            "au manomètre.",
            f"Fitting at {point} undone by one thread for {BLEED_S:.0f} s, a rag around it, then tightened. Check "
            "on the gauge.",
        ),
        1.0,
        danger=danger,
    )


def _check_epi(bench: Bench, given: Arguments) -> None:
    for item in given["worn"]:
        among("worn", item, EPI, Text("équipement", "equipment"))


@action("epi", "porter les EPI", "wear protective equipment", 0.5, Argument("worn", "words"), check=_check_epi)
def _epi(bench: Bench, given: Arguments) -> Outcome:
    bench.state.epi = sorted(set(given["worn"]))
    worn = [EPI[item] for item in bench.state.epi] or [Text("aucun", "none")]
    french, english = (", ".join(item.get(language) for item in worn) for language in ("fr", "en"))
    return Outcome(True, Text(f"EPI portés : {french}.", f"Equipment worn: {english}."), 0.5)
