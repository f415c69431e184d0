"""Hydraulic non-return valve with a spring."""

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
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.fluid_symbols import check_valve
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_channel,
    flow_factor,
    passage_senses,
    ramp,
    reversed_mode,
)
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_OF_IT = Text("du clapet anti-retour", "of the check valve")


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "cracking", "span", "lift", "seat_leak"),
    states=("flow",),
)
def oil_check(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Ball on a spring, free from a to b: opens at ``cracking`` bar, fully ``span`` bar later, then ``q = k √drop``.

    k in cm³/s per √bar; ``lift`` is the share of its travel that the ball still makes, ``seat_leak`` the share of k
    that stays open both ways. Source: static force balance of a poppet (Merritt, chapter 5); curves of check valve
    sheets. State ``flow`` in cm³/s.
    """
    drop = v.a - v.b
    opening = maximum(p.lift * ramp(drop - p.cracking, p.span), p.seat_leak)
    q = orifice_flow(v.a, v.b, p.k * opening)
    return {"a": q, "b": -q}, {"flow": q}


explain(
    oil_check,
    Text(
        "Clapet anti-retour à ressort : s'ouvre à sa pression de tarage, puis q = k √Δp. Source : équilibre statique "
        "d'un clapet (Merritt, chapitre 5), courbes de fiches.",
        "Spring-loaded check valve: opens at its cracking pressure, then q = k √Δp. Source: static balance of a poppet "
        "(Merritt, chapter 5), curves of sheets.",
    ),
    Curve(
        Text("débit selon Δp (à droite : sens libre)", "flow against Δp (right: free direction)"),
        DROP,
        OIL_FLOW,
        sweep(-10.0, 6.0, lambda d, x: d.flow("a", a=max(x, 0.0), b=max(-x, 0.0)) * L_MIN, 129),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", leak_at="2")
    b.device(
        "seat",
        oil_check,
        {"a": "1", "b": "2"},
        {"k": p["k"], "cracking": p["cracking_bar"], "span": 1.0, "lift": 1.0, "seat_leak": 0.0},
    )


def seat_modes(device: str, of_it: Text) -> tuple[FailureMode, ...]:
    """Dirt under the ball, ball stuck open, ball stuck closed, of a device with ``lift`` and ``seat_leak``."""
    return (
        FailureMode(
            "seat_dirt",
            Text(f"impureté sous la bille {of_it.fr} : fuite inverse", f"dirt under the ball {of_it.en}: leaks back"),
            (Effect(f"{device}.seat_leak", 0.05),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            1.5,
            (0.1, 1.0),
        ),
        FailureMode(
            "stuck_open",
            Text(f"bille {of_it.fr} bloquée ouverte", f"ball {of_it.en} stuck open"),
            (Effect(f"{device}.seat_leak", 1.0),),
            rate=0.6,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "stuck_closed",
            Text(f"bille {of_it.fr} collée sur son siège", f"ball {of_it.en} stuck on its seat"),
            (Effect(f"{device}.lift", 0.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
        ),
    )


def spring_on_ball(x: float, y: float) -> Line:
    """The spring of a check valve whose ball lies under (x, y), 1.6 modules high."""
    turns = tuple((x + (0.5 if i % 2 else -0.5), round(y - 0.2 - 0.3 * i, 3)) for i in range(5))
    return Line(((x, y), *turns, (x, round(y - 1.6, 3))))


COMPONENT = Component(
    family="hydraulic_check_valve",
    letter="V",
    purpose="R",
    text=Text("clapet anti-retour hydraulique", "hydraulic check valve"),
    sheet=Text(
        "Laisse passer l'huile de 1 vers 2 dès la pression d'ouverture du ressort, la retient de 2 vers 1 sans fuite. "
        "Valeurs : fiche de clapet en ligne G1/2 (ouverture 0,5 bar, 40 l/min sous 4 bar).",
        "Lets oil through from 1 to 2 from the cracking pressure of its spring on, holds it from 2 to 1 without leak. "
        'Values: data sheet of a 1/2" in-line check valve (cracking 0.5 bar, 40 l/min at 4 bar).',
    ),
    parameters=(
        Parameter("cracking_bar", Text("pression d'ouverture", "cracking pressure"), "bar", 0.5, 0.05, 10.0),
        flow_factor("k", 330.0, Text("facteur de débit, ouvert", "flow factor, open")),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=(
        *seat_modes("seat", _OF_IT),
        FailureMode(
            "spring_broken",
            Text("ressort du clapet cassé : la bille ne se ferme plus bien", "spring broken: the ball seats badly"),
            (Effect("seat.cracking", 0.0), Effect("seat.seat_leak", 0.02)),
            rate=0.7,
            degrees=(0.3, 1.0),
        ),
        reversed_mode(Text("clapet anti-retour monté à l'envers", "check valve mounted the wrong way round")),
        clogged_mode("seat.k", _OF_IT),
        body_leak_mode(_OF_IT),
    ),
    channels=flow_channel("seat", 1000.0),
    senses=passage_senses(
        "seat",
        "1",
        "2",
        "2",
        Text("dans le clapet", "in the check valve"),
        Text("au clapet anti-retour", "at the check valve"),
    ),
    symbols={
        "main": Symbol(
            4,
            6,
            (
                Line(((2, 6), (2, 4.35))),
                *check_valve(2, 3.5),
                spring_on_ball(2, 2.9),
                Line(((2, 1.3), (2, 0))),
            ),
            (Pin("1", 2, 6, "s"), Pin("2", 2, 0, "n")),
        )
    },
)
