"""Door operator of a lift car: a small direct-current gear motor that slides the car door through a crank linkage."""

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
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Circle, Label, Line, Moves, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.electrical.dc_machine import dc_machine
from etabli.components.mechanical.friction import rotation_friction, translation_friction
from etabli.components.mechanical.inertia import moving_mass, rotating_mass
from etabli.components.mechanical.slip_drive import gripped
from etabli.physics.expression import clamp, maximum, positive
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_STOP_STIFFNESS = 5e4  # N/m, rubber buffer of a door panel
_STOP_DAMPING = 8.0  # s/m, Hunt-Crossley factor: a door does not bounce
_STOP_ROUNDING_M = 1e-4
_LEAST_SHARE = 0.2  # what the crank leaves of the greatest speed at both ends
_CREEP_M_S = 0.01
_SWITCH_EDGE_M = 0.004
_NO_OBSTACLE_M = -0.1
_MOVING_M_S = 0.02


def _stop(depth: Any, closing: Any) -> Any:
    """Hunt-Crossley contact (1975): force in N for a depth in m that grows at ``closing`` m/s; never pulls."""
    return _STOP_STIFFNESS * positive(depth, _STOP_ROUNDING_M) * maximum(1.0 + _STOP_DAMPING * closing, 0.0)


@law(
    terminals={"shaft": Domain.ROTATION, "w": Domain.TRANSLATION},
    parameters=("radius", "limit", "travel", "obstacle"),
    states=("position",),
)
def crank_door(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Door panel on a crank linkage: opening in m (state ``position``), speed w in m/s, positive when it opens.

    The linkage moves ``radius`` metres per radian in the middle and a fifth of it at both ends (harmonic door operator:
    soft start, soft landing). Its belt passes ``limit`` N at most. Rubber buffers at 0 and ``travel``; a solid body
    lies in the way below ``obstacle`` m. Source: linkages of door operators in lift practice; Hunt-Crossley contact.
    """
    x = s.position + ah * v.w
    share = clamp(x / p.travel, 0.0, 1.0)
    radius = p.radius * (_LEAST_SHARE + (1.0 - _LEAST_SHARE) * 4.0 * share * (1.0 - share))
    force = gripped(radius * v.shaft - v.w, p.limit, _CREEP_M_S)
    stops = _stop(-x, -v.w) - _stop(x - p.travel, v.w) + _stop(p.obstacle - x, -v.w)
    return {"shaft": radius * force, "w": -force - stops}, {"position": x}


explain(
    crank_door,
    Text(
        "Porte à manivelle : l'opérateur entraîne le vantail vite au milieu, lentement aux extrémités (tringlerie "
        "harmonique) ; contact de Hunt et Crossley sur les butées et les obstacles.",
        "Crank door: the operator drives the panel fast in the middle, slowly at the ends (harmonic linkage); "
        "Hunt-Crossley contact at stops and obstacles.",
    ),
    Curve(
        Text("force de poussée selon l'ouverture, pour 1 N·m au moteur", "pushing force against opening, for 1 N·m"),
        Axis(Text("ouverture", "opening"), "m"),
        Axis(Text("rapport force / couple", "force / torque"), "1/m"),
        sweep(0.02, lambda d: d.p.travel - 0.02, lambda d, x: _door_gain(d, x), 61),
    ),
)


def _door_gain(piece: Piece, opening: float) -> float | None:
    """Force on the panel over the torque that makes it, 1/m (``None`` where the belt carries nothing)."""
    flows = piece.answer({"position": opening}, 1e-9, shaft=1.0)[0]
    return -flows["w"] / flows["shaft"] if flows["shaft"] else None


@sampled(
    reads=("position",),
    parameters=("travel",),
    memory=("fraction", "at_open", "at_closed"),
    stage=Stage.SENSE,
)
def door_image(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """What an eye and the cams of the end switches see: opening 0…1, and how far each cam is on its switch (0…1)."""
    left = p.travel - r.position
    return {
        "fraction": clamp(r.position / p.travel, 0.0, 1.0),
        "at_open": clamp(2.0 - left / _SWITCH_EDGE_M, 0.0, 1.0),
        "at_closed": clamp(2.0 - r.position / _SWITCH_EDGE_M, 0.0, 1.0),
    }


explain(
    door_image,
    Text("Ouverture vue, et came sur chaque fin de course.", "Opening seen, and the cam on each end switch."),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device(
        "motor",
        dc_machine,
        {"a": "1", "b": "2", "shaft": "shaft"},
        {"resistance": p["armature_ohm"], "constant": p["constant_vs"]},
    )
    b.device("rotor", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    b.device("gear", rotation_friction, {"w": "shaft"}, {"coulomb": 0.01, "stiction": 1.3, "viscous": 2e-5})
    b.device(
        "door",
        crank_door,
        {"shaft": "shaft", "w": "panel"},
        {"radius": p["radius_m"], "limit": p["belt_n"], "travel": p["travel_m"], "obstacle": _NO_OBSTACLE_M},
    )
    b.device("panel_mass", moving_mass, {"w": "panel"}, {"mass": p["door_kg"]})
    b.device(
        "rollers",
        translation_friction,
        {"w": "panel"},
        {"coulomb": p["friction_n"], "stiction": 1.2, "viscous": 20.0},
    )
    b.sample(
        "image",
        door_image,
        {"position": b.state("door", "position")},
        {"travel": p["travel_m"]},
        initial={"at_closed": 1.0},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel(
            "door", MemoryRef(f"{tag}.image", "fraction"), seen=True, text=Text("ouverture de la porte", "door opening")
        ),
        Channel("current", StateRef(f"{tag}.motor", "current"), 0.0, 24.0 / float(p["armature_ohm"])),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found = [Perception(Sense.LOOK, _opening(read(MemoryRef(f"{tag}.image", "fraction"))))]
    shaft, panel = abs(read(NodeRef(f"{tag}.shaft"))), abs(read(NodeRef(f"{tag}.panel")))
    current = abs(read(StateRef(f"{tag}.motor", "current")))
    if shaft < 5.0 and current > 1.0:
        found.append(
            Perception(
                Sense.LISTEN,
                Text("Le moteur de porte ronfle sans tourner.", "The door motor hums without turning."),
            )
        )
    elif shaft > 80.0 and panel < _MOVING_M_S:
        found.append(
            Perception(
                Sense.LISTEN,
                Text(
                    "La courroie de porte crisse : le moteur tourne seul.",
                    "The door belt squeals: the motor runs alone.",
                ),
            )
        )
    elif shaft > 20.0:
        found.append(Perception(Sense.LISTEN, Text("Le moteur de porte tourne.", "The door motor runs.")))
    else:
        found.append(Perception(Sense.LISTEN, Text("Aucun bruit à la porte.", "No noise at the door.")))
    if panel > _MOVING_M_S and read(ParameterRef(f"{tag}.rollers", "coulomb")) > 1.8 * float(p["friction_n"]):
        found.append(Perception(Sense.LISTEN, Text("La porte racle dans son seuil.", "The door scrapes in its sill.")))
    return tuple(found)


def _opening(fraction: float) -> Text:
    if fraction < 0.02:
        return Text("La porte de cabine est fermée.", "The car door is closed.")
    if fraction > 0.98:
        return Text("La porte de cabine est ouverte.", "The car door is open.")
    percent = round(100.0 * fraction)
    return Text(f"La porte de cabine est ouverte à {percent} %.", f"The car door is {percent} % open.")


_MODES = (
    FailureMode(
        "winding_open",
        Text("induit du moteur de porte coupé", "armature of the door motor open"),
        (Effect("motor.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.8,
    ),
    FailureMode(
        "winding_shorted",
        Text("induit du moteur de porte en court-circuit", "armature of the door motor shorted"),
        (
            Effect("motor.resistance", 0.06, relative=True, logarithmic=True),
            Effect("motor.constant", 0.1, relative=True),
        ),
        rate=0.4,
        visible=Text("Le moteur de porte sent le vernis brûlé.", "The door motor smells of burnt varnish."),
    ),
    FailureMode(
        "brushes_worn",
        Text("balais du moteur de porte usés", "worn brushes of the door motor"),
        (Effect("motor.resistance", 12.0, relative=True, logarithmic=True),),
        onsets=(Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
        rate=1.5,
        degrees=(0.75, 1.0),
        visible=Text(
            "Les balais sont usés au repère, de la poussière de charbon s'amasse.",
            "The brushes are worn down to the mark; carbon dust gathers.",
        ),
    ),
    FailureMode(
        "belt_slack",
        Text("courroie de porte détendue", "slack door belt"),
        (Effect("door.limit", 0.06, relative=True, logarithmic=True),),
        Repair.ADJUST,
        (Onset.GROWING, Onset.SUDDEN),
        1.5,
        (0.85, 1.0),
        Text("La courroie de porte pend entre ses poulies.", "The door belt sags between its pulleys."),
    ),
    FailureMode(
        "belt_broken",
        Text("courroie de porte rompue", "door belt broken"),
        (Effect("door.limit", 0.0),),
        rate=0.6,
        visible=Text("La courroie de porte est tombée.", "The door belt has come off."),
    ),
    FailureMode(
        "sill_dirty",
        Text("seuil encrassé : la porte force", "dirty sill: the door labours"),
        (Effect("rollers.coulomb", 3.2, relative=True),),
        Repair.CLEAN,
        (Onset.GROWING, Onset.SUDDEN),
        1.5,
        (0.7, 1.0),
        Text(
            "La rainure du seuil est pleine de copeaux et de graisse.",
            "The groove of the sill is full of swarf and grease.",
        ),
    ),
    FailureMode(
        "obstacle",
        Text("objet coincé dans le seuil", "object stuck in the sill"),
        (Effect("door.obstacle", 0.15),),
        Repair.CLEAN,
        (Onset.SUDDEN,),
        1.0,
        (0.6, 1.0),
        Text("Un éclat de palette est coincé dans le seuil.", "A splinter of a pallet is stuck in the sill."),
    ),
)


def _symbol() -> Symbol:
    return Symbol(
        20,
        8,
        (
            Line(((2, 0), (2, 1.5), (3.1, 2.3))),
            Line(((6, 0), (6, 1.5), (4.9, 2.3))),
            Circle(4, 4, 2),
            Label(4, 3.6, "M", 1.6),
            Line(((3.2, 4.7), (4.8, 4.7))),
            Line(((3.2, 5.1), (4.8, 5.1)), "dashed"),
            Line(((6, 4), (10, 4)), "dashed"),
            Rectangle(10, 1, 9, 6),
            Line(((10, 6.4), (19, 6.4)), "thin"),
            Moves("door", 4.2, 0, (Rectangle(10.3, 1.6, 4, 4.6),)),
        ),
        (Pin("1", 2, 0, "n"), Pin("2", 6, 0, "n")),
    )


COMPONENT = Component(
    family="door_operator",
    letter="M",
    text=Text("opérateur de porte", "door operator"),
    sheet=Text(
        "Motoréducteur à courant continu 24 V qui ouvre et ferme la porte de cabine par une courroie et une bielle : "
        "départ et arrivée doux. `1` au + : la porte s'ouvre ; polarité inversée : elle se ferme ; bornes réunies : "
        "elle freine. Valeurs : fiche d'opérateur de porte de monte-charge, passage 0,9 m, 1,2 A en course, 6 A "
        "bloqué.",
        "24 V DC gear motor that opens and closes the car door through a belt and a crank: soft start, soft landing. "
        "`1` on +: the door opens; reversed: it closes; both terminals joined: it brakes. Values: sheet of a "
        "goods-lift door operator, opening 0.9 m, 1.2 A on the way, 6 A blocked.",
    ),
    parameters=(
        Parameter("armature_ohm", Text("résistance d'induit", "armature resistance"), "Ω", 4.0, 0.1, 100.0),
        Parameter("constant_vs", Text("constante de vitesse", "speed constant"), "V·s/rad", 0.08, 0.001, 5.0),
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 2e-5, 1e-7, 0.1),
        Parameter(
            "radius_m", Text("course par radian du moteur", "travel per radian of the motor"), "m", 0.0024, 1e-4, 0.1
        ),
        Parameter("belt_n", Text("adhérence de la courroie", "grip of the belt"), "N", 500.0, 10.0, 5000.0),
        Parameter("travel_m", Text("passage de la porte", "width of the door opening"), "m", 0.9, 0.3, 3.0),
        Parameter("door_kg", Text("masse des vantaux", "mass of the panels"), "kg", 60.0, 5.0, 500.0),
        Parameter("friction_n", Text("frottement des galets", "friction of the rollers"), "N", 35.0, 1.0, 500.0),
    ),
    ports=(Port("1", Domain.DC), Port("2", Domain.DC)),
    build=_build,
    failure_modes=_MODES,
    channels=_channels,
    signals={
        "opening": lambda tag, p: MemoryRef(f"{tag}.image", "fraction"),
        "at_open": lambda tag, p: MemoryRef(f"{tag}.image", "at_open"),
        "at_closed": lambda tag, p: MemoryRef(f"{tag}.image", "at_closed"),
        "speed": lambda tag, p: NodeRef(f"{tag}.panel"),
    },
    senses=_senses,
    symbols={"main": _symbol()},
)
