"""Equivalent circuit of an induction motor from its plate and the starting values of its data sheet.

What a maker publishes (power, speed, current, cos φ, starting current and torque, breakdown torque) is enough for the
parameters of the family ``induction_motor``: ``circuit(plate)`` gives them by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etabli.components.electrical.induction_motor import COPPER_PER_K, RATED_HZ

Floats = NDArray[np.float64]

_HOT_C, _COLD_C = 80.0, 20.0
"""Winding at rated load and at the start: where data sheets give their values."""
_SLIPS = np.geomspace(0.005, 1.0, 300)
_WEIGHTS = np.array([20.0, 20.0, 20.0, 3.0, 1.0, 1.0])
_STEPS = 400
_FOUND = 0.02


class PlateError(ValueError):
    """No circuit gives these values: one of them contradicts the others."""


@dataclass(frozen=True)
class Plate:
    """What the plate and the data sheet say. Ratios are over the rated value; ``constant_losses`` is the share of the
    losses at full load that does not depend on it (iron, bearings, fan): 0.25 to 0.4 in loss tables of IEC 60034-31."""

    power_w: float
    rpm: float
    volts: float
    amperes: float
    cos_phi: float
    start_current: float
    start_torque: float
    breakdown_torque: float
    pole_pairs: int = 2
    constant_losses: float = 0.35

    @property
    def synchronous_speed(self) -> float:
        """Synchronous speed, rad/s."""
        return 2.0 * math.pi * RATED_HZ / self.pole_pairs

    @property
    def speed(self) -> float:
        """Rated speed, rad/s."""
        return self.rpm * math.pi / 30.0

    @property
    def torque(self) -> float:
        """Rated torque at the shaft, N·m."""
        return self.power_w / self.speed

    @property
    def fixed_w(self) -> float:
        """Losses that do not depend on the load, W."""
        electrical = math.sqrt(3.0) * self.volts * self.amperes * self.cos_phi
        return self.constant_losses * (electrical - self.power_w)


def drawn(
    circuit: Mapping[str, float], volts: float, slip: Floats, celsius: float
) -> tuple[Floats, NDArray[np.complex128]]:
    """Air-gap power (W, three phases) and phase current (A, complex) at these slips: the steady state of the law
    ``induction_machine`` written with slips, as books do. ``volts`` between phases."""
    warm = 1.0 + COPPER_PER_K * (celsius - 20.0)
    inner = warm * circuit["rotor_ohm"] + 1j * slip * circuit["inner_reactance_ohm"]
    bars = inner / (1.0 + circuit["outer_cage_s"] / warm * inner)
    rotor = bars / slip + 1j * circuit["rotor_reactance_ohm"]
    magnetising = 1j * circuit["magnetising_ohm"]
    gap = rotor * magnetising / (rotor + magnetising)
    stator = warm * circuit["stator_ohm"] + 1j * circuit["stator_reactance_ohm"]
    current = volts / math.sqrt(3.0) / (stator + gap)
    return 3.0 * np.abs(current) ** 2 * gap.real, current


def circuit(plate: Plate) -> dict[str, float]:
    """Parameters of ``induction_motor``: resistances at 20 °C, both leakages equal, two cages, fan for fixed losses.

    Six unknowns for six published values, by least squares on their logarithms (Levenberg-Marquardt). Raises
    :class:`PlateError` where the rated point cannot be met within 2 %.
    """
    base = plate.volts / math.sqrt(3.0) / plate.amperes
    start = np.log(np.array([0.03, 0.1, 2.5, 0.03, 0.1, 10.0]) * np.array([base] * 5 + [1.0 / base]))
    best = _least_squares(plate, start)
    wrong = _misses(plate, best)
    if np.abs(wrong[:3]).max() > _FOUND:
        percent = 100.0 * np.abs(wrong[:3]).max()
        raise PlateError(f"no equivalent circuit meets this plate: the rated point is missed by {percent:.0f} %")
    return _named(plate, best)


def _named(plate: Plate, logarithms: Floats) -> dict[str, float]:
    stator, leakage, magnetising, rotor, inner, outer = (float(x) for x in np.exp(logarithms))
    return {
        "rated_a": plate.amperes,
        "pole_pairs": float(plate.pole_pairs),
        "stator_ohm": stator,
        "stator_reactance_ohm": leakage,
        "magnetising_ohm": magnetising,
        "rotor_ohm": rotor,
        "rotor_reactance_ohm": leakage,
        "inner_reactance_ohm": inner,
        "outer_cage_s": outer,
        "fan_w": plate.fixed_w * (plate.synchronous_speed / plate.speed) ** 2,
    }


def _misses(plate: Plate, logarithms: Floats) -> Floats:
    """How far each published value is missed, relative."""
    found = _named(plate, logarithms)
    slip = 1.0 - plate.speed / plate.synchronous_speed
    power, current = drawn(found, plate.volts, np.array([slip]), _HOT_C)
    through, _ = drawn(found, plate.volts, _SLIPS, _HOT_C)
    start_w, start_a = drawn(found, plate.volts, np.array([1.0]), _COLD_C)
    # The fixed losses brake the shaft; at a standstill there are none.
    braking = plate.fixed_w / plate.speed
    shaft = power[0] / plate.synchronous_speed - braking
    breakdown = through.max() / plate.synchronous_speed - braking
    return np.array(
        [
            shaft / plate.torque - 1.0,
            abs(current[0]) / plate.amperes - 1.0,
            current[0].real / abs(current[0]) / plate.cos_phi - 1.0,
            breakdown / plate.torque / plate.breakdown_torque - 1.0,
            abs(start_a[0]) / plate.amperes / plate.start_current - 1.0,
            start_w[0] / plate.synchronous_speed / plate.torque / plate.start_torque - 1.0,
        ]
    )


def _least_squares(plate: Plate, start: Floats) -> Floats:
    """Levenberg-Marquardt with a numerical Jacobian; six unknowns, some hundred evaluations."""
    at, damping = start, 1e-2
    missed = _WEIGHTS * _misses(plate, at)
    for _ in range(_STEPS):
        slopes = np.array([(_WEIGHTS * _misses(plate, at + 1e-5 * e) - missed) / 1e-5 for e in np.eye(len(at))]).T
        normal = slopes.T @ slopes
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -slopes.T @ missed)
        tried = at + np.clip(step, -0.5, 0.5)
        candidate = _WEIGHTS * _misses(plate, tried)
        if candidate @ candidate < missed @ missed:
            at, missed, damping = tried, candidate, max(0.3 * damping, 1e-9)
        else:
            damping = min(4.0 * damping, 1e6)
    return at
