"""Lead screw and nut: rotation to translation, with the friction of the thread."""

from __future__ import annotations

import math
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
from etabli.components.curve import TORQUE, Axis, Curve, Piece, explain, spaced
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.dry_friction import PRESLIDING_RAD, bristles
from etabli.components.mechanical.elastic import contact_force
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import absolute, clamp, less, select
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_UNWIND_PER_S = 1000.0
_BREAKAWAY = 1.1
_SCREW = Text("de la vis", "of the screw")


@law(
    {"w": Domain.ROTATION, "x": Domain.TRANSLATION},
    ("lead", "radius", "friction", "preload", "stiffness", "damping", "play", "grip", "bristle_stiffness"),
    ("stretch", "force", "bend", "renewed"),
)
def screw_nut(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Screw ``w`` and nut ``x``: ``lead`` m/rad, mean thread ``radius`` m, ``friction`` coefficient of the flanks.

    The nut is elastic (N/m, N·s/m) with axial ``play`` m; ``preload`` N presses the flanks at no load; ``grip`` 0 is a
    stripped nut. The thread is an inclined plane: against the load the torque is ``F r tan(phi + lambda)``, with it
    ``F r tan(phi - lambda)``, held exactly by Coulomb friction (:func:`bristles`): a screw with phi > lambda locks
    itself. States: stretch m, ``force`` N on the nut, bend, renewed. Source: inclined plane of machine elements.
    """
    slip = p.lead * v.w - v.x
    stretch = (s.stretch + ah * slip) / (1.0 + ah * _UNWIND_PER_S * (1.0 - p.grip))
    beyond = stretch - clamp(stretch, -0.5 * p.play, 0.5 * p.play)
    force = p.grip * contact_force(p.stiffness * beyond, slip, p.damping)
    slope = p.lead / p.radius
    # Against its load the screw climbs: the flanks press harder, and less when it lowers it.
    against = select(less(0.0, s.bend * s.force), -1.0, 1.0)
    flank = p.friction * p.radius * (1.0 + slope * slope) / (1.0 + against * p.friction * slope)
    limit = flank * (absolute(force) + p.preload)
    damping = 2e-3 * p.bristle_stiffness
    rub, bend, renewed = bristles(v.w, limit, _BREAKAWAY, p.bristle_stiffness, damping, PRESLIDING_RAD, s, ah)
    return {"w": p.lead * force + rub, "x": -force}, {
        "stretch": stretch,
        "force": force,
        "bend": bend,
        "renewed": renewed,
    }


explain(
    screw_nut,
    Text(
        "Vis-écrou : plan incliné, couple F r tan(φ ± λ) selon le sens, frottement de Coulomb ; une vis à φ > λ est "
        "irréversible. Source : plan incliné des éléments de machines.",
        "Screw and nut: inclined plane, torque F r tan(φ ± λ) by direction, Coulomb friction; a screw with φ > λ locks "
        "itself. Source: inclined plane of machine elements.",
    ),
    Curve(
        Text("couple pour monter la charge", "torque to raise the load"),
        Axis(Text("charge", "load"), "kN"),
        TORQUE,
        lambda d: [_raised(d, 1e-4 * share) for share in spaced(0.0, 5.0, 41)],
    ),
)


def _raised(piece: Piece, bent: float) -> tuple[float, float]:
    """(axial load in kN, torque in N·m) of a screw that turns slowly against its load; ``bent`` m of nut bending."""
    stretch = bent + 0.5 * piece.p.play
    force = piece.p.grip * piece.p.stiffness * bent
    pressed = {"stretch": stretch, "force": force, "bend": 1.0, "renewed": 1.0}
    turning = {"w": 1.0, "x": piece.p.lead}
    flows = piece.having(stiffness=piece.p.stiffness).answer(pressed, 1e-3, **turning)[0]
    return -1e-3 * flows["x"], flows["w"]


def efficiency(p: Parameters) -> float:
    """Share of the power that a screw with these parameters passes on: tan(lambda) / tan(lambda + phi)."""
    slope = float(p["lead_mm"]) / (math.pi * float(p["diameter_mm"]))
    return slope / math.tan(math.atan(slope) + math.atan(float(p["friction"])))


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "shaft", "screw", float(p["inertia_kg_m2"]), float(p["bearing_nm"]), 1e-4)
    b.device("nut", moving_mass, {"w": "nut"}, {"mass": p["nut_kg"]})
    stiffness, radius = float(p["stiffness_n_m"]), 0.5e-3 * float(p["diameter_mm"])
    rated = float(p["friction"]) * radius * 2000.0
    b.device(
        "thread",
        screw_nut,
        {"w": "shaft", "x": "nut"},
        {
            "lead": 1e-3 * float(p["lead_mm"]) / (2.0 * math.pi),
            "radius": radius,
            "friction": p["friction"],
            "preload": p["preload_n"],
            "stiffness": stiffness,
            "damping": 1e-3 * stiffness,
            "play": 1e-3 * float(p["play_mm"]),
            "grip": 1.0,
            "bristle_stiffness": max(rated, 0.05) / PRESLIDING_RAD,
        },
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("force", StateRef(f"{tag}.thread", "force"), 0.0, 5000.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed, thread = read(NodeRef(f"{tag}:shaft")), f"{tag}.thread"
    if abs(speed) < 0.1:
        found = [Perception(Sense.LOOK, Text("La vis est arrêtée.", "The screw stands still."))]
    else:
        found = [Perception(Sense.LOOK, Text("La vis tourne.", "The screw turns."))]
        if abs(read(NodeRef(f"{tag}:nut"))) < 1e-5:
            found.append(Perception(Sense.LOOK, Text("L'écrou ne bouge pas.", "The nut does not move.")))
        if read(ParameterRef(thread, "friction")) > 1.7 * float(p["friction"]):
            found.append(Perception(Sense.LISTEN, Text("La vis couine dans son écrou.", "The screw squeals.")))
        if read(ParameterRef(thread, "play")) > 5e-3 * float(p["play_mm"]):
            found.append(Perception(Sense.LISTEN, Text("L'écrou claque à l'inversion.", "The nut knocks on reversal.")))
    return (*found, *shaft_senses(tag, "screw", f"{tag}:shaft", float(p["bearing_nm"]), read, _SCREW))


COMPONENT = Component(
    family="lead_screw",
    letter="T",
    text=Text("vis de manœuvre et écrou", "lead screw and nut"),
    sheet=Text(
        "Rendement tan λ / tan(λ + φ), λ angle d'hélice, φ angle de frottement ; si φ > λ la vis est irréversible : la "
        "charge ne la fait pas tourner. Valeurs : vis trapézoïdale Tr 20×4, diamètre moyen 18 mm, écrou bronze graissé "
        "(0,10) ; vis à billes : frottement 0,005.",
        "Efficiency tan λ / tan(λ + φ), λ helix angle, φ friction angle; where φ > λ the screw is self-locking: the "
        "load does not turn it. Values: Tr 20×4 trapezoidal screw, mean diameter 18 mm, greased bronze nut (0.10); "
        "ball screw: friction 0.005.",
    ),
    parameters=(
        Parameter("lead_mm", Text("pas", "lead"), "mm", 4.0, 0.2, 200.0),
        Parameter("diameter_mm", Text("diamètre moyen du filet", "mean thread diameter"), "mm", 18.0, 2.0, 300.0),
        Parameter("friction", Text("frottement des flancs", "friction of the flanks"), "", 0.10, 0.001, 0.5),
        Parameter("preload_n", Text("serrage à vide", "no-load pressure"), "N", 60.0, 0.0, 1e5),
        Parameter("play_mm", Text("jeu axial", "axial play"), "mm", 0.05, 0.0001, 5.0),
        Parameter("stiffness_n_m", Text("raideur de l'écrou", "stiffness of the nut"), "N/m", 2e7, 1e4, 1e10),
        Parameter("nut_kg", Text("masse de l'écrou", "mass of the nut"), "kg", 2.0, 0.01, 5000.0),
        Parameter("inertia_kg_m2", Text("inertie de la vis", "inertia of the screw"), "kg·m²", 3e-4, 1e-7, 10.0),
        Parameter("bearing_nm", Text("frottement du palier", "bearing friction"), "N·m", 0.02, 1e-4, 50.0),
    ),
    ports=(Port("shaft", Domain.ROTATION), Port("nut", Domain.TRANSLATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "nut_worn",
            Text("écrou usé : jeu axial", "worn nut: axial play"),
            (Effect("thread.play", 60.0, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.5, 1.0),
            visible=Text("L'écrou bouge de deux millimètres à la main.", "The nut moves by two millimetres by hand."),
        ),
        FailureMode(
            "dry",
            Text("vis sèche : elle grippe", "dry screw: it binds"),
            (Effect("thread.friction", 3.5, relative=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.4, 1.0),
            Text("La graisse de la vis est noire et sèche.", "The grease on the screw is black and dry."),
        ),
        FailureMode(
            "nut_stripped",
            Text("filets de l'écrou arrachés", "nut threads stripped"),
            (Effect("thread.grip", 0.0),),
            rate=0.4,
            visible=Text("Des copeaux de bronze couvrent la vis.", "Bronze chips cover the screw."),
        ),
        *bearing_modes("screw", 25.0, 1500.0, _SCREW),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:nut"),
        "force": lambda tag, p: StateRef(f"{tag}.thread", "force"),
    },
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "screw", f"{tag}:shaft", _SCREW),),
    symbols={
        "main": Symbol(
            14,
            6,
            (
                Line(((0, 2), (2, 2))),
                Rectangle(2, 1.5, 10, 1),
                *(Line(((2.5 + k, 2.5), (3.0 + k, 1.5)), "thin") for k in range(9)),
                Rectangle(6, 0.5, 2.4, 3),
                Line(((7, 3.5), (7, 6))),
            ),
            (Pin("shaft", 0, 2, "w"), Pin("nut", 7, 6, "s")),
        )
    },
)
