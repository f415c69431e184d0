"""The live link of a bench page: who may open it, what it carries, what it refuses."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from etabli.web.accounts.models import User
from etabli.web.workshop import hosts, limits
from etabli.web.workshop.models import Intervention, State
from web.workshop_world import another_learner, give

PATIENCE_S = 60.0
"""How long a test waits for what must come before it gives up: says nothing of how fast it comes."""


def sooner_or_later(happens: Callable[[], bool], every_s: float = 0.05) -> None:
    """Wait until ``happens``; fail when patience is at its end."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < deadline, "it never happens"
        time.sleep(every_s)


class Page:
    """A bench page without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.raw: list[str] = []
        self.number = 0

    def take(self, kind: str, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """Next message of a kind; others are kept in ``raw``."""
        deadline = time.monotonic() + timeout_s
        while True:
            message = str(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            self.raw.append(message)
            if message[0] == kind:
                body: dict[str, Any] = json.loads(message[1:])
                return body

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "do": do, "fields": fields}))
        while True:
            answer = self.take("A")
            if answer["id"] == self.number:
                return answer

    def act(self, action: str, **arguments: Any) -> dict[str, Any]:
        """Do something to the machine."""
        return self.ask("act", action=action, arguments=arguments)


@contextmanager
def opened(live: Any, user: User | None, pk: object, origin: str | None = None) -> Iterator[Page]:
    headers = {}
    if user is not None:
        client = Client()
        client.force_login(user)
        headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    url = f"{live.websocket_url}/lien/{pk}/?langue=fr"
    with connect(url, additional_headers=headers, origin=origin or live.url, max_size=None) as socket:
        yield Page(socket)


def refusal(page: Page) -> int:
    """Code with which the server closes."""
    with pytest.raises(ConnectionClosed) as closed:
        page.take("?")
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_it_works(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        hello = page.take("H")
        assert hello["may_act"]
        assert hello["layout"]["machine"] == "poste_tri"
        assert page.ask("run")["result"] == {"running": True}
        first, second = page.take("F"), page.take("F")
        assert second["t"] > first["t"]
        assert "Q1" in page.act("look")["result"]["text"]["fr"]
    intervention.refresh_from_db()
    assert intervention.state == State.DOING


def test_a_visitor_is_refused_with_4401(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, None, intervention.pk) as page:
        assert refusal(page) == 4401


def test_somebody_else_is_refused_with_4404(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, another_learner(), intervention.pk) as page:
        assert refusal(page) == 4404


def test_an_unknown_bench_is_refused_with_4404(live: Any, learner: User) -> None:
    with opened(live, learner, uuid.uuid4()) as page:
        assert refusal(page) == 4404


def test_another_site_is_refused_with_403(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with (
        pytest.raises(InvalidStatus) as refused,
        opened(live, learner, intervention.pk, origin="http://ailleurs.example"),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_bench_that_cannot_be_opened_says_why_and_closes_with_4409(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    intervention.journal.write_text("ceci n'est pas un journal\n", encoding="utf-8")
    with opened(live, learner, intervention.pk) as page:
        assert page.take("R")["text"]["fr"]
        assert refusal(page) == 4409


def test_a_teacher_watches_and_cannot_act(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, teacher, intervention.pk) as page:
        assert not page.take("H")["may_act"]
        assert "sans pouvoir agir" in page.act("look")["refused"]["fr"]
        assert "sans pouvoir agir" in page.ask("run")["refused"]["fr"]


@pytest.mark.parametrize("secret", ["reveal", "journal", "create", "close", "status", "evidence", "machines"])
def test_only_the_commands_of_a_page_pass(live: Any, learner: User, teacher: User, secret: str) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        assert page.ask(secret)["refused"]["fr"] == "Commande inconnue."


def test_a_command_cannot_name_another_bench(live: Any, learner: User, teacher: User) -> None:
    mine, theirs = give(teacher, learner), give(teacher, another_learner())
    with opened(live, learner, mine.pk) as page:
        page.take("H")
        assert "refused" in page.ask("run", bench=theirs.journal.stem)


def test_a_wrong_action_for_the_state_says_why_and_the_mend(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        answer = page.act("tighten", target="KM1:A1")  # the cabinet is closed
        assert "armoire" in answer["refused"]["fr"]
        assert answer["mend"]["fr"]
        assert page.act("fly")["refused"]["fr"]


def test_two_tabs_say_so_and_see_the_same(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as first, opened(live, learner, intervention.pk) as second:
        first.take("H")
        second.take("H")
        assert first.act("open_cabinet")["result"]["ok"]
        while not second.take("S")["cabinet_open"]:
            pass
        news = [json.loads(each[1:]) for each in [*first.raw, *second.raw] if each[0] == "N"]
        assert any(each["pages"] == 2 for each in news)


def test_a_button_held_by_a_page_that_closes_is_let_go(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.act("operate", tag="S1", control="pressed", value=1)
    sooner_or_later(lambda: not hosts.ask_bench("state", intervention.journal.stem)["controls"]["S1.pressed"])


def test_hammering_is_refused_then_cut_with_4429(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    limits._buckets.clear()
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        with suppress(ConnectionClosed):  # as long as it takes: tokens come back while a slow server works
            for number in range(5000):
                page.socket.send(json.dumps({"id": number, "do": "pause", "fields": {}}))
        assert refusal(page) == 4429
    assert any("Trop de commandes" in each for each in page.raw)
    limits._buckets.clear()


@pytest.mark.parametrize("nonsense", ["pas du json", "[]", "x" * (limits.LONGEST_MESSAGE + 1)])
def test_nonsense_is_cut_with_4400(live: Any, learner: User, teacher: User, nonsense: str) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.socket.send(nonsense)
        assert refusal(page) == 4400


def test_a_killed_engine_comes_back_with_everything(live: Any, learner: User, teacher: User) -> None:
    intervention: Intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.act("note", hypothesis="Bobine coupée", check="", expected="", reading="", conclusion="")
        hosts.running_host().process.kill()
        troubles: list[str] = []
        while "back" not in troubles:
            troubles.append(page.take("N")["trouble"])
        assert "lost" in troubles
        page.take("F")
        assert page.act("look")["result"]["ok"]
    notes = hosts.ask_bench("state", intervention.journal.stem)["notebook"]
    assert [note["hypothesis"] for note in notes] == ["Bobine coupée"]


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "act", "fields": {"action": "look", "arguments": [1, 2]}},
        {"do": "step", "fields": {"ticks": "beaucoup"}},
        {"do": "speed", "fields": {"factor": None}},
        {"do": "chronogram", "fields": {"channels": "tout"}},
        {"do": "act", "fields": {"action": "finish", "arguments": {}}},
    ],
)
def test_fields_of_a_wrong_kind_are_refused(live: Any, learner: User, teacher: User, fields: dict[str, Any]) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.socket.send(json.dumps({"id": 1, **fields}))
        assert page.take("A")["refused"]["fr"] == "Commande inconnue."


def test_a_bench_that_nobody_looks_at_rests_and_wakes_up(
    live: Any, learner: User, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etabli.web.workshop.hub.REST_AFTER_S", 0.2)
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.take("F")
        page.act("look")
    sooner_or_later(lambda: intervention.journal.stem not in {b["bench"] for b in hosts.ask("status")["benches"]})
    with opened(live, learner, intervention.pk) as page:
        assert page.take("H")["state"]["log"][-1]["action"] == "look"
        first = page.take("F")
        assert page.take("F")["t"] > first["t"]


def test_a_page_whose_session_ended_is_closed_with_4401(
    live: Any, learner: User, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etabli.web.workshop.consumers.CHECK_EVERY_S", 0.3)
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        Session.objects.all().delete()
        assert refusal(page) == 4401


def test_once_the_report_is_handed_in_nothing_changes_any_more(
    live: Any, learner: User, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etabli.web.workshop.consumers.CHECK_EVERY_S", 0.2)
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        Intervention.objects.update(state=State.REVIEW)
        sooner_or_later(lambda: "rendue" in page.act("look").get("refused", {"fr": ""})["fr"], every_s=0.2)
        assert "rendue" in page.ask("reset")["refused"]["fr"]


def test_starting_again_goes_back_to_the_first_state(live: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    with opened(live, learner, intervention.pk) as page:
        page.take("H")
        page.act("open_cabinet")
        assert page.ask("reset")["result"]
        while (state := page.take("S"))["log"]:
            pass
        assert not state["cabinet_open"]
    assert intervention.journal.with_suffix(".1.jsonl").exists()  # the journal so far is kept
