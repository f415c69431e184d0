"""A teacher follows a learner: what was hidden, what was done."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web.accounts.models import ClassGroup, Role, User
from web.workshop_world import act, give

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    told = act(intervention, "epi", worn=["gloves"])["text"]["fr"]
    client.force_login(teacher)
    page = client.get(f"/interventions/{intervention.pk}/suivi/").content.decode()
    assert "KM1.coil_open" in page
    assert "Inès Martin" in page
    assert page.count(told) == 1  # each action on one line


def test_the_desk_lists_everybody(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(teacher)
    page = client.get("/").content.decode()
    assert intervention.number in page
    assert "KM1" in page
    assert "à faire" in page


def test_a_learner_may_not(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    response = client.get(f"/interventions/{intervention.pk}/suivi/")
    assert response.status_code == 403
    assert "coil_open" not in response.content.decode()


def test_nor_a_teacher_of_another_class(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    group = ClassGroup.objects.create(name="T MSPC")
    client.force_login(User.objects.create_user("durand", "x", role=Role.TEACHER, class_group=group))
    assert client.get(f"/interventions/{intervention.pk}/suivi/").status_code == 404
