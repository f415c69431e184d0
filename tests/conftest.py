"""Fixtures of all rooms."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is loaded: our matrices are small, a second thread only waits for the first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("etabli", deadline=None)  # no test measures time: the machine may be busy
settings.load_profile("etabli")

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root folder of the checkout."""
    return CHECKOUT


def chromium_path() -> str | None:
    """Return the Chromium of this machine: $CHROMIUM, else the first one on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, started once; without one the test is skipped, unless ETABLI_REQUIRE_BROWSER forbids it."""
    path = chromium_path()
    if path is None:
        reason = "no Chromium: apt-get install chromium, or give its path in CHROMIUM"
        if os.environ.get("ETABLI_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if as_root else [])
        yield browser
        browser.close()
