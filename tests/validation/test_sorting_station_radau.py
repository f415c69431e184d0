"""The whole first machine, engine against scipy's Radau: the same laws by another route, another integrator.

1.4 s with motor, cylinders, valves, relays and lamps at work and four faults that strike. RMS over the window, of
each signal's own scale; the sampled laws run at the same instants (5 ms) in both.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.radau import Reference
from reference.sorting_station import EVENTS, SCHEDULE, WATCHED, started

STEP_S = 0.005
WINDOW_S = 1.4
ALLOWED_PERCENT = 0.2
TOLERANCE = 1e-4
"""Of Radau: its own answer is then within a tenth of what is allowed to the engine (1e-3 against 1e-7: 0.02 %)."""

Floats = NDArray[np.float64]


def trajectories() -> tuple[Floats, Floats]:
    """Watched signals at every step: engine, reference."""
    engine, other = started(STEP_S), started(STEP_S)
    reference = Reference(other, STEP_S, TOLERANCE)
    read_engine = engine.reader(list(WATCHED.values()))
    read_reference = other.reader(list(WATCHED.values()))
    rows: tuple[list[Floats], list[Floats]] = ([], [])
    for step in range(round(WINDOW_S / STEP_S)):
        SCHEDULE(step * STEP_S, engine)
        engine.advance()
        rows[0].append(read_engine())
        SCHEDULE(step * STEP_S, other)
        reference.advance(1)
        rows[1].append(read_reference())
    assert engine.unresolved == 0
    return np.array(rows[0]), np.array(rows[1])


@pytest.mark.slow
def test_engine_and_radau_agree_on_the_whole_machine() -> None:
    engine, reference = trajectories()
    scale = np.abs(reference).max(axis=0)
    rms = 100.0 * np.sqrt((((engine - reference) / scale) ** 2).mean(axis=0))
    table = dict(zip(WATCHED, rms.round(4), strict=True))
    assert rms.max() <= ALLOWED_PERCENT, table

    moved = np.ptp(reference, axis=0)
    for name in ("ejector 1 [m]", "ejector 2 [m]"):
        assert moved[list(WATCHED).index(name)] > 0.09, "the cylinders must have crossed their stroke"
    assert moved[list(WATCHED).index("motor current W [A]")] > 3.0
    assert moved[list(WATCHED).index("contactor armature [1]")] == 1.0
    assert len(EVENTS) == 15
