"""Springs, dampers, play and buffers: the elastic parts that join two masses or stop one."""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import absolute, clamp, maximum, positive
from etabli.physics.law import Domain, Flows, States, law

_UNWIND_PER_S = 1000.0  # a joint that no longer holds forgets its twist
GRAVITY = 9.80665
"""Standard acceleration of gravity, m/s² (ISO 80000-3)."""


def contact_force(spring: Any, rate: Any, damping: Any) -> Any:
    """Force of a contact whose damping never exceeds its spring: it neither jumps at the first touch nor pulls.

    ``spring`` N (any sign), ``rate`` m/s, ``damping`` N·s/m; rad and N·m likewise.
    """
    most = absolute(spring)
    return spring + clamp(damping * rate, -most, most)


def buffer_force(depth: Any, closing: Any, stiffness: Any, damping: Any, rounding: float = 1e-5) -> Any:
    """Hunt-Crossley contact (1975): N for a depth in m that grows at ``closing`` m/s; never pulls.

    ``stiffness`` N/m, ``damping`` s/m (the loss factor: a rebound of ``1 - 2/3 damping v`` for soft hits).
    """
    return stiffness * positive(depth, rounding) * maximum(1.0 + damping * closing, 0.0)


def _joint(slip: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    twist = (s.twist + ah * slip) / (1.0 + ah * _UNWIND_PER_S * (1.0 - p.grip))
    beyond = twist - clamp(twist, -0.5 * p.play, 0.5 * p.play)
    force = p.grip * contact_force(p.stiffness * beyond, slip, p.damping)
    return {"a": force, "b": -force}, {"twist": twist, "force": force}


@law({"a": Domain.ROTATION, "b": Domain.ROTATION}, ("stiffness", "damping", "play", "grip"), ("twist", "force"))
def torsion_joint(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A shaft, key or claw coupling: spring N·m/rad, damper N·m·s/rad, total ``play`` rad.

    ``grip`` is what still holds (0 broken: it unwinds). States: ``twist`` rad, ``force`` N·m from ``a`` to ``b``.
    Source: dead zone in series with a spring and damper, damping limited to the spring (no pull, no jump).
    """
    return _joint(v.a - v.b, p, s, ah)


@law(
    {"a": Domain.TRANSLATION, "b": Domain.TRANSLATION},
    ("stiffness", "damping", "play", "grip"),
    ("twist", "force"),
)
def push_pull_joint(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """The same along a line: N/m, N·s/m, m, N."""
    return _joint(v.a - v.b, p, s, ah)


@law(
    {"w": Domain.ROTATION, "x": Domain.TRANSLATION},
    ("travel", "stiffness", "damping", "play", "grip"),
    ("twist", "force"),
)
def rack_joint(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Rotation to translation without friction: ``travel`` m/rad (radius of a pinion or pulley), then N/m, N·s/m, m.

    States: ``twist`` m, ``force`` N on ``x``. What the rotation gives, the translation gets (skew-symmetric).
    """
    flows, states = _joint(p.travel * v.w - v.x, p, s, ah)
    return {"w": p.travel * flows["a"], "x": flows["b"]}, states


@law({"a": Domain.ROTATION, "b": Domain.ROTATION}, ("stiffness", "damping"), ("twist",))
def torsion_spring(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Linear spring and damper side by side: N·m/rad, N·m·s/rad; ``twist`` rad from ``a`` (Hooke)."""
    twist = s.twist + ah * (v.a - v.b)
    torque = p.stiffness * twist + p.damping * (v.a - v.b)
    return {"a": torque, "b": -torque}, {"twist": twist}


@law({"a": Domain.TRANSLATION, "b": Domain.TRANSLATION}, ("stiffness", "damping"), ("stretch",))
def linear_spring(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Linear spring and damper side by side: N/m, N·s/m; ``stretch`` m, shrinking when ``a`` comes towards ``b``.

    Both ends count positive the same way, so ``stretch`` is what ``a`` has moved more than ``b`` (Hooke).
    """
    stretch = s.stretch + ah * (v.a - v.b)
    force = p.stiffness * stretch + p.damping * (v.a - v.b)
    return {"a": force, "b": -force}, {"stretch": stretch}


@law({"a": Domain.TRANSLATION, "b": Domain.TRANSLATION}, ("stiffness", "damping"), ("gap",))
def bumper(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A stop that only pushes: ``a`` moves towards ``b``, and touches when ``gap`` (m, a state) is used up.

    N/m, N·s/m. Source: spring in contact, damping limited to the spring.
    """
    closing = v.a - v.b
    gap = s.gap - ah * closing
    force = contact_force(p.stiffness * maximum(-gap, 0.0), closing, p.damping)
    return {"a": force, "b": -force}, {"gap": gap}


@law(
    {"a": Domain.ROTATION, "b": Domain.ROTATION, "housing": Domain.ROTATION},
    ("ratio", "stiffness", "damping"),
    ("twist",),
)
def gear_pair(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Gears without loss in a housing that may turn: ``ratio`` is the speed of ``a`` over that of ``b``, seen from it.

    The teeth are a spring and damper, N·m/rad and N·m·s/rad at ``a``; state ``twist`` rad at ``a``. Source: the three
    torques of a gear are in balance, its power too.
    """
    slip = v.a - p.ratio * v.b + (p.ratio - 1.0) * v.housing
    twist = s.twist + ah * slip
    torque = p.stiffness * twist + p.damping * slip
    return {"a": torque, "b": -p.ratio * torque, "housing": (p.ratio - 1.0) * torque}, {"twist": twist}
