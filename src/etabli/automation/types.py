"""The elementary types of the PLC: ranges, wrapping, rounding, conversion of values given from outside, display.

Sizes are those of IEC 61131-3 for INT, UINT, WORD (16 bit), DINT (32 bit) and REAL (32 bit). TIME is a signed
64-bit count of microseconds (our choice, so that simulated time needs no rounding).
"""

from __future__ import annotations

import math
import struct
from enum import StrEnum
from typing import Final

Value = bool | int | float


class DataType(StrEnum):
    """An elementary type, named as in Structured Text."""

    BOOL = "BOOL"
    INT = "INT"
    DINT = "DINT"
    UINT = "UINT"
    WORD = "WORD"
    REAL = "REAL"
    TIME = "TIME"


INTEGERS: Final = frozenset({DataType.INT, DataType.DINT, DataType.UINT})
NUMBERS: Final = INTEGERS | {DataType.REAL}

BITS: Final = {DataType.INT: 16, DataType.DINT: 32, DataType.UINT: 16, DataType.WORD: 16, DataType.TIME: 64}
UNSIGNED: Final = frozenset({DataType.UINT, DataType.WORD})
REAL_MAX: Final = 3.4028234663852886e38

_SINGLE: Final = struct.Struct("<f")
_TIME_UNITS: Final = (
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1000),
    ("us", 1),
)


def limits(data_type: DataType) -> tuple[int, int]:
    """Smallest and largest value of an integer, WORD or TIME type."""
    bits = BITS[data_type]
    if data_type in UNSIGNED:
        return 0, (1 << bits) - 1
    return -(1 << bits - 1), (1 << bits - 1) - 1


def wrap(data_type: DataType, value: int) -> int:
    """Bring ``value`` back into the range of its type as a processor register does (two's complement)."""
    low, high = limits(data_type)
    return (value - low & high - low) + low


def saturate(data_type: DataType, value: float) -> int:
    """Round to nearest (ties to even) and stop at the limits of the type; not-a-number gives 0."""
    if math.isnan(value):
        return 0
    low, high = limits(data_type)
    if value <= low:
        return low
    return high if value >= high else round(value)


def round_real(value: float) -> float:
    """Round to a 32-bit REAL; beyond its range the result is infinite, as IEEE 754 says."""
    try:
        rounded: float = _SINGLE.unpack(_SINGLE.pack(value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return rounded


def default_value(data_type: DataType) -> Value:
    """The value of a variable declared without initial value."""
    if data_type is DataType.BOOL:
        return False
    return 0.0 if data_type is DataType.REAL else 0


def coerce(data_type: DataType, value: object) -> Value:
    """Turn a value given from outside into one of ``data_type``, or raise ValueError.

    Accepts bool and numbers without loss: 0/1 for BOOL, an integral number within range for the integer types,
    TIME in microseconds.
    """
    if not isinstance(value, bool | int | float):
        raise ValueError(f"{value!r}: {data_type}")
    if data_type is DataType.BOOL:
        if value not in (0, 1):
            raise ValueError(f"{value!r}: BOOL (0, 1)")
        return bool(value)
    if data_type is DataType.REAL:
        return round_real(float(value))
    low, high = limits(data_type)
    if value != value or value in (math.inf, -math.inf) or int(value) != value or not low <= value <= high:
        raise ValueError(f"{value!r}: {data_type} ({low}..{high})")
    return int(value)


def format_value(data_type: DataType, value: Value) -> str:
    """Write a value as Structured Text shows it: ``TRUE``, ``-12``, ``16#00FF``, ``2.5``, ``T#1s500ms``."""
    if data_type is DataType.BOOL:
        return "TRUE" if value else "FALSE"
    if data_type is DataType.WORD:
        return f"16#{int(value):04X}"
    if data_type is DataType.TIME:
        return format_time(int(value))
    return f"{value:.7g}" if data_type is DataType.REAL else str(value)


def format_time(microseconds: int) -> str:
    """Write a duration as a TIME literal, e.g. 90_500_000 gives ``T#1m30s500ms``."""
    rest = abs(microseconds)
    parts = []
    for unit, size in _TIME_UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("T#-" if microseconds < 0 else "T#") + ("".join(parts) or "0s")
