"""Functions of time that drive a parameter: step, ramp, sine, pulse, table."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol


class Waveform(Protocol):
    """A value for each instant."""

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""


@dataclass(frozen=True, slots=True)
class Step:
    """``before`` until ``at_s``, ``after`` from then on."""

    at_s: float
    before: float
    after: float

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""
        return self.after if time_s >= self.at_s else self.before


@dataclass(frozen=True, slots=True)
class Ramp:
    """A straight line from (``start_s``, ``first``) to (``end_s``, ``last``), flat before and after."""

    start_s: float
    end_s: float
    first: float
    last: float

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        return self.first + min(max(share, 0.0), 1.0) * (self.last - self.first)


@dataclass(frozen=True, slots=True)
class Sine:
    """``mean + amplitude · sin(2π · hertz · t + phase)``."""

    mean: float
    amplitude: float
    hertz: float
    phase_deg: float = 0.0

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""
        return self.mean + self.amplitude * math.sin(2.0 * math.pi * self.hertz * time_s + math.radians(self.phase_deg))


@dataclass(frozen=True, slots=True)
class Pulse:
    """``high`` for ``width_s`` from ``start_s`` on, ``low`` otherwise; again every ``period_s`` where it is not 0."""

    start_s: float
    width_s: float
    low: float
    high: float
    period_s: float = 0.0

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""
        since = time_s - self.start_s
        if since < 0.0:
            return self.low
        if self.period_s > 0.0:
            since %= self.period_s
        return self.high if since < self.width_s else self.low


@dataclass(frozen=True, slots=True)
class Table:
    """Straight lines between points (time s, value), flat before the first and after the last."""

    times: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, time_s: float) -> float:
        """Value at ``time_s``."""
        after = bisect_right(self.times, time_s)
        if after == 0:
            return self.values[0]
        if after == len(self.times):
            return self.values[-1]
        t0, t1 = self.times[after - 1], self.times[after]
        y0, y1 = self.values[after - 1], self.values[after]
        return y0 + (y1 - y0) * (time_s - t0) / (t1 - t0)
