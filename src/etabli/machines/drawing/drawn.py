"""A folio ready to be written: what is drawn where, without language or colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etabli.components.drawing import Shape
from etabli.machines.drawing.geometry import Box, Placement
from etabli.machines.drawing.lettering import Block, ink_boxes
from etabli.machines.drawing.plant import Conductor
from etabli.machines.drawing.routing import End, GridPoint
from etabli.machines.drawing.sheet import Element, Folio, Mark, TerminalPlace

TERMINAL_RADIUS = 0.6


@dataclass(frozen=True, slots=True)
class DrawnPin:
    """A pin on the sheet."""

    tag: str
    port: str
    x: int
    y: int
    side: str
    label: bool = True

    @property
    def end(self) -> End:
        """For the router."""
        return End(self.x, self.y, self.side)


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A symbol on the sheet."""

    element: Element
    placement: Placement
    shapes: tuple[Shape, ...]
    pins: tuple[DrawnPin, ...]

    @property
    def tag(self) -> str:
        """Tag of the component."""
        return self.element.tag

    @property
    def box(self) -> Box:
        """Box on the sheet."""
        return self.placement.box

    @property
    def visible(self) -> Box:
        """Box of the ink, at rest and moved, and of the pins: what the eye takes for the symbol."""
        boxes = [*ink_boxes(self.shapes), *(Box(p.x, p.y, p.x, p.y) for p in self.pins)]
        return Box(
            min(b.left for b in boxes),
            min(b.top for b in boxes),
            max(b.right for b in boxes),
            max(b.bottom for b in boxes),
        )


@dataclass(frozen=True, slots=True)
class DrawnConductor:
    """A routed conductor; ``points`` are its corners, from its first to its second end."""

    conductor: Conductor
    points: tuple[GridPoint, ...]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of the contact table under a coil."""

    ports: tuple[str, str]
    kind: str
    place: str
    goto: str


@dataclass(frozen=True, slots=True)
class ContactTable:
    """Where the contacts of a coil are drawn; top left corner."""

    tag: str
    x: float
    y: float
    rows: tuple[ContactRow, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A potential that goes on in another folio; ``direction`` is "w" or "e"."""

    x: float
    y: float
    direction: str
    text: str
    goto: str


@dataclass
class Layout:
    """A folio ready to be written."""

    folio: Folio
    parts: list[DrawnPart] = field(default_factory=list)
    terminals: list[TerminalPlace] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    conductors: list[DrawnConductor] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: list[ContactTable] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    joints: list[GridPoint] = field(default_factory=list)


def table_size(rows: Sequence[ContactRow]) -> tuple[float, float]:
    """Width and height of a contact table."""
    return 10.5, 1.5 * len(rows) + 0.3
