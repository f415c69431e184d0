"""Curves of laws and their words: what the catalogue page shows of how a part answers.

Beside a law stands one :func:`explain`: the law in words (with its source) and the curves worth seeing. Every family
that uses the law shows them, with its own data sheet values; a family whose behaviour is made of several laws adds its
own in ``COMPONENT.curves``. A curve is computed from the law itself, sound and then with a fault of the family: the
numbers of a law are typed once, in the law. Standard library only, since component files are imported by the build.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etabli.physics.law import Fields, Law, SampledLaw
from etabli.physics.network import (
    Device,
    SampledDevice,
)
from etabli.physics.text import Text

if TYPE_CHECKING:
    from etabli.components.specimen import Specimen

Point = tuple[float, float]
Trace = Callable[["Piece"], Sequence[Point]]

STEADY_S = 1e9
"""Implicit weight of a stage that gives what a law answers in the long run: a lag has arrived, nothing is stored."""
TAG = "X"
"""Tag of the component on the bench."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured along an axis, and its unit of the workshop."""

    text: Text
    unit: str = ""
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """One picture. ``trace(piece)`` gives the points in the units of the axes; ``device`` names the device that it is
    drawn for (in a law's own curves it is each device that obeys the law)."""

    text: Text
    x: Axis
    y: Axis
    trace: Trace
    device: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """What the catalogue says of a law. ``plain``: shown only where the family has nothing more telling to show."""

    words: Text
    curves: tuple[Curve, ...] = ()
    plain: bool = False


_EXPLAINED: dict[str, Explained] = {}


def explain(law: Law | SampledLaw, words: Text, *curves: Curve, plain: bool = False) -> None:
    """Give a law its words (with the source: standard, textbook or kind of data sheet) and its curves."""
    if law.name in _EXPLAINED:
        raise ValueError(f"the law {law.name!r} is explained twice: keep one")
    _EXPLAINED[law.name] = Explained(words, curves, plain)


def explained(law: Law | SampledLaw) -> Explained | None:
    """What the catalogue says of a law, ``None`` where nobody has written it."""
    return _EXPLAINED.get(law.name)


class Piece:
    """One device of a component on the bench: its law, with the parameters that the family (and a fault) give it."""

    def __init__(self, specimen: Specimen, device: Device | SampledDevice) -> None:
        self.specimen = specimen
        self.device = device
        self.values = specimen.values
        """Data sheet values of the family."""
        names = device.law.parameters
        self.p = Fields(dict(zip(names, device.parameters, strict=True)))
        """Parameters of the law, in its own units."""

    def value(self, name: str, otherwise: float) -> float:
        """A value of the data sheet, or ``otherwise`` where the family has none of that name."""
        return float(self.values.get(name, otherwise))

    @property
    def law(self) -> Any:
        """The law itself."""
        return self.device.law

    @property
    def sound(self) -> Piece:
        """The same device of a sound component (itself where nothing is wrong)."""
        return self.specimen.sound.piece(self.device.name.removeprefix(f"{TAG}."))

    def having(self, **parameters: float) -> Piece:
        """The same device with other parameters: those that a sampled law would write (an output switched on)."""
        made = Piece(self.specimen, self.device)
        known = dict(zip(self.law.parameters, self.device.parameters, strict=True))
        made.p = Fields(known | parameters)
        return made

    def other(self, name: str) -> Piece:
        """Another device of the same component."""
        return self.specimen.piece(name)

    def answer(
        self, states: dict[str, float] | None = None, ah: float = STEADY_S, /, **across: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Flows and new states of a continuous law. Terminals and states that are not given are 0."""
        law = self.law
        v = dict.fromkeys(law.terminals, 0.0) | across
        s = dict.fromkeys(law.states, 0.0) | (states or {})
        found: tuple[dict[str, Any], dict[str, Any]] = law.function(Fields(v), self.p, Fields(s), ah)
        return found

    def flow(self, terminal: str, states: dict[str, float] | None = None, /, **across: Any) -> float:
        """Steady flow that enters ``terminal``."""
        return float(self.answer(states, **across)[0][terminal])

    def step(self, memory: dict[str, float] | None = None, h: float = 1e-3, **reads: float) -> dict[str, float]:
        """One step of a sampled law. Reads and memories that are not given are 0."""
        law = self.law
        r = dict.fromkeys(law.reads, 0.0) | reads
        m = dict.fromkeys(law.memory, 0.0) | (memory or {})
        return {name: float(value) for name, value in law.function(Fields(r), self.p, Fields(m), h).items()}

    def held(
        self, seconds: float, memory: dict[str, float] | None = None, steps: int = 60, **reads: float
    ) -> dict[str, float]:
        """What a sampled law has come to after ``seconds`` of the same reads (``seconds / steps`` at a time)."""
        found = memory or {}
        for _ in range(steps):
            found = self.step(self._kept(found), seconds / steps, **reads)
        return found

    def _kept(self, found: dict[str, float]) -> dict[str, float]:
        return {name: value for name, value in found.items() if name in self.law.memory}

    def time_until(
        self,
        done: Callable[[dict[str, float]], bool],
        longest_s: float,
        start: dict[str, float] | None = None,
        **reads: float,
    ) -> float | None:
        """Seconds until ``done`` of what a sampled law gives, in steps of 5 % of the time; ``None``: longer."""
        now, found = 0.0, self.start() if start is None else start
        while now < longest_s:
            h = max(2e-4, 0.05 * now)
            now += h
            found = self.step(self._kept(found), h, **reads)
            if done(found):
                return now
        return None

    def start(self) -> dict[str, float]:
        """Memories (or states) that the device starts with."""
        law = self.law
        names = law.states if isinstance(law, Law) else law.memory
        return dict(zip(names, self.device.initial, strict=True))


# --- axes -----------------------------------------------------------------------------------------------------------

VOLTAGE = Axis(Text("tension", "voltage"), "V")
CURRENT = Axis(Text("courant", "current"), "A")
OHMS = Axis(Text("résistance", "resistance"), "Ω", logarithmic=True)
SECONDS = Axis(Text("temps", "time"), "s")
MILLISECONDS = Axis(Text("temps", "time"), "ms")
BAR = Axis(Text("pression", "pressure"), "bar")
DROP = Axis(Text("perte de charge Δp", "pressure drop Δp"), "bar")
OIL_FLOW = Axis(Text("débit", "flow"), "l/min")
AIR_FLOW = Axis(Text("débit", "flow"), "l/min ANR")
SPEED = Axis(Text("vitesse", "speed"), "m/s")
ROTATION = Axis(Text("vitesse de rotation", "rotation speed"), "min⁻¹")
TORQUE = Axis(Text("couple", "torque"), "N·m")
FORCE = Axis(Text("force", "force"), "N")
MILLIMETRES = Axis(Text("déplacement", "displacement"), "mm")
CELSIUS = Axis(Text("température", "temperature"), "°C")
WATTS = Axis(Text("puissance", "power"), "W")
STATE = Axis(Text("sortie (0 repos, 1 actionnée)", "output (0 at rest, 1 switched)"))

L_MIN = 0.06
"""l/min in one cm³/s of oil."""
AIR_L_MIN = 60.0 / 1.185
"""l/min (ANR: 20 °C, 1 bar, 65 % humidity) in one g/s of air."""
SINE = 0.75**0.5
"""Sine of 120°: the two other phases of a mains whose first one is real."""
DEGREES = 180.0 / math.pi
"""Degrees in one radian."""
RPM = 30.0 / math.pi
"""Turns a minute in one rad/s."""


# --- points ---------------------------------------------------------------------------------------------------------

Bound = float | Callable[[Piece], float]
"""An end of an axis: a number, or a function of the SOUND device (so that a fault is drawn on the same axis)."""


def bound(value: Bound, piece: Piece) -> float:
    """The number behind an end of an axis."""
    return float(value(piece.sound)) if callable(value) else float(value)


def spaced(low: float, high: float, count: int = 49, logarithmic: bool = False) -> list[float]:
    """``count`` places from ``low`` to ``high``, evenly or by equal factors."""
    if logarithmic:
        return [low * (high / low) ** (i / (count - 1)) for i in range(count)]
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def sweep(
    low: Bound,
    high: Bound,
    value: Callable[[Piece, float], float | None],
    count: int = 49,
    logarithmic: bool = False,
) -> Trace:
    """A trace of ``value(piece, x)`` from ``low`` to ``high``; places where it is ``None`` are left out."""

    def trace(piece: Piece) -> list[Point]:
        places = spaced(bound(low, piece), bound(high, piece), count, logarithmic)
        found = ((x, value(piece, x)) for x in places)
        return [(x, y) for x, y in found if y is not None]

    return trace


def loop(
    low: Bound,
    high: Bound,
    read: str,
    show: str,
    held_s: float = 1.0,
    count: int = 40,
    scale: float = 1.0,
    **more: float,
) -> Trace:
    """There and back: the memory ``show`` of a sampled law while ``read`` rises from ``low`` to ``high`` and falls
    again, slowly (``held_s`` at each place): hysteresis shows as two branches. ``scale`` x units in one of the law."""

    def trace(piece: Piece) -> list[Point]:
        rising = spaced(bound(low, piece), bound(high, piece), count)
        memory: dict[str, float] = piece.start()
        found = []
        for x in [*rising, *reversed(rising)]:
            memory = piece.held(held_s, memory, 4, **{read: x}, **more)
            found.append((x * scale, memory[show]))
        return found

    return trace


def in_time(
    seconds: Bound,
    show: str,
    count: int = 60,
    scale: float = 1.0,
    time_scale: float = 1.0,
    **across: Callable[[Piece], float],
) -> Trace:
    """A continuous law whose terminals jump at time 0 (to ``across``, of the sound device): its state ``show`` in time,
    by its own implicit equation."""

    def trace(piece: Piece) -> list[Point]:
        v = {name: value(piece.sound) for name, value in across.items()}
        h, states = bound(seconds, piece) / (count * 5), piece.start()
        found = [(0.0, states[show] * scale)]
        for i in range(1, count * 5 + 1):
            states = piece.answer(states, h, **v)[1]
            if i % 5 == 0:
                found.append((i * h * time_scale, states[show] * scale))
        return found

    return trace


def finite(points: Sequence[Point]) -> list[Point]:
    """The points that can be drawn."""
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
