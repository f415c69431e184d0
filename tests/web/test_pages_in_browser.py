"""The platform's pages in a real Chromium: logging in by hand, colours, languages, accessibility."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from etabli.web.accounts.models import User

PASSWORD = "un-mot-de-passe"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.browser


def violations(page: Any) -> list[str]:
    results = Axe().run(page, options=RULES)
    return [f"{rule['id']}: {node['html']}" for rule in results.response["violations"] for node in rule["nodes"]]


def test_logging_in_with_the_keyboard_alone(browser_page: Any, learner: User) -> None:
    page = browser_page()
    page.goto("/")
    page.keyboard.type("ines")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Inès Martin")


def test_the_colours_change_at_once_and_stay(browser_page: Any, learner: User) -> None:
    page = browser_page(learner)
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Passer en couleurs sombres").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(ground) != light
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # Going back to what the system wants means following the system again.
    page.get_by_role("button", name="Passer en couleurs claires").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    assert page.evaluate(ground) == light


def test_the_language_changes(browser_page: Any, learner: User) -> None:
    page = browser_page(learner)
    page.goto("/")
    page.get_by_role("button", name="EN – English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(browser_page: Any, learner: User, dark: bool, browser_errors: list[str]) -> None:
    found = {}
    visitor, person = browser_page(dark=dark), browser_page(learner, dark=dark)
    visitor.goto("/comptes/connexion/")
    found["login"] = violations(visitor)
    person.goto("/")
    found["home"] = violations(person)
    person.goto("/nulle-part/")
    found["error"] = violations(person)
    browser_errors[:] = [error for error in browser_errors if "404" not in error]  # the page we asked for
    assert found == {"login": [], "home": [], "error": []}


def test_the_administrator_manages_accounts_under_the_strict_policy(browser_page: Any, db: None) -> None:
    page = browser_page(User.objects.create_superuser("admin", PASSWORD), locale="en-GB")
    page.goto("/")
    page.get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="Add account").or_(page.locator(".addlink").last).first.click()
    expect(page.locator("#content h1")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_nothing_overflows(browser_page: Any, learner: User, width: int) -> None:
    visitor, person = browser_page(width=width), browser_page(learner, width=width)
    visitor.goto("/comptes/connexion/")
    person.goto("/")
    for page in (visitor, person):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_the_bar_of_a_tablet_is_one_line(browser_page: Any, learner: User, locale: str) -> None:
    page = browser_page(learner, width=768, locale=locale)
    page.goto("/")
    tops = {round(part.bounding_box()["y"]) for part in page.locator(".bar .brand, .bar-links a").all()}
    assert page.locator(".bar").bounding_box()["height"] < 60
    assert len(tops) == 1


def test_targets_are_large_enough_for_a_finger(browser_page: Any, learner: User) -> None:
    page = browser_page(learner, width=768)
    page.goto("/")
    for target in page.locator("button:visible, nav a:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
