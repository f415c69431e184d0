"""The compiled core belongs to the files beside it: one made from others is refused, never called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etabli.machines import load_machine
from etabli.physics import build, core_library
from etabli.physics.build import CORE_DIRECTORY, LIBRARY_NAME, core_libraries, solver_hash
from etabli.physics.core_library import Core, CoreError, core
from machines.headless import Headless


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


def after_two_seconds() -> bytes:
    """Every value of the sorting station once its operator has begun."""
    run = Headless(load_machine("poste_tri"))
    run.produce()
    run.run(2.0)
    return run.simulator.values.tobytes()


def test_the_core_for_wide_instructions_gives_the_bits_of_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    if len(core_libraries()) == 1:
        pytest.skip("this processor has none of the wider instructions")
    core.cache_clear()
    wide = after_two_seconds()
    with monkeypatch.context() as plainly:
        plainly.setattr(core_library, "core_libraries", lambda: {LIBRARY_NAME: ()})
        core.cache_clear()
        assert after_two_seconds() == wide
    core.cache_clear()
