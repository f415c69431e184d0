"""Writing the report, handing it in, and getting it as a PDF."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from etabli.web.accounts.models import User
from etabli.web.workshop.models import State
from web.workshop_world import act, another_learner, give

pytestmark = pytest.mark.django_db

WORDS = {"observation": "Le convoyeur ne démarre pas.", "recommendation": "Prévoir un contacteur en stock."}


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(
        intervention,
        "note",
        hypothesis="Bobine coupée",
        check="Ω A1-A2",
        expected="120 Ω",
        reading="OL",
        conclusion="coupée",
    )
    act(intervention, "declare", tag="KM1", mode="coil_open", evidence=[1])
    client.force_login(learner)
    url = f"/interventions/{intervention.pk}/compte-rendu/"
    assert "Bobine coupée" in client.get(url).content.decode()
    assert client.post(url, WORDS).status_code == 302
    intervention.refresh_from_db()
    assert intervention.state == State.REVIEW
    page = client.get(url).content.decode()
    assert "Le convoyeur ne démarre pas." in page
    assert "<textarea" not in page


def test_the_pdf_is_one_page_of_facts(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(
        intervention,
        "note",
        hypothesis="Bobine coupée",
        check="Ω A1-A2",
        expected="120 Ω",
        reading="OL",
        conclusion="coupée",
    )
    client.force_login(learner)
    client.post(f"/interventions/{intervention.pk}/compte-rendu/", WORDS)
    response = client.get(f"/interventions/{intervention.pk}/compte-rendu.pdf")
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert intervention.number in text
    assert "Bobine coupée" in text
    assert "Inès Martin" in text


def test_without_an_observation_it_is_refused(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    response = client.post(f"/interventions/{intervention.pk}/compte-rendu/", {"observation": " "})
    assert response.status_code == 400
    assert "Décrivez ce que vous avez constaté" in response.content.decode()
    intervention.refresh_from_db()
    assert intervention.state == State.TODO


def test_a_report_handed_in_cannot_change(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    url = f"/interventions/{intervention.pk}/compte-rendu/"
    client.post(url, WORDS)
    response = client.post(url, {"observation": "Autre chose"})
    assert response.status_code == 409
    assert "ne peut plus être modifié" in response.content.decode()


def test_a_teacher_reads_but_does_not_write(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(teacher)
    url = f"/interventions/{intervention.pk}/compte-rendu/"
    assert client.get(url).status_code == 200
    assert client.post(url, WORDS).status_code == 409


@pytest.mark.parametrize("page", ["compte-rendu/", "compte-rendu.pdf", "carnet/"])
def test_others_do_not_see_it(client: Client, learner: User, teacher: User, page: str) -> None:
    intervention = give(teacher, learner)
    client.force_login(another_learner())
    assert client.get(f"/interventions/{intervention.pk}/{page}").status_code == 404


def test_the_fault_is_not_in_what_the_learner_reads(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    for page in ("compte-rendu/", "carnet/"):
        assert "coil_open" not in client.get(f"/interventions/{intervention.pk}/{page}").content.decode()
