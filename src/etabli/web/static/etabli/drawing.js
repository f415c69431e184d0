// A drawing as its data-* attributes tell it: terminals, what follows a channel, belts, layers of parts.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{ channel: string, set: (value: number) => void, smooth: boolean, lit: boolean,
 *   from: number, to: number, shown: number, since: number }} Setter */
/** @typedef {{ svg: SVGSVGElement, home: Box, box: Box, pins: Pin[], setters: Setter[], pieces: PieceLayer[],
 *   counts: Array<{ key: string, node: Element }>, belts: Array<{ node: SVGElement, tag: string, scale: number, travel: number }>,
 *   spins: Array<{ node: Element, channel: string, x: number, y: number, angle: number }>, layer: SVGGElement }} Drawing */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ node: SVGGElement, x: number, y: number, point: string, component: string, port: string }} Pin */
/** @typedef {{ node: Element, tag: string, x: number, y: number, scale: number, out: number, size: number,
 *   shown: Map<number, { node: SVGGElement, kind: string, x: number, y: number, toX: number, toY: number, since: number }> }} PieceLayer */
/** @typedef {"live" | "dead" | "unknown"} ConductorState */
/** @typedef {"red" | "black"} Probe */

/** @param {Element} node @param {string} name */
function number(node, name) {
  return Number(node.getAttribute(name) ?? 0);
}

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
export function shape(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Short coordinate. @param {number} value */
export function short(value) {
  return String(Math.round(value * 1000) / 1000);
}

/** @param {number} value */
export function level(value) {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** @param {SVGSVGElement} svg @returns {Drawing} */
export function readDrawing(svg) {
  const view = svg.viewBox.baseVal;
  const home = { x: view.x, y: view.y, width: view.width, height: view.height };
  const layer = /** @type {SVGGElement} */ (shape("g", { class: "probes", "aria-hidden": "true" }));
  svg.append(layer);
  return {
    svg,
    home,
    box: { ...home },
    pins: [...svg.querySelectorAll(".pin")].map((node) => readPin(/** @type {SVGGElement} */ (node))),
    setters: readSetters(svg),
    pieces: readPieces(svg),
    counts: [...svg.querySelectorAll("[data-count]")].map((node) => ({ key: node.getAttribute("data-count") ?? "", node })),
    belts: [...svg.querySelectorAll("[data-belt]")].map((node) => ({
      node: /** @type {SVGElement} */ (node),
      tag: node.getAttribute("data-belt") ?? "",
      scale: number(node, "data-scale"),
      travel: 0,
    })),
    spins: [...svg.querySelectorAll("[data-spin]")].map((node) => ({
      node,
      channel: node.getAttribute("data-spin") ?? "",
      x: number(node, "data-x"),
      y: number(node, "data-y"),
      angle: 0,
    })),
    layer,
  };
}

/** @param {Element} node @param {ConductorState} state */
export function showState(node, state) {
  node.classList.toggle("known-live", state === "live");
  node.classList.toggle("known-dead", state === "dead");
  node.classList.toggle("unknown", state === "unknown");
}

/** @param {SVGGElement} node @returns {Pin} */
function readPin(node) {
  const component = node.dataset.component ?? "";
  const port = node.dataset.port ?? "";
  return { node, component, port, point: `${component}:${port}`, x: number(node, "data-x"), y: number(node, "data-y") };
}

/** @param {SVGSVGElement} svg @returns {Setter[]} */
function readSetters(svg) {
  /** @type {Setter[]} */
  const found = [];
  /** @param {string | null} channel @param {(value: number) => void} set @param {boolean} smooth @param {boolean} [lit] */
  const add = (channel, set, smooth, lit = false) => {
    if (channel) found.push({ channel, set, smooth, lit, from: NaN, to: NaN, shown: NaN, since: 0 });
  };
  for (const node of /** @type {NodeListOf<SVGGElement>} */ (svg.querySelectorAll("[data-channel]"))) {
    const channel = node.getAttribute("data-channel");
    if (node.dataset.turn) add(channel, turner(node), true);
    else if (node.dataset.dx) add(channel, mover(node), true);
    else if (node.dataset.fill) add(channel, filler(node), true);
    else add(channel, lighter(node), false, true);
  }
  for (const node of /** @type {NodeListOf<SVGGElement>} */ (svg.querySelectorAll("[data-state]"))) {
    add(node.getAttribute("data-state"), teller(node), false);
  }
  return found;
}

/** @param {SVGGElement} node */
function mover(node) {
  const dx = number(node, "data-dx");
  const dy = number(node, "data-dy");
  return (/** @type {number} */ value) => {
    const v = level(value);
    node.setAttribute("transform", `translate(${short(dx * v)} ${short(dy * v)})`);
  };
}

/** What rises from a fixed bottom: oil in a tank, the column of a thermometer. @param {SVGGElement} node */
function filler(node) {
  const bottom = number(node, "data-fill");
  return (/** @type {number} */ value) => {
    const v = level(value);
    node.setAttribute("transform", `matrix(1 0 0 ${short(v)} 0 ${short(bottom * (1 - v))})`);
  };
}

/** @param {SVGGElement} node */
function turner(node) {
  const [degrees, x, y] = (node.dataset.turn ?? "0 0 0").split(" ");
  const start = number(node, "data-start");
  return (/** @type {number} */ value) => {
    node.setAttribute("transform", `rotate(${short(start + Number(degrees) * level(value))} ${x} ${y})`);
  };
}

/** @param {SVGGElement} node */
function lighter(node) {
  return (/** @type {number} */ value) => {
    const v = level(value);
    node.style.setProperty("--on", (Math.round(v * 50) / 50).toString());
    node.classList.toggle("is-on", v > 0.5);
  };
}

/** Keeps the spoken state of a control. @param {SVGGElement} node */
function teller(node) {
  const most = Number(node.dataset.max);
  const positions = (node.dataset.positions ?? "").split(" | ");
  return (/** @type {number} */ value) => {
    if (node.dataset.act === "turn") {
      const at = Math.round(level(value) * most);
      node.setAttribute("aria-valuenow", String(at));
      node.setAttribute("aria-valuetext", positions[at] ?? String(at));
      return;
    }
    node.setAttribute(node.dataset.act === "hold" ? "aria-pressed" : "aria-checked", String(value > 0.5));
  };
}

/** @param {Setter} setter @param {number} value @param {number} now */
export function aim(setter, value, now) {
  if (setter.to === value) return;
  setter.from = Number.isNaN(setter.shown) ? value : setter.shown;
  setter.to = value;
  setter.since = now;
}

/** @param {SVGSVGElement} svg @returns {PieceLayer[]} */
function readPieces(svg) {
  return [...svg.querySelectorAll("[data-parts]")].map((node) => ({
    node,
    tag: node.getAttribute("data-parts") ?? "",
    x: number(node, "data-x"),
    y: number(node, "data-y"),
    scale: number(node, "data-scale"),
    out: number(node, "data-out"),
    size: number(node, "data-size"),
    shown: new Map(),
  }));
}

/** @param {Drawing} drawing */
export function pixelsPerModule(drawing) {
  const width = drawing.svg.getBoundingClientRect().width;
  return width / drawing.box.width;
}
