"""How fast one person may command: a bucket of tokens that refills, one per person whatever the number of pages."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

COMMANDS_PER_S = 12.0
BURST = 40.0
LONGEST_MESSAGE = 6_000
"""Characters: a notebook line with five long fields fits."""
PATIENCE = 200
"""Refused commands in a row after which the link is closed: no hand does that."""


@dataclass
class Bucket:
    """Tokens of one person."""

    tokens: float = BURST
    filled_at: float = field(default_factory=time.monotonic)
    refused: int = 0

    def take(self, now: float | None = None) -> bool:
        """Take one token if there is one."""
        now = time.monotonic() if now is None else now
        self.tokens = min(BURST, self.tokens + (now - self.filled_at) * COMMANDS_PER_S)
        self.filled_at = now
        if self.tokens < 1.0:
            self.refused += 1
            return False
        self.tokens -= 1.0
        self.refused = 0
        return True

    @property
    def abused(self) -> bool:
        """Tell whether somebody hammers on."""
        return self.refused > PATIENCE


_buckets: dict[object, Bucket] = {}


def bucket_of(person: object) -> Bucket:
    """The bucket of a person, by primary key."""
    if len(_buckets) > 10_000:  # a school has fewer people: forget those who are full again
        _buckets.clear()
    return _buckets.setdefault(person, Bucket())
