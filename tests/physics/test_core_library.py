"""The compiled core belongs to the files beside it: one made from others is refused, never called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etabli.physics import build, core_library
from etabli.physics.build import CORE_DIRECTORY, LIBRARY_NAME, solver_hash
from etabli.physics.core_library import Core, CoreError


def changed_solver(folder: Path) -> Path:
    """The files of the solver with one more line."""
    copy = shutil.copytree(CORE_DIRECTORY, folder / "core")
    (copy / "solver.c").write_text((copy / "solver.c").read_text() + "/* changed */\n")
    return copy


def test_the_core_in_use_carries_the_hash_of_the_solver() -> None:
    assert core_library.core().source_hash.endswith(solver_hash())


def test_a_core_of_another_solver_is_refused_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = Path(core_library.__file__).parent / LIBRARY_NAME
    monkeypatch.setattr(build, "CORE_DIRECTORY", changed_solver(tmp_path))
    with pytest.raises(CoreError, match="build the core again with 'python -m etabli"):
        Core(built)
