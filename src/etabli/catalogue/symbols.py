"""The symbols of a family, drawn alone, as on a folio: at rest, with the names of their ports."""

from __future__ import annotations

import re
from dataclasses import dataclass

from etabli.components.component import Component
from etabli.components.drawing import Symbol
from etabli.machines.drawing import svg
from etabli.machines.drawing.geometry import Box, text_box
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


def symbol_svg(component: Component, drawn: Drawn, label: str) -> str:
    """One symbol as SVG; ``label`` is what a screen reader says. Its viewBox is in modules."""
    symbol = drawn.symbol
    shapes = "".join(svg.shape_svg(shape, component.family) for shape in symbol.shapes)
    texts, boxes = [], list(ink_boxes(symbol.shapes))
    for pin in symbol.pins:
        boxes.append(Box(pin.x, pin.y, pin.x, pin.y))
        texts.append(svg.circle(pin.x, pin.y, 0.22, "port"))
        if not pin.label:
            continue
        dx, dy = _OUT[pin.side]
        anchor = _ANCHOR[pin.side]
        texts.append(svg.text(pin.x + dx, pin.y + dy, pin.port, _PIN_TEXT, "pin-text", anchor))
        boxes.append(text_box(pin.x + dx, pin.y + dy, pin.port, _PIN_TEXT, anchor))
    left, top = min(b.left for b in boxes) - _MARGIN, min(b.top for b in boxes) - _MARGIN
    width, height = max(b.right for b in boxes) + _MARGIN - left, max(b.bottom for b in boxes) + _MARGIN - top
    return svg.tag(
        "svg",
        svg.title(label) + shapes + "".join(texts),
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing symbol",
        viewBox=" ".join(svg.number(v) for v in (left, top, width, height)),
        role="img",
    )


def modules(drawn_svg: str) -> tuple[float, float]:
    """Width and height of a drawn symbol, in modules."""
    _, _, width, height = (float(v) for v in drawn_svg.split('viewBox="', 1)[1].split('"', 1)[0].split())
    return width, height
