// View "Chronogramme": channels that can be seen or that are measured, on one time axis; the same values as a table.

import uPlot from "uplot";

import { byId, make } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */

const MOST = 16;
const KEPT_S = 65;
const TABLE_ROWS = 20;
const TABLE_STEP_S = 0.5;
const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3]];
const LANE = 1.25;

/** @param {Bench} bench */
export function startChart(bench) {
  new Chart(bench);
}

class Chart {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.holder = byId("chart");
    /** @type {string[]} */
    this.channels = [];
    /** Rows [t, v1…], newest last; null where nothing may be read. @type {(number | null)[][]} */
    this.rows = [];
    this.frozen = false;
    this.table = false;
    /** @type {any} */
    this.plot = null;
    this.lastTable = 0;
    bench.addEventListener("layout", () => this.list());
    bench.recorders.push((rows) => this.record(rows));
    bench.painters.push(() => this.draw());
    /** Choices sent and not answered yet: the boxes are those of the hand until then. */
    this.asked = 0;
    bench.link.addEventListener("C", (event) => {
      if (!this.asked) this.chosen(/** @type {CustomEvent} */ (event).detail.channels);
    });
    byId("chart-pause").addEventListener("click", () => this.freeze());
    byId("chart-table-button").addEventListener("click", () => this.showTable());
    byId("chart-filter").addEventListener("input", () => this.filter());
    byId("chart-channels").addEventListener("change", () => this.choose());
    document.addEventListener("etabli:theme", () => this.rebuild());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.rebuild());
    new ResizeObserver(() => this.resize()).observe(this.holder);
  }

  get visible() {
    return this.holder.offsetParent !== null || this.table;
  }

  list() {
    const sources = { seen: "seen", console: "console_channels", instrument: "instrument" };
    const all = this.bench.layout?.chronogram ?? [];
    const groups = Object.entries(sources).map(([source, text]) => {
      const found = all.filter((/** @type {any} */ each) => each.source === source);
      if (!found.length) return null;
      const group = make("div", "", "channel-group");
      group.append(make("p", this.bench.t(text), "channel-source"));
      group.append(...found.map((/** @type {any} */ each) => this.box(each)));
      return group;
    });
    byId("chart-channels").replaceChildren(.../** @type {HTMLElement[]} */ (groups.filter(Boolean)));
    // After a reconnection the server may have restarted: ask again for what is shown.
    if (this.channels.length) this.choose();
  }

  /** @param {{id: string, text?: any}} channel */
  box(channel) {
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.value = channel.id;
    box.checked = this.channels.includes(channel.id);
    label.append(box, ` ${this.name(channel.id)}`);
    label.title = this.bench.text(this.bench.components.get(channel.id.split(".")[0])?.text);
    return label;
  }

  /** @param {string} id */
  name(id) {
    const known = this.bench.layout?.chronogram.find((/** @type {any} */ each) => each.id === id);
    if (known?.text) return this.bench.text(known.text);
    return known?.source === "instrument" ? this.bench.t(id === "multimeter" ? "meter" : id) : id;
  }

  async choose() {
    const boxes = [...byId("chart-channels").querySelectorAll("input")];
    const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
    if (wanted.length > MOST) {
      this.bench.tell("refused", this.bench.t("too_many"));
      this.chosen(this.channels);
      return;
    }
    this.asked += 1;
    const answer = await this.bench.ask("chronogram", { channels: wanted });
    this.asked -= 1;
    if (this.asked) return; // a newer choice is on its way
    if (!answer) {
      this.chosen(this.channels);
      return;
    }
    this.chosen(wanted);
    const history = wanted.length ? await this.bench.ask("history", { since: 0 }) : null;
    if (history && history.channels.join() === this.channels.join()) this.rows = history.rows;
    this.draw();
  }

  /** Another page may have chosen: both show the same. @param {string[]} channels */
  chosen(channels) {
    if (channels.join() !== this.channels.join()) {
      this.channels = channels;
      this.rows = [];
    }
    for (const box of byId("chart-channels").querySelectorAll("input")) box.checked = channels.includes(box.value);
    byId("chart-empty").hidden = channels.length > 0;
    this.rebuild();
  }

  /** @param {number[][]} rows */
  record(rows) {
    for (const row of rows) {
      if (row.length !== this.channels.length + 1) return;
      if (Number(row[0]) < this.newest) this.rows = []; // the machine was reset
      this.rows.push(row);
    }
    const first = this.rows.findIndex((row) => Number(row[0]) >= this.newest - KEPT_S);
    if (first > 500) this.rows.splice(0, first);
  }

  rebuild() {
    this.plot?.destroy();
    this.plot = null;
    this.draw();
  }

  make() {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--text").trim() || "#888";
    const probe = make("span");
    this.holder.append(probe);
    /** Canvas wants a computed colour, not light-dark(). @param {string} name */
    const colour = (name) => {
      probe.style.setProperty("color", `var(${name})`);
      return getComputedStyle(probe).color;
    };
    const text = colour("--text") || ink;
    const line = colour("--line");
    const series = this.channels.map((id, index) => ({
      label: this.name(id),
      stroke: colour(COLOURS[index % COLOURS.length]),
      dash: DASHES[Math.floor(index / COLOURS.length) % DASHES.length],
      width: 2,
      points: { show: false },
      value: (/** @type {any} */ _plot, /** @type {number} */ _value, /** @type {number} */ _series, /** @type {number | null} */ at) =>
        at === null ? "–" : this.cell(this.shown[at]?.[index + 1] ?? null),
    }));
    const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px sans-serif" };
    const count = this.channels.length;
    const names = this.channels.map((id) => this.name(id));
    this.plot = new uPlot(
      {
        width: Math.max(200, this.holder.clientWidth),
        height: this.height(),
        scales: { x: { time: false }, y: { range: () => [-0.15, count * LANE] } },
        series: [{ label: this.bench.t("time_s"), value: (/** @type {any} */ _plot, /** @type {number} */ value) => (value === null ? "–" : this.bench.format.number(value, 2)) }, ...series],
        axes: [
          { ...axis, values: (/** @type {any} */ _plot, /** @type {number[]} */ ticks) => ticks.map((tick) => this.bench.format.number(tick, tick % 1 ? 1 : 0)) },
          {
            ...axis,
            size: 120,
            splits: () => names.map((_name, index) => (count - 1 - index) * LANE + 0.5),
            values: () => names.map((name) => (name.length > 17 ? `${name.slice(0, 16)}…` : name)),
            grid: { show: false },
          },
        ],
        cursor: { drag: { x: false, y: false } },
      },
      /** @type {import("uplot").AlignedData} */ (this.data()),
      this.holder,
    );
    probe.remove();
  }

  height() {
    return Math.max(180, Math.min(640, 60 + this.channels.length * 46));
  }

  /** Machine time of the last row, s. */
  get newest() {
    return Number(this.rows.at(-1)?.[0] ?? -1);
  }

  /** @returns {(number | null)[][]} rows on screen */
  get shown() {
    const span = Number(/** @type {HTMLSelectElement} */ (byId("chart-span")).value);
    const first = this.rows.findIndex((row) => Number(row[0]) >= this.newest - span);
    return first <= 0 ? this.rows : this.rows.slice(first);
  }

  /** Each channel on its own lane, scaled to its own range when it is not 0…1. */
  data() {
    const rows = this.shown;
    const columns = [rows.map((row) => row[0])];
    for (let index = 0; index < this.channels.length; index += 1) {
      let least = 0;
      let most = 1;
      for (const row of rows) {
        const value = row[index + 1];
        if (value === null) continue;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      const lane = (this.channels.length - 1 - index) * LANE;
      // null: an instrument that is off, a console that is not plugged; the line stops there.
      columns.push(rows.map((row) => (row[index + 1] === null ? null : lane + (Number(row[index + 1]) - least) / (most - least))));
    }
    return columns;
  }

  draw() {
    if (this.frozen || !this.visible) return;
    if (!this.channels.length) {
      this.plot?.destroy();
      this.plot = null;
      return;
    }
    if (!this.plot) this.make();
    else this.plot.setData(this.data());
    if (this.table) this.fillTable();
  }

  resize() {
    if (this.plot && this.holder.clientWidth) this.plot.setSize({ width: this.holder.clientWidth, height: this.height() });
  }

  freeze() {
    this.frozen = !this.frozen;
    const button = byId("chart-pause");
    button.setAttribute("aria-pressed", String(this.frozen));
    button.textContent = this.bench.t(this.frozen ? "follow" : "freeze");
    this.draw();
  }

  showTable() {
    this.table = !this.table;
    byId("chart-table").hidden = !this.table;
    this.holder.hidden = this.table;
    byId("chart-table-button").setAttribute("aria-pressed", String(this.table));
    this.lastTable = 0;
    this.draw();
    if (!this.table) this.resize();
  }

  /** The last values, one line every half second: rewritten twice a second at most, so that it can be read. */
  fillTable() {
    const now = performance.now();
    if (now - this.lastTable < 500) return;
    this.lastTable = now;
    const head = make("tr");
    head.append(...[this.bench.t("time_s"), ...this.channels.map((id) => this.name(id))].map((text) => {
      const cell = make("th", text);
      cell.scope = "col";
      return cell;
    }));
    byId("chart-head").replaceChildren(head);
    const picked = [];
    let next = Infinity;
    for (let index = this.rows.length - 1; index >= 0 && picked.length < TABLE_ROWS; index -= 1) {
      const time = Number(this.rows[index][0]);
      if (time > next) continue;
      picked.push(this.rows[index]);
      next = time - TABLE_STEP_S;
    }
    byId("chart-rows").replaceChildren(
      ...picked.map((row) => {
        const line = make("tr");
        line.append(...row.map((value) => make("td", this.cell(value), "number")));
        return line;
      }),
    );
  }

  /** @param {number | null} value */
  cell(value) {
    return value === null ? "–" : this.bench.format.number(value, 2);
  }

  filter() {
    const wanted = /** @type {HTMLInputElement} */ (byId("chart-filter")).value.trim().toLowerCase();
    for (const label of byId("chart-channels").querySelectorAll("label")) {
      label.hidden = wanted !== "" && !(label.textContent ?? "").toLowerCase().includes(wanted);
    }
  }
}
