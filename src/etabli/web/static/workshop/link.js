// The live link with the bench: one WebSocket, opened again after growing, random delays.
// A close code from 4400 to 4499 is a refusal: nothing is tried again.

/** @typedef {"connecting" | "online" | "waiting" | "refused"} LinkState */
/** @typedef {{[key: string]: any}} Message */

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 15_000;
const GROWTH = 1.8;
const ANSWER_TIMEOUT_MS = 30_000;

/** A sentence in both languages.
 * @typedef {{fr: string, en: string}} Both */

/** What comes back when an action did not go through. */
export class Refusal extends Error {
  /** @param {Both | string} text @param {Both | string} [mend] */
  constructor(text, mend = "") {
    super(typeof text === "string" ? text : text.fr);
    /** What happened. */
    this.text = text;
    /** What to do instead. */
    this.mend = mend;
  }
}

/** Delay before the next attempt: grows with the attempts, random so that a class does not come back all at once.
 * @param {number} attempts attempts already made
 * @param {number} chance between 0 and 1
 */
export function delayOf(attempts, chance) {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * GROWTH ** attempts);
  return longest * (0.5 + 0.5 * chance);
}

/** Events: "link" (detail: {state, delay, code}), and one per kind of message: a letter, see the consumer of the server
 * ("H" hello, "F" frame, "S" state, "N" news, "C" channels, "R" refusal). */
export class Link extends EventTarget {
  /** @param {string} path path of the WebSocket, on this host @param {{lost: string}} texts */
  constructor(path, texts) {
    super();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.address = `${scheme}//${location.host}${path}`;
    this.texts = texts;
    this.attempts = 0;
    this.serial = 0;
    /** @type {LinkState} */
    this.state = "connecting";
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Map<number, {resolve: (value: Message) => void, reject: (error: Error) => void, timer: number}>} */
    this.pending = new Map();
    this.timer = 0;
    window.addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  open() {
    this.change("connecting", {});
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.receive(event.data[0], JSON.parse(event.data.slice(1))));
    socket.addEventListener("close", (event) => this.closed(event.code));
  }

  /** Try again at once instead of waiting, when there is a reason to hope. */
  retryNow() {
    if (this.state !== "waiting") return;
    clearTimeout(this.timer);
    this.open();
  }

  /** @param {string} kind @param {Message} body */
  receive(kind, body) {
    if (kind === "A") {
      this.answer(body);
      return;
    }
    if (kind === "H") {
      this.attempts = 0;
      this.change("online", {});
    }
    this.dispatchEvent(new CustomEvent(kind, { detail: body }));
  }

  /** @param {Message} message */
  answer(message) {
    const waiting = this.pending.get(message.id);
    if (!waiting) return;
    this.pending.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.refused) waiting.reject(new Refusal(message.refused, message.mend));
    else waiting.resolve(message.result);
  }

  /** @param {number} code */
  closed(code) {
    this.socket = null;
    for (const waiting of this.pending.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new Refusal(this.texts.lost));
    }
    this.pending.clear();
    if (code >= 4400 && code < 4500) {
      this.change("refused", { code });
      return;
    }
    const delay = delayOf(this.attempts, Math.random());
    this.attempts += 1;
    this.change("waiting", { delay });
    this.timer = window.setTimeout(() => this.open(), delay);
  }

  /** @param {LinkState} state @param {{delay?: number, code?: number}} detail */
  change(state, detail) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("link", { detail: { state, ...detail } }));
  }

  /** Ask the bench for something; the promise fails with a Refusal that says why.
   * @param {string} what @param {Record<string, unknown>} fields
   * @returns {Promise<Message>}
   */
  ask(what, fields = {}) {
    if (this.state !== "online" || !this.socket) return Promise.reject(new Refusal(this.texts.lost));
    this.serial += 1;
    const id = this.serial;
    const socket = this.socket;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        this.pending.delete(id);
        reject(new Refusal(this.texts.lost));
      }, ANSWER_TIMEOUT_MS);
      this.pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ id, do: what, fields }));
    });
  }
}
