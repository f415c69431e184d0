"""Declarations and statements, each by one small program and its result."""

from __future__ import annotations

import pytest

from etabli.automation import Plc, Program, ProgramError, VariableKind, compile_st


def after_scans(source: str, scans: int = 1) -> Plc:
    """The PLC after some scans, 10 ms apart."""
    plc = Plc(compile_st(source))
    for index in range(scans):
        plc.scan(index * 10_000)
    return plc


def test_it_works() -> None:
    program = compile_st(
        """
        (* Départ moteur avec auto-maintien *)
        PROGRAM Moteur
        VAR
            S1 AT %I0.0 : BOOL;   (* bouton marche *)
            S2 AT %IX0.1 : BOOL;  // bouton arrêt, à ouverture
            KM1 AT %Q0.0 : BOOL;
        END_VAR
        KM1 := (S1 OR KM1) AND S2;
        END_PROGRAM
        """
    )
    plc = Plc(program)
    plc.set_input("%IX0.0", True)
    plc.set_input("S2", True)
    plc.scan(0)
    plc.set_input("I0.0", False)
    plc.scan(10_000)
    assert plc.output("%QX0.0") is True
    plc.set_input("%IX0.1", False)
    plc.scan(20_000)
    assert plc.output("%QX0.0") is False


def test_the_program_lists_its_variables() -> None:
    program = compile_st(
        """VAR_GLOBAL total : DINT; END_VAR
PROGRAM P
VAR_INPUT marche AT %IX1.2 : BOOL := TRUE; (* bouton *) END_VAR
VAR_OUTPUT
    // moteur du convoyeur
    km1 AT %Q0.0 : BOOL;
    vitesse AT %QW4 : INT := 5;
END_VAR
VAR CONSTANT limite : INT := 10; END_VAR
VAR RETAIN pieces : INT; END_VAR
VAR t1 : TON; niveau AT %IW2 : INT; END_VAR
km1 := marche;
END_PROGRAM"""
    )
    shown = [(v.name, str(v.type), v.address, v.initial, v.comment, v.line, v.kind) for v in program.variables]
    assert shown == [
        ("total", "DINT", None, 0, "", 1, VariableKind.VAR_GLOBAL),
        ("marche", "BOOL", "%IX1.2", True, "bouton", 3, VariableKind.VAR_INPUT),
        ("km1", "BOOL", "%QX0.0", False, "moteur du convoyeur", 6, VariableKind.VAR_OUTPUT),
        ("vitesse", "INT", "%QW4", 5, "", 7, VariableKind.VAR_OUTPUT),
        ("limite", "INT", None, 10, "", 9, VariableKind.CONSTANT),
        ("pieces", "INT", None, 0, "", 10, VariableKind.VAR),
        ("t1", "TON", None, None, "", 11, VariableKind.VAR),
        ("niveau", "INT", "%IW2", 0, "", 11, VariableKind.VAR),
    ]
    assert [v.name for v in program.inputs] == ["marche", "niveau"]
    assert [v.name for v in program.outputs] == ["km1", "vitesse"]
    assert program.name == "P"


def test_names_ignore_capitals() -> None:
    plc = after_scans("VAR Compteur : INT; END_VAR COMPTEUR := compteur + 1;", 3)
    assert plc.value("cOmPtEuR") == 3


def test_constants_can_use_constants() -> None:
    plc = after_scans(
        "VAR CONSTANT a : INT := 4; b : INT := a * 2 + 1; END_VAR VAR x : INT := b; y : INT; END_VAR y := x + a;"
    )
    assert (plc.value("b"), plc.value("y")) == (9, 13)


def test_addresses_can_be_used_without_declaration() -> None:
    program = compile_st("%Q0.1 := %IX0.3 OR %MX2.0;\n%MX2.0 := %I0.3;")
    plc = Plc(program)
    assert [v.name for v in program.inputs] == ["%IX0.3"]
    plc.set_input("%I0.3", True)
    plc.scan(0)
    assert plc.output("%QX0.1") is True
    assert plc.value("%MX2.0") is True


def test_a_direct_address_is_the_declared_variable() -> None:
    plc = after_scans("VAR lampe AT %QX0.0 : BOOL; END_VAR %Q0.0 := TRUE;")
    assert plc.value("lampe") is True


@pytest.mark.parametrize(("n", "expected"), [(-1, 1), (0, 2), (5, 3), (11, 4)])
def test_if_takes_the_first_true_branch(n: int, expected: int) -> None:
    source = f"""VAR n : INT := {n}; x : INT; END_VAR
    IF n < 0 THEN x := 1; ELSIF n = 0 THEN x := 2; ELSIF n < 10 THEN x := 3; ELSE x := 4; END_IF;"""
    assert after_scans(source).value("x") == expected


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 1), (3, 2), (5, 2), (6, 2), (7, 2), (8, 9), (-2, 3), (-1, 3), (10, 4), (12, 9)]
)
def test_case_takes_values_lists_and_ranges(n: int, expected: int) -> None:
    source = f"""VAR CONSTANT dix : INT := 10; END_VAR
    VAR n : INT := {n}; x : INT; END_VAR
    CASE n OF
        0: x := 1;
        3, 5..7: x := 2;
        -2..-1: x := 3;
        dix: x := 4;
    ELSE
        x := 9;
    END_CASE;"""
    assert after_scans(source).value("x") == expected


def test_case_without_else_may_do_nothing() -> None:
    assert after_scans("VAR n : INT := 5; x : INT := 1; END_VAR CASE n OF 1: x := 2; 2: ; END_CASE").value("x") == 1


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        ("FOR k := 1 TO 10 DO x := x + k; END_FOR;", 55),
        ("FOR k := 10 TO 1 BY -3 DO x := x + k; END_FOR;", 22),
        ("FOR k := 5 TO 1 DO x := 99; END_FOR;", 0),
        ("FOR k := 0 TO 10 BY pas DO x := x + 1; END_FOR;", 6),
        ("FOR k := 1 TO 10 DO IF k = 4 THEN EXIT; END_IF; x := k; END_FOR;", 3),
        ("WHILE x < 7 DO x := x + 2; END_WHILE;", 8),
        ("REPEAT x := x + 1; UNTIL x >= 5 END_REPEAT;", 5),
        ("REPEAT x := x + 1; UNTIL TRUE; END_REPEAT;", 1),
        ("FOR k := 1 TO 3 DO WHILE TRUE DO x := x + 1; EXIT; END_WHILE; END_FOR;", 3),
    ],
)
def test_loops(loop: str, expected: int) -> None:
    assert after_scans(f"VAR k : INT; x : INT; pas : INT := 2; END_VAR {loop}").value("x") == expected


def test_for_computes_its_limit_once() -> None:
    assert (
        after_scans("VAR k, n : INT := 3; x : INT; END_VAR FOR k := 1 TO n DO n := 10; x := x + 1; END_FOR;").value("x")
        == 3
    )


def test_return_ends_the_scan() -> None:
    plc = after_scans("VAR a, b : INT; END_VAR a := a + 1; IF a > 1 THEN RETURN; END_IF; b := b + 1;", 5)
    assert (plc.value("a"), plc.value("b")) == (5, 1)


def test_comments_pragmas_and_empty_statements() -> None:
    source = """{attribute 'x'} VAR x : INT; (* deux
    lignes *) END_VAR ;; /* C */ x := (* ici *) 3; // fin"""
    assert after_scans(source).value("x") == 3


def test_a_long_case_and_a_long_elsif_chain_compile() -> None:
    arms = "\n".join(f"{index}: x := {index};" for index in range(600))
    assert after_scans(f"VAR n : INT := 599; x : INT; END_VAR CASE n OF {arms} END_CASE").value("x") == 599
    chain = " ".join(f"ELSIF n = {index} THEN x := {index};" for index in range(1, 600))
    program: Program = compile_st(f"VAR n : INT := 599; x : INT; END_VAR IF n = 0 THEN x := 1; {chain} END_IF")
    plc = Plc(program)
    plc.watched = True
    plc.scan(0)
    assert plc.value("x") == 599


def test_too_many_branches_are_refused_also_when_nested() -> None:
    chain = "IF n = 0 THEN n := 1; " + "ELSIF n = 1 THEN n := 2; " * 350 + "ELSIF n = 2 THEN {} END_IF;"
    nested = chain.format(chain.format("n := 3;"))
    for body in (nested, chain.format("n := 3;").replace("ELSIF n = 2", "ELSIF n = 1 THEN ; " * 300 + "ELSIF n = 2")):
        with pytest.raises(ProgramError, match="plus de 600 branches"):
            compile_st(f"VAR n : INT; END_VAR {body}")
    after_scans(f"VAR n : INT; END_VAR {chain.format('n := 3;') * 2}")


def test_nesting_up_to_the_limit_compiles_and_beyond_is_refused() -> None:
    def nested(depth: int) -> str:
        return "VAR x : BOOL; END_VAR " + "IF x THEN " * depth + "x := x;" + " END_IF;" * depth

    def loops(depth: int) -> str:
        return "VAR x : BOOL; END_VAR " + "WHILE x DO " * depth + "x := x;" + " END_WHILE;" * depth

    for source in (nested(29), loops(10)):
        plc = Plc(compile_st(source))
        plc.watched = True
        plc.scan(0)
    for source in (nested(60), loops(11)):
        with pytest.raises(ProgramError, match="trop d'instructions imbriquées"):
            compile_st(source)


def test_expressions_up_to_the_limit_compile_and_beyond_are_refused() -> None:
    def chain(operator: str, count: int) -> str:
        return "VAR x : INT; END_VAR x := " + f" {operator} ".join(["x"] * count) + ";"

    def brackets(count: int) -> str:
        return "VAR x : INT; END_VAR x := " + "(" * count + "x" + ")" * count + ";"

    for source in (chain("/", 40), chain("+", 40), brackets(39)):
        Plc(compile_st(source)).scan(0)
    for source in (chain("/", 60), chain("+", 5000), brackets(60), brackets(50_000)):
        with pytest.raises(ProgramError, match="trop imbriquée"):
            compile_st(source)


def test_a_long_and_chain_is_no_problem() -> None:
    operands = " AND ".join(["x"] * 2000)
    assert after_scans(f"VAR x : BOOL := TRUE; y : BOOL; END_VAR y := {operands};").value("y") is True
