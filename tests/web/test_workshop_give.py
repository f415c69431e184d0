"""A teacher gives a broken machine to learners."""

from __future__ import annotations

import pytest
from django.test import Client

from etabli.web.accounts.models import User
from etabli.web.workshop import hosts
from etabli.web.workshop.models import Intervention
from web.workshop_world import MACHINE, another_learner

pytestmark = pytest.mark.django_db

URL = "/enseignant/donner/"


def form(*learners: User, **more: object) -> dict[str, object]:
    return {"machine": MACHINE, "learners": [str(each.pk) for each in learners], "how": "drawn", "count": "1", **more}


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    page = client.get(URL, {"machine": MACHINE}).content.decode()
    assert "KM1" in page
    response = client.post(URL, form(learner, how="chosen", first="KM1.coil_open", onset="sudden"))
    assert response.status_code == 302
    given = Intervention.objects.get()
    assert [fault["id"] for fault in given.faults] == ["KM1.coil_open"]
    assert given.complaint_fr
    assert given.complaint_en
    assert given.journal.exists()


def test_by_chance_the_same_for_all(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    client.post(URL, form(learner, another_learner(), seed="12"))
    first, second = Intervention.objects.all()
    assert first.faults == second.faults
    assert len(first.faults) == 1


def test_no_fault_at_all(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    assert client.post(URL, form(learner, how="none")).status_code == 302
    given = Intervention.objects.get()
    assert given.faults == []
    assert "rien remarqué" in given.complaint_fr


def test_a_decimal_comma_is_understood(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    client.post(URL, form(learner, how="chosen", first="KM1.coil_open", onset="sudden", onset_s="12,5"))
    assert Intervention.objects.get().faults[0]["onset_s"] == 12.5


def test_a_fault_that_the_operator_does_not_notice_asks_twice(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    before = set(hosts.folder().iterdir()) if hosts.folder().exists() else set()
    welded = form(learner, another_learner(), how="chosen", first="S0.contact_11_12_welded", onset="sudden")
    response = client.post(URL, welded)
    assert response.status_code == 409
    page = response.content.decode()
    assert "L’opérateur n’a rien remarqué" in page
    assert "Donner quand même" in page
    assert not Intervention.objects.exists()
    assert set(hosts.folder().iterdir()) == before  # nothing is left of the trial
    assert client.post(URL, {**welded, "unnoticed_too": "on"}).status_code == 302
    assert Intervention.objects.count() == 2


def test_no_learner_is_refused(client: Client, teacher: User) -> None:
    client.force_login(teacher)
    response = client.post(URL, form())
    assert response.status_code == 400
    assert "Choisissez au moins un élève" in response.content.decode()


def test_a_choice_without_fault_is_refused(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    response = client.post(URL, form(learner, how="chosen"))
    assert response.status_code == 400
    assert "Choisissez un défaut du catalogue" in response.content.decode()


def test_twice_the_same_fault_is_refused(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    response = client.post(URL, form(learner, how="chosen", first="KM1.coil_open", second="KM1.coil_open"))
    assert response.status_code == 400
    assert "sont les mêmes" in response.content.decode()


def test_an_onset_that_the_fault_has_not_is_refused(client: Client, learner: User, teacher: User) -> None:
    client.force_login(teacher)
    response = client.post(URL, form(learner, how="chosen", first="KM1.coil_open", onset="growing"))
    assert response.status_code == 400
    assert "n’apparaît pas ainsi" in response.content.decode()
    assert not Intervention.objects.exists()


@pytest.mark.parametrize("machine", ["inconnue", "/etc", "../../etc"])
def test_an_unknown_machine_is_refused(client: Client, learner: User, teacher: User, machine: str) -> None:
    client.force_login(teacher)
    response = client.post(URL, form(learner, machine=machine))
    assert response.status_code == 404
    assert "inconnue" in response.content.decode()


def test_a_learner_may_not(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get(URL, {"machine": MACHINE}).status_code == 403
