// Speaks to screen readers through one polite live region: at most one message per 1.5 s, the rest is put together.

const PAUSE_MS = 1500;

export class Speaker {
  /** @param {HTMLElement} region element with aria-live */
  constructor(region) {
    this.region = region;
    /** @type {string[]} */
    this.waiting = [];
    this.last = -Infinity;
    this.timer = 0;
  }

  /** @param {string} text */
  say(text) {
    if (!text || this.waiting.includes(text)) return;
    this.waiting.push(text);
    if (this.timer) return;
    const wait = Math.max(0, this.last + PAUSE_MS - performance.now());
    this.timer = window.setTimeout(() => this.speak(), wait);
  }

  speak() {
    this.timer = 0;
    this.last = performance.now();
    this.region.textContent = this.waiting.slice(-3).join(" ");
    this.waiting = [];
  }
}
