"""Ohmic elements shared by every electrical family: resistors, measured poles and AC impedances.

Conductances stay finite (engine rule 2): an open path is :data:`OPEN_OHM`, a closed contact some tens of milliohms.
"""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import Phasor, clamp, maximum, sqrt
from etabli.physics.law import Domain, Flows, States, law

OPEN_OHM = 1e11
"""Resistance of an open path, ohm: below the solver's 1e-9 S to earth, so that a floating point sits near 0 V."""

CLOSED_OHM = 0.02
"""Resistance of a sound closed contact, ohm (contact data sheets: 10…50 milliohm when new)."""


def knee(x: Any, width: float) -> Any:
    """``max(x, 0)`` with its corner rounded by a parabola over ``±width``: exactly 0 below, exactly ``x`` above.

    For diodes and current limits: a smooth curve without the tail that a hyperbola leaves on the wrong side.
    """
    near = clamp(x, -width, width) + width
    return near * near / (4.0 * width) + maximum(x - width, 0.0)


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance",))
def resistor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Ohm's law. ``resistance`` in ohm, never 0."""
    i = (v.a - v.b) / p.resistance
    return {"a": i, "b": -i}, {}


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance",), ("current",))
def dc_pole(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A resistor whose current (A, from ``a`` to ``b``) is kept as a state for the sampled laws that watch it."""
    i = (v.a - v.b) / p.resistance
    return {"a": i, "b": -i}, {"current": i}


@law({"a": Domain.AC, "b": Domain.AC}, ("resistance", "reactance"))
def ac_impedance(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Series R + jX in RMS phasors. Keep ``resistance / reactance`` above 1e-2 (engine rule 2)."""
    i = (v.a - v.b) * Phasor(p.resistance, p.reactance).inverse()
    return {"a": i, "b": -i}, {}


@law({"a": Domain.AC, "b": Domain.AC}, ("resistance",), ("current",))
def ac_pole(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A resistive AC pole; state ``current`` is the RMS value in A, never negative."""
    i = (v.a - v.b).scaled(1.0 / p.resistance)
    return {"a": i, "b": -i}, {"current": sqrt(i.squared())}
