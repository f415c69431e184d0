// Drawer "Observer": senses on the whole machine, questions to the operator, what was done and learnt so far.

import { byId, find, make, refill } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

const SHOWN = 60;

/** Buttons that only name an action, and the price written on buttons. @param {Bench} bench */
export function startSimpleActions(bench) {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-act]") : null;
    if (target instanceof HTMLElement && target.dataset.act) bench.act(target.dataset.act);
  });
  bench.addEventListener("layout", () => {
    for (const price of document.querySelectorAll("[data-price]")) {
      const minutes = bench.minutesOf(/** @type {HTMLElement} */ (price).dataset.price ?? "");
      price.textContent = minutes ? bench.minutesText(minutes) : "";
    }
  });
}

/** @param {Bench} bench */
export function startObserve(bench) {
  const form = document.getElementById("ask-form");
  if (form) {
    const question = find(form, "select", HTMLSelectElement);
    bench.addEventListener("layout", () => {
      const questions = bench.layout?.questions ?? [];
      refill(question, questions.map((/** @type {any} */ each) => new Option(bench.text(each.text), each.id)));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (question.value) bench.act("ask", { question: question.value });
    });
  }
  const log = byId("log");
  let newest = "";
  bench.addEventListener("state", () => {
    const entries = (bench.state.log ?? []).slice(-SHOWN).reverse();
    const signature = `${bench.state.log?.length ?? 0} ${entries[0]?.i ?? ""} ${entries[0]?.action ?? ""}`;
    if (signature === newest) return;
    newest = signature;
    log.replaceChildren(...entries.map((/** @type {any} */ entry) => logLine(bench, entry)));
  });
}

/** @param {Bench} bench @param {any} entry */
function logLine(bench, entry) {
  const line = make("li");
  const minutes = bench.atMinute(entry.i);
  line.append(make("span", minutes, "log-time"), " ", make("span", bench.text(entry.text), "log-text"));
  return line;
}
