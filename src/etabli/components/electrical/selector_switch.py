"""Selector switch with three stay-put positions 0, 1 and 2."""

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
from etabli.components.electrical.electrical_symbols import contact_symbol, rotary_actuator
from etabli.components.hand import add_hand
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

CONTACTS = (("13", "14", 1), ("23", "24", 2))


def _build(b: Builder, p: Parameters) -> None:
    start = float(p["initial_position"])
    add_hand(b, "knob", start)
    for a, c, detent in CONTACTS:
        add_contact(
            b,
            a,
            c,
            b.memory("knob", "position"),
            window=(detent - 0.5, detent + 0.5),
            closed_now=start == detent,
        )


def _channels(tag: str, parameters: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("position", MemoryRef(f"{tag}.knob", "head"), 0.0, 2.0, seen=True, text=Text("position", "position")),
        *(
            Channel(
                f"at_{detent}",
                MemoryRef(f"{tag}.knob", f"at_{detent}"),
                seen=True,
                text=Text(f"sur la position {detent}", f"at position {detent}"),
            )
            for _, _, detent in CONTACTS
        ),
    )


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    position = round(read(MemoryRef(f"{tag}.knob", "head")))
    return (
        Perception(
            Sense.LOOK,
            Text(f"Le commutateur est sur la position {position}.", f"The selector is on position {position}."),
        ),
    )


COMPONENT = Component(
    family="selector_switch",
    letter="S",
    text=Text("commutateur à 3 positions", "3-position selector"),
    sheet=Text(
        "Commutateur à manette Ø 22, 3 positions fixes : contact 13-14 fermé sur 1, contact 23-24 fermé sur 2, les "
        "deux ouverts sur 0. Valeurs : fiche EN 60947-5-1 d'unité de commande.",
        "Selector Ø 22 with 3 stay-put positions: contact 13-14 closed on 1, contact 23-24 closed on 2, both open on "
        "0. Values: EN 60947-5-1 sheet of a control unit.",
    ),
    parameters=(Parameter("initial_position", Text("position au départ", "position at start"), "", 0, 0, 2),),
    ports=tuple(Port(n, Domain.DC) for n in ("13", "14", "23", "24")),
    build=_build,
    failure_modes=(
        *(contact_not_closing(a, c, rate=1.0) for a, c, _ in CONTACTS),
        *(contact_resistive(a, c, ohms=30000.0, rate=1.0) for a, c, _ in CONTACTS),
        *(contact_welded(a, c, rate=0.4) for a, c, _ in CONTACTS),
        FailureMode(
            "knob_loose",
            Text("manette desserrée : les contacts ne suivent plus", "knob loose: contacts no longer follow"),
            (Effect("knob.loose", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.4,
        ),
    ),
    channels=_channels,
    senses=_senses,
    symbols={
        f"contact_{a}_{c}": contact_symbol(a, c, f"at_{detent}", left=rotary_actuator()) for a, c, detent in CONTACTS
    },
    controls={"position": "knob.position"},
)
