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

  let settling = false;
  let waiting = null;
  const go = (id) => document.getElementById(id)?.click();

  document.addEventListener("keydown", (event) => {
    const id = LINKS[event.key];
    if (!id || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest(OWN)) return;
    if (!document.getElementById(id)) return;
    event.preventDefault();
    if (settling) waiting = id;
    else go(id);
  });

  /* Until htmx has taken the new links over, they would load the whole page. */
  document.addEventListener("htmx:afterSwap", () => {
    settling = true;
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
  document.addEventListener("htmx:afterSettle", () => {
    settling = false;
    show();
    if (waiting) go(waiting);
    waiting = null;
  });
})();
