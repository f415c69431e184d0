"""The geometry of one folio, before any language or colour: parts, conductors, and a free place for every text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from etabli.machines.drawing.geometry import OUTWARD, Box, Placement, placed, text_box, text_width
from etabli.machines.drawing.plant import Conductor, Kind, Plant, PortName
from etabli.machines.drawing.routing import Board, End, GridPoint, Unroutable, route
from etabli.machines.drawing.sheet import DrawingError, Element, Folio, Frame, Mark, Run, TerminalPlace
from etabli.physics.law import Domain
from etabli.physics.text import Text

TAG_SIZE, TEXT_SIZE, PIN_SIZE, NUMBER_SIZE, REFERENCE_SIZE = 1.7, 1.2, 1.15, 1.2, 1.05
NO_TAG = "none"
"""Value of ``label`` for a part whose tag a frame already shows."""
LINE_HEIGHT = 1.35
"""Distance of two lines of a block, as a multiple of the text size."""
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
        """Box of the ink and the pins: what the eye takes for the symbol at rest."""
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
class Line1:
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

    lines: tuple[Line1, ...]
    x: float
    y: float
    anchor: str
    vertical: bool = False
    component: str = ""
    conductor: str = ""
    crowded: float = 0.0
    """Area that this text shares with other things, square modules (0 in a good drawing)."""


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


Choice = tuple[tuple[Line1, ...], float, float, str, bool, float]
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


def _segment_boxes(start: tuple[float, float], stop: tuple[float, float], half: float = 0.15) -> Iterator[Box]:
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
    """Small boxes that cover the ink of shapes (sheet coordinates)."""
    for shape in shapes:
        match shape:
            case Line():
                for a, b in itertools.pairwise(shape.points):
                    yield from _segment_boxes(a, b)
            case Polygon():
                for a, b in itertools.pairwise((*shape.points, shape.points[0])):
                    yield from _segment_boxes(a, b)
            case Circle():
                yield Box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r)
            case Rectangle():
                yield Box(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            case Arc():
                yield Box(shape.x - shape.r, shape.y - shape.r, shape.x + shape.r, shape.y + shape.r)
            case Label():
                yield text_box(shape.x, shape.y, shape.text, shape.size, shape.anchor)
            case Moves() | Turns() | Lights():
                yield from ink_boxes(shape.shapes)


def column(folio: Folio, x: float) -> int:
    """Reference column of a position of the drawing area."""
    return min(folio.format.columns, int(x // folio.format.column_width) + 1)


@dataclass(frozen=True)
class Places:
    """Where every part and terminal is drawn, over all folios: the source of cross-references."""

    parts: Mapping[str, tuple[tuple[Folio, Element], ...]]
    terminals: Mapping[PortName, tuple[tuple[Folio, TerminalPlace], ...]]

    @staticmethod
    def of(folios: Sequence[Folio]) -> Places:
        """Index of these folios, in order of their numbers."""
        parts: dict[str, list[tuple[Folio, Element]]] = {}
        terminals: dict[PortName, list[tuple[Folio, TerminalPlace]]] = {}
        for folio in folios:
            for element in folio.elements:
                parts.setdefault(element.tag, []).append((folio, element))
            for terminal in folio.terminals:
                terminals.setdefault((terminal.tag, terminal.port), []).append((folio, terminal))
        return Places(
            {k: tuple(v) for k, v in parts.items()},
            {k: tuple(v) for k, v in terminals.items()},
        )


def symbol_of(plant: Plant, folio: Folio, element: Element) -> Symbol:
    """Symbol of an element; raises :class:`DrawingError` where the machine or the family has none."""
    part = plant.parts.get(element.tag)
    if part is None:
        raise DrawingError(
            folio.file,
            element.line,
            Text(
                f"{element.tag} n'est pas un composant de la machine",
                f"{element.tag} is not a component of the machine",
            ),
            Text(
                "corriger le repère ou l'ajouter à components.yaml",
                "mend the tag or add it to components.yaml",
            ),
        )
    symbols = part.component.symbols
    if element.symbol not in symbols:
        known = ", ".join(sorted(symbols))
        family = part.component.family
        raise DrawingError(
            folio.file,
            element.line,
            Text(
                f"{family} n'a pas de symbole « {element.symbol} »",
                f"{family} has no symbol {element.symbol!r}",
            ),
            Text(f"symboles de cette famille : {known}", f"symbols of this family: {known}"),
        )
    return symbols[element.symbol]


def _relabelled(shapes: tuple[Shape, ...], ports: Mapping[str, str]) -> tuple[Shape, ...]:
    """Labels of the symbol that show a port take its new name."""
    if not ports:
        return shapes
    from dataclasses import replace

    found: list[Shape] = []
    for shape in shapes:
        if isinstance(shape, Label) and shape.text in ports:
            found.append(replace(shape, text=ports[shape.text]))
        elif isinstance(shape, Moves | Turns | Lights):
            found.append(replace(shape, shapes=_relabelled(shape.shapes, ports)))
        else:
            found.append(shape)
    return tuple(found)


def centre(plant: Plant, folio: Folio, element: Element) -> float:
    """x of the middle of an element: its reference column counts from there."""
    box = placed(symbol_of(plant, folio, element), *element.at, element.quarters, element.mirror).box
    return (box.left + box.right) / 2


def draw_part(plant: Plant, folio: Folio, element: Element) -> DrawnPart:
    """A symbol at its place."""
    symbol = symbol_of(plant, folio, element)
    placement = placed(symbol, *element.at, element.quarters, element.mirror)
    pins = tuple(_draw_pin(element, placement, pin) for pin in symbol.pins)
    shapes = tuple(placement.shape(s) for s in _relabelled(symbol.shapes, element.ports))
    for pin in pins:
        if plant.port(pin.tag, pin.port) is None:
            raise DrawingError(
                folio.file,
                element.line,
                Text(f"{pin.tag} n'a pas de borne {pin.port}", f"{pin.tag} has no port {pin.port}"),
                Text("corriger « ports » de cet élément", "mend the 'ports' of this element"),
            )
    return DrawnPart(element, placement, shapes, pins)


def _draw_pin(element: Element, placement: Placement, pin: Pin) -> DrawnPin:
    (x, y), side = placement.pin(pin)
    return DrawnPin(element.tag, element.ports.get(pin.port, pin.port), round(x), round(y), side, pin.label)


def _mark_box(mark: Mark) -> Box:
    x, y = mark.at
    return Box(x - 1, y - 1, x + 1, y + 1)


class _Drafter:
    """Builds one layout, step by step."""

    def __init__(self, plant: Plant, folio: Folio, places: Places) -> None:
        self.plant = plant
        self.folio = folio
        self.places = places
        self.layout = Layout(folio)
        width, height = folio.format.area
        self.board = Board(width, height)
        self.crowd = Crowd()
        self.bounds = Box(0, 0, width, height)
        self.pins: dict[PortName, list[DrawnPin]] = {}
        self.done: set[str] = set()

    # --- things ---------------------------------------------------------------------------------------------------
    def place_all(self) -> None:
        """Symbols, terminals and marks."""
        for element in self.folio.elements:
            part = draw_part(self.plant, self.folio, element)
            self.layout.parts.append(part)
            self.board.block(part.box)
            for box in ink_boxes(part.shapes):
                self.crowd.add(box, 2.0)
            for pin in part.pins:
                self._add_pin(pin)
        for terminal in self.folio.terminals:
            self._place_terminal(terminal)
        for mark in self.folio.marks:
            self.layout.marks.append(mark)
            self.board.block(_mark_box(mark))
            self.crowd.add(_mark_box(mark), 2.0)

    def _add_pin(self, pin: DrawnPin) -> None:
        self.pins.setdefault((pin.tag, pin.port), []).append(pin)
        self.board.add_pin(pin.end)

    def _place_terminal(self, terminal: TerminalPlace) -> None:
        if self.plant.port(terminal.tag, terminal.port) is None:
            raise DrawingError(
                self.folio.file,
                terminal.line,
                Text(
                    f"la borne {terminal.tag}:{terminal.port} n'existe pas",
                    f"terminal {terminal.tag}:{terminal.port} does not exist",
                ),
                Text("corriger le bornier ou le numéro", "mend the strip or the number"),
            )
        self.layout.terminals.append(terminal)
        x, y = terminal.at
        self._add_pin(DrawnPin(terminal.tag, terminal.port, x, y, ""))
        r = TERMINAL_RADIUS
        self.crowd.add(Box(x - r, y - r, x + r, y + r), 3.0)

    # --- conductors -----------------------------------------------------------------------------------------------
    def route_all(self) -> None:
        """Bridges and fittings first (they are straight), then the others, shortest first."""
        wanted = [(c, pair) for c in self._conductors() if (pair := self._pair(c)) is not None]
        wanted.sort(key=lambda item: self._difficulty(*item))
        for conductor, (first, second) in wanted:
            self._route(conductor, first, second)
        self._find_joints()

    def _conductors(self) -> Iterator[Conductor]:
        for index, (kind, group) in enumerate(self.plant.groups):
            yield from self._chain(kind, group, index)
        yield from self._repeated_ports()
        for conductor in self.plant.conductors:
            if conductor.id not in self.folio.hide:
                yield conductor

    def _repeated_ports(self) -> Iterator[Conductor]:
        """A port drawn several times on this folio (common of a light tower) is one point inside the part."""
        for (tag, port), pins in self.pins.items():
            for a, b in itertools.pairwise(pins):
                yield Conductor(f"{tag}:{port}@{a.x},{a.y}-{b.x},{b.y}", "", (tag, port), (tag, port), Kind.BRIDGE)

    def _chain(self, kind: Kind, group: tuple[PortName, ...], index: int) -> Iterator[Conductor]:
        """A coupling as links between neighbours on the sheet."""
        here = [p for name in group for p in self.pins.get(name, ())[:1]]
        rows: dict[int, list[DrawnPin]] = {}
        for pin in here:
            rows.setdefault(pin.y, []).append(pin)
        chains = rows.values() if kind is Kind.BRIDGE else [here]
        for chain in chains:
            ordered = sorted(chain, key=lambda p: (p.x, p.y))
            for a, b in itertools.pairwise(ordered):
                name = f"{a.tag}:{a.port}={b.tag}:{b.port}"
                yield Conductor(name, "", (a.tag, a.port), (b.tag, b.port), kind)

    def _pair(self, conductor: Conductor) -> tuple[DrawnPin, DrawnPin] | None:
        """The nearest two pins of this folio that the conductor joins."""
        if conductor.first == conductor.second:
            wanted = conductor.id.partition("@")[2]
            for a, b in itertools.pairwise(self.pins[conductor.first]):
                if wanted == f"{a.x},{a.y}-{b.x},{b.y}":
                    return a, b
        pairs = itertools.product(self.pins.get(conductor.first, ()), self.pins.get(conductor.second, ()))
        return min(pairs, key=lambda ab: abs(ab[0].x - ab[1].x) + abs(ab[0].y - ab[1].y), default=None)

    def _difficulty(self, conductor: Conductor, pair: tuple[DrawnPin, DrawnPin]) -> tuple[int, int, int]:
        a, b = pair
        run = self.folio.runs.get(conductor.id, Run())
        joined = conductor.kind in (Kind.BRIDGE, Kind.FITTING, Kind.SHAFT)
        straight = a.x == b.x or a.y == b.y
        return (
            0 if joined else 1 if run.via else 2 if straight else 3,
            abs(a.x - b.x) + abs(a.y - b.y),
            a.x,
        )

    def _mates(self, first: DrawnPin, second: DrawnPin) -> set[str]:
        ends = {(first.x, first.y), (second.x, second.y)}
        return {d.conductor.id for d in self.layout.conductors if {d.points[0], d.points[-1]} & ends}

    def _route(self, conductor: Conductor, first: DrawnPin, second: DrawnPin) -> None:
        if (first.x, first.y) == (second.x, second.y):
            points: tuple[GridPoint, ...] = (first.end.point, second.end.point)
        else:
            via = self.folio.runs.get(conductor.id, Run()).via
            try:
                points = route(self.board, first.end, second.end, self._mates(first, second), via)
            except Unroutable as error:
                ends = f"{first.tag}:{first.port} – {second.tag}:{second.port}"
                raise DrawingError(
                    self.folio.file,
                    1,
                    Text(
                        f"pas de chemin libre pour {conductor.id} ({ends})", f"no free way for {conductor.id} ({ends})"
                    ),
                    Text(
                        "écarter les symboles ou donner des points de passage (runs: … via:)",
                        f"move the symbols apart or give waypoints (runs: … via:); {error}",
                    ),
                ) from None
        self.board.lay(conductor.id, points)
        self.layout.conductors.append(DrawnConductor(conductor, points))
        for a, b in itertools.pairwise(points):
            for box in _segment_boxes(a, b, 0.3):
                self.crowd.add(box, 3.0)

    def _find_joints(self) -> None:
        """A dot where conductors of one pin part from each other; a mere crossing gets none."""
        pins = {(p.x, p.y) for group in self.pins.values() for p in group}
        around: dict[GridPoint, dict[str, set[GridPoint]]] = {}
        for (a, b), names in self.board.edges.items():
            for name in names:
                around.setdefault(a, {}).setdefault(name, set()).add(b)
                around.setdefault(b, {}).setdefault(name, set()).add(a)
        ends = {d.conductor.id: {d.points[0], d.points[-1]} for d in self.layout.conductors}
        for point, ways in around.items():
            if point in pins:
                continue
            pairs = itertools.combinations(ways, 2)
            if any(ends[a] & ends[b] and len(ways[a] | ways[b]) > 2 for a, b in pairs):
                self.layout.joints.append(point)

    # --- texts ------------------------------------------------------------------------------------------------------
    def label_all(self) -> None:
        """Every text, the least movable first."""
        for frame in self.folio.frames:
            (x1, y1), (x2, y2) = frame.start, frame.stop
            for a, b in (
                ((x1, y1), (x2, y1)),
                ((x2, y1), (x2, y2)),
                ((x2, y2), (x1, y2)),
                ((x1, y2), (x1, y1)),
            ):
                for box in _segment_boxes(a, b):
                    self.crowd.add(box, 1.0)
        for note in self.folio.notes:
            self.crowd.add(text_box(*note.at, note.text.fr, note.size, note.anchor, note.vertical), 3.0)
        for frame in self.folio.frames:
            self._label_frame(frame)
        self._arrows()
        for part in self.layout.parts:
            for pin in part.pins:
                if pin.label and not self._is_shaft(pin):
                    self._label_pin(pin)
        self._label_terminals()
        for part in self.layout.parts:
            self._label_part(part)
        for mark in self.layout.marks:
            self._put(
                (Line1(mark.tag, TAG_SIZE * 0.8, "tag"),),
                _mark_box(mark),
                mark.label or "enws",
                component=mark.tag,
            )
        for drawn in sorted(self.layout.conductors, key=_length):
            self._label_conductor(drawn)
        self._label_continuations()

    def _label_frame(self, frame: Frame) -> None:
        """The name inside a corner of the frame, or along its top or bottom where no conductor passes."""
        (x1, y1), (x2, y2) = frame.start, frame.stop
        line = (Line1(frame.text, TEXT_SIZE, "enclosure-name"),)
        width = line[0].width()
        room = max(0.0, x2 - x1 - width - 1.4)
        choices: list[Choice] = []
        for rank, y in enumerate((y1 + 1.1, y2 - 1.1)):
            steps = range(0, int(room) + 1, 2)
            choices += [(line, x1 + 0.7 + s, y, "start", False, 2.0 * rank + 0.03 * s) for s in steps]
        self._choose(choices)

    def _is_shaft(self, pin: DrawnPin) -> bool:
        port = self.plant.port(pin.tag, pin.port)
        return port is not None and port.domain in (Domain.ROTATION, Domain.TRANSLATION)

    def _label_pin(self, pin: DrawnPin) -> None:
        dx, dy = OUTWARD[pin.side]
        out, along = 0.75, 0.35
        spots: list[tuple[float, float, str]] = []
        if dy:
            for depth in (out, -out):
                for anchor, side in (("end", -along), ("start", along)):
                    spots.append((pin.x + side, pin.y + dy * depth, anchor))
        else:
            anchor_out, anchor_in = ("end", "start") if dx < 0 else ("start", "end")
            for rise in (-0.75, 0.75):
                spots.append((pin.x + dx * along, pin.y + rise, anchor_out))
                spots.append((pin.x - dx * along, pin.y + rise, anchor_in))
        line = Line1(pin.port, PIN_SIZE, "pin-text")
        choices = [((line,), x, y, anchor, False, 0.25 * i) for i, (x, y, anchor) in enumerate(spots)]
        self._choose(choices, component=pin.tag)

    def _label_terminals(self) -> None:
        strips: dict[tuple[str, int], list[TerminalPlace]] = {}
        for terminal in self.layout.terminals:
            strips.setdefault((terminal.tag, terminal.at[1]), []).append(terminal)
        for (tag, _), row in strips.items():
            row.sort(key=lambda t: t.at[0])
            runs = _close_runs(row)
            for run in runs:
                for terminal in run:
                    name = terminal.port if len(run) > 1 else f"{tag}:{terminal.port}"
                    self._label_terminal(terminal, name)
                if len(run) > 1:
                    self._label_strip(tag, run)

    def _label_terminal(self, terminal: TerminalPlace, name: str) -> None:
        x, y = terminal.at
        r = TERMINAL_RADIUS
        box = Box(x - r, y - r, x + r, y + r)
        order = [terminal.label] if terminal.label else ["ne", "nw", "se", "sw", "e", "w", "n", "s"]
        self._put_at((Line1(name, PIN_SIZE, "pin-text"),), box, order, gap=0.2, component=terminal.tag)

    def _label_strip(self, tag: str, run: list[TerminalPlace]) -> None:
        (x, y), r = run[0].at, TERMINAL_RADIUS
        last = run[-1].at
        box = Box(x - r, y - r, last[0] + r, last[1] + r)
        self._put_at((Line1(tag, TAG_SIZE * 0.85, "tag"),), box, ["w", "e", "nw", "ne", "sw"], gap=0.9, component=tag)

    def _label_part(self, part: DrawnPart) -> None:
        table = self._contact_rows(part)
        lines = [] if part.element.label == NO_TAG else [Line1(part.tag, TAG_SIZE, "tag")]
        if part.element.text:
            lines.extend(self._wrapped(self._text_of(part), 20 if lines else 17))
        back = self._back_reference(part) or self._repeated(part)
        if back and lines:
            lines.append(back)
        if not lines:
            return
        at = part.element.label_at
        if at:
            here = (tuple(lines), part.box.left + at[0], part.box.top + at[1], "start", False, 0.0)
            self._choose([here], component=part.tag)
        else:
            sides = part.element.label
            if sides == NO_TAG:
                sides = "n" if all(p.side == "s" for p in part.pins) else "s"
            self._put(tuple(lines), part.visible, sides or _usual_side(part), component=part.tag)
        if table:
            self._put_table(part, table)

    def _text_of(self, part: DrawnPart) -> Text:
        """What the part is for: of a channel of the PLC, its line of the input-output table."""
        if part.tag == self.plant.machine.plc:
            for line in self.plant.machine.io:
                if any(line.address == pin.port for pin in part.pins):
                    return line.text
        return self.plant.parts[part.tag].text

    def _repeated(self, part: DrawnPart) -> Line1 | None:
        """Where the same part is drawn a second time."""
        for folio, element in self._drawn_elsewhere(part.tag):
            if folio.id != self.folio.id and element.symbol == part.element.symbol:
                return Line1(f"= {folio.number}.{self._column(folio, element)}", REFERENCE_SIZE, "reference", folio.id)
        return None

    def _wrapped(self, text: Text, width: int) -> Iterator[Line1]:
        french, english = (balanced(t, width) for t in (text.fr, text.en))
        for fr, en in itertools.zip_longest(french, english, fillvalue=""):
            yield Line1(Text(fr, en), TEXT_SIZE, "comment")

    def _column(self, folio: Folio, element: Element) -> int:
        return column(folio, centre(self.plant, folio, element))

    def _drawn_elsewhere(self, tag: str) -> list[tuple[Folio, Element]]:
        return [(f, e) for f, e in self.places.parts.get(tag, ())]

    def _contact_rows(self, part: DrawnPart) -> list[ContactRow]:
        """Where the contacts of this coil are."""
        component = self.plant.parts[part.tag].component
        if part.element.symbol != master_of(component.symbols):
            return []
        rows: list[ContactRow] = []
        for name, symbol in component.symbols.items():
            places = [(f, e) for f, e in self._drawn_elsewhere(part.tag) if e.symbol == name]
            if name == part.element.symbol:
                continue
            if any(self._is_fluid(part.tag, pin) for pin in symbol.pins):
                continue
            for ports, kind in contact_pairs(symbol):
                if not places:
                    rows.append(ContactRow(ports, kind, "–", ""))
                for folio, element in places:
                    rows.append(ContactRow(ports, kind, f"{folio.number}.{self._column(folio, element)}", folio.id))
        unique = {(r.ports, r.place): r for r in rows}
        used = {r.ports for r in unique.values() if r.goto}
        return [r for r in unique.values() if r.goto or r.ports not in used]

    def _back_reference(self, part: DrawnPart) -> Line1 | None:
        """Where the coil of this contact is."""
        master = master_of(self.plant.parts[part.tag].component.symbols)
        fluid = any(self._is_fluid(part.tag, pin) for pin in part.pins)
        for folio, element in self._drawn_elsewhere(part.tag):
            other = self.plant.parts[part.tag].component.symbols[element.symbol]
            changes_circuit = fluid != any(self._is_fluid(part.tag, pin) for pin in other.pins)
            is_command = element.symbol == master and part.element.symbol != master
            if changes_circuit or is_command:
                place = f"({folio.number}.{self._column(folio, element)})"
                return Line1(place, REFERENCE_SIZE, "reference", folio.id)
        return None

    def _is_fluid(self, tag: str, pin: Pin | DrawnPin) -> bool:
        port = self.plant.port(tag, pin.port)
        return port is not None and port.domain in (Domain.PNEUMATIC, Domain.HYDRAULIC)

    def _put_table(self, part: DrawnPart, rows: list[ContactRow]) -> None:
        width, height = table_size(rows)
        box = part.visible
        middle = (box.left + box.right) / 2
        spots = [
            (box.right + 1.0, box.top),
            (box.right + 1.0, box.bottom - height),
            (box.left - width - 1.0, box.top),
            (middle + 0.6, box.bottom + 3.5),
            (middle + 0.6, box.bottom + 7.0),
            (middle - width - 0.6, box.bottom + 3.5),
            (middle - width - 0.6, box.bottom + 7.0),
            (middle + 0.6, box.top - height - 3.5),
        ]
        scored = []
        for i, (x, y) in enumerate(spots):
            area = Box(x, y, x + width, y + height)
            scored.append((self.crowd.cost(area) + self._outside(area) + 0.3 * i, i, x, y))
        _, _, x, y = min(scored)
        self.crowd.add(Box(x, y, x + width, y + height), 3.0)
        self.layout.tables.append(ContactTable(part.tag, x, y, tuple(rows)))

    def _label_conductor(self, drawn: DrawnConductor) -> None:
        conductor = drawn.conductor
        run = self.folio.runs.get(conductor.id, Run())
        if not conductor.number or run.hidden_label:
            return
        line = (Line1(conductor.number, NUMBER_SIZE, "wire-number"),)
        if run.label:
            near = _nearest_vertical(drawn.points, run.label)
            self._choose([(line, *run.label, "middle", near, 0.0)], conductor=conductor.id)
            return
        width = line[0].width()
        choices = []
        longest = max((abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in itertools.pairwise(drawn.points)), default=1)
        for a, b in itertools.pairwise(drawn.points):
            length = abs(a[0] - b[0]) + abs(a[1] - b[1])
            if not length:
                continue
            short = max(0.0, width + 0.4 - length) * 2.0 + 0.8 * (1 - length / longest)
            for at in (0.5, 0.35, 0.65, 0.22, 0.78, 0.12, 0.88):
                x, y = a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at
                off = abs(at - 0.5) * 1.5
                aside, above = NUMBER_SIZE * 0.55 + 0.35, NUMBER_SIZE * LINE_HEIGHT / 2 + 0.3
                if a[1] == b[1]:
                    choices.append((line, x, y - above, "middle", False, short + off))
                    choices.append((line, x, y + above, "middle", False, short + off + 0.6))
                else:
                    choices.append((line, x - aside, y, "middle", True, short + off))
                    choices.append((line, x + aside, y, "middle", True, short + off + 0.6))
        if choices:
            self._choose(choices, conductor=conductor.id)

    def _label_continuations(self) -> None:
        """Where a wire that leaves a pin of this folio is drawn, when it is in another one."""
        drawn = {d.conductor.id for d in self.layout.conductors}
        for (tag, port), pins in self.pins.items():
            away = [c for c in self.plant.on(tag, port) if c.id not in drawn and c.id not in self.folio.hide]
            places = sorted({p for c in away if (p := self._where(c)) is not None and p[2] not in self._twins(tag)})
            if not places:
                continue
            pin = pins[0]
            lines = tuple(
                Line1(f"▸{number}.{col}", REFERENCE_SIZE, "reference", folio) for number, col, folio in places
            )
            r = 0.7
            box = Box(pin.x - r, pin.y - r, pin.x + r, pin.y + r)
            order = {"n": ["ne", "nw"], "s": ["se", "sw"], "e": ["ne", "se"], "w": ["nw", "sw"]}.get(
                pin.side, ["se", "sw", "ne", "nw"]
            )
            self._put_at(lines, box, [*order, "e", "w", "s", "n"], gap=0.3, component=tag)

    def _twins(self, tag: str) -> set[str]:
        """Folios that show a part of this folio again: its tag already carries the reference."""
        here = {e.symbol for e in self.folio.elements if e.tag == tag}
        return {f.id for f, e in self._drawn_elsewhere(tag) if e.symbol in here and f.id != self.folio.id}

    def _where(self, conductor: Conductor) -> tuple[int, int, str] | None:
        """First folio that draws both ends of a conductor: number, column, id."""
        for folio, x in self._drawn_at(conductor.first):
            for other, _ in self._drawn_at(conductor.second):
                if other.id == folio.id and conductor.id not in folio.hide:
                    return folio.number, column(folio, x), folio.id
        return None

    def _drawn_at(self, name: PortName) -> Iterator[tuple[Folio, int]]:
        for folio, terminal in self.places.terminals.get(name, ()):
            yield folio, terminal.at[0]
        tag, port = name
        part = self.plant.parts.get(tag)
        if part is None:
            return
        for folio, element in self.places.parts.get(tag, ()):
            symbol = part.component.symbols.get(element.symbol)
            if symbol and any(element.ports.get(p.port, p.port) == port for p in symbol.pins):
                yield folio, round(centre(self.plant, folio, element))

    def _arrows(self) -> None:
        """Potentials whose terminals go on in other folios."""
        for kind, group in self.plant.groups:
            if kind is not Kind.BRIDGE:
                continue
            here = [p for name in group for p in self.pins.get(name, ())[:1]]
            if not here:
                continue
            numbers: dict[int, tuple[str, int]] = {}
            for name in group:
                for folio, terminal in self.places.terminals.get(name, ()):
                    numbers.setdefault(folio.number, (folio.id, column(folio, terminal.at[0])))
            before = max((n for n in numbers if n < self.folio.number), default=None)
            after = min((n for n in numbers if n > self.folio.number), default=None)
            rows: dict[int, list[DrawnPin]] = {}
            for pin in here:
                rows.setdefault(pin.y, []).append(pin)
            row = max(rows.values(), key=len)
            left, right = min(row, key=lambda p: p.x), max(row, key=lambda p: p.x)
            if before is not None:
                self._arrow((left, right), "we", before, *numbers[before])
            if after is not None:
                self._arrow((left, right), "ew", after, *numbers[after])

    def _arrow(self, ends: tuple[DrawnPin, DrawnPin], sides: str, number: int, folio: str, col: int) -> None:
        """An arrow at the free end of a row of terminals; where both ends are taken, only the reference."""
        text = f"{number}.{col}"
        width = text_width(text, REFERENCE_SIZE) + 3.2
        for side in sides:
            pin = ends[0] if side == "w" else ends[1]
            x = pin.x + (-TERMINAL_RADIUS if side == "w" else TERMINAL_RADIUS)
            left = x - width if side == "w" else x
            box = Box(left + 0.1, pin.y - 0.7, left + width, pin.y + 0.7)
            if pin.side or self.crowd.cost(box) + self._outside(box) > 0.2:
                continue
            self.layout.arrows.append(Arrow(x, pin.y, side, text, folio))
            self.crowd.add(box, 3.0)
            return
        pin = ends[0] if sides[0] == "w" else ends[1]
        r = TERMINAL_RADIUS
        box = Box(pin.x - r, pin.y - r, pin.x + r, pin.y + r)
        line = Line1(f"▸{text}", REFERENCE_SIZE, "reference", folio)
        self._put_at((line,), box, ["se", "sw", "ne", "nw"], gap=0.2, component=pin.tag)

    # --- finding a place ----------------------------------------------------------------------------------------------
    def _put(self, lines: tuple[Line1, ...], box: Box, sides: str, component: str = "") -> None:
        order = sides.split(",") if "," in sides or sides in _CORNERS else list(sides)
        others = [s for s in _SIDES if s not in order]
        self._put_at(lines, box, [*order, *others], gap=0.5, component=component, wanted=len(order))

    def _put_at(
        self,
        lines: tuple[Line1, ...],
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
            for x, y, anchor in _spots(box, side, height, lines[0].size, gap):
                choices.append((lines, x, y, anchor, False, 0.5 * rank + (4.0 if rank >= wanted else 0.0)))
        self._choose(choices, component=component)

    def _choose(
        self,
        choices: Sequence[Choice],
        component: str = "",
        conductor: str = "",
    ) -> None:
        best: tuple[float, float, int] | None = None
        for i, (lines, x, y, anchor, vertical, bias) in enumerate(choices):
            box = block_box(lines, x, y, anchor, vertical)
            crowded = self.crowd.cost(box) + self._outside(box)
            if best is None or crowded + bias < best[0]:
                best = (crowded + bias, crowded, i)
        if best is None:
            return
        lines, x, y, anchor, vertical, _ = choices[best[2]]
        self.layout.blocks.append(Block(lines, x, y, anchor, vertical, component, conductor, best[1]))
        self.crowd.add(block_box(lines, x, y, anchor, vertical), 3.0)

    def _outside(self, box: Box) -> float:
        inside = box.shared_area(self.bounds)
        area = (box.right - box.left) * (box.bottom - box.top)
        return (area - inside) * 5.0


_CORNERS = {"nw", "ne", "sw", "se"}
_SIDES = ("w", "e", "n", "s", "nw", "ne", "sw", "se")


def _usual_side(part: DrawnPart) -> str:
    sides = {p.side for p in part.pins}
    return "wens" if sides <= {"n", "s"} and sides else "nsew"


def _spots(box: Box, side: str, height: float, size: float, gap: float) -> Iterator[tuple[float, float, str]]:
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


def block_box(lines: Sequence[Line1], x: float, y: float, anchor: str, vertical: bool) -> Box:
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


def _length(drawn: DrawnConductor) -> int:
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in itertools.pairwise(drawn.points))


def _nearest_vertical(path: Sequence[GridPoint], at: tuple[float, float]) -> bool:
    """Whether the segment nearest to a point is vertical."""

    def distance(a: GridPoint, b: GridPoint) -> float:
        x = min(max(at[0], min(a[0], b[0])), max(a[0], b[0]))
        y = min(max(at[1], min(a[1], b[1])), max(a[1], b[1]))
        return abs(at[0] - x) + abs(at[1] - y)

    a, b = min(itertools.pairwise(path), key=lambda ab: distance(*ab))
    return a[0] == b[0] and a[1] != b[1]


def _close_runs(row: list[TerminalPlace], reach: int = 6) -> list[list[TerminalPlace]]:
    runs: list[list[TerminalPlace]] = []
    for terminal in row:
        if runs and terminal.at[0] - runs[-1][-1].at[0] <= reach:
            runs[-1].append(terminal)
        else:
            runs.append([terminal])
    return runs


def master_of(symbols: Mapping[str, Symbol]) -> str:
    """The symbol that commands the others of its component: the coil, else the main part; "" where there is none."""
    for name in ("coil", "main"):
        if name in symbols and len(symbols) > 1:
            return name
    return ""


def contact_pairs(symbol: Symbol) -> Iterator[tuple[tuple[str, str], str]]:
    """Pairs of ports that a symbol joins or separates, with "power", "no" or "nc", by the usual terminal numbers."""
    numbers = [p.port for p in symbol.pins if p.port.isdigit()]
    for first, second in itertools.pairwise(sorted(numbers, key=int)):
        if int(second) - int(first) != 1 or int(first) % 2 == 0:
            continue
        kind = "power" if int(first) < 10 else "no" if first.endswith("3") else "nc"
        yield (first, second), kind


def table_size(rows: Sequence[ContactRow]) -> tuple[float, float]:
    """Width and height of a contact table."""
    return 10.5, 1.5 * len(rows) + 0.3


def draw_up(plant: Plant, folio: Folio, places: Places) -> Layout:
    """The layout of a folio."""
    drafter = _Drafter(plant, folio, places)
    drafter.place_all()
    drafter.route_all()
    drafter.label_all()
    return drafter.layout
