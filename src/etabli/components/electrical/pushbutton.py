"""Push-button 22 mm with one make and one break contact."""

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
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol, push_actuator
from etabli.components.hand import add_hand
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "button", finger=b.linked("finger"))
    position = b.memory("button", "position")
    add_contact(b, "13", "14", position)
    add_contact(b, "21", "22", position, normally_closed=True)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.button", "head")) > 0.5:
        return (Perception(Sense.LOOK, Text("Le bouton est enfoncé.", "The button is pressed in.")),)
    return (Perception(Sense.LOOK, Text("Le bouton est sorti.", "The button is out.")),)


COMPONENT = Component(
    family="pushbutton",
    letter="S",
    text=Text("bouton-poussoir", "push-button"),
    sheet=Text(
        "Bouton-poussoir Ø 22 à impulsion, blocs de contacts 13-14 (F) et 21-22 (O) à vis. Résistance d'un contact "
        "neuf : 25 mΩ. Valeurs : fiche EN 60947-5-1 d'unité de commande.",
        "Momentary push-button Ø 22, screw contact blocks 13-14 (NO) and 21-22 (NC). Contact resistance when new: 25 "
        "mΩ. Values: EN 60947-5-1 sheet of a control unit.",
    ),
    parameters=(
        Parameter(
            "colour",
            Text("couleur", "colour"),
            "",
            "black",
            choices=("black", "green", "red", "blue", "white", "yellow"),
        ),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("13", "14", "21", "22")),
    build=_build,
    failure_modes=(
        contact_not_closing("13", "14", rate=1.0),
        contact_resistive("13", "14", ohms=30000.0, rate=1.0),
        contact_welded("13", "14", rate=0.4),
        contact_not_closing("21", "22", rate=1.0),
        contact_resistive("21", "22", ohms=30000.0, rate=1.0),
        FailureMode(
            "sticks",
            Text("bouton qui reste enfoncé", "button stays pressed"),
            (Effect("button.sticky", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
        FailureMode(
            "block_loose",
            Text("bloc de contacts déboîté de la tête", "contact blocks off the head"),
            (Effect("button.loose", 1.0),),
            rate=0.4,
            visible=Text(
                "Le bloc de contacts est de travers derrière la porte.", "The contact block sits askew behind the door."
            ),
        ),
    ),
    channels=lambda tag, p: (
        Channel("pressed", MemoryRef(f"{tag}.button", "head"), seen=True, text=Text("appui", "pressed")),
    ),
    senses=_senses,
    symbols={
        "contact_13_14": contact_symbol("13", "14", "pressed", left=push_actuator()),
        "contact_21_22": contact_symbol("21", "22", "pressed", closed=True, left=push_actuator()),
    },
    optional_links=("finger",),
    controls={"pressed": "button.position"},
)
