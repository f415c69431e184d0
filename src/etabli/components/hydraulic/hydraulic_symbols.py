"""Drawing helpers of the hydraulic symbols (ISO 1219-1 practice on the module grid); see also ``fluid_symbols``."""

from __future__ import annotations

from etabli.components.drawing import Arc, Circle, Line, Polygon, Rectangle, Shape
from etabli.components.fluid_symbols import Point, arrow, spring


def energy_triangle(tip: Point, direction: str, size: float = 1.2) -> Polygon:
    """The filled triangle of hydraulic energy; its tip points to ``direction`` ("n", "e", "s", "w")."""
    dx, dy = {"n": (0.0, -1.0), "e": (1.0, 0.0), "s": (0.0, 1.0), "w": (-1.0, 0.0)}[direction]
    base = (tip[0] - dx * size, tip[1] - dy * size)
    half = 0.6 * size
    return Polygon(
        (
            tip,
            (round(base[0] - dy * half, 3), round(base[1] + dx * half, 3)),
            (round(base[0] + dy * half, 3), round(base[1] - dx * half, 3)),
        ),
        True,
    )


def tank(x: float, y: float, width: float = 3.0) -> tuple[Shape, ...]:
    """Vented reservoir: an open tray whose middle of the bottom lies at (x, y)."""
    half = width / 2.0
    return (Line(((x - half, y - 1.2), (x - half, y), (x + half, y), (x + half, y - 1.2))),)


def pressure_valve(x: float, y: float, normally_open: bool = False) -> tuple[Shape, ...]:
    """One square of a pressure valve, 4 modules a side, top left corner at (x, y), flow from bottom to top.

    The arrow is off the line where the valve is closed at rest (relief), on it where it is open (reducing).
    """
    at = x + 2.0 if normally_open else x + 3.0
    return (Rectangle(x, y, 4.0, 4.0), *arrow((at, y + 4.0), (at, y)))


def setting_spring(x: float, y: float, adjustable: bool = True) -> tuple[Shape, ...]:
    """The spring of a setting drawn to the right of (x, y), with the slanted arrow where it can be adjusted."""
    shapes: tuple[Shape, ...] = (spring(x, y, 2.4),)
    return (*shapes, *arrow((x + 0.2, y + 1.5), (x + 2.4, y - 1.5), "thin", 0.6)) if adjustable else shapes


def pump_circle(x: float, y: float, r: float = 2.5, triangle: str = "n") -> tuple[Shape, ...]:
    """A pump: a circle with a filled triangle that points out of it (one direction of flow)."""
    dx, dy = {"n": (0.0, -1.0), "e": (1.0, 0.0), "s": (0.0, 1.0), "w": (-1.0, 0.0)}[triangle]
    return (Circle(x, y, r), energy_triangle((x + dx * r, y + dy * r), triangle))


def diamond(x: float, y: float, half: float = 2.0) -> Polygon:
    """The lozenge of what conditions the oil (filter, cooler), centred on (x, y)."""
    return Polygon(((x - half, y), (x, y - half), (x + half, y), (x, y + half)))


def turning_shaft(x1: float, y: float, x2: float) -> tuple[Shape, ...]:
    """Shaft from ``x1`` to ``x2`` as a double line, with the arrow of its one sense of rotation."""
    return (
        Line(((x1, y - 0.25), (x2, y - 0.25))),
        Line(((x1, y + 0.25), (x2, y + 0.25))),
        Arc(x1 + 0.4, y, 1.1, -60, 60),
    )
