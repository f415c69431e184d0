"""Rolling bearing in its housing: friction, heat and the vibration that tells its wear."""

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
from etabli.components.mechanical.bearing import add_shaft, shaft_senses, shaft_spot
from etabli.components.mechanical.vibration import BearingGeometry, add_vibration, vibration_senses
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

_WHERE = Text("du palier", "of the bearing")
_ROLLING = Text("à roulement", "of the rolling bearing")


def geometry(p: Parameters) -> BearingGeometry:
    """Geometry of the bearing with these parameters."""
    return BearingGeometry(int(p["elements"]), float(p["ball_mm"]), float(p["pitch_mm"]), float(p["angle_deg"]))


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(
        b, "shaft", "shaft", float(p["inertia_kg_m2"]), float(p["friction_nm"]), 2e-3 * float(p["friction_nm"]), False
    )
    add_vibration(b, "shaft", float(p["unbalance_um"]), 0.15, 0.08, b.linked("misalignment"))


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    limit = float(p["limit_d_mm_s"])
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("vibration", MemoryRef(f"{tag}.vibration", "rms"), 0.0, 2.0 * limit),
        *(
            Channel(part, MemoryRef(f"{tag}.vibration", part), 0.0, 2.0 * limit)
            for part in ("unbalance", "misaligned", "loose", "cage", "outer", "inner", "ball")
        ),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found = list(shaft_senses(tag, "shaft", f"{tag}:shaft", float(p["friction_nm"]), read, _WHERE, False))
    if abs(read(NodeRef(f"{tag}:shaft"))) > 1.0:
        vibration = f"{tag}.vibration"
        if max(read(MemoryRef(vibration, part)) for part in ("outer", "inner", "ball")) > 1.5:
            found.append(
                Perception(Sense.LISTEN, Text("Claquements réguliers, rapides, au palier.", "Fast, regular knocking."))
            )
        elif read(MemoryRef(vibration, "cage")) > 1.0:
            found.append(Perception(Sense.LISTEN, Text("Cliquetis irrégulier au palier.", "Irregular rattle.")))
        elif read(MemoryRef(vibration, "rough")) > 1.5:
            found.append(Perception(Sense.LISTEN, Text("Sifflement aigu et sec au palier.", "High, dry whistle.")))
    return (*found, *vibration_senses(tag, float(p["limit_d_mm_s"]), read, _WHERE))


def _defect(part: str, text: Text, friction: float, rate: float, visible: Text | None = None) -> FailureMode:
    return FailureMode(
        f"{part}_defect",
        text,
        (
            Effect(f"vibration.{part}", 1.0),
            Effect("shaft_bearing.coulomb", friction, relative=True, logarithmic=True),
        ),
        Repair.REPLACE,
        (Onset.GROWING, Onset.SUDDEN),
        rate,
        (0.3, 1.0),
        visible,
    )


COMPONENT = Component(
    family="rolling_bearing",
    letter="T",
    purpose="U",
    text=Text("palier à roulement", "rolling bearing"),
    sheet=Text(
        "Palier à semelle et roulement à billes. Fréquences de défaut par tour : cage (1 - d/D cos α)/2, bague "
        "extérieure n fois cela, bague intérieure n (1 + d/D cos α)/2, bille D/2d (1 - (d/D cos α)²). Zones de "
        "vibration ISO 10816-1 classe I : 0,71 / 1,8 / 4,5 mm/s. Valeurs : fiche de roulement 6205 (9 billes de "
        "7,94 mm, diamètre primitif 39,04 mm).",
        "Pillow block with a ball bearing. Defect frequencies per turn: cage (1 - d/D cos α)/2, outer race n times "
        "that, inner race n (1 + d/D cos α)/2, ball D/2d (1 - (d/D cos α)²). Vibration zones ISO 10816-1 class I: "
        "0.71 / 1.8 / 4.5 mm/s. Values: sheet of a 6205 bearing (9 balls of 7.94 mm, pitch diameter 39.04 mm).",
    ),
    parameters=(
        Parameter("elements", Text("nombre de billes", "number of balls"), "", 9, 4, 60),
        Parameter("ball_mm", Text("diamètre de bille", "ball diameter"), "mm", 7.94, 1.0, 200.0),
        Parameter("pitch_mm", Text("diamètre primitif", "pitch diameter"), "mm", 39.04, 5.0, 2000.0),
        Parameter("angle_deg", Text("angle de contact", "contact angle"), "°", 0.0, 0.0, 60.0),
        Parameter("friction_nm", Text("couple de frottement", "friction torque"), "N·m", 0.08, 0.001, 50.0),
        Parameter("inertia_kg_m2", Text("inertie de l'arbre", "inertia of the shaft"), "kg·m²", 5e-4, 1e-6, 100.0),
        Parameter("unbalance_um", Text("balourd spécifique", "specific unbalance"), "µm", 16.0, 0.0, 5000.0),
        Parameter("limit_d_mm_s", Text("seuil de la zone D", "boundary of zone D"), "mm/s", 4.5, 0.5, 30.0),
    ),
    ports=(Port("shaft", Domain.ROTATION),),
    build=_build,
    failure_modes=(
        _defect("outer", Text("écaillage de la bague extérieure", "spalled outer race"), 4.0, 1.5),
        _defect("inner", Text("écaillage de la bague intérieure", "spalled inner race"), 4.0, 1.0),
        _defect("ball", Text("bille écaillée", "spalled ball"), 3.0, 0.6),
        _defect("cage", Text("cage cassée", "broken cage"), 6.0, 0.5),
        FailureMode(
            "dry",
            Text("roulement sans graisse", "bearing without grease"),
            (
                Effect("shaft_bearing.coulomb", 12.0, relative=True, logarithmic=True),
                Effect("vibration.rough", 1.0),
            ),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.4, 1.0),
            Text("La graisse est sèche et brune au graisseur.", "The grease is dry and brown at the nipple."),
        ),
        FailureMode(
            "bolts_loose",
            Text("palier desserré sur son embase", "housing loose on its base"),
            (Effect("vibration.loose", 1.0),),
            Repair.TIGHTEN,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.3, 1.0),
            Text("Une vis de fixation tourne à la main.", "One fixing bolt turns by hand."),
        ),
        FailureMode(
            "seized",
            Text("roulement grippé", "bearing seized"),
            (Effect("shaft_bearing.coulomb", 500.0, relative=True, logarithmic=True),),
            onsets=(Onset.SUDDEN,),
            rate=0.4,
            degrees=(0.85, 1.0),
        ),
    ),
    channels=_channels,
    optional_links=("misalignment",),
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
        "vibration": lambda tag, p: MemoryRef(f"{tag}.vibration", "rms"),
        "temperature_rise": lambda tag, p: MemoryRef(f"{tag}.shaft_heat", "rise"),
    },
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "shaft", f"{tag}:shaft", _ROLLING, "vibration", geometry(p)),),
    symbols={
        "main": Symbol(
            6,
            6,
            (
                Line(((0, 3), (6, 3))),
                Rectangle(2, 0.8, 2, 1.2),
                Rectangle(2, 4, 2, 1.2),
                Circle(3, 1.4, 0.45),
                Circle(3, 4.6, 0.45),
            ),
            (Pin("shaft", 0, 3, "w"),),
        )
    },
)
