"""How far a run is from a reference: one measure for the windows, the benchmarks and the page of validation."""

from __future__ import annotations

import numpy as np

from etabli.physics.layout import Floats


def rms_and_ringing(found: Floats, exact: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Of each signal (rows are steps, columns signals), in percent of its ``scale``.

    Ringing is the zigzag of the error: what the error of one step is off from the mean of its neighbours, at worst.
    """
    error = 100.0 * (found - exact) / scale
    ringing: Floats = np.abs(error[1:-1] - 0.5 * (error[2:] + error[:-2])).max(axis=0)
    rms: Floats = np.sqrt((error**2).mean(axis=0))
    return rms, ringing
