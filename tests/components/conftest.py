"""A core compiled from the present component files and the test laws: what runs is what the files say."""

from __future__ import annotations

import pytest

from components import rig  # noqa: F401 - declares its laws
from etabli.physics import layout
from etabli.physics.core_library import Core
from own_core import own_core


@pytest.fixture(scope="session")
def component_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The compiled core, once a session."""
    return own_core(tmp_path_factory)


@pytest.fixture
def run_on_core(component_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulators of this test run on the core of the present files."""
    monkeypatch.setattr(layout, "core", lambda: component_core)
