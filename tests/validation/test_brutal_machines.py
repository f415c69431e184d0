"""The press and the goods lift under brutal treatment, while they produce: the same demands as on the first machine."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest

from etabli.components.component import Effect
from etabli.components.electrical.conductor import ac_pole, resistor
from etabli.machines import Machine, load_machine
from etabli.machines.model import Fault
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator
from machines.headless import Headless
from reference.guard import Guards
from reference.mistreatment import put_back, set_all, tripped

MACHINES = ("presse", "monte_charge")
PRESS, LIFT = MACHINES
STORMS = 150
SHORTS = 120
STEP_S = 0.005
OPEN_OHM = 1e9
SYSTEM = NodeRef("0Z6:P")
SPEED = NodeRef("HL1:car")

both = pytest.mark.parametrize("name", MACHINES)


@cache
def machine(name: str) -> Machine:
    return load_machine(name)


def working(name: str, seconds: float = 1.0) -> Headless:
    """A machine whose operator has started it."""
    run = Headless(machine(name))
    run.produce()
    run.run(seconds)
    return run


def solved(run: Headless, seconds: float) -> None:
    """Advance; no step may be left unresolved and no value may be lost."""
    before = run.simulator.unresolved
    for _ in range(round(seconds * 20)):
        run.run(0.05)
        assert np.isfinite(run.simulator.values).all()
    assert run.simulator.unresolved == before, f"unresolved at {run.simulator.troubled_node()}"


def bolted(run: Headless, law: object, a: str, b: str, ohms: float) -> None:
    """Put a bolted short between two points of the running machine."""
    edited = run.machine.network()
    edited.add("bolt", law, {"a": a, "b": b}, {"resistance": ohms})  # type: ignore[arg-type]
    run.simulator = run.simulator.edited(edited)


@both
def test_every_wire_open_at_once_then_closed(name: str) -> None:
    run = working(name)
    old = set_all(run.simulator, "dc_conductor", "resistance", OPEN_OHM)
    old |= set_all(run.simulator, "ac_conductor", "resistance", OPEN_OHM)
    solved(run, 2.0)
    assert abs(run.read(NodeRef("M1:shaft"))) < 150.0
    put_back(run.simulator, old)
    solved(run, 2.0)
    assert run.read(NodeRef("G1:+")) - run.read(NodeRef("G1:-")) == pytest.approx(24.0, abs=0.4)


@pytest.mark.parametrize(
    ("name", "live", "protection"),
    [(PRESS, f"{tag}:2", tag) for tag in ("F1", "F2", "F3", "F4", "F5")]
    + [(LIFT, f"{tag}:2", tag) for tag in ("F1", "F2", "F3", "F4", "F5", "F6")],
)
def test_a_bolted_short_behind_a_24_V_protection_trips_that_one_alone(name: str, live: str, protection: str) -> None:
    run = working(name)
    bolted(run, resistor, live, "G1:-", 0.001)
    end = run.time_s + 300.0  # beyond the first instants the supply limits its current: the breaker trips by its heat
    while not tripped(run.simulator) and run.time_s < end:
        solved(run, 1.0)
    solved(run, 1.0)
    assert tripped(run.simulator) == {protection}
    assert run.read(NodeRef("G1:+")) - run.read(NodeRef("G1:-")) > 23.0  # the others are fed again


@both
def test_a_bolted_short_across_the_24_V_supply_is_held_by_its_current_limit(name: str) -> None:
    run = working(name)
    bolted(run, resistor, "G1:+", "G1:-", 0.001)
    solved(run, 2.0)
    limit = run.read(ParameterRef("G1.control", "limit_a"))
    assert run.read(StateRef("G1.output", "current")) == pytest.approx(limit, rel=0.02)
    assert not tripped(run.simulator)


@pytest.mark.parametrize("other", ["M1:V", "M1:PE"], ids=["between phases", "to earth"])
def test_a_bolted_short_on_the_pump_motor_trips_its_circuit_breaker(other: str) -> None:
    run = working(PRESS)
    bolted(run, ac_pole, "M1:U", other, 0.01)
    solved(run, 1.0)
    assert tripped(run.simulator) == {"Q2"}
    solved(run, 5.0)
    assert abs(run.read(NodeRef("M1:shaft"))) < 1.0


@pytest.mark.parametrize("other", ["M1:V", "M1:PE"], ids=["between phases", "to earth"])
def test_a_bolted_short_on_the_hoist_motor_trips_its_drive_and_the_brake_holds_the_car(other: str) -> None:
    run = working(LIFT, 4.0)
    bolted(run, ac_pole, "M1:U", other, 0.01)
    solved(run, 15.0)
    assert abs(run.read(SPEED)) < 1e-3
    assert run.read(MemoryRef("U1.trips", "code")) > 0.5


@both
def test_the_mains_lost_and_back(name: str) -> None:
    run = working(name, 4.0)
    phases = [ParameterRef(f"G0.{phase}", "resistance") for phase in ("L1", "L2", "L3")]
    healthy = {ref: run.simulator.read(ref) for ref in phases}
    for ref in phases:
        run.simulator.write(ref, OPEN_OHM)
    solved(run, 3.0)
    assert run.read(NodeRef("G1:+")) - run.read(NodeRef("G1:-")) < 1.5
    put_back(run.simulator, healthy)
    solved(run, 2.0)
    assert run.read(NodeRef("G1:+")) - run.read(NodeRef("G1:-")) == pytest.approx(24.0, abs=0.4)


@both
def test_an_almost_massless_rotor(name: str) -> None:
    run = working(name)
    run.simulator.write(ParameterRef("M1.rotor", "inertia"), 1e-7)
    solved(run, 5.0)


@both
def test_a_motor_with_its_rotor_locked_is_cut_before_the_winding_burns(name: str) -> None:
    run = working(name, 4.0)
    run.simulator.write(ParameterRef("M1.bearings", "coulomb"), 1e5)
    solved(run, 60.0)
    assert run.read(NodeRef("M1.winding")) < 155.0  # class F
    assert tripped(run.simulator) or run.read(MemoryRef("U1.trips", "code")) > 0.5


@both
def test_the_emergency_stop_beaten_fast_never_loses_a_step(name: str) -> None:
    run = working(name, 3.0)
    for press in range(60):
        run.operate("S0", "pressed", float(press % 2 == 0))
        solved(run, 0.05)


@both
def test_a_coil_cut_while_it_carries_current_lets_go(name: str) -> None:
    run = working(name, 6.0)
    carrying = [d for d in run.simulator.network.devices.values() if d.law.name == "coil"]
    carrying = [d for d in carrying if run.simulator.read(StateRef(d.name, "current")) > 0.02]
    assert carrying
    wires = set_all(run.simulator, "dc_conductor", "resistance", OPEN_OHM)
    assert wires
    solved(run, 1.0)
    assert all(abs(run.simulator.read(StateRef(d.name, "current"))) < 1e-4 for d in carrying)


def test_every_hose_bursts_at_full_pressure() -> None:
    run = working(PRESS, 4.0)
    assert run.read(SYSTEM) > 100.0
    set_all(run.simulator, "oil_drain", "opening", 1.0)
    for device in run.simulator.network.devices:
        if device.endswith((".leak_a", ".leak_b")):
            run.simulator.write(ParameterRef(device, "opening"), 1.0)
    solved(run, 5.0)
    assert run.read(SYSTEM) < 20.0


def test_the_ram_seized_with_ten_meganewtons() -> None:
    run = working(PRESS, 6.0)
    run.simulator.write(ParameterRef("PR1.guides", "limit"), 1e7)
    solved(run, 0.5)
    held = run.read(StateRef("PR1.tool", "position"))
    solved(run, 10.0)
    assert run.read(StateRef("PR1.tool", "position")) == pytest.approx(held, abs=2e-3)  # what the frame gives
    assert run.read(SYSTEM) < 260.0  # the compensator or the relief valve still rules


def test_every_oil_passage_blocked_then_free() -> None:
    run = working(PRESS, 6.0)
    old = set_all(run.simulator, "oil_orifice", "opening", 0.0)
    assert old
    solved(run, 3.0)
    assert max(run.read(node) for node in (SYSTEM, NodeRef("1A1:A"))) < 400.0
    put_back(run.simulator, old)
    solved(run, 5.0)


def test_a_pump_at_full_displacement_under_a_relief_valve_stuck_shut_is_held_by_the_power_of_its_motor() -> None:
    run = working(PRESS)
    for mode in ("0V1.stuck_closed", "0P1.stuck_full"):
        blow(run.simulator, run.machine.fault(mode), 1.0)
    solved(run, 60.0)
    rated_a = run.machine.placed["M1"].parameters["rated_a"]
    assert 200.0 < run.read(SYSTEM) < 300.0  # 180 bar in health
    assert run.read(StateRef("M1.link_U", "current")) > rated_a


def travelling() -> Headless:
    """The lift with its car under way."""
    run = working(LIFT)
    end = run.time_s + 60.0
    while abs(run.read(SPEED)) < 0.3:
        assert run.time_s < end, "the car does not travel"
        run.run(0.1)
    return run


def test_the_car_jammed_at_100_kN_in_full_travel() -> None:
    run = travelling()
    run.simulator.write(ParameterRef("HL1.car_guide", "limit"), 1e5)
    solved(run, 10.0)
    assert abs(run.read(SPEED)) < 1e-3


def test_a_sheave_without_any_grip_leaves_the_car_to_the_safety_gear() -> None:
    run = travelling()
    run.simulator.write(ParameterRef("TR1.traction", "capacity"), 0.0)
    solved(run, 10.0)
    assert run.read(MemoryRef("GV1.governor", "tripped")) > 0.5
    assert abs(run.read(SPEED)) < 1e-3


def blow(simulator: Simulator, fault: Fault, degree: float) -> None:
    """Break a component, as its failure mode does."""
    for effect in fault.mode.effects:
        if isinstance(effect, Effect):
            device, _, parameter = effect.target.rpartition(".")
            ref = ParameterRef(f"{fault.tag}.{device}", parameter)
            simulator.write(ref, effect.at(simulator.read(ref), degree))


class Storm:
    """Random faults, commands and hands on one machine at work, the same for the same seed."""

    def __init__(self, name: str) -> None:
        run = working(name, 2.0)
        self.simulator = run.simulator
        self.calm = self.simulator.snapshot()
        self.faults = run.machine.faults()
        self.outputs = [
            ParameterRef(device.name, "command")
            for device in self.simulator.network.sampled.values()
            if device.law.name == "digital_output"
        ]
        self.hands = [
            ParameterRef(device.name, "position")
            for device in self.simulator.network.sampled.values()
            if device.law.name == "hand_operated"
        ]

    def blow(self, seed: int) -> list[str]:
        """Half a second; returns what was done, for the message."""
        dice = random.Random(seed)
        self.simulator.restore(self.calm)
        done: list[str] = []
        for _ in range(100):
            if dice.random() < 0.15:
                done.append(self._act(dice))
            self.simulator.advance()
        return done

    def _act(self, dice: random.Random) -> str:
        kind = dice.random()
        if kind < 0.5:
            ref = dice.choice(self.outputs if kind < 0.4 else self.hands)
            self.simulator.write(ref, float(dice.random() < 0.6))
            return ref.device
        fault = dice.choice(self.faults)
        blow(self.simulator, fault, 1.0 if dice.random() < 0.5 else dice.uniform(*fault.mode.degrees))
        return fault.id


@pytest.mark.parametrize("name", ["poste_tri", *MACHINES])
def test_in_a_storm_of_short_circuits_the_protections_that_ought_to_let_go_do_and_no_other(name: str) -> None:
    """Bolted shorts between random points of the machine at work."""
    run = working(name, 2.0)
    calm = run.simulator.snapshot()
    base = Simulator(run.simulator.network, STEP_S, event_halvings=0)  # the books see currents at ends of steps
    opened = 0
    for seed in range(SHORTS):
        dice = random.Random(seed)
        domain = dice.choice((Domain.DC, Domain.DC, Domain.AC))
        nodes = sorted(node for node, kind in base.network.nodes.items() if kind is domain)
        network = run.machine.network()
        law = resistor if domain is Domain.DC else ac_pole
        first, second = dice.sample([node for node in nodes if node in network.nodes], 2)
        network.add("bolt", law, {"a": first, "b": second}, {"resistance": 0.01})
        base.restore(calm)
        simulator = base.edited(network)
        guards = Guards(simulator)
        told = f"seed {seed}: {first} on {second}"
        for _ in range(100):
            simulator.advance()
            assert list(guards.look(simulator, STEP_S)) == [], told
        assert simulator.unresolved == 0, told
        gone = tripped(simulator)
        opened += len(gone)
        for guard in guards.all:
            assert guard.book.could_open() or guard.tag not in gone, f"{told}: {guard.tag} opened without a reason"
    assert opened > SHORTS / 20, "the shorts never made anything trip"


@both
def test_random_storms_of_faults_leave_no_step_unresolved(name: str) -> None:
    storm = Storm(name)
    for seed in range(STORMS):
        before = storm.simulator.unresolved
        done = storm.blow(seed)
        told = f"seed {seed} at {storm.simulator.troubled_node()}: {done}"
        assert storm.simulator.unresolved == before, told
        assert np.isfinite(storm.simulator.values).all(), told


@both
def test_every_single_fault_at_full_degree(name: str) -> None:
    storm = Storm(name)
    for fault in storm.faults:
        storm.simulator.restore(storm.calm)
        before = storm.simulator.unresolved
        blow(storm.simulator, fault, 1.0)
        storm.simulator.advance(60)
        for ref in storm.outputs:
            storm.simulator.write(ref, 1.0 - storm.simulator.read(ref))
        storm.simulator.advance(60)
        told = f"{fault.id} at {storm.simulator.troubled_node()}"
        assert storm.simulator.unresolved == before, told
        assert np.isfinite(storm.simulator.values).all(), told
