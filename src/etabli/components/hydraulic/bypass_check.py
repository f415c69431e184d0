"""A check valve beside a throttle, a flow regulator or a counterbalance valve: free one way, shut the other."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Effect, FailureMode, Onset, Parameter, Parameters
from etabli.components.drawing import Circle, Line, Shape
from etabli.components.hydraulic.valve_parts import flow_factor, ramp, reversed_mode
from etabli.physics.expression import maximum
from etabli.physics.text import Text

BYPASS = ("check_k", "cracking", "lift", "seat_leak")
"""Parameters of a law that has such a check valve."""


def bypass_factor(drop: Any, p: Any) -> Any:
    """Its k now (cm³/s per √bar) under ``drop`` bar in its free direction: shut below ``cracking``, then open within
    1 bar; ``lift`` is the share of its travel that it still makes, ``seat_leak`` the share of k that stays open."""
    return p.check_k * maximum(p.lift * ramp(drop - p.cracking, 1.0), p.seat_leak)


def with_check(what: Text) -> Parameter:
    """The choice of the data sheet: with or without it; ``what`` says which way it is free."""
    return Parameter("with_check", what, "", "without", choices=("without", "with"))


def check_factor(default: float) -> Parameter:
    """Flow factor of the check valve, open."""
    return flow_factor("check_k", default, Text("facteur de débit du clapet", "flow factor of the check valve"))


def has_check(p: Parameters) -> bool:
    """Whether this valve has it."""
    return str(p["with_check"]) == "with"


def bypass_values(p: Parameters) -> dict[str, float]:
    """Values of the parameters :data:`BYPASS` (spring of 0.5 bar)."""
    return {
        "check_k": float(p["check_k"]) if has_check(p) else 0.0,
        "cracking": 0.5,
        "lift": 1.0,
        "seat_leak": 0.0,
    }


def bypass_modes(device: str, of_it: Text) -> tuple[FailureMode, ...]:
    """How the check valve beside a throttle fails (parameters ``seat_leak`` and ``lift`` of ``device``)."""
    return (
        FailureMode(
            "check_stuck_open",
            Text(f"clapet {of_it.fr} resté ouvert", f"check valve {of_it.en} stuck open"),
            (Effect(f"{device}.seat_leak", 1.0),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.8,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "check_stuck_closed",
            Text(f"clapet {of_it.fr} collé fermé", f"check valve {of_it.en} stuck closed"),
            (Effect(f"{device}.lift", 0.0),),
            rate=0.6,
        ),
        reversed_mode(Text(f"montage à l'envers {of_it.fr}", f"wrong way round {of_it.en}")),
    )


def bypass_branch(x: float, y: float, join: float, reach: float = 3.0, up: bool = True) -> tuple[Shape, ...]:
    """A check valve beside a vertical line at ``join``, free upwards (or downwards); its ball lies at (x, y)."""
    sense = 1.0 if up else -1.0
    seat, back = round(y + 0.85 * sense, 3), round(y - 0.6 * sense, 3)
    low = Line(((join, y + reach * sense), (x, y + reach * sense), (x, seat)))
    high = Line(((x, back), (x, y - reach * sense), (join, y - reach * sense)))
    edge = round(y - 0.1 * sense, 3)
    return (low, high, Circle(x, y, 0.6), Line(((x - 0.95, edge), (x, seat), (x + 0.95, edge))))
