"""Pneumatic pressure switch with a change-over contact."""

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
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol, Turns
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import changeover_symbol, pressure_actuator
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@sampled(
    reads=("pressure",),
    parameters=("set_bar", "differential_bar", "drift", "stuck_on", "dead"),
    memory=("position",),
    stage=Stage.ACTUATE,
)
def pressure_snap(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Snap action: trips above ``set_bar`` (bar gauge), resets ``differential_bar`` lower. ``pressure`` is absolute.

    ``drift`` multiplies the switching point (tired spring below 1, dirt above), ``dead`` (0/1) is a cut membrane,
    ``stuck_on`` (0/1) a snap mechanism that stays. Source: set point and differential of pressure switch sheets.
    """
    gauge = r.pressure - ATMOSPHERE_BAR
    point = p.set_bar * p.drift
    above = less(select(m.position, point - p.differential_bar, point), gauge)
    return {"position": maximum(above * less(p.dead, 0.5), less(0.5, p.stuck_on))}


explain(
    pressure_snap,
    Text(
        "Pressostat à rupture brusque : bascule au-dessus du seuil, revient un différentiel plus bas. Source : "
        "fiches de pressostats.",
        "Snap-action pressure switch: trips above its set point, resets a differential lower. Source: pressure switch "
        "sheets.",
    ),
    Curve(
        Text("contact selon la pression (aller et retour)", "contact against pressure, up and down"),
        Axis(Text("pression (absolue)", "absolute pressure"), "bar"),
        STATE,
        loop(1.0, lambda d: 1.013 + 2.0 * d.p.set_bar, "pressure", "position", count=120),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "P")
    b.sample(
        "snap",
        pressure_snap,
        {"pressure": b.across("P")},
        {
            "set_bar": p["set_bar"],
            "differential_bar": p["differential_bar"],
            "drift": 1.0,
            "stuck_on": 0.0,
            "dead": 0.0,
        },
    )
    add_contact(b, "11", "12", b.memory("snap", "position"), normally_closed=True)
    add_contact(b, "11", "14", b.memory("snap", "position"))


def _senses(tag: str, parameters: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.snap", "position")) > 0.5:
        return (
            Perception(Sense.LOOK, Text("L'index du pressostat est basculé.", "The index of the switch has tripped.")),
        )
    return (Perception(Sense.LOOK, Text("L'index du pressostat est au repos.", "The index of the switch is at rest.")),)


def _symbol() -> Symbol:
    base = changeover_symbol("11", "12", "14", "tripped")
    return Symbol(6, 4, base.shapes + pressure_actuator(), (*base.pins, Pin("P", 0, 2, "w")))


def _contact_symbol() -> Symbol:
    base = changeover_symbol("11", "12", "14", "tripped")
    return Symbol(6, 4, base.shapes + pressure_actuator(), base.pins)


def _pneumatic_symbol() -> Symbol:
    """ISO 1219-1 pressure switch: pressure line, setting spring, change-over contact in the box."""
    box = Rectangle(1, 1, 6, 4)
    spring = Line(((7, 3), (7.4, 2.3), (8.0, 3.7), (8.6, 2.3), (9.2, 3.7), (9.6, 3)))
    arrow = Line(((7.1, 4.9), (9.5, 1.3)), "thin")
    head = Polygon(((9.5, 1.3), (8.9, 1.7), (9.4, 2.0)), True)
    contact = (Line(((2.0, 2.2), (3.0, 2.2))), Line(((2.0, 3.8), (3.0, 3.8))), Line(((4.8, 3.0), (6.0, 3.0))))
    blade = Turns("tripped", 4.8, 3.0, -42.0, (Line(((4.8, 3.0), (2.9, 3.7))),))
    return Symbol(10, 7, (Line(((4, 7), (4, 5))), box, spring, arrow, head, *contact, blade), (Pin("P", 4, 7, "s"),))


COMPONENT = Component(
    family="pressure_switch",
    letter="B",
    text=Text("pressostat", "pressure switch"),
    sheet=Text(
        "Pressostat pneumatique réglable 1–10 bar, hystérésis 0,6 bar, contact inverseur 11-12-14 à rupture brusque. "
        "Valeurs : fiche de pressostat électromécanique à membrane.",
        "Pneumatic pressure switch adjustable 1–10 bar, hysteresis 0.6 bar, snap-action change-over 11-12-14. "
        "Values: sheet of an electromechanical membrane switch.",
    ),
    parameters=(
        Parameter(
            "set_bar", Text("seuil (bar relatif)", "set point (bar gauge)"), "bar", 4.5, 0.5, 12.0, adjustable=True
        ),
        Parameter("differential_bar", Text("hystérésis", "hysteresis"), "bar", 0.6, 0.1, 3.0),
    ),
    ports=(
        Port("P", Domain.PNEUMATIC),
        Port("11", Domain.DC),
        Port("12", Domain.DC),
        Port("14", Domain.DC),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "wrong_setting",
            Text("seuil du pressostat réglé trop haut", "pressure switch set too high"),
            (Effect("snap.set_bar", 9.0),),
            repair=Repair.ADJUST,
            rate=0.8,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "drift",
            Text("seuil du pressostat dérivé", "switching point drifted"),
            (Effect("snap.drift", 2.2),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.6,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "membrane_torn",
            Text("membrane percée : ne bascule plus", "membrane torn: no longer trips"),
            (Effect("snap.dead", 1.0),),
            rate=0.5,
        ),
        FailureMode(
            "stuck_on",
            Text("mécanisme bloqué en position basculée", "mechanism stuck tripped"),
            (Effect("snap.stuck_on", 1.0),),
            rate=0.4,
        ),
        contact_not_closing("11", "14", rate=0.7),
        contact_resistive("11", "14", ohms=30000.0, rate=0.7),
        contact_welded("11", "14", rate=0.3),
        contact_not_closing("11", "12", rate=0.4),
    ),
    channels=lambda tag, p: (
        Channel(
            "tripped", MemoryRef(f"{tag}.snap", "position"), seen=True, text=Text("contact basculé", "contact tripped")
        ),
    ),
    senses=_senses,
    symbols={"main": _symbol(), "contact_11": _contact_symbol(), "pneumatic": _pneumatic_symbol()},
    adjusts={"set_bar": "snap.set_bar"},
)
