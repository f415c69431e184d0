"""A core compiled from the present component files: what is validated is what the files say."""

from __future__ import annotations

import pytest

from components import electrical_rig, rig  # noqa: F401 - the second declares laws of its own
from etabli.components.catalogue import catalogue
from etabli.physics import simulator
from etabli.physics.build import compile_core
from etabli.physics.core_library import Core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS


@pytest.fixture(scope="session")
def validated_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The compiled core, once a session."""
    catalogue()
    return Core(compile_core(c_source(LAWS, SAMPLED_LAWS), tmp_path_factory.mktemp("validated_core")))


@pytest.fixture(autouse=True)
def _validated_core(validated_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator, "core", lambda: validated_core)
