"""A core compiled from the present component files and the laws that the tests declare themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from etabli.components.catalogue import catalogue
from etabli.physics.build import LIBRARY_NAME, compile_core, lane_libraries, source_hash
from etabli.physics.core_library import Core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS


def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the cores of all laws that are declared now are, compiled once for all processes of this run."""
    catalogue()
    source = c_source(LAWS, SAMPLED_LAWS)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # pytest-xdist gives each process a folder below
    folder = shared / f"core-{source_hash(source)}"
    folder.mkdir(exist_ok=True)
    if not (folder / LIBRARY_NAME).is_file():
        compile_core(source, folder)
    return folder


def own_core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """Return the core of all laws that are declared now."""
    return Core(own_folder(tmp_path_factory) / LIBRARY_NAME)


def own_lanes(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """Return the batch core of the same laws."""
    return Core(own_folder(tmp_path_factory) / next(iter(lane_libraries())))
