"""Threshold relay for a 4-20 mA loop: its contact changes over above a set current."""

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
    Port,
    Repair,
)
from etabli.components.curve import STATE, Axis, Curve, explain, loop
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole, resistor
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import led
from etabli.components.electrical.output_relay import lights_seen
from etabli.physics.expression import less, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_BURDEN_OHM = 100.0
_ISOLATION_OHM = 1e6
_LIVE_V = 16.0


@sampled(
    reads=("a1", "a2", "current"),
    parameters=("set_a", "differential_a", "drift", "dead"),
    memory=("powered", "position"),
    stage=Stage.ACTUATE,
)
def loop_threshold(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Picks up above ``set_a + drift`` A, releases ``differential_a`` lower; needs its supply. ``dead`` (0/1)."""
    powered = less(_LIVE_V, r.a1 - r.a2) * less(p.dead, 0.5)
    point = p.set_a + p.drift
    above = less(select(m.position, point - p.differential_a, point), r.current)
    return {"powered": powered, "position": powered * above}


explain(
    loop_threshold,
    Text(
        "Relais à seuil : s'enclenche au-dessus du seuil, retombe un différentiel plus bas.",
        "Threshold relay: picks up above its set point, releases a differential lower.",
    ),
    Curve(
        Text("relais selon le courant de boucle (aller et retour)", "relay against loop current, up and down"),
        Axis(Text("courant", "current"), "mA"),
        STATE,
        loop(4e-3, 20e-3, "current", "position", count=120, scale=1e3, a1=24.0),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("electronics", resistor, {"a": "A1", "b": "A2"}, {"resistance": 24.0 / float(p["supply_a"])})
    b.device("burden", dc_pole, {"a": "I+", "b": "I-"}, {"resistance": _BURDEN_OHM})
    b.device("isolation", resistor, {"a": "I-", "b": "A2"}, {"resistance": _ISOLATION_OHM})
    b.sample(
        "logic",
        loop_threshold,
        {"a1": b.across("A1"), "a2": b.across("A2"), "current": b.state("burden", "current")},
        {
            "set_a": 1e-3 * float(p["set_ma"]),
            "differential_a": 1e-3 * float(p["differential_ma"]),
            "drift": 0.0,
            "dead": 0.0,
        },
    )
    add_contact(b, "11", "12", b.memory("logic", "position"), normally_closed=True)
    add_contact(b, "11", "14", b.memory("logic", "position"))


_LEDS = (("powered", "ON"), ("position", "OUT"))


def _symbol() -> Symbol:
    pins = (
        Pin("A1", 2, 0, "n"),
        Pin("I+", 8, 0, "n"),
        Pin("I-", 14, 0, "n"),
        Pin("14", 22, 0, "n"),
        Pin("12", 26, 0, "n"),
        Pin("A2", 2, 9, "s"),
        Pin("11", 24, 9, "s"),
    )
    leads = (*(Line(((x, 0), (x, 1))) for x in (2, 8, 14)), Line(((2, 8), (2, 9))))
    contact = (
        Line(((22, 0), (22, 4.2), (23.2, 4.2))),
        Line(((26, 0), (26, 4.2), (24.8, 4.2))),
        Line(((24, 6), (24.9, 4.2))),
        Line(((24, 6), (24, 9))),
    )
    return Symbol(
        28,
        9,
        (
            Rectangle(0.5, 1, 27, 7),
            *leads,
            *contact,
            Label(11, 2.6, "4–20 mA", 0.9),
            *led(5, 5, "powered"),
            Label(5, 6.6, "ON", 0.8),
            *led(12, 5, "output", "orange"),
            Label(12, 6.6, "OUT", 0.8),
        ),
        pins,
    )


COMPONENT = Component(
    family="threshold_relay",
    letter="K",
    text=Text("relais à seuil pour boucle 4-20 mA", "threshold relay for a 4-20 mA loop"),
    sheet=Text(
        "Entrée 4-20 mA (charge 100 Ω) entre I+ et I-, alimentation 24 V en A1-A2. 11-14 se ferme au-dessus du seuil. "
        "Boucle coupée ou alimentation absente : au repos. Valeurs : fiche de relais à seuil sur rail.",
        "4-20 mA input (100 Ω burden) between I+ and I-, 24 V supply at A1-A2. 11-14 closes above the set point. Loop "
        "open or no supply: at rest. Values: sheet of a rail-mounted threshold relay.",
    ),
    parameters=(
        Parameter("set_ma", Text("seuil", "set point"), "mA", 6.0, 4.0, 20.0),
        Parameter("differential_ma", Text("hystérésis", "hysteresis"), "mA", 0.5, 0.05, 4.0),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.06, 0.01, 0.3),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("A1", "A2", "I+", "I-", "11", "12", "14")),
    build=_build,
    failure_modes=(
        FailureMode(
            "dead",
            Text("relais à seuil hors service", "threshold relay dead"),
            (Effect("logic.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
            rate=0.6,
        ),
        FailureMode(
            "set_low",
            Text("seuil réglé trop bas : toujours enclenché", "set point too low: always on"),
            (Effect("logic.drift", -4e-3),),
            Repair.ADJUST,
            degrees=(0.8, 1.0),
        ),
        FailureMode(
            "input_open",
            Text("entrée de boucle coupée", "loop input open"),
            (Effect("burden.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
        contact_not_closing("11", "14", rate=0.6),
        contact_resistive("11", "14", ohms=30000.0, rate=0.6),
        contact_welded("11", "14", rate=0.4),
        contact_not_closing("11", "12", rate=0.3),
        contact_resistive("11", "12", ohms=30000.0, rate=0.3),
    ),
    channels=lambda tag, p: (
        Channel("powered", MemoryRef(f"{tag}.logic", "powered"), seen=True, text=Text("voyant ON", "ON light")),
        Channel("output", MemoryRef(f"{tag}.logic", "position"), seen=True, text=Text("voyant OUT", "OUT light")),
    ),
    signals={"output": lambda tag, p: MemoryRef(f"{tag}.logic", "position")},
    senses=lambda tag, p, read: (lights_seen(tag, "logic", _LEDS, read),),
    symbols={"main": _symbol()},
)
