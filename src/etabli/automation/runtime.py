"""What the generated code may call, and nothing else: it runs without Python's builtins."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from etabli.automation.types import DataType, round_real, saturate, wrap


class FaultCode(StrEnum):
    """Why the CPU left RUN by itself."""

    DIVISION_BY_ZERO = "division_by_zero"
    WATCHDOG = "watchdog"


class CpuFault(Exception):
    """Raised inside a scan; ``node`` is the id of the IR node that failed."""

    def __init__(self, code: FaultCode, node: int) -> None:
        self.code = code
        self.node = node
        super().__init__(code, node)


def _watchdog(node: int) -> None:
    raise CpuFault(FaultCode.WATCHDOG, node)


def _divide(left: int, right: int, node: int) -> int:
    """Integer division truncates toward zero."""
    if right == 0:
        raise CpuFault(FaultCode.DIVISION_BY_ZERO, node)
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int, node: int) -> int:
    """``left - right * (left / right)``: the sign of the dividend."""
    if right == 0:
        raise CpuFault(FaultCode.DIVISION_BY_ZERO, node)
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _divide_real(left: float, right: float, node: int) -> float:
    if right == 0.0:
        raise CpuFault(FaultCode.DIVISION_BY_ZERO, node)
    return left / right


def _truncate(value: float) -> int:
    """REAL to DINT toward zero, stopping at the limits."""
    return saturate(DataType.DINT, math.trunc(value) if math.isfinite(value) else value)


def _scale_time(value: int, factor: float) -> int:
    """TIME * REAL, rounded to the microsecond."""
    return saturate(DataType.TIME, value * factor)


def _shift_left(word: int, count: int) -> int:
    return word << min(count, 16) & 0xFFFF if count > 0 else word


def _shift_right(word: int, count: int) -> int:
    return word >> min(count, 16) if count > 0 else word


def _limit(low: Any, value: Any, high: Any) -> Any:
    return max(low, min(value, high))


HELPERS: Final[dict[str, Callable[..., Any]]] = {
    "watchdog": _watchdog,
    "divide": _divide,
    "remainder": _remainder,
    "divide_real": _divide_real,
    "truncate": _truncate,
    "scale_time": _scale_time,
    "shift_left": _shift_left,
    "shift_right": _shift_right,
    "limit": _limit,
    "real": float,
    "round_real": round_real,
    "absolute": abs,
    "minimum": min,
    "maximum": max,
}


def converter(source: DataType, target: DataType) -> Callable[[Any], Any]:
    """The conversion function X_TO_Y.

    Integers and WORD keep their low bits; REAL to an integer rounds to nearest (ties to even) and stops at the limits;
    TIME counts in milliseconds on the other side; BOOL is 0 or 1, and any non-zero number is TRUE.
    """
    if target is DataType.BOOL:
        return lambda value: value != 0
    if target is DataType.REAL:
        return (lambda value: value / 1000.0) if source is DataType.TIME else float
    if target is DataType.TIME:
        if source is DataType.REAL:
            return lambda value: saturate(DataType.TIME, value * 1000.0)
        return lambda value: int(value) * 1000
    if source is DataType.REAL:
        return lambda value: saturate(target, value)
    if source is DataType.TIME:
        return lambda value: wrap(target, _divide(value, 1000, 0))
    return lambda value: wrap(target, int(value))


def conversion_name(source: DataType, target: DataType) -> str:
    """Name of the conversion in the generated code."""
    return f"{source.lower()}_to_{target.lower()}"


HELPERS.update(
    {conversion_name(source, target): converter(source, target) for source in DataType for target in DataType}
)
