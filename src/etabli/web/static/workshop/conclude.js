// Drawer "Conclure": cause with its evidence, acceptance run. The report is a page of its own.

import { byId, make, refill, write } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

/** @param {Bench} bench */
export function startConclude(bench) {
  const form = document.getElementById("declare-form");
  if (!form) return;
  const tag = /** @type {HTMLSelectElement} */ (byId("declare-tag"));
  const mode = /** @type {HTMLSelectElement} */ (byId("declare-mode"));
  const nothing = tag.options[0];
  const fillModes = () => {
    const modes = bench.components.get(tag.value)?.modes ?? [];
    refill(mode, modes.map((each) => new Option(bench.text(each.text), each.id)));
    mode.disabled = modes.length === 0;
  };
  bench.addEventListener("layout", () => {
    const all = [...bench.components.values()].filter((each) => each.modes.length);
    refill(tag, [nothing, ...all.map((each) => new Option(`${each.tag} · ${bench.text(each.text)}`, each.tag))]);
    fillModes();
  });
  tag.addEventListener("change", fillModes);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const evidence = [...document.querySelectorAll("#evidence input:checked")].map((each) => Number(/** @type {HTMLInputElement} */ (each).value));
    bench.act("declare", { tag: tag.value || null, mode: tag.value ? mode.value : null, evidence });
  });
  bench.addEventListener("state", () => {
    evidence(bench);
    declared(bench);
  });
  acceptance(bench);
}

/** @param {Bench} bench */
function evidence(bench) {
  const holder = byId("evidence");
  const notes = bench.state.notebook ?? [];
  const signature = JSON.stringify(notes);
  if (holder.dataset.signature === signature) return;
  holder.dataset.signature = signature;
  const kept = new Set([...holder.querySelectorAll("input:checked")].map((each) => /** @type {HTMLInputElement} */ (each).value));
  if (!notes.length) {
    holder.replaceChildren(make("p", bench.t("no_evidence"), "muted"));
    return;
  }
  holder.replaceChildren(
    ...notes.map((/** @type {any} */ note) => {
      const label = make("label", "", "evidence-line");
      const box = make("input");
      box.type = "checkbox";
      box.value = String(note.line);
      box.checked = kept.has(box.value);
      label.append(box, ` ${bench.pair(bench.t("line", { number: note.line }), [note.check, note.reading].filter(Boolean).join(" → ") || note.hypothesis)}`);
      return label;
    }),
  );
}

/** @param {Bench} bench */
function declared(bench) {
  const box = byId("declared");
  const cause = bench.state.declared;
  box.hidden = !cause;
  if (!cause) return;
  const component = bench.components.get(cause.tag);
  const mode = component?.modes.find((each) => each.id === cause.mode);
  const words = cause.tag ? `${cause.tag}, ${bench.text(mode?.text) || cause.mode}` : bench.t("no_fault");
  write(box, bench.t("declared", { cause: words }));
}

/** @param {Bench} bench */
function acceptance(bench) {
  byId("acceptance-form").addEventListener("submit", (event) => {
    event.preventDefault();
    bench.act("acceptance", { parts: Number(/** @type {HTMLInputElement} */ (byId("acceptance-parts")).value) });
  });
  const box = byId("acceptance");
  const progress = /** @type {HTMLProgressElement} */ (byId("acceptance-progress"));
  let shown = "";
  bench.painters.push((frame) => {
    const run = frame.a;
    box.hidden = !run;
    if (!run) return;
    const signature = `${run.good} ${run.bad} ${run.state} ${run.wanted}`;
    if (signature === shown) return;
    const changed = shown.split(" ")[2] !== run.state;
    shown = signature;
    progress.max = run.wanted;
    progress.value = run.good;
    box.dataset.state = run.state;
    const counted = bench.t("good_of", { ...run, good_parts: bench.data.counted.good, bad_parts: bench.data.counted.bad });
    write(byId("acceptance-text"), `${bench.text(run.text) || bench.t(run.state)} (${counted})`);
    if (!changed) return;
    bench.speaker.say(bench.t(run.state));
    bench.state = { ...bench.state, acceptance: run };
    bench.dispatchEvent(new Event("state"));
  });
}
