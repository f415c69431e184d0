"""Drive by friction: the torque grows with the slip and cannot pass what the grip holds."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import FORCE, TORQUE, Axis, Curve, explain, sweep
from etabli.physics.expression import sqrt
from etabli.physics.law import Domain, law
from etabli.physics.text import Text


def gripped(slip: Any, limit: Any, creep: Any) -> Any:
    """Force or torque of a friction drive, a smooth saturation: ``limit * slip / sqrt(slip² + creep²)``.

    ``creep`` is the slip at 71 % of the limit: elastic creep of a belt is a percent or so of its speed.
    """
    return limit * slip / sqrt(slip * slip + creep * creep)


@law(terminals={"a": Domain.ROTATION, "b": Domain.ROTATION}, parameters=("ratio", "limit", "creep"))
def slip_drive(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Two shafts coupled by friction. ratio = speed a / speed b, limit N·m on ``a``, creep rad/s on ``a``.

    What is lost is ``torque * slip``: never negative (Euler-Eytelwein limit with elastic creep).
    """
    torque = gripped(v.a - p.ratio * v.b, p.limit, p.creep)
    return {"a": torque, "b": -p.ratio * torque}, {}


explain(
    slip_drive,
    Text(
        "Entraînement par frottement : le couple croît avec le glissement jusqu'à la limite (Euler-Eytelwein, "
        "glissement élastique).",
        "Friction drive: the torque grows with slip up to a limit (Euler-Eytelwein, elastic creep).",
    ),
    Curve(
        Text("couple transmis selon le glissement", "torque passed on against slip"),
        Axis(Text("glissement", "slip"), "rad/s"),
        TORQUE,
        sweep(lambda d: -8.0 * d.p.creep, lambda d: 8.0 * d.p.creep, lambda d, w: d.flow("a", a=w), 81),
    ),
)


@law(
    terminals={"drum": Domain.ROTATION, "belt": Domain.TRANSLATION},
    parameters=("radius", "limit", "creep"),
)
def drum_drive(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A drum that pulls a belt by friction. radius m, limit N, creep m/s (Euler-Eytelwein limit with elastic creep)."""
    force = gripped(p.radius * v.drum - v.belt, p.limit, p.creep)
    return {"drum": p.radius * force, "belt": -force}, {}


explain(
    drum_drive,
    Text(
        "Tambour d'entraînement : adhérence de la bande jusqu'à la limite (Euler-Eytelwein, glissement élastique).",
        "Drive drum: grip of the belt up to a limit (Euler-Eytelwein, elastic creep).",
    ),
    Curve(
        Text("effort sur la bande selon le glissement", "force on the belt against slip"),
        Axis(Text("glissement", "slip"), "mm/s"),
        FORCE,
        sweep(lambda d: -8e3 * d.p.creep, lambda d: 8e3 * d.p.creep, lambda d, x: d.flow("belt", belt=1e-3 * x), 81),
    ),
)
