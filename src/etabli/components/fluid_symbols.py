"""Drawing helpers of the fluid symbols (ISO 1219-1 practice on the module grid)."""

from __future__ import annotations

import math

from etabli.components.drawing import Arc, Circle, Line, Polygon, Shape

Point = tuple[float, float]


def arrow_head(tip: Point, tail: Point, size: float = 0.8, filled: bool = True) -> Polygon:
    """Head of an arrow that points from ``tail`` to ``tip``."""
    angle = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    left, right = angle + math.pi - 0.38, angle + math.pi + 0.38
    return Polygon(
        (
            tip,
            (round(tip[0] + size * math.cos(left), 3), round(tip[1] + size * math.sin(left), 3)),
            (round(tip[0] + size * math.cos(right), 3), round(tip[1] + size * math.sin(right), 3)),
        ),
        filled,
    )


def arrow(tail: Point, tip: Point, style: str = "solid", size: float = 0.8) -> tuple[Shape, ...]:
    """A line with a head at its end."""
    return (Line((tail, tip), style), arrow_head(tip, tail, size))


def blocked(x: float, y: float, up: bool) -> tuple[Shape, ...]:
    """A closed port of a valve square: a short stem and a bar; ``up`` when the stem points upwards from the edge."""
    end = y - 1.0 if up else y + 1.0
    return (Line(((x, y), (x, end))), Line(((x - 0.6, end), (x + 0.6, end))))


def spring(x: float, y: float, length: float = 3.0) -> Line:
    """A return spring drawn to the right of (x, y), as a zigzag."""
    steps = 6
    turns = tuple((round(x + length * i / steps, 3), y + (0.8 if i % 2 else -0.8)) for i in range(1, steps))
    return Line(((x, y), *turns, (x + length, y)))


def air_source(x: float, y: float) -> tuple[Shape, ...]:
    """Compressed air source: an open triangle in the sense of the flow (upwards), its tip at (x, y)."""
    return (Polygon(((x, y), (x - 1.2, y + 2.0), (x + 1.2, y + 2.0))),)


def exhaust(x: float, y: float, down: bool = True) -> tuple[Shape, ...]:
    """Exhaust to atmosphere: an open triangle, its base at (x, y)."""
    tip = y + 1.2 if down else y - 1.2
    return (Polygon(((x - 0.8, y), (x + 0.8, y), (x, tip))),)


def check_valve(x: float, y: float) -> tuple[Shape, ...]:
    """Non-return valve on a vertical line, free upwards: the ball lies in its seat, tip of the seat 0.85 below (x,
    y)."""
    return (Circle(x, y, 0.6), Line(((x - 0.95, y - 0.1), (x, y + 0.85), (x + 0.95, y - 0.1))))


def throttle(x: float, y: float) -> tuple[Shape, ...]:
    """Restriction on a vertical line: two arcs that face each other."""
    return (Arc(x - 1.3, y, 1.0, -60, 60), Arc(x + 1.3, y, 1.0, 120, 240))


def adjustable(x: float, y: float, reach: float = 2.0) -> tuple[Shape, ...]:
    """The slanted arrow of what can be adjusted, through (x, y)."""
    return arrow((x - reach, y + reach), (x + reach, y - reach), "thin")
