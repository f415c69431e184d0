"""Symbols as data: shapes on a module grid, named pins, and parts that follow a state channel of their component.

One grid unit is one module M (2.5 mm on paper, IEC 60617 and ISO 1219-1 drawing practice). Pins lie on whole modules so
that wires and pipes meet them exactly. x grows to the right, y downwards. Drawn at rest: no voltage, no pressure.

The renderer (:mod:`etabli.machines.drawing`) turns and mirrors whole symbols; labels stay upright. A wire leaves a pin
in the direction of its side, so a pin lies on that edge of the symbol's box. Keep pins four modules apart where people
probe them: that is a 24 px target on a 768 px wide tablet.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """Open polyline. ``style`` is "solid", "dashed" (pilot, mechanical link) or "thin"."""

    points: tuple[tuple[float, float], ...]
    style: str = "solid"


@dataclass(frozen=True, slots=True)
class Polygon:
    """Closed polygon; ``filled`` with the ink colour."""

    points: tuple[tuple[float, float], ...]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """Circle of radius ``r``; ``filled`` with the ink colour."""

    x: float
    y: float
    r: float
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Rectangle from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """Circular arc, angles in degrees, 0 to the right, growing clockwise (y is down)."""

    x: float
    y: float
    r: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Label:
    """Fixed text of the symbol (never the tag: the folio writes it). (x, y) is the middle of the text's height."""

    x: float
    y: float
    text: str
    size: float = 0.9
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Moves:
    """Shapes translated by ``channel`` (0…1) times (dx, dy): a spool, a rod."""

    channel: str
    dx: float
    dy: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Turns:
    """Shapes turned about (x, y) by ``channel`` (0…1) times ``degrees``: the blade of a contact."""

    channel: str
    x: float
    y: float
    degrees: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Lights:
    """Shapes that light up with ``channel`` (0…1): a lamp, a LED, an energised coil. ``colour`` is a name of the theme
    ("red", "green", "orange", "white", "blue", "ink")."""

    channel: str
    shapes: tuple[Shape, ...]
    colour: str = "ink"


Shape = Line | Polygon | Circle | Rectangle | Arc | Label | Moves | Turns | Lights


@dataclass(frozen=True, slots=True)
class Pin:
    """Where the port ``port`` of the component meets the grid (whole modules); ``side`` is "n", "e", "s" or "w"."""

    port: str
    x: int
    y: int
    side: str
    label: bool = True


@dataclass(frozen=True, slots=True)
class Symbol:
    """A drawn part of a component: its box in modules, shapes, pins."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    pins: tuple[Pin, ...] = field(default=())
