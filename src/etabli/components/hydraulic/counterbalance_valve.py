"""Counterbalance valve: holds a load, lets it down under control of the pressure on the other side of the cylinder."""

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
    Port,
    Repair,
)
from etabli.components.curve import BAR, L_MIN, OIL_FLOW, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import arrow
from etabli.components.hydraulic.bypass_check import bypass_branch, bypass_modes, check_factor
from etabli.components.hydraulic.hydraulic_symbols import setting_spring
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_channel,
    flow_factor,
    passage_senses,
    ramp,
)
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_OF_IT = Text("de la valve d'équilibrage", "of the counterbalance valve")
_SPAN_SHARE = 0.2
"""Pressure over the setting at which it is fully open, as a share of the setting (override of the sheets)."""

_POPPET_S = 0.02


@law(
    terminals={"load": Domain.HYDRAULIC, "valve": Domain.HYDRAULIC, "x": Domain.HYDRAULIC},
    parameters=(
        "setting", "span_share", "ratio", "k", "passage", "seat_leak", "stuck", "lag",
        "check_k", "cracking", "lift", "check_leak",
    ),
    states=("opened", "flow"),
)  # fmt: skip
def counterbalance(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Relief from ``load`` to ``valve`` that a pilot helps, and a check valve free from ``valve`` to ``load``.

    It opens when ``p_load + ratio p_x >= setting + (1 + ratio) p_valve``: the spring chamber of a three-port valve
    drains to ``valve``, so the pressure there adds to the setting (sheets of counterbalance cartridges). Fully open
    ``span_share`` of the setting later; the damped poppet follows in ``lag`` s. ``stuck`` 0…1 takes its travel away,
    ``seat_leak`` is the share of k that dirt keeps open, ``check_leak`` that of the check valve. bar, cm³/s per √bar.
    States: ``opened`` 0…1, ``flow`` in cm³/s from load to valve.
    """
    force = v.load + p.ratio * v.x - (1.0 + p.ratio) * v.valve - p.setting
    wanted = ramp(force, p.span_share * p.setting + 1.0)
    opened = (s.opened * p.lag + ah * wanted) / (p.lag + ah)
    main = p.k * p.passage * maximum(opened * (1.0 - p.stuck), p.seat_leak)
    check = p.check_k * maximum(p.lift * ramp(v.valve - v.load - p.cracking, 1.0), p.check_leak)
    q = orifice_flow(v.load, v.valve, main + check)
    return {"load": q, "valve": -q, "x": 0.0 * v.x}, {"opened": opened, "flow": q}


explain(
    counterbalance,
    Text(
        "Valve d'équilibrage : elle s'ouvre quand pcharge + rapport × ppilote dépasse le réglage (plus le contre-effet "
        "de la pression côté distributeur) ; un clapet laisse monter. Source : fiches de cartouches d'équilibrage.",
        "Counterbalance valve: it opens when pload + ratio × ppilot beats the setting (plus what the valve side "
        "pressure adds); a check lets the load rise. Source: sheets of counterbalance cartridges.",
    ),
    Curve(
        Text(
            "débit de descente selon la pression de pilotage, charge à 120 bar",
            "lowering flow against pilot pressure, load at 120 bar",
        ),
        Axis(Text("pression de pilotage", "pilot pressure"), "bar"),
        OIL_FLOW,
        sweep(0.0, 80.0, lambda d, x: d.flow("load", load=120.0, x=x) * L_MIN, 81),
    ),
    Curve(
        Text("débit selon la pression de charge, sans pilotage", "flow against load pressure, no pilot"),
        BAR,
        OIL_FLOW,
        sweep(0.0, lambda d: 1.3 * d.p.setting, lambda d, x: d.flow("load", load=x) * L_MIN, 81),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", "X", leak_at="1")
    b.device(
        "poppet",
        counterbalance,
        {"load": "1", "valve": "2", "x": "X"},
        {
            "setting": p["setting_bar"],
            "span_share": _SPAN_SHARE,
            "ratio": p["ratio"],
            "k": p["k"],
            "passage": 1.0,
            "seat_leak": 0.0,
            "stuck": 0.0,
            "lag": _POPPET_S,
            "check_k": p["check_k"],
            "cracking": 1.0,
            "lift": 1.0,
            "check_leak": 0.0,
        },
    )


def _check_modes() -> tuple[FailureMode, ...]:
    """The check valve inside; its seat leak has a name of its own here."""
    opened, closed, reversed_ = bypass_modes("poppet", _OF_IT)
    effects = (Effect("poppet.check_leak", 0.3),)
    stuck_open = FailureMode(opened.id, opened.text, effects, opened.repair, opened.onsets, 0.8, (0.05, 1.0))
    return (stuck_open, closed, reversed_)


def _symbol() -> Symbol:
    """Flow from the load (1, top) down to 2 through the square, pilot from the left, check valve on the right."""
    square = (
        Rectangle(4, 3, 4, 4),
        *arrow((5, 3), (5, 7)),
        Line(((6, 0), (6, 3))),
        Line(((6, 7), (6, 10))),
        *setting_spring(8, 5),
    )
    pilots = (Line(((0, 5), (4, 5)), "dashed"), Line(((6, 2), (3, 2), (3, 4.2), (4, 4.2)), "dashed"))
    return Symbol(
        14,
        10,
        (Rectangle(2, 0.5, 12, 9), *square, *pilots, *bypass_branch(12.5, 5, 6, 4.0)),
        (Pin("1", 6, 0, "n"), Pin("2", 6, 10, "s"), Pin("X", 0, 5, "w")),
    )


COMPONENT = Component(
    family="counterbalance_valve",
    letter="V",
    purpose="R",
    text=Text("valve d'équilibrage", "counterbalance valve"),
    sheet=Text(
        "Tient la charge en 1. La laisse descendre vers 2 quand la pression de la charge plus le pilotage X, multiplié "
        "par son rapport, dépasse le tarage ; la contre-pression en 2 s'y ajoute. Libre de 2 vers 1. Se règle à 1,3 "
        "fois la pression de la plus forte charge. Valeurs : fiche de cartouche 60 l/min, rapport 3, tarage 210 bar.",
        "Holds the load at 1. Lets it down to 2 when the load pressure plus the pilot X, times its ratio, exceeds the "
        "setting; back pressure at 2 adds to it. Free from 2 to 1. Set it to 1.3 times the pressure of the heaviest "
        "load. Values: data sheet of a 60 l/min cartridge, ratio 3, setting 210 bar.",
    ),
    parameters=(
        Parameter("setting_bar", Text("tarage", "setting"), "bar", 210.0, 10.0, 420.0, True),
        Parameter("ratio", Text("rapport de pilotage", "pilot ratio"), "", 3.0, 0.0, 12.0),
        flow_factor("k", 200.0, Text("facteur de débit, ouverte", "flow factor, open")),
        check_factor(330.0),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC), Port("X", Domain.HYDRAULIC, "pilot")),
    build=_build,
    failure_modes=(
        FailureMode(
            "set_low",
            Text("valve d'équilibrage tarée trop bas : la charge descend", "counterbalance set too low: load sinks"),
            (Effect("poppet.setting", 0.05, relative=True),),
            Repair.ADJUST,
            rate=1.2,
            degrees=(0.7, 1.0),
        ),
        FailureMode(
            "set_high",
            Text("valve d'équilibrage tarée trop haut", "counterbalance valve set too high"),
            (Effect("poppet.setting", 2.0, relative=True),),
            Repair.ADJUST,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "spring_broken",
            Text("ressort de tarage cassé", "setting spring broken"),
            (Effect("poppet.setting", 0.02, relative=True),),
            rate=0.5,
        ),
        FailureMode(
            "seat_dirt",
            Text("impureté sur le siège : la charge descend lentement", "dirt on the seat: the load sinks slowly"),
            (Effect("poppet.seat_leak", 0.03),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            1.5,
            (0.05, 1.0),
        ),
        FailureMode(
            "stuck_closed",
            Text("poussoir de la valve d'équilibrage grippé fermé", "poppet of the counterbalance valve stuck closed"),
            (Effect("poppet.stuck", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.7,
        ),
        FailureMode(
            "pilot_blocked",
            Text("orifice de pilotage bouché", "pilot hole blocked"),
            (Effect("poppet.ratio", 0.0),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            0.8,
            (0.7, 1.0),
        ),
        clogged_mode("poppet.passage", _OF_IT),
        *_check_modes(),
        body_leak_mode(_OF_IT),
    ),
    channels=flow_channel("poppet", 1000.0),
    senses=passage_senses(
        "poppet",
        "1",
        "2",
        "1",
        Text("dans la valve d'équilibrage", "in the counterbalance valve"),
        Text("à la valve d'équilibrage", "at the counterbalance valve"),
    ),
    symbols={"main": _symbol()},
    adjusts={"setting_bar": "poppet.setting"},
)
