"""What a device shows has a resolution: it is told anew when it has changed by more than that."""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import absolute, less, select


def resolved(value: Any, shown: Any, resolution: Any) -> Any:
    """``shown`` until ``value`` is more than ``resolution`` away from it (all in one unit), then ``value``.

    The last count of a converter, with the hysteresis that keeps it from toggling (sheets of analogue outputs). What
    follows a signal in this way lets the circuit behind it rest in between.
    """
    return select(less(resolution, absolute(value - shown)), value, shown)
