"""The registry of actions, the kinds of their arguments, and what several of them check or judge alike.

``check`` says whether the action is possible now, without touching anything, and raises :class:`ActionRefused`; ``do``
carries it out and cannot refuse any more, because the journal already holds it. Dangerous actions are possible: the
physics judges them, and an accident stops the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etabli.bench.errors import ActionRefused, bad_argument
from etabli.bench.judgement import Hazard
from etabli.bench.outcome import Outcome
from etabli.bench.plant import EARTH, ELECTRICAL
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.bench.live import Bench

Arguments = Mapping[str, Any]
Check = Callable[["Bench", Arguments], None]
Do = Callable[["Bench", Arguments], Outcome]

ACCIDENT_MINUTES = 30.0
MAX_TEXT = 2000
MAX_NUMBER = 1e12


@dataclass(frozen=True)
class Argument:
    """An argument of an action; its kinds are in ``_KINDS``. The layout tells them to the page."""

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
    for extra in sorted(set(given) - names):
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


# --- kinds of arguments ---------------------------------------------------------------------------


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


def among(name: str, value: Any, known: Iterable[str], what: Text) -> str:
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
    if isinstance(value, (bool, int, float)) and abs(value) <= MAX_NUMBER:  # refuses a NaN too
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
    return among(name, value, bench.plant.parts, Text("composant", "component"))


def _conductor(bench: Bench, name: str, value: Any) -> str:
    return among(name, value, bench.plant.conductors, Text("fil ou tube", "wire or tube"))


def _point(bench: Bench, name: str, value: Any) -> str | None:
    if value is None or value == EARTH:
        return value  # type: ignore[no-any-return]
    return among(name, value, bench.plant.domains, Text("point", "point"))


def _wire(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else among(name, value, bench.plant.machine.wires, Text("fil", "wire"))


def _tube(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else among(name, value, bench.plant.machine.tubes, Text("tuyau", "hose"))


def _warm_spot(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else among(name, value, bench.plant.warm_spots, Text("endroit", "place"))


def _shaking_spot(bench: Bench, name: str, value: Any) -> str | None:
    return None if value is None else among(name, value, bench.plant.shaking_spots, Text("endroit", "place"))


def _load(bench: Bench, name: str, value: Any) -> str:
    return among(name, value, bench.plant.loads, Text("charge suspendue", "suspended load"))


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


_NULLABLE = frozenset({"point", "wire", "tube", "warm_spot", "shaking_spot", "maybe_part"})
_KINDS: dict[str, Callable[[Any, str, Any], Any]] = {
    "tag": _part,
    "part": _part,
    "maybe_part": _maybe_part,
    "control": _word,
    "conductor": _conductor,
    "point": _point,
    "wire": _wire,
    "tube": _tube,
    "load": _load,
    "warm_spot": _warm_spot,
    "shaking_spot": _shaking_spot,
    "number": _number,
    "text": _word,
    "boolean": _boolean,
    "words": _words,
    "lines": _lines,
    "end": lambda bench, name, value: among(name, value, ("a", "b"), Text("extrémité", "end")),
}


# --- common checks --------------------------------------------------------------------------------


def reach(bench: Bench, tag: str) -> None:
    """The hand must get there."""
    if bench.plant.is_enclosed(tag) and not bench.state.cabinet_open:
        raise _shut(bench, tag, Text(f"{tag} est dans l'armoire", f"{tag} is in the cabinet"))


def reach_inside(bench: Bench, tag: str) -> None:
    """The hand, or the instrument, must get to the terminals and screws."""
    reach(bench, tag)
    if bench.plant.hides_terminals(tag) and not bench.state.cabinet_open:
        behind = Text(
            f"les bornes de {tag} sont derrière la porte de l'armoire",
            f"the terminals of {tag} are behind the door of the cabinet",
        )
        raise _shut(bench, tag, behind)


def _shut(bench: Bench, tag: str, where: Text) -> ActionRefused:
    """What hides a part must be opened: the cabinet (``where`` says how it hides it), or the box the part is in."""
    box = bench.plant.box_of(tag)
    if box is None:
        return ActionRefused(
            Text(f"{where.fr}, qui est fermée", f"{where.en}, which is closed"),
            Text("ouvrir l'armoire", "open the cabinet"),
        )
    return ActionRefused(
        Text(f"{tag} : bornes sous un capot fermé ({box.fr})", f"{tag}: terminals under a closed cover ({box.en})"),
        Text("ouvrir l'armoire : les capots s'ouvrent avec elle", "open the cabinet: the covers are opened with it"),
    )


def reach_tag(bench: Bench, given: Arguments) -> None:
    reach(bench, given["tag"])


def reach_point(bench: Bench, point: str | None) -> None:
    if point is not None and point != EARTH:
        reach_inside(bench, point.partition(":")[0])


def points_of(bench: Bench, tag: str, electrical: bool) -> list[str]:
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


def judged(
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


def locked_out(bench: Bench) -> bool:
    """Every energy of the machine is padlocked at its head."""
    heads = bench.plant.isolators
    return bool(heads) and all(tag in bench.state.padlocks for tag in heads)
