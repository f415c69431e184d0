"""Every failure mode of the mechanical and thermal families shows, at both ends of its range, in some ordinary use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.rig import Rig
from components.scenes import Scene, assert_shows, contact, fed, modes
from etabli.components.component import FailureMode
from etabli.components.mechanical.dry_friction import dry_friction_torque, friction_parameters
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.sources import lab_force
from etabli.physics.network import GROUND, MemoryRef, NodeRef, Ref, StateRef

pytestmark = pytest.mark.usefixtures("run_on_core")


def loaded(rig: Rig, node: str, torque: float) -> Rig:
    """A friction load on a shaft."""
    values = friction_parameters(torque, 1e-3)
    rig.network.add(f"load {node}", dry_friction_torque, {"a": node, "b": GROUND}, values)
    return rig


def hoist() -> Rig:
    rig = Rig().add("G1", "hoist_load", start_m=1.0)
    rig.add("T1", "traction_sheave", joined={"car": "G1:car", "counterweight": "G1:counterweight"})
    rig.add("F1", "safety_gear", joined={"car": "G1:car"})
    return contact(rig.motor("T1:shaft", 0.0, 2000.0), "F1:11", "F1:12")


HOIST_PLAY = (
    ("G1.car.load", 1.0, 0.5),
    ("motor.speed", 2.0, 2.0),
    ("motor.speed", 0.0, 0.5),
    ("G1.car.load", 0.0, 0.5),
    ("motor.speed", -2.0, 3.0),
    ("motor.speed", -3.0, 3.0),
    ("motor.speed", 3.0, 4.0),
    ("motor.speed", -6.0, 2.0),
    ("F1.governor.reset", 1.0, 0.5),
)
HOIST_WATCHED = (
    NodeRef("G1:car"),
    NodeRef("G1:counterweight"),
    NodeRef("T1:shaft"),
    NodeRef("F1:12"),
    StateRef("G1.car", "position"),
    StateRef("G1.car", "buffer"),
    StateRef("T1.traction", "car_tension"),
)


def reversing(speed: float, wait: float = 1.5) -> tuple[tuple[str, float, float], ...]:
    return (("motor.speed", speed, wait), ("motor.speed", -speed, wait), ("motor.speed", 0.0, 0.5))


def shafts(family: str, load: float, speed: float, stiffness: float, *more: Ref) -> Scene:
    """A family with an input and an output shaft, driven to and fro against friction."""
    return Scene(
        "T1",
        lambda: loaded(Rig().add("T1", family).motor("T1:in", 0.0, stiffness), "T1:out", load),
        reversing(speed),
        (NodeRef("T1:in"), NodeRef("T1:out"), *more),
    )


def aligned() -> Rig:
    """A coupling, and the bearing that it shakes when it is out of line."""
    rig = Rig().add("T1", "coupling").motor("T1:in", 0.0, 1.0)
    links = {"misalignment": MemoryRef("T1.alignment", "offset")}
    return loaded(rig.add("B1", "rolling_bearing", links=links, joined={"shaft": "T1:out"}), "T1:out", 5.0)


def brake() -> Rig:
    return Rig().add("Y1", "friction_brake").motor("Y1:shaft", 0.0, 1.0)


def clutch() -> Rig:
    rig = Rig().add("Y1", "clutch").motor("Y1:in", 100.0, 1.0)
    return fed(loaded(rig, "Y1:out", 20.0), "Y1:+", "Y1:-")


def slide(family: str) -> Callable[[], Rig]:
    def rig() -> Rig:
        made = Rig().add("G1", family)
        made.network.add("push", lab_force, {"w": "G1:slide"}, {"force": 0.0})
        return made

    return rig


def slide_scene(family: str, up: float, down: float) -> Scene:
    play = (("push.force", up, 1.5), ("push.force", down, 2.0), ("push.force", up, 1.0))
    watched = (NodeRef("G1:slide"), StateRef("G1.body", "position"), StateRef("G1.body", "buffer"))
    return Scene("G1", slide(family), play, watched)


def stopped() -> Rig:
    rig = Rig().add("G1", "end_stop", at_mm=50.0)
    rig.network.add("mass", moving_mass, {"w": "G1:slide"}, {"mass": 10.0})
    rig.network.add("push", lab_force, {"w": "G1:slide"}, {"force": 0.0})
    return rig


def sprung() -> Rig:
    rig = Rig().add("G1", "spring", preload_n=50.0)
    for end in ("a", "b"):
        rig.network.add(f"mass {end}", moving_mass, {"w": f"G1:{end}"}, {"mass": 5.0})
    return rig


def bearing() -> Rig:
    return Rig().add("B1", "rolling_bearing").motor("B1:shaft", 157.0, 0.05)


def screw() -> Rig:
    rig = Rig().add("T1", "lead_screw").motor("T1:shaft", 0.0, 0.1)
    rig.network.add("load", lab_force, {"w": "T1:nut"}, {"force": 0.0})
    return rig


def rack() -> Rig:
    return Rig().add("T1", "rack_pinion").motor("T1:shaft", 0.0, 1.0)


def cabinet() -> Rig:
    return contact(fed(Rig().add("A1", "enclosure", losses_w=300.0), "A1:+", "A1:-"), "A1:1", "A1:2")


def bodies() -> Rig:
    rig = Rig().add("E1", "heat_capacity", losses_w=100.0).add("E2", "heat_capacity")
    return rig.add("E3", "convection", joined={"a": "E1:t", "b": "E2:t"})


PUSHED = (("push.force", 20.0, 2.0), ("push.force", 0.0, 0.5))
BODIES = Scene("E3", bodies, (("E1.losses.own", 100.0, 8000.0),), (NodeRef("E1:t"), NodeRef("E2:t")), 1.0)

SCENES: dict[str, Scene] = {
    "traction_sheave": Scene("T1", hoist, HOIST_PLAY, HOIST_WATCHED),
    "hoist_load": Scene("G1", hoist, HOIST_PLAY, HOIST_WATCHED),
    "safety_gear": Scene("F1", hoist, HOIST_PLAY, HOIST_WATCHED),
    "friction_brake": Scene(
        "Y1",
        brake,
        (
            ("motor.speed", 50.0, 0.5),
            ("motor.speed", 100.0, 1.0),
            ("Y1.shoes.lever", 1.0, 1.0),
            ("Y1.shoes.lever", 0.0, 1.0),
        ),
        (NodeRef("Y1:shaft"), MemoryRef("Y1.brake_lining", "rise")),
    ),
    "clutch": Scene(
        "Y1",
        clutch,
        (("feed.voltage", 24.0, 1.5), ("feed.voltage", 0.0, 1.0), ("feed.voltage", 24.0, 1.0)),
        (NodeRef("Y1:in"), NodeRef("Y1:out"), NodeRef("Y1:+")),
    ),
    "shaft": shafts("shaft", 20.0, 20.0, 5.0, StateRef("T1.body", "twist")),
    "coupling": Scene(
        "T1", aligned, reversing(100.0), (NodeRef("T1:in"), NodeRef("T1:out"), MemoryRef("B1.vibration", "rms"))
    ),
    "gearbox": shafts("gearbox", 20.0, 140.0, 0.05, MemoryRef("T1.output_heat", "rise")),
    "belt_drive": shafts("belt_drive", 20.0, 7.5, 10.0, MemoryRef("T1.driven_heat", "rise")),
    "chain_drive": shafts("chain_drive", 60.0, 10.0, 5.0, MemoryRef("T1.driven_heat", "rise")),
    "rack_pinion": Scene("T1", rack, reversing(5.0), (NodeRef("T1:shaft"), NodeRef("T1:rack"))),
    "lead_screw": Scene(
        "T1",
        screw,
        (("load.force", -1000.0, 0.2), *reversing(50.0)),
        (
            NodeRef("T1:shaft"),
            NodeRef("T1:nut"),
            MemoryRef("T1.screw_heat", "rise"),
        ),
    ),
    "rolling_bearing": Scene(
        "B1", bearing, (("motor.speed", 157.0, 3.0),), (NodeRef("B1:shaft"), MemoryRef("B1.vibration", "rms"))
    ),
    "flywheel": Scene(
        "J1",
        lambda: Rig().add("J1", "flywheel").motor("J1:shaft", 157.0, 2.0),
        (("motor.speed", 157.0, 3.0),),
        (NodeRef("J1:shaft"), MemoryRef("J1.vibration", "rms"), MemoryRef("J1.wheel_heat", "rise")),
    ),
    "linear_guide": slide_scene("linear_guide", 100.0, -100.0),
    "vertical_load": slide_scene("vertical_load", 1200.0, 400.0),
    "end_stop": Scene("G1", stopped, PUSHED, (NodeRef("G1:slide"), StateRef("G1.stop", "position"))),
    "spring": Scene("G1", sprung, (("G1.half_a.mass", 0.1, 1.0),), (NodeRef("G1:a"), NodeRef("G1:b"))),
    "enclosure": Scene(
        "A1",
        cabinet,
        (
            ("feed.voltage", 0.0, 3600.0),
            ("feed.voltage", 24.0, 2400.0),
            ("A1.losses.own", 1000.0, 3600.0),
            ("A1.losses.own", 0.0, 3600.0),
        ),
        (NodeRef("A1.air"), NodeRef("A1:2"), NodeRef("A1:+")),
        1.0,
    ),
    "heat_capacity": Scene("E1", bodies, BODIES.play, BODIES.watched, 1.0),
    "convection": BODIES,
}


CASES = [pytest.param(SCENES[f], m, id=f"{f}.{m.id}") for f, m in modes(SCENES)]


@pytest.mark.parametrize(("scene", "mode"), CASES)
def test_a_failure_mode_shows_at_both_ends_of_its_range(scene: Scene, mode: FailureMode) -> None:
    assert_shows(scene, mode)
