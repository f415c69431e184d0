// Drawer "Mesurer": the instruments, their dial, leads and points; the display above the drawer.

import { byId, find, make, refill, write } from "./core.js";

/** @typedef {import("./core.js").Bench} Bench */
/** @typedef {import("./core.js").Frame} Frame */

const DIAL = ["off", "vdc", "vac", "ohm", "beep", "adc"];
/** Engraved on every multimeter, in every language. @type {Record<string, string>} */
const ENGRAVED = { off: "OFF", vdc: "V", vac: "V~", ohm: "Ω", beep: "·))", adc: "A", aac: "A~", diode: "▶|" };
const FIRST_ANGLE = -125;
const LAST_ANGLE = 125;
const BLANK = "– – –";

/** @param {Bench} bench */
export function startMeasure(bench) {
  chooseInstrument(bench);
  dial(bench);
  leads(bench);
  otherInstruments(bench);
  display(bench);
}

/** @param {Bench} bench */
function chooseInstrument(bench) {
  const choice = byId("instrument-choice");
  const show = () => {
    const chosen = find(choice, "input:checked", HTMLInputElement).value;
    for (const part of document.querySelectorAll("[data-instrument]")) {
      /** @type {HTMLElement} */ (part).hidden = /** @type {HTMLElement} */ (part).dataset.instrument !== chosen;
    }
  };
  choice.addEventListener("change", show);
  bench.addEventListener("instrument", (event) => {
    find(choice, `input[value=${/** @type {CustomEvent} */ (event).detail}]`, HTMLInputElement).checked = true;
    show();
  });
}

/** @param {Bench} bench */
function dial(bench) {
  const holder = byId("dial-positions");
  const knob = find(byId("dial"), ".dial-knob", HTMLElement);
  bench.addEventListener("layout", () => {
    const positions = bench.layout?.dial ?? DIAL.map((id) => ({ id, text: ENGRAVED[id] }));
    holder.replaceChildren(
      ...positions.map((/** @type {any} */ position, /** @type {number} */ index) => {
        const label = make("label", "", "dial-position");
        const radio = make("input");
        radio.type = "radio";
        radio.name = "dial";
        radio.value = position.id;
        radio.setAttribute("aria-label", bench.text(position.text) || position.id);
        // The sign of direct current (a line over a dashed line) is in few fonts: the style sheet draws it.
        const engraved = make("span", ENGRAVED[position.id] ?? position.id, position.id.endsWith("dc") ? "dc" : "");
        engraved.setAttribute("aria-hidden", "true");
        label.title = bench.text(position.text);
        label.append(radio, engraved);
        label.style.setProperty("--angle", `${angle(index, positions.length)}deg`);
        return label;
      }),
    );
  });
  holder.addEventListener("change", () => {
    bench.act("dial", { position: find(holder, "input:checked", HTMLInputElement).value }, { quiet: true });
  });
  bench.addEventListener("state", () => {
    const meter = bench.state.instruments?.multimeter;
    if (!meter) return;
    const radios = [...holder.querySelectorAll("input")];
    const index = radios.findIndex((radio) => radio.value === meter.dial);
    if (index >= 0) {
      radios[index].checked = true;
      knob.style.setProperty("--angle", `${angle(index, radios.length)}deg`);
    }
    const jack = document.querySelector(`input[name=jack][value=${meter.jack}]`);
    if (jack instanceof HTMLInputElement) jack.checked = true;
    write(byId("meter-fuse-state"), bench.t(meter.fuse === "ok" ? "fuse_ok" : "fuse_blown"));
  });
  for (const radio of document.querySelectorAll("input[name=jack]")) {
    radio.addEventListener("change", () => bench.act("jack", { jack: /** @type {HTMLInputElement} */ (radio).value }, { quiet: true }));
  }
}

/** @param {number} index @param {number} count */
function angle(index, count) {
  return FIRST_ANGLE + ((LAST_ANGLE - FIRST_ANGLE) * index) / Math.max(1, count - 1);
}

/** The probe that a click on a drawing puts down. @returns {"red" | "black"} */
export function activeProbe() {
  return document.querySelector("input[name=probe][value=black]:checked") ? "black" : "red";
}

/** Put a probe down, and make the other one active: two clicks are a measurement.
 * @param {Bench} bench @param {"red" | "black"} probe @param {string | null} point
 */
export async function placeProbe(bench, probe, point) {
  if (point) takeProbe(probe === "red" ? "black" : "red"); // at once: the second click may come before the answer
  const done = await bench.act("probe", { [probe]: point || null }, { quiet: true });
  if (done?.ok) bench.speaker.say(point ? bench.t(`probe_${probe}_on`, { point }) : bench.t("lifted"));
  else if (point) takeProbe(probe);
}

/** @param {"red" | "black"} probe */
function takeProbe(probe) {
  const radio = document.querySelector(`input[name=probe][value=${probe}]`);
  if (radio instanceof HTMLInputElement) radio.checked = true;
}

/** Where a click on a point of a drawing goes: the instrument in hand decides. @param {Bench} bench @param {string} point */
export function clickPoint(bench, point) {
  const has = (/** @type {string} */ kind) => bench.layout?.points[kind]?.includes(point) ?? false;
  if (has("pneumatic")) {
    bench.dispatchEvent(new CustomEvent("instrument", { detail: "gauge" }));
    return bench.act("gauge", { point });
  }
  if (has("rotation")) {
    bench.dispatchEvent(new CustomEvent("instrument", { detail: "tachometer" }));
    return bench.act("tachometer", { point });
  }
  if (has("electrical") || point.startsWith("W")) return placeProbe(bench, activeProbe(), point);
  return null;
}

/** @param {Bench} bench */
function leads(bench) {
  const red = /** @type {HTMLSelectElement} */ (byId("probe-red"));
  const black = /** @type {HTMLSelectElement} */ (byId("probe-black"));
  bench.addEventListener("layout", () => fillPoints(bench));
  red.addEventListener("change", () => placeProbe(bench, "red", red.value));
  black.addEventListener("change", () => placeProbe(bench, "black", black.value));
  byId("probes-swap").addEventListener("click", () => {
    const meter = bench.state.instruments?.multimeter ?? {};
    bench.act("probe", { red: meter.black ?? null, black: meter.red ?? null }, { quiet: true });
  });
  byId("probes-lift").addEventListener("click", () => bench.act("probe", { red: null, black: null }, { quiet: true }));
  bench.addEventListener("state", () => {
    const meter = bench.state.instruments?.multimeter ?? {};
    loosePoints(bench, [red, black]);
    red.value = meter.red ?? "";
    black.value = meter.black ?? "";
    write(byId("display-red"), meter.red ?? bench.t("lifted"));
    write(byId("display-black"), meter.black ?? bench.t("lifted"));
  });
}

/** An instrument without any point to go on (a pressure gauge on a machine without fluid) is not proposed.
 * @param {HTMLSelectElement} select @param {string[]} points
 */
function hideUseless(select, points) {
  const form = select.closest("form[data-instrument]");
  if (!(form instanceof HTMLElement)) return;
  const choice = document.querySelector(`input[name=instrument][value=${form.dataset.instrument}]`);
  const label = choice?.closest("label");
  if (label instanceof HTMLElement) label.hidden = !points.length;
}

/** @param {Bench} bench */
function fillPoints(bench) {
  for (const list of document.querySelectorAll("select.point-choice")) {
    const select = /** @type {HTMLSelectElement} */ (list);
    const points = bench.layout?.points[select.dataset.domain ?? ""] ?? [];
    hideUseless(select, points);
    const fixed = [...select.options].filter((option) => option.value === "" || option.value === "PE");
    /** @type {Map<string, HTMLOptGroupElement>} */
    const groups = new Map();
    const places = new Map((bench.layout?.spots ?? []).map((/** @type {any} */ spot) => [spot.id, bench.text(spot.text)]));
    for (const point of points) {
      const tag = point.split(/[:/]/)[0];
      let group = groups.get(tag);
      if (!group) {
        group = document.createElement("optgroup");
        const text = bench.text(bench.components.get(tag)?.text);
        group.label = text ? `${tag} · ${text}` : tag;
        groups.set(tag, group);
      }
      group.append(new Option(places.has(point) ? `${tag} · ${places.get(point)}` : point, point));
    }
    refill(select, [...fixed, ...groups.values()]);
  }
}

/** Loose ends of wires can be probed too. @param {Bench} bench @param {HTMLSelectElement[]} lists */
function loosePoints(bench, lists) {
  const loose = (bench.state.disconnected ?? []).map((/** @type {any} */ each) => each.loose);
  for (const list of lists) {
    for (const old of [...list.querySelectorAll("option[data-loose]")]) {
      if (!loose.includes(/** @type {HTMLOptionElement} */ (old).value)) old.remove();
    }
    for (const point of loose) {
      if ([...list.options].some((option) => option.value === point)) continue;
      const option = new Option(point, point);
      option.dataset.loose = "1";
      list.append(option);
    }
  }
}

/** @param {Bench} bench */
function otherInstruments(bench) {
  const clamp = /** @type {HTMLSelectElement} */ (byId("clamp-wire"));
  const nothing = clamp.options[0];
  bench.addEventListener("layout", () => {
    const wires = [...bench.conductors.values()].filter((each) => each.kind === "wire");
    refill(clamp, [nothing, ...wires.map((wire) => new Option(`${wire.tag} (${wire.number}) · ${wire.a} – ${wire.b}`, wire.tag))]);
  });
  clamp.addEventListener("change", () => bench.act("clamp", { wire: clamp.value || null }));
  const gauge = /** @type {HTMLSelectElement} */ (byId("gauge-point"));
  gauge.addEventListener("change", () => bench.act("gauge", { point: gauge.value || null }));
  const tachometer = /** @type {HTMLSelectElement} */ (byId("tachometer-point"));
  tachometer.addEventListener("change", () => bench.act("tachometer", { point: tachometer.value || null }));
  bench.addEventListener("state", () => {
    const instruments = bench.state.instruments ?? {};
    clamp.value = instruments.clamp?.wire ?? "";
    gauge.value = instruments.gauge?.point ?? "";
    tachometer.value = instruments.tachometer?.point ?? "";
  });
  flowMeter(bench);
  thermometer(bench);
  vibrometer(bench);
  for (const form of document.querySelectorAll("form[data-instrument]")) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  byId("vat-form").addEventListener("submit", () => {
    const first = /** @type {HTMLSelectElement} */ (byId("vat-first")).value;
    const second = /** @type {HTMLSelectElement} */ (byId("vat-second")).value;
    bench.act("vat", { first, second });
  });
}

/** An instrument that physics may refuse (an accident) stays where the bench says that it is.
 * @param {Bench} bench @param {HTMLSelectElement} list @param {string} name @param {Record<string, string | null>} given
 */
async function place(bench, list, name, given) {
  await bench.act(name, given);
  const instrument = bench.state.instruments?.[name] ?? {};
  list.value = instrument.point ?? instrument.tube ?? "";
}

/** @param {Bench} bench */
function flowMeter(bench) {
  const list = /** @type {HTMLSelectElement} */ (byId("flowmeter-tube"));
  const nothing = list.options[0];
  bench.addEventListener("layout", () => {
    const tubes = [...bench.conductors.values()].filter((each) => each.kind === "tube");
    refill(list, [nothing, ...tubes.map((tube) => new Option(`${tube.tag} · ${tube.a} – ${tube.b}`, tube.tag))]);
    hideUseless(list, tubes.map((tube) => tube.tag));
  });
  list.addEventListener("change", () => place(bench, list, "flowmeter", { tube: list.value || null }));
  bench.addEventListener("state", () => {
    list.value = bench.state.instruments?.flowmeter?.tube ?? "";
  });
}

/** @param {Bench} bench */
function thermometer(bench) {
  const list = /** @type {HTMLSelectElement} */ (byId("thermometer-point"));
  const mode = () => find(byId("thermometer-form"), "input[name=thermometer-mode]:checked", HTMLInputElement).value;
  const measure = () => place(bench, list, "thermometer", { point: list.value || null, mode: mode() });
  list.addEventListener("change", measure);
  for (const radio of document.querySelectorAll("input[name=thermometer-mode]")) {
    radio.addEventListener("change", () => (list.value ? measure() : null));
  }
  bench.addEventListener("state", () => {
    const instrument = bench.state.instruments?.thermometer ?? {};
    list.value = instrument.point ?? "";
    if (!instrument.point) return; // the choice of the hand stands until the instrument is used
    find(byId("thermometer-form"), `input[value=${instrument.mode}]`, HTMLInputElement).checked = true;
  });
}

/** @param {Bench} bench */
function vibrometer(bench) {
  const list = /** @type {HTMLSelectElement} */ (byId("vibrometer-point"));
  list.addEventListener("change", () => place(bench, list, "vibrometer", { point: list.value || null }));
  bench.addEventListener("state", () => {
    list.value = bench.state.instruments?.vibrometer?.point ?? "";
  });
}

/** A reading as people write it: 23,94 V. @param {Bench} bench @param {string} shown @param {string} unit @param {string} status */
export function reading(bench, shown, unit, status) {
  if (status === "ol") return `OL`;
  if (status === "off" || shown === "") return BLANK;
  const minus = shown.replace(/^-(?=0(\.0*)?$)/, "").replace("-", "\u2212"); // no "-0.00"
  const comma = bench.language === "fr" ? minus.replace(".", ",") : minus;
  return unit ? `${comma}\u202f${unit}` : comma;
}

/** The instrument in hand; the display stays the multimeter's for one that shows no value. @param {Bench} bench */
function inHand(bench) {
  const chosen = find(byId("instrument-choice"), "input:checked", HTMLInputElement).value;
  return chosen in placesOf(bench) ? chosen : "multimeter";
}

/** What stands on the first line of the display: the instrument, and its dial or its place.
 * @param {Bench} bench @param {string} name
 */
function displayTitle(bench, name) {
  const own = name === "multimeter";
  write(byId("display-instrument"), bench.t(own ? "meter" : name));
  find(document, ".display-points", HTMLElement).hidden = !own;
  const dial = bench.state.instruments?.multimeter?.dial ?? "off";
  const turned = bench.layout?.dial?.find((/** @type {any} */ position) => position.id === dial);
  write(byId("display-mode"), own ? bench.text(turned?.text) || (ENGRAVED[dial] ?? "") : placesOf(bench)[name] || bench.t("not_placed"));
}

/** @param {Bench} bench */
function display(bench) {
  const value = byId("display-value");
  const unit = byId("display-unit");
  const list = byId("readings");
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  bench.painters.push((frame) => {
    const hand = inHand(bench);
    displayTitle(bench, hand);
    const meter = frame.m.find((each) => each[0] === hand);
    const [, shown = "", unitText = "", status = "off"] = meter ?? [];
    write(value, reading(bench, shown, "", status));
    write(unit, status === "ok" || status === "unstable" || status === "beep" ? unitText : statusText(bench, status));
    const others = frame.m.filter((each) => each[0] !== "multimeter" || status !== "off");
    for (const [name, line] of lines) if (!others.some((each) => each[0] === name)) line.remove(), lines.delete(name);
    for (const [name, text, itsUnit, itsStatus] of others) {
      let line = lines.get(name);
      if (!line) {
        line = make("li");
        lines.set(name, line);
        list.append(line);
      }
      const note = statusText(bench, itsStatus);
      const title = bench.t(name === "multimeter" ? "meter" : name);
      write(line, bench.pair(title, `${reading(bench, text, itsUnit, itsStatus)}${note ? ` (${note})` : ""}`));
    }
  });
  byId("reading-to-notebook").addEventListener("click", () => {
    bench.dispatchEvent(new CustomEvent("drawer", { detail: "notebook" }));
    bench.dispatchEvent(new Event("insert-reading"));
  });
}

/** @param {Bench} bench @param {string} status */
function statusText(bench, status) {
  return status === "ok" || status === "off" ? "" : bench.t(`status_${status}`);
}

/** Where each instrument that shows a value is, as a person reads it. @param {Bench} bench @returns {Record<string, string>} */
function placesOf(bench) {
  const instruments = bench.state.instruments ?? {};
  const spots = bench.layout?.spots ?? [];
  /** @param {string | null | undefined} id */
  const spot = (id) => {
    const found = spots.find((/** @type {any} */ each) => each.id === id);
    return found ? `${found.id.split("/")[0]} · ${bench.text(found.text)}` : (id ?? "");
  };
  return {
    multimeter: [instruments.multimeter?.red, instruments.multimeter?.black].filter(Boolean).join(" / "),
    clamp: instruments.clamp?.wire ?? "",
    gauge: instruments.gauge?.point ?? "",
    tachometer: instruments.tachometer?.point ?? "",
    flowmeter: instruments.flowmeter?.tube ?? "",
    thermometer: spot(instruments.thermometer?.point),
    vibrometer: spot(instruments.vibrometer?.point),
  };
}

/** The readings in place as one text for the notebook, with their points. @param {Bench} bench */
export function readingsText(bench) {
  const places = placesOf(bench);
  return (bench.frame?.m ?? [])
    .filter((each) => each[3] !== "off" && places[each[0]])
    .map(([name, shown, unit, status]) => `${reading(bench, shown, unit, status)} (${places[name]})`)
    .join(" ; ");
}
