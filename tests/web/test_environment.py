"""What the settings take from the environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from etabli.web import environment
from etabli.web.static_hash import static_hash


def test_the_secret_key_is_for_its_owner_only(tmp_path: Path) -> None:
    environment.create_secret_key(tmp_path)
    file = tmp_path / environment.SECRET_KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text()) >= 48


def test_the_secret_key_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ETABLI_SECRET_KEY", raising=False)
    environment.create_secret_key(tmp_path)
    first = environment.secret_key(tmp_path)
    environment.create_secret_key(tmp_path)
    assert environment.secret_key(tmp_path) == first


def test_reading_the_settings_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ETABLI_SECRET_KEY", raising=False)
    assert environment.secret_key(tmp_path) != environment.secret_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_a_file_of_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    described = environment.database(tmp_path)
    assert described["NAME"] == tmp_path / "etabli.sqlite3"
    assert described["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_database_may_be_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://etabli:a%20b@db:5433/ecole")
    described = environment.database(tmp_path)
    assert described["ENGINE"].endswith("postgresql")
    assert (described["NAME"], described["HOST"], described["PORT"]) == ("ecole", "db", 5433)
    assert described["PASSWORD"] == "a b"


def test_an_unknown_database_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://x/y")
    with pytest.raises(environment.EnvironmentMistake, match="DATABASE_URL starts with 'mysql'"):
        environment.database(tmp_path)


def test_the_static_hash_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    first = static_hash([tmp_path])
    assert static_hash([tmp_path]) == first
    (tmp_path / "a.js").write_text("2")
    assert static_hash([tmp_path]) != first


def test_an_unknown_bus_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETABLI_BUS", "carrier-pigeon")
    with pytest.raises(environment.EnvironmentMistake, match="ETABLI_BUS is 'carrier-pigeon'"):
        environment.bus()
