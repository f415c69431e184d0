"""The sheet of a family: everything its component file says, in words, ready for a page in one language."""

from __future__ import annotations

import inspect
import unicodedata
from dataclasses import dataclass
from functools import cache

from etabli.catalogue.numbers import said
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
from etabli.components.curve import TAG, Specimen, explained
from etabli.machines import list_machines, load_machine
from etabli.machines.problem import MachineError
from etabli.physics.law import Domain
from etabli.physics.network import DEFAULT_INITIAL, NodeRef, ParameterRef, Ref, StateRef
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
    "R": "R", "S": "S", "B": "B", "T": "T", "W": "W", "X": "X", "Y": "M", "YB": "M", "YV": "Q", "V": "Q",
}  # fmt: skip
_OF_FAMILY = {
    "accumulator": "C", "conveyor": "G", "cylinder": "M", "end_stop": "R", "filter_regulator": "R",
    "flow_control": "R", "flow_regulator": "R", "gearbox": "T", "hoist_load": "U", "hydraulic_check_valve": "R",
    "hydraulic_cylinder": "M", "hydraulic_filter": "H", "hydraulic_gauge": "P", "hydraulic_manifold": "W",
    "hydraulic_pump": "G", "hydraulic_pump_compensated": "G", "hydraulic_tank": "C", "air_manifold": "W",
    "lift_shaft": "U", "linear_guide": "U", "mains_supply": "G", "compressed_air_supply": "G", "oil_cooler": "E",
    "pilot_check_valve": "R", "plc": "K", "power_supply": "T", "press_station": "H", "pressure_gauge": "P",
    "pressure_reducing_valve": "R", "relief_valve": "F", "silencer": "R", "spring": "C", "suction_strainer": "H",
    "throttle_valve": "R", "variable_frequency_drive": "T", "vertical_load": "U", "flywheel": "C", "wire": "W",
    "landing_door": "S", "safety_gear": "F", "counterbalance_valve": "R", "rolling_bearing": "U",
}  # fmt: skip
"""Where the tag letter of the trade does not tell the class: families that share a letter but not a purpose."""


@dataclass(frozen=True, slots=True)
class LawSheet:
    """A law of a family: what it is called in the code, and its words ("" where nobody wrote them)."""

    name: str
    words: Text
    docstring: str


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
    letter = _OF_FAMILY.get(component.family) or _OF_LETTER.get(component.letter)
    return IEC_81346[letter] if letter else None


def laws(component: Component) -> list[LawSheet]:
    """The laws of a family, each once, those with words first."""
    found: dict[str, LawSheet] = {}
    for _, piece in Specimen(component).pieces():
        known = explained(piece.law)
        doc = inspect.cleandoc(piece.law.function.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        found.setdefault(piece.law.name, LawSheet(piece.law.name, known.words if known else Text("", ""), doc))
    return sorted(found.values(), key=lambda sheet: not sheet.words.fr)


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
    """Ports for the default values; a numbered series longer than six is shortened."""
    rows = []
    for port in component.ports_of(component.defaults()):
        kind = KINDS.get(port.kind)
        detail = kind.get(language) if kind is not None else port.kind
        rows.append(Row(port.name, DOMAINS[port.domain].get(language), detail))
    return rows


def modes(component: Component, language: str) -> list[ModeSheet]:
    """The failure modes, the most frequent first."""
    found = component.failure_modes_of(component.defaults())
    total = sum(mode.rate for mode in found) or 1.0
    healthy = Specimen(component)
    at_rest = perceptions(component, healthy)
    return [_mode(component, mode, healthy, at_rest, total, language) for mode in sorted(found, key=lambda m: -m.rate)]


def _mode(
    component: Component,
    mode: FailureMode,
    healthy: Specimen,
    at_rest: list[Perception],
    total: float,
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
        f"{said(100 * mode.rate / total, language, 2)} %",
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
    return f"{effect.target} : {said(sound, language)} → {' … '.join(ends)}"


def perceptions(component: Component, specimen: Specimen) -> list[Perception]:
    """What a person perceives at the part on the bench: nothing is connected, nothing moves."""
    if component.senses is None:
        return []
    return list(component.senses(TAG, specimen.values, lambda ref: _at_rest(specimen, ref)))


def _at_rest(specimen: Specimen, ref: Ref) -> float:
    network = specimen.network
    if isinstance(ref, NodeRef):
        return network.initial.get(ref.node, DEFAULT_INITIAL.get(network.nodes.get(ref.node, Domain.DC), 0.0))
    piece = specimen.piece(ref.device.removeprefix(f"{TAG}."))
    if isinstance(ref, ParameterRef):
        return float(getattr(piece.p, ref.parameter))
    return piece.start()[ref.state if isinstance(ref, StateRef) else ref.memory]


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
