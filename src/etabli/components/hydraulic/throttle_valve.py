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
    Perception,
    Port,
    Read,
    Repair,
    Swap,
)
from etabli.components.drawing import Circle, Line, Pin, Rectangle, Shape, Symbol
from etabli.components.fluid_symbols import adjustable, throttle
from etabli.components.hydraulic.external_leak import leak_perceptions
from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.hydraulic.valve_parts import (
    add_ports,
    body_leak_mode,
    clogged_mode,
    flow_channel,
    flow_factor,
    ramp,
    throttled_oil,
)
from etabli.physics.expression import clamp, maximum
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_OF_IT = Text("de l'étrangleur", "of the throttle")
WITH_CHECK = Parameter(
    "with_check",
    Text("clapet de passage libre de 1 vers 2", "check valve, free from 1 to 2"),
    "",
    "without",
    choices=("without", "with"),
)


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "opening", "passage", "check_k", "cracking", "lift", "seat_leak"),
    states=("flow",),
)
def throttle_and_check(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Screw (share ``opening`` of k, linear) and, where ``check_k`` is not 0, a check valve free from a to b.

    Turbulent orifices side by side (Merritt, chapter 3), k in cm³/s per √bar; ``passage`` is what dirt leaves of the
    screw. State ``flow`` in cm³/s from a to b.
    """
    check = p.check_k * maximum(p.lift * ramp(v.a - v.b - p.cracking, 1.0), p.seat_leak)
    q = orifice_flow(v.a, v.b, p.k * clamp(p.opening, 0.0, 1.0) * p.passage + check)
    return {"a": q, "b": -q}, {"flow": q}


def _has_check(p: Parameters) -> bool:
    return str(p["with_check"]) == "with"


def _build(b: Builder, p: Parameters) -> None:
    add_ports(b, "1", "2", leak_at="2")
    b.device(
        "throttle",
        throttle_and_check,
        {"a": "1", "b": "2"},
        {
            "k": p["k"],
            "opening": p["opening"],
            "passage": 1.0,
            "check_k": p["check_k"] if _has_check(p) else 0.0,
            "cracking": 0.5,
            "lift": 1.0,
            "seat_leak": 0.0,
        },
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
    return (*screw, *check_modes("throttle", _OF_IT)) if _has_check(p) else screw


def check_modes(device: str, of_it: Text) -> tuple[FailureMode, ...]:
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
        FailureMode(
            "reversed",
            Text(f"montage à l'envers {of_it.fr}", f"wrong way round {of_it.en}"),
            (Swap("1", "2"),),
            Repair.RECONNECT,
            rate=0.5,
        ),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return (
        *throttled_oil(read, tag, "throttle", "1", "2", Text("dans l'étrangleur", "in the throttle")),
        *leak_perceptions(read, tag, "leak", f"{tag}:2", Text("à l'étrangleur", "at the throttle")),
    )


def check_branch(x: float, y: float, join: float, reach: float = 3.0, up: bool = True) -> tuple[Shape, ...]:
    """A check valve beside a vertical line at ``join``, free upwards (or downwards); its ball lies at (x, y)."""
    sense = 1.0 if up else -1.0
    seat, back = round(y + 0.85 * sense, 3), round(y - 0.6 * sense, 3)
    low = Line(((join, y + reach * sense), (x, y + reach * sense), (x, seat)))
    high = Line(((x, back), (x, y - reach * sense), (join, y - reach * sense)))
    edge = round(y - 0.1 * sense, 3)
    return (low, high, Circle(x, y, 0.6), Line(((x - 0.95, edge), (x, seat), (x + 0.95, edge))))


_PINS = (Pin("1", 3, 10, "s"), Pin("2", 3, 0, "n"))
_LINE = Line(((3, 10), (3, 0)))

COMPONENT = Component(
    family="throttle_valve",
    letter="V",
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
        WITH_CHECK,
        flow_factor("k", 158.0, Text("facteur de débit, vis ouverte", "flow factor, screw open")),
        flow_factor("check_k", 250.0, Text("facteur de débit du clapet", "flow factor of the check valve")),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=_modes,
    channels=flow_channel("throttle", 500.0),
    senses=_senses,
    symbols={
        "main": Symbol(6, 10, (_LINE, *throttle(3, 5), *adjustable(3, 5)), _PINS),
        "with_check": Symbol(
            9,
            10,
            (Rectangle(0, 1.2, 9, 7.6), _LINE, *throttle(3, 5), *adjustable(3, 5), *check_branch(7, 5, 3)),
            _PINS,
        ),
    },
    adjusts={"opening": "throttle.opening"},
)
