"""Friction of sliding seals with the Stribeck curve as it is usually written.

``F(w) = (Fc + (Fs - Fc) exp(-(w/ws)²)) tanh(w/e) + k w`` (Armstrong-Hélouvry 1994): Coulomb level Fc, breakaway level
Fs, Stribeck speed ws, viscous factor k, regularisation speed e. Laws have no exponential, so it is made of products:
``exp(-y) = 1 / (1 + y/16 + (y/16)²/2 + (y/16)³/6)**16``, right within 4e-5 for every y ≥ 0.
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import FORCE, SPEED, Curve, explain, sweep
from etabli.physics.expression import absolute, less, minimum, select
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_VANISHED = 60.0  # exp(-60) is nothing, and 1e26 is still a number


def decay(y: Any) -> Any:
    """``exp(-y)`` for ``y >= 0``, error below 4e-5."""
    part = minimum(y, _VANISHED) * (1.0 / 16.0)
    grown = 1.0 + part * (1.0 + part * (0.5 + part * (1.0 / 6.0)))
    squared = grown * grown
    fourth = squared * squared
    eighth = fourth * fourth
    return 1.0 / (eighth * eighth)


def hyperbolic_tangent(z: Any) -> Any:
    """``tanh(z)``, error below 4e-5."""
    shrunk = decay(2.0 * absolute(z))
    size = (1.0 - shrunk) / (1.0 + shrunk)
    return select(less(z, 0.0), -size, size)


@law(
    terminals={"w": Domain.TRANSLATION},
    parameters=("coulomb", "stiction", "stribeck", "viscous", "creep"),
    friction=("w",),
)
def seal_friction(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Rod or piston seal: coulomb N, stiction the ratio breakaway/coulomb, viscous N·s/m, stribeck and creep m/s."""
    dip = decay((v.w / p.stribeck) * (v.w / p.stribeck))
    dry = p.coulomb * (1.0 + (p.stiction - 1.0) * dip)
    return {"w": dry * hyperbolic_tangent(v.w / p.creep) + p.viscous * v.w}, {}


explain(
    seal_friction,
    Text(
        "Frottement de joint (courbe de Stribeck) : effort de décollage, creux aux basses vitesses, puis part "
        "visqueuse proportionnelle à la vitesse.",
        "Seal friction (Stribeck curve): breakaway, a dip at low speed, then a viscous part in proportion to speed.",
    ),
    Curve(
        Text("frottement selon la vitesse (Stribeck)", "friction against speed (Stribeck)"),
        SPEED,
        FORCE,
        sweep(-0.4, 0.4, lambda d, w: d.flow("w", w=w), 161),
    ),
)
