"""Pressure-compensated two-way flow regulator."""

from __future__ import annotations

import math
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
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import adjustable, arrow, throttle
from etabli.components.hydraulic.bypass_check import (
    BYPASS,
    bypass_branch,
    bypass_factor,
    bypass_modes,
    bypass_values,
    check_factor,
    has_check,
    with_check,
)
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_channel,
    passage_senses,
)
from etabli.physics.expression import clamp, knee
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_OF_IT = Text("du régulateur de débit", "of the flow regulator")
_CORNER = 0.2
"""Half width of the corner at the regulating pressure, as a share of it."""

CM3_S_PER_LMIN = 1000.0 / 60.0


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "opening", "passage", "regulating", "rise", "stuck", *BYPASS),
    states=("flow",),
)
def compensated_throttle(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Metering orifice whose own drop a compensator spool holds at ``regulating`` bar, from a to b.

    Below that drop the compensator is wide open: ``q = k √drop``; above, the orifice sees ``regulating`` plus the share
    ``rise`` of the excess, so the flow is constant but for that (characteristic of two-way flow regulator sheets;
    Merritt, chapter 5). Backwards the compensator is open. ``stuck`` 0…1: how much of the drop escapes the compensator.
    ``check_k`` (0: none) is a check valve free from b to a. k in cm³/s per √bar; state ``flow`` in cm³/s.
    """
    drop = v.a - v.b
    excess = knee(drop - p.regulating, _CORNER * p.regulating)
    seen = drop - (1.0 - p.rise) * (1.0 - p.stuck) * excess
    metered = orifice_flow(seen, 0.0, p.k * clamp(p.opening, 0.0, 1.0) * p.passage)
    q = metered + orifice_flow(v.a, v.b, bypass_factor(-drop, p))
    return {"a": q, "b": -q}, {"flow": q}


explain(
    compensated_throttle,
    Text(
        "Régulateur de débit à deux voies : un tiroir tient constante la chute de pression sur l'orifice réglé, donc "
        "le débit. Source : fiches de régulateurs ; Merritt, chapitre 5.",
        "Two-way flow regulator: a spool keeps the drop across the set orifice constant, hence the flow. Source: "
        "regulator sheets; Merritt, chapter 5.",
    ),
    Curve(
        Text("débit selon la différence de pression", "flow against pressure difference"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 200.0, lambda d, x: d.flow("a", a=x) * L_MIN, 101),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", leak_at="1")
    regulating = float(p["regulating_bar"])
    b.device(
        "regulator",
        compensated_throttle,
        {"a": "1", "b": "2"},
        {
            "k": float(p["flow_lmin"]) * CM3_S_PER_LMIN / math.sqrt(regulating),
            "opening": p["opening"],
            "passage": 1.0,
            "regulating": regulating,
            "rise": 0.001,
            "stuck": 0.0,
            **bypass_values(p),
        },
    )


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    modes = (
        FailureMode(
            "set_low",
            Text("régulateur de débit réglé trop bas", "flow regulator set too low"),
            (Effect("regulator.opening", 0.02),),
            Repair.ADJUST,
            rate=1.5,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "set_high",
            Text("régulateur de débit réglé trop haut", "flow regulator set too high"),
            (Effect("regulator.opening", 1.0),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.6, 1.0),
        ),
        FailureMode(
            "compensator_stuck",
            Text("balance de pression grippée ouverte", "pressure compensator stuck open"),
            (Effect("regulator.stuck", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=1.0,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "spring_broken",
            Text("ressort de la balance de pression cassé", "spring of the pressure compensator broken"),
            (Effect("regulator.regulating", 0.05, relative=True, logarithmic=True),),
            rate=0.6,
            degrees=(0.5, 1.0),
        ),
        clogged_mode("regulator.passage", _OF_IT, 1e-3),
        body_leak_mode(_OF_IT),
    )
    return (*modes, *bypass_modes("regulator", _OF_IT)) if has_check(p) else modes


_PINS = (Pin("1", 4, 10, "s"), Pin("2", 4, 0, "n"))
_BASE = (
    Rectangle(1.5, 2, 5, 6),
    Line(((4, 10), (4, 0))),
    *throttle(4, 5),
    *adjustable(4, 5, 2.2),
    *arrow((5.9, 7.2), (5.9, 4.6), "thin", 0.6),
)

COMPONENT = Component(
    family="flow_regulator",
    letter="V",
    purpose="R",
    text=Text("régulateur de débit à 2 voies", "two-way flow regulator"),
    sheet=Text(
        "Garde le débit de 1 vers 2 constant quelle que soit la charge, dès que la chute de pression dépasse celle de "
        "sa balance. Avec clapet, le retour de 2 vers 1 est libre. Valeurs : fiche de régulateur 2 voies NG6 "
        "(16 l/min, balance de 8 bar, variation de 2 % à 315 bar).",
        "Keeps the flow from 1 to 2 constant whatever the load, as soon as the pressure drop exceeds that of its "
        "compensator. With the check valve, the way back from 2 to 1 is free. Values: data sheet of an NG6 two-way "
        "flow regulator (16 l/min, compensator of 8 bar, 2 % change at 315 bar).",
    ),
    parameters=(
        Parameter("opening", Text("réglage, part du débit maximal", "setting, share of flow"), "", 0.5, 0, 1, True),
        Parameter("flow_lmin", Text("débit maximal", "greatest flow"), "l/min", 16.0, 0.1, 400.0),
        Parameter("regulating_bar", Text("chute de la balance", "drop of the compensator"), "bar", 8.0, 1.0, 30.0),
        with_check(Text("clapet de retour libre de 2 vers 1", "check valve, free back from 2 to 1")),
        check_factor(200.0),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=_modes,
    channels=flow_channel("regulator", 300.0),
    senses=passage_senses(
        "regulator",
        "1",
        "2",
        "1",
        Text("dans le régulateur", "in the flow regulator"),
        Text("au régulateur de débit", "at the flow regulator"),
    ),
    symbols={
        "main": Symbol(8, 10, _BASE, _PINS),
        "with_check": Symbol(11, 10, (*_BASE, *bypass_branch(9, 5, 4, 4.0, up=False)), _PINS),
    },
    adjusts={"opening": "regulator.opening"},
)
