"""Expressions: precedence, types, wrapping, functions, and random ones against an independent evaluator."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etabli.automation import Plc, ProgramError, compile_st

DECLARATIONS = """
VAR
  a : BOOL := TRUE; b : BOOL := FALSE; c : BOOL := TRUE;
  i : INT := 7; j : INT := -3; big : INT := 32767;
  u : UINT := 65535; d : DINT := 100000; r : REAL := 2.5; z : REAL; w : WORD := 16#F0F0; t : TIME := T#10s;
  zero : INT;
END_VAR
"""


def run(type_name: str, expression: str) -> Plc:
    """One scan of ``x := expression`` with the variables above."""
    plc = Plc(compile_st(f"{DECLARATIONS} VAR x : {type_name}; END_VAR x := {expression};"))
    plc.scan(0)
    return plc


@pytest.mark.parametrize(
    ("type_name", "expression", "expected"),
    [
        # precedence, from the tightest to the loosest
        ("INT", "2 + 3 * 4", 14),
        ("INT", "i - 3 - 2", 2),
        ("INT", "20 / i / 2", 1),
        ("INT", "-j * 2", 6),
        ("INT", "- - j", -3),
        ("INT", "-(i + 1)", -8),
        ("INT", "i + i MOD 4", 10),
        ("BOOL", "i + 1 > 7", True),
        ("BOOL", "i > 3 = TRUE", True),  # > binds tighter than =
        ("BOOL", "a OR b AND FALSE", True),  # AND before OR
        ("BOOL", "a XOR c AND b", True),  # AND before XOR
        ("BOOL", "a OR c XOR c", True),  # XOR before OR
        ("BOOL", "b = c OR a", True),  # = before OR
        ("BOOL", "NOT b AND c", True),  # NOT before AND
        ("BOOL", "NOT (b OR c)", False),
        ("BOOL", "NOT a = b", True),  # (NOT a) = b
        ("BOOL", "a & NOT b & c", True),
        # types
        ("DINT", "d + i", 100007),
        ("REAL", "r * 2", 5.0),
        ("REAL", "i / 2", 3.0),  # an integer division, then widened
        ("REAL", "i / 2.0", 3.5),
        ("BOOL", "u > i", True),
        ("BOOL", "u > 70000", False),
        ("TIME", "t * 2 - T#5s", 15_000_000),
        ("TIME", "t / 4", 2_500_000),
        ("TIME", "t * r", 25_000_000),
        ("TIME", "r * t", 25_000_000),
        ("TIME", "i * t", 70_000_000),
        ("TIME", "t / r", 4_000_000),
        ("TIME", "-t", -10_000_000),
        ("BOOL", "t >= T#10s", True),
        ("WORD", "w AND 16#FF00", 0xF000),
        ("WORD", "w OR 16#000F", 0xF0FF),
        ("WORD", "w XOR 16#FFFF", 0x0F0F),
        ("WORD", "NOT w", 0x0F0F),
        ("BOOL", "w = 16#F0F0", True),
        # wrapping and rounding
        ("INT", "big + 1", -32768),
        ("INT", "big * 2", -2),
        ("INT", "(big + 1) / 2", -16384),
        ("BOOL", "big + 1 < 0", True),
        ("UINT", "u + 1", 0),
        ("INT", "(-big - 1) / -1", -32768),
        ("INT", "ABS(-big - 1)", -32768),
        ("INT", "j / 2", -1),
        ("INT", "j MOD 2", -1),
        ("INT", "7 MOD j", 1),
        # functions
        ("INT", "ABS(j)", 3),
        ("REAL", "ABS(-r)", 2.5),
        ("INT", "MIN(i, j, 2)", -3),
        ("INT", "MAX(i, j, 20)", 20),
        ("INT", "LIMIT(0, j, 10)", 0),
        ("INT", "LIMIT(IN := 99, MN := 0, MX := 10)", 10),
        ("INT", "SEL(a, i, j)", -3),
        ("BOOL", "SEL(b, a, b)", True),
        ("TIME", "MAX(t, T#20s)", 20_000_000),
        ("DINT", "TRUNC(-r)", -2),
        ("WORD", "SHL(w, 4)", 0x0F00),
        ("WORD", "SHR(w, 4)", 0x0F0F),
        ("WORD", "SHL(w, 99)", 0),
        ("WORD", "SHR(w, -1)", 0xF0F0),
        # conversions
        ("INT", "REAL_TO_INT(2.5)", 2),
        ("INT", "REAL_TO_INT(3.5)", 4),
        ("INT", "REAL_TO_INT(1.0E9)", 32767),
        ("INT", "DINT_TO_INT(d)", -31072),
        ("INT", "BOOL_TO_INT(a)", 1),
        ("BOOL", "INT_TO_BOOL(i)", True),
        ("INT", "WORD_TO_INT(w)", -3856),
        ("WORD", "INT_TO_WORD(j)", 0xFFFD),
        ("TIME", "INT_TO_TIME(i)", 7000),
        ("TIME", "REAL_TO_TIME(r)", 2500),
        ("DINT", "TIME_TO_DINT(t)", 10000),
        ("REAL", "TIME_TO_REAL(t)", 10000.0),
        ("REAL", "BOOL_TO_REAL(a)", 1.0),
        ("DINT", "WORD_TO_DINT(w)", 0xF0F0),
        ("INT", "INT_TO_INT(i)", 7),
    ],
)
def test_value_of_an_expression(type_name: str, expression: str, expected: float) -> None:
    value = run(type_name, expression).value("x")
    assert value == expected
    assert type(value) is type(expected)


def test_real_is_rounded_to_32_bits_on_assignment() -> None:
    value = run("REAL", "r / 3.0").value("x")
    assert value == struct.unpack("<f", struct.pack("<f", 2.5 / 3.0))[0]
    assert value != 2.5 / 3.0


def test_real_overflow_is_infinite_not_a_crash() -> None:
    assert run("REAL", "3.0E38 * 10.0").value("x") == math.inf
    assert run("INT", "REAL_TO_INT(3.0E38 * 10.0)").value("x") == 32767


@pytest.mark.parametrize(
    ("expression", "column"), [("i / zero", 5), ("i MOD zero", 5), ("r / z", 5), ("1 + i / (zero * 2)", 9)]
)
def test_division_by_zero_stops_the_cpu_at_its_place(expression: str, column: int) -> None:
    source = f"{DECLARATIONS}VAR x : REAL; y : INT; END_VAR\ny := 5; x :=\n  {expression};\ny := 6;"
    plc = Plc(compile_st(source))
    plc.scan(20_000)
    fault = plc.diagnostics[-1]
    assert plc.mode == "ERR"
    assert (fault.code, fault.time_us) == ("division_by_zero", 20_000)
    assert fault.position == (source[: source.index(expression)].count("\n") + 1, column)
    assert plc.value("y") == 5  # what ran before the fault stays


def test_and_does_not_compute_what_follows_a_false_operand() -> None:
    plc = run("BOOL", "zero <> 0 AND i / zero > 1")
    assert plc.mode == "RUN"


# --- random expressions against an independent evaluator --------------------------------------------------------
#
# The tree is written with as few parentheses as the precedence of IEC 61131-3 asks for, and evaluated directly on
# 16-bit registers: a mistake of precedence, associativity or wrapping shows.


@dataclass(frozen=True)
class Tree:
    """A random expression: its text, the level of its last operator and its value (None: division by zero)."""

    text: str
    level: int
    value: int | bool | None


VALUES = {"i": 7, "j": -3, "big": 32767, "zero": 0, "a": True, "b": False, "c": True}
LEVELS = {
    "OR": 1,
    "XOR": 2,
    "AND": 3,
    "=": 4,
    "<>": 4,
    "<": 5,
    ">": 5,
    "<=": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "MOD": 7,
}


def register(value: int) -> int:
    """The low 16 bits as a signed number."""
    return int.from_bytes((value % 65536).to_bytes(2, "little"), "little", signed=True)


def bracket(tree: Tree, level: int) -> str:
    return f"({tree.text})" if tree.level < level else tree.text


def join(operator: str, left: Tree, right: Tree) -> Tree:
    level = LEVELS[operator]
    text = f"{bracket(left, level)} {operator} {bracket(right, level + 1)}"
    return Tree(text, level, apply(operator, left.value, right.value))


def apply(operator: str, left: int | bool | None, right: int | bool | None) -> int | bool | None:
    if left is None or right is None:
        return None
    match operator:
        case "+" | "-" | "*":
            exact = left + right if operator == "+" else left - right if operator == "-" else left * right
            return register(exact)
        case "/" | "MOD":
            if right == 0:
                return None
            quotient = math.trunc(left / right)  # exact: 16-bit numbers in a 53-bit mantissa
            return register(quotient) if operator == "/" else left - quotient * right
        case "=" | "<>":
            return (left == right) == (operator == "=")
        case "<" | ">=":
            return (left < right) == (operator == "<")
        case ">" | "<=":
            return (left > right) == (operator == ">")
        case "AND":
            return bool(left) and bool(right)
        case "OR":
            return bool(left) or bool(right)
        case _:
            return bool(left) != bool(right)


numbers: st.SearchStrategy[Tree] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["i", "j", "big", "zero"]).map(lambda name: Tree(name, 9, VALUES[name])),
        st.integers(0, 32767).map(lambda value: Tree(f"INT#{value}", 9, value)),
        st.builds(join, st.sampled_from(["+", "-", "*", "/", "MOD"]), numbers, numbers),
        numbers.map(lambda t: Tree(f"-{bracket(t, 9)}", 8, None if t.value is None else register(-t.value))),
    )
)
booleans: st.SearchStrategy[Tree] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["a", "b", "c"]).map(lambda name: Tree(name, 9, VALUES[name])),
        st.builds(join, st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), numbers, numbers),
        st.builds(join, st.sampled_from(["AND", "OR", "XOR", "=", "<>"]), booleans, booleans),
        booleans.map(lambda t: Tree(f"NOT {bracket(t, 8)}", 8, None if t.value is None else not t.value)),
    )
)


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_random_integer_expressions(tree: Tree) -> None:
    check(tree, "INT")


@settings(max_examples=200, deadline=None)
@given(booleans)
def test_random_boolean_expressions(tree: Tree) -> None:
    if tree.value is None and ("AND" in tree.text or "OR" in tree.text):
        return  # a short cut may avoid the division
    check(tree, "BOOL")


def check(tree: Tree, type_name: str) -> None:
    try:
        plc = run(type_name, tree.text)
    except ProgramError as error:
        refusals = [message.text.fr for message in error.errors]
    else:
        refusals = []
    if refusals:  # too deep, or a division by a literal zero
        assert all("trop imbriquée" in text or "division par zéro" in text for text in refusals)
    elif tree.value is None:
        assert plc.mode == "ERR"
    else:
        assert (plc.value("x"), plc.mode) == (tree.value, "RUN")


@settings(max_examples=60, deadline=None)
@given(booleans)
def test_the_watched_scan_gives_the_same_result(tree: Tree) -> None:
    try:
        program = compile_st(f"{DECLARATIONS} VAR x : BOOL; END_VAR x := {tree.text};")
    except ProgramError:
        return
    plain, watched = Plc(program), Plc(program)
    watched.watched = True
    plain.scan(0)
    watched.scan(0)
    assert plain.snapshot() == watched.snapshot()
