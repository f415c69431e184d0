"""Zener diode: suppressor of relay coils and of 24 V inputs."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import CURRENT, VOLTAGE, Curve, explain, sweep
from etabli.physics.expression import clamp, maximum
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

_HALVINGS = 6
_MOST = 30.0
"""Exponents beyond this go on as a straight line."""


def exponential(x: Any) -> Any:
    """``exp(x)`` by ``+`` and ``x`` alone: a polynomial of degree 8 at ``x / 64``, squared six times.

    Relative error below 2e-7 for -30 ≤ x ≤ 30; beyond, the tangent above and a constant (1e-13) below, so that Newton
    never overflows.
    """
    inside = clamp(x, -_MOST, _MOST)
    y = inside * 0.5**_HALVINGS
    value = 1.0
    for k in range(8, 0, -1):
        value = 1.0 + y * value * (1.0 / k)
    for _ in range(_HALVINGS):
        value = value * value
    return value * (1.0 + maximum(x - _MOST, 0.0))


@law(
    {"anode": Domain.DC, "cathode": Domain.DC},
    ("saturation", "thermal", "breakdown", "knee_current", "knee_factor", "leak"),
)
def zener(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Shockley forwards, exponential breakdown backwards, a leak in parallel.

    ``saturation`` A, ``thermal`` V (kT/q times the emission), ``breakdown`` V, ``knee_current`` A at that voltage,
    ``knee_factor`` the emission of the breakdown, ``leak`` S. Source: the usual three-region Zener model of circuit
    simulators.
    """
    u = v.anode - v.cathode
    forwards = p.saturation * (exponential(u / p.thermal) - 1.0)
    backwards = p.knee_current * exponential(-(u + p.breakdown) / (p.knee_factor * p.thermal))
    i = forwards - backwards + p.leak * u
    return {"anode": i, "cathode": -i}, {}


explain(
    zener,
    Text(
        "Diode Zener : loi de Shockley en direct, claquage exponentiel en inverse, fuite en parallèle. Source : "
        "modèle à trois régions des simulateurs de circuits.",
        "Zener diode: Shockley forwards, exponential breakdown backwards, a leak in parallel. Source: three-region "
        "model of circuit simulators.",
    ),
    Curve(
        Text("courant selon la tension", "current against voltage"),
        VOLTAGE,
        CURRENT,
        sweep(lambda d: -1.02 * d.p.breakdown, 0.8, lambda d, u: d.flow("anode", anode=u), 161),
    ),
)
