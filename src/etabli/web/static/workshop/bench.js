// The bench page: puts its parts together and opens the live link.

import { startChart } from "./chart.js";
import { startComponent } from "./component.js";
import { startConclude } from "./conclude.js";
import { Bench, byId } from "./core.js";
import { startDocuments } from "./documents.js";
import { startHead } from "./head.js";
import { startLockout } from "./lockout.js";
import { startMeasure } from "./measure.js";
import { startNotebook } from "./notebook.js";
import { startObserve, startSimpleActions } from "./observe.js";
import { startPanel } from "./panel.js";
import { startPlc } from "./plc.js";
import { startSheets } from "./sheets.js";
import { Tabs } from "./tabs.js";

const bench = new Bench(JSON.parse(byId("bench-data").textContent ?? "{}"));
const views = new Tabs(byId("view-tabs"));
const drawer = new Tabs(byId("drawer-tabs"));
bench.addEventListener("drawer", (event) => drawer.open(/** @type {CustomEvent} */ (event).detail));
bench.addEventListener("view", (event) => views.open(/** @type {CustomEvent} */ (event).detail));

startSimpleActions(bench);
startHead(bench);
startObserve(bench);
startComponent(bench);
startMeasure(bench);
startLockout(bench);
startNotebook(bench);
startConclude(bench);
startPanel(bench);
startPlc(bench);
startChart(bench);
startDocuments(bench);
startSheets(bench, views);
twoViews();
bench.link.open();

/** On a wide screen, the view shown before stays beside the new one. */
function twoViews() {
  const button = byId("split");
  const panes = byId("panes");
  const wide = matchMedia("(min-width: 1280px)");
  const place = () => {
    const split = button.getAttribute("aria-pressed") === "true" && wide.matches;
    panes.classList.toggle("split", split);
    for (const tab of views.tabs) {
      const panel = views.panel(tab);
      const second = split && tab === views.previous;
      panel.hidden = tab !== views.current && !second;
      panel.classList.toggle("second", second);
    }
    if (split) views.dispatchEvent(new CustomEvent("beside", { detail: views.previous.dataset.view ?? "" }));
  };
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    place();
  });
  views.addEventListener("show", place);
  wide.addEventListener("change", place);
}
