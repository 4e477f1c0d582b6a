/* Light or dark: the reader's choice, kept in this browser. Runs in the head,
   before the first paint, so that a page never flashes in the wrong colours.
   Drawings that hold their own colours redraw on the `themechange` event. */
(() => {
  "use strict";

  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const remembered = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is closed to us: the choice lasts for this page
    }
  };

  const remember = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // see remembered()
    }
  };

  const shown = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const tell = () => document.dispatchEvent(new CustomEvent("themechange", { detail: shown() }));

  const label = () => {
    const other = shown() === "dark" ? "light" : "dark";
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-label", `Use ${other} colours`);
      button.title = `Use ${other} colours`;
    }
  };

  const choose = (theme) => {
    root.dataset.theme = theme;
    label();
    tell();
  };

  const before = remembered();
  if (before === "light" || before === "dark") root.dataset.theme = before;

  document.addEventListener("DOMContentLoaded", label);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const theme = shown() === "dark" ? "light" : "dark";
    remember(theme);
    choose(theme);
  });
  window.addEventListener("storage", (event) => {
    if (event.key === "theme" && event.newValue) choose(event.newValue);
  });
  system.addEventListener("change", () => {
    if (root.dataset.theme) return;
    label();
    tell();
  });
})();
