"""Reads components.yaml: each tag, its family, the values of its data sheet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from etabli.components.catalogue import catalogue
from etabli.components.component import Component, Parameter
from etabli.machines.draft import COMPONENTS, SHEET, Draft
from etabli.machines.model import Location, Placed
from etabli.machines.section import Section
from etabli.machines.source import read_yaml, suggestion
from etabli.physics.text import Text

TAG = re.compile(r"[0-9]*[A-Z]+[0-9]+")

_CONDUCTOR_FAMILIES = frozenset({"wire", "tube"})


def read_components(draft: Draft) -> None:
    """Fill ``draft.placed``."""
    draft.components = read_yaml(draft.folder, COMPONENTS, draft.problems)
    if draft.components is None:
        return
    top = Section(draft.components, draft.problems)
    for tag in top.values:
        draft.tags[tag] = top.line(tag)
        section = top.mapping(tag)
        if section is None:
            continue
        if not TAG.fullmatch(tag):
            section.error(
                "",
                Text(f"« {tag} » n'est pas un repère", f"“{tag}” is not a tag"),
                Text("écrire par exemple KM1, B12 ou 1A1", "write for example KM1, B12 or 1A1"),
            )
            continue
        placed = _placed(draft, tag, section)
        if placed is not None:
            draft.placed[tag] = placed


def _placed(draft: Draft, tag: str, section: Section) -> Placed | None:
    section.only("family", "text", "location", "reference", "parameters")
    text = section.text("text")
    location = section.string("location", required=True)
    if location and location not in draft.locations and draft.locations:
        section.error(
            "location",
            Text(f"{tag} : lieu « {location} » inconnu", f"{tag}: unknown location “{location}”"),
            suggestion(location, draft.locations),
        )
    family = section.string("family", required=True)
    component = catalogue().get(family)
    if component is None or family in _CONDUCTOR_FAMILIES:
        if family:
            section.error(
                "family", _unknown_family(tag, family), suggestion(family, set(catalogue()) - _CONDUCTOR_FAMILIES)
            )
        return None
    given = section.mapping("parameters")
    parameters = read_parameters(component, given)
    if not _ports_work(section, component, parameters):
        # The defaults keep the rest of the check useful.
        parameters = component.defaults()
    return Placed(tag, component, parameters, text, location, section.string("reference"))


def _unknown_family(tag: str, family: str) -> Text:
    if family in _CONDUCTOR_FAMILIES:
        table = "wires.csv" if family == "wire" else "tubes.csv"
        return Text(f"{tag} : un « {family} » s'écrit dans {table}", f"{tag}: a “{family}” belongs in {table}")
    return Text(f"{tag} : famille « {family} » inconnue", f"{tag}: unknown family “{family}”")


def _ports_work(section: Section, component: Component, parameters: Mapping[str, Any]) -> bool:
    try:
        component.ports_of(parameters)
        component.failure_modes_of(parameters)
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        section.error(
            "parameters",
            Text(f"{component.family} : valeurs refusées ({wrong})", f"{component.family}: values refused ({wrong})"),
            Text("corriger les paramètres de ce composant", "mend the parameters of this component"),
        )
        return False
    return True


def read_parameters(component: Component, given: Section | None) -> dict[str, Any]:
    """Values of the data sheet: the defaults of the family, changed by the file."""
    parameters = component.defaults()
    if given is None:
        return parameters
    known = {p.name: p for p in component.parameters}
    for name, value in given.values.items():
        if name not in known:
            given.error(
                name,
                Text(
                    f"paramètre « {name} » inconnu pour {component.family}",
                    f"unknown parameter “{name}” of {component.family}",
                ),
                suggestion(name, known),
            )
            continue
        wrong = _refusal(known[name], value)
        if wrong is not None:
            given.error(name, *wrong)
            continue
        parameters[name] = value
    return parameters


def _refusal(parameter: Parameter, value: Any) -> tuple[Text, Text] | None:
    """Why a value is refused and the mend; ``None`` when it is right."""
    name, unit = parameter.name, parameter.unit
    if parameter.choices:
        if value in parameter.choices:
            return None
        choices = ", ".join(parameter.choices)
        return (
            Text(f"{name} : « {value} » n'est pas un choix", f"{name}: “{value}” is not a choice"),
            Text(f"choisir parmi : {choices}", f"choose among: {choices}"),
        )
    default = parameter.default
    if isinstance(default, bool) or not isinstance(default, int | float):
        if default is None or _same_form(value, default):
            return None
        return (
            Text(f"{name} : « {value} » n'a pas la bonne forme", f"{name}: “{value}” has the wrong form"),
            Text(f"écrire une valeur comme {default!r}", f"write a value like {default!r}"),
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return (
            Text(f"{name} : « {value} » n'est pas un nombre", f"{name}: “{value}” is not a number"),
            Text(
                f"écrire un nombre avec un point décimal, sans unité (unité : {unit or 'aucune'})",
                f"write a number with a decimal point, without unit (unit: {unit or 'none'})",
            ),
        )
    low = -math.inf if parameter.minimum is None else parameter.minimum
    high = math.inf if parameter.maximum is None else parameter.maximum
    if low <= value <= high:
        return None
    return (
        Text(
            f"{name} : {value:g} {unit} est hors des limites de la famille",
            f"{name}: {value:g} {unit} is out of the family's limits",
        ),
        Text(
            f"choisir entre {low:g} et {high:g} {unit}".rstrip(), f"choose between {low:g} and {high:g} {unit}".rstrip()
        ),
    )


def _same_form(value: Any, default: Any) -> bool:
    if isinstance(default, tuple | list):
        return isinstance(value, tuple | list)
    return isinstance(value, type(default))


def read_locations(draft: Draft) -> None:
    """Fill ``draft.locations`` from machine.yaml."""
    if draft.sheet is None:
        return
    top = Section(draft.sheet, draft.problems)
    if not top.values.get("locations"):
        top.error(
            "locations",
            Text(f"{SHEET} : il manque les lieux (locations)", f"{SHEET}: the locations are missing"),
            Text(
                'écrire locations: cabinet: {text: {fr: "Armoire", en: "Cabinet"}, enclosed: true} …',
                'write locations: cabinet: {text: {fr: "Armoire", en: "Cabinet"}, enclosed: true} …',
            ),
        )
        return
    for name, section in top.sections("locations"):
        section.only("text", "enclosed")
        enclosed = section.values.get("enclosed", False)
        if enclosed not in (True, False, "terminals", "cover"):
            section.error(
                "enclosed",
                Text(f"enclosed: « {enclosed} » inconnu", f"enclosed: unknown value “{enclosed}”"),
                Text(
                    "écrire true, terminals (une porte), cover (un pupitre) ou rien",
                    "write true, terminals (a door), cover (a panel) or nothing",
                ),
            )
        text, boxed = section.text("text"), enclosed == "cover"
        draft.locations[name] = Location(name, text, enclosed is True, bool(enclosed), boxed)
