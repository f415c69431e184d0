"""3/2 solenoid valve with spring return, normally closed or normally open."""

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
    Swap,
)
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.fluid_symbols import arrow, blocked, spring
from etabli.components.pneumatic.orifice import air_flow
from etabli.components.pneumatic.pilot_valve import (
    BODY_MODES,
    PARAMETERS,
    RETURN_SPRING,
    add_pilot,
    add_valve_body,
    blocked_pilot_mode,
    pilot_modes,
    pilot_shapes,
    position_ref,
    spool_spring_return,
    valve_channels,
    valve_coil_symbol,
    valve_senses,
)
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_PORTS = tuple(Port(name, Domain.PNEUMATIC) for name in ("1", "2", "3"))
_CLOSED, _OPEN = "closed", "open"


@law(
    terminals={f"p{port.name}": Domain.PNEUMATIC for port in _PORTS},
    parameters=("conductance", "critical_ratio", "supply", "exhaust", "seal_leak"),
)
def valve_body_3_2(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Three-port body: 1-2 open with ``supply``, 2-3 with ``exhaust`` (0…1 of C in dm³/(s·bar), ISO 6358-1).

    ``seal_leak`` (0…1 of C) is what a worn seal lets through from 1 to 3.
    """

    def passage(a: Any, b: Any, opening: Any) -> Any:
        return air_flow(a, b, p.conductance * opening, p.critical_ratio)

    m12, m23, m13 = passage(v.p1, v.p2, p.supply), passage(v.p2, v.p3, p.exhaust), passage(v.p1, v.p3, p.seal_leak)
    return {"p1": m12 + m13, "p2": m23 - m12, "p3": -m23 - m13}, {}


explain(
    valve_body_3_2,
    Text(
        "Distributeur 3/2 : passages ISO 6358 ouverts par le clapet, fuite d'un joint usé vers l'échappement.",
        "3/2 valve: ISO 6358 passages that the poppet opens, leak of a worn seal to the exhaust.",
    ),
    Curve(
        Text("débit de 1 vers 2, distributeur commuté, 6 bar en 1", "flow from 1 to 2 when switched, 6 bar at 1"),
        Axis(Text("pression en 2 (relative)", "gauge pressure at 2"), "bar"),
        AIR_FLOW,
        sweep(
            0.0,
            6.0,
            lambda d, x: -d.having(supply=1.0, exhaust=0.0).flow("p2", p1=7.013, p2=x + 1.013, p3=1.013) * AIR_L_MIN,
            61,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    closed = p["rest"] == _CLOSED
    openings = {"supply": 0.0, "exhaust": 1.0} if closed else {"supply": 1.0, "exhaust": 0.0}
    add_valve_body(b, p, valve_body_3_2, _PORTS, openings)
    add_pilot(b, p, "", "A1", "A2")
    at_rest, at_work = ("exhaust", "supply") if closed else ("supply", "exhaust")
    b.sample(
        "spool",
        spool_spring_return,
        {"supply": b.across("1"), "plunger": b.memory("armature", "position")},
        {"spring": 1.2, "friction": 0.3, "travel_s": 0.010, "gain": 1.0},
        {"rest": b.parameter("body", at_rest), "work": b.parameter("body", at_work)},
    )


_SIDE = 8.0


def _fed(x: float) -> tuple[Shape, ...]:
    """1 to 2, 3 closed; ``x`` is the left edge of the square."""
    return (Rectangle(x, 2, _SIDE, 6), *arrow((x + 2, 8), (x + 2, 2)), *blocked(x + 6, 8, up=True))


def _vented(x: float) -> tuple[Shape, ...]:
    """2 to 3, 1 closed."""
    return (Rectangle(x, 2, _SIDE, 6), *arrow((x + 2, 2), (x + 6, 8)), *blocked(x + 2, 8, up=True))


def _symbol(rest: str) -> Symbol:
    """Work square on the left, rest square in place; both slide one square to the right with the spool."""
    left, right = (_fed(6), _vented(14)) if rest == _CLOSED else (_vented(6), _fed(14))
    pins = (Pin("1", 16, 10, "s"), Pin("3", 20, 10, "s"), Pin("2", 16, 0, "n"))
    stems = tuple(Line(((pin.x, pin.y), (pin.x, 8 if pin.y else 2))) for pin in pins)
    sliding = (*left, *right, *pilot_shapes(0, "led", "12" if rest == _CLOSED else "10"), spring(22, 5, 4.0))
    return Symbol(34, 10, (*stems, Moves("spool", _SIDE, 0, sliding)), pins)


COMPONENT = Component(
    family="valve_3_2",
    letter="V",
    text=Text("distributeur 3/2 monostable", "3/2 single-solenoid valve"),
    sheet=Text(
        "Normalement fermé (NF) : au repos 2 vers 3, 1 fermé ; bobine sous tension : 1 vers 2. Normalement ouvert "
        "(NO) : l'inverse. Le pilote interne demande environ 1,5 bar en 1. Le symbole « main_open » convient au NO. "
        'Valeurs : fiche de distributeur 3/2 taille 1/8" (C = 2,9 dm³/(s·bar), b = 0,35, bobine 24 V 3 W, commutation '
        "15 ms, retour 40 ms).",
        "Normally closed (NC): at rest 2 to 3, 1 closed; coil live: 1 to 2. Normally open (NO): the other way round. "
        "The internal pilot needs about 1.5 bar at 1. The symbol “main_open” suits the NO valve. Values: data sheet of "
        'a 1/8" 3/2 valve (C = 2.9 dm³/(s·bar), b = 0.35, coil 24 V 3 W, switches in 15 ms, back in 40).',
    ),
    parameters=(
        *PARAMETERS,
        Parameter("rest", Text("au repos", "at rest"), "", _CLOSED, choices=(_CLOSED, _OPEN)),
    ),
    ports=(*_PORTS, Port("A1", Domain.DC), Port("A2", Domain.DC)),
    build=_build,
    failure_modes=(
        *pilot_modes(""),
        blocked_pilot_mode("gain", ""),
        RETURN_SPRING,
        *BODY_MODES,
        FailureMode(
            "hoses_crossed",
            Text("tubes 1 et 3 croisés", "hoses 1 and 3 crossed"),
            (Swap("1", "3"),),
            Repair.RECONNECT,
            rate=0.5,
        ),
        FailureMode(
            "seat_dirty",
            Text("copeau sous le clapet : 1 ne ferme plus", "chip under the seat: 1 no longer closes"),
            (Effect("body.seal_leak", 0.6),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.8,
            (0.5, 1.0),
        ),
    ),
    channels=lambda tag, p: valve_channels(tag, ("",)),
    signals={"spool": position_ref},
    senses=lambda tag, p, read: valve_senses(tag, read, ("",)),
    symbols={
        "main": _symbol(_CLOSED),
        "main_open": _symbol(_OPEN),
        "coil": valve_coil_symbol("led", "A1", "A2"),
    },
    controls={"override": "armature.pushed"},
)
