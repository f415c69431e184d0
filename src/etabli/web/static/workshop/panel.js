// View "Pupitre": the same commands as the drawing, as plain buttons.

import { controlRow, panelItem } from "./component.js";
import { byId } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

/** @param {Bench} bench */
export function startPanel(bench) {
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
