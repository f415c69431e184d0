"""A teacher accepts a report: the intervention is closed."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web.accounts.models import User
from etabli.web.workshop.models import State
from web.workshop_world import give

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    client.post(f"/interventions/{intervention.pk}/compte-rendu/", {"observation": "Rien ne tourne."})
    client.force_login(teacher)
    client.post(f"/interventions/{intervention.pk}/clore/", {"advice": "Bon raisonnement."})
    intervention.refresh_from_db()
    assert intervention.state == State.CLOSED
    assert "Bon raisonnement." in client.get(f"/interventions/{intervention.pk}/suivi/").content.decode()
    client.force_login(learner)
    page = client.get(f"/interventions/{intervention.pk}/compte-rendu/").content.decode()
    assert "Bon raisonnement." in page


def test_work_that_is_not_handed_in_cannot_be_closed(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(teacher)
    response = client.post(f"/interventions/{intervention.pk}/clore/", {"advice": ""})
    assert response.status_code == 409
    assert "Seule une intervention rendue" in response.content.decode()


def test_a_learner_may_not(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    assert client.post(f"/interventions/{intervention.pk}/clore/").status_code == 403
