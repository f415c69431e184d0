"""The bench page in a real Chromium: a whole intervention with the mouse, one with the keyboard, its manners."""

from __future__ import annotations

import itertools
import re
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from etabli.web.accounts.models import User
from etabli.web.workshop import hosts
from etabli.web.workshop.models import Intervention, State
from web.workshop_world import act, give, written_by_another_engine

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
VIEWS = ("mimic", "electrical", "pneumatic", "cabinet", "panel", "plc", "chart", "documents")
DRAWERS = ("observe", "component", "measure", "lockout", "notebook", "conclude")


def violations(page: Page) -> list[str]:
    results = Axe().run(page, options=RULES)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in results.response["violations"] for node in rule["nodes"]]


def open_bench(page: Page, intervention: Intervention) -> None:
    page.goto(f"/interventions/{intervention.pk}/")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    page.locator("#run").click()
    expect(page.locator("#run")).to_have_attribute("aria-pressed", "true")


def told(page: Page, text: str) -> None:
    """What the last action gave."""
    expect(page.locator("#outcome")).to_contain_text(text)


def by_hand(page: Page, tag: str, control: str = "pressed") -> Locator:
    """A control on the drawing of the panel."""
    return page.locator(f'#view-panel svg [data-component="{tag}"][data-control="{control}"]')


def command(page: Page, name: str) -> Locator:
    """The same control among the plain buttons."""
    return page.locator(f'#panel-commands [data-control="{name}"]')


def seconds(page: Page) -> int:
    hours, minutes, rest = (int(part) for part in (page.locator("#clock").text_content() or "").split(":"))
    return 3600 * hours + 60 * minutes + rest


# --- the main job ----------------------------------------------------------------------------------------------------


def test_from_the_complaint_to_the_pdf_with_the_mouse(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner, width=1440, height=900)

    # Constater: the complaint, the machine itself, the operator.
    page.goto("/")
    page.get_by_role("link", name="Commencer").click()
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    expect(page.locator("#complaint")).to_contain_text(intervention.complaint_fr[:30])
    page.locator("#run").click()
    start_production(page)
    page.locator("#tab-observe").click()
    page.locator("#drawer-observe [data-act=look]").click()
    told(page, "M1")
    page.locator("#ask-form button").click()
    expect(page.locator("#log li").first).not_to_be_empty()

    # Hypothèse.
    page.locator(".five-steps [data-step=hypotheses]").click()
    page.locator("#note-hypothesis").fill("La bobine de KM1 est coupée")
    page.locator("#note-check").fill("Tension A1-A2, marche appuyée, puis résistance hors tension")
    page.locator("#note-expected").fill("24 V, environ 100 Ω")
    page.locator("#note-save").click()
    expect(page.locator("#notes")).to_contain_text("La bobine de KM1 est coupée")

    # Tester: probes on the folio, under voltage.
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    told(page, "armoire")
    page.locator("#tab-measure").click()
    page.locator("#dial").get_by_role("radio", name="V continu").check(force=True)
    page.locator("#tab-component").click()
    page.locator("#component").select_option("KM1")
    page.locator("#component-show").get_by_role("button", name=re.compile("rrêt d'urgence")).click()
    pin(page, "electrical", "KM1", "A1").click()
    pin(page, "electrical", "KM1", "A2").click()
    expect(page.locator("#display-red")).to_have_text("KM1:A1")
    expect(page.locator("#display-black")).to_have_text("KM1:A2")
    expect(page.locator("#display-value")).to_have_text(re.compile(r"^2[0-5],\d+$"), timeout=10_000)
    page.locator("#tab-measure").click()
    page.locator("#reading-to-notebook").click()
    expect(page.locator("#note-reading")).to_have_value(re.compile(r"2[0-5],\d+.V \(KM1:A1 / KM1:A2\)"))
    page.locator("#note-check").fill("Tension aux bornes de la bobine")
    page.locator("#note-conclusion").fill("La bobine est alimentée et le contacteur ne colle pas")
    page.locator("#note-save").click()
    expect(page.locator("#notes > li")).to_have_count(2)

    # Réparer, consigné.
    lock_out(page)
    page.locator("#tab-component").click()
    page.locator("#drawer-component [data-act-on=replace]").click()
    page.locator("#confirm-yes").click()
    told(page, "KM1")
    expect(page.locator("#outcome")).to_have_attribute("data-kind", "done")
    expect(page.locator("#cost")).not_to_have_text(re.compile("^0"))

    # Valider.
    give_back(page)
    page.locator("#tab-conclude").click()
    page.locator("#declare-tag").select_option("KM1")
    page.locator("#declare-mode").select_option("coil_open")
    page.locator("#evidence input").last.check()
    page.locator("#declare-form button").click()
    expect(page.locator("#declared")).to_contain_text("KM1")
    page.locator("#acceptance-parts").fill("1")
    page.locator("#acceptance-form button").click()
    start_production(page)
    expect(page.locator("#acceptance")).to_have_attribute("data-state", "passed", timeout=90_000)
    expect(page.locator(".five-steps [data-done=true]")).to_have_count(5)

    # Compte rendu.
    page.locator("#tab-conclude").click()
    page.get_by_role("link", name="Rédiger le compte rendu").click()
    expect(page.locator("main")).to_contain_text("Tension aux bornes de la bobine")
    page.get_by_label("Constat").fill("La bande ne démarre pas en automatique.")
    page.get_by_role("button", name="Rendre le compte rendu").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert download.value.suggested_filename.endswith(f"{intervention.number}.pdf")
    pages = PdfReader(BytesIO(download.value.path().read_bytes())).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert "La bande ne démarre pas" in text
    assert "KM1" in text
    intervention.refresh_from_db()
    assert intervention.state == State.REVIEW
    assert hosts.ask_bench("reveal", intervention.journal.stem)["faults"][0]["cured_s"] is not None


def pin(page: Page, view: str, tag: str, port: str) -> Locator:
    return page.locator(f'#view-{view} .pin[data-component="{tag}"][data-port="{port}"] .hit').first


def start_production(page: Page) -> None:
    """Automatic, reset, start: on the drawing of the panel."""
    page.locator("#tab-panel").click()
    mode = by_hand(page, "S4", "position")
    if mode.get_attribute("aria-valuenow") != "1":
        mode.focus()
        page.keyboard.press("ArrowRight")
    expect(command(page, "S4.position.1")).to_have_attribute("aria-pressed", "true")
    for button in ("S3", "S1"):
        by_hand(page, button).click(delay=400)
        page.wait_for_timeout(500)


def lock_out(page: Page) -> None:
    page.locator("#probes-lift").evaluate("node => node.click()")
    page.locator("#tab-lockout").click()
    page.locator("#epi input[value=gloves]").check()
    page.locator("#epi input[value=face_shield]").check()
    page.locator('[data-energy="Q1.switch"]').click()
    expect(page.locator("#energies")).to_contain_text("coupé")
    page.locator('[data-energy="Q1.padlock"]').click()
    expect(page.locator("#energies")).to_contain_text("cadenassé")
    page.locator("#go-vat").click()
    page.locator("#vat-form [data-act=vat_test]").click()
    page.locator("#vat-first").select_option("Q1:2")
    page.locator("#vat-second").select_option("Q1:4")
    page.locator("#vat-form").get_by_role("button", name="Vérifier").click()
    told(page, "Aucun voyant")


def give_back(page: Page) -> None:
    page.locator("#tab-lockout").click()
    page.locator("#cabinet-door").click()
    page.locator('[data-energy="Q1.padlock"]').click()
    page.locator('[data-energy="Q1.switch"]').click()
    expect(page.locator("#energies li").first).to_contain_text("en service")
    page.wait_for_timeout(1000)


# --- the keyboard alone ------------------------------------------------------------------------------------------


class Keyboard:
    """Fingers on a keyboard: moves with Tab as a person does, never with the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str, most: int = 260) -> None:
        """Tab until the focus is on ``selector``."""
        for _ in range(most):
            if self.page.evaluate("(wanted) => Boolean(document.activeElement?.matches(wanted))", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the keyboard")

    def press(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        self.page.keyboard.press(key)

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, selector: str, starts: str) -> None:
        """Type the first letters of a choice, as in any list."""
        self.reach(selector)
        self.page.keyboard.type(starts)
        self.page.keyboard.press("Tab")

    def tab(self, first: str, wanted: str) -> None:
        """Go to a tab of a list of tabs, then along it with the arrows."""
        self.reach(f"{first} [role=tab]")
        for _ in range(10):
            if self.page.evaluate("(wanted) => document.activeElement?.id === wanted", wanted):
                return
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"no tab {wanted}")


def test_from_the_complaint_to_the_pdf_with_the_keyboard_alone(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner, width=1280, height=800)
    keys = Keyboard(page)
    page.goto("/")
    keys.press("a.button.primary")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    keys.press("#run")
    expect(page.locator("#run")).to_have_attribute("aria-pressed", "true")

    keys.press("#drawer-observe [data-act=look]")
    told(page, "M1")
    keys.tab("#drawer-tabs", "tab-notebook")
    keys.write("#note-hypothesis", "Bobine de KM1 coupée")
    keys.press("#note-hypothesis")
    expect(page.locator("#notes")).to_contain_text("Bobine de KM1 coupée")

    keys.tab("#view-tabs", "tab-panel")
    keys.press('#panel-commands [data-control="S4.position.1"]')
    keys.press('#panel-commands [data-control="S3.pressed.push"]')
    page.wait_for_timeout(800)
    keys.press('#panel-commands [data-control="S1.pressed.push"]')
    told(page, "S1")

    keys.tab("#drawer-tabs", "tab-lockout")
    keys.press("#cabinet-door")
    told(page, "armoire")
    keys.tab("#drawer-tabs", "tab-measure")
    keys.press("#dial input", "ArrowRight")
    expect(page.locator("#display-mode")).to_have_text("V continu")
    keys.choose("#probe-red", "KM1:A1")
    expect(page.locator("#display-red")).to_have_text("KM1:A1")
    keys.choose("#probe-black", "KM1:A2")
    expect(page.locator("#display-value")).to_have_text(re.compile(r"^2[0-5],\d+$"), timeout=10_000)
    keys.press("#reading-to-notebook")
    expect(page.locator("#note-reading")).to_be_focused()
    keys.write("#note-conclusion", "Tension présente, contacteur au repos")
    keys.press("#note-save")
    expect(page.locator("#notes > li")).to_have_count(2)

    # A probe with the keyboard on the drawing itself: arrows move along the terminals, Escape lifts.
    keys.tab("#view-tabs", "tab-electrical")
    keys.reach("#view-electrical .pin")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("r")
    expect(page.locator("#display-red")).not_to_have_text("KM1:A1")
    page.keyboard.press("Escape")
    expect(page.locator("#display-red")).to_have_text("levée")

    keys.tab("#drawer-tabs", "tab-lockout")
    keys.press("#epi input[value=gloves]", "Space")
    keys.press("#epi input[value=face_shield]", "Space")
    keys.press('[data-energy="Q1.switch"]')
    expect(page.locator("#energies")).to_contain_text("coupé")
    keys.press('[data-energy="Q1.padlock"]')
    expect(page.locator("#energies")).to_contain_text("cadenassé")
    keys.tab("#drawer-tabs", "tab-component")
    keys.choose("#component", "KM1 ")
    expect(page.locator("#component-text")).to_contain_text("KM1")
    keys.press("#drawer-component [data-act-on=replace]")
    keys.press("#confirm-yes")
    told(page, "KM1")
    expect(page.locator("#outcome")).to_have_attribute("data-kind", "done")

    keys.tab("#drawer-tabs", "tab-lockout")
    keys.press('[data-energy="Q1.padlock"]')
    expect(page.locator("#energies")).not_to_contain_text("cadenassé")
    keys.press("#cabinet-door")
    keys.press('[data-energy="Q1.switch"]')
    expect(page.locator("#energies li").first).to_contain_text("en service")
    keys.tab("#drawer-tabs", "tab-conclude")
    keys.choose("#declare-tag", "KM1 ")
    expect(page.locator("#declare-mode option").first).to_be_attached()
    page.locator("#declare-mode").focus()
    keys.press("#evidence input", "Space")
    keys.press("#declare-form button")
    expect(page.locator("#declared")).to_contain_text("KM1")
    keys.write("#acceptance-parts", "1")
    keys.press("#acceptance-form button")
    keys.tab("#view-tabs", "tab-panel")
    keys.press('#panel-commands [data-control="S3.pressed.push"]')
    page.wait_for_timeout(800)
    keys.press('#panel-commands [data-control="S1.pressed.push"]')
    expect(page.locator("#acceptance")).to_have_attribute("data-state", "passed", timeout=90_000)
    keys.reach("#drawer-conclude a.button")
    page.keyboard.press("Enter")
    expect(page.locator("#id_observation")).to_be_attached()
    keys.write("#id_observation", "La bande ne démarre pas.")
    keys.press("form.form button")
    expect(page.locator(".notice.success")).to_contain_text("rendu")
    keys.reach("a.button.primary")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert len(PdfReader(BytesIO(download.value.path().read_bytes())).pages) == 1
    intervention.refresh_from_db()
    assert intervention.state == State.REVIEW


# --- manners ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility_of_every_view(browser_page: Any, learner: User, teacher: User, dark: bool) -> None:
    intervention = give(teacher, learner)
    act(intervention, "open_cabinet")
    act(intervention, "console", connected=True)
    act(intervention, "note", hypothesis="h", check="c", expected="e", reading="r", conclusion="k")
    page: Page = browser_page(learner, dark=dark)
    open_bench(page, intervention)
    found: dict[str, list[str]] = {}
    for view, drawer in zip(VIEWS, [*DRAWERS, *DRAWERS], strict=False):
        page.locator(f"#tab-{view}").click()
        page.locator(f"#tab-{drawer}").click()
        if drawer == "component":
            page.locator("#component").select_option("KM1")
        if view == "documents":
            page.locator(".document-list button").first.click()
        if view == "chart":
            page.locator("#chart-channels input").first.check()
        page.wait_for_timeout(600)
        found[f"{view}/{drawer}"] = violations(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility_of_the_other_pages(browser_page: Any, learner: User, teacher: User, dark: bool) -> None:
    intervention = give(teacher, learner)
    found: dict[str, list[str]] = {}
    for user, paths in (
        (
            learner,
            [
                "/",
                "carnet/",
                "compte-rendu/",
                "/machines/",
                "/machines/poste_tri/",
                "/machines/poste_tri/documents/notice/",
            ],
        ),
        (teacher, ["/", "suivi/", "/enseignant/donner/?machine=poste_tri"]),
    ):
        page: Page = browser_page(user, dark=dark)
        for path in paths:
            page.goto(path if path.startswith("/") else f"/interventions/{intervention.pk}/{path}")
            found[path] = violations(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_a_lost_link_comes_back_by_itself(
    browser_page: Any, learner: User, teacher: User, browser_errors: list[str]
) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    routes: list[Any] = []

    def through(route: Any) -> None:
        route.connect_to_server()
        routes.append(route)

    page.route_web_socket(re.compile("/lien/"), through)
    open_bench(page, intervention)
    page.locator("#tab-notebook").click()
    page.locator("#note-hypothesis").fill("Brouillon à ne pas perdre")
    routes[0].close(code=1012, reason="lost")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "waiting")
    expect(page.locator("#link-state")).to_contain_text("liaison perdue")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online", timeout=10_000)
    assert len(routes) == 2
    expect(page.locator("#note-hypothesis")).to_have_value("Brouillon à ne pas perdre")
    before = seconds(page)
    page.wait_for_timeout(1500)
    assert seconds(page) > before


def test_a_refused_link_is_not_tried_again(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    routes: list[Any] = []
    page.route_web_socket(re.compile("/lien/"), lambda route: (routes.append(route), route.close(code=4401))[0])
    page.goto(f"/interventions/{intervention.pk}/")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "refused")
    expect(page.locator("#news")).to_contain_text("plus connecté")
    page.wait_for_timeout(2500)
    assert len(routes) == 1


def test_two_tabs_say_so(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    first: Page = browser_page(learner)
    second: Page = browser_page(learner)
    open_bench(first, intervention)
    expect(first.locator("#pages-open")).to_be_hidden()
    open_bench(second, intervention)
    for page in (first, second):
        expect(page.locator("#pages-open")).to_contain_text("2 pages ouvertes")
    first.locator("#tab-lockout").click()
    first.locator("#cabinet-door").click()
    second.locator("#tab-lockout").click()
    expect(second.locator("#cabinet-state")).to_have_text("L’armoire est ouverte.")


def test_at_768_pixels_there_is_one_column_and_nothing_overflows(
    browser_page: Any, learner: User, teacher: User
) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner, width=768, height=1024)
    open_bench(page, intervention)
    for view in VIEWS:
        page.locator(f"#tab-{view}").click()
        page.wait_for_timeout(250)
        assert page.evaluate("document.documentElement.scrollWidth") <= 768, view
    views, drawer = page.locator(".views").bounding_box(), page.locator(".drawer").bounding_box()
    assert views is not None
    assert drawer is not None
    assert drawer["y"] >= views["y"] + views["height"]


@pytest.mark.parametrize("width", [1280, 768])
def test_targets_are_44_pixels(browser_page: Any, learner: User, teacher: User, width: int) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner, width=width)
    open_bench(page, intervention)
    small = []
    for tab in (*VIEWS, *DRAWERS):
        page.locator(f"#tab-{tab}").click()
        for target in page.locator(".bench button:visible, .bench select:visible, .bench [role=tab]:visible").all():
            box = target.bounding_box()
            if box is not None and box["height"] < 43.5:
                small.append((tab, target.evaluate("node => node.outerHTML.slice(0, 120)"), box["height"]))
    assert small == []


def test_the_page_speaks_at_most_once_in_a_second_and_a_half(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    page.evaluate(
        """() => {
          window.spoken = [];
          new MutationObserver(() => window.spoken.push(performance.now()))
            .observe(document.getElementById("say"), { childList: true });
        }"""
    )
    for _ in range(6):
        page.locator("#drawer-observe [data-act=look]").click()
        page.wait_for_timeout(250)
    page.wait_for_timeout(2500)
    times = page.evaluate("window.spoken")
    assert len(times) >= 2
    assert all(later - sooner >= 1490 for sooner, later in itertools.pairwise(times))


def test_reduced_motion_is_respected(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner, reduced_motion="reduce")
    open_bench(page, intervention)
    page.locator("#tab-measure").click()
    duration = page.locator(".dial-knob").evaluate("node => getComputedStyle(node).transitionDuration")
    assert float(duration.rstrip("s")) < 0.01


def test_the_same_component_is_shown_in_every_view(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    for view in ("electrical", "cabinet", "mimic"):
        page.locator(f"#tab-{view}").click()
        expect(page.locator(f"#view-{view} .sheet-holder svg.drawing")).to_be_visible()
    page.locator("#tab-electrical").click()
    page.locator("#view-electrical text.tag", has_text="KM1").first.click()
    expect(page.locator("#component-text")).to_contain_text("KM1")
    for view in ("electrical", "cabinet"):
        expect(page.locator(f"#view-{view} .is-selected").first).to_be_attached()


def test_the_program_lives_while_the_console_is_connected(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    act(intervention, "open_cabinet")
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    page.locator("#tab-plc").click()
    expect(page.locator("#plc")).to_be_hidden()
    page.locator("#console").click()
    expect(page.locator("#plc-code")).to_contain_text("PROGRAM poste_tri")
    expect(page.locator("#plc-rows tr", has_text="S2_arret").locator(".live-cell")).to_have_text("1")
    page.locator("#console").click()
    expect(page.locator("#plc")).to_be_hidden()


def test_the_chronogram_draws_and_gives_its_table(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    page.locator("#tab-chart").click()
    page.locator("#chart-channels input").nth(3).check()
    expect(page.locator("#chart canvas")).to_be_visible()
    page.locator("#chart-table-button").click()
    expect(page.locator("#chart-rows tr").nth(2)).to_be_visible(timeout=10_000)
    page.locator("#chart-pause").click()
    frozen = page.locator("#chart-rows").text_content()
    page.wait_for_timeout(1200)
    assert page.locator("#chart-rows").text_content() == frozen


def test_a_refusal_says_what_to_do(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    page.locator("#tab-plc").click()
    page.locator("#console").click()  # the PLC is in the cabinet, which is closed
    expect(page.locator("#outcome")).to_have_attribute("data-kind", "refused")
    told(page, "armoire")
    expect(page.locator("#outcome-mend")).not_to_be_empty()
    page.locator("#tab-cabinet").click()  # until then its drawing is a plan only
    expect(page.locator("#view-cabinet")).to_have_class(re.compile("behind-door"))
    page.locator("#view-cabinet .door-button").click()
    expect(page.locator("#view-cabinet")).not_to_have_class(re.compile("behind-door"))


def test_a_refusal_leaves_once_the_gesture_goes_well(browser_page: Any, learner: User, teacher: User) -> None:
    page: Page = browser_page(learner)
    open_bench(page, give(teacher, learner))
    page.locator("#tab-measure").click()
    page.locator("#probe-red").select_option("KM1:A1")
    told(page, "armoire")
    page.locator("#probe-red").select_option("B1:BN")
    expect(page.locator("#outcome")).to_be_hidden()


@pytest.mark.parametrize("machine", ["presse", "monte_charge"])
def test_every_view_of_every_machine_opens(browser_page: Any, learner: User, teacher: User, machine: str) -> None:
    intervention = give(teacher, learner, fault=None, machine=machine)
    page: Page = browser_page(learner, width=1280, height=800)
    open_bench(page, intervention)
    fluids = page.locator("#tab-pneumatic").count() == 1
    assert fluids is (machine != "monte_charge")
    for view in VIEWS if fluids else [v for v in VIEWS if v != "pneumatic"]:
        page.locator(f"#tab-{view}").click()
        expect(page.locator(f"#view-{view}")).to_be_visible()
        if view in {"mimic", "electrical", "pneumatic", "cabinet", "panel"}:
            expect(page.locator(f"#view-{view} svg:not(.sample)").first).to_be_visible()
    # What makes no sense on a machine without fluid is not proposed.
    page.locator("#tab-measure").click()
    expect(page.locator("input[name=instrument][value=multimeter]")).to_be_visible()
    assert page.locator("input[name=instrument][value=gauge]").is_visible() is fluids
    assert page.locator("input[name=instrument][value=flowmeter]").is_visible() is fluids
    for instrument in ("thermometer", "vibrometer"):
        expect(page.locator(f"input[name=instrument][value={instrument}]")).to_be_visible()
    page.locator("#tab-lockout").click()
    expect(page.locator("#energies li").first).to_be_visible()
    assert page.locator("#purge").is_visible() is fluids
    page.locator("#props input").first.press("Space")  # a load hangs on both machines
    told(page, "Cale posée")
    expect(page.locator("#props input").first).to_be_checked()
    assert violations(page) == []


def test_the_state_of_a_machine_is_measured_with_the_keyboard(browser_page: Any, learner: User, teacher: User) -> None:
    """Infrared on the motor, a sensor on it, its spectrum; a hose opened under pressure is an accident."""
    intervention = give(teacher, learner, fault=None)
    page: Page = browser_page(learner)
    open_bench(page, intervention)
    page.locator("#tab-measure").press("Enter")
    for instrument, field, place in (
        ("thermometer", "#thermometer-point", "M1/frame"),
        ("vibrometer", "#vibrometer-point", "M1/frame"),
    ):
        page.locator(f"input[name=instrument][value={instrument}]").press("Space")
        page.locator(field).focus()
        page.locator(field).select_option(place)
        expect(page.locator(field)).to_have_value(place)
        expect(page.locator("#display-mode")).to_have_text("M1 · carcasse")  # the display is the instrument's in hand
        expect(page.locator(".display-points")).to_be_hidden()
    expect(page.locator("#display-unit")).to_have_text("mm/s")
    expect(page.locator("#readings li", has_text="Thermomètre")).to_contain_text("°C")
    expect(page.locator("#readings li", has_text="Vibromètre")).to_contain_text("mm/s")
    page.locator("[data-act=spectrum]").press("Enter")
    told(page, "M1 · carcasse")
    page.locator("input[name=instrument][value=flowmeter]").press("Space")
    page.locator("#flowmeter-tube").select_option("T02")
    told(page, "Accident")
    expect(page.locator("#flowmeter-tube")).to_have_value("")
    expect(page.locator("#readings li", has_text="Débitmètre")).to_have_count(0)
    assert violations(page) == []


def test_an_update_offers_to_start_again_on_the_same_fault(browser_page: Any, learner: User, teacher: User) -> None:
    intervention = give(teacher, learner)
    written_by_another_engine(intervention)
    page: Page = browser_page(learner)
    page.goto(f"/interventions/{intervention.pk}/")
    expect(page.locator("#start-again")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("mis à jour depuis")
    expect(page.locator("#news")).not_to_contain_text(".jsonl")
    assert violations(page) == []
    page.get_by_role("button", name="Recommencer sur la même panne").click()
    expect(page.locator("#link-state")).to_have_attribute("data-state", "online")
    expect(page.locator("#start-again")).to_be_hidden()
