"""Warnings about what is probably forgotten, and the cross-reference."""

from __future__ import annotations

import pytest

from etabli.automation import Position, Severity, compile_st


def warnings_of(source: str) -> list[tuple[int, int, str]]:
    """(line, column, French text) of the warnings of a correct program."""
    found = compile_st(source).warnings
    assert all(message.severity is Severity.WARNING and message.mend.fr and message.mend.en for message in found)
    return [(message.line, message.column, message.text.fr) for message in found]


@pytest.mark.parametrize(
    ("source", "column", "text"),
    [
        ("VAR q AT %QX0.0 : BOOL; END_VAR", 5, "la sortie « q » n'est jamais écrite"),
        ("VAR i AT %IX0.0 : BOOL; END_VAR", 5, "l'entrée « i » n'est jamais lue"),
        ("VAR a : BOOL; END_VAR", 5, "« a » n'est jamais utilisé"),
        ("VAR a : INT; q AT %QW0 : INT; END_VAR q := a;", 5, "lu mais jamais écrit : il vaut toujours 0"),
        ("VAR t : TON; END_VAR", 5, "le bloc « t » n'est jamais appelé"),
        ("VAR t : TON; q AT %QX0.0 : BOOL; END_VAR q := t.Q;", 47, "le bloc « t » n'est jamais appelé"),
        ("VAR t : TON; END_VAR t(IN := TRUE); t(IN := FALSE);", 37, "le bloc « t » est déjà appelé ligne 1"),
        ("VAR q AT %QX0.0 : BOOL; END_VAR q := TRUE; q := FALSE;", 44, "déjà écrit ligne 1"),
        ("VAR i AT %IX0.0 : BOOL; q : BOOL; END_VAR IF i THEN q := i; END_IF q := i;", 68, "bobine double"),
        ("VAR a : REAL := 1.0; b : BOOL; END_VAR b := a = 1.0;", 47, "égalité entre deux REAL"),
        ("VAR n : INT; END_VAR FOR n := 1 TO 5 DO n := n + 1; END_FOR", 41, "compteur de la boucle FOR"),
        ("VAR a : INT; END_VAR a := 1; RETURN; a := a + 2;", 38, "jamais exécutée : elle suit RETURN"),
        ("VAR n : INT; END_VAR CASE n OF 1..5: n := 0; 3: n := 1; END_CASE", 46, "déjà traitée ligne 1"),
        ("VAR a AT %MX0.0 : BOOL; w AT %MW0 : INT; END_VAR w := 1; a := TRUE;", 30, "recouvre %MX0.0 de « a »"),
    ],
)  # fmt: skip
def test_each_warning_has_its_place(source: str, column: int, text: str) -> None:
    found = warnings_of(source)
    assert len(found) == 1, found
    assert found[0][:2] == (1, column)
    assert text in found[0][2]


@pytest.mark.parametrize(
    "body",
    [
        "q := FALSE; IF i THEN q := TRUE; END_IF;",  # a default, then an exception
        "IF i THEN q := TRUE; ELSE q := FALSE; END_IF;",
        "IF i THEN q := TRUE; END_IF; IF NOT i THEN q := FALSE; END_IF;",
        "q := i; q := q AND NOT i;",  # the second one uses the first
        "q := TRUE; IF i THEN RETURN; END_IF; q := FALSE;",
        "q := FALSE; CASE BOOL_TO_INT(i) OF 1: q := TRUE; END_CASE",
    ],
)
def test_writing_twice_is_fine_when_both_count(body: str) -> None:
    assert warnings_of(f"VAR i AT %IX0.0 : BOOL; q AT %QX0.0 : BOOL; END_VAR {body}") == []


def test_a_block_called_in_exclusive_branches_is_fine() -> None:
    body = "IF i THEN t(IN := i); ELSE t(IN := FALSE); END_IF;"
    assert warnings_of(f"VAR i AT %IX0.0 : BOOL; t : TON; END_VAR {body}") == []


def test_cross_reference_gives_every_place() -> None:
    program = compile_st(
        """VAR i AT %IX0.0 : BOOL; q AT %QX0.0 : BOOL; t : TON; END_VAR
t(IN := i, PT := T#1s);
q := t.Q AND i;
IF q THEN t.PT := T#2s; END_IF;"""
    )
    found = {name: (list(entry.reads), list(entry.writes)) for name, entry in program.cross_reference().items()}
    assert found == {
        "i": ([Position(2, 9), Position(3, 14)], []),
        "q": ([Position(4, 4)], [Position(3, 1)]),
        "t": ([], [Position(2, 1)]),
        "t.Q": ([Position(3, 6)], []),
        "t.PT": ([], [Position(4, 11)]),
    }
