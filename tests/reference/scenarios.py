"""Moments of the life of machines, run by their own PLC and operator, to hold the engine against a reference.

The three machines of the product, and the reference machine of the benchmarks.

A :class:`Window` begins where the program of the machine reaches a step. Everything that is written into the machine
from outside (outputs of the PLC, hands, matter, faults) is recorded, so that a reference can be given the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from etabli.components.component import Effect
from etabli.machines import Machine, load_machine
from etabli.machines.model import Fault
from etabli.physics.equations import Floats
from etabli.physics.law import Domain
from etabli.physics.network import Network, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.simulator import Simulator
from machines.headless import TICK_S, Headless
from reference import reference_machine
from reference.measure import rms_and_ringing
from reference.radau import Reference
from reference.sorting_station import WATCHED

STEP_S = 0.005


@dataclass(frozen=True)
class Window:
    """A while of ``seconds`` on ``machine``. It begins ``after_s`` after ``variable`` of the program becomes ``value``
    (for the ``nth`` time; at once with an empty name). ``faults``: (time in the window, tag.mode)."""

    machine: str
    name: str
    variable: str
    value: int
    seconds: float
    after_s: float = 0.0
    nth: int = 1
    faults: tuple[tuple[float, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.machine}: {self.name}"


WINDOWS: tuple[Window, ...] = (
    Window("poste_tri", "motor starts", "etape", 5, 0.4),
    Window("poste_tri", "ejector out", "etape", 50, 0.4),
    Window("poste_tri", "phase lost, tube leaks", "etape", 50, 0.3, 0.1, 1, ((0.05, "W117.open"), (0.1, "T11.leak_a"))),
    Window("presse", "pump start", "KM1_pompe", 1, 0.3),
    Window("presse", "approach", "etape", 10, 0.3, nth=2),
    Window("presse", "tool touches, pressing", "etape", 20, 0.3, nth=2),
    Window("presse", "decompression", "etape", 40, 0.3, nth=2),
    Window("presse", "return", "etape", 50, 0.3, nth=2),
    Window("presse", "hose bursts under pressure", "etape", 30, 0.2, 0.0, 2, ((0.05, "T11.burst"),)),
    Window("presse", "phase lost while pressing", "etape", 20, 0.2, 1.5, 2, ((0.05, "W116.open"),)),
    Window("monte_charge", "brake opens, trip up", "etape", 25, 0.5, nth=2),
    Window("monte_charge", "slows down and levels", "etape", 30, 0.4, nth=2),
    Window("monte_charge", "stops on its brake", "etape", 35, 0.5, nth=2),
    Window("monte_charge", "doors close", "etape", 10, 0.3, nth=2),
    Window("monte_charge", "trip down", "etape", 25, 0.4, nth=3),
    Window("monte_charge", "phase of the motor lost", "etape", 25, 0.3, 1.5, 2, ((0.05, "W116.open"),)),
    Window("monte_charge", "coil of the brake open at speed", "etape", 25, 0.4, 1.5, 2, ((0.05, "YB1.coil_open"),)),
    Window("reference_machine", "motors start, cylinder 1 out", "belt", 1, 0.4),
    Window("reference_machine", "ram comes down", "down", 1, 0.3, nth=2),
    Window("reference_machine", "tool closes", "down", 1, 0.3, 2.7, nth=2),
    Window("reference_machine", "ram goes up", "up", 1, 0.3, nth=2),
    Window("reference_machine", "ram stops, relief valve opens", "x6", 1, 0.15, nth=2),
    Window("reference_machine", "cylinders 1 and 2 in", "x7", 1, 0.4, nth=2),
    Window("reference_machine", "phase lost, cylinder leaks", "x1", 1, 0.3, 0.1, 2, (
        (0.05, "W112.open"), (0.1, "1A1.piston_seal"))),
)  # fmt: skip


SIGNALS: Mapping[str, Mapping[str, Ref]] = {
    "poste_tri": WATCHED,
    "presse": {
        "ram [m]": StateRef("PR1.tool", "position"),
        "cap side [bar]": NodeRef("1A1:A"),
        "rod side [bar]": NodeRef("1A1:B"),
        "system [bar]": NodeRef("0Z6:P"),
        "accumulator [bar]": NodeRef("0Z5.bottle"),
        "oil in the accumulator [cm3]": StateRef("0Z5.bladder", "oil"),
        "stroke of the pump [1]": StateRef("0P1.pump", "stroke"),
        "motor speed [rad/s]": NodeRef("M1:shaft"),
        "motor current U [A]": StateRef("M1.link_U", "current"),
        "winding [degC]": NodeRef("M1.winding"),
        "24 V supply [V]": NodeRef("G1:+"),
        "24 V supply [A]": StateRef("G1.output", "current"),
        "contactor coil [A]": StateRef("KM1.coil", "current"),
        "valve coil a [A]": StateRef("1V1.coil_a", "current"),
        "pressure transmitter [A]": StateRef("1B2.loop", "current"),
    },
    "monte_charge": {
        "car [m]": StateRef("HL1.car", "position"),
        "car [m/s]": NodeRef("HL1:car"),
        "counterweight [m/s]": NodeRef("HL1:counterweight"),
        "motor speed [rad/s]": NodeRef("M1:shaft"),
        "motor current U [A]": StateRef("M1.link_U", "current"),
        "mains current [A]": StateRef("U1.input", "current_1"),
        "winding [degC]": NodeRef("M1.winding"),
        "brake coil [A]": StateRef("YB1.coil", "current"),
        "contactor coil [A]": StateRef("KM1.coil", "current"),
        "door panel [m/s]": NodeRef("M2.panel"),
        "door motor [A]": StateRef("M2.motor", "current"),
        "24 V supply [V]": NodeRef("G1:+"),
        "24 V supply [A]": StateRef("G1.output", "current"),
        "DC link [V]": NodeRef("U1:P+"),
    },
    "reference_machine": reference_machine.WATCHED,
}
"""What an instrument would be put on, by machine."""

FLOOR = {
    Domain.DC: 1.0,
    Domain.AC: 1.0,
    Domain.PNEUMATIC: 1.0,
    Domain.HYDRAULIC: 1.0,
    Domain.TRANSLATION: 0.01,
    Domain.ROTATION: 1.0,
    Domain.THERMAL: 20.0,
}
"""Scale of a named unknown that never was larger: below it nobody reads an instrument."""

STIRS = {
    Domain.DC: 1.0,  # V
    Domain.AC: 1.0,  # V
    Domain.PNEUMATIC: 0.1,  # bar
    Domain.HYDRAULIC: 1.0,  # bar
    Domain.TRANSLATION: 0.01,  # m/s
    Domain.ROTATION: 1.0,  # rad/s
    Domain.THERMAL: 1.0,  # K
}
"""The least range over a window that an unknown's error is held against."""
STIRS_SHARE = 0.01
"""The same for a state, as a share of its largest value so far: states have units of their own."""
STIRS_ELECTRIC = 1e-3
"""A, C or W: what is less in a circuit is rounding (earth current of a sound motor)."""


@dataclass(frozen=True)
class Recording:
    """Where a window begins and all that is written into the machine in it; ``most`` is the largest absolute value of
    each of the ``signals`` so far."""

    window: Window
    network: Network
    snapshot: bytes
    writes: Mapping[int, Sequence[tuple[ParameterRef, float]]]
    signals: tuple[Ref, ...]
    most: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the first signals; every unknown of the network follows."""
        return tuple(SIGNALS[self.window.machine])

    @property
    def places(self) -> tuple[Place, ...]:
        """What each signal after the named ones is."""
        return tuple(place_of(self.network, ref) for ref in self.signals[len(self.names) :])

    @property
    def steps(self) -> int:
        """Number of sampled steps."""
        return round(self.window.seconds / STEP_S)

    def simulator(self) -> Simulator:
        """The machine as it is when the window begins; sampled laws look at ends of steps only, as the reference."""
        made = Simulator(self.network, STEP_S, event_halvings=0)
        made.restore(self.snapshot)
        made.catch_up()
        return made

    def _replay(self, simulator: Simulator, advance: Callable[[], None]) -> Floats:
        read, rows = simulator.reader(self.signals), []
        first = int.from_bytes(self.snapshot[:8], "little")
        for step in range(first, first + self.steps):
            for ref, value in self.writes.get(step, ()):
                simulator.write(ref, value)
            advance()
            rows.append(read())
        return np.array(rows)

    def by_engine(self, accuracy: float | None = None) -> Floats:
        """Signals after each step (step, signal), by the engine; with ``accuracy`` in steps by estimated error."""
        simulator = self.simulator()
        if accuracy is not None:
            precise = Simulator(self.network, STEP_S, accuracy=accuracy, longest_step_s=0.0)
            precise.values[:] = simulator.values
            simulator = precise
        rows = self._replay(simulator, simulator.advance)
        assert simulator.unresolved == 0, simulator.troubled_node()
        return rows

    def by_radau(self, tolerance: float) -> Floats:
        """The same by scipy's Radau."""
        simulator = self.simulator()
        reference = Reference(simulator, STEP_S, tolerance)
        return self._replay(simulator, lambda: reference.advance(1))

    def compare(self, tolerance: float) -> Comparison:
        """The engine against Radau."""
        return self.held(self.by_engine(), self.by_radau(tolerance))

    def held(self, engine: Floats, radau: Floats) -> Comparison:
        """One set of rows against another."""
        floor = np.array([_floor(self.network, ref) for ref in self.signals])
        largest = np.maximum(self.most, np.abs(radau).max(axis=0))
        scale = np.maximum(largest, floor)
        rms, ringing = rms_and_ringing(engine, radau, scale)
        first = len(self.names)
        stirs = [_stirs(self.network, *pair) for pair in zip(self.signals[first:], largest[first:], strict=True)]
        own = np.maximum(np.ptp(radau[:, first:], axis=0), np.array(stirs))
        share = rms[first:] * scale[first:] / own
        return Comparison(self.window, self.names, self.places, engine, radau, rms, ringing, share)


@dataclass(frozen=True)
class Place:
    """An unknown or a state, in words, and the domain that it belongs to (that of its device's first terminal)."""

    name: str
    domain: Domain


def place_of(network: Network, ref: Ref) -> Place:
    """Of a signal."""
    if isinstance(ref, NodeRef):
        return Place(f"{ref.node} (imaginary)" if ref.part else ref.node, network.nodes[ref.node])
    assert isinstance(ref, StateRef)
    domain = next(iter(network.devices[ref.device].law.terminals.values()))
    return Place(f"{ref.device}.{ref.state}", domain)


@dataclass(frozen=True)
class Comparison:
    """Engine and reference over a window. The named signals come first, then all unknowns and states of the network.

    ``rms`` and ``ringing`` are in percent of each signal's scale, its largest absolute value in the life of the machine
    so far (:func:`rms_and_ringing`).
    ``of_own_range`` has for each of ``places``, which are all unknowns and states, the RMS in percent of what it does
    in the window itself, :data:`STIRS` at least.
    """

    window: Window
    names: tuple[str, ...]
    places: tuple[Place, ...]
    engine: Floats
    radau: Floats
    rms: Floats
    ringing: Floats
    of_own_range: Floats

    def everywhere(self) -> dict[Domain, tuple[str, float]]:
        """The worst unknown or state of each domain, of its own range."""
        found: dict[Domain, tuple[str, float]] = {}
        for place, percent in zip(self.places, self.of_own_range.tolist(), strict=True):
            if percent >= found.get(place.domain, ("", 0.0))[1]:
                found[place.domain] = place.name, percent
        return found

    def worst(self, of: Floats) -> tuple[str, float]:
        """The worst of the named signals."""
        at = int(np.argmax(of[: len(self.names)]))
        return self.names[at], float(of[at])


def _floor(network: Network, ref: Ref) -> float:
    return FLOOR[network.nodes[ref.node]] if isinstance(ref, NodeRef) else 1e-2


def _stirs(network: Network, ref: Ref, largest: float) -> float:
    if isinstance(ref, NodeRef):
        return STIRS[network.nodes[ref.node]]
    electric = place_of(network, ref).domain in {Domain.DC, Domain.AC}
    return max(STIRS_SHARE * largest, STIRS_ELECTRIC if electric else 1e-9)


def everything(network: Network) -> tuple[Ref, ...]:
    """Every unknown and every state of the network."""
    unknowns = [NodeRef(n, part) for n, domain in network.nodes.items() for part in range(domain.unknowns)]
    states = [StateRef(d.name, state) for d in network.devices.values() for state in d.law.states]
    return (*unknowns, *states)


@cache
def machine(name: str) -> Machine:
    """A machine of the product, or the reference machine; loaded once."""
    return load_machine(reference_machine.MACHINE if name == "reference_machine" else name)


class Life:
    """A machine that its PLC and its operator run from switching on; keeps the largest value of each signal."""

    def __init__(self, name: str, seed: int = 7) -> None:
        self.run = Headless(machine(name), seed)
        self._gestures = sorted(self.run.machine.operator.starts)
        named = tuple(self.run.machine.resolve(ref) for ref in SIGNALS[name].values())
        self.signals = (*named, *everything(self.run.simulator.network))
        self._read = self.run.simulator.reader(self.signals)
        self.most = np.abs(self._read())

    def tick(self) -> None:
        """One scan of the PLC. The operator stays at the post once the machine is started."""
        while self._gestures and self._gestures[0][0] <= self.run.time_s + 1e-9:
            _, tag, control, value = self._gestures.pop(0)
            self.run.operate(tag, control, value)
            if not self._gestures:
                self.run.hands.begin()
        self.run.run(TICK_S)
        np.maximum(self.most, np.abs(self._read()), out=self.most)

    def reach(self, window: Window) -> None:
        """Run up to where the window begins."""
        met, before = 0, False
        while True:
            now = self.run.plc.value(window.variable) == window.value
            met += now and not before
            before = now
            if met >= window.nth:
                break
            self.tick()
            assert self.run.time_s < 90.0, f"{window}: {window.variable} = {window.value} is not reached"
        for _ in range(round(window.after_s / TICK_S)):
            self.tick()

    def strike(self, fault_id: str) -> None:
        """A fault at its full degree."""
        self.strike_on(self.run.simulator, self.run.machine.fault(fault_id))

    @staticmethod
    def strike_on(simulator: Simulator, fault: Fault) -> None:
        """The same on a simulator alone."""
        for effect in fault.mode.effects:
            assert isinstance(effect, Effect)
            device, _, parameter = effect.target.rpartition(".")
            ref = ParameterRef(f"{fault.tag}.{device}", parameter)
            simulator.write(ref, effect.at(simulator.read(ref), 1.0))


def record(window: Window) -> Recording:
    """Run the machine up to a window and through it."""
    life = Life(window.machine)
    life.reach(window)
    simulator = life.run.simulator
    snapshot, most = simulator.snapshot(), life.most.copy()
    noted: dict[int, list[tuple[ParameterRef, float]]] = {}
    write = simulator.write

    def note(ref: ParameterRef, value: float) -> None:
        noted.setdefault(simulator.steps, []).append((ref, value))
        write(ref, value)

    simulator.write = note  # type: ignore[method-assign]
    for tick in range(round(window.seconds / TICK_S)):
        for at_s, fault in window.faults:
            if round(at_s / TICK_S) == tick:
                life.strike(fault)
        life.tick()
    return Recording(window, simulator.network, snapshot, noted, life.signals, most)
