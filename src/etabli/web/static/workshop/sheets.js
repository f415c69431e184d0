// Drawings in the tabs: loaded when first shown, zoomed, brought to life by the binder, tied to the selection and probes.

import { make } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {import("./tabs.js").Tabs} Tabs */

/** @param {Bench} _bench @param {Tabs} _views */
export function startSheets(_bench, _views) {
  make("span");
}
