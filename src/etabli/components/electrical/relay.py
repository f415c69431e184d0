"""Plug-in relay: 24 V DC coil, two change-over contacts, flag and test lever."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.electrical.coil import COIL_MODES, add_relay_coil, coil_senses, coil_spot, relay_coil_channels
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.diode import FLYBACK_SHORTED
from etabli.components.electrical.electrical_symbols import changeover_symbol, coil_symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

CONTACTS = (("11", "12", "14"), ("21", "22", "24"))


def _build(b: Builder, p: Parameters) -> None:
    add_relay_coil(b, p)
    position = b.memory("armature", "position")
    for common, rest, work in CONTACTS:
        add_contact(b, common, rest, position, normally_closed=True)
        add_contact(b, common, work, position)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    found = coil_senses(tag, read)
    flag = read(MemoryRef(f"{tag}.armature", "position")) > 0.5
    look = (
        Text("Le drapeau du relais est levé.", "The relay's flag is up.")
        if flag
        else Text("Le drapeau du relais est baissé.", "The relay's flag is down.")
    )
    return (*found, Perception(Sense.LOOK, look))


COMPONENT = Component(
    family="relay",
    letter="KA",
    text=Text("relais", "relay"),
    sheet=Text(
        "Relais embrochable à 2 inverseurs 8 A, bobine 24 V continu 0,9 W (640 Ω), drapeau mécanique, levier d'essai "
        "et module diode. Fermeture 16 ms, retombée 10 ms, enclenche à 17 V, retombe sous 5 V. Valeurs : fiche de "
        "relais industriel miniature EN 61810-1.",
        "Plug-in relay with 2 change-over contacts 8 A, coil 24 V DC 0.9 W (640 Ω), mechanical flag, test lever and "
        "diode module. Operates in 16 ms, releases in 10 ms, picks up at 17 V, drops below 5 V. Values: EN 61810-1 "
        "sheet of a miniature industrial relay.",
    ),
    parameters=(
        Parameter("coil_v", Text("tension de bobine", "coil voltage"), "V", 24.0, 5.0, 48.0),
        Parameter("coil_ohm", Text("résistance de bobine", "coil resistance"), "Ω", 640.0, 20.0, 20000.0),
        Parameter("coil_time_constant_s", Text("constante L/R", "L/R time constant"), "s", 0.005, 0.001, 0.1),
        Parameter(
            "closing_s",
            Text("course de l'armature à l'appel", "travel time of the armature, pulling in"),
            "s",
            0.012,
            0.002,
            0.1,
        ),
        Parameter(
            "opening_s",
            Text("course de l'armature à la retombée", "travel time of the armature, dropping"),
            "s",
            0.008,
            0.002,
            0.1,
        ),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("A1", "A2", "11", "12", "14", "21", "22", "24")),
    build=_build,
    failure_modes=(
        *COIL_MODES,
        FLYBACK_SHORTED,
        *(contact_not_closing(c, w, rate=0.8) for c, _, w in CONTACTS),
        *(contact_resistive(c, w, ohms=30000.0, rate=0.8) for c, _, w in CONTACTS),
        *(contact_welded(c, w, rate=0.6, held="armature.held") for c, _, w in CONTACTS),
        *(contact_not_closing(c, r, rate=0.5) for c, r, _ in CONTACTS),
        *(contact_resistive(c, r, ohms=30000.0, rate=0.5) for c, r, _ in CONTACTS),
    ),
    channels=relay_coil_channels,
    senses=_senses,
    spots=lambda tag, p: (coil_spot(tag),),
    symbols={
        "coil": coil_symbol(),
        **{f"contact_{c}": changeover_symbol(c, r, w, "armature") for c, r, w in CONTACTS},
    },
    controls={"test": "armature.pushed"},
)
