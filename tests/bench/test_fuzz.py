"""Whatever is broken and whatever is done, the machines stay physical; ``fuzz.py`` runs many more of these lives."""

from __future__ import annotations

from bench.fuzz import troubles

SEQUENCES = 240


def test_random_faults_and_actions_lose_no_value_no_step_and_raise_nothing() -> None:
    assert [trouble for trouble in troubles(SEQUENCES) if trouble is not None] == []
