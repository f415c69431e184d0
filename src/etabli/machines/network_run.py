"""Runs a network that was written by hand: writes its inputs and events, records what was asked for."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from etabli.physics.blame import Blame, Sentinel
from etabli.physics.law import Domain
from etabli.physics.network import Network, NodeRef, ParameterRef, Ref
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text
from etabli.physics.waveform import Waveform

Floats = NDArray[np.float64]
DEFAULT_STEP_S = 0.001
LEAST_STEP_S, MOST_STEP_S = 1e-6, 1.0
INSTANT_S = 1e-9
"""Too short for anything that is stored to change."""
MOST_ROWS = 2_000_000


class ImpossibleRun(ValueError):
    """A duration (s) or a step (ms) that makes no sense: the option of `etabli simulate`, its value, its limits."""

    def __init__(self, option: str, value: float, unit: str, low: float, high: float) -> None:
        self.text = Text(
            f"--{option} {_number(value, french=True)} : valeur impossible", f"--{option} {value:g}: impossible value"
        )
        self.mend = Text(
            f"choisir entre {_number(low, french=True)} et {_number(high, french=True)} {unit}",
            f"choose between {low:g} and {high:g} {unit}",
        )
        super().__init__(f"{self.text.en}; {self.mend.en}")


@dataclass(frozen=True)
class Input:
    """A parameter that follows a function of time."""

    to: ParameterRef
    follows: Waveform


@dataclass(frozen=True)
class Write:
    """What an event does to one parameter."""

    to: ParameterRef
    value: Callable[[float], float]
    """Gives the value after the event from the one before it (a fault starts from the healthy value)."""


@dataclass(frozen=True)
class Event:
    """Something that happens at ``at_s``: a hand, a written parameter, a fault."""

    at_s: float
    writes: tuple[Write, ...]
    text: str


@dataclass(frozen=True)
class Recorded:
    """A column: a value, or the difference of two, times ``scale`` plus ``offset``. An AC node gives its RMS value."""

    name: str
    unit: str
    ref: Ref
    minus: Ref | None = None
    scale: float = 1.0
    offset: float = 0.0

    @property
    def header(self) -> str:
        """Name and unit, as on the first line of the CSV file."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True)
class Experiment:
    """A network, what happens to it and what is recorded. Made by :func:`etabli.machines.network_file.load_network`."""

    title: Text
    network: Network
    inputs: tuple[Input, ...] = ()
    events: tuple[Event, ...] = ()
    records: tuple[Recorded, ...] = ()
    seconds: float = 1.0
    step_s: float = DEFAULT_STEP_S
    every_s: float = 0.0
    """Time between two rows; 0: every step."""

    def run(self, seconds: float | None = None, step_s: float | None = None) -> Recording:
        """Simulate from the start. ``seconds`` and ``step_s``: instead of what the file says.

        A step that gives no finite number ends the run: :attr:`Recording.blame` then says whose it is. Raises
        :class:`ImpossibleRun`.
        """
        duration = self.seconds if seconds is None else seconds
        step = self.step_s if step_s is None else step_s
        if not LEAST_STEP_S <= step <= MOST_STEP_S:
            raise ImpossibleRun("step", step * 1e3, "ms", LEAST_STEP_S * 1e3, MOST_STEP_S * 1e3)
        every = max(1, round(self.every_s / step))
        longest = MOST_ROWS * every * step
        if seconds is None and duration <= 0.5 * step:
            raise ImpossibleRun("step", step * 1e3, "ms", LEAST_STEP_S * 1e3, duration * 1e3)
        if not 0.5 * step < duration <= longest:
            raise ImpossibleRun("seconds", duration, "s", step, longest)
        return _Run(self, step).go(round(duration / step), every)


@dataclass
class Recording:
    """What a run gave: ``recording["name"]`` is a column, ``recording.time`` its instants in seconds."""

    records: tuple[Recorded, ...]
    time: Floats
    values: Floats
    unresolved: int = 0
    blame: Blame | None = None
    lost: bool = False
    """The run stopped before its end, on a value that is no finite number."""
    unreached: tuple[Event, ...] = ()
    """Events of the file that come after the end of the run."""

    def __getitem__(self, name: str) -> Floats:
        """A column by its name. Raises ``KeyError``."""
        names = [r.name for r in self.records]
        if name not in names:
            raise KeyError(f"nothing is recorded as {name!r}; recorded: {', '.join(names)}")
        column: Floats = self.values[:, names.index(name)]
        return column

    def at(self, name: str, time_s: float) -> float:
        """Value of a column at an instant (straight line between two rows)."""
        return float(np.interp(time_s, self.time, self[name]))

    def write_csv(self, path: Path) -> None:
        """Write the whole recording: a line of titles with units, then a row an instant."""
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["t [s]", *(r.header for r in self.records)])
            for t, row in zip(self.time, self.values, strict=True):
                writer.writerow([f"{t:.6g}", *(f"{x:.7g}" for x in row)])

    def summary(self, language: str = "fr") -> list[str]:
        """A table for people: first, least, greatest and last value of each column."""
        french = not language.startswith("en")
        titles = (
            ("grandeur", "début", "min", "max", "fin") if french else ("quantity", "first", "least", "most", "last")
        )
        rows: list[tuple[str, ...]] = [titles]
        for column, record in enumerate(self.records):
            y = self.values[:, column]
            numbers = np.array([y[0], y.min(), y.max(), y[-1]])
            numbers[np.abs(numbers) < 1e-6 * np.abs(numbers).max()] = 0.0  # leaks of an open switch and the like
            rows.append((record.header, *(_number(float(x), french) for x in numbers)))
        widths = [max(len(row[i]) for row in rows) for i in range(len(titles))]
        return [
            "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]


def _number(value: float, french: bool) -> str:
    text = f"{value:.4g}"
    return text.replace(".", ",") if french else text


class _Run:
    """One simulation of an experiment."""

    def __init__(self, experiment: Experiment, step_s: float) -> None:
        self.experiment = experiment
        self.simulator = Simulator(experiment.network, step_s)
        self._inputs = [(self.simulator.writer(i.to), i.follows, math.nan) for i in experiment.inputs]
        self._events = sorted(experiment.events, key=lambda e: e.at_s)
        self._gather = _gatherer(self.simulator, experiment.records)

    def go(self, steps: int, every: int) -> Recording:
        simulator, sentinel = self.simulator, Sentinel(self.simulator)
        times, rows, blame, lost = [0.0], [self._first_row()], None, False
        for step in range(1, steps + 1):
            self._drive(simulator.time_s)
            simulator.advance(1)
            found = sentinel.look()
            blame = blame or found
            lost = found is not None and not np.isfinite(simulator.values).all()
            if step % every == 0 or lost:
                times.append(simulator.time_s)
                rows.append(self._gather())
            if lost:
                break
        unreached = () if lost else tuple(self._events)
        table = np.array(times), np.array(rows)
        return Recording(self.experiment.records, *table, simulator.unresolved, blame, lost, unreached)

    def _first_row(self) -> Floats:
        """What can be read as soon as the run begins: charges and states as given, all else as they make it."""
        instant = _Run(self.experiment, INSTANT_S)
        instant._drive(0.0)
        instant.simulator.advance(1)
        found = instant._gather()
        return found if np.isfinite(found).all() else self._gather()

    def _drive(self, now: float) -> None:
        """Write what changes during the step that begins now; a function of time is taken in the middle of it."""
        middle = now + 0.5 * self.simulator.step_s
        while self._events and self._events[0].at_s <= now + 1e-9:
            self._happen(self._events.pop(0))
        for place, (write, follows, before) in enumerate(self._inputs):
            value = follows.at(middle)
            if value != before:  # a parameter that is written wakes its island
                write(value)
                self._inputs[place] = (write, follows, value)

    def _happen(self, event: Event) -> None:
        for write in event.writes:
            self.simulator.write(write.to, write.value(self.simulator.read(write.to)))


def _gatherer(simulator: Simulator, records: Sequence[Recorded]) -> Callable[[], Floats]:
    """A function that reads all columns at once."""
    first = [_parts(simulator, r.ref) for r in records]
    second = [_parts(simulator, r.minus) if r.minus is not None else None for r in records]
    values = simulator.values

    def gather() -> Floats:
        row = np.empty(len(records))
        for i, record in enumerate(records):
            parts = [values[p] for p in first[i]]
            other = second[i]
            if other is not None:
                parts = [a - values[b] for a, b in zip(parts, other, strict=True)]
            row[i] = (parts[0] if len(parts) == 1 else math.hypot(*parts)) * record.scale + record.offset
        return row

    return gather


def _parts(simulator: Simulator, ref: Ref) -> list[int]:
    """Places of a value: two for an AC node."""
    if isinstance(ref, NodeRef) and simulator.network.nodes.get(ref.node) is Domain.AC:
        return [simulator.index(NodeRef(ref.node, part)) for part in (0, 1)]
    return [simulator.index(ref)]
