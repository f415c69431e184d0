"""Gear reducer between a motor and the machine."""

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
from etabli.components.curve import RPM, Axis, Curve, Piece, explain, spaced
from etabli.components.drawing import Circle, Line, Pin, Rectangle, Symbol
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.elastic import contact_force
from etabli.physics.expression import clamp, less, select, sqrt
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text

_UNWIND_PER_S = 1000.0  # a coupling that no longer holds forgets its twist
_LOSS_CREEP = 0.5  # rad/s
_TURN = 6.283185307179586
_IN = Text("d'entrée du réducteur", "of the gearbox input")
_OUT = Text("de sortie du réducteur", "of the gearbox output")


@law(
    terminals={"a": Domain.ROTATION, "b": Domain.ROTATION},
    parameters=("ratio", "stiffness", "damping", "efficiency", "play", "grip", "meshed"),
    states=("twist",),
    friction=("a",),
)
def gear_mesh(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Gears with elastic teeth and shafts (spring and damper): twist in rad from ``a``, N·m/rad, N·m·s/rad.

    ``efficiency`` takes its share of the torque as friction on ``a``; ``grip`` (0…1) is what the teeth and keys still
    hold, ``meshed`` is 0 while a missing tooth passes. ``play`` (rad at ``a``) is the backlash of worn teeth: a dead
    zone in which nothing passes.
    """
    held = p.grip * p.meshed
    slip = v.a - p.ratio * v.b
    twist = (s.twist + ah * slip) / (1.0 + ah * _UNWIND_PER_S * (1.0 - held))
    beyond = twist - clamp(twist, -0.5 * p.play, 0.5 * p.play)
    tight = p.stiffness * twist + p.damping * slip
    torque = held * select(less(0.0, p.play), contact_force(p.stiffness * beyond, slip, p.damping), tight)
    loss = (1.0 - p.efficiency) * sqrt(torque * torque + 1e-4) * v.a / sqrt(v.a * v.a + _LOSS_CREEP * _LOSS_CREEP)
    return {"a": torque + loss, "b": -p.ratio * torque}, {"twist": twist}


explain(
    gear_mesh,
    Text(
        "Engrenage : rapport de vitesses, denture et arbres élastiques, rendement pris sur le couple d'entrée.",
        "Gears: speed ratio, elastic teeth and shafts, efficiency taken from the input torque.",
    ),
    Curve(
        Text(
            "couple d'entrée selon le couple de sortie, à 1 450 tr/min",
            "input torque against output torque, at 1450 rpm",
        ),
        Axis(Text("couple de sortie", "output torque"), "N·m"),
        Axis(Text("couple d'entrée", "input torque"), "N·m"),
        lambda d: [_loaded_gears(d, share) for share in spaced(-1.0, 1.0, 41)],
    ),
)


def _loaded_gears(piece: Piece, twist: float) -> tuple[float, float]:
    """(output torque, input torque) of gears that turn at 1450 rpm, their teeth bent by ``twist`` rad."""
    turning = {"a": 1450.0 / RPM, "b": 1450.0 / RPM / piece.p.ratio}
    flows = piece.answer({"twist": twist}, 1e-9, **turning)[0]
    return -flows["b"], flows["a"]


@sampled(
    reads=("speed",),
    parameters=("gap", "ratio"),
    memory=("angle",),
    writes=("meshed",),
    stage=Stage.SWITCH,
)
def missing_tooth(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Once per turn of the wheel, a gap of ``gap`` rad where nothing meshes (0 on a sound wheel).

    Followed from the input ``speed``: the pinion turns on through the gap and takes up the next tooth, even when the
    output has stopped meanwhile.
    """
    angle = m.angle + h * r.speed / p.ratio
    angle = select(less(_TURN, angle), angle - _TURN, select(less(angle, 0.0), angle + _TURN, angle))
    return {"angle": angle, "meshed": 1.0 - less(angle, p.gap)}


explain(
    missing_tooth,
    Text("Dent cassée : un vide à chaque tour de roue.", "Broken tooth: a gap once per turn of the wheel."),
)


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "in", "input", 2e-4, float(p["drag_nm"]), 2e-4)
    add_shaft(b, "out", "output", 5e-3, float(p["drag_nm"]) * 4.0, 0.01)
    b.device(
        "mesh",
        gear_mesh,
        {"a": "in", "b": "out"},
        {
            "ratio": p["ratio"],
            "stiffness": 40.0,
            "damping": 0.1,
            "efficiency": p["efficiency"],
            "play": 0.0,
            "grip": 1.0,
            "meshed": 1.0,
        },
    )
    b.sample(
        "tooth",
        missing_tooth,
        {"speed": b.across("in")},
        {"gap": 0.0, "ratio": p["ratio"]},
        {"meshed": b.parameter("mesh", "meshed")},
        {"angle": 3.0},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed_in", NodeRef(f"{tag}:in"), 0.0, 160.0),
        Channel(
            "speed", NodeRef(f"{tag}:out"), 0.0, 160.0 / float(p["ratio"]), seen=True, text=Text("vitesse", "speed")
        ),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    found: list[Perception] = []
    if abs(speed_out) > 0.05:
        found.append(Perception(Sense.LOOK, Text("L'arbre de sortie tourne.", "The output shaft turns.")))
    else:
        found.append(Perception(Sense.LOOK, Text("L'arbre de sortie est arrêté.", "The output shaft stands still.")))
    if abs(speed_in) > 5.0 and abs(speed_in - float(p["ratio"]) * speed_out) > 0.3 * abs(speed_in):
        found.append(
            Perception(
                Sense.LISTEN,
                Text("Le réducteur broute : bruit de dents qui sautent.", "The gearbox grates: teeth jump."),
            )
        )
    if read(ParameterRef(f"{tag}.tooth", "gap")) > 0.05 and abs(speed_out) > 0.05:
        found.append(
            Perception(Sense.LISTEN, Text("Un claquement à chaque tour de sortie.", "One knock per output turn."))
        )
    drag = float(p["drag_nm"])
    return (
        *found,
        *shaft_senses(tag, "input", f"{tag}:in", drag, read, _IN),
        *shaft_senses(tag, "output", f"{tag}:out", 4.0 * drag, read, _OUT),
    )


def _symbol() -> Symbol:
    return Symbol(
        8,
        6,
        (
            Rectangle(1, 0, 6, 6),
            Line(((0, 2), (4, 2))),
            Line(((4, 4), (8, 4))),
            Line(((3.5, 1), (3.5, 3))),
            Line(((4.5, 2.2), (4.5, 5.4))),
            Line(((3.5, 3), (4.5, 3)), "thin"),
            Circle(2, 2, 0.25, True),
            Circle(6, 4, 0.25, True),
        ),
        (Pin("in", 0, 2, "w"), Pin("out", 8, 4, "e")),
    )


COMPONENT = Component(
    family="gearbox",
    letter="T",
    text=Text("réducteur à engrenages", "gear reducer"),
    sheet=Text(
        "Réduit la vitesse du moteur et multiplie le couple. Le rendement est la part de puissance transmise. Valeurs "
        ": fiche de réducteur à roue et vis sans fin taille 40, rapport 20, rendement 0,8.",
        "Lowers the speed of the motor and multiplies its torque. The efficiency is the share of power passed on. "
        "Values: data sheet of a size 40 worm reducer, ratio 20, efficiency 0.8.",
    ),
    parameters=(
        Parameter("ratio", Text("rapport de réduction", "reduction ratio"), "", 20.0, 1.0, 500.0),
        Parameter("efficiency", Text("rendement", "efficiency"), "", 0.8, 0.2, 0.99),
        Parameter("drag_nm", Text("couple à vide à l'entrée", "no-load torque at the input"), "N·m", 0.05, 0.001, 50.0),
    ),
    ports=(Port("in", Domain.ROTATION), Port("out", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "key_sheared",
            Text("clavette de sortie cisaillée", "output key sheared"),
            (Effect("mesh.grip", 0.0),),
            visible=Text("De la limaille sort à l'arbre de sortie.", "Metal dust comes out at the output shaft."),
        ),
        FailureMode(
            "tooth_broken",
            Text("dent cassée sur la roue", "broken tooth on the wheel"),
            (Effect("tooth.gap", 1.2),),
            rate=0.7,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "teeth_worn",
            Text("dents usées : jeu dans le réducteur", "worn teeth: backlash in the gearbox"),
            (Effect("mesh.play", 1.5),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.8,
            degrees=(0.3, 1.0),
            visible=Text(
                "À la main, l'arbre d'entrée tourne à vide avant d'entraîner la sortie.",
                "By hand, the input shaft turns idle before the output follows.",
            ),
        ),
        FailureMode(
            "oil_lost",
            Text("huile du réducteur perdue", "gearbox oil lost"),
            (Effect("mesh.efficiency", 0.5, relative=True), Effect("input_bearing.coulomb", 5.0, relative=True)),
            Repair.CLEAN,
            (Onset.GROWING,),
            1.0,
            (0.4, 1.0),
            Text("Une flaque d'huile s'étale sous le réducteur.", "A pool of oil spreads under the gearbox."),
        ),
        *bearing_modes("output", 12.0, 400.0, _OUT),
        FailureMode(
            "seized",
            Text("réducteur grippé", "gearbox seized"),
            (Effect("input_bearing.coulomb", 400.0, relative=True, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.5,
            degrees=(0.8, 1.0),
        ),
    ),
    channels=_channels,
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:out"),
        "vibration": lambda tag, p: MemoryRef(f"{tag}.output_vibration", "rms"),
    },
    senses=_senses,
    spots=lambda tag, p: (
        shaft_spot(tag, "input", f"{tag}:in", _IN),
        shaft_spot(tag, "output", f"{tag}:out", _OUT),
    ),
    symbols={"main": _symbol()},
)
