"""Pilot-operated check valve: holds a load until a pilot pressure opens it."""

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
from etabli.components.curve import L_MIN, OIL_FLOW, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import check_valve
from etabli.components.hydraulic.hydraulic_check_valve import seat_modes, spring_on_ball
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_factor,
    passage_senses,
    ramp,
)
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, law
from etabli.physics.network import StateRef
from etabli.physics.text import Text

_OF_IT = Text("du clapet piloté", "of the pilot-operated check valve")
_POPPET_S = 0.015
_SPAN_BAR = 3.0


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC, "x": Domain.HYDRAULIC},
    parameters=("k", "cracking", "span", "ratio", "friction", "lift", "seat_leak", "lag"),
    states=("opened", "flow"),
)
def pilot_check(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Free from a to b like a check valve; open backwards where the pilot piston beats the load on the seat.

    Force balance on the seat (sheets of pilot-operated check valves): it starts to open when
    ``ratio (px - pa) > (pb - pa) + cracking + friction``. The closing flow force, proportional to the opening and to
    the drop, spreads the opening over ``span + drop`` bar (Merritt, chapter 5) and the pilot poppet follows with a lag
    of ``lag`` s: both keep the load from falling in one jump. k in cm³/s per √bar, ``lift`` and ``seat_leak`` as in
    ``oil_check``. States: ``opened`` 0…1 by the pilot, ``flow`` in cm³/s from a to b.
    """
    drop = v.b - v.a
    excess = p.ratio * (v.x - v.a) - drop - p.cracking - p.friction
    wanted = ramp(excess, p.span + maximum(drop, 0.0))
    opened = (s.opened * p.lag + ah * wanted) / (p.lag + ah)
    opening = maximum(p.lift * maximum(ramp(-drop - p.cracking, 1.0), opened), p.seat_leak)
    q = orifice_flow(v.a, v.b, p.k * opening)
    return {"a": q, "b": -q, "x": 0.0 * v.x}, {"opened": opened, "flow": q}


explain(
    pilot_check,
    Text(
        "Clapet piloté : libre dans un sens ; dans l'autre, il s'ouvre quand rapport × (pX − pA) dépasse pB − pA plus "
        "le ressort. Source : fiches de clapets pilotés ; Merritt, chapitre 5.",
        "Pilot-operated check: free one way; the other way it opens when ratio × (pX − pA) beats pB − pA plus the "
        "spring. Source: pilot check sheets; Merritt, chapter 5.",
    ),
    Curve(
        Text(
            "débit de retour selon le pilotage, charge à 100 bar", "return flow against pilot pressure, load at 100 bar"
        ),
        Axis(Text("pression de pilotage", "pilot pressure"), "bar"),
        OIL_FLOW,
        sweep(0.0, 120.0, lambda d, x: d.flow("b", b=100.0, x=x) * L_MIN, 121),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", "X", leak_at="2")
    b.device(
        "seat",
        pilot_check,
        {"a": "1", "b": "2", "x": "X"},
        {
            "k": p["k"],
            "cracking": p["cracking_bar"],
            "span": _SPAN_BAR,
            "ratio": p["ratio"],
            "friction": 0.0,
            "lift": 1.0,
            "seat_leak": 0.0,
            "lag": _POPPET_S,
        },
    )


def _symbol() -> Symbol:
    body = (Line(((4, 8), (4, 5.35))), *check_valve(4, 4.5), spring_on_ball(4, 3.9), Line(((4, 2.3), (4, 0))))
    pilot = Line(((0, 5), (3.1, 5), (3.7, 4.95)), "dashed")
    return Symbol(
        8,
        8,
        (Rectangle(1.5, 1.5, 5, 5), *body, pilot),
        (Pin("1", 4, 8, "s"), Pin("2", 4, 0, "n"), Pin("X", 0, 5, "w")),
    )


COMPONENT = Component(
    family="pilot_check_valve",
    letter="V",
    purpose="R",
    text=Text("clapet anti-retour piloté", "pilot-operated check valve"),
    sheet=Text(
        "Libre de 1 vers 2 ; tient la charge en 2 sans fuite. Une pression en X l'ouvre de 2 vers 1 : il faut environ "
        "la pression de la charge divisée par le rapport de pilotage. Valeurs : fiche de clapet piloté NG10 (ouverture "
        "1,5 bar, rapport 4, 40 l/min sous 4 bar).",
        "Free from 1 to 2; holds the load at 2 without leak. Pressure at X opens it from 2 to 1: about the load's "
        "pressure divided by the pilot ratio. Values: data sheet of an NG10 pilot-operated check valve (cracking 1.5 "
        "bar, ratio 4, 40 l/min at 4 bar).",
    ),
    parameters=(
        Parameter("ratio", Text("rapport de pilotage", "pilot ratio"), "", 4.0, 1.2, 20.0),
        Parameter("cracking_bar", Text("pression d'ouverture", "cracking pressure"), "bar", 1.5, 0.05, 10.0),
        flow_factor("k", 330.0, Text("facteur de débit, ouvert", "flow factor, open")),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC), Port("X", Domain.HYDRAULIC, "pilot")),
    build=_build,
    failure_modes=(
        *seat_modes("seat", _OF_IT),
        FailureMode(
            "pilot_stuck",
            Text("piston de pilotage grippé", "pilot piston stuck"),
            (Effect("seat.friction", 2000.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "pilot_stiff",
            Text("piston de pilotage dur : il ouvre trop tard", "stiff pilot piston: it opens too late"),
            (Effect("seat.friction", 300.0),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            0.8,
            (0.3, 1.0),
        ),
        clogged_mode("seat.k", _OF_IT),
        body_leak_mode(_OF_IT),
    ),
    channels=lambda tag, p: (
        Channel("opened", StateRef(f"{tag}.seat", "opened")),
        Channel("flow", StateRef(f"{tag}.seat", "flow"), 0.0, 1000.0),
    ),
    senses=passage_senses(
        "seat",
        "1",
        "2",
        "2",
        Text("dans le clapet piloté", "in the pilot-operated check valve"),
        Text("au clapet piloté", "at the pilot-operated check valve"),
    ),
    symbols={"main": _symbol()},
)
