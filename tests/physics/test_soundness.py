"""Structural mistakes of a network are named before it runs: what, where, and the mend."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder
from etabli.machines import load_machine
from etabli.physics.law import Domain
from etabli.physics.network import Network, ParameterRef
from etabli.physics.soundness import LEAST_R_OVER_X, Unsound, check_network
from physics import textbook_laws as laws


def kinds(network: Network, **more: Any) -> list[Unsound]:
    return [f.kind for f in check_network(network, **more)]


# --- circuits without a reference ---------------------------------------------------------------------------------


def torch(earthed: bool, volts: float = 4.5) -> Network:
    """A battery and a lamp."""
    network = Network()
    network.add("cell", laws.textbook_source, {"plus": "p", "minus": "n"}, {"volts": volts, "ohms": 0.1})
    network.add("lamp", laws.textbook_resistor, {"a": "p", "b": "n"}, {"ohms": 20.0})
    if earthed:
        network.add("strap", laws.textbook_resistor, {"a": "n", "b": "0"}, {"ohms": 0.01})
    return network


def test_a_battery_that_touches_nothing_has_no_reference() -> None:
    (finding,) = check_network(torch(earthed=False))
    assert finding.kind is Unsound.FLOATING
    assert finding.nodes == ("p", "n")
    assert ("cell", "plus") in finding.terminals
    assert "cell (plus)" in finding.text.fr
    assert "earth" in finding.mend.en


def test_one_earthed_point_is_enough() -> None:
    assert check_network(torch(earthed=True)) == ()


def test_a_terminal_straight_on_the_ground_is_a_reference() -> None:
    network = Network()
    network.add("cell", laws.textbook_source, {"plus": "p", "minus": "0"}, {"volts": 4.5, "ohms": 0.1})
    assert check_network(network) == ()


def test_a_source_that_stands_at_zero_counts_once_it_is_driven() -> None:
    network = torch(earthed=False, volts=0.0)
    assert check_network(network) == ()
    assert kinds(network, driven={ParameterRef("cell", "volts")}) == [Unsound.FLOATING]


def test_a_loose_contact_is_no_mistake() -> None:
    network = torch(earthed=True)
    network.add("spare", laws.textbook_resistor, {"a": "11", "b": "12"}, {"ohms": 1e9})
    assert check_network(network) == ()


def test_a_leak_of_a_gigaohm_is_no_reference() -> None:
    network = torch(earthed=False)
    network.add("damp", laws.textbook_resistor, {"a": "n", "b": "0"}, {"ohms": 1e10})
    assert kinds(network) == [Unsound.FLOATING]


@given(st.integers(2, 6), st.data())
def test_a_ladder_is_sound_with_one_strap_and_unsound_without(steps: int, data: st.DataObject) -> None:
    network = Network()
    network.add("cell", laws.textbook_source, {"plus": "n0", "minus": "m0"}, {"volts": 24.0, "ohms": 0.1})
    for i in range(steps):
        for side in "nm":
            network.add(
                f"{side}{i}", laws.textbook_resistor, {"a": f"{side}{i}", "b": f"{side}{i + 1}"}, {"ohms": 1.0 + i}
            )
    network.add("load", laws.textbook_resistor, {"a": f"n{steps}", "b": f"m{steps}"}, {"ohms": 10.0})
    assert kinds(network) == [Unsound.FLOATING]
    where = data.draw(st.sampled_from(sorted(network.nodes)))
    network.add("strap", laws.textbook_resistor, {"a": where, "b": "0"}, {"ohms": 0.05})
    assert kinds(network) == []


# --- nodes where nothing is stored ---------------------------------------------------------------------------------


def throttles(volume: float | None) -> Network:
    """Two throttles in series; ``volume`` (cm³/bar) lies between them."""
    network = Network()
    network.add("first", laws.textbook_throttle, {"a": "0", "b": "between"}, {"gain": 5.0})
    network.add("second", laws.textbook_throttle, {"a": "between", "b": "0"}, {"gain": 5.0})
    if volume is not None:
        network.add("oil", laws.textbook_oil_volume, {"a": "between"}, {"compliance": volume})
    return network


def test_oil_between_two_throttles_needs_a_volume() -> None:
    (finding,) = check_network(throttles(volume=None))
    assert finding.kind is Unsound.NOTHING_STORED
    assert finding.nodes == ("between",)
    assert finding.terminals == (("first", "b"), ("second", "a"))
    assert "fluid node without volume: between" in finding.text.en
    assert "2 cm³" in finding.mend.fr


@given(st.floats(1e-5, 1.0))
def test_any_real_volume_will_do(cm3_per_bar: float) -> None:
    assert check_network(throttles(cm3_per_bar)) == ()


def test_a_moving_part_needs_a_mass() -> None:
    network = Network()
    parameters = {"mass": 0.0, "stiffness": 1e4, "coulomb": 1.0, "stretch": 0.1}
    network.add("slide", laws.textbook_oscillator, {"v": "slide"}, parameters)
    (finding,) = check_network(network)
    assert finding.text.en.startswith("mechanical node without inertia: slide")
    network.devices.clear()
    network.add("slide", laws.textbook_oscillator, {"v": "slide"}, {**parameters, "mass": 0.2})
    assert check_network(network) == ()


def test_a_node_that_nothing_touches_is_named_too() -> None:
    network = Network()
    network.node("forgotten", Domain.HYDRAULIC)
    (finding,) = check_network(network)
    assert (finding.nodes, finding.device) == (("forgotten",), "")


# --- laws without a finite slope -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("bar", "sound"), [(0.0, False), (1e-6, True), (3.0, True)])
def test_a_bare_root_that_starts_at_zero_is_refused(bar: float, sound: bool) -> None:
    network = Network()
    network.node("line", Domain.HYDRAULIC, bar)
    network.add("oil", laws.textbook_oil_volume, {"a": "line"}, {"compliance": 0.01}, {"volume": 0.01 * bar})
    network.add("hole", laws.textbook_bare_root, {"a": "line", "b": "0"}, {"gain": 5.0})
    found = check_network(network)
    assert (found == ()) is sound
    if not sound:
        assert (found[0].kind, found[0].device) == (Unsound.STEEP, "hole")
        assert "round a root near 0" in found[0].mend.en


# --- AC branches that lose nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ratio", "sound"), [(0.0, False), (0.9e-3, False), (1.1e-3, True), (0.1, True)])
def test_an_ac_branch_needs_a_thousandth_of_resistance(ratio: float, sound: bool) -> None:
    network = Network()
    network.add("mains", laws.textbook_phase, {"line": "L"}, {"re": 230.0, "im": 0.0, "ohms": 0.1})
    network.add("choke", laws.textbook_impedance, {"a": "L", "b": "0"}, {"ohms": 100.0 * ratio, "reactance": 100.0})
    found = check_network(network)
    assert (found == ()) is sound
    if not sound:
        assert found[0].kind is Unsound.LOSSLESS
        assert found[0].text.en.startswith("choke (a")
    assert LEAST_R_OVER_X == 1e-3


# --- what ships ---------------------------------------------------------------------------------------------------


def test_the_sorting_station_is_sound() -> None:
    assert check_network(load_machine("poste_tri").network()) == ()


@pytest.mark.parametrize("family", sorted(catalogue()))
def test_every_family_is_sound_on_its_own(family: str) -> None:
    """A component brings its own volumes, inertias and losses: nobody has to add them around it."""
    component = catalogue()[family]
    parameters, network = component.defaults(), Network()
    links = {name: ParameterRef("X1", name) for name in component.links}
    component.build(Builder(network, "X1", component.ports_of(parameters), links), parameters)
    assert [f.text.en for f in check_network(network) if f.kind is not Unsound.FLOATING] == []
