"""The acceptance run: so many good parts in the time of the machine's papers, no bad one too many, no alarm."""

from __future__ import annotations

from collections.abc import Mapping

from etabli.bench.state import Acceptance, RunState
from etabli.machines.model import Acceptance as Rules


def count(run: Acceptance, counters: Mapping[str, float]) -> None:
    """What the machine has made since the run began."""
    run.good = int(counters.get("good", 0.0) - run.good_before)
    run.bad = int(counters.get("bad", 0.0) - run.bad_before)


def result(run: Acceptance, rules: Rules, now_s: float, alarm: bool) -> RunState:
    """How far the run is at ``now_s`` (machine time, s); the time allowed grows with the number of parts wanted."""
    allowed_s = rules.seconds * max(1.0, run.wanted / max(1, rules.good_parts))
    if run.bad > rules.bad_parts or now_s - run.since_s > allowed_s:
        return RunState.FAILED
    if run.good < run.wanted:
        return RunState.RUNNING
    return RunState.FAILED if alarm else RunState.PASSED
