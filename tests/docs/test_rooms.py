"""The page of a room names every file of it: who looks for a thing finds where it is."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOMS = Path(__file__).resolve().parents[2] / "src" / "etabli"


@pytest.mark.parametrize("room", ["automation", "bench", "machines"])
def test_every_file_is_named(room: str) -> None:
    named = set(re.findall(r"`([\w*]+\.py)`", (ROOMS / room / "README.md").read_text(encoding="utf-8")))
    files = {path.name for path in (ROOMS / room).glob("*.py")} - {"__init__.py"}
    assert {file for file in files if not any(fnmatch(file, pattern) for pattern in named)} == set()
    assert {pattern for pattern in named if not any(fnmatch(file, pattern) for file in files)} == set()


def test_the_page_of_the_engine_names_every_file_of_it() -> None:
    page = (ROOMS.parents[1] / "docs" / "dev" / "engine.md").read_text(encoding="utf-8")
    table = page[: page.index("## Variables")]
    physics = ROOMS / "physics"
    core = {f"core/{path.name}" for path in (physics / "core").glob("*.[ch]")}
    files = {path.name for path in physics.glob("*.py")} - {"__init__.py"} | core
    assert set(re.findall(r"`((?:core/)?\w+\.(?:py|c|h))`", table)) >= files
