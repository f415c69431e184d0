"""Adjustable throttle, with or without a check valve beside it."""

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
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import adjustable, throttle
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
    flow_factor,
    passage_senses,
)
from etabli.physics.expression import clamp
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_OF_IT = Text("de l'étrangleur", "of the throttle")


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "opening", "passage", *BYPASS),
    states=("flow",),
)
def throttle_and_check(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Screw (share ``opening`` of k, linear) and, where ``check_k`` is not 0, a check valve free from a to b.

    Turbulent orifices side by side (Merritt, chapter 3), k in cm³/s per √bar; ``passage`` is what dirt leaves of the
    screw. State ``flow`` in cm³/s from a to b.
    """
    q = orifice_flow(v.a, v.b, p.k * clamp(p.opening, 0.0, 1.0) * p.passage + bypass_factor(v.a - v.b, p))
    return {"a": q, "b": -q}, {"flow": q}


explain(
    throttle_and_check,
    Text(
        "Étrangleur (et clapet) : orifices turbulents en parallèle, q = k × ouverture × √Δp (Merritt, chapitre 3).",
        "Throttle (and check): turbulent orifices side by side, q = k × opening × √Δp (Merritt, chapter 3).",
    ),
    Curve(
        Text("débit selon Δp", "flow against Δp"),
        DROP,
        OIL_FLOW,
        sweep(-60.0, 60.0, lambda d, x: d.flow("a", a=max(x, 0.0), b=max(-x, 0.0)) * L_MIN, 121),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", leak_at="2")
    b.device(
        "throttle",
        throttle_and_check,
        {"a": "1", "b": "2"},
        {"k": p["k"], "opening": p["opening"], "passage": 1.0, **bypass_values(p)},
    )


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    screw = (
        FailureMode(
            "screw_closed",
            Text("vis de l'étrangleur presque fermée", "screw of the throttle nearly closed"),
            (Effect("throttle.opening", 0.01),),
            Repair.ADJUST,
            rate=1.5,
            degrees=(0.85, 1.0),
        ),
        FailureMode(
            "screw_open",
            Text("vis de l'étrangleur ouverte en grand", "screw of the throttle wide open"),
            (Effect("throttle.opening", 1.0),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.6, 1.0),
            Text("Le contre-écrou de la vis est desserré.", "The lock nut of the screw is loose."),
        ),
        clogged_mode("throttle.passage", _OF_IT, 1e-3),
        body_leak_mode(_OF_IT),
    )
    return (*screw, *bypass_modes("throttle", _OF_IT)) if has_check(p) else screw


_PINS = (Pin("1", 3, 10, "s"), Pin("2", 3, 0, "n"))
_LINE = Line(((3, 10), (3, 0)))

COMPONENT = Component(
    family="throttle_valve",
    letter="V",
    purpose="R",
    text=Text("étrangleur réglable", "adjustable throttle valve"),
    sheet=Text(
        "Freine l'huile par une section réglable : le débit suit la racine de la chute de pression, donc la charge. "
        "Avec clapet, le passage de 1 vers 2 est libre. Valeurs : fiche d'étrangleur en ligne G1/2 (30 l/min sous "
        "10 bar, vis ouverte).",
        "Brakes oil with an adjustable section: flow follows the root of the pressure drop, hence the load. With the "
        'check valve, the way from 1 to 2 is free. Values: data sheet of a 1/2" in-line throttle (30 l/min at 10 bar, '
        "screw open).",
    ),
    parameters=(
        Parameter("opening", Text("ouverture de la vis", "opening of the screw"), "", 0.4, 0.0, 1.0, True),
        with_check(Text("clapet de passage libre de 1 vers 2", "check valve, free from 1 to 2")),
        flow_factor("k", 158.0, Text("facteur de débit, vis ouverte", "flow factor, screw open")),
        check_factor(250.0),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=_modes,
    channels=flow_channel("throttle", 500.0),
    senses=passage_senses(
        "throttle",
        "1",
        "2",
        "2",
        Text("dans l'étrangleur", "in the throttle"),
        Text("à l'étrangleur", "at the throttle"),
    ),
    symbols={
        "main": Symbol(6, 10, (_LINE, *throttle(3, 5), *adjustable(3, 5)), _PINS),
        "with_check": Symbol(
            9,
            10,
            (Rectangle(0, 1.2, 9, 7.6), _LINE, *throttle(3, 5), *adjustable(3, 5), *bypass_branch(7, 5, 3)),
            _PINS,
        ),
    },
    adjusts={"opening": "throttle.opening"},
)
