// The bench as the page knows it: what may be seen, the newest frame, the selection. Each part of the page listens here.

import { formats } from "./format.js";
import { Link, Refusal } from "./link.js";
import { Speaker } from "./say.js";

/** @typedef {import("./link.js").Both} Both */
/** @typedef {{tag: string, family: string, text: Both, location: string, reference: string, price: number | null, minutes: number,
 *   stock: number | null, modes: {id: string, text: Both}[], lockable: boolean,
 *   adjusts: {parameter: string, text: Both, unit: string, minimum: number | null, maximum: number | null}[]}} Component */
/** @typedef {{tag: string, control: string, engraved: string, positions: string[]}} PanelItem */
/** @typedef {{tag: string, kind: "wire" | "tube", number: string, a: string, b: string, domain: string}} Conductor */
/** @typedef {{tag: string, control: string, location: string, kind: "button" | "switch", minimum: number,
 *   maximum: number, value: number, text: Both, positions: Both[]}} Control */
/** @typedef {{[key: string]: any, channels: string[], components: Component[], conductors: Conductor[],
 *   controls: Control[], points: Record<string, string[]>}} Layout */
/** @typedef {{[key: string]: any}} State */
/** @typedef {{t: number, i: number, s: number, x: number, n: number, v: number[], m: [string, string, string, string][],
 *   p: Record<string, any>, c: Record<string, number>, a: any, o: number[] | null, e: number[] | null,
 *   h: number[][] | null}} Frame */

/** What the server leaves out of a component when it is empty. */
const NOTHING = { location: "", reference: "", price: null, stock: null, adjusts: [], lockable: false };

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id} on this page`);
  return found;
}

/** The first descendant of a class and selector, or an error that names it.
 * @template {Element} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} type @returns {T}
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no ${selector}`);
  return found;
}

/** A new element with text and classes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {string} [text] @param {string} [classes] @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, text = "", classes = "") {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (classes) element.className = classes;
  return element;
}

/** Write a text only when it changes: untouched nodes cost no layout. @param {Node} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Replace the choices of a list and keep what was chosen. @param {HTMLSelectElement} list @param {Node[]} choices */
export function refill(list, choices) {
  const chosen = list.value;
  list.replaceChildren(...choices);
  list.value = chosen;
  if (list.selectedIndex < 0 && list.options.length) list.selectedIndex = 0;
}

export class Bench extends EventTarget {
  /** @param {{socket: string, language: string, may_act: boolean, counted: { good: string, bad: string }, study: boolean, texts: Record<string, string>,
   *   places: Record<string, string>, panel: PanelItem[], where: Record<string, [string, string][]>}} data */
  constructor(data) {
    super();
    this.data = data;
    this.language = data.language === "en" ? "en" : "fr";
    this.format = formats(this.language);
    this.speaker = new Speaker(byId("say"));
    this.link = new Link(data.socket, { lost: data.texts.lost });
    this.mayAct = data.may_act;
    /** @type {Layout | null} */
    this.layout = null;
    /** @type {State} */
    this.state = {};
    /** @type {Frame | null} */
    this.frame = null;
    /** @type {Map<string, Component>} */
    this.components = new Map();
    /** @type {Map<string, Conductor>} */
    this.conductors = new Map();
    this.selected = "";
    this.drawn = true;
    /** @type {((frame: Frame) => void)[]} */
    this.painters = [];
    /** @type {((rows: number[][]) => void)[]} */
    this.recorders = [];
    this.link.addEventListener("H", (event) => this.hello(/** @type {CustomEvent} */ (event).detail));
    this.link.addEventListener("F", (event) => this.take(/** @type {CustomEvent} */ (event).detail));
    this.link.addEventListener("S", (event) => this.change(/** @type {CustomEvent} */ (event).detail));
  }

  /** A sentence of the page with its blanks filled. @param {string} key @param {Record<string, string | number>} [values] */
  t(key, values = {}) {
    const text = this.data.texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** A name and what it is worth: French keeps a space before the colon, English has none.
   * @param {string} name @param {string | number} value
   */
  pair(name, value) {
    return this.t("pair", { name, value });
  }

  /** A text of the server in the language of the page. @param {Both | string | null | undefined} both */
  text(both) {
    if (!both) return "";
    return typeof both === "string" ? both : both[/** @type {"fr" | "en"} */ (this.language)];
  }

  /** @param {{layout: Layout, state: State, may_act: boolean}} message */
  hello(message) {
    this.layout = message.layout;
    message.layout.components = message.layout.components.map((component) => ({
      ...NOTHING,
      ...component,
      modes: message.layout.mode_lists[Number(component.modes)],
    }));
    this.mayAct = message.may_act;
    this.components = new Map(message.layout.components.map((each) => [each.tag, each]));
    this.conductors = new Map(message.layout.conductors.map((each) => [each.tag, each]));
    document.body.classList.toggle("watching", !this.mayAct);
    this.dispatchEvent(new Event("layout"));
    this.change(message.state);
  }

  /** @param {State} state */
  change(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  /** Keep the newest frame; it is painted once per image of the screen. @param {Frame} frame */
  take(frame) {
    if (frame.h) for (const record of this.recorders) record(frame.h);
    this.frame = frame;
    if (!this.drawn) return;
    this.drawn = false;
    requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.drawn = true;
    if (!this.frame) return;
    for (const painter of this.painters) painter(this.frame);
  }

  /** Show a component or conductor in every view. @param {string} tag @param {string} [from] the part that chose it */
  select(tag, from = "") {
    this.selected = tag;
    this.dispatchEvent(new CustomEvent("select", { detail: { tag, from } }));
  }

  /** Ask for something that is not an action of the hand. @param {string} what @param {Record<string, unknown>} [fields] */
  async ask(what, fields = {}) {
    try {
      return await this.link.ask(what, fields);
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  /** Do something to the machine; what came of it is shown and said.
   * @param {string} action @param {Record<string, unknown>} [args] @param {{quiet?: boolean}} [options]
   */
  async act(action, args = {}, options = {}) {
    try {
      const outcome = await this.link.ask("act", { action, arguments: args });
      this.report(outcome, options.quiet ?? false);
      return outcome;
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  /** @param {any} outcome @param {boolean} quiet */
  report(outcome, quiet) {
    const found = (outcome.perceptions ?? []).map((/** @type {{tag: string, text: Both}} */ each) =>
      each.tag ? this.pair(each.tag, this.text(each.text)) : this.text(each.text),
    );
    const lines = found.length ? found : [this.text(outcome.text)]; // the text of the outcome is the first of them
    const danger = this.text(outcome.danger?.text);
    if (danger && !lines[0].includes(danger)) lines.push(danger); // an accident is told in the outcome already
    if (quiet && !outcome.danger && outcome.ok) {
      this.dispatchEvent(new Event("settled"));
      return;
    }
    const kind = outcome.danger ? "danger" : outcome.ok ? "done" : "refused";
    this.tell(kind, lines.filter(Boolean).join("\n"));
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Refusal)) throw error;
    this.tell("refused", this.text(error.text), this.text(error.mend));
  }

  /** @param {"done" | "refused" | "danger"} kind @param {string} text @param {string} [mend] */
  tell(kind, text, mend = "") {
    const told = sentences(text);
    const mended = sentences(mend);
    this.dispatchEvent(new CustomEvent("outcome", { detail: { kind, text: told, mend: mended } }));
    this.speaker.say([told, mended].filter(Boolean).join(" "));
  }

  /** Minutes and price of an action, as the bench announces them. @param {string} action */
  minutesOf(action) {
    return this.layout?.actions.find((/** @type {any} */ each) => each.name === action)?.minutes ?? null;
  }

  /** @param {number} minutes */
  minutesText(minutes) {
    return this.t("minutes", { minutes: this.format.number(minutes, minutes < 10 && minutes % 1 ? 1 : 0) });
  }

  /** An instant of the intervention, rounded as on the report. @param {number} minutes */
  atMinute(minutes) {
    return this.minutesText(Math.round(minutes));
  }

  /** @param {number} price */
  money(price) {
    return this.format.quantity(price, "€", price % 1 ? 2 : 0);
  }
}

/** Each line with its capital and its full stop. @param {string} text */
export function sentences(text) {
  const whole = (/** @type {string} */ line) =>
    line && `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.!?…:]$/.test(line) ? "" : "."}`;
  return text.split("\n").map(whole).join("\n");
}

/** Ask before something that costs. @param {string} title @param {string} text @param {string} yes */
export function confirmed(title, text, yes) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  write(byId("confirm-title"), title);
  write(byId("confirm-text"), text);
  write(byId("confirm-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
