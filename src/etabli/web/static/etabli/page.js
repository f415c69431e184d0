// What every page does: the colour theme changes without loading the page again.

/** @typedef {"auto" | "light" | "dark"} Theme */

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {boolean} whether the page is shown in dark colours now */
function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme !== "light" && systemIsDark.matches);
}

/** The button offers the other colours; choosing those of the system means following the system again. */
function prepareThemeButton() {
  const form = document.querySelector("form[data-theme-form]");
  const button = form?.querySelector("button");
  if (!(form instanceof HTMLFormElement) || !button) return;

  const refresh = () => {
    const other = isDark() ? "light" : "dark";
    button.value = other;
    const label = button.getAttribute(`data-label-${other}`) ?? "";
    button.setAttribute("aria-label", label);
    button.title = label;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const dark = !isDark();
    /** @type {Theme} */
    const theme = dark === systemIsDark.matches ? "auto" : dark ? "dark" : "light";
    const body = new FormData(form);
    body.set("theme", theme);
    document.documentElement.dataset.theme = theme;
    refresh();
    // The answer redirects to a page: the cookie it sets is all that is wanted.
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
    document.dispatchEvent(new CustomEvent("etabli:theme", { detail: { dark } }));
  });

  systemIsDark.addEventListener("change", refresh);
  refresh();
}

prepareThemeButton();
