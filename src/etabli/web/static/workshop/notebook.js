// Drawer "Carnet": hypothesis, check, expected, read, conclusion; a reading comes in from the instruments.

import { byId, make } from "./core.js";
import { readingsText } from "./measure.js";

/** @typedef {import("./core.js").Bench} Bench */

const FIELDS = ["hypothesis", "check", "expected", "reading", "conclusion"];

/** @param {Bench} bench */
export function startNotebook(bench) {
  const form = /** @type {HTMLFormElement} */ (byId("note-form"));
  /** @param {string} name */
  const field = (name) => /** @type {HTMLInputElement} */ (byId(`note-${name}`));
  const cancel = byId("note-cancel");
  const insert = () => {
    const text = readingsText(bench);
    if (!text) {
      bench.tell("refused", bench.t("no_reading"));
      return;
    }
    field("reading").value = text;
    field("reading").focus();
    bench.speaker.say(bench.t("reading_is", { value: text }));
  };
  byId("insert-reading").addEventListener("click", insert);
  bench.addEventListener("insert-reading", insert);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    /** @type {Record<string, unknown>} */
    const note = Object.fromEntries(FIELDS.map((name) => [name, field(name).value.trim()]));
    if (field("line").value) note.line = Number(field("line").value);
    const done = await bench.act("note", note, { quiet: true });
    if (!done || !done.ok) return;
    bench.speaker.say(bench.t("noted"));
    form.reset();
    field("hypothesis").focus();
  });
  form.addEventListener("reset", () => {
    field("line").value = "";
    cancel.hidden = true;
  });
  bench.addEventListener("edit-note", (event) => {
    const note = /** @type {CustomEvent} */ (event).detail;
    for (const name of FIELDS) field(name).value = note[name] ?? "";
    field("line").value = String(note.line);
    cancel.hidden = false;
    field("hypothesis").focus();
  });
  list(bench);
}

/** @param {Bench} bench */
function list(bench) {
  const notes = byId("notes");
  bench.addEventListener("state", () => {
    const found = bench.state.notebook ?? [];
    const signature = JSON.stringify(found);
    if (notes.dataset.signature === signature) return;
    notes.dataset.signature = signature;
    if (!found.length) {
      notes.replaceChildren(make("li", bench.t("no_note"), "muted"));
      return;
    }
    notes.replaceChildren(...found.map((/** @type {any} */ note) => noteLine(bench, note)));
  });
}

/** @param {Bench} bench @param {any} note */
function noteLine(bench, note) {
  const line = make("li");
  const head = make("p", "", "note-head");
  head.append(make("strong", bench.t("line", { number: note.line })), " ", make("span", bench.atMinute(note.i), "log-time"));
  if (bench.mayAct) {
    const edit = make("button", "✎", "button quiet icon");
    edit.type = "button";
    edit.setAttribute("aria-label", bench.t("edit_line", { number: note.line }));
    edit.addEventListener("click", () => bench.dispatchEvent(new CustomEvent("edit-note", { detail: note })));
    head.append(edit);
  }
  const words = make("dl", "", "note-words");
  for (const name of FIELDS) {
    if (!note[name]) continue;
    const row = make("div");
    row.append(make("dt", bench.t(name)), make("dd", note[name]));
    words.append(row);
  }
  line.append(head, words);
  return line;
}
