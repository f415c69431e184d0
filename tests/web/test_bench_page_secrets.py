"""Nothing that reaches a learner's browser carries the fault or a value that was neither seen nor measured.

A whole session is recorded as the browser gets it: every frame of the live link, every page, every other answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from etabli.bench.instruments import INSTRUMENTS
from etabli.machines import load_machine
from etabli.web.accounts.models import User
from etabli.web.workshop import hosts
from web.workshop_world import act, give

pytestmark = pytest.mark.browser

FAULT = "KM1.coil_open"
FRAME_KEYS = {"t", "i", "s", "x", "n", "v", "m", "p", "c", "a", "o", "e", "h"}
STATE_KEYS = {
    "n", "minutes", "cost", "cabinet_open", "padlocks", "labels", "epi", "console", "controls", "disconnected",
    "moved", "props", "forces", "settings", "instruments", "notebook", "declared", "parts", "stock", "dangers", "log",
    "vat", "acceptance", "producing", "finished",
}  # fmt: skip


class Recorder:
    """Messages of the live link and bodies of the answers, read before Chromium leaves the page and forgets them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.messages: list[str] = []
        self.bodies: list[tuple[str, str]] = []
        self._answers: list[Any] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda text: self.messages.append(str(text))))
        page.on("response", lambda answer: self._answers.append(answer))

    def go(self, path: str) -> None:
        self.read()
        self.page.goto(path)

    def read(self) -> None:
        self.page.wait_for_load_state("networkidle")
        for answer in self._answers:
            if answer.status == 200 and "/static/" not in answer.url:
                self.bodies.append((answer.url, answer.text()))
        self._answers.clear()


def session(page: Page, record: Recorder, intervention: Any) -> None:
    """Look at everything, measure, open the program, write, read the report."""
    record.go("/")
    record.go(f"/interventions/{intervention.pk}/")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    page.locator("#run").click()
    for view in ("mimic", "electrical", "pneumatic", "cabinet", "panel", "chart", "documents"):
        page.locator(f"#tab-{view}").click()
        page.wait_for_timeout(300)
    page.locator("#drawer-observe [data-act=look]").click()
    page.locator("#drawer-observe [data-act=listen]").click()
    page.locator("#ask-form button").click()
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    page.locator("#tab-plc").click()
    page.locator("#console").click()
    expect(page.locator("#plc-code")).not_to_be_empty()
    page.locator("#tab-measure").click()
    page.locator("#dial").get_by_role("radio", name="V continu").check(force=True)
    page.locator("#probe-red").select_option("KM1:A1")
    page.locator("#probe-black").select_option("KM1:A2")
    page.locator("#tab-component").click()
    page.locator("#component").select_option("KM1")
    for sense in ("look", "listen", "touch"):
        page.locator(f"#drawer-component [data-act-on={sense}]").click()
    page.wait_for_timeout(1500)
    record.go(f"/interventions/{intervention.pk}/carnet/")
    record.go(f"/interventions/{intervention.pk}/compte-rendu/")
    record.read()


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_no_secret_in_a_whole_session(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    record = Recorder(page)
    session(page, record, intervention)
    messages, bodies = record.messages, record.bodies
    assert sum(each[0] == "F" for each in messages) > 20
    assert len(bodies) >= 9
    mode = load_machine("poste_tri").fault(FAULT).mode

    for url, body in bodies:
        assert FAULT not in body, url
        assert mode.id not in body, url
        assert mode.text.fr not in body, url
        assert mode.text.en not in body, url

    for message in messages:
        kind, body = message[0], json.loads(message[1:])
        assert FAULT not in message
        if kind == "H":
            check_hello(body, mode)
        elif kind == "F":
            check_frame(body)
        elif kind == "S":
            assert set(body) == STATE_KEYS
        if kind != "H":
            assert mode.id not in message
            assert mode.text.fr not in message


def check_hello(body: dict[str, Any], mode: Any) -> None:
    """The only place of failure modes is the catalogue, where every family has all of its own."""
    lists = body["layout"].pop("mode_lists")
    families: dict[str, Any] = {}
    for component in body["layout"]["components"]:
        families.setdefault(component["family"], set()).add(component["modes"])
    machine = load_machine("poste_tri")
    for component in body["layout"]["components"]:
        known = [each.id for each in machine.parts[component["tag"]].failure_modes]
        assert [each["id"] for each in lists[component["modes"]]] == known
    rest = json.dumps(body, ensure_ascii=False)
    assert mode.id not in rest
    assert mode.text.fr not in rest
    assert body["layout"]["nodes"] is None
    assert not {"seed", "faults", "onset", "degree"} & set(strings(body))


def check_frame(frame: dict[str, Any]) -> None:
    """Only the known keys, and node values never."""
    assert set(frame) == FRAME_KEYS
    assert frame["e"] is None
    for instrument, _display, _unit, _status in frame["m"]:
        assert instrument in INSTRUMENTS


def test_frames_hold_only_what_an_eye_sees(learner: User, teacher: User, live: Any) -> None:
    """Each value of a frame belongs to a channel that its component declares visible."""
    intervention = give(teacher, learner)
    layout = hosts.ask_bench("layout", intervention.journal.stem)
    machine = load_machine("poste_tri")
    seen = {
        f"{part.tag}.{channel.name}"
        for part in machine.placed.values()
        if part.component.channels is not None
        for channel in part.component.channels(part.tag, part.parameters)
        if channel.seen
    }
    assert set(layout["channels"]) <= seen
    hidden = {each["id"] for each in layout["chronogram"] if each["source"] == "seen"} - seen
    assert hidden == set()


def test_a_reading_exists_only_where_the_probes_are(learner: User, teacher: User, live: Any) -> None:
    intervention = give(teacher, learner)
    act(intervention, "open_cabinet")
    evidence = hosts.ask_bench("evidence", intervention.journal.stem)
    assert evidence["readings"] == []
    assert not re.search(r'"(fault|onset|degree|cured)', json.dumps(evidence))
