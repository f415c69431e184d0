"""Permanent-magnet DC motor: the law that small 24 V drives share."""

from __future__ import annotations

from typing import Any

from etabli.physics.law import Domain, Flows, States, law


@law(
    {"plus": Domain.DC, "minus": Domain.DC, "shaft": Domain.ROTATION},
    ("resistance", "inductance", "constant"),
    ("current",),
)
def pm_motor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """``L di/dt = u - R i - k w``, torque ``k i``: ohm (winding and brushes), henry, ``constant`` V·s/rad = N·m/A.

    State ``current`` A from ``plus`` to ``minus``. Source: textbook equivalent circuit of the DC machine.
    """
    i = (p.inductance * s.current + ah * (v.plus - v.minus - p.constant * v.shaft)) / (p.inductance + ah * p.resistance)
    return {"plus": i, "minus": -i, "shaft": -p.constant * i}, {"current": i}
