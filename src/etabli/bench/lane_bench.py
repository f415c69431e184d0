"""Several benches of one machine side by side, each with its own fault: the bits of single ones, many times faster.

The engine runs them in the lanes of one :class:`LaneSimulator`. What else a bench does at a tick is done for each lane
only where something changes: PLC scans that another lane (or an earlier batch) has done are shared, faults and fingers
are looked at when they are due. There are no instruments, no journal and no people but the operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from random import Random

from etabli.automation.shared import CpuState, SharedCpu
from etabli.automation.types import Value
from etabli.bench.faults import Faults, InjectedFault, checked
from etabli.bench.headless import Gesture, is_due
from etabli.bench.live import HANDS_TICKS, summed_counters
from etabli.bench.plant import Nodes, Plant
from etabli.bench.state import STEP_S, TICK_S, BenchState, Release
from etabli.components.component import Process, Swap
from etabli.machines.hands import Hands
from etabli.physics.lanes import LaneSimulator
from etabli.physics.layout import Floats, layout_of
from etabli.physics.network import MemoryRef, ParameterRef, Ref

PRESS_TICKS = 30
"""How long a finger presses a button when nothing else is said: the default of the action "press"."""
REFERENCES_HELD = 1000
NEVER = 1 << 62
"""A tick that never comes."""


def changes_wiring(plant: Plant, fault: InjectedFault) -> bool:
    """Whether a fault connects things otherwise: its network has another structure than that of the lanes."""
    return any(isinstance(effect, Swap) for effect in plant.machine.fault(fault.id).mode.effects)


class SharedParts:
    """What all batches of one campaign share: the scans of the PLC that were done, and places in the values."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.network = plant.network({})
        self._layout = layout_of(self.network)  # kept for all batches
        self.nodes = Nodes(plant, {})
        self.rows: dict[Ref, int] = {}
        program = plant.program
        self.inputs = [a for a in plant.plc_inputs if program is not None and program.variable(a) is not None]
        self.outputs = [a for a in plant.plc_outputs if program is not None and program.variable(a) is not None]
        self._program = program

    @cached_property
    def cpu(self) -> SharedCpu | None:
        """The CPUs, None on a machine without one."""
        return (
            None if self._program is None else SharedCpu(self._program, self.inputs, self.outputs, round(TICK_S * 1e6))
        )


class Lane:
    """One bench of a batch: what faults, hands and matter act on."""

    def __init__(self, batch: LaneBenches, number: int, fault: InjectedFault | None, seed: int) -> None:
        plant = batch.plant
        self._batch = batch
        self.number = number
        self.state = BenchState(faults=[] if fault is None else [checked(plant, fault)])
        self.faults = Faults(plant, seed, self.state, self)
        self.processes: dict[str, Process] = {}
        for tag in plant.processes:
            part = plant.parts[tag]
            assert part.component.process is not None
            self.processes[tag] = part.component.process(tag, part.parameters, Random(f"{seed}:{tag}"))
        self.hands = Hands(plant.machine, self.state.hands)
        self._places: dict[int, int] = {}
        self._held: list[Ref] = []
        self.image = b""
        self.scanned_at, self.wake_at = -1, 0
        self.sit(batch, number)

    def power_plc(self, cpu: CpuState, commands: tuple[bool, ...]) -> None:
        """There is a PLC; it was never on."""
        self.cpu, self.commands = cpu, commands

    def sit(self, batch: LaneBenches, number: int) -> None:
        """Go on as another lane, maybe of another batch."""
        self._batch, self.number = batch, number
        self._values, self._write_at = batch.flat, batch.simulator.write_at

    def read(self, ref: Ref) -> float:
        """Present value behind a reference."""
        try:
            return self._values[self._places[id(ref)] + self.number]
        except KeyError:
            return self._values[self._place_of(ref) + self.number]

    def write(self, ref: ParameterRef, value: float) -> None:
        """Set a parameter."""
        place = self._places.get(id(ref)) or self._place_of(ref)
        if self._values[place + self.number] != value:  # the solver would do nothing either
            self._write_at(place // self._batch.simulator.lanes, self.number, value)

    def _place_of(self, ref: Ref) -> int:
        """Where lane 0 has it. Found again by the identity of the reference: the matter and the hands keep theirs, and
        hashing takes longer."""
        place = self._batch.row(ref) * self._batch.simulator.lanes
        if len(self._held) < REFERENCES_HELD:
            self._held.append(ref)  # it keeps its identity for itself
            self._places[id(ref)] = place
        return place

    # --- what faults act on (Machinery) ---------------------------------------------------------------------------

    def read_parameter(self, ref: ParameterRef) -> float:
        """Present value of a parameter."""
        return self.read(ref)

    def write_parameter(self, ref: ParameterRef, value: float) -> None:
        """As :meth:`write`."""
        self.write(ref, value)

    def set_memory(self, ref: MemoryRef, value: float) -> None:
        """Set a memory of a sampled device."""
        self._batch.simulator.values[self._batch.row(ref), self.number] = value

    def rewire(self) -> None:
        """Lanes have one wiring: see :func:`changes_wiring`."""
        raise NotImplementedError("a fault that changes the wiring cannot run in a lane: run it on a bench of its own")

    # --- hands ----------------------------------------------------------------------------------------------------

    def set_control(self, tag: str, control: str, value: float) -> None:
        """A hand moves a control."""
        self.faults.set_base(self._batch.plant.controls[f"{tag}.{control}"].ref, value)
        self.state.controls[f"{tag}.{control}"] = value

    def do(self, gesture: Gesture, tick: int) -> None:
        """A gesture that was planned: a press of 0.3 s, or a control put at its value."""
        self.set_control(gesture.tag, gesture.control, 1.0 if gesture.value is None else gesture.value)
        if gesture.value is None:
            self.state.releases.append(Release(tick + PRESS_TICKS, gesture.tag, gesture.control, 0.0))

    def let_go(self, tick: int) -> None:
        """Fingers that are due let go."""
        due = [r for r in self.state.releases if r.tick <= tick]
        for release in due:
            self.state.releases.remove(release)
            self.set_control(release.tag, release.control, release.value)

    def work(self, now: float) -> None:
        """The operator at the post."""
        for move in self.hands.step(now, self.read, self.counters() if self.hands.looks_at_counters else {}):
            self.set_control(move.tag, move.control, move.value)

    def counters(self) -> dict[str, float]:
        """Production counters of the machine."""
        if len(self.processes) == 1:
            return next(iter(self.processes.values())).counters()
        return summed_counters(self.processes.values())


class LaneBenches:
    """A batch of benches of one machine, one for each of ``faults`` (None: healthy), as many as there are lanes at
    most. ``produce_s``: when the operator takes the post, None where nobody does."""

    def __init__(
        self,
        shared: SharedParts,
        faults: Sequence[InjectedFault | None],
        seed: int = 0,
        gestures: Sequence[Gesture] = (),
        produce_s: float | None = None,
        step_s: float = STEP_S,
    ) -> None:
        self.plant = shared.plant
        self.simulator = LaneSimulator(shared.network, step_s)
        if len(faults) > self.simulator.lanes:
            raise ValueError(f"{len(faults)} faults for {self.simulator.lanes} lanes")
        self.tick_count = 0
        self.rows = shared.rows
        self._nodes = shared.nodes
        self.values: Floats = self.simulator.values
        self.flat = memoryview(self.values).cast("B").cast("d")  # type: ignore[arg-type]
        self.lanes = [Lane(self, number, fault, seed) for number, fault in enumerate(faults)]
        self._gestures = list(gestures)
        self._produce_s = produce_s
        self._steps = round(TICK_S / step_s)
        self._advance = self.simulator.tick
        self._works = bool(self.plant.machine.operator.works)
        some = self.lanes[0].processes
        self._bind_plc(shared)
        self._watch([[self.row(r) for r in some[tag].reads] for tag in self.plant.processes])
        self.seated()

    def exchange(self, lane: int, other: LaneBenches, its: int) -> None:
        """This lane and lane ``its`` of another batch at the same tick change places. :meth:`seated` comes next."""
        self.simulator.exchange(lane, other.simulator, its)
        self.lanes[lane], other.lanes[its] = other.lanes[its], self.lanes[lane]
        self.lanes[lane].sit(self, lane)
        other.lanes[its].sit(other, its)

    def seated(self) -> None:
        """After lanes have taken their places: what is known of all of them."""
        self._matter = [[(lane.processes[tag].step, lane.write) for lane in self.lanes] for tag in self.plant.processes]
        self._plan_tick = 0
        self._fault_tick = min(lane.faults.next_tick for lane in self.lanes)
        self.simulator.look()
        self._looks_new = True
        if self._cpu is not None:
            self._next_scan = min(lane.wake_at for lane in self.lanes)

    def _watch(self, matter_rows: Sequence[Sequence[int]]) -> None:
        """What is looked at after each tick: inputs of the PLC, and what the matter follows."""
        self.simulator.watch(self._image_rows, [row for rows in matter_rows for row in rows])
        ends = list(accumulate(map(len, matter_rows)))
        numbers = self.simulator.numbers[: len(self.lanes)]
        self._matter_sees = [numbers[:, end - len(rows) : end] for rows, end in zip(matter_rows, ends, strict=True)]

    def _bind_plc(self, shared: SharedParts) -> None:
        plant = self.plant
        self._cpu = shared.cpu
        self._image_rows: list[int] = []
        if self._cpu is None:
            return
        refs: list[Ref] = [plant.input_ref(a) for a in shared.inputs]
        self._image_rows = [self.row(r) for r in (*refs, plant.plc_supply_ref)]
        self._command_rows = [self.row(plant.output_ref(a)) for a in shared.outputs]
        for number, lane in enumerate(self.lanes):
            lane.power_plc(self._cpu.root, tuple(bool(self.values[row, number] > 0.5) for row in self._command_rows))

    def row(self, ref: Ref) -> int:
        """Row of a reference that names its own ports; remembered."""
        found = self.rows.get(ref)
        if found is None:
            found = self.rows[ref] = self.simulator.index(self._nodes.resolve(ref))
        return found

    # --- one tick -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """10 ms: hands, faults, one scan, the engine, the matter, the operator — in the order of a single bench."""
        tick = self.tick_count
        if tick >= self._plan_tick:
            self._plan(tick)
        if tick >= self._fault_tick:
            self._update_faults(tick)
        if self._cpu is not None:
            self._scan(self._cpu, tick)
        self._looks_new = self._advance(self._steps)
        self.tick_count = tick = tick + 1
        now = tick * TICK_S
        self._step_matter(now)
        if self._works and tick % HANDS_TICKS == 0:
            self._work(now)

    def _step_matter(self, now: float) -> None:
        for sees, steps in zip(self._matter_sees, self._matter, strict=True):
            for (step, write), values in zip(steps, sees.tolist(), strict=True):
                step(now, TICK_S, values, write)

    def _work(self, now: float) -> None:
        for lane in self.lanes:
            if not lane.hands.idle:
                lane.work(now)

    def _plan(self, tick: int) -> None:
        while self._gestures and is_due(self._gestures[0].at_s, tick):
            gesture = self._gestures.pop(0)
            for lane in self.lanes:
                lane.do(gesture, tick)
        if self._produce_s is not None and tick * TICK_S >= self._produce_s:
            for lane in self.lanes:
                lane.hands.begin()
            self._produce_s = None
        for lane in self.lanes:
            lane.let_go(tick)
        self._plan_tick = self._next_plan()

    def _next_plan(self) -> int:
        """When hands may have something to do again, maybe a tick too early."""
        due = [release.tick for lane in self.lanes for release in lane.state.releases]
        due += [int(gesture.at_s / TICK_S) for gesture in self._gestures[:1]]
        if self._produce_s is not None:
            due.append(int(self._produce_s / TICK_S))
        return min(due, default=NEVER)

    def _update_faults(self, tick: int) -> None:
        for lane in self.lanes:
            lane.state.tick = tick
            lane.faults.update()
        self._fault_tick = min(lane.faults.next_tick for lane in self.lanes)
        self._looks_new |= self.simulator.look()

    def _scan(self, cpu: SharedCpu, tick: int) -> None:
        if self._looks_new:
            self._wake(self.simulator.on.tobytes(), tick)
        if tick < self._next_scan:
            return
        for lane in self.lanes:
            if lane.wake_at > tick:
                continue
            state = cpu.later(lane.cpu, tick - 1 - lane.scanned_at)
            lane.cpu = state = cpu.after(state, lane.image)
            lane.scanned_at = tick
            lane.wake_at = tick + 1 + state.idle
            if state.commands != lane.commands:
                self._command(lane, state.commands)
        self._next_scan = min([lane.wake_at for lane in self.lanes])

    def _wake(self, images: bytes, tick: int) -> None:
        """Some inputs have changed."""
        width = len(self._image_rows)
        for number, lane in enumerate(self.lanes):
            image = images[number * width : (number + 1) * width]
            if image != lane.image:
                lane.image = image
                lane.wake_at = self._next_scan = tick

    def _command(self, lane: Lane, wanted: tuple[bool, ...]) -> None:
        write = self.simulator.write_at
        for row, new, old in zip(self._command_rows, wanted, lane.commands, strict=True):
            if new != old:
                write(row, lane.number, 1.0 if new else 0.0)
        lane.commands = wanted

    def program_reader(self, names: Sequence[str]) -> Callable[[CpuState], list[Value] | None]:
        """A function that gives these variables of the program in a state, None while its CPU is off."""
        cpu = self._cpu
        return lambda state: cpu.values(state, names) if cpu is not None and state.powered else None

    # --- what came of it ------------------------------------------------------------------------------------------

    @property
    def unresolved(self) -> list[int]:
        """Island steps of each bench that had no solution."""
        return [int(n) for n in self.simulator.unresolved[: len(self.lanes)]]
