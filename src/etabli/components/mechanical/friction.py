"""Dry and viscous friction with the Stribeck dip, regularised over a small speed.

``F(w) = (Fc + (Fs - Fc) / (1 + (w/ws)**2)) * w / sqrt(w**2 + e**2) + k w``: Coulomb level Fc, breakaway level Fs,
Stribeck speed ws, viscous factor k, regularisation speed e (1 mm/s in translation). The rational dip stands for the
usual exponential of Armstrong-Hélouvry (1994): the laws have no exponential. Held at rest, such a joint creeps at less
than e.
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import FORCE, ROTATION, RPM, SPEED, TORQUE, Curve, explain, sweep
from etabli.physics.expression import sqrt
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

TRANSLATION_CREEP = 1e-3
"""Regularisation speed in translation, m/s."""

ROTATION_CREEP = 0.05
"""Regularisation speed in rotation, rad/s (half a turn per minute)."""


def friction_force(w: Any, coulomb: Any, breakaway: Any, stribeck: float, viscous: Any, creep: float) -> Any:
    """Force (or torque) that opposes the speed ``w``."""
    dry = coulomb + (breakaway - coulomb) / (1.0 + (w / stribeck) * (w / stribeck))
    return dry * w / sqrt(w * w + creep * creep) + viscous * w


@law(
    terminals={"w": Domain.TRANSLATION},
    parameters=("coulomb", "stiction", "viscous"),
    friction=("w",),
)
def translation_friction(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Guide or seal: coulomb N, stiction the ratio breakaway/coulomb, viscous N·s/m; Stribeck speed 20 mm/s."""
    return {"w": friction_force(v.w, p.coulomb, p.stiction * p.coulomb, 0.02, p.viscous, TRANSLATION_CREEP)}, {}


explain(
    translation_friction,
    Text(
        "Frottement de guide (Stribeck) : décollage, frottement sec, part visqueuse.",
        "Guide friction (Stribeck): breakaway, dry friction, viscous part.",
    ),
    Curve(
        Text("frottement selon la vitesse", "friction against speed"),
        SPEED,
        FORCE,
        sweep(-0.5, 0.5, lambda d, w: d.flow("w", w=w), 161),
    ),
)


@law(
    terminals={"w": Domain.ROTATION},
    parameters=("coulomb", "stiction", "viscous"),
    friction=("w",),
)
def rotation_friction(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Bearing or seal: coulomb N·m, stiction the ratio breakaway/coulomb, viscous N·m·s/rad; Stribeck speed 1 rad/s."""
    return {"w": friction_force(v.w, p.coulomb, p.stiction * p.coulomb, 1.0, p.viscous, ROTATION_CREEP)}, {}


explain(
    rotation_friction,
    Text(
        "Frottement de palier (Stribeck) : décollage, frottement sec, part visqueuse.",
        "Bearing friction (Stribeck): breakaway, dry friction, viscous part.",
    ),
    Curve(
        Text("couple de frottement selon la vitesse", "friction torque against speed"),
        ROTATION,
        TORQUE,
        sweep(-1500.0, 1500.0, lambda d, n: d.flow("w", w=n / RPM), 161),
    ),
)
