/* Keeps the reader's place: where a swap takes away what had the focus, the part that came
   instead gets it. What has an id, or asks for the focus itself, is htmx's own affair.
   A part that says what it became is read out. */
(() => {
  "use strict";

  let taken = false;

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const focused = document.activeElement;
    taken = focused !== document.body && detail.target.contains(focused);
  });
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.dataset.said) document.getElementById("announcer").textContent = target.dataset.said;
    if (!taken || document.activeElement !== document.body) return;
    taken = false;
    const part = target.querySelector("[data-focus]") ?? target;
    part.focus({ preventScroll: true });
  });
})();
