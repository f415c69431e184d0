// Drawer "Composant": the selected component or conductor, its controls, and what a hand can do to it.

import { byId, confirmed, find, make, refill, write } from "./core.js";
import { typed } from "./format.js";

/** @typedef {{tag: string, action: string, text: import("./link.js").Both}} Gesture */
/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {import("./core.js").Component} Component */
/** @typedef {import("./core.js").Conductor} Conductor */

const ATMOSPHERE_BAR = 1.01325;

/** @param {Bench} bench */
export function startComponent(bench) {
  const list = /** @type {HTMLSelectElement} */ (byId("component"));
  const first = list.options[0];
  bench.addEventListener("layout", () => {
    const wires = [...bench.conductors.values()];
    refill(list, [
      first,
      group(bench.t("components"), [...bench.components.values()].filter((each) => !bench.conductors.has(each.tag)).map((each) => new Option(`${each.tag} · ${bench.text(each.text)}`, each.tag))),
      group(bench.t("wires"), wires.filter((each) => each.kind === "wire").map((each) => wireOption(each))),
      group(bench.t("tubes"), wires.filter((each) => each.kind === "tube").map((each) => wireOption(each))),
    ]);
    const gestures = bench.layout?.gestures ?? [];
    byId("matter-part").hidden = !gestures.length;
    byId("gestures").replaceChildren(...gestures.map((/** @type {Gesture} */ each) => gestureButton(bench, each)));
  });
  list.addEventListener("change", () => bench.select(list.value, "list"));
  bench.addEventListener("select", () => {
    list.value = bench.selected;
    card(bench);
  });
  bench.addEventListener("state", () => {
    controls(bench);
    wires(bench);
  });
  actions(bench);
  if (bench.data.study) nodeValues(bench);
}

/** The healthy machine tells the value at each terminal of the selected component. @param {Bench} bench */
function nodeValues(bench) {
  const rows = byId("node-values");
  /** @type {{place: number, unit: string, cell: HTMLElement}[]} */
  let shown = [];
  bench.addEventListener("select", () => {
    const wire = bench.conductors.get(bench.selected);
    const wanted = (/** @type {string} */ id) => (wire ? id === wire.a || id === wire.b : id.startsWith(`${bench.selected}:`));
    shown = [];
    const lines = [];
    for (const [place, node] of (bench.layout?.nodes ?? []).entries()) {
      if (!wanted(node.id)) continue;
      const line = make("tr");
      const head = make("th", node.id);
      head.scope = "row";
      const cell = make("td");
      line.append(head, cell);
      lines.push(line);
      shown.push({ place, unit: node.unit, cell });
    }
    rows.replaceChildren(...lines);
  });
  bench.painters.push((frame) => {
    if (!frame.e) return;
    for (const { place, unit, cell } of shown) {
      // Pressures come absolute; a gauge of the workshop reads above the atmosphere.
      const value = frame.e[place] - (unit === "bar" ? ATMOSPHERE_BAR : 0);
      write(cell, bench.format.quantity(value, unit, 2));
    }
  });
}

/** @param {string} label @param {HTMLOptionElement[]} options */
function group(label, options) {
  const found = document.createElement("optgroup");
  found.label = label;
  found.append(...options);
  return found;
}

/** @param {Conductor} wire */
function wireOption(wire) {
  const number = wire.number && wire.number !== wire.tag ? ` (${wire.number})` : "";
  return new Option(`${wire.tag}${number} · ${wire.a} – ${wire.b}`, wire.tag);
}

/** @param {Bench} bench */
function card(bench) {
  const tag = bench.selected;
  const component = bench.components.get(tag);
  const wire = bench.conductors.get(tag);
  byId("component-card").hidden = !component && !wire;
  if (!component && !wire) return;
  write(byId("component-text"), component ? `${tag} · ${bench.text(component.text)}` : tag);
  if (component) write(find(document, "[data-price=replace]", HTMLElement), bench.minutesText(component.minutes));
  facts(bench, component, wire);
  // A wire is tightened at its ends, a component anywhere: what makes no sense, the bench refuses with its reason.
  const adjusts = component?.adjusts ?? [];
  const form = byId("adjust-form");
  form.hidden = adjusts.length === 0;
  refill(find(form, "select", HTMLSelectElement), adjusts.map((each) => new Option(bench.text(each.text) || each.parameter, each.parameter)));
  adjustRange(bench);
  const points = wire ? [wire.a, wire.b] : pointsOf(bench, tag);
  byId("tighten-form").hidden = points.length === 0;
  refill(/** @type {HTMLSelectElement} */ (byId("tighten-point")), points.map((each) => new Option(each, each)));
  controls(bench);
  wires(bench);
}

/** @param {Bench} bench @param {string} tag */
function pointsOf(bench, tag) {
  return (bench.layout?.points.electrical ?? []).filter((point) => point.startsWith(`${tag}:`));
}

/** @param {Bench} bench @param {Component | undefined} component @param {Conductor | undefined} wire */
function facts(bench, component, wire) {
  /** @type {[string, string][]} */
  const rows = [];
  if (wire) rows.push([bench.t("number"), wire.number], [bench.t("between"), `${wire.a} – ${wire.b}`]);
  if (component?.location) rows.push([bench.t("location"), bench.data.places[component.location] ?? component.location]);
  if (component?.reference) rows.push([bench.t("reference"), component.reference]);
  if (component?.price !== null && component?.price !== undefined) rows.push([bench.t("price"), bench.money(component.price)]);
  if (component?.stock !== null && component?.stock !== undefined) rows.push([bench.t("stock"), String(component.stock)]);
  byId("component-facts").replaceChildren(
    ...rows.map(([name, value]) => {
      const row = make("div");
      row.append(make("dt", name), make("dd", value));
      return row;
    }),
  );
}

/** @param {Bench} bench */
function actions(bench) {
  for (const button of document.querySelectorAll("[data-act-on]")) {
    button.addEventListener("click", () => actOn(bench, /** @type {HTMLElement} */ (button).dataset.actOn ?? ""));
  }
  byId("tighten-form").addEventListener("submit", (event) => {
    event.preventDefault();
    bench.act("tighten", { target: /** @type {HTMLSelectElement} */ (byId("tighten-point")).value });
  });
  byId("adjust-parameter").addEventListener("change", () => adjustRange(bench));
  byId("adjust-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const value = typed(/** @type {HTMLInputElement} */ (byId("adjust-value")).value);
    if (value === null) {
      bench.tell("refused", byId("adjust-range").textContent ?? "");
      return;
    }
    bench.act("adjust", { tag: bench.selected, parameter: /** @type {HTMLSelectElement} */ (byId("adjust-parameter")).value, value });
  });
}

/** Hands in what the machine carries or works on. @param {Bench} bench @param {Gesture} gesture */
function gestureButton(bench, gesture) {
  const button = make("button", `${bench.text(gesture.text)} `, "button");
  button.type = "button";
  button.append(make("small", bench.minutesText(bench.minutesOf(gesture.action) ?? 0)));
  button.addEventListener("click", () => bench.act(gesture.action, { tag: gesture.tag }));
  return button;
}

/** @param {Bench} bench @param {string} action */
async function actOn(bench, action) {
  const tag = bench.selected;
  if (!tag) return;
  if (action === "replace") {
    const price = bench.components.get(tag)?.price;
    const text = bench.t("replace_text", {
      price: price === null || price === undefined ? "–" : bench.money(price),
      minutes: bench.format.number(bench.components.get(tag)?.minutes ?? 0, 0),
    });
    if (!(await confirmed(bench.t("replace_title", { tag }), text, bench.t("replace_yes")))) return;
  }
  bench.act(action, action === "tighten" || action === "clean" ? { target: tag } : { tag });
}

/** @param {Bench} bench */
function adjustRange(bench) {
  const name = /** @type {HTMLSelectElement} */ (byId("adjust-parameter")).value;
  const chosen = bench.components.get(bench.selected)?.adjusts.find((each) => each.parameter === name);
  write(byId("adjust-unit"), chosen?.unit ?? "");
  if (!chosen) return;
  const number = (/** @type {number | null} */ value) => (value === null ? "…" : bench.format.number(value, Number.isInteger(value) ? 0 : 2));
  write(byId("adjust-range"), bench.t("range", { minimum: number(chosen.minimum), maximum: number(chosen.maximum) }));
}

/** The controls of the selected component (a breaker's handle, a valve's manual override). @param {Bench} bench */
function controls(bench) {
  const own = (bench.layout?.controls ?? []).filter((each) => each.tag === bench.selected);
  byId("component-controls-part").hidden = own.length === 0;
  const holder = byId("component-controls");
  const signature = own.map((each) => `${each.tag}.${each.control}=${bench.state.controls?.[`${each.tag}.${each.control}`]}`).join();
  if (holder.dataset.signature === signature) return;
  holder.dataset.signature = signature;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.control;
  holder.replaceChildren(...own.map((control) => controlRow(bench, control)));
  if (focused) /** @type {HTMLElement | null} */ (holder.querySelector(`[data-control="${focused}"]`))?.focus();
}

/** One control as buttons, one per position; a button of the panel is pressed or held.
 * @param {Bench} bench @param {import("./core.js").Control} control
 */
export function controlRow(bench, control) {
  const row = make("div", "", "control-row");
  const value = bench.state.controls?.[`${control.tag}.${control.control}`] ?? control.value;
  const name = make("span", controlName(bench, control), "control-name");
  name.id = `control-${control.tag}-${control.control}-${serial++}`;
  const group = make("div", "", "button-group");
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", name.id);
  if (control.kind === "button" && !latches(bench, control)) group.append(...pushButtons(bench, control, value));
  else group.append(...positionButtons(bench, control, value));
  row.append(name, group);
  return row;
}

let serial = 0;

/** A mushroom head stays where it was pushed. @param {Bench} bench @param {import("./core.js").Control} control */
function latches(bench, control) {
  return bench.components.get(control.tag)?.family === "emergency_stop";
}

/** @param {Bench} bench @param {import("./core.js").Control} control */
function controlName(bench, control) {
  const label = panelItem(bench, control)?.engraved || bench.text(control.text) || bench.text(bench.components.get(control.tag)?.text);
  return `${control.tag} · ${label || control.control}`;
}

/** What is engraved on the panel for a control, if it is on the panel.
 * @param {Bench} bench @param {import("./core.js").Control} control
 */
export function panelItem(bench, control) {
  return bench.data.panel.find((item) => item.tag === control.tag && item.control === control.control);
}

/** @param {Bench} bench @param {import("./core.js").Control} control @param {number} value */
function pushButtons(bench, control, value) {
  const push = make("button", bench.t("push"), "button");
  push.dataset.control = `${control.tag}.${control.control}.push`;
  push.addEventListener("click", () => bench.act("press", { tag: control.tag, control: control.control }));
  const hold = make("button", value ? bench.t("let_go") : bench.t("hold"), "button");
  hold.dataset.control = `${control.tag}.${control.control}.hold`;
  hold.setAttribute("aria-pressed", String(Boolean(value)));
  hold.addEventListener("click", () =>
    bench.act("operate", { tag: control.tag, control: control.control, value: value ? 0 : 1 }),
  );
  for (const button of [push, hold]) button.type = "button";
  return [push, hold];
}

/** @param {Bench} bench @param {import("./core.js").Control} control @param {number} value */
function positionButtons(bench, control, value) {
  const buttons = [];
  for (let position = control.minimum; position <= control.maximum; position += 1) {
    const engraved = panelItem(bench, control)?.positions[position];
    const latched = latches(bench, control) ? bench.t(position ? "latched" : "unlatched") : "";
    const text = latched || engraved || bench.text(control.positions[position]) || (control.maximum - control.minimum === 1 ? bench.t(position ? "on" : "off") : bench.t("position", { value: position }));
    const button = make("button", text, "button");
    button.type = "button";
    button.dataset.control = `${control.tag}.${control.control}.${position}`;
    button.setAttribute("aria-pressed", String(value === position));
    button.addEventListener("click", () =>
      bench.act("operate", { tag: control.tag, control: control.control, value: position }),
    );
    buttons.push(button);
  }
  return buttons;
}

/** Conductors fastened to the selected component, with their ends to undo. @param {Bench} bench */
function wires(bench) {
  const tag = bench.selected;
  const own = bench.conductors.get(tag);
  const found = own ? [own] : [...bench.conductors.values()].filter((each) => touches(each, tag));
  byId("component-wires-part").hidden = found.length === 0;
  const list = byId("component-wires");
  const off = new Set((bench.state.disconnected ?? []).map((/** @type {any} */ each) => `${each.tag}:${each.end}`));
  const signature = `${tag} ${[...off].join()}`;
  if (list.dataset.signature === signature) return;
  list.dataset.signature = signature;
  list.replaceChildren(...found.map((wire) => wireLine(bench, wire, own ? "" : tag, off)));
}

/** @param {Conductor} wire @param {string} tag */
function touches(wire, tag) {
  return wire.a.startsWith(`${tag}:`) || wire.b.startsWith(`${tag}:`);
}

/** @param {Bench} bench @param {Conductor} wire @param {string} tag @param {Set<string>} off */
function wireLine(bench, wire, tag, off) {
  const line = make("li");
  const select = make("button", `${wire.tag}${wire.number && wire.number !== wire.tag ? ` (${wire.number})` : ""}`, "button quiet");
  select.type = "button";
  select.setAttribute("aria-label", bench.t("select", { tag: wire.tag }));
  select.addEventListener("click", () => bench.select(wire.tag, "wires"));
  line.append(select);
  for (const end of /** @type {("a" | "b")[]} */ (["a", "b"])) {
    if (tag && !wire[end].startsWith(`${tag}:`)) continue;
    const undone = off.has(`${wire.tag}:${end}`);
    const text = bench.t(undone ? "reconnect" : "disconnect", { point: wire[end] });
    const button = make("button", text, "button");
    button.type = "button";
    button.addEventListener("click", () => bench.act(undone ? "reconnect" : "disconnect", { tag: wire.tag, end }));
    line.append(button);
  }
  return line;
}
