"""Types, ranges and the writing of constants."""

from __future__ import annotations

import math

import pytest

from etabli.automation import DataType, Plc, PlcError, ProgramError, compile_st, format_time, format_value


def value_of(type_name: str, expression: str) -> bool | int | float:
    """The value of ``x : type := expression`` after compilation."""
    return Plc(compile_st(f"VAR x : {type_name} := {expression}; END_VAR")).value("x")


@pytest.mark.parametrize(
    ("type_name", "written", "expected"),
    [
        ("BOOL", "TRUE", True),
        ("BOOL", "0", False),
        ("BOOL", "BOOL#1", True),
        ("INT", "-32768", -32768),
        ("INT", "1_000", 1000),
        ("INT", "INT#5", 5),
        ("INT", "INT#-5", -5),
        ("INT", "2*60 + 7", 127),
        ("INT", "-7 / 2", -3),
        ("INT", "-7 MOD 3", -1),
        ("UINT", "65535", 65535),
        ("DINT", "-2147483648", -2147483648),
        ("WORD", "16#FF_FF", 65535),
        ("WORD", "2#1010", 10),
        ("WORD", "8#17", 15),
        ("WORD", "WORD#16#AA", 170),
        ("REAL", "2.5", 2.5),
        ("REAL", "1.5E-3", 0.001500000013038516),
        ("REAL", "3", 3.0),
        ("REAL", "REAL#-2.5", -2.5),
        ("REAL", "1e2", 100.0),
        ("TIME", "T#1s500ms", 1_500_000),
        ("TIME", "t#1.5s", 1_500_000),
        ("TIME", "TIME#1h_30m", 5_400_000_000),
        ("TIME", "T#-2d", -172_800_000_000),
        ("TIME", "T#250us", 250),
        ("TIME", "3 * T#2s + T#1m / 2", 36_000_000),
    ],
)
def test_a_constant_has_the_value_it_shows(type_name: str, written: str, expected: float) -> None:
    value = value_of(type_name, written)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("type_name", "written"),
    [
        ("INT", "32768"),
        ("INT", "-32769"),
        ("UINT", "-1"),
        ("DINT", "2147483648"),
        ("WORD", "65536"),
        ("INT", "INT#40000"),
        ("INT", "99999999999999999999999"),
        ("REAL", "1.0E39"),
        ("TIME", "T#200000000d"),
    ],
)
def test_a_constant_outside_its_type_is_refused(type_name: str, written: str) -> None:
    with pytest.raises(ProgramError, match="sort des limites"):
        compile_st(f"VAR x : {type_name} := {written}; END_VAR")


@pytest.mark.parametrize("written", ["T#5", "T#", "T#1s1m", "T#1s1s", "T#5x", "TIME#abc", "T#q"])
def test_a_badly_written_duration_is_refused(written: str) -> None:
    with pytest.raises(ProgramError, match=r"durée .* mal écrite"):
        compile_st(f"VAR x : TIME := {written}; END_VAR")


@pytest.mark.parametrize(
    "written", ["3#12", "2#12", "16#", "INT#x", "REAL#abc", "REAL#1.2.3", "BOOL#2", "WORD#16#XY", "FOO#1"]
)
def test_a_badly_written_number_is_refused(written: str) -> None:
    with pytest.raises(ProgramError) as caught:
        compile_st(f"VAR x : INT := {written}; END_VAR")
    assert [(message.line, message.column) for message in caught.value.errors] == [(1, 16)]


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [(0, "T#0s"), (1_500_000, "T#1s500ms"), (-90_000_000, "T#-1m30s"), (86_400_000_001, "T#1d1us")],
)
def test_times_are_written_as_literals(microseconds: int, text: str) -> None:
    assert format_time(microseconds) == text
    assert value_of("TIME", text) == microseconds


@pytest.mark.parametrize(
    ("data_type", "value", "text"),
    [
        (DataType.BOOL, True, "TRUE"),
        (DataType.BOOL, False, "FALSE"),
        (DataType.INT, -12, "-12"),
        (DataType.WORD, 255, "16#00FF"),
        (DataType.REAL, 0.1, "0.1"),
        (DataType.TIME, 250_000, "T#250ms"),
    ],
)
def test_values_are_shown_as_structured_text(data_type: DataType, value: float, text: str) -> None:
    assert format_value(data_type, value) == text


@pytest.mark.parametrize(
    ("address", "value"),
    [("%IX0.0", 2), ("%IW2", 40000), ("%IW2", 1.5), ("%IW2", math.nan), ("%IW2", math.inf), ("%IX0.0", "1")],
)
def test_a_value_from_outside_must_fit_the_type(address: str, value: object) -> None:
    plc = Plc(compile_st("VAR a AT %IX0.0 : BOOL; b AT %IW2 : INT; END_VAR"))
    with pytest.raises(PlcError, match="ne convient pas au type"):
        plc.set_input(address, value)  # type: ignore[arg-type]
