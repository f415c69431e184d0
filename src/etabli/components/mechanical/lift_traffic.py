"""Goods that travel in a lift: trolleys arrive at the landings, are called for, rolled in, sent, rolled out.

Heights are in metres from the lowest landing, loads in kg. Nothing here is physics of the network: the process reads
the car and its door, presses the buttons of the landings and rolls the load in and out. Its random numbers are its
own, so a bench replays bit for bit. One trolley travels at a time, as a goods lift without attendant is used.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar

from etabli.components.component import Parameters
from etabli.components.mechanical.belt_parts import MatterError
from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.text import Text

MOST_LEVELS = 6

AT_REST_M_S = 0.01
DOOR_OPEN = 0.9
"""Share of the opening from which a trolley passes."""
PRESS_S = 0.4
AGAIN_S = 6.0
"""Who has pressed and does not see the car come presses again after this time."""
REACH_M = 0.15
"""From this height of step on nobody rolls a trolley: the stop does not count as one at this landing."""


class TrafficError(ValueError):
    """A parameter of the traffic is wrong; the message names it and the mend."""


class Phase(enum.Enum):
    """What the people of the workshop are doing."""

    IDLE = "idle"
    CALL = "call"
    LOAD = "load"
    SEND = "send"
    UNLOAD = "unload"


@dataclass(frozen=True, slots=True)
class Habits:
    """How the lift is used, from the parameters of its shaft."""

    levels: tuple[float, ...]
    order_min_s: float
    order_max_s: float
    load_min_kg: float
    load_max_kg: float
    rolling_s: float
    tolerance_m: float
    late_s: float

    @staticmethod
    def of(p: Parameters) -> Habits:
        """Read and check the parameters of a shaft."""
        levels = tuple(float(x) for x in p["levels"])
        if not 2 <= len(levels) <= MOST_LEVELS or any(b - a < 1.0 for a, b in pairwise(levels)):
            raise TrafficError(f"levels is {levels}: give 2 to {MOST_LEVELS} heights in m, rising by 1 m at least")
        habits = Habits(
            levels,
            float(p["order_min_s"]),
            float(p["order_max_s"]),
            float(p["load_min_kg"]),
            float(p["load_max_kg"]),
            float(p["rolling_s"]),
            float(p["tolerance_mm"]) * 1e-3,
            float(p["late_s"]),
        )
        if habits.order_min_s > habits.order_max_s or habits.load_min_kg > habits.load_max_kg:
            raise TrafficError("order_min_s and load_min_kg must not be above order_max_s and load_max_kg")
        return habits


@dataclass(slots=True)
class Tally:
    """What was asked of the lift and what came of it."""

    asked: int = 0
    trips: int = 0
    good: int = 0
    mislevelled: int = 0
    late: int = 0
    delivered: int = 0
    removed: int = 0
    last_error_mm: float = 0.0
    worst_error_mm: float = 0.0
    trip_last_s: float = 0.0
    trip_sum_s: float = 0.0


@dataclass(slots=True)
class Order:
    """One trolley: where it waits, where it goes, what it weighs, and the trip under way."""

    start: int
    goal: int
    load_kg: float
    asked_s: float = 0.0
    pressed_s: float = 0.0
    since_s: float = 0.0
    late: bool = False


class LiftTraffic:
    """The goods of one lift (a :class:`etabli.components.component.Process`)."""

    gestures: ClassVar[Mapping[str, Text]] = {
        "clear": Text("Sortir la charge de la cabine", "Take the load out of the car")
    }

    def __init__(self, tag: str, parameters: Parameters, rng: random.Random) -> None:
        self._habits = Habits.of(parameters)
        count = len(self._habits.levels)
        self.reads = tuple(MemoryRef(f"{tag}.car", name) for name in ("height", "speed", "door"))
        self._fingers = tuple(
            tuple(ParameterRef(f"{tag}.{kind}_{level}", "value") for level in range(count)) for kind in ("call", "send")
        )
        self._waiting = tuple(ParameterRef(f"{tag}.waiting_{level}", "value") for level in range(count))
        self._doorway = ParameterRef(f"{tag}.doorway", "value")
        self._load_ref = ParameterRef(f"{tag}.load", "value")
        self._written: dict[ParameterRef, float] = {}
        self._shown: tuple[object, ...] = ()
        self._random = rng.getrandbits(64)
        self._now_s = 0.0
        self._phase = Phase.IDLE
        self._order: Order | None = None
        self._tally = Tally()
        self._load_kg = 0.0
        self._height = self._car_speed = self._opening = 0.0
        self._next_order_s = 2.0 + 2.0 * self._draw()

    # --- one scan -----------------------------------------------------------------------------------------------

    def step(
        self, now_s: float, dt_s: float, seen: Sequence[float], write: Callable[[ParameterRef, float], None]
    ) -> None:
        """Advance by ``dt_s``: look at the car, do the next thing, show fingers, goods and load."""
        self._now_s = now_s
        self._height, self._car_speed, self._opening = seen
        order = self._order
        if order is None:
            if now_s >= self._next_order_s:
                self._take_order()
        elif self._phase is Phase.CALL or self._phase is Phase.SEND:
            self._await_car(order, order.start if self._phase is Phase.CALL else order.goal)
        else:
            self._roll(order, dt_s)
        self._show(write)

    def _take_order(self) -> None:
        habits = self._habits
        start = int(self._draw() * len(habits.levels))
        goal = (start + 1 + int(self._draw() * (len(habits.levels) - 1))) % len(habits.levels)
        load = habits.load_min_kg + (habits.load_max_kg - habits.load_min_kg) * self._draw()
        self._order = Order(start, goal, float(round(load)))
        self._ask(self._order, Phase.CALL)

    def _ask(self, order: Order, phase: Phase) -> None:
        """A trip is asked for: the finger goes to the button."""
        self._phase = phase
        order.asked_s = order.pressed_s = self._now_s
        order.late = False
        self._tally.asked += 1

    def _await_car(self, order: Order, level: int) -> None:
        if self._now_s - order.pressed_s >= AGAIN_S:
            order.pressed_s = self._now_s
        if not order.late and self._now_s - order.asked_s > self._habits.late_s:
            order.late = True
            self._tally.late += 1
        if self._is_open_at(level):
            self._arrived(order, level)

    def _is_open_at(self, level: int) -> bool:
        return (
            abs(self._height - self._habits.levels[level]) < REACH_M
            and self._opening > DOOR_OPEN
            and abs(self._car_speed) < AT_REST_M_S
        )

    def _arrived(self, order: Order, level: int) -> None:
        tally = self._tally
        error = self._height - self._habits.levels[level]
        tally.trips += 1
        tally.last_error_mm = 1e3 * error
        tally.worst_error_mm = max(tally.worst_error_mm, abs(1e3 * error))
        tally.trip_last_s = self._now_s - order.asked_s
        tally.trip_sum_s += tally.trip_last_s
        if abs(error) > self._habits.tolerance_m:
            tally.mislevelled += 1
        elif not order.late:
            tally.good += 1
        order.since_s = self._now_s
        self._phase = Phase.LOAD if self._phase is Phase.CALL else Phase.UNLOAD

    def _roll(self, order: Order, dt_s: float) -> None:
        """The trolley rolls over the sill while the door is open; its weight comes on the floor little by little."""
        level = order.start if self._phase is Phase.LOAD else order.goal
        if not self._is_open_at(level):
            return
        share = order.load_kg * dt_s / self._habits.rolling_s
        if self._phase is Phase.LOAD:
            self._load_kg = min(order.load_kg, self._load_kg + share)
            if self._load_kg >= order.load_kg:
                self._ask(order, Phase.SEND)
            return
        self._load_kg = max(0.0, self._load_kg - share)
        if self._load_kg <= 0.0:
            self._tally.delivered += 1
            self._end_order()

    def _end_order(self) -> None:
        self._order, self._phase = None, Phase.IDLE
        self._next_order_s = self._now_s + self._interval()

    def _show(self, write: Callable[[ParameterRef, float], None]) -> None:
        order, phase = self._order, self._phase
        pressing = order is not None and self._now_s - order.pressed_s < PRESS_S
        shown = (phase, order and order.start, order and order.goal, pressing, self._opening > 0.5, self._load_kg)
        if shown == self._shown:
            return
        self._shown = shown
        for kind, fingers in zip((Phase.CALL, Phase.SEND), self._fingers, strict=True):
            for level, ref in enumerate(fingers):
                at = -1 if order is None else order.start if kind is Phase.CALL else order.goal
                self._put(write, ref, float(pressing and phase is kind and level == at))
        for level, ref in enumerate(self._waiting):
            self._put(write, ref, float(order is not None and phase is Phase.CALL and level == order.start))
        rolling = (phase is Phase.LOAD or phase is Phase.UNLOAD) and self._opening > 0.5
        self._put(write, self._doorway, float(rolling))
        self._put(write, self._load_ref, self._load_kg)

    def _put(self, write: Callable[[ParameterRef, float], None], ref: ParameterRef, value: float) -> None:
        """Write what has changed only: a write wakes the circuits that sleep."""
        if self._written.get(ref) != value:
            self._written[ref] = value
            write(ref, value)

    # --- what people see and do -----------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Counts for the mimic, and the trolley under way."""
        tally, order = self._tally, self._order
        return {
            "bins": {
                "trips": {"good": tally.good, "bad": tally.mislevelled + tally.late},
                "goods": {"good": tally.delivered, "bad": tally.removed},
            },
            "parts": [],
            "speed": 0.0,
            "phase": self._phase.value,
            "load_kg": round(self._load_kg, 1),
            "order": None if order is None else {"start": order.start, "goal": order.goal, "load_kg": order.load_kg},
        }

    def counters(self) -> dict[str, float]:
        """Trips asked for (``fed``), levelled in time (``good``), mislevelled or late (``bad``), and their details."""
        tally = self._tally
        return {
            "fed": tally.asked,
            "good": tally.good,
            "bad": tally.mislevelled + tally.late,
            "trips": tally.trips,
            "mislevelled": tally.mislevelled,
            "late": tally.late,
            "delivered": tally.delivered,
            "removed": tally.removed,
            "last_error_mm": tally.last_error_mm,
            "worst_error_mm": tally.worst_error_mm,
            "cycle_last_s": tally.trip_last_s,
            "cycle_mean_s": tally.trip_sum_s / tally.trips if tally.trips else 0.0,
        }

    def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """``place_part``: a trolley arrives now; ``clear``: the goods are taken off; ``empty_bins``: counts from 0."""
        actions = {"place_part": self._arrive_now, "clear": self._take_off, "empty_bins": self._count_from_zero}
        if action not in actions:
            raise MatterError(
                Text("rien n'est coincé dans le monte-charge", "nothing is jammed in the goods lift")
                if action == "remove_jam"
                else Text(f"action inconnue : {action}", f"unknown action: {action}")
            )
        actions[action]()

    def _arrive_now(self) -> None:
        if self._order is not None:
            raise MatterError(Text("un chariot est déjà en attente", "a trolley is already waiting"))
        self._take_order()

    def _take_off(self) -> None:
        self._tally.removed += self._order is not None
        self._load_kg = 0.0
        self._end_order()

    def _count_from_zero(self) -> None:
        self._tally = Tally()

    # --- random numbers and snapshots ---------------------------------------------------------------------------

    def _draw(self) -> float:
        """Uniform in [0, 1): linear congruential generator of Knuth (MMIX), upper 53 bits."""
        self._random = (self._random * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self._random >> 11) / (1 << 53)

    def _interval(self) -> float:
        habits = self._habits
        return habits.order_min_s + (habits.order_max_s - habits.order_min_s) * self._draw()

    def snapshot(self) -> dict[str, Any]:
        """JSON-able state; the random state is text because JSON readers lose digits of large integers."""
        return {
            "random": str(self._random),
            "now_s": self._now_s,
            "next_order_s": self._next_order_s,
            "phase": self._phase.value,
            "order": None if self._order is None else asdict(self._order),
            "load_kg": self._load_kg,
            "tally": asdict(self._tally),
            "written": [[ref.device, ref.parameter, value] for ref, value in self._written.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Back to a snapshot."""
        self._random = int(state["random"])
        self._now_s = float(state["now_s"])
        self._next_order_s = float(state["next_order_s"])
        self._phase = Phase(state["phase"])
        self._order = None if state["order"] is None else Order(**state["order"])
        self._load_kg = float(state["load_kg"])
        self._tally = Tally(**state["tally"])
        self._shown = ()
        self._written = {ParameterRef(device, name): float(value) for device, name, value in state["written"]}
