/* Keys on the page of a step: left and right change the step, up and down the line. Also
   brings the current line of the program into its box. Without this script the same
   links are there to be followed. */
(() => {
  "use strict";

  const LINKS = {
    ArrowLeft: "step-before",
    ArrowRight: "step-after",
    ArrowUp: "line-before",
    ArrowDown: "line-after",
  };
  /* Where arrows have a meaning of their own. */
  const OWN = "input, select, textarea, summary, .scroll, .frame, .loop-part, [contenteditable]";

  document.addEventListener("keydown", (event) => {
    const id = LINKS[event.key];
    if (!id || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest(OWN)) return;
    const link = document.getElementById(id);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  const show = () => {
    for (const keys of document.querySelectorAll("[data-keys]")) keys.hidden = false;
    const box = document.querySelector("[data-lines]");
    const line = box?.querySelector("[aria-current]");
    if (!line) return;
    const here = line.getBoundingClientRect();
    const around = box.getBoundingClientRect();
    box.scrollTop += here.top - around.top - (around.height - here.height) / 2;
  };

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:afterSettle", show);
})();
