"""Items of a mimic for lifts: the shaft with its car, counterweight, landings and their doors.

Seen from the front. Heights come from the parameters of the shaft, so the drawing cannot disagree with the machine;
what moves follows channels that anybody sees. The writer of :mod:`etabli.machines.drawing.mimic` takes these kinds in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from etabli.machines.drawing import svg
from etabli.machines.drawing.controls import lamp, seen_channels
from etabli.machines.drawing.mimic_hydraulic import Page
from etabli.machines.drawing.sheet import Reader
from etabli.machines.model import Placed
from etabli.physics.text import Text

CAR_HEIGHT, CAR_WIDTH = 13.0, 20.0
_DOOR_WIDTH, _DOOR_HEIGHT = 7.0, 10.0
_LEVEL = Text("Niveau", "Level")
_TRIPS = Text("voyages", "trips")
_GOOD, _BAD = Text("à niveau", "level"), Text("décalés, en retard", "off level, late")
_LAMPS = ("led", "lit", "pushed", "pressed", "tripped")


def _indicator(part: Placed) -> str:
    """The channel of a small part that its lamp shows ("" when it has none)."""
    seen = seen_channels(part)
    return next((name for name in _LAMPS if name in seen), "")


class LiftItems:
    """Draws the items on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def kinds(self) -> dict[str, Callable[[Reader], Iterator[str]]]:
        """Type of item -> what draws it."""
        return {"lift": self._lift}

    def _lift(self, read: Reader) -> Iterator[str]:
        """The whole shaft, its top left corner ``at``, ``scale`` modules per metre, ``riders`` on the car."""
        read.only("type", "tag", "hoist", "door", "landing_doors", "sheave", "riders", "at", "scale")
        page, shaft, hoist = self._page, self._page.part(read), self._page.part(read, "hoist")
        x, y = read.place("at")
        scale = read.number("scale")
        levels = [float(level) for level in shaft.parameters["levels"]]
        travel = float(hoist.parameters["travel_m"]) * scale
        floor = y + 16.0 + travel  # floor of the car at the lowest landing
        width = CAR_WIDTH + 26.0
        yield page.group(shaft, self._walls(shaft, x, y, width, floor, levels, scale))
        yield page.group(page.part(read, "sheave"), self._sheave(page.part(read, "sheave"), x, y))
        yield page.group(hoist, self._counterweight(hoist, x + CAR_WIDTH + 17.0, y + 6.0, floor, travel))
        yield self._car(read, shaft, hoist, x + 9.0, y + 6.0, floor, travel)
        for level, tag in enumerate(str(t) for t in read.values.get("landing_doors") or ()):
            landing = floor - levels[min(level, len(levels) - 1)] * scale
            yield self._landing_door(page.placed(read, tag), x + width + 3.0, landing)
        yield from self._counts(shaft, x + width / 2, floor + 12.0)

    def _walls(
        self, shaft: Placed, x: float, y: float, width: float, floor: float, levels: list[float], scale: float
    ) -> list[str]:
        found = [
            svg.rectangle(x, y, width, floor - y + 8.0, "shaft-hollow"),
            svg.rectangle(x - 1.6, y - 1.6, width + 3.2, 1.6, "frame-bar"),
            svg.rectangle(x - 1.6, y, 1.6, floor - y + 8.0, "frame-bar"),
            svg.rectangle(x + width, y, 1.6, floor - y + 8.0, "frame-bar"),
            svg.rectangle(x - 1.6, floor + 8.0, width + 3.2, 1.6, "frame-bar front"),
            *(
                svg.polyline(((rail, y), (rail, floor + 8.0)), "rail")
                for rail in (x + 8.0, x + 9.8 + CAR_WIDTH, x + CAR_WIDTH + 16.2, x + CAR_WIDTH + 23.8)
            ),
            *(svg.rectangle(spring - 1.0, floor + 4.0, 2.0, 4.0, "cap-end") for spring in (x + 19.0, x + 40.0)),
        ]
        for level, height in enumerate(levels):
            landing = floor - height * scale
            words = f"{_LEVEL.get(self._page.language)} {level}"
            found += [
                svg.rectangle(x + width + 1.6, landing, 30.0, 1.2, "frame-bar front"),
                svg.text(x + width + 31.0, landing + 2.6, words, 1.5, "bin-name", "end"),
                svg.rectangle(x + CAR_WIDTH + 10.8, landing - 1.0, 1.6, 2.0, "flag"),
                self._trolley(x + width + 22.0, landing, f"{shaft.tag}.waiting_{level}"),
            ]
        found.append(self._page.tag(x + 2.0, y + 2.0, shaft.tag, "start"))
        found.append(svg.rectangle(x, y, width, floor - y + 8.0, "hit"))
        return found

    def _trolley(self, x: float, floor: float, channel: str) -> str:
        """A loaded trolley that stands on ``floor`` while its channel is not 0."""
        return svg.group(
            (
                svg.rectangle(x - 3.4, floor - 5.4, 6.8, 4.2, "lamp", 0.3),
                svg.circle(x - 2.2, floor - 0.6, 0.6, "lamp"),
                svg.circle(x + 2.2, floor - 0.6, 0.6, "lamp"),
            ),
            class_="lights blank",
            data_channel=channel,
        )

    def _sheave(self, sheave: Placed, x: float, y: float) -> list[str]:
        r = 4.4
        cx, cy = x + CAR_WIDTH / 2 + 9.0 + r, y - 7.0  # the rope falls over the middle of the car
        spokes = "".join(
            svg.polyline(((cx + dx * r * 0.8, cy + dy * r * 0.8), (cx - dx * r * 0.8, cy - dy * r * 0.8)), "spoke")
            for dx, dy in ((1, 0), (0.5, 0.866), (-0.5, 0.866))
        )
        pulley = x + CAR_WIDTH + 20.0
        return [
            svg.polyline(((cx - r, cy), (cx - r, y)), "hoist-rope"),
            svg.polyline(((cx, cy - r), (pulley - 1.6, cy - r), (pulley, cy - r + 1.6), (pulley, y)), "hoist-rope"),
            svg.circle(cx, cy, r, "wheel"),
            svg.group((spokes,), class_="spins", data_spin=f"{sheave.tag}.speed", data_x=float(cx), data_y=float(cy)),
            svg.circle(cx, cy, 0.6, "needle-hub"),
            self._page.tag(cx + r + 1.0, cy, sheave.tag, "start"),
            svg.circle(cx, cy, r, "hit"),
        ]

    def _counterweight(self, hoist: Placed, x: float, top: float, floor: float, travel: float) -> list[str]:
        """Drawn at its lowest place; its ropes reach up beyond the shaft and are hidden by the ceiling."""
        body = svg.group(
            (
                svg.polyline(((x + 3.0, top - 6.0), (x + 3.0, floor - 9.0)), "hoist-rope"),
                svg.rectangle(x, floor - 9.0, 6.0, 11.0, "counterweight", 0.3),
                *(
                    svg.polyline(((x + 0.6, floor - 7.0 + 2.0 * k), (x + 5.4, floor - 7.0 + 2.0 * k)), "fin")
                    for k in range(5)
                ),
            ),
            class_="moves",
            data_channel=f"{hoist.tag}.counterweight",
            data_dx=0.0,
            data_dy=-travel,
        )
        return [svg.clipped(f"{hoist.tag}-counterweight", (x - 2.0, top - 6.0, 10.0, floor - top + 14.0), body)]

    def _car(
        self, read: Reader, shaft: Placed, hoist: Placed, x: float, top: float, floor: float, travel: float
    ) -> str:
        page, door = self._page, self._page.part(read, "door")
        roof = floor - CAR_HEIGHT
        leaf = svg.group(
            (svg.rectangle(x + 9.6, roof + 1.4, 9.6, CAR_HEIGHT - 2.2, "leaf", 0.2),),
            class_="moves",
            data_channel=f"{door.tag}.door",
            data_dx=-8.4,
            data_dy=0.0,
        )
        riders = [
            self._rider(page.placed(read, str(tag)), x + 0.8 + (k % 3) * 6.4, roof - 2.6 - 2.6 * (k // 3))
            for k, tag in enumerate(read.values.get("riders") or ())
        ]
        body = svg.group(
            (
                svg.polyline(((x + CAR_WIDTH / 2, top - 6.0 - travel), (x + CAR_WIDTH / 2, roof)), "hoist-rope"),
                page.group(
                    hoist,
                    [
                        svg.rectangle(x, roof, CAR_WIDTH, CAR_HEIGHT, "car", 0.4),
                        svg.rectangle(x - 0.4, floor - 0.8, CAR_WIDTH + 0.8, 1.0, "cap-end"),
                        page.tag(x + 1.0, roof + 2.0, hoist.tag, "start"),
                        svg.rectangle(x, roof, CAR_WIDTH, CAR_HEIGHT, "hit"),
                    ],
                ),
                page.group(door, [leaf, page.tag(x + 19.0, roof + 2.6, door.tag, "end")]),
                self._trolley(x + 14.4, floor - 0.8, f"{shaft.tag}.load"),
                *riders,
            ),
            class_="moves",
            data_channel=f"{hoist.tag}.car",
            data_dx=0.0,
            data_dy=-travel,
        )
        return svg.clipped(f"{hoist.tag}-car", (x - 8.0, top - 6.0, CAR_WIDTH + 12.0, floor - top + 14.0), body)

    def _rider(self, part: Placed, x: float, y: float) -> str:
        """A small part that travels with the car, with its lamp."""
        shown = _indicator(part)
        content = [
            svg.rectangle(x, y, 6.0, 2.2, "sensor", 0.3),
            self._page.tag(x + 2.4, y + 1.1, part.tag),
            svg.rectangle(x, y, 6.0, 2.2, "hit"),
        ]
        if shown:
            content.insert(1, lamp(x + 5.1, y + 1.1, 0.5, f"{part.tag}.{shown}", "orange"))
        return self._page.group(part, content)

    def _landing_door(self, part: Placed, x: float, floor: float) -> str:
        """A landing door seen from the landing: its leaf slides behind the frame."""
        leaf = svg.group(
            (svg.rectangle(x + 0.5, floor - _DOOR_HEIGHT, _DOOR_WIDTH - 1.0, _DOOR_HEIGHT, "leaf", 0.2),),
            class_="moves",
            data_channel=f"{part.tag}.door",
            data_dx=-(_DOOR_WIDTH - 1.6),
            data_dy=0.0,
        )
        frame = (x, floor - _DOOR_HEIGHT - 0.6, _DOOR_WIDTH, _DOOR_HEIGHT + 0.6)
        content = [
            svg.rectangle(*frame, "doorway"),
            svg.clipped(f"{part.tag}-leaf", frame, leaf),
            self._page.tag(x + _DOOR_WIDTH / 2, floor - _DOOR_HEIGHT - 1.8, part.tag),
            svg.rectangle(*frame, "hit"),
        ]
        return self._page.group(part, content)

    def _counts(self, shaft: Placed, x: float, y: float) -> Iterator[str]:
        """Trips level and in time, trips off level or late."""
        language = self._page.language
        for kind, word, sign, cx in (("good", _GOOD, "✓", x - 11.0), ("bad", _BAD, "✗", x + 11.0)):
            yield svg.text(cx, y, "0", 2.6, "count", data_count=f"{shaft.tag}.trips.{kind}")
            yield svg.text(cx, y + 3.2, f"{sign} {word.get(language)}", 1.6, "bin-name")
        yield svg.text(x, y, _TRIPS.get(language), 1.6, "bin-name")
