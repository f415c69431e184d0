"""A core compiled from the present component files and the laws that the tests declare themselves."""

from __future__ import annotations

import pytest

from etabli.components.catalogue import catalogue
from etabli.physics.build import LIBRARY_NAME, compile_core, source_hash
from etabli.physics.core_library import Core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS


def own_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """Return the core of all laws that are declared now, compiled once for all processes of this run."""
    catalogue()
    source = c_source(LAWS, SAMPLED_LAWS)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # pytest-xdist gives each process a folder below
    folder = shared / f"core-{source_hash(source)}"
    folder.mkdir(exist_ok=True)
    built = folder / LIBRARY_NAME
    return Core(built if built.is_file() else compile_core(source, folder))
