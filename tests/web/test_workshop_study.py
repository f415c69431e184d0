"""Studying the healthy machine, where every value may be seen."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web.accounts.models import User
from etabli.web.workshop.models import Intervention

pytestmark = pytest.mark.django_db

URL = "/machines/poste_tri/etude/"


def test_it_works(client: Client, learner: User) -> None:
    client.force_login(learner)
    response = client.post(URL, follow=True)
    assert response.status_code == 200
    assert "Machine saine" in response.content.decode()
    assert Intervention.objects.get().faults == []


def test_the_second_time_it_is_the_same_bench(client: Client, teacher: User) -> None:
    client.force_login(teacher)
    assert client.post(URL)["Location"] == client.post(URL)["Location"]


def test_an_unknown_machine(client: Client, learner: User) -> None:
    client.force_login(learner)
    response = client.post("/machines/inconnue/etude/")
    assert response.status_code == 404
    assert "poste_tri" in response.content.decode()  # the mend names the machines that exist


def test_a_link_cannot_open_one(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get(URL).status_code == 405
