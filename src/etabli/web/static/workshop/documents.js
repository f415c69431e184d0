// View "Documents": texts of the machine, loaded when they are asked for.

import { byId, make } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

/** @param {Bench} bench */
export function startDocuments(bench) {
  const holder = byId("document");
  const buttons = [...document.querySelectorAll("[data-document]")].map((each) => /** @type {HTMLElement} */ (each));
  for (const button of buttons) {
    button.addEventListener("click", async () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      try {
        const answer = await fetch(button.dataset.document ?? "");
        if (!answer.ok) throw new Error(String(answer.status));
        holder.innerHTML = await answer.text(); // made by our own server from files of the machine, without raw HTML
        holder.focus();
      } catch {
        holder.replaceChildren(make("p", bench.t("document_failed"), "notice error"));
      }
    });
  }
}
