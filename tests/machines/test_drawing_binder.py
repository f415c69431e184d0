"""The binder in a real browser, under the strict policy of the product: what a page does with the drawings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from etabli.machines import drawing, load_machine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; script-src 'self' 'nonce-n0'; style-src 'self'; img-src 'self' data:; object-src 'none'"
SITE = "http://drawings.test"
SCRIPT = """
import {{ Binder }} from "/binder.js";
const root = document.querySelector("main");
const binder = new Binder(root, {{ language: "fr", smooth: false }});
binder.setChannels({channels});
for (const svg of document.querySelectorAll("svg.drawing")) binder.add(svg);
document.querySelector("aside").append(binder.legend());
window.binder = binder;
window.events = [];
for (const name of ["probe", "lift", "select", "control", "goto"]) {{
  root.addEventListener(`etabli:${{name}}`, (event) => window.events.push([name, event.detail]));
}}
document.documentElement.dataset.ready = "1";
"""


class Sheet:
    """A page that shows some drawings, with the messages of its console."""

    def __init__(self, page: Page, channels: tuple[str, ...]) -> None:
        self.page = page
        self.channels = channels

    def frame(self, time: float = 0.0, **values: float) -> None:
        """Send a frame where ``KM1__armature=1`` stands for the channel KM1.armature; all others unknown."""
        wanted = {name.replace("__", "."): value for name, value in values.items()}
        assert set(wanted) <= set(self.channels)
        self.page.evaluate("([v, t]) => binder.apply(v, t)", [[wanted.get(c) for c in self.channels], time])
        self.settle()

    def settle(self) -> None:
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def events(self) -> list[Any]:
        found: list[Any] = self.page.evaluate("() => window.events.splice(0)")
        return found

    def box(self, selector: str) -> dict[str, float]:
        found = self.page.locator(selector).first.bounding_box()
        assert found is not None
        return dict(found)

    def centre(self, selector: str) -> tuple[float, float]:
        box = self.box(selector)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def show(chromium: Browser, checkout: Path) -> Iterator[Any]:
    """``show("03_securite", "cabinet", width=768, dark=True)`` gives a :class:`Sheet`; fails on any console error.

    A drawing of another machine is named with it: ``show("presse:mimic")``.
    """
    machines = {name: load_machine(name) for name in ("poste_tri", "presse")}
    channels = tuple(dict.fromkeys(c for machine in machines.values() for c in drawing.channels_used(machine)))
    static = checkout / "src/etabli/web/static/etabli"
    problems: list[str] = []
    contexts = []

    def make(name: str) -> str:
        known, _, name = name.rpartition(":")
        machine = machines[known or "poste_tri"]
        makers = {"cabinet": drawing.cabinet_svg, "panel": drawing.panel_svg, "mimic": drawing.mimic_svg}
        return makers[name](machine, "fr") if name in makers else drawing.folio_svg(machine, name, "fr")

    def open_sheet(*names: str, width: int = 1280, dark: bool = False) -> Sheet:
        script = SCRIPT.format(channels=json.dumps(channels))
        theme = "dark" if dark else "light"
        page_text = (
            f'<!doctype html><html lang="fr" data-theme="{theme}"><head><title>Dessins</title>'
            '<meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="/etabli.css"><link rel="stylesheet" href="/drawing.css"></head>'
            f"<body><main><h1>Dessins</h1>{''.join(make(n) for n in names)}</main><aside></aside>"
            f'<script type="module" nonce="n0">{script}</script></body></html>'
        )

        def serve(route: Route) -> None:
            name = route.request.url.removeprefix(f"{SITE}/")
            if name == "":
                route.fulfill(body=page_text, content_type="text/html", headers={"content-security-policy": POLICY})
            elif (static / name).is_file():
                kind = "text/css" if name.endswith(".css") else "text/javascript"
                route.fulfill(body=(static / name).read_text(encoding="utf-8"), content_type=kind)
            else:
                route.fulfill(status=204)

        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", bypass_csp=False
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: problems.append(str(e)))
        page.route("**/*", serve)
        page.goto(f"{SITE}/")
        page.locator("html[data-ready]").wait_for()
        return Sheet(page, channels)

    yield open_sheet
    for context in contexts:
        context.close()
    assert problems == []


def test_a_contact_and_a_lamp_follow_their_channels(show: Any) -> None:
    sheet = show("03_securite", "08_sorties_signalisation")
    blade = sheet.page.locator('[data-channel="KM1.armature"][data-turn]').first
    sheet.frame(KM1__armature=1.0, H2__R=1.0)
    assert blade.get_attribute("transform").startswith("rotate(")
    closed = blade.get_attribute("transform")
    lamp = sheet.page.locator('[data-channel="H2.R"]').first
    assert "is-on" in lamp.get_attribute("class")
    sheet.frame(KM1__armature=0.0, H2__R=0.0)
    assert blade.get_attribute("transform") != closed
    assert "is-on" not in lamp.get_attribute("class")


def test_oil_rises_in_the_tank_and_the_ram_carries_its_tool(show: Any) -> None:
    sheet = show("presse:mimic")
    oil, tool = '[data-channel="0Z1.level"][data-fill] rect', '[data-channel="PR1.ram"][data-dy] .pusher-plate'
    sheet.frame(**{"0Z1__level": 0.9, "PR1__ram": 0.0})
    full, up = sheet.box(oil), sheet.box(tool)
    sheet.frame(**{"0Z1__level": 0.45, "PR1__ram": 0.8})
    low, down = sheet.box(oil), sheet.box(tool)
    assert low["height"] == pytest.approx(0.5 * full["height"], rel=0.02)
    assert low["y"] + low["height"] == pytest.approx(full["y"] + full["height"], abs=1.0), "the bottom stays"
    assert down["y"] > up["y"] + 50


def test_a_hand_on_the_mimic_works_in_the_tool(show: Any) -> None:
    sheet = show("presse:mimic")
    sheet.page.locator('.control[data-component="PR1"][data-control="hand"]').press("Enter")
    assert ["control", {"component": "PR1", "control": "hand", "value": 1}] in sheet.events()


def test_what_is_unknown_stays_as_it_is(show: Any) -> None:
    """A frame for a learner holds null for everything that cannot be seen."""
    sheet = show("03_securite")
    sheet.frame(KM1__armature=1.0)
    blade = sheet.page.locator('[data-channel="KM1.armature"][data-turn]').first
    before = blade.get_attribute("transform")
    sheet.frame()
    assert blade.get_attribute("transform") == before


def test_a_lamp_that_is_not_seen_any_more_is_not_shown_lit(show: Any) -> None:
    """The door of the cabinet closes on a lit LED: going on to show it lit would tell what nobody sees."""
    sheet = show("08_sorties_signalisation")
    lamp = sheet.page.locator('[data-channel="H2.R"]').first
    sheet.frame(H2__R=1.0)
    assert "is-on" in lamp.get_attribute("class")
    sheet.frame()
    assert "is-on" not in lamp.get_attribute("class")
    sheet.frame(H2__R=1.0)
    assert "is-on" in lamp.get_attribute("class")


def test_parts_ride_on_the_belt_and_bins_count(show: Any) -> None:
    sheet = show("mimic")
    part = {"id": 7, "x": 0.5, "offset": 0.0, "kind": "tall_metal", "wedged": False}
    view = {"tag": "CV1", "parts": [part], "bins": {"ejector_1": {"good": 3, "bad": 1}}, "speed": 0.2}
    sheet.page.evaluate("(v) => binder.parts([v])", view)
    sheet.settle()
    piece = sheet.page.locator(".piece")
    assert piece.count() == 1
    assert "tall" in piece.get_attribute("class")
    assert piece.locator(".letter").text_content() == "M", "metal is told without colour"
    first = sheet.box(".piece")["x"]
    part["x"] = 0.9
    sheet.page.evaluate("(v) => binder.parts([v])", view)
    sheet.settle()
    assert sheet.box(".piece")["x"] > first + 50
    assert sheet.page.locator('[data-count="CV1.ejector_1.good"]').text_content() == "3"
    view["parts"] = []
    sheet.page.evaluate("(v) => binder.parts([v])", view)
    sheet.settle()
    assert piece.count() == 0


def test_a_click_on_a_terminal_asks_for_a_probe(show: Any) -> None:
    sheet = show("03_securite")
    sheet.page.mouse.click(*sheet.centre('.pin[data-component="KM1"][data-port="A1"] .dot'))
    assert sheet.events() == [
        ["probe", {"point": "KM1:A1", "component": "KM1", "port": "A1", "probe": None}],
    ]
    sheet.page.evaluate("() => binder.probes({ red: 'KM1:A1', black: 'KM1:A2' })")
    assert sheet.page.locator("main .probe.red circle").count() == 1
    assert sheet.page.locator("main .probe.black rect").count() == 1, "the black probe is square"


def test_a_probe_is_dragged_from_terminal_to_terminal_and_dropped_off(show: Any) -> None:
    sheet = show("03_securite")
    sheet.page.evaluate("() => binder.probes({ red: 'KM1:A1' })")
    grip = sheet.box("main .probe.red .grip")
    x, y = sheet.centre('.pin[data-component="KM1"][data-port="A2"] .dot')
    sheet.page.mouse.move(grip["x"] + grip["width"] * 0.8, grip["y"] + grip["height"] * 0.2)
    sheet.page.mouse.down()
    sheet.page.mouse.move(x - 40, y + 30, steps=4)
    sheet.page.mouse.move(x + 3, y + 2, steps=4)
    sheet.page.mouse.up()
    assert sheet.events() == [["probe", {"point": "KM1:A2", "component": "KM1", "port": "A2", "probe": "red"}]]
    grip = sheet.box("main .probe.red .grip")
    sheet.page.mouse.move(grip["x"] + grip["width"] * 0.8, grip["y"] + grip["height"] * 0.2)
    sheet.page.mouse.down()
    far_x, far_y = sheet.centre("h1")
    sheet.page.mouse.move(far_x, far_y, steps=4)
    sheet.page.mouse.up()
    assert sheet.events() == [["lift", {"probe": "red"}]]


def test_the_keyboard_alone_places_and_lifts_probes(show: Any) -> None:
    sheet = show("03_securite")
    sheet.page.keyboard.press("Tab")
    focused = "() => document.activeElement.getAttribute('aria-label')"
    first = sheet.page.evaluate(focused)
    sheet.page.keyboard.press("ArrowRight")
    second = sheet.page.evaluate(focused)
    assert "borne" in first
    assert second != first
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.press("n")
    sheet.page.keyboard.press("Escape")
    events = sheet.events()
    assert [e[0] for e in events] == ["probe", "probe", "lift"]
    assert [e[1]["probe"] for e in events] == [None, "black", None]
    assert sheet.page.locator('.pin[tabindex="0"]').count() == 1, "one terminal in the tab order"


def test_one_click_shows_a_component_in_every_view(show: Any) -> None:
    sheet = show("01_puissance", "cabinet", "mimic")
    sheet.page.locator('#folio-01_puissance text.tag[data-component="KM1"]').first.click(force=True)
    chosen = [e for e in sheet.events() if e[0] == "select"]
    assert chosen[0][1]["component"] == "KM1"
    assert chosen[0][1]["drawing"] == "folio-01_puissance"
    for view in ("#folio-01_puissance", "#drawing-cabinet", "#drawing-mimic"):
        assert sheet.page.locator(f"{view} .is-selected").count() >= 1, view
    sheet.page.evaluate("() => binder.highlight({ conductor: 'W112' })")
    assert sheet.page.locator("#folio-01_puissance .conductor.is-selected").count() == 1
    assert sheet.page.locator("#drawing-cabinet .conductor.is-selected").count() == 2, "both ends, at KM1 and X0"


def test_a_cross_reference_leads_to_its_folio(show: Any) -> None:
    sheet = show("01_puissance")
    sheet.page.locator('text[data-goto="03_securite"]').first.click(force=True)
    assert sheet.events() == [["goto", {"folio": "03_securite"}]]


def test_wires_take_the_state_that_is_known_and_no_other(show: Any) -> None:
    sheet = show("03_securite")
    sheet.page.evaluate("() => binder.conductors({ W303: 'live', W304: 'dead' })")
    live = sheet.page.locator('[data-conductor="W303"].conductor')
    dead = sheet.page.locator('[data-conductor="W304"].conductor')
    other = sheet.page.locator('[data-conductor="W305"].conductor')
    width = "(n) => getComputedStyle(n.querySelector('.line')).strokeWidth"
    dashes = "(n) => getComputedStyle(n.querySelector('.line')).strokeDasharray"
    assert live.evaluate(width) != other.evaluate(width), "not by colour alone"
    assert dead.evaluate(dashes) != other.evaluate(dashes)
    sheet.page.evaluate("() => binder.conductors({})")
    assert "known-" not in live.get_attribute("class")


def test_zoom_on_the_pointer_pan_and_fit(show: Any) -> None:
    sheet = show("03_securite")
    svg = sheet.page.locator("svg.folio")
    home = svg.get_attribute("viewBox")
    x, y = sheet.centre('.pin[data-component="KM1"][data-port="A1"] .dot')
    sheet.page.mouse.move(x, y)
    sheet.page.mouse.wheel(0, -600)
    sheet.settle()
    assert svg.get_attribute("viewBox") != home
    near_x, near_y = sheet.centre('.pin[data-component="KM1"][data-port="A1"] .dot')
    assert abs(near_x - x) < 3
    assert abs(near_y - y) < 3
    zoomed = svg.get_attribute("viewBox")
    sheet.page.mouse.move(x + 80, y - 60)
    sheet.page.mouse.down()
    sheet.page.mouse.move(x + 20, y - 20, steps=5)
    sheet.page.mouse.up()
    assert svg.get_attribute("viewBox") != zoomed
    assert sheet.events() == [], "a drag is not a click"
    sheet.page.evaluate("() => binder.zoom(document.querySelector('svg.folio'), 'fit')")
    assert svg.get_attribute("viewBox") == home


@pytest.mark.parametrize("name", ["01_puissance", "09_borniers", "10_pneumatique", "cabinet"])
def test_probe_targets_are_24_px_on_a_tablet(show: Any, name: str) -> None:
    sheet = show(name, width=768)
    sizes = sheet.page.locator(".pin .hit").evaluate_all("(all) => all.map((n) => n.getBoundingClientRect().width)")
    assert min(sizes) >= 23.9
    assert max(sizes) < 60


def test_buttons_selector_and_mushroom_by_hand(show: Any) -> None:
    sheet = show("panel")
    x, y = sheet.centre('[data-component="S1"].control')
    sheet.page.mouse.move(x, y)
    sheet.page.mouse.down()
    sheet.page.mouse.up()
    sheet.page.mouse.click(*sheet.centre('[data-component="S0"].control .plate-yellow'))
    assert sheet.events() == [
        ["control", {"component": "S1", "control": "pressed", "value": 1}],
        ["control", {"component": "S1", "control": "pressed", "value": 0}],
        ["control", {"component": "S0", "control": "pressed", "value": 1}],
    ]
    stop = sheet.page.locator('[data-component="S0"].control')
    assert stop.get_attribute("aria-checked") == "false", "the state comes from the machine, not from the hand"
    sheet.frame(S0__pressed=1.0, S4__position=0.5)
    assert stop.get_attribute("aria-checked") == "true"
    selector = sheet.page.locator('[data-component="S4"].control')
    assert selector.get_attribute("aria-valuetext") == "Automatique"
    selector.focus()
    sheet.page.keyboard.press("ArrowRight")
    sheet.page.locator('[data-component="S1"].control').focus()
    sheet.page.keyboard.down("Space")
    sheet.page.keyboard.up("Space")
    events = sheet.events()
    assert events[0] == ["control", {"component": "S4", "control": "position", "value": 2}]
    assert [e[1]["value"] for e in events[1:]] == [1, 0]


def test_a_drawing_that_comes_back_is_up_to_date_and_answers_once(show: Any) -> None:
    """Tabs take folios away and bring them back."""
    sheet = show("03_securite")
    sheet.page.evaluate("() => { window.svg = document.querySelector('svg.folio'); binder.remove(svg); svg.remove(); }")
    sheet.frame(KM1__armature=1.0)
    sheet.page.evaluate("() => { document.querySelector('main').append(svg); binder.add(svg); }")
    sheet.settle()
    blade = sheet.page.locator('[data-channel="KM1.armature"][data-turn]').first
    assert blade.get_attribute("transform").startswith("rotate(")
    sheet.page.mouse.click(*sheet.centre('.pin[data-component="KM1"][data-port="A1"] .dot'))
    assert len(sheet.events()) == 1


def test_the_legend_explains_every_line(show: Any) -> None:
    sheet = show("03_securite")
    assert sheet.page.locator("aside li").count() == 8
    assert sheet.page.locator("aside li", has_text="pointe noire").count() == 1


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(show: Any, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    sheet = show("03_securite", "10_pneumatique", "cabinet", "panel", "mimic", dark=dark)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(sheet.page, options={"runOnly": {"type": "tag", "values": tags}})
    violations = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert violations == []


def test_only_what_changed_is_written(show: Any) -> None:
    """What keeps 60 frames a second on every drawing of the machine: a frame touches its changes and nothing else."""
    sheet = show(*drawing.folio_ids(load_machine("poste_tri")), "cabinet", "panel", "mimic")
    touched = sheet.page.evaluate(
        """() => {
          const observer = new MutationObserver(() => {});
          const everything = { subtree: true, attributes: true, childList: true, characterData: true };
          observer.observe(document.querySelector("main"), everything);
          const frame = (values) => {
            binder.apply(values, 0);
            cancelAnimationFrame(binder.frame);
            binder.draw(performance.now());
            return [...new Set(observer.takeRecords().map((record) => record.target))];
          };
          const values = binder.channels.map(() => 0.3);
          frame(values);
          const all = frame(binder.channels.map(() => 0.8)).length;
          const same = frame(binder.channels.map(() => 0.8)).length;
          const one = binder.channels.map((name) => (name === "KM1.armature" ? 0.1 : 0.8));
          const named = (node) => node.getAttribute("data-channel") ?? node.getAttribute("data-state");
          const channels = frame(one).map(named);
          return { all, same, channels: [...new Set(channels)] };
        }"""
    )
    assert touched["all"] > 100
    assert touched["same"] == 0
    assert touched["channels"] == ["KM1.armature"]
