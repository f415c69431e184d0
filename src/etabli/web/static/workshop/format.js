// Numbers as the language of the page writes them.

const THIN = "\u202f";

/** @param {string} language */
export function formats(language) {
  const plain = new Map();
  /** @param {number} digits */
  const format = (digits) => {
    let known = plain.get(digits);
    if (!known) {
      known = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      plain.set(digits, known);
    }
    return known;
  };
  /** Never "-0.00". @param {number} value @param {number} digits */
  const number = (value, digits) => format(digits).format(Number(value.toFixed(digits)) || 0);
  return {
    /** @param {number} value @param {number} digits */
    number: (value, digits = 2) => number(value, digits),
    /** @param {number} value @param {string} unit @param {number} digits */
    quantity: (value, unit, digits = 2) => `${number(value, digits)}${THIN}${unit}`,
    /** Seconds as 01:02:03. @param {number} seconds */
    clock: (seconds) => {
      const whole = Math.floor(seconds);
      const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
      return parts.map((part) => String(part).padStart(2, "0")).join(":");
    },
  };
}

/** A number as a person types it: 1,5 or 1.5 or 1 234,5. @param {string} text @returns {number | null} */
export function typed(text) {
  const clean = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  if (clean === "") return null;
  const value = Number(clean);
  return Number.isFinite(value) ? value : null;
}
