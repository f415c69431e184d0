"""Exact Coulomb friction: what is held does not creep, what slides feels a constant force, stick-slip is true.

Contact is a Prandtl element (Prandtl 1928): a stiff damped spring, the bristles of the two surfaces, in series with a
slider that yields at ±limit. The step is solved by return mapping, as in plasticity: the bristles are bent by the
whole slip, then brought back to the limit where they passed it. Stuck, the force is that of a spring, so a held load
stays where it is for ever; sliding, the force is the limit, whatever the speed.

Two levels: a surface that was stuck gives way at ``breakaway`` times the level it slides at. In between, the share
``renewed`` of the contacts is young. Slip renews them over a critical distance L and time ages them over T, both at
once (ageing law of rate-and-state friction: Dieterich 1979, Ruina 1983, here bounded by the two levels)::

    d renewed / dt = (1 - renewed) |slip| / L - renewed / T

So there is no switch between sliding and resting: what creeps slower than L / T (1 mm/s, 0.01 rad/s) comes near to the
breakaway level, what slides faster forgets it.

:mod:`etabli.components.mechanical.friction` (regularised Stribeck) is cheaper and creeps at less than 1 mm/s: right for
seals and bearings, wrong for a brake that holds a load.
"""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder
from etabli.components.curve import FORCE, Axis, Curve, explain, sweep
from etabli.physics.expression import absolute, clamp, maximum
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

PRESLIDING_M = 1e-5
"""Bend of the bristles of a translation at the sliding level, m: surfaces give way after some 10 µm."""

PRESLIDING_RAD = 1e-4
"""Bend of the bristles of a rotation at the sliding level, rad: some 10 µm on a radius of 100 mm."""

_BRISTLE_TIME_S = 2e-3
"""Damping of the bristles over their stiffness: a stuck mass does not ring on them."""

_RENEWAL = 30.0  # slip that renews the contacts, in bends of the bristles: 0.3 mm, for linings and greased guides
_HEALING_S = 0.3  # time in which contacts grow old again

FRICTION_PARAMETERS = ("limit", "grip", "breakaway", "viscous", "stiffness", "damping")
FRICTION_STATES = ("bend", "renewed", "force")


def bristles(
    slip: Any, limit: Any, breakaway: Any, stiffness: Any, damping: Any, presliding: float, s: Any, ah: Any
) -> tuple[Any, ...]:
    """Force that opposes ``slip`` (m/s or rad/s), new ``bend`` and new ``renewed`` (1 while it slides, 0 at long rest).

    ``limit`` is the level while sliding (N or N·m, may be 0), ``breakaway`` the factor of it when stuck, ``s`` has the
    states ``bend`` and ``renewed`` of the law that uses this, ``stiffness`` is never 0.
    """
    # A stage of the integrator may predict a bend or a renewal beyond its range: no surface was ever there.
    young, healing = clamp(s.renewed, 0.0, 1.0), ah / _HEALING_S
    aged = young / (1.0 + healing)
    gives_way = limit * (1.0 + (breakaway - 1.0) * (1.0 - aged)) / stiffness
    free = clamp(s.bend, -gives_way, gives_way) + ah * slip
    slid = maximum(absolute(free) - gives_way, 0.0) / (_RENEWAL * presliding)
    renewed = (young + slid) / (1.0 + slid + healing)
    level = limit * (1.0 + (breakaway - 1.0) * (1.0 - renewed))
    most = level / stiffness
    bend = clamp(free, -most, most)
    force = clamp(stiffness * bend + damping / ah * (bend - clamp(s.bend, -most, most)), -level, level)
    return force, bend, renewed


def _friction(slip: Any, p: Any, presliding: float, s: Any, ah: Any) -> tuple[Flows, States]:
    limit = p.grip * p.limit
    dry, bend, renewed = bristles(slip, limit, p.breakaway, p.stiffness, p.damping, presliding, s, ah)
    force = dry + p.viscous * slip
    return {"a": force, "b": -force}, {"bend": bend, "renewed": renewed, "force": force}


@law({"a": Domain.TRANSLATION, "b": Domain.TRANSLATION}, FRICTION_PARAMETERS, FRICTION_STATES, ("a",))
def dry_friction(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Two surfaces that move along each other. ``limit`` N while sliding, ``breakaway`` its factor when stuck (≥ 1).

    ``grip`` multiplies the limit (1 sound, 0 oily: for faults, where a sampled law writes ``limit``), ``viscous``
    N·s/m, ``stiffness`` N/m and ``damping`` N·s/m of the bristles (:func:`add_dry_friction` chooses them). States:
    bend m, ``renewed`` 1 while sliding, ``force`` N from ``a`` to ``b``. Source: Coulomb as a Prandtl element, with
    the ageing law between the two levels.
    """
    return _friction(v.a - v.b, p, PRESLIDING_M, s, ah)


explain(
    dry_friction,
    Text(
        "Frottement sec de Coulomb avec adhérence : il tient sans glisser jusqu'à l'effort limite, puis reste "
        "constant (élément de Prandtl).",
        "Coulomb friction with breakaway: it holds without creep up to a limit, then stays constant (Prandtl element).",
    ),
    Curve(
        Text(
            "effort selon le déplacement (adhérence puis glissement)", "force against displacement (stick, then slip)"
        ),
        Axis(Text("déplacement", "displacement"), "µm"),
        FORCE,
        sweep(
            0.0,
            lambda d: 3e6 * d.p.breakaway * d.p.limit / d.p.stiffness,
            lambda d, x: d.having(damping=0.0).answer(None, 1.0, a=1e-6 * x)[1]["force"],
            61,
        ),
    ),
)


@law({"a": Domain.ROTATION, "b": Domain.ROTATION}, FRICTION_PARAMETERS, FRICTION_STATES, ("a",))
def dry_friction_torque(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """The same between two shafts: N·m, N·m·s/rad, N·m/rad, rad."""
    return _friction(v.a - v.b, p, PRESLIDING_RAD, s, ah)


explain(
    dry_friction_torque,
    Text(
        "Frottement sec entre deux arbres : il tient sans glisser jusqu'au couple limite, puis reste constant "
        "(Coulomb, élément de Prandtl).",
        "Dry friction between two shafts: it holds without creep up to the limit torque, then stays constant "
        "(Coulomb, Prandtl element).",
    ),
)


def friction_parameters(
    limit: float, presliding: float, breakaway: float = 1.0, viscous: float = 0.0, rated: float | None = None
) -> dict[str, float]:
    """Parameters of the two laws. ``rated`` is the level that gives the stiffness where ``limit`` starts lower."""
    stiffness = max(limit if rated is None else rated, 1e-3) / presliding
    return {
        "limit": limit,
        "grip": 1.0,
        "breakaway": breakaway,
        "viscous": viscous,
        "stiffness": stiffness,
        "damping": _BRISTLE_TIME_S * stiffness,
    }


def add_dry_friction(
    b: Builder,
    name: str,
    first: str,
    second: str,
    limit: float,
    *,
    rotation: bool = False,
    breakaway: float = 1.0,
    viscous: float = 0.0,
    rated: float | None = None,
) -> None:
    """Device ``name`` between the nodes ``first`` and ``second`` (or GROUND): a guide, a brake, a clutch."""
    presliding = PRESLIDING_RAD if rotation else PRESLIDING_M
    chosen = dry_friction_torque if rotation else dry_friction
    b.device(
        name,
        chosen,
        {"a": first, "b": second},
        friction_parameters(limit, presliding, breakaway, viscous, rated),
    )
