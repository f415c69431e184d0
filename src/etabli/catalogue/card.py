"""The sheet of a family: everything its component file says, in words, ready for a page in one language."""

from __future__ import annotations

import inspect
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from etabli.catalogue.numbers import said
from etabli.catalogue.pictures import families_with
from etabli.components.catalogue import catalogue, technology
from etabli.components.component import (
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Perception,
    Repair,
    Sense,
    Swap,
)
from etabli.components.curve import TAG, explained
from etabli.components.specimen import Specimen
from etabli.machines import list_machines, load_machine
from etabli.machines.problem import MachineError
from etabli.physics.law import Domain
from etabli.physics.text import Text

TECHNOLOGIES = {
    "electrical": Text("Électricité", "Electricity"),
    "pneumatic": Text("Pneumatique", "Pneumatics"),
    "hydraulic": Text("Hydraulique", "Hydraulics"),
    "mechanical": Text("Mécanique", "Mechanics"),
    "thermal": Text("Thermique", "Heat"),
}

DOMAINS = {
    Domain.DC: Text("courant continu", "direct current"),
    Domain.AC: Text("courant alternatif", "alternating current"),
    Domain.PNEUMATIC: Text("air comprimé", "compressed air"),
    Domain.HYDRAULIC: Text("huile", "oil"),
    Domain.TRANSLATION: Text("translation", "translation"),
    Domain.ROTATION: Text("rotation", "rotation"),
    Domain.THERMAL: Text("chaleur", "heat"),
}

ONSETS = {
    Onset.SUDDEN: Text("brutale", "sudden"),
    Onset.GROWING: Text("progressive", "growing"),
    Onset.INTERMITTENT: Text("intermittente", "intermittent"),
}

REPAIRS = {
    Repair.REPLACE: Text("remplacer", "replace"),
    Repair.TIGHTEN: Text("resserrer", "tighten"),
    Repair.CLEAN: Text("nettoyer", "clean"),
    Repair.ADJUST: Text("régler", "adjust"),
    Repair.RECONNECT: Text("rebrancher", "reconnect"),
    Repair.RESET: Text("réarmer", "reset"),
}

SENSES = {
    Sense.LOOK: Text("on voit", "seen"),
    Sense.LISTEN: Text("on entend", "heard"),
    Sense.TOUCH: Text("on sent", "felt"),
}

KINDS = {
    "pilot": Text("pilotage", "pilot"),
    "pe": Text("terre de protection", "protective earth"),
    "optional": Text("facultatif", "optional"),
}

IEC_81346 = {
    "A": Text("A – plusieurs tâches", "A – several tasks"),
    "B": Text("B – capteur : mesure convertie en signal", "B – sensor: a measurement turned into a signal"),
    "C": Text("C – stocke de l'énergie ou de la matière", "C – stores energy or matter"),
    "E": Text("E – fournit chaleur, froid ou lumière", "E – gives heat, cold or light"),
    "F": Text("F – protège", "F – protects"),
    "G": Text("G – engendre une énergie ou un débit", "G – makes energy or a flow"),
    "H": Text("H – traite de la matière", "H – treats matter"),
    "K": Text("K – traite un signal", "K – treats a signal"),
    "M": Text("M – entraîne par une énergie mécanique", "M – drives by mechanical energy"),
    "P": Text("P – présente une information", "P – shows information"),
    "Q": Text("Q – commute ou fait varier un flux d'énergie ou de matière", "Q – switches or varies a flow"),
    "R": Text("R – limite ou stabilise", "R – limits or steadies"),
    "S": Text("S – commande manuelle convertie en signal", "S – a hand turned into a signal"),
    "T": Text("T – convertit une énergie sans en changer la nature", "T – converts energy of one kind"),
    "U": Text("U – tient en place", "U – holds in place"),
    "W": Text("W – conduit d'un endroit à un autre", "W – leads from one place to another"),
    "X": Text("X – raccorde", "X – connects"),
}
"""Main classes of IEC 81346-2, in our own words."""

_OF_LETTER = {
    "E": "E", "F": "F", "H": "P", "K": "K", "KA": "K", "KM": "Q", "KS": "K", "KT": "K", "M": "M", "PE": "X", "Q": "Q",
    "S": "S", "B": "B", "T": "T", "W": "W", "X": "X", "Y": "M", "YB": "M", "YV": "Q", "V": "Q",
}  # fmt: skip


_MOST_NAMES, _FIRST_NAMES = 12, 6
_LONG_SERIES = 4
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class LawSheet:
    """A law of a family in words; where nobody wrote them in both languages, its docstring in ``language``."""

    name: str
    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ModeSheet:
    """A failure mode: its physics in numbers, and what people notice."""

    id: str
    name: str
    changes: tuple[str, ...]
    degrees: str
    onsets: str
    frequency: str
    repair: str
    notice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, in words."""

    name: str
    text: str
    detail: str = ""


def iec_class(component: Component) -> Text | None:
    """Main class of IEC 81346-2 of a family, ``None`` where the letter of its tag does not tell it."""
    letter = component.purpose or _OF_LETTER.get(component.letter)
    return IEC_81346[letter] if letter else None


def laws(component: Component, language: str) -> list[LawSheet]:
    """The laws of a family, each once, the most telling of it first."""
    found: dict[str, LawSheet] = {}
    for _, piece in Specimen(component).pieces():
        name = piece.law.name
        if name in found:
            continue
        known = explained(piece.law)
        if known is not None:
            found[name] = LawSheet(name, known.words.get(language))
            continue
        first = inspect.cleandoc(piece.law.function.__doc__ or name).split("\n\n")[0]
        found[name] = LawSheet(name, first.replace("\n", " ").replace("``", ""), "en")
    return sorted(found.values(), key=lambda sheet: families_with(sheet.name))


@dataclass(frozen=True, slots=True)
class ParameterSheet:
    """A value of the data sheet."""

    name: str
    text: str
    default: str
    unit: str
    range: str
    adjustable: bool


def parameters(component: Component, language: str) -> list[ParameterSheet]:
    """The data sheet values of a family."""
    return [
        ParameterSheet(
            p.name, p.text.get(language), default_text(p, language), p.unit, parameter_range(p, language), p.adjustable
        )
        for p in component.parameters
    ]


def parameter_range(parameter: Parameter, language: str) -> str:
    """« 0,1 … 63 », or the choices."""
    if parameter.choices:
        return ", ".join(parameter.choices)
    low, high = (said(v, language, 4) if v is not None else "" for v in (parameter.minimum, parameter.maximum))
    return f"{low} … {high}" if low or high else ""


def default_text(parameter: Parameter, language: str) -> str:
    """The default value as it is read."""
    value = parameter.default
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return said(float(value), language, 4)


def ports(component: Component, language: str) -> list[Row]:
    """Ports for the default values, those of one kind on one line; a long series is shortened."""
    groups: dict[tuple[Domain, str], list[str]] = {}
    for port in component.ports_of(component.defaults()):
        groups.setdefault((port.domain, port.kind), []).append(port.name)
    rows = []
    for (domain, kind), names in groups.items():
        known = KINDS.get(kind)
        shown = names if len(names) <= _MOST_NAMES else [*names[:_FIRST_NAMES], "…", names[-1]]
        detail = known.get(language) if known is not None else kind
        rows.append(Row(", ".join(shown), DOMAINS[domain].get(language), detail))
    return rows


def modes(component: Component, language: str) -> list[ModeSheet]:
    """The failure modes, the most frequent first; a long numbered series (channels of a card) is one line."""
    found = component.failure_modes_of(component.defaults())
    total = sum(mode.rate for mode in found) or 1.0
    healthy = Specimen(component)
    at_rest = perceptions(component, healthy)
    series: dict[tuple[str, float], list[FailureMode]] = {}
    for mode in sorted(found, key=lambda m: -m.rate):
        series.setdefault((_NUMBER.sub("#", mode.id), mode.rate), []).append(mode)
    sheets = []
    for alike in series.values():
        if len(alike) < _LONG_SERIES:
            sheets += [_mode(component, mode, healthy, at_rest, mode.rate / total, language) for mode in alike]
            continue
        first = _mode(component, alike[0], healthy, at_rest, len(alike) * alike[0].rate / total, language)
        sheets.append(replace(first, name=f"{first.name} (× {len(alike)})"))
    return sheets


def _mode(
    component: Component,
    mode: FailureMode,
    healthy: Specimen,
    at_rest: list[Perception],
    share: float,
    language: str,
) -> ModeSheet:
    low, high = mode.degrees
    degrees = (
        f"{said(100 * low, language)} … {said(100 * high, language)} %"
        if low != high
        else f"{said(100 * high, language)} %"
    )
    changes = tuple(_change(effect, mode, healthy, language) for effect in mode.effects)
    notice = [mode.visible.get(language)] if mode.visible is not None else []
    known = {p.text.fr for p in at_rest}
    felt = perceptions(component, Specimen(component, mode, high))
    notice += [p.text.get(language) for p in felt if p.text.fr not in known]
    return ModeSheet(
        mode.id,
        mode.text.get(language),
        changes,
        degrees,
        ", ".join(ONSETS[onset].get(language) for onset in mode.onsets),
        f"{said(100 * share, language, 2)} %",
        REPAIRS[mode.repair].get(language),
        tuple(dict.fromkeys(notice)),
    )


def _change(effect: Effect | Swap, mode: FailureMode, healthy: Specimen, language: str) -> str:
    if isinstance(effect, Swap):
        swapped = Text("{} et {} croisés", "{} and {} crossed").get(language)
        return swapped.format(effect.first, effect.second)
    device, _, parameter = effect.target.rpartition(".")
    sound = getattr(healthy.piece(device).p, parameter)
    ends = dict.fromkeys(said(effect.at(sound, degree), language) for degree in mode.degrees)
    colon = " : " if language == "fr" else ": "
    return f"{effect.target}{colon}{said(sound, language)} → {' … '.join(ends)}"


def senses(component: Component, language: str) -> list[Row]:
    """What is seen, heard and felt at a sound part at rest."""
    found = perceptions(component, Specimen(component))
    return [Row(SENSES[p.sense].get(language), p.text.get(language)) for p in found]


def perceptions(component: Component, specimen: Specimen) -> list[Perception]:
    """What a person perceives at the part on the bench: nothing is connected, nothing moves."""
    if component.senses is None:
        return []
    return list(component.senses(TAG, specimen.values, specimen.at_rest))


@cache
def _users() -> dict[str, tuple[tuple[str, Text, int], ...]]:
    """Family -> (machine, its name, how many parts of the family it has)."""
    found: dict[str, list[tuple[str, Text, int]]] = {}
    for name in list_machines():
        try:
            machine = load_machine(name)
        except MachineError:
            continue  # a machine that cannot be read says so on its own page
        families = [part.component.family for part in machine.parts.values()]
        for family in sorted(set(families)):
            found.setdefault(family, []).append((machine.id, machine.name, families.count(family)))
    return {family: tuple(rows) for family, rows in found.items()}


def machines_with(family: str) -> tuple[tuple[str, Text, int], ...]:
    """Machines that use a family: identifier, name, number of parts."""
    return _users().get(family, ())


def by_technology() -> dict[str, list[Component]]:
    """The families of each technology, in the alphabetical order of their French names."""
    found: dict[str, list[Component]] = {name: [] for name in TECHNOLOGIES}
    for family, component in catalogue().items():
        found.setdefault(technology(family), []).append(component)
    for components in found.values():
        components.sort(key=lambda c: _plain(c.text.fr))
    return {name: components for name, components in found.items() if components}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFD", text.lower())
