// View "Pupitre": the same commands as the drawing, as plain buttons.

import { controlRow, panelItem } from "./component.js";
import { byId } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

/** @param {Bench} bench */
export function startPanel(bench) {
  operatorAtWork(bench);
  const holder = byId("panel-commands");
  bench.addEventListener("state", () => {
    const controls = (bench.layout?.controls ?? []).filter((each) => panelItem(bench, each));
    const signature = controls.map((each) => bench.state.controls?.[`${each.tag}.${each.control}`]).join();
    if (holder.dataset.signature === signature) return;
    holder.dataset.signature = signature;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.control;
    holder.replaceChildren(...controls.map((control) => controlRow(bench, control)));
    if (focused) /** @type {HTMLElement | null} */ (holder.querySelector(`[data-control="${focused}"]`))?.focus();
  });
}

/** The operator repeats the gestures of production, on a machine that needs hands. @param {Bench} bench */
function operatorAtWork(bench) {
  const box = byId("operator-work");
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (box.querySelectorAll("button"));
  for (const button of buttons) {
    button.addEventListener("click", () => bench.act("produce", { on: Boolean(button.dataset.on) }));
  }
  bench.addEventListener("state", () => {
    box.hidden = !bench.layout?.works;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(Boolean(button.dataset.on) === Boolean(bench.state.producing)));
    }
  });
}
