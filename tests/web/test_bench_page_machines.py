"""The press and the goods lift in a real Chromium: the same journey, with no line of page written for them."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from etabli.bench.plant import as_plant
from etabli.web.accounts.models import User
from etabli.web.workshop import hosts
from etabli.web.workshop.models import State
from web.workshop_world import give

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("ETABLI_SHOTS")
"""Folder for screenshots of each station of the journey, for a person to look at."""


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"))


def told(page: Page, text: str) -> None:
    expect(page.locator("#outcome")).to_contain_text(text)


def operate(page: Page, tag: str, control: str, value: float) -> None:
    """A gesture of the operator of this machine, on the drawing of the panel."""
    page.locator("#tab-panel").click()
    drawn = page.locator(f'#view-panel svg [data-component="{tag}"][data-control="{control}"]')
    if control == "pressed":
        if value:
            drawn.click(delay=400)
        return
    while float(drawn.get_attribute("aria-valuenow") or 0) < value:
        drawn.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)


def start(page: Page, machine: str) -> None:
    """What the operating instructions say: the gestures of machine.yaml."""
    before = 0.0
    for at_s, tag, control, value in as_plant(machine).machine.operator.starts:
        page.wait_for_timeout(1000 * max(at_s - before, 0.3))
        before = at_s
        operate(page, tag, control, value)


def lock_out(page: Page, machine: str) -> None:
    """Every energy of the machine, in the drawer that lists them."""
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    told(page, "armoire")
    page.locator("#epi input[value=gloves]").check()
    page.locator("#epi input[value=face_shield]").check()
    for tag in as_plant(machine).isolators:
        page.locator(f'[data-energy="{tag}.switch"]').click()
        expect(page.locator("#energies")).to_contain_text("coupé")
        page.locator(f'[data-energy="{tag}.padlock"]').click()
        expect(page.locator("#energies")).to_contain_text("cadenassé")
    page.locator("#go-vat").click()
    page.locator("#vat-form [data-act=vat_test]").click()
    page.locator("#vat-first").select_option("Q1:2")
    page.locator("#vat-second").select_option("Q1:4")
    page.locator("#vat-form").get_by_role("button", name="Vérifier").click()
    told(page, "Aucun voyant")
    page.locator("#tab-lockout").click()


def give_back(page: Page, machine: str) -> None:
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    for tag in as_plant(machine).isolators:
        page.locator(f'[data-energy="{tag}.padlock"]').click()
        page.locator(f'[data-energy="{tag}.switch"]').click()
    expect(page.locator("#energies li").first).to_contain_text("en service")


@pytest.mark.parametrize(("machine", "counted"), [("presse", "pièces bonnes"), ("monte_charge", "trajets réussis")])
def test_from_the_complaint_to_the_pdf(
    browser_page: Any, learner: User, teacher: User, machine: str, counted: str
) -> None:
    intervention = give(teacher, learner, "KM1.coil_open", machine)
    page: Page = browser_page(learner, width=1280, height=900)
    page.goto("/")
    page.get_by_role("link", name="Commencer").click()
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    expect(page.locator("#complaint")).to_contain_text(intervention.complaint_fr[:30])
    page.locator("#run").click()
    shot(page, f"{machine}-1-begun")

    page.locator("#tab-notebook").click()
    page.locator("#note-check").fill("Tension aux bornes de la bobine KM1")
    page.locator("#note-conclusion").fill("La bobine est alimentée et le contacteur ne colle pas")
    page.locator("#note-save").click()
    expect(page.locator("#notes > li")).to_have_count(1)

    lock_out(page, machine)
    shot(page, f"{machine}-2-locked-out")
    page.locator("#tab-component").click()
    page.locator("#component").select_option("KM1")
    page.locator("#drawer-component [data-act-on=replace]").click()
    page.locator("#confirm-yes").click()
    told(page, "KM1")
    expect(page.locator("#outcome")).to_have_attribute("data-kind", "done")
    shot(page, f"{machine}-3-repaired")

    give_back(page, machine)
    page.locator("#tab-conclude").click()
    page.locator("#declare-tag").select_option("KM1")
    page.locator("#declare-mode").select_option("coil_open")
    page.locator("#evidence input").last.check()
    page.locator("#declare-form button").click()
    expect(page.locator("#declared")).to_contain_text("KM1")
    expect(page.locator("label[for=acceptance-parts]")).to_contain_text(counted)
    page.locator("#acceptance-parts").fill("1")
    page.locator("#acceptance-form button").click()
    start(page, machine)
    page.locator("#tab-conclude").click()
    shot(page, f"{machine}-4-trial")
    expect(page.locator("#acceptance")).to_have_attribute("data-state", "passed", timeout=120_000)
    expect(page.locator("#acceptance-text")).to_contain_text(counted)
    page.locator("#tab-mimic").click()
    expect(page.locator("#counters")).to_contain_text(counted)
    shot(page, f"{machine}-5-passed")

    page.locator("#tab-conclude").click()
    page.get_by_role("link", name="Rédiger le compte rendu").click()
    page.get_by_label("Constat").fill("La machine ne démarre pas.")
    shot(page, f"{machine}-6-report")
    page.get_by_role("button", name="Rendre le compte rendu").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    if SHOTS:
        download.value.save_as(Path(SHOTS, f"{machine}-7-report.pdf"))
    pages = PdfReader(BytesIO(download.value.path().read_bytes())).pages
    assert len(pages) == 1
    text = re.sub(r"\s+", " ", pages[0].extract_text())
    for written in ("La machine ne démarre pas.", "KM1", f"{counted} : 1 (il en fallait 1)"):
        assert written in text
    intervention.refresh_from_db()
    assert intervention.state == State.REVIEW
    assert hosts.ask_bench("reveal", intervention.journal.stem)["faults"][0]["cured_s"] is not None
