"""Error pages: a fault of the place the server runs in is said in clear words, and nothing is lost silently."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from etabli.web import errors
from etabli.web.accounts.models import User

PASSWORD = "un-mot-de-passe"


def test_a_missing_page(client: Client, learner: User) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.text
    assert "urlconf" not in response.text.lower()


def test_a_broken_server(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def fail(request: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr("etabli.web.accounts.views.throttle.must_rest", lambda *_: fail(None))
    client.raise_request_exception = False
    response = client.post("/comptes/connexion/", {"username": "x", "password": "y"})
    assert response.status_code == 500
    assert "Le serveur a rencontré une erreur" in response.text
    assert "secret detail" not in response.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_locked_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds the write lock of the real database file while somebody logs in."""
    User.objects.create_user("ines", PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200")
    other = sqlite3.connect(Path(connection.settings_dict["NAME"]), isolation_level=None)
    client.raise_request_exception = False
    try:
        other.execute("BEGIN IMMEDIATE")
        response = client.post("/comptes/connexion/", {"username": "ines", "password": PASSWORD})
    finally:
        other.close()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "La base de données est occupée" in response.text
    assert "n’a pas été enregistrée" in response.text
    # The same form, sent again a moment later, goes through.
    assert client.post("/comptes/connexion/", {"username": "ines", "password": PASSWORD}).status_code == 302


def test_a_full_disk(client: Client, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("etabli.web.accounts.views.open_session", full)
    client.raise_request_exception = False
    response = client.post("/comptes/connexion/", {"username": "ines", "password": PASSWORD})
    assert response.status_code == 503
    assert "Le disque du serveur est plein" in response.text


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OperationalError("database is locked"), errors.Trouble.DATABASE_BUSY),
        (OperationalError("database or disk is full"), errors.Trouble.DISK_FULL),
        (OSError(errno.ENOSPC, "No space left on device"), errors.Trouble.DISK_FULL),
        (OSError(errno.EACCES, "Permission denied"), errors.Trouble.OTHER),
        (ValueError("x"), errors.Trouble.OTHER),
    ],
)
def test_a_trouble_is_recognised_even_when_another_error_hides_it(error: Exception, trouble: errors.Trouble) -> None:
    assert errors.trouble_of(error) is trouble
    hiding = RuntimeError("the journal could not be written")
    hiding.__cause__ = error
    assert errors.trouble_of(hiding) is trouble


def test_a_program_gets_one_line_of_text() -> None:
    request = RequestFactory().get("/", headers={"accept": "application/json"})
    response = errors.page_not_found(request, Exception("Machine inconnue : x"))
    assert response.content.decode() == "Cette page n’existe pas. Machine inconnue : x"
