"""Every electrical family: it builds alone, its texts are bilingual, drawings and failure modes meet its network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder, Component, Effect, Perception, Sense
from etabli.components.drawing import Lights, Moves, Shape, Turns
from etabli.components.electrical.dc_image import DC_IMAGES
from etabli.components.electrical.light_tower import LAMPS
from etabli.components.electrical.plc import input_names, output_names
from etabli.components.electrical.terminal_strip import bridged
from etabli.physics.law import Domain
from etabli.physics.network import GROUND, MemoryRef, Network, NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.text import Text

FAMILIES = (
    "cable",
    "circuit_breaker",
    "circuit_breaker_ac",
    "contactor",
    "earth",
    "emergency_stop",
    "fuse",
    "guard_switch",
    "heater",
    "induction_motor",
    "isolator",
    "light_curtain",
    "light_tower",
    "limit_switch",
    "mains_supply",
    "motor_brake",
    "motor_circuit_breaker",
    "phase_monitor",
    "photoelectric_sensor",
    "pilot_light",
    "plc",
    "potentiometer",
    "power_supply",
    "pressure_switch",
    "proximity_sensor",
    "pushbutton",
    "reed_sensor",
    "relay",
    "safety_relay",
    "selector_switch",
    "soft_starter",
    "temperature_probe",
    "terminal_strip",
    "thermal_relay",
    "three_pole_fuses",
    "timer_relay",
    "transformer",
    "two_hand_relay",
    "variable_frequency_drive",
    "wire",
)

each_family = pytest.mark.parametrize("family", FAMILIES)


def _component(family: str) -> Component:
    return catalogue()[family]


def _network(family: str) -> Network:
    component, network = _component(family), Network()
    values = component.defaults()
    links: dict[str, Ref] = {name: ParameterRef("OTHER.device", "value") for name in component.links}
    component.build(Builder(network, "T1", component.ports_of(values), links), values)
    return network


def _healthy(network: Network, target: str) -> float:
    device_name, parameter = target.rsplit(".", 1)
    device = network.devices.get(f"T1.{device_name}") or network.sampled.get(f"T1.{device_name}")
    assert device is not None, f"no device {device_name}"
    return device.parameters[device.law.parameters.index(parameter)]


@each_family
def test_it_builds_alone(family: str) -> None:
    network = _network(family)
    assert network.nodes or network.sampled


@each_family
def test_every_port_is_a_node_of_its_domain(family: str) -> None:
    component, network = _component(family), _network(family)
    for port in component.ports_of(component.defaults()):
        assert network.nodes[f"T1:{port.name}"] is port.domain


@each_family
def test_every_effect_hits_a_parameter_of_the_network(family: str) -> None:
    component, network = _component(family), _network(family)
    for mode in component.failure_modes_of(component.defaults()):
        for effect in mode.effects:
            if isinstance(effect, Effect):
                healthy = _healthy(network, effect.target)
                for degree in mode.degrees:
                    assert effect.at(healthy, degree) != healthy, (mode.id, effect.target)


@each_family
def test_no_sampled_law_overwrites_a_fault(family: str) -> None:
    """A parameter that a sampled law writes at every step cannot carry a fault."""
    component, network = _component(family), _network(family)
    written = {target for s in network.sampled.values() for group in s.writes for target in group}
    for mode in component.failure_modes_of(component.defaults()):
        for effect in mode.effects:
            if isinstance(effect, Effect):
                device, parameter = effect.target.rsplit(".", 1)
                assert ParameterRef(f"T1.{device}", parameter) not in written, mode.id


@each_family
def test_failure_modes_have_one_name_each_and_sensible_ranges(family: str) -> None:
    component = _component(family)
    modes = component.failure_modes_of(component.defaults())
    assert len({m.id for m in modes}) == len(modes)
    assert len({m.text.fr for m in modes}) == len(modes)
    for mode in modes:
        assert 0.0 < mode.degrees[0] <= mode.degrees[1] <= 1.0
        assert mode.rate > 0.0
        assert mode.onsets


@each_family
def test_defaults_lie_in_their_ranges(family: str) -> None:
    for parameter in _component(family).parameters:
        if parameter.choices:
            assert parameter.default in parameter.choices
        if parameter.minimum is not None and parameter.maximum is not None:
            assert parameter.minimum <= parameter.default <= parameter.maximum, parameter.name


def _texts(family: str) -> Iterator[Text]:
    component = _component(family)
    yield component.text
    yield component.sheet
    yield from (p.text for p in component.parameters)
    for mode in component.failure_modes_of(component.defaults()):
        yield mode.text
        if mode.visible is not None:
            yield mode.visible
    yield from (p.text for p in _perceived(family))


@each_family
def test_every_text_is_in_both_languages(family: str) -> None:
    for text in _texts(family):
        assert text.fr.strip()
        assert text.en.strip()
        if len(text.fr) > 12:
            assert text.fr != text.en, text.fr


@each_family
def test_data_sheet_says_where_its_values_come_from(family: str) -> None:
    sheet = _component(family).sheet
    if _component(family).parameters and family != "earth":
        assert "Valeurs" in sheet.fr
        assert "Values" in sheet.en


def _initial(network: Network, ref: Ref) -> float:
    if isinstance(ref, NodeRef):
        assert ref.node in network.nodes
        return network.initial.get(ref.node, 0.0)
    if isinstance(ref, StateRef):
        device = network.devices[ref.device]
        return device.initial[device.law.states.index(ref.state)]
    if isinstance(ref, MemoryRef):
        sampled = network.sampled[ref.device]
        return sampled.initial[sampled.law.memory.index(ref.memory)]
    owner = network.devices.get(ref.device) or network.sampled[ref.device]
    return owner.parameters[owner.law.parameters.index(ref.parameter)]


def _perceived(family: str) -> tuple[Perception, ...]:
    component, network = _component(family), _network(family)
    if component.senses is None:
        return ()
    return component.senses("T1", component.defaults(), lambda ref: _initial(network, ref))


@each_family
def test_senses_read_existing_values(family: str) -> None:
    for perception in _perceived(family):
        assert isinstance(perception.sense, Sense)


@each_family
def test_channels_controls_adjusts_and_signals_exist(family: str) -> None:
    component, network = _component(family), _network(family)
    values = component.defaults()
    for channel in component.channels("T1", values) if component.channels else ():
        _initial(network, channel.ref)
        assert channel.low != channel.high
    for target in (*component.controls.values(), *component.adjusts.values()):
        assert isinstance(target, str)
        _healthy(network, target)
    for name in component.adjusts:
        parameter = next(p for p in component.parameters if p.name == name)
        assert parameter.adjustable
        assert _healthy(network, component.adjusts[name]) == pytest.approx(parameter.default)
    for signal in component.signals.values():
        _initial(network, signal("T1", values))


@each_family
def test_every_port_is_drawn(family: str) -> None:
    component = _component(family)
    ports = {p.name for p in component.ports_of(component.defaults())}
    drawn = {pin.port for symbol in component.symbols.values() for pin in symbol.pins}
    if family != "wire":  # a wire is the line between two pins
        assert ports <= drawn


@each_family
def test_pins_lie_on_the_edge_of_the_grid(family: str) -> None:
    for name, symbol in _component(family).symbols.items():
        for pin in symbol.pins:
            assert 0 <= pin.x <= symbol.width, (name, pin.port)
            assert 0 <= pin.y <= symbol.height, (name, pin.port)
            edge = {"n": pin.y == 0, "s": pin.y == symbol.height, "w": pin.x == 0, "e": pin.x == symbol.width}
            assert edge[pin.side], (name, pin.port)


def _drawn_channels(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Turns | Moves | Lights):
            yield shape.channel
            yield from _drawn_channels(shape.shapes)


@each_family
def test_drawings_follow_declared_channels(family: str) -> None:
    component = _component(family)
    values = component.defaults()
    if family == "plc":
        values.update(inputs=32, outputs=32)
    # A symbol may belong to another variant of the family (a bistable valve has a second coil).
    variants = [values, *({**values, p.name: choice} for p in component.parameters for choice in p.choices)]
    known = {c.name for v in variants for c in component.channels("T1", v)} if component.channels else set()
    for symbol in component.symbols.values():
        assert set(_drawn_channels(symbol.shapes)) <= known


AC_FAMILIES = [
    f for f in FAMILIES if any(p.domain is Domain.AC for p in _component(f).ports_of(_component(f).defaults()))
]


@pytest.mark.parametrize("family", sorted({*AC_FAMILIES, "cable", "wire", "terminal_strip"}))
def test_ac_families_have_a_dc_image(family: str) -> None:
    component = _component(family)
    values = {**component.defaults()}
    if "domain" in values:
        values["domain"] = "ac"
    network = Network()
    ports = component.ports_of(values)
    component.build(Builder(network, "T1", ports, {}), values)
    branches = DC_IMAGES[family]("T1", values, lambda ref: _initial(network, ref))
    names = {GROUND, *(p.name for p in ports)}
    inside = {point for a, b, _ in branches if names & {a, b} for point in (a, b)}
    for a, b, ohms in branches:
        assert ohms > 0.0
        assert {a, b} & inside, f"{a}-{b} hangs on nothing"


def test_plc_channels_are_named_after_their_addresses() -> None:
    values = {"inputs": 10, "outputs": 9}
    assert input_names(values)[-1] == "I1.1"
    assert output_names(values)[-1] == "Q1.0"
    ports = {p.name for p in _component("plc").ports_of({**_component("plc").defaults(), **values})}
    assert {"L+", "M", "1L+", "1M", "I0.0", "Q1.0"} <= ports


def test_terminal_bars_join_neighbours() -> None:
    assert bridged({"count": 9, "bridges": "1-3, 7-8"}) == ((1, 2), (2, 3), (7, 8))
    for wrong in ("4", "a-b", "3-2", "8-12"):
        with pytest.raises(ValueError, match="bridges"):
            bridged({"count": 9, "bridges": wrong})


def test_light_tower_has_french_letters() -> None:
    assert tuple(LAMPS) == ("R", "O", "V")
