// Drawer "Consigner": protective equipment, cabinet door, isolators and shut-off valves, dangers met.

import { byId, make, write } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {import("./core.js").Component} Component */

/** What cuts an energy is turned, or opened like a guard. */
const HANDLES = new Set(["position", "open"]);

/** @param {Bench} bench */
export function startLockout(bench) {
  equipment(bench);
  door(bench);
  energies(bench);
  purge(bench);
  props(bench);
  dangers(bench);
  byId("go-vat").addEventListener("click", () => {
    bench.dispatchEvent(new CustomEvent("drawer", { detail: "measure" }));
    bench.dispatchEvent(new CustomEvent("instrument", { detail: "vat" }));
  });
}

/** @param {Bench} bench */
function equipment(bench) {
  const boxes = [...document.querySelectorAll("#epi input")].map((each) => /** @type {HTMLInputElement} */ (each));
  let asked = 0; // choices sent and not answered yet: the boxes are those of the hand until then
  const show = () => {
    if (asked) return;
    for (const box of boxes) box.checked = (bench.state.epi ?? []).includes(box.value);
  };
  for (const box of boxes) {
    box.addEventListener("change", async () => {
      asked += 1;
      const worn = boxes.filter((each) => each.checked).map((each) => each.value);
      const done = await bench.act("epi", { worn }, { quiet: true });
      asked -= 1;
      if (!done) show();
    });
  }
  bench.addEventListener("state", show);
}

/** The door is in this drawer and above the cabinet's drawing: behind it nothing is seen. @param {Bench} bench */
function door(bench) {
  const buttons = [...document.querySelectorAll(".door-button")].map((each) => /** @type {HTMLElement} */ (each));
  const states = [...document.querySelectorAll(".door-state")].map((each) => /** @type {HTMLElement} */ (each));
  for (const button of buttons) {
    button.addEventListener("click", () => bench.act(bench.state.cabinet_open ? "close_cabinet" : "open_cabinet"));
  }
  const view = document.getElementById("view-cabinet");
  bench.addEventListener("state", () => {
    const open = Boolean(bench.state.cabinet_open);
    view?.classList.toggle("behind-door", !open && !bench.data.study);
    for (const state of states) write(state, bench.t(open ? "door_open" : "door_closed"));
    for (const button of buttons) write(button, bench.t(open ? "close_door" : "open_door"));
  });
}

/** @param {Bench} bench */
function energies(bench) {
  const list = byId("energies");
  bench.addEventListener("state", () => {
    const lockable = [...bench.components.values()].filter((each) => each.lockable);
    const signature = JSON.stringify([lockable.map((each) => handle(bench, each)?.value), bench.state.padlocks, bench.state.labels]);
    if (list.dataset.signature === signature) return;
    list.dataset.signature = signature;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.energy;
    list.replaceChildren(...lockable.map((each) => energy(bench, each)));
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-energy="${focused}"]`))?.focus();
  });
}

/** The control that cuts this energy, and where it stands. @param {Bench} bench @param {Component} component */
function handle(bench, component) {
  const control = bench.layout?.controls.find((each) => each.tag === component.tag && HANDLES.has(each.control));
  if (!control) return null;
  return { control, value: bench.state.controls?.[`${control.tag}.${control.control}`] ?? control.value };
}

/** A prop under each load that would fall. @param {Bench} bench */
function props(bench) {
  const set = byId("props");
  bench.addEventListener("layout", () => {
    const loads = bench.layout?.loads ?? [];
    byId("props-section").hidden = !loads.length;
    for (const old of set.querySelectorAll("label")) old.remove();
    for (const load of loads) {
      const box = make("input");
      box.type = "checkbox";
      box.name = "prop";
      box.value = load.id;
      const label = make("label");
      label.append(box, ` ${load.tag} · ${bench.text(load.text)}`);
      set.append(label);
      box.addEventListener("change", async () => {
        await bench.act("prop", { load: load.id, on: box.checked });
        show();
      });
    }
  });
  const show = () => {
    for (const box of set.querySelectorAll("input")) box.checked = (bench.state.props ?? []).includes(box.value);
  };
  bench.addEventListener("state", show);
}

/** Air out of the whole machine by its valve, or out of one point where some stays trapped. @param {Bench} bench */
function purge(bench) {
  const points = /** @type {HTMLSelectElement} */ (byId("purge-point"));
  const whole = points.options[0];
  bench.addEventListener("layout", () => {
    const chosen = points.value;
    const fluids = bench.layout?.points.pneumatic ?? [];
    const block = points.closest(".purge");
    if (block instanceof HTMLElement) block.hidden = !fluids.length;
    points.replaceChildren(whole, ...fluids.map((point) => new Option(point, point)));
    points.value = chosen;
  });
  byId("purge").addEventListener("click", () => bench.act("purge", points.value ? { point: points.value } : {}));
}

/** @param {Bench} bench @param {Component} component */
function energy(bench, component) {
  const { tag } = component;
  const line = make("li");
  const found = handle(bench, component);
  const on = Boolean(found?.value);
  const locked = (bench.state.padlocks ?? []).includes(tag);
  const labelled = (bench.state.labels ?? []).includes(tag);
  // A valve or a guard is open or closed; only an electrical energy is on or off.
  const opens = bench.text(found?.control.positions[on ? 1 : 0]);
  const status = [opens || bench.t(on ? "is_on" : "is_off"), locked && bench.t("is_locked"), labelled && bench.t("is_labelled")];
  const title = make("p", bench.pair(`${tag} · ${bench.text(component.text)}`, status.filter(Boolean).join(", ")));
  const buttons = make("div", "", "buttons");
  /** @param {string} id @param {string} text @param {() => void} act */
  const add = (id, text, act) => {
    const button = make("button", bench.t(text), "button");
    button.type = "button";
    button.dataset.energy = `${tag}.${id}`;
    button.setAttribute("aria-label", bench.pair(bench.t(text), tag));
    button.addEventListener("click", act);
    buttons.append(button);
  };
  if (found) {
    const words = opens ? ["open_it", "close_it"] : ["switch_on", "switch_off"];
    add("switch", words[on ? 1 : 0], () => bench.act("operate", { tag, control: found.control.control, value: on ? 0 : 1 }));
  }
  add("padlock", locked ? "remove_padlock" : "padlock", () => bench.act(locked ? "remove_padlock" : "padlock", { tag }));
  add("label", labelled ? "remove_label" : "label", () => bench.act(labelled ? "remove_label" : "label", { tag }));
  line.append(title, buttons);
  return line;
}

/** @param {Bench} bench */
function dangers(bench) {
  const list = byId("dangers");
  bench.addEventListener("state", () => {
    const found = bench.state.dangers ?? [];
    if (list.dataset.count === String(found.length)) return;
    list.dataset.count = String(found.length);
    if (!found.length) {
      list.replaceChildren(make("li", bench.t("no_danger"), "muted"));
      return;
    }
    list.replaceChildren(
      ...found.map((/** @type {any} */ danger) => {
        const line = make("li", "", danger.accident ? "accident" : "");
        line.append(make("span", bench.atMinute(danger.i), "log-time"), " ");
        if (danger.accident) line.append(make("strong", bench.pair(bench.t("accident"), "")));
        line.append(bench.text(danger.text));
        return line;
      }),
    );
  });
}
