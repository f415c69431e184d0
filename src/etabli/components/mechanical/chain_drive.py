"""Roller chain between two sprockets: it stretches, runs dry, jumps teeth, breaks."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import DEGREES, TORQUE, Axis, Curve, explain, sweep
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.components.mechanical.elastic import contact_force
from etabli.components.mechanical.two_wheels import (
    PORTS,
    SIGNALS,
    bearing_friction,
    limits,
    speed_channels,
    wheels_symbol,
)
from etabli.physics.expression import absolute, clamp, maximum, sqrt
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text

_UNWIND_PER_S = 1000.0
_LOSS_CREEP = 0.5  # rad/s
_DRIVEN = Text("du pignon mené", "of the driven sprocket")


@law(
    {"a": Domain.ROTATION, "b": Domain.ROTATION},
    ("ratio", "stiffness", "damping", "play", "limit", "efficiency", "grip"),
    ("twist", "jumped", "torque"),
    ("a",),
)
def chain_mesh(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Two sprockets and their chain, seen from ``a``: speed a = ``ratio`` × speed b.

    Taut strand N·m/rad and N·m·s/rad, ``play`` rad of the slack strand, ``limit`` N·m where the rollers climb and jump
    teeth (perfectly plastic), ``efficiency`` of the joints, ``grip`` 0 for a broken chain. States: twist rad,
    ``jumped`` rad in all, torque N·m. Source: elastic strand with a dead zone; chain handbooks for the losses.
    """
    slip = v.a - p.ratio * v.b
    most = 0.5 * p.play + p.limit / p.stiffness
    free = (clamp(s.twist, -most, most) + ah * slip) / (1.0 + ah * _UNWIND_PER_S * (1.0 - p.grip))
    twist = clamp(free, -most, most)
    beyond = twist - clamp(twist, -0.5 * p.play, 0.5 * p.play)
    torque = p.grip * clamp(contact_force(p.stiffness * beyond, slip, p.damping), -p.limit, p.limit)
    loss = (1.0 - p.efficiency) * sqrt(torque * torque + 1e-4) * v.a / sqrt(v.a * v.a + _LOSS_CREEP * _LOSS_CREEP)
    return {"a": torque + loss, "b": -p.ratio * torque}, {
        "twist": twist,
        "jumped": s.jumped + absolute(free - twist),
        "torque": torque,
    }


explain(
    chain_mesh,
    Text(
        "Chaîne : brin tendu élastique avec jeu, saut de dents au-delà d'un couple limite, rendement des "
        "articulations. Source : brin élastique à zone morte ; manuels de chaînes.",
        "Chain: elastic taut strand with play, teeth jump above a limit torque, losses in the joints. Source: elastic "
        "strand with a dead zone; chain handbooks.",
    ),
    Curve(
        Text("couple transmis selon l'angle de torsion", "torque passed on against twist"),
        Axis(Text("torsion", "twist"), "°"),
        TORQUE,
        sweep(-10.0, 10.0, lambda d, x: d.answer({"twist": x / DEGREES}, 1e-9)[1]["torque"], 121),
    ),
)


@sampled(reads=("jumped",), memory=("before", "noise"), stage=Stage.SENSE)
def chain_noise(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Teeth jumped lately (rad, forgotten in 2 s), for ears."""
    return {"before": r.jumped, "noise": m.noise * maximum(1.0 - h / 2.0, 0.0) + maximum(r.jumped - m.before, 0.0)}


explain(chain_noise, Text("Sauts de dents récents, pour l'oreille.", "Teeth jumped lately, for the ear."))


def _ratio(p: Parameters) -> float:
    return float(p["teeth_out"]) / float(p["teeth_in"])


def _build(b: Builder, p: Parameters) -> None:
    add_shaft(b, "in", "driving", 1e-3, float(p["bearing_nm"]), 1e-3)
    add_shaft(b, "out", "driven", 3e-3, float(p["bearing_nm"]), 1e-3)
    stiffness = 8.0 * float(p["limit_nm"])
    b.device(
        "chain",
        chain_mesh,
        {"a": "in", "b": "out"},
        {
            "ratio": _ratio(p),
            "stiffness": stiffness,
            "damping": 2e-3 * stiffness,
            "play": 0.01,
            "limit": p["limit_nm"],
            "efficiency": 0.97,
            "grip": 1.0,
        },
    )
    b.sample("noise", chain_noise, {"jumped": b.state("chain", "jumped")})


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    chain = f"{tag}.chain"
    speed_in, speed_out = read(NodeRef(f"{tag}:in")), read(NodeRef(f"{tag}:out"))
    if read(ParameterRef(chain, "grip")) < 0.5:
        seen = Text("La chaîne n'est plus sur les pignons.", "The chain is no longer on the sprockets.")
    elif max(abs(speed_in), abs(speed_out)) > 0.1:
        seen = Text("La chaîne tourne.", "The chain runs.")
    else:
        seen = Text("La chaîne est arrêtée.", "The chain stands still.")
    found = [Perception(Sense.LOOK, seen)]
    if read(ParameterRef(chain, "play")) > 0.06:
        found.append(Perception(Sense.LOOK, Text("Le brin mou pend nettement.", "The slack strand sags clearly.")))
    if read(MemoryRef(f"{tag}.noise", "noise")) > 0.05:
        found.append(Perception(Sense.LISTEN, Text("La chaîne saute des dents.", "The chain jumps teeth.")))
    elif abs(speed_in) > 0.5 and read(ParameterRef(chain, "efficiency")) < 0.9:
        found.append(Perception(Sense.LISTEN, Text("La chaîne grince à chaque maillon.", "The chain squeaks.")))
    return (*found, *shaft_senses(tag, "driven", f"{tag}:out", float(p["bearing_nm"]), read, _DRIVEN))


COMPONENT = Component(
    family="chain_drive",
    letter="T",
    text=Text("transmission par chaîne", "chain drive"),
    sheet=Text(
        "Chaîne à rouleaux sur deux pignons ; allongée ou détendue, elle saute des dents au-delà d'un couple plus "
        "faible. Valeurs : fiche de chaîne ISO 606 08B-1, pas 12,7 mm, pignons de 19 et 38 dents.",
        "Roller chain on two sprockets; stretched or slack, it jumps teeth at a lower torque. "
        "Values: sheet of an ISO 606 08B-1 chain, pitch 12.7 mm, sprockets of 19 and 38 teeth.",
    ),
    parameters=(
        Parameter("teeth_in", Text("dents du pignon moteur", "teeth of the driving sprocket"), "", 19, 8, 150),
        Parameter("teeth_out", Text("dents du pignon mené", "teeth of the driven sprocket"), "", 38, 8, 150),
        limits(150.0, (0.5, 1e5)),
        bearing_friction(0.15),
    ),
    ports=PORTS,
    build=_build,
    failure_modes=(
        FailureMode(
            "stretched",
            Text("chaîne allongée : elle saute des dents", "stretched chain: it jumps teeth"),
            (Effect("chain.limit", 0.04, relative=True, logarithmic=True), Effect("chain.play", 0.25)),
            Repair.REPLACE,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.5, 1.0),
            Text("La chaîne se soulève d'un demi-rouleau.", "The chain lifts half a roller off the sprocket."),
        ),
        FailureMode(
            "slack",
            Text("chaîne détendue : battement", "slack chain: it flaps"),
            (Effect("chain.play", 0.35),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.3, 1.0),
            Text("Le brin mou pend de quatre centimètres.", "The slack strand sags by four centimetres."),
        ),
        FailureMode(
            "dry",
            Text("chaîne sèche, maillons grippés", "dry chain, stiff links"),
            (Effect("chain.efficiency", 0.55),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.2,
            (0.3, 1.0),
            Text("De la rouille rouge poudre les maillons.", "Red rust powders the links."),
        ),
        FailureMode(
            "broken",
            Text("chaîne cassée", "chain broken"),
            (Effect("chain.grip", 0.0),),
            visible=Text("La chaîne est tombée dans le carter.", "The chain lies in its guard."),
        ),
        *bearing_modes("driven", 20.0, 800.0, _DRIVEN),
    ),
    channels=lambda tag, p: speed_channels(tag, 30.0, 30.0),
    signals=SIGNALS,
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "driven", f"{tag}:out", _DRIVEN),),
    symbols={"main": wheels_symbol(1.8, 2.8, "dashed")},
)
