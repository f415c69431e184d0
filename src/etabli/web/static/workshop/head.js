// Head of the page: clocks, running, link state, the five steps, what the last action gave.

import { byId, confirmed, make, sentences, write } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

const SLOW = 0.2;

/** @param {Bench} bench */
export function startHead(bench) {
  linkState(bench);
  timeControls(bench);
  outcomes(bench);
  fiveSteps(bench);
  const clock = byId("clock");
  const minutes = byId("minutes");
  bench.painters.push((frame) => {
    write(clock, bench.format.clock(frame.t));
    write(minutes, bench.atMinute(frame.i));
  });
  bench.addEventListener("state", () => write(byId("cost"), bench.money(bench.state.cost ?? 0)));
}

/** @param {Bench} bench */
function linkState(bench) {
  const badge = byId("link-state");
  const news = byId("news");
  let lostOnce = false;
  bench.link.addEventListener("link", (event) => {
    const { state, delay, code } = /** @type {CustomEvent} */ (event).detail;
    badge.dataset.state = state;
    document.body.classList.toggle("offline", state !== "online");
    if (state === "waiting") {
      lostOnce = true;
      write(badge, bench.t("waiting", { seconds: Math.max(1, Math.round(delay / 1000)) }));
      bench.speaker.say(bench.t("waiting", { seconds: Math.max(1, Math.round(delay / 1000)) }));
      return;
    }
    if (state === "refused") {
      const text = bench.t(`refused_${code}`);
      write(badge, text.startsWith("refused_") ? bench.t("refused") : text);
      if (news.dataset.kind !== "refusal") show(news, "error", badge.textContent ?? ""); // else the host said why
      bench.speaker.say(news.textContent ?? "");
      return;
    }
    write(badge, bench.t(state));
    if (state === "online" && lostOnce) {
      lostOnce = false;
      bench.speaker.say(bench.t("back_online"));
    }
  });
  bench.link.addEventListener("R", (event) => {
    const { text, mend, code } = /** @type {CustomEvent} */ (event).detail;
    const again = document.getElementById("start-again");
    const outdated = code === "journal_outdated";
    if (again) again.hidden = !outdated;
    const told = [bench.text(text), bench.text(mend)].map(sentences).filter(Boolean).join(" ");
    show(news, "error", outdated ? bench.t("outdated") : told);
    news.dataset.kind = "refusal";
  });
  bench.link.addEventListener("N", (event) => {
    const { pages, trouble } = /** @type {CustomEvent} */ (event).detail;
    const open = byId("pages-open");
    open.hidden = pages < 2;
    write(open, bench.t("two_pages", { count: pages }));
    if (pages > 1) bench.speaker.say(open.textContent ?? "");
    if (!trouble) return;
    show(news, trouble === "back" ? "success" : "error", bench.t(`host_${trouble}`));
    bench.speaker.say(bench.t(`host_${trouble}`));
  });
}

/** @param {HTMLElement} news @param {string} kind @param {string} text */
function show(news, kind, text) {
  news.hidden = false;
  news.replaceChildren(make("p", text, `notice ${kind}`));
}

/** @param {Bench} bench */
function timeControls(bench) {
  const buttons = ["run", "pause", "slow", "step", "reset"].map((id) => /** @type {HTMLButtonElement} */ (byId(id)));
  const [run, pause, slow, step, reset] = buttons;
  bench.addEventListener("layout", () => {
    for (const button of buttons) button.disabled = !bench.mayAct;
  });
  run.addEventListener("click", async () => {
    await bench.ask("speed", { factor: 1 });
    if (await bench.ask("run")) bench.speaker.say(bench.t("machine_runs"));
  });
  pause.addEventListener("click", async () => {
    if (await bench.ask("pause")) bench.speaker.say(bench.t("machine_paused"));
  });
  slow.addEventListener("click", async () => {
    await bench.ask("speed", { factor: bench.frame && bench.frame.x < 1 ? 1 : SLOW });
    if (await bench.ask("run")) bench.speaker.say(bench.t(bench.frame && bench.frame.x < 1 ? "machine_runs" : "slow_motion"));
  });
  step.addEventListener("click", () => bench.ask("step", { ticks: 10 }));
  reset.addEventListener("click", async () => {
    if (await confirmed(bench.t("reset_title"), bench.t("reset_text"), bench.t("reset_yes"))) bench.ask("reset");
  });
  bench.painters.push((frame) => {
    const slowly = frame.x < 1;
    press(run, frame.s === 1 && !slowly);
    press(pause, frame.s === 0);
    press(slow, frame.s === 1 && slowly);
  });
}

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  const text = String(on);
  if (button.getAttribute("aria-pressed") !== text) button.setAttribute("aria-pressed", text);
}

/** @param {Bench} bench */
function outcomes(bench) {
  const box = byId("outcome");
  bench.addEventListener("outcome", (event) => {
    const { kind, text, mend } = /** @type {CustomEvent} */ (event).detail;
    box.hidden = false;
    box.dataset.kind = kind;
    write(byId("outcome-text"), text);
    write(byId("outcome-mend"), mend);
  });
  // What was refused is over once a gesture without words has gone well.
  bench.addEventListener("settled", () => {
    if (box.dataset.kind === "refused") box.hidden = true;
  });
}

const REPAIRS = new Set(["replace", "tighten", "clean", "adjust", "reconnect", "exchange", "reset"]);
const MEASURES = new Set([
  "probe", "clamp", "gauge", "tachometer", "flowmeter", "thermometer", "vibrometer", "spectrum", "vat",
]);
const OBSERVATIONS = new Set(["look", "listen", "touch", "ask"]);

/** Which of the five steps were done, from what the journal holds. @param {Record<string, any>} state */
export function stepsDone(state) {
  const log = state.log ?? [];
  const notes = state.notebook ?? [];
  const has = (/** @type {Set<string>} */ names) => log.some((/** @type {any} */ entry) => entry.ok && names.has(entry.action));
  return {
    observe: has(OBSERVATIONS),
    hypotheses: notes.some((/** @type {any} */ note) => note.hypothesis),
    test: has(MEASURES) && notes.some((/** @type {any} */ note) => note.reading),
    repair: has(REPAIRS),
    validate: Boolean(state.declared) && state.acceptance?.state === "passed",
  };
}

/** @param {Bench} bench */
function fiveSteps(bench) {
  /** @type {HTMLButtonElement[]} */
  const buttons = [...document.querySelectorAll(".five-steps button")].map((each) => /** @type {HTMLButtonElement} */ (each));
  if (!buttons.length) return;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      bench.dispatchEvent(new CustomEvent("drawer", { detail: button.dataset.drawer }));
    });
  }
  const refresh = () => {
    const acceptance = bench.frame?.a ?? bench.state.acceptance;
    /** @type {Record<string, boolean>} */
    const done = stepsDone({ ...bench.state, acceptance });
    const now = buttons.find((button) => !done[button.dataset.step ?? ""]);
    for (const button of buttons) {
      const finished = done[button.dataset.step ?? ""];
      button.dataset.done = String(finished);
      if (button === now) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      const note = button.querySelector(".step-done");
      if (note) write(note, finished ? bench.t("step_done") : button === now ? bench.t("step_now") : "");
      const mark = button.querySelector(".step-mark");
      if (mark) write(mark, finished ? "✓" : String(buttons.indexOf(button) + 1));
    }
  };
  bench.addEventListener("state", refresh);
}
