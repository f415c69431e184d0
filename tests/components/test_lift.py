"""Parts of a goods lift, each alone: door and its motor, landing door, governor, overload, flags, traffic."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.electrical_rig import Rig
from etabli.components.catalogue import catalogue
from etabli.components.mechanical.belt_parts import MatterError
from etabli.components.mechanical.conveyor import held_value
from etabli.components.mechanical.lift_shaft import marks_of
from etabli.components.mechanical.lift_traffic import LiftTraffic, TrafficError
from etabli.physics.network import MemoryRef, ParameterRef, Ref
from etabli.physics.simulator import Simulator


def door() -> Rig:
    """A door operator in the bridge of two relays: S1 opens, S2 closes, both at rest join its terminals."""
    rig = Rig()
    for tag, family in (("G0", "mains_supply"), ("KA3", "relay"), ("KA4", "relay"), ("M2", "door_operator")):
        rig.place(tag, family)
    rig.place("G1", "power_supply", rated_a=10)
    rig.place("S1", "pushbutton")
    rig.place("S2", "pushbutton")
    rig.wire("G0:L1", "G1:L", domain="ac")
    rig.wire("G0:N", "G1:N", domain="ac")
    rig.chain("G1:+", "KA3:14", "KA4:14")
    rig.chain("G1:-", "KA3:12", "KA4:12")
    rig.wire("KA3:11", "M2:1")
    rig.wire("KA4:11", "M2:2")
    rig.chain("G1:+", "S1:13", "S2:13")
    rig.wire("S1:14", "KA3:A1")
    rig.wire("S2:14", "KA4:A1")
    rig.chain("G1:-", "KA3:A2", "KA4:A2")
    rig.run(0.5)
    return rig


class TestDoorOperator:
    def test_it_opens_in_the_time_of_its_sheet_and_closes_again(self) -> None:
        rig = door()
        rig.hand("S1", "pressed", 1)
        rig.run(2.2)
        assert 0.5 < rig.memory("M2.image.fraction") < 0.95
        rig.run(0.8)
        assert rig.memory("M2.image.at_open") == 1.0
        rig.hand("S1", "pressed", 0)
        rig.hand("S2", "pressed", 1)
        rig.run(3.0)
        assert rig.memory("M2.image.at_closed") == 1.0

    def test_blocked_it_draws_what_ohm_says(self) -> None:
        """An object in the sill: what the terminals have beyond the back e.m.f. over 4 ohm."""
        rig = door()
        rig.hand("S1", "pressed", 1)
        rig.run(3.5)
        rig.hand("S1", "pressed", 0)
        rig.fault("M2.obstacle")
        rig.hand("S2", "pressed", 1)
        rig.run(5.0)
        current, speed = -rig.state("M2.motor.current"), -rig.voltage("M2.shaft")
        volts = rig.voltage("M2:2") - rig.voltage("M2:1")
        assert current == pytest.approx((volts - 0.08 * speed) / 4.0, rel=1e-3)
        assert current > 4.0
        assert rig.memory("M2.image.fraction") > 0.1
        assert rig.memory("M2.image.at_closed") == 0.0

    @pytest.mark.parametrize("mode", ["winding_open", "belt_broken", "belt_slack", "sill_dirty", "brushes_worn"])
    def test_a_fault_shows_in_the_opening_time(self, mode: str) -> None:
        sound, broken = door(), door()
        broken.fault(f"M2.{mode}")
        for rig in (sound, broken):
            rig.hand("S1", "pressed", 1)
            rig.run(2.0)
        assert broken.memory("M2.image.fraction") < 0.9 * sound.memory("M2.image.fraction")


class TestLandingDoor:
    def rig(self, height: float, opening: float) -> Rig:
        rig = Rig()
        car, leaf = ParameterRef("CAR.value", "value"), ParameterRef("LEAF.value", "value")
        rig.place("S20", "landing_door", {"car": car, "car_door": leaf}, level_m=2.6)
        rig.place("K1", "fuse")  # gives the contact a circuit
        rig.chain("S20:11", "K1:1")
        network = rig.network()
        network.sample("CAR.value", held_value, {}, {"value": height})
        network.sample("LEAF.value", held_value, {}, {"value": opening})
        rig._simulator = Simulator(network)
        return rig

    def test_it_follows_the_car_door_in_the_unlocking_zone_only(self) -> None:
        here, away = self.rig(2.65, 0.7), self.rig(2.75, 0.7)
        for rig in (here, away):
            rig.run(0.1)
        assert here.memory("S20.door.fraction") == pytest.approx(0.7)
        assert here.parameter("S20.contact_11_12.resistance") > 1e6
        assert away.memory("S20.door.fraction") == 0.0
        assert away.parameter("S20.contact_11_12.resistance") < 0.1

    def test_it_shuts_by_its_weight_when_the_car_has_left(self) -> None:
        rig = self.rig(2.6, 1.0)
        rig.run(0.1)
        rig.write("CAR.value.value", 3.5)
        rig.run(1.0)
        assert rig.memory("S20.door.fraction") == pytest.approx(0.5, abs=0.01)
        rig.run(1.2)
        assert rig.memory("S20.door.locked") == 1.0

    @pytest.mark.parametrize("mode", ["hook_misaligned", "held_ajar"])
    @pytest.mark.parametrize("end", [0, 1])
    def test_a_door_that_is_not_locked_opens_its_contact(self, mode: str, end: int) -> None:
        rig = self.rig(0.0, 0.0)
        known = next(m for m in catalogue()["landing_door"].failure_modes if m.id == mode)  # type: ignore[union-attr]
        rig.fault(f"S20.{mode}", known.degrees[end])
        rig.run(0.5)
        assert rig.parameter("S20.contact_11_12.resistance") > 1e6


# --- flags and traffic ------------------------------------------------------------------------------------------------


def shaft(**given_: Any) -> tuple[Any, dict[str, Any]]:
    """The family of the shaft and its parameters."""
    component = catalogue()["lift_shaft"]
    return component, {**component.defaults(), **given_}


@settings(max_examples=60, deadline=None)
@given(height=st.floats(-1.0, 7.0))
def test_both_level_sensors_see_their_flag_within_ten_millimetres_only(height: float) -> None:
    """The rule that the program stops on, against the geometry said in plain words."""
    _, values = shaft()

    def seen(name: str) -> float:
        levels, low, high = marks_of(values)[name]
        inside = max(min(height - level - low, high - (height - level)) for level in levels)
        return min(1.0, max(0.0, inside / 0.01 + 0.5))

    both = seen("level_upper") > 0.5 and seen("level_lower") > 0.5
    assert both == (min(abs(height - level) for level in values["levels"]) < 0.01)


class Car:
    """A lift that obeys at once: the traffic alone is under test."""

    def __init__(self, seed: int, **given_: Any) -> None:
        _, values = shaft(**given_)
        self.traffic = LiftTraffic("SH1", values, random.Random(seed))
        self.values: dict[Ref, float] = dict.fromkeys(
            (MemoryRef("SH1.car", name) for name in ("height", "speed", "door")), 0.0
        )
        self.pressed: list[str] = []
        self.time = 0.0
        self.obeys = True
        self.error = 0.0

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.01)):
            self.time += 0.01
            self.traffic.step(self.time, 0.01, [self.values[ref] for ref in self.traffic.reads], self.write)

    def write(self, ref: ParameterRef, value: float) -> None:
        name = ref.device.removeprefix("SH1.")
        self.values[ref] = value
        if value == 1.0 and name[:4] in {"call", "send"}:
            self.pressed.append(name)
            if self.obeys:
                self.values[MemoryRef("SH1.car", "height")] = 3.0 * int(name[-1]) + self.error
                self.values[MemoryRef("SH1.car", "door")] = 1.0


class TestTraffic:
    def test_a_lift_that_obeys_makes_good_trips(self) -> None:
        car = Car(1)
        car.run(120.0)
        counters = car.traffic.counters()
        assert counters["good"] == counters["trips"] >= 8
        assert counters["bad"] == 0
        assert counters["delivered"] >= 4

    def test_a_step_of_twelve_millimetres_is_not_level(self) -> None:
        car = Car(1)
        car.error = 0.012
        car.run(60.0)
        counters = car.traffic.counters()
        assert counters["mislevelled"] == counters["trips"] > 0
        assert counters["last_error_mm"] == pytest.approx(12.0)

    def test_who_waits_presses_again_and_is_late_once(self) -> None:
        car = Car(2, late_s=20.0)
        car.obeys = False
        car.run(60.0)
        assert len(car.pressed) >= 7
        assert len(set(car.pressed)) == 1
        assert car.traffic.counters()["late"] == 1

    def test_a_snapshot_brings_back_the_same_day(self) -> None:
        first = Car(3)
        first.run(20.0)
        state = first.traffic.snapshot()
        first.run(40.0)
        second = Car(99)
        second.traffic.restore(state)
        second.time = 20.0
        second.values = dict.fromkeys(second.values, 0.0)
        again = Car(3)
        again.run(20.0)
        second.values, second.time = dict(again.values), again.time
        second.run(40.0)
        assert second.traffic.snapshot() == first.traffic.snapshot()

    def test_goods_taken_off_leave_the_car_empty(self) -> None:
        car = Car(1)
        while car.values.get(ParameterRef("SH1.load", "value"), 0.0) <= 0.0:
            car.run(0.1)
        car.traffic.act("clear", {})
        car.run(0.01)
        assert car.values[ParameterRef("SH1.load", "value")] == 0.0
        assert car.traffic.counters()["removed"] == 1

    def test_what_cannot_be_done_says_why(self) -> None:
        with pytest.raises(MatterError, match="jammed"):
            Car(1).traffic.act("remove_jam", {})
        with pytest.raises(TrafficError, match="levels"):
            Car(1, levels=(0.0, 0.5))


def test_a_governor_trips_above_its_speed_and_is_put_back_at_rest() -> None:
    rig = Rig()
    rig.place("HL1", "hoist_load", start_m=3.0)
    rig.place("TR1", "traction_sheave")
    rig.place("GV1", "overspeed_governor")
    rig.join("TR1:car", "HL1:car")
    rig.join("TR1:counterweight", "HL1:counterweight")
    rig.join("GV1:rope", "HL1:car")
    speeds = []
    for _ in range(400):
        rig.run(0.005)
        speeds.append(abs(rig.voltage("HL1:car")))
    assert rig.memory("GV1.governor.tripped") == 1.0
    assert 0.65 <= max(speeds) < 0.9
    assert speeds[-1] < 1e-3
    assert rig.parameter("GV1.contact_11_12.resistance") > 1e6
    rig.hand("GV1", "position", 0)
    rig.run(0.05)
    assert rig.memory("GV1.governor.tripped") == 0.0


def test_an_overload_switch_has_a_differential() -> None:
    rig = Rig()
    rig.place("B9", "overload_switch", {"load": ParameterRef("LOAD.value", "value")})
    rig.place("K1", "fuse")
    rig.chain("B9:11", "K1:1")
    network = rig.network()
    network.sample("LOAD.value", held_value, {}, {"value": 0.0})
    rig._simulator = Simulator(network)
    shown = []
    for kg in (500.0, 549.0, 551.0, 520.0, 509.0):
        rig.write("LOAD.value.value", kg)
        rig.run(0.05)
        shown.append(rig.memory("B9.snap.position"))
    assert shown == [0.0, 0.0, 1.0, 1.0, 0.0]
