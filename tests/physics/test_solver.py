"""The solver against closed forms, and what must hold for any network."""

from __future__ import annotations

import cmath
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.physics.law import Domain
from etabli.physics.network import (
    GROUND,
    MemoryRef,
    Network,
    NetworkError,
    NodeRef,
    ParameterRef,
    StateRef,
)
from etabli.physics.simulator import Simulator
from physics.textbook_laws import (
    textbook_capacitor,
    textbook_diode,
    textbook_impedance,
    textbook_inductor,
    textbook_oil_volume,
    textbook_oscillator,
    textbook_phase,
    textbook_relay,
    textbook_resistor,
    textbook_source,
    textbook_spiteful,
    textbook_throttle,
)


def charging_capacitor(ohms: float = 1000.0, farads: float = 1e-4) -> Network:
    network = Network()
    network.add("G", textbook_source, {"plus": "in", "minus": GROUND}, {"volts": 24.0, "ohms": 0.01})
    network.add("R", textbook_resistor, {"a": "in", "b": "out"}, {"ohms": ohms})
    network.add("C", textbook_capacitor, {"a": "out", "b": GROUND}, {"farads": farads})
    return network


def test_a_capacitor_charges_as_the_closed_form_says() -> None:
    simulator = Simulator(charging_capacitor(), step_s=0.001)
    for _ in range(50):
        simulator.advance(10)
        expected = 24.0 * (1.0 - math.exp(-simulator.time_s / (1000.01 * 1e-4)))
        assert simulator.read(NodeRef("out")) == pytest.approx(expected, abs=2e-4)


def test_sdirk2_is_of_second_order() -> None:
    """Halving the step divides the error by four."""
    errors = []
    for step_s in (0.02, 0.01, 0.005):
        simulator = Simulator(charging_capacitor(), step_s)
        simulator.advance(round(0.1 / step_s))
        errors.append(abs(simulator.read(NodeRef("out")) - 24.0 * (1.0 - math.exp(-0.1 / (1000.01 * 1e-4)))))
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.15)


def test_backward_euler_charges_a_capacitor_by_its_own_closed_form_over_an_edit_too() -> None:
    """Each step of h divides what is missing by 1 + h/RC: exact for that method, and 0.2 V from the true curve."""
    simulator = Simulator(charging_capacitor(), step_s=0.002, longest_step_s=0.0, backward_euler=True)
    for _ in range(3):
        simulator.advance(10)
        left = (1.0 + simulator.step_s / (1000.01 * 1e-4)) ** -simulator.steps
        assert simulator.read(NodeRef("out")) == pytest.approx(24.0 * (1.0 - left), abs=1e-4)
        simulator = simulator.edited(simulator.network.copy())


def test_backward_euler_and_an_estimated_error_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        Simulator(charging_capacitor(), accuracy=1e-6, backward_euler=True)


def test_a_coil_current_rises_as_the_closed_form_says() -> None:
    network = Network()
    network.add("G", textbook_source, {"plus": "in", "minus": GROUND}, {"volts": 24.0, "ohms": 0.01})
    network.add("L", textbook_inductor, {"a": "in", "b": GROUND}, {"henries": 0.9, "ohms": 190.0})
    simulator = Simulator(network, step_s=0.0005)
    for _ in range(20):
        simulator.advance(4)
        expected = 24.0 / 190.01 * (1.0 - math.exp(-simulator.time_s * 190.01 / 0.9))
        assert simulator.read(StateRef("L", "current")) == pytest.approx(expected, abs=3e-5)


def test_a_mass_on_a_spring_with_dry_friction_loses_four_mu_a_period_and_stops() -> None:
    """Coulomb friction F: each half period takes 2F/k off the amplitude, and the mass ends inside the dead band."""
    mass, stiffness, coulomb = 1.0, 400.0, 4.0
    network = Network()
    network.add(
        "M", textbook_oscillator, {"v": "v"},
        {"mass": mass, "stiffness": stiffness, "coulomb": coulomb, "stretch": 0.0}, {"position": 0.105},
    )  # fmt: skip
    simulator = Simulator(network, step_s=0.0002)
    position = StateRef("M", "position")
    half_period = math.pi * math.sqrt(mass / stiffness)
    for half in range(1, 5):
        simulator.advance(round(half_period / 0.0002))
        assert abs(simulator.read(position)) == pytest.approx(0.105 - 2 * coulomb / stiffness * half, abs=1e-3)
    simulator.advance(20000)
    assert abs(simulator.read(position)) <= coulomb / stiffness + 1e-4
    assert abs(simulator.read(NodeRef("v"))) < 1e-4


def test_a_three_phase_load_draws_the_phasor_current() -> None:
    network = Network()
    phases = [230.9 * cmath.exp(-2j * math.pi / 3 * k) for k in range(3)]
    for k, u in enumerate(phases):
        network.add(f"G{k}", textbook_phase, {"line": f"L{k}"}, {"re": u.real, "im": u.imag, "ohms": 0.1})
        network.add(f"Z{k}", textbook_impedance, {"a": f"L{k}", "b": "star"}, {"ohms": 30.0, "reactance": 40.0})
    simulator = Simulator(network)
    simulator.advance(2)
    for k, u in enumerate(phases):
        expected = u * (30 + 40j) / (30.1 + 40j)
        found = complex(simulator.read(NodeRef(f"L{k}")), simulator.read(NodeRef(f"L{k}", 1)))
        assert found == pytest.approx(expected, rel=1e-9)
    assert simulator.read(NodeRef("star")) == pytest.approx(0.0, abs=1e-6)


@given(st.lists(st.floats(1e-3, 1e9), min_size=12, max_size=12), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_resistor_network_obeys_kirchhoff_to_rounding(ohms: list[float], seed: int) -> None:
    """From bolted contacts (1 mΩ) to open wires (1 GΩ) in one circuit: backward error of a few roundings."""
    random = np.random.default_rng(seed)
    ends = [(int(a), int(b)) for a, b in random.integers(0, 6, (12, 2)) if a != b]
    assert_kirchhoff(6, ends, ohms)


@pytest.mark.parametrize("nodes", [2, 5, 8, 9, 10, 13, 14, 33, 40])
def test_a_full_mesh_obeys_kirchhoff_to_rounding(nodes: int) -> None:
    """Each node tied to each other: rows of every width are eliminated, one by one and by twos."""
    ends = list(itertools.combinations(range(nodes), 2))
    ohms = np.random.default_rng(nodes).uniform(0.1, 1e4, len(ends))
    assert_kirchhoff(nodes, ends, ohms.tolist())


def assert_kirchhoff(nodes: int, ends: list[tuple[int, int]], ohms: list[float]) -> None:
    """Resistors between these nodes, 24 V behind 50 mΩ on the first one: currents add up to a few roundings."""
    network = Network()
    network.add("G", textbook_source, {"plus": "n0", "minus": GROUND}, {"volts": 24.0, "ohms": 0.05})
    matrix, right = np.eye(nodes) * 1e-9, np.zeros(nodes)
    matrix[0, 0] += 20.0
    right[0] = 24.0 / 0.05
    for i in range(nodes):
        network.node(f"n{i}", Domain.DC)
    for n, ((a, b), r) in enumerate(zip(ends, ohms, strict=False)):
        network.add(f"R{n}", textbook_resistor, {"a": f"n{a}", "b": f"n{b}"}, {"ohms": r})
        for i, j, sign in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
            matrix[i, j] += sign / r
    simulator = Simulator(network)
    simulator.advance()
    found = np.array([simulator.read(NodeRef(f"n{i}")) for i in range(nodes)])
    largest_terms = np.abs(matrix) @ np.abs(found) + np.abs(right)
    assert (np.abs(matrix @ found - right) <= 1e-14 * largest_terms + 1e-300).all()


def relay_and_lamp() -> Network:
    network = charging_capacitor()
    network.add("K.contact", textbook_resistor, {"a": "in", "b": "lamp"}, {"ohms": 1e9})
    network.add("H", textbook_resistor, {"a": "lamp", "b": GROUND}, {"ohms": 100.0})
    network.add("D", textbook_diode, {"anode": "lamp", "cathode": GROUND}, {"threshold": 30.0, "ohms": 1.0})
    network.sample(
        "K", textbook_relay, {"volts": NodeRef("out")}, {"threshold": 12.0}, {"ohms": ParameterRef("K.contact", "ohms")}
    )
    return network


def test_a_sampled_law_links_two_circuits_when_its_threshold_is_passed() -> None:
    simulator = Simulator(relay_and_lamp(), step_s=0.001)
    simulator.advance(60)  # 24 V (1 - e^-0.6) = 10.8 V: not yet
    assert simulator.read(NodeRef("lamp")) < 0.1
    simulator.advance(15)
    assert simulator.read(MemoryRef("K", "closed")) == 1.0
    assert simulator.read(NodeRef("lamp")) == pytest.approx(24.0, rel=1e-3)


def test_a_snapshot_gives_the_same_future_bit_for_bit() -> None:
    simulator = Simulator(relay_and_lamp(), step_s=0.001)
    simulator.advance(65)
    simulator.write(ParameterRef("R", "ohms"), 900.0)
    kept = simulator.snapshot()
    simulator.advance(100)
    future = simulator.values.tobytes()
    simulator.restore(kept)
    simulator.advance(100)
    assert simulator.values.tobytes() == future


def test_a_snapshot_of_another_network_is_refused() -> None:
    kept = Simulator(charging_capacitor()).snapshot()
    with pytest.raises(ValueError, match="another network"):
        Simulator(relay_and_lamp()).restore(kept)


def test_a_meter_clipped_on_loads_the_circuit_and_time_goes_on() -> None:
    """The network is edited while it runs: charge and time are kept, and 10 kΩ across 1 MΩ is seen."""
    network = charging_capacitor(ohms=1e6, farads=1e-7)
    simulator = Simulator(network, step_s=0.001)
    simulator.advance(500)
    simulator.catch_up()  # an edit starts from the present, to the last digit
    before = simulator.read(NodeRef("out"))
    assert before == pytest.approx(24.0, rel=0.01)
    edited = network.copy()
    edited.add("meter", textbook_resistor, {"a": "out", "b": GROUND}, {"ohms": 1e4})
    loaded = simulator.edited(edited)
    assert loaded.time_s == simulator.time_s
    assert loaded.read(NodeRef("out")) == before
    loaded.advance(500)
    assert loaded.read(NodeRef("out")) == pytest.approx(24.0 * 1e4 / 1.01e6, rel=1e-3)
    again = loaded.edited(network)
    again.advance(1000)
    assert again.read(NodeRef("out")) == pytest.approx(24.0, rel=0.01)


def test_a_parameter_written_by_a_fault_survives_an_edit() -> None:
    network = charging_capacitor()
    simulator = Simulator(network)
    simulator.write(ParameterRef("R", "ohms"), 1e9)
    edited = network.copy()
    edited.add("meter", textbook_resistor, {"a": "in", "b": GROUND}, {"ohms": 1e7})
    assert simulator.edited(edited).read(ParameterRef("R", "ohms")) == 1e9


def test_oil_jumps_are_damped_by_one_euler_step() -> None:
    """A throttle that opens at once on a stiff volume must not make the pressure ring below its end value."""
    network = Network()
    for name, start in (("p", 100.0), ("t", 0.0)):
        network.add(f"V{name}", textbook_oil_volume, {"a": name}, {"compliance": 1e-4}, {"volume": 1e-4 * start})
        network.node(name, Domain.HYDRAULIC, start)
    network.add("throttle", textbook_throttle, {"a": "p", "b": "t"}, {"gain": 0.0})
    simulator = Simulator(network)
    simulator.advance(5)
    simulator.write(ParameterRef("throttle", "gain"), 50.0)
    for _ in range(20):
        simulator.advance()
        assert 49.99 <= simulator.read(NodeRef("p")) <= 100.0
        assert simulator.read(NodeRef("p")) + simulator.read(NodeRef("t")) == pytest.approx(
            100.0, rel=1e-5
        )  # gmin drains a little
    assert simulator.unresolved == 0


def test_a_law_without_a_number_leaves_the_last_good_values() -> None:
    network = Network()
    network.add("X", textbook_spiteful, {"a": "n"}, {"scale": 1.0})
    network.add("G", textbook_source, {"plus": "n", "minus": GROUND}, {"volts": -5.0, "ohms": 1.0})
    network.node("n", Domain.DC, 1.0)
    simulator = Simulator(network)
    simulator.advance(3)
    assert np.isfinite(simulator.values).all()
    assert simulator.unresolved > 0


def test_wrong_networks_are_refused_with_the_mend() -> None:
    network = charging_capacitor()
    with pytest.raises(NetworkError, match="rename one of them"):
        network.add("R", textbook_resistor, {"a": "in", "b": "out"}, {"ohms": 1.0})
    with pytest.raises(NetworkError, match="connect like with like"):
        network.add("M", textbook_throttle, {"a": "in", "b": GROUND}, {"gain": 1.0})
    with pytest.raises(NetworkError, match="parameters missing"):
        network.add("R2", textbook_resistor, {"a": "in", "b": "out"})
    with pytest.raises(NetworkError, match="no node 'nowhere'"):
        Simulator(network).read(NodeRef("nowhere"))
    network.sample(
        "K", textbook_relay, {"volts": NodeRef("out")}, {"threshold": 1.0}, {"ohms": ParameterRef("gone", "ohms")}
    )
    with pytest.raises(NetworkError, match=r"no parameter gone\.ohms"):
        Simulator(network)


def test_islands_are_found_from_the_connections() -> None:
    network = relay_and_lamp()
    network.add("far", textbook_resistor, {"a": "x", "b": "y"}, {"ohms": 5.0})
    islands = Simulator(network).islands()
    assert islands["in"] == islands["out"] == islands["lamp"]
    assert islands["x"] == islands["y"] != islands["in"]


def test_a_source_told_anew_feeds_what_lies_behind_it_at_once() -> None:
    """24 V, then 12 V, behind 2 ohm onto 4 ohm and 6 ohm: flows of sources are kept from one stage to the next."""
    network = Network()
    network.add("source", textbook_source, {"plus": "in", "minus": GROUND}, {"volts": 24.0, "ohms": 2.0})
    network.add("series", textbook_resistor, {"a": "in", "b": "out"}, {"ohms": 4.0})
    network.add("load", textbook_resistor, {"a": "out", "b": GROUND}, {"ohms": 6.0})
    simulator = Simulator(network)
    simulator.advance(3)
    assert simulator.read(NodeRef("out")) == pytest.approx(12.0, rel=1e-6)
    simulator.write(ParameterRef("source", "volts"), 12.0)
    simulator.advance(1)
    assert simulator.read(NodeRef("out")) == pytest.approx(6.0, rel=1e-6)
    simulator.write(ParameterRef("load", "ohms"), 18.0)
    simulator.advance(1)
    assert simulator.read(NodeRef("out")) == pytest.approx(9.0, rel=1e-6)
