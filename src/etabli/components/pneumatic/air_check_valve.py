"""Non-return valve: lets the air through one way, holds it the other way."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
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
    Swap,
)
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.fluid_symbols import check_valve
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.seat import SEAT_RATIO, check_seat
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.text import Text

_LAG_S = 0.005


def check_parameters(conductance: float, cracking_bar: float) -> dict[str, float]:
    """A sound non-return seat of C ``conductance`` dm³/(s·bar) that opens at ``cracking_bar``."""
    return {
        "conductance": conductance,
        "cracking": cracking_bar,
        "band": max(0.2, 2.0 * cracking_bar),
        "lift": 1.0,
        "leak": 0.0,
        "critical_ratio": SEAT_RATIO,
        "lag": _LAG_S,
    }


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1")
    add_volume(b, "2")
    parameters = check_parameters(float(p["conductance"]), float(p["cracking_bar"]))
    b.device("seat", check_seat, {"a": "1", "b": "2"}, parameters)
    add_leak(b, "leak", "2")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return hiss(read, tag, "leak", f"{tag}:2", Text("au raccord du clapet", "at the fitting of the check valve"))


COMPONENT = Component(
    family="air_check_valve",
    letter="V",
    purpose="R",
    text=Text("clapet anti-retour pneumatique", "pneumatic check valve"),
    sheet=Text(
        "Laisse passer l'air de 1 vers 2 et l'arrête dans l'autre sens : il garde la pression d'un réservoir ou d'une "
        "bride quand l'alimentation tombe. Une cavité ainsi tenue reste SOUS PRESSION vanne fermée. Valeurs : fiche de "
        'clapet en ligne 1/8", ouverture 0,05 bar.',
        "Lets air through from 1 to 2 and stops it the other way: it keeps the pressure of a tank or a clamp when the "
        'supply falls. What it holds stays UNDER PRESSURE with the valve closed. Values: data sheet of an in-line 1/8" '
        "check valve, opening at 0.05 bar.",
    ),
    parameters=(
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 2.5, 0.05, 50.0),
        Parameter("cracking_bar", Text("pression d'ouverture", "opening pressure"), "bar", 0.05, 0.0, 2.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "stuck_open",
            Text("clapet coincé ouvert", "check valve stuck open"),
            (Effect("seat.leak", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.7,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "seat_worn",
            Text("siège du clapet usé : retour d'air lent", "worn seat: slow back flow"),
            (Effect("seat.leak", 0.03),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.2, 1.0),
        ),
        FailureMode(
            "stuck_closed",
            Text("clapet collé fermé", "check valve stuck closed"),
            (Effect("seat.lift", 0.001),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.6,
            (0.95, 1.0),
        ),
        FailureMode(
            "reversed",
            Text("clapet monté à l'envers", "check valve fitted the wrong way round"),
            (Swap("1", "2"),),
            Repair.RECONNECT,
            rate=0.4,
        ),
        leak_mode("leak", Text("joint du clapet coupé", "seal of the check valve cut"), "leak", 0.3),
    ),
    senses=_senses,
    symbols={
        "main": Symbol(
            4,
            6,
            (Line(((2, 6), (2, 3.85))), *check_valve(2, 3), Line(((2, 2.4), (2, 0)))),
            (Pin("1", 2, 6, "s"), Pin("2", 2, 0, "n")),
        )
    },
)
