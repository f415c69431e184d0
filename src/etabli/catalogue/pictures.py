"""The curves of a family: computed from its laws, sound and then with its faults. Each is computed once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from etabli.catalogue.numbers import said
from etabli.catalogue.plot import Line, inside, plot_svg
from etabli.components.catalogue import catalogue
from etabli.components.component import Component, Effect, FailureMode
from etabli.components.curve import Axis, Curve, Piece, Point, explained, finite, sweep
from etabli.components.specimen import Specimen
from etabli.physics.blame import UNITS
from etabli.physics.law import Domain, Law
from etabli.physics.text import Text

MOST_CURVES = 4
"""Curves on the page of one family."""
MOST_FAULTS = 2
"""Faulty lines in one picture."""
_SEEN = 0.04
"""A fault is drawn where it moves the curve by at least this share of its range."""

_NUMBER = re.compile(r"\d+")

_THROUGH = {
    Domain.DC: (Text("courant", "current"), "A"),
    Domain.AC: (Text("courant", "current"), "A"),
    Domain.PNEUMATIC: (Text("débit", "flow"), "g/s"),
    Domain.HYDRAULIC: (Text("débit", "flow"), "cm³/s"),
    Domain.TRANSLATION: (Text("force", "force"), "N"),
    Domain.ROTATION: (Text("couple", "torque"), "N·m"),
    Domain.THERMAL: (Text("puissance", "power"), "W"),
}
_ACROSS = {
    Domain.DC: (Text("tension", "voltage"), 0.0, 24.0),
    Domain.AC: (Text("tension", "voltage"), 0.0, 230.0),
    Domain.PNEUMATIC: (Text("pression", "pressure"), 1.013, 8.0),
    Domain.HYDRAULIC: (Text("pression", "pressure"), 0.0, 200.0),
    Domain.TRANSLATION: (Text("vitesse", "speed"), 0.0, 1.0),
    Domain.ROTATION: (Text("vitesse", "speed"), 0.0, 150.0),
    Domain.THERMAL: (Text("température", "temperature"), 20.0, 100.0),
}
_REST = {Domain.PNEUMATIC: 1.013, Domain.THERMAL: 20.0}


@dataclass(frozen=True, slots=True)
class Picture:
    """One curve of a family with its lines; ``words`` is the law, where its author wrote it."""

    family: str
    number: int
    curve: Curve
    lines: tuple[Line, ...]
    faults: tuple[tuple[FailureMode, float], ...]

    def svg(self, language: str) -> str:
        """The picture as SVG; "both" writes the axes in both languages."""
        spoken = "fr" if language == "both" else language
        title = f"{catalogue()[self.family].text.get(spoken)} – {self.curve.text.get(spoken)}"
        return plot_svg(f"{self.family}-{self.number}", title, self.curve.x, self.curve.y, self.lines, language)

    def legend(self, language: str) -> list[tuple[str, str]]:
        """(mark, name) of each faulty line."""
        return [(str(i), fault_name(mode, degree, language)) for i, (mode, degree) in enumerate(self.faults, 1)]


def fault_name(mode: FailureMode, degree: float, language: str) -> str:
    """« filtre colmaté (degré 90 %) »; the degree is left out where it is full."""
    words = mode.text.get(language)
    if degree >= 1.0:
        return words
    share = said(100.0 * degree, language)
    return f"{words} (degree {share}%)" if language == "en" else f"{words} (degré {share} %)"


@cache
def pictures(family: str) -> tuple[Picture, ...]:
    """The curves of a family, the most telling first."""
    component = catalogue()[family]
    made: list[Picture] = []
    for curve, name in _chosen(component):
        lines, faults = _lines(component, curve, name)
        if lines and (faults or not _flat(lines[0].points)):
            made.append(Picture(family, len(made) + 1, curve, tuple(lines), tuple(faults)))
        if len(made) == MOST_CURVES:
            break
    return tuple(made)


def _chosen(component: Component) -> Iterator[tuple[Curve, str]]:
    """Curves and the device each is drawn for: the family's own, then its laws', then a plain one."""
    yield from ((curve, curve.device) for curve in component.curves)
    told: list[tuple[Curve, str]] = []
    plain: list[tuple[Curve, str]] = []
    seen = {Specimen(component).piece(c.device).law.name for c in component.curves if c.device}
    for name, piece in Specimen(component).pieces():
        known = explained(piece.law)
        if piece.law.name in seen:
            continue
        seen.add(piece.law.name)
        if known is not None and known.curves:
            (plain if known.plain else told).extend((curve, name) for curve in known.curves)
        elif known is None and isinstance(piece.law, Law):
            plain += [(curve, name) for curve in _generic(piece)]
    told.sort(key=lambda each: families_with(Specimen(component).piece(each[1]).law.name))
    yield from told
    if not told and not component.curves:
        yield from plain[:1]


@cache
def _laws_of(family: str) -> frozenset[str]:
    return frozenset(piece.law.name for _, piece in Specimen(catalogue()[family]).pieces())


@cache
def families_with(law: str) -> int:
    """How many families use a law: the rarest is the most telling of a family."""
    return sum(law in _laws_of(family) for family in catalogue())


def _flat(points: Sequence[Point]) -> bool:
    return max(y for _, y in points) == min(y for _, y in points)


def _generic(piece: Piece) -> list[Curve]:
    """What enters the first terminal of a law nobody explained, as its across variable grows."""
    terminal, domain = next(iter(piece.law.terminals.items()))
    if domain is Domain.AC or piece.law.states:
        return []
    what, low, high = _ACROSS[domain]
    through, unit = _THROUGH[domain]
    rest = {name: _REST.get(each, 0.0) for name, each in piece.law.terminals.items()}
    text = Text(f"{through.fr} selon la {what.fr}", f"{through.en} against {what.en}")
    trace = sweep(low, high, lambda d, x: d.flow(terminal, **{**rest, terminal: x}))
    return [Curve(text, Axis(what, UNITS[domain]), Axis(through, unit), trace)]


def _lines(component: Component, curve: Curve, device: str) -> tuple[list[Line], list[tuple[FailureMode, float]]]:
    """The sound line, and the most frequent faults that change it; those that stay in the frame come first."""
    sound = _points(curve, Specimen(component), device)
    if len(sound) < 2:
        return [], []
    changed: list[tuple[FailureMode, tuple[Point, ...]]] = []
    for mode in _candidates(component, device):
        points = _points(curve, Specimen(component, mode, mode.degrees[1]), device)
        known = (sound, *(line for _, line in changed))
        if points and all(_change(curve, line, points) >= _SEEN for line in known):
            changed.append((mode, points))
        if sum(_fits(curve, sound, line) for _, line in changed) == MOST_FAULTS:
            break
    changed.sort(key=lambda each: not _fits(curve, sound, each[1]))
    shown = changed[:MOST_FAULTS] if changed and _fits(curve, sound, changed[0][1]) else changed[:1]
    shown = [each for i, each in enumerate(shown) if i == 0 or _fits(curve, sound, each[1])]
    lines = [Line("", sound), *(Line(mode.id, points, str(i)) for i, (mode, points) in enumerate(shown, 1))]
    return lines, [(mode, mode.degrees[1]) for mode, _ in shown]


def _fits(curve: Curve, sound: Sequence[Point], points: Sequence[Point]) -> bool:
    """Whether a good part of a faulty line lies near the sound one."""
    return inside(curve.y, sound, points)


def _candidates(component: Component, device: str) -> list[FailureMode]:
    """Failure modes to try, the most frequent first; of a numbered series (contacts, channels) that of the device."""
    found: dict[str, FailureMode] = {}
    for mode in component.failure_modes_of(component.defaults()):
        targets = [effect.target for effect in mode.effects if isinstance(effect, Effect)]
        series = _NUMBER.sub("#", mode.id)
        if targets and (series not in found or any(t.rpartition(".")[0] == device for t in targets)):
            found[series] = mode
    return sorted(found.values(), key=lambda mode: -mode.rate)


def _points(curve: Curve, specimen: Specimen, device: str) -> tuple[Point, ...]:
    points = finite(curve.trace(specimen.piece(device) if device else specimen.pieces()[0][1]))
    if curve.x.logarithmic:
        points = [(x, y) for x, y in points if x > 0.0]
    if curve.y.logarithmic:
        points = [(x, y) for x, y in points if y > 0.0]
    return tuple(points)


def _change(curve: Curve, one: Sequence[Point], other: Sequence[Point]) -> float:
    """Largest distance between two lines, as a share of the range of the first one (of a decade on a log axis)."""
    if len(one) != len(other):
        return 1.0
    flat = 0.0
    for axis, place in ((curve.x, 0), (curve.y, 1)):
        a, b = [_shown(axis, p[place]) for p in one], [_shown(axis, p[place]) for p in other]
        span = max(a) - min(a) or abs(a[0]) or 1.0
        if axis.logarithmic:
            span = max(span, 1.0)
        flat = max(flat, max(abs(u - v) for u, v in zip(a, b, strict=True)) / span)
    return flat


def _shown(axis: Axis, value: float) -> float:
    return math.log10(value) if axis.logarithmic else value
