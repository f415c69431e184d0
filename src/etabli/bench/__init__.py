"""Benches: live machines, their faults, the instruments and hands on them, their journals.

Heavy names are loaded on first use, so that ``import etabli.bench.client`` stays light in the web process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etabli.bench.errors import ActionRefused, BenchError
    from etabli.bench.faults import InjectedFault
    from etabli.bench.live import Bench
    from etabli.bench.outcome import Outcome
    from etabli.components.component import Onset

_WHERE = {
    "ActionRefused": "etabli.bench.errors",
    "Bench": "etabli.bench.live",
    "BenchError": "etabli.bench.errors",
    "InjectedFault": "etabli.bench.faults",
    "Onset": "etabli.components.component",
    "Outcome": "etabli.bench.outcome",
}

__all__ = ["ActionRefused", "Bench", "BenchError", "InjectedFault", "Onset", "Outcome"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
