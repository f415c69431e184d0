"""The parts of the conveyor: fed by a belt speed and rods that the test moves itself."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from etabli.components.catalogue import catalogue
from etabli.components.component import Builder
from etabli.components.mechanical.belt_parts import END, KINDS, LayoutError, MatterError, SortingBelt, fits
from etabli.physics.network import MemoryRef, Network, NodeRef, ParameterRef, Ref

COMPONENT = catalogue()["conveyor"]
DT = 0.01


class Cell:
    """A conveyor whose belt and rods are moved by hand."""

    def __init__(self, seed: int = 1, **given: Any) -> None:
        self.parameters: dict[str, Any] = {**COMPONENT.defaults(), "feed_min_s": 1e6, "feed_max_s": 1e6, **given}
        assert COMPONENT.process is not None
        self.belt = COMPONENT.process("G1", self.parameters, random.Random(seed))
        self.values: dict[Ref, float] = {NodeRef("G1.belt"): 0.2}
        for rod in ("stop", "ejector_1", "ejector_2"):
            self.values[MemoryRef(f"G1.{rod}", "fraction")] = 0.0
        self.written: list[tuple[str, float]] = []
        self.now = 0.0

    def set(self, **rods: float) -> Cell:
        for name, value in rods.items():
            ref: Ref = NodeRef("G1.belt") if name == "speed" else MemoryRef(f"G1.{name}", "fraction")
            self.values[ref] = value
        return self

    def run(self, seconds: float) -> Cell:
        for _ in range(round(seconds / DT)):
            self.now += DT
            self.belt.step(self.now, DT, [self.values[ref] for ref in self.belt.reads], self._write)
        return self

    def _write(self, ref: ParameterRef, value: float) -> None:
        assert ref.parameter == "value"
        self.written.append((ref.device.removeprefix("G1.at_"), value))

    def place(self, kind: str) -> Cell:
        self.belt.act("place_part", {"kind": kind})
        return self

    def stroke(self, rod: str, seconds: float = 0.3) -> Cell:
        """A rod goes out, and comes back."""
        steps = round(seconds / DT)
        for k in [*range(steps + 1), *range(steps, -1, -1)]:
            self.set(**{rod: k / steps}).run(DT)
        return self

    def move_to(self, x: float) -> Cell:
        """Run the belt until the only part is at ``x``, then stop it."""
        while self.parts[0]["x"] < x:
            self.run(DT)
        return self.set(speed=0.0)

    @property
    def parts(self) -> list[Mapping[str, Any]]:
        return list(self.belt.view()["parts"])

    def count(self, name: str) -> float:
        return self.belt.counters()[name]


def test_it_works() -> None:
    cell = Cell().place("short_plastic").run(10.0)
    assert cell.count("good") == 1
    assert cell.count(f"{END}_good") == 1
    assert cell.count("transit_last_s") == pytest.approx((1.5 - 0.03) / 0.2, abs=0.05)


def test_a_part_moves_with_the_belt() -> None:
    cell = Cell().place("tall_metal").run(2.0)
    assert cell.parts[0]["x"] == pytest.approx(0.03 + 0.2 * 2.0)
    assert cell.set(speed=0.0).run(1.0).parts[0]["x"] == pytest.approx(0.43)


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("tall_metal", {"entry", "height", "metal", "stop"}),
        ("tall_plastic", {"entry", "height", "stop"}),
        ("short_metal", {"entry", "metal", "stop"}),
        ("short_plastic", {"entry", "stop"}),
    ],
)
def test_each_station_sees_what_it_can(kind: str, seen: set[str]) -> None:
    cell = Cell().place(kind).run(8.0)
    assert {name for name, value in cell.written if value} == seen
    assert {name for name, value in cell.written if not value} == seen


def test_a_station_is_written_only_when_it_changes() -> None:
    assert len(Cell().place("short_plastic").run(8.0).written) == 4


def test_the_stop_holds_a_part_and_those_behind_it_queue() -> None:
    cell = Cell().set(stop=1.0).place("short_plastic").run(1.0).place("tall_metal").run(5.0)
    assert [p["x"] for p in cell.parts] == pytest.approx([0.45, 0.39])
    cell.set(stop=0.0).run(10.0)
    assert cell.count("on_belt") == 0


def test_the_stop_lets_one_part_go_at_a_time() -> None:
    cell = Cell().set(stop=1.0).place("short_plastic").run(1.0).place("tall_metal").run(2.5)
    cell.set(stop=0.0).run(0.3).set(stop=1.0).run(3.0)  # closed again as the first leaves: on its rounded corner
    assert cell.count("jams") == 0
    assert cell.parts[1]["x"] == pytest.approx(0.45, abs=0.01)
    assert cell.parts[0]["x"] > 0.9


def test_a_stop_that_rises_under_a_part_wedges_it() -> None:
    cell = Cell().place("short_plastic").move_to(0.48).set(stop=1.0, speed=0.2).run(3.0)
    assert cell.count("jams") == 1
    assert cell.parts[0]["wedged"]
    cell.set(stop=0.0).run(1.0)
    assert not cell.parts[0]["wedged"]
    assert cell.parts[0]["x"] > 0.6


@pytest.mark.parametrize(("rod", "at"), [("ejector_1", 0.8), ("ejector_2", 1.15)])
def test_an_ejector_pushes_the_part_in_front_of_it_off(rod: str, at: float) -> None:
    cell = Cell().place("tall_metal").move_to(at).stroke(rod)
    assert cell.parts == []
    assert cell.count(f"{rod}_good") == (1 if rod == "ejector_1" else 0)
    assert cell.count(f"{rod}_bad") == (0 if rod == "ejector_1" else 1)


def test_an_ejector_in_front_of_nothing_does_nothing() -> None:
    cell = Cell().place("tall_metal").move_to(0.6).stroke("ejector_1")
    assert cell.parts[0]["offset"] == 0.0
    assert cell.count("jams") == 0


def test_half_a_stroke_leaves_the_part_on_the_belt() -> None:
    cell = Cell().place("tall_metal").move_to(0.8).set(ejector_1=0.6).run(0.1).set(ejector_1=0.0).run(0.1)
    assert 0.3 < cell.parts[0]["offset"] < 0.6
    assert cell.set(speed=0.2).run(6.0).count(f"{END}_bad") == 1


def test_a_part_badly_aligned_jams_until_it_is_removed() -> None:
    cell = Cell().place("tall_metal").move_to(0.8 - 0.05).stroke("ejector_1")
    assert cell.count("jams") == 1
    cell.set(speed=0.2).run(1.0).place("short_plastic").run(6.0)
    assert len(cell.parts) == 2  # the next one queues behind
    cell.belt.act("remove_jam", {})
    assert cell.count("removed") == 1
    assert cell.run(6.0).count(f"{END}_good") == 1


def test_a_rod_left_out_bars_the_way() -> None:
    cell = Cell().set(ejector_1=1.0).place("short_plastic").run(10.0)
    assert cell.parts[0]["x"] == pytest.approx(0.8 - 0.04 - 0.03)
    assert cell.set(ejector_1=0.0).run(6.0).count("good") == 1


def test_a_belt_that_runs_backwards_loses_its_parts() -> None:
    cell = Cell().place("short_plastic").run(2.0).set(speed=-0.2).run(4.0)
    assert cell.count("lost") == 1
    assert cell.parts == []


def test_cycle_times_are_measured() -> None:
    cell = Cell()
    for _ in range(3):
        cell.place("short_plastic").run(3.0)
    cell.run(10.0)
    assert cell.count("cycle_last_s") == pytest.approx(3.0, abs=0.05)
    assert cell.count("cycle_mean_s") == pytest.approx(3.0, abs=0.05)


# --- feeding -------------------------------------------------------------------------------------------------------


def fed(seed: int, seconds: float = 300.0, **given: Any) -> list[tuple[float, str]]:
    cell = Cell(seed, feed_min_s=1.0, feed_max_s=3.0, **given)
    found: dict[int, tuple[float, str]] = {}
    for _ in range(round(seconds / DT)):
        cell.run(DT)
        for part in cell.parts[-1:]:
            found.setdefault(part["id"], (round(cell.now, 2), part["kind"]))
    return list(found.values())


def test_parts_come_at_random_intervals_and_kinds_and_a_seed_repeats_them() -> None:
    parts = fed(7)
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(parts)]
    assert 0.99 <= min(gaps) < 1.3
    assert 2.7 < max(gaps) <= 3.01
    assert {kind for _, kind in parts} == set(KINDS)
    assert fed(7) == parts
    assert fed(8) != parts


def test_the_shares_are_kept() -> None:
    kinds = [kind for _, kind in fed(3, 1500.0, tall_share=0.25, metal_share=0.8)]
    assert sum(k.startswith("tall") for k in kinds) / len(kinds) == pytest.approx(0.25, abs=0.05)
    assert sum(k.endswith("metal") for k in kinds) / len(kinds) == pytest.approx(0.8, abs=0.05)


def test_nothing_enters_a_belt_that_stands_still_or_is_full() -> None:
    cell = Cell(feed_min_s=0.5, feed_max_s=0.5).set(speed=0.0).run(5.0)
    assert cell.parts == []
    cell.set(speed=0.2, stop=1.0).run(30.0)
    xs = [p["x"] for p in cell.parts]
    assert all(a - b >= 0.06 - 1e-9 for a, b in itertools.pairwise(xs))
    assert len(xs) <= 8


# --- the promises of a process -------------------------------------------------------------------------------------


def test_a_snapshot_goes_through_json_and_gives_the_same_future() -> None:
    cell = Cell(5, feed_min_s=1.0, feed_max_s=2.0).run(20.0).set(ejector_1=0.5).run(0.05)
    kept = json.loads(json.dumps(cell.belt.snapshot()))
    now = cell.now
    cell.set(ejector_1=0.0).run(30.0)
    first = cell.belt.snapshot()
    other = Cell(99, feed_min_s=1.0, feed_max_s=2.0)
    other.belt.restore(kept)
    other.now = now
    assert other.set(ejector_1=0.0).run(30.0).belt.snapshot() == first


def test_what_an_eye_sees_is_json_and_holds_no_sensor_value() -> None:
    view = Cell().place("tall_metal").run(1.0).belt.view()
    assert json.loads(json.dumps(view)) == view
    assert set(view) == {"speed", "length", "parts", "bins"}


def test_any_sequence_of_rods_keeps_parts_apart_and_counted() -> None:
    draw = random.Random(11)
    cell = Cell(2, feed_min_s=0.7, feed_max_s=1.5)
    for _ in range(300):
        for rod in ("stop", "ejector_1", "ejector_2"):
            cell.set(**{rod: draw.choice((0.0, 0.0, 0.3, 0.7, 1.0))})
        cell.set(speed=draw.choice((0.0, 0.2, 0.2, 0.3, -0.1))).run(0.2)
        if draw.random() < 0.05 and any(p["wedged"] for p in cell.parts):
            cell.belt.act("remove_jam", {})
        counts = cell.belt.counters()
        out = counts["good"] + counts["bad"] + counts["lost"] + counts["removed"]
        assert counts["fed"] == out + counts["on_belt"] == out + len(cell.parts)
        xs = [p["x"] for p in cell.parts]
        assert xs == sorted(xs, reverse=True)


# --- hands and mistakes --------------------------------------------------------------------------------------------


def test_hands() -> None:
    cell = Cell().place("tall_metal").run(2.0).place("short_metal").run(0.5)
    cell.belt.act("clear", {})
    assert cell.parts == []
    assert cell.count("removed") == 2
    cell.belt.act("empty_bins", {})
    assert cell.count("removed") == 0


@pytest.mark.parametrize(
    ("action", "arguments", "says"),
    [
        ("dance", {}, "no action 'dance'"),
        ("place_part", {"kind": "round"}, "no part of kind 'round'"),
        ("remove_jam", {}, "no part is wedged"),
    ],
)
def test_a_wrong_gesture_is_explained(action: str, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(MatterError, match=says) as refused:
        Cell().belt.act(action, arguments)
    assert refused.value.text.fr != refused.value.text.en


def test_a_second_part_is_not_placed_on_the_first() -> None:
    with pytest.raises(MatterError, match="already lies at the entry"):
        Cell().place("tall_metal").place("tall_metal")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"stop": 9.0}, "stop is 9.0: give a place in metres between 0"),
        ({"ejectors": [0.2, "x"]}, r"ejectors\[1\] is 'x'"),
        ({"ejectors": [0.2, 0.4, 0.6]}, "the conveyor takes two at most"),
        ({"stations": {"a": {"place": 1}}}, "stations.a: write it as"),
        (
            {"stations": {"a": {"at": 1, "detects": "red"}}},
            "stations.a.detects is 'red': choose one of any, tall, metal",
        ),
        ({"bins": {"left": "any"}}, "bins.left: no such bin; the bins are end, ejector_1, ejector_2"),
        ({"bins": {"end": "blue"}}, "bins.end is 'blue': choose one of"),
        ({"tall_share": 1.5}, "tall_share is 1.5: give a share between 0 and 1"),
        ({"feed_min_s": 5, "feed_max_s": 2}, "not above feed_max_s"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_mend(given: dict[str, Any], says: str) -> None:
    with pytest.raises(LayoutError, match=says):
        SortingBelt("G1", {**COMPONENT.defaults(), **given}, random.Random(1))


@pytest.mark.parametrize(
    ("kind", "expected"), [("tall_metal", "metal"), ("tall_metal", "any"), ("short_plastic", "short_plastic")]
)
def test_what_fits_a_bin(kind: str, expected: str) -> None:
    tall, metal = kind.startswith("tall"), kind.endswith("metal")
    assert fits(tall, metal, expected)
    assert not fits(not tall, not metal, kind)


# --- signals and building ------------------------------------------------------------------------------------------


def test_each_station_of_the_machine_is_a_signal() -> None:
    parameters = {**COMPONENT.defaults(), "stations": {"exit": {"at": 1.4}}}
    assert COMPONENT.signals["at_exit"]("G1", parameters) == ParameterRef("G1.at_exit", "value")
    assert COMPONENT.signals["belt_speed"]("G1", parameters) == NodeRef("G1.belt")
    with pytest.raises(KeyError, match="no station signal 'at_entry'"):
        COMPONENT.signals["at_entry"]("G1", parameters)
    assert "nonsense" not in COMPONENT.signals


def test_a_conveyor_without_rods_needs_no_links() -> None:
    parameters = {**COMPONENT.defaults(), "ejectors": (), "stop": None, "bins": {"end": "any"}}
    network = Network()
    COMPONENT.build(Builder(network, "G1", COMPONENT.ports_of(parameters), {}), parameters)
    assert not {"G1.stop", "G1.ejector_1"} & set(network.sampled)
