"""Items of a mimic for hydraulics and presses: a vertical ram with its tool and blank, tank, pump, gauge, accumulator.

Seen from the front. Lengths along the stroke of a ram come from the parameters of its press station, so the drawing
cannot disagree with the machine. The writer of :mod:`etabli.machines.drawing.mimic` takes these kinds in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from etabli.machines.drawing import svg
from etabli.machines.drawing.controls import control, lamp, seen_channels
from etabli.machines.drawing.sheet import Reader
from etabli.machines.model import Placed
from etabli.physics.text import Text

_HAND = Text("main dans l'outil : retirer la pièce, poser un flan", "hand in the tool: take the part out, lay a blank")
_GUARD = Text("protecteur", "guard")
_GOOD, _BAD = Text("bonnes", "good"), Text("mauvaises", "bad")
_LEDS = ("led", "active", "actuated", "pressed", "tripped", "closed")


class Page(Protocol):
    """What an item needs of the writer of a mimic."""

    language: str

    def part(self, read: Reader, field: str = "tag") -> Placed:
        """The component that an item names."""

    def placed(self, read: Reader, tag: str) -> Placed:
        """A component by its tag; raises :class:`DrawingError`."""

    def group(self, part: Placed, content: list[str], class_: str = "item") -> str:
        """A group that a click on it chooses."""

    def tag(self, x: float, y: float, tag: str, anchor: str = "middle") -> str:
        """The tag beside an item."""


class HydraulicItems:
    """Draws the items on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def kinds(self) -> dict[str, Callable[[Reader], Iterator[str]]]:
        """Type of item -> what draws it."""
        return {
            "ram": self._ram,
            "tank": self._tank,
            "pump": self._pump,
            "gauge": self._gauge,
            "accumulator": self._accumulator,
            "conditioner": self._conditioner,
            "guard": self._guard,
            "pipe": self._pipe,
        }

    # --- the press ------------------------------------------------------------------------------------------------
    def _ram(self, read: Reader) -> Iterator[str]:
        """A vertical cylinder, its ram and tool, and the die below; ``travel`` is the stroke in modules."""
        read.only("type", "tag", "station", "at", "body", "travel", "width", "sensors", "tray")
        page, cylinder, station = self._page, self._page.part(read), self._page.part(read, "station")
        x, top = read.place("at")
        body, travel, width = read.number("body", 16.0), read.number("travel", 20.0), read.number("width", 26.0)
        scale = travel / float(station.parameters["stroke_mm"])
        face = top + body + 6.0  # lower face of the upper die with the ram at the top
        die = face + float(station.parameters["closed_mm"]) * scale
        yield from self._frame(x, top, die, width)
        yield page.group(
            station, [*self._die(station, x, die, width), *self._tool(station, x, top, body, face, travel, width)]
        )
        yield page.group(
            cylinder,
            [
                svg.rectangle(x - 4.5, top, 9, body, "cylinder", 0.5),
                svg.rectangle(x - 5, top, 10, 1.8, "cap-end", 0.3),
                svg.rectangle(x - 5, top + body - 1.8, 10, 1.8, "cap-end", 0.3),
                svg.rectangle(x - 5, top, 10, body, "hit"),
                page.tag(x, top + body / 2, cylinder.tag),
            ],
        )
        places = ("up_m", "slow_m", "down_m")
        for i, tag in enumerate(str(t) for t in read.values.get("sensors") or ()):
            travelled = float(station.parameters[places[min(i, 2)]]) * 1e3
            yield self._side_sensor(read, tag, x + width / 2 + 1.2, face - 4.6 + travelled * scale)
        yield self._hand(station, x + width / 2 + 8.5, die - 1.4)
        if "tray" in read.values:
            yield from self._tray(read, station)

    def _frame(self, x: float, top: float, die: float, width: float) -> Iterator[str]:
        half = width / 2
        columns = [svg.rectangle(cx, top + 1.0, 1.6, die - top + 6, "rod") for cx in (x - half, x + half - 1.6)]
        yield svg.group(
            (
                svg.rectangle(x - half - 2, top - 2.4, width + 4, 4.2, "frame-bar", 0.6),
                *columns,
                svg.rectangle(x - half - 2, die + 5.2, width + 4, 3.4, "frame-bar front", 0.6),
            ),
            class_="press-frame",
        )

    def _tool(
        self, station: Placed, x: float, top: float, body: float, face: float, travel: float, width: float
    ) -> list[str]:
        half = width / 2
        moving = svg.group(
            (
                svg.rectangle(x - 2, top + 1, 4, face - top - 5.4, "rod"),
                svg.rectangle(x - half - 0.6, face - 5.0, width + 1.2, 3.0, "pusher-plate", 0.4),
                _polygon(((x - 5, face - 2), (x + 5, face - 2), (x + 3, face), (x - 3, face)), "die"),
                svg.rectangle(x + half + 0.2, face - 5.0, 1.0, 1.2, "cam"),
            ),
            class_="moves",
            data_channel=f"{station.tag}.ram",
            data_dx=0.0,
            data_dy=travel,
        )
        return [
            moving,
            svg.rectangle(x - half, face - 5.0, width, travel + 5.0, "hit"),
            self._page.tag(x - half - 2.6, face - 3.4, station.tag, "end"),
        ]

    def _die(self, station: Placed, x: float, die: float, width: float) -> list[str]:
        """The lower die with what lies on it: a flat blank, that sinks in as it is formed."""
        dish = f"M{svg.number(x - 6)} {svg.number(die - 0.7)}h12v0.7h-2.6l-1.8 3h-3.2l-1.8 -3h-2.6z"
        return [
            svg.rectangle(x - 8, die, 16, 5.2, "die", 0.3),
            _polygon(((x - 3.4, die), (x + 3.4, die), (x + 1.8, die + 3), (x - 1.8, die + 3)), "die-hollow"),
            svg.group(
                (svg.rectangle(x - 6, die - 0.7, 12, 0.7, "lamp"),),
                class_="lights blank",
                data_channel=f"{station.tag}.blank",
            ),
            svg.group(
                (svg.tag("path", class_="lamp", d=dish),), class_="lights blank", data_channel=f"{station.tag}.formed"
            ),
        ]

    def _side_sensor(self, read: Reader, tag: str, x: float, y: float) -> str:
        part = self._page.placed(read, tag)
        shown = [name for name in _LEDS if name in seen_channels(part)]
        content = [svg.rectangle(x, y, 3.2, 2.0, "sensor", 0.3)]
        if shown:
            content.append(lamp(x + 2.3, y + 1.0, 0.5, f"{tag}.{shown[0]}", "orange"))
        content += [self._page.tag(x + 3.8, y + 1.0, tag, "start"), svg.rectangle(x, y - 0.4, 3.4, 2.8, "hit")]
        return self._page.group(part, content)

    def _hand(self, station: Placed, x: float, y: float) -> str:
        """The hand that feeds the tool, as a control: outside at rest, over the die while it works."""
        shape = svg.group(
            (
                svg.tag(
                    "path",
                    class_="hand",
                    d=f"M{svg.number(x + 9)} {svg.number(y - 1.6)}h-5.5q-3.4 0 -3.5 1.6q0.1 1.6 3.5 1.6h5.5z",
                ),
                svg.rectangle(x + 9, y - 2.0, 4, 4.0, "sleeve-arm", 0.5),
            ),
            class_="moves",
            data_channel=f"{station.tag}.hand",
            data_dx=-18.0,
            data_dy=0.0,
        )
        content = (shape, svg.rectangle(x - 0.6, y - 2.6, 14.2, 5.2, "hit"))
        return control(station, "hand", "toggle", _HAND, self._page.language, content, "hand")

    def _tray(self, read: Reader, station: Placed) -> Iterator[str]:
        """The tray of finished parts with its counts of good and bad ones."""
        x, y = read.place("tray")
        content = [
            svg.tag("path", class_="bin", d=f"M{svg.number(x)} {svg.number(y)}h17l-1.2 10h-14.6z"),
        ]
        counts = (("good", _GOOD, x + 4.8, "✓"), ("bad", _BAD, x + 11.6, "✗"))
        for kind, word, cx, sign in counts:
            content.append(svg.text(cx, y + 3.6, "0", 2.6, "count", data_count=f"{station.tag}.tray.{kind}"))
            content.append(svg.text(cx, y + 7.0, f"{sign} {word.get(self._page.language)}", 1.2, "bin-name"))
        yield svg.group(content, class_="bin-group")

    # --- the power unit -------------------------------------------------------------------------------------------
    def _tank(self, read: Reader) -> Iterator[str]:
        """A tank with its oil; ``level`` and ``thermometer`` name seen channels."""
        read.only("type", "tag", "at", "size", "level", "thermometer")
        part = self._page.part(read)
        (x, y), (width, height) = read.place("at"), read.place("size")
        bottom = y + height
        oil = svg.group(
            (svg.rectangle(x + 0.6, y + 0.6, width - 1.2, height - 1.2, "oil"),),
            class_="fills",
            data_channel=f"{part.tag}.{read.string('level', 'level')}",
            data_fill=float(bottom - 0.6),
        )
        content = [
            svg.rectangle(x, y, width, height, "vessel", 0.6),
            oil,
            svg.polyline(((x, y), (x, bottom), (x + width, bottom), (x + width, y)), "vessel-wall"),
            *self._thermometer(part, x + width - 4.0, y + 2.0, height - 4.0, read.string("thermometer", "")),
            self._page.tag(x + width / 2, bottom + 1.6, part.tag),
            svg.rectangle(x, y, width, height, "hit"),
        ]
        yield self._page.group(part, content)

    def _thermometer(self, part: Placed, x: float, y: float, height: float, channel: str) -> list[str]:
        if not channel:
            return []
        column = svg.group(
            (svg.rectangle(x + 0.5, y, 1.0, height, "mercury"),),
            class_="fills",
            data_channel=f"{part.tag}.{channel}",
            data_fill=float(y + height),
        )
        return [svg.rectangle(x, y - 0.4, 2.0, height + 0.8, "glass", 0.8), column]

    def _pump(self, read: Reader) -> Iterator[str]:
        """A pump as its symbol; ``channel`` is the speed that turns its mark."""
        read.only("type", "tag", "at", "r", "channel")
        part = self._page.part(read)
        x, y = read.place("at")
        r = read.number("r", 3.4)
        content = [
            svg.circle(x, y, r, "wheel"),
            _polygon(((x, y - r), (x - 1.3, y - r + 2.0), (x + 1.3, y - r + 2.0)), "pump-mark"),
        ]
        channel = read.string("channel", "")
        if channel:
            spoke = svg.polyline(((x - r * 0.55, y + 0.6), (x + r * 0.55, y + 0.6)), "spoke")
            content.append(
                svg.group((spoke,), class_="spins", data_spin=channel, data_x=float(x), data_y=float(y + 0.6))
            )
        content += [self._page.tag(x - r - 0.6, y, part.tag, "end"), svg.circle(x, y, r, "hit")]
        yield self._page.group(part, content)

    def _gauge(self, read: Reader) -> Iterator[str]:
        """A pressure gauge: the needle channel over 270°, ``most`` at the end of the scale, in steps of ``step``."""
        read.only("type", "tag", "at", "r", "channel", "most", "step", "unit")
        part = self._page.part(read)
        x, y = read.place("at")
        r, most, step = read.number("r", 4.2), read.number("most", 250.0), read.number("step", 50.0)
        needle = svg.group(
            (svg.polyline(((x, y), (x - r * 0.53, y + r * 0.53)), "needle"),),
            class_="turns",
            data_channel=f"{part.tag}.{read.string('channel', 'needle')}",
            data_turn=f"270 {svg.number(x)} {svg.number(y)}",
        )
        content = [svg.circle(x, y, r, "dial"), *_scale(x, y, r, most, step), needle]
        content += [
            svg.circle(x, y, 0.45, "needle-hub"),
            svg.text(x, y + r * 0.62, read.string("unit", "bar"), 1.0, "dial-text"),
            self._page.tag(x + r + 0.8, y, part.tag, "start"),
            svg.circle(x, y, r, "hit"),
        ]
        yield self._page.group(part, content)

    def _accumulator(self, read: Reader) -> Iterator[str]:
        """A bladder accumulator: gas above, oil below. Its charge cannot be seen, so nothing moves."""
        read.only("type", "tag", "at", "size")
        part = self._page.part(read)
        (x, y), (width, height) = read.place("at"), read.place("size")
        middle = y + height * 0.5
        content = [
            svg.rectangle(x, y, width, height, "cylinder", min(width, height) / 2),
            svg.tag(
                "path",
                class_="membrane",
                d=f"M{svg.number(x)} {svg.number(middle)}q{svg.number(width / 2)} 2.4 {svg.number(width)} 0",
            ),
            _polygon(
                (
                    (x + width / 2, y + height * 0.36),
                    (x + width / 2 - 1, y + height * 0.36 - 1.7),
                    (x + width / 2 + 1, y + height * 0.36 - 1.7),
                ),
                "gas-mark",
            ),
            self._page.tag(x + width / 2, y + height * 0.72, part.tag),
            svg.rectangle(x, y, width, height, "hit"),
        ]
        yield self._page.group(part, content)

    def _conditioner(self, read: Reader) -> Iterator[str]:
        """Filter or cooler (``shape``) as a lozenge; ``lamp`` names a seen channel, ``label`` is s or nw."""
        read.only("type", "tag", "at", "half", "lamp", "shape", "label")
        part = self._page.part(read)
        x, y = read.place("at")
        half = read.number("half", 3.4)
        content = [_polygon(((x - half, y), (x, y - half), (x + half, y), (x, y + half)), "valve")]
        if read.string("shape", "filter") == "filter":
            content.append(svg.polyline(((x, y - half), (x, y + half)), "beam"))
        else:
            arrow = ((x - half * 0.9, y - half * 0.9), (x + half * 0.9, y + half * 0.9))
            content.append(svg.polyline(arrow, "beam"))
        if read.string("lamp", ""):
            content.append(lamp(x + half * 0.75, y - half * 0.9, 0.6, f"{part.tag}.{read.string('lamp')}", "orange"))
        beside = read.string("label", "s") == "nw"
        content += [
            self._page.tag(x - half - 0.4, y - half + 0.8, part.tag, "end")
            if beside
            else self._page.tag(x, y + half + 1.4, part.tag),
            svg.rectangle(x - half, y - half, 2 * half, 2 * half, "hit"),
        ]
        yield self._page.group(part, content)

    def _guard(self, read: Reader) -> Iterator[str]:
        """A guard that a hand opens: ``control`` of its switch, ``channel`` 1 when open; it slides by ``open``."""
        read.only("type", "tag", "at", "size", "control", "channel", "open")
        part = self._page.part(read)
        (x, y), (width, height) = read.place("at"), read.place("size")
        dx, dy = read.place("open") if "open" in read.values else (0.001, -height * 0.6)
        bars = [
            svg.polyline(((x + width * i / 6, y), (x + width * i / 6, y + height)), "guard-bar") for i in range(1, 6)
        ]
        panel = svg.group(
            (svg.rectangle(x, y, width, height, "guard-panel", 0.4), *bars),
            class_="moves",
            data_channel=f"{part.tag}.{read.string('channel')}",
            data_dx=float(dx),
            data_dy=float(dy),
        )
        content = (panel, svg.rectangle(x, y, width, height, "hit"))
        worked = control(
            part, read.string("control"), "toggle", _GUARD, self._page.language, content, read.string("channel")
        )
        yield self._page.group(part, [worked, self._page.tag(x + width / 2, y + height + 1.4, part.tag)])

    def _pipe(self, read: Reader) -> Iterator[str]:
        """A fixed pipe that is not a hose of the machine (screwed blocks): a line along given points."""
        read.only("type", "points")
        points = [(float(px), float(py)) for px, py in read.values.get("points") or []]
        yield svg.polyline(points, "screwed")


def _polygon(points: Sequence[tuple[float, float]], class_: str) -> str:
    return svg.tag("polygon", class_=class_, points=svg.points(points))


def _scale(x: float, y: float, r: float, most: float, step: float) -> Iterator[str]:
    """Marks and figures of a gauge over 270°."""
    for i in range(round(most / step) + 1):
        value = i * step
        angle = math.radians(135.0 + 270.0 * value / most)
        c, s = math.cos(angle), math.sin(angle)
        yield svg.polyline(((x + c * r * 0.86, y + s * r * 0.86), (x + c * r, y + s * r)), "tick")
        yield svg.text(x + c * r * 0.66, y + s * r * 0.66, f"{value:g}", 0.85, "dial-text")
