"""Faults of the product and bad input: each gets a clear message, and nothing is lost."""

from __future__ import annotations

import re
import resource
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from etabli.bench.client import HostError
from etabli.machines import load_machine, machine_folder
from etabli.web.accounts.models import User
from etabli.web.workshop import catalogue, hosts, interventions
from etabli.web.workshop.models import State
from web.workshop_world import act, give, written_by_another_engine


@pytest.mark.django_db
def test_a_machine_that_no_longer_exists(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    intervention.machine = "ancienne"
    intervention.save()
    client.force_login(learner)
    response = client.get(f"/interventions/{intervention.pk}/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "« ancienne » inconnue" in page
    assert "poste_tri" in page
    assert client.get("/").status_code == 200  # the list still opens


@pytest.mark.django_db
def test_a_broken_machine_file_names_file_line_and_mend(
    client: Client, teacher: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "poste_tri"
    shutil.copytree(machine_folder("poste_tri"), broken)
    wires = (broken / "wires.csv").read_text(encoding="utf-8").splitlines()
    (broken / "wires.csv").write_text("\n".join([*wires, wires[-1].replace(":", "§", 1)]), encoding="utf-8")
    monkeypatch.setattr(catalogue, "load_machine", lambda name: load_machine(broken))
    client.force_login(teacher)
    response = client.get("/machines/poste_tri/")
    assert response.status_code == 500
    page = response.content.decode()
    assert f"wires.csv:{len(wires) + 1}" in page.replace("Wires", "wires")
    assert "contiennent une erreur" in page
    desk = client.get("/")
    assert desk.status_code == 200
    assert "wires.csv" in desk.content.decode()


@pytest.mark.django_db
def test_a_full_disk_refuses_the_action_and_loses_nothing(learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(intervention, "note", hypothesis="avant", check="", expected="", reading="", conclusion="")
    pid = hosts.running_host().pid
    size = intervention.journal.stat().st_size
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))  # what a full disk does to the journal
    try:
        with pytest.raises(HostError) as refused:
            act(intervention, "note", hypothesis="pendant", check="", expected="", reading="", conclusion="")
        assert refused.value.code == "journal_full"
        assert "n'est pas enregistrée" in refused.value.text.fr
        assert "libérer de la place" in refused.value.mend.fr
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    act(intervention, "note", hypothesis="après", check="", expected="", reading="", conclusion="")
    notes = hosts.ask_bench("state", interventions.bench_of(intervention))["notebook"]
    assert [note["hypothesis"] for note in notes] == ["avant", "après"]


@pytest.mark.django_db
def test_a_full_disk_on_a_page_is_said_with_507(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(intervention, "look")
    pid = hosts.running_host().pid
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (intervention.journal.stat().st_size, unlimited[1]))
    client.force_login(learner)
    url = f"/interventions/{intervention.pk}/compte-rendu/"
    try:
        response = client.post(url, {"observation": "Rien ne tourne."})
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    assert response.status_code == 507
    assert "enregistrée" in response.content.decode()
    intervention.refresh_from_db()
    assert intervention.state == State.TODO
    assert client.post(url, {"observation": "Rien ne tourne."}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_asks_to_try_again_and_loses_nothing(learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    url = f"/interventions/{intervention.pk}/compte-rendu/"
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        response = client.post(url, {"observation": "Rien ne tourne."})
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert response.status_code == 503
    assert "base de données est occupée" in response.content.decode()
    assert response["Retry-After"]
    # The words were in the journal already: handing in again only repairs the state.
    assert client.post(url, {"observation": "Autre texte."}).status_code == 302
    intervention.refresh_from_db()
    assert intervention.state == State.REVIEW
    assert interventions.evidence_of(intervention)["finished"]["observation"] == "Rien ne tourne."


@pytest.mark.django_db
def test_an_engine_that_does_not_start_is_said_with_503(
    client: Client, learner: User, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    intervention = give(teacher, learner)

    def fail() -> None:
        raise hosts.lost()

    monkeypatch.setattr(hosts, "running_host", fail)
    client.force_login(learner)
    response = client.get(f"/interventions/{intervention.pk}/carnet/")
    assert response.status_code == 503
    assert "Recommencez dans quelques secondes" in response.content.decode()


@pytest.mark.django_db
def test_after_an_update_the_same_fault_can_be_started_again(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(intervention, "look")
    before = (intervention.faults, intervention.seed, intervention.complaint_fr)
    url = f"/interventions/{intervention.pk}/recommencer/"
    client.force_login(learner)
    assert client.post(url).status_code == 409  # a bench that opens is not thrown away
    written_by_another_engine(intervention)
    with pytest.raises(HostError) as refused:
        hosts.ask_bench("state", interventions.bench_of(intervention))
    assert refused.value.code == "journal_outdated"

    client.force_login(teacher)
    assert client.post(url).status_code in {403, 409}  # it is not theirs to start again
    followed = client.get(f"/interventions/{intervention.pk}/suivi/")
    assert followed.status_code == 409
    assert url not in followed.content.decode()
    client.force_login(learner)
    refused_page = client.get(f"/interventions/{intervention.pk}/compte-rendu/")
    assert refused_page.status_code == 409
    page = refused_page.content.decode()
    assert f'action="{url}"' in page  # the mend is one button
    assert ".jsonl" not in page
    assert client.post(url).status_code == 302
    intervention.refresh_from_db()
    assert (intervention.faults, intervention.seed, intervention.complaint_fr) == before
    assert intervention.state == State.TODO
    assert interventions.evidence_of(intervention)["observations"] == []
    assert not intervention.journal.with_suffix(".old").exists()


@pytest.mark.django_db
def test_what_was_handed_in_is_read_and_marked_after_any_update(client: Client, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(intervention, "note", hypothesis="Bobine", check="Ω", expected="120 Ω", reading="OL", conclusion="coupée")
    act(intervention, "declare", tag="KM1", mode="coil_open", evidence=[1])
    client.force_login(learner)
    base = f"/interventions/{intervention.pk}"
    client.post(f"{base}/compte-rendu/", {"observation": "Rien ne tourne.", "recommendation": "Contacteur en stock."})

    def read(page: str) -> str:
        response = client.get(f"{base}/{page}/")
        assert response.status_code == 200
        body: str = response.content.decode()
        return body.split("<main", 1)[1]

    def without_token(page: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)

    read("compte-rendu")  # "handed in" is said once
    before = [read("compte-rendu"), read("carnet")]
    client.force_login(teacher)
    followed = without_token(read("suivi"))
    assert "KM1.coil_open" in followed
    written_by_another_engine(intervention)
    with pytest.raises(HostError):
        hosts.ask_bench("state", interventions.bench_of(intervention))
    assert without_token(read("suivi")) == followed
    assert client.get(f"{base}/compte-rendu.pdf")["Content-Type"] == "application/pdf"
    client.force_login(learner)
    assert [read("compte-rendu"), read("carnet")] == before
    assert client.get(f"{base}/suivi/").status_code == 403
    client.force_login(teacher)
    assert client.post(f"{base}/clore/", {"advice": "Bon diagnostic."}).status_code == 302
    assert "Bon diagnostic." in read("compte-rendu")
