"""A book kept beside each fuse and breaker of a running machine: what it ought to have done, from the currents that it
carried and its plate. No law of ours is asked."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from etabli.physics.network import MemoryRef, ParameterRef, Ref, SampledDevice
from etabli.physics.simulator import Simulator
from reference.mistreatment import PROTECTIONS

Floats = NDArray[np.float64]
SHORT_S = 0.03
"""A fuse hardly cools in this time: the notches of a small cartridge have some 0.16 s. (In 0.1 s they give back a
quarter of what they got: a gG of 16 A bears its 85 A that long, which is more than its joule integral.)"""
LATE_S = 0.03
"""A breaker that is over its magnetic current opens within this time."""
HANDS = frozenset({"position", "locked"})
"""Parameters that a hand moves; any other one that changes is a failure or another setting."""


@dataclass
class Book:
    """What one protection carried while it was sound and closed."""

    plate: dict[str, float]
    peak_a: float = 0.0
    all_joules: float = 0.0
    heat: float = 0.0
    over_s: float = 0.0
    joules: float = 0.0
    recent: deque[float] = field(default_factory=deque)
    last_a: float = 0.0

    @property
    def fuse(self) -> bool:
        """A fuse, or a breaker."""
        return "melting_i2t" in self.plate

    def carried(self, amps: float, seconds: float) -> None:
        """``amps`` (largest pole) flow now, after ``seconds``, each time the same.

        What flowed in between is not known: a fuse is asked to open by the lesser of both ends only.
        """
        least, self.last_a = min(self.last_a, amps), amps
        self.peak_a = max(self.peak_a, amps)
        if self.fuse:
            self.recent.append(least * least * seconds)
            self.joules += self.recent[-1]
            self.all_joules += amps * amps * seconds
            if len(self.recent) > SHORT_S / seconds:
                self.joules -= self.recent.popleft()
            return
        self.over_s = self.over_s + seconds if amps > 1.001 * self.plate["magnetic_a"] else 0.0
        load = amps * self.plate["sensitivity"] / self.plate["rated"]
        self.heat += (load * load - self.heat) * -math.expm1(-seconds / self.plate["time_constant_s"])

    def opened(self) -> None:
        """It carries nothing any more, or nothing is asked of it any more."""
        self.heat = self.over_s = self.joules = self.last_a = 0.0
        self.recent.clear()

    def could_open(self) -> bool:
        """It has carried enough to open within seconds: what a breaker does by its heat takes longer."""
        if self.fuse:
            return self.all_joules > 0.9 * self.plate["melting_i2t"]
        return self.peak_a > 0.999 * self.plate["magnetic_a"]

    def late(self) -> str:
        """Why it ought to be open; empty while it may stay closed."""
        if self.fuse:
            return f"{self.joules:.3g} A²s" if self.joules > 1.3 * self.plate["melting_i2t"] else ""
        if self.over_s > LATE_S:
            return f"over its magnetic current for {self.over_s:.2f} s"
        return f"its heat is {self.heat:.3g}" if self.heat > 1.1 * self.plate["trip_level"] else ""


class Guard:
    """One protection of a running machine, and its book."""

    def __init__(self, device: SampledDevice) -> None:
        self.name = device.name
        self.tag = device.name.split(".")[0]
        self._was_closed = True
        given = dict(zip(device.law.parameters, device.parameters, strict=True))
        self.book = Book(given)
        fixed = {name: value for name, value in given.items() if name not in HANDS}
        self._sound = np.array(list(fixed.values()))
        self._currents = len(device.reads)
        state = MemoryRef(device.name, "blown" if self.book.fuse else "latched")
        self._refs: list[Ref] = [state, *device.reads, *(ParameterRef(device.name, name) for name in fixed)]

    def follow(self, simulator: Simulator) -> Callable[[], Floats]:
        """A function that reads all that :meth:`look` wants to see."""
        return simulator.reader(self._refs)

    def look(self, found: Floats, seconds: float) -> str:
        """``found``: what :attr:`follow` reads, after ``seconds`` more."""
        closed = (found[0] < 0.5) == self.book.fuse
        sound = np.array_equal(found[1 + self._currents :], self._sound)
        if self._was_closed and sound:
            self.book.carried(float(np.abs(found[1 : 1 + self._currents]).max()), seconds)
        self._was_closed = closed
        if closed and sound:
            return self.book.late()
        self.book.opened()
        return ""


class Guards:
    """All protections of a machine; made while it is sound, for its plates are read then."""

    def __init__(self, simulator: Simulator) -> None:
        devices = simulator.network.sampled.values()
        self.all = [Guard(device) for device in devices if device.law.name in PROTECTIONS]
        self._follow(simulator)

    def _follow(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._readers = [guard.follow(simulator) for guard in self.all]

    def look(self, simulator: Simulator, seconds: float) -> Iterator[str]:
        """``seconds`` have passed. Says which sound protection is still closed though it ought to be open."""
        if simulator is not self._simulator:  # a meter or a wire was put: the same machine, another network
            self._follow(simulator)
        for guard, read in zip(self.all, self._readers, strict=True):
            if why := guard.look(read(), seconds):
                yield f"{guard.name} is still closed: {why}"
