"""Inertia: what a rotating or moving node needs so that its speed has a memory. The state is the momentum."""

from __future__ import annotations

from typing import Any

from etabli.physics.law import Domain, law


@law(terminals={"w": Domain.ROTATION}, parameters=("inertia",), states=("momentum",))
def rotating_mass(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Moment of inertia in kg·m²; state in N·m·s (Newton's second law)."""
    momentum = p.inertia * v.w
    return {"w": (momentum - s.momentum) / ah}, {"momentum": momentum}


@law(terminals={"w": Domain.TRANSLATION}, parameters=("mass",), states=("momentum",))
def moving_mass(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Mass in kg; state in N·s (Newton's second law)."""
    momentum = p.mass * v.w
    return {"w": (momentum - s.momentum) / ah}, {"momentum": momentum}
