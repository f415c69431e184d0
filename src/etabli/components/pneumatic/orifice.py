"""Compressed air through a passage: ISO 6358 (sonic conductance C, critical pressure ratio b), absolute pressures.

``m = C * rho0 * p1`` when choked (``p2/p1 <= b``) and ``m = C * rho0 * p1 * sqrt(1 - ((p2/p1 - b)/(1 - b))**2)`` below
(ISO 6358-1), with C in dm³/(s·bar), p in bar absolute, rho0 = 1.185 g/dm³ (reference atmosphere ANR: 1 bar, 20 °C,
65 % RH), so the flow is in g/s. The square root has an infinite slope at ``p1 = p2``: where less than a thousandth of
the pressure is lost the flow is laminar, in proportion to the drop (P. Beater, Pneumatic Drives, 2007).
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.physics.expression import absolute, clamp, less, maximum, select, sqrt, with_slopes
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

ATMOSPHERE_BAR = 1.013
"""Pressure of the workshop air, bar absolute."""

REFERENCE_DENSITY = 1.185
"""Density of the reference atmosphere (ANR), g/dm³."""

LEAST_PRESSURE_BAR = 0.05
"""Floor that keeps the pressure ratio defined while Newton searches."""

LAMINAR_LOSS = 1e-3
"""Share of the upstream pressure under which a passage is laminar: pressure ratio above 0.999."""


def air_flow(p1: Any, p2: Any, conductance: Any, critical_ratio: Any) -> Any:
    """Mass flow from ``p1`` to ``p2`` in g/s (negative when p2 is higher); symmetrical passage."""
    upstream = maximum(maximum(p1, p2), LEAST_PRESSURE_BAR)
    free = 1.0 / (1.0 - critical_ratio)
    # lost / upstream is 0 at equal pressures and 1 from the critical ratio on; upstream * sqrt(1 - (...)**2) is then
    # sqrt(lost * (2 * upstream - lost)): one root and one division.
    drop = (p1 - p2) * free
    lost = clamp(drop, -upstream, upstream)
    least = LAMINAR_LOSS * free * upstream
    size = maximum(absolute(lost), least)
    left = 2.0 * upstream - size
    inverse = 1.0 / sqrt(size * left)
    laminar = less(absolute(lost), least)
    # Slopes of that quarter of an ellipse; at its end the first is 0, hence beyond.
    by_drop = inverse * select(laminar, left, upstream - size)
    by_upstream = inverse * select(laminar, 0.0, lost)
    passed = with_slopes(lost * left * inverse, (drop, by_drop), (upstream, by_upstream))
    return conductance * REFERENCE_DENSITY * passed


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
