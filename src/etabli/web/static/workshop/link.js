// The live link with the bench: one WebSocket, opened again after growing, random delays.
// A close code from 4400 to 4499 is a refusal: nothing is tried again.

/** @typedef {"connecting" | "online" | "waiting" | "refused"} LinkState */
/** @typedef {{t: string, [key: string]: any}} Message */

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 15_000;
const GROWTH = 1.8;
const ANSWER_TIMEOUT_MS = 30_000;

/** What comes back when an action did not go through. */
export class Refusal extends Error {
  /** @param {string} text @param {string} [mend] */
  constructor(text, mend = "") {
    super(text);
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

/** Events: "state" (detail: {state, delay, code}), and one event per message kind ("hello", "f", "notice"…). */
export class Link extends EventTarget {
  /** @param {string} path path of the WebSocket, on this host @param {{lost: string, refused: string}} texts */
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
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.closed(event.code));
  }

  /** Try again at once instead of waiting, when there is a reason to hope. */
  retryNow() {
    if (this.state !== "waiting") return;
    clearTimeout(this.timer);
    this.open();
  }

  /** @param {Message} message */
  receive(message) {
    if (message.t === "hello") {
      this.attempts = 0;
      this.change("online", {});
    }
    if (message.t === "answer") {
      this.answer(message);
      return;
    }
    this.dispatchEvent(new CustomEvent(message.t, { detail: message }));
  }

  /** @param {Message} message */
  answer(message) {
    const waiting = this.pending.get(message.id);
    if (!waiting) return;
    this.pending.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.refused) waiting.reject(new Refusal(message.refused, message.mend));
    else waiting.resolve(message);
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
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...detail } }));
  }

  /** Ask the bench for something; the promise fails with a Refusal that says why.
   * @param {string} kind @param {Record<string, unknown>} fields
   * @returns {Promise<Message>}
   */
  ask(kind, fields = {}) {
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
      socket.send(JSON.stringify({ t: kind, id, ...fields }));
    });
  }
}
