"""Float switch in a tank: 11-14 made while the oil is high enough."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Sense,
)
from etabli.components.drawing import Circle, Line
from etabli.components.hydraulic.oil_snap import CONTACT_MODES, add_oil_snap, contact_with, tripped_channel
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_FLOAT = (Circle(0.8, 2, 0.5), Line(((1.3, 2), (2.4, 2)), "dashed"))


def _build(b: Builder, p: Parameters) -> None:
    add_oil_snap(b, b.link("level"), float(p["low_share"]), 0.02)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    up = read(MemoryRef(f"{tag}.snap", "position")) > 0.5
    text = (
        Text("Le flotteur est en haut.", "The float is up.")
        if up
        else Text("Le flotteur est en bas.", "The float is down.")
    )
    return (Perception(Sense.LOOK, text),)


COMPONENT = Component(
    family="oil_level_switch",
    letter="B",
    text=Text("contact de niveau d'huile", "oil level switch"),
    sheet=Text(
        "Flotteur dans le réservoir : 11-14 fermé tant que le niveau dépasse le repère bas, 11-12 sinon. Valeurs : "
        "fiche "
        "de contact de niveau à flotteur.",
        "Float in the tank: 11-14 closed while the level is above the low mark, 11-12 otherwise. Values: sheet of a "
        "float "
        "level switch.",
    ),
    parameters=(
        Parameter("low_share", Text("repère bas (part du plein)", "low mark (share of full)"), "", 0.6, 0.05, 0.95),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("11", "12", "14")),
    build=_build,
    links=("level",),
    failure_modes=(
        FailureMode(
            "float_sunk",
            Text("flotteur percé, rempli d'huile", "float pierced, full of oil"),
            (Effect("snap.dead", 1.0),),
            onsets=(Onset.SUDDEN,),
            rate=0.7,
            visible=Text("Le flotteur reste au fond quand on le soulève.", "The float sinks when it is lifted."),
        ),
        FailureMode(
            "float_stuck",
            Text("flotteur collé en haut par la boue", "float stuck at the top by sludge"),
            (Effect("snap.stuck_on", 1.0),),
            Repair.CLEAN,
            rate=0.7,
        ),
        *CONTACT_MODES,
    ),
    channels=lambda tag, p: (tripped_channel(tag, Text("flotteur en haut", "float up")),),
    senses=_senses,
    symbols={
        "contact_11": contact_with(_FLOAT),
    },
)
