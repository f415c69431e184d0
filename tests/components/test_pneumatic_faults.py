"""Every failure mode of the pneumatic families shows, at both ends of its range, in ordinary use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.rig import Rig
from components.scenes import SHOWS, Scene, contact, departures, fed, modes, told
from etabli.components.component import FailureMode
from etabli.components.electrical.conductor import resistor
from etabli.components.pneumatic.compressed_air_supply import air_network
from etabli.components.pneumatic.orifice import vent
from etabli.components.pneumatic.volume import air_mass, air_volume
from etabli.components.sources import lab_voltage
from etabli.physics.network import GROUND, MemoryRef, NodeRef, Ref, StateRef

pytestmark = pytest.mark.usefixtures("run_on_core")


def air(rig: Rig, node: str, bar: float = 0.0, conductance: float = 2.0) -> Rig:
    """A network of compressed air on a node: set ``air NODE.gauge_pressure``."""
    values = {"gauge_pressure": bar, "conductance": conductance, "critical_ratio": 0.3, "open": 1.0}
    rig.network.add(f"air {node}", air_network, {"a": node}, values)
    return rig


def vessel(rig: Rig, node: str, litres: float = 0.2) -> Rig:
    values = {"volume": litres, "index": 1.0}
    rig.network.add(f"vessel {node}", air_volume, {"a": node}, values, {"mass": air_mass(litres)})
    return rig


def outlet(rig: Rig, node: str, conductance: float = 3.0) -> Rig:
    """A way to the workshop air: set ``outlet NODE.opening``."""
    values = {"conductance": conductance, "critical_ratio": 0.4, "opening": 1.0}
    rig.network.add(f"outlet {node}", vent, {"a": node}, values)
    return rig


def volts(rig: Rig, name: str, plus: str, minus: str, ohms: float = 5.0) -> Rig:
    """A supply of its own for a second coil or a set point: set ``NAME.voltage``."""
    rig.network.add(name, lab_voltage, {"plus": plus, "minus": GROUND}, {"voltage": 0.0, "resistance": ohms})
    rig.network.add(f"{name} earth", resistor, {"a": minus, "b": GROUND}, {"resistance": 0.01})
    return rig


def nodes(tag: str, *names: str) -> tuple[Ref, ...]:
    return tuple(NodeRef(f"{tag}:{name}") for name in names)


def valve(family: str, ports: str, exhausts: str, coils: tuple[tuple[str, str], ...]) -> Callable[[], Rig]:
    """A directional valve fed at 1, a vessel on each working port, open exhausts."""

    def rig() -> Rig:
        made = air(Rig().add("V1", family), "V1:1", 6.0, 5.0)
        for port in ports:
            vessel(made, f"V1:{port}")
        for port in exhausts:
            outlet(made, f"V1:{port}", 8.0)
        for k, (plus, minus) in enumerate(coils):
            volts(made, f"coil{k}", f"V1:{plus}", f"V1:{minus}")
        return made

    return rig


def pressed(family: str, tag: str, port: str, *more: str) -> Callable[[], Rig]:
    """A part with one air connection, pressed through a thin tube; ``more`` are outlets."""

    def rig() -> Rig:
        made = air(Rig().add(tag, family), f"{tag}:{port}", 0.0, 0.5)
        for node in more:
            outlet(made, f"{tag}:{node}", 0.5)
        return made

    return rig


def between(family: str, first: str, second: str, conductance: float = 0.5) -> Callable[[], Rig]:
    """A part of a line between two networks."""
    return lambda: air(air(Rig().add("V1", family), f"V1:{first}", 0.0, conductance), f"V1:{second}", 0.0, conductance)


def both_ways(family: str, first: str, second: str, *more: tuple[str, float, float]) -> Scene:
    play = (
        (f"air V1:{first}.gauge_pressure", 6.0, 1.0),
        (f"air V1:{first}.gauge_pressure", 0.0, 1.0),
        (f"air V1:{second}.gauge_pressure", 6.0, 1.0),
        *more,
    )
    return Scene("V1", between(family, first, second), play, nodes("V1", first, second))


def quick() -> Rig:
    return outlet(vessel(air(Rig().add("V1", "quick_exhaust"), "V1:1"), "V1:2", 0.5), "V1:3", 8.0)


def gripping() -> Rig:
    rig = air(Rig().add("P1", "vacuum_ejector"), "P1:1", 4.5).add("U1", "suction_cup", part_kg=5.0)
    return rig.pipe("U1:V", "P1:V", 1.0)


def ejecting() -> Rig:
    return vessel(air(Rig().add("P1", "vacuum_ejector"), "P1:1", 0.0), "P1:V", 0.05)


def sensing() -> Rig:
    rig = fed(air(Rig().add("B1", "vacuum_switch"), "B1:P", 0.0, 0.2), "B1:BN", "B1:BU")
    rig.network.add("input", resistor, {"a": "B1:BK", "b": "B1:BU"}, {"resistance": 3000.0})
    return rig


def storing() -> Rig:
    rig = Rig().add("T1", "air_receiver", volume_l=2.0, start_water_cm3=200.0)
    return outlet(air(rig, "T1:1", 0.0, 3.0), "T1:2", 0.3)


def compressing() -> Rig:
    rig = Rig().add("P1", "compressor").motor("P1:shaft", 0.0, 5.0)
    return outlet(vessel(rig, "P1:P", 3.0), "P1:P", 0.1)


def regulating() -> Rig:
    rig = fed(
        vessel(air(Rig().add("V1", "proportional_pressure_valve"), "V1:1", 7.0, 6.0), "V1:2", 0.5), "V1:L+", "V1:M"
    )
    rig.network.add("reader", resistor, {"a": "V1:X", "b": "V1:M"}, {"resistance": 10000.0})
    return outlet(volts(rig, "set", "V1:+", "V1:-", 10.0), "V1:2", 0.5)


def filtering() -> Rig:
    return outlet(air(Rig().add("V1", "filter_regulator"), "V1:1", 0.0, 5.0), "V1:2", 3.0)


def lubricating() -> Rig:
    return outlet(air(Rig().add("V1", "air_lubricator"), "V1:1", conductance=6.0), "V1:2", conductance=1.5)


def spreading() -> Rig:
    rig = air(Rig().add("V1", "air_manifold"), "V1:P", 6.0)
    for port in "1234":
        outlet(rig, f"V1:{port}", 1.0)
    return rig


def moving(family: str) -> Callable[[], Rig]:
    """A cylinder between two narrow networks."""

    def rig() -> Rig:
        made = air(Rig().add("A1", family), "A1:A", 0.0, 0.3)
        return air(made, "A1:B", 6.0, 0.3) if family == "cylinder" else made

    return rig


ROD = (
    StateRef("A1.chambers", "position"),
    MemoryRef("A1.rod_reading", "knock"),
    NodeRef("A1.chamber_a"),
    NodeRef("A1.chamber_b"),
)
ON_OFF = (("coil0.voltage", 0.0, 0.5), ("coil0.voltage", 24.0, 0.7), ("coil0.voltage", 0.0, 0.7))
ONE_THEN_OTHER = (
    *(("coil0.voltage", 24.0, 0.5), ("coil0.voltage", 0.0, 0.5), ("coil1.voltage", 24.0, 0.5)),
    *(("coil1.voltage", 0.0, 0.0), ("coil0.voltage", 24.0, 0.5)),  # from one to the other at once
    *(("coil0.voltage", 0.0, 0.0), ("coil1.voltage", 24.0, 0.5), ("coil1.voltage", 0.0, 0.5)),
)
TWO_COILS = (("14A1", "14A2"), ("12A1", "12A2"))

SCENES: dict[str, Scene] = {
    "valve_3_2": Scene("V1", valve("valve_3_2", "2", "3", (("A1", "A2"),)), ON_OFF, nodes("V1", "1", "2", "3", "A1")),
    "valve_5_2_monostable": Scene(
        "V1",
        valve("valve_5_2_monostable", "24", "35", (("A1", "A2"),)),
        ON_OFF,
        nodes("V1", "1", "2", "3", "4", "5", "A1"),
    ),
    "valve_5_2_bistable": Scene(
        "V1",
        valve("valve_5_2_bistable", "24", "35", TWO_COILS),
        ONE_THEN_OTHER,
        nodes("V1", "1", "2", "3", "4", "5", "14A1", "12A1"),
    ),
    "valve_5_3": Scene(
        "V1",
        valve("valve_5_3", "24", "35", TWO_COILS),
        ONE_THEN_OTHER,
        nodes("V1", "1", "2", "3", "4", "5", "14A1", "12A1"),
    ),
    "single_acting_cylinder": Scene(
        "A1",
        moving("single_acting_cylinder"),
        (("air A1:A.gauge_pressure", 6.0, 1.0), ("air A1:A.gauge_pressure", 0.0, 1.5)),
        ROD,
        0.002,
    ),
    "cylinder": Scene(
        "A1",
        moving("cylinder"),
        (
            ("air A1:A.gauge_pressure", 0.0, 1.0),
            ("air A1:A.gauge_pressure", 6.0, 0.0),
            ("air A1:B.gauge_pressure", 0.0, 2.0),
            ("air A1:A.gauge_pressure", 0.0, 0.0),
            ("air A1:B.gauge_pressure", 6.0, 2.0),
        ),
        ROD,
        0.002,
    ),
    "quick_exhaust": Scene(
        "V1",
        quick,
        (("air V1:1.gauge_pressure", 6.0, 1.5), ("air V1:1.gauge_pressure", 0.0, 1.0)),
        nodes("V1", "1", "2", "3"),
    ),
    "air_check_valve": Scene(
        "V1",
        lambda: vessel(air(Rig().add("V1", "air_check_valve"), "V1:1", 0.0, 1.0), "V1:2"),
        (("air V1:1.gauge_pressure", 6.0, 1.0), ("air V1:1.gauge_pressure", 0.0, 3.0)),
        nodes("V1", "1", "2"),
    ),
    "flow_control": both_ways("flow_control", "1", "2"),
    "tube": both_ways("tube", "a", "b"),
    "shutoff_valve": both_ways(
        "shutoff_valve", "1", "2", ("air V1:1.gauge_pressure", 6.0, 0.5), ("V1.handle.position", 0.0, 1.0)
    ),
    "filter_regulator": Scene(
        "V1",
        filtering,
        (
            ("outlet V1:2.opening", 0.0, 0.1),
            ("air V1:1.gauge_pressure", 7.0, 2.0),
            ("outlet V1:2.opening", 1.0, 1.0),
        ),
        (*nodes("V1", "1", "2"), NodeRef("V1.bowl"), MemoryRef("V1.needle", "reading")),
    ),
    "air_lubricator": Scene(
        "V1",
        lubricating,
        (("air V1:1.gauge_pressure", 6.0, 1.0), ("outlet V1:2.opening", 1.0, 2.0)),
        (*nodes("V1", "1", "2"), MemoryRef("V1.drip", "rate"), MemoryRef("V1.drip", "level")),
    ),
    "air_manifold": Scene(
        "V1", spreading, (("air V1:P.gauge_pressure", 6.0, 1.0),), nodes("V1", "P", "1", "2", "3", "4")
    ),
    "silencer": Scene("V1", pressed("silencer", "V1", "1"), (("air V1:1.gauge_pressure", 6.0, 1.0),), nodes("V1", "1")),
    "pressure_gauge": Scene(
        "P1",
        pressed("pressure_gauge", "P1", "P"),
        (("air P1:P.gauge_pressure", 6.0, 1.0),),
        (NodeRef("P1:P"), MemoryRef("P1.needle", "reading")),
    ),
    "pressure_switch": Scene(
        "B1",
        lambda: contact(pressed("pressure_switch", "B1", "P")(), "B1:11", "B1:12", "B1:14"),
        tuple(("air B1:P.gauge_pressure", bar, 0.5) for bar in (0.0, 3.0, 5.0, 6.5, 8.0, 10.0, 5.0, 3.0, 0.0)),
        nodes("B1", "P", "12", "14"),
    ),
    "compressed_air_supply": Scene(
        "Z0",
        lambda: outlet(Rig().add("Z0", "compressed_air_supply"), "Z0:1", 3.0),
        (("outlet Z0:1.opening", 0.0, 2.0), ("outlet Z0:1.opening", 1.0, 1.0), ("Z0.handle.position", 0.0, 1.0)),
        nodes("Z0", "1"),
    ),
    "vacuum_ejector": Scene(
        "P1",
        ejecting,
        (("air P1:1.gauge_pressure", 4.5, 3.0), ("air P1:1.gauge_pressure", 0.0, 1.0)),
        (*nodes("P1", "1", "V"), StateRef("P1.jet", "drawn")),
    ),
    "suction_cup": Scene(
        "U1",
        gripping,
        (("U1.part.position", 1.0, 2.0), ("U1.lift.position", 1.0, 1.0)),
        (NodeRef("U1:V"), NodeRef("U1.cup"), StateRef("U1.contact", "held"), MemoryRef("U1.grip", "lifted")),
    ),
    "vacuum_switch": Scene(
        "B1",
        sensing,
        tuple(("air B1:P.gauge_pressure", bar, 0.5) for bar in (0.0, -0.3, -0.55, -0.65, -0.75, -0.85, -0.3, 0.0)),
        (*nodes("B1", "P", "BN", "BK"), MemoryRef("B1.logic", "vacuum")),
    ),
    "air_receiver": Scene(
        "T1",
        storing,
        (
            ("air T1:1.gauge_pressure", 7.0, 5.0),
            ("air T1:1.gauge_pressure", 12.5, 5.0),
            ("T1.tap.position", 1.0, 3.0),
            ("T1.tap.position", 0.0, 0.0),
            ("air T1:1.gauge_pressure", 0.0, 5.0),
        ),
        (*nodes("T1", "1", "2"), NodeRef("T1.tank"), StateRef("T1.tank", "water")),
    ),
    "compressor": Scene(
        "P1",
        compressing,
        (("motor.speed", 150.0, 20.0), ("motor.speed", 0.0, 4.0), ("motor.speed", 150.0, 3.0)),
        (*nodes("P1", "P", "shaft"), NodeRef("P1.head"), NodeRef("P1.intake"), StateRef("P1.stage", "power")),
    ),
    "proportional_pressure_valve": Scene(
        "V1",
        regulating,
        (
            ("outlet V1:2.opening", 0.0, 0.1),
            ("set.voltage", 5.0, 1.5),
            ("set.voltage", 8.0, 1.0),
            ("set.voltage", 2.0, 1.5),
            ("set.voltage", 0.0, 0.5),
            ("set.voltage", 5.0, 0.5),
            ("outlet V1:2.opening", 1.0, 1.0),
        ),
        (*nodes("V1", "1", "2", "X", "L+"), MemoryRef("V1.loop", "reading")),
    ),
}


CASES = [pytest.param(family, mode, id=f"{family}.{mode.id}") for family, mode in modes(SCENES)]


def is_heard(scene: Scene, mode: FailureMode) -> bool:
    healthy = told(scene)
    return all(any(" air " in words for words in told(scene, mode, degree) - healthy) for degree in mode.degrees)


@pytest.mark.parametrize(("family", "mode"), CASES)
def test_a_failure_mode_shows_at_both_ends_of_its_range(family: str, mode: FailureMode) -> None:
    """On a measurement or, for a leak that costs little pressure, to the ear."""
    scene = SCENES[family]
    assert min(departures(scene, mode).values()) > SHOWS or is_heard(scene, mode)
