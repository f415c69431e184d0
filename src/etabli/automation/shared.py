"""One program run by many CPUs that mostly do the same: a scan that one of them has done is not done again.

A scan looks at the clock in its timers only, and there only at the time since a timer started. So a state that holds
this time, and not the instant of the start, is the same state whenever it comes again, in whatever run: the next one
depends on the inputs alone. States are interned and remember what followed them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from etabli.automation import ir
from etabli.automation.blocks import BLOCKS, BlockKind
from etabli.automation.plc import Mode, Plc
from etabli.automation.program import Program
from etabli.automation.types import Value

STATES_KEPT: Final = 30_000
"""States remembered: some 50 MB with a program of 200 slots."""
_RUNS: Final = {BlockKind.TON: "RUN", BlockKind.TOF: "RUN", BlockKind.TP: "Q"}
"""The pin of each timer that is true while its START is looked at."""

_Key = tuple[bool, bool, Mode, tuple[Value, ...]]


@dataclass(slots=True, eq=False)
class CpuState:
    """A CPU between two scans. ``commands`` are its outputs in the order that was asked for."""

    slots: tuple[Value, ...]
    """As in :class:`Plc`, but the START of a timer holds the time since then, µs (0 when it does not matter)."""
    mode: Mode
    started: bool
    """Whether it was ever powered: the first start is a cold one."""
    powered: bool
    commands: tuple[bool, ...]
    following: dict[bytes, CpuState] = field(default_factory=dict)

    @property
    def key(self) -> _Key:
        """What makes two states the same."""
        return (self.powered, self.started, self.mode, self.slots)


@dataclass(frozen=True, slots=True)
class _Timer:
    """Slots of one timer. ``most_us``: a longer time changes nothing more, because its PT is one number."""

    running: int
    start: int
    most_us: int | None


class SharedCpu:
    """The CPUs of many runs of one program. Forces and the console belong to single runs: see :class:`Plc`."""

    def __init__(self, program: Program, inputs: Sequence[str], outputs: Sequence[str], period_us: int) -> None:
        """``inputs`` and ``outputs`` are addresses or names, in the order of the images and of the commands;
        ``period_us`` is the time between two scans. Raises ``ValueError`` for a program that cannot be shared."""
        self._program = program
        self._plc = Plc(program)
        self._period_us = period_us
        self._input_slots = [_slot(program, address) for address in inputs]
        order = {variable.name: index for index, variable in enumerate(program.outputs)}
        self._outputs = [order[variable.name] for variable in (program.variable(a) for a in outputs) if variable]
        self._timers = _timers(program)
        self._known: dict[_Key, CpuState] = {}
        self.scans_done = 0
        """Scans that were really run."""
        self.root = self._interned(CpuState(tuple(self._plc.slots), self._plc.mode, False, False, self._off))
        """A CPU that was never powered."""

    @property
    def _off(self) -> tuple[bool, ...]:
        return (False,) * len(self._outputs)

    def after(self, state: CpuState, image: bytes) -> CpuState:
        """The state one scan later. ``image`` holds the inputs, one byte each, and ends with 1 when the CPU is powered.

        The same state again means that nothing will change until the image does.
        """
        found = state.following.get(image)
        if found is None:
            made = self._scanned(state, image) if image[-1] else self._unpowered(state)
            found = state if made.key == state.key else self._interned(made)
            if len(self._known) < STATES_KEPT:
                state.following[image] = found
        return found

    def value(self, state: CpuState, name: str) -> Value:
        """Value of a variable or a constant of the program; raises ``KeyError`` for an unknown name."""
        slot = self._program.slot_of(name)
        if slot is not None:
            return state.slots[slot]
        constant = self._program.constant(name)
        if constant is None:
            raise KeyError(name)
        return constant

    def _interned(self, state: CpuState) -> CpuState:
        known = self._known.get(state.key)
        if known is None:
            known = state
            if len(self._known) < STATES_KEPT:
                self._known[state.key] = state
        return known

    def _unpowered(self, state: CpuState) -> CpuState:
        return CpuState(state.slots, state.mode, state.started, False, self._off)

    def _scanned(self, state: CpuState, image: bytes) -> CpuState:
        plc, now = self._plc, self._period_us
        slots = plc.slots
        slots[:] = state.slots
        for timer in self._timers:  # what was x µs ago at the last scan
            slots[timer.start] = -int(slots[timer.start])
        plc.mode = state.mode
        if not state.powered:
            plc.start(cold=not state.started)
        for slot, on in zip(self._input_slots, image, strict=False):
            slots[slot] = on == 1
        plc.scan(now)
        self.scans_done += 1
        for timer in self._timers:
            since = now - int(slots[timer.start]) if slots[timer.running] else 0
            slots[timer.start] = since if timer.most_us is None else min(since, timer.most_us)
        out = plc.output_image
        return CpuState(tuple(slots), plc.mode, True, True, tuple([bool(out[i]) for i in self._outputs]))


def can_share(program: Program) -> bool:
    """Whether the CPUs of a program may share their scans."""
    try:
        _timers(program)
    except ValueError:
        return False
    return True


def _slot(program: Program, address: str) -> int:
    variable = program.variable(address)
    if variable is None or variable.slot is None:
        raise ValueError(f"{address} is not an input of the program {program.name}")
    return variable.slot


def _timers(program: Program) -> tuple[_Timer, ...]:
    """All timers. One that is retained would go on while the CPU is off: such a program cannot be shared."""
    found = []
    for variable in program.variables:
        if not isinstance(variable.type, BlockKind) or variable.type not in _RUNS or variable.slot is None:
            continue
        pins = {pin.name: variable.slot + index for index, pin in enumerate(BLOCKS[variable.type].pins)}
        if program.unit.slots[pins["START"]].retain:
            raise ValueError(f"{variable.name}: a RETAIN timer depends on how long the CPU is off")
        found.append(_Timer(pins[_RUNS[variable.type]], pins["START"], _only_value(program, pins["PT"])))
    return tuple(found)


def _only_value(program: Program, slot: int) -> int | None:
    """The one literal that the whole program gives to a slot, None when there are others or computed ones."""
    values = {
        statement.value.value if isinstance(statement.value, ir.Literal) else None
        for network in program.unit.networks
        for statement in ir.every(network.body)
        if isinstance(statement, ir.Assign) and statement.target.slot == slot
    }
    only = values.pop() if len(values) == 1 else None
    return None if only is None else int(only)
