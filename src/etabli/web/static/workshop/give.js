// "Give an intervention": filling in one way of choosing the fault chooses that way.

for (const part of document.querySelectorAll("[data-how]")) {
  const { how } = /** @type {HTMLElement} */ (part).dataset;
  part.addEventListener("change", () => {
    const radio = document.querySelector(`input[name=how][value="${how}"]`);
    if (radio instanceof HTMLInputElement) radio.checked = true;
  });
}
