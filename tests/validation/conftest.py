"""A core compiled from the present component files: what is validated is what the files say."""

from __future__ import annotations

import pytest

from components import electrical_rig, rig  # noqa: F401 - the second declares laws of its own
from etabli.physics import layout
from etabli.physics.core_library import Core
from own_core import own_core


@pytest.fixture(scope="session")
def validated_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The compiled core, once a session."""
    return own_core(tmp_path_factory)


@pytest.fixture(autouse=True)
def _validated_core(validated_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "core", lambda: validated_core)
