// What is seen of a drawing: zoom, pan, from the pointer to the sheet and to the nearest terminal.

import { pixelsPerModule, short } from "./drawing.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Pin} Pin */

const ZOOM_STEP = 1.25;
const ZOOM_MOST = 12;
const TARGET_PX = 24;
const SNAP_PX = 26;
const DRAG_PX = 5;

/** @param {Drawing} drawing @param {"in" | "out" | "fit"} how */
export function zoom(drawing, how) {
  if (how === "fit") {
    drawing.box = { ...drawing.home };
    show(drawing);
    return;
  }
  const { x, y, width, height } = drawing.box;
  zoomAt(drawing, x + width / 2, y + height / 2, how === "in" ? ZOOM_STEP : 1 / ZOOM_STEP);
}

/** @param {Drawing} drawing @param {number} x @param {number} y @param {number} factor */
export function zoomAt(drawing, x, y, factor) {
  const { box, home } = drawing;
  const width = Math.min(home.width, Math.max(home.width / ZOOM_MOST, box.width / factor));
  const share = width / box.width;
  drawing.box = { x: x - (x - box.x) * share, y: y - (y - box.y) * share, width, height: box.height * share };
  show(drawing);
}

/** @param {Drawing} drawing @param {number} dx @param {number} dy in modules */
export function pan(drawing, dx, dy) {
  drawing.box = { ...drawing.box, x: drawing.box.x + dx, y: drawing.box.y + dy };
  show(drawing);
}

/** @param {Drawing} drawing */
export function show(drawing) {
  const { home, svg } = drawing;
  let { x, y, width, height } = drawing.box;
  x = Math.min(Math.max(x, home.x), home.x + home.width - width);
  y = Math.min(Math.max(y, home.y), home.y + home.height - height);
  drawing.box = { x, y, width, height };
  svg.setAttribute("viewBox", [x, y, width, height].map(short).join(" "));
  svg.classList.toggle("zoomed", width < home.width * 0.999);
  fitTargets(drawing);
}

/** Probe targets never get under 24 px, whatever the zoom. @param {Drawing} drawing */
export function fitTargets(drawing) {
  const scale = pixelsPerModule(drawing);
  if (!scale) return;
  drawing.svg.style.setProperty("--hit", `${short(Math.max(1.1, TARGET_PX / 2 / scale))}px`);
  drawing.svg.style.setProperty("--probe-scale", short(Math.min(1.6, Math.max(0.5, 9 / scale))));
}

/** Drag of the ground, pinch of two fingers. @param {Drawing} drawing */
export function listenHand(drawing) {
  const { svg } = drawing;
  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  let far = 0;
  svg.addEventListener("pointerdown", (event) => {
    if (/** @type {Element} */ (event.target).closest(".control, [data-probe]")) return;
    down.set(event.pointerId, event);
    far = down.size > 1 ? DRAG_PX : 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const scale = pixelsPerModule(drawing);
    if (down.size === 2) {
      const other = [...down.values()].find((each) => each.pointerId !== event.pointerId);
      if (!other) return;
      const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
      const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
      const at = toSheet(drawing, event);
      if (was > 10) zoomAt(drawing, at.x, at.y, is / was);
    } else if (drawing.box.width < drawing.home.width * 0.999) {
      const dx = event.clientX - before.clientX;
      const dy = event.clientY - before.clientY;
      far += Math.hypot(dx, dy);
      if (far < DRAG_PX) return;
      svg.setPointerCapture(event.pointerId);
      pan(drawing, -dx / scale, -dy / scale);
    }
    down.set(event.pointerId, event);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
  svg.addEventListener("click", (event) => {
    if (far >= DRAG_PX) event.stopImmediatePropagation();
    far = 0;
  }, { capture: true });
}

/** @param {Drawing} drawing @param {Pin} pin */
export function keepInSight(drawing, pin) {
  const { box } = drawing;
  const margin = Math.min(6, box.width / 6);
  const dx = Math.min(0, pin.x - box.x - margin) + Math.max(0, pin.x - box.x - box.width + margin);
  const dy = Math.min(0, pin.y - box.y - margin) + Math.max(0, pin.y - box.y - box.height + margin);
  if (dx || dy) pan(drawing, dx, dy);
}

/** @param {Drawing} drawing @param {{ clientX: number, clientY: number }} event @returns {Pin | null} */
export function nearest(drawing, event) {
  const at = toSheet(drawing, event);
  const reach = SNAP_PX / (pixelsPerModule(drawing) || 1);
  let best = null;
  let least = Math.max(1.5, reach);
  for (const pin of drawing.pins) {
    const distance = Math.hypot(pin.x - at.x, pin.y - at.y);
    if (distance < least) [best, least] = [pin, distance];
  }
  return best;
}

/** @param {Drawing} drawing @param {{ clientX: number, clientY: number }} event */
export function toSheet(drawing, event) {
  const matrix = drawing.svg.getScreenCTM();
  const point = new DOMPoint(event.clientX, event.clientY);
  return matrix ? point.matrixTransform(matrix.inverse()) : point;
}
