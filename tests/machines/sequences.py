"""When each output of a machine's program changes, in steps of the engine that may be shorter than usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from etabli.components.component import Read
from etabli.machines.hands import Hands, Move
from etabli.machines.model import Machine
from etabli.physics.network import ParameterRef
from etabli.physics.simulator import Simulator
from machines.headless import STEPS, TICK_S, Headless

STEP_S = TICK_S / STEPS
FINE_STEP_S = 1e-4

Moves = Mapping[int, list[Move]]


class Finer(Simulator):
    """Takes many short steps where :class:`Headless` asks for one; laws with a clock of their own keep theirs."""

    def __init__(self, machine: Machine, step_s: float, event_halvings: int | None) -> None:
        super().__init__(machine.network(), step_s, event_halvings=event_halvings, clock_s=STEP_S)

    def advance(self, steps: int = 1) -> None:
        """``steps`` steps of the usual length."""
        super().advance(steps * round(STEP_S / self.step_s))


class NotedHands(Hands):
    """Hands whose moves are noted by the tick, or come from such a note."""

    def __init__(self, run: Headless, given: Moves | None) -> None:
        super().__init__(run.machine, run.hands.state)
        self._run, self._given = run, given
        self.moves: dict[int, list[Move]] = {}

    def step(self, now_s: float, read: Read, counters: Mapping[str, float]) -> list[Move]:
        """The moves of this tick."""
        made = super().step(now_s, read, counters) if self._given is None else self._given.get(self._run.ticks, [])
        self.moves[self._run.ticks] = made
        return made


@dataclass(frozen=True)
class Course:
    """Ticks of 10 ms at which each output changed, and what the hands did."""

    changes: dict[str, list[int]]
    moves: Moves

    def late_ms(self, reference: Course) -> list[float]:
        """By how much each change came after (or before, below 0) that of the reference. Raises ``ValueError`` when the
        outputs did not change as often."""
        if {k: len(v) for k, v in self.changes.items()} != {k: len(v) for k, v in reference.changes.items()}:
            raise ValueError("another sequence")
        both = [
            (at, then)
            for k, ticks in self.changes.items()
            for at, then in zip(ticks, reference.changes[k], strict=True)
        ]
        return [1e3 * TICK_S * (at - then) for at, then in both]


def course(
    machine: Machine,
    seconds: float,
    step_s: float = STEP_S,
    event_halvings: int | None = None,
    moves: Moves | None = None,
) -> Course:
    """The machine is started by its operator and works for some seconds.

    ``moves``: what the hands did in another run, to be done at the same times. Eyes that look twenty times a second
    would turn one scan of difference into 50 ms.
    """
    run = Headless(machine)
    simulator = run.simulator = Finer(machine, step_s, event_halvings)
    hands = run.hands = NotedHands(run, moves)
    changes: dict[str, list[int]] = {}
    write = simulator.write

    def note(ref: ParameterRef, value: float) -> None:
        if ref.parameter == "command":
            changes.setdefault(ref.device, []).append(run.ticks)
        write(ref, value)

    simulator.write = note  # type: ignore[method-assign]
    run.produce()
    run.run(seconds)
    return Course(changes, hands.moves)
