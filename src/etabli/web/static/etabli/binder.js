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

const SVG = "http://www.w3.org/2000/svg";
const ZOOM_STEP = 1.25;
const ZOOM_MOST = 12;
const TARGET_PX = 24;
const SNAP_PX = 26;
const DRAG_PX = 5;

/** @typedef {{ tag: string, parts: Array<{id: number, x: number, offset: number, kind: string, wedged?: boolean}>,
 *   bins?: Record<string, Record<string, number>>, speed?: number }} BeltView */
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

/** @type {Record<string, [number, number] | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
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

/** @param {Element} node @param {string} name */
function number(node, name) {
  return Number(node.getAttribute(name) ?? 0);
}

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function shape(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Short coordinate. @param {number} value */
function short(value) {
  return String(Math.round(value * 1000) / 1000);
}

/** @param {number} value */
function level(value) {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

export class Binder {
  /** @param {HTMLElement} root where the events go and where drawings live
   *  @param {{ language?: string, smooth?: boolean }} [options] `smooth: false` jumps from frame to frame */
  constructor(root, options = {}) {
    this.root = root;
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
        if (drawing) this.fitTargets(drawing);
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
    this.fitTargets(drawing);
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
      this.show(drawing);
    }
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // --- zoom and pan -------------------------------------------------------------------------------------------------------------

  /** @param {SVGSVGElement} svg @param {"in" | "out" | "fit"} how */
  zoom(svg, how) {
    const drawing = this.drawings.find((each) => each.svg === svg);
    if (!drawing) return;
    if (how === "fit") {
      drawing.box = { ...drawing.home };
      this.show(drawing);
      return;
    }
    const { x, y, width, height } = drawing.box;
    this.zoomAt(drawing, x + width / 2, y + height / 2, how === "in" ? ZOOM_STEP : 1 / ZOOM_STEP);
  }

  /** @param {Drawing} drawing @param {number} x @param {number} y @param {number} factor */
  zoomAt(drawing, x, y, factor) {
    const { box, home } = drawing;
    const width = Math.min(home.width, Math.max(home.width / ZOOM_MOST, box.width / factor));
    const share = width / box.width;
    drawing.box = { x: x - (x - box.x) * share, y: y - (y - box.y) * share, width, height: box.height * share };
    this.show(drawing);
  }

  /** @param {Drawing} drawing @param {number} dx @param {number} dy in modules */
  pan(drawing, dx, dy) {
    drawing.box = { ...drawing.box, x: drawing.box.x + dx, y: drawing.box.y + dy };
    this.show(drawing);
  }

  /** @param {Drawing} drawing */
  show(drawing) {
    const { home, svg } = drawing;
    let { x, y, width, height } = drawing.box;
    x = Math.min(Math.max(x, home.x), home.x + home.width - width);
    y = Math.min(Math.max(y, home.y), home.y + home.height - height);
    drawing.box = { x, y, width, height };
    svg.setAttribute("viewBox", [x, y, width, height].map(short).join(" "));
    svg.classList.toggle("zoomed", width < home.width * 0.999);
    this.fitTargets(drawing);
  }

  /** Probe targets never get under 24 px, whatever the zoom. @param {Drawing} drawing */
  fitTargets(drawing) {
    const scale = pixelsPerModule(drawing);
    if (!scale) return;
    drawing.svg.style.setProperty("--hit", `${short(Math.max(1.1, TARGET_PX / 2 / scale))}px`);
    drawing.svg.style.setProperty("--probe-scale", short(Math.min(1.6, Math.max(0.5, 9 / scale))));
  }

  // --- listening -------------------------------------------------------------------------------------------------------------------

  /** @param {Drawing} drawing */
  listen(drawing) {
    const { svg } = drawing;
    svg.addEventListener("wheel", (event) => {
      if (event.deltaY > 0 && drawing.box.width >= drawing.home.width * 0.999) return;
      event.preventDefault();
      const at = this.toSheet(drawing, event);
      this.zoomAt(drawing, at.x, at.y, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
    }, { passive: false });
    this.listenHand(drawing);
    svg.addEventListener("click", (event) => this.click(drawing, event));
    svg.addEventListener("keydown", (event) => this.key(drawing, event));
    for (const node of svg.querySelectorAll(".control")) this.listenControl(/** @type {SVGGElement} */ (node));
  }

  /** Drag of the ground, pinch of two fingers. @param {Drawing} drawing */
  listenHand(drawing) {
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
        const at = this.toSheet(drawing, event);
        if (was > 10) this.zoomAt(drawing, at.x, at.y, is / was);
      } else if (drawing.box.width < drawing.home.width * 0.999) {
        const dx = event.clientX - before.clientX;
        const dy = event.clientY - before.clientY;
        far += Math.hypot(dx, dy);
        if (far < DRAG_PX) return;
        svg.setPointerCapture(event.pointerId);
        this.pan(drawing, -dx / scale, -dy / scale);
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

  /** @param {Drawing} drawing @param {MouseEvent} event */
  click(drawing, event) {
    const target = /** @type {Element} */ (event.target);
    if (this.dropped || target.closest(".control, [data-probe]")) return;
    if (target.closest(".pin")) {
      const pin = this.nearest(drawing, event);
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
      this.pan(drawing, (arrow[0] * drawing.box.width) / 10, (arrow[1] * drawing.box.height) / 10);
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
    this.keepInSight(drawing, best);
  }

  /** One terminal of a drawing is in the tab order. @param {Drawing} drawing @param {Pin} pin */
  rove(drawing, pin) {
    for (const each of drawing.pins) {
      if (each.node.getAttribute("tabindex") === "0") each.node.setAttribute("tabindex", "-1");
    }
    pin.node.setAttribute("tabindex", "0");
  }

  /** @param {Drawing} drawing @param {Pin} pin */
  keepInSight(drawing, pin) {
    const { box } = drawing;
    const margin = Math.min(6, box.width / 6);
    const dx = Math.min(0, pin.x - box.x - margin) + Math.max(0, pin.x - box.x - box.width + margin);
    const dy = Math.min(0, pin.y - box.y - margin) + Math.max(0, pin.y - box.y - box.height + margin);
    if (dx || dy) this.pan(drawing, dx, dy);
  }

  /** @param {Drawing} drawing @param {{ clientX: number, clientY: number }} event @returns {Pin | null} */
  nearest(drawing, event) {
    const at = this.toSheet(drawing, event);
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
  toSheet(drawing, event) {
    const matrix = drawing.svg.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY);
    return matrix ? point.matrixTransform(matrix.inverse()) : point;
  }

  /** @param {string} name @param {Record<string, unknown>} detail */
  send(name, detail) {
    this.root.dispatchEvent(new CustomEvent(`etabli:${name}`, { detail, bubbles: true }));
  }

  // --- controls -----------------------------------------------------------------------------------------------------------------------

  /** @param {SVGGElement} node */
  listenControl(node) {
    const act = node.dataset.act;
    /** @param {number} value */
    const move = (value) => {
      this.send("control", { component: node.dataset.component, control: node.dataset.control, value });
    };
    if (act === "hold") this.listenHold(node, move);
    if (act === "toggle") {
      const toggle = () => move(node.getAttribute("aria-checked") === "true" ? 0 : 1);
      node.addEventListener("click", toggle);
      onPress(node, toggle);
    }
    if (act === "turn") this.listenTurn(node, move);
  }

  /** @param {SVGGElement} node @param {(value: number) => void} move */
  listenHold(node, move) {
    let held = false;
    const press = () => {
      if (!held) move(1);
      held = true;
    };
    const release = () => {
      if (held) move(0);
      held = false;
    };
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      node.setPointerCapture(event.pointerId);
      press();
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) node.addEventListener(name, release);
    node.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) press();
    });
    node.addEventListener("keyup", (event) => {
      if (event.key === " " || event.key === "Enter") release();
    });
  }

  /** @param {SVGGElement} node @param {(value: number) => void} move */
  listenTurn(node, move) {
    const most = Number(node.dataset.max);
    const now = () => Number(node.getAttribute("aria-valuenow"));
    node.addEventListener("click", (event) => {
      const chosen = /** @type {Element} */ (event.target).closest("[data-value]")?.getAttribute("data-value");
      move(chosen === null || chosen === undefined ? (now() + 1) % (most + 1) : Number(chosen));
    });
    node.addEventListener("keydown", (event) => {
      const up = event.key === "ArrowRight" || event.key === "ArrowUp";
      const down = event.key === "ArrowLeft" || event.key === "ArrowDown";
      let value = null;
      if (up) value = Math.min(most, now() + 1);
      else if (down) value = Math.max(0, now() - 1);
      else if (event.key === "Home") value = 0;
      else if (event.key === "End") value = most;
      if (value === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (value !== now()) move(value);
    });
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
    const pin = this.nearest(drawing, event);
    const at = pin ?? this.toSheet(drawing, event);
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
    const pin = drawing && this.nearest(drawing, event);
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
    const list = document.createElement("ul");
    list.className = "drawing-legend";
    const words = WORDS[this.language];
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
}

// --- reading a drawing -----------------------------------------------------------------------------------------------------------------

/** @param {SVGSVGElement} svg @returns {Drawing} */
function readDrawing(svg) {
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
function showState(node, state) {
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
function aim(setter, value, now) {
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
function pixelsPerModule(drawing) {
  const width = drawing.svg.getBoundingClientRect().width;
  return width / drawing.box.width;
}

/** @param {SVGGElement} node @param {() => void} act */
function onPress(node, act) {
  node.addEventListener("keydown", (event) => {
    if ((event.key !== " " && event.key !== "Enter") || event.repeat) return;
    event.preventDefault();
    act();
  });
}

// --- drawing small things ----------------------------------------------------------------------------------------------------------------

/** A part seen from above and a little from the front: its height shows as its front face; metal is hatched and says M.
 * @param {string} kind @param {number} size @returns {SVGGElement} */
function drawPiece(kind, size) {
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
function drawProbe(probe, x, y) {
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
