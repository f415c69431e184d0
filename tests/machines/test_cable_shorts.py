"""Two wires of one cable can touch: a fault of every machine that names the cable of its wires."""

from __future__ import annotations

import pytest

from bench.repairs import repaired
from etabli.bench.plant import as_plant
from etabli.machines.model import Colour, Wire
from etabli.machines.read_wiring import neighbours
from etabli.physics.equations import independent_parts
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef, ParameterRef
from etabli.physics.simulator import Simulator

MACHINES = ("poste_tri", "presse", "monte_charge")


def wire(tag: str, number: str, cable: str = "C1", domain: Domain = Domain.DC, a: str = "X1:1") -> Wire:
    return Wire(tag, number, a, "X2:1", next(iter(Colour)), 0.75, 5.0, cable, domain)


def test_one_pair_a_cable_of_different_potentials_and_one_kind_of_current() -> None:
    wires = [
        wire("W1", "24"),
        wire("W2", "24"),
        wire("W3", "12"),
        wire("W4", "13"),
        wire("W5", "L1", "C2", Domain.AC),
        wire("W6", "7", "C2"),
        wire("W7", "8", ""),
        wire("W8", "9", ""),
        wire("W9", "L1", "C0", Domain.AC, "G0:L1"),
        wire("W10", "L2", "C0", Domain.AC, "G0:L2"),
    ]
    assert neighbours(wires, upstream=["G0"]) == {"W3": "W1:a"}


@pytest.mark.parametrize("machine", MACHINES)
def test_sound_insulation_joins_no_circuits(machine: str) -> None:
    """The paths are there from the start: a fault is a parameter. They tie nothing together that was apart."""
    with_them = as_plant(machine).machine.network()
    without = as_plant(machine).machine.network()
    paths = [name for name in without.devices if name.endswith(".insulation") and name.startswith("W")]
    assert paths
    for name in paths:
        del without.devices[name]
    assert len(independent_parts(with_them)) == len(independent_parts(without))


def test_two_phases_of_a_motor_cable_trip_its_breaker() -> None:
    """W116 touches W115 behind the closed contactor of the sorting station."""
    plant = as_plant("poste_tri")
    simulator = Simulator(plant.machine.network())
    simulator.advance(100)
    simulator.write(ParameterRef("KM1.armature", "pushed"), 1.0)
    simulator.advance(100)
    assert simulator.read(MemoryRef("Q2.mechanism", "tripped")) == 0.0
    simulator.write(ParameterRef("W116.insulation", "resistance"), 0.02)
    simulator.advance(20)
    assert simulator.read(MemoryRef("Q2.mechanism", "tripped")) == 1.0
    assert simulator.unresolved == 0


@pytest.mark.parametrize("fault", ["W116.touches_neighbour", "W304.touches_neighbour"])
def test_a_new_wire_brings_the_machine_back(fault: str) -> None:
    plant = as_plant("poste_tri")
    assert repaired(plant, plant.machine.fault(fault))
