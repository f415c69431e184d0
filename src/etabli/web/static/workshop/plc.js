// View "Automate": the program with live values while the console is connected, forcing, search.

import { byId, make, write } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {{name: string, address: string | null, type: string, value: any, forced: boolean, line: number,
 *   text: {fr: string, en: string} | null}} Variable */

const PROGRAM_LANGUAGE = "fr";
const WORD = /([A-Za-z_][A-Za-z0-9_]*|%[IQM][XWD]?[0-9.]+)/;

/** @param {Bench} bench */
export function startPlc(bench) {
  const button = byId("console");
  button.addEventListener("click", () => bench.act("console", { connected: !bench.state.console }));
  /** Writers of the live values, in the order of layout.plc.variables. @type {((value: number) => void)[][]} */
  let writers = [];
  let connected = false;
  bench.addEventListener("state", async () => {
    const now = Boolean(bench.state.console);
    write(button, bench.t(now ? "disconnect_console" : "connect_console"));
    button.setAttribute("aria-pressed", String(now));
    byId("plc").hidden = !now;
    byId("plc-hint").hidden = now;
    if (!now) writers = [];
    if (now && !connected) {
      const program = await bench.ask("program");
      if (program) writers = draw(bench, program.source, program.values);
    }
    connected = now;
    forced(bench);
  });
  bench.painters.push((frame) => {
    if (!frame.o || !writers.length) return;
    for (let index = 0; index < frame.o.length; index += 1) {
      const value = frame.o[index];
      for (const writer of writers[index] ?? []) writer(value);
    }
  });
  byId("plc-filter").addEventListener("input", (event) => filter(/** @type {HTMLInputElement} */ (event.target).value));
}

/** Names under which a variable of the layout may appear: "A1.step" is "step" in the program. @param {string} id */
function shortName(id) {
  return id.slice(id.indexOf(".") + 1);
}

/** @param {Bench} bench @param {string} source @param {Variable[]} values */
function draw(bench, source, values) {
  const ids = bench.layout?.plc?.variables ?? [];
  /** @type {Map<string, number>} */
  const places = new Map();
  ids.forEach((/** @type {string} */ id, /** @type {number} */ index) => places.set(shortName(id), index));
  for (const variable of values) {
    const place = places.get(variable.name);
    if (place !== undefined && variable.address) places.set(variable.address, place);
  }
  /** @type {((value: number) => void)[][]} */
  const writers = ids.map(() => []);
  const types = new Map(values.map((each) => [each.name, each.type]));
  const comments = translated(bench, values);
  byId("plc-code").replaceChildren(
    ...source.split("\n").map((line, index) => codeLine(bench, line, places, types, writers, comments.get(index + 1))),
  );
  byId("plc-rows").replaceChildren(...values.map((each) => row(bench, each, places, writers)));
  return writers;
}

/** By line: what inputs, outputs and alarms are, in the language of the page, where the program is in another one.
 * @param {Bench} bench @param {Variable[]} values @returns {Map<number, string>} */
function translated(bench, values) {
  if (bench.language === PROGRAM_LANGUAGE) return new Map();
  return new Map(values.flatMap((each) => (each.text ? [[each.line, bench.text(each.text)]] : [])));
}

/** @param {Bench} bench @param {string} text @param {Map<string, number>} places @param {Map<string, string>} types
 * @param {((value: number) => void)[][]} writers @param {string} [told] a comment instead of that of the program */
function codeLine(bench, text, places, types, writers, told) {
  const line = make("li");
  const code = make("code");
  const values = make("span", "", "live-values");
  const comment = text.indexOf("//");
  const body = comment < 0 ? text : text.slice(0, comment);
  const seen = new Set();
  for (const word of body.split(WORD)) {
    const place = places.get(word);
    if (place === undefined) {
      code.append(word);
      continue;
    }
    const name = make("span", word, "variable");
    code.append(name);
    writers[place].push(boolean(name));
    if (seen.has(word)) continue;
    seen.add(word);
    const value = make("span", "–", "live-value");
    const type = types.get(word) ?? "BOOL";
    writers[place].push((found) => write(value, `${word} = ${valueText(bench, found, type)}`));
    values.append(value);
  }
  if (told !== undefined) code.append(comment < 0 ? "    " : "", commentOf(`// ${told}`, bench.language));
  else if (comment >= 0) code.append(commentOf(text.slice(comment), PROGRAM_LANGUAGE));
  if (!text) code.append(" ");
  line.append(code, values);
  return line;
}

/** @param {string} text @param {string} language */
function commentOf(text, language) {
  const comment = make("span", text, "comment");
  comment.lang = language;
  return comment;
}

/** @param {HTMLElement} element */
function boolean(element) {
  let shown = -1;
  return (/** @type {number} */ value) => {
    const now = value ? 1 : 0;
    if (now === shown) return;
    shown = now;
    element.classList.toggle("is-true", now === 1);
  };
}

/** @param {Bench} bench @param {number} value @param {string} type */
function valueText(bench, value, type) {
  if (type === "BOOL") return value ? "1" : "0";
  if (type === "TIME") return `${bench.format.number(value, 2)}\u202fs`;
  return bench.format.number(value, Number.isInteger(value) ? 0 : 2);
}

/** @param {Bench} bench @param {Variable} variable @param {Map<string, number>} places
 * @param {((value: number) => void)[][]} writers */
function row(bench, variable, places, writers) {
  const line = make("tr");
  line.dataset.name = `${variable.name} ${variable.address ?? ""}`.toLowerCase();
  const value = make("td", valueText(bench, Number(variable.value), variable.type), "number live-cell");
  const place = places.get(variable.name);
  if (place !== undefined) {
    writers[place].push((found) => write(value, valueText(bench, found, variable.type)));
    if (variable.type === "BOOL") writers[place].push(boolean(value));
  }
  const forcing = make("td", "", "forcing");
  const address = (variable.address ?? "").replace(/^%/, "").replace(/^([IQ])X/, "$1");
  if (variable.type === "BOOL" && /^[IQ]/.test(address)) forcing.append(...forceButtons(bench, variable, address));
  const head = make("th", variable.name);
  head.scope = "row";
  head.title = bench.text(variable.text);
  if (variable.address) head.append(make("small", variable.address, "address"));
  line.append(head, value, forcing);
  return line;
}

/** @param {Bench} bench @param {Variable} variable @param {string} address */
function forceButtons(bench, variable, address) {
  /** @param {string} text @param {string} label @param {() => void} act */
  const button = (text, label, act) => {
    const made = make("button", text, "button small");
    made.type = "button";
    made.dataset.force = `${address}=${text}`;
    made.setAttribute("aria-label", bench.t(label, { name: variable.name }));
    made.setAttribute("aria-pressed", "false");
    made.addEventListener("click", act);
    return made;
  };
  return [
    button("0", "force_0", () => bench.act("force", { address, value: false })),
    button("1", "force_1", () => bench.act("force", { address, value: true })),
    button("×", "release", () => bench.act("release", { address })),
  ];
}

/** @param {Bench} bench */
function forced(bench) {
  const forces = bench.state.forces ?? {};
  for (const each of document.querySelectorAll("[data-force]")) {
    const [address, value] = (/** @type {HTMLElement} */ (each).dataset.force ?? "").split("=");
    each.setAttribute("aria-pressed", String(address in forces && String(Number(forces[address])) === value));
  }
}

/** @param {string} text */
function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const row of byId("plc-rows").children) {
    /** @type {HTMLElement} */ (row).hidden = wanted !== "" && !(/** @type {HTMLElement} */ (row).dataset.name ?? "").includes(wanted);
  }
  for (const line of byId("plc-code").children) {
    line.classList.toggle("found", wanted !== "" && (line.textContent ?? "").toLowerCase().includes(wanted));
  }
}
