"""Traction sheave of a hoist: ropes over a grooved wheel, a car on one side, a counterweight on the other."""

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
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.dry_friction import PRESLIDING_M, bristles
from etabli.components.mechanical.elastic import contact_force
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_GROOVE_DAMPING_S = 2e-3  # damping of the grip over its stiffness
_ROPE_DAMPING_S = 0.02  # damping of a rope over its stiffness
_SHACKLES_KG = 2.0
_SEEN_SLIP_M_S = 0.02
_WHEEL = Text("de la poulie de traction", "of the traction sheave")


@law(
    {
        "shaft": Domain.ROTATION,
        "rope": Domain.TRANSLATION,
        "car": Domain.TRANSLATION,
        "counterweight": Domain.TRANSLATION,
    },
    ("radius", "capacity", "grip_stiffness", "grip_damping", "rope_stiffness", "rope_damping", "elongation"),
    ("car_stretch", "counterweight_stretch", "bend", "renewed", "car_tension", "counterweight_tension", "slip"),
)
def roped_sheave(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Ropes held by the grooves with exact Coulomb friction, elastic and never pushing on both sides.

    ``radius`` m; ``capacity`` is ``exp(f alpha) - 1``: the groove holds a difference of tensions up to that factor of
    the slacker side (Euler-Eytelwein, EN 81-50 traction calculation). Stiffness N/m and damping N·s/m of the grip and
    of each rope fall, ``elongation`` m of the ropes (wear). The car goes up and the counterweight down when the rope
    runs positively; both speeds count upwards. States: stretches m, tensions N, slip m/s.
    """
    car_rate, other_rate = v.rope - v.car, -v.rope - v.counterweight
    car_stretch = s.car_stretch + ah * car_rate
    other_stretch = s.counterweight_stretch + ah * other_rate
    car = contact_force(p.rope_stiffness * maximum(car_stretch - p.elongation, 0.0), car_rate, p.rope_damping)
    other = contact_force(p.rope_stiffness * maximum(other_stretch, 0.0), other_rate, p.rope_damping)
    slip = p.radius * v.shaft - v.rope
    limit = p.capacity * minimum(car, other)
    pull, bend, renewed = bristles(slip, limit, 1.0, p.grip_stiffness, p.grip_damping, PRESLIDING_M, s, ah)
    flows = {"shaft": p.radius * pull, "rope": car - other - pull, "car": -car, "counterweight": -other}
    return flows, {
        "car_stretch": car_stretch,
        "counterweight_stretch": other_stretch,
        "bend": bend,
        "renewed": renewed,
        "car_tension": car,
        "counterweight_tension": other,
        "slip": slip,
    }


explain(
    roped_sheave,
    Text(
        "Poulie d'adhérence : la gorge tient une différence de tension jusqu'à (e^(f α) − 1) fois le brin mou "
        "(Euler-Eytelwein, calcul de traction EN 81-50).",
        "Traction sheave: the groove holds a difference of tensions up to (e^(f α) − 1) times the slacker side "
        "(Euler-Eytelwein, traction calculation of EN 81-50).",
    ),
    Curve(
        Text("différence de tension tenue selon la tension du brin mou", "difference held against slack side tension"),
        Axis(Text("tension du brin mou", "slack side tension"), "kN"),
        Axis(Text("différence tenue", "difference held"), "kN"),
        sweep(0.5, 12.0, lambda d, x: 1e-3 * _held_back(d, 1e3 * x), 24),
    ),
)


def _held_back(piece: Piece, newtons: float) -> float:
    """Pull of the groove that slips, both ropes stretched by ``newtons``, N."""
    stretch = newtons / piece.p.rope_stiffness
    ropes = {"car_stretch": stretch + piece.p.elongation, "counterweight_stretch": stretch, "renewed": 1.0, "bend": 1.0}
    slipping = piece.answer(ropes, 1e-6, shaft=1.0 / piece.p.radius)[0]
    return float(slipping["shaft"] / piece.p.radius)


def _capacity(p: Parameters) -> float:
    return math.exp(float(p["groove_friction"]) * math.radians(float(p["wrap_deg"]))) - 1.0


def _build(b: Builder, p: Parameters) -> None:
    diameter, stiffness = float(p["diameter_mm"]), float(p["rope_n_m"])
    car, other = float(p["car_n"]), float(p["counterweight_n"])
    add_shaft(b, "shaft", "wheel", float(p["inertia_kg_m2"]), float(p["bearing_nm"]), 0.05)
    b.device("ropes", moving_mass, {"w": "rope"}, {"mass": p["rope_kg"]})
    for side in ("car", "counterweight"):
        b.device(f"{side}_shackles", moving_mass, {"w": side}, {"mass": _SHACKLES_KG})
    grip = max(car, other) / 2e-4  # the ropes settle by some tenths of a millimetre in their grooves
    b.device(
        "traction",
        roped_sheave,
        {"shaft": "shaft", "rope": "rope", "car": "car", "counterweight": "counterweight"},
        {
            "radius": 0.5e-3 * diameter,
            "capacity": _capacity(p),
            "grip_stiffness": grip,
            "grip_damping": _GROOVE_DAMPING_S * grip,
            "rope_stiffness": stiffness,
            "rope_damping": _ROPE_DAMPING_S * stiffness,
            "elongation": 0.0,
        },
        {"car_stretch": car / stiffness, "counterweight_stretch": other / stiffness, "bend": (car - other) / grip},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 10.0, seen=True, text=Text("vitesse", "speed")),
        Channel("slip", StateRef(f"{tag}.traction", "slip"), 0.0, 0.5),
        Channel("car_tension", StateRef(f"{tag}.traction", "car_tension"), 0.0, 2.0 * float(p["car_n"])),
    )


def _rope_senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    traction = f"{tag}.traction"
    found: list[Perception] = []
    if abs(read(StateRef(traction, "slip"))) > _SEEN_SLIP_M_S:
        found += [
            Perception(
                Sense.LOOK,
                Text(
                    "Les câbles glissent dans les gorges de la poulie.", "The ropes slip in the grooves of the sheave."
                ),
            ),
            Perception(Sense.LISTEN, Text("Les câbles crissent sur la poulie.", "The ropes squeal on the sheave.")),
        ]
    slack = 0.02 * float(p["car_n"])
    for state, side in (("car_tension", _CAR), ("counterweight_tension", _OTHER)):
        if read(StateRef(traction, state)) < slack:
            found.append(
                Perception(Sense.LOOK, Text(f"Les câbles sont mous {side.fr}.", f"The ropes are slack {side.en}."))
            )
    if read(ParameterRef(traction, "rope_stiffness")) < 0.95 * float(p["rope_n_m"]):
        found.append(
            Perception(
                Sense.LOOK,
                Text("Des fils cassés hérissent un câble.", "Broken wires stick out of one rope."),
            )
        )
    return tuple(found)


_CAR = Text("côté cabine", "on the car side")
_OTHER = Text("côté contrepoids", "on the counterweight side")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}:shaft"))
    if abs(speed) < 0.02:
        turning = Text("La poulie est arrêtée.", "The sheave stands still.")
    elif speed > 0.0:
        turning = Text("La poulie tourne dans le sens montée.", "The sheave turns upwards.")
    else:
        turning = Text("La poulie tourne dans le sens descente.", "The sheave turns downwards.")
    return (
        Perception(Sense.LOOK, turning),
        *_rope_senses(tag, p, read),
        *shaft_senses(tag, "wheel", f"{tag}:shaft", float(p["bearing_nm"]), read, _WHEEL),
    )


def _symbol() -> Symbol:
    return Symbol(
        8,
        10,
        (
            Circle(4, 4, 3),
            Circle(4, 4, 2.4),
            Circle(4, 4, 0.3, True),
            Line(((4, 0), (4, 4)), "dashed"),
            Line(((1, 4), (1, 10))),
            Line(((7, 4), (7, 10))),
        ),
        (Pin("shaft", 4, 0, "n"), Pin("car", 1, 10, "s"), Pin("counterweight", 7, 10, "s")),
    )


COMPONENT = Component(
    family="traction_sheave",
    letter="T",
    text=Text("poulie de traction", "traction sheave"),
    sheet=Text(
        "Entraîne les câbles par adhérence : au-delà de la limite d'Euler (e^(f·α)), les câbles glissent. Raideur des "
        "câbles d'un côté à mi-course. Valeurs : fiche de machine de monte-charge 500 kg, poulie Ø 320 mm, 4 câbles "
        "Ø 8 mm, gorges en V, angle d'enroulement 180°.",
        "Drives the ropes by grip: beyond Euler's limit (e^(f·α)) the ropes slip. Stiffness of the ropes of one side "
        "at mid travel. Values: sheet of a 500 kg goods lift machine, 320 mm sheave, four 8 mm ropes, V grooves, wrap "
        "of 180°.",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre de la poulie", "sheave diameter"), "mm", 320.0, 80.0, 1500.0),
        Parameter(
            "groove_friction",
            Text("frottement équivalent de la gorge", "equivalent groove friction"),
            "",
            0.24,
            0.05,
            1.0,
        ),
        Parameter("wrap_deg", Text("angle d'enroulement", "angle of wrap"), "°", 180.0, 90.0, 540.0),
        Parameter(
            "rope_n_m", Text("raideur des câbles d'un côté", "rope stiffness of one side"), "N/m", 1.2e6, 1e4, 1e9
        ),
        Parameter("rope_kg", Text("masse des câbles", "mass of the ropes"), "kg", 12.0, 0.5, 5000.0),
        Parameter("car_n", Text("poids de la cabine vide", "weight of the empty car"), "N", 5884.0, 10.0, 1e6),
        Parameter(
            "counterweight_n", Text("poids du contrepoids", "weight of the counterweight"), "N", 8336.0, 10.0, 1e6
        ),
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 0.6, 1e-3, 1e4),
        Parameter("bearing_nm", Text("frottement du palier", "bearing friction"), "N·m", 2.0, 0.01, 500.0),
    ),
    ports=(
        Port("shaft", Domain.ROTATION),
        Port("car", Domain.TRANSLATION),
        Port("counterweight", Domain.TRANSLATION),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "grooves_worn",
            Text("gorges usées : perte d'adhérence", "worn grooves: loss of grip"),
            (Effect("traction.capacity", 0.05, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.7, 1.0),
            visible=Text(
                "Les câbles touchent le fond des gorges, polies comme un miroir.",
                "The ropes touch the bottom of the grooves, which shine like a mirror.",
            ),
        ),
        FailureMode(
            "ropes_greasy",
            Text("câbles gras : perte d'adhérence", "greasy ropes: loss of grip"),
            (Effect("traction.capacity", 0.08, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.75, 1.0),
            Text("De la graisse brille sur les câbles et dans les gorges.", "Grease shines on the ropes and grooves."),
        ),
        FailureMode(
            "wires_broken",
            Text("fils de câble cassés : raideur perdue", "broken rope wires: stiffness lost"),
            (Effect("traction.rope_stiffness", 0.4, relative=True),),
            onsets=(Onset.GROWING,),
            degrees=(0.3, 1.0),
            visible=Text("Des fils cassés hérissent un câble.", "Broken wires stick out of one rope."),
        ),
        FailureMode(
            "ropes_elongated",
            Text("câbles allongés : cabine trop basse", "elongated ropes: car too low"),
            (Effect("traction.elongation", 0.12),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            1.0,
            (0.2, 1.0),
            Text(
                "Le contrepoids est plus près de son amortisseur que le repère peint.",
                "The counterweight is nearer to its buffer than the painted mark.",
            ),
        ),
        *bearing_modes("wheel", 12.0, 400.0, _WHEEL),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
        "vibration": lambda tag, p: MemoryRef(f"{tag}.wheel_vibration", "rms"),
        "rope_speed": lambda tag, p: NodeRef(f"{tag}.rope"),
        "car_tension": lambda tag, p: StateRef(f"{tag}.traction", "car_tension"),
        "counterweight_tension": lambda tag, p: StateRef(f"{tag}.traction", "counterweight_tension"),
    },
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "wheel", f"{tag}:shaft", _WHEEL),),
    symbols={"main": _symbol()},
)
