"""A running network: values by name, steps of a fixed length, snapshots, and edits while it runs."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from etabli.physics.core_library import Core, Group, core
from etabli.physics.law import Domain
from etabli.physics.network import (
    DEFAULT_INITIAL,
    GROUND,
    Device,
    MemoryRef,
    Network,
    NetworkError,
    NodeRef,
    ParameterRef,
    Ref,
    SampledDevice,
    StateRef,
)

Floats = NDArray[np.float64]
Places = NDArray[np.uint32]

# Per domain: Newton tolerance, largest change in one iteration, least value, in the unit of the across variable.
_NEWTON = {
    Domain.DC: (1e-3, 50.0, -1e6),
    Domain.AC: (1e-2, 500.0, -1e6),
    Domain.PNEUMATIC: (1e-4, 5.0, 1e-3),
    Domain.HYDRAULIC: (1e-3, 100.0, -5.0),
    Domain.TRANSLATION: (1e-5, 5.0, -1e4),
    Domain.ROTATION: (1e-3, 200.0, -1e5),
    Domain.THERMAL: (1e-3, 200.0, -273.0),
}

LONGEST_STEP_S = 0.064
"""How long a quiet island may sleep."""

EVENT_HALVINGS = 2
"""A step of 5 ms with an event in it is taken in parts of 1.25 ms around that event."""

_KIND = {Domain.HYDRAULIC: 1, Domain.DC: 2}
"""What the solver does otherwise: 1 backward Euler after a jump, 2 shorter parts of a step (solver.c)."""


@dataclass(frozen=True)
class Sizes:
    """Size of a network as the solver sees it. ``core`` unknowns are those that Newton works on.

    ``structure_bytes`` are shared by the runs of one :class:`Layout`; ``instance_bytes`` are what each run holds for
    itself. Working memory is lent to a run for the length of a call: there is as much of it as calls at the same time.
    """

    unknowns: int
    devices: int
    islands: int
    core: int
    entries: int
    operations: int
    states: int
    parameters: int
    structure_bytes: int
    instance_bytes: int


def _ranks(sampled: Sequence[SampledDevice]) -> list[int]:
    """Within its stage, each sampled device runs after those of the stage whose memories it reads: a chain of them is
    followed within one step. Where they read each other in a ring, one of them gets what was a step before."""
    at = {device.name: i for i, device in enumerate(sampled)}
    rank: dict[int, int] = {}

    def read_first(i: int) -> Iterator[int]:
        for ref in sampled[i].reads:
            j = at.get(ref.device, i) if isinstance(ref, MemoryRef) else i
            if j != i and sampled[j].law.stage is sampled[i].law.stage:
                yield j

    def of(i: int) -> int:
        if i not in rank:
            rank[i] = 0  # a ring ends here
            rank[i] = max((of(j) + 1 for j in read_first(i)), default=0)
        return rank[i]

    return [of(i) for i in range(len(sampled))]


class Layout:
    """Where each name of a network lies in the value array, and the solver's structure for it."""

    def __init__(self, network: Network) -> None:
        self.core: Core = core()
        self.network = network = network.copy()  # others may go on with theirs
        self.scalar: dict[str, int] = {}
        count = 0
        for name, domain in network.nodes.items():
            self.scalar[name] = count
            count += domain.unknowns
        self.unknowns = count
        devices = list(network.devices.values())
        numbers = np.array([self.core.number(d.law) for d in devices], np.uint32)
        terminals = np.array([i for d in devices for i in self._terminals(d)], np.int32)
        kinds = np.zeros(max(count, 1), np.uint8)
        for name, domain in network.nodes.items():
            kinds[self.scalar[name]] = _KIND.get(domain, 0)
        self.structure = self.core.structure_new(
            count, len(devices), numbers.ctypes.data, terminals.ctypes.data, kinds.ctypes.data
        )
        weakref.finalize(self, self.core.structure_free, self.structure)
        sizes = np.zeros(9, np.int64)
        self.core.structure_sizes(self.structure, sizes.ctypes.data)
        self.sizes = sizes
        self._place(devices)
        self._sample(list(network.sampled.values()))
        self.tables = self._newton()

    def _terminals(self, device: Device) -> list[int]:
        found: list[int] = []
        for node, domain in zip(device.nodes, device.law.terminals.values(), strict=True):
            if node == GROUND:
                found += [-1] * domain.unknowns
            else:
                first = self.scalar[node]
                found += range(first, first + domain.unknowns)
        return found

    def _place(self, devices: list[Device]) -> None:
        position = np.zeros(max(self.unknowns, 1), np.uint32)
        parameter_of = np.zeros(max(len(devices), 1), np.uint32)
        state_of = np.zeros(max(len(devices), 1), np.uint32)
        self.core.structure_layout(self.structure, position.ctypes.data, parameter_of.ctypes.data, state_of.ctypes.data)
        self.position = position
        self.state_base = self.unknowns + 1
        self.parameter_base = self.state_base + int(self.sizes[6])
        self.device_parameter = {d.name: int(p) for d, p in zip(devices, parameter_of, strict=False)}
        self.device_state = {d.name: int(s) for d, s in zip(devices, state_of, strict=False)}

    def _sample(self, sampled: list[SampledDevice]) -> None:
        rank = _ranks(sampled)
        order = sorted(range(len(sampled)), key=lambda i: (sampled[i].law.stage, rank[i], sampled[i].law.name, i))
        parameters, memories = int(self.sizes[7]), 0
        self.sampled_order = [sampled[i] for i in order]
        self.sampled_memory: dict[str, int] = {}
        for device in self.sampled_order:
            self.device_parameter[device.name] = parameters
            self.sampled_memory[device.name] = memories
            parameters += len(device.parameters)
            memories += len(device.initial)
        self.parameters = parameters
        self.memory_base = self.parameter_base + parameters
        self.size = self.memory_base + memories
        reads: list[int] = []
        targets: list[int] = []
        target_first = [0]
        groups: list[tuple[int, ...]] = []
        previous = None
        for device in self.sampled_order:
            if device.law is not previous:
                first = (self.device_parameter[device.name], self.sampled_memory[device.name])
                groups.append((self.core.number(device.law), 0, len(reads), first[0], first[1], len(target_first) - 1))
                previous = device.law
            groups[-1] = (groups[-1][0], groups[-1][1] + 1, *groups[-1][2:])
            reads += [self.index(r) for r in device.reads]
            for write in device.writes:
                targets += [self.index(t) - self.parameter_base for t in write]
                target_first.append(len(targets))
        self.groups = (Group * max(len(groups), 1))(*[Group(*g) for g in groups])
        self.group_count = len(groups)
        self.reads = np.array(reads, np.uint32)
        self.targets = np.array(targets, np.uint32)
        self.target_first = np.array(target_first, np.uint32)

    def index(self, ref: Ref) -> int:
        """Place of ``ref`` in the value array. Raises :class:`NetworkError` for an unknown name."""
        if isinstance(ref, NodeRef):
            if ref.node == GROUND:
                return self.unknowns
            if ref.node in self.scalar and ref.part < self.network.nodes[ref.node].unknowns:
                return int(self.position[self.scalar[ref.node] + ref.part])
            raise NetworkError(f"no node {ref.node!r} (part {ref.part}) in this network")
        if isinstance(ref, StateRef):
            device = self.network.devices.get(ref.device)
            if device is not None and ref.state in device.law.states:
                return self.state_base + self.device_state[ref.device] + device.law.states.index(ref.state)
            raise NetworkError(f"no state {ref.device}.{ref.state} in this network")
        if isinstance(ref, ParameterRef):
            owner = self.network.devices.get(ref.device) or self.network.sampled.get(ref.device)
            if owner is not None and ref.parameter in owner.law.parameters:
                offset = owner.law.parameters.index(ref.parameter)
                return self.parameter_base + self.device_parameter[ref.device] + offset
            raise NetworkError(f"no parameter {ref.device}.{ref.parameter} in this network")
        sampled = self.network.sampled.get(ref.device)
        if sampled is not None and ref.memory in sampled.law.memory:
            return self.memory_base + self.sampled_memory[ref.device] + sampled.law.memory.index(ref.memory)
        raise NetworkError(f"no memory {ref.device}.{ref.memory} in this network")

    @property
    def shared_bytes(self) -> int:
        """Bytes of the tables that runs share, besides those of the structure."""
        return sum(
            t.nbytes for t in (*self.tables, self.initial_values, self.reads, self.targets, self.target_first)
        ) + ctypes.sizeof(self.groups)

    @cached_property
    def initial_values(self) -> Floats:
        """Values at time 0, to be copied."""
        value = np.zeros(self.size)
        for name, domain in self.network.nodes.items():
            value[self.position[self.scalar[name]]] = self.network.initial.get(name, DEFAULT_INITIAL.get(domain, 0.0))
        for device in self.network.devices.values():
            at = self.parameter_base + self.device_parameter[device.name]
            value[at : at + len(device.parameters)] = device.parameters
            at = self.state_base + self.device_state[device.name]
            value[at : at + len(device.initial)] = device.initial
        for sampled in self.sampled_order:
            at = self.parameter_base + self.device_parameter[sampled.name]
            value[at : at + len(sampled.parameters)] = sampled.parameters
            at = self.memory_base + self.sampled_memory[sampled.name]
            value[at : at + len(sampled.initial)] = sampled.initial
        return value

    def _newton(self) -> tuple[Floats, Floats, Floats]:
        """Per row: 1 / tolerance, largest change, least value."""
        tables = [np.zeros(max(self.unknowns, 1)) for _ in range(3)]
        for name, domain in self.network.nodes.items():
            for part in range(domain.unknowns):
                row = self.position[self.scalar[name] + part]
                tolerance, limit, least = _NEWTON[domain]
                tables[0][row], tables[1][row], tables[2][row] = 1.0 / tolerance, limit, least
        return tables[0], tables[1], tables[2]


_LAYOUTS: weakref.WeakValueDictionary[tuple[object, ...], Layout] = weakref.WeakValueDictionary()


def layout_of(network: Network) -> Layout:
    """The layout of a network, shared by all runs of the same devices (copies of a network share theirs)."""
    parts = (*network.devices.values(), *network.sampled.values())  # kept by the layout: nothing else gets their ids
    key = (id(core()), tuple(map(id, parts)), tuple(network.nodes.items()), tuple(network.initial.items()))
    found = _LAYOUTS.get(key)
    if found is None:
        found = _LAYOUTS[key] = Layout(network)
    return found


def new_simulation(core: Core, layout: Layout, values: Floats, step_s: float, longest_step_s: float) -> int:
    """A run of ``core`` over ``values`` (one number a place, or one of each lane). They must outlive it, and so must
    ``layout``, whose arrays all runs of a network share."""
    made: int = core.simulation_new(
        layout.structure, values.ctypes.data, layout.parameters,
        *(t.ctypes.data for t in layout.tables), step_s, max(round(longest_step_s / step_s), 1),
        layout.group_count, layout.groups, layout.reads.ctypes.data,
        layout.target_first.ctypes.data, layout.targets.ctypes.data,
    )  # fmt: skip
    return made


def unresolved_steps(core: Core, simulation: int) -> Floats:
    """Island steps of each lane that did not converge even after the shortest sub-step."""
    counted = np.zeros(core.lanes)
    core.simulation_unresolved(simulation, counted.ctypes.data)
    return counted


class Simulator:
    """A network that runs. One step is ``step_s`` seconds: every island is solved once, then the sampled laws run.

    The integrator is SDIRK2, in up to eight parts of a step of 5 ms while an island bends too much for one (four in a
    DC circuit). An island where nothing changes sleeps, up to ``longest_step_s``, and is brought to the present
    before anything in it is changed; 0 keeps all awake.

    With an ``accuracy`` (1e-6, say), each island goes from one sampled instant to the next in steps of its own, of
    order 4, whose estimated error stays below that share of each state: for comparisons with other tools, and where
    fast parts rest most of the time. ``step_s`` then only says how often the sampled laws run. After :meth:`restore`
    such a run chooses its steps anew: the same future within its accuracy, not bit for bit.

    Sampled laws run at the end of a step, and at its start when one of them was told something new from outside. A step
    in which one of them makes a parameter jump (a contact, a coil's armature) is halved around that instant,
    ``event_halvings`` times at most (2, or 0 with an ``accuracy``); with 0, what follows an event does so up to one
    step late. A law that divides by the step (the control of a drive) has a clock of its own: it runs every ``clock_s``
    seconds, at the end of a step, and at the end of each step where that is shorter.

    See docs/dev/engine.md. Raises :class:`NetworkError` when the network is wrong.
    """

    def __init__(
        self,
        network: Network,
        step_s: float = 0.005,
        longest_step_s: float = LONGEST_STEP_S,
        accuracy: float | None = None,
        event_halvings: int | None = None,
        clock_s: float = 0.0,
    ) -> None:
        self.network = network
        self.step_s = step_s
        self.longest_step_s = longest_step_s
        self.accuracy = accuracy
        self.clock_s = clock_s
        self.event_halvings = event_halvings
        if event_halvings is None:
            self.event_halvings = EVENT_HALVINGS if accuracy is None else 0
        self.steps = 0
        self._layout = layout_of(network)
        self.values: Floats = self._layout.initial_values.copy()
        self._start()

    def _start(self) -> None:
        layout = self._layout
        self._simulation = new_simulation(layout.core, layout, self.values, self.step_s, self.longest_step_s)
        weakref.finalize(self, layout.core.simulation_free, self._simulation)
        if self.accuracy is not None:
            layout.core.simulation_precise(self._simulation, self.accuracy)
        layout.core.simulation_locate(self._simulation, self.event_halvings, max(round(self.clock_s / self.step_s), 1))
        self._advance = layout.core.simulation_advance
        self._write = layout.core.simulation_write

    @property
    def time_s(self) -> float:
        """Simulated time since the start, in seconds."""
        return self.steps * self.step_s

    def advance(self, steps: int = 1) -> None:
        """Run ``steps`` steps."""
        self._advance(self._simulation, steps)
        self.steps += steps

    def recorder(self, refs: Sequence[Ref]) -> Callable[..., Floats]:
        """A function ``record(points, steps=1)`` that runs ``points * steps`` steps and gives what is behind ``refs``
        after each ``steps`` of them, shape (points, refs)."""
        places = np.array([self._layout.index(r) for r in refs], np.uint32)
        address, width = places.ctypes.data, len(places)
        simulation, run = self._simulation, self._layout.core.simulation_record

        def record(points: int, steps: int = 1, places: Places = places) -> Floats:
            table = np.empty((points, width))
            run(simulation, points, steps, width, address, table.ctypes.data)
            self.steps += points * steps
            return table

        return record

    def record(self, refs: Sequence[Ref], points: int, steps: int = 1) -> Floats:
        """One call of :meth:`recorder`."""
        return self.recorder(refs)(points, steps)

    def index(self, ref: Ref) -> int:
        """Place of ``ref`` in :attr:`values`, for fast repeated reads."""
        return self._layout.index(ref)

    @property
    def sampled_order(self) -> tuple[SampledDevice, ...]:
        """The sampled devices in the order in which they run at the end of a step."""
        return tuple(self._layout.sampled_order)

    def parameter_place(self, device: str) -> int:
        """Place of the first parameter of ``device`` in :attr:`values`."""
        return self._layout.parameter_base + self._layout.device_parameter[device]

    def memory_place(self, device: str) -> int:
        """Place of the first memory of the sampled ``device`` in :attr:`values`."""
        return self._layout.memory_base + self._layout.sampled_memory[device]

    def read(self, ref: Ref) -> float:
        """Present value behind ``ref``."""
        return float(self.values[self._layout.index(ref)])

    def reader(self, refs: Sequence[Ref]) -> Callable[[], Floats]:
        """A function that gathers many values at once, in the order of ``refs``."""
        at = np.array([self._layout.index(r) for r in refs], np.intp)
        values = self.values
        return lambda: values[at]

    def write(self, ref: ParameterRef, value: float) -> None:
        """Set a parameter from the next step on."""
        self._write(self._simulation, self._layout.index(ref) - self._layout.parameter_base, 0, value)

    def writer(self, ref: ParameterRef) -> Callable[[float], None]:
        """A function that sets one parameter, for fast repeated writes."""
        place = self._layout.index(ref) - self._layout.parameter_base
        simulation, write = self._simulation, self._write
        return lambda value: write(simulation, place, 0, value)

    def set_memory(self, ref: MemoryRef, value: float) -> None:
        """Set a memory of a sampled device (a breaker that a hand resets)."""
        self.values[self._layout.index(ref)] = value

    def snapshot(self) -> bytes:
        """Everything that the future of the run depends on, as bytes (restore gives the same future bit for bit)."""
        schedule = self._schedule()
        self._layout.core.simulation_schedule(self._simulation, schedule.ctypes.data)
        return self.steps.to_bytes(8, "little") + schedule.tobytes() + self.values.tobytes()

    def restore(self, snapshot: bytes) -> None:
        """Back to a snapshot of the same network. Raises ``ValueError`` when it is of another one."""
        schedule = self._schedule()
        if len(snapshot) != 8 + schedule.nbytes + self.values.nbytes:
            raise ValueError("this snapshot was taken on another network: restore it on the network it came from")
        self.steps = int.from_bytes(snapshot[:8], "little")
        numbers = np.frombuffer(snapshot, np.float64, offset=8)
        schedule[:] = numbers[: schedule.size]
        self.values[:] = numbers[schedule.size :]
        self._layout.core.simulation_resume(self._simulation, schedule.ctypes.data)

    def _schedule(self) -> Floats:
        """Room for what a run knows of its islands and states besides the values."""
        unknowns, islands, states = (int(self._layout.sizes[i]) for i in (0, 2, 6))
        return np.zeros(4 * islands + 2 * states + unknowns + 1 + 2)

    def catch_up(self) -> None:
        """Bring the islands that sleep to the present (up to 64 ms behind, by less than the tolerance)."""
        self._layout.core.simulation_catch_up(self._simulation)

    def edited(self, network: Network) -> Simulator:
        """A simulator of ``network`` that goes on from here: what keeps its name keeps its value.

        Nodes, and parameters, states and memories of devices that are in both networks under the same name and law are
        carried over, with the largest value that each state ever had: it says what is little of that state, and so
        when its island may sleep. A device whose parameters differ between the two networks takes the new ones.
        """
        before = self.snapshot()
        self.catch_up()
        made = self._edited(network)
        self.restore(before)
        return made

    def _edited(self, network: Network) -> Simulator:
        made = Simulator(network, self.step_s, self.longest_step_s, self.accuracy, self.event_halvings, self.clock_s)
        made.steps = self.steps
        carry = _Carry(self._layout, made._layout)
        for name, domain in network.nodes.items():
            if self.network.nodes.get(name) is domain:
                carry.node(name, domain.unknowns)
        for name, device in network.devices.items():
            before = self.network.devices.get(name)
            if before is not None and before.law is device.law:
                carry.states(name, len(device.initial))
                if before.parameters == device.parameters:
                    carry.parameters(name, len(device.parameters))
        for name, sampled in network.sampled.items():
            known = self.network.sampled.get(name)
            if known is not None and known.law is sampled.law:
                carry.memories(name, len(sampled.initial))
                if known.parameters == sampled.parameters:
                    carry.parameters(name, len(sampled.parameters))
        made.values[np.array(carry.target, np.intp)] = self.values[np.array(carry.source, np.intp)]
        made._take_schedule(self, carry)
        return made

    def _take_schedule(self, other: Simulator, carry: _Carry) -> None:
        """What sampled devices were told and did not act upon yet, and the largest values that the states in ``carry``
        had in ``other``; this run has not begun."""
        schedule, known = self._schedule(), other._schedule()
        self._layout.core.simulation_schedule(self._simulation, schedule.ctypes.data)
        other._layout.core.simulation_schedule(other._simulation, known.ctypes.data)
        schedule[-2:] = known[-2:]
        self._peaks(schedule)[carry.state_target] = other._peaks(known)[carry.state_source]
        self._layout.core.simulation_resume(self._simulation, schedule.ctypes.data)

    def _peaks(self, schedule: Floats) -> Floats:
        """The part of a schedule that holds the largest value of each state."""
        islands, states = (int(self._layout.sizes[i]) for i in (2, 6))
        return schedule[4 * islands : 4 * islands + states]

    @property
    def unresolved(self) -> int:
        """Island steps that did not converge even after the shortest sub-step."""
        return int(unresolved_steps(self._layout.core, self._simulation)[0])

    def counters(self) -> dict[str, int]:
        """Steps, unresolved island steps, Newton iterations and halvings so far, and bytes of this run."""
        steps, iterations, halvings, size, _ = self._counted()
        return {
            "steps": steps,
            "unresolved": self.unresolved,
            "iterations": iterations,
            "halvings": halvings,
            "bytes": size,
        }

    def troubled_node(self) -> str | None:
        """Node that Newton could not settle in the last step that needed halving, ``None`` when none ever did."""
        _, _, halvings, _, row = self._counted()
        if not halvings:
            return None
        rows = {int(self._layout.position[at]): name for name, at in self._layout.scalar.items()}
        return rows.get(row) or rows.get(row - 1)

    def _counted(self) -> list[int]:
        numbers = (ctypes.c_int64 * 5)()
        self._layout.core.simulation_counters(self._simulation, numbers)
        return list(numbers)

    @property
    def sizes(self) -> Sizes:
        """Size of the network as the solver sees it."""
        counted = [int(n) for n in self._layout.sizes]
        counted[-1] += self._layout.shared_bytes
        named = dict(zip(Sizes.__dataclass_fields__, counted, strict=False))
        return Sizes(**named, instance_bytes=self.values.nbytes + self.counters()["bytes"])

    def islands(self) -> dict[str, int]:
        """Island number of each node: nodes of different islands exchange sampled signals only."""
        layout = self._layout
        of_row = np.zeros(max(layout.unknowns, 1), np.uint32)
        layout.core.structure_islands(layout.structure, of_row.ctypes.data)
        return {name: int(of_row[layout.position[at]]) for name, at in layout.scalar.items()}


class _Carry:
    """Places of the values that go from one layout to another, and numbers of the states among them."""

    def __init__(self, old: Layout, new: Layout) -> None:
        self._old, self._new = old, new
        self.source: list[int] = []
        self.target: list[int] = []
        self.state_source: list[int] = []
        self.state_target: list[int] = []

    def node(self, name: str, unknowns: int) -> None:
        for part in range(unknowns):
            self.source.append(int(self._old.position[self._old.scalar[name] + part]))
            self.target.append(int(self._new.position[self._new.scalar[name] + part]))

    def states(self, name: str, count: int) -> None:
        old, new = self._old, self._new
        before, after = old.device_state[name], new.device_state[name]
        self.state_source.extend(range(before, before + count))
        self.state_target.extend(range(after, after + count))
        self._range(old.state_base + before, new.state_base + after, count)

    def parameters(self, name: str, count: int) -> None:
        old, new = self._old, self._new
        before = old.parameter_base + old.device_parameter[name]
        self._range(before, new.parameter_base + new.device_parameter[name], count)

    def memories(self, name: str, count: int) -> None:
        old, new = self._old, self._new
        before = old.memory_base + old.sampled_memory[name]
        self._range(before, new.memory_base + new.sampled_memory[name], count)

    def _range(self, before: int, after: int, count: int) -> None:
        self.source.extend(range(before, before + count))
        self.target.extend(range(after, after + count))
