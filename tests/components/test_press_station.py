"""The press station: an elastic-plastic blank under a heavy ram, against closed forms; the blanks that a hand feeds."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.rig import Rig, set_parameter
from etabli.components.catalogue import catalogue
from etabli.components.mechanical.press_blanks import PressBlanks
from etabli.components.mechanical.press_station import VISCOUS_N_S_M, press_tool
from etabli.components.sources import lab_force
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

DEFAULTS = catalogue()["press_station"].defaults()
TOUCH, CLOSED = 0.238, 0.250
STIFF, FIRST, RISE = 200e6, 60e3, (190e3 - 60e3) / 0.012
TOOL = {
    "weight": 0.0, "touch": TOUCH, "closed": CLOSED, "shim": 0.0, "stiffness": STIFF, "first": FIRST, "rise": RISE,
    "die_stiffness": 350e6, "strength": 1.0, "thicker": 0.0, "fresh": 0.0,
}  # fmt: skip


def at(position: float, depth: float = 0.0, **changed: float) -> dict[str, float]:
    """States of the tool held at a position."""
    states = press_tool.evaluate({"w": 0.0}, {**TOOL, **changed}, {"position": position, "depth": depth, "force": 0.0})
    return dict(states[1])


def test_a_blank_springs_back_below_its_yield_force() -> None:
    touched = at(TOUCH + 0.2e-3)
    assert touched["force"] == pytest.approx(STIFF * 0.2e-3)
    assert touched["depth"] == 0.0


def test_a_blank_yields_along_its_hardening_line() -> None:
    """Elastic and plastic parts in series: reach = depth + force / k with force = first + rise · depth."""
    reach = 6e-3
    depth = (STIFF * reach - FIRST) / (STIFF + RISE)
    formed = at(TOUCH + reach)
    assert formed["depth"] == pytest.approx(depth, rel=1e-9)
    assert formed["force"] == pytest.approx(FIRST + RISE * depth, rel=1e-5)


@given(st.lists(st.floats(0.0, 0.0119), min_size=1, max_size=30))
@settings(deadline=None, max_examples=50)
def test_a_blank_never_gets_shallower_and_never_pulls(reaches: list[float]) -> None:
    depth = 0.0
    for reach in reaches:
        now = at(TOUCH + reach, depth)
        assert now["depth"] >= depth
        assert now["force"] >= 0.0
        depth = now["depth"]
    assert depth == pytest.approx(at(TOUCH + max(reaches))["depth"], rel=1e-9)


def test_the_die_stops_the_ram() -> None:
    empty = {"strength": 0.0, "fresh": 1.0}
    assert at(CLOSED - 1e-4, **empty)["force"] < 10.0
    assert at(CLOSED + 1e-3, **empty)["force"] == pytest.approx(350e3, rel=1e-3)


@pytest.fixture
def rig() -> Rig:
    """The ram alone, carried by a force that a test sets."""
    made = Rig().add("PR1", "press_station")
    made.network.add("push", lab_force, {"w": "PR1:ram"}, {"force": 0.0})
    return made


def press(sim: Simulator, blanks: PressBlanks, seconds: float, force: float) -> None:
    """Push for a while, the process beside."""
    set_parameter(sim, "push.force", force)
    for _ in range(round(seconds / 0.01)):
        sim.advance(2)
        blanks.step(sim.time_s, 0.01, [sim.read(ref) for ref in blanks.reads], sim.write)


def a_part(sim: Simulator, blanks: PressBlanks, force: float) -> None:
    """One round: hand in, hand out, press, up again."""
    weight = float(DEFAULTS["ram_kg"]) * 9.81
    set_parameter(sim, "PR1.hand.position", 1.0)
    press(sim, blanks, 1.2, -weight)
    set_parameter(sim, "PR1.hand.position", 0.0)
    press(sim, blanks, 0.2, -weight)
    press(sim, blanks, 1.5, 900.0 - weight)
    for step in range(100):  # a pump builds the pressure up
        press(sim, blanks, 0.01, force * (step + 1) / 100 - weight)
    press(sim, blanks, 2.5, -1500.0 - weight)
    set_parameter(sim, "PR1.tool.weight", 0.0)


def test_a_ram_that_is_carried_stays_where_it_is(rig: Rig) -> None:
    sim = rig.start()
    set_parameter(sim, "push.force", -float(DEFAULTS["ram_kg"]) * 9.81 + 300.0)
    sim.advance(2000)
    assert sim.read(StateRef("PR1.tool", "position")) == pytest.approx(0.040, abs=2e-5)


def test_the_ram_falls_when_nothing_carries_it(rig: Rig) -> None:
    """m dv/dt = m g − Fc − c v, from rest."""
    sim = rig.start()
    sim.advance(20)
    mass, friction, viscous = float(DEFAULTS["ram_kg"]), float(DEFAULTS["guide_n"]), VISCOUS_N_S_M
    speed = (mass * 9.81 - friction) / viscous * (1.0 - math.exp(-viscous * 0.1 / mass))
    assert sim.read(NodeRef("PR1:ram")) == pytest.approx(speed, rel=0.02)


@pytest.mark.parametrize(("force", "good", "bad"), [(310e3, 1, 0), (215e3, 0, 1), (120e3, 0, 1)])
def test_a_part_is_good_when_it_is_pressed_hard_enough(rig: Rig, force: float, good: int, bad: int) -> None:
    sim, blanks = rig.start(), PressBlanks("PR1", DEFAULTS, random.Random(1))
    a_part(sim, blanks, force)
    set_parameter(sim, "PR1.hand.position", 1.0)
    press(sim, blanks, 1.5, 0.0)
    counters = blanks.counters()
    assert (counters["good"], counters["bad"]) == (good, bad), counters
    assert counters["fed"] == 2


def test_scrap_between_the_dies_spoils_the_part(rig: Rig) -> None:
    sim, blanks = rig.start("PR1.scrap_in_die"), PressBlanks("PR1", DEFAULTS, random.Random(1))
    a_part(sim, blanks, 310e3)
    set_parameter(sim, "PR1.hand.position", 1.0)
    press(sim, blanks, 1.5, 0.0)
    assert blanks.counters()["bad"] == 1


def test_cams_follow_the_ram(rig: Rig) -> None:
    sim, blanks = rig.start(), PressBlanks("PR1", DEFAULTS, random.Random(1))
    on = {name: MemoryRef(f"PR1.cam_{name}", "on") for name in ("up", "slow", "down")}
    press(sim, blanks, 0.1, -3139.2)
    assert [sim.read(ref) for ref in on.values()] == [1.0, 0.0, 0.0]
    press(sim, blanks, 2.5, 100e3 - 3139.2)
    assert [sim.read(ref) for ref in on.values()] == [0.0, 1.0, 1.0]


def test_a_snapshot_brings_the_same_parts(rig: Rig) -> None:
    blanks, again = PressBlanks("PR1", DEFAULTS, random.Random(4)), PressBlanks("PR1", DEFAULTS, random.Random(9))
    values = {ParameterRef("PR1.hand", "position"): 1.0, StateRef("PR1.tool", "position"): 0.04}
    written: dict[object, float] = {}

    def read(ref: object) -> float:
        return written.get(ref, values.get(ref, 0.0))  # type: ignore[call-overload, no-any-return]

    for tick in range(150):
        blanks.step(tick * 0.01, 0.01, [read(ref) for ref in blanks.reads], written.__setitem__)
    again.restore(blanks.snapshot())
    assert again.snapshot() == blanks.snapshot()
    assert again.view() == blanks.view()
    assert blanks.view()["in_tool"] == "blank"
