"""What a run holds for itself, and what it shares: tables with runs of its network, working memory with all runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from etabli.machines import list_machines, load_machine
from etabli.physics.lanes import LINE, LaneSimulator
from etabli.physics.law import Domain
from etabli.physics.layout import Floats
from etabli.physics.network import Network, ParameterRef
from etabli.physics.simulator import Simulator


@pytest.fixture(scope="module")
def network() -> Network:
    return load_machine("poste_tri").network()


@pytest.mark.parametrize("machine", list_machines())
def test_one_more_run_of_a_machine_takes_30_kib_at_most(machine: str) -> None:
    sizes = Simulator(load_machine(machine).network()).sizes
    assert 8 * sizes.unknowns < sizes.instance_bytes <= 30 * 1024


def alone(network: Network, resistance: float) -> Floats:
    simulator = started(network, resistance)
    simulator.advance(40)
    return simulator.values


def started(network: Network, resistance: float) -> Simulator:
    simulator = Simulator(network)
    wire = next(d.name for d in network.devices.values() if d.law.name == "dc_conductor")
    simulator.write(ParameterRef(wire, "resistance"), resistance)
    return simulator


def test_runs_that_take_turns_with_one_working_memory_give_the_bits_of_runs_alone(network: Network) -> None:
    ohms = (0.01, 5.0, 100.0)
    expected = [alone(network, r) for r in ohms]
    runs = [started(network, r) for r in ohms]
    other = Simulator(load_machine("monte_charge").network())  # of another size
    for _ in range(20):
        for run in (*runs, other):
            run.advance(2)
    for run, values in zip(runs, expected, strict=True):
        assert np.array_equal(run.values, values)


def test_runs_in_threads_give_the_bits_of_runs_alone(network: Network) -> None:
    ohms = (0.01, 1.0, 5.0, 100.0)
    expected = [alone(network, r) for r in ohms]
    with ThreadPoolExecutor(len(ohms)) as pool:
        found = list(pool.map(lambda r: alone(network, r), ohms * 3))
    for values, of_one in zip(found, expected * 3, strict=True):
        assert np.array_equal(values, of_one)


def test_runs_of_the_same_devices_share_their_tables(network: Network) -> None:
    first, second = Simulator(network), Simulator(network.copy())
    assert first._layout is second._layout
    edited = network.copy()
    edited.node("loose", Domain.DC)
    assert Simulator(edited)._layout is not first._layout
    first.advance(10)
    assert not np.array_equal(first.values, second.values)
    del first
    second.advance(10)
    assert np.array_equal(second.values, alone_for(network, 10))


def alone_for(network: Network, steps: int) -> Floats:
    simulator = Simulator(network)
    simulator.advance(steps)
    return simulator.values


def test_the_numbers_of_eight_lanes_lie_on_one_line_of_the_cache(network: Network) -> None:
    lanes = LaneSimulator(network)
    assert lanes.values.ctypes.data % LINE == 0
    assert lanes.values.flags.c_contiguous
