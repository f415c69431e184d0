"""Several runs of one network side by side, each with its own parameters: what a fault dictionary is made with.

A lane gives the very bits of a :class:`Simulator` that is written to in the same way; see docs/dev/engine.md.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from etabli.physics.core_library import CoreError, Watch, batch_core
from etabli.physics.layout import Floats, layout_of
from etabli.physics.network import Network, ParameterRef, Ref
from etabli.physics.simulator import EVENT_HALVINGS, LONGEST_STEP_S, new_simulation, unresolved_steps

LINE = 64
"""Bytes of a line of the processor's cache: the numbers of eight lanes."""


def on_lines(shape: tuple[int, int]) -> Floats:
    """An array that begins on a line of the cache, so that the numbers of eight lanes never lie on two."""
    size = shape[0] * shape[1]
    room = np.empty(size + LINE // 8)
    first = -room.ctypes.data % LINE // 8
    return room[first : first + size].reshape(shape)


class LaneSimulator:
    """``lanes`` runs of ``network`` that advance together by steps of ``step_s`` seconds.

    ``values`` has one row a place (:meth:`Simulator.index` gives it) and one column a lane. Raises
    :class:`NetworkError` when the network is wrong and :class:`CoreError` when no batch core was built.
    """

    def __init__(
        self,
        network: Network,
        step_s: float = 0.005,
        longest_step_s: float = LONGEST_STEP_S,
        event_halvings: int = EVENT_HALVINGS,
    ) -> None:
        self.network = network
        self.step_s = step_s
        self.steps = 0
        self._core = batch_core()
        self.lanes = self._core.lanes
        self._layout = layout_of(network)
        if self._core.source_hash != self._layout.core.source_hash:
            raise CoreError("the batch core has other laws than the single one: build both again")
        self.values: Floats = on_lines((self._layout.size, self.lanes))
        self.values[:] = self._layout.initial_values[:, None]
        self._simulation = new_simulation(self._core, self._layout, self.values, step_s, longest_step_s)
        self._core.simulation_locate(self._simulation, event_halvings, 1)
        weakref.finalize(self, self._core.simulation_free, self._simulation)

    @property
    def time_s(self) -> float:
        """Simulated time since the start, in seconds."""
        return self.steps * self.step_s

    def advance(self, steps: int = 1) -> None:
        """Run ``steps`` steps in every lane."""
        self._core.simulation_advance(self._simulation, steps)
        self.steps += steps

    def watch(self, switches: Sequence[int], numbers: Sequence[int]) -> None:
        """Rows that :meth:`tick` and :meth:`look` look at: ``switches`` for whether they are above one half
        (:attr:`on`), ``numbers`` for what they are (:attr:`numbers`). Both have one row a lane."""
        self._rows = np.array(switches, np.uint32), np.array(numbers, np.uint32)
        self.on: NDArray[np.uint8] = np.zeros((self.lanes, len(switches)), np.uint8)
        self.numbers: Floats = np.zeros((self.lanes, len(numbers)))
        arrays = (*self._rows, self.on, self.numbers)
        self._watch = Watch(len(switches), len(numbers), *(array.ctypes.data for array in arrays))
        self._core.simulation_watch(self._simulation, self._watch)

    def look(self) -> bool:
        """Look now; whether a switch is not as it was looked at last."""
        return bool(self._core.simulation_look(self._simulation))

    def tick(self, steps: int) -> bool:
        """:meth:`advance`, then :meth:`look`."""
        self.steps += steps
        return bool(self._core.simulation_tick(self._simulation, steps))

    def index(self, ref: Ref) -> int:
        """Row of ``ref`` in :attr:`values`. Raises :class:`NetworkError` for an unknown name."""
        return self._layout.index(ref)

    def read(self, ref: Ref) -> Floats:
        """Present value behind ``ref`` in each lane, shape (lanes,)."""
        present: Floats = self.values[self._layout.index(ref)]
        return present.copy()

    def write(self, lane: int, ref: ParameterRef, value: float) -> None:
        """Set a parameter of one lane from the next step on. Raises ``IndexError`` for a lane that is not there."""
        if not 0 <= lane < self.lanes:
            raise IndexError(f"lane {lane} of {self.lanes}: lanes are numbered from 0")
        self.write_at(self._layout.index(ref), lane, value)

    def write_at(self, row: int, lane: int, value: float) -> None:
        """As :meth:`write`, for a known row of a parameter (:meth:`index`) and a known lane: nothing is checked."""
        self._core.simulation_write(self._simulation, row - self._layout.parameter_base, lane, value)

    def exchange(self, lane: int, other: LaneSimulator, its: int) -> None:
        """This lane and lane ``its`` of another simulator change places: each goes on where the other was, to the same
        bits. Both have made as many steps of the same network."""
        self._core.simulation_exchange(self._simulation, lane, other._simulation, its)

    @property
    def effort(self) -> Floats:
        """How hard each lane was to solve in its last calls of :meth:`tick`, the older the less, shape (lanes,)."""
        found = np.zeros(self.lanes)
        self._core.simulation_effort(self._simulation, found.ctypes.data)
        return found

    @property
    def unresolved(self) -> Floats:
        """Island steps of each lane that did not converge even after the shortest sub-step, shape (lanes,)."""
        return unresolved_steps(self._core, self._simulation)
