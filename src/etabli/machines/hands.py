"""The hands of the operator in production: gestures that come again at every part or trip (``works``).

Whoever runs a machine (a bench, a trial, a test) steps the hands a few times a second and does what they give back.
Their memory is plain data (:class:`HandsState`), so that a bench can save it and replay bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from etabli.components.component import Read
from etabli.machines.model import Condition, Machine, Work
from etabli.machines.operator import COMPARISONS, resolved_reading
from etabli.physics.network import Ref

STEP_S = 0.05
"""How often the hands are stepped, s: well below the reaction of a person."""
_EPSILON_S = 1e-9


@dataclass
class WorkState:
    """Where one work stands."""

    begun_s: float | None = None
    """When the present round began; None between two rounds."""
    done: int = 0
    """Gestures of this round already made."""
    next_s: float = 0.0
    """No new round before this time."""


@dataclass
class HandsState:
    """What the hands do now: nothing while ``on`` is false."""

    on: bool = False
    works: list[WorkState] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)
    """Controls that the hands hold away from 0: ``TAG.control`` -> value."""


@dataclass(frozen=True)
class Move:
    """A hand moves a control now."""

    tag: str
    control: str
    value: float


_Checks = list[tuple[Callable[[float, float], bool], float, str, tuple[Ref, float, float] | None]]
"""Of each condition: how it compares, with what, the counter that it looks at or the place that it reads and its
range."""


def _checks(machine: Machine, conditions: Iterable[Condition]) -> _Checks:
    found: _Checks = []
    for condition in conditions:
        kind, _, name = condition.reading.partition(".")
        place = None if kind == "counter" else resolved_reading(machine, condition.reading)
        found.append((COMPARISONS[condition.comparison], condition.value, name, place))
    return found


def _hold(checks: _Checks, read: Read, counters: Mapping[str, float]) -> bool:
    """Whether all conditions hold."""
    for compare, wanted, counter, place in checks:
        if place is None:
            value = counters.get(counter, 0.0)
        else:
            ref, low, high = place
            value = (read(ref) - low) / (high - low)
        if not compare(value, wanted):
            return False
    return True


class Hands:
    """The hands at one machine; all they remember is in ``state``."""

    def __init__(self, machine: Machine, state: HandsState) -> None:
        self._works = machine.operator.works
        self.state = state
        self._bound = [(w, _checks(machine, w.when), _checks(machine, w.until)) for w in self._works]
        every = (check for _, when, until in self._bound for check in (*when, *until))
        self.looks_at_counters = any(place is None for *_, place in every)
        """Whether the works of this machine depend on its production counters."""

    @property
    def idle(self) -> bool:
        """Nothing to do and nothing held."""
        return not self.state.on and not self.state.held

    def begin(self) -> None:
        """The operator takes the post."""
        if self.state.on or not self._works:
            return
        self.state.on = True
        self.state.works = [WorkState() for _ in self._works]

    def leave(self) -> list[Move]:
        """The operator leaves the post and lets go of everything."""
        self.state.on = False
        self.state.works = []
        return list(self._let_go(list(self.state.held)))

    def step(self, now_s: float, read: Read, counters: Mapping[str, float]) -> list[Move]:
        """What the hands do at ``now_s`` (s of machine time)."""
        if not self.state.on:
            return []
        moves: list[Move] = []
        for (work, when, until), state in zip(self._bound, self.state.works, strict=True):
            if state.begun_s is None:
                if now_s + _EPSILON_S < state.next_s or not _hold(when, read, counters):
                    continue
                state.begun_s, state.done = now_s, 0
            moves += self._round(work, until, state, now_s, read, counters)
        return moves

    def _round(
        self, work: Work, until: _Checks, state: WorkState, now_s: float, read: Read, counters: Mapping[str, float]
    ) -> Iterator[Move]:
        assert state.begun_s is not None
        since = now_s - state.begun_s
        while state.done < len(work.gestures) and work.gestures[state.done][0] <= since + _EPSILON_S:
            _, tag, control, value = work.gestures[state.done]
            state.done += 1
            yield self._move(tag, control, value)
        finished = state.done == len(work.gestures)
        achieved = finished and _hold(until, read, counters)
        if not achieved and since < work.most_s:
            return
        yield from self._let_go([f"{tag}.{control}" for _, tag, control, _ in work.gestures])
        state.next_s = max(state.begun_s + work.every_s, now_s)
        state.begun_s = None

    def _move(self, tag: str, control: str, value: float) -> Move:
        name = f"{tag}.{control}"
        if value:
            self.state.held[name] = value
        else:
            self.state.held.pop(name, None)
        return Move(tag, control, value)

    def _let_go(self, names: list[str]) -> Iterator[Move]:
        for name in dict.fromkeys(names):
            if name in self.state.held:
                tag, _, control = name.partition(".")
                yield self._move(tag, control, 0.0)
