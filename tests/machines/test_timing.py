"""When things happen: what one sampled law tells another is there in the same step."""

from __future__ import annotations

import pytest

from etabli.machines import load_machine
from etabli.physics.network import MemoryRef
from machines.headless import Headless


def test_the_stop_of_the_belt_is_where_its_rod_is() -> None:
    """The belt reads the rod's image, which is read from the rod: none of them lags by a step."""
    run = Headless(load_machine("poste_tri"))
    run.produce()
    run.run(5.0)
    seen = []
    for _ in range(200):
        run.run(0.01)
        rod, stop = (run.read(MemoryRef(*name)) for name in (("3A1.rod_reading", "fraction"), ("CV1.stop", "fraction")))
        assert stop == rod
        seen.append(rod)
    assert max(seen) - min(seen) > 0.9


@pytest.mark.parametrize("name", ["poste_tri", "presse", "monte_charge"])
def test_within_a_stage_a_sampled_law_runs_after_those_it_reads(name: str) -> None:
    run = Headless(load_machine(name))
    order = run.simulator.sampled_order
    at = {device.name: i for i, device in enumerate(order)}
    read = [
        (order[at[ref.device]], device)
        for device in order
        for ref in device.reads
        if isinstance(ref, MemoryRef) and ref.device != device.name
    ]
    same_stage = [(first, then) for first, then in read if first.law.stage is then.law.stage]
    assert same_stage
    assert all(at[first.name] < at[then.name] for first, then in same_stage)
