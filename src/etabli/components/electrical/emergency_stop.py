"""Emergency-stop button: latching mushroom head, two positive-opening break contacts."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol, mushroom_actuator
from etabli.components.hand import add_hand
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

CHANNELS = (("11", "12"), ("21", "22"))


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "button")
    for top, bottom in CHANNELS:
        add_contact(b, top, bottom, b.memory("button", "position"), normally_closed=True)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.button", "head")) > 0.5:
        return (Perception(Sense.LOOK, Text("Le coup-de-poing est enfoncé.", "The mushroom head is pushed in.")),)
    return (Perception(Sense.LOOK, Text("Le coup-de-poing est déverrouillé.", "The mushroom head is released.")),)


COMPONENT = Component(
    family="emergency_stop",
    letter="S",
    text=Text("arrêt d'urgence", "emergency stop"),
    sheet=Text(
        "Coup-de-poing à accrochage, tourner pour déverrouiller (EN ISO 13850), deux contacts à ouverture positive "
        "11-12 et 21-22. Valeurs : fiche EN 60947-5-5.",
        "Latching mushroom head, turn to release (EN ISO 13850), two positive-opening contacts 11-12 and 21-22. "
        "Values: EN 60947-5-5 sheet.",
    ),
    parameters=(),
    ports=tuple(Port(n, Domain.DC) for pair in CHANNELS for n in pair),
    build=_build,
    failure_modes=(
        *(contact_not_closing(a, c, rate=0.8) for a, c in CHANNELS),
        *(contact_resistive(a, c, ohms=30000.0, rate=0.8) for a, c in CHANNELS),
        *(contact_welded(a, c, rate=0.2) for a, c in CHANNELS),
        FailureMode(
            "sticks",
            Text("coup-de-poing qui ne se déverrouille plus", "mushroom head no longer releases"),
            (Effect("button.sticky", 1.0),),
            onsets=(Onset.SUDDEN,),
            rate=0.3,
        ),
        FailureMode(
            "block_loose",
            Text("bloc de contacts déboîté : la tête n'agit plus", "contact block off: the head no longer acts"),
            (Effect("button.loose", 1.0),),
            rate=0.2,
            visible=Text("Le bloc de contacts pend derrière la porte.", "The contact block hangs behind the door."),
        ),
    ),
    channels=lambda tag, p: (
        Channel("pressed", MemoryRef(f"{tag}.button", "head"), seen=True, text=Text("appui", "pressed")),
    ),
    senses=_senses,
    symbols={
        f"contact_{a}_{c}": contact_symbol(a, c, "pressed", closed=True, left=mushroom_actuator()) for a, c in CHANNELS
    },
    controls={"pressed": "button.position"},
)
