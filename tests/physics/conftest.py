"""A core compiled with the catalogue and the textbook laws: the whole chain, laws to machine code, is under test."""

from __future__ import annotations

import pytest

from etabli.physics import lanes, layout
from etabli.physics.core_library import Core
from own_core import own_core, own_lanes
from physics import textbook_laws  # noqa: F401 - declares its laws


@pytest.fixture(scope="session")
def textbook_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    return own_core(tmp_path_factory)


@pytest.fixture
def textbook_lanes(
    textbook_core: Core, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch core of the same laws."""
    batch = own_lanes(tmp_path_factory)
    monkeypatch.setattr(lanes, "batch_core", lambda: batch)


@pytest.fixture(autouse=True)
def _textbook_laws(textbook_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "core", lambda: textbook_core)
