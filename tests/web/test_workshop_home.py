"""Home: a learner finds the work to do, in the operator's words."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web.accounts.models import User
from etabli.web.workshop.models import State
from web.workshop_world import another_learner, give

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    page = client.get("/").content.decode()
    assert intervention.number in page
    assert intervention.complaint_fr
    assert intervention.complaint_fr.split(".")[0][:30] in page.replace("&#x27;", "'")
    assert "Poste de tri" in page


def test_it_speaks_english(client: Client, learner: User, teacher: User) -> None:
    give(teacher, learner)
    client.force_login(learner)
    page = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert "Interventions to do" in page
    assert "Sorting" in page


def test_the_fault_is_nowhere(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    page = client.get("/").content.decode()
    assert intervention.faults[0]["id"] == "KM1.coil_open"
    assert "coil_open" not in page
    assert "bobine" not in page


def test_work_of_others_is_not_listed(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, another_learner())
    client.force_login(learner)
    assert intervention.number not in client.get("/").content.decode()


def test_handed_in_work_moves_below(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    intervention.state = State.REVIEW
    intervention.save()
    client.force_login(learner)
    page = client.get("/").content.decode()
    assert "Interventions rendues" in page
    assert "à valider" in page


def test_a_visitor_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/")["Location"].startswith("/comptes/connexion/")
