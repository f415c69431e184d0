"""Numbers as people read them: three significant digits, decimal comma in French, powers of ten when far from 1."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
THIN = "\u202f"


def said(value: float, language: str, digits: int = 3) -> str:
    """``value`` with ``digits`` significant digits: « 0,09 », « 1 450 », « 10¹¹ »."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "–"
    if value == 0.0:
        return "0"
    power = math.floor(math.log10(abs(value)))
    text = _scientific(value, power, digits) if not -4 <= power <= 5 else _plain(value, power, digits)
    text = text.replace("-", "−")
    return text if language.startswith("en") else text.replace(".", ",")


def _plain(value: float, power: int, digits: int) -> str:
    text = f"{value:.{max(0, digits - 1 - power)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if abs(value) < 10_000 else f"{round(value):,}".replace(",", THIN)


def _scientific(value: float, power: int, digits: int) -> str:
    mantissa = f"{value / 10.0**power:.{digits - 1}f}".rstrip("0").rstrip(".")
    raised = f"10{str(power).translate(_RAISED)}"
    return raised if mantissa == "1" else f"{mantissa}·{raised}"
