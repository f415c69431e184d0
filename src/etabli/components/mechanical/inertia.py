"""Inertia: what a rotating or moving node needs so that its speed has a memory. The state is the momentum."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import ROTATION, RPM, SPEED, Axis, Curve, explain, sweep
from etabli.physics.law import Domain, law
from etabli.physics.text import Text


@law(terminals={"w": Domain.ROTATION}, parameters=("inertia",), states=("momentum",))
def rotating_mass(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Moment of inertia in kg·m²; state in N·m·s (Newton's second law)."""
    momentum = p.inertia * v.w
    return {"w": (momentum - s.momentum) / ah}, {"momentum": momentum}


explain(
    rotating_mass,
    Text("Inertie : couple = J dΩ/dt (seconde loi de Newton).", "Inertia: torque = J dΩ/dt (Newton's second law)."),
    Curve(
        Text("énergie cinétique selon la vitesse", "kinetic energy against speed"),
        ROTATION,
        Axis(Text("énergie", "energy"), "J"),
        sweep(0.0, 1500.0, lambda d, n: 0.5 * d.answer(w=n / RPM)[1]["momentum"] * n / RPM, 31),
    ),
    plain=True,
)


@law(terminals={"w": Domain.TRANSLATION}, parameters=("mass",), states=("momentum",))
def moving_mass(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Mass in kg; state in N·s (Newton's second law)."""
    momentum = p.mass * v.w
    return {"w": (momentum - s.momentum) / ah}, {"momentum": momentum}


explain(
    moving_mass,
    Text("Masse : force = m dv/dt (seconde loi de Newton).", "Mass: force = m dv/dt (Newton's second law)."),
    Curve(
        Text("énergie cinétique selon la vitesse", "kinetic energy against speed"),
        SPEED,
        Axis(Text("énergie", "energy"), "J"),
        sweep(0.0, 1.0, lambda d, v: 0.5 * d.answer(w=v)[1]["momentum"] * v, 31),
    ),
    plain=True,
)
