"""Main isolator: three poles, rotary handle on the door, can be padlocked on 0."""

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
from etabli.components.drawing import Circle, Line, Symbol
from etabli.components.electrical.contact import (
    THREE_POLES,
    add_lever_poles,
    contact_not_closing,
    contact_resistive,
    contact_welded,
    hot_pole,
)
from etabli.components.electrical.dc_image import Branch, dc_image, poles_image
from etabli.components.electrical.electrical_symbols import poles_symbol
from etabli.components.hand import add_hand
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    position = float(p["initial_position"])
    add_hand(b, "handle", position)
    add_lever_poles(
        b, THREE_POLES, b.memory("handle", "position"), closed_ohm=p["contact_ohm"], closed_now=position > 0.5
    )


_BURNT = Text("Une borne de l'interrupteur est brunie.", "One terminal of the switch is browned.")

FAILURE_MODES = (
    *(contact_not_closing(a, b, rate=0.4) for a, b in THREE_POLES),
    *(contact_resistive(a, b, ohms=2000.0, rate=0.4) for a, b in THREE_POLES),
    *(contact_welded(a, b, rate=0.1, visible=_BURNT) for a, b in THREE_POLES),
    FailureMode(
        "handle_loose",
        Text("accouplement de la poignée cassé", "handle shaft broken"),
        (Effect("handle.loose", 1.0),),
        rate=0.2,
        onsets=(Onset.SUDDEN,),
    ),
)


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    on = read(MemoryRef(f"{tag}.handle", "head")) > 0.5
    found = [
        Perception(
            Sense.LOOK,
            Text("La poignée est sur 1.", "The handle is on 1.")
            if on
            else Text("La poignée est sur 0.", "The handle is on 0."),
        )
    ]
    if hot_pole(tag, THREE_POLES, read):
        found.append(Perception(Sense.LOOK, Text("Odeur de plastique chaud.", "Smell of hot plastic.")))
    return tuple(found)


@dc_image("isolator")
def _image(tag: str, parameters: Parameters, read: Read) -> tuple[Branch, ...]:
    return poles_image(tag, read, THREE_POLES)


def _symbol() -> Symbol:
    base = poles_symbol(THREE_POLES, "handle", "isolator")
    lock = (Line(((0.4, 2.0), (1.6, 2.0)), "dashed"), Circle(0.4, 2.0, 0.35))
    return Symbol(base.width, base.height, base.shapes + lock, base.pins)


COMPONENT = Component(
    family="isolator",
    letter="Q",
    text=Text("interrupteur-sectionneur", "switch-disconnector"),
    sheet=Text(
        "Interrupteur-sectionneur tripolaire 25 A, commande rotative rouge/jaune sur porte, cadenassable sur 0. "
        "L'amont (1, 3, 5) reste sous tension. Valeurs : fiche d'interrupteur principal selon EN 60947-3.",
        "Three-pole switch-disconnector 25 A, red/yellow door handle, can be padlocked on 0. "
        "Upstream (1, 3, 5) stays live. Values: main switch sheet after EN 60947-3.",
    ),
    parameters=(
        Parameter("contact_ohm", Text("résistance d'un pôle", "pole resistance"), "Ω", 0.01, 0.002, 0.1),
        Parameter("initial_position", Text("position au départ", "position at start"), "", 1, 0, 1),
    ),
    ports=tuple(Port(n, Domain.AC) for n in ("1", "3", "5", "2", "4", "6")),
    build=_build,
    failure_modes=FAILURE_MODES,
    channels=lambda tag, p: (
        Channel("handle", MemoryRef(f"{tag}.handle", "head"), seen=True, text=Text("poignée", "handle")),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"position": "handle.position", "lock": "handle.locked"},
)
