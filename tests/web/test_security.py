"""Headers, static files, hosts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from etabli.web.accounts.models import User

LOGIN = "/comptes/connexion/"


def directives(header: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _space, value in pairs}


@pytest.mark.parametrize("path", [LOGIN, "/", "/nulle-part/", "/admin/"])
def test_the_content_policy_is_strict(client: Client, learner: User, path: str) -> None:
    if path == "/":
        client.force_login(learner)
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy  # nobody else's host
    rules = directives(policy)
    assert rules["default-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"


def test_the_import_map_carries_the_nonce(client: Client, db: None) -> None:
    response = client.get(LOGIN)
    (nonce,) = re.findall(r'<script type="importmap" nonce="([^"]+)"', response.text)
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
    assert client.get(LOGIN).text.count(nonce) == 0  # another one each time


def test_pages_hold_neither_inline_style_nor_inline_handler(client: Client, learner: User) -> None:
    client.force_login(learner)
    for path in ("/", LOGIN, "/nulle-part/"):
        assert not re.search(r"\sstyle=|\son\w+=|<style", client.get(path).text), path


def test_a_page_cannot_be_framed(client: Client, db: None) -> None:
    assert client.get(LOGIN).headers["X-Frame-Options"] == "DENY"


def test_an_unknown_host_is_refused(client: Client, db: None) -> None:
    assert client.get(LOGIN, headers={"host": "elsewhere.example"}).status_code == 400


def test_static_files_may_be_kept_for_ever(client: Client, db: None) -> None:
    (address,) = re.findall(r'href="(/static/[0-9a-f]{12}/etabli/etabli\.css)"', client.get(LOGIN).text)
    response = client.get(address)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]


def test_a_supervisor_may_ask_whether_the_server_is_well(client: Client, db: None) -> None:
    assert client.get("/sante/").json() == {"status": "ok"}
