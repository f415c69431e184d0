"""Evidence and journals in the words of one language, ready for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from etabli.physics.text import Text
from etabli.web.workshop import catalogue
from etabli.web.workshop.models import Intervention

THIN = "\u202f"


def translated(value: Any, language: str) -> Any:
    """Replace each ``{"fr", "en"}`` by its text in ``language``, at any depth."""
    if isinstance(value, dict):
        if value.keys() == {"fr", "en"}:
            return value["en"] if language.startswith("en") else value["fr"]
        return {key: translated(inner, language) for key, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner, language) for inner in value]
    return value


def readable(evidence: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Evidence in one language, with what templates cannot compute: names of instruments, quantities."""
    found: dict[str, Any] = translated(dict(evidence), language)
    for reading in found.get("readings", ()):
        reading["instrument_name"] = instrument_name(reading["instrument"])
        reading["points_text"] = " / ".join(str(point) for point in reading["points"] if point)
        reading["shown"] = quantity(str(reading["display"]), str(reading["unit"]), language)
    return found


def quantity(display: str, unit: str, language: str) -> str:
    """What an instrument showed, written as the language writes it: « 23,94 V »; « OL » over its range."""
    if not any(character.isdigit() for character in display):
        return display
    number = display if language.startswith("en") else display.replace(".", ",")
    return f"{number}{THIN}{unit}" if unit else number


def instrument_name(name: str) -> str:
    """Name of an instrument on screens."""
    names = {
        "multimeter": _("Multimètre"),
        "clamp": _("Pince ampèremétrique"),
        "gauge": _("Manomètre"),
        "tachometer": _("Tachymètre"),
        "flowmeter": _("Débitmètre"),
        "thermometer": _("Thermomètre"),
        "vibrometer": _("Vibromètre"),
        "vat": _("VAT"),
    }
    return names.get(name, name)


def mode_texts(intervention: Intervention) -> dict[str, Text]:
    """Text of every failure mode of the machine by fault id; empty when its files cannot be read any more."""
    try:
        machine = catalogue.machine(intervention.machine)
    except (catalogue.MachineError, catalogue.UnknownMachine):
        return {}
    return {fault.id: fault.mode.text for fault in machine.faults()}


def declared_text(intervention: Intervention, evidence: Mapping[str, Any], language: str) -> str:
    """The declared failure mode in words."""
    declared = evidence.get("declared") or {}
    if not declared.get("tag"):
        return ""
    text = mode_texts(intervention).get(f"{declared['tag']}.{declared.get('mode')}")
    return text.get(language) if text is not None else str(declared.get("mode") or "")
