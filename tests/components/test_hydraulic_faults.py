"""Every failure mode of the hydraulic power unit and its lines shows, at both ends of its range, in ordinary use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.rig import Rig, run_for
from components.scenes import Scene, assert_shows, contact, fed, modes, told
from etabli.components.component import FailureMode
from etabli.components.hydraulic.oil import oil_orifice
from etabli.components.sources import lab_flow, lab_pressure
from etabli.physics.network import MemoryRef, Network, NodeRef, Ref, StateRef

pytestmark = pytest.mark.usefixtures("run_on_core")

RUN_RAD_S = 152.0


def held(network: Network, node: str, bar: float = 0.0, conductance: float = 1e4) -> None:
    """A node held near a pressure: set ``at NODE.pressure``."""
    network.add(f"at {node}", lab_pressure, {"a": node}, {"pressure": bar, "conductance": conductance})


def poured(network: Network, node: str) -> None:
    """Oil pushed into a node: set ``into NODE.flow``."""
    network.add(f"into {node}", lab_flow, {"a": node}, {"flow": 0.0})


def working(family: str, k: float) -> Rig:
    """A pump that draws from a tank, turned by a motor with slip, and works against a throttle (``load.opening``)."""
    rig = Rig().add("P1", family).motor("P1:shaft", 0.0, 5.0)
    rig.add("V1", "relief_valve", joined={"P": "P1:P"}, setting_bar=250.0)
    for node in ("P1:S", "V1:T", *(["P1:L"] if family.endswith("compensated") else [])):
        held(rig.network, node)
    rig.network.add("load", oil_orifice, {"a": "P1:P", "b": "V1:T"}, {"k": k, "opening": 1.0})
    return rig


def pump_scene(family: str, k: float, *more: Ref) -> Scene:
    play = (
        ("motor.speed", RUN_RAD_S, 2.0),
        ("load.opening", 0.02, 1.0),
        ("load.opening", 1.0, 1.0),
        ("motor.speed", 0.0, 1.0),
    )
    watched = (NodeRef("P1:P"), NodeRef("P1:shaft"), MemoryRef("P1.warmth", "rise"), *more)
    return Scene("P1", lambda: working(family, k), play, watched)


def relieving() -> Rig:
    rig = Rig().add("V1", "relief_valve")
    held(rig.network, "V1:P", 0.0, 3.0)
    held(rig.network, "V1:T", 0.0)
    return rig


def bath() -> Rig:
    """Oil drawn from the tank and poured back, faster for a while."""
    rig = Rig().add("Z1", "hydraulic_tank")
    for port in ("S", "R"):
        poured(rig.network, f"Z1:{port}")
    held(rig.network, "Z1:D", 0.0, 0.01)
    return rig


def filtering() -> Rig:
    """More and more oil through the filter: the indicator trips, then the by-pass opens."""
    rig = Rig().add("Z1", "hydraulic_filter")
    poured(rig.network, "Z1:1")
    held(rig.network, "Z1:2")
    return contact(rig, "Z1:11", "Z1:12", "Z1:14")


def cooling() -> Rig:
    """Hot oil through the cooler, its fan on."""
    rig = Rig().add("E1", "heat_capacity", start_c=60.0, capacity_j_k=1e6)
    rig.add("Z1", "oil_cooler", links={"temperature": NodeRef("E1:t")})
    poured(rig.network, "Z1:1")
    held(rig.network, "Z1:2", 5.0, 20.0)
    return fed(rig, "Z1:+", "Z1:-", 0.1)


def storing() -> Rig:
    rig = Rig().add("Z1", "accumulator")
    held(rig.network, "Z1:P", 0.0, 2.0)
    return rig


def passing(family: str, first: str, second: str, conductance: float = 100.0) -> Callable[[], Rig]:
    """A line component between two pressures behind long pipes (cm³/s per bar)."""

    def rig() -> Rig:
        made = Rig().add("V1", family)
        for port in (first, second):
            held(made.network, f"V1:{port}", 0.0, conductance)
        return made

    return rig


def passing_scene(family: str, first: str, second: str, *more: tuple[str, float, float]) -> Scene:
    """Pressed one way, then the other, then through what ``more`` does."""
    play = (
        (f"at V1:{first}.pressure", 50.0, 1.0),
        (f"at V1:{second}.pressure", 50.0, 0.5),
        (f"at V1:{first}.pressure", 0.0, 1.0),
        *more,
    )
    return Scene("V1", passing(family, first, second), play, (NodeRef(f"V1:{first}"), NodeRef(f"V1:{second}")))


def seat_valve() -> Rig:
    return fed(passing("valve_2_2", "1", "2", 5.0)(), "V1:a+", "V1:a-")


def switching() -> Rig:
    rig = Rig().add("B1", "hydraulic_pressure_switch")
    held(rig.network, "B1:P", 0.0, 2.0)
    return contact(rig, "B1:11", "B1:12", "B1:14")


SWITCH = (NodeRef("B1:P"), NodeRef("B1:12"), NodeRef("B1:14"))

SCENES: dict[str, Scene] = {
    "hydraulic_pump": pump_scene("hydraulic_pump", 40.0),
    "hydraulic_pump_compensated": pump_scene("hydraulic_pump_compensated", 70.0, StateRef("P1.pump", "case")),
    "relief_valve": Scene(
        "V1",
        relieving,
        (("at V1:P.pressure", 230.0, 1.0), ("at V1:P.pressure", 100.0, 1.0), ("at V1:P.pressure", 400.0, 1.0)),
        (NodeRef("V1:P"), MemoryRef("V1.warmth", "rise")),
    ),
    "hydraulic_tank": Scene(
        "Z1",
        bath,
        (("into Z1:S.flow", -800.0, 5.0), ("into Z1:R.flow", 1600.0, 5.0), ("into Z1:R.flow", 800.0, 60.0)),
        (
            NodeRef("Z1.air"),
            NodeRef("Z1.oil"),
            StateRef("Z1.bath", "volume"),
            *(MemoryRef("Z1.condition", name) for name in ("level", "air", "viscosity")),
        ),
        0.05,
    ),
    "hydraulic_filter": Scene(
        "Z1",
        filtering,
        (("into Z1:1.flow", 2000.0, 1.0), ("into Z1:1.flow", 20000.0, 1.0), ("into Z1:1.flow", 30000.0, 1.0)),
        tuple(NodeRef(f"Z1:{port}") for port in ("1", "12", "14")),
    ),
    "oil_cooler": Scene(
        "Z1",
        cooling,
        (("into Z1:1.flow", 100.0, 30.0), ("into Z1:1.flow", 2500.0, 30.0)),
        (NodeRef("Z1:1"), NodeRef("Z1:2"), NodeRef("Z1:+"), MemoryRef("Z1.air", "cooling")),
        0.05,
    ),
    "accumulator": Scene(
        "Z1",
        storing,
        (("at Z1:P.pressure", 200.0, 30.0), ("at Z1:P.pressure", 120.0, 20.0), ("at Z1:P.pressure", 0.0, 30.0)),
        (NodeRef("Z1:P"),),
        0.02,
    ),
    "valve_2_2": Scene(
        "V1",
        seat_valve,
        (
            ("feed.voltage", 0.0, 0.1),
            ("at V1:1.pressure", 50.0, 0.5),
            ("at V1:1.pressure", 0.0, 0.2),
            ("at V1:2.pressure", 50.0, 0.5),
            ("feed.voltage", 24.0, 0.5),
            ("feed.voltage", 0.0, 0.5),
        ),
        tuple(NodeRef(f"V1:{port}") for port in ("1", "2", "a+")),
    ),
    "hydraulic_hose": passing_scene("hydraulic_hose", "a", "b"),
    "suction_strainer": passing_scene("suction_strainer", "1", "2"),
    "hydraulic_shutoff_valve": passing_scene("hydraulic_shutoff_valve", "1", "2", ("V1.handle.position", 0.0, 1.0)),
    "hydraulic_pressure_switch": Scene(
        "B1",
        switching,
        tuple(("at B1:P.pressure", bar, 0.3) for bar in (0.0, 60.0, 90.0, 120.0, 150.0, 200.0, 120.0, 60.0, 0.0)),
        SWITCH,
    ),
}

LEAKS = [(f, m) for f, m in modes(SCENES) if m.id.startswith("leak")]
CASES = [(f, m) for f, m in modes(SCENES) if (f, m) not in LEAKS]


@pytest.mark.parametrize(("family", "mode"), [pytest.param(f, m, id=f"{f}.{m.id}") for f, m in CASES])
def test_a_failure_mode_shows_at_both_ends_of_its_range(family: str, mode: FailureMode) -> None:
    assert_shows(SCENES[family], mode)


@pytest.mark.parametrize(("family", "mode"), [pytest.param(f, m, id=f"{f}.{m.id}") for f, m in LEAKS])
def test_oil_on_the_floor_is_seen(family: str, mode: FailureMode) -> None:
    """A leak costs little flow: it is found by looking."""
    healthy = told(SCENES[family])
    for degree in mode.degrees:
        news = told(SCENES[family], mode, degree) - healthy
        assert any("oil" in words.lower() for words in news), degree


@pytest.mark.parametrize("degree", [0.5, 1.0])
def test_a_low_level_is_below_the_mark_and_trips_its_switch(degree: float) -> None:
    rig = Rig().add("Z1", "hydraulic_tank")
    rig.add("B1", "oil_level_switch", links={"level": MemoryRef("Z1.condition", "level")})
    scene = Scene("Z1", lambda: rig, (("Z1.breather.opening", 1.0, 1.0),), ())
    mode = rig.mode("Z1.low_level")[1]
    for words, found, up in ((told(scene), False, 1.0), (told(scene, mode, degree), True, 0.0)):
        assert any("below the low mark" in text for text in words) == found
        sim = rig.start(*(["Z1.low_level"] if found else []), degree=degree)
        run_for(sim, 1.0)
        assert sim.read(MemoryRef("B1.snap", "position")) == up
