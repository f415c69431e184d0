"""Snap-action contact that follows a quantity of the oil: pressure, level, temperature, drop across a filter."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Channel, FailureMode
from etabli.components.curve import STATE, Axis, Curve, explain, loop
from etabli.components.drawing import Shape, Symbol
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import changeover_symbol
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text


@sampled(
    reads=("value", "less"),
    parameters=("set_point", "differential", "drift", "stuck_on", "dead"),
    memory=("position",),
    stage=Stage.ACTUATE,
)
def oil_snap(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Trips above ``set_point`` times ``drift``, resets ``differential`` lower; the quantity is ``value - less``.

    ``dead`` (0/1) never trips, ``stuck_on`` (0/1) stays tripped. Source: set point and differential of switch sheets.
    """
    quantity = r.value - r.less
    point = p.set_point * p.drift
    above = less(select(m.position, point - p.differential, point), quantity)
    return {"position": maximum(above * less(p.dead, 0.5), less(0.5, p.stuck_on))}


explain(
    oil_snap,
    Text(
        "Contact à rupture brusque : bascule au-dessus du seuil, revient un différentiel plus bas. Source : fiches "
        "de pressostats, thermostats et indicateurs.",
        "Snap contact: trips above its set point, resets a differential lower. Source: sheets of pressure switches, "
        "thermostats and indicators.",
    ),
    Curve(
        Text(
            "contact selon la grandeur surveillée (aller et retour)",
            "contact against the watched quantity, up and down",
        ),
        Axis(Text("grandeur surveillée", "watched quantity")),
        STATE,
        loop(0.0, lambda d: 1.5 * d.p.set_point, "value", "position", count=150),
    ),
)


def add_oil_snap(b: Builder, value: Ref, set_point: float, differential: float, minus: Ref | None = None) -> None:
    """Sampled device ``snap`` and its change-over contact 11-12-14 (11 common, 14 made when tripped)."""
    parameters = {
        "set_point": set_point,
        "differential": differential,
        "drift": 1.0,
        "stuck_on": 0.0,
        "dead": 0.0,
    }
    zero = b.parameter("snap", "stuck_on") if minus is None else minus
    b.sample("snap", oil_snap, {"value": value, "less": zero}, parameters)
    add_contact(b, "11", "12", b.memory("snap", "position"), normally_closed=True)
    add_contact(b, "11", "14", b.memory("snap", "position"))


CONTACT_MODES: tuple[FailureMode, ...] = (
    contact_not_closing("11", "14", rate=0.7),
    contact_resistive("11", "14", ohms=30000.0, rate=0.7),
    contact_welded("11", "14", rate=0.3),
    contact_not_closing("11", "12", rate=0.7),
    contact_resistive("11", "12", ohms=30000.0, rate=0.7),
)


def tripped_channel(tag: str, text: Text) -> Channel:
    """The contact, as the index or the lamp of the switch shows it."""
    return Channel("tripped", MemoryRef(f"{tag}.snap", "position"), seen=True, text=text)


def contact_with(actuator: tuple[Shape, ...]) -> Symbol:
    """The change-over contact with its actuator drawn left of the blade."""
    base = changeover_symbol("11", "12", "14", "tripped")
    return Symbol(6, 4, base.shapes + actuator, base.pins)
