"""Pinion that drives a rack."""

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
from etabli.components.drawing import Circle, Line, Pin, Rectangle, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import rack_joint
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_PINION = Text("du pignon", "of the pinion")


def _radius(p: Parameters) -> float:
    """Pitch radius, m: module × teeth / 2 (ISO 21771)."""
    return 0.5e-3 * float(p["module_mm"]) * float(p["teeth"])


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "shaft", "pinion", float(p["inertia_kg_m2"]), float(p["bearing_nm"]), 1e-3)
    b.device("rack", moving_mass, {"w": "rack"}, {"mass": p["rack_kg"]})
    add_dry_friction(b, "guide", "rack", GROUND, float(p["guide_n"]), breakaway=1.2, viscous=0.2 * float(p["guide_n"]))
    b.device(
        "mesh",
        rack_joint,
        {"w": "shaft", "x": "rack"},
        {"travel": _radius(p), "stiffness": 2e6, "damping": 4e3, "play": 1e-3 * float(p["play_mm"]), "grip": 1.0},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 20.0, seen=True, text=Text("vitesse", "speed")),
        Channel("force", StateRef(f"{tag}.mesh", "force"), 0.0, 2000.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed, rack = read(NodeRef(f"{tag}:shaft")), read(NodeRef(f"{tag}:rack"))
    mesh = f"{tag}.mesh"
    if abs(_radius(p) * speed - rack) > 0.02 and read(ParameterRef(mesh, "grip")) < 0.5:
        found = [Perception(Sense.LOOK, Text("Le pignon tourne, pas la crémaillère.", "The pinion turns alone."))]
    elif abs(rack) > 0.002:
        found = [Perception(Sense.LOOK, Text("La crémaillère avance.", "The rack moves."))]
    else:
        found = [Perception(Sense.LOOK, Text("La crémaillère est arrêtée.", "The rack stands still."))]
    if abs(rack) > 0.002 and read(ParameterRef(mesh, "play")) > 3e-3 * float(p["play_mm"]):
        found.append(Perception(Sense.LISTEN, Text("Un choc à chaque inversion.", "A knock at each reversal.")))
    if abs(rack) > 0.002 and read(ParameterRef(f"{tag}.guide", "limit")) > 2.5 * float(p["guide_n"]):
        found.append(Perception(Sense.LISTEN, Text("La crémaillère racle.", "The rack scrapes.")))
    return (*found, *shaft_senses(tag, "pinion", f"{tag}:shaft", float(p["bearing_nm"]), read, _PINION))


COMPONENT = Component(
    family="rack_pinion",
    letter="T",
    text=Text("pignon-crémaillère", "rack and pinion"),
    sheet=Text(
        "Le pignon de rayon primitif m·z/2 pousse la crémaillère sur son guide. Valeurs : module 2, 20 dents, jeu de "
        "denture 0,1 mm, fiche de crémaillère de qualité 8.",
        "The pinion, of pitch radius m·z/2, pushes the rack on its guide. Values: module 2, 20 teeth, backlash of 0.1 "
        "mm, sheet of a grade 8 rack.",
    ),
    parameters=(
        Parameter("module_mm", Text("module", "module"), "mm", 2.0, 0.2, 40.0),
        Parameter("teeth", Text("dents du pignon", "teeth of the pinion"), "", 20, 8, 200),
        Parameter("play_mm", Text("jeu de denture", "backlash"), "mm", 0.1, 0.001, 5.0),
        Parameter("rack_kg", Text("masse de la crémaillère", "mass of the rack"), "kg", 8.0, 0.05, 5000.0),
        Parameter("guide_n", Text("frottement du guide", "friction of the guide"), "N", 30.0, 0.1, 1e4),
        Parameter("inertia_kg_m2", Text("inertie du pignon", "inertia of the pinion"), "kg·m²", 3e-4, 1e-7, 10.0),
        Parameter("bearing_nm", Text("frottement du palier", "bearing friction"), "N·m", 0.1, 0.001, 50.0),
    ),
    ports=(Port("shaft", Domain.ROTATION), Port("rack", Domain.TRANSLATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "teeth_worn",
            Text("dents usées : jeu", "worn teeth: backlash"),
            (Effect("mesh.play", 40.0, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.4, 1.0),
            visible=Text("Les dents du pignon sont en lame.", "The teeth of the pinion are knife-edged."),
        ),
        FailureMode(
            "key_sheared",
            Text("clavette du pignon cisaillée", "key of the pinion sheared"),
            (Effect("mesh.grip", 0.0),),
            visible=Text("De la limaille sort du moyeu du pignon.", "Metal dust comes out of the pinion hub."),
        ),
        FailureMode(
            "guide_dirty",
            Text("guide de crémaillère encrassé", "rack guide dirty"),
            (Effect("guide.limit", 15.0, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.4, 1.0),
            Text("Des copeaux remplissent le guide.", "Chips fill the guide."),
        ),
        *bearing_modes("pinion", 15.0, 800.0, _PINION),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:rack"),
        "force": lambda tag, p: StateRef(f"{tag}.mesh", "force"),
    },
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "pinion", f"{tag}:shaft", _PINION),),
    symbols={
        "main": Symbol(
            12,
            8,
            (
                Circle(4, 3, 2.4),
                Circle(4, 3, 0.3, True),
                Line(((4, 0), (4, 3)), "dashed"),
                Rectangle(1, 5.4, 9, 1.2),
                *(Line(((1.5 + k, 5.4), (1.5 + k, 5.8))) for k in range(9)),
                Line(((10, 6), (12, 6))),
            ),
            (Pin("shaft", 4, 0, "n"), Pin("rack", 12, 6, "e")),
        )
    },
)
