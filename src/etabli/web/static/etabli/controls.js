// Hands on the controls of a drawing: buttons that are held, switches, selectors; with a pointer or the keyboard.

/** A control of a drawing that a hand moves. @param {SVGGElement} node @param {(value: number) => void} move */
export function listenControl(node, move) {
  const act = node.dataset.act;
  if (act === "hold") listenHold(node, move);
  if (act === "toggle") {
    const toggle = () => move(node.getAttribute("aria-checked") === "true" ? 0 : 1);
    node.addEventListener("click", toggle);
    onPress(node, toggle);
  }
  if (act === "turn") listenTurn(node, move);
}

/** @param {SVGGElement} node @param {(value: number) => void} move */
function listenHold(node, move) {
  let held = false;
  const press = () => {
    if (!held) move(1);
    held = true;
  };
  const release = () => {
    if (held) move(0);
    held = false;
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    press();
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) node.addEventListener(name, release);
  node.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  node.addEventListener("keyup", (event) => {
    if (event.key === " " || event.key === "Enter") release();
  });
}

/** @param {SVGGElement} node @param {(value: number) => void} move */
function listenTurn(node, move) {
  const most = Number(node.dataset.max);
  const now = () => Number(node.getAttribute("aria-valuenow"));
  node.addEventListener("click", (event) => {
    const chosen = /** @type {Element} */ (event.target).closest("[data-value]")?.getAttribute("data-value");
    move(chosen === null || chosen === undefined ? (now() + 1) % (most + 1) : Number(chosen));
  });
  node.addEventListener("keydown", (event) => {
    const up = event.key === "ArrowRight" || event.key === "ArrowUp";
    const down = event.key === "ArrowLeft" || event.key === "ArrowDown";
    let value = null;
    if (up) value = Math.min(most, now() + 1);
    else if (down) value = Math.max(0, now() - 1);
    else if (event.key === "Home") value = 0;
    else if (event.key === "End") value = most;
    if (value === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (value !== now()) move(value);
  });
}

/** @param {SVGGElement} node @param {() => void} act */
function onPress(node, act) {
  node.addEventListener("keydown", (event) => {
    if ((event.key !== " " && event.key !== "Enter") || event.repeat) return;
    event.preventDefault();
    act();
  });
}
