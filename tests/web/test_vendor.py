"""The libraries of others that are committed are exactly those that VENDOR.toml names."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "src/etabli/web/static/vendor"


def libraries() -> dict[str, dict]:
    return tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))


def test_every_file_is_the_one_that_was_reviewed() -> None:
    for library in libraries().values():
        for name, digest in library["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_nothing_else_lies_there() -> None:
    declared = {name for library in libraries().values() for name in library["files"]}
    present = {file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()}
    assert present - {"VENDOR.toml"} == declared


def test_each_library_says_its_version_its_licence_and_its_use() -> None:
    for name, library in libraries().items():
        assert library["version"], name
        assert library["licence"] in {"MIT", "BSD-3-Clause", "0BSD", "Apache-2.0"}, name
        assert library["use"], name
        assert any("LICENSE" in file for file in library["files"]), name
