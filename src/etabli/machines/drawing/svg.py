"""Shapes to SVG text. Only classes and geometry are written: colours and widths live in ``drawing.css`` (strict CSP).

Parts that follow a channel carry ``data-channel="TAG.name"`` and what to do with its value (0…1), for ``binder.js``:
``data-dx``/``data-dy`` (translate), ``data-turn="degrees x y"`` (rotate), or neither (light up: ``--on``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from etabli.components.drawing import (
    Arc,
    Circle,
    Label,
    Lights,
    Line,
    Moves,
    Polygon,
    Rectangle,
    Shape,
    Turns,
)

Value = str | float | int | bool | None


def number(value: float) -> str:
    """A coordinate, short: at most three decimals."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def attributes(values: Mapping[str, Value]) -> str:
    """Attributes in order; ``None`` and ``False`` are left out, floats shortened, texts escaped."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        shown = number(value) if isinstance(value, float) else str(value)
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    return "".join(parts)


def tag(name: str, content: str | None = None, /, **values: Value) -> str:
    """One element; ``class_`` gives ``class``, ``data_wire`` gives ``data-wire``."""
    if content is None:
        return f"<{name}{attributes(values)}/>"
    return f"<{name}{attributes(values)}>{content}</{name}>"


def title(words: str) -> str:
    """The name of what it is in: a tool tip, and what a screen reader says."""
    return tag("title", escape(words, quote=False))


def group(content: Iterable[str], **values: Value) -> str:
    """A ``<g>``."""
    return tag("g", "".join(content), **values)


def points(values: Sequence[tuple[float, float]]) -> str:
    """Value of a ``points`` attribute."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in values)


def text(
    x: float,
    y: float,
    content: str,
    size: float,
    class_: str = "text",
    anchor: str = "middle",
    vertical: bool = False,
    **values: Value,
) -> str:
    """A text whose middle height is at y; ``vertical`` text reads from bottom to top."""
    turned = f"rotate(-90 {number(x)} {number(y)})" if vertical else None
    return tag(
        "text",
        escape(content, quote=False),
        class_=class_,
        x=float(x),
        y=float(y),
        dy=float(size * 0.36),
        font_size=float(size),
        text_anchor=None if anchor == "start" else anchor,
        transform=turned,
        **values,
    )


def polyline(values: Sequence[tuple[float, float]], class_: str) -> str:
    """An open line."""
    return tag("polyline", class_=class_, points=points(values))


def rectangle(x: float, y: float, width: float, height: float, class_: str, rx: float = 0.0, **values: Value) -> str:
    """A rectangle with corners of radius ``rx``."""
    return tag(
        "rect",
        class_=class_,
        x=float(x),
        y=float(y),
        width=float(width),
        height=float(height),
        rx=float(rx) if rx else None,
        **values,
    )


def clipped(identifier: str, box: tuple[float, float, float, float], content: str) -> str:
    """``content`` as far as it lies in ``box`` (x, y, width, height); ``identifier`` is unique in the page."""
    x, y, width, height = box
    shape = tag("rect", x=float(x), y=float(y), width=float(width), height=float(height))
    return tag("clipPath", shape, id=f"clip-{identifier}") + group((content,), clip_path=f"url(#clip-{identifier})")


def circle(x: float, y: float, r: float, class_: str, **values: Value) -> str:
    """A circle."""
    return tag("circle", class_=class_, cx=float(x), cy=float(y), r=float(r), **values)


def _arc(shape: Arc) -> str:
    if abs(shape.end - shape.start) >= 360.0:
        return circle(shape.x, shape.y, shape.r, "ink")
    start, end = (math.radians(a) for a in (shape.start, shape.end))
    x1, y1 = shape.x + shape.r * math.cos(start), shape.y + shape.r * math.sin(start)
    x2, y2 = shape.x + shape.r * math.cos(end), shape.y + shape.r * math.sin(end)
    swept = end - start
    large, forward = int(abs(swept) > math.pi), int(swept > 0)
    r = number(shape.r)
    path = f"M{number(x1)} {number(y1)}A{r} {r} 0 {large} {forward} {number(x2)} {number(y2)}"
    return tag("path", class_="ink", d=path)


def shape_svg(shape: Shape, component: str) -> str:
    """A shape of component ``component``, already in sheet coordinates."""
    match shape:
        case Line():
            return polyline(shape.points, "ink" if shape.style == "solid" else f"ink {shape.style}")
        case Polygon():
            return tag("polygon", class_="ink full" if shape.filled else "ink closed", points=points(shape.points))
        case Circle():
            return circle(shape.x, shape.y, shape.r, "ink full" if shape.filled else "ink closed")
        case Rectangle():
            filled = "ink full" if shape.filled else "ink closed"
            return rectangle(shape.x, shape.y, shape.width, shape.height, filled)
        case Arc():
            return _arc(shape)
        case Label():
            return text(shape.x, shape.y, shape.text, shape.size, "symbol-text", shape.anchor)
        case Moves():
            inner = (shape_svg(s, component) for s in shape.shapes)
            channel = f"{component}.{shape.channel}"
            return group(inner, class_="moves", data_channel=channel, data_dx=float(shape.dx), data_dy=float(shape.dy))
        case Turns():
            inner = (shape_svg(s, component) for s in shape.shapes)
            turn = f"{number(shape.degrees)} {number(shape.x)} {number(shape.y)}"
            return group(inner, class_="turns", data_channel=f"{component}.{shape.channel}", data_turn=turn)
        case Lights():
            inner = (shape_svg(s, component) for s in shape.shapes)
            return group(inner, class_=f"lights {shape.colour}", data_channel=f"{component}.{shape.channel}")
    raise TypeError(f"unknown shape {shape!r}")


def channels_in(shapes: Iterable[Shape]) -> set[str]:
    """Channels that these shapes follow."""
    found: set[str] = set()
    for shape in shapes:
        if isinstance(shape, Moves | Turns | Lights):
            found.add(shape.channel)
            found |= channels_in(shape.shapes)
    return found


def pin_svg(
    component: str,
    port: str,
    x: float,
    y: float,
    label: str,
    class_: str = "pin",
    hit: float = 1.9,
    dot: float = 0.3,
) -> str:
    """A probe target. The binder widens ``.hit`` so that it never gets under 24 px on the screen."""
    return group(
        (circle(x, y, hit, "hit"), circle(x, y, dot, "dot")),
        class_=class_,
        data_component=component,
        data_port=port,
        data_x=float(x),
        data_y=float(y),
        tabindex="-1",
        role="button",
        aria_label=label,
    )


def document(
    identifier: str,
    width: float,
    height: float,
    title: str,
    description: str,
    content: Iterable[str],
    class_: str,
    left: float = 0.0,
    top: float = 0.0,
    **values: Value,
) -> str:
    """A whole drawing of ``width`` × ``height`` modules from (left, top). ``identifier`` is unique in the page."""
    named = tag("title", escape(title, quote=False), id=f"{identifier}-title") + tag(
        "desc", escape(description, quote=False), id=f"{identifier}-desc"
    )
    body = group(content, class_="sheet")
    return tag(
        "svg",
        named + body,
        xmlns="http://www.w3.org/2000/svg",
        id=identifier,
        class_=f"drawing {class_}",
        viewBox=f"{number(left)} {number(top)} {number(width)} {number(height)}",
        role="group",
        aria_labelledby=f"{identifier}-title",
        aria_describedby=f"{identifier}-desc",
        **values,
    )
