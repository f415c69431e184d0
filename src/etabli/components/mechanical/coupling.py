"""Shaft coupling with clamped hubs and an elastic star."""

from __future__ import annotations

from typing import Any

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
from etabli.components.curve import explain
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.mechanical.friction import rotation_friction
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.slip_drive import slip_drive
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text

_CREEP_RAD_S = 0.2
_STRAIN_NM_MM = 0.6
"""Friction that each millimetre of offset adds: the star is kneaded once a turn."""
_SEEN_SLIP_RAD_S = 2.0
_SEEN_OFFSET_MM = 0.15


@sampled(reads=(), parameters=("offset_mm",), memory=("offset",), writes=("coulomb",), stage=Stage.ACTUATE)
def kneaded_star(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Parallel offset of two shafts, mm: the star rubs, and shakes the bearings that are linked to this coupling."""
    return {"offset": p.offset_mm, "coulomb": _STRAIN_NM_MM * p.offset_mm}


explain(
    kneaded_star,
    Text(
        "Étoile d'accouplement : un désalignement des arbres la fait frotter et secoue les paliers liés.",
        "Star of a coupling: misaligned shafts make it rub and shake the linked bearings.",
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    for port in ("in", "out"):
        b.device(f"hub_{port}", rotating_mass, {"w": port}, {"inertia": p["hub_inertia"]})
    b.device(
        "clamp", slip_drive, {"a": "in", "b": "out"}, {"ratio": 1.0, "limit": p["limit_nm"], "creep": _CREEP_RAD_S}
    )
    b.device("star", rotation_friction, {"w": "out"}, {"coulomb": 0.0, "stiction": 1.0, "viscous": 0.0})
    b.sample("alignment", kneaded_star, {}, {"offset_mm": 0.0}, {"coulomb": b.parameter("star", "coulomb")})


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (Channel("speed", NodeRef(f"{tag}:out"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    if abs(speed_in - speed_out) > _SEEN_SLIP_RAD_S:
        return (
            Perception(
                Sense.LOOK,
                Text(
                    "Les deux moyeux ne tournent pas à la même vitesse.", "The two hubs do not turn at the same speed."
                ),
            ),
            Perception(Sense.LISTEN, Text("L'accouplement frotte.", "The coupling rubs.")),
        )
    if abs(speed_out) > 0.1:
        turning = Perception(Sense.LOOK, Text("L'accouplement tourne.", "The coupling turns."))
        if read(ParameterRef(f"{tag}.alignment", "offset_mm")) < _SEEN_OFFSET_MM:
            return (turning,)
        return (
            turning,
            Perception(
                Sense.LOOK,
                Text("L'accouplement bat : arbres désalignés.", "The coupling wobbles: shafts out of line."),
            ),
            Perception(
                Sense.TOUCH, Text("Des vibrations se sentent près de l'accouplement.", "Vibration near the coupling.")
            ),
        )
    return (Perception(Sense.LOOK, Text("L'accouplement est arrêté.", "The coupling stands still.")),)


COMPONENT = Component(
    family="coupling",
    letter="T",
    text=Text("accouplement élastique", "elastic coupling"),
    sheet=Text(
        "Relie deux arbres ; les moyeux serrés glissent au-delà de leur couple limite. Valeurs : fiche d'accouplement "
        "à étoile taille 19, 17 N·m.",
        "Joins two shafts; the clamped hubs slip beyond their limit torque. Values: data sheet of a size 19 jaw "
        "coupling, 17 N·m.",
    ),
    parameters=(
        Parameter("limit_nm", Text("couple limite", "limit torque"), "N·m", 17.0, 0.1, 5000.0),
        Parameter("hub_inertia", Text("inertie d'un moyeu", "inertia of a hub"), "kg·m²", 2e-5, 1e-7, 1.0),
    ),
    ports=(Port("in", Domain.ROTATION), Port("out", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "hub_loose",
            Text("moyeu desserré : l'accouplement glisse", "loose hub: the coupling slips"),
            (Effect("clamp.limit", 0.004, relative=True, logarithmic=True),),
            Repair.TIGHTEN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            1.5,
            (0.85, 1.0),
            Text("La vis de serrage du moyeu tourne à la main.", "The clamping screw of the hub turns by hand."),
        ),
        FailureMode(
            "star_torn",
            Text("étoile élastique déchirée", "elastic star torn"),
            (Effect("clamp.limit", 0.0),),
            visible=Text(
                "Des morceaux de l'étoile gisent sous l'accouplement.", "Bits of the star lie under the coupling."
            ),
        ),
        FailureMode(
            "misaligned",
            Text("arbres désalignés", "shafts misaligned"),
            (Effect("alignment.offset_mm", 0.6),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.2,
            (0.3, 1.0),
            Text(
                "Une règle posée sur les deux moyeux montre un décalage.",
                "A straight edge laid on both hubs shows an offset.",
            ),
        ),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:out"),
        "misalignment": lambda tag, p: MemoryRef(f"{tag}.alignment", "offset"),
    },
    senses=_senses,
    symbols={
        "main": Symbol(
            6,
            4,
            (
                Line(((0, 2), (2, 2))),
                Rectangle(2, 0.5, 0.8, 3),
                Rectangle(3.2, 0.5, 0.8, 3),
                Line(((4, 2), (6, 2))),
                Line(((2.8, 2), (3.2, 2)), "dashed"),
            ),
            (Pin("in", 0, 2, "w"), Pin("out", 6, 2, "e")),
        )
    },
)
