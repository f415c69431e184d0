"""Flywheel: an inertia that evens out the speed, with its balance and its bearings."""

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
    Repair,
    Sense,
)
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.vibration import add_vibration, vibration_senses
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

_WHERE = Text("du volant", "of the flywheel")
_LIMIT_D_MM_S = 4.5


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "shaft", "wheel", float(p["inertia_kg_m2"]), float(p["bearing_nm"]), 2e-4, False)
    add_vibration(b, "shaft", float(p["unbalance_um"]), 0.4, 0.05)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}:shaft"))
    if abs(speed) > 0.1:
        seen = Text("Le volant tourne.", "The flywheel turns.")
    else:
        seen = Text("Le volant est arrêté.", "The flywheel stands still.")
    return (
        Perception(Sense.LOOK, seen),
        *shaft_senses(tag, "wheel", f"{tag}:shaft", float(p["bearing_nm"]), read, _WHERE, False),
        *vibration_senses(tag, _LIMIT_D_MM_S, read, _WHERE),
    )


COMPONENT = Component(
    family="flywheel",
    letter="T",
    purpose="C",
    text=Text("volant d'inertie", "flywheel"),
    sheet=Text(
        "Disque d'acier équilibré en G 6,3 à 1500 tr/min (ISO 21940-11 : e = 40 µm) sur deux paliers. "
        "Valeurs : disque Ø 400 mm, 40 mm, 39 kg.",
        "Steel disc balanced to G 6.3 at 1500 rpm (ISO 21940-11: e = 40 µm) on two bearings. "
        "Values: disc of 400 mm, 40 mm, 39 kg.",
    ),
    parameters=(
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 0.79, 1e-4, 1e4),
        Parameter("bearing_nm", Text("frottement des paliers", "bearing friction"), "N·m", 0.3, 0.001, 100.0),
        Parameter("unbalance_um", Text("balourd spécifique", "specific unbalance"), "µm", 20.0, 0.0, 5000.0),
    ),
    ports=(Port("shaft", Domain.ROTATION),),
    build=_build,
    failure_modes=(
        FailureMode(
            "unbalanced",
            Text("volant déséquilibré", "flywheel out of balance"),
            (Effect("vibration.unbalance_um", 400.0),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.5,
            (0.4, 1.0),
            Text("Une masse d'équilibrage manque à la jante.", "A balance weight is missing on the rim."),
        ),
        FailureMode(
            "loose",
            Text("palier du volant desserré", "flywheel bearing housing loose"),
            (Effect("vibration.loose", 1.0),),
            Repair.TIGHTEN,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.3, 1.0),
            Text("Une vis de palier tourne à la main.", "A bolt of the housing turns by hand."),
        ),
        *bearing_modes("wheel", 12.0, 600.0, _WHERE, "vibration"),
    ),
    channels=lambda tag, p: (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("vibration", MemoryRef(f"{tag}.vibration", "rms"), 0.0, 9.0),
    ),
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
        "vibration": lambda tag, p: MemoryRef(f"{tag}.vibration", "rms"),
    },
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "wheel", f"{tag}:shaft", _WHERE, "vibration"),),
    symbols={
        "main": Symbol(
            8,
            8,
            (Circle(4, 4, 3.4), Circle(4, 4, 2.6), Circle(4, 4, 0.6), Line(((0, 4), (4, 4)))),
            (Pin("shaft", 0, 4, "w"),),
        )
    },
)
