// What the binder draws itself: parts on a belt, probes, the legend of lines.

import { shape, short } from "./drawing.js";

/** @typedef {import("./drawing.js").Probe} Probe */

const HEIGHT_TALL = 4.2;
const HEIGHT_SHORT = 1.8;
/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  fr: {
    live: "sous tension ou sous pression (connu)",
    dead: "hors tension ou sans pression (connu)",
    unknown: "non mesuré : couleur du conducteur",
    pilot: "conduite de pilotage",
    bridge: "pont entre bornes",
    selected: "sélection",
    red: "pointe rouge",
    black: "pointe noire (COM)",
  },
  en: {
    live: "live or under pressure (known)",
    dead: "dead or without pressure (known)",
    unknown: "not measured: colour of the conductor",
    pilot: "pilot line",
    bridge: "bridge between terminals",
    selected: "selection",
    red: "red probe",
    black: "black probe (COM)",
  },
};

/** A part seen from above and a little from the front: its height shows as its front face; metal is hatched and says M.
 * @param {string} kind @param {number} size @returns {SVGGElement} */
export function drawPiece(kind, size) {
  const [tall, metal] = [kind.startsWith("tall"), kind.endsWith("metal")];
  const high = tall ? HEIGHT_TALL : HEIGHT_SHORT;
  const deep = size * 0.62;
  const left = -size / 2;
  const base = deep / 2;
  const group = /** @type {SVGGElement} */ (shape("g", { class: `piece ${metal ? "metal" : "plastic"} ${tall ? "tall" : "short"}` }));
  group.append(
    shape("rect", { class: "side", x: left, y: base - high, width: size, height: high, rx: 0.3 }),
    shape("rect", { class: "top", x: left, y: base - high - deep, width: size, height: deep, rx: 0.3 }),
  );
  if (metal) {
    for (let i = 1; i <= 3; i++) {
      const x = left + (size * i) / 4;
      group.append(shape("path", { class: "hatch", d: `M${short(x - 0.7)} ${short(base - high - 0.2)}L${short(x + 0.7)} ${short(base - high - deep + 0.2)}` }));
    }
  }
  group.append(
    shape("text", { class: "letter", x: 0, y: short(base - high / 2 + 0.45), "font-size": 1.3, "text-anchor": "middle" }, metal ? "M" : "P"),
  );
  return group;
}

/** A probe: red disc with a plus, black square with a minus, its tip on the terminal.
 * @param {Probe} probe @param {number} x @param {number} y @returns {SVGGElement} */
export function drawProbe(probe, x, y) {
  const group = /** @type {SVGGElement} */ (shape("g", { class: `probe ${probe}`, "data-probe": probe, transform: `translate(${short(x)} ${short(y)})` }));
  const side = probe === "red" ? 1 : -1;
  const inner = shape("g", { class: "probe-body" });
  inner.append(
    shape("path", { class: "tip", d: `M0 0L${side * 1.1} -1.6` }),
    shape("path", { class: "handle", d: `M${side * 1.1} -1.6L${side * 2.6} -3.8` }),
    probe === "red"
      ? shape("circle", { class: "head", cx: 0, cy: 0, r: 0.85 })
      : shape("rect", { class: "head", x: -0.75, y: -0.75, width: 1.5, height: 1.5 }),
    shape("text", { class: "letter", x: side * 3.6, y: -4, "font-size": 1.8, "text-anchor": "middle" }, probe === "red" ? "+" : "−"),
    shape("path", { class: "grip", d: `M0 0L${side * 2.9} -4.2` }),
  );
  group.append(inner);
  return group;
}

/** @param {string} classes */
function line(classes) {
  const group = shape("g", { class: classes });
  group.append(shape("path", { class: "line", d: "M0.5 1.5H7.5" }));
  return group;
}

/** What lines and marks mean, as a list with drawn samples. @param {"fr" | "en"} language @returns {HTMLUListElement} */
export function legend(language) {
  const list = document.createElement("ul");
  list.className = "drawing-legend";
  const words = WORDS[language];
  const samples = {
    live: [line("conductor wire known-live")],
    dead: [line("conductor wire known-dead")],
    unknown: [line("conductor wire c-bu")],
    pilot: [line("conductor tube pilot")],
    bridge: [line("conductor bridge")],
    selected: [line("conductor wire is-selected")],
    red: [drawProbe("red", 3, 2)],
    black: [drawProbe("black", 3, 2)],
  };
  for (const [name, drawn] of Object.entries(samples)) {
    const item = document.createElement("li");
    const svg = shape("svg", { class: "drawing sample", viewBox: "0 0 8 3", width: 40, height: 15, "aria-hidden": "true" });
    for (const node of drawn) node.removeAttribute("data-probe");
    svg.append(...drawn);
    item.append(svg, words[name]);
    list.append(item);
  }
  return list;
}
