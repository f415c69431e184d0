"""A core compiled with the catalogue and the textbook laws: the whole chain, laws to machine code, is under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from etabli.components.catalogue import catalogue
from etabli.physics import simulator
from etabli.physics.build import compile_core
from etabli.physics.core_library import Core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS
from physics import textbook_laws  # noqa: F401 - declares its laws


@pytest.fixture(scope="session")
def textbook_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    catalogue()
    folder: Path = tmp_path_factory.mktemp("core")
    return Core(compile_core(c_source(LAWS, SAMPLED_LAWS), folder))


@pytest.fixture(autouse=True)
def _textbook_laws(textbook_core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator, "core", lambda: textbook_core)
