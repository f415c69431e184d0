"""The mimic: the machine seen from above and a little from the front, after ISA-101 (grey, colour only for states).

``mimic.yaml`` lists items; where a thing stands along a conveyor comes from the parameters of that conveyor, so the
drawing cannot disagree with the machine. Parts on the belt are drawn by ``binder.js`` in the layer ``data-parts``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from etabli.components.mechanical.belt_parts import Layout as BeltLayout
from etabli.machines.drawing import svg
from etabli.machines.drawing.conductor import conductor_svg
from etabli.machines.drawing.controls import control, lamp, seen_channels
from etabli.machines.drawing.mimic_hydraulic import HydraulicItems
from etabli.machines.drawing.mimic_lift import LiftItems
from etabli.machines.drawing.plant import Plant
from etabli.machines.drawing.sheet import Reader, read_drawing
from etabli.machines.model import Placed
from etabli.physics.text import Text

MIMIC = "mimic.yaml"
TAG_SIZE = 1.5
_MIMIC = Text("Synoptique", "Mimic")
_TOUCH = 0.25  # rod fraction at which a pusher reaches a part on the centre line (belt_parts.TOUCH)
_OVERRIDE = Text("commande manuelle", "manual override")
_HANDLE = Text("poignée", "handle")
_GOOD, _BAD = Text("bonnes", "good"), Text("mauvaises", "bad")
_TOWER = (
    ("R", "red", Text("rouge", "red")),
    ("O", "orange", Text("orange", "orange")),
    ("V", "green", Text("vert", "green")),
)


@dataclass(frozen=True, slots=True)
class Belt:
    """A conveyor on the sheet: its left end, its scale (modules per metre) and the parts' size."""

    tag: str
    x: float
    y: float
    width: float
    scale: float
    layout: BeltLayout

    @property
    def middle(self) -> float:
        """y of the centre line."""
        return self.y + self.width / 2

    @property
    def right(self) -> float:
        """x of the exit."""
        return self.x + self.layout.length * self.scale

    @property
    def half_part(self) -> float:
        """Half the length of a part."""
        return self.layout.part_length * self.scale / 2

    @property
    def way_out(self) -> float:
        """How far a part goes across the belt until it is off its edge."""
        return self.width / 2 + self.half_part + 0.8

    def place(self, name: str) -> float:
        """x of a station, an ejector, the stop or the end."""
        layout = self.layout
        places = {s.name: s.at for s in layout.stations} | dict(layout.ejectors) | {"end": layout.length}
        if layout.stop_at is not None:
            places["stop"] = layout.stop_at
        if name not in places:
            raise KeyError(", ".join(sorted(places)))
        return self.x + places[name] * self.scale


class _Writer:
    def __init__(self, plant: Plant, read: Reader, language: str) -> None:
        self.plant = plant
        self.read = read
        self.language = language
        self.belts: dict[str, Belt] = {}

    def write(self) -> str:
        """The whole mimic."""
        self.read.only("size", "items")
        width, height = self.read.place("size")
        items = self.read.each("items")
        for item in items:
            if item.string("type") == "conveyor":
                self.belts[item.string("tag")] = self._belt(item)
        content = [part for item in items for part in self._item(item)]
        content += [self._work_pieces(belt) for belt in self.belts.values()]
        tags = ", ".join(f"{tag} ({self.plant.parts[tag].text.get(self.language)})" for tag in mimic_tags(self.read))
        title = f"{_MIMIC.get(self.language)} – {self.plant.machine.name.get(self.language)}"
        return svg.document(
            "drawing-mimic",
            width,
            height,
            title,
            tags,
            (svg.rectangle(0, 0, width, height, "ground"), *content),
            "mimic",
        )

    # --- helpers --------------------------------------------------------------------------------------------------
    def part(self, read: Reader, field: str = "tag") -> Placed:
        """The component that an item names."""
        return self.placed(read, read.string(field))

    def placed(self, read: Reader, tag: str) -> Placed:
        """A component by its tag; raises :class:`DrawingError`."""
        return self.plant.part(tag, MIMIC, read.line)

    def _belt(self, read: Reader) -> Belt:
        part = self.part(read)
        layout = BeltLayout.of(part.parameters)
        x, y = read.place("at")
        return Belt(part.tag, x, y, read.number("width"), read.number("length") / layout.length, layout)

    def _on(self, read: Reader) -> tuple[Belt, float]:
        """Belt and place of an item that stands at a conveyor."""
        name = read.string("on")
        if name not in self.belts:
            raise read.error(
                f"pas de convoyeur {name} dans ce synoptique",
                f"no conveyor {name} in this mimic",
                "ajouter un élément de type conveyor",
                "add an item of type conveyor",
            )
        belt, place = self.belts[name], read.string("place")
        try:
            return belt, belt.place(place)
        except KeyError as known:
            raise read.error(
                f"{name} n'a pas de poste « {place} »",
                f"{name} has no place {place!r}",
                f"choisir parmi : {known.args[0]}",
                f"choose among: {known.args[0]}",
            ) from None

    def group(self, part: Placed, content: Iterator[str] | list[str], class_: str = "item") -> str:
        """A group that a click on it chooses."""
        title = svg.title(f"{part.tag} – {part.text.get(self.language)}")
        return svg.group((title, *content), class_=class_, data_component=part.tag)

    def tag(self, x: float, y: float, tag: str, anchor: str = "middle") -> str:
        """The tag beside an item."""
        return svg.text(x, y, tag, TAG_SIZE, "tag", anchor, data_component=tag)

    def _item(self, read: Reader) -> Iterator[str]:
        kinds: dict[str, Callable[[Reader], Iterator[str]]] = {
            "conveyor": self._conveyor,
            "pusher": self._pusher,
            "sensor": self._sensor,
            "bin": self._bin,
            "tower": self._tower,
            "valve": self._valve,
            "shutoff": self._shutoff,
            "regulator": self._regulator,
            "box": self._box,
            "wheel": self._wheel,
            "enclosure": self._enclosure,
            "hose": self._hose,
            "text": self._text,
            **HydraulicItems(self).kinds,
            **LiftItems(self).kinds,
        }
        kind = read.string("type")
        if kind not in kinds:
            known = ", ".join(kinds)
            raise read.error(
                f"type « {kind} » inconnu",
                f"unknown type {kind!r}",
                f"choisir parmi : {known}",
                f"choose among: {known}",
            )
        yield from kinds[kind](read)

    # --- the belt and what stands along it ----------------------------------------------------------------------------
    def _conveyor(self, read: Reader) -> Iterator[str]:
        read.only("type", "tag", "at", "length", "width")
        belt = self.belts[read.string("tag")]
        part = self.part(read)
        length = belt.right - belt.x
        sides = [
            svg.rectangle(belt.x - 2.5, belt.y - 1.2, length + 5, 1.2, "frame-bar"),
            svg.rectangle(belt.x - 2.5, belt.y + belt.width, length + 5, 2.6, "frame-bar front"),
            svg.rectangle(belt.x - 1.5, belt.y, length + 3, belt.width, "belt", 1.4),
            svg.tag(
                "path",
                class_="cleats",
                d=f"M{svg.number(belt.x - 1)} {svg.number(belt.middle)}H{svg.number(belt.right + 1)}",
                stroke_width=float(belt.width - 1.2),
                data_belt=belt.tag,
                data_scale=float(belt.scale),
            ),
            svg.rectangle(belt.x - 1.5, belt.y, length + 3, belt.width, "hit", 1.4),
            self.tag(belt.x - 3.4, belt.middle, belt.tag, "end"),
        ]
        yield self.group(part, sides)

    def _work_pieces(self, belt: Belt) -> str:
        return svg.group(
            (),
            class_="work-pieces",
            data_parts=belt.tag,
            data_x=float(belt.x),
            data_y=float(belt.middle),
            data_scale=float(belt.scale),
            data_out=float(belt.way_out),
            data_size=float(2 * belt.half_part),
            aria_hidden="true",
        )

    def _pusher(self, read: Reader) -> Iterator[str]:
        """A cylinder behind the belt; its rod crosses it. The plate touches a part at 25 % of the stroke."""
        read.only("type", "tag", "on", "place", "body", "plate", "sensors", "knobs")
        belt, x = self._on(read)
        part = self.part(read)
        stroke = belt.way_out / (1.0 - _TOUCH)
        plate_y = belt.middle - belt.half_part - _TOUCH * stroke
        if read.string("place") == "stop":
            plate_y, stroke = belt.y, belt.width * 0.7
        half_plate = read.number("plate", 6.0) / 2
        length, half = read.number("body", 15.0), 2.2
        bottom = plate_y - 3.0
        top = bottom - length
        rod = svg.group(
            (
                svg.rectangle(x - 0.55, top + 2.5, 1.1, plate_y - top - 3.6, "rod"),
                svg.rectangle(x - half_plate, plate_y - 1.2, 2 * half_plate, 1.2, "pusher-plate", 0.3),
            ),
            class_="moves",
            data_channel=f"{part.tag}.rod",
            data_dx=0.0,
            data_dy=stroke,
        )
        body = [
            rod,
            svg.rectangle(x - half, top, 2 * half, length, "cylinder", 0.5),
            svg.rectangle(x - half, top, 2 * half, 1.6, "cap-end"),
            svg.rectangle(x - half, bottom - 1.6, 2 * half, 1.6, "cap-end"),
            svg.rectangle(x - half, top, 2 * half, length, "hit"),
            self.tag(x - half - 0.9, (top + bottom) / 2, part.tag, "end"),
        ]
        yield self.group(part, body, "item over-belt")
        sensors = [str(t) for t in read.values.get("sensors") or []]
        for i, tag in enumerate(sensors):
            yield self._rod_sensor(read, tag, x + half, top + 2.2 + i * (length - 6.4))
        knobs = [str(t) for t in read.values.get("knobs") or []]
        for i, tag in enumerate(knobs):
            yield self._knob(read, tag, x - half - 1.7, top + 1.6 if i == 0 else bottom - 1.6, -1.9 if i else 0.0)

    def _rod_sensor(self, read: Reader, tag: str, x: float, y: float) -> str:
        part = self.placed(read, tag)
        content = [
            svg.rectangle(x, y, 3.2, 2.0, "sensor", 0.3),
            lamp(x + 2.3, y + 1.0, 0.5, f"{tag}.led", "orange"),
            self.tag(x + 3.8, y + 1.0, tag, "start"),
            svg.rectangle(x, y - 0.4, 3.4, 2.8, "hit"),
        ]
        return self.group(part, content)

    def _knob(self, read: Reader, tag: str, x: float, y: float, raised: float) -> str:
        part = self.placed(read, tag)
        content = [
            svg.rectangle(x + 0.6, y - 0.5, 1.2, 1.0, "fitting"),
            svg.circle(x, y, 1.0, "fitting"),
            svg.polyline(((x - 0.55, y + 0.4), (x + 0.55, y - 0.4)), "slot"),
            self.tag(x - 1.5 if not raised else x - 0.6, y + raised, tag, "end"),
            svg.circle(x, y, 1.5, "hit"),
        ]
        return self.group(part, content)

    def _sensor(self, read: Reader) -> Iterator[str]:
        """A sensor in front of the belt, its beam across; ``shift`` moves it along, ``row`` lowers its name."""
        read.only("type", "tag", "on", "place", "shift", "row", "beam")
        belt, place = self._on(read)
        part = self.part(read)
        x = place + read.number("shift", 0.0)
        y = belt.y + belt.width + 2.6
        beam = read.string("beam", "optical")
        content = [
            svg.polyline(((x, y), (place, belt.y + 0.6)), "beam")
            if beam == "optical"
            else svg.rectangle(x - 1.4, y - 3.4, 2.8, 0.6, "field"),
            svg.rectangle(x - 1.3, y, 2.6, 4.2, "sensor", 0.5),
            lamp(x, y + 1.3, 0.6, f"{part.tag}.led", "orange"),
            lamp(x, y + 2.9, 0.45, f"{part.tag}.powered", "green"),
            self.tag(x, y + 5.4 + 1.9 * read.integer("row", 0), part.tag),
            svg.rectangle(x - 1.6, y - 0.4, 3.2, 5.0, "hit"),
        ]
        yield self.group(part, content)

    def _bin(self, read: Reader) -> Iterator[str]:
        """A bin with its counts of good and bad parts."""
        read.only("type", "on", "place", "text", "drop")
        belt, x = self._on(read)
        name = read.string("place")
        at_end = name == "end"
        width, height = 17.0, 11.0
        y = belt.middle - height / 2 if at_end else belt.y + belt.width + read.number("drop", 5.0)
        left = x + 4.5 if at_end else x - width / 2
        counts = (
            ("good", _GOOD, left + width * 0.29, "✓"),
            ("bad", _BAD, left + width * 0.71, "✗"),
        )
        content = [
            svg.tag(
                "path",
                class_="bin",
                d=f"M{svg.number(left)} {svg.number(y)}h{svg.number(width)}l-1.2 {svg.number(height)}"
                f"h{svg.number(2.4 - width)}z",
            ),
            svg.text(left + width / 2, y + 2.1, read.text("text").get(self.language), 1.35, "bin-name"),
        ]
        for kind, word, cx, sign in counts:
            content.append(svg.text(cx, y + 5.4, "0", 2.6, "count", data_count=f"{belt.tag}.{name}.{kind}"))
            content.append(svg.text(cx, y + 8.6, f"{sign} {word.get(self.language)}", 1.05, "bin-name"))
        yield svg.group(content, class_="bin-group")

    # --- lamps, air, drive ------------------------------------------------------------------------------------------
    def _tower(self, read: Reader) -> Iterator[str]:
        read.only("type", "tag", "at")
        part = self.part(read)
        x, y = read.place("at")
        content = [
            svg.rectangle(x + 1.9, y + 14.2, 1.2, 6, "pole"),
            svg.rectangle(x, y + 19.6, 5, 1.2, "pole", 0.3),
            svg.rectangle(x, y, 5, 2.2, "cap-end", 0.8),
        ]
        for i, (channel, colour, word) in enumerate(_TOWER):
            top = y + 2.4 + i * 4.0
            content += [
                svg.rectangle(x, top, 5, 3.8, f"lens {colour}", 0.3),
                svg.group(
                    (svg.rectangle(x, top, 5, 3.8, "lamp", 0.3),),
                    class_=f"lights {colour}",
                    data_channel=f"{part.tag}.{channel}",
                ),
                svg.text(x + 2.5, top + 1.9, word.get(self.language)[0].upper(), 1.7, "lens-letter"),
            ]
        waves = "".join(
            svg.tag("path", class_="lamp wave", d=f"M{svg.number(x + 5.8 + r)} {svg.number(y - 0.2)}q{r} 1.3 0 2.6")
            for r in (0.3, 1.1, 1.9)
        )
        content += [
            svg.group((waves,), class_="lights orange buzzer", data_channel=f"{part.tag}.buzzer"),
            self.tag(x + 2.5, y + 22.0, part.tag),
            svg.rectangle(x - 0.4, y - 0.4, 5.8, 21.4, "hit"),
        ]
        yield self.group(part, content)

    def _valve(self, read: Reader) -> Iterator[str]:
        """A valve of the island, with the LEDs of its plugs, its manual overrides, its silencers."""
        read.only("type", "tag", "at", "silencers")
        part = self.part(read)
        x, y = read.place("at")
        leds = [c for c in seen_channels(part) if c.startswith("led")]
        content = [
            svg.rectangle(x, y, 16, 4.6, "valve", 0.4),
            svg.rectangle(x, y, 3.4, 4.6, "solenoid", 0.4),
            svg.text(x + 8.2, y + 2.3, part.tag, TAG_SIZE, "tag", data_component=part.tag),
            svg.rectangle(x, y, 16, 4.6, "hit"),
        ]
        if len(leds) > 1:
            content.insert(1, svg.rectangle(x + 12.6, y, 3.4, 4.6, "solenoid", 0.4))
        for i, name in enumerate(leds):
            content.append(lamp(x + 1.7 if i == 0 else x + 14.3, y + 1.2, 0.55, f"{part.tag}.{name}", "red"))
        yield self.group(part, content)
        for i, name in enumerate(c for c in part.component.controls if c.startswith("override")):
            cx = x + 1.7 if i == 0 else x + 14.3
            dot = (svg.circle(cx, y + 3.1, 0.9, "override"), svg.circle(cx, y + 3.1, 1.5, "hit"))
            label = Text(f"{_OVERRIDE.fr} {name[-2:]}", f"{_OVERRIDE.en} {name[-2:]}")
            yield control(part, name, "hold", label, self.language, dot)
        for i, tag in enumerate(str(t) for t in read.values.get("silencers") or []):
            yield self._silencer(read, tag, x + 18.2 + i * 5.4, y + 2.3)

    def _silencer(self, read: Reader, tag: str, x: float, y: float) -> str:
        part = self.placed(read, tag)
        content = [
            svg.tag(
                "path", class_="silencer", d=f"M{svg.number(x - 1.2)} {svg.number(y - 1.6)}h2.4v1.4l-1.2 1l-1.2 -1z"
            ),
            svg.text(x, y + 1.5, tag, 1.2, "tag", data_component=tag),
            svg.rectangle(x - 2, y - 2, 4, 4.4, "hit"),
        ]
        return self.group(part, content)

    def _shutoff(self, read: Reader) -> Iterator[str]:
        """Shut-off valve, its lever across the pipe when closed; ``upright``: the pipe goes up, the tag is beside."""
        read.only("type", "tag", "at", "upright")
        part = self.part(read)
        x, y = read.place("at")
        pivot = f"{svg.number(x)} {svg.number(y)}"
        upright = read.flag("upright")
        lever = svg.group(
            (svg.rectangle(x - 0.8, y - 4.2, 1.6, 5.0, "handle-red", 0.4),),
            class_="turns",
            data_channel=f"{part.tag}.position",
            data_turn=f"{-90 if upright else 90} {pivot}",
            data_start=90 if upright else None,
            transform=f"rotate(90 {pivot})" if upright else None,
        )
        content = (
            svg.rectangle(x - 3, y - 1.6, 6, 3.2, "valve", 0.4),
            lever,
            svg.circle(x, y, 0.9, "cap-end"),
            svg.rectangle(x - 4.4, y - 4.4, 8.8, 6.6, "hit"),
        )
        name = self.tag(x - 3.6, y, part.tag, "end") if upright else self.tag(x, y + 3.4, part.tag)
        yield self.group(part, [name], "item")
        yield self.group(part, [control(part, "position", "toggle", _HANDLE, self.language, content, "position")])

    def _regulator(self, read: Reader) -> Iterator[str]:
        """Filter-regulator with the needle of its gauge (0 … 10 bar over 270°)."""
        read.only("type", "tag", "at")
        part = self.part(read)
        x, y = read.place("at")
        cx, cy, r = x + 9.5, y + 4.0, 3.6
        needle = svg.group(
            (svg.polyline(((cx, cy), (cx - 1.9, cy + 1.9)), "needle"),),
            class_="turns",
            data_channel=f"{part.tag}.needle",
            data_turn=f"270 {svg.number(cx)} {svg.number(cy)}",
        )
        content = [
            svg.rectangle(x, y + 1, 5, 6, "valve", 0.5),
            svg.rectangle(x + 0.8, y + 7, 3.4, 4.4, "bowl", 1.2),
            svg.rectangle(x + 1.2, y - 1.4, 2.6, 2.4, "cap-end", 0.4),
            svg.circle(cx, cy, r, "dial"),
            *self._ticks(cx, cy, r),
            needle,
            svg.circle(cx, cy, 0.45, "needle-hub"),
            svg.text(cx, cy + 2.3, "bar", 1.0, "dial-text"),
            self.tag(x + 2.5, y + 13.0, part.tag),
            svg.rectangle(x - 0.4, y - 1.6, 13.8, 13.2, "hit"),
        ]
        yield self.group(part, content)

    def _ticks(self, x: float, y: float, r: float) -> Iterator[str]:
        for bar in range(0, 11, 2):
            angle = math.radians(135 + 27 * bar)
            c, s = math.cos(angle), math.sin(angle)
            yield svg.polyline(((x + c * r * 0.85, y + s * r * 0.85), (x + c * r, y + s * r)), "tick")
            yield svg.text(x + c * r * 0.64, y + s * r * 0.64, str(bar), 0.85, "dial-text")

    def _box(self, read: Reader) -> Iterator[str]:
        """A labelled body; ``lamp`` names a seen channel, ``name: true`` writes what it is."""
        read.only("type", "tag", "at", "size", "lamp", "name", "shape")
        part = self.part(read)
        (x, y), (width, height) = read.place("at"), read.place("size")
        shape = read.string("shape", "body-box")
        content = [
            svg.rectangle(x, y, width, height, f"body {shape}", 0.6),
            self.tag(x + width / 2, y + height / 2, part.tag),
        ]
        if shape == "motor":
            content[1:1] = [
                svg.polyline(((x + 1.2, y + 0.8 + i * 1.1), (x + width - 1.2, y + 0.8 + i * 1.1)), "fin")
                for i in range(int((height - 1.0) / 1.1) + 1)
            ]
            plate = svg.rectangle(x + width / 2 - 2.4, y + height / 2 - 1.3, 4.8, 2.6, "body", 0.3)
            content.insert(len(content) - 1, plate)
        channel = read.string("lamp", "")
        if channel:
            content.append(lamp(x + width - 1.2, y + 1.2, 0.55, f"{part.tag}.{channel}", "orange"))
        if read.flag("name"):
            content.append(svg.text(x + width / 2, y + height + 1.4, part.text.get(self.language), 1.2, "comment"))
        content.append(svg.rectangle(x, y, width, height, "hit"))
        yield self.group(part, content)

    def _wheel(self, read: Reader) -> Iterator[str]:
        """Something that turns: ``channel`` is a speed 0…1 that the binder integrates into an angle."""
        read.only("type", "tag", "at", "r", "channel")
        part = self.part(read)
        x, y = read.place("at")
        r = read.number("r")
        spokes = "".join(
            svg.polyline(((x + dx * r * 0.8, y + dy * r * 0.8), (x - dx * r * 0.8, y - dy * r * 0.8)), "spoke")
            for dx, dy in ((1, 0), (0.5, 0.866), (-0.5, 0.866))
        )
        content = [
            svg.circle(x, y, r, "wheel"),
            svg.group(
                (spokes,),
                class_="spins",
                data_spin=f"{part.tag}.{read.string('channel')}",
                data_x=float(x),
                data_y=float(y),
            ),
            svg.circle(x, y, 0.6, "needle-hub"),
            svg.circle(x, y, r, "hit"),
        ]
        yield self.group(part, content)

    def _enclosure(self, read: Reader) -> Iterator[str]:
        """Everything of one location in a box: choosing one of its components lights it up."""
        read.only("type", "location", "at", "size")
        name = read.string("location")
        location = self.plant.machine.locations.get(name)
        if location is None:
            known = ", ".join(self.plant.machine.locations)
            raise read.error(
                f"lieu « {name} » inconnu",
                f"unknown location {name!r}",
                f"choisir parmi : {known}",
                f"choose among: {known}",
            )
        (x, y), (width, height) = read.place("at"), read.place("size")
        tags = [tag for tag, part in self.plant.parts.items() if part.location == name]
        text = location.text.get(self.language)
        content = (
            svg.rectangle(x, y, width, height, "body cabinet-box", 0.6),
            svg.rectangle(x + 0.8, y + 0.8, width - 1.6, height - 1.6, "cabinet-door", 0.4),
            svg.text(x + width / 2, y + height / 2, text, 1.6, "enclosure-title", vertical=width < height / 2),
            svg.rectangle(x, y, width, height, "hit"),
        )
        yield svg.group(content, class_="item enclosure-item", data_components=" ".join(tags), data_location=name)

    def _hose(self, read: Reader) -> Iterator[str]:
        """A tube of the machine along given points."""
        read.only("type", "tube", "points")
        name = read.string("tube")
        found = next((c for c in self.plant.conductors if c.id == name), None)
        if found is None:
            raise read.error(
                f"tuyau « {name} » inconnu",
                f"unknown tube {name!r}",
                "corriger le nom d'après tubes.csv",
                "mend the name after tubes.csv",
            )
        points = [(float(x), float(y)) for x, y in read.values.get("points") or []]
        yield conductor_svg(self.plant, found, points, self.language)

    def _text(self, read: Reader) -> Iterator[str]:
        read.only("type", "at", "text", "size", "anchor")
        words = read.text("text").get(self.language)
        yield svg.text(*read.place("at"), words, read.number("size", 1.3), "comment", read.string("anchor", "start"))


def mimic_tags(read: Reader) -> list[str]:
    """Tags that a mimic file draws, in order."""
    found: list[str] = []
    for item in read.each("items"):
        values = item.values
        named = [values.get("tag"), values.get("station"), *(values.get("sensors") or ()), *(values.get("knobs") or ())]
        named += values.get("silencers") or ()
        found += [str(tag) for tag in named if tag]
    return list(dict.fromkeys(found))


def read_mimic(folder: Path) -> Reader:
    """The file ``mimic.yaml``; raises :class:`DrawingError` when it is not readable."""
    return read_drawing(folder, MIMIC)


def write_mimic(plant: Plant, read: Reader, language: str) -> str:
    """The SVG text of the mimic."""
    return _Writer(plant, read, language).write()
