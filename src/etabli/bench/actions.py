"""Everything a person can do to a bench: one registered function for each action.

``check`` says whether the action is possible now, without touching anything, and raises :class:`ActionRefused`; ``do``
carries it out and cannot refuse any more, because the journal already holds it. Dangerous actions are possible: the
physics judges them, and an accident stops the work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.instruments import DIALS
from etabli.bench.judgement import HAZARD_V, Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import EARTH, ELECTRICAL, parameter_ref
from etabli.bench.state import (
    TICK_S,
    Acceptance,
    Declaration,
    MovedEnd,
    Note,
    PartUsed,
    Release,
)
from etabli.components.component import Effect, FailureMode, Repair, Sense
from etabli.physics.law import Domain
from etabli.physics.network import ParameterRef
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench

Arguments = Mapping[str, Any]
Check = Callable[["Bench", Arguments], None]
Do = Callable[["Bench", Arguments], Outcome]

ACCIDENT_MINUTES = 30.0
METER_FUSE_EUR = 9.0
WIRE_EUR, TUBE_EUR = 2.0, 3.0
REPLACE_MINUTES = {
    "wire": 8.0, "tube": 5.0, "fuse": 2.0, "pilot_light": 6.0, "silencer": 4.0, "induction_motor": 45.0, "gearbox": 40.0,
    "cylinder": 25.0, "conveyor": 90.0, "belt_drive": 25.0, "plc": 40.0, "terminal_strip": 30.0, "filter_regulator": 20.0,
}  # fmt: skip
REPLACE_DEFAULT_MINUTES = 15.0
VAT_VALID_MINUTES = 15.0
VAT_STEPS = (12.0, 24.0, 50.0, 120.0, 230.0, 400.0)
EPI = ("gloves", "face_shield", "shoes", "glasses")
MAX_TEXT = 2000


@dataclass(frozen=True)
class Argument:
    """An argument of an action. Kinds: tag, part, control, conductor, end, point, number, text, boolean, words, lines."""

    name: str
    kind: str
    needed: bool = True


@dataclass(frozen=True)
class Action:
    """One action of the registry."""

    name: str
    text: Text
    minutes: float
    arguments: tuple[Argument, ...]
    check: Check
    do: Do


ACTIONS: dict[str, Action] = {}


def _nothing(bench: Bench, given: Arguments) -> None:
    """Always possible."""


def action(
    name: str, fr: str, en: str, minutes: float, *arguments: Argument, check: Check = _nothing
) -> Callable[[Do], Do]:
    """Register an action."""

    def register(do: Do) -> Do:
        ACTIONS[name] = Action(name, Text(fr, en), minutes, arguments, check, do)
        return do

    return register


def prepared(bench: Bench, name: str, given: Mapping[str, Any]) -> tuple[Action, dict[str, Any]]:
    """The action and its checked arguments; raises :class:`ActionRefused` when it cannot be done now."""
    known = ACTIONS.get(name)
    if known is None:
        raise ActionRefused(
            Text(f"action « {name} » inconnue", f"unknown action “{name}”"),
            Text("choisir parmi : " + ", ".join(ACTIONS), "choose among: " + ", ".join(ACTIONS)),
            code="unknown_action",
        )
    if bench.state.finished is not None and name not in {"finish"}:
        raise ActionRefused(
            Text("l'intervention est terminée", "the intervention is finished"),
            Text("en commencer une autre", "start another one"),
        )
    names = {a.name for a in known.arguments}
    for extra in set(given) - names:
        raise bad_argument(
            extra,
            Text("inconnu ici", "unknown here"),
            Text(f"arguments : {sorted(names)}", f"arguments: {sorted(names)}"),
        )
    arguments = {}
    for argument in known.arguments:
        if argument.name in given and (given[argument.name] is not None or argument.kind in _NULLABLE):
            arguments[argument.name] = _KINDS[argument.kind](bench, argument.name, given[argument.name])
        elif argument.needed:
            raise bad_argument(argument.name, Text("il manque", "missing"), Text("le donner", "give it"))
    known.check(bench, arguments)
    return known, arguments


# --- kinds of arguments ----------------------------------------------------------------------------------------------


def _word(bench: Bench, name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise bad_argument(
            name, Text("un texte est attendu", "a text is expected"), Text("écrire un texte", "write a text")
        )
    if len(value) > MAX_TEXT:
        raise bad_argument(
            name,
            Text("texte trop long", "text too long"),
            Text(f"{MAX_TEXT} caractères au plus", f"{MAX_TEXT} characters at most"),
        )
    return value


def _among(name: str, value: Any, known: Iterable[str], what: Text) -> str:
    names = list(known)
    if isinstance(value, str) and value in names:
        return value
    few = ", ".join(sorted(names)[:12]) + (" …" if len(names) > 12 else "")
    raise bad_argument(
        name,
        Text(f"{what.fr} « {value} » inconnu(e)", f"unknown {what.en} “{value}”"),
        Text(f"choisir parmi : {few}", f"choose among: {few}"),
    )


def _number(bench: Bench, name: str, value: Any) -> float:
    if isinstance(value, (bool, int, float)) and math.isfinite(value):
        return float(value)
    raise bad_argument(
        name, Text("un nombre est attendu", "a number is expected"), Text("donner un nombre", "give a number")
    )


def _boolean(bench: Bench, name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise bad_argument(
        name,
        Text("vrai ou faux est attendu", "true or false is expected"),
        Text("donner true ou false", "give true or false"),
    )


def _part(bench: Bench, name: str, value: Any) -> str:
    return _among(name, value, bench.plant.parts, Text("composant", "component"))


def _conductor(bench: Bench, name: str, value: Any) -> str:
    return _among(name, value, bench.plant.conductors, Text("fil ou tube", "wire or tube"))


def _point(bench: Bench, name: str, value: Any) -> str | None:
    if value is None or value == EARTH:
        return value  # type: ignore[no-any-return]
    return _among(name, value, bench.plant.domains, Text("point", "point"))


def _wire(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else _among(name, value, bench.plant.machine.wires, Text("fil", "wire"))


def _words(bench: Bench, name: str, value: Any) -> list[str]:
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return list(value)
    raise bad_argument(
        name,
        Text("une liste de mots est attendue", "a list of words is expected"),
        Text("donner une liste", "give a list"),
    )


def _lines(bench: Bench, name: str, value: Any) -> list[int]:
    known = {note.line for note in bench.state.notebook}
    if isinstance(value, (list, tuple)) and all(isinstance(v, int) and v in known for v in value):
        return list(value)
    raise bad_argument(
        name,
        Text("ligne de carnet inconnue", "unknown notebook line"),
        Text("donner des numéros de lignes écrites", "give numbers of written lines"),
    )


def _maybe_part(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else _part(bench, name, value)


_NULLABLE = frozenset({"point", "wire", "maybe_part"})
_KINDS: dict[str, Callable[[Any, str, Any], Any]] = {
    "tag": _part, "part": _part, "maybe_part": _maybe_part, "control": _word, "conductor": _conductor, "point": _point, "wire": _wire,
    "number": _number, "text": _word, "boolean": _boolean, "words": _words, "lines": _lines,
    "end": lambda bench, name, value: _among(name, value, ("a", "b"), Text("extrémité", "end")),
}  # fmt: skip


# --- common checks ---------------------------------------------------------------------------------------------------


def _reach(bench: Bench, tag: str) -> None:
    """The hand must get there."""
    if bench.plant.is_enclosed(tag) and not bench.state.cabinet_open:
        raise ActionRefused(
            Text(f"{tag} est dans l'armoire, qui est fermée", f"{tag} is in the cabinet, which is closed"),
            Text("ouvrir l'armoire", "open the cabinet"),
        )


def _reach_tag(bench: Bench, given: Arguments) -> None:
    _reach(bench, given["tag"])


def _reach_point(bench: Bench, point: str | None) -> None:
    if point is not None and point != EARTH:
        _reach(bench, point.partition(":")[0])


def _points_of(bench: Bench, tag: str, electrical: bool) -> list[str]:
    ports = bench.plant.parts[tag].ports
    return [f"{tag}:{p.name}" for p in ports if (p.domain in ELECTRICAL) == electrical]


def _accident(bench: Bench, name: str, target: str, hazard: Hazard) -> Outcome:
    danger = bench.note_danger(name, target, hazard)
    return Outcome(
        False,
        Text(
            f"Accident : {hazard.text.fr}. L'intervention est arrêtée.",
            f"Accident: {hazard.text.en}. The work is stopped.",
        ),
        ACCIDENT_MINUTES,
        danger=danger,
    )


def _judged(
    bench: Bench, name: str, target: str, hazards: Iterable[Hazard | None], work: Callable[[], Outcome]
) -> Outcome:
    """Do the work unless physics makes an accident of it; dangers without accident are logged."""
    found = [h for h in hazards if h is not None]
    accident = next((h for h in found if h.accident), None)
    if accident is not None:
        return _accident(bench, name, target, accident)
    dangers = [bench.note_danger(name, target, h) for h in found]
    done = work()
    if not dangers:
        return done
    return Outcome(done.ok, done.text, done.minutes, done.cost, done.values, done.perceptions, dangers[0])


def _locked(bench: Bench) -> bool:
    """Every energy of the machine is padlocked at its head."""
    heads = bench.plant.isolators
    return bool(heads) and all(tag in bench.state.padlocks for tag in heads)


# --- controls ----------------------------------------------------------------------------------------------------------


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
    _reach(bench, tag)
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
    "operate", "actionner", "operate", 0.05,
    Argument("tag", "tag"), Argument("control", "control"), Argument("value", "number"), check=_check_control,
)  # fmt: skip
def _operate(bench: Bench, given: Arguments) -> Outcome:
    tag, control, value = given["tag"], given["control"], given["value"]
    bench.set_control(tag, control, value)
    return Outcome(True, Text(f"{tag} : {control} à {value:g}.", f"{tag}: {control} at {value:g}."), 0.05)


@action(
    "press", "appuyer", "press", 0.05,
    Argument("tag", "tag"), Argument("control", "control", False), Argument("seconds", "number", False), check=_check_press,
)  # fmt: skip
def _press(bench: Bench, given: Arguments) -> Outcome:
    tag, control = given["tag"], given.get("control", "pressed")
    ticks = max(1, round(given.get("seconds", 0.3) / TICK_S))
    bench.set_control(tag, control, 1.0)
    bench.state.releases.append(Release(bench.state.tick + ticks, tag, control, 0.0))
    return Outcome(True, Text(f"Appui sur {tag}.", f"{tag} pressed."), 0.05)


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


# --- lock-out ------------------------------------------------------------------------------------------------------------


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
    if bench.control_value(tag, "position") > 0.5:
        raise ActionRefused(
            Text(f"{tag} n'est pas ouvert (position 0)", f"{tag} is not off (position 0)"),
            Text(f"mettre {tag} sur 0", f"put {tag} on 0"),
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
    "remove_padlock", "retirer le cadenas", "remove the padlock", 0.5, Argument("tag", "tag"),
    check=_check_padlocked,
)  # fmt: skip
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
    "remove_label", "retirer l'étiquette", "remove the label", 0.2, Argument("tag", "tag"),
    check=_check_labelled,
)  # fmt: skip
def _remove_label(bench: Bench, given: Arguments) -> Outcome:
    bench.state.labels.remove(given["tag"])
    return Outcome(True, Text(f"Étiquette retirée de {given['tag']}.", f"Label removed from {given['tag']}."), 0.2)


def _valves(bench: Bench) -> list[str]:
    return [tag for tag in bench.plant.machine.placed if bench.plant.family(tag) == "shutoff_valve"]


def _check_purge(bench: Bench, given: Arguments) -> None:
    if not _valves(bench):
        raise ActionRefused(
            Text("cette machine n'a pas d'air comprimé", "this machine has no compressed air"),
            Text("rien à purger", "nothing to purge"),
        )


@action("purge", "couper et purger l'air", "shut off and vent the air", 1.0, check=_check_purge)
def _purge(bench: Bench, given: Arguments) -> Outcome:
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


def _check_epi(bench: Bench, given: Arguments) -> None:
    for item in given["worn"]:
        _among("worn", item, EPI, Text("équipement", "equipment"))


@action("epi", "porter les EPI", "wear protective equipment", 0.5, Argument("worn", "words"), check=_check_epi)
def _epi(bench: Bench, given: Arguments) -> Outcome:
    bench.state.epi = sorted(set(given["worn"]))
    worn = ", ".join(bench.state.epi) or "–"
    return Outcome(True, Text(f"EPI portés : {worn}.", f"Equipment worn: {worn}."), 0.5)


# --- connections -----------------------------------------------------------------------------------------------------------


def _place_of(bench: Bench, tag: str, end: str) -> str | None:
    documented: str = getattr(bench.plant.machine.conductor(tag), end)
    return bench.state.ends.get(f"{tag}.{end}", documented)


def _known_loose(bench: Bench, tag: str, end: str) -> bool:
    return any(m.tag == tag and m.end == end and m.to is None for m in bench.state.moved)


def _check_disconnect(bench: Bench, given: Arguments) -> None:
    tag, end = given["tag"], given["end"]
    place = _place_of(bench, tag, end)
    if place is None:
        raise ActionRefused(
            Text(f"l'extrémité {end} de {tag} est déjà débranchée", f"end {end} of {tag} is already disconnected"),
            Text("la rebrancher ou en choisir une autre", "reconnect it or choose another one"),
        )
    _reach_point(bench, place)


def _check_reconnect(bench: Bench, given: Arguments) -> None:
    tag, to = given["tag"], given.get("to")
    if to is None:
        return
    if (
        to == EARTH
        or bench.plant.domains[to] is not bench.plant.conductors[tag].domain
        or to.partition(":")[0] in bench.plant.conductors
    ):
        raise ActionRefused(
            Text(f"{tag} ne peut pas se brancher en {to}", f"{tag} cannot be connected at {to}"),
            Text("choisir une borne de même nature", "choose a terminal of the same kind"),
        )
    _reach_point(bench, to)


def _end_hazards(bench: Bench, tag: str, points: Iterable[str]) -> list[Hazard | None]:
    if tag in bench.plant.machine.tubes:
        return [bench.judge.pneumatic(points)]
    return [bench.judge.electrical(points, bench.state.epi)]


def _note_moved(bench: Bench, tag: str, end: str, to: str | None) -> None:
    bench.state.moved = [m for m in bench.state.moved if (m.tag, m.end) != (tag, end)]
    documented = getattr(bench.plant.machine.conductor(tag), end)
    if to != documented:
        bench.state.moved.append(MovedEnd(tag, end, to))


@action(
    "disconnect", "débrancher", "disconnect", 2.0, Argument("tag", "conductor"), Argument("end", "end"), check=_check_disconnect,
)  # fmt: skip
def _disconnect(bench: Bench, given: Arguments) -> Outcome:
    tag, end = given["tag"], given["end"]
    place = _place_of(bench, tag, end)

    def work() -> Outcome:
        bench.faults.place(tag, end, None)
        _note_moved(bench, tag, end, None)
        bench.rewire()
        return Outcome(True, Text(f"{tag} débranché de {place}.", f"{tag} disconnected from {place}."), 2.0)

    return _judged(bench, "disconnect", tag, _end_hazards(bench, tag, [str(place)]), work)


@action(
    "reconnect", "rebrancher", "reconnect", 2.0,
    Argument("tag", "conductor"), Argument("end", "end"), Argument("to", "point", False), check=_check_reconnect,
)  # fmt: skip
def _reconnect(bench: Bench, given: Arguments) -> Outcome:
    tag, end = given["tag"], given["end"]
    place = _place_of(bench, tag, end)
    target: str = given.get("to") or (place if place is not None else getattr(bench.plant.machine.conductor(tag), end))
    points = [p for p in (place, target) if p is not None]

    def work() -> Outcome:
        bench.faults.place(tag, end, target)
        _note_moved(bench, tag, end, target)
        bench.faults.cure(tag, {Repair.RECONNECT}, lambda mode: True)
        bench.faults.notice_swaps()
        bench.rewire()
        return Outcome(True, Text(f"{tag} branché en {target}.", f"{tag} connected at {target}."), 2.0)

    return _judged(bench, "reconnect", tag, _end_hazards(bench, tag, points), work)


def _check_exchange(bench: Bench, given: Arguments) -> None:
    first, second = given["first"], given["second"]
    for name in ("first", "second"):
        if given[name] in (None, EARTH) or given[name].partition(":")[0] in bench.plant.conductors:
            raise bad_argument(
                name, Text("une borne est attendue", "a terminal is expected"), Text("donner TAG:PORT", "give TAG:PORT")
            )
        _reach_point(bench, given[name])
    if first == second or bench.plant.domains[first] is not bench.plant.domains[second]:
        raise ActionRefused(
            Text(f"{first} et {second} ne s'échangent pas", f"{first} and {second} cannot be exchanged"),
            Text("choisir deux bornes de même nature", "choose two terminals of the same kind"),
        )
    if not bench.nodes.ends_at(first) and not bench.nodes.ends_at(second):
        raise ActionRefused(
            Text("aucun fil ni tube sur ces deux points", "no wire and no tube on these two points"),
            Text("choisir deux points raccordés", "choose two connected points"),
        )


@action(
    "exchange",
    "permuter",
    "exchange",
    4.0,
    Argument("first", "point"),
    Argument("second", "point"),
    check=_check_exchange,
)
def _exchange(bench: Bench, given: Arguments) -> Outcome:
    first, second = given["first"], given["second"]
    pneumatic = bench.plant.domains[first] is Domain.PNEUMATIC
    points = [first, second]
    hazard = bench.judge.pneumatic(points) if pneumatic else bench.judge.electrical(points, bench.state.epi)

    def work() -> Outcome:
        ends = [(e, second) for e in bench.nodes.ends_at(first)] + [(e, first) for e in bench.nodes.ends_at(second)]
        for (tag, end), to in ends:
            bench.faults.place(tag, end, to)
            _note_moved(bench, tag, end, to)
        bench.faults.notice_swaps()
        bench.rewire()
        return Outcome(True, Text(f"{first} et {second} permutés.", f"{first} and {second} exchanged."), 4.0)

    return _judged(bench, "exchange", f"{first} {second}", [hazard], work)


# --- repair ------------------------------------------------------------------------------------------------------------------


def _price(bench: Bench, tag: str) -> tuple[str, float] | None:
    line = bench.plant.machine.bom_line(tag)
    if line is not None:
        return line.reference, line.price_eur
    if tag in bench.plant.machine.wires:
        return "fil", WIRE_EUR
    return ("tube", TUBE_EUR) if tag in bench.plant.machine.tubes else None


def _check_replace(bench: Bench, given: Arguments) -> None:
    tag = given["tag"]
    if _price(bench, tag) is None:
        raise ActionRefused(
            Text(f"{tag} n'est pas une pièce de la machine tenue en magasin", f"{tag} is not a part kept in stores"),
            Text("prévenir le responsable de cette installation", "tell whoever is in charge of that installation"),
        )
    line = bench.plant.machine.bom_line(tag)
    if line is not None and bench.stock(line.reference) <= 0:
        raise ActionRefused(
            Text(f"plus de {line.reference} en magasin", f"no {line.reference} left in stores"),
            Text(f"la commander : {line.lead_days} jours de délai", f"order it: {line.lead_days} days"),
        )
    _reach(bench, tag)


def _work_hazards(bench: Bench, tag: str) -> list[Hazard | None]:
    return [
        bench.judge.electrical(_points_of(bench, tag, electrical=True), bench.state.epi),
        bench.judge.pneumatic(_points_of(bench, tag, electrical=False)),
        bench.judge.mechanical(tag, _locked(bench)),
    ]


@action("replace", "remplacer", "replace", REPLACE_DEFAULT_MINUTES, Argument("tag", "part"), check=_check_replace)
def _replace(bench: Bench, given: Arguments) -> Outcome:
    tag = given["tag"]
    reference, price = _price(bench, tag) or ("", 0.0)
    minutes = REPLACE_MINUTES.get(bench.plant.family(tag), REPLACE_DEFAULT_MINUTES)

    def work() -> Outcome:
        if bench.plant.machine.bom_line(tag) is not None:
            bench.state.stock[reference] = bench.stock(reference) - 1
        bench.state.parts.append(PartUsed(tag, reference, price, bench.minutes_now))
        bench.renew(tag)
        return Outcome(
            True,
            Text(f"{tag} remplacé par une pièce neuve ({reference}).", f"{tag} replaced by a new part ({reference})."),
            minutes,
            price,
        )

    return _judged(bench, "replace", tag, _work_hazards(bench, tag), work)


def _check_adjust(bench: Bench, given: Arguments) -> None:
    tag, name = given["tag"], given.get("parameter")
    _reach(bench, tag)
    if name is None:
        return
    part = bench.plant.parts[tag]
    _among("parameter", name, part.component.adjusts, Text("réglage", "setting"))
    if "value" not in given:
        raise bad_argument(
            "value", Text("il manque", "missing"), Text("donner la valeur du réglage", "give the value of the setting")
        )
    known = next(p for p in part.component.parameters if p.name == name)
    low = known.minimum if known.minimum is not None else -math.inf
    high = known.maximum if known.maximum is not None else math.inf
    if not low <= given["value"] <= high:
        raise bad_argument(
            "value",
            Text(
                f"{given['value']:g} {known.unit} est hors de la plage de réglage",
                f"{given['value']:g} {known.unit} is outside the range",
            ),
            Text(f"entre {low:g} et {high:g} {known.unit}", f"between {low:g} and {high:g} {known.unit}"),
        )


@action(
    "adjust", "régler", "adjust", 4.0,
    Argument("tag", "part"), Argument("parameter", "text", False), Argument("value", "number", False), check=_check_adjust,
)  # fmt: skip
def _adjust(bench: Bench, given: Arguments) -> Outcome:
    """With a parameter: set it. Without: put straight what is out of place (alignment, folded tube)."""
    tag, name = given["tag"], given.get("parameter")
    adjusts = bench.plant.parts[tag].component.adjusts
    settable = {parameter_ref(tag, target) for target in adjusts.values()}

    def work() -> Outcome:
        if name is None:
            bench.faults.cure(tag, {Repair.ADJUST}, lambda mode: not _targets(tag, mode) & settable)
            return Outcome(True, Text(f"{tag} remis en place.", f"{tag} put straight."), 4.0)
        ref = parameter_ref(tag, adjusts[name])
        bench.faults.cure(tag, {Repair.ADJUST}, lambda mode: ref in _targets(tag, mode))
        bench.faults.set_base(ref, given["value"])
        bench.state.settings[f"{tag}.{name}"] = given["value"]
        return Outcome(
            True, Text(f"{tag} : {name} réglé à {given['value']:g}.", f"{tag}: {name} set to {given['value']:g}."), 4.0
        )

    # Dials and screws are within reach without touching terminals; an alignment puts the hands in the machine.
    hazard = bench.judge.mechanical(tag, _locked(bench)) if name is None else None
    return _judged(bench, "adjust", tag, [hazard], work)


def _targets(tag: str, mode: FailureMode) -> set[ParameterRef]:
    return {parameter_ref(tag, e.target) for e in mode.effects if isinstance(e, Effect)}


def _check_target(bench: Bench, given: Arguments) -> None:
    target = given["target"]
    if target not in bench.plant.parts and target not in bench.plant.domains:
        _among(
            "target",
            target,
            [*bench.plant.parts, *bench.plant.domains],
            Text("composant ou borne", "component or terminal"),
        )
    _reach(bench, target.partition(":")[0])


@action("tighten", "resserrer", "tighten", 2.0, Argument("target", "text"), check=_check_target)
def _tighten(bench: Bench, given: Arguments) -> Outcome:
    """A terminal: the wire ends on it. A component: its fixings and all its terminals. A wire or tube: both ends."""
    target: str = given["target"]
    tag, _, port = target.partition(":")
    points = [target] if port else [f"{tag}:{p.name}" for p in bench.plant.parts[tag].ports]
    ends = _ends_to_tighten(bench, tag, port, points)
    electrical = [p for p in points if bench.plant.domains[p] in ELECTRICAL]
    hazards = [bench.judge.electrical(electrical, bench.state.epi)]
    if not port:
        hazards.append(bench.judge.mechanical(tag, _locked(bench)))

    def work() -> Outcome:
        if not port:
            bench.faults.cure(tag, {Repair.TIGHTEN}, lambda mode: True)
        for conductor, end in ends:
            bench.faults.cure(conductor, {Repair.TIGHTEN}, partial(_at_end, end=end))
        minutes = 1.0 + max(1, len(ends)) * 1.0
        return Outcome(True, Text(f"{target} resserré.", f"{target} tightened."), minutes)

    return _judged(bench, "tighten", target, hazards, work)


def _ends_to_tighten(bench: Bench, tag: str, port: str, points: list[str]) -> list[tuple[str, str]]:
    if tag in bench.plant.conductors:
        return [(tag, port)] if port else [(tag, "a"), (tag, "b")]
    return [end for point in points for end in bench.nodes.ends_at(point)]


def _at_end(mode: FailureMode, *, end: str) -> bool:
    """A mode named after the other end is not under this screwdriver."""
    return not mode.id.endswith("_b" if end == "a" else "_a")


@action("clean", "nettoyer", "clean", 4.0, Argument("target", "text"), check=_check_target)
def _clean(bench: Bench, given: Arguments) -> Outcome:
    tag = given["target"].partition(":")[0]

    def work() -> Outcome:
        bench.faults.cure(tag, {Repair.CLEAN}, lambda mode: True)
        return Outcome(True, Text(f"{tag} nettoyé.", f"{tag} cleaned."), 4.0)

    hazards = [
        bench.judge.electrical(_points_of(bench, tag, electrical=True), bench.state.epi),
        bench.judge.mechanical(tag, _locked(bench)),
    ]
    return _judged(bench, "clean", tag, hazards, work)


@action("reset", "réarmer", "re-arm", 1.0, Argument("tag", "part"), check=_reach_tag)
def _reset(bench: Bench, given: Arguments) -> Outcome:
    """Off, then on again half a second later where there is a handle."""
    tag = given["tag"]
    bench.faults.cure(tag, {Repair.RESET}, lambda mode: True)
    if f"{tag}.position" in bench.plant.controls and tag not in bench.state.padlocks:
        bench.set_control(tag, "position", 0.0)
        bench.state.releases.append(Release(bench.state.tick + 50, tag, "position", 1.0))
    return Outcome(True, Text(f"{tag} réarmé.", f"{tag} re-armed."), 1.0)


# --- matter --------------------------------------------------------------------------------------------------------------------


_NO_EFFECT = {
    "place_part": Text(
        "L'entrée du convoyeur est occupée, ou ce genre de pièce n'existe pas.",
        "The entry of the belt is taken, or there is no such kind of part.",
    ),
    "remove_jam": Text("Aucune pièce n'est coincée.", "No part is jammed."),
    "clear": Text("Le convoyeur est vide.", "The belt is empty."),
    "empty_bins": Text("Les bacs sont vides.", "The bins are empty."),
}


def _matter(name: str, fr: str, en: str) -> None:
    def check(bench: Bench, given: Arguments) -> None:
        if given["tag"] not in bench.processes:
            raise ActionRefused(
                Text(f"il n'y a pas de pièces sur {given['tag']}", f"there are no parts on {given['tag']}"),
                Text("choisir le convoyeur", "choose the conveyor"),
            )

    def do(bench: Bench, given: Arguments) -> Outcome:
        tag = given["tag"]

        def work() -> Outcome:
            rest = {k: v for k, v in given.items() if k != "tag"}
            try:
                bench.processes[tag].act(name, rest)
            except (KeyError, ValueError, TypeError):
                return Outcome(False, _NO_EFFECT[name], 0.5)
            return Outcome(True, Text(f"{fr} : fait.", f"{en}: done."), 1.0)

        return _judged(bench, name, tag, [bench.judge.mechanical(tag, _locked(bench))], work)

    arguments = [Argument("tag", "tag")]
    if name == "place_part":
        arguments.append(Argument("kind", "text", False))
    action(name, fr, en, 1.0, *arguments, check=check)(do)


_matter("place_part", "poser une pièce", "place a part")
_matter("remove_jam", "dégager un bourrage", "remove a jam")
_matter("clear", "enlever toutes les pièces", "take all parts off")
_matter("empty_bins", "vider les bacs", "empty the bins")


# --- PLC -----------------------------------------------------------------------------------------------------------------------


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
        _reach(bench, bench.plant.machine.plc)


def _check_force(bench: Bench, given: Arguments) -> None:
    if not bench.state.console:
        raise ActionRefused(
            Text("la console n'est pas connectée à l'automate", "the console is not connected to the PLC"),
            Text("connecter la console", "connect the console"),
        )
    _among("address", given["address"], bench.forceable, Text("adresse", "address"))


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
    bench.watch_program()
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
    bench.force(address, value)
    return Outcome(True, Text(f"{address} forcé à {value:d}.", f"{address} forced to {value:d}."), 0.5)


@action("release", "lever un forçage", "release a force", 0.2, Argument("address", "text"), check=_check_force)
def _release(bench: Bench, given: Arguments) -> Outcome:
    bench.force(given["address"], None)
    return Outcome(True, Text(f"Forçage de {given['address']} levé.", f"Force on {given['address']} released."), 0.2)


# --- senses --------------------------------------------------------------------------------------------------------------------


def _check_sense(bench: Bench, given: Arguments) -> None:
    if given.get("tag") is not None:
        _reach(bench, given["tag"])


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


@action("touch", "toucher", "touch", 0.5, Argument("tag", "part"), check=_reach_tag)
def _touch(bench: Bench, given: Arguments) -> Outcome:
    tag = given["tag"]
    hazards: list[Hazard | None] = [bench.judge.mechanical(tag, locked=True)]
    if bench.plant.is_enclosed(tag):  # covers and insulation protect the fingers outside the cabinet
        hazards.append(bench.judge.electrical(_points_of(bench, tag, electrical=True), bench.state.epi))
    return _judged(bench, "touch", tag, hazards, lambda: _sense(bench, given, Sense.TOUCH, 0.5))


def _check_ask(bench: Bench, given: Arguments) -> None:
    _among(
        "question",
        given["question"],
        [q.id for q in bench.plant.machine.operator.questions],
        Text("question", "question"),
    )


@action("ask", "demander à l'opérateur", "ask the operator", 1.0, Argument("question", "text"), check=_check_ask)
def _ask(bench: Bench, given: Arguments) -> Outcome:
    answer = bench.operator_says(given["question"])
    return Outcome(True, answer, 1.0, values={"question": given["question"]})


# --- instruments -------------------------------------------------------------------------------------------------------------------


def _check_dial(bench: Bench, given: Arguments) -> None:
    _among("position", given["position"], DIALS, Text("position du sélecteur", "dial position"))


def _check_jack(bench: Bench, given: Arguments) -> None:
    _among("jack", given["jack"], ("v", "a"), Text("prise", "socket"))


@action("dial", "tourner le sélecteur", "turn the dial", 0.1, Argument("position", "text"), check=_check_dial)
def _dial(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.multimeter.dial = given["position"]
    bench.connect_instrument("multimeter")
    text = DIALS[given["position"]]
    return Outcome(True, Text(f"Multimètre sur {text.fr}.", f"Multimeter on {text.en}."), 0.1)


@action(
    "jack",
    "changer la prise du cordon rouge",
    "move the red lead's plug",
    0.2,
    Argument("jack", "text"),
    check=_check_jack,
)
def _jack(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.multimeter.jack = given["jack"]
    bench.connect_instrument("multimeter")
    name = Text("10 A", "10 A") if given["jack"] == "a" else Text("V/Ω", "V/Ω")
    return Outcome(True, Text(f"Cordon rouge en {name.fr}.", f"Red lead in {name.en}."), 0.2)


def _check_probe(bench: Bench, given: Arguments) -> None:
    for name in ("red", "black"):
        point = given.get(name)
        if point is None or point == EARTH:
            continue
        if bench.plant.domains[point] not in ELECTRICAL:
            raise bad_argument(
                name,
                Text(f"{point} n'est pas un point électrique", f"{point} is not an electrical point"),
                Text("choisir une borne", "choose a terminal"),
            )
        _check_conductor_end(bench, name, point)
        _reach_point(bench, point)


def _check_conductor_end(bench: Bench, name: str, point: str) -> None:
    tag, _, end = point.partition(":")
    if tag in bench.plant.conductors and bench.state.ends.get(f"{tag}.{end}", "") is not None:
        raise bad_argument(
            name,
            Text(
                f"l'extrémité {point} n'est pas accessible : elle est branchée",
                f"the end {point} cannot be reached: it is connected",
            ),
            Text("toucher la borne, ou débrancher ce fil", "touch the terminal, or disconnect this wire"),
        )


@action(
    "probe",
    "poser les pointes",
    "place the probes",
    0.3,
    Argument("red", "point", False),
    Argument("black", "point", False),
    check=_check_probe,
)
def _probe(bench: Bench, given: Arguments) -> Outcome:
    meter = bench.state.instruments.multimeter
    touched = [p for p in (given.get("red"), given.get("black")) if p is not None and p != EARTH]
    live = bench.judge.electrical(touched, bench.state.epi)
    danger = None
    if live is not None and not bench.wears_gloves and any(_is_hazardous(bench, p) for p in touched):
        text = Text(
            f"mesure sous tension sans protection ({live.text.fr})",
            f"measurement on live parts without protection ({live.text.en})",
        )
        danger = bench.note_danger("probe", " ".join(touched), Hazard("live", False, text))
    if "red" in given:
        meter.red = given["red"]
    if "black" in given:
        meter.black = given["black"]
    bench.connect_instrument("multimeter")
    red, black = meter.red or "–", meter.black or "–"
    return Outcome(
        True, Text(f"Rouge en {red}, noir en {black}.", f"Red at {red}, black at {black}."), 0.3, danger=danger
    )


def _is_hazardous(bench: Bench, point: str) -> bool:
    volts, domain = bench.judge.volts(point)
    return domain is not None and volts > HAZARD_V[domain]


def _check_clamp(bench: Bench, given: Arguments) -> None:
    if given["wire"] is not None:
        _reach(bench, given["wire"])


@action("clamp", "pince ampèremétrique", "clamp meter", 0.5, Argument("wire", "wire"), check=_check_clamp)
def _clamp(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.clamp = given["wire"]
    bench.connect_instrument("clamp")
    if given["wire"] is None:
        return Outcome(True, Text("Pince retirée.", "Clamp removed."), 0.2)
    return Outcome(True, Text(f"Pince autour de {given['wire']}.", f"Clamp around {given['wire']}."), 0.5)


def _check_on(domain: Domain, fr: str, en: str) -> Check:
    def check(bench: Bench, given: Arguments) -> None:
        point = given["point"]
        if point is None:
            return
        if point == EARTH or bench.plant.domains[point] is not domain:
            raise bad_argument(
                "point", Text(f"{point} n'est pas {fr}", f"{point} is not {en}"), Text(f"choisir {fr}", f"choose {en}")
            )
        if domain is Domain.PNEUMATIC:
            _check_conductor_end(bench, "point", point)
        _reach_point(bench, point)

    return check


@action(
    "gauge", "manomètre", "pressure gauge", 1.0, Argument("point", "point"),
    check=_check_on(Domain.PNEUMATIC, "un point pneumatique", "a pneumatic point"),
)  # fmt: skip
def _gauge(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.gauge = given["point"]
    bench.connect_instrument("gauge")
    if given["point"] is None:
        return Outcome(True, Text("Manomètre retiré.", "Gauge removed."), 0.5)
    return Outcome(True, Text(f"Manomètre en {given['point']}.", f"Gauge at {given['point']}."), 1.0)


@action(
    "tachometer", "tachymètre", "tachometer", 0.5, Argument("point", "point"),
    check=_check_on(Domain.ROTATION, "un arbre tournant", "a rotating shaft"),
)  # fmt: skip
def _tachometer(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.tachometer = given["point"]
    bench.connect_instrument("tachometer")
    if given["point"] is None:
        return Outcome(True, Text("Tachymètre rangé.", "Tachometer put away."), 0.1)
    return Outcome(True, Text(f"Tachymètre visé sur {given['point']}.", f"Tachometer aimed at {given['point']}."), 0.5)


@action("meter_fuse", "changer le fusible du multimètre", "change the multimeter's fuse", 3.0)
def _meter_fuse(bench: Bench, given: Arguments) -> Outcome:
    meter = bench.state.instruments.multimeter
    meter.fuse_ok, meter.fuse_heat = True, 0.0
    bench.state.parts.append(PartUsed("multimeter", "fusible multimètre", METER_FUSE_EUR, bench.minutes_now))
    bench.connect_instrument("multimeter")
    return Outcome(True, Text("Fusible du multimètre neuf.", "New fuse in the multimeter."), 3.0, METER_FUSE_EUR)


@action("vat_test", "essayer le VAT", "test the voltage tester", 0.3)
def _vat_test(bench: Bench, given: Arguments) -> Outcome:
    bench.state.instruments.vat_tested = True
    bench.state.instruments.vat_tested_minutes = bench.minutes_now
    return Outcome(
        True,
        Text("Le VAT s'allume sur son bloc d'essai : il marche.", "The tester lights up on its test block: it works."),
        0.3,
    )


def _check_vat(bench: Bench, given: Arguments) -> None:
    _check_probe(bench, {"red": given["first"], "black": given["second"]})
    if given["first"] == given["second"] or given["first"] is None or given["second"] is None:
        raise bad_argument(
            "second",
            Text("deux points différents sont nécessaires", "two different points are needed"),
            Text("toucher deux conducteurs", "touch two conductors"),
        )


@action(
    "vat",
    "vérifier l'absence de tension",
    "check the absence of voltage",
    0.5,
    Argument("first", "point"),
    Argument("second", "point"),
    check=_check_vat,
)
def _vat(bench: Bench, given: Arguments) -> Outcome:
    volts = bench.tester_volts(given["first"], given["second"])
    step = max((s for s in VAT_STEPS if volts >= 0.85 * s), default=0.0)
    tested = (
        bench.state.instruments.vat_tested
        and bench.minutes_now - bench.state.instruments.vat_tested_minutes <= VAT_VALID_MINUTES
    )
    where = f"{given['first']} – {given['second']}"
    if step:
        text = Text(
            f"Présence de tension ({step:.0f} V) entre {where}.", f"Voltage present ({step:.0f} V) between {where}."
        )
    else:
        text = Text(f"Aucun voyant entre {where}.", f"No light between {where}.")
    if not tested:
        text = Text(
            f"{text.fr} VAT non essayé juste avant : ne prouve rien.",
            f"{text.en} Tester not tested just before: proves nothing.",
        )
    return Outcome(
        True, text, 0.5, values={"step_v": step, "tested": tested, "points": [given["first"], given["second"]]}
    )


# --- notebook, diagnosis, end ---------------------------------------------------------------------------------------------------------

_NOTE_FIELDS = ("hypothesis", "check", "expected", "reading", "conclusion")


def _check_note(bench: Bench, given: Arguments) -> None:
    line = given.get("line")
    if line is not None and not any(n.line == line for n in bench.state.notebook):
        raise bad_argument(
            "line",
            Text("cette ligne n'existe pas", "this line does not exist"),
            Text("donner une ligne écrite", "give a written line"),
        )
    if line is None and not any(given.get(f, "").strip() for f in _NOTE_FIELDS):
        raise bad_argument(
            "hypothesis",
            Text("la ligne est vide", "the line is empty"),
            Text("remplir au moins une case", "fill at least one field"),
        )


@action(
    "note", "écrire au carnet", "write in the notebook", 1.0,
    *(Argument(name, "text", False) for name in _NOTE_FIELDS), Argument("line", "number", False), check=_check_note,
)  # fmt: skip
def _note(bench: Bench, given: Arguments) -> Outcome:
    fields = {name: given[name] for name in _NOTE_FIELDS if name in given}
    known = next((n for n in bench.state.notebook if n.line == given.get("line")), None)
    if known is not None:
        for name, value in fields.items():
            setattr(known, name, value)
        return Outcome(
            True,
            Text(f"Ligne {known.line} reprise.", f"Line {known.line} rewritten."),
            0.5,
            values={"line": known.line},
        )
    line = len(bench.state.notebook) + 1
    bench.state.notebook.append(Note(line, bench.time_s, bench.minutes_now, **fields))
    return Outcome(True, Text(f"Ligne {line} écrite.", f"Line {line} written."), 1.0, values={"line": line})


def _check_declare(bench: Bench, given: Arguments) -> None:
    tag, mode = given["tag"], given.get("mode")
    if tag is None:
        return
    modes = [m.id for m in bench.plant.parts[tag].failure_modes]
    _among("mode", mode, modes, Text("mode de défaillance", "failure mode"))


@action(
    "declare", "déclarer le diagnostic", "declare the diagnosis", 1.0,
    Argument("tag", "maybe_part"), Argument("mode", "text", False), Argument("evidence", "lines"), check=_check_declare,
)  # fmt: skip
def _declare(bench: Bench, given: Arguments) -> Outcome:
    tag, mode = given["tag"], given.get("mode") if given["tag"] is not None else None
    bench.state.declared = Declaration(tag, mode, given["evidence"], bench.minutes_now)
    if tag is None:
        return Outcome(True, Text("Déclaré : aucune panne trouvée.", "Declared: no fault found."), 1.0)
    text = next(m.text for m in bench.plant.parts[tag].failure_modes if m.id == mode)
    return Outcome(True, Text(f"Déclaré : {tag}, {text.fr}.", f"Declared: {tag}, {text.en}."), 1.0)


def _check_acceptance(bench: Bench, given: Arguments) -> None:
    if not bench.processes:
        raise ActionRefused(
            Text("cette machine ne produit rien", "this machine makes nothing"),
            Text("essayer ses fonctions une à une", "try its functions one by one"),
        )
    if not 1 <= given.get("parts", 1) <= 1000:
        raise bad_argument(
            "parts", Text("nombre impossible", "impossible number"), Text("entre 1 et 1000", "between 1 and 1000")
        )


@action(
    "acceptance",
    "essai de remise en service",
    "acceptance run",
    0.5,
    Argument("parts", "number", False),
    check=_check_acceptance,
)
def _acceptance(bench: Bench, given: Arguments) -> Outcome:
    wanted = int(given.get("parts", bench.plant.machine.acceptance.good_parts))
    counters = bench.counters()
    bench.state.acceptance = Acceptance(wanted, counters.get("good", 0.0), counters.get("bad", 0.0), bench.time_s)
    return Outcome(
        True,
        Text(f"Essai commencé : {wanted} pièces bonnes attendues.", f"Run started: {wanted} good parts expected."),
        0.5,
    )


@action(
    "finish", "terminer l'intervention", "finish the intervention", 1.0,
    Argument("observation", "text", False), Argument("recommendation", "text", False), Argument("cause", "text", False),
)  # fmt: skip
def _finish(bench: Bench, given: Arguments) -> Outcome:
    bench.state.finished = {name: str(given.get(name, "")) for name in ("observation", "recommendation", "cause")}
    left = [*bench.state.padlocks, *(f"{m.tag}:{m.end}" for m in bench.state.moved), *bench.state.forces]
    if left:
        names = ", ".join(left)
        return Outcome(True, Text(f"Terminé, mais il reste : {names}.", f"Finished, but these remain: {names}."), 1.0)
    return Outcome(True, Text("Intervention terminée.", "Intervention finished."), 1.0)
