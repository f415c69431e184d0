"""Landing door of a lift: driven by the car door when the car is there, shut by its own weight otherwise; door lock."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Rectangle
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.components.hand import add_hand
from etabli.physics.expression import absolute, clamp, less, maximum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_LOCK_DEPTH = 0.01
"""Share of the opening over which the hook enters its lock."""
_OPEN = 0.03


@sampled(
    reads=("car", "car_door", "key"),
    parameters=("level", "zone", "closing_per_s", "ajar", "hook"),
    memory=("fraction", "locked"),
    stage=Stage.ACTUATE,
)
def landing_door(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Opening 0…1 of the landing door, and how deep its hook lies in the lock (``locked``, 0…1).

    While the car stands within ``zone`` m of ``level`` the skate of the car door carries it along; otherwise a weight
    shuts it at ``closing_per_s``. ``ajar`` is what keeps it open (an object in the sill), ``hook`` (0…1) what is left
    of the travel of the hook, ``key`` (0/1) the emergency key. Source: unlocking zone and self-closing of landing
    doors, EN 81-20 (unlocking zone at most 0.2 m).
    """
    here = less(absolute(r.car - p.level), p.zone)
    alone = maximum(m.fraction - h * p.closing_per_s, 0.0)
    fraction = maximum(maximum(select(here, r.car_door, alone), r.key), p.ajar)
    return {"fraction": fraction, "locked": clamp(p.hook * (1.5 - fraction / _LOCK_DEPTH), 0.0, 1.0)}


explain(
    landing_door,
    Text(
        "Porte palière : entraînée par la porte de cabine dans la zone de déverrouillage, refermée par un poids "
        "ailleurs ; le crochet entre dans la serrure en fin de fermeture (EN 81-20).",
        "Landing door: carried by the car door in the unlocking zone, shut by a weight elsewhere; the hook enters the "
        "lock at the end of the closing (EN 81-20).",
    ),
    Curve(
        Text("verrouillage selon l'ouverture", "locking against opening"),
        Axis(Text("ouverture de la porte", "door opening"), "%"),
        Axis(Text("prise du crochet (1 verrouillée)", "depth of the hook (1 locked)")),
        sweep(
            0.0,
            10.0,
            lambda d, x: d.step(car=d.p.level, car_door=0.01 * x)["locked"],
            101,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_hand(b, "key")
    b.sample(
        "door",
        landing_door,
        {"car": b.link("car"), "car_door": b.link("car_door"), "key": b.memory("key", "position")},
        {"level": p["level_m"], "zone": p["zone_m"], "closing_per_s": 0.5, "ajar": 0.0, "hook": 1.0},
        initial={"locked": 1.0},
    )
    add_contact(b, "11", "12", b.memory("door", "locked"), closed_now=True)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    fraction = read(MemoryRef(f"{tag}.door", "fraction"))
    if fraction > _OPEN:
        percent = round(100.0 * fraction)
        words = Text(f"La porte palière est ouverte à {percent} %.", f"The landing door is {percent} % open.")
    elif read(MemoryRef(f"{tag}.door", "locked")) < 0.8:
        words = Text(
            "La porte palière est poussée, mais son crochet n'est pas au fond de la serrure.",
            "The landing door is shut, but its hook is not home in the lock.",
        )
    else:
        words = Text("La porte palière est fermée et verrouillée.", "The landing door is shut and locked.")
    return (Perception(Sense.LOOK, words),)


def _lock_actuator() -> tuple[Line | Rectangle, ...]:
    """Door panel with its hook, and the dashed link to a blade at x = 4."""
    return (
        Rectangle(0.2, 1.0, 0.8, 2.1),
        Line(((1.0, 1.5), (1.6, 1.5), (1.6, 1.9))),
        Line(((1.0, 2.05), (3.5, 2.05)), "dashed"),
    )


COMPONENT = Component(
    family="landing_door",
    letter="S",
    text=Text("porte palière et sa serrure", "landing door and its lock"),
    sheet=Text(
        "Porte palière entraînée par la porte de cabine quand la cabine est dans la zone de déverrouillage, refermée "
        "par un contrepoids sinon. Contact de serrure 11-12 fermé quand le crochet est au fond ; clé de secours. "
        "Valeurs : fiche de serrure de porte palière EN 81-50.",
        "Landing door carried along by the car door while the car stands in the unlocking zone, shut by a weight "
        "otherwise. Lock contact 11-12 closed when the hook is home; emergency key. Values: sheet of a landing door "
        "lock, EN 81-50.",
    ),
    parameters=(
        Parameter("level_m", Text("altitude du palier", "height of the landing"), "m", 0.0, -50.0, 200.0),
        Parameter("zone_m", Text("demi-zone de déverrouillage", "half unlocking zone"), "m", 0.1, 0.01, 0.2),
    ),
    ports=(Port("11", Domain.DC), Port("12", Domain.DC)),
    build=_build,
    failure_modes=(
        contact_not_closing("11", "12", rate=1.5),
        contact_resistive("11", "12", ohms=30000.0, rate=1.5),
        contact_welded("11", "12", rate=0.4),
        FailureMode(
            "hook_misaligned",
            Text("crochet de serrure déréglé", "lock hook out of line"),
            (Effect("door.hook", 0.3),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            1.2,
            (0.8, 1.0),
            Text(
                "Le crochet frotte sur la gâche, ses vis sont desserrées.",
                "The hook rubs on its keeper; its screws are loose.",
            ),
        ),
        FailureMode(
            "held_ajar",
            Text("porte palière retenue entrouverte", "landing door held ajar"),
            (Effect("door.ajar", 0.06),),
            Repair.CLEAN,
            (Onset.SUDDEN,),
            1.0,
            (0.5, 1.0),
            Text("Un gravier est coincé dans le seuil palier.", "A pebble is stuck in the landing sill."),
        ),
    ),
    channels=lambda tag, p: (
        Channel(
            "door",
            MemoryRef(f"{tag}.door", "fraction"),
            seen=True,
            text=Text("ouverture de la porte palière", "landing door opening"),
        ),
        Channel("locked", MemoryRef(f"{tag}.door", "locked")),
    ),
    links=("car", "car_door"),
    signals={"opening": lambda tag, p: MemoryRef(f"{tag}.door", "fraction")},
    senses=_senses,
    symbols={"contact_11_12": contact_symbol("11", "12", "locked", left=_lock_actuator())},
    controls={"key": "key.position"},
)
