"""Networks of machines edited while they run: everything lies where a network made anew would have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from etabli.components.electrical.conductor import resistor
from etabli.machines import list_machines, load_machine
from etabli.physics.law import Domain
from etabli.physics.layout import Layout
from etabli.physics.network import GROUND, MemoryRef, Network, NetworkError, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

Edit = Callable[[Network], Network]


@pytest.fixture(scope="module", params=list_machines())
def running(request: pytest.FixtureRequest) -> Simulator:
    simulator = Simulator(load_machine(request.param).network())
    simulator.advance(100)
    return simulator


def clipped(network: Network) -> Network:
    """A meter between two points, and a wire from a point of its own."""
    nodes = [name for name, domain in network.nodes.items() if domain is Domain.DC]
    edited = network.copy()
    edited.add("clip", resistor, {"a": nodes[3], "b": nodes[-3]}, {"resistance": 1e7})
    edited.add("wire", resistor, {"a": "loose", "b": nodes[0]}, {"resistance": 1.0})
    return edited


def first_gone(network: Network) -> Network:
    """The first device that no sampled one reads or writes is gone: all others have another place."""
    known = {ref.device for d in network.sampled.values() for ref in d.reads if not isinstance(ref, NodeRef)}
    known |= {ref.device for d in network.sampled.values() for write in d.writes for ref in write}
    edited = network.copy()
    del edited.devices[next(name for name in network.devices if name not in known)]
    return edited


def first_other(network: Network) -> Network:
    """The first sampled device with a parameter has another value of it."""
    edited = network.copy()
    name, device = next((n, d) for n, d in network.sampled.items() if d.parameters)
    edited.sampled[name] = replace(device, parameters=(2.0 * device.parameters[0] + 1.0, *device.parameters[1:]))
    return edited


def values_by_name(simulator: Simulator) -> dict[object, float]:
    network = simulator.network
    refs: list[NodeRef | StateRef | ParameterRef | MemoryRef] = [
        NodeRef(name, part) for name, domain in network.nodes.items() for part in range(domain.unknowns)
    ]
    refs += [StateRef(d.name, state) for d in network.devices.values() for state in d.law.states]
    refs += [MemoryRef(d.name, memory) for d in network.sampled.values() for memory in d.law.memory]
    for owner in (network.devices, network.sampled):
        refs += [ParameterRef(name, p) for name, d in owner.items() for p in d.law.parameters]
    return {ref: simulator.read(ref) for ref in refs}


@pytest.mark.parametrize("edit", [clipped, first_gone, first_other])
def test_sampled_devices_of_an_edited_network_read_and_write_what_they_would_in_one_made_anew(
    running: Simulator, edit: Edit
) -> None:
    network = edit(running.network)
    anew, edited = Layout(network), running.edited(network)._layout
    assert edited.sampled_order == anew.sampled_order
    for table in ("reads", "targets", "target_first", "position"):
        assert getattr(edited, table).tolist() == getattr(anew, table).tolist(), table
    assert bytes(edited.groups) == bytes(anew.groups)


@pytest.mark.parametrize("edit", [clipped, first_gone])
def test_what_is_in_both_networks_keeps_its_value(running: Simulator, edit: Edit) -> None:
    edited = running.edited(edit(running.network))
    running.catch_up()
    before, after = values_by_name(running), values_by_name(edited)
    assert {ref: after[ref] for ref in before if ref in after} == {ref: before[ref] for ref in before if ref in after}
    added = {ref for ref in after if ref not in before}
    assert added <= {NodeRef("loose"), ParameterRef("clip", "resistance"), ParameterRef("wire", "resistance")}


def test_a_device_told_otherwise_takes_its_new_parameters_and_keeps_its_memory(running: Simulator) -> None:
    network = first_other(running.network)
    name = next(n for n, d in network.sampled.items() if d.parameters)
    device, edited = network.sampled[name], running.edited(network)
    found = [edited.read(ParameterRef(name, p)) for p in device.law.parameters]
    assert found == list(device.parameters)
    for memory in device.law.memory:
        assert edited.read(MemoryRef(name, memory)) == running.read(MemoryRef(name, memory))


def test_a_network_without_what_a_sampled_device_reads_is_refused(running: Simulator) -> None:
    network = running.network.copy()
    reads = [ref for d in network.sampled.values() for ref in d.reads]
    read = next(ref.node for ref in reads if isinstance(ref, NodeRef) and ref.node != GROUND)
    del network.nodes[read]
    network.devices = {name: d for name, d in network.devices.items() if read not in d.nodes}
    network.initial.pop(read, None)
    with pytest.raises(NetworkError, match="in this network"):
        running.edited(network)
