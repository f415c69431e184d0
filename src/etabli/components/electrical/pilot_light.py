"""Pilot light with an LED lamp."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.electrical.electrical_symbols import lamp_symbol
from etabli.physics.law import Domain
from etabli.physics.network import StateRef
from etabli.physics.text import Text


def lamp_modes(device: str, name: str = "", text: Text | None = None) -> tuple[FailureMode, ...]:
    """Failure modes of one LED lamp, the device ``device``."""
    suffix_fr, suffix_en = (f" ({text.fr})", f" ({text.en})") if text else ("", "")
    prefix = f"{name}_" if name else ""
    return (
        FailureMode(
            f"{prefix}lamp_open",
            Text(f"lampe hors service{suffix_fr}", f"lamp dead{suffix_en}"),
            (Effect(f"{device}.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
        ),
        FailureMode(
            f"{prefix}lamp_short",
            Text(f"lampe en court-circuit{suffix_fr}", f"lamp shorted{suffix_en}"),
            (Effect(f"{device}.resistance", 0.3, logarithmic=True),),
            rate=0.3,
            visible=Text("Le culot de la lampe est noirci.", "The lamp base is black."),
        ),
    )


def lit(current: float, nominal: float) -> Text:
    """Words for the brightness of a lamp."""
    if current > 0.5 * nominal:
        return Text("Le voyant est allumé.", "The lamp is lit.")
    if current > 0.08 * nominal:
        return Text("Le voyant luit faiblement.", "The lamp glows faintly.")
    return Text("Le voyant est éteint.", "The lamp is off.")


def _build(b: Builder, p: Parameters) -> None:
    b.device("lamp", dc_pole, {"a": "X1", "b": "X2"}, {"resistance": 24.0 / p["current_a"]})


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    current = abs(read(StateRef(f"{tag}.lamp", "current")))
    return (Perception(Sense.LOOK, lit(current, parameters["current_a"])),)


COMPONENT = Component(
    family="pilot_light",
    letter="H",
    text=Text("voyant", "pilot light"),
    sheet=Text(
        "Voyant Ø 22 à LED 24 V, 18 mA. Valeurs : fiche d'unité de signalisation EN 60947-5-1.",
        "Pilot light Ø 22 with 24 V LED, 18 mA. Values: EN 60947-5-1 sheet of a signalling unit.",
    ),
    parameters=(
        Parameter("current_a", Text("courant nominal", "rated current"), "A", 0.018, 0.002, 0.2),
        Parameter(
            "colour", Text("couleur", "colour"), "", "white", choices=("white", "green", "red", "orange", "blue")
        ),
    ),
    ports=(Port("X1", Domain.DC), Port("X2", Domain.DC)),
    build=_build,
    failure_modes=lamp_modes("lamp"),
    channels=lambda tag, p: (
        Channel(
            "lit",
            StateRef(f"{tag}.lamp", "current"),
            0.08 * p["current_a"],
            0.9 * p["current_a"],
            seen=True,
            text=Text("allumé", "lit"),
        ),
    ),
    senses=_senses,
    symbols={"main": lamp_symbol("X1", "X2", "lit", "ink")},
)
