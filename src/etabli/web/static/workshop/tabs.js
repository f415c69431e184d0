// Tabs with the keyboard habits of the ARIA practices: arrows move, Home and End jump, Tab goes into the panel.

export class Tabs extends EventTarget {
  /** @param {HTMLElement} list element with role="tablist" */
  constructor(list) {
    super();
    /** @type {HTMLElement[]} */
    this.tabs = [...list.querySelectorAll("[role=tab]")].map((tab) => /** @type {HTMLElement} */ (tab));
    list.addEventListener("click", (event) => {
      const tab = /** @type {HTMLElement} */ (event.target).closest("[role=tab]");
      if (tab) this.show(/** @type {HTMLElement} */ (tab));
    });
    list.addEventListener("keydown", (event) => this.key(event));
    this.current = this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true") ?? this.tabs[0];
    this.previous = this.tabs.find((tab) => tab !== this.current) ?? this.current;
  }

  /** @param {HTMLElement} tab */
  panel(tab) {
    return /** @type {HTMLElement} */ (document.getElementById(tab.getAttribute("aria-controls") ?? ""));
  }

  /** @param {HTMLElement} tab */
  show(tab) {
    if (tab !== this.current) this.previous = this.current;
    this.current = tab;
    for (const other of this.tabs) {
      const selected = other === tab;
      other.setAttribute("aria-selected", String(selected));
      other.tabIndex = selected ? 0 : -1;
      this.panel(other).hidden = !selected;
    }
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.dispatchEvent(new CustomEvent("show", { detail: tab.dataset.view ?? "" }));
  }

  /** @param {string} view value of data-view */
  open(view) {
    const tab = this.tabs.find((each) => each.dataset.view === view);
    if (tab) this.show(tab);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    const last = this.tabs.length - 1;
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.show(this.tabs[target]);
    this.tabs[target].focus();
  }
}
