"""The mounting plate of the cabinet: rails, ducts, devices with their terminals where the real ones have them, strips.

``cabinet.yaml`` places things in modules (here 5 mm of plate). What a device shows on its front comes from its family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etabli.machines.drawing import svg
from etabli.machines.drawing.conductor import conductor_classes, conductor_label, path_data, pin_label
from etabli.machines.drawing.controls import control, lamp, seen_channels
from etabli.machines.drawing.geometry import fanned
from etabli.machines.drawing.plant import Conductor, Plant
from etabli.machines.drawing.sheet import DrawingError, Reader, read_drawing
from etabli.machines.model import Placed
from etabli.physics.text import Text

CABINET = "cabinet.yaml"
_LEVER = Text("manette", "lever")
_HANDLE = Text("poignée", "handle")
_TEST = Text("poussoir d'essai", "test plunger")
_PLATE = Text("Platine de l'armoire", "Mounting plate of the cabinet")
_STRIP_HEIGHT = 8.0
_LAMP_NAMES = {
    "powered": "PWR",
    "channel_1": "CH1",
    "channel_2": "CH2",
    "no_1": "IN1",
    "no_2": "IN2",
    "output": "OUT",
    "ok": "DC OK",
    "good": "OK",
}
"""What is engraved beside an indicator lamp, by channel."""

_NO_LAMP = {"handle", "armature", "blown", "position", "frequency", "code"}
"""Seen channels of a front that are no lamp: what moves, and the figures of a display."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device on the plate: its front and the ports along its top and bottom edges, from left to right."""

    tag: str
    at: tuple[float, float]
    size: tuple[float, float]
    top: tuple[str, ...]
    bottom: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Terminals ``first`` to ``last`` of a strip; ``at`` is the top left corner of the first."""

    tag: str
    at: tuple[float, float]
    first: int
    last: int
    pitch: float
    line: int


@dataclass(frozen=True)
class CabinetFile:
    """The file ``cabinet.yaml``."""

    size: tuple[float, float]
    rails: tuple[tuple[float, float, float], ...]
    ducts: tuple[tuple[float, float, float, float], ...]
    devices: tuple[Device, ...]
    strips: tuple[Strip, ...]


def read_cabinet(folder: Path) -> CabinetFile:
    """Read ``cabinet.yaml``; raises :class:`DrawingError`."""
    read = read_drawing(folder, CABINET)
    read.only("size", "rails", "ducts", "devices", "strips")
    return CabinetFile(
        read.place("size"),
        tuple((*r.place("from"), r.number("length")) for r in read.each("rails")),
        tuple((*d.place("at"), *d.place("size")) for d in read.each("ducts")),
        tuple(_device(d) for d in read.each("devices")),
        tuple(_strip(s) for s in read.each("strips")),
    )


def _device(read: Reader) -> Device:
    read.only("tag", "at", "size", "top", "bottom")
    sides = [tuple(str(p) for p in read.values.get(side) or ()) for side in ("top", "bottom")]
    return Device(read.string("tag"), read.place("at"), read.place("size"), sides[0], sides[1], read.line)


def _strip(read: Reader) -> Strip:
    read.only("strip", "at", "first", "last", "pitch")
    return Strip(
        read.string("strip"),
        read.place("at"),
        read.integer("first"),
        read.integer("last"),
        read.number("pitch", 5.0),
        read.line,
    )


def device_pins(device: Device) -> list[tuple[str, float, float, int]]:
    """Port, x, y and side (-1 top, 1 bottom) of each terminal of a device."""
    (x, y), (width, height) = device.at, device.size
    found = []
    for ports, side in ((device.top, -1), (device.bottom, 1)):
        for i, port in enumerate(ports):
            px = x + width * (i + 0.5) / len(ports)
            found.append((port, px, y + 1.5 if side < 0 else y + height - 1.5, side))
    return found


def strip_pins(strip: Strip) -> list[tuple[str, float, float]]:
    """Port, x and y of each terminal of a strip."""
    x, y = strip.at
    return [
        (str(n), x + (n - strip.first + 0.5) * strip.pitch, y + _STRIP_HEIGHT / 2)
        for n in range(strip.first, strip.last + 1)
    ]


class _Writer:
    def __init__(self, plant: Plant, file: CabinetFile, language: str) -> None:
        self.plant = plant
        self.file = file
        self.language = language

    def write(self) -> str:
        """The plate."""
        width, height = self.file.size
        tags = dict.fromkeys([d.tag for d in self.file.devices] + [s.tag for s in self.file.strips])
        described = ", ".join(f"{t} ({self._part(t, 1).text.get(self.language)})" for t in tags)
        return svg.document(
            "drawing-cabinet",
            width + 4,
            height + 4,
            f"{_PLATE.get(self.language)} – {self.plant.machine.name.get(self.language)}",
            described,
            self._content(),
            "cabinet",
            left=-2,
            top=-2,
        )

    def _content(self) -> Iterator[str]:
        width, height = self.file.size
        yield svg.rectangle(-2, -2, width + 4, height + 4, "paper")
        yield svg.rectangle(-1, -1, width + 2, height + 2, "plate", 1.0)
        for x, y, length in self.file.rails:
            yield svg.rectangle(x, y - 1.6, length, 3.2, "rail")
            yield svg.polyline(((x, y), (x + length, y)), "rail-slot")
        for x, y, wide, high in self.file.ducts:
            yield svg.rectangle(x, y, wide, high, "duct")
        for device in self.file.devices:
            yield self._device(device)
        yield svg.group(self._device_combs(), class_="combs")
        for strip in self.file.strips:
            yield self._strip(strip)
        yield svg.group(self._pins(), class_="pins")

    def _part(self, tag: str, line: int) -> Placed:
        return self.plant.part(tag, CABINET, line)

    # --- devices --------------------------------------------------------------------------------------------------
    def _device(self, device: Device) -> str:
        part = self._part(device.tag, device.line)
        self._check_ports(device)
        (x, y), (width, height) = device.at, device.size
        content = [
            svg.title(f"{device.tag} – {part.text.get(self.language)}"),
            svg.rectangle(x, y, width, height, "body", 0.6),
            svg.rectangle(x + 0.5, y + 4.3, width - 1, height - 8.6, "front", 0.4),
            svg.rectangle(x, y, width, height, "hit"),
            *self._terminals(device, part),
            *front(part, x, y, width, height, self.language),
            svg.text(x + width / 2, y + 5.6, device.tag, 1.7, "tag", data_component=device.tag),
            *self._ferrules(device),
        ]
        return svg.group(content, class_=f"device {part.component.family}", data_component=device.tag)

    def _check_ports(self, device: Device) -> None:
        for port in (*device.top, *device.bottom):
            if self.plant.port(device.tag, port) is None:
                raise DrawingError(
                    CABINET,
                    device.line,
                    Text(f"{device.tag} n'a pas de borne {port}", f"{device.tag} has no port {port}"),
                    Text("corriger « top » ou « bottom »", "mend 'top' or 'bottom'"),
                )

    def _terminals(self, device: Device, part: Placed) -> Iterator[str]:
        lit = set(seen_channels(part))
        for port, x, y, side in device_pins(device):
            yield svg.circle(x, y, 1.0, "screw")
            yield svg.polyline(((x - 0.6, y + 0.35), (x + 0.6, y - 0.35)), "slot")
            yield svg.text(x, y - side * 2.05, port, 1.15, "pin-text")
            if port in lit:
                yield lamp(x, y - side * 3.4, 0.5, f"{device.tag}.{port}", "green")

    def _ferrules(self, device: Device) -> Iterator[str]:
        for port, x, y, side in device_pins(device):
            for conductor, shift in fanned(self.plant.on(device.tag, port), 1.5):
                yield self._ferrule(conductor, x + shift, y + side * 1.6, side, x)

    def _ferrule(self, conductor: Conductor, x: float, y: float, side: int, from_x: float) -> str:
        """The end of a wire with its number, outside the terminal."""
        far = y + side * 3.8
        way = path_data(((from_x, y - side * 0.5), (x, y + side * 0.2), (x, far)))
        return svg.group(
            (
                svg.title(conductor_label(self.plant, conductor, self.language)),
                svg.tag("path", class_="line", d=way),
                svg.rectangle(x - 0.65, min(y + side * 0.5, far), 1.3, abs(far - y) - 0.5, "sleeve", 0.3),
                svg.text(x, y + side * 2.15, conductor.number, 0.95, "wire-number", vertical=True),
                svg.rectangle(x - 0.75, min(y, far), 1.5, abs(far - y), "hit"),
            ),
            class_=conductor_classes(conductor),
            data_conductor=conductor.id,
            data_number=conductor.number,
        )

    def _device_combs(self) -> Iterator[str]:
        """Comb busbars that join terminals of several devices of one row."""
        places = {(d.tag, port): (x, y) for d in self.file.devices for port, x, y, _ in device_pins(d)}
        for here in self.plant.combs(places):
            if len({y for _, y in here}) == 1:
                yield svg.polyline(here, "comb")
                for x, y in here:
                    yield svg.circle(x, y, 0.5, "comb-tooth")

    # --- strips -------------------------------------------------------------------------------------------------------
    def _strip(self, strip: Strip) -> str:
        part = self._part(strip.tag, strip.line)
        x, y = strip.at
        width = strip.pitch * (strip.last - strip.first + 1)
        content = [
            svg.title(f"{strip.tag} – {part.text.get(self.language)}"),
            svg.rectangle(x - 5.5, y, 5, _STRIP_HEIGHT, "body", 0.4),
            svg.text(x - 3, y + _STRIP_HEIGHT / 2, strip.tag, 1.8, "tag", data_component=strip.tag),
            *(self._block(strip, port, px, py) for port, px, py in strip_pins(strip)),
            *self._combs(strip),
            svg.rectangle(x - 5.5, y, width + 5.5, _STRIP_HEIGHT, "hit"),
        ]
        wires = [f for port, px, py in strip_pins(strip) for f in self._strip_wires(strip, port, px, py)]
        return svg.group(content, class_="device terminal-strip", data_component=strip.tag) + svg.group(
            wires, class_="ends"
        )

    def _block(self, strip: Strip, port: str, x: float, y: float) -> str:
        self.plant.check_terminal(strip.tag, port, CABINET, strip.line)
        half, high = strip.pitch / 2 - 0.12, _STRIP_HEIGHT / 2
        earth = any(c.colour == "GNYE" for c in self.plant.on(strip.tag, port))
        return "".join(
            (
                svg.rectangle(x - half, y - high, 2 * half, 2 * high, "block earth" if earth else "block", 0.3),
                svg.text(x, y - 2.6, port, 1.3, "pin-text strong"),
                svg.circle(x, y, 0.9, "screw"),
            )
        )

    def _combs(self, strip: Strip) -> Iterator[str]:
        for here in self.plant.combs({(strip.tag, port): (x, y + 2.4) for port, x, y in strip_pins(strip)}):
            yield svg.polyline((here[0], here[-1]), "comb")
            for x, y in here:
                yield svg.circle(x, y, 0.45, "comb-tooth")

    def _strip_wires(self, strip: Strip, port: str, x: float, y: float) -> Iterator[str]:
        inside, outside = self.plant.sides(strip.tag, port)
        high = _STRIP_HEIGHT / 2
        for side, group in ((-1, inside), (1, outside)):
            for conductor, shift in fanned(group, 1.6):
                yield self._ferrule(conductor, x + shift, y + side * high, side, x)

    def _pins(self) -> Iterator[str]:
        pins = [(y, x, d.tag, port) for d in self.file.devices for port, x, y, _ in device_pins(d)]
        pins += [(y, x, s.tag, port) for s in self.file.strips for port, x, y in strip_pins(s)]
        for y, x, tag, port in sorted(pins):
            yield svg.pin_svg(tag, port, x, y, pin_label(self.plant, tag, port, self.language), dot=0.25)


# --- fronts ---------------------------------------------------------------------------------------------------------
def front(part: Placed, x: float, y: float, width: float, height: float, language: str) -> Iterator[str]:
    """What a device shows between its terminals, by what its family can do."""
    middle, centre = x + width / 2, y + height / 2 + 0.6
    channels = seen_channels(part)
    shown = set(channels)
    controls = part.component.controls
    if "handle" in shown and part.component.family == "isolator":
        yield _rotary_handle(part, middle, centre, language)
    elif "handle" in shown and "position" in controls:
        yield _lever(part, middle, centre, language)
    if "armature" in shown:
        yield _armature(part, middle, centre, language)
    if part.component.family == "fuse":
        yield svg.rectangle(middle - 1.5, centre - 2.2, 3.0, 4.6, "lever", 0.4)
    if "rated_a" in part.parameters:
        yield svg.text(middle, y + height - 4.95, f"{part.parameters['rated_a']:g} A", 1.05, "engraved")
    ports = {p.name for p in part.ports}
    lamps = [c for c in channels if c not in ports and c not in _NO_LAMP]
    for name, shift in fanned(lamps, 5.0):
        yield lamp(middle + shift, centre, 0.6, f"{part.tag}.{name}", "green")
        yield svg.text(middle + shift, centre + 1.6, _LAMP_NAMES.get(name, name.upper()), 0.95, "engraved")


def _lever(part: Placed, x: float, y: float, language: str) -> str:
    """A lever: down is off, up is on."""
    moving = svg.group(
        (svg.rectangle(x - 1.1, y + 0.2, 2.2, 1.5, "lever", 0.3),),
        class_="moves",
        data_channel=f"{part.tag}.handle",
        data_dx=0.0,
        data_dy=-2.0,
    )
    content = (
        svg.rectangle(x - 1.9, y - 2.2, 3.8, 4.3, "hit"),
        svg.rectangle(x - 1.5, y - 2.0, 3.0, 4.0, "well", 0.3),
        svg.text(x + 2.5, y - 1.2, "I", 1.1, "engraved"),
        svg.text(x + 2.5, y + 1.2, "O", 1.1, "engraved"),
        moving,
    )
    return control(part, "position", "toggle", _LEVER, language, content, "handle")


def _rotary_handle(part: Placed, x: float, y: float, language: str) -> str:
    """A rotary main switch: red handle on a yellow plate, horizontal is on."""
    y += 1.0  # the tag of the device keeps clear of the 0 above the plate
    moving = svg.group(
        (svg.rectangle(x - 0.7, y - 2.0, 1.4, 4.0, "handle-red", 0.5),),
        class_="turns",
        data_channel=f"{part.tag}.handle",
        data_turn=f"90 {svg.number(x)} {svg.number(y)}",
    )
    content = (
        svg.rectangle(x - 2.5, y - 2.5, 5, 5, "plate-yellow", 0.5),
        svg.text(x, y - 3.2, "0", 1.0, "engraved"),
        svg.text(x + 3.3, y, "I", 1.0, "engraved"),
        moving,
        svg.rectangle(x - 3, y - 3, 6, 6, "hit"),
    )
    return control(part, "position", "toggle", _HANDLE, language, content, "handle")


def _armature(part: Placed, x: float, y: float, language: str) -> str:
    """The moving armature seen through its window; a finger can push it where the family has a test control."""
    moving = svg.group(
        (svg.rectangle(x - 1.2, y - 0.7, 2.4, 1.4, "lever", 0.2),),
        class_="moves",
        data_channel=f"{part.tag}.armature",
        data_dx=0.0,
        data_dy=0.9,
    )
    content = (
        svg.rectangle(x - 1.9, y - 2.0, 3.8, 4.2, "hit"),
        svg.rectangle(x - 1.6, y - 1.3, 3.2, 3.2, "well", 0.2),
        moving,
    )
    if "test" in part.component.controls:
        return control(part, "test", "hold", _TEST, language, content, "armature")
    return svg.group(content)


def write_cabinet(plant: Plant, file: CabinetFile, language: str) -> str:
    """The SVG text of the mounting plate."""
    return _Writer(plant, file, language).write()
