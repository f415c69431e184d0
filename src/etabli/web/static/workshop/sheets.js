// Drawings in the tabs: loaded when first shown, brought to life by the binder, tied to the selection, probes and hands.

import { Binder } from "etabli/binder.js";

import { byId, find, make, write } from "./core.js";
import { clickPoint, placeProbe } from "./measure.js";

/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {import("./tabs.js").Tabs} Tabs */

const STUDY_PERIOD_MS = 200;
/** Drawings whose parts glide from one frame to the next: rods, spools, parts on the belt. */
const GLIDES = new Set(["mimic", "pneumatic"]);
/** Width over height from which a panel of buttons takes the whole width of its view. */
const WIDE = 1.6;
/** Above these a conductor is called live: V DC, V AC, bar absolute. @type {Record<string, number>} */
const LIVE = { dc: 5, ac: 25, pneumatic: 1.6 };

/** @param {Bench} bench @param {Tabs} views */
export function startSheets(bench, views) {
  // The whole body of the page, so that probes can be dragged from the display in the drawer.
  const root = find(document, ".bench-body", HTMLElement);
  const binder = new Binder(root, { language: bench.language });
  const holders = [...document.querySelectorAll(".sheet-holder")].map(
    (holder) => new Holder(bench, binder, /** @type {HTMLElement} */ (holder)),
  );
  for (const body of document.querySelectorAll(".legend-body[data-lines]")) body.append(binder.legend());
  const show = (/** @type {string} */ view) => {
    for (const holder of holders) if (holder.kind === view) holder.load();
  };
  views.addEventListener("show", (event) => show(/** @type {CustomEvent} */ (event).detail));
  views.addEventListener("beside", (event) => show(/** @type {CustomEvent} */ (event).detail));
  show(views.current.dataset.view ?? "");
  feed(bench, binder);
  hands(bench, binder, root);
  follow(bench, binder, views, holders);
  counters(bench);
}

/** One tab with a drawing, or with a list of them. */
class Holder {
  /** @param {Bench} bench @param {Binder} binder @param {HTMLElement} element */
  constructor(bench, binder, element) {
    this.bench = bench;
    this.binder = binder;
    this.element = element;
    this.kind = element.dataset.kind ?? "";
    this.url = element.dataset.url ?? "";
    /** @type {SVGSVGElement | null} */
    this.svg = null;
    this.loaded = "";
    /** @type {Map<string, SVGSVGElement>} */
    this.known = new Map();
    const view = /** @type {HTMLElement} */ (element.closest(".view"));
    this.choice = /** @type {HTMLSelectElement | null} */ (view.querySelector(".sheet-choice"));
    this.choice?.addEventListener("change", () => this.go(this.choice?.value ?? ""));
    for (const button of view.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        const how = /** @type {"in" | "out" | "fit"} */ (/** @type {HTMLElement} */ (button).dataset.zoom);
        if (this.svg) this.binder.zoom(this.svg, how);
      });
    }
  }

  /** @param {string} url */
  async go(url) {
    this.url = url;
    if (this.choice) this.choice.value = url;
    await this.load();
  }

  /** Addresses of the drawings of this tab. */
  get urls() {
    return this.choice ? [...this.choice.options].map((option) => option.value) : [this.element.dataset.url ?? ""];
  }

  async load() {
    const url = this.url;
    if (this.loaded === url) return;
    this.loaded = url;
    try {
      const svg = this.known.get(url) ?? (await this.fetched(url));
      if (this.loaded !== url) return; // another folio was chosen meanwhile
      if (this.svg) this.binder.remove(this.svg);
      this.svg = svg;
      this.element.replaceChildren(svg);
      this.binder.add(svg);
      if (!GLIDES.has(this.kind)) this.snap(svg);
    } catch {
      this.loaded = "";
      this.element.replaceChildren(make("p", this.bench.t("drawing_failed"), "notice error"));
    }
  }

  /** Contacts, levers and armatures snap, so their drawings need no image between two frames. @param {SVGSVGElement} svg */
  snap(svg) {
    const drawing = this.binder.drawings.find((each) => each.svg === svg);
    for (const setter of drawing?.setters ?? []) setter.smooth = false;
  }

  /** @param {string} url */
  async fetched(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(parsed.documentElement, true)));
    const { width, height } = svg.viewBox.baseVal;
    svg.style.setProperty("--ratio", String(width / height));
    this.element.style.setProperty("--ratio", String(width / height));
    this.element.closest(".panel-split")?.classList.toggle("wide", width / height > WIDE);
    this.known.set(url, svg);
    return svg;
  }
}

/** Frames to the drawings. @param {Bench} bench @param {Binder} binder */
function feed(bench, binder) {
  bench.addEventListener("layout", () => binder.setChannels(bench.layout?.channels ?? []));
  bench.painters.push((frame) => {
    binder.apply(frame.v, frame.t);
    binder.parts(Object.entries(frame.p).map(([tag, view]) => ({ tag, ...view })));
  });
  bench.addEventListener("state", () => {
    const meter = bench.state.instruments?.multimeter;
    if (meter) binder.probes({ red: meter.red, black: meter.black });
  });
  if (bench.data.study) study(bench, binder);
}

/** The healthy machine shows which conductors are live. @param {Bench} bench @param {Binder} binder */
function study(bench, binder) {
  /** @type {{tag: string, place: number, limit: number}[]} */
  let places = [];
  let last = 0;
  bench.addEventListener("layout", () => {
    const nodes = new Map((bench.layout?.nodes ?? []).map((/** @type {any} */ node, /** @type {number} */ at) => [node.id, { at, node }]));
    places = [];
    for (const conductor of bench.conductors.values()) {
      const found = nodes.get(conductor.a);
      if (found) places.push({ tag: conductor.tag, place: found.at, limit: LIVE[found.node.domain] ?? 1 });
    }
  });
  bench.painters.push((frame) => {
    const now = performance.now();
    if (!frame.e || now - last < STUDY_PERIOD_MS) return;
    last = now;
    /** @type {Record<string, "live" | "dead">} */
    const states = {};
    for (const { tag, place, limit } of places) states[tag] = Math.abs(frame.e[place]) > limit ? "live" : "dead";
    binder.conductors(states);
  });
}

/** What hands do on the drawings. @param {Bench} bench @param {Binder} binder @param {HTMLElement} root */
function hands(bench, binder, root) {
  /** @param {string} name @param {(detail: any) => void} act */
  const on = (name, act) => root.addEventListener(`etabli:${name}`, (event) => act(/** @type {CustomEvent} */ (event).detail));
  on("probe", ({ point, probe }) => (probe ? placeProbe(bench, probe, point) : clickPoint(bench, point)));
  on("lift", ({ probe }) => bench.act("probe", probe ? { [probe]: null } : { red: null, black: null }, { quiet: true }));
  on("control", ({ component, control, value }) => bench.act("operate", { tag: component, control, value }, { quiet: true }));
  on("select", ({ component, conductor, place }) => {
    if (conductor && clampInHand()) {
      bench.act("clamp", { wire: conductor });
      return;
    }
    if (!component && !conductor) {
      const view = place === "cabinet_door" ? "cabinet" : place;
      if (view === "cabinet" || view === "panel") bench.dispatchEvent(new CustomEvent("view", { detail: view }));
      return;
    }
    bench.select(conductor ?? component, "drawing");
    bench.dispatchEvent(new CustomEvent("drawer", { detail: "component" }));
  });
  bench.addEventListener("select", () => {
    const chosen = bench.selected;
    binder.highlight(bench.conductors.has(chosen) ? { conductor: chosen } : { component: chosen || null });
  });
}

function clampInHand() {
  const panel = byId("drawer-measure");
  return !panel.hidden && find(panel, "input[name=instrument]:checked", HTMLInputElement).value === "clamp";
}

/** From a component to its drawings, from a cross-reference to its folio.
 * @param {Bench} bench @param {Binder} binder @param {Tabs} views @param {Holder[]} holders
 */
function follow(bench, binder, views, holders) {
  /** @param {string} kind @param {string} sheet */
  const open = async (kind, sheet) => {
    const holder = holders.find((each) => each.kind === kind);
    const url = holder?.urls.find((each) => each.includes(`/${kind}/${sheet}/`));
    if (!holder || !url) return;
    views.open(kind);
    await holder.go(url);
    if (holder.svg) binder.reveal(holder.svg);
  };
  binder.root.addEventListener("etabli:goto", (event) => {
    const { folio } = /** @type {CustomEvent} */ (event).detail;
    for (const kind of ["electrical", "pneumatic"]) open(kind, folio);
  });
  const list = byId("component-show");
  bench.addEventListener("select", () => {
    const found = bench.data.where[bench.selected] ?? [];
    list.replaceChildren(
      ...found.map(([kind, sheet]) => {
        const holder = holders.find((each) => each.kind === kind);
        const url = holder?.urls.find((each) => each.includes(`/${kind}/${sheet}/`)) ?? "";
        const named = holder?.choice ? [...holder.choice.options].find((option) => option.value === url)?.text : "";
        const tab = views.tabs.find((each) => each.dataset.view === kind);
        const number = named?.split(" · ")[0] ?? "";
        const button = make("button", [tab?.textContent, number].filter(Boolean).join(" "), "button small-text");
        button.type = "button";
        if (named) button.setAttribute("aria-label", `${tab?.textContent} ${named}`);
        if (named) button.title = named;
        button.addEventListener("click", () => open(kind, sheet));
        return button;
      }),
    );
    list.hidden = found.length === 0;
  });
}

/** Production counters over the mimic. @param {Bench} bench */
function counters(bench) {
  const line = document.getElementById("counters");
  if (!line) return;
  bench.painters.push((frame) => {
    const { good = 0, bad = 0, cycle_s: cycle = 0 } = frame.c;
    const parts = [bench.pair(bench.data.counted.good, good), bench.pair(bench.data.counted.bad, bad)];
    if (cycle) parts.push(bench.t("cycle", { seconds: bench.format.quantity(cycle, "s", 1) }));
    write(line, parts.join(" · "));
  });
}
