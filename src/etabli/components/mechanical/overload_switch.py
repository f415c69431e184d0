"""Overload switch of a lift: a spring washer under the car frame that trips a change-over contact above a load."""

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
from etabli.components.curve import STATE, Axis, Curve, explain, loop
from etabli.components.drawing import Line, Rectangle, Symbol
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import changeover_symbol
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@sampled(
    reads=("load",),
    parameters=("set_kg", "differential_kg", "offset_kg", "stuck_on"),
    memory=("position",),
    stage=Stage.SENSE,
)
def load_snap(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Snap action on the load of the car (kg): trips above ``set_kg``, back ``differential_kg`` lower.

    ``offset_kg`` is what the switch feels though nobody put it there (sagged spring, rubbish under the frame),
    ``stuck_on`` (0/1) a mechanism that stays tripped. Source: overload devices of lifts, EN 81-20 (rated load + 10 %).
    """
    point = select(m.position, p.set_kg - p.differential_kg, p.set_kg)
    return {"position": maximum(less(point, r.load + p.offset_kg), less(0.5, p.stuck_on))}


explain(
    load_snap,
    Text(
        "Contrôle de charge : bascule à la charge nominale plus 10 % (EN 81-20), revient plus bas.",
        "Load control: trips at the rated load plus 10 % (EN 81-20), resets lower.",
    ),
    Curve(
        Text("contact selon la charge (aller et retour)", "contact against load, up and down"),
        Axis(Text("charge", "load"), "kg"),
        STATE,
        loop(0.0, lambda d: 1.5 * d.p.set_kg, "load", "position", count=120),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.sample(
        "snap",
        load_snap,
        {"load": b.link("load")},
        {"set_kg": p["set_kg"], "differential_kg": p["differential_kg"], "offset_kg": 0.0, "stuck_on": 0.0},
    )
    add_contact(b, "11", "12", b.memory("snap", "position"), normally_closed=True)
    add_contact(b, "11", "14", b.memory("snap", "position"))


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.snap", "position")) > 0.5:
        words = Text("L'index de la sonde de charge est basculé.", "The index of the load switch has tripped.")
    else:
        words = Text("L'index de la sonde de charge est au repos.", "The index of the load switch is at rest.")
    return (Perception(Sense.LOOK, words),)


def _symbol() -> Symbol:
    base = changeover_symbol("11", "12", "14", "tripped")
    spring = (
        Rectangle(0.2, 1.3, 1.2, 0.5),
        Line(((0.8, 1.8), (0.4, 2.05), (1.2, 2.3), (0.4, 2.55), (0.8, 2.8))),
        Line(((1.4, 1.55), (2.9, 1.55)), "dashed"),
    )
    return Symbol(6, 4, base.shapes + spring, base.pins)


COMPONENT = Component(
    family="overload_switch",
    letter="B",
    text=Text("sonde de surcharge", "overload switch"),
    sheet=Text(
        "Contact à rupture brusque sous le châssis de cabine : 11-12 s'ouvre et 11-14 se ferme au-dessus de la charge "
        "réglée (charge nominale + 10 %), hystérésis 40 kg. Valeurs : fiche de dispositif de surcharge de "
        "monte-charge.",
        "Snap contact under the car frame: 11-12 opens and 11-14 closes above the load set (rated load + 10 %), "
        "hysteresis 40 kg. Values: sheet of an overload device of a goods lift.",
    ),
    parameters=(
        Parameter("set_kg", Text("charge de déclenchement", "tripping load"), "kg", 550.0, 10.0, 1e5, adjustable=True),
        Parameter("differential_kg", Text("hystérésis", "hysteresis"), "kg", 40.0, 1.0, 1000.0),
    ),
    ports=(Port("11", Domain.DC), Port("12", Domain.DC), Port("14", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "wrong_setting",
            Text("sonde de surcharge réglée trop bas", "overload switch set too low"),
            (Effect("snap.set_kg", 60.0),),
            Repair.ADJUST,
            (Onset.SUDDEN,),
            0.8,
            (0.8, 1.0),
        ),
        FailureMode(
            "frame_jammed",
            Text("gravats sous le châssis de cabine", "rubbish under the car frame"),
            (Effect("snap.offset_kg", 450.0),),
            Repair.CLEAN,
            (Onset.SUDDEN,),
            0.8,
            (0.7, 1.0),
            Text(
                "Des gravats sont tassés entre le plancher et le châssis.", "Rubble is packed between floor and frame."
            ),
        ),
        FailureMode(
            "stuck_on",
            Text("mécanisme de la sonde bloqué en position basculée", "load switch stuck tripped"),
            (Effect("snap.stuck_on", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
        contact_not_closing("11", "12", rate=0.7),
        contact_resistive("11", "12", ohms=30000.0, rate=0.7),
        contact_welded("11", "12", rate=0.3),
        contact_not_closing("11", "14", rate=0.5),
    ),
    channels=lambda tag, p: (
        Channel("tripped", MemoryRef(f"{tag}.snap", "position"), seen=True, text=Text("surcharge", "overload")),
    ),
    links=("load",),
    senses=_senses,
    symbols={"contact_11": _symbol()},
    adjusts={"set_kg": "snap.set_kg"},
)
