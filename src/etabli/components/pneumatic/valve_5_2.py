"""What the 5/2 valves share: body, sliding symbol. The families are in the files of their own, pilots in
``pilot_valve``."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    FailureMode,
    Parameters,
    Port,
    Repair,
    Swap,
)
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, Piece, explain, loop, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.fluid_symbols import arrow, blocked
from etabli.components.pneumatic.orifice import air_flow
from etabli.components.pneumatic.pilot_valve import add_valve_body, moved_spool, pilot_bar, two_pairs
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import ParameterRef
from etabli.physics.text import Text

FLUID_PORTS = tuple(Port(name, Domain.PNEUMATIC) for name in ("1", "2", "4", "3", "5"))


def five_port_flows(v: Any, p: Any, openings: tuple[Any, Any, Any, Any]) -> dict[str, Any]:
    """Flows of a five-port body whose passages 1-2, 4-5, 1-4 and 2-3 are open by ``openings`` (0…1 of C, ISO 6358-1).

    ``p`` has conductance C in dm³/(s·bar), critical_ratio and ``seal_leak`` (0…1 of C), half of which passes from 1 to
    3 and half to 5.
    """

    def passage(a: Any, b: Any, opening: Any) -> Any:
        return air_flow(a, b, p.conductance * opening, p.critical_ratio)

    o12, o45, o14, o23 = openings
    m12, m45 = passage(v.p1, v.p2, o12), passage(v.p4, v.p5, o45)
    m14, m23 = passage(v.p1, v.p4, o14), passage(v.p2, v.p3, o23)
    m13, m15 = passage(v.p1, v.p3, 0.5 * p.seal_leak), passage(v.p1, v.p5, 0.5 * p.seal_leak)
    return {
        "p1": m12 + m14 + m13 + m15,
        "p2": m23 - m12,
        "p4": m45 - m14,
        "p3": -m23 - m13,
        "p5": -m45 - m15,
    }


@law(
    terminals={f"p{n}": Domain.PNEUMATIC for n in ("1", "2", "4", "3", "5")},
    parameters=("conductance", "critical_ratio", "rest", "work", "seal_leak"),
)
def valve_body_5_2(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Five-port body: 1-2 and 4-5 open with ``rest``, 1-4 and 2-3 with ``work`` (0…1 of C, ISO 6358-1).

    ``seal_leak`` (0…1 of C) is what a worn spool seal lets through from 1 to 3 and to 5.
    """

    return five_port_flows(v, p, (p.rest, p.rest, p.work, p.work)), {}


_FED = {"p1": 7.013, "p2": 1.013, "p3": 1.013, "p5": 1.013}
"""6 bar gauge at port 1, the workshop's air elsewhere."""


explain(
    valve_body_5_2,
    Text(
        "Distributeur 5/2 : passages ISO 6358 ouverts par le tiroir, fuite des joints vers les échappements.",
        "5/2 valve: ISO 6358 passages that the spool opens, leak of the seals to the exhausts.",
    ),
    Curve(
        Text("débit de 1 vers 4, tiroir commuté, 6 bar en 1", "flow from 1 to 4 when switched, 6 bar at 1"),
        Axis(Text("pression en 4 (relative)", "gauge pressure at 4"), "bar"),
        AIR_FLOW,
        sweep(0.0, 6.0, lambda d, x: -_switched(d).flow("p4", p4=x + 1.013, **_FED) * AIR_L_MIN, 61),
    ),
    Curve(
        Text(
            "débit pris au réseau, sortie 4 à la pression du réseau (fuites)",
            "flow taken with port 4 at supply pressure (leaks)",
        ),
        Axis(Text("pression d'alimentation (relative)", "supply gauge pressure"), "bar"),
        AIR_FLOW,
        sweep(
            0.0,
            8.0,
            lambda d, x: _switched(d).flow("p1", **_FED | {"p1": x + 1.013, "p4": x + 1.013}) * AIR_L_MIN,
            33,
        ),
    ),
)


def _switched(piece: Piece) -> Piece:
    """The same body with its spool at the end of its travel (the spool law writes the openings)."""
    return piece.having(rest=0.0, work=1.0)


@sampled(
    reads=("supply", "plunger_14", "plunger_12"),
    parameters=("friction", "bias", "travel_s", "gain_14", "gain_12"),
    memory=("position",),
    writes=("rest", "work"),
    stage=Stage.SWITCH,
)
def spool_two_pilots(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Spool held by friction where the last pilot put it: 14 pushes to 1, 12 to 0; both together hold it.

    ``bias`` is a steady push towards 0 (bar): the weight and the vibrations that friction resists.
    """
    push = pilot_bar(r.supply, r.plunger_14, p.gain_14) - pilot_bar(r.supply, r.plunger_12, p.gain_12) - p.bias
    return two_pairs(moved_spool(m.position, push, p.friction, p.travel_s, h))


explain(
    spool_two_pilots,
    Text(
        "Tiroir bistable : le dernier pilotage le place, le frottement l'y garde.",
        "Bistable spool: the last pilot places it, friction keeps it there.",
    ),
    Curve(
        Text(
            "tiroir selon la pression d'alimentation, pilotage 14 actif", "spool against supply pressure, pilot 14 on"
        ),
        Axis(Text("pression (absolue)", "absolute pressure"), "bar"),
        Axis(Text("tiroir (0 : 12, 1 : 14)", "spool (0: 12, 1: 14)")),
        loop(1.0, 8.0, "supply", "position", count=80, plunger_14=1.0),
    ),
)


def add_body(b: Builder, p: Parameters) -> None:
    """Body, port volumes and leak of the valve."""
    add_valve_body(b, p, valve_body_5_2, FLUID_PORTS, {"rest": 1.0, "work": 0.0})


def body_writes(b: Builder) -> dict[str, ParameterRef]:
    """What the spool moves: the openings of the body."""
    return {"rest": b.parameter("body", "rest"), "work": b.parameter("body", "work")}


HOSES_CROSSED = FailureMode(
    "hoses_crossed",
    Text("tubes 2 et 4 croisés", "hoses 2 and 4 crossed"),
    (Swap("2", "4"),),
    Repair.RECONNECT,
    rate=0.7,
)

SQUARE = 10.0
"""Side of a square: three ports below, two above, four modules apart."""

_LEFT = 6.0


def work_square(x: float) -> tuple[Shape, ...]:
    """1 to 4 and 2 to 3; ``x`` is the left edge."""
    return (
        Rectangle(x, 2, SQUARE, 6),
        *arrow((x + 5, 8), (x + 3, 2)),
        *arrow((x + 7, 2), (x + 9, 8)),
        *blocked(x + 1, 8, up=True),
    )


def rest_square(x: float) -> tuple[Shape, ...]:
    """1 to 2 and 4 to 5."""
    return (
        Rectangle(x, 2, SQUARE, 6),
        *arrow((x + 5, 8), (x + 7, 2)),
        *arrow((x + 3, 2), (x + 1, 8)),
        *blocked(x + 9, 8, up=True),
    )


def five_stems(x: float) -> tuple[tuple[Shape, ...], tuple[Pin, ...]]:
    """Stems and pins of the five ports under and over the square whose left edge is ``x``."""
    left = int(x)
    places = {"5": (left + 1, 10), "1": (left + 5, 10), "3": (left + 9, 10), "4": (left + 3, 0), "2": (left + 7, 0)}
    stems = tuple(Line(((x, y), (x, 8 if y else 2))) for x, y in places.values())
    return stems, tuple(Pin(name, x, y, "s" if y else "n") for name, (x, y) in places.items())


def valve_symbol(left: tuple[Shape, ...], right: tuple[Shape, ...]) -> Symbol:
    """The valve with its actuators, all sliding one square to the right with the spool: work square on the left, rest
    square in place, on the pins."""
    rest = _LEFT + SQUARE
    stems, pins = five_stems(rest)
    sliding = (*work_square(_LEFT), *rest_square(rest), *left, *right)
    return Symbol(int(rest) + 26, 10, (*stems, Moves("spool", SQUARE, 0, sliding)), pins)
