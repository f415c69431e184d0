"""What must be the same for a replay to be exact: the compiled core and every file of Python that a bench runs."""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import cache
from pathlib import Path

import etabli
from etabli.physics.core_library import core

PACKAGES = ("automation", "bench", "components", "machines", "physics")
"""What a bench is made of; nothing above it (pages, reports) can change what a journal replays to."""


@cache
def engine_version() -> str:
    """Version of the product, hash of its solver and laws, hash of its Python: ``0.1.0+1f3c…+9a40…``."""
    try:
        product = importlib.metadata.version("etabli")
    except importlib.metadata.PackageNotFoundError:
        product = "checkout"
    return f"{product}+{core().source_hash}+{sources_hash(Path(etabli.__file__).parent)}"


def sources_hash(root: Path) -> str:
    """Hash of the Python files of a bench under ``root``, names and texts.

    A changed comment counts as a change: a journal refused without need does less harm than one that tells something
    else than what was done.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            text = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()}:{len(text)}:".encode())
            digest.update(text)
    return digest.hexdigest()[:16]
