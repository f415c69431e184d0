"""A core compiled from the present component files and the test laws: what runs is what the files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from components import rig  # noqa: F401 - declares its laws
from etabli.components.catalogue import catalogue
from etabli.physics import simulator
from etabli.physics.build import compile_core
from etabli.physics.core_library import Core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS


@pytest.fixture(scope="session")
def component_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The compiled core, once a session."""
    catalogue()
    folder: Path = tmp_path_factory.mktemp("component_core")
    return Core(compile_core(c_source(LAWS, SAMPLED_LAWS), folder))


@pytest.fixture
def run_on_core(component_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulators of this test run on the core of the present files."""
    monkeypatch.setattr(simulator, "core", lambda: component_core)
