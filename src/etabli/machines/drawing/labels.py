"""Every text of a folio: tags, terminals, wire numbers, references to other folios, contact tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from etabli.components.drawing import Pin
from etabli.machines.drawing.drawn import (
    TERMINAL_RADIUS,
    Arrow,
    ContactRow,
    ContactTable,
    DrawnConductor,
    DrawnPart,
    DrawnPin,
    Layout,
    table_size,
)
from etabli.machines.drawing.geometry import OUTWARD, Box, text_box, text_width
from etabli.machines.drawing.lettering import (
    LINE_HEIGHT,
    NUMBER_SIZE,
    PIN_SIZE,
    REFERENCE_SIZE,
    TAG_SIZE,
    TEXT_SIZE,
    Choice,
    Lettering,
    Words,
    balanced,
    segment_boxes,
)
from etabli.machines.drawing.plant import Kind, Plant, PortName
from etabli.machines.drawing.references import Places, centre, column, contact_pairs, master_of
from etabli.machines.drawing.routing import GridPoint
from etabli.machines.drawing.sheet import Element, Folio, Frame, Mark, Run, TerminalPlace
from etabli.physics.law import Domain
from etabli.physics.text import Text

NO_TAG = "none"
"""Value of ``label`` for a part whose tag a frame already shows."""


_BESIDE = {"n": ("ne", "nw"), "s": ("se", "sw"), "e": ("ne", "se"), "w": ("nw", "sw")}
"""Where a reference stands at a pin of each side."""


class Labels:
    """Writes the texts of one layout, the least movable first."""

    def __init__(
        self,
        plant: Plant,
        places: Places,
        layout: Layout,
        pins: Mapping[PortName, Sequence[DrawnPin]],
        lettering: Lettering,
    ) -> None:
        self.plant = plant
        self.places = places
        self.layout = layout
        self.folio = layout.folio
        self.pins = pins
        self.lettering = lettering
        layout.blocks = lettering.blocks

    def write_all(self) -> None:
        """Every text, the least movable first."""
        for frame in self.folio.frames:
            (x1, y1), (x2, y2) = frame.start, frame.stop
            for a, b in (
                ((x1, y1), (x2, y1)),
                ((x2, y1), (x2, y2)),
                ((x2, y2), (x1, y2)),
                ((x1, y2), (x1, y1)),
            ):
                for box in segment_boxes(a, b):
                    self.lettering.crowd.add(box, 1.0)
        for note in self.folio.notes:
            self.lettering.crowd.add(text_box(*note.at, note.text.fr, note.size, note.anchor, note.vertical), 3.0)
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
            self.lettering.put(
                (Words(mark.tag, TAG_SIZE * 0.8, "tag"),),
                mark_box(mark),
                mark.label or "enws",
                component=mark.tag,
            )
        for drawn in sorted(self.layout.conductors, key=_length):
            self._label_conductor(drawn)
        self._label_continuations()

    def _label_frame(self, frame: Frame) -> None:
        """The name inside a corner of the frame, or along its top or bottom where no conductor passes."""
        (x1, y1), (x2, y2) = frame.start, frame.stop
        line = (Words(frame.text, TEXT_SIZE, "enclosure-name"),)
        width = line[0].width()
        room = max(0.0, x2 - x1 - width - 1.4)
        choices: list[Choice] = []
        for rank, y in enumerate((y1 + 1.1, y2 - 1.1)):
            steps = range(0, int(room) + 1, 2)
            choices += [(line, x1 + 0.7 + s, y, "start", False, 2.0 * rank + 0.03 * s) for s in steps]
        self.lettering.choose(choices)

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
        line = Words(pin.port, PIN_SIZE, "pin-text")
        choices = [((line,), x, y, anchor, False, 0.25 * i) for i, (x, y, anchor) in enumerate(spots)]
        self.lettering.choose(choices, component=pin.tag)

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
        self.lettering.put_at((Words(name, PIN_SIZE, "pin-text"),), box, order, gap=0.2, component=terminal.tag)

    def _label_strip(self, tag: str, run: list[TerminalPlace]) -> None:
        (x, y), r = run[0].at, TERMINAL_RADIUS
        last = run[-1].at
        box = Box(x - r, y - r, last[0] + r, last[1] + r)
        self.lettering.put_at(
            (Words(tag, TAG_SIZE * 0.85, "tag"),), box, ["w", "e", "nw", "ne", "sw"], gap=0.9, component=tag
        )

    def _label_part(self, part: DrawnPart) -> None:
        table = self._contact_rows(part)
        lines = [] if part.element.label == NO_TAG else [Words(part.tag, TAG_SIZE, "tag")]
        if part.element.text:
            lines.extend(self._wrapped(self._text_of(part), 20 if lines else 15))
        back = self._back_reference(part) or self._repeated(part)
        if back and lines:
            lines.append(back)
        if not lines:
            return
        at = part.element.label_at
        if at:
            here = (tuple(lines), part.box.left + at[0], part.box.top + at[1], "start", False, 0.0)
            self.lettering.choose([here], component=part.tag)
        else:
            sides = part.element.label
            if sides == NO_TAG:
                sides = "n" if all(p.side == "s" for p in part.pins) else "s"
            self.lettering.put(tuple(lines), part.visible, sides or _usual_side(part), component=part.tag)
        if table:
            self._put_table(part, table)

    def _text_of(self, part: DrawnPart) -> Text:
        """What the part is for: of a channel of the PLC, its line of the input-output table."""
        if part.tag == self.plant.machine.plc:
            for line in self.plant.machine.io:
                if any(line.address == pin.port for pin in part.pins):
                    return line.text
        return self.plant.parts[part.tag].text

    def _repeated(self, part: DrawnPart) -> Words | None:
        """Where the same part is drawn a second time."""
        for folio, element in self.places.of_part(part.tag):
            if folio.id != self.folio.id and element.symbol == part.element.symbol:
                return Words(f"= {folio.number}.{self._column(folio, element)}", REFERENCE_SIZE, "reference", folio.id)
        return None

    def _wrapped(self, text: Text, width: int) -> Iterator[Words]:
        french, english = (balanced(t, width) for t in (text.fr, text.en))
        for fr, en in itertools.zip_longest(french, english, fillvalue=""):
            yield Words(Text(fr, en), TEXT_SIZE, "comment")

    def _contact_rows(self, part: DrawnPart) -> list[ContactRow]:
        """Where the contacts of this coil are."""
        component = self.plant.parts[part.tag].component
        if part.element.symbol != master_of(component.symbols):
            return []
        rows: list[ContactRow] = []
        for name, symbol in component.symbols.items():
            places = [(f, e) for f, e in self.places.of_part(part.tag) if e.symbol == name]
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

    def _back_reference(self, part: DrawnPart) -> Words | None:
        """Where the coil of this contact is."""
        master = master_of(self.plant.parts[part.tag].component.symbols)
        fluid = any(self._is_fluid(part.tag, pin) for pin in part.pins)
        for folio, element in self.places.of_part(part.tag):
            other = self.plant.parts[part.tag].component.symbols[element.symbol]
            changes_circuit = fluid != any(self._is_fluid(part.tag, pin) for pin in other.pins)
            is_command = element.symbol == master and part.element.symbol != master
            if changes_circuit or is_command:
                place = f"({folio.number}.{self._column(folio, element)})"
                return Words(place, REFERENCE_SIZE, "reference", folio.id)
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
            scored.append((self.lettering.crowd.cost(area) + self.lettering.outside(area) + 0.3 * i, i, x, y))
        _, _, x, y = min(scored)
        self.lettering.crowd.add(Box(x, y, x + width, y + height), 3.0)
        self.layout.tables.append(ContactTable(part.tag, x, y, tuple(rows)))

    def _label_conductor(self, drawn: DrawnConductor) -> None:
        conductor = drawn.conductor
        run = self.folio.runs.get(conductor.id, Run())
        if not conductor.number or run.hidden_label:
            return
        line = (Words(conductor.number, NUMBER_SIZE, "wire-number"),)
        if run.label:
            near = _nearest_vertical(drawn.points, run.label)
            self.lettering.choose([(line, *run.label, "middle", near, 0.0)], conductor=conductor.id)
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
            self.lettering.choose(choices, conductor=conductor.id)

    def _label_continuations(self) -> None:
        """Where a wire that leaves a pin of this folio is drawn, when it is in another one."""
        r = 0.7
        for (tag, port), pins in self.pins.items():
            places = self._elsewhere(tag, port)
            if not places:
                continue
            pin = pins[0]
            lines = tuple(
                Words(f"▸{number}.{col}", REFERENCE_SIZE, "reference", folio) for number, col, folio in places
            )
            box = Box(pin.x - r, pin.y - r, pin.x + r, pin.y + r)
            order = [*_BESIDE.get(pin.side, ("se", "sw", "ne", "nw")), "e", "w", "s", "n"]
            self.lettering.put_at(lines, box, order, gap=0.3, component=tag)

    def _elsewhere(self, tag: str, port: str) -> list[tuple[int, int, str]]:
        """Number, column and id of the folios that draw the wires of this port which this folio does not."""
        drawn = {d.conductor.id for d in self.layout.conductors} | self.folio.hide
        away = [c for c in self.plant.on(tag, port) if c.id not in drawn]
        places = {self.places.of_conductor(self.plant, c) for c in away}
        twins = self._twins(tag)
        return sorted(place for place in places if place is not None and place[2] not in twins)

    def _twins(self, tag: str) -> set[str]:
        """Folios that show a part of this folio again: its tag already carries the reference."""
        here = {e.symbol for e in self.folio.elements if e.tag == tag}
        return {f.id for f, e in self.places.of_part(tag) if e.symbol in here and f.id != self.folio.id}

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
            if pin.side or self.lettering.crowd.cost(box) + self.lettering.outside(box) > 0.2:
                continue
            self.layout.arrows.append(Arrow(x, pin.y, side, text, folio))
            self.lettering.crowd.add(box, 3.0)
            return
        pin = ends[0] if sides[0] == "w" else ends[1]
        r = TERMINAL_RADIUS
        box = Box(pin.x - r, pin.y - r, pin.x + r, pin.y + r)
        line = Words(f"▸{text}", REFERENCE_SIZE, "reference", folio)
        self.lettering.put_at((line,), box, ["se", "sw", "ne", "nw"], gap=0.2, component=pin.tag)

    def _column(self, folio: Folio, element: Element) -> int:
        return column(folio, centre(self.plant, folio, element))


def mark_box(mark: Mark) -> Box:
    """Box of a mark."""
    x, y = mark.at
    return Box(x - 1, y - 1, x + 1, y + 1)


def _usual_side(part: DrawnPart) -> str:
    sides = {p.side for p in part.pins}
    return "wens" if sides <= {"n", "s"} and sides else "nsew"


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
