"""Breaker mechanism shared by all protections with a handle: latch, thermal image, magnetic release."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.physics.expression import less, maximum, minimum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text


@sampled(
    reads=("current_1", "current_2", "current_3"),
    parameters=(
        "position",
        "locked",
        "rated",
        "trip_level",
        "time_constant_s",
        "magnetic_a",
        "imbalance_gain",
        "sensitivity",
        "latch_broken",
    ),
    memory=("heat", "latched", "previous", "tripped", "handle"),
    stage=Stage.PROTECT,
)
def breaker_mechanism(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Latch with thermal and magnetic release (EN 60898 / EN 60947-2 / EN 60947-4-1 time-current points).

    ``heat`` follows ``(I / rated)²`` with one time constant (bimetal) and trips at ``trip_level``; a current above
    ``magnetic_a`` trips at once. ``imbalance_gain`` makes the release faster when one phase is missing (differential
    slide of motor breakers). ``sensitivity`` is the drift of the bimetal. After a trip the handle must go back to 0,
    and the bimetal cool down, before 1 latches again. ``handle``: 0 off, 0.5 tripped, 1 on.
    """
    one, two, three = (_magnitude(i) for i in (r.current_1, r.current_2, r.current_3))
    largest, smallest = maximum(maximum(one, two), three), minimum(minimum(one, two), three)
    missing = (largest - smallest) / maximum(largest, 1e-3)
    load = largest * p.sensitivity / p.rated
    aim = load * load * (1.0 + p.imbalance_gain * missing)
    rising = (m.heat + (h / p.time_constant_s) * aim) / (1.0 + h / p.time_constant_s)
    # A short circuit is cut before the bimetal follows: it is never much hotter than where it trips.
    heat = minimum(rising, 1.2 * p.trip_level)
    too_much = maximum(less(p.trip_level, heat), less(p.magnetic_a, largest))
    on = select(less(0.5, p.locked), 0.0, less(0.5, p.position))
    cool = less(heat, 0.8 * p.trip_level)
    held = select(m.previous, m.latched, on * cool) * on * less(p.latch_broken, 0.5)
    latched = held * (1.0 - too_much)
    tripped = on * maximum(m.tripped * (1.0 - latched), m.latched * (1.0 - latched))
    return {
        "heat": heat,
        "latched": latched,
        "previous": on,
        "tripped": tripped,
        "handle": maximum(latched, 0.5 * tripped),
    }


def _tripping_time(piece: Piece, load: float) -> float | None:
    """Seconds until a closed breaker opens at ``load`` times the rating of a sound one, all poles alike."""
    amps = load * piece.sound.p.rated
    if piece.p.latch_broken > 0.5:
        return None
    closed = breaker_memory(1.0) | {"heat": 0.0, "tripped": 0.0}
    return piece.time_until(
        lambda found: found["latched"] < 0.5, 7200.0, closed, current_1=amps, current_2=amps, current_3=amps
    )


explain(
    breaker_mechanism,
    Text(
        "Bilame : l'échauffement suit (I / In)² avec une constante de temps et déclenche à un seuil ; le "
        "déclencheur magnétique agit aussitôt au-dessus de son courant. Points temps-courant de EN 60898, EN 60947-2 "
        "et EN 60947-4-1.",
        "Bimetal: its heat follows (I / In)² with one time constant and trips at a level; the magnetic release acts "
        "at once above its current. Time-current points of EN 60898, EN 60947-2 and EN 60947-4-1.",
    ),
    Curve(
        Text("temps de déclenchement, à froid", "tripping time, from cold"),
        Axis(Text("courant / calibre In", "current / rating In"), logarithmic=True),
        Axis(Text("temps", "time"), "s", logarithmic=True),
        sweep(1.05, 20.0, _tripping_time, 40, logarithmic=True),
    ),
)


def _magnitude(x: Any) -> Any:
    return maximum(x, -x)


POLE_W = 1.8
"""W that a pole of a modular breaker turns into heat at its rating: sheets of 1 to 16 A breakers give 1.4 to 2 W, and
EN 60898-1 allows 3 W up to 10 A. So a small rating has a large resistance: 0.45 Ω at 2 A."""


def pole_ohm(p: Parameters) -> float:
    """Resistance of a closed pole: the one given, or that of the rating where ``pole_ohm`` is 0."""
    return float(p["pole_ohm"] or POLE_W / p["rated_a"] ** 2)


POLE_OHM = Parameter(
    "pole_ohm", Text("résistance d'un pôle (0 : 1,8 W à In)", "pole resistance (0: 1.8 W at In)"), "Ω", 0.0, 0.0, 10.0
)


def add_curve_c(b: Builder, rated_a: float, position: float, currents: tuple[Ref, Ref, Ref]) -> Ref:
    """Sampled device ``mechanism`` of a modular breaker, curve C of EN 60898; gives its latch for the poles.

    Trips at 1.3 In in the long run (1.13 In must hold, 1.45 In must trip), after 20 s at 2.55 In, at once at 7.5 In.
    """
    b.sample(
        "mechanism",
        breaker_mechanism,
        {f"current_{k}": current for k, current in enumerate(currents, 1)},
        {
            "position": position,
            "locked": 0.0,
            "rated": rated_a,
            "trip_level": 1.69,
            "time_constant_s": 65.0,
            "magnetic_a": 7.5 * rated_a,
            "imbalance_gain": 0.0,
            "sensitivity": 1.0,
            "latch_broken": 0.0,
        },
        initial=breaker_memory(position),
    )
    return b.memory("mechanism", "latched")


def breaker_memory(position: float) -> dict[str, float]:
    """Initial memory for a handle that starts at ``position``."""
    return {"latched": position, "previous": position, "handle": position}


LATCH_BROKEN = FailureMode(
    "latch_broken",
    Text("mécanisme qui ne s'enclenche plus", "mechanism no longer latches"),
    (Effect("mechanism.latch_broken", 1.0),),
    rate=0.5,
)

THERMAL_DRIFT = FailureMode(
    "thermal_drift",
    Text("déclencheur thermique déréglé (trop sensible)", "thermal release drifted (too sensitive)"),
    (Effect("mechanism.sensitivity", 4.0),),
    onsets=(Onset.SUDDEN, Onset.GROWING),
    rate=0.6,
    degrees=(0.5, 1.0),
)

NUISANCE_TRIP = FailureMode(
    "nuisance_trip",
    Text("déclenchement intempestif (mécanisme usé)", "nuisance tripping (worn mechanism)"),
    (Effect("mechanism.sensitivity", 40.0, logarithmic=True),),
    rate=0.6,
    degrees=(0.85, 1.0),
)
"""For control breakers, which carry a small part of their rating: the worn latch lets go at a twentieth of it."""

SETTING_MARK = Text(
    "Le repère de réglage n'est pas en face du courant nominal de la plaque du moteur.",
    "The setting mark is not on the plate current of the motor.",
)

WRONG_SETTING = FailureMode(
    "wrong_setting",
    Text("réglage thermique trop bas", "thermal setting too low"),
    (Effect("mechanism.rated", 0.4, relative=True),),
    repair=Repair.ADJUST,
    rate=1.0,
    degrees=(0.85, 1.0),
    visible=SETTING_MARK,
)


def breaker_senses(tag: str, read: Read) -> list[Perception]:
    """Handle position, and heat of the release."""
    handle = read(MemoryRef(f"{tag}.mechanism", "handle"))
    heat = read(MemoryRef(f"{tag}.mechanism", "heat"))
    if handle > 0.75:
        look = Text("La manette est sur 1.", "The handle is on 1.")
    elif handle > 0.25:
        look = Text("La manette est en position intermédiaire : déclenché.", "The handle is half way: tripped.")
    else:
        look = Text("La manette est sur 0.", "The handle is on 0.")
    found = [Perception(Sense.LOOK, look)]
    if heat > 0.7:
        found.append(Perception(Sense.TOUCH, Text("Le boîtier est chaud.", "The case is hot.")))
    return found
