// Brings the SVG drawings of a machine to life: values of channels, highlighting across views, zoom, pan, probes, controls.
//
// A drawing carries data-* attributes (see etabli/machines/drawing). `Binder.add(svg)` reads them once into setters;
// `apply(values, time)` keeps the newest frame and writes only what changed, at most once per animation frame.
// Nothing here writes a style attribute: geometry goes to SVG attributes, levels to custom properties (strict CSP).
//
// Events, all on the element given to the constructor:
//   etabli:probe    {point, component, port, probe}      a probe is put on a terminal; `probe` is "red", "black" or null (page decides)
//   etabli:lift     {probe}                              Escape, or a probe dropped outside: "red", "black" or null (all)
//   etabli:select   {component, port, conductor, drawing} something was chosen; null fields where nothing
//   etabli:control  {component, control, value}          a hand moved a control
//   etabli:goto     {folio}                              a cross-reference was followed
//
// Its parts: drawing.js (what a drawing tells), viewport.js (zoom, pan, pointer), controls.js (hands), marks.js (what is drawn).

import { listenControl } from "./controls.js";
import { drawPiece, drawProbe, legend } from "./marks.js";
import { aim, level, readDrawing, short, showState } from "./drawing.js";
import { fitTargets, keepInSight, listenHand, nearest, pan, show, toSheet, zoom, zoomAt } from "./viewport.js";

/** @typedef {import("./drawing.js").ConductorState} ConductorState */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Pin} Pin */
/** @typedef {import("./drawing.js").PieceLayer} PieceLayer */
/** @typedef {import("./drawing.js").Probe} Probe */
/** @typedef {import("./drawing.js").Setter} Setter */
/** @typedef {{ tag: string, parts: Array<{id: number, x: number, offset: number, kind: string, wedged?: boolean}>,
 *   bins?: Record<string, Record<string, number>>, speed?: number }} BeltView */
/** @type {Record<string, [number, number] | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Binder {
  /** @param {HTMLElement} root where the events go and where drawings live
   *  @param {{ language?: string, smooth?: boolean }} [options] `smooth: false` jumps from frame to frame */
  constructor(root, options = {}) {
    this.root = root;
    /** @type {"fr" | "en"} */
    this.language = (options.language ?? document.documentElement.lang ?? "fr").startsWith("en") ? "en" : "fr";
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.smooth = (options.smooth ?? true) && !calm;
    this.calm = calm;
    /** Whether a click on a terminal puts a probe there (an instrument is in hand), or only selects. */
    this.probing = true;
    /** @type {Drawing[]} */
    this.drawings = [];
    /** What was read of each drawing, also of those that are not on the page now. @type {WeakMap<SVGSVGElement, Drawing>} */
    this.read = new WeakMap();
    /** @type {string[]} */
    this.channels = [];
    /** @type {Map<string, Setter[]>} */
    this.byChannel = new Map();
    /** @type {ArrayLike<number | null> | null} */
    this.values = null;
    /** @type {Map<string, number>} */
    this.latest = new Map();
    /** @type {Map<string, ConductorState>} */
    this.states = new Map();
    /** @type {Record<Probe, string | null>} */
    this.points = { red: null, black: null };
    /** @type {BeltView[]} */
    this.views = [];
    /** @type {{ component: string | null, conductor: string | null }} */
    this.selected = { component: null, conductor: null };
    this.frame = 0;
    this.time = 0;
    this.elapsed = 0;
    this.arrived = 0;
    this.interval = 50;
    this.dirty = false;
    /** @type {{ probe: Probe, marker: SVGGElement | null, drawing: Drawing | null } | null} */
    this.dragged = null;
    this.dropped = false;
    this.resizes = new ResizeObserver((entries) => {
      for (const entry of entries) {
        const drawing = this.drawings.find((each) => each.svg === entry.target);
        if (drawing) fitTargets(drawing);
      }
    });
    root.addEventListener("pointerdown", (event) => this.liftOff(event));
  }

  // --- frames ---------------------------------------------------------------------------------------------------------

  /** Names ("TAG.channel") of the values that `apply` will get, in order. @param {string[]} names */
  setChannels(names) {
    this.channels = names;
    if (this.values) this.changed();
  }

  /** The newest frame: values 0…1 in the order of `setChannels`, null where unknown; `time` in simulated seconds.
   * @param {ArrayLike<number | null>} values @param {number} [time] */
  apply(values, time = this.time) {
    const now = performance.now();
    if (this.arrived) this.interval = Math.min(150, Math.max(16, 0.7 * this.interval + 0.3 * (now - this.arrived)));
    this.arrived = now;
    this.values = values;
    this.elapsed += Math.max(0, Math.min(1, time - this.time));
    this.time = time;
    this.changed();
  }

  /** What an eye sees on the conveyors. @param {BeltView[]} views */
  parts(views) {
    this.views = views;
    this.changed();
  }

  /** States of wires and tubes that are known; the others keep their own colour. @param {Record<string, ConductorState>} states */
  conductors(states) {
    const next = new Map(Object.entries(states));
    for (const id of new Set([...this.states.keys(), ...next.keys()])) {
      if (this.states.get(id) !== next.get(id)) this.paintConductor(id, next.get(id) ?? "unknown");
    }
    this.states = next;
  }

  changed() {
    this.dirty = true;
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.draw(now));
  }

  /** @param {number} now */
  draw(now) {
    this.frame = 0;
    if (this.dirty) this.take(now);
    this.dirty = false;
    let moving = false;
    for (const drawing of this.drawings) {
      if (!drawing.svg.isConnected || !drawing.svg.getClientRects().length) continue;
      for (const setter of drawing.setters) moving = this.step(setter, now) || moving;
      for (const layer of drawing.pieces) moving = this.stepPieces(layer, now) || moving;
    }
    if (moving) this.frame = requestAnimationFrame((next) => this.draw(next));
  }

  /** @param {number} now */
  take(now) {
    const { values, channels } = this;
    if (values) {
      for (let i = 0; i < channels.length; i++) {
        const value = values[i];
        if (value === null || value === undefined) {
          this.forget(channels[i], now);
          continue;
        }
        this.latest.set(channels[i], value);
        for (const setter of this.byChannel.get(channels[i]) ?? []) aim(setter, value, now);
      }
    }
    const elapsed = this.elapsed;
    this.elapsed = 0;
    for (const drawing of this.drawings) {
      this.travel(drawing, elapsed);
      for (const layer of drawing.pieces) this.takePieces(layer, now);
      for (const { key, node } of drawing.counts) this.count(key, node);
    }
  }

  /** Behind a door that closes no lamp is seen any more: one that was lit must not stay lit on the page.
   * @param {string} channel @param {number} now */
  forget(channel, now) {
    if (!this.latest.delete(channel)) return;
    for (const setter of this.byChannel.get(channel) ?? []) if (setter.lit) aim(setter, 0, now);
  }

  /** @param {Setter} setter @param {number} now @returns {boolean} whether it still moves */
  step(setter, now) {
    if (Number.isNaN(setter.to)) return false;
    const share = this.smooth && setter.smooth ? level((now - setter.since) / this.interval) : 1;
    const value = share >= 1 ? setter.to : setter.from + (setter.to - setter.from) * share;
    if (Math.abs(value - setter.shown) > 5e-4 || (share >= 1 && value !== setter.shown)) {
      setter.shown = value;
      setter.set(value);
    } else if (Number.isNaN(setter.shown)) {
      setter.shown = value;
      setter.set(value);
    }
    return share < 1 && setter.from !== setter.to;
  }

  /** Belts and wheels go on with simulated time: they stand still in pause. @param {Drawing} drawing @param {number} seconds */
  travel(drawing, seconds) {
    if (!seconds || this.calm) return;
    for (const belt of drawing.belts) {
      const view = this.views.find((each) => each.tag === belt.tag);
      if (!view?.speed) continue;
      belt.travel = (belt.travel - view.speed * seconds * belt.scale) % 5;
      belt.node.style.setProperty("--travel", `${short(belt.travel)}px`);
    }
    for (const spin of drawing.spins) {
      const speed = this.latest.get(spin.channel) ?? 0;
      if (Math.abs(speed) < 1e-3) continue;
      spin.angle = (spin.angle + speed * seconds * 300) % 360;
      spin.node.setAttribute("transform", `rotate(${short(spin.angle)} ${spin.x} ${spin.y})`);
    }
  }

  /** @param {string} key @param {Element} node */
  count(key, node) {
    const [tag, bin, kind] = key.split(".");
    const value = this.views.find((each) => each.tag === tag)?.bins?.[bin]?.[kind];
    if (value === undefined) return;
    const text = String(value);
    if (node.textContent !== text) node.textContent = text;
  }

  // --- parts on the belts -------------------------------------------------------------------------------------------------

  /** @param {PieceLayer} layer @param {number} now */
  takePieces(layer, now) {
    const view = this.views.find((each) => each.tag === layer.tag);
    if (!view) return;
    const here = new Set();
    for (const part of view.parts) {
      here.add(part.id);
      const x = layer.x + part.x * layer.scale;
      const y = layer.y + part.offset * layer.out;
      let piece = layer.shown.get(part.id);
      if (!piece || piece.kind !== part.kind) {
        piece?.node.remove();
        const node = drawPiece(part.kind, layer.size);
        layer.node.append(node);
        piece = { node, kind: part.kind, x, y, toX: x, toY: y, since: now - 1e4 };
        layer.shown.set(part.id, piece);
        node.setAttribute("transform", `translate(${short(x)} ${short(y)})`);
      }
      piece.node.classList.toggle("wedged", Boolean(part.wedged));
      if (piece.toX !== x || piece.toY !== y) Object.assign(piece, { toX: x, toY: y, since: now });
    }
    for (const [id, piece] of layer.shown) {
      if (here.has(id)) continue;
      piece.node.remove();
      layer.shown.delete(id);
    }
  }

  /** @param {PieceLayer} layer @param {number} now */
  stepPieces(layer, now) {
    let moving = false;
    for (const piece of layer.shown.values()) {
      if (piece.x === piece.toX && piece.y === piece.toY) continue;
      const share = this.smooth ? level((now - piece.since) / this.interval) : 1;
      const x = share >= 1 ? piece.toX : piece.x + (piece.toX - piece.x) * share;
      const y = share >= 1 ? piece.toY : piece.y + (piece.toY - piece.y) * share;
      if (share >= 1) Object.assign(piece, { x: piece.toX, y: piece.toY });
      else moving = true;
      piece.node.setAttribute("transform", `translate(${short(x)} ${short(y)})`);
    }
    return moving;
  }

  // --- taking a drawing in --------------------------------------------------------------------------------------------------

  /** Bind one drawing (an inline SVG of the product). Adding it twice does nothing; one that was removed may come back.
   * @param {SVGSVGElement} svg */
  add(svg) {
    if (this.drawings.some((each) => each.svg === svg)) return;
    let drawing = this.read.get(svg);
    if (!drawing) {
      drawing = readDrawing(svg);
      this.read.set(svg, drawing);
      this.listen(drawing);
      drawing.pins[0]?.node.setAttribute("tabindex", "0");
    }
    this.drawings.push(drawing);
    for (const setter of drawing.setters) {
      const others = this.byChannel.get(setter.channel) ?? [];
      others.push(setter);
      this.byChannel.set(setter.channel, others);
      const known = this.latest.get(setter.channel);
      if (known !== undefined) aim(setter, known, 0);
    }
    for (const node of svg.querySelectorAll(".conductor[data-conductor]")) {
      showState(node, this.states.get(node.getAttribute("data-conductor") ?? "") ?? "unknown");
    }
    fitTargets(drawing);
    this.resizes.observe(svg);
    this.markSelection(svg);
    this.drawProbes(drawing);
    this.changed();
  }

  /** Forget a drawing that leaves the page. @param {SVGSVGElement} svg */
  remove(svg) {
    const drawing = this.drawings.find((each) => each.svg === svg);
    if (!drawing) return;
    this.resizes.unobserve(svg);
    this.drawings = this.drawings.filter((each) => each !== drawing);
    for (const setter of drawing.setters) {
      const others = this.byChannel.get(setter.channel) ?? [];
      this.byChannel.set(setter.channel, others.filter((each) => each !== setter));
    }
  }

  /** @param {string} id @param {ConductorState} state */
  paintConductor(id, state) {
    for (const { svg } of this.drawings) {
      for (const node of svg.querySelectorAll(`.conductor[data-conductor="${CSS.escape(id)}"]`)) showState(node, state);
    }
  }

  // --- selection across the views ---------------------------------------------------------------------------------------------

  /** Show one component or one conductor in every view; nothing given shows none.
   * @param {{ component?: string | null, conductor?: string | null }} [chosen] */
  highlight(chosen = {}) {
    this.selected = { component: chosen.component ?? null, conductor: chosen.conductor ?? null };
    for (const drawing of this.drawings) this.markSelection(drawing.svg);
  }

  /** @param {SVGSVGElement} svg */
  markSelection(svg) {
    for (const node of svg.querySelectorAll(".is-selected")) node.classList.remove("is-selected");
    const { component, conductor } = this.selected;
    const wanted = [];
    if (component) {
      const name = CSS.escape(component);
      wanted.push(`[data-component="${name}"]:not(.pin):not(.control)`, `[data-components~="${name}"]`);
    }
    if (conductor) wanted.push(`[data-conductor="${CSS.escape(conductor)}"]`);
    if (!wanted.length) return;
    for (const node of svg.querySelectorAll(wanted.join())) node.classList.add("is-selected");
  }

  /** Bring the selection into sight in one drawing. @param {SVGSVGElement} svg @returns {boolean} whether it is drawn there */
  reveal(svg) {
    const node = /** @type {SVGGraphicsElement | null} */ (svg.querySelector(".is-selected"));
    const drawing = this.drawings.find((each) => each.svg === svg);
    if (!node || !drawing) return false;
    const { box, home } = drawing;
    if (box.width < home.width) {
      const found = node.getBBox();
      drawing.box = { ...box, x: found.x + found.width / 2 - box.width / 2, y: found.y + found.height / 2 - box.height / 2 };
      show(drawing);
    }
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // --- zoom and pan -------------------------------------------------------------------------------------------------------------

  /** @param {SVGSVGElement} svg @param {"in" | "out" | "fit"} how */
  zoom(svg, how) {
    const drawing = this.drawings.find((each) => each.svg === svg);
    if (drawing) zoom(drawing, how);
  }

  // --- listening -------------------------------------------------------------------------------------------------------------------

  /** @param {Drawing} drawing */
  listen(drawing) {
    const { svg } = drawing;
    svg.addEventListener("wheel", (event) => {
      if (event.deltaY > 0 && drawing.box.width >= drawing.home.width * 0.999) return;
      event.preventDefault();
      const at = toSheet(drawing, event);
      zoomAt(drawing, at.x, at.y, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
    }, { passive: false });
    listenHand(drawing);
    svg.addEventListener("click", (event) => this.click(drawing, event));
    svg.addEventListener("keydown", (event) => this.key(drawing, event));
    for (const node of svg.querySelectorAll(".control")) this.control(/** @type {SVGGElement} */ (node));
  }

  /** @param {Drawing} drawing @param {MouseEvent} event */
  click(drawing, event) {
    const target = /** @type {Element} */ (event.target);
    if (this.dropped || target.closest(".control, [data-probe]")) return;
    if (target.closest(".pin")) {
      const pin = nearest(drawing, event);
      if (pin) this.usePin(drawing, pin);
      return;
    }
    const goto = target.closest("[data-goto]");
    if (goto) {
      this.send("goto", { folio: goto.getAttribute("data-goto") });
      return;
    }
    const conductor = target.closest("[data-conductor]")?.getAttribute("data-conductor") ?? null;
    const component = conductor ? null : (target.closest("[data-component]")?.getAttribute("data-component") ?? null);
    const place = target.closest("[data-location]")?.getAttribute("data-location") ?? null;
    this.select({ component, conductor, port: null, place, drawing: drawing.svg.id });
  }

  /** @param {Drawing} drawing @param {Pin} pin @param {Probe | null} [probe] */
  usePin(drawing, pin, probe = null) {
    this.rove(drawing, pin);
    if (this.probing || probe) {
      this.send("probe", { point: pin.point, component: pin.component, port: pin.port, probe });
      return;
    }
    this.select({ component: pin.component, conductor: null, port: pin.port, place: null, drawing: drawing.svg.id });
  }

  /** @param {{ component: string | null, conductor: string | null, port: string | null, place: string | null, drawing: string }} chosen */
  select(chosen) {
    this.highlight(chosen);
    this.send("select", chosen);
  }

  /** @param {Drawing} drawing @param {KeyboardEvent} event */
  key(drawing, event) {
    if (event.key === "Escape") {
      this.send("lift", { probe: null });
      return;
    }
    const arrow = ARROWS[event.key];
    if (arrow && (event.shiftKey || event.ctrlKey)) {
      pan(drawing, (arrow[0] * drawing.box.width) / 10, (arrow[1] * drawing.box.height) / 10);
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "-") {
      this.zoom(drawing.svg, event.key === "+" ? "in" : "out");
      event.preventDefault();
      return;
    }
    const pin = drawing.pins.find((each) => each.node === event.target);
    if (!pin) return;
    if (arrow) this.stepPin(drawing, pin, arrow[0], arrow[1]);
    else if (event.key === "Enter") this.usePin(drawing, pin);
    else if (event.key === "r") this.usePin(drawing, pin, "red");
    else if (event.key === "n" || event.key === "b") this.usePin(drawing, pin, "black");
    else if (event.key === " ") {
      this.select({ component: pin.component, conductor: null, port: pin.port, place: null, drawing: drawing.svg.id });
    } else return;
    event.preventDefault();
  }

  /** To the nearest terminal in a direction. @param {Drawing} drawing @param {Pin} from @param {number} dx @param {number} dy */
  stepPin(drawing, from, dx, dy) {
    let best = null;
    let least = Infinity;
    for (const pin of drawing.pins) {
      const ahead = (pin.x - from.x) * dx + (pin.y - from.y) * dy;
      const aside = Math.abs((pin.x - from.x) * dy + (pin.y - from.y) * dx);
      if (pin === from || ahead <= 0.01 || (ahead === 0 && aside === 0)) continue;
      const cost = ahead + 2.5 * aside;
      if (cost < least) [best, least] = [pin, cost];
    }
    if (!best) return;
    this.rove(drawing, best);
    best.node.focus();
    keepInSight(drawing, best);
  }

  /** One terminal of a drawing is in the tab order. @param {Drawing} drawing @param {Pin} pin */
  rove(drawing, pin) {
    for (const each of drawing.pins) {
      if (each.node.getAttribute("tabindex") === "0") each.node.setAttribute("tabindex", "-1");
    }
    pin.node.setAttribute("tabindex", "0");
  }

  /** What a hand does to a control. @param {SVGGElement} node */
  control(node) {
    const { component, control } = node.dataset;
    listenControl(node, (value) => this.send("control", { component, control, value }));
  }

  /** @param {string} name @param {Record<string, unknown>} detail */
  send(name, detail) {
    this.root.dispatchEvent(new CustomEvent(`etabli:${name}`, { detail, bubbles: true }));
  }

  // --- probes ---------------------------------------------------------------------------------------------------------------------------

  /** Where the probes are ("KM1:A1"), null when lifted. @param {Partial<Record<Probe, string | null>>} points */
  probes(points) {
    this.points = { ...this.points, ...points };
    for (const drawing of this.drawings) this.drawProbes(drawing);
  }

  /** @param {Drawing} drawing */
  drawProbes(drawing) {
    drawing.layer.replaceChildren();
    for (const probe of /** @type {Probe[]} */ (["black", "red"])) {
      const point = this.points[probe];
      if (!point) continue;
      for (const pin of drawing.pins) {
        if (pin.point === point) drawing.layer.append(drawProbe(probe, pin.x, pin.y));
      }
    }
  }

  /** Start of a drag: a probe on a drawing, or anything of the page with data-probe-source. @param {PointerEvent} event */
  liftOff(event) {
    const target = /** @type {Element} */ (event.target);
    const held = target.closest("[data-probe]");
    const source = target.closest("[data-probe-source]");
    const probe = held?.getAttribute("data-probe") ?? source?.getAttribute("data-probe-source");
    if ((probe !== "red" && probe !== "black") || event.button !== 0) return;
    event.preventDefault();
    this.dragged = { probe, marker: null, drawing: null };
    const move = (/** @type {PointerEvent} */ now) => this.drag(now);
    const drop = (/** @type {PointerEvent} */ now) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      this.drop(now, Boolean(held));
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { dragged } = this;
    if (!dragged) return;
    const drawing = this.under(event);
    if (dragged.drawing !== drawing) {
      dragged.marker?.remove();
      dragged.marker = null;
      dragged.drawing = drawing;
    }
    if (!drawing) return;
    const pin = nearest(drawing, event);
    const at = pin ?? toSheet(drawing, event);
    dragged.marker ??= drawing.layer.appendChild(drawProbe(dragged.probe, 0, 0));
    dragged.marker.classList.add("is-dragged");
    dragged.marker.classList.toggle("is-near", Boolean(pin));
    dragged.marker.setAttribute("transform", `translate(${short(at.x)} ${short(at.y)})`);
  }

  /** @param {PointerEvent} event @param {boolean} wasPlaced */
  drop(event, wasPlaced) {
    const { dragged } = this;
    this.dragged = null;
    if (!dragged) return;
    this.dropped = true; // the click that ends a drag chooses nothing
    setTimeout(() => (this.dropped = false));
    dragged.marker?.remove();
    if (!dragged.drawing && !dragged.marker && event.type === "pointercancel") return;
    const drawing = this.under(event);
    const pin = drawing && nearest(drawing, event);
    if (drawing && pin) this.usePin(drawing, pin, dragged.probe);
    else if (wasPlaced) this.send("lift", { probe: dragged.probe });
  }

  /** @param {PointerEvent} event @returns {Drawing | null} */
  under(event) {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("svg.drawing");
    return this.drawings.find((each) => each.svg === found) ?? null;
  }

  // --- legend ----------------------------------------------------------------------------------------------------------------------------

  /** What lines and marks mean, as a list with drawn samples. @returns {HTMLUListElement} */
  legend() {
    return legend(this.language);
  }
}
