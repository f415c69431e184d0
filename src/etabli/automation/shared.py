"""One program run by many CPUs that mostly do the same: a scan that one of them has done is not done again.

A scan looks at the clock in its timers only, and there only at the time since a timer started. So a state that holds
this time, and not the instant of the start, is the same state whenever it comes again, in whatever run: the next one
depends on the inputs alone. States are interned and remember what followed them.

Most scans only let timers run on. Where statements at most compare an elapsed time with a number, a scan that changed
nothing else will change nothing else either until a timer or a comparison is due, or an input changes: such a state
says for how many scans it may be left alone (``idle``), and :meth:`SharedCpu.later` gives the state after some of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from etabli.automation import ir
from etabli.automation.blocks import BLOCKS, BlockKind
from etabli.automation.plc import Mode, Plc
from etabli.automation.program import Program
from etabli.automation.types import Value

STATES_KEPT: Final = 30_000
"""States remembered: some 50 MB with a program of 200 slots."""
FOREVER: Final = 1 << 40
"""Scans: more than any run has."""
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
    idle: int = 0
    """Coming scans that only let timers run on, as long as the image stays as it is."""
    ticking: tuple[int, ...] = ()
    """ET slots of the timers that run on meanwhile."""
    following: dict[bytes | int, CpuState] = field(default_factory=dict)
    """By image, the state one scan later; by number of scans, the state after so many idle ones."""

    @property
    def key(self) -> _Key:
        """What makes two states the same."""
        return (self.powered, self.started, self.mode, self.slots)


@dataclass(frozen=True, slots=True)
class _Timer:
    """Slots of one timer. ``most_us``: a longer time changes nothing more, because its PT is one number."""

    running: int
    start: int
    elapsed: int
    preset: int
    most_us: int | None

    def since(self, us: int) -> int:
        """Time since the start, no longer than it matters."""
        return us if self.most_us is None else min(us, self.most_us)


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
        self._marks = _marks(program, self._timers)
        times = {slot for timer in self._timers for slot in (timer.start, timer.elapsed)}
        timeless = [slot for slot in range(len(program.unit.slots)) if slot not in times]
        self._timeless: Callable[[tuple[Value, ...]], object] = itemgetter(*timeless) if timeless else len
        self._places: dict[tuple[str, ...], list[int | None]] = {}
        self._known: dict[_Key, CpuState] = {}
        self.scans_done = 0
        """Scans that were really run."""
        self.root = self._interned(CpuState(tuple(self._plc.slots), self._plc.mode, False, False, self._off))
        """A CPU that was never powered."""

    @property
    def _off(self) -> tuple[bool, ...]:
        return (False,) * len(self._outputs)

    def after(self, state: CpuState, image: bytes) -> CpuState:
        """The state one scan later. ``image``: one byte an input, then 1 when the CPU is powered."""
        found = state.following.get(image)
        if found is None:
            made = self._scanned(state, image) if image[-1] else self._unpowered(state)
            if made.key == state.key:
                found = state
                found.idle = FOREVER
            else:
                found = self._interned(made)
                found.idle, found.ticking = max((found.idle, found.ticking), self._idle(state, made))
            if len(self._known) < STATES_KEPT:
                state.following[image] = found
        return found

    def later(self, state: CpuState, scans: int) -> CpuState:
        """The state after some of its ``idle`` scans."""
        if not scans or not state.powered:
            return state
        found = state.following.get(scans)
        if found is None:
            found = self._interned(self._ran(state, scans))
            if len(self._known) < STATES_KEPT:
                state.following[scans] = found
        return found

    def _ran(self, state: CpuState, scans: int) -> CpuState:
        slots, ran_us = list(state.slots), scans * self._period_us
        for slot in state.ticking:
            slots[slot] = int(slots[slot]) + ran_us
        for timer in self._timers:
            if slots[timer.running]:
                slots[timer.start] = timer.since(int(slots[timer.start]) + ran_us)
        return CpuState(tuple(slots), state.mode, state.started, state.powered, state.commands)

    def _idle(self, before: CpuState, after: CpuState) -> tuple[int, tuple[int, ...]]:
        """For how many scans a state only lets timers run on, and which; seen from the scan that led to it."""
        if self._marks is None or not after.powered or not before.powered:
            return 0, ()
        old, new = before.slots, after.slots
        if self._timeless(old) != self._timeless(new):
            return 0, ()
        ticking, idle = [], FOREVER
        for timer in self._timers:
            ran = int(new[timer.elapsed]) - int(old[timer.elapsed])
            if ran == self._period_us and new[timer.running]:
                now, before_us = int(new[timer.elapsed]), int(old[timer.elapsed])
                for mark in (int(new[timer.preset]), *self._marks.get(timer.elapsed, ())):
                    if mark >= before_us:  # a statement above the timer still sees the time of the scan before
                        idle = min(idle, -(-(mark - now) // self._period_us) - 1)
                ticking.append(timer.elapsed)
            elif ran:
                return 0, ()
        return (idle, tuple(ticking)) if idle > 0 else (0, ())

    def value(self, state: CpuState, name: str) -> Value:
        """Value of a variable or a constant of the program; raises ``KeyError`` for an unknown name."""
        slot = self._program.slot_of(name)
        if slot is not None:
            return state.slots[slot]
        constant = self._program.constant(name)
        if constant is None:
            raise KeyError(name)
        return constant

    def values(self, state: CpuState, names: Sequence[str]) -> list[Value]:
        """Many values at once; the places of the names are remembered."""
        wanted = tuple(names)
        places = self._places.get(wanted)
        if places is None:
            places = self._places[wanted] = [self._program.slot_of(name) for name in wanted]
        slots = state.slots
        return [
            self.value(state, name) if place is None else slots[place]
            for name, place in zip(wanted, places, strict=True)
        ]

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
            slots[timer.start] = timer.since(now - int(slots[timer.start])) if slots[timer.running] else 0
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
        most_us = _only_value(program, pins["PT"])
        found.append(_Timer(pins[_RUNS[variable.type]], pins["START"], pins["ET"], pins["PT"], most_us))
    return tuple(found)


def _marks(program: Program, timers: Sequence[_Timer]) -> dict[int, list[int]] | None:
    """For each ET slot the numbers that statements compare it with. None when a statement does more with an elapsed
    time, or a timer is called at several places."""
    statements = [s for network in program.unit.networks for s in ir.every(network.body)]
    calls = Counter(s.first_slot for s in statements if isinstance(s, ir.BlockCall))
    assigned = Counter(s.target.slot for s in statements if isinstance(s, ir.Assign))
    if any(count > 1 for count in calls.values()) or any(assigned[t.preset] > 1 for t in timers):
        return None
    nodes = [n for s in statements for expression in ir.expressions(s) for n in ir.walk(expression)]
    times = {t.elapsed for t in timers}
    loads = sum(isinstance(n, ir.Load) and n.slot in times for n in nodes)
    marks: dict[int, list[int]] = {}
    for node in nodes:
        if isinstance(node, ir.Compare):
            for time, number in ((node.left, node.right), (node.right, node.left)):
                if isinstance(time, ir.Load) and time.slot in times and isinstance(number, ir.Literal):
                    marks.setdefault(time.slot, []).append(int(number.value))
    return marks if sum(map(len, marks.values())) == loads else None


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
