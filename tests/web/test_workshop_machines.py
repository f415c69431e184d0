"""Machines: their pages, drawings and documents."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.machines import load_machine
from etabli.web.accounts.models import User
from etabli.web.workshop import catalogue, drawings

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert "Poste de tri" in client.get("/machines/").content.decode()
    page = client.get("/machines/poste_tri/").content.decode()
    assert "KM1" in page
    assert "Nomenclature" in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_drawing_and_document_opens(client: Client, learner: User, language: str) -> None:
    client.force_login(learner)
    machine = load_machine("poste_tri")
    for kind in ("electrical", "pneumatic", "mimic", "cabinet", "panel"):
        sheets = drawings.sheets(machine, kind)
        assert sheets, kind
        for sheet in sheets:
            response = client.get(f"/machines/poste_tri/dessins/{kind}/{sheet.id}/{language}.svg")
            assert response.status_code == 200
            assert b"<svg" in response.content
            assert b"style=" not in response.content  # forbidden by the content security policy
    for document in machine.documents:
        url = f"/machines/poste_tri/documents/{document.id}/"
        assert client.get(url, headers={"accept-language": language}).status_code == 200


def test_markdown_cannot_smuggle_html() -> None:
    html = catalogue.rendered("<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n![i](http://x/y.png)")
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "url",
    [
        "/machines/inconnue/",
        "/machines/poste_tri/dessins/electrical/nulle-part/fr.svg",
        "/machines/poste_tri/dessins/autre/x/fr.svg",
        "/machines/poste_tri/documents/nulle-part/",
    ],
)
def test_what_does_not_exist(client: Client, learner: User, url: str) -> None:
    client.force_login(learner)
    assert client.get(url).status_code == 404


def test_each_folio_is_under_its_own_tab() -> None:
    machine = load_machine("poste_tri")
    assert [sheet.id for sheet in drawings.sheets(machine, "pneumatic")] == ["10_pneumatique"]
    assert len(drawings.sheets(machine, "electrical")) == 9
