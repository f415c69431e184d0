// The catalogue filters while one types; without this script the form does the same on the server.

/** @param {string} text */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

const form = /** @type {HTMLFormElement} */ (document.querySelector(".catalogue-search"));
const field = /** @type {HTMLInputElement} */ (form.querySelector("#q"));
const technology = /** @type {HTMLSelectElement} */ (form.querySelector("#technologie"));
const count = /** @type {HTMLElement} */ (form.querySelector(".catalogue-count"));
const none = /** @type {HTMLElement} */ (document.querySelector(".catalogue-none"));
const groups = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".catalogue-group"))];
// What the server left out cannot come back by hiding less: then the form goes to the server again.
const whole = field.value === "" && technology.value === "";

const filter = () => {
  const sought = folded(field.value);
  let shown = 0;
  for (const group of groups) {
    const wanted = technology.value === "" || technology.value === group.dataset.technology;
    let here = 0;
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (group.querySelectorAll(".catalogue-card"))) {
      card.hidden = !(wanted && (card.dataset.search ?? "").includes(sought));
      here += Number(!card.hidden);
    }
    group.hidden = here === 0;
    shown += here;
  }
  none.hidden = shown > 0;
  const words = (shown === 1 ? count.dataset.one : count.dataset.many) ?? "";
  count.textContent = words.replace("{count}", String(shown));
};

if (whole) {
  field.addEventListener("input", filter);
  technology.addEventListener("change", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  if (field.value || technology.value) filter(); // the browser put back what was typed before
}
