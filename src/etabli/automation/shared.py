"""One program run by many CPUs that mostly do the same: a scan that one of them has done is not done again.

The state of a CPU is an immutable :class:`CpuState`; the next one depends on the time and on its inputs alone, so runs
that start alike share their states for as long as their inputs are equal. Timers are all that looks at the clock, and
a running timer changes its elapsed time at every scan: a scan that changed nothing will change nothing later either,
until an input does (``steady``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from etabli.automation.plc import Mode, Plc
from etabli.automation.program import Program
from etabli.automation.types import Value

STATES_KEPT: Final = 30_000
"""Scans remembered for other runs: some 50 MB with a program of 200 slots."""


@dataclass(slots=True, eq=False)
class CpuState:
    """A CPU between two scans. ``commands`` are its outputs in the order that was asked for."""

    slots: tuple[Value, ...]
    mode: Mode
    scans: int
    powered: bool
    commands: tuple[bool, ...]
    image: bytes
    """Inputs of the last scan, one byte each, then the supply."""
    steady: bool
    """The next scan gives this very state again, whatever the time, as long as the image is the same."""
    following: dict[tuple[int, bytes], CpuState] = field(default_factory=dict)


class SharedCpu:
    """The CPUs of many runs of one program. Forces and the console belong to single runs: see :class:`Plc`."""

    def __init__(self, program: Program, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        """``inputs`` and ``outputs`` are addresses or names, in the order of the images and of the commands."""
        self._plc = Plc(program)
        self._input_slots = [self._slot(program, address) for address in inputs]
        order = {variable.name: index for index, variable in enumerate(program.outputs)}
        self._outputs = [order[variable.name] for variable in (program.variable(a) for a in outputs) if variable]
        self._kept = 0
        self.scans_done = 0
        """Scans that were really run."""
        off = (False,) * len(outputs)
        self.root = CpuState(tuple(self._plc.slots), self._plc.mode, 0, False, off, bytes(len(inputs) + 1), True)
        """A CPU that was never powered."""

    @staticmethod
    def _slot(program: Program, address: str) -> int:
        variable = program.variable(address)
        if variable is None or variable.slot is None:
            raise ValueError(f"{address} is not an input of the program {program.name}")
        return variable.slot

    def after(self, state: CpuState, now_us: int, image: bytes) -> CpuState:
        """The state after the scan at ``now_us`` with these inputs; ``image`` ends with 1 when the CPU is powered."""
        if state.steady and image == state.image:
            return state
        key = (now_us, image)
        known = state.following.get(key)
        if known is not None:
            return known
        made = self._scanned(state, now_us, image) if image[-1] else self._unpowered(state, image)
        if self._kept < STATES_KEPT:
            self._kept += 1
            state.following[key] = made
        return made

    def _unpowered(self, state: CpuState, image: bytes) -> CpuState:
        off = (False,) * len(self._outputs)
        return CpuState(state.slots, state.mode, state.scans, False, off, image, True)

    def _scanned(self, state: CpuState, now_us: int, image: bytes) -> CpuState:
        plc = self._plc
        slots = plc.slots
        slots[:] = state.slots
        plc.mode, plc.scan_count = state.mode, state.scans
        if not state.powered:
            plc.start(cold=state.scans == 0)
        if image != state.image:
            for slot, on in zip(self._input_slots, image, strict=False):
                slots[slot] = bool(on)
        before = list(slots)
        plc.scan(now_us)
        self.scans_done += 1
        out = plc.output_image
        commands = tuple([bool(out[i]) for i in self._outputs])
        return CpuState(tuple(slots), plc.mode, plc.scan_count, True, commands, image, slots == before)
