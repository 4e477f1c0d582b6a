/* Keeps the reader's place: where a swap takes away what had the focus, the part that came
   instead gets it. What has an id, or asks for the focus itself, is htmx's own affair. */
(() => {
  "use strict";

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (document.activeElement !== document.body) return;
    const part = target.querySelector("[data-focus]") ?? target;
    part.focus({ preventScroll: true });
  });
})();
