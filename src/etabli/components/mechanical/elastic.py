"""Springs, dampers, play and buffers: the elastic parts that join two masses or stop one."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import DEGREES, FORCE, TORQUE, Axis, Curve, explain, sweep
from etabli.physics.expression import absolute, clamp, maximum, positive
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

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


explain(
    torsion_joint,
    Text(
        "Arbre, clavette ou accouplement : ressort et amortisseur de torsion avec un jeu.",
        "Shaft, key or coupling: torsion spring and damper with play.",
    ),
    Curve(
        Text("couple selon la torsion", "torque against twist"),
        Axis(Text("torsion", "twist"), "°"),
        TORQUE,
        sweep(-2.0, 2.0, lambda d, x: d.answer({"twist": x / DEGREES}, 1e-9)[1]["force"], 81),
    ),
)


@law(
    {"a": Domain.TRANSLATION, "b": Domain.TRANSLATION},
    ("stiffness", "damping", "play", "grip"),
    ("twist", "force"),
)
def push_pull_joint(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """The same along a line: N/m, N·s/m, m, N."""
    return _joint(v.a - v.b, p, s, ah)


explain(
    push_pull_joint,
    Text(
        "Liaison axiale : ressort et amortisseur avec un jeu.",
        "Axial joint: spring and damper with play.",
    ),
)


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


explain(
    rack_joint,
    Text(
        "Pignon-crémaillère : v = r Ω sans frottement ; denture élastique avec jeu (ce que la rotation donne, la "
        "translation le reçoit).",
        "Rack and pinion: v = r Ω without friction; elastic teeth with play (what the rotation gives, the translation "
        "gets).",
    ),
    Curve(
        Text("effort selon l'écart entre pignon et crémaillère", "force against the offset of pinion and rack"),
        Axis(Text("écart", "offset"), "mm"),
        Axis(Text("effort", "force"), "kN"),
        sweep(-1.0, 1.0, lambda d, x: 1e-3 * d.answer({"twist": 1e-3 * x}, 1e-9)[1]["force"], 81),
    ),
)


@law({"a": Domain.ROTATION, "b": Domain.ROTATION}, ("stiffness", "damping"), ("twist",))
def torsion_spring(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Linear spring and damper side by side: N·m/rad, N·m·s/rad; ``twist`` rad from ``a`` (Hooke)."""
    twist = s.twist + ah * (v.a - v.b)
    torque = p.stiffness * twist + p.damping * (v.a - v.b)
    return {"a": torque, "b": -torque}, {"twist": twist}


explain(
    torsion_spring,
    Text("Ressort de torsion linéaire (Hooke).", "Linear torsion spring (Hooke)."),
    Curve(
        Text("couple selon la torsion", "torque against twist"),
        Axis(Text("torsion", "twist"), "°"),
        TORQUE,
        sweep(-2.0, 2.0, lambda d, x: d.answer({"twist": x / DEGREES}, 1e-9)[0]["a"], 11),
    ),
)


@law({"a": Domain.TRANSLATION, "b": Domain.TRANSLATION}, ("stiffness", "damping"), ("stretch",))
def linear_spring(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Linear spring and damper side by side: N/m, N·s/m; ``stretch`` m, shrinking when ``a`` comes towards ``b``.

    Both ends count positive the same way, so ``stretch`` is what ``a`` has moved more than ``b`` (Hooke).
    """
    stretch = s.stretch + ah * (v.a - v.b)
    force = p.stiffness * stretch + p.damping * (v.a - v.b)
    return {"a": force, "b": -force}, {"stretch": stretch}


explain(
    linear_spring,
    Text("Ressort linéaire : F = k x (Hooke), avec un amortissement.", "Linear spring: F = k x (Hooke), with damping."),
    Curve(
        Text("effort selon l'écrasement", "force against compression"),
        Axis(Text("écrasement", "compression"), "mm"),
        FORCE,
        sweep(-20.0, 20.0, lambda d, x: d.answer({"stretch": 1e-3 * x}, 1e-9)[0]["a"], 11),
    ),
)


@law({"a": Domain.TRANSLATION, "b": Domain.TRANSLATION}, ("stiffness", "damping"), ("gap",))
def bumper(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A stop that only pushes: ``a`` moves towards ``b``, and touches when ``gap`` (m, a state) is used up.

    N/m, N·s/m. Source: spring in contact, damping limited to the spring.
    """
    closing = v.a - v.b
    gap = s.gap - ah * closing
    force = contact_force(p.stiffness * maximum(-gap, 0.0), closing, p.damping)
    return {"a": force, "b": -force}, {"gap": gap}


explain(
    bumper,
    Text("Butée qui pousse seulement, une fois touchée.", "A stop that only pushes, once touched."),
)


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


explain(
    gear_pair,
    Text(
        "Engrenage sans perte : couples et puissances en équilibre, denture élastique.",
        "Gears without loss: torques and powers in balance, elastic teeth.",
    ),
)
