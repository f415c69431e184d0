"""Texts of a sheet: their size, their box, and the search for a free place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from etabli.components.drawing import Arc, Circle, Label, Lights, Line, Moves, Polygon, Rectangle, Shape, Turns
from etabli.machines.drawing.geometry import Box, text_box, text_width
from etabli.physics.text import Text

TAG_SIZE, TEXT_SIZE, PIN_SIZE, NUMBER_SIZE, REFERENCE_SIZE = 1.7, 1.2, 1.15, 1.2, 1.05
LINE_HEIGHT = 1.35
"""Distance of two lines of a block, as a multiple of the text size."""
GAP = 0.3
"""Room wanted at both ends of a text, in modules."""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of a text block."""

    text: str | Text
    size: float
    style: str
    goto: str = ""
    """Folio that a click on this line opens."""

    def width(self) -> float:
        """Width, the wider of the two languages."""
        words = (self.text,) if isinstance(self.text, str) else (self.text.fr, self.text.en)
        return max(text_width(w, self.size, self.style == "tag") for w in words)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text at their place: ``x`` where they are anchored, ``y`` the middle of the first line."""

    lines: tuple[Words, ...]
    x: float
    y: float
    anchor: str
    vertical: bool = False
    component: str = ""
    conductor: str = ""
    crowded: float = 0.0
    """Area that this text shares with other things, square modules (0 in a good drawing)."""


Choice = tuple[tuple[Words, ...], float, float, str, bool, float]
"""A place where a text may go: lines, x, y, anchor, vertical, and how little it is wanted (square modules)."""


class Crowd:
    """Everything a text must keep clear of, in buckets so that a look-up stays cheap."""

    _CELL = 4.0

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Box, float]]] = {}

    def add(self, box: Box, weight: float = 1.0) -> None:
        """Something is here."""
        for cell in self._over(box):
            self._cells.setdefault(cell, []).append((box, weight))

    def cost(self, box: Box) -> float:
        """Weighted area that ``box`` would share with what is there."""
        seen: set[int] = set()
        total = 0.0
        for cell in self._over(box):
            for item in self._cells.get(cell, ()):
                if id(item) in seen:
                    continue
                seen.add(id(item))
                total += item[0].shared_area(box) * item[1]
        return total

    def _over(self, box: Box) -> Iterator[tuple[int, int]]:
        size = self._CELL
        for i in range(int(box.left // size), int(box.right // size) + 1):
            for j in range(int(box.top // size), int(box.bottom // size) + 1):
                yield i, j


def segment_boxes(start: tuple[float, float], stop: tuple[float, float], half: float = 0.15) -> Iterator[Box]:
    """Boxes that cover a line; a slanted one gets several."""
    (x1, y1), (x2, y2) = start, stop
    if x1 == x2 or y1 == y2:
        yield Box(min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half)
        return
    pieces = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / 0.5))
    for i in range(pieces):
        a, b = i / pieces, (i + 1) / pieces
        xa, xb = sorted((x1 + (x2 - x1) * a, x1 + (x2 - x1) * b))
        ya, yb = sorted((y1 + (y2 - y1) * a, y1 + (y2 - y1) * b))
        yield Box(xa - 0.1, ya - 0.1, xb + 0.1, yb + 0.1)


def ink_boxes(shapes: Iterable[Shape]) -> Iterator[Box]:
    """Small boxes that cover the ink of shapes, at rest and moved (sheet coordinates)."""
    for shape in shapes:
        match shape:
            case Line():
                for a, b in itertools.pairwise(shape.points):
                    yield from segment_boxes(a, b)
            case Polygon():
                for a, b in itertools.pairwise((*shape.points, shape.points[0])):
                    yield from segment_boxes(a, b)
            case Circle():
                yield Box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r)
            case Rectangle():
                yield Box(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            case Arc():
                yield Box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r)
            case Label():
                yield text_box(shape.x, shape.y, shape.text, shape.size, shape.anchor)
            case Moves():
                for box in ink_boxes(shape.shapes):
                    yield box
                    yield Box(
                        min(box.left, box.left + shape.dx),
                        min(box.top, box.top + shape.dy),
                        max(box.right, box.right + shape.dx),
                        max(box.bottom, box.bottom + shape.dy),
                    )
            case Turns() | Lights():
                yield from ink_boxes(shape.shapes)


class Lettering:
    """Puts texts where they share the least with what is on the sheet, inside ``bounds``."""

    def __init__(self, bounds: Box) -> None:
        self.bounds = bounds
        self.crowd = Crowd()
        self.blocks: list[Block] = []

    def put(self, lines: tuple[Words, ...], box: Box, sides: str, component: str = "") -> None:
        """Place lines beside a box, on one of these sides where there is room."""
        order = sides.split(",") if "," in sides or sides in _CORNERS else list(sides)
        others = [s for s in _SIDES if s not in order]
        self.put_at(lines, box, [*order, *others], gap=0.5, component=component, wanted=len(order))

    def put_at(
        self,
        lines: tuple[Words, ...],
        box: Box,
        sides: Sequence[str],
        gap: float,
        component: str = "",
        wanted: int = 99,
    ) -> None:
        """Beside a box; sides after the ``wanted`` first ones only where those are really crowded."""
        height = sum(line.size * LINE_HEIGHT for line in lines)
        choices = []
        for rank, side in enumerate(sides):
            for x, y, anchor in spots(box, side, height, lines[0].size, gap):
                choices.append((lines, x, y, anchor, False, 0.5 * rank + (4.0 if rank >= wanted else 0.0)))
        self.choose(choices, component=component)

    def choose(
        self,
        choices: Sequence[Choice],
        component: str = "",
        conductor: str = "",
    ) -> None:
        """Take the choice that costs least: crowding, paper edge, and its own bias."""
        best: tuple[float, float, int] | None = None
        for i, (lines, x, y, anchor, vertical, bias) in enumerate(choices):
            box = block_box(lines, x, y, anchor, vertical)
            crowded = self.crowd.cost(box) + self.outside(box)
            if best is None or crowded + bias < best[0]:
                best = (crowded + bias, crowded, i)
        if best is None:
            return
        lines, x, y, anchor, vertical, _ = choices[best[2]]
        self.blocks.append(Block(lines, x, y, anchor, vertical, component, conductor, best[1]))
        self.crowd.add(_apart(block_box(lines, x, y, anchor, vertical), vertical), 3.0)

    def outside(self, box: Box) -> float:
        """Cost of what would hang over the edge of the sheet: five a square module."""
        inside = box.shared_area(self.bounds)
        area = (box.right - box.left) * (box.bottom - box.top)
        return (area - inside) * 5.0


_CORNERS = {"nw", "ne", "sw", "se"}
_SIDES = ("w", "e", "n", "s", "nw", "ne", "sw", "se")


def spots(box: Box, side: str, height: float, size: float, gap: float) -> Iterator[tuple[float, float, str]]:
    """Anchors of a block of text beside a box: the middle of its first line."""
    middle_x, middle_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    half = size * LINE_HEIGHT / 2
    first = middle_y - height / 2 + half
    match side:
        case "w":
            yield box.left - gap, first, "end"
            yield box.left - gap, box.top + half, "end"
        case "e":
            yield box.right + gap, first, "start"
            yield box.right + gap, box.top + half, "start"
        case "n":
            yield middle_x, box.top - gap - height + half, "middle"
        case "s":
            yield middle_x, box.bottom + gap + half, "middle"
        case "nw":
            yield box.left - gap / 2, box.top - gap / 2 - height + half, "end"
        case "ne":
            yield box.right + gap / 2, box.top - gap / 2 - height + half, "start"
        case "sw":
            yield box.left - gap / 2, box.bottom + gap / 2 + half, "end"
        case "se":
            yield box.right + gap / 2, box.bottom + gap / 2 + half, "start"


def _apart(box: Box, vertical: bool) -> Box:
    """A box with the gap that keeps the next text on its line from reading as one word with it."""
    if vertical:
        return Box(box.left, box.top - GAP, box.right, box.bottom + GAP)
    return Box(box.left - GAP, box.top, box.right + GAP, box.bottom)


def block_box(lines: Sequence[Words], x: float, y: float, anchor: str, vertical: bool) -> Box:
    """Box of a block whose first line has its middle at y."""
    width = max(line.width() for line in lines)
    height = sum(line.size * LINE_HEIGHT for line in lines)
    top = y - lines[0].size * LINE_HEIGHT / 2
    left = x + {"start": 0.0, "middle": -width / 2, "end": -width}[anchor]
    if vertical:
        half = lines[0].size * 0.55
        return Box(x - half, y - width / 2, x + half, y + width / 2)
    return Box(left, top, left + width, top + height)


_UNIT = re.compile(r"(?<=\d) (?=(?:k?[VAW]|bar|mm|min|Hz)\b)")


def balanced(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` characters, as equal as can be; values keep their unit, short brackets stay whole."""
    kept = re.sub(r" (?=\d+\b|[:;!?])", "\u00a0", _UNIT.sub("\u00a0", text))
    kept = re.sub(r"\(([^)]{1,14})\)", lambda m: m.group(0).replace(" ", "\u00a0"), kept)
    widest = _wrap(kept, width)
    for narrower in range(width - 1, 5, -1):
        if len(_wrap(kept, narrower)) > len(widest):
            return _wrap(kept, narrower + 1)
    return widest


def _wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines
