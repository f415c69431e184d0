"""A curve as SVG text: frame, ticks, axes with units, the sound part and its faults. Classes only (strict CSP).

Lines are told apart by their pattern and by a figure at their end, never by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from etabli.catalogue.numbers import said
from etabli.components.curve import Axis, Point
from etabli.machines.drawing import svg

WIDTH, HEIGHT = 380.0, 232.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 16.0, 12.0, 40.0
_BEYOND = 0.6
"""How far faults may stretch the axis, in ranges of the sound curve: a leak a thousand times too large is cut off."""
_FAR_BEYOND = 12.0
"""The same where no fault stays near the sound curve."""
_LEAST_SPAN = 1e-12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture. ``mark`` is written at its end ("" for the sound part)."""

    name: str
    points: tuple[Point, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    start: float
    stop: float
    logarithmic: bool

    def at(self, value: float) -> float:
        """Place on the picture; a value that a logarithm cannot show lies far outside."""
        if not self.logarithmic:
            share = (value - self.low) / (self.high - self.low)
        elif value <= 0.0:
            share = -9.0
        else:
            share = math.log10(value / self.low) / math.log10(self.high / self.low)
        return self.start + min(max(share, -9.0), 9.0) * (self.stop - self.start)

    def ticks(self, language: str) -> list[tuple[float, str]]:
        """Round values inside the scale, and their texts."""
        if self.logarithmic:
            return [(value, said(value, language)) for value in _decades(self.low, self.high)]
        step = _round_step((self.high - self.low) / 5)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        largest = max(abs(first), abs(last), 1)
        digits = math.floor(math.log10(largest * step)) - math.floor(math.log10(step) + 1e-9) + 2
        return [(i * step, said(i * step, language, max(digits, 3))) for i in range(first, last + 1)]


def _decades(low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil((last - first) / 6))
    found = [10.0**i for i in range(first, last + 1, step)]
    if len(found) >= 3:
        return found
    for parts in ((1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)):
        values = (part * 10.0**i for i in range(first - 1, last + 1) for part in parts)
        found = [value for value in values if low * 0.999 <= value <= high * 1.001]
        if len(found) >= 3:
            break
    return found


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if power * m >= step * 0.999)


def _range(values: Sequence[float], logarithmic: bool) -> tuple[float, float]:
    if logarithmic:
        positive = [math.log10(v) for v in values if v > 0.0] or [0.0]
        return min(positive), max(positive)
    return min(values), max(values)


def frame(axis: Axis, sound: Sequence[Point], others: Sequence[Sequence[Point]] = ()) -> tuple[float, float]:
    """Range of the values shown: what the sound part gives, and as much of the faults as lies near it.

    On a logarithmic axis the two numbers are decimal logarithms.
    """
    low, high = _range([y for _, y in sound], axis.logarithmic)
    everything = _range([y for line in (sound, *others) for _, y in line], axis.logarithmic)
    span = high - low
    beyond = _BEYOND if not others or any(inside(axis, sound, line) for line in others) else _FAR_BEYOND
    if span <= _LEAST_SPAN + 1e-6 * (everything[1] - everything[0]):  # the sound part is flat
        reach = abs(high) if high else math.inf
        low, high = max(everything[0], low - reach), min(everything[1], high + reach)
    else:
        reach = span * (9.0 if axis.logarithmic else beyond)
        low, high = max(everything[0], low - reach), min(everything[1], high + reach)
    if high - low <= _LEAST_SPAN:
        half = 0.5 if axis.logarithmic else (abs(low) or 1.0) * 0.5
        return low - half, high + half
    return low, high


def inside(axis: Axis, sound: Sequence[Point], points: Sequence[Point]) -> bool:
    """Whether a good part of a line lies near the range of the sound one."""
    low, high = _range([y for _, y in sound], axis.logarithmic)
    reach = (high - low or abs(high)) * (9.0 if axis.logarithmic else _BEYOND)
    values = [math.log10(y) if axis.logarithmic else y for _, y in points]
    return sum(low - reach <= y <= high + reach for y in values) >= 0.3 * len(values)


def _y_scale(axis: Axis, lines: Sequence[Line]) -> tuple[float, float]:
    low, high = frame(axis, lines[0].points, [line.points for line in lines[1:]])
    if axis.logarithmic:
        return 10.0 ** math.floor(low + 0.02), 10.0 ** math.ceil(high - 0.02)
    margin = 0.04 * (high - low)
    if 0.0 <= low < 0.45 * high:
        return 0.0, high + margin
    return low - margin, high + margin


def _label(axis: Axis, language: str) -> str:
    both = f"{axis.text.fr} · {axis.text.en}" if axis.text.fr != axis.text.en else axis.text.fr
    words = both if language == "both" else axis.text.get(language)
    if not axis.unit:
        return words
    return f"{words}, {axis.unit}" if ")" in words else f"{words} ({axis.unit})"


def plot_svg(identifier: str, title: str, x: Axis, y: Axis, lines: Sequence[Line], language: str) -> str:
    """The picture. ``lines[0]`` is the sound part; ``language`` "fr", "en" or "both" (axes in both, for the docs).

    ``identifier`` is unique in the page. Lines without points are left out; ``ValueError`` where none has any.
    """
    drawn = [line for line in lines if line.points]
    if not drawn:
        raise ValueError(f"{identifier}: nothing to draw")
    xs = _range([px for line in drawn for px, _ in line.points], x.logarithmic)
    x_low, x_high = (10.0 ** xs[0], 10.0 ** xs[1]) if x.logarithmic else xs
    if x_high - x_low <= _LEAST_SPAN:
        x_low, x_high = x_low - 1.0, x_high + 1.0
    across = _Scale(x_low, x_high, _LEFT, WIDTH - _RIGHT, x.logarithmic)
    up = _Scale(*_y_scale(y, drawn), HEIGHT - _BOTTOM, _TOP, y.logarithmic)
    content = [*_grid(across, up, language), *_axes(x, y, language)]
    box = (_LEFT, _TOP, WIDTH - _RIGHT - _LEFT, HEIGHT - _BOTTOM - _TOP)
    content.append(svg.clipped(identifier, box, "".join(_line(i, line, across, up) for i, line in enumerate(drawn))))
    content += _marks(drawn, across, up)
    named = svg.title(title)
    return svg.tag(
        "svg",
        named + "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        class_="curve",
        viewBox=f"0 0 {svg.number(WIDTH)} {svg.number(HEIGHT)}",
        role="img",
    )


def _grid(across: _Scale, up: _Scale, language: str) -> list[str]:
    spoken = "fr" if language == "both" else language
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    found = []
    for value, words in across.ticks(spoken):
        at = round(across.at(value), 1)
        found.append(_stroke("grid", at, _TOP, at, bottom))
        found.append(_text(at, bottom + 13, words, "middle", "tick"))
    for value, words in up.ticks(spoken):
        at = round(up.at(value), 1)
        found.append(_stroke("grid", _LEFT, at, right, at))
        found.append(_text(_LEFT - 5, at + 3.5, words, "end", "tick"))
    if not up.logarithmic and up.low < 0.0 < up.high:
        zero = round(up.at(0.0), 1)
        found.append(_stroke("zero", _LEFT, zero, right, zero))
    around = svg.tag("rect", class_="frame", x=_LEFT, y=_TOP, width=right - _LEFT, height=bottom - _TOP)
    return [*found, around]


def _stroke(class_: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return svg.tag("path", class_=class_, d=f"M{svg.number(x1)} {svg.number(y1)}L{svg.number(x2)} {svg.number(y2)}")


def _axes(x: Axis, y: Axis, language: str) -> list[str]:
    middle = (_TOP + HEIGHT - _BOTTOM) / 2
    return [
        _text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 8, _label(x, language), "middle", "axis"),
        svg.tag(
            "text",
            escape(_label(y, language), quote=False),
            class_="axis",
            text_anchor="middle",
            transform=f"translate(11 {svg.number(middle)})rotate(-90)",
        ),
    ]


def _text(x: float, y: float, words: str, anchor: str, class_: str) -> str:
    return svg.tag("text", escape(words, quote=False), class_=class_, x=round(x, 1), y=round(y, 1), text_anchor=anchor)


def _line(index: int, line: Line, across: _Scale, up: _Scale) -> str:
    places = _simplified([(across.at(px), up.at(py)) for px, py in line.points])
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return svg.tag("polyline", class_="sound" if index == 0 else f"fault fault-{index}", points=way)


def _simplified(way: Sequence[Point]) -> list[Point]:
    """The line without the points that lie on it within a fifth of a pixel (Ramer, Douglas and Peucker)."""
    if len(way) < 3:
        return list(way)
    (x1, y1), (x2, y2) = way[0], way[-1]
    length = math.hypot(x2 - x1, y2 - y1)

    def apart(at: Point) -> float:
        if length < 1e-9:
            return math.hypot(at[0] - x1, at[1] - y1)
        return abs((x2 - x1) * (at[1] - y1) - (y2 - y1) * (at[0] - x1)) / length

    furthest = max(range(1, len(way) - 1), key=lambda i: apart(way[i]))
    if apart(way[furthest]) <= 0.2:
        return [way[0], way[-1]]
    return [*_simplified(way[: furthest + 1])[:-1], *_simplified(way[furthest:])]


def _marks(lines: Sequence[Line], across: _Scale, up: _Scale) -> list[str]:
    """A figure on each faulty line, where it is furthest from the sound one; at the edge where it leaves the frame."""
    base = [(across.at(x), up.at(y)) for x, y in lines[0].points]
    found = []
    for index, line in enumerate(lines[1:], 1):
        way = [(across.at(x), up.at(y)) for x, y in line.points]
        x, y = _mark_place(way, base, index)
        found.append(svg.tag("circle", class_="mark-ground", cx=round(x, 1), cy=round(y, 1), r=7.0))
        found.append(_text(x, y + 3.8, line.mark, "middle", f"mark mark-{index}"))
    return found


def _mark_place(way: Sequence[Point], base: Sequence[Point], index: int) -> Point:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    inside = [at for at in way if _LEFT + 8 < at[0] < right - 8 and _TOP + 6 < at[1] < bottom - 3]
    if not inside:
        x, y = way[(len(way) * index) // 4]
        return min(max(x, _LEFT + 9.0), right - 9.0), min(max(y, _TOP + 8.0), bottom - 8.0)
    wanted = _LEFT + (right - _LEFT) * (0.25 + 0.2 * index)

    def worth(at: Point) -> float:
        apart = min(abs(at[0] - x) + abs(at[1] - y) for x, y in base)
        return min(apart, 25.0) - 0.05 * abs(at[0] - wanted)

    return max(inside, key=worth)
