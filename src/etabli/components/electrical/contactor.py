"""Contactor: 24 V DC coil, three power poles, one make and one mirror auxiliary contact."""

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
from etabli.components.electrical.contact import (
    THREE_POLES,
    add_contact,
    contact_not_closing,
    contact_resistive,
    contact_welded,
    hot_pole,
)
from etabli.components.electrical.dc_image import Branch, dc_image, poles_image
from etabli.components.electrical.diode import FLYBACK_SHORTED
from etabli.components.electrical.electrical_symbols import coil_symbol, contact_symbol, poles_symbol
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_relay_coil(b, p)
    position = b.memory("armature", "position")
    for top, bottom in THREE_POLES:
        add_contact(b, top, bottom, position, closed_ohm=p["pole_ohm"], ac=True)
    add_contact(b, "13", "14", position)
    add_contact(b, "21", "22", position, normally_closed=True)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    found = coil_senses(tag, read)
    if read(MemoryRef(f"{tag}.armature", "position")) > 0.5:
        found.append(Perception(Sense.LOOK, Text("Le voyant mécanique est enfoncé.", "The mechanical flag is in.")))
    else:
        found.append(Perception(Sense.LOOK, Text("Le voyant mécanique est sorti.", "The mechanical flag is out.")))
    if hot_pole(tag, THREE_POLES, read):
        found.append(Perception(Sense.LOOK, Text("Odeur de chaud au niveau des pôles.", "Smell of heat at the poles.")))
    return tuple(found)


@dc_image("contactor")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return poles_image(tag, read, THREE_POLES)


_BEADED = Text("La pastille d'un pôle est perlée.", "The tip of one pole is beaded.")

COMPONENT = Component(
    family="contactor",
    letter="KM",
    text=Text("contacteur", "contactor"),
    sheet=Text(
        "Contacteur tripolaire 9 A AC-3, bobine 24 V continu 3 W avec antiparasite intégré, contacts auxiliaires 13-14 "
        "(F) et 21-22 (O, contact miroir). Fermeture 55 ms, ouverture 20 ms. Bobine : 192 Ω à froid. "
        "Valeurs : fiche EN 60947-4-1 d'un contacteur de taille 9 A.",
        "Three-pole contactor 9 A AC-3, coil 24 V DC 3 W with built-in suppressor, auxiliary contacts 13-14 (NO) and "
        "21-22 (NC, mirror contact). Closing 55 ms, opening 20 ms. Coil: 192 Ω cold. "
        "Values: EN 60947-4-1 sheet of a 9 A contactor.",
    ),
    parameters=(
        Parameter("coil_v", Text("tension de bobine", "coil voltage"), "V", 24.0, 12.0, 48.0),
        Parameter("coil_ohm", Text("résistance de bobine", "coil resistance"), "Ω", 192.0, 20.0, 2000.0),
        Parameter("coil_time_constant_s", Text("constante L/R", "L/R time constant"), "s", 0.012, 0.001, 0.1),
        Parameter(
            "closing_s",
            Text("course de l'armature à l'appel", "travel time of the armature, pulling in"),
            "s",
            0.050,
            0.005,
            0.2,
        ),
        Parameter(
            "opening_s",
            Text("course de l'armature à la retombée", "travel time of the armature, dropping"),
            "s",
            0.015,
            0.003,
            0.2,
        ),
        Parameter("pole_ohm", Text("résistance d'un pôle", "pole resistance"), "Ω", 0.01, 0.001, 0.1),
    ),
    ports=(
        Port("A1", Domain.DC),
        Port("A2", Domain.DC),
        *(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
        *(Port(n, Domain.DC) for n in ("13", "14", "21", "22")),
    ),
    build=_build,
    failure_modes=(
        *COIL_MODES,
        FLYBACK_SHORTED,
        *(
            contact_not_closing(
                a, c, rate=0.6, visible=Text("La pastille d'un pôle est brûlée.", "The tip of one pole is burnt away.")
            )
            for a, c in THREE_POLES
        ),
        *(contact_resistive(a, c, ohms=2000.0, rate=0.5) for a, c in THREE_POLES),
        *(contact_welded(a, c, rate=0.6, held="armature.held", visible=_BEADED) for a, c in THREE_POLES),
        contact_not_closing("13", "14", rate=0.7),
        contact_resistive("13", "14", ohms=30000.0, rate=0.6),
        contact_not_closing("21", "22", rate=0.7),
        contact_resistive("21", "22", ohms=30000.0, rate=0.6),
    ),
    channels=relay_coil_channels,
    senses=_senses,
    spots=lambda tag, p: (coil_spot(tag),),
    symbols={
        "coil": coil_symbol(),
        "main": poles_symbol(THREE_POLES, "armature", "contactor"),
        "contact_13_14": contact_symbol("13", "14", "armature"),
        "contact_21_22": contact_symbol("21", "22", "armature", closed=True),
    },
    controls={"test": "armature.pushed"},
)
