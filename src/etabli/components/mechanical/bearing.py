"""A shaft in its bearings: inertia, friction, and the heat that a hand feels."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset, Perception, Read, Repair, Sense, Spot
from etabli.components.curve import explain
from etabli.components.mechanical.friction import rotation_friction
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.vibration import (
    ORDINARY_BEARING,
    BearingGeometry,
    add_vibration,
    housing_vibration_of,
    vibration_senses,
)
from etabli.physics.expression import absolute
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text

_AMBIENT_C = 20.0
_UNBALANCE_UM = 16.0  # balance grade G 2.5 at 1500 rpm (ISO 21940-11)
_LIMIT_D_MM_S = 4.5  # ISO 10816-1, class I


@sampled(
    reads=("speed", "coulomb", "viscous"),
    parameters=("heat_capacity", "cooling"),
    memory=("rise",),
    stage=Stage.SENSE,
)
def bearing_heat(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Temperature rise of a housing, K: friction power W in, ``cooling`` W/K out, ``heat_capacity`` J/K.

    Source: one lumped heat capacity, Newton's law of cooling.
    """
    speed = absolute(r.speed)
    power = (r.coulomb + r.viscous * speed) * speed
    return {"rise": m.rise + h * (power - p.cooling * m.rise) / p.heat_capacity}


explain(
    bearing_heat,
    Text(
        "Échauffement d'un palier : puissance de frottement moins refroidissement (loi de Newton, une capacité).",
        "Heating of a bearing: friction power less cooling (Newton's law, one heat capacity).",
    ),
)


def add_shaft(
    b: Builder, node: str, name: str, inertia: float, coulomb: float, viscous: float, vibration: bool = True
) -> None:
    """Inertia ``NAME_mass``, friction ``NAME_bearing``, its heat ``NAME_heat`` and the vibration of its housing
    ``NAME_vibration`` (unless the family brings its own) on the rotation node ``node``."""
    b.device(f"{name}_mass", rotating_mass, {"w": node}, {"inertia": inertia})
    b.device(
        f"{name}_bearing",
        rotation_friction,
        {"w": node},
        {"coulomb": coulomb, "stiction": 1.3, "viscous": viscous},
    )
    b.sample(
        f"{name}_heat",
        bearing_heat,
        {
            "speed": b.across(node),
            "coulomb": b.parameter(f"{name}_bearing", "coulomb"),
            "viscous": b.parameter(f"{name}_bearing", "viscous"),
        },
        {"heat_capacity": 150.0, "cooling": 0.6},
    )
    if vibration:
        add_vibration(b, node, _UNBALANCE_UM, 0.1, 0.05, name=f"{name}_vibration")


def bearing_modes(
    name: str, worn_factor: float, seized_factor: float, where: Text, vibration: str | None = None
) -> tuple[FailureMode, ...]:
    """Worn and seized bearing of the shaft ``name``; ``where`` is "du tambour" / "of the drum". ``vibration`` is the
    vibration device of the housing, where it is not that of :func:`add_shaft`."""
    target = f"{name}_bearing.coulomb"
    shaken = vibration or f"{name}_vibration"
    return (
        FailureMode(
            f"{name}_bearing_worn",
            Text(f"roulement usé {where.fr}", f"worn bearing {where.en}"),
            (Effect(target, worn_factor, relative=True, logarithmic=True), Effect(f"{shaken}.outer", 1.0)),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.5, 1.0),
            visible=Text(
                f"De la graisse noircie sort du roulement {where.fr}.",
                f"Blackened grease comes out of the bearing {where.en}.",
            ),
        ),
        FailureMode(
            f"{name}_bearing_seized",
            Text(f"roulement grippé {where.fr}", f"bearing seized {where.en}"),
            (Effect(target, seized_factor, relative=True, logarithmic=True),),
            Repair.REPLACE,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.7,
        ),
    )


def shaft_senses(
    tag: str, name: str, node: str, healthy_coulomb: float, read: Read, where: Text, vibration: bool = True
) -> tuple[Perception, ...]:
    """What a hand and an ear find at the bearing ``name`` on the full node ``node``; ``vibration`` as in
    :func:`add_shaft`."""
    speed = abs(read(NodeRef(node)))
    wear = read(ParameterRef(f"{tag}.{name}_bearing", "coulomb")) / max(healthy_coulomb, 1e-9)
    found = [_heat_words(_AMBIENT_C + read(MemoryRef(f"{tag}.{name}_heat", "rise")), where)]
    if speed > 0.5 and wear > 2.5:
        found.append(
            Perception(
                Sense.LISTEN,
                Text(f"Grondement régulier au roulement {where.fr}.", f"Steady rumble at the bearing {where.en}."),
            )
        )
    if vibration:
        found += vibration_senses(tag, _LIMIT_D_MM_S, read, where, f"{name}_vibration")
    return tuple(found)


def shaft_spot(
    tag: str,
    name: str,
    node: str,
    where: Text,
    vibration: str | None = None,
    geometry: BearingGeometry = ORDINARY_BEARING,
) -> Spot:
    """Housing of the bearing ``name`` of :func:`add_shaft`; ``where`` is "du tambour" / "of the drum"."""
    return Spot(
        name,
        Text(f"palier {where.fr}", f"bearing housing {where.en}"),
        lambda read: _AMBIENT_C + read(MemoryRef(f"{tag}.{name}_heat", "rise")),
        housing_vibration_of(tag, node, vibration or f"{name}_vibration", geometry),
    )


def _heat_words(temperature_c: float, where: Text) -> Perception:
    if temperature_c > 60.0:
        text = Text(f"Le palier {where.fr} est brûlant.", f"The bearing housing {where.en} is burning hot.")
    elif temperature_c > 40.0:
        text = Text(f"Le palier {where.fr} est chaud.", f"The bearing housing {where.en} is hot.")
    elif temperature_c > 27.0:
        text = Text(f"Le palier {where.fr} est tiède.", f"The bearing housing {where.en} is warm.")
    else:
        text = Text(f"Le palier {where.fr} est froid.", f"The bearing housing {where.en} is cold.")
    return Perception(Sense.TOUCH, text)
