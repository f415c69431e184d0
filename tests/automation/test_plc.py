"""The CPU: scan and images, states, forcing, watchdog, on-line view, snapshots."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.automation import Mode, Plc, PlcError, compile_st

SOURCE = """PROGRAM Tri
VAR
    bp AT %IX0.0 : BOOL;
    arret AT %IX0.1 : BOOL;
    niveau AT %IW2 : INT;
    km1 AT %QX0.0 : BOOL;
    vanne AT %QX0.1 : BOOL;
    debit AT %QD4 : REAL;
    t1 : TON; front : R_TRIG; cycles : CTU; m : SR;
    n : INT; z : INT;
END_VAR
VAR RETAIN pieces : INT; END_VAR
km1 := (bp OR km1) AND NOT arret;
t1(IN := km1, PT := T#30ms);
front(CLK := t1.Q);
IF front.Q THEN pieces := pieces + 1; END_IF;
cycles(CU := front.Q, PV := 3);
m(S1 := cycles.Q, R := arret);
vanne := m.Q1 OR niveau > 100;
debit := INT_TO_REAL(niveau) / 3.0;
FOR n := 1 TO 3 DO z := z + n; END_FOR;
END_PROGRAM
"""


def make() -> Plc:
    return Plc(compile_st(SOURCE, "tri.st"))


# --- scan and images --------------------------------------------------------------------------------------------


def test_it_works() -> None:
    plc = make()
    plc.set_input("%IX0.0", True)
    for now in range(0, 50_000, 10_000):
        plc.scan(now)
    assert plc.output("%QX0.0") is True
    assert plc.value("t1.Q") is True
    assert plc.value("T1.ET") == 30_000
    assert plc.value("pieces") == 1
    assert plc.mode is Mode.RUN
    assert plc.scan_count == 5


def test_slots_are_the_fast_path() -> None:
    plc = make()
    names = [variable.address for variable in plc.program.inputs]
    assert names == ["%IX0.0", "%IX0.1", "%IW2"]
    slots = plc.slots
    for slot, value in zip(plc.input_slots, (True, False, 120), strict=True):
        slots[slot] = value
    plc.scan(0)
    assert plc.slots is slots, "the list stays the same object"
    assert plc.inputs == [True, False, 120]
    assert plc.output_image == [True, True, 40.0]
    assert [slots[slot] for slot in plc.output_slots] == plc.output_image


def test_a_pulse_between_two_scans_is_missed() -> None:
    plc = make()
    plc.set_input("bp", True)
    plc.set_input("bp", False)
    plc.scan(0)
    assert plc.output("km1") is False


@pytest.mark.parametrize(
    "action",
    [
        lambda plc: plc.set_input("%IX9.0", True),
        lambda plc: plc.set_input("%QX0.0", True),
        lambda plc: plc.set_input("n", 1),
        lambda plc: plc.output("%IX0.0"),
        lambda plc: plc.output("rien"),
        lambda plc: plc.value("rien"),
        lambda plc: plc.value("t1"),
        lambda plc: plc.value("t1.XX"),
        lambda plc: plc.set_value("rien", 1),
        lambda plc: plc.set_value("n", 40000),
        lambda plc: plc.force("n", 1),
        lambda plc: plc.force("%IX0.0", 5),
        lambda plc: plc.release("%MX0.0"),
    ],
)
def test_a_wrong_name_or_value_is_refused_with_a_text(action: object) -> None:
    plc = make()
    before = plc.snapshot()
    with pytest.raises(PlcError) as caught:
        action(plc)  # type: ignore[operator]
    assert caught.value.text.fr
    assert caught.value.text.en
    assert plc.snapshot() == before


# --- states -----------------------------------------------------------------------------------------------------


def test_stop_takes_the_fallback_and_keeps_the_variables() -> None:
    plc = Plc(compile_st(SOURCE), fallback={"%QX0.1": True})
    plc.set_input("bp", True)
    plc.scan(0)
    plc.stop()
    assert (plc.mode, plc.output("km1"), plc.output("vanne")) == (Mode.STOP, False, True)
    plc.scan(10_000)
    assert plc.value("t1.ET") == 0, "the program does not run"
    assert plc.value("km1") is True


def test_cold_start_forgets_and_warm_start_keeps_retained_variables() -> None:
    plc = make()
    plc.set_input("bp", True)
    for now in range(0, 50_000, 10_000):
        plc.scan(now)
    plc.stop()
    plc.start(cold=False)
    assert (plc.value("pieces"), plc.value("km1"), plc.value("cycles.CV")) == (1, False, 0)
    assert plc.value("bp") is True, "inputs belong to the machine"
    plc.start(cold=True)
    assert plc.value("pieces") == 0
    assert [str(entry.code) for entry in plc.diagnostics] == ["start_cold", "stop", "start_warm", "start_cold"]


def test_an_endless_loop_stops_the_cpu_at_the_same_turn_every_time() -> None:
    source = "VAR q AT %QX0.0 : BOOL; n : DINT; END_VAR\nq := TRUE;\n  WHILE q DO\n n := n + 1; END_WHILE;"
    turns = set()
    for watched in (False, True, False):
        plc = Plc(compile_st(source), budget=10_000)
        plc.watched = watched
        plc.scan(70_000)
        assert plc.mode is Mode.ERR
        assert plc.output("q") is False
        fault = plc.diagnostics[-1]
        assert (fault.code, fault.position, fault.time_us) == ("watchdog", (3, 3), 70_000)
        assert "ligne 3, colonne 3" in fault.text.fr
        assert "line 3, column 3" in fault.text.en
        turns.add(plc.value("n"))
    assert turns == {1666}


@pytest.mark.parametrize(
    "loop",
    [
        "REPEAT n := 1; UNTIL FALSE END_REPEAT;",
        "FOR n := 0 TO 32767 DO ; END_FOR;",
        "FOR n := 1 TO 5 BY p DO ; END_FOR;",
        "WHILE TRUE DO WHILE TRUE DO EXIT; END_WHILE; END_WHILE;",
    ],
)
def test_every_loop_is_under_the_watchdog(loop: str) -> None:
    plc = Plc(compile_st(f"VAR n, p : INT; END_VAR {loop}"))
    plc.scan(0)
    assert plc.mode is Mode.ERR


def test_after_a_fault_a_start_runs_again() -> None:
    plc = Plc(compile_st("VAR i AT %IW0 : INT; q AT %QW0 : INT; END_VAR q := 100 / i;"))
    plc.scan(0)
    assert plc.mode is Mode.ERR
    plc.set_input("i", 5)
    plc.scan(10_000)
    assert plc.mode is Mode.ERR, "the fault stays until somebody starts the CPU"
    plc.start()
    plc.scan(20_000)
    assert (plc.mode, plc.output("q")) == (Mode.RUN, 20)


def test_the_shown_scan_time_follows_the_executed_nodes() -> None:
    plc = Plc(compile_st("VAR i AT %IW0 : INT; n : INT; END_VAR FOR n := 1 TO i DO ; END_FOR;"))
    plc.scan(0)
    short = plc.scan_time_us
    plc.set_input("i", 100)
    plc.scan(0)
    assert plc.scan_time_us > short > 0


def test_the_diagnostic_buffer_keeps_the_last_hundred_lines() -> None:
    plc = make()
    for _ in range(120):
        plc.stop()
    assert len(plc.diagnostics) == 100


# --- forcing ----------------------------------------------------------------------------------------------------


def test_an_input_force_hides_the_machine_until_released() -> None:
    plc = make()
    plc.force("%I0.0", True)
    assert plc.forces == {"%IX0.0": True}
    plc.set_input("bp", False)
    plc.scan(0)
    assert plc.value("bp") is True
    assert plc.output("km1") is True
    plc.slots[plc.input_slots[0]] = False  # the fast path does not undo it either
    plc.scan(10_000)
    assert plc.value("bp") is True
    plc.release("%IX0.0")
    assert plc.value("bp") is False, "the value read last comes back"
    assert plc.forces == {}


def test_releasing_gives_back_what_the_machine_wrote_meanwhile() -> None:
    plc = make()
    plc.force("bp", False)
    plc.set_input("bp", True)
    plc.scan(0)
    assert plc.value("bp") is False
    plc.release()
    assert plc.value("bp") is True


def test_an_output_force_wins_over_the_program_and_stays_through_stop_and_run() -> None:
    plc = make()
    plc.force("%QX0.0", True)
    assert plc.output("km1") is True
    plc.scan(0)
    assert plc.output("km1") is True
    plc.stop()
    plc.scan(10_000)
    assert plc.output("km1") is True
    plc.start()
    plc.scan(20_000)
    assert plc.output("km1") is True
    plc.set_input("arret", True)
    plc.release(None)
    plc.scan(30_000)
    assert plc.output("km1") is False


def test_forces_are_logged_with_old_and_new_value() -> None:
    plc = make()
    plc.force("niveau", 50)
    plc.force("niveau", 60)
    plc.release("niveau")
    plc.release("niveau")
    texts = [entry.text.fr for entry in plc.diagnostics][1:]
    assert texts == ["%IW2 forcé à 50 (valait 0)", "%IW2 forcé à 60 (valait 50)", "%IW2 : forçage levé"]
    assert plc.diagnostics[-1].text.en == "%IW2: force released"


# --- on-line view -----------------------------------------------------------------------------------------------


def test_the_online_view_shows_each_reference_of_the_last_scan() -> None:
    plc = make()
    plc.scan(0)
    assert plc.online() == {}, "nobody watches"
    plc.watched = True
    plc.set_input("bp", True)
    plc.scan(10_000)
    online = plc.online()
    assert online[13] == [(1, "km1", True), (9, "bp", True), (15, "km1", False), (28, "arret", False)]
    assert online[14] == [(1, "t1.Q", False), (1, "t1.ET", 0), (10, "km1", True)]
    assert online[16] == [(1, "IF", False), (4, "front.Q", False), (17, "pieces", None), (27, "pieces", None)]
    assert online[21] == [(5, "n", 3), (20, "z", 12), (25, "z", 9), (29, "n", 3)]
    assert plc.online_text()[14] == [(1, "t1.Q", "FALSE"), (1, "t1.ET", "T#0s"), (10, "km1", "TRUE")]
    assert plc.online_text()[16][2] == (17, "pieces", "—")


def test_the_online_view_shows_the_result_of_each_condition() -> None:
    source = """VAR n AT %IW0 : INT; CONSTANT_ : INT; x : INT; END_VAR
IF n < 0 THEN x := 1;
ELSIF n < 5 THEN x := 2;
ELSIF n < 9 THEN x := 3;
END_IF
CASE n OF
  1: x := 4;
  3: x := CONSTANT_;
END_CASE
WHILE x < 0 DO x := 0; END_WHILE"""
    plc = Plc(compile_st(source))
    plc.watched = True
    plc.set_input("n", 3)
    plc.scan(0)
    online = plc.online()
    conditions = {
        line: [value for _, name, value in row if name in ("IF", "ELSIF", "CASE", "WHILE")]
        for line, row in online.items()
    }
    assert conditions == {2: [False], 3: [True], 4: [None], 6: [], 7: [False], 8: [True], 10: [False]}


def test_the_online_view_shows_constants_and_stops_at_a_fault() -> None:
    plc = Plc(
        compile_st("VAR CONSTANT k : INT := 4; END_VAR VAR a : INT; z : INT; END_VAR\na := k;\na := k / z;\na := 7;")
    )
    plc.watched = True
    plc.scan(0)
    assert plc.mode is Mode.ERR
    online = plc.online()
    assert online[2] == [(1, "a", 4), (6, "k", 4)]
    assert online[3] == [(1, "a", None), (6, "k", 4), (10, "z", 0)]
    assert online[4] == [(1, "a", None)]


# --- snapshots --------------------------------------------------------------------------------------------------

actions = st.lists(
    st.one_of(
        st.tuples(st.just("set_input"), st.sampled_from(["%IX0.0", "%IX0.1"]), st.booleans()),
        st.tuples(st.just("set_input"), st.just("%IW2"), st.integers(-200, 200)),
        st.tuples(st.just("force"), st.sampled_from(["%IX0.0", "%QX0.0", "%QX0.1"]), st.booleans()),
        st.tuples(st.just("release"), st.sampled_from(["%IX0.0", "%QX0.0", None])),
        st.tuples(st.just("stop")),
        st.tuples(st.just("start"), st.booleans()),
    ),
    max_size=12,
)


def play(plc: Plc, steps: list[tuple[object, ...]], start_us: int) -> None:
    now = start_us
    for name, *arguments in steps:
        getattr(plc, str(name))(*arguments)
        for _ in range(2):
            plc.scan(now)
            now += 10_000


@settings(max_examples=60, deadline=None)
@given(actions, actions)
def test_a_restored_plc_continues_bit_for_bit(
    before: list[tuple[object, ...]], after: list[tuple[object, ...]]
) -> None:
    program = compile_st(SOURCE)
    plc = Plc(program)
    play(plc, before, 0)
    saved = json.dumps(plc.snapshot(), allow_nan=False)
    play(plc, after, 1_000_000)
    copy = Plc(program)
    copy.restore(json.loads(saved))
    assert json.dumps(copy.snapshot(), allow_nan=False) == saved
    play(copy, after, 1_000_000)
    assert copy.snapshot() == plc.snapshot()
    assert list(copy.diagnostics) == list(plc.diagnostics)


def test_infinite_values_survive_a_snapshot() -> None:
    program = compile_st("VAR r : REAL; s : REAL; END_VAR r := 3.0E38 * 100.0; s := r - r;")
    plc, copy = Plc(program), Plc(program)
    plc.scan(0)
    copy.restore(json.loads(json.dumps(plc.snapshot(), allow_nan=False)))
    assert copy.value("r") == math.inf
    assert math.isnan(float(copy.value("s")))


def test_a_snapshot_of_another_program_is_refused() -> None:
    other = Plc(compile_st("VAR x : INT; END_VAR x := 1;"))
    with pytest.raises(PlcError, match="autre programme"):
        make().restore(other.snapshot())


def test_comments_and_layout_do_not_change_the_checksum() -> None:
    program = compile_st(SOURCE)
    assert compile_st("(* v2 *)\n" + SOURCE.replace("km1 := (bp", "km1 :=\n  (bp")).checksum == program.checksum
    assert compile_st(SOURCE.replace("> 100", "> 101")).checksum != program.checksum


def test_no_text_of_the_program_enters_the_generated_code() -> None:
    program = compile_st("VAR __import__ : INT; os_system : BOOL; END_VAR __import__ := 1; os_system := TRUE;")
    for generated in (program.plain, program.traced):
        assert "import" not in generated.text
        assert "os_system" not in generated.text
        assert generated.scan.__globals__["__builtins__"] == {}
