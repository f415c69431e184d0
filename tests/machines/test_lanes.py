"""Lanes give the very bits of single runs: every fault of the sorting station, a sample on the other machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import pytest

from etabli.components.component import Effect
from etabli.machines import load_machine
from etabli.machines.model import Fault
from etabli.physics.lanes import LaneSimulator
from etabli.physics.network import MemoryRef, Network, ParameterRef
from etabli.physics.simulator import Simulator

SECONDS = 0.4
FAULT_AT_S = 0.1
TOGGLED_EACH_S = 0.15

Write = tuple[float, ParameterRef, float]


def effects(network: Network, fault: Fault) -> Iterator[tuple[ParameterRef, float]]:
    """What a fault writes, at full degree."""
    for effect in fault.mode.effects:
        assert isinstance(effect, Effect)
        local, _, parameter = effect.target.rpartition(".")
        device = f"{fault.tag}.{local}"
        owner = network.devices.get(device) or network.sampled[device]
        healthy = owner.parameters[owner.law.parameters.index(parameter)]
        yield ParameterRef(device, parameter), effect.at(healthy, 1.0)


def schedule(network: Network, fault: Fault) -> list[Write]:
    """The first four outputs of the PLC switched again and again, and the fault."""
    outputs = [name for name, d in network.sampled.items() if "command" in d.law.parameters][:4]
    written = [(FAULT_AT_S, ref, value) for ref, value in effects(network, fault)]
    for beat in range(int(SECONDS / TOGGLED_EACH_S) + 1):
        for i, name in enumerate(outputs):
            written.append((beat * TOGGLED_EACH_S, ParameterRef(name, "command"), float((beat + i) % 2)))
    return sorted(written, key=lambda w: w[0])


def batches(faults: Sequence[Fault], size: int) -> Iterator[Sequence[Fault]]:
    for start in range(0, len(faults), size):
        yield faults[start : start + size]


@pytest.mark.parametrize(("machine", "every"), [("poste_tri", 1), ("presse", 25), ("monte_charge", 25)])
def test_each_lane_has_the_bits_of_a_single_run(machine: str, every: int) -> None:
    loaded = load_machine(machine)
    network = loaded.network()
    faults = [f for f in loaded.faults() if all(isinstance(e, Effect) for e in f.mode.effects)][::every]
    single = Simulator(network)
    fresh = single.snapshot()
    step_s = single.step_s
    for batch in batches(faults, LaneSimulator(network).lanes):
        lanes = LaneSimulator(network)
        plans = [schedule(network, fault) for fault in batch]
        for step in range(round(SECONDS / step_s)):
            for lane, plan in enumerate(plans):
                for at, ref, value in plan:
                    if round(at / step_s) == step:
                        lanes.write(lane, ref, value)
            lanes.advance()
        for lane, (fault, plan) in enumerate(zip(batch, plans, strict=True)):
            single.restore(fresh)
            for step in range(round(SECONDS / step_s)):
                for at, ref, value in plan:
                    if round(at / step_s) == step:
                        single.write(ref, value)
                single.advance()
            assert single.values.tobytes() == lanes.values[:, lane].tobytes(), fault.id


def test_a_lane_without_event_does_not_notice_those_of_its_neighbour() -> None:
    """One lane looks for the instants of its events; the others wait, and are where they would be alone."""
    network = load_machine("poste_tri").network()
    lanes, busy, idle = LaneSimulator(network), Simulator(network), Simulator(network)
    late = Simulator(network, event_halvings=0)
    for step in range(200):
        if step % 30 == 10:
            ref, value = ParameterRef("A1.Q0.3", "command"), float(step // 30 % 2)
            lanes.write(3, ref, value)
            busy.write(ref, value)
            late.write(ref, value)
        for simulator in (lanes, busy, idle, late):
            simulator.advance()
    assert lanes.values[:, 3].tobytes() == busy.values.tobytes()
    assert lanes.values[:, 4].tobytes() == idle.values.tobytes()
    assert busy.values.tobytes() != late.values.tobytes()  # there were events to look for


def test_a_lane_that_is_not_there_is_refused() -> None:
    lanes = LaneSimulator(load_machine("poste_tri").network())
    with pytest.raises(IndexError, match="numbered from 0"):
        lanes.write(lanes.lanes, ParameterRef("A1.Q0.0", "command"), 1.0)


@pytest.mark.parametrize("machine", ["poste_tri", "presse", "monte_charge"])
def test_lanes_that_change_places_give_the_bits_of_those_that_stay(machine: str) -> None:
    """Also right after something was written, while islands sleep or are in the middle of a jump."""
    loaded = load_machine(machine)
    network = loaded.network()
    faults = [f for f in loaded.faults() if all(isinstance(e, Effect) for e in f.mode.effects)]
    moving, staying = ([LaneSimulator(network), LaneSimulator(network)] for _ in range(2))
    lanes = moving[0].lanes
    plans = [schedule(network, fault) for fault in faults[:: len(faults) // (2 * lanes)][: 2 * lanes]]
    seat = list(range(2 * lanes))
    chance = Random(3)
    for step in range(round(2 * SECONDS / staying[0].step_s)):
        for run, plan in enumerate(plans):
            for at, ref, value in plan:
                if round(at / staying[0].step_s) == step:
                    moving[seat[run] // lanes].write(seat[run] % lanes, ref, value)
                    staying[run // lanes].write(run % lanes, ref, value)
        for _ in range(chance.choice((0, 0, 1, 9))):
            a, b = chance.sample(range(2 * lanes), 2)
            moving[seat[a] // lanes].exchange(seat[a] % lanes, moving[seat[b] // lanes], seat[b] % lanes)
            seat[a], seat[b] = seat[b], seat[a]
        for simulator in (*moving, *staying):
            simulator.advance()
    for run in range(2 * lanes):
        found = moving[seat[run] // lanes].values[:, seat[run] % lanes]
        assert found.tobytes() == staying[run // lanes].values[:, run % lanes].tobytes(), run


def test_what_is_watched_is_what_is_there_after_each_tick() -> None:
    machine = load_machine("poste_tri")
    lanes = LaneSimulator(machine.network())
    inputs = [n for n in machine.network().sampled if n.startswith(f"{machine.plc}.I") or n == f"{machine.plc}.supply"]
    switches = [lanes.index(MemoryRef(name, "on")) for name in inputs]
    numbers = list(range(0, len(lanes.values), 7))
    lanes.watch(switches, numbers)
    handle = ParameterRef("Q1.handle", "position")
    changes = 0
    for tick in range(100):
        if tick in (10, 60):  # the machine is switched off in lane 1, on in lane 6
            lanes.write(tick // 10, handle, float(tick == 60))
        before = lanes.on.copy()
        changed = lanes.tick(2)
        assert (lanes.on == (lanes.values[switches].T > 0.5)).all()
        assert (lanes.numbers == lanes.values[numbers].T).all()
        assert changed == (lanes.on != before).any()
        changes += changed
    assert changes
    assert not lanes.look()
