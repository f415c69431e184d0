"""The machine that the benchmarks measure is the one that the figures were asked for: its size, and what it does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from etabli.machines import load_machine
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.simulator import Simulator
from machines.headless import Headless
from reference.reference_machine import MACHINE

REFERENCE = load_machine(MACHINE)
RODS = [StateRef(f"{axis}A1.chambers", "position") for axis in (1, 2, 3, 4)]
STROKES = (0.3, 0.2, 0.25, 0.17)


def test_it_has_the_size_that_the_figures_were_asked_for() -> None:
    assert abs(Simulator(REFERENCE.network(), 0.005).sizes.unknowns - 195) <= 10


def test_every_press_of_start_is_a_cycle_of_three_cylinders_and_the_press() -> None:
    run = Headless(REFERENCE)
    run.produce()
    rows = []
    for _ in range(205):
        run.run(0.1)
        rows.append([run.read(ref) for ref in (*RODS, NodeRef("4A1:A"), NodeRef("M1:shaft"), NodeRef("M2:shaft"))])
    table = np.array(rows)
    out = table[:, :4] > 0.95 * np.array(STROKES)
    begins = [np.flatnonzero(out[1:, axis] & ~out[:-1, axis]) for axis in range(4)]
    assert [len(times) for times in begins] == [2, 2, 2, 2]
    assert all(times[0] < later[0] for times, later in pairwise(begins))
    assert table[:, 4].max() > 100.0  # bar: the tool presses
    assert table[-1, 5:].min() > 150.0  # rad/s: both motors run
    assert run.simulator.unresolved == 0
