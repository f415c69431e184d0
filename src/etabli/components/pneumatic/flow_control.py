"""One-way flow control: brakes the air that leaves a cylinder, lets it in freely."""

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
)
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, DROP, Curve, Piece, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import adjustable, check_valve, throttle
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import clamp, maximum, sqrt
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_CHECK_BAND_BAR = 0.02


@law(
    terminals={"a": Domain.PNEUMATIC, "b": Domain.PNEUMATIC},
    parameters=(
        "screw_conductance",
        "check_conductance",
        "opening",
        "check_leak",
        "check_lift",
        "passage",
        "critical_ratio",
        "check_band",
    ),
)
def one_way_flow_control(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Screw (share ``opening`` of its conductance) beside a check valve free from a to b (ISO 6358-1).

    The check opens over ± ``check_band`` bar (0.02 for a lip seal); ``check_leak`` is the share that stays open
    backwards, ``check_lift`` what opens forwards, ``passage`` what dirt leaves of the whole.
    """
    drop = v.a - v.b
    forward = 0.5 * (1.0 + drop / sqrt(drop * drop + p.check_band * p.check_band))
    check = p.check_conductance * maximum(forward * p.check_lift, p.check_leak)
    screw = p.screw_conductance * clamp(p.opening, 0.0, 1.0)
    m = air_flow(v.a, v.b, (screw + check) * p.passage, p.critical_ratio)
    return {"a": m, "b": -m}, {}


explain(
    one_way_flow_control,
    Text(
        "Réducteur de débit unidirectionnel : vis de réglage à côté d'un clapet, libre d'un côté (ISO 6358-1).",
        "One-way flow control: a screw beside a check valve that is free one way (ISO 6358-1).",
    ),
    Curve(
        Text(
            "débit selon Δp (à droite : sens libre, à gauche : sens réglé)",
            "flow against Δp (right: free, left: throttled)",
        ),
        DROP,
        AIR_FLOW,
        sweep(-6.0, 6.0, lambda d, x: _passed(d, x), 121),
    ),
)


def _passed(piece: Piece, drop: float) -> float:
    """Flow from ``a`` to ``b`` with 6 bar gauge at the higher side and ``drop`` bar across, l/min ANR."""
    high, low = 6.0 + ATMOSPHERE_BAR, 6.0 + ATMOSPHERE_BAR - abs(drop)
    a, b = (high, low) if drop > 0.0 else (low, high)
    return piece.flow("a", a=a, b=b) * AIR_L_MIN


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1")
    add_volume(b, "2")
    b.device(
        "throttle",
        one_way_flow_control,
        {"a": "1", "b": "2"},
        {
            "screw_conductance": p["screw_conductance"],
            "check_conductance": p["check_conductance"],
            "opening": p["opening"],
            "check_leak": 0.0,
            "check_lift": 1.0,
            "passage": 1.0,
            "critical_ratio": p["critical_ratio"],
            "check_band": _CHECK_BAND_BAR,
        },
    )
    add_leak(b, "leak", "2")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return hiss(read, tag, "leak", f"{tag}:2", Text("au raccord banjo du limiteur", "at the banjo of the flow control"))


def _symbol() -> Symbol:
    screw_branch = (Line(((3, 8), (3, 2))), *throttle(3, 5), *adjustable(3, 5))
    check_branch = (Line(((3, 7), (7, 7), (7, 5.45))), Line(((7, 4.0), (7, 3), (3, 3))), *check_valve(7, 4.6))
    pipes = (Line(((3, 10), (3, 8))), Line(((3, 2), (3, 0))))
    frame = Rectangle(0, 1.5, 9, 7)
    return Symbol(9, 10, (frame, *pipes, *screw_branch, *check_branch), (Pin("1", 3, 10, "s"), Pin("2", 3, 0, "n")))


COMPONENT = Component(
    family="flow_control",
    letter="V",
    purpose="R",
    text=Text("limiteur de débit unidirectionnel", "one-way flow control"),
    sheet=Text(
        "Vissé sur le vérin (orifice 2 côté vérin), il freine l'air qui sort (2 vers 1) et laisse entrer l'air "
        'librement (1 vers 2). On règle la vitesse du vérin avec sa vis. Valeurs : fiche de limiteur banjo 1/8" pour '
        "tube 6 mm.",
        "Screwed on the cylinder (port 2 on the cylinder side), it brakes the air that leaves (2 to 1) and lets air in "
        'freely (1 to 2). Its screw sets the speed of the cylinder. Values: data sheet of a 1/8" banjo flow control '
        "for 6 mm tube.",
    ),
    parameters=(
        Parameter("opening", Text("ouverture de la vis", "opening of the screw"), "", 0.35, 0.0, 1.0, True),
        Parameter(
            "screw_conductance",
            Text("conductance, vis ouverte", "conductance, screw open"),
            "dm³/(s·bar)",
            0.8,
            0.01,
            20.0,
        ),
        Parameter(
            "check_conductance",
            Text("conductance du clapet", "conductance of the check valve"),
            "dm³/(s·bar)",
            1.1,
            0.01,
            20.0,
        ),
        Parameter("critical_ratio", Text("rapport critique b", "critical pressure ratio b"), "", 0.35, 0.05, 0.6),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "screw_closed",
            Text("vis du limiteur presque fermée", "screw of the flow control nearly closed"),
            (Effect("throttle.opening", 0.01),),
            Repair.ADJUST,
            rate=1.5,
            degrees=(0.9, 1.0),
        ),
        FailureMode(
            "screw_open",
            Text("vis du limiteur ouverte en grand", "screw of the flow control wide open"),
            (Effect("throttle.opening", 1.0),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.8, 1.0),
            Text("Le contre-écrou de la vis est desserré.", "The lock nut of the screw is loose."),
        ),
        FailureMode(
            "blocked",
            Text("limiteur bouché par une impureté", "flow control blocked by dirt"),
            (Effect("throttle.passage", 1e-4, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            1.0,
            (0.7, 1.0),
        ),
        FailureMode(
            "check_stuck_open",
            Text("clapet du limiteur resté ouvert", "check valve of the flow control stuck open"),
            (Effect("throttle.check_leak", 1.0),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.8,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "check_stuck_closed",
            Text("clapet du limiteur collé fermé", "check valve of the flow control stuck closed"),
            (Effect("throttle.check_lift", 0.0),),
            rate=0.6,
        ),
        leak_mode("leak", Text("joint du limiteur coupé", "seal of the flow control cut"), "leak", 0.3),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
    adjusts={"opening": "throttle.opening"},
)
