"""The symbols of a family, drawn alone, as on a folio: at rest, with the names of their ports."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from etabli.components.component import Component
from etabli.components.curve import TAG
from etabli.components.drawing import Moves, Pin, Shape, Symbol
from etabli.components.specimen import Specimen
from etabli.machines.drawing import svg
from etabli.machines.drawing.geometry import Box, placed, text_box
from etabli.machines.drawing.lettering import ink_boxes

_NUMBER = re.compile(r"\d+")
_PIN_TEXT = 1.0
_OUT = {"n": (0.0, -0.9), "s": (0.0, 0.9), "e": (0.5, -0.75), "w": (-0.5, -0.75)}
_ANCHOR = {"n": "middle", "s": "middle", "e": "start", "w": "end"}
_MARGIN = 0.6


@dataclass(frozen=True, slots=True)
class Drawn:
    """A symbol in a list; ``alike`` more of the family differ by a number only (channels of a card, terminals)."""

    name: str
    symbol: Symbol
    alike: int = 0


def drawn_symbols(component: Component) -> list[Drawn]:
    """The symbols to show: those whose ports exist with the default values, one of each numbered series."""
    ports = {p.name for p in component.ports_of(component.defaults())}
    possible = {n: s for n, s in component.symbols.items() if all(pin.port in ports for pin in s.pins)}
    series: dict[object, list[str]] = {}
    for name, symbol in (possible or component.symbols).items():
        alike = (_NUMBER.sub("#", name), symbol.width, symbol.height, re.sub(r"'[^']*'", "", repr(symbol.shapes)))
        series.setdefault(alike, []).append(name)
    return [Drawn(names[0], component.symbols[names[0]], len(names) - 1) for names in series.values()]


def symbol_svg(component: Component, drawn: Drawn, label: str, scale: float = 9.0) -> str:
    """One symbol as SVG; ``label`` is what a screen reader says. Its viewBox is in modules, ``scale`` px each."""
    symbol = drawn.symbol
    still = tuple(_still(symbol, _at_rest(component)))
    shapes = "".join(svg.shape_svg(shape, component.family) for shape in still)
    boxes = list(ink_boxes(still))
    boxes += [Box(pin.x, pin.y, pin.x, pin.y) for pin in symbol.pins]
    texts = [svg.circle(pin.x, pin.y, 0.22, "port") for pin in symbol.pins]
    for pin, x, y in _pin_names(symbol):
        anchor = _ANCHOR[pin.side]
        texts.append(svg.text(x, y, pin.port, _PIN_TEXT, "pin-text", anchor))
        boxes.append(text_box(x, y, pin.port, _PIN_TEXT, anchor))
    left, top = min(b.left for b in boxes) - _MARGIN, min(b.top for b in boxes) - _MARGIN
    width, height = max(b.right for b in boxes) + _MARGIN - left, max(b.bottom for b in boxes) + _MARGIN - top
    return svg.tag(
        "svg",
        svg.title(label) + shapes + "".join(texts),
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing symbol",
        viewBox=" ".join(svg.number(v) for v in (left, top, width, height)),
        width=round(width * scale),
        height=round(height * scale),
        role="img",
    )


def _pin_names(symbol: Symbol) -> Iterator[tuple[Pin, float, float]]:
    """Where the name of each port is written; names too close to their neighbour stand one line further out."""
    taken: dict[str, list[Box]] = {}
    for pin in sorted(symbol.pins, key=lambda p: (p.side, p.x, p.y)):
        if not pin.label:
            continue
        dx, dy = _OUT[pin.side]
        x, y = pin.x + dx, pin.y + dy
        if any(
            box.overlaps(text_box(x, y, pin.port, _PIN_TEXT, _ANCHOR[pin.side]), 0.45)
            for box in taken.get(pin.side, [])
        ):
            y += math.copysign(1.1, dy)
        taken.setdefault(pin.side, []).append(text_box(x, y, pin.port, _PIN_TEXT, _ANCHOR[pin.side]))
        yield pin, x, y


def _at_rest(component: Component) -> dict[str, float]:
    """Value 0…1 of each channel before anything is switched on (a tank is full, a rod is in)."""
    if component.channels is None:
        return {}
    specimen = Specimen(component)
    found = component.channels(TAG, specimen.values)
    return {c.name: min(max((specimen.at_rest(c.ref) - c.low) / (c.high - c.low), 0.0), 1.0) for c in found}


def _still(symbol: Symbol, values: Mapping[str, float]) -> Iterator[Shape]:
    """The shapes of a symbol where its channels put them at rest."""
    for shape in symbol.shapes:
        if not isinstance(shape, Moves):
            yield shape
            continue
        share = values.get(shape.channel, 0.0)
        there = placed(symbol, share * shape.dx, share * shape.dy)
        yield from _still(replace(symbol, shapes=tuple(there.shape(s) for s in shape.shapes)), values)


def modules(drawn_svg: str) -> tuple[float, float]:
    """Width and height of a drawn symbol, in modules."""
    _, _, width, height = (float(v) for v in drawn_svg.split('viewBox="', 1)[1].split('"', 1)[0].split())
    return width, height
