"""Functions of time as a network file writes them: ``step: {at: 1, to: 24}``, ``table: [[0, 0], [1, 24]]``…"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from etabli.machines.section import Section
from etabli.physics.text import Text
from etabli.physics.waveform import Pulse, Ramp, Sine, Step, Table, Waveform

_LATER = (
    Text("la rampe finit avant de commencer", "the ramp ends before it starts"),
    Text("écrire « end » plus grand que « start »", "write “end” greater than “start”"),
)
_BAD_TABLE = (
    Text(
        "« table » doit être une liste de [temps, valeur] croissante", "“table” must be a rising list of [time, value]"
    ),
    Text("écrire par exemple table: [[0, 0], [1, 24]]", "write for example table: [[0, 0], [1, 24]]"),
)


def _step(section: Section) -> Waveform | None:
    inside = _waveform(section, "step", "at", "from", "to")
    return (
        None if inside is None else Step(inside.number("at"), inside.number("from", default=0.0), inside.number("to"))
    )


def _ramp(section: Section) -> Waveform | None:
    inside = _waveform(section, "ramp", "start", "end", "from", "to")
    if inside is None:
        return None
    start, end = inside.number("start", default=0.0), inside.number("end")
    if end <= start:
        inside.error("end", *_LATER)
        return None
    return Ramp(start, end, inside.number("from", default=0.0), inside.number("to"))


def _sine(section: Section) -> Waveform | None:
    inside = _waveform(section, "sine", "mean", "amplitude", "hertz", "phase_deg")
    if inside is None:
        return None
    numbers = (inside.number("mean", default=0.0), inside.number("amplitude"), inside.number("hertz", 0.0))
    return Sine(*numbers, inside.number("phase_deg", default=0.0))


def _pulse(section: Section) -> Waveform | None:
    inside = _waveform(section, "pulse", "start", "width", "low", "high", "period")
    if inside is None:
        return None
    times = (inside.number("start", default=0.0), inside.number("width", 0.0))
    return Pulse(
        *times, inside.number("low", default=0.0), inside.number("high"), inside.number("period", 0.0, default=0.0)
    )


def _table(section: Section) -> Waveform | None:
    points = section.listed("table")
    right = all(isinstance(p, list) and len(p) == 2 and all(_is_number(x) for x in p) for p in points)
    times = [float(p[0]) for p in points] if right else []
    if len(times) < 2 or any(b <= a for a, b in pairwise(times)):
        section.error("table", *_BAD_TABLE)
        return None
    return Table(tuple(times), tuple(float(p[1]) for p in points))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _waveform(section: Section, name: str, *fields: str) -> Section | None:
    inside = section.mapping(name)
    if inside is None:
        return None
    inside.only(*fields)
    return inside


WAVEFORMS: dict[str, Callable[[Section], Waveform | None]] = {
    "step": _step,
    "ramp": _ramp,
    "sine": _sine,
    "pulse": _pulse,
    "table": _table,
}
"""Name of a function -> its reader, which gives ``None`` with a problem when it is written wrong."""
