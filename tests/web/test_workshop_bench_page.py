"""Opening the bench page of an intervention."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from etabli.web.accounts.models import ClassGroup, Role, User
from web.workshop_world import another_learner, give

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    response = client.get(f"/interventions/{intervention.pk}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert f"/lien/{intervention.pk}/" in page
    for name in ("Synoptique", "Électrique", "Armoire", "Pupitre", "Automate", "Chronogramme"):
        assert name in page


@pytest.mark.parametrize(
    ("machine", "fluid"), [("poste_tri", "Pneumatique"), ("presse", "Hydraulique"), ("monte_charge", None)]
)
def test_the_tab_of_fluids_says_what_flows_and_is_not_there_otherwise(
    client: Client, learner: User, teacher: User, machine: str, fluid: str | None
) -> None:
    intervention = give(teacher, learner, fault=None, machine=machine)
    client.force_login(learner)
    page = client.get(f"/interventions/{intervention.pk}/").content.decode()
    assert [name for name in ("Pneumatique", "Hydraulique") if f">{name}<" in page.replace("\n", "")] == (
        [fluid] if fluid else []
    )
    assert ('data-view="pneumatic"' in page) is (fluid is not None)


def test_the_page_carries_neither_fault_nor_seed(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(learner)
    page = client.get(f"/interventions/{intervention.pk}/").content.decode()
    assert "coil_open" not in page
    assert '"seed"' not in page
    assert "onset" not in page


def test_a_teacher_watches(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(teacher)
    page = client.get(f"/interventions/{intervention.pk}/").content.decode()
    assert "Vous suivez Inès Martin" in page
    assert '"may_act": false' in page


def test_somebody_else_does_not_even_know_it_exists(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client.force_login(another_learner())
    response = client.get(f"/interventions/{intervention.pk}/")
    assert response.status_code == 404
    assert "pas à vous" in response.content.decode()


def test_a_teacher_of_another_class_does_not_see_it(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    other = User.objects.create_user(
        "durand", "x", role=Role.TEACHER, class_group=ClassGroup.objects.create(name="T MSPC")
    )
    client.force_login(other)
    assert client.get(f"/interventions/{intervention.pk}/").status_code == 404


def test_an_unknown_intervention(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get(f"/interventions/{uuid.uuid4()}/").status_code == 404


def test_a_visitor_is_sent_to_log_in(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    assert client.get(f"/interventions/{intervention.pk}/").status_code == 302
