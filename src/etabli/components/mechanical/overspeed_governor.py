"""Overspeed governor of a lift with its safety gear: above the tripping speed it opens a contact and wedges the car."""

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
from etabli.components.curve import SPEED, Axis, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.components.hand import add_hand
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import absolute, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef
from etabli.physics.text import Text

_AT_REST_M_S = 0.02


@sampled(
    reads=("speed", "lever"),
    parameters=("trip_m_s", "follows", "gear_n"),
    memory=("tripped", "armed"),
    writes=("limit",),
    stage=Stage.PROTECT,
)
def governor(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Flyweights that let go above ``trip_m_s``: ``tripped`` stays until the lever is put to 0 with the car at rest.

    ``follows`` is the share of the car's speed that the governor rope brings (0: rope off). Tripped, the safety gear
    holds the car with ``gear_n`` N. ``armed`` (contact) also needs the lever on 1. Source: governor and progressive
    safety gear, EN 81-20 (tripping from 115 % of the rated speed).
    """
    speed = absolute(r.speed)
    over = less(p.trip_m_s, p.follows * speed)
    freed = less(r.lever, 0.5) * less(speed, _AT_REST_M_S)
    tripped = select(freed, 0.0, maximum(m.tripped, over))
    return {
        "tripped": tripped,
        "armed": (1.0 - tripped) * less(0.5, r.lever),
        "limit": tripped * p.gear_n,
    }


explain(
    governor,
    Text(
        "Limiteur de vitesse : les masselottes lâchent au-dessus de la vitesse de déclenchement (115 % au moins de la "
        "nominale, EN 81-20).",
        "Overspeed governor: flyweights let go above the tripping speed (at least 115 % of the rated one, EN 81-20).",
    ),
    Curve(
        Text("déclenchement selon la vitesse de la cabine", "tripping against car speed"),
        SPEED,
        Axis(Text("déclenché", "tripped")),
        sweep(0.0, lambda d: 2.0 * d.p.trip_m_s, lambda d, v: d.step(speed=v, lever=1.0)["tripped"], 121),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "lever", 1.0)
    b.device("wedges", moving_mass, {"w": "rope"}, {"mass": 5.0})
    add_dry_friction(b, "gear", "rope", GROUND, 0.0, rated=p["gear_n"])
    b.sample(
        "governor",
        governor,
        {"speed": b.across("rope"), "lever": b.memory("lever", "position")},
        {"trip_m_s": p["trip_m_s"], "follows": 1.0, "gear_n": p["gear_n"]},
        {"limit": b.parameter("gear", "limit")},
        {"armed": 1.0},
    )
    add_contact(b, "11", "12", b.memory("governor", "armed"), closed_now=True)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.governor", "tripped")) > 0.5:
        return (
            Perception(
                Sense.LOOK,
                Text(
                    "Le limiteur est déclenché : sa mâchoire serre le câble, les coins du parachute sont dehors.",
                    "The governor has tripped: its jaw grips the rope, the wedges of the safety gear are out.",
                ),
            ),
        )
    speed = abs(read(NodeRef(f"{tag}:rope")))
    turning = (
        Text("La poulie du limiteur tourne.", "The sheave of the governor turns.")
        if speed > _AT_REST_M_S
        else Text("La poulie du limiteur est arrêtée, masselottes rentrées.", "The governor stands still, weights in.")
    )
    return (Perception(Sense.LOOK, turning),)


def _mechanical_symbol() -> Symbol:
    return Symbol(
        6,
        8,
        (
            Circle(3, 3, 2),
            Circle(3, 3, 0.3, True),
            Line(((3, 3), (4.4, 1.6))),
            Line(((3, 3), (1.6, 4.4))),
            Circle(4.4, 1.6, 0.35, True),
            Circle(1.6, 4.4, 0.35, True),
            Line(((5, 3), (5, 8))),
            Line(((1, 3), (1, 6.4))),
            Rectangle(0.4, 6.4, 1.2, 0.8),
        ),
        (Pin("rope", 5, 8, "s"),),
    )


def _actuator() -> tuple[Line | Polygon | Circle, ...]:
    """Speed-operated actuator: flyweights on a shaft, and the dashed link to a blade at x = 4."""
    return (
        Line(((0.2, 2.05), (1.6, 2.05))),
        Circle(0.7, 1.3, 0.35),
        Circle(0.7, 2.8, 0.35),
        Line(((0.7, 1.65), (1.2, 2.05), (0.7, 2.45))),
        Line(((1.6, 2.05), (3.5, 2.05)), "dashed"),
    )


COMPONENT = Component(
    family="overspeed_governor",
    letter="B",
    text=Text("limiteur de vitesse à poulie et parachute", "rope-driven overspeed governor and safety gear"),
    sheet=Text(
        "Poulie à masselottes entraînée par le câble de la cabine : au-dessus de la vitesse de déclenchement, le "
        "contact 11-12 s'ouvre et le parachute coince la cabine sur ses guides. Se réarme au levier, cabine arrêtée. "
        "Valeurs : fiche de limiteur de vitesse et de parachute à prise amortie, EN 81-50.",
        "Sheave with flyweights driven by a rope of the car: above the tripping speed the contact 11-12 opens and the "
        "safety gear wedges the car on its guides. Put back by its lever with the car at rest. "
        "Values: sheet of a governor and progressive safety gear, EN 81-50.",
    ),
    parameters=(
        Parameter(
            "trip_m_s", Text("vitesse de déclenchement", "tripping speed"), "m/s", 0.65, 0.1, 10.0, adjustable=True
        ),
        Parameter("gear_n", Text("effort du parachute", "force of the safety gear"), "N", 16000.0, 100.0, 1e6),
    ),
    ports=(Port("rope", Domain.TRANSLATION), Port("11", Domain.DC), Port("12", Domain.DC)),
    build=_build,
    failure_modes=(
        contact_not_closing("11", "12", rate=0.8),
        contact_resistive("11", "12", ohms=30000.0, rate=0.8),
        contact_welded("11", "12", rate=0.2),
        FailureMode(
            "wrong_setting",
            Text("vitesse de déclenchement réglée trop bas", "tripping speed set too low"),
            (Effect("governor.trip_m_s", 0.3),),
            Repair.ADJUST,
            (Onset.SUDDEN,),
            0.6,
            (0.7, 1.0),
            Text("Le plomb du réglage est arraché.", "The seal of the setting screw is torn off."),
        ),
        FailureMode(
            "rope_off",
            Text("câble du limiteur sauté de sa poulie", "governor rope off its sheave"),
            (Effect("governor.follows", 0.0), Effect("switch_11_12.cut", 1.0)),
            rate=0.4,
            visible=Text(
                "Le câble du limiteur pend, sa poulie tendeuse est au sol.",
                "The governor rope hangs loose; its tension pulley lies on the ground.",
            ),
        ),
    ),
    channels=lambda tag, p: (
        Channel(
            "armed",
            MemoryRef(f"{tag}.governor", "armed"),
            seen=True,
            text=Text("limiteur de vitesse armé", "governor armed"),
        ),
        Channel(
            "speed",
            NodeRef(f"{tag}:rope"),
            0.0,
            1.0,
            seen=True,
            text=Text("vitesse de la poulie du limiteur", "speed of the governor sheave"),
        ),
    ),
    signals={"tripped": lambda tag, p: MemoryRef(f"{tag}.governor", "tripped")},
    senses=_senses,
    symbols={
        "contact_11_12": contact_symbol("11", "12", "armed", left=_actuator()),
        "mechanical": _mechanical_symbol(),
    },
    controls={"position": "lever.position"},
    adjusts={"trip_m_s": "governor.trip_m_s"},
)
