"""Drawing of electrical parts after IEC 60617 practice: vertical circuits, pins on whole modules, drawn at rest.

Functions return shapes or whole symbols; families put them in their ``symbols``. Moving parts act from left to right,
so blades turn clockwise: a make contact leans left at rest, a break contact leans right on its seat.
"""

from __future__ import annotations

from etabli.components.drawing import (
    Arc,
    Circle,
    Label,
    Lights,
    Line,
    Pin,
    Polygon,
    Rectangle,
    Shape,
    Symbol,
    Turns,
)

_MAKE_DEGREES = 28.0
_BREAK_DEGREES = 24.0
POLE_PITCH = 4
"""Modules between two poles: room for a number beside each wire, and for a finger on a tablet."""


def make_contact(x: float, channel: str) -> tuple[Shape, ...]:
    """Normally open contact on the vertical at ``x``, from y = 0 to y = 4."""
    return (
        Line(((x, 0), (x, 1.2))),
        Line(((x, 2.8), (x, 4))),
        Turns(channel, x, 2.8, _MAKE_DEGREES, (Line(((x, 2.8), (x - 0.8, 1.3))),)),
    )


def break_contact(x: float, channel: str) -> tuple[Shape, ...]:
    """Normally closed contact: the blade rests against a seat that opens to the right."""
    return (
        Line(((x, 0), (x, 1.2), (x + 0.6, 1.2))),
        Line(((x, 2.8), (x, 4))),
        Turns(channel, x, 2.8, _BREAK_DEGREES, (Line(((x, 2.8), (x + 0.5, 1.0))),)),
    )


def contact_symbol(a: str, b: str, channel: str, *, closed: bool = False, left: tuple[Shape, ...] = ()) -> Symbol:
    """A contact with ports ``a`` (top) and ``b`` (bottom); ``left`` is its actuator, drawn left of the blade."""
    blade = break_contact(4, channel) if closed else make_contact(4, channel)
    return Symbol(6, 4, blade + left, (Pin(a, 4, 0, "n"), Pin(b, 4, 4, "s")))


def changeover_symbol(common: str, rest: str, work: str, channel: str) -> Symbol:
    """Change-over contact: common at the bottom, break seat top left, make seat top right."""
    return Symbol(
        6,
        4,
        (
            Line(((3, 2.8), (3, 4))),
            Line(((2, 0), (2, 1.2), (2.5, 1.2))),
            Line(((4, 0), (4, 1.2), (3.5, 1.2))),
            Turns(channel, 3, 2.8, 34.0, (Line(((3, 2.8), (2.45, 1.0))),)),
        ),
        (Pin(rest, 2, 0, "n"), Pin(work, 4, 0, "n"), Pin(common, 3, 4, "s")),
    )


def coil_symbol(a: str = "A1", b: str = "A2", channel: str = "energised") -> Symbol:
    """Operating coil."""
    return Symbol(
        4,
        4,
        (
            Line(((2, 0), (2, 1.2))),
            Line(((2, 2.8), (2, 4))),
            Rectangle(0.5, 1.2, 3, 1.6),
            Lights(channel, (Rectangle(0.5, 1.2, 3, 1.6),), "orange"),
        ),
        (Pin(a, 2, 0, "n"), Pin(b, 2, 4, "s")),
    )


def poles_symbol(poles: tuple[tuple[str, str], ...], channel: str, kind: str) -> Symbol:
    """Make poles side by side, ``POLE_PITCH`` modules apart, linked mechanically.

    ``kind``: "contactor" (semicircle), "isolator" (bar), "breaker" (cross) or "fuse_isolator".
    """
    width = POLE_PITCH * len(poles)
    shapes: list[Shape] = []
    pins: list[Pin] = []
    for k, (top, bottom) in enumerate(poles):
        x = POLE_PITCH * k + 2
        shapes += make_contact(x, channel)
        shapes += _pole_mark(x, kind)
        pins += [Pin(top, x, 0, "n"), Pin(bottom, x, 4, "s")]
    if len(poles) > 1:
        shapes.append(Line(((1.6, 2.0), (POLE_PITCH * (len(poles) - 1) + 1.6, 2.0)), "dashed"))
    return Symbol(width, 4, tuple(shapes), tuple(pins))


def _pole_mark(x: float, kind: str) -> tuple[Shape, ...]:
    if kind == "contactor":
        return (Arc(x, 0.8, 0.4, 90, 270),)
    if kind == "isolator":
        return (Line(((x - 0.35, 1.2), (x + 0.35, 1.2))),)
    if kind == "breaker":
        return (Line(((x - 0.25, 0.95), (x + 0.25, 1.45))), Line(((x - 0.25, 1.45), (x + 0.25, 0.95))))
    return ()


def releases(x: float, y: float, width: float) -> tuple[Shape, ...]:
    """Thermal and magnetic releases of a breaker, in a box below its poles."""
    return (
        Rectangle(x, y, width, 1.8),
        Line(((x + 0.4, y + 0.4), (x + 0.4, y + 0.8), (x + 0.9, y + 0.8), (x + 0.9, y + 1.3))),
        Label(x + width - 0.8, y + 0.9, "I>", 0.9),
    )


def breaker_symbol(poles: tuple[tuple[str, str], ...], channel: str) -> Symbol:
    """Circuit-breaker: poles with a cross, then the box of its releases."""
    base = poles_symbol(poles, channel, "breaker")
    columns = [POLE_PITCH * k + 2 for k in range(len(poles))]
    shapes = base.shapes + tuple(Line(((x, 5.8), (x, 7))) for x in columns)
    shapes += releases(1, 4, max(2.4, float(columns[-1])))
    pins = tuple(Pin(p.port, p.x, 0 if p.side == "n" else 7, p.side) for p in base.pins)
    return Symbol(base.width, 7, shapes, pins)


def push_actuator() -> tuple[Shape, ...]:
    """Push-button head and its dashed link to a blade at x = 4."""
    return (
        Line(((1.4, 1.5), (1, 1.5), (1, 2.6), (1.4, 2.6))),
        Line(((1, 2.05), (3.5, 2.05)), "dashed"),
    )


def mushroom_actuator() -> tuple[Shape, ...]:
    """Emergency-stop mushroom head with latch."""
    return (
        Arc(1.6, 2.05, 0.9, 90, 270),
        Line(((1.6, 1.15), (1.6, 2.95))),
        Line(((1.6, 2.05), (3.5, 2.05)), "dashed"),
        Polygon(((2.3, 2.05), (2.6, 2.55), (2.9, 2.05))),
    )


def rotary_actuator() -> tuple[Shape, ...]:
    """Turned actuator (selector)."""
    return (
        Line(((1.4, 1.4), (1, 1.4), (1, 2.6), (0.6, 2.6))),
        Line(((1, 2.05), (3.5, 2.05)), "dashed"),
    )


def pressure_actuator() -> tuple[Shape, ...]:
    """Pressure-operated actuator: a box with p."""
    return (
        Rectangle(0.4, 1.4, 1.4, 1.3),
        Label(1.1, 2.0, "p", 1.0),
        Line(((1.8, 2.05), (3.2, 2.05)), "dashed"),
    )


def lamp_symbol(a: str, b: str, channel: str, colour: str = "ink") -> Symbol:
    """Signal lamp: circle with a cross."""
    return Symbol(
        4,
        4,
        (
            Line(((2, 0), (2, 1))),
            Line(((2, 3), (2, 4))),
            Lights(channel, (Circle(2, 2, 1, True),), colour),
            Circle(2, 2, 1),
            Line(((1.3, 1.3), (2.7, 2.7))),
            Line(((1.3, 2.7), (2.7, 1.3))),
        ),
        (Pin(a, 2, 0, "n"), Pin(b, 2, 4, "s")),
    )


def buzzer_symbol(a: str, b: str, channel: str) -> Symbol:
    """Buzzer: half disc, its flat side down."""
    return Symbol(
        4,
        4,
        (
            Line(((2, 0), (2, 1))),
            Line(((2, 2.5), (2, 4))),
            Arc(2, 2.2, 1.2, 180, 360),
            Line(((0.8, 2.2), (3.2, 2.2))),
            Line(((2, 2.2), (2, 2.5))),
            Lights(channel, (Arc(2, 2.2, 0.7, 180, 360),), "orange"),
        ),
        (Pin(a, 2, 0, "n"), Pin(b, 2, 4, "s")),
    )


def fuse_symbol(a: str, b: str) -> Symbol:
    """Fuse."""
    return Symbol(
        4,
        4,
        (Rectangle(1.5, 1, 1, 2), Line(((2, 0), (2, 4)))),
        (Pin(a, 2, 0, "n"), Pin(b, 2, 4, "s")),
    )


def terminal(name: str) -> Symbol:
    """Terminal: a circle that a vertical wire passes."""
    return Symbol(
        2,
        2,
        (Line(((1, 0), (1, 0.6))), Circle(1, 1, 0.4), Line(((1, 1.4), (1, 2)))),
        (Pin(name, 1, 0, "n"), Pin(name, 1, 2, "s", label=False)),
    )


def box(width: int, height: int, pins: tuple[Pin, ...], extra: tuple[Shape, ...] = ()) -> Symbol:
    """Rectangle with a one-module lead at each pin."""
    leads = tuple(_lead(pin, width, height) for pin in pins)
    frame = Rectangle(1, 1, width - 2, height - 2)
    return Symbol(width, height, (frame, *leads, *extra), pins)


def _lead(pin: Pin, width: int, height: int) -> Line:
    inward = {"n": (0, 1), "s": (0, -1), "w": (1, 0), "e": (-1, 0)}[pin.side]
    return Line(((pin.x, pin.y), (pin.x + inward[0], pin.y + inward[1])))


def led(x: float, y: float, channel: str, colour: str = "green") -> tuple[Shape, ...]:
    """A small indicator lamp on a box."""
    return Lights(channel, (Circle(x, y, 0.3, True),), colour), Circle(x, y, 0.3)


def motor_symbol(
    ports: tuple[str, ...], text: str, extra: tuple[Pin, ...] = (), shapes: tuple[Shape, ...] = ()
) -> Symbol:
    """Rotating machine: circle with its letter, windings on top."""
    pins = tuple(Pin(name, POLE_PITCH * k + 2, 0, "n") for k, name in enumerate(ports))
    middle = POLE_PITCH * len(ports) / 2
    leads = tuple(
        Line(((pin.x, 0), (pin.x, 1.2), (middle + 0.45 * (pin.x - middle), 2.26 if pin.x != middle else 1.5)))
        for pin in pins
    )
    return Symbol(
        POLE_PITCH * len(ports),
        8,
        (*leads, Circle(middle, 4, 2.5), Label(middle, 3.4, "M", 1.7), Label(middle, 5.1, text, 1.2), *shapes),
        pins + extra,
    )
