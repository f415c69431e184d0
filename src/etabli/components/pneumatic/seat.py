"""Seats: a disc on its seat, lifted by a difference of pressure. Check valves, regulators, safety valves share it."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Read
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.physics.expression import clamp, knee, maximum, minimum
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, ParameterRef
from etabli.physics.text import Text

CORNER_BAR = 0.02
"""Rounding of a seat's opening around its own pressure, bar."""

SEAT_RATIO = 0.4
"""Critical pressure ratio of the passage around a disc."""


def seat_lift(excess: Any, band: Any) -> Any:
    """Lift 0…1 of a seat pushed by ``excess`` bar: tight below -0.02, fully open from ``band`` on, rounded at 0."""
    return minimum(knee(excess, CORNER_BAR) / band, 1.0)


@law(
    terminals={"a": Domain.PNEUMATIC, "b": Domain.PNEUMATIC},
    parameters=("conductance", "cracking", "band", "lift", "leak", "critical_ratio", "lag"),
    states=("lift",),
)
def check_seat(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Non-return seat from a to b: opens at ``cracking`` bar, fully ``band`` bar higher; C dm³/(s·bar) (ISO 6358-1).

    ``lift`` is the share of its lift that a sticking disc still makes, ``leak`` the share of C that never closes. The
    disc follows with the time constant ``lag`` (s, some milliseconds): a little air comes back before it closes, and
    what a step overshoots is not locked in. State: lift 0…1.
    """
    target = p.lift * seat_lift(v.a - v.b - p.cracking, p.band)
    lift = (s.lift * p.lag + ah * target) / (p.lag + ah)
    m = air_flow(v.a, v.b, p.conductance * maximum(clamp(lift, 0.0, 1.0), p.leak), p.critical_ratio)
    return {"a": m, "b": -m}, {"lift": lift}


@law(terminals={"a": Domain.PNEUMATIC}, parameters=("set_pressure", "drift", "conductance", "free", "leak"))
def safety_seat(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Safety valve to the workshop air: starts to lift at ``set_pressure`` bar gauge, fully open 10 % higher.

    ``drift`` multiplies the set pressure (1 sound), ``free`` 0 is a disc rusted to its seat, ``leak`` the share of C
    that passes below the set pressure. Full lift within 10 %: EN ISO 4126-1.
    """
    point = p.set_pressure * p.drift
    lift = seat_lift(v.a - ATMOSPHERE_BAR - point, maximum(0.1 * point, 0.05))
    opening = clamp(p.free * lift + p.leak, 0.0, 1.0)
    return {"a": air_flow(v.a, ATMOSPHERE_BAR, p.conductance * opening, SEAT_RATIO)}, {}


explain(
    check_seat,
    Text(
        "Clapet anti-retour : étanche dans un sens, il s'ouvre dans l'autre dès sa pression d'ouverture (passage "
        "ISO 6358).",
        "Non-return seat: tight one way, it opens the other way from its cracking pressure on (ISO 6358 passage).",
    ),
    Curve(
        Text("débit selon l'écart de pression, 6 bar en amont", "flow against pressure difference, 6 bar upstream"),
        Axis(Text("pression en 1 moins pression en 2", "pressure at 1 less pressure at 2"), "bar"),
        AIR_FLOW,
        sweep(-2.0, 2.0, lambda d, x: d.flow("a", a=7.0 + min(x, 0.0), b=7.0 - max(x, 0.0)) * AIR_L_MIN, 81),
    ),
)
explain(
    safety_seat,
    Text(
        "Soupape de sûreté : fermée jusqu'à son tarage, pleinement ouverte 10 % plus haut (EN ISO 4126-1).",
        "Safety valve: shut up to its setting, fully open 10 % higher (EN ISO 4126-1).",
    ),
    Curve(
        Text("débit évacué selon la pression", "flow let out against pressure"),
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        AIR_FLOW,
        sweep(
            0.0,
            lambda d: 1.3 * float(d.p.set_pressure),
            lambda d, x: d.flow("a", a=x + ATMOSPHERE_BAR) * AIR_L_MIN,
            79,
        ),
    ),
)


def safety_flow(read: Read, tag: str, device: str, node: str) -> float:
    """Air that leaves through the :func:`safety_seat` ``device`` at full node name ``node`` now, g/s."""
    values = {name: read(ParameterRef(f"{tag}.{device}", name)) for name in safety_seat.parameters}
    flows, _ = safety_seat.evaluate({"a": read(NodeRef(node))}, values)
    return float(flows["a"])
