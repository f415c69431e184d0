"""The standard blocks, one by one, on a simulated clock: what IEC 61131-3 calls their timing diagrams."""

from __future__ import annotations

import pytest

from etabli.automation import Plc, compile_st


def chronogram(source: str, signal: dict[int, bool | int], end_ms: int, *shown: str) -> list[tuple[int, ...]]:
    """Values of ``shown`` at each scan of 10 ms; ``signal`` gives the input ``x`` from the times on (ms)."""
    plc = Plc(compile_st(f"VAR x AT %IX0.0 : BOOL; END_VAR {source}"))
    rows: list[tuple[int, ...]] = []
    for now in range(0, end_ms + 1, 10):
        if now in signal:
            plc.set_input("x", signal[now])
        plc.scan(now * 1000)
        rows.append((now, *(int(plc.value(name)) for name in shown)))
    return rows


def edges(rows: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    """(time, new value) of each change of the first signal, which starts at 0."""
    last, found = 0, []
    for now, value, *_ in rows:
        if value != last:
            found.append((now, value))
            last = value
    return found


TON = "VAR t : TON; END_VAR t(IN := x, PT := T#100ms);"
TOF = "VAR t : TOF; END_VAR t(IN := x, PT := T#100ms);"
TP = "VAR t : TP; END_VAR t(IN := x, PT := T#100ms);"


def test_ton_switches_on_when_its_input_has_been_true_for_pt() -> None:
    rows = chronogram(TON, {50: True, 300: False}, 400, "t.Q", "t.ET")
    assert edges(rows) == [(150, 1), (300, 0)]
    elapsed = {now: et for now, _, et in rows}
    assert (elapsed[50], elapsed[140], elapsed[150], elapsed[250], elapsed[300]) == (0, 90_000, 100_000, 100_000, 0)


def test_ton_ignores_an_input_shorter_than_pt() -> None:
    assert edges(chronogram(TON, {50: True, 140: False, 200: True}, 350, "t.Q")) == [(300, 1)]


def test_ton_switches_on_the_first_scan_at_or_after_pt() -> None:
    source = "VAR t : TON; END_VAR t(IN := x, PT := T#95ms);"
    assert edges(chronogram(source, {0: True}, 200, "t.Q")) == [(100, 1)]
    at_once = "VAR t : TON; END_VAR t(IN := x, PT := T#0s);"
    assert edges(chronogram(at_once, {20: True}, 50, "t.Q")) == [(20, 1)]


def test_tof_switches_off_when_its_input_has_been_false_for_pt() -> None:
    rows = chronogram(TOF, {50: True, 100: False}, 300, "t.Q", "t.ET")
    assert edges(rows) == [(50, 1), (200, 0)]
    elapsed = {now: et for now, _, et in rows}
    assert (elapsed[90], elapsed[100], elapsed[190], elapsed[200], elapsed[300]) == (0, 0, 90_000, 100_000, 100_000)


def test_tof_starts_again_when_its_input_returns() -> None:
    assert edges(chronogram(TOF, {50: True, 100: False, 150: True, 170: False}, 400, "t.Q")) == [(50, 1), (270, 0)]


def test_tof_does_nothing_before_its_first_input() -> None:
    assert edges(chronogram(TOF, {}, 300, "t.Q")) == []


@pytest.mark.parametrize("signal", [{50: True}, {50: True, 60: False}, {50: True, 60: False, 80: True, 90: False}])
def test_tp_gives_a_pulse_of_pt_whatever_its_input_does(signal: dict[int, bool | int]) -> None:
    assert edges(chronogram(TP, signal, 400, "t.Q")) == [(50, 1), (150, 0)]


def test_tp_keeps_et_while_its_input_stays_true_and_pulses_again_on_the_next_edge() -> None:
    rows = chronogram(TP, {0: True, 200: False, 250: True}, 400, "t.Q", "t.ET")
    assert edges(rows) == [(0, 1), (100, 0), (250, 1), (350, 0)]
    elapsed = {now: et for now, _, et in rows}
    assert (elapsed[150], elapsed[200], elapsed[240], elapsed[300]) == (100_000, 0, 0, 50_000)


def test_tp_with_a_zero_time_gives_no_pulse() -> None:
    assert edges(chronogram("VAR t : TP; END_VAR t(IN := x);", {10: True}, 50, "t.Q")) == []


def test_r_trig_gives_one_scan_on_a_rising_edge_also_on_the_first_scan() -> None:
    source = "VAR e : R_TRIG; END_VAR e(CLK := x);"
    assert edges(chronogram(source, {30: True, 60: False, 80: True}, 100, "e.Q")) == [
        (30, 1),
        (40, 0),
        (80, 1),
        (90, 0),
    ]
    assert edges(chronogram(source, {0: True}, 30, "e.Q")) == [(0, 1), (10, 0)]


def test_f_trig_gives_one_scan_on_a_falling_edge_and_at_a_cold_start() -> None:
    source = "VAR e : F_TRIG; END_VAR e(CLK := x);"
    assert edges(chronogram(source, {0: True, 30: False}, 60, "e.Q")) == [(30, 1), (40, 0)]
    assert edges(chronogram(source, {}, 30, "e.Q")) == [(0, 1), (10, 0)]


def test_ctu_counts_edges_up_to_pv_and_resets() -> None:
    source = """VAR c : CTU; r AT %IX0.1 : BOOL; END_VAR
    c(CU := x, R := r, PV := 2);"""
    plc = Plc(compile_st(f"VAR x AT %IX0.0 : BOOL; END_VAR {source}"))
    seen = []
    for x, r in [(1, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (0, 1), (1, 1), (1, 0)]:
        plc.set_input("x", x)
        plc.set_input("r", r)
        plc.scan(0)
        seen.append((plc.value("c.CV"), plc.value("c.Q")))
    assert seen == [
        (1, False), (1, False), (1, False), (2, True), (2, True), (3, True),
        (0, False), (0, False), (0, False),  # reset wins, and an edge during the reset is lost
    ]  # fmt: skip


def test_ctu_stops_at_the_limit_of_int() -> None:
    plc = Plc(compile_st("VAR x AT %IX0.0 : BOOL; c : CTU; END_VAR c(CU := x, PV := 10);"))
    plc.set_value("c.CV", 32766)
    for x in (1, 0, 1, 0, 1):
        plc.set_input("x", x)
        plc.scan(0)
    assert plc.value("c.CV") == 32767


def test_ctd_loads_and_counts_down() -> None:
    plc = Plc(
        compile_st("VAR x AT %IX0.0 : BOOL; ld AT %IX0.1 : BOOL; c : CTD; END_VAR c(CD := x, LD := ld, PV := 2);")
    )
    seen = []
    for x, ld in [(0, 1), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0)]:
        plc.set_input("x", x)
        plc.set_input("ld", ld)
        plc.scan(0)
        seen.append((plc.value("c.CV"), plc.value("c.Q")))
    assert seen == [(2, False), (1, False), (1, False), (0, True), (0, True), (-1, True)]


def test_ctud_does_nothing_when_both_edges_come_together() -> None:
    source = """VAR u AT %IX0.0 : BOOL; d AT %IX0.1 : BOOL; r AT %IX0.2 : BOOL; l AT %IX0.3 : BOOL; c : CTUD; END_VAR
    c(CU := u, CD := d, R := r, LD := l, PV := 5);"""
    plc = Plc(compile_st(source))
    seen = []
    steps = [(1, 0, 0, 0), (0, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (0, 0, 1, 1)]
    for step in steps:
        for name, value in zip("udrl", step, strict=True):
            plc.set_input(name, value)
        plc.scan(0)
        seen.append((plc.value("c.CV"), plc.value("c.QU"), plc.value("c.QD")))
    assert [row[0] for row in seen] == [1, 1, 1, 1, 0, 5, 0]
    assert seen[5] == (5, True, False)
    assert seen[6] == (0, False, True)


@pytest.mark.parametrize(("block", "pins", "both"), [("SR", "S1 := s, R := r", True), ("RS", "S := s, R1 := r", False)])
def test_latches(block: str, pins: str, both: bool) -> None:
    source = f"VAR s AT %IX0.0 : BOOL; r AT %IX0.1 : BOOL; m : {block}; END_VAR m({pins});"
    plc = Plc(compile_st(source))
    seen = []
    for s, r in [(0, 0), (1, 0), (0, 0), (0, 1), (0, 0), (1, 1)]:
        plc.set_input("s", s)
        plc.set_input("r", r)
        plc.scan(0)
        seen.append(plc.value("m.Q1"))
    assert seen == [False, True, True, False, False, both]


def test_outputs_can_be_copied_and_inputs_given_by_place() -> None:
    source = """VAR x AT %IX0.0 : BOOL; q AT %QX0.0 : BOOL; et : TIME; t : TON; END_VAR
    t(IN := x, PT := T#20ms, Q => q, ET => et);"""
    plc = Plc(compile_st(source))
    plc.set_input("x", True)
    for now in (0, 10_000, 20_000):
        plc.scan(now)
    assert (plc.output("q"), plc.value("et")) == (True, 20_000)
    by_place = Plc(compile_st("VAR x AT %IX0.0 : BOOL; t : TON; END_VAR t(x, T#20ms);"))
    by_place.set_input("x", True)
    by_place.scan(0)
    by_place.scan(20_000)
    assert by_place.value("t.Q") is True


def test_an_input_not_given_keeps_its_value() -> None:
    source = "VAR t : TON := (PT := T#30ms); END_VAR t.IN := x; t();"
    rows = chronogram(source, {0: True}, 50, "t.Q")
    assert edges(rows) == [(30, 1)]


def test_a_new_preset_counts_at_once() -> None:
    plc = Plc(compile_st("VAR p : TIME := T#50ms; t : TON; END_VAR t(IN := TRUE, PT := p);"))
    for now in (0, 50_000):
        plc.scan(now)
    assert plc.value("t.Q") is True
    plc.set_value("p", 100_000)
    plc.scan(60_000)
    assert (plc.value("t.Q"), plc.value("t.ET")) == (False, 60_000)
