"""Compressed air through a passage: ISO 6358 (sonic conductance C, critical pressure ratio b), absolute pressures.

``m = C * rho0 * p1`` when choked (``p2/p1 <= b``) and ``m = C * rho0 * p1 * sqrt(1 - ((p2/p1 - b)/(1 - b))**2)`` below
(ISO 6358-1), with C in dm³/(s·bar), p in bar absolute, rho0 = 1.185 g/dm³ (reference atmosphere ANR: 1 bar, 20 °C,
65 % RH), so the flow is in g/s. The square root has an infinite slope at ``p1 = p2``: it
is rounded there, below a fifteenth of the choked flow.
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.physics.expression import clamp, maximum, sqrt
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

ATMOSPHERE_BAR = 1.013
"""Pressure of the workshop air, bar absolute."""

REFERENCE_DENSITY = 1.185
"""Density of the reference atmosphere (ANR), g/dm³."""

LEAST_PRESSURE_BAR = 0.05
"""Floor that keeps the pressure ratio defined while Newton searches."""

_ROUNDING = 2e-5  # square of the share under which the root becomes linear


def air_flow(p1: Any, p2: Any, conductance: Any, critical_ratio: Any) -> Any:
    """Mass flow from ``p1`` to ``p2`` in g/s (negative when p2 is higher); symmetrical passage."""
    upstream = maximum(maximum(p1, p2), LEAST_PRESSURE_BAR)
    # u is 0 at equal pressures and 1 (or -1) from the critical ratio on; 1 - ((r - b)/(1 - b))**2 = |u| (2 - |u|).
    u = clamp((p1 - p2) / (upstream * (1.0 - critical_ratio)), -1.0, 1.0)
    share = u * (2.0 - maximum(u, -u))
    fourth = share * share * share * share
    rounded_root = share / sqrt(sqrt(sqrt(fourth + _ROUNDING * _ROUNDING)))
    return conductance * REFERENCE_DENSITY * upstream * rounded_root


@law(
    terminals={"a": Domain.PNEUMATIC, "b": Domain.PNEUMATIC},
    parameters=("conductance", "critical_ratio", "opening"),
)
def orifice(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A passage between two nodes. conductance C dm³/(s·bar), opening 0…1 of it (ISO 6358-1)."""
    m = air_flow(v.a, v.b, p.conductance * p.opening, p.critical_ratio)
    return {"a": m, "b": -m}, {}


explain(
    orifice,
    Text(
        "Passage d'air selon ISO 6358 : débit sonique (indépendant de l'aval) sous le rapport critique b, quart "
        "d'ellipse au-dessus ; conductance sonique C.",
        "Air passage after ISO 6358: choked (whatever the outlet) below the critical ratio b, a quarter of an ellipse "
        "above; sonic conductance C.",
    ),
    Curve(
        Text(
            "débit selon la pression aval, 6 bar en amont (ISO 6358)",
            "flow against outlet pressure, 6 bar inlet (ISO 6358)",
        ),
        Axis(Text("pression aval (relative)", "outlet gauge pressure"), "bar"),
        AIR_FLOW,
        sweep(0.0, 6.0, lambda d, x: d.flow("a", a=6.0 + ATMOSPHERE_BAR, b=x + ATMOSPHERE_BAR) * AIR_L_MIN, 61),
    ),
)


@law(terminals={"a": Domain.PNEUMATIC}, parameters=("conductance", "critical_ratio", "opening"))
def vent(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A passage to the workshop air: an exhaust, a silencer or a leak (ISO 6358-1)."""
    return {"a": air_flow(v.a, ATMOSPHERE_BAR, p.conductance * p.opening, p.critical_ratio)}, {}


explain(
    vent,
    Text(
        "Passage vers l'air libre (échappement, silencieux, fuite) selon ISO 6358.",
        "Passage to the open air (exhaust, silencer, leak) after ISO 6358.",
    ),
    Curve(
        Text("débit vers l'air libre selon la pression", "flow to the open air against pressure"),
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        AIR_FLOW,
        sweep(0.0, 8.0, lambda d, x: d.flow("a", a=x + ATMOSPHERE_BAR) * AIR_L_MIN, 41),
    ),
    plain=True,
)
