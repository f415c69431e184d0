"""Parts on a sorting conveyor: they enter at random, ride, queue, are stopped, pushed off, sorted or jammed.

Everything is in metres along the belt from its entry; a part is known by its centre and its offset across the belt
(0 on the centre line, 1 off the edge). Nothing here is physics of the network: the process reads the belt speed and the
rods and writes what the stations see. Its random numbers are its own, so a bench replays bit for bit.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from etabli.components.component import Parameters
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, Ref
from etabli.physics.text import Text

KINDS = ("tall_metal", "tall_plastic", "short_metal", "short_plastic")
EXPECTATIONS = ("any", "tall", "short", "metal", "plastic", *KINDS)
DETECTS = ("any", "tall", "metal")
RODS = ("stop", "ejector_1", "ejector_2")
END = "end"

TOUCH = 0.25  # rod fraction at which a pusher or a stop reaches a part on the centre line
DROP = 0.8  # offset across the belt from which a part falls into the bin
STOPPING = 0.5  # rod fraction from which the stop holds parts
CORNER_M = 0.012  # rounded corner of a part: a rod that meets it slides past instead of wedging it
MOVING_M_S = 0.01
_EPSILON_M = 1e-9
_MARGIN_M = 1e-6  # of travel: far above what rounding adds up to, far below a step


class LayoutError(ValueError):
    """A conveyor parameter is wrong; the message names it and the mend."""


class MatterError(ValueError):
    """A hand cannot do that to the parts now; ``text`` says why in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Station:
    """A place of the belt where a sensor looks."""

    name: str
    at: float
    detects: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are on the conveyor, from its parameters."""

    length: float
    part_length: float
    stations: tuple[Station, ...]
    ejectors: tuple[tuple[str, float], ...]
    pusher_width: float
    stop_at: float | None
    feed_min_s: float
    feed_max_s: float
    feed_clear: float
    tall_share: float
    metal_share: float
    bins: Mapping[str, str]

    @staticmethod
    def of(p: Parameters) -> Layout:
        """Read and check the parameters of a conveyor."""
        length = float(p["length"])
        stations = tuple(_station(name, spec, length) for name, spec in dict(p["stations"]).items())
        ejectors = tuple(
            (f"ejector_{i + 1}", _place(f"ejectors[{i}]", at, length)) for i, at in enumerate(p["ejectors"])
        )
        if len(ejectors) > 2:
            raise LayoutError(f"ejectors: {len(ejectors)} places given, the conveyor takes two at most; remove some")
        stop = p["stop"]
        layout = Layout(
            length=length,
            part_length=float(p["part_length"]),
            stations=stations,
            ejectors=ejectors,
            pusher_width=float(p["pusher_width"]),
            stop_at=None if stop is None else _place("stop", stop, length),
            feed_min_s=float(p["feed_min_s"]),
            feed_max_s=float(p["feed_max_s"]),
            feed_clear=max(float(p["feed_clear"]), 1.5 * float(p["part_length"])),
            tall_share=_share("tall_share", p["tall_share"]),
            metal_share=_share("metal_share", p["metal_share"]),
            bins=_bins(p["bins"], ejectors),
        )
        if not 0.0 < layout.feed_min_s <= layout.feed_max_s:
            raise LayoutError(f"feed_min_s is {layout.feed_min_s}: it must be above 0 and not above feed_max_s")
        return layout


def _place(name: str, at: Any, length: float) -> float:
    if not isinstance(at, (int, float)) or not 0.0 <= float(at) <= length:
        raise LayoutError(f"{name} is {at!r}: give a place in metres between 0 and the length of the belt ({length})")
    return float(at)


def _share(name: str, value: Any) -> float:
    if not isinstance(value, (int, float)) or not 0.0 <= float(value) <= 1.0:
        raise LayoutError(f"{name} is {value!r}: give a share between 0 and 1")
    return float(value)


def _station(name: str, spec: Any, length: float) -> Station:
    if not isinstance(spec, Mapping) or not {"at"} <= set(spec) <= {"at", "detects"}:
        raise LayoutError(f"stations.{name}: write it as {{at: metres, detects: {'|'.join(DETECTS)}}}")
    detects = str(spec.get("detects", "any"))
    if detects not in DETECTS:
        raise LayoutError(f"stations.{name}.detects is {detects!r}: choose one of {', '.join(DETECTS)}")
    return Station(name, _place(f"stations.{name}.at", spec["at"], length), detects)


def _bins(bins: Any, ejectors: tuple[tuple[str, float], ...]) -> dict[str, str]:
    wanted = [END, *(name for name, _ in ejectors)]
    for name, kind in dict(bins).items():
        if name not in wanted:
            raise LayoutError(f"bins.{name}: no such bin; the bins are {', '.join(wanted)}")
        if kind not in EXPECTATIONS:
            raise LayoutError(f"bins.{name} is {kind!r}: choose one of {', '.join(EXPECTATIONS)}")
    return {name: str(dict(bins).get(name, "any")) for name in wanted}


def fits(tall: bool, metal: bool, expected: str) -> bool:
    """True where a part is of the kind ``expected``."""
    words = set(expected.split("_"))
    size, matter = ("tall" if tall else "short"), ("metal" if metal else "plastic")
    return words <= {"any", size, matter}


@dataclass(slots=True)
class Part:
    """One part: centre ``x`` (m), ``offset`` across the belt, time of entry, and what wedges it if anything does."""

    id: int
    tall: bool
    metal: bool
    x: float
    entered_s: float
    offset: float = 0.0
    wedged_by: str = ""

    @property
    def kind(self) -> str:
        """Name of the kind, one of :data:`KINDS`."""
        return f"{'tall' if self.tall else 'short'}_{'metal' if self.metal else 'plastic'}"


@dataclass(slots=True)
class Tally:
    """What has left the belt, and when."""

    fed: int = 0
    lost: int = 0
    removed: int = 0
    jams: int = 0
    good: dict[str, int] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)
    last_out_s: float = -1.0
    cycle_last_s: float = 0.0
    cycle_sum_s: float = 0.0
    cycles: int = 0
    transit_last_s: float = 0.0


class SortingBelt:
    """The parts of one conveyor (a :class:`etabli.components.component.Process`)."""

    gestures: ClassVar[Mapping[str, Text]] = {
        "remove_jam": Text("Dégager un bourrage", "Clear a jam"),
        "clear": Text("Enlever toutes les pièces", "Take all parts off"),
    }

    def __init__(self, tag: str, parameters: Parameters, rng: random.Random) -> None:
        self._layout = Layout.of(parameters)
        layout = self._layout
        used = ([] if layout.stop_at is None else ["stop"]) + [name for name, _ in layout.ejectors]
        self.reads: tuple[Ref, ...] = (
            NodeRef(f"{tag}.belt"),
            *(MemoryRef(f"{tag}.{name}", "fraction") for name in used),
        )
        self._outputs = tuple((s, ParameterRef(f"{tag}.at_{s.name}", "value")) for s in layout.stations)
        self._sight_m = max((s.at for s in layout.stations), default=0.0) + layout.part_length
        self._random = rng.getrandbits(64)
        self._rods = dict.fromkeys(used, 0.0)
        self._fractions = list(self._rods.values())
        self._barriers = self._standing()
        self._seen = dict.fromkeys((s.name for s in layout.stations), 0.0)
        self._same_for_m = 0.0  # travel for which the stations see what they see now, if only the belt moves
        self._parts: list[Part] = []  # from the exit to the entry
        self._tally = Tally(good=dict.fromkeys(layout.bins, 0), bad=dict.fromkeys(layout.bins, 0))
        self._counted: dict[str, float] | None = None  # the counters, until something counts again
        self._belt_speed = 0.0
        self._next_feed_s = self._interval() * 0.5
        self._now_s = 0.0

    # --- one scan -----------------------------------------------------------------------------------------------

    def step(
        self, now_s: float, dt_s: float, seen: Sequence[float], write: Callable[[ParameterRef, float], None]
    ) -> None:
        """Advance by ``dt_s``: rods first (they push, stop or wedge), then the belt, then what the sensors see."""
        self._now_s = now_s
        self._belt_speed = seen[0]
        fractions = list(seen[1:])
        if now_s >= self._next_feed_s and self._belt_speed >= MOVING_M_S and self._entry_clear():
            self._feed()
        if fractions != self._fractions:
            self._move_rods(fractions)
        if self._parts:
            travel = self._belt_speed * dt_s
            self._move(travel)
            self._same_for_m -= abs(travel)
        if self._same_for_m <= _MARGIN_M:
            self._show(write)

    def _feed(self) -> None:
        tall = self._draw() < self._layout.tall_share
        metal = self._draw() < self._layout.metal_share
        self._enter(tall, metal)
        self._next_feed_s = self._now_s + self._interval()

    def _entry_clear(self) -> bool:
        return not self._parts or self._parts[-1].x >= self._layout.feed_clear

    def _enter(self, tall: bool, metal: bool) -> None:
        self._same_for_m, self._counted = 0.0, None
        self._tally.fed += 1
        self._parts.append(Part(self._tally.fed, tall, metal, 0.5 * self._layout.part_length, self._now_s))

    # --- rods ---------------------------------------------------------------------------------------------------

    def _move_rods(self, fractions: list[float]) -> None:
        rods, stands = self._rods, False
        before_all, self._fractions = self._fractions, fractions
        for name, before, after in zip(rods, before_all, fractions, strict=True):
            if before == after:
                continue
            rods[name] = after
            stands = stands or (before >= STOPPING) != (after >= STOPPING) or (before > TOUCH) != (after > TOUCH)
            if self._parts and after > before:
                self._advance_rod(name, before, after)
            elif name == "stop" and after < STOPPING <= before:
                self._free_stop()
        if stands:
            self._barriers = self._standing()

    def _advance_rod(self, name: str, before: float, after: float) -> None:
        if name == "stop":
            if before < STOPPING <= after:
                self._raise_stop()
            return
        at = dict(self._layout.ejectors)[name]
        for part in list(self._parts):
            self._push(part, name, at, before, after)

    def _raise_stop(self) -> None:
        stop = self._layout.stop_at
        half = 0.5 * self._layout.part_length
        if stop is None:
            return
        for part in self._parts:
            gap = part.x - stop
            if abs(gap) >= half - _EPSILON_M:
                continue
            if abs(gap) < half - CORNER_M:
                self._wedge(part, "stop")
            else:  # the rod meets a rounded corner: the part slides off it, ahead or behind
                self._same_for_m = 0.0
                part.x = stop + half if gap > 0.0 else stop - half

    def _free_stop(self) -> None:
        """The stop goes down: the part that it wedged drops back on the belt (one turned by a pusher stays wedged)."""
        for part in self._parts:
            if part.wedged_by == "stop":
                part.wedged_by = ""

    def _push(self, part: Part, name: str, at: float, before: float, after: float) -> None:
        """A pusher advances from ``before`` to ``after`` at place ``at``."""
        if part.wedged_by or after <= TOUCH:
            return
        reached = (after - TOUCH) / (1.0 - TOUCH)
        if reached <= part.offset:
            return
        miss = abs(part.x - at)
        half_pusher, half_part = 0.5 * self._layout.pusher_width, 0.5 * self._layout.part_length
        if miss >= half_pusher + half_part - CORNER_M:
            return
        if miss > half_pusher:
            if before <= TOUCH + part.offset * (1.0 - TOUCH):
                self._wedge(part, name)
            return
        part.offset = reached
        self._same_for_m = 0.0
        if part.offset >= DROP:
            self._leave(part, name)

    def _wedge(self, part: Part, name: str) -> None:
        if not part.wedged_by:
            part.wedged_by = name
            self._tally.jams += 1
            self._counted = None

    # --- belt ---------------------------------------------------------------------------------------------------

    def _move(self, travel: float) -> None:
        if travel >= 0.0:
            self._move_forward(travel)
        else:
            self._move_backward(travel)

    def _move_forward(self, travel: float) -> None:
        half, barriers = 0.5 * self._layout.part_length, self._barriers
        ahead = float("inf")  # rear of the part ahead
        left: list[Part] = []
        for part in self._parts:
            x = part.x
            if not part.wedged_by and not (part.offset > 0.0 and self._held_by_pusher(part)):
                for place in barriers:  # the first rod in the way
                    if place < ahead and x + half <= place + _EPSILON_M:
                        ahead = place
                part.x = x = min(x + travel, max(ahead - half, x))
            ahead = x - half
            if x > self._layout.length:
                left.append(part)
        for part in left:
            self._leave(part, END)

    def _held_by_pusher(self, part: Part) -> bool:
        """A part off the centre line, against the face of a pusher that is out, does not ride on."""
        for name, at in self._layout.ejectors:
            reach = (self._rods[name] - TOUCH) / (1.0 - TOUCH)
            if reach >= part.offset - 0.02 and abs(part.x - at) <= 0.5 * self._layout.pusher_width:
                return True
        return False

    def _standing(self) -> list[float]:
        """Places of the rods that stand in the way."""
        rods, stop = self._rods, self._layout.stop_at
        places = [stop] if stop is not None and rods["stop"] >= STOPPING else []
        for name, at in self._layout.ejectors:
            if rods[name] > TOUCH:
                places.append(at - 0.5 * self._layout.pusher_width)
        return places

    def _move_backward(self, travel: float) -> None:
        """The belt runs the wrong way (two phases swapped): parts come back and fall off at the entry."""
        self._same_for_m = 0.0
        half = 0.5 * self._layout.part_length
        behind = -float("inf")
        for part in reversed(self._parts):
            if not part.wedged_by and not (part.offset > 0.0 and self._held_by_pusher(part)):
                part.x = max(part.x + travel, min(behind + half, part.x))
            behind = part.x + half
        for part in [p for p in self._parts if p.x < 0.0]:
            self._parts.remove(part)
            self._tally.lost += 1
            self._counted = None

    def _leave(self, part: Part, bin_name: str) -> None:
        self._same_for_m, self._counted = 0.0, None
        self._parts.remove(part)
        tally = self._tally
        counts = tally.good if fits(part.tall, part.metal, self._layout.bins[bin_name]) else tally.bad
        counts[bin_name] += 1
        tally.transit_last_s = self._now_s - part.entered_s
        if tally.last_out_s >= 0.0:
            tally.cycle_last_s = self._now_s - tally.last_out_s
            tally.cycle_sum_s += tally.cycle_last_s
            tally.cycles += 1
        tally.last_out_s = self._now_s

    # --- stations -----------------------------------------------------------------------------------------------

    def _show(self, write: Callable[[ParameterRef, float], None]) -> None:
        half, seen_before = 0.5 * self._layout.part_length, self._seen
        near = [part for part in self._parts if part.x <= self._sight_m and part.offset < 0.5]
        self._same_for_m = float("inf")
        for station, ref in self._outputs:
            at, seen = station.at, 0.0
            for part in near:
                apart = abs(part.x - at) - half
                self._same_for_m = min(self._same_for_m, abs(apart))
                if apart <= 0.0 and _detected(part, station.detects):
                    seen = 1.0
            if seen != seen_before[station.name]:
                seen_before[station.name] = seen
                write(ref, seen)

    # --- what people see and do ---------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """What an eye sees: parts, belt speed, bins, and what is wedged where."""
        tally = self._tally
        return {
            "speed": round(self._belt_speed, 3),
            "length": self._layout.length,
            "parts": [
                {
                    "id": p.id,
                    "x": round(p.x, 4),
                    "offset": round(p.offset, 3),
                    "kind": p.kind,
                    "wedged": bool(p.wedged_by),
                }
                for p in self._parts
            ],
            "bins": {name: {"good": tally.good[name], "bad": tally.bad[name]} for name in self._layout.bins},
        }

    def counters(self) -> dict[str, float]:
        """Production counts, jams and cycle times: not to be changed by who asks."""
        if self._counted is None:
            self._counted = self._count()
        return self._counted

    def _count(self) -> dict[str, float]:
        tally = self._tally
        counts: dict[str, float] = {
            "fed": tally.fed,
            "good": sum(tally.good.values()),
            "bad": sum(tally.bad.values()),
            "lost": tally.lost,
            "removed": tally.removed,
            "jams": tally.jams,
            "on_belt": len(self._parts),
            "cycle_last_s": tally.cycle_last_s,
            "cycle_mean_s": tally.cycle_sum_s / tally.cycles if tally.cycles else 0.0,
            "transit_last_s": tally.transit_last_s,
        }
        for name in self._layout.bins:
            counts[f"{name}_good"] = tally.good[name]
            counts[f"{name}_bad"] = tally.bad[name]
        return counts

    def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """``remove_jam``; ``place_part`` (kind); ``clear`` the belt; ``empty_bins`` (counts start again)."""
        actions = {
            "remove_jam": self._remove_jam,
            "place_part": lambda: self._place_part(str(arguments.get("kind", KINDS[-1]))),
            "clear": lambda: self._take_off(list(self._parts)),
            "empty_bins": self._empty_bins,
        }
        if action not in actions:
            known = ", ".join(actions)
            raise MatterError(
                Text(
                    f"un convoyeur ne connaît pas l'action {action!r} : choisir parmi {known}",
                    f"a conveyor knows no action {action!r}: choose one of {known}",
                )
            )
        actions[action]()

    def _remove_jam(self) -> None:
        wedged = [p for p in self._parts if p.wedged_by]
        if not wedged:
            raise MatterError(Text("aucune pièce n'est coincée", "no part is wedged"))
        self._take_off(wedged)

    def _take_off(self, parts: list[Part]) -> None:
        self._same_for_m, self._counted = 0.0, None
        for part in parts:
            self._parts.remove(part)
            self._tally.removed += 1

    def _place_part(self, kind: str) -> None:
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise MatterError(
                Text(
                    f"pas de pièce du genre {kind!r} : choisir parmi {known}",
                    f"no part of kind {kind!r}: choose one of {known}",
                )
            )
        if self._parts and self._parts[-1].x < 1.5 * self._layout.part_length:
            raise MatterError(
                Text(
                    "une pièce occupe déjà l'entrée de la bande : l'enlever ou faire avancer la bande",
                    "a part already lies at the entry of the belt: take it off or run the belt first",
                )
            )
        self._enter(kind.startswith("tall"), kind.endswith("metal"))

    def _empty_bins(self) -> None:
        on_belt = len(self._parts)
        last_id = max((p.id for p in self._parts), default=0)
        self._counted = None
        self._tally = Tally(
            fed=max(on_belt, last_id), good=dict.fromkeys(self._layout.bins, 0), bad=dict.fromkeys(self._layout.bins, 0)
        )

    # --- random numbers and snapshots ---------------------------------------------------------------------------

    def _draw(self) -> float:
        """Uniform in [0, 1): linear congruential generator of Knuth (MMIX), upper 53 bits."""
        self._random = (self._random * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self._random >> 11) / (1 << 53)

    def _interval(self) -> float:
        low, high = self._layout.feed_min_s, self._layout.feed_max_s
        return low + (high - low) * self._draw()

    def snapshot(self) -> dict[str, Any]:
        """JSON-able state; the random state is text because JSON readers lose digits of large integers."""
        return {
            "random": str(self._random),
            "next_feed_s": self._next_feed_s,
            "now_s": self._now_s,
            "belt_speed": self._belt_speed,
            "rods": dict(self._rods),
            "seen": dict(self._seen),
            "parts": [asdict(part) for part in self._parts],
            "tally": asdict(self._tally),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Back to a snapshot."""
        self._random = int(state["random"])
        self._next_feed_s = float(state["next_feed_s"])
        self._now_s = float(state["now_s"])
        self._belt_speed = float(state["belt_speed"])
        self._rods |= state["rods"]
        self._fractions = list(self._rods.values())
        self._barriers = self._standing()
        self._seen = dict(state["seen"])
        self._same_for_m, self._counted = 0.0, None
        self._parts = [Part(**part) for part in state["parts"]]
        tally = dict(state["tally"])
        self._tally = Tally(**{**tally, "good": dict(tally["good"]), "bad": dict(tally["bad"])})


def _detected(part: Part, detects: str) -> bool:
    return detects == "any" or (detects == "tall" and part.tall) or (detects == "metal" and part.metal)
