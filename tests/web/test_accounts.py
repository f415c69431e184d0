"""Logging in and out: what works first, then one test per refusal."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from etabli.web.accounts import demo
from etabli.web.accounts.models import Role, User

PASSWORD = "un-mot-de-passe"
LOGIN = "/comptes/connexion/"


@pytest.fixture(autouse=True)
def _forget_failures() -> None:
    cache.clear()


def log_in(client: Client, username: str = "ines", password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_it_works(client: Client, learner: User) -> None:
    response = log_in(client)
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(learner.pk)


def test_it_goes_where_the_person_wanted_to_go(client: Client, learner: User) -> None:
    assert client.get("/langue/?x=1").status_code == 405  # open to all, but a form only
    assert client.get("/admin/").status_code == 302
    assert log_in(client, next="/sante/").url == "/sante/"


def test_it_never_goes_to_another_site(client: Client, learner: User) -> None:
    assert log_in(client, next="https://elsewhere.example/").url == "/"


def test_a_wrong_password_is_refused(client: Client, learner: User) -> None:
    response = log_in(client, password="faux")
    assert response.status_code == 422
    assert "Identifiant ou mot de passe incorrect." in response.text
    assert 'value="ines"' in response.text  # only the password has to be typed again
    assert "faux" not in response.text


def test_an_unknown_account_is_refused_with_the_same_words(client: Client, db: None) -> None:
    response = log_in(client, username="personne")
    assert response.status_code == 422
    assert "Identifiant ou mot de passe incorrect." in response.text


def test_a_closed_account_is_refused(client: Client, learner: User) -> None:
    User.objects.update(is_active=False)
    assert log_in(client).status_code == 422


def test_after_five_wrong_passwords_even_the_right_one_waits(client: Client, learner: User) -> None:
    for _attempt in range(5):
        log_in(client, password="faux")
    response = log_in(client)
    assert response.status_code == 429
    assert "Trop d’essais" in response.text


def test_a_form_without_its_token_is_refused(learner: User) -> None:
    response = log_in(Client(enforce_csrf_checks=True))
    assert response.status_code == 403
    assert "Le formulaire a expiré" in response.text


def test_without_an_account_every_page_asks_to_log_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response.url == f"{LOGIN}?next=/"


def test_somebody_who_is_logged_in_does_not_see_the_login_page(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get(LOGIN).url == "/"


def test_logging_out(client: Client, learner: User) -> None:
    client.force_login(learner)
    response = client.post("/comptes/deconnexion/")
    assert response.url == LOGIN
    assert "_auth_user_id" not in client.session


def test_logging_out_needs_a_form(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get("/comptes/deconnexion/").status_code == 405


def test_an_account_says_nothing_of_the_person(learner: User) -> None:
    fields = {field.name for field in User._meta.get_fields()}
    assert not fields & {"email", "first_name", "last_name", "birth_date"}
    assert learner.pk.version == 4  # opaque: neither a counter nor a name


def test_the_administrator_manages_accounts(client: Client, db: None) -> None:
    client.force_login(User.objects.create_superuser("admin", PASSWORD))
    page = client.get(reverse("admin:accounts_user_add"))
    assert page.status_code == 200
    form = {"username": "nouveau", "display_name": "Nouveau", "role": "learner", "usable_password": "true"}
    response = client.post(
        reverse("admin:accounts_user_add"), {**form, "password1": "mots passe longs", "password2": "mots passe longs"}
    )
    assert response.status_code == 302
    assert User.objects.get(username="nouveau").role == Role.LEARNER


def test_a_teacher_does_not_manage_accounts(client: Client, teacher: User) -> None:
    client.force_login(teacher)
    assert client.get("/admin/accounts/user/").status_code == 302


def test_demonstration_accounts_are_made_once(client: Client, db: None) -> None:
    demo.create_demo_data()
    User.objects.filter(username="eleve1").update(display_name="Changé")
    demo.create_demo_data()
    assert User.objects.get(username="eleve1").display_name == "Changé"
    assert User.objects.filter(role=Role.TEACHER).get().username == "prof"
    assert log_in(client, "eleve2", "eleve2-demo").status_code == 302


def test_the_login_page_shows_the_demonstration_accounts_in_a_demonstration_only(
    client: Client, db: None, settings
) -> None:
    assert "prof-demo" not in client.get(LOGIN).text
    settings.DEMO = True
    assert "prof-demo" in client.get(LOGIN).text
