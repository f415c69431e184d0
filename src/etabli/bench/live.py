"""A live bench: clock, faults, instruments, actions, journal. Same seed and same actions give the same bits.

One tick is 10 ms: fingers let go, faults drift, one PLC scan (input memories of the card -> program -> commands of the
outputs), two engine steps of 5 ms, one step of the matter on the conveyor, one sample of each instrument.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from etabli.automation import Plc
from etabli.bench import journal as journals
from etabli.bench.acceptance import count, result
from etabli.bench.actions import Action, prepared
from etabli.bench.additions import bench_network, parted_end, place_of, tester_volts, with_open_fittings
from etabli.bench.card import PlcCard
from etabli.bench.chronogram import Chronogram
from etabli.bench.errors import ActionRefused, BenchError
from etabli.bench.faults import Faults, InjectedFault, checked
from etabli.bench.instruments import Meters
from etabli.bench.journal import Event, Header, Journal, Snapshot
from etabli.bench.judgement import LIVE_WORK_EPI, Hazard, Judge
from etabli.bench.operator import as_found, listen
from etabli.bench.outcome import Outcome
from etabli.bench.plant import FLUIDS, Nodes, Plant, SeenChannel, as_plant, devices_of
from etabli.bench.senses import Senses
from etabli.bench.state import (
    STEP_S,
    TICK_S,
    Acceptance,
    BenchMode,
    BenchState,
    Danger,
    LogEntry,
    Reading,
    Release,
    RunState,
    Told,
)
from etabli.bench.version import engine_version
from etabli.components.component import Process
from etabli.machines.hands import STEP_S as HANDS_STEP_S
from etabli.machines.hands import Hands
from etabli.machines.loader import list_machines, machine_folder
from etabli.machines.model import Machine
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, Ref
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text

SOFTWARE_FAULT = Text("Sans effet (défaut du logiciel).", "No effect (fault of the software).")
"""Outcome of an action in which the product failed."""
SNAPSHOT_TICKS = 3000
MARK_TICKS = 100
SLOW_TICKS = 10
HANDS_TICKS = round(HANDS_STEP_S / TICK_S)

log = logging.getLogger(__name__)


class Bench:
    """One machine that runs, and what people do to it. Made by :meth:`create` or :meth:`open`."""

    def __init__(
        self,
        plant: Plant,
        header: Header,
        state: BenchState,
        journal: Journal | None = None,
        step_s: float = STEP_S,
    ) -> None:
        self.plant = plant
        self.header = header
        self.state = state
        self._journal = journal
        self._machine = plant.machine
        self.nodes = Nodes(plant, state.ends, parted_end(plant, state))
        self.simulator = Simulator(bench_network(plant, state, self.nodes), step_s)
        self._steps_per_tick = round(TICK_S / step_s)
        self.faults = Faults(plant, header.seed, state, self)
        self.judge = Judge(plant, lambda: self.simulator, lambda: self.nodes, self._opened, lambda: self.state.props)
        self.senses = Senses(plant, state, self.judge)
        self.meters = Meters(plant, header.seed, state, self.rewire)
        self.processes: dict[str, Process] = {tag: self._process(tag) for tag in plant.processes}
        self.card = None if plant.program is None else PlcCard(plant, state, plant.program)
        study = header.mode is BenchMode.STUDY
        self.channels: tuple[SeenChannel, ...] = plant.channels if study else plant.seen_channels
        """Channels of the frames: those an eye sees, or all of them in study mode."""
        self.chronogram = Chronogram(plant, state, self.card, self.channels, behind_doors=study)
        self.hands = Hands(self._machine, state.hands)
        self._told: Told | None = None
        self._bind()

    # --- making and reopening ---------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        machine: Machine | Plant | str,
        seed: int = 0,
        faults: Sequence[InjectedFault] = (),
        mode: str = BenchMode.INTERVENTION,
        journal: Path | None = None,
        fsync: bool = False,
        step_s: float = STEP_S,
    ) -> Self:
        """A new bench at time 0. With ``journal`` everything done is written there. Raises :class:`BenchError`.

        ``step_s``: step of the engine, a whole part of a tick; a bench with a journal keeps the usual one.
        """
        plant = as_plant(machine)
        if mode not in set(BenchMode):
            raise BenchError(
                "bad_argument",
                Text(f"mode « {mode} » inconnu", f"unknown mode “{mode}”"),
                Text("choisir intervention ou study", "choose intervention or study"),
            )
        if mode == BenchMode.STUDY and faults:
            raise BenchError(
                "faults_forbidden",
                Text("l'étude se fait sur une machine saine", "study is done on a healthy machine"),
                Text(
                    "enlever les pannes, ou choisir le mode intervention",
                    "remove the faults, or choose intervention mode",
                ),
            )
        states = [checked(plant, f) for f in faults]
        header = Header(
            journals.FORMAT,
            journal.stem if journal is not None else "",
            machine_name(plant.machine),
            plant.content_hash,
            engine_version(),
            seed,
            BenchMode(mode),
            list(faults),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        written = Journal.create(journal, header, fsync) if journal is not None else None
        return cls(plant, header, BenchState(faults=states), written, step_s)

    @classmethod
    def open(
        cls, path: Path, machine: Machine | Plant | None = None, fsync: bool = False, resume: bool = True
    ) -> Bench:
        """The bench of a journal: newest snapshot, then replay. ``resume`` False: from the start, never written to."""
        recorded = journals.read_journal(path)
        header = recorded.header
        plant = as_plant(machine or header.machine)
        if header.machine_hash != plant.content_hash or header.engine != engine_version():
            raise BenchError(
                "journal_outdated",
                Text(
                    f"{path.name} : la machine ou le moteur a changé depuis, le rejeu ne serait pas exact",
                    f"{path.name}: the machine or the engine has changed since, the replay would not be exact",
                ),
                Text("l'ouvrir avec la version qui l'a écrit", "open it with the version that wrote it"),
            )
        snapshot = journals.newest_snapshot(path, recorded, header.machine_hash, header.engine) if resume else None
        bench = cls._restored(plant, header, snapshot)
        bench._told = recorded.told
        bench.replay(recorded.events[bench.state.actions :], recorded.last_tick)
        if resume:
            bench._journal = Journal.resume(path, recorded, fsync)
        return bench

    @classmethod
    def _restored(cls, plant: Plant, header: Header, snapshot: Snapshot | None) -> Bench:
        if snapshot is None:
            return cls(plant, header, BenchState(faults=[checked(plant, f) for f in header.faults]))
        bench = cls(plant, header, msgspec.json.decode(snapshot.state, type=BenchState))
        bench.simulator.restore(snapshot.simulator)
        for tag, process in bench.processes.items():
            process.restore(bench.state.process[tag])
        if bench.plc is not None:
            bench.plc.restore(bench.state.plc)
        bench._bind()
        return bench

    def replay(self, events: Sequence[Event], last_tick: int) -> None:
        """Do again what a journal tells, up to ``last_tick``."""
        for event in events:
            self._run(event.tick - self.state.tick)
            known, arguments = prepared(self, event.name, event.args)
            self._apply(known, event.args, arguments)
        self._run(last_tick - self.state.tick)

    def close(self) -> None:
        """Save where the bench stands and close its journal."""
        if self._journal is not None:
            self._journal.tick(self.state.tick)
            self.save()
            self._journal.close()
            self._journal = None

    def save(self) -> None:
        """Write a snapshot beside the journal."""
        if self._journal is None:
            return
        self._journal.save_snapshot(
            Snapshot(
                self.state.tick,
                self.state.actions,
                self._journal.crc,
                self.header.machine_hash,
                self.header.engine,
                self.saved_state(),
                self.simulator.snapshot(),
            )
        )

    def saved_state(self) -> bytes:
        """The logical state as bytes; with the simulator's snapshot it is the whole bench."""
        self.state.process = {tag: process.snapshot() for tag, process in self.processes.items()}
        self.state.plc = self.plc.snapshot() if self.plc is not None else None
        return msgspec.json.encode(self.state)

    # --- the network ------------------------------------------------------------------------------

    def _process(self, tag: str) -> Process:
        part = self.plant.parts[tag]
        assert part.component.process is not None
        return part.component.process(tag, part.parameters, random.Random(f"{self.header.seed}:{tag}"))

    def _opened(self, points: Sequence[str]) -> Simulator:
        """A copy of the simulator in which these fittings are open."""
        return self.simulator.edited(with_open_fittings(self.simulator.network, self.nodes, points))

    def place_of(self, tag: str, end: str) -> str | None:
        """The point on which an end of a conductor is fastened now; ``None`` when it hangs loose."""
        return place_of(self.plant, self.state, tag, end)

    def rewire(self) -> None:
        """Rebuild the network after a change of connections or instruments; everything else goes on."""
        self.nodes = Nodes(self.plant, self.state.ends, parted_end(self.plant, self.state))
        self.simulator = self.simulator.edited(bench_network(self.plant, self.state, self.nodes))
        self._bind()

    def _bind(self) -> None:
        """Follow the arrays of the present simulator."""
        simulator, resolve = self.simulator, self.nodes.resolve
        self._values = simulator.values
        self._places: dict[Ref, int] = {}
        seen = self.channels
        self._channel_read = simulator.reader([resolve(c.channel.ref) for c in seen])
        self._channel_low = np.array([c.channel.low for c in seen])
        self._behind_door = [self.plant.is_enclosed(c.tag) for c in seen]
        self._channel_span = np.array([c.channel.high - c.channel.low for c in seen])
        if self.card is not None:
            self.card.bind(simulator)
        self._bind_nodes()
        self.chronogram.bind(simulator, self.nodes)
        self.meters.bind(simulator, self.nodes)
        self.faults.due_again()

    def _bind_nodes(self) -> None:
        """Every node, for the study of a healthy machine."""
        self._node_places: list[tuple[int, int]] = []
        if self.header.mode is not BenchMode.STUDY:
            return
        for point in self.study_points:
            node = self.nodes(point)
            first = self.simulator.index(NodeRef(node))
            second = self.simulator.index(NodeRef(node, 1)) if self.simulator.network.nodes[node] is Domain.AC else -1
            self._node_places.append((first, second))

    @property
    def study_points(self) -> tuple[str, ...]:
        """Points whose value a study bench shows."""
        return self.plant.points(Domain.DC, Domain.AC, *FLUIDS)

    # --- what faults and actions write ------------------------------------------------------------

    def read_parameter(self, ref: ParameterRef) -> float:
        """Present value of a parameter."""
        return self.simulator.read(ref)

    def write_parameter(self, ref: ParameterRef, value: float) -> None:
        """Set a parameter."""
        self.simulator.write(ref, value)

    def set_memory(self, ref: MemoryRef, value: float) -> None:
        """Set a memory of a sampled device."""
        self.simulator.set_memory(ref, value)

    def read(self, ref: Ref) -> float:
        """Present value behind a reference that names its own ports; places are remembered."""
        place = self._places.get(ref)
        if place is None:
            place = self._places[ref] = self.simulator.index(self.nodes.resolve(ref))
        return float(self._values[place])

    def set_control(self, tag: str, control: str, value: float) -> None:
        """A hand moves a control."""
        self.faults.set_base(self.plant.controls[f"{tag}.{control}"].ref, value)
        self.state.controls[f"{tag}.{control}"] = value

    def control_value(self, tag: str, control: str) -> float:
        """Where a control stands."""
        known = self.plant.controls.get(f"{tag}.{control}")
        return self.state.controls.get(f"{tag}.{control}", known.value if known is not None else 0.0)

    def lock(self, tag: str, on: bool) -> None:
        """A padlock on a handle, or off; felt two ticks later, once the handle has reached its position."""
        if f"{tag}.lock" in self.plant.controls:
            self.state.releases.append(Release(self.state.tick + 2, tag, "lock", 1.0 if on else 0.0))

    def renew(self, tag: str) -> None:
        """A new part, connected as the drawings say."""
        self.faults.renew(tag)
        if tag in self.plant.conductors:
            for end in ("a", "b"):
                self.state.ends.pop(f"{tag}.{end}", None)
            self.state.moved = [m for m in self.state.moved if m.tag != tag]
            self.faults.notice_swaps()
        self.rewire()

    def connect_instrument(self, name: str) -> None:
        """An instrument was set or moved: load the circuit accordingly."""
        self.meters.moved(name)
        self.rewire()

    def can_trip(self, tag: str) -> bool:
        """Whether this part holds a protection with a handle."""
        sampled = self.simulator.network.sampled
        return any("tripped" in sampled[n].law.memory for n in devices_of(self.simulator.network, tag) if n in sampled)

    def bleed(self, point: str, seconds: float) -> None:
        """Undo a fitting slightly for a while: what is trapped there goes out slowly."""
        self.state.bleeds[point] = self.state.tick + round(seconds / TICK_S)
        self.rewire()

    def stock(self, reference: str) -> int:
        """Parts left on the shelf."""
        return self.state.stock.get(reference, self._machine.bom[reference].stock)

    def tester_volts(self, first: str, second: str) -> float:
        """What a two-pole tester finds between two points, V."""
        return tester_volts(self.simulator, self.nodes, first, second)

    # --- PLC --------------------------------------------------------------------------------------

    @property
    def plc(self) -> Plc | None:
        """The CPU; None on a machine without one."""
        return None if self.card is None else self.card.plc

    # --- time -------------------------------------------------------------------------------------

    @property
    def time_s(self) -> float:
        """Machine time, s."""
        return self.state.tick * TICK_S

    @property
    def minutes_now(self) -> float:
        """Intervention time, min: machine time and the minutes of the actions."""
        return round(self.time_s / 60.0 + self.state.minutes, 3)

    def tick(self, n: int = 1) -> None:
        """Run ``n`` ticks of 10 ms."""
        for _ in range(n):
            self._tick()
            tick = self.state.tick
            if self._journal is not None and tick % MARK_TICKS == 0:
                self._journal.tick(tick)
                if tick % SNAPSHOT_TICKS == 0:
                    self.save()

    def _run(self, n: int) -> None:
        for _ in range(n):
            self._tick()

    def _tick(self) -> None:
        state = self.state
        if state.releases:
            self._let_go()
        if state.bleeds:
            self._end_bleeds()
        self.faults.update()
        if self.card is not None:
            self.card.scan()
        self.simulator.advance(self._steps_per_tick)
        state.tick += 1
        now = state.tick * TICK_S
        for process in self.processes.values():
            process.step(now, TICK_S, [self.read(ref) for ref in process.reads], self.simulator.write)
        self.meters.tick()
        if not self.hands.idle and state.tick % HANDS_TICKS == 0:
            self._operator_works(now)
        self.chronogram.sample(now)
        if state.tick % SLOW_TICKS == 0:
            self._slow()

    def _let_go(self) -> None:
        due = [r for r in self.state.releases if r.tick <= self.state.tick]
        for release in due:
            self.state.releases.remove(release)
            self.set_control(release.tag, release.control, release.value)

    def _operator_works(self, now: float) -> None:
        """The operator at the post; nobody works at a machine under lock-out."""
        if self.state.padlocks:
            self.operator_leaves()
            return
        for move in self.hands.step(now, self.read, self.counters()):
            self.set_control(move.tag, move.control, move.value)

    def operator_leaves(self) -> None:
        """The operator lets go of everything and leaves the post."""
        for move in self.hands.leave():
            if move.tag not in self.state.padlocks:
                self.set_control(move.tag, move.control, move.value)

    def _end_bleeds(self) -> None:
        over = [point for point, tick in self.state.bleeds.items() if tick <= self.state.tick]
        for point in over:
            del self.state.bleeds[point]
        if over:
            self.rewire()

    def _slow(self) -> None:
        """Ten times a second: readings that have settled, the acceptance run."""
        for name in self.meters.settled():
            digits, unit, _ = self.meters.screen(name)
            self.state.readings.append(
                Reading(self.time_s, self.minutes_now, name, self.meters.points(name), digits, unit)
            )
        run = self.state.acceptance
        if run is None or run.state is not RunState.RUNNING:
            return
        count(run, self.counters())
        found = result(run, self._machine.acceptance, self.time_s, bool(self.alarms()))
        if found is not RunState.RUNNING:
            self._close_run(run, found)

    def _close_run(self, run: Acceptance, state: RunState) -> None:
        run.state = state
        self.state.version += 1
        if run.operator_came:
            self.operator_leaves()

    # --- actions ----------------------------------------------------------------------------------

    def act(self, name: str, who: str = "", /, **arguments: Any) -> Outcome:
        """Do one action; :class:`ActionRefused` when it is impossible, :class:`BenchError` when it cannot be saved."""
        known, ready = prepared(self, name, arguments)
        if self._journal is not None:
            self._journal.act(Event(self.state.actions + 1, self.state.tick, name, arguments, who))
        outcome = self._apply(known, arguments, ready)
        if self._journal is not None:
            self._journal.outcome(self.state.actions, msgspec.to_builtins(outcome))
        return outcome

    def _apply(self, known: Action, given: Mapping[str, Any], ready: Mapping[str, Any]) -> Outcome:
        state = self.state
        t, i = self.time_s, self.minutes_now
        try:
            outcome = known.do(self, ready)
        except (ActionRefused, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
            # The journal holds the action: a fault of the product must neither lose the bench nor stop its replay.
            log.exception("action %s failed", known.name)
            outcome = Outcome(False, SOFTWARE_FAULT)
        state.actions += 1
        state.version += 1
        state.minutes += outcome.minutes
        state.cost += outcome.cost
        state.log.append(
            LogEntry(
                t,
                i,
                known.name,
                dict(given),
                outcome.text,
                outcome.minutes,
                outcome.cost,
                list(outcome.perceptions),
                outcome.ok,
            )
        )
        return outcome

    @property
    def wears_gloves(self) -> bool:
        """Protection for work near live parts."""
        return set(self.state.epi) >= LIVE_WORK_EPI

    def note_danger(self, name: str, target: str, hazard: Hazard) -> Danger:
        """Log a dangerous action."""
        danger = Danger(self.time_s, self.minutes_now, name, target, hazard.kind, hazard.accident, hazard.text)
        self.state.dangers.append(danger)
        return danger

    # --- operator ---------------------------------------------------------------------------------

    @property
    def told(self) -> Told:
        """What the operator said when calling (computed once, kept in the journal)."""
        if self._told is None:
            self.hear(operator_try(self.plant, self.header.seed, self.header.faults))
        assert self._told is not None
        return self._told

    def hear(self, told: Told) -> None:
        """Keep what the operator said, when it is already known."""
        self._told = told
        if self._journal is not None:
            self._journal.told(told)

    def complaint(self) -> Text:
        """The operator's complaint."""
        return self.told.complaint

    def operator_says(self, question: str) -> tuple[Text, Text]:
        """One of the machine's questions, in words, and the operator's answer."""
        asked = next(q.text for q in self.plant.machine.operator.questions if q.id == question)
        return asked, self.told.answers[question]

    # --- what may be seen -------------------------------------------------------------------------

    def counters(self) -> dict[str, float]:
        """Production counters of the machine."""
        return summed_counters(self.processes.values())

    def alarms(self) -> list[Text]:
        """Alarms that the program holds now."""
        if self.plc is None or not self.state.plc_powered:
            return []
        return [a.text for a in self._machine.alarms if self.plc.value(a.variable)]

    def channel_values(self) -> list[float]:
        """Seen channels, 0…1, in the order of the layout."""
        scaled = (self._channel_read() - self._channel_low) / self._channel_span
        return [round(x, 4) for x in np.clip(scaled, 0.0, 1.0).tolist()]

    def seen_values(self) -> list[float | None]:
        """As :meth:`channel_values`, but nobody sees behind a closed door (study shows everything)."""
        values = self.channel_values()
        if self.header.mode is BenchMode.STUDY or self.state.cabinet_open:
            return list(values)
        return [None if hidden else value for value, hidden in zip(values, self._behind_door, strict=True)]

    def watch(self, identifiers: Sequence[str]) -> list[str]:
        """Record these channels in the chronogram from now on; raises :class:`BenchError`."""
        self.chronogram.choose(identifiers, self.simulator, self.nodes)
        return self.chronogram.chosen

    def node_values(self) -> list[float] | None:
        """Study mode: every point (V to earth, RMS in AC; bar absolute)."""
        if self.header.mode is not BenchMode.STUDY:
            return None
        values = self._values
        return [
            round(float(values[a]) if b < 0 else float(np.hypot(values[a], values[b])), 4) for a, b in self._node_places
        ]


def operator_try(plant: Plant, seed: int, faults: Sequence[InjectedFault]) -> Told:
    """What the operator says of a machine with these faults, after a try of it. About half a second."""
    return listen(Bench.create(plant, seed, as_found(plant, faults)))


def summed_counters(processes: Iterable[Process]) -> dict[str, float]:
    """The counters of all processes of a machine."""
    found: dict[str, float] = {}
    for process in processes:
        for name, value in process.counters().items():
            found[name] = found.get(name, 0.0) + value
    return found


def machine_name(machine: Machine) -> str:
    """The name under which this machine is found again: its id when the product has it, else its folder."""
    known = machine.id in list_machines() and machine_folder(machine.id).resolve() == machine.folder.resolve()
    return machine.id if known else str(machine.folder.resolve())


__all__ = ["Bench", "InjectedFault"]
