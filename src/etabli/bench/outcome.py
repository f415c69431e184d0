"""What an action gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from etabli.bench.state import Danger
from etabli.physics.text import Text


@dataclass(frozen=True)
class Outcome:
    """Result of an accepted action. ``ok`` is false after an accident: the work was not done."""

    ok: bool
    text: Text
    minutes: float = 0.0
    cost: float = 0.0
    values: dict[str, Any] = field(default_factory=dict)
    perceptions: list[dict[str, Any]] = field(default_factory=list)
    danger: Danger | None = None
