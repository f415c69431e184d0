"""A running network: values by name, steps of a fixed length, snapshots, and edits while it runs."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from etabli.physics.core_library import Core
from etabli.physics.layout import Floats, Layout, Numbers, Places, layout_of
from etabli.physics.network import MemoryRef, Network, ParameterRef, Ref, SampledDevice

LONGEST_STEP_S = 0.064
"""How long a quiet island may sleep."""

EVENT_HALVINGS = 2
"""A step of 5 ms with an event in it is taken in parts of 1.25 ms around that event."""


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


def _other_parameters(before: Network, after: Network) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Parameters of the devices of ``after`` that have others than in ``before``."""
    for name, device in after.devices.items():
        known = before.devices.get(name)
        if known is not None and known.parameters != device.parameters:
            yield name, device.parameters
    for name, sampled in after.sampled.items():
        told = before.sampled.get(name)
        if told is not None and told.parameters != sampled.parameters:
            yield name, sampled.parameters


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

    With ``backward_euler`` each step is one implicit stage, never cut where an island bends: for comparisons with
    engines that do so, at steps of 1 ms or less. It is of order 1: what bends is late by half a step, what rings dies.

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
        backward_euler: bool = False,
    ) -> None:
        if backward_euler and accuracy is not None:
            raise ValueError("backward Euler estimates no error: give an accuracy or backward_euler, not both")
        self.network = network
        self.step_s = step_s
        self.longest_step_s = longest_step_s
        self.accuracy = accuracy
        self.clock_s = clock_s
        self.backward_euler = backward_euler
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
        if self.backward_euler:
            layout.core.simulation_one_stage(self._simulation)
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
        return self._layout.sampled_order

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
        layout = layout_of(network, self._layout)  # held while the simulator finds it too
        made = Simulator(
            network,
            self.step_s,
            self.longest_step_s,
            self.accuracy,
            self.event_halvings,
            self.clock_s,
            self.backward_euler,
        )
        made.steps = self.steps
        places = layout.places_of(self._layout)
        kept = np.flatnonzero(places >= 0)
        made.values[places[kept]] = self.values[kept]
        for name, parameters in _other_parameters(self.network, network):
            at = made.parameter_place(name)
            made.values[at : at + len(parameters)] = parameters
        made._take_schedule(self, places)
        return made

    def _take_schedule(self, other: Simulator, places: Numbers) -> None:
        """What sampled devices were told and did not act upon yet, and the largest values that states had in ``other``,
        whose ``places`` are there in this run; this run has not begun."""
        schedule, known = self._schedule(), other._schedule()
        self._layout.core.simulation_schedule(self._simulation, schedule.ctypes.data)
        other._layout.core.simulation_schedule(other._simulation, known.ctypes.data)
        schedule[-2:] = known[-2:]
        states = places[other._layout.state_base : other._layout.parameter_base]
        kept = states >= 0
        self._peaks(schedule)[states[kept] - self._layout.state_base] = other._peaks(known)[kept]
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
