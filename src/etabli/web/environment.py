"""What the settings take from the environment: folder of data, secret key, database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SECRET_KEY_FILE = "secret_key"


class EnvironmentMistake(Exception):
    """A variable of the environment that cannot be understood; the message names it and says the mend."""


def data_folder() -> Path:
    """Return the folder of the data ($ETABLI_DATA), absolute; it may not exist yet."""
    return Path(os.environ.get("ETABLI_DATA") or "var/etabli").absolute()


def flag(name: str) -> bool:
    """Read a yes/no variable: 1, true, yes and on are yes; absent, empty and all else are no."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def secret_key(folder: Path) -> str:
    """Return $ETABLI_SECRET_KEY, else the key kept in the data folder, else one that lasts as long as the process.

    Reading the settings must not write anything: `create_secret_key` is for the start of a server.
    """
    if given := os.environ.get("ETABLI_SECRET_KEY"):
        return given
    file = folder / SECRET_KEY_FILE
    if file.is_file():
        return file.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(48)


def create_secret_key(folder: Path) -> None:
    """Create the key file, readable by its owner only, unless it is there."""
    file = folder / SECRET_KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))


def database(folder: Path) -> dict[str, Any]:
    """Return Django's description of the database: $DATABASE_URL, or SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return sqlite(folder / "etabli.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentMistake(
            f"DATABASE_URL starts with {parts.scheme!r}: write sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
    }


def sqlite(file: Path) -> dict[str, Any]:
    """Describe an SQLite file that many threads share: readers never wait, writers queue for 20 s."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def hosts() -> list[str]:
    """Return the names under which the server answers ($ETABLI_HOSTS, separated by commas)."""
    given = [host.strip() for host in os.environ.get("ETABLI_HOSTS", "").split(",")]
    return [host for host in given if host] or ["localhost", "127.0.0.1", "[::1]"]


def bus() -> str:
    """Return how pages and benches talk ($ETABLI_BUS): "local", inside one server, is all there is today."""
    given = os.environ.get("ETABLI_BUS") or "local"
    if given != "local":
        raise EnvironmentMistake(f"ETABLI_BUS is {given!r}: only 'local' exists, remove the variable")
    return given
