"""Fixtures of all rooms."""

from __future__ import annotations

import os
from pathlib import Path

# Before numpy is loaded: our matrices are small, a second thread only waits for the first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root folder of the checkout."""
    return CHECKOUT
