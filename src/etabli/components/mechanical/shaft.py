"""A long shaft with its keys: it twists, its key takes play, it breaks."""

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
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.mechanical.elastic import torsion_joint
from etabli.components.mechanical.inertia import rotating_mass
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_HEARD_PLAY_RAD = 0.02


def torsional_stiffness(diameter_mm: float, length_mm: float) -> float:
    """Stiffness of a round steel shaft, N·m/rad: ``G π d⁴ / (32 l)`` with G = 80 GPa (strength of materials)."""
    diameter = 1e-3 * diameter_mm
    return 80e9 * 3.141592653589793 * diameter**4 / 32.0 / (1e-3 * length_mm)


def _build(b: Builder, p: Parameters) -> None:
    diameter, length = float(p["diameter_mm"]), float(p["length_mm"])
    half = 7850.0 * 3.141592653589793 / 32.0 * (1e-3 * diameter) ** 4 * 1e-3 * length / 2.0
    for port in ("in", "out"):
        b.device(f"half_{port}", rotating_mass, {"w": port}, {"inertia": half + float(p["hub_kg_m2"])})
    stiffness = torsional_stiffness(diameter, length)
    b.device(
        "body",
        torsion_joint,
        {"a": "in", "b": "out"},
        {"stiffness": stiffness, "damping": 5e-4 * stiffness, "play": 0.0, "grip": 1.0},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:out"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("torque", StateRef(f"{tag}.body", "force"), 0.0, 100.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    if abs(speed_in - speed_out) > 2.0 and read(ParameterRef(f"{tag}.body", "grip")) < 0.5:
        return (Perception(Sense.LOOK, Text("Un bout de l'arbre tourne seul.", "One end of the shaft turns alone.")),)
    if abs(speed_out) < 0.1:
        return (Perception(Sense.LOOK, Text("L'arbre est arrêté.", "The shaft stands still.")),)
    found = [Perception(Sense.LOOK, Text("L'arbre tourne.", "The shaft turns."))]
    if read(ParameterRef(f"{tag}.body", "play")) > _HEARD_PLAY_RAD:
        found.append(
            Perception(
                Sense.LISTEN, Text("Cliquetis à chaque reprise de couple.", "A clack each time the torque reverses.")
            )
        )
    return tuple(found)


COMPONENT = Component(
    family="shaft",
    letter="T",
    text=Text("arbre de transmission", "drive shaft"),
    sheet=Text(
        "Arbre en acier claveté à ses deux bouts ; sa raideur vient de son diamètre et de sa longueur. "
        "Valeurs : arbre d'acier C45 Ø 30 mm, 600 mm, formules de résistance des matériaux.",
        "Steel shaft keyed at both ends; its stiffness comes from its diameter and length. "
        "Values: C45 steel shaft of 30 mm, 600 mm, formulas of strength of materials.",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre", "diameter"), "mm", 30.0, 4.0, 500.0),
        Parameter("length_mm", Text("longueur", "length"), "mm", 600.0, 20.0, 20000.0),
        Parameter("hub_kg_m2", Text("inertie d'un moyeu", "inertia of a hub"), "kg·m²", 1e-4, 1e-7, 100.0),
    ),
    ports=(Port("in", Domain.ROTATION), Port("out", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "key_loose",
            Text("clavette matée : jeu angulaire", "hammered key: angular play"),
            (Effect("body.play", 0.12),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.3, 1.0),
            visible=Text("L'arbre bouge dans son moyeu à la main.", "The shaft moves in its hub by hand."),
        ),
        FailureMode(
            "key_sheared",
            Text("clavette cisaillée", "key sheared"),
            (Effect("body.grip", 0.0),),
            visible=Text("De la limaille sort du moyeu.", "Metal dust comes out of the hub."),
        ),
        FailureMode(
            "cracked",
            Text("arbre fissuré : raideur perdue", "cracked shaft: stiffness lost"),
            (Effect("body.stiffness", 0.02, relative=True, logarithmic=True),),
            Repair.REPLACE,
            (Onset.GROWING,),
            0.4,
            (0.5, 1.0),
            Text("Un trait de rouille fine court en hélice sur l'arbre.", "A thin rusty line winds along the shaft."),
        ),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:out"),
        "torque": lambda tag, p: StateRef(f"{tag}.body", "force"),
    },
    senses=_senses,
    symbols={
        "main": Symbol(
            12,
            4,
            (
                Line(((0, 2), (2, 2))),
                Rectangle(2, 1.4, 8, 1.2),
                Rectangle(1.4, 0.8, 1.6, 2.4),
                Rectangle(9, 0.8, 1.6, 2.4),
                Line(((10, 2), (12, 2))),
            ),
            (Pin("in", 0, 2, "w"), Pin("out", 12, 2, "e")),
        )
    },
)
