"""No French is left on the English pages: what a visitor reads, machine by machine and family by family."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from etabli.components.catalogue import catalogue, technology
from etabli.machines import list_machines, load_machine
from etabli.web.accounts.models import User
from web.workshop_world import act, give

pytestmark = pytest.mark.django_db

NAMES = ("Établi", "Inès", "Français", "Thévenin")
"""Proper names, and the name of a language in its own words."""
FRENCH = re.compile(
    r"[éèêëàâçîïôûùœ«»]|\b(?:le|la|les|des|une|du|est|sont|pour|avec|sur|dans|pas|aux|sans|par|ne|qui|et)\b|\bd'|\bl'"
)
SHOWN = ("aria-label", "title", "placeholder", "alt")


def french(texts: list[str]) -> list[str]:
    """The texts that hold a French letter or word."""
    cleaned = [re.sub("|".join(NAMES), "", text) for text in texts]
    return sorted({text.strip() for text in cleaned if FRENCH.search(text)})


class Words(HTMLParser):
    """Texts that a person or a screen reader meets, except what says that it is in another language."""

    VOID = ("br", "input", "meta", "link", "img", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        aside = tag in ("script", "style") or (tag != "html" and values.get("lang") == "fr")
        if not (aside or self._aside):
            self.found += [values[name] or "" for name in SHOWN if name in values]
        if tag not in self.VOID:
            self._open.append((tag, aside))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self.found.append(data)

    @property
    def _aside(self) -> bool:
        return any(aside for _, aside in self._open)


def read(client: Client, url: str) -> list[str]:
    response = client.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200, url
    parser = Words()
    parser.feed(response.content.decode())
    return parser.found


def test_the_words_of_a_page_are_found() -> None:
    parser = Words()
    parser.feed('<p title="la vanne">valve<br><b lang="fr">électrovanne</b> <i>fermée</i></p>')
    assert french(parser.found) == ["fermée", "la vanne"]


@pytest.mark.parametrize("name", list_machines())
def test_pages_of_a_machine(client: Client, learner: User, teacher: User, name: str) -> None:
    intervention = give(teacher, learner, "KM1.coil_open", name)
    act(intervention, "look")
    act(intervention, "note", hypothesis="coil", check="ohms", expected="100", reading="OL", conclusion="open")
    documents = [f"/machines/{name}/documents/{each.id}/" for each in load_machine(name).documents]
    client.force_login(teacher)
    urls = ["/", f"/machines/{name}/", f"/enseignant/donner/?machine={name}", *documents]
    urls.append(f"/interventions/{intervention.pk}/suivi/")
    found = {url: french(read(client, url)) for url in urls}
    client.force_login(learner)
    for part in ("", "carnet/", "compte-rendu/"):
        url = f"/interventions/{intervention.pk}/{part}"
        found[url] = french(read(client, url))
    assert {url: texts for url, texts in found.items() if texts} == {}


def test_pages_of_the_catalogue(client: Client, learner: User) -> None:
    client.force_login(learner)
    one_of_each = {technology(family): family for family in catalogue()}
    urls = ["/catalogue/", *(f"/catalogue/{family}/" for family in one_of_each.values())]
    found = {url: french(read(client, url)) for url in urls}
    assert {url: texts for url, texts in found.items() if texts} == {}


def test_texts_of_every_family() -> None:
    """What the other pages of the catalogue are filled with."""
    found = {}
    for name, family in catalogue().items():
        modes = family.failure_modes_of(family.defaults())
        texts = [family.text, family.sheet, *(each.text for each in (*modes, *family.parameters))]
        texts += [each.visible for each in modes if each.visible]
        found[name] = french([text.en for text in texts])
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.browser
@pytest.mark.parametrize("machine", ["presse", "monte_charge"])
def test_the_bench_as_it_lives(browser_page: Any, learner: User, teacher: User, machine: str) -> None:
    """What the scripts write: lists, states, outcomes, drawings of every tab."""
    intervention = give(teacher, learner, "KM1.coil_open", machine)
    page: Page = browser_page(learner, locale="en-GB")
    page.goto(f"/interventions/{intervention.pk}/")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    expect(page.locator("#outcome")).to_contain_text("cabinet")
    page.locator("#tab-component").click()
    for tag in ("KM1", "Q1", "A1", "S0"):
        page.locator("#component").select_option(tag)
        page.locator("#drawer-component [data-act-on=look]").click()
        expect(page.locator("#outcome")).to_contain_text(tag)
    page.locator("#tab-observe").click()
    page.locator("#ask-form button").click()
    expect(page.locator("#log li").first).not_to_be_empty()
    for tab in page.locator("#view-tabs [role=tab]").all():
        tab.click()
        drawing = page.locator(f"#view-{tab.get_attribute('data-view')} .sheet-holder")
        if drawing.count():
            expect(drawing.locator("svg").first).to_be_visible()
    page.locator("#tab-plc").click()
    page.locator("#console").click()
    comments = page.locator("#plc-code .comment:lang(en)")
    for line in (load_machine(machine).io[0], load_machine(machine).alarms[0]):
        expect(comments.filter(has_text=line.text.en).first).to_be_visible()
    parser = Words()
    parser.feed(page.content())
    assert french(parser.found) == []
