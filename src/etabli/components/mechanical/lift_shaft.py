"""Lift shaft: landings, flags and cams that the sensors of the car and of the shaft meet, and the goods that travel."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
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
    Read,
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Rectangle, Symbol
from etabli.components.mechanical.conveyor import held_value
from etabli.components.mechanical.lift_traffic import MOST_LEVELS, Habits, LiftTraffic, TrafficError
from etabli.physics.expression import clamp, maximum, minimum
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, Ref
from etabli.physics.text import Text

_EDGE_M = 0.01
_NOWHERE_M = 1e6
_LEVELS = tuple(f"level_{k}" for k in range(MOST_LEVELS))


@sampled(reads=("height", "speed", "door"), memory=("height", "speed", "door"), stage=Stage.SENSE)
def car_image(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The car as people see it: height of its floor (m), speed (m/s), opening of its door (0…1)."""
    return {"height": r.height, "speed": r.speed, "door": r.door}


explain(car_image, Text("La cabine comme on la voit.", "The car as people see it."))


@sampled(
    reads=("height",),
    parameters=(*_LEVELS, "low", "high", "edge"),
    memory=("at",),
    stage=Stage.SENSE,
)
def shaft_mark(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """How much of a flag (or cam) faces its sensor, 0…1, with the car floor at ``height`` m.

    A flag reaches from ``low`` to ``high`` m about each ``level`` (levels that do not exist are far away); it comes in
    over ``edge`` m, half of it at its nominal end. Geometry of flags and cams of lift shafts.
    """
    seen: Any = 0.0
    for name in _LEVELS:
        x = r.height - getattr(p, name)
        seen = maximum(seen, clamp(minimum(x - p.low, p.high - x) / p.edge + 0.5, 0.0, 1.0))
    return {"at": seen}


explain(
    shaft_mark,
    Text(
        "Drapeau ou came de gaine : géométrie d'un drapeau devant son capteur.",
        "Flag or cam of the shaft: geometry of a flag in front of its sensor.",
    ),
    Curve(
        Text("capteur de niveau selon la hauteur de la cabine", "level sensor against car height"),
        Axis(Text("hauteur au-dessus du niveau 0", "height above level 0"), "m"),
        Axis(Text("drapeau devant le capteur", "flag in front of the sensor")),
        sweep(lambda d: d.p.low - 0.2, lambda d: d.p.high + 0.2, lambda d, x: d.step(height=x)["at"], 161),
    ),
)


def marks_of(p: Parameters) -> dict[str, tuple[tuple[float, ...], float, float]]:
    """Name of each mark -> heights about which it lies, its low and high end (m)."""
    levels = tuple(float(x) for x in p["levels"])
    found = {}
    for name, spec in dict(p["marks"]).items():
        if not isinstance(spec, Mapping) or len(spec) != 1 or not set(spec) <= {"each_level", "between"}:
            raise TrafficError(
                f"marks.{name}: write it as {{between: [low, high]}} or {{each_level: [low, high]}}, in m"
            )
        kind, ends = next(iter(spec.items()))
        low, high = (float(x) for x in ends)
        if low >= high:
            raise TrafficError(f"marks.{name}: the first end ({low}) must be below the second ({high})")
        found[str(name)] = (levels if kind == "each_level" else (0.0,), low, high)
    return found


def _build(b: Builder, p: Parameters) -> None:
    habits = Habits.of(p)
    reads = {"height": b.link("car"), "speed": b.link("car_speed"), "door": b.link("car_door")}
    b.sample("car", car_image, reads)
    for name, (levels, low, high) in marks_of(p).items():
        places = dict(zip(_LEVELS, (*levels, *(_NOWHERE_M,) * MOST_LEVELS), strict=False))
        b.sample(
            f"at_{name}", shaft_mark, {"height": b.link("car")}, {**places, "low": low, "high": high, "edge": _EDGE_M}
        )
    for level in range(len(habits.levels)):
        for kind in ("call", "send", "waiting"):
            b.sample(f"{kind}_{level}", held_value, {}, {"value": 0.0})
    for name in ("doorway", "load"):
        b.sample(name, held_value, {}, {"value": 0.0})


class _Signals(Mapping[str, Callable[[str, Parameters], Ref]]):
    """Signals of a shaft: ``at_NAME`` for each mark, ``call_K``/``send_K`` (a finger on the button of level K),
    ``doorway`` (goods between the doors, 0/1), ``load`` (kg in the car)."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> Callable[[str, Parameters], Ref]:
        kind, _, rest = name.partition("_")
        if name in {"doorway", "load"} or (kind in {"call", "send", "waiting"} and rest.isdigit()):
            return lambda tag, p: MemoryRef(f"{tag}.{name}", "held")
        if kind == "at":
            return _mark_signal(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _mark_signal(name: str) -> Callable[[str, Parameters], Ref]:
    def signal(tag: str, p: Parameters) -> Ref:
        known = [f"at_{mark}" for mark in p["marks"]]
        if name not in known:
            raise KeyError(f"{tag} has no mark {name!r}: choose one of {', '.join(known)}")
        return MemoryRef(f"{tag}.{name}", "at")

    return signal


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    """A flag of one landing out of place: only what lies about every landing has one flag each."""
    marks = {name: mark for name, mark in marks_of(p).items() if len(mark[0]) > 1}
    if not marks:
        return ()
    levels = tuple(float(x) for x in p["levels"])
    return tuple(
        FailureMode(
            f"flag_{k}_{word}",
            Text(f"drapeau du niveau {k} {fr}", f"flag of level {k} {en}"),
            tuple(Effect(f"at_{name}.level_{k}", height + shift) for name in marks),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.2,
            (0.5, 1.0),
            Text(f"Le drapeau du niveau {k} a glissé sur son rail.", f"The flag of level {k} has slid on its rail."),
        )
        for k, height in enumerate(levels)
        for word, fr, en, shift in (("high", "remonté", "moved up", 0.04), ("low", "descendu", "moved down", -0.04))
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    levels = range(len(p["levels"]))
    return (
        *(
            Channel(
                f"waiting_{k}",
                MemoryRef(f"{tag}.waiting_{k}", "held"),
                seen=True,
                text=Text(f"chariot en attente au niveau {k}", f"trolley waiting at level {k}"),
            )
            for k in levels
        ),
        Channel(
            "load",
            MemoryRef(f"{tag}.load", "held"),
            0.0,
            float(p["load_max_kg"]),
            seen=True,
            text=Text("charge en cabine", "load in the car"),
        ),
        Channel(
            "doorway",
            MemoryRef(f"{tag}.doorway", "held"),
            seen=True,
            text=Text("chariot dans le passage", "trolley in the doorway"),
        ),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    height, levels = read(MemoryRef(f"{tag}.car", "height")), [float(x) for x in p["levels"]]
    level = min(range(len(levels)), key=lambda k: abs(levels[k] - height))
    error = round(1e3 * (height - levels[level]))
    if abs(error) > 500:
        where = Text("La cabine est entre deux niveaux.", "The car is between two levels.")
    elif abs(error) <= float(p["tolerance_mm"]):
        where = Text(f"La cabine est au niveau {level}, au ras du palier.", f"The car is at level {level}, flush.")
    else:
        fr, en = ("au-dessus", "above") if error > 0 else ("au-dessous", "below")
        where = Text(
            f"La cabine est à {abs(error)} mm {fr} du palier {level}.",
            f"The car is {abs(error)} mm {en} landing {level}.",
        )
    load = read(MemoryRef(f"{tag}.load", "held"))
    words = (
        Text(f"Un chariot de {load:.0f} kg est dans la cabine.", f"A trolley of {load:.0f} kg is in the car.")
        if load > 1.0
        else Text("La cabine est vide.", "The car is empty.")
    )
    return (Perception(Sense.LOOK, where), Perception(Sense.LOOK, words))


def _process(tag: str, p: Parameters, rng: random.Random) -> LiftTraffic:
    return LiftTraffic(tag, p, rng)


_MARKS = {
    "slow_0": {"between": [-0.5, 0.5]},
    "slow_1": {"between": [2.5, 3.5]},
    "slow_2": {"between": [5.5, 6.5]},
    "level_upper": {"each_level": [-0.2, 0.01]},
    "level_lower": {"each_level": [-0.01, 0.2]},
}

COMPONENT = Component(
    family="lift_shaft",
    letter="G",
    purpose="U",
    text=Text("gaine de monte-charge", "goods lift shaft"),
    sheet=Text(
        "Gaine avec ses paliers, les drapeaux et les cames que rencontrent les détecteurs (signal `at_NOM`), et les "
        "chariots qui voyagent : appel, chargement, envoi, déchargement. Un voyage est bon quand la cabine s'arrête à "
        "`tolerance_mm` du palier avant `late_s`. Valeurs : usage d'un monte-charge d'atelier, précision d'arrêt EN "
        "81-20.",
        "Shaft with its landings, the flags and cams that the sensors meet (signal `at_NAME`), and the trolleys that "
        "travel: call, loading, sending, unloading. A trip is good when the car stops within `tolerance_mm` of the "
        "landing before `late_s`. Values: use of a workshop goods lift, stopping accuracy of EN 81-20.",
    ),
    parameters=(
        Parameter("levels", Text("altitudes des paliers", "heights of the landings"), "m", (0.0, 3.0, 6.0)),
        Parameter("marks", Text("drapeaux et cames", "flags and cams"), "m", _MARKS),
        Parameter(
            "order_min_s", Text("pause minimale entre chariots", "least pause between trolleys"), "s", 2.0, 0.1, 3600.0
        ),
        Parameter(
            "order_max_s",
            Text("pause maximale entre chariots", "greatest pause between trolleys"),
            "s",
            6.0,
            0.1,
            3600.0,
        ),
        Parameter("load_min_kg", Text("chariot le plus léger", "lightest trolley"), "kg", 40.0, 0.0, 1e5),
        Parameter("load_max_kg", Text("chariot le plus lourd", "heaviest trolley"), "kg", 450.0, 1.0, 1e5),
        Parameter(
            "rolling_s", Text("durée de passage du chariot", "time to roll the trolley over"), "s", 2.5, 0.1, 600.0
        ),
        Parameter(
            "tolerance_mm", Text("précision d'arrêt exigée", "stopping accuracy required"), "mm", 10.0, 1.0, 100.0
        ),
        Parameter("late_s", Text("attente acceptée", "waiting accepted"), "s", 45.0, 1.0, 3600.0),
    ),
    ports=(),
    build=_build,
    failure_modes=_modes,
    channels=_channels,
    links=("car", "car_speed", "car_door"),
    signals=_Signals(("doorway", "load")),
    senses=_senses,
    symbols={
        "main": Symbol(
            12,
            18,
            (
                Rectangle(2, 0, 8, 18),
                *(
                    shape
                    for y, name in ((16, "0"), (10, "1"), (4, "2"))
                    for shape in (Line(((0, y), (2, y))), Label(0.7, y - 0.8, name, 1.0))
                ),
            ),
            (),
        )
    },
    process=_process,
)
