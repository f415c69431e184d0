"""One hash for all static files: it changes when any of them changes, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

# Packages whose own static files are served beside ours.
PACKAGES_WITH_STATIC_FILES = ("django", "django-htmx")


def static_hash(folders: Iterable[Path]) -> str:
    """Return 12 hexadecimal digits of the content of ``folders`` and of the packages served with them."""
    digest = hashlib.sha256()
    for package in PACKAGES_WITH_STATIC_FILES:
        digest.update(f"{package}={version(package)}\n".encode())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
