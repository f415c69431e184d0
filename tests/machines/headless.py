"""A machine run without a bench: engine, PLC scans of 10 ms and the matter, as small as can be."""

from __future__ import annotations

import random

from etabli.automation import Plc
from etabli.components.component import Effect, Process, Swap
from etabli.machines import Machine, Watch
from etabli.machines.hands import Hands, HandsState
from etabli.machines.operator import control_ref
from etabli.physics.network import MemoryRef, ParameterRef, Ref
from etabli.physics.simulator import Simulator

TICK_S = 0.01
STEPS = 2
HANDS_TICKS = 5


class Headless:
    """Runs a machine; ``faults`` are there from the start, at degree 1."""

    def __init__(self, machine: Machine, seed: int = 1, faults: tuple[str, ...] = ()) -> None:
        self.machine = machine
        chosen = [machine.fault(name) for name in faults]
        swaps = [(f.tag, e) for f in chosen for e in f.mode.effects if isinstance(e, Swap)]
        self.simulator = Simulator(machine.network(swaps), TICK_S / STEPS)
        for fault in chosen:
            for effect in fault.mode.effects:
                if isinstance(effect, Effect):
                    device, _, parameter = effect.target.rpartition(".")
                    ref = ParameterRef(f"{fault.tag}.{device}", parameter)
                    self.simulator.write(ref, effect.at(self.simulator.read(ref), 1.0))
        self.plc = Plc(machine.program)
        self.ticks = 0
        self.alarms: list[tuple[float, str]] = []
        """Time and variable of each alarm that came up."""
        self._standing: set[str] = set()
        self._processes: list[Process] = [
            part.component.process(part.tag, part.parameters, random.Random(seed))
            for part in machine.placed.values()
            if part.component.process is not None
        ]
        self._inputs = [(str(v.address), self._channel(str(v.address), "on")) for v in machine.program.inputs]
        self._outputs = [str(v.address) for v in machine.program.outputs]
        self._sent = dict.fromkeys(self._outputs, 0.0)
        self.hands = Hands(machine, HandsState())

    def _channel(self, address: str, memory: str) -> MemoryRef:
        return MemoryRef(f"{self.machine.plc}.{address[1]}{address[3:]}", memory)

    @property
    def time_s(self) -> float:
        """Machine time."""
        return self.ticks * TICK_S

    def read(self, ref: Ref) -> float:
        """A value of the machine."""
        return self.simulator.read(self.machine.resolve(ref))

    def counters(self) -> dict[str, float]:
        """Production counters."""
        return {name: value for process in self._processes for name, value in process.counters().items()}

    def operate(self, tag: str, control: str, value: float) -> None:
        """A hand on a control."""
        self.simulator.write(control_ref(self.machine.placed[tag], control), value)

    def press(self, tag: str, seconds: float = 0.3) -> None:
        """Press a button and let it go."""
        self.operate(tag, "pressed", 1.0)
        self.run(seconds)
        self.operate(tag, "pressed", 0.0)

    def start(self) -> None:
        """What an operator does: reset, automatic, start."""
        self.run(1.5)
        self.press("S3")
        self.run(0.7)
        self.operate("S4", "position", 1.0)
        self.run(0.5)
        self.press("S1")

    def trial(self) -> Watch:
        """The trial after which the operator complains."""
        watch, gestures = Watch(self.machine), sorted(self.machine.operator.starts)
        while self.time_s < self.machine.operator.try_s:
            self._make_due(gestures)
            if not gestures:
                self.hands.begin()
            self.run(0.1)
            watch.sample(self.read, self.counters())
        return watch

    def produce(self) -> None:
        """The operator starts the machine and stays at the post."""
        gestures = sorted(self.machine.operator.starts)
        while gestures:
            self._make_due(gestures)
            self.run(TICK_S)
        self.hands.begin()

    def _make_due(self, gestures: list[tuple[float, str, str, float]]) -> None:
        while gestures and gestures[0][0] <= self.time_s + 1e-9:
            _, tag, control, value = gestures.pop(0)
            self.operate(tag, control, value)

    def run(self, seconds: float) -> None:
        """Advance the machine."""
        for _ in range(round(seconds / TICK_S)):
            self._tick()

    def _tick(self) -> None:
        self.simulator.advance(STEPS)
        self.ticks += 1
        if self.simulator.read(MemoryRef(f"{self.machine.plc}.supply", "on")) > 0.5:
            self._scan()
        for process in self._processes:
            process.step(self.time_s, TICK_S, [self.read(ref) for ref in process.reads], self.simulator.write)
        if self.ticks % HANDS_TICKS == 0:
            for move in self.hands.step(self.time_s, self.read, self.counters()):
                self.operate(move.tag, move.control, move.value)

    def _scan(self) -> None:
        for address, ref in self._inputs:
            self.plc.set_input(address, self.simulator.read(ref) > 0.5)
        self.plc.scan(self.ticks * 10_000)
        for address in self._outputs:
            value = float(self.plc.output(address))
            if value != self._sent[address]:
                self._sent[address] = value
                channel = self._channel(address, "").device
                self.simulator.write(ParameterRef(channel, "command"), value)
        standing = {a.variable for a in self.machine.alarms if self.plc.value(a.variable)}
        self.alarms += [(self.time_s, name) for name in sorted(standing - self._standing)]
        self._standing = standing
