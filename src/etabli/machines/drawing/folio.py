"""A folio as SVG: the frame and its title block, symbols, conductors, texts, probe targets."""

from __future__ import annotations

from collections.abc import Iterator

from etabli.components.drawing import Line
from etabli.machines.drawing import svg
from etabli.machines.drawing.conductor import conductor_svg, pin_label
from etabli.machines.drawing.drawn import (
    TERMINAL_RADIUS,
    Arrow,
    ContactRow,
    ContactTable,
    DrawnConductor,
    DrawnPart,
    Layout,
    table_size,
)
from etabli.machines.drawing.geometry import text_width
from etabli.machines.drawing.lettering import LINE_HEIGHT, PIN_SIZE, REFERENCE_SIZE, Block
from etabli.machines.drawing.plant import Plant
from etabli.machines.drawing.sheet import Folio, Mark, TerminalPlace
from etabli.machines.drawing.strip import strip_plan
from etabli.physics.text import Text

_FOLIO = Text("Folio", "Folio")
_REVISION, _DATE = Text("Indice", "Revision"), Text("Date", "Date")
_MACHINE = Text("Machine", "Machine")


class _Writer:
    """Writes one layout in one language."""

    def __init__(self, plant: Plant, layout: Layout, total: int, language: str) -> None:
        self.plant = plant
        self.layout = layout
        self.folio: Folio = layout.folio
        self.total = total
        self.language = language

    def write(self) -> str:
        """The whole folio."""
        folio, paper = self.folio, self.folio.format
        title = f"{_FOLIO.get(self.language)} {folio.number} – {folio.title.get(self.language)}"
        return svg.document(
            f"folio-{folio.id}",
            paper.width,
            paper.height,
            title,
            self._description(),
            self._content(),
            "folio",
            left=-paper.left,
            top=-paper.top,
            data_folio=folio.id,
            data_number=folio.number,
        )

    def _description(self) -> str:
        parts = self.plant.parts
        tags = dict.fromkeys([p.tag for p in self.layout.parts] + [t.tag for t in self.layout.terminals])
        return ", ".join(f"{tag} ({parts[tag].text.get(self.language)})" for tag in tags) or "–"

    def _content(self) -> Iterator[str]:
        yield from self._paper()
        yield svg.group(self._frames(), class_="frames")
        yield svg.group((self._conductor(c) for c in self.layout.conductors), class_="conductors")
        yield svg.group((svg.circle(x, y, 0.35, "joint") for x, y in self.layout.joints), class_="joints")
        yield svg.group((self._part(p) for p in self.layout.parts), class_="parts")
        yield svg.group((self._mark(m) for m in self.layout.marks), class_="marks")
        yield svg.group((self._terminal(t) for t in self.layout.terminals), class_="terminals")
        for plan in self.folio.plans:
            yield strip_plan(self.plant, plan, self.language)
        yield svg.group(self._texts(), class_="texts")
        yield svg.group(self._pins(), class_="pins")

    # --- sheet ------------------------------------------------------------------------------------------------------
    def _paper(self) -> Iterator[str]:
        paper = self.folio.format
        width, height = paper.area
        yield svg.rectangle(-paper.left, -paper.top, paper.width, paper.height, "paper")
        lines = [
            svg.rectangle(0, 0, width, height, "frame"),
            svg.rectangle(-2, -2, width + 2, height + 2, "frame"),
        ]
        for i in range(paper.columns):
            x = i * paper.column_width
            lines.append(svg.polyline(((x, -2), (x, 0)), "frame"))
            lines.append(svg.text(x + paper.column_width / 2, -1, str(i + 1), 1.2, "grid"))
        for i, letter in enumerate(paper.rows):
            y = i * paper.row_height
            lines.append(svg.polyline(((-2, y), (0, y)), "frame"))
            lines.append(svg.text(-1, y + paper.row_height / 2, letter, 1.2, "grid"))
        yield svg.group(lines, class_="border")
        yield svg.group(self._title_block(), class_="title-block")

    def _title_block(self) -> Iterator[str]:
        folio, paper, language = self.folio, self.folio.format, self.language
        width, height = paper.area
        top, bottom = height + 1.5, height + 9.0
        cells: list[tuple[float, str, str, float]] = [
            (0.36, _MACHINE.get(language), self.plant.machine.name.get(language), 1.6),
            (0.38, "", folio.title.get(language), 1.9),
            (0.08, _REVISION.get(language), folio.revision, 1.6),
            (0.08, _DATE.get(language), folio.date, 1.3),
            (0.10, _FOLIO.get(language), f"{folio.number} / {self.total}", 2.0),
        ]
        x = -2.0
        for share, head, content, size in cells:
            wide = share * (width + 2)
            yield svg.rectangle(x, top, wide, bottom - top, "frame")
            if head:
                yield svg.text(x + 0.6, top + 1.2, head, 1.0, "head", "start")
            fits = size * min(1.0, (wide - 1.2) / max(0.1, text_width(content, size, bold=True)))
            yield svg.text(x + wide / 2, (top + bottom) / 2 + (0.6 if head else 0), content, fits, "entry")
            x += wide

    def _frames(self) -> Iterator[str]:
        for frame in self.folio.frames:
            (x1, y1), (x2, y2) = frame.start, frame.stop
            yield svg.rectangle(x1, y1, x2 - x1, y2 - y1, "enclosure")

    # --- things -------------------------------------------------------------------------------------------------------
    def _part(self, part: DrawnPart) -> str:
        placed = self.plant.parts[part.tag]
        box = part.box
        content = [
            svg.title(f"{part.tag} – {placed.text.get(self.language)}"),
            svg.rectangle(box.left, box.top, box.right - box.left, box.bottom - box.top, "hit"),
            *(svg.shape_svg(s, part.tag) for s in part.shapes),
        ]
        return svg.group(content, class_="component", data_component=part.tag, data_symbol=part.element.symbol)

    def _terminal(self, terminal: TerminalPlace) -> str:
        x, y = terminal.at
        shape = svg.circle(x, y, TERMINAL_RADIUS, "terminal")
        return svg.group((shape,), class_="component terminal-point", data_component=terminal.tag)

    def _mark(self, mark: Mark) -> str:
        x, y = mark.at
        placed = self.plant.parts[mark.tag]
        channels = placed.component.channels(mark.tag, placed.parameters) if placed.component.channels else ()
        lit = next((c.name for c in channels if c.seen), None)
        lamp = svg.tag(
            "polygon",
            class_="ink closed",
            points=svg.points(((x, y - 0.5), (x + 0.5, y), (x, y + 0.5), (x - 0.5, y))),
        )
        content = [
            svg.title(f"{mark.tag} – {placed.text.get(self.language)}"),
            svg.rectangle(x - 1, y - 1, 2, 2, "ink closed"),
            svg.group((lamp,), class_="lights orange", data_channel=f"{mark.tag}.{lit}") if lit else "",
            lamp,
        ]
        return svg.group(content, class_="component mark", data_component=mark.tag)

    def _conductor(self, drawn: DrawnConductor) -> str:
        return conductor_svg(self.plant, drawn.conductor, drawn.points, self.language)

    def _pins(self) -> Iterator[str]:
        pins = [(p.y, p.x, p.tag, p.port, 0.28) for part in self.layout.parts for p in part.pins]
        pins += [(t.at[1], t.at[0], t.tag, t.port, 0.2) for t in self.layout.terminals]
        for y, x, tag, port, dot in sorted(pins):
            yield svg.pin_svg(tag, port, x, y, pin_label(self.plant, tag, port, self.language), dot=dot)

    # --- texts --------------------------------------------------------------------------------------------------------
    def _texts(self) -> Iterator[str]:
        for block in self.layout.blocks:
            yield from self._block(block)
        for table in self.layout.tables:
            yield svg.group(self._table(table), class_="contacts", data_component=table.tag)
        for arrow in self.layout.arrows:
            yield self._arrow(arrow)
        for note in self.folio.notes:
            words = note.text.get(self.language)
            yield svg.text(*note.at, words, note.size, "note", note.anchor, note.vertical)

    def _block(self, block: Block) -> Iterator[str]:
        y = block.y
        for line in block.lines:
            words = line.text if isinstance(line.text, str) else line.text.get(self.language)
            if words:
                yield svg.text(
                    block.x,
                    y,
                    words,
                    line.size,
                    line.style,
                    block.anchor,
                    block.vertical,
                    data_goto=line.goto or None,
                    data_component=block.component if line.style == "tag" else None,
                    data_conductor=block.conductor or None,
                )
            y += line.size * LINE_HEIGHT

    def _table(self, table: ContactTable) -> Iterator[str]:
        width, height = table_size(table.rows)
        for x in (0.0, 6.8, width):
            yield svg.polyline(((table.x + x, table.y), (table.x + x, table.y + height)), "ink thin")
        yield svg.polyline(((table.x, table.y), (table.x + width, table.y)), "ink thin")
        yield svg.polyline(((table.x, table.y + height), (table.x + width, table.y + height)), "ink thin")
        for i, row in enumerate(table.rows):
            y = table.y + 0.15 + 1.5 * (i + 0.5)
            yield from self._contact_icon(table.x + 0.5, y, row)
            yield svg.text(table.x + 3.2, y, "-".join(row.ports), PIN_SIZE, "pin-text", "start")
            yield svg.text(
                table.x + 7.1, y, row.place, REFERENCE_SIZE, "reference", "start", data_goto=row.goto or None
            )

    def _contact_icon(self, x: float, y: float, row: ContactRow) -> Iterator[str]:
        """A lying contact, 2 modules long: open blade above, closed blade against a stop."""
        yield svg.shape_svg(Line(((x, y), (x + 0.6, y)), "thin"), "")
        yield svg.shape_svg(Line(((x + 1.5, y), (x + 2.1, y)), "thin"), "")
        if row.kind == "nc":
            yield svg.shape_svg(Line(((x + 1.5, y), (x + 1.5, y - 0.55)), "thin"), "")
            yield svg.shape_svg(Line(((x + 0.6, y), (x + 1.75, y - 0.45)), "thin"), "")
            return
        yield svg.shape_svg(Line(((x + 0.6, y), (x + 1.5, y - 0.6)), "thin"), "")
        if row.kind == "power":
            yield svg.tag("path", class_="ink thin", d=f"M{svg.number(x + 1.5)} {svg.number(y)}a.25 .25 0 0 0 0 -.5")

    def _arrow(self, arrow: Arrow) -> str:
        sign = -1 if arrow.direction == "w" else 1
        x, y = arrow.x, arrow.y
        tip = x + sign * 2.2
        head = ((tip, y), (tip - sign * 0.9, y - 0.5), (tip - sign * 0.9, y + 0.5))
        return svg.group(
            (
                svg.polyline(((x, y), (tip, y)), "ink bridge-line"),
                svg.tag("polygon", class_="ink full", points=svg.points(head)),
                svg.text(
                    tip + sign * 0.4,
                    y,
                    arrow.text,
                    REFERENCE_SIZE,
                    "reference",
                    "end" if sign < 0 else "start",
                ),
            ),
            class_="continuation",
            data_goto=arrow.goto,
        )


def write_folio(plant: Plant, layout: Layout, total: int, language: str) -> str:
    """The SVG text of a folio; ``total`` is the number of folios of the machine."""
    return _Writer(plant, layout, total, language).write()
