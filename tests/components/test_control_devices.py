"""Brakes, position and safety devices, timers and monitors: what each does sound, and with its faults."""

from __future__ import annotations

import math
from typing import Any

import pytest

from components.electrical_rig import Rig
from etabli.components.component import Sense
from etabli.components.electrical.limit_switch import lever_head
from etabli.components.electrical.motor_brake import brake_linings
from etabli.components.electrical.phase_monitor import phase_watch
from etabli.components.electrical.timer_relay import timer
from etabli.physics.law import Domain, law
from etabli.physics.network import MemoryRef, Network

pytestmark = pytest.mark.usefixtures("run_on_core")


@law({"w": Domain.ROTATION}, ("torque",))
def braked_load(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A load that pulls a shaft with the same torque (N·m) at any speed, towards positive rotation."""
    return {"w": -p.torque}, {}


class Bench(Rig):
    """A rig whose component YB1 has a load on its shaft."""

    load_nm = 0.0

    def network(self) -> Network:
        network = super().network()
        if "YB1" in self.placed:
            network.add("load", braked_load, {"w": "YB1:shaft"}, {"torque": self.load_nm})
        return network


def supplied(*terminals: tuple[str, str]) -> Bench:
    """24 V (G1, its 0 V earthed) on these pairs of terminals; S1, S2… between + and the first ones."""
    rig = Bench()
    rig.feed_24_v(rated_a=10.0)
    rig.place("E1", "earth", domain="dc")
    rig.wire("G1:-", "E1:PE")
    for k, (plus, minus) in enumerate(terminals, 1):
        rig.place(f"S{k}", "selector_switch")
        rig.chain("G1:+", f"S{k}:13")
        rig.chain(f"S{k}:14", plus)
        rig.chain(minus, "G1:-")
    return rig


def switch(rig: Rig, k: int, on: bool) -> None:
    rig.hand(f"S{k}", "position", 1.0 if on else 0.0)


def closed(rig: Rig, tag: str, a: str, b: str) -> bool:
    return rig.parameter(f"{tag}.contact_{a}_{b}.resistance") < 100.0


# --- motor brake ------------------------------------------------------------------------------------------------------


def brake(load_nm: float = 0.0, **parameters: float) -> Bench:
    rig = supplied(("YB1:A1", "YB1:A2"))
    rig.place("YB1", "motor_brake", **parameters)
    rig.load_nm = load_nm
    rig.run(0.6)
    return rig


def test_the_springs_hold_a_load_without_creep() -> None:
    """Held at 90 % of its torque for two minutes the disc does not move on."""
    rig = brake(load_nm=36.0)
    angle = 0.0
    for _ in range(120):
        rig.run(1.0)
        angle += rig.voltage("YB1:shaft")
    assert abs(angle) < 1e-6


def test_a_load_beyond_the_torque_slips_with_the_difference() -> None:
    """Beyond breakaway the net torque is load minus braking torque: dw/dt = (T - Tb) / J."""
    rig = brake(load_nm=50.0, inertia_kg_m2=0.5)
    before = rig.voltage("YB1:shaft")
    rig.run(1.0)
    assert rig.voltage("YB1:shaft") - before == pytest.approx((50.0 - 40.0) / 0.5, rel=0.02)


def test_the_coil_releases_and_the_springs_stop_the_shaft() -> None:
    rig = brake(load_nm=5.0, inertia_kg_m2=0.05)
    switch(rig, 1, True)
    rig.run(0.3)
    assert "released" in rig.perceive("YB1", Sense.LOOK)
    rig.run(1.0)
    speed = rig.voltage("YB1:shaft")
    assert speed > 90.0
    switch(rig, 1, False)
    seconds = 0.0
    while rig.voltage("YB1:shaft") > 0.01 and seconds < 5.0:
        rig.run(0.01)
        seconds += 0.01
    # Coil current decays through its diode, the armature falls in 60 ms, then J w / (Tb - T).
    assert 0.05 * speed / 35.0 < seconds < 0.05 * speed / 35.0 + 0.25


def test_the_lever_releases_by_hand() -> None:
    rig = brake(load_nm=5.0)
    rig.hand("YB1", "release", 1.0)
    rig.run(0.3)
    assert rig.voltage("YB1:shaft") > 10.0


@pytest.mark.parametrize("fault", ["coil_open", "coil_short_turns", "lining_worn", "sticks_closed"])
def test_a_brake_that_does_not_release_stays_applied(fault: str) -> None:
    rig = brake(load_nm=5.0)
    rig.fault(f"YB1.{fault}")
    switch(rig, 1, True)
    rig.run(0.5)
    assert abs(rig.voltage("YB1:shaft")) < 1e-3


@pytest.mark.parametrize("fault", ["lining_oily", "weak_spring"])
def test_a_weak_brake_lets_its_load_slip(fault: str) -> None:
    rig = brake(load_nm=30.0)
    rig.fault(f"YB1.{fault}", degree=0.7)
    rig.run(0.5)
    assert rig.voltage("YB1:shaft") > 1.0


def test_an_armature_that_sticks_leaves_the_brake_open() -> None:
    rig = brake(load_nm=5.0)
    switch(rig, 1, True)
    rig.run(0.3)
    rig.fault("YB1.sticks_open")
    switch(rig, 1, False)
    rig.run(1.0)
    assert rig.memory("YB1.armature.position") > 0.9


def test_rubbing_heat_is_the_work_of_friction() -> None:
    p = {"torque": 40.0, "spring": 1.0, "heat_j_k": 900.0, "cooling_w_k": 0.0}
    found = brake_linings.evaluate({"position": 0.0, "force": 40.0, "speed": 50.0}, p, {"rise": 0.0}, 0.005)
    assert found["limit"] == 40.0
    assert found["rise"] == pytest.approx(40.0 * 50.0 * 0.005 / 900.0)


def test_a_half_wave_rectifier_feeds_the_coil_with_0_45_u() -> None:
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("YB1", "motor_brake", supply="ac", coil_v=103.0, coil_ohm=236.0)
    rig.chain("G0:L1", "YB1:A1", domain="ac")
    rig.chain("G0:N", "YB1:A2", domain="ac")
    rig.run(1.0)
    assert rig.voltage("YB1.coil_plus") - rig.voltage("YB1.coil_minus") == pytest.approx(0.45 * 230.9, rel=0.02)
    assert rig.memory("YB1.armature.position") == 1.0
    watts = 103.9**2 / 236.0
    assert rig.rms("YB1:A1", "YB1:A2") ** 2 / rig.parameter("YB1.input.resistance") == pytest.approx(watts, rel=0.05)
    rig.fault("YB1.rectifier_dead", degree=1.0)
    rig.run(1.0)
    assert rig.memory("YB1.armature.position") == 0.0


# --- limit switch -----------------------------------------------------------------------------------------------------

HEAD = {
    "low": 0.4,
    "high": 0.6,
    "differential": 0.01,
    "shift": 0.0,
    "pushed": 0.0,
    "broken": 0.0,
    "stuck": 0.0,
    "sluggish": 0.0,
}


def travelled(steps: list[float], **given: float) -> list[float]:
    """Contact position of a limit switch that sees these positions one after the other."""
    memory, found = {"head": 0.0, "position": 0.0}, []
    for at in steps:
        memory = dict(lever_head.evaluate({"target": at}, {**HEAD, **given}, memory, 0.005))
        found.append(memory["position"])
    return found


def test_a_limit_switch_follows_its_window_with_a_differential() -> None:
    assert travelled([0.0, 0.395, 0.41, 0.395, 0.385, 0.5, 0.7]) == [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0]


def test_limit_switch_faults_are_seen_in_its_travel() -> None:
    assert travelled([0.5], broken=1.0) == [0.0]
    assert travelled([0.0], stuck=1.0) == [1.0]
    assert travelled([0.0], pushed=1.0) == [1.0]
    assert travelled([0.5, 0.7], shift=0.21) == [0.0, 1.0]
    late = travelled([0.5] * 400, sluggish=1.0)
    assert late.index(next(x for x in late if x > 0.8)) * 0.005 == pytest.approx(0.8, abs=0.02)


def test_limit_switch_contacts() -> None:
    rig = supplied()
    rig.place("S9", "limit_switch", {"target": MemoryRef("S8.button", "position")})
    rig.place("S8", "pushbutton")
    rig.run(0.1)
    assert closed(rig, "S9", "11", "12")
    assert not closed(rig, "S9", "13", "14")
    rig.hand("S8", "pressed", 1.0)
    rig.run(0.1)
    assert not closed(rig, "S9", "11", "12")
    assert closed(rig, "S9", "13", "14")
    assert "pushed" in rig.perceive("S9", Sense.LOOK)


# --- guard ------------------------------------------------------------------------------------------------------------


def guard_contacts(rig: Rig) -> tuple[bool, bool, bool]:
    return closed(rig, "S9", "11", "12"), closed(rig, "S9", "21", "22"), closed(rig, "S9", "33", "34")


def guard() -> Bench:
    rig = supplied()
    rig.place("S9", "guard_switch")
    rig.run(0.1)
    return rig


def test_a_guard_opens_both_channels() -> None:
    rig = guard()
    assert guard_contacts(rig) == (True, True, False)
    rig.hand("S9", "open", 1.0)
    rig.run(0.1)
    assert guard_contacts(rig) == (False, False, True)
    rig.hand("S9", "open", 0.0)
    rig.run(0.1)
    rig.hand("S9", "lock", 1.0)
    rig.hand("S9", "open", 1.0)
    rig.run(0.1)
    assert guard_contacts(rig) == (True, True, False)


def test_a_defeated_guard_says_nothing_and_a_sagging_one_says_open() -> None:
    rig = guard()
    rig.fault("S9.bypassed")
    rig.hand("S9", "open", 1.0)
    rig.run(0.1)
    assert guard_contacts(rig) == (True, True, False)
    sagging = guard()
    sagging.fault("S9.misaligned", degree=0.7)
    sagging.run(0.1)
    assert guard_contacts(sagging) == (False, False, False)  # neither open nor closed: the third contact tells


# --- two hands --------------------------------------------------------------------------------------------------------


def two_hands() -> Bench:
    rig = supplied(("KS1:A1", "KS1:A2"))
    rig.place("KS1", "two_hand_relay")
    for k in (1, 2):
        rig.place(f"B{k}", "pushbutton")
        rig.chain(f"KS1:T{k}1", f"B{k}:13")
        rig.chain(f"B{k}:14", f"KS1:T{k}2")
        rig.chain(f"KS1:T{k}1", f"B{k}:21")
        rig.chain(f"B{k}:22", f"KS1:T{k}3")
    rig.chain("KS1:Y1", "KS1:Y2")
    switch(rig, 1, True)
    rig.run(0.8)
    return rig


def press(rig: Rig, *buttons: int) -> None:
    for k in (1, 2):
        rig.hand(f"B{k}", "pressed", 1.0 if k in buttons else 0.0)


def on(rig: Rig) -> bool:
    return closed(rig, "KS1", "13", "14") and closed(rig, "KS1", "23", "24")


@pytest.mark.parametrize(("gap_s", "starts"), [(0.0, True), (0.3, True), (0.45, True), (0.6, False), (2.0, False)])
def test_both_hands_within_half_a_second(gap_s: float, starts: bool) -> None:
    rig = two_hands()
    press(rig, 1)
    rig.run(gap_s)
    assert not on(rig)
    press(rig, 1, 2)
    rig.run(0.2)
    assert on(rig) is starts


def test_one_hand_off_stops_and_both_must_leave_before_the_next_start() -> None:
    rig = two_hands()
    press(rig, 1, 2)
    rig.run(0.2)
    assert on(rig)
    press(rig, 1)
    rig.run(0.1)
    assert not on(rig)
    press(rig, 1, 2)
    rig.run(0.2)
    assert not on(rig)
    press(rig)
    rig.run(0.2)
    press(rig, 1, 2)
    rig.run(0.2)
    assert on(rig)


@pytest.mark.parametrize(
    "fault", ["B1.contact_13_14_welded", "B2.contact_21_22_open", "KS1.input_2_dead", "KS1.k1_welded", "B1.sticks"]
)
def test_one_fault_does_not_leave_a_button_to_one_hand(fault: str) -> None:
    """Category 4: after the fault, either nothing starts any more, or both hands are still needed."""
    rig = two_hands()
    press(rig, 1, 2)
    rig.run(0.1)
    rig.fault(fault)
    press(rig)
    rig.run(0.3)
    assert not on(rig)
    for held in ((1,), (2,)):
        press(rig, *held)
        rig.run(0.3)
        assert not on(rig)
        press(rig)
        rig.run(0.2)


def test_an_open_feedback_loop_prevents_the_start() -> None:
    rig = two_hands()
    press(rig, 1, 2)
    rig.run(0.2)
    rig.write("KS1.limiter_Y1.resistance", 1e11)
    press(rig)
    rig.run(0.3)
    press(rig, 1, 2)
    rig.run(0.3)
    # The permission was given when both hands left; the loop was open by then.
    assert not on(rig)


# --- light curtain ----------------------------------------------------------------------------------------------------


def curtain(**parameters: float) -> Bench:
    rig = supplied(("B1:+", "B1:-"), ("B1:RES", "B1:-"), ("B1:OSSD1", "B1:-"))
    rig.place("B1", "light_curtain", **parameters)
    rig.run(0.5)
    switch(rig, 1, True)
    rig.run(2.5)
    return rig


def ossd(rig: Rig) -> tuple[float, float]:
    return tuple(rig.voltage(f"B1:OSSD{k}") - rig.voltage("B1:-") for k in (1, 2))  # type: ignore[return-value]


def test_a_clear_field_gives_two_outputs_and_a_hand_takes_them_away() -> None:
    rig = curtain()
    assert min(ossd(rig)) > 20.0
    rig.hand("B1", "interrupted", 1.0)
    rig.run(0.02)
    assert max(ossd(rig)) < 1.0
    assert "interrupted" in rig.perceive("B1", Sense.LOOK)
    rig.hand("B1", "interrupted", 0.0)
    rig.run(0.1)
    assert min(ossd(rig)) > 20.0


def test_with_manual_restart_the_button_must_be_let_go() -> None:
    rig = curtain(manual_restart=1)
    assert max(ossd(rig)) < 1.0
    assert "waiting" in rig.perceive("B1", Sense.LOOK)
    switch(rig, 2, True)
    rig.run(0.2)
    assert max(ossd(rig)) < 1.0
    switch(rig, 2, False)
    rig.run(0.2)
    assert min(ossd(rig)) > 20.0


def test_foreign_voltage_on_an_output_locks_the_curtain_until_its_supply_is_cut() -> None:
    rig = curtain()
    rig.hand("B1", "interrupted", 1.0)
    rig.run(0.1)
    switch(rig, 3, True)
    rig.run(0.3)
    switch(rig, 3, False)
    rig.hand("B1", "interrupted", 0.0)
    rig.run(0.3)
    assert max(ossd(rig)) < 1.0
    assert "locked out" in rig.perceive("B1", Sense.LOOK)
    switch(rig, 1, False)
    rig.run(0.3)
    switch(rig, 1, True)
    rig.run(2.5)
    assert min(ossd(rig)) > 20.0


@pytest.mark.parametrize("fault", ["dead", "misaligned", "dirty", "ossd1_open", "ossd2_open"])
def test_curtain_faults_take_at_least_one_output_away(fault: str) -> None:
    rig = curtain()
    rig.fault(f"B1.{fault}")
    rig.run(0.5)
    assert min(ossd(rig)) < 1.0


def test_a_shorted_output_is_found_at_the_next_interruption() -> None:
    rig = curtain()
    rig.fault("B1.ossd1_stuck")
    rig.hand("B1", "interrupted", 1.0)
    rig.run(0.3)
    rig.hand("B1", "interrupted", 0.0)
    rig.run(0.3)
    assert ossd(rig)[1] < 1.0


# --- phase monitor ----------------------------------------------------------------------------------------------------


def monitored(*faults: str, crossed: bool = False) -> Bench:
    rig = Bench()
    rig.place("G0", "mains_supply")
    rig.place("K1", "phase_monitor")
    order = ("L2", "L1", "L3") if crossed else ("L1", "L2", "L3")
    for line, terminal in zip(order, ("L1", "L2", "L3"), strict=True):
        rig.wire(f"G0:{line}", f"K1:{terminal}", f"W{terminal}", domain="ac")
    rig.run(0.2)
    for fault in faults:
        rig.fault(fault)
    return rig


def test_a_sound_mains_holds_the_relay() -> None:
    assert closed(monitored(), "K1", "11", "14")


def test_crossed_phases_never_pull_it_up() -> None:
    rig = monitored(crossed=True)
    rig.run(2.0)
    assert closed(rig, "K1", "11", "12")
    assert "order" in rig.perceive("K1", Sense.LOOK)


@pytest.mark.parametrize(
    "fault", ["G0.phase_L2_lost", "WL3.open", "G0.low_voltage", "G0.unbalanced", "K1.drift", "K1.dead"]
)
def test_what_is_wrong_lets_it_fall_after_the_delay(fault: str) -> None:
    rig = monitored(fault)
    rig.run(0.8)
    assert closed(rig, "K1", "11", "12")
    assert not closed(rig, "K1", "11", "14")


def test_a_short_dip_is_not_seen() -> None:
    rig = monitored("G0.phase_L2_lost")
    rig.run(0.3)
    assert closed(rig, "K1", "11", "14")


def test_asymmetry_is_the_negative_over_the_positive_sequence() -> None:
    """One phase voltage at 70 %: V2 / V1 = (0.3 / 3) / (2.7 / 3) = 11.1 %."""
    e = 230.0
    reads = {
        "l1_re": 0.7 * e, "l1_im": 0.0,
        "l2_re": -0.5 * e, "l2_im": -math.sqrt(0.75) * e,
        "l3_re": -0.5 * e, "l3_im": math.sqrt(0.75) * e,
    }  # fmt: skip
    p = {"rated_v": 400.0, "under_v": 200.0, "asymmetry": 0.08, "delay_s": 0.0, "gain": 1.0, "dead": 0.0}
    memory = dict.fromkeys(("powered", "good", "bad_s", "order", "unbalance"), 0.0)
    found = phase_watch.evaluate(reads, p, memory, 0.005)
    assert found["unbalance"] == pytest.approx(0.3 / 2.7)
    assert found["good"] == 0.0
    assert phase_watch.evaluate(reads, {**p, "asymmetry": 0.12}, memory, 0.005)["good"] == 1.0


# --- timers -----------------------------------------------------------------------------------------------------------


def test_on_delay() -> None:
    rig = supplied(("KT1:A1", "KT1:A2"))
    rig.place("KT1", "timer_relay", delay_s=1.0)
    rig.run(0.6)
    switch(rig, 1, True)
    rig.run(0.95)
    assert closed(rig, "KT1", "15", "16")
    rig.run(0.15)
    assert closed(rig, "KT1", "15", "18")
    switch(rig, 1, False)
    rig.run(0.1)
    assert closed(rig, "KT1", "15", "16")


def test_off_delay() -> None:
    rig = supplied(("KT1:A1", "KT1:A2"), ("KT1:B1", "KT1:A2"))
    rig.place("KT1", "timer_relay", delay_s=1.0, function="off_delay")
    switch(rig, 1, True)
    rig.run(1.0)
    assert closed(rig, "KT1", "15", "16")
    switch(rig, 2, True)
    rig.run(0.1)
    assert closed(rig, "KT1", "15", "18")
    switch(rig, 2, False)
    rig.run(0.9)
    assert closed(rig, "KT1", "15", "18")
    rig.run(0.2)
    assert closed(rig, "KT1", "15", "16")


@pytest.mark.parametrize(
    ("fault", "expected_s"), [("drift", 3.0), ("wrong_setting", 6.0), ("stuck_on", 0.0), ("dead", None)]
)
def test_timer_faults_change_its_time(fault: str, expected_s: float | None) -> None:
    rig = supplied(("KT1:A1", "KT1:A2"))
    rig.place("KT1", "timer_relay", delay_s=1.0)
    rig.run(0.6)
    rig.fault(f"KT1.{fault}")
    switch(rig, 1, True)
    seconds = 0.0
    while not closed(rig, "KT1", "15", "18") and seconds < 8.0:
        rig.run(0.005)
        seconds += 0.005
    assert seconds == (pytest.approx(expected_s, abs=0.05) if expected_s is not None else pytest.approx(8.0, abs=0.01))


def test_a_timer_holds_its_time_over_any_step() -> None:
    p = {"delay_s": 0.5, "off_delay": 0.0, "drift": 1.0, "dead": 0.0, "stuck_on": 0.0}
    for h in (0.001, 0.005, 0.02):
        memory, seconds = dict.fromkeys(("powered", "started", "elapsed_s", "output"), 0.0), 0.0
        while memory["output"] < 0.5:
            memory = dict(timer.evaluate({"a1": 24.0, "a2": 0.0, "b1": 0.0}, p, memory, h))
            seconds += h
        assert seconds == pytest.approx(0.5, abs=1.01 * h)
