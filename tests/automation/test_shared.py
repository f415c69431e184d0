"""Shared scans give what a PLC of one's own gives: outputs and variables, whatever the inputs and the power do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.automation import Plc, compile_st
from etabli.automation.shared import SharedCpu

PERIOD_US = 10_000
ALL_TIMERS = compile_st(
    """
PROGRAM blocks
VAR
  a AT %I0.0 : BOOL; b AT %I0.1 : BOOL;
  early : BOOL; before : BOOL; q AT %Q0.0 : BOOL; r AT %Q0.1 : BOOL; s AT %Q0.2 : BOOL;
  on : TON; off : TOF; pulse : TP; late : TON; blink_on : TON; blink_off : TON;
  up : CTU; edge : R_TRIG; wait : TIME := T#30ms;
END_VAR
before := on.ET > T#30ms;
on(IN := a, PT := T#50ms);
off(IN := b, PT := T#40ms);
pulse(IN := a AND b, PT := T#30ms);
edge(CLK := b);
early := on.ET >= T#23ms AND NOT (T#40ms < on.ET);
up(CU := edge.Q, R := off.Q AND pulse.Q, PV := 3);
IF up.Q THEN wait := T#20ms; ELSE wait := T#60ms; END_IF;
late(IN := a, PT := wait);
blink_on(IN := NOT blink_off.Q, PT := T#40ms);
blink_off(IN := blink_on.Q, PT := T#30ms);
q := on.Q XOR blink_on.Q;
r := off.Q OR pulse.Q;
s := late.Q;
END_PROGRAM
"""
)
NAMES = (
    "early",
    "before",
    "on.Q",
    "on.ET",
    "off.Q",
    "off.ET",
    "pulse.Q",
    "pulse.ET",
    "late.Q",
    "late.ET",
    "up.CV",
    "wait",
    "blink_on.ET",
)

runs = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3]), st.integers(1, 12), st.sampled_from([True] * 5 + [False])))


@settings(max_examples=60, deadline=None)
@given(st.lists(runs, min_size=1, max_size=4))
def test_shared_scans_are_those_of_a_plc_of_ones_own(histories: list[list[tuple[int, int, bool]]]) -> None:
    """Several CPUs, one after the other through the same memory of scans: inputs held for some scans, power cuts."""
    shared = SharedCpu(ALL_TIMERS, ["I0.0", "I0.1"], ["Q0.0", "Q0.1", "Q0.2"], PERIOD_US)
    for history in histories:
        own, state, tick, powered_before, image, left_alone = Plc(ALL_TIMERS), shared.root, 0, False, b"", 0
        for inputs, scans, powered in history:
            for _ in range(scans):
                if powered:
                    if not powered_before:
                        own.start(cold=own.scan_count == 0)
                    own.set_input("I0.0", bool(inputs & 1))
                    own.set_input("I0.1", bool(inputs & 2))
                    own.scan(tick * PERIOD_US)
                powered_before = powered
                before, image = image, bytes([inputs & 1, inputs >> 1, powered])
                if image == before and left_alone < state.idle:
                    left_alone += 1
                else:
                    state = shared.after(shared.later(state, left_alone), image)
                    left_alone = 0
                wanted = tuple(bool(own.output(a)) for a in ("Q0.0", "Q0.1", "Q0.2")) if powered else (False,) * 3
                assert state.commands == wanted
                assert state.powered == powered
                if powered:
                    now = shared.later(state, left_alone)
                    assert [shared.value(now, name) for name in NAMES] == [own.value(name) for name in NAMES]
                tick += 1


def test_what_was_scanned_is_not_scanned_again() -> None:
    shared = SharedCpu(ALL_TIMERS, ["I0.0", "I0.1"], ["Q0.0", "Q0.1", "Q0.2"], PERIOD_US)
    ends = []
    for _ in range(2):
        state = shared.root
        for scan in range(200):
            state = shared.after(state, bytes([0, scan > 20, 1]))
        ends.append(state)
        done = shared.scans_done
    assert ends[0] is ends[1]
    assert done < 60, "the blinker comes back to the same states"


def test_a_state_in_which_only_a_timer_runs_is_left_alone_until_it_is_due() -> None:
    program = compile_st(
        "PROGRAM p VAR t : TON; q AT %Q0.0 : BOOL; END_VAR t(IN := TRUE, PT := T#1s); q := t.Q; END_PROGRAM"
    )
    shared = SharedCpu(program, [], ["Q0.0"], PERIOD_US)
    state = shared.root
    for _ in range(3):  # start, first and second scan of the timer
        state = shared.after(state, b"\x01")
    assert state.idle == 97
    assert not shared.later(state, 97).commands[0]
    assert shared.after(shared.later(state, 97), b"\x01").commands[0]


def test_a_retained_timer_is_refused() -> None:
    program = compile_st("PROGRAM p VAR RETAIN t : TON; END_VAR t(IN := TRUE, PT := T#1s); END_PROGRAM")
    with pytest.raises(ValueError, match="RETAIN"):
        SharedCpu(program, [], [], PERIOD_US)
