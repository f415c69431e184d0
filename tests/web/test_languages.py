"""French is the source language; every text has its English translation."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web import messages
from etabli.web.accounts.models import User

LOGIN = "/comptes/connexion/"


def test_french_is_the_default(client: Client, db: None) -> None:
    response = client.get(LOGIN)
    assert '<html lang="fr"' in response.text
    assert "Mot de passe" in response.text


def test_the_browser_may_ask_for_english(client: Client, db: None) -> None:
    response = client.get(LOGIN, headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="en"' in response.text
    assert "Password" in response.text
    assert "Mot de passe" not in response.text


def test_an_unknown_language_gives_french(client: Client, db: None) -> None:
    assert '<html lang="fr"' in client.get(LOGIN, headers={"accept-language": "de"}).text


def test_the_switch_is_remembered(client: Client, learner: User) -> None:
    client.force_login(learner)
    response = client.post("/langue/", {"language": "en", "next": "/"})
    assert response.url == "/"
    assert '<html lang="en"' in client.get("/").text
    client.post("/langue/", {"language": "fr", "next": "/"})
    assert '<html lang="fr"' in client.get("/").text


def test_the_switch_never_leads_to_another_site(client: Client, db: None) -> None:
    assert client.post("/langue/", {"language": "en", "next": "https://elsewhere.example/"}).url == "/"


@pytest.mark.parametrize("root", messages.roots(), ids=lambda root: root.name)
def test_every_text_is_translated(root) -> None:
    assert messages.mistakes(root) == []


def test_the_collector_sees_templates_and_code() -> None:
    found = {found.message for found in messages.texts(messages.WEB)}
    assert "Bonjour %(name)s" in found  # blocktranslate
    assert "Mot de passe" in found  # translate
    assert "La base de données est occupée" in found  # Python
