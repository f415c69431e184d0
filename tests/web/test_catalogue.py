"""The catalogue in the workshop: its list, its sheets, in two languages, with the keyboard and for screen readers."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from etabli.components.catalogue import catalogue
from etabli.web.accounts.models import User

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, learner: User) -> None:
    client.force_login(learner)
    home = client.get("/").content.decode()
    assert 'href="/catalogue/"' in home
    page = client.get("/catalogue/").content.decode()
    for family, component in catalogue().items():
        assert f'href="/catalogue/{family}/"' in page, component.text.fr


def test_it_is_for_those_who_are_signed_in(client: Client, db: None) -> None:
    for url in ("/catalogue/", "/catalogue/fuse/"):
        assert client.get(url).status_code == 302


def test_the_bill_of_materials_leads_to_it(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert 'href="/catalogue/contactor/"' in client.get("/machines/poste_tri/").content.decode()


def test_an_unknown_family_is_not_found(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get("/catalogue/no-such-family/").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("fr", "élément fusible"), ("en", "fuse element")])
def test_a_sheet_says_everything(client: Client, learner: User, language: str, words: str) -> None:
    client.force_login(learner)
    page = client.get("/catalogue/fuse/", headers={"accept-language": language}).content.decode()
    assert words in page.lower()
    assert "IEC 60269" in page
    assert "element.melting_i2t" in page  # what a failure changes, in numbers
    assert page.count('class="curve"') >= 1
    assert page.count('class="drawing symbol"') == 1
    assert "style=" not in page  # forbidden by the content security policy
    assert "<script" not in page.split("</head>")[1]


@pytest.mark.parametrize("family", ["plc", "wire", "terminal_strip", "hydraulic_tank", "conveyor"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_unusual_families_have_their_sheet(client: Client, learner: User, family: str, language: str) -> None:
    client.force_login(learner)
    response = client.get(f"/catalogue/{family}/", headers={"accept-language": language})
    assert response.status_code == 200
    assert catalogue()[family].text.get(language).lower() in response.content.decode().lower()


@pytest.mark.parametrize(
    ("query", "families"),
    [
        ("q=REGULATEUR+de+debit", {"flow_regulator"}),  # without accents, whatever the capitals
        ("q=relief+valve", {"relief_valve"}),  # the other language finds it too
        ("q=distributeur&technologie=hydraulic", {"valve_4_3", "valve_4_2", "proportional_valve"}),
        ("q=zzz", set()),
        ("technologie=nowhere", set()),
    ],
)
def test_the_form_filters_without_script(client: Client, learner: User, query: str, families: set[str]) -> None:
    client.force_login(learner)
    page = client.get(f"/catalogue/?{query}").content.decode()
    shown = {family for family in catalogue() if f'href="/catalogue/{family}/"' in page}
    assert families <= shown
    assert bool(shown) == bool(families)
    assert ('catalogue-none" hidden' in page) == bool(shown)
    assert all("pneumatic" not in catalogue()[f].build.__module__ for f in shown if "hydraulic" in query)


def test_what_is_typed_is_shown_as_text(client: Client, learner: User) -> None:
    client.force_login(learner)
    page = client.get("/catalogue/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.browser
def test_finding_a_part_with_the_keyboard_alone(browser_page: Any, learner: User) -> None:
    page = browser_page(learner)
    page.goto("/catalogue/")
    page.get_by_label("Chercher", exact=True).focus()
    page.keyboard.type("limiteur de pression")
    cards = page.locator(".catalogue-card:visible")
    expect(cards).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 famille")
    for _ in range(3):  # the technology, the button, the only card left
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Limiteur de pression")


@pytest.mark.browser
def test_the_technology_filters_at_once(browser_page: Any, learner: User) -> None:
    page = browser_page(learner)
    page.goto("/catalogue/")
    page.get_by_label("Technologie").select_option("thermal")
    expect(page.locator(".catalogue-group:visible")).to_have_count(1)
    page.get_by_label("Chercher", exact=True).fill("zzz")
    expect(page.get_by_text("Aucune famille ne correspond")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(browser_page: Any, learner: User, dark: bool) -> None:
    page = browser_page(learner, dark=dark, locale="en-GB" if dark else "fr-FR")
    found = {}
    for url in ("/catalogue/", "/catalogue/valve_4_3/"):
        page.goto(url)
        results = Axe().run(page, options=RULES)
        found[url] = [f"{r['id']}: {n['html']}" for r in results.response["violations"] for n in r["nodes"]]
    assert found == {"/catalogue/": [], "/catalogue/valve_4_3/": []}


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_nothing_overflows(browser_page: Any, learner: User, width: int) -> None:
    page = browser_page(learner, width=width)
    for url in ("/catalogue/", "/catalogue/valve_5_2_bistable/", "/catalogue/variable_frequency_drive/"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
