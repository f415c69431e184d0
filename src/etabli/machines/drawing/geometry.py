"""Where a symbol stands on a sheet: turning, mirroring and moving its shapes, in modules.

A symbol is turned clockwise by whole quarters, after an optional left-right mirror. The box of the turned symbol keeps
its top left corner at the given place. Labels move with the symbol but stay upright.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from etabli.components.drawing import (
    Arc,
    Circle,
    Label,
    Lights,
    Line,
    Moves,
    Pin,
    Polygon,
    Rectangle,
    Shape,
    Symbol,
    Turns,
)

Point = tuple[float, float]
Item = TypeVar("Item")

_SIDES = "nesw"
OUTWARD: dict[str, tuple[int, int]] = {"n": (0, -1), "e": (1, 0), "s": (0, 1), "w": (-1, 0)}
"""Direction in which a wire leaves a pin of each side."""


def fanned(items: Sequence[Item], pitch: float) -> Iterator[tuple[Item, float]]:
    """Things side by side around one place, each with its shift from there."""
    for i, item in enumerate(items):
        yield item, (i - (len(items) - 1) / 2) * pitch


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle of the sheet, in modules."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box, margin: float = 0.0) -> bool:
        """Whether the insides meet (edges that touch do not count)."""
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )

    def shared_area(self, other: Box) -> float:
        """Area common to both, square modules."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def grown(self, margin: float) -> Box:
        """The box with ``margin`` added on each side."""
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)


@dataclass(frozen=True, slots=True)
class Placement:
    """Top left corner, clockwise quarter turns and mirror of a symbol of ``width`` × ``height`` modules."""

    x: float
    y: float
    width: int
    height: int
    quarters: int = 0
    mirror: bool = False

    @property
    def box(self) -> Box:
        """Box on the sheet."""
        wide, high = (self.height, self.width) if self.quarters % 2 else (self.width, self.height)
        return Box(self.x, self.y, self.x + wide, self.y + high)

    def point(self, x: float, y: float) -> Point:
        """A point of the symbol, on the sheet."""
        if self.mirror:
            x = self.width - x
        wide, high = self.width, self.height
        for _ in range(self.quarters % 4):
            x, y = high - y, x
            wide, high = high, wide
        return self.x + x, self.y + y

    def vector(self, dx: float, dy: float) -> Point:
        """A displacement of the symbol, on the sheet."""
        if self.mirror:
            dx = -dx
        for _ in range(self.quarters % 4):
            dx, dy = -dy, dx
        return dx, dy

    def angles(self, start: float, end: float) -> tuple[float, float]:
        """An arc of the symbol, on the sheet (degrees, clockwise)."""
        if self.mirror:
            start, end = 180.0 - end, 180.0 - start
        turn = 90.0 * (self.quarters % 4)
        return start + turn, end + turn

    def side(self, side: str) -> str:
        """A side of the symbol, on the sheet."""
        if self.mirror:
            side = {"e": "w", "w": "e"}.get(side, side)
        return _SIDES[(_SIDES.index(side) + self.quarters) % 4]

    def shape(self, shape: Shape) -> Shape:
        """A shape of the symbol, on the sheet."""
        match shape:
            case Line() | Polygon():
                return replace(shape, points=tuple(self.point(x, y) for x, y in shape.points))
            case Circle():
                x, y = self.point(shape.x, shape.y)
                return replace(shape, x=x, y=y)
            case Rectangle():
                return self._rectangle(shape)
            case Arc():
                x, y = self.point(shape.x, shape.y)
                start, end = self.angles(shape.start, shape.end)
                return replace(shape, x=x, y=y, start=start, end=end)
            case Label():
                return self._label(shape)
            case Moves():
                dx, dy = self.vector(shape.dx, shape.dy)
                return replace(shape, dx=dx, dy=dy, shapes=tuple(self.shape(s) for s in shape.shapes))
            case Turns():
                x, y = self.point(shape.x, shape.y)
                degrees = -shape.degrees if self.mirror else shape.degrees
                return replace(shape, x=x, y=y, degrees=degrees, shapes=tuple(self.shape(s) for s in shape.shapes))
            case Lights():
                return replace(shape, shapes=tuple(self.shape(s) for s in shape.shapes))

    def _rectangle(self, shape: Rectangle) -> Rectangle:
        x1, y1 = self.point(shape.x, shape.y)
        x2, y2 = self.point(shape.x + shape.width, shape.y + shape.height)
        return replace(shape, x=min(x1, x2), y=min(y1, y2), width=abs(x2 - x1), height=abs(y2 - y1))

    def _label(self, shape: Label) -> Label:
        x, y = self.point(shape.x, shape.y)
        anchor = shape.anchor
        swapped = self.mirror != (self.quarters % 4 == 2)
        if self.quarters % 2:
            anchor = "middle"
        elif swapped:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        return replace(shape, x=x, y=y, anchor=anchor)

    def pin(self, pin: Pin) -> tuple[Point, str]:
        """Where a pin lies on the sheet, and its side there."""
        return self.point(pin.x, pin.y), self.side(pin.side)


def placed(symbol: Symbol, x: float, y: float, quarters: int = 0, mirror: bool = False) -> Placement:
    """The symbol with the top left corner of its (turned) box at (x, y)."""
    return Placement(x, y, symbol.width, symbol.height, quarters, mirror)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Estimated width of a text, in modules: the page's fonts are about this wide, never wider."""
    narrow = sum(text.count(c) for c in "iljtfI.,:;'!|() -")
    return size * ((len(text) - narrow) * (0.66 if bold else 0.61) + narrow * 0.42)


def text_box(x: float, y: float, text: str, size: float, anchor: str = "middle", vertical: bool = False) -> Box:
    """Box of a text whose middle height is at y; ``vertical`` text reads from bottom to top."""
    width = text_width(text, size)
    start = {"start": 0.0, "middle": -width / 2, "end": -width}[anchor]
    if vertical:
        return Box(x - size * 0.55, y - start - width, x + size * 0.55, y - start)
    return Box(x + start, y - size * 0.55, x + start + width, y + size * 0.55)
