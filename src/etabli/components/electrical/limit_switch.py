"""Limit switch with roller lever: a break and a make contact with snap action."""

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
from etabli.components.curve import Axis, Curve, explain, loop
from etabli.components.drawing import Circle, Line, Shape
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.physics.expression import clamp, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@sampled(
    reads=("target",),
    parameters=("low", "high", "differential", "shift", "pushed", "broken", "stuck", "sluggish"),
    memory=("head", "position"),
    stage=Stage.SENSE,
)
def lever_head(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Pushed while ``target`` lies between ``low`` and ``high`` (unit of the target), moved on by ``shift``.

    It comes back ``differential`` outside the window. ``pushed`` (0/1) is a finger on the lever, ``broken`` (0/1) a
    lever that turns freely on its shaft, ``stuck`` (0/1) a lever that stays pushed, ``sluggish`` seconds a head that is
    gummed up. Source: operating and differential travel of position switch sheets (EN 60947-5-1).
    """
    edge = select(less(0.5, m.head), p.differential, 0.0)
    inside = less(p.low + p.shift - edge, r.target) * less(r.target, p.high + p.shift + edge)
    touched = maximum(inside, less(0.5, p.pushed))
    head = maximum(touched, less(0.5, p.stuck))
    wanted = maximum(touched * less(p.broken, 0.5), less(0.5, p.stuck))
    step = h / (p.sluggish + 0.5 * h)
    return {"head": head, "position": m.position + clamp(wanted - m.position, -step, step)}


explain(
    lever_head,
    Text(
        "Tête d'interrupteur de position : actionnée entre deux cotes, avec une course différentielle au retour. "
        "Source : courses des fiches d'interrupteurs de position.",
        "Head of a limit switch: actuated between two positions, with a differential travel on the way back. Source: "
        "travels of limit switch sheets.",
    ),
    Curve(
        Text("position des contacts selon la cible (aller et retour)", "contact position against target, to and fro"),
        Axis(Text("position de la cible", "target position")),
        Axis(Text("tête (0 libre, 1 actionnée)", "head (0 free, 1 actuated)")),
        loop(
            lambda d: d.p.low - 0.5 * (d.p.high - d.p.low),
            lambda d: d.p.high + 0.5 * (d.p.high - d.p.low),
            "target",
            "position",
            count=120,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.sample(
        "head",
        lever_head,
        {"target": b.link("target")},
        {
            "low": p["from"],
            "high": p["to"],
            "differential": p["differential"],
            "shift": 0.0,
            "pushed": 0.0,
            "broken": 0.0,
            "stuck": 0.0,
            "sluggish": 0.0,
        },
    )
    add_contact(b, "11", "12", b.memory("head", "position"), normally_closed=True)
    add_contact(b, "13", "14", b.memory("head", "position"))


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    # A bracket that has slipped by a window and a half no longer meets its cam.
    slipped = 1.5 * (p["to"] - p["from"])
    return (
        FailureMode(
            "misaligned",
            Text("support glissé : le levier n'est plus attaqué", "bracket slipped: the lever is no longer met"),
            (Effect("head.shift", slipped),),
            repair=Repair.ADJUST,
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=1.2,
            degrees=(0.7, 1.0),
            visible=Text("Les vis du support ont glissé dans leurs trous.", "The screws have slipped in their slots."),
        ),
        FailureMode(
            "lever_loose",
            Text("levier desserré sur son axe", "lever loose on its shaft"),
            (Effect("head.broken", 1.0),),
            repair=Repair.TIGHTEN,
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
            visible=Text("Le levier tourne sans entraîner l'axe.", "The lever turns without its shaft."),
        ),
        FailureMode(
            "stuck_pushed",
            Text("levier grippé en position attaquée", "lever seized in the pushed position"),
            (Effect("head.stuck", 1.0),),
            repair=Repair.CLEAN,
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.7,
            visible=Text("Le levier ne revient pas.", "The lever does not come back."),
        ),
        FailureMode(
            "sluggish",
            Text("tête encrassée : bascule en retard", "gummed head: switches late"),
            (Effect("head.sluggish", 1.5),),
            repair=Repair.CLEAN,
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.5,
            degrees=(0.5, 1.0),
        ),
        contact_not_closing("11", "12", rate=0.8),
        contact_resistive("11", "12", ohms=30000.0, rate=0.8),
        contact_welded("11", "12", rate=0.2),
        contact_not_closing("13", "14", rate=0.8),
        contact_resistive("13", "14", ohms=30000.0, rate=0.8),
        contact_welded("13", "14", rate=0.2),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.head", "head")) > 0.5:
        return (Perception(Sense.LOOK, Text("Le levier à galet est attaqué.", "The roller lever is pushed.")),)
    return (Perception(Sense.LOOK, Text("Le levier à galet est au repos.", "The roller lever is at rest.")),)


def roller_actuator() -> tuple[Shape, ...]:
    """Roller that a cam meets, and its dashed link to a blade at x = 4."""
    return (Circle(1.2, 2.05, 0.4), Line(((1.6, 2.05), (3.5, 2.05)), "dashed"))


COMPONENT = Component(
    family="limit_switch",
    letter="S",
    text=Text("interrupteur de position", "limit switch"),
    sheet=Text(
        "Interrupteur de position à levier et galet, rupture brusque, contacts 11-12 (O, à ouverture positive) et "
        "13-14 (F). Attaqué tant que la cote suivie est entre « de » et « à ». Valeurs : fiche EN 60947-5-1 "
        "d'interrupteur de position à tête rotative.",
        "Position switch with roller lever, snap action, contacts 11-12 (NC, positive opening) and 13-14 (NO). Pushed "
        "while the followed position is between “from” and “to”. Values: EN 60947-5-1 sheet of a position switch with "
        "a rotary head.",
    ),
    parameters=(
        Parameter("from", Text("attaqué de", "pushed from"), "", 0.9, -1e6, 1e6, adjustable=True),
        Parameter("to", Text("attaqué jusqu'à", "pushed up to"), "", 1.1, -1e6, 1e6, adjustable=True),
        Parameter("differential", Text("course différentielle", "differential travel"), "", 0.002, 0.0, 1e3),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("11", "12", "13", "14")),
    build=_build,
    links=("target",),
    failure_modes=_modes,
    channels=lambda tag, p: (
        Channel("pushed", MemoryRef(f"{tag}.head", "head"), seen=True, text=Text("levier", "lever")),
        Channel("contact", MemoryRef(f"{tag}.head", "position")),
    ),
    signals={"pushed": lambda tag, p: MemoryRef(f"{tag}.head", "position")},
    senses=_senses,
    symbols={
        "contact_11_12": contact_symbol("11", "12", "pushed", closed=True, left=roller_actuator()),
        "contact_13_14": contact_symbol("13", "14", "pushed", left=roller_actuator()),
    },
    controls={"pushed": "head.pushed"},
    adjusts={"from": "head.low", "to": "head.high"},
)
