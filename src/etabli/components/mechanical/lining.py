"""Friction linings of brakes and clutches: torque by squeeze, heat of slipping, fading when hot."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset, Perception, Read, Repair, Sense, Spot
from etabli.components.curve import TORQUE, Axis, Curve, explain, sweep
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.physics.expression import absolute, clamp
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, ParameterRef, Ref
from etabli.physics.text import Text

_AMBIENT_C = 20.0
_FADE_FROM_K = 150.0
_FADE_TO_K = 400.0
_LEFT_WHEN_FADED = 0.4


@sampled(
    reads=("squeeze", "torque", "speed", "other_speed"),
    parameters=("rated", "spring", "drag", "heat_capacity", "cooling"),
    memory=("rise", "power", "slip"),
    writes=("limit",),
    stage=Stage.SWITCH,
)
def lining(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Limit torque ``rated * spring * squeeze`` (N·m), never below ``drag``; it fades when the lining is hot.

    ``squeeze`` 0…1 (armature, caliper), ``spring`` what is left of the force that presses. Heat: slipping power W into
    ``heat_capacity`` J/K, ``cooling`` W/K. Fading: full torque up to 150 K of rise, 40 % from 400 K (organic linings).
    ``torque`` is the friction torque of the last step.
    """
    slip = r.speed - r.other_speed
    power = absolute(r.torque * slip)
    hot = clamp((m.rise - _FADE_FROM_K) / (_FADE_TO_K - _FADE_FROM_K), 0.0, 1.0)
    pressed = p.rated * p.spring * clamp(r.squeeze, 0.0, 1.0) * (1.0 - (1.0 - _LEFT_WHEN_FADED) * hot)
    return {
        "rise": m.rise + h * (power - p.cooling * m.rise) / p.heat_capacity,
        "power": power,
        "slip": slip,
        "limit": pressed + p.drag * p.rated,
    }


explain(
    lining,
    Text(
        "Garniture : couple limite = nominal × ressort × serrage ; il s'évanouit à chaud (plein couple jusqu'à 150 K "
        "d'échauffement, 40 % dès 400 K, garnitures organiques).",
        "Lining: limit torque = rated × spring × squeeze; it fades when hot (full up to 150 K of rise, 40 % from "
        "400 K, organic linings).",
    ),
    Curve(
        Text("couple limite selon l'échauffement de la garniture", "limit torque against lining temperature rise"),
        Axis(Text("échauffement", "temperature rise"), "K"),
        TORQUE,
        sweep(0.0, 500.0, lambda d, x: d.step({"rise": x}, squeeze=1.0)["limit"], 51),
    ),
)


def add_lining(
    b: Builder, name: str, first: str, second: str, squeeze: Ref, rated: float, *, breakaway: float, start: float
) -> None:
    """Friction device ``name`` between two shafts (or GROUND) and its sampled law ``NAME_lining``.

    ``rated`` N·m at full squeeze, ``start`` the squeeze at the start.
    """
    add_dry_friction(b, name, first, second, rated * start, rotation=True, breakaway=breakaway, rated=rated)
    heat_capacity = 200.0 + 8.0 * rated  # steel disc and hub, J/K
    b.sample(
        f"{name}_lining",
        lining,
        {
            "squeeze": squeeze,
            "torque": b.state(name, "force"),
            "speed": b.across(first),
            "other_speed": b.across(second),
        },
        {
            "rated": rated,
            "spring": 1.0,
            "drag": 0.0,
            "heat_capacity": heat_capacity,
            "cooling": heat_capacity / 600.0,
        },
        {"limit": b.parameter(name, "limit")},
    )


def lining_modes(name: str) -> tuple[FailureMode, ...]:
    """How the friction pair ``name`` fails."""
    return (
        FailureMode(
            "lining_worn",
            Text("garniture usée : couple insuffisant", "worn lining: torque too low"),
            (Effect(f"{name}_lining.spring", 0.12),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.5, 1.0),
            visible=Text("La garniture est usée jusqu'aux rivets.", "The lining is worn down to its rivets."),
        ),
        FailureMode(
            "lining_greasy",
            Text("garniture grasse : elle glisse", "greasy lining: it slips"),
            (Effect(f"{name}.grip", 0.1),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            1.0,
            (0.5, 1.0),
            Text("Un film d'huile brille sur le disque.", "A film of oil shines on the disc."),
        ),
        FailureMode(
            "drags",
            Text("garniture qui lèche : ne se libère pas tout à fait", "dragging lining: it does not release fully"),
            (Effect(f"{name}_lining.drag", 0.35),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN, Onset.INTERMITTENT),
            1.0,
            (0.3, 1.0),
            Text("L'entrefer est nul d'un côté.", "The air gap is nil on one side."),
        ),
        FailureMode(
            "stuck_on",
            Text("disque collé : ne se libère plus", "disc stuck: it no longer releases"),
            (Effect(f"{name}_lining.drag", 1.0),),
            rate=0.4,
        ),
    )


def lining_spot(tag: str, name: str) -> Spot:
    """The friction pair ``name``."""
    return Spot(
        "disc", Text("disque", "disc"), lambda read: _AMBIENT_C + read(MemoryRef(f"{tag}.{name}_lining", "rise"))
    )


def lining_senses(tag: str, name: str, read: Read) -> tuple[Perception, ...]:
    """What eyes, ears and a hand find at the friction pair."""
    rise = read(MemoryRef(f"{tag}.{name}_lining", "rise"))
    slip = abs(read(MemoryRef(f"{tag}.{name}_lining", "slip")))
    found = []
    limit = read(ParameterRef(f"{tag}.{name}", "limit")) * read(ParameterRef(f"{tag}.{name}", "grip"))
    if slip > 1.0 and limit > 0.0:
        found.append(Perception(Sense.LISTEN, Text("Les garnitures frottent.", "The linings rub.")))
    if rise > 120.0:
        found.append(Perception(Sense.LOOK, Text("Odeur de garniture brûlée.", "Smell of burnt lining.")))
    if _AMBIENT_C + rise > 60.0:
        found.append(Perception(Sense.TOUCH, Text("Le disque est brûlant.", "The disc is burning hot.")))
    elif _AMBIENT_C + rise > 30.0:
        found.append(Perception(Sense.TOUCH, Text("Le disque est tiède.", "The disc is warm.")))
    else:
        found.append(Perception(Sense.TOUCH, Text("Le disque est froid.", "The disc is cold.")))
    return tuple(found)
