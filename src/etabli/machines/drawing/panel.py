"""The control panel, from the ``panel`` table of the machine: nameplates, buttons, selector, mushroom head, lamps."""

from __future__ import annotations

from collections.abc import Iterator

from etabli.machines.drawing import svg
from etabli.machines.drawing.controls import control, full_scale
from etabli.machines.drawing.geometry import text_width
from etabli.machines.drawing.plant import Plant
from etabli.machines.model import PanelItem, Placed
from etabli.physics.text import Text

CELL_WIDTH, CELL_HEIGHT = 28.0, 32.0
_ENGRAVED, _POSITION = 2.2, 1.9
"""Text sizes of a nameplate and of a detent: readable on a desk with the whole panel in view."""
_PANEL = Text("Pupitre de commande", "Control panel")
_LAMP = Text("voyant", "lamp")


class _Writer:
    def __init__(self, plant: Plant, language: str) -> None:
        self.plant = plant
        self.language = language
        self.items = plant.machine.panel

    def write(self) -> str:
        """The panel."""
        columns = max((item.column for item in self.items), default=0) + 1
        rows = max((item.row for item in self.items), default=0) + 1
        width, height = columns * CELL_WIDTH + 8, rows * CELL_HEIGHT + 12
        described = ", ".join(f"{i.tag} ({i.engraved.get(self.language)})" for i in self.items)
        return svg.document(
            "drawing-panel",
            width,
            height,
            f"{_PANEL.get(self.language)} – {self.plant.machine.name.get(self.language)}",
            described,
            self._content(width, height),
            "control-panel",
        )

    def _content(self, width: float, height: float) -> Iterator[str]:
        yield svg.rectangle(0, 0, width, height, "paper")
        yield svg.rectangle(1, 1, width - 2, height - 2, "enclosure-plate", 2.0)
        for x, y in ((3, 3), (width - 3, 3), (3, height - 3), (width - 3, height - 3)):
            yield svg.circle(x, y, 0.8, "screw")
        for item in self.items:
            x = 4 + (item.column + 0.5) * CELL_WIDTH
            y = 7 + item.row * CELL_HEIGHT
            yield self._item(item, x, y)

    def _item(self, item: PanelItem, x: float, y: float) -> str:
        part = self.plant.parts[item.tag]
        words = item.engraved.get(self.language)
        size = min(_ENGRAVED, _ENGRAVED * (CELL_WIDTH - 3) / max(1.0, text_width(words, _ENGRAVED, bold=True)))
        content = [
            svg.rectangle(x - CELL_WIDTH / 2 + 1, y, CELL_WIDTH - 2, 4, "nameplate", 0.4),
            svg.text(x, y + 2, words, size, "engraved strong"),
            *self._actuator(item, part, x, y + 17),
            svg.text(x, y + 28.6, item.tag, 2.4, "tag", data_component=item.tag),
        ]
        return svg.group(content, class_="item", data_component=item.tag)

    def _actuator(self, item: PanelItem, part: Placed, x: float, y: float) -> Iterator[str]:
        if not item.control:
            yield self._lamp(item, part, x, y)
        elif item.positions:
            yield self._selector(item, part, x, y)
        elif part.component.family == "emergency_stop":
            yield self._mushroom(item, part, x, y)
        else:
            yield self._button(item, part, x, y)

    def _button(self, item: PanelItem, part: Placed, x: float, y: float) -> str:
        colour = str(part.parameters.get("colour", "white"))
        cap = svg.group(
            (svg.circle(x, y, 5.0, f"cap {colour}"), svg.circle(x, y, 3.4, "cap-dish")),
            class_="moves",
            data_channel=f"{part.tag}.pressed",
            data_dx=0.0,
            data_dy=0.9,
        )
        content = (svg.circle(x, y, 6.8, "bezel"), svg.circle(x, y, 5.6, "well"), cap, svg.circle(x, y, 7.2, "hit"))
        return control(part, item.control, "hold", item.engraved, self.language, content, "pressed")

    def _mushroom(self, item: PanelItem, part: Placed, x: float, y: float) -> str:
        head = svg.group(
            (svg.circle(x, y, 6.6, "cap red"), self._turn_arrows(x, y)),
            class_="moves",
            data_channel=f"{part.tag}.pressed",
            data_dx=0.0,
            data_dy=1.2,
        )
        pressed = svg.group(
            (svg.circle(x, y, 8.4, "lamp"),), class_="lights ring red", data_channel=f"{part.tag}.pressed"
        )
        content = (svg.circle(x, y, 9.4, "plate-yellow"), pressed, head, svg.circle(x, y, 9.6, "hit"))
        return control(part, item.control, "toggle", item.engraved, self.language, content, "pressed")

    def _turn_arrows(self, x: float, y: float) -> str:
        n = svg.number
        arcs = (
            f"M{n(x - 3.6)} {n(y)}A3.6 3.6 0 0 1 {n(x)} {n(y - 3.6)}l-.9 -.8m.9 .8l-1 .9",
            f"M{n(x + 3.6)} {n(y)}A3.6 3.6 0 0 1 {n(x)} {n(y + 3.6)}l.9 .8m-.9 -.8l1 -.9",
        )
        return "".join(svg.tag("path", class_="arrow", d=d) for d in arcs)

    def _selector(self, item: PanelItem, part: Placed, x: float, y: float) -> str:
        most = len(item.positions) - 1
        sweep = 90.0 if most > 1 else 60.0
        # The channel of the family may go over more detents than this panel uses.
        turn = sweep * full_scale(part, "position") / max(most, 1)
        knob = svg.group(
            (
                svg.rectangle(x - 1.4, y - 5.6, 2.8, 9.2, "cap black", 0.8),
                svg.polyline(((x, y - 5.2), (x, y - 2)), "mark"),
            ),
            class_="turns knob",
            data_channel=f"{part.tag}.position",
            data_turn=f"{svg.number(turn)} {svg.number(x)} {svg.number(y)}",
            data_start=-sweep / 2,
            transform=f"rotate({svg.number(-sweep / 2)} {svg.number(x)} {svg.number(y)})",
        )
        names = []
        for i, position in enumerate(item.positions):
            side = i - most / 2
            words = position.get(self.language)
            anchor = "middle" if side == 0 else "end" if side < 0 else "start"
            px, py = x + side * 3.5, y - 9.4 if side == 0 else y - 7.4
            width = text_width(words, _POSITION) + 1
            left = px - {"middle": width / 2, "end": width, "start": 0.0}[anchor]
            names.append(svg.rectangle(left, py - 1.6, width, 3.2, "hit", data_value=i))
            names.append(svg.text(px, py, words, _POSITION, "engraved", anchor))
        content = (
            svg.circle(x, y, 6.8, "bezel"),
            svg.circle(x, y, 5.6, "well"),
            knob,
            svg.circle(x, y, 6.8, "hit"),
            *names,
        )
        return control(part, item.control, "turn", item.engraved, self.language, content, "position", item.positions)

    def _lamp(self, item: PanelItem, part: Placed, x: float, y: float) -> str:
        colour = str(part.parameters.get("colour", "white"))
        content = (
            svg.circle(x, y, 6.0, "bezel"),
            svg.circle(x, y, 4.8, f"lens {colour}"),
            svg.group((svg.circle(x, y, 4.8, "lamp"),), class_=f"lights {colour}", data_channel=f"{part.tag}.lit"),
            svg.polyline(((x - 3.2, y - 3.2), (x + 3.2, y + 3.2)), "lens-cross"),
            svg.polyline(((x - 3.2, y + 3.2), (x + 3.2, y - 3.2)), "lens-cross"),
            svg.circle(x, y, 6.2, "hit"),
        )
        label = f"{item.tag} – {_LAMP.get(self.language)} {item.engraved.get(self.language)}"
        return svg.group(content, class_="signal", role="img", aria_label=label, data_signal=f"{part.tag}.lit")


def write_panel(plant: Plant, language: str) -> str:
    """The SVG text of the control panel."""
    return _Writer(plant, language).write()
