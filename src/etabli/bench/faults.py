"""Faults as physics: a failure mode changes parameters or connections of its component, with a degree that may drift.

Sudden: full degree from the onset on. Growing: the degree rises over some minutes (drawn by the seed), from nothing
when it begins under the learner's eyes, from the least degree that shows when it was there before. Intermittent: on
and off by a drawn schedule. Every drawing comes from the bench's seed and the fault's name, so a replay is exact.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from etabli.bench.errors import BenchError
from etabli.bench.plant import Nodes, Plant, devices_of, parameter_ref, value_in, written_parameters
from etabli.bench.state import TICK_S, BaseValue, BenchState, FaultState
from etabli.components.component import Effect, FailureMode, Onset, Repair, Swap
from etabli.machines.source import closest_words
from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.text import Text

GROWTH_S = (120.0, 600.0)
"""Shortest and longest time a growing fault takes to reach its degree."""
GROWTH_LEVELS = 200
"""A growing degree moves in so many small jumps (each one refactors its island)."""
ON_S, OFF_S = (0.3, 6.0), (2.0, 25.0)
"""Shortest and longest spells of an intermittent fault."""

CURED_BY_A_NEW_PART = frozenset({Repair.REPLACE, Repair.CLEAN, Repair.TIGHTEN, Repair.RESET})
"""A new part is sound, clean, fastened and armed, and put in place straight; its settings are still to be made, and
crossed connections stay crossed."""


@dataclass(frozen=True)
class InjectedFault:
    """A fault to inject: failure mode ``TAG.mode``, machine time of its onset, degree 0…1, how it appears."""

    id: str
    onset_s: float = 0.0
    degree: float = 1.0
    onset: Onset = Onset.SUDDEN


class Machinery(Protocol):
    """What faults act on."""

    def read_parameter(self, ref: ParameterRef) -> float:
        """Present value of a parameter."""

    def write_parameter(self, ref: ParameterRef, value: float) -> None:
        """Set a parameter."""

    def set_memory(self, ref: MemoryRef, value: float) -> None:
        """Set a memory of a sampled device."""

    def rewire(self) -> None:
        """Rebuild the network after a change of ``state.ends``."""


def checked(plant: Plant, fault: InjectedFault) -> FaultState:
    """The state of a fault before its onset. Raises :class:`BenchError` when it makes no sense."""
    try:
        known = plant.machine.fault(fault.id)
    except KeyError:
        raise _unknown(plant, fault.id) from None
    if not 0.0 < fault.degree <= 1.0 or fault.onset_s < 0.0:
        raise BenchError(
            "unknown_fault",
            Text(
                f"panne « {fault.id} » : degré ou instant impossible",
                f"fault “{fault.id}”: impossible degree or onset time",
            ),
            Text(
                "degré entre 0 (exclu) et 1, instant en secondes ≥ 0",
                "degree between 0 (excluded) and 1, onset in seconds ≥ 0",
            ),
        )
    crossed = any(isinstance(effect, Swap) for effect in known.mode.effects)
    onset = Onset.SUDDEN if crossed else fault.onset  # hoses do not cross and uncross by themselves
    return FaultState(fault.id, known.tag, known.mode.id, float(fault.onset_s), float(fault.degree), onset)


def _unknown(plant: Plant, identifier: str) -> BenchError:
    """The mend names the faults that look like it, else some of its component."""
    known = [f.id for f in plant.machine.faults()]
    tag = identifier.partition(".")[0]
    near = closest_words(identifier, tuple(known)) or [name for name in known if name.partition(".")[0] == tag][:3]
    words, listed = ", ".join(near), f"etabli faults {plant.machine.id}"
    mend = Text(f"voir {listed}", f"see {listed}")
    if near:
        mend = Text(f"vouliez-vous {words} ? sinon {mend.fr}", f"did you mean {words}? else {mend.en}")
    return BenchError("unknown_fault", Text(f"panne « {identifier} » inconnue", f"unknown fault “{identifier}”"), mend)


def first_degree(mode: FailureMode, degree: float, onset_s: float) -> float:
    """Degree at which a growing fault starts: somebody called for it, so it shows, unless it comes later."""
    return 0.0 if onset_s > 0.0 else min(degree, mode.degrees[0])


def draw(
    plant: Plant, seed: int, count: int, attempt: int = 0, apart_from: Collection[str] = ()
) -> list[InjectedFault]:
    """``count`` faults of different components, drawn by the seed and weighted by their rates."""
    chance = random.Random(f"{seed}:draw:{attempt}")
    pool = [f for f in plant.machine.faults() if f.tag not in apart_from]
    drawn: list[InjectedFault] = []
    while len(drawn) < count and pool:
        fault = chance.choices(pool, [max(f.mode.rate, 0.0) for f in pool])[0]
        pool = [f for f in pool if f.tag != fault.tag]
        onset = chance.choice(fault.mode.onsets)
        low, high = fault.mode.degrees
        degree = high if onset is Onset.GROWING else round(chance.uniform(low, high), 3)
        drawn.append(InjectedFault(fault.id, 0.0, degree, onset))
    return drawn


class Faults:
    """The faults of one bench: applies them, lets them drift, cures them."""

    def __init__(self, plant: Plant, seed: int, state: BenchState, machinery: Machinery) -> None:
        self._plant = plant
        self._seed = seed
        self._state = state
        self._machinery = machinery
        self._next_tick = 0

    def _mode(self, fault: FaultState) -> FailureMode:
        return self._plant.machine.fault(fault.id).mode

    # --- time -------------------------------------------------------------------------------------

    def update(self) -> None:
        """Bring every fault to its degree of this tick; cheap when nothing is due."""
        tick = self._state.tick
        if tick < self._next_tick:
            return
        changed = [f for f in self._state.faults if f.cured_tick is None and self._moves(f, tick)]
        for fault in changed:
            self._apply(fault)
        alive = [f.next_change_tick for f in self._state.faults if f.cured_tick is None]
        self._next_tick = min(alive, default=1 << 62)

    @property
    def next_tick(self) -> int:
        """Until then :meth:`update` has nothing to do."""
        return self._next_tick

    def due_again(self) -> None:
        """Look at every fault on the next tick (after a restore)."""
        self._next_tick = 0

    def _moves(self, fault: FaultState, tick: int) -> bool:
        """Advance the schedule of one fault; True when its degree changed."""
        onset_tick = round(fault.onset_s / TICK_S)
        if tick < max(onset_tick, fault.next_change_tick):
            fault.next_change_tick = max(onset_tick, fault.next_change_tick)
            return False
        if fault.onset is Onset.GROWING:
            level, following = self._grown(fault, tick - onset_tick)
        elif fault.onset is Onset.INTERMITTENT:
            level, following = self._flickered(fault)
        else:
            level, following = fault.degree, 1 << 60
        changed = level != fault.level or not fault.started
        fault.started = True
        fault.level, fault.next_change_tick = level, tick + following
        return changed

    def _grown(self, fault: FaultState, ticks: int) -> tuple[float, int]:
        duration = random.Random(f"{self._seed}:{fault.id}:growth").uniform(*GROWTH_S)
        steps = min(int(ticks * TICK_S / duration * GROWTH_LEVELS), GROWTH_LEVELS)
        first = first_degree(self._mode(fault), fault.degree, fault.onset_s)
        if steps == GROWTH_LEVELS:
            return fault.degree, 1 << 60
        return first + (fault.degree - first) * steps / GROWTH_LEVELS, max(1, int(duration / GROWTH_LEVELS / TICK_S))

    def _flickered(self, fault: FaultState) -> tuple[float, int]:
        fault.draws += 1
        turning_on = fault.level == 0.0
        spell = random.Random(f"{self._seed}:{fault.id}:{fault.draws}").uniform(*(ON_S if turning_on else OFF_S))
        return (fault.degree if turning_on else 0.0), max(1, round(spell / TICK_S))

    # --- physics ----------------------------------------------------------------------------------

    def _apply(self, fault: FaultState) -> None:
        mode = self._mode(fault)
        for effect in mode.effects:
            if isinstance(effect, Swap):
                self.swap(f"{fault.tag}:{effect.first}", f"{fault.tag}:{effect.second}")
            else:
                self._write(parameter_ref(fault.tag, effect.target))

    def swap(self, first: str, second: str) -> None:
        """Exchange the conductor ends fastened on two points."""
        nodes = Nodes(self._plant, self._state.ends)
        for origin, destination in ((first, second), (second, first)):
            for tag, end in nodes.ends_at(origin):
                self.place(tag, end, destination)
        self._machinery.rewire()

    def place(self, tag: str, end: str, point: str | None) -> None:
        """Put an end on a point (None: loose) in the state; the caller rewires."""
        documented = getattr(self._plant.machine.conductor(tag), end)
        if point == documented:
            self._state.ends.pop(f"{tag}.{end}", None)
        else:
            self._state.ends[f"{tag}.{end}"] = point

    def _effects_on(self, ref: ParameterRef) -> list[tuple[Effect, float]]:
        found: list[tuple[Effect, float]] = []
        for fault in self._state.faults:
            if not fault.started or fault.cured_tick is not None or not ref.device.startswith(f"{fault.tag}."):
                continue
            effects = [e for e in self._mode(fault).effects if isinstance(e, Effect)]
            found += [(e, fault.level) for e in effects if parameter_ref(fault.tag, e.target) == ref]
        return found

    def _write(self, ref: ParameterRef) -> None:
        value = self.base(ref).value
        for effect, level in self._effects_on(ref):
            if level > 0.0:
                value = effect.at(value, level)
        self._machinery.write_parameter(ref, value)

    def base(self, ref: ParameterRef) -> BaseValue:
        """The healthy value of a parameter, remembered the first time it is asked for."""
        for known in self._state.bases:
            if (known.device, known.parameter) == (ref.device, ref.parameter):
                return known
        made = BaseValue(ref.device, ref.parameter, self._machinery.read_parameter(ref))
        self._state.bases.append(made)
        return made

    def set_base(self, ref: ParameterRef, value: float) -> None:
        """A person sets a parameter: active effects stay on top of the new value."""
        self.base(ref).value = value
        self._write(ref)

    # --- repair -----------------------------------------------------------------------------------

    def cure(self, tag: str, repairs: Collection[Repair], suits: Callable[[FailureMode], bool]) -> int:
        """Cure the faults of ``tag`` that one of these repairs mends; the number cured stays on the server."""
        cured = 0
        for fault in self._state.faults:
            mode = self._mode(fault)
            if fault.tag != tag or fault.cured_tick is not None or mode.repair not in repairs or not suits(mode):
                continue
            if any(isinstance(effect, Swap) for effect in mode.effects):
                continue  # only putting the connections back cures these: see notice_swaps
            fault.cured_tick = self._state.tick
            cured += 1
            for effect in mode.effects:
                if isinstance(effect, Effect):
                    self._write(parameter_ref(tag, effect.target))
        return cured

    def notice_swaps(self) -> None:
        """Crossed connections are cured when their ends are back where the drawings say."""
        for fault in self._state.faults:
            swaps = [e for e in self._mode(fault).effects if isinstance(e, Swap)]
            if not swaps or not fault.started or fault.cured_tick is not None:
                continue
            points = {f"{fault.tag}:{port}" for s in swaps for port in (s.first, s.second)}
            displaced = {
                end
                for end, place in self._state.ends.items()
                if place in points or getattr(self._plant.machine.conductor(end[:-2]), end[-1]) in points
            }
            if not displaced:
                fault.cured_tick = self._state.tick

    def renew(self, tag: str) -> None:
        """Put a new part: parameters and memories as built, settings and handles as they were left."""
        network = self._plant.network({})
        kept = {c.ref for c in self._plant.controls.values() if c.tag == tag}
        settings = {parameter_ref(tag, t) for t in self._plant.parts[tag].component.adjusts.values()}
        kept |= settings
        kept |= written_parameters(network)
        for name in devices_of(network, tag):
            sampled = network.sampled.get(name)
            law = sampled.law if sampled is not None else network.devices[name].law
            for parameter in law.parameters:
                ref = ParameterRef(name, parameter)
                if ref not in kept:
                    self._renew_parameter(ref, value_in(network, ref))
            if sampled is not None:
                for memory, value in zip(sampled.law.memory, sampled.initial, strict=True):
                    self._machinery.set_memory(MemoryRef(name, memory), value)
        self.cure(tag, CURED_BY_A_NEW_PART, lambda mode: True)
        self.cure(tag, set(Repair) - CURED_BY_A_NEW_PART, lambda mode: not _targets(tag, mode) & settings)

    def _renew_parameter(self, ref: ParameterRef, value: float) -> None:
        if self._machinery.read_parameter(ref) != value:
            self.set_base(ref, value)


def _targets(tag: str, mode: FailureMode) -> set[ParameterRef]:
    return {parameter_ref(tag, effect.target) for effect in mode.effects if isinstance(effect, Effect)}
