/* The builder of loops. Its buttons are a form's and work without this; here a line is dragged by
   its number, and moved with Alt and an arrow key. Both end in the same request of the same form:
   what a move does is the server's to say. */
(() => {
  "use strict";

  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
  const desk = () => document.getElementById("desk");
  const number = (card) => card.dataset.line;

  /* Code that is seen whole needs no stop of its own; code that scrolls does. */
  const reach = () => {
    for (const code of document.querySelectorAll("[data-line] pre")) {
      if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
      else code.removeAttribute("tabindex");
    }
  };

  /* What works with a script alone is shown by one. */
  const ready = () => {
    const form = desk();
    if (!form) return;
    form.classList.add("can-drag");
    for (const hint of form.querySelectorAll("[data-needs-script]")) hint.hidden = false;
    for (const card of form.querySelectorAll("[data-line]")) card.tabIndex = 0;
    reach();
  };

  const press = (action) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "submit", name: "do", value: action, hidden: true });
    desk().append(button);
    button.click();
    button.remove();
  };

  /* -- keys -- */

  let byCard = false;

  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-line]");
    const verb = KEYS[event.key];
    if (!card || !verb || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    byCard = event.target === card;
    press(`${verb}-${number(card)}`);
  });

  /* Whoever moved a line by its card stays on the card. */
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id !== "desk") return;
    const focused = document.activeElement?.closest("[data-line]");
    if (byCard && focused) focused.focus();
    byCard = false;
  });

  /* -- dragging -- */

  let drag = null;

  const clear = () => {
    for (const card of document.querySelectorAll(".drop-before, .drop-after, .dragged"))
      card.classList.remove("drop-before", "drop-after", "dragged");
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip || event.button !== 0 || !desk()?.contains(grip)) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    drag = { card: grip.closest("[data-line]"), over: null };
    drag.card.classList.add("dragged");
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-line]");
    clear();
    drag.card.classList.add("dragged");
    drag.over = over && over !== drag.card ? over : null;
    if (!drag.over) return;
    const down = Number(number(drag.over)) > Number(number(drag.card));
    drag.over.classList.add(down ? "drop-after" : "drop-before");
  });

  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { card, over } = drag;
    drag = null;
    clear();
    if (over) press(`move-${number(card)}-${number(over)}`);
  });

  document.addEventListener("pointercancel", () => {
    drag = null;
    clear();
  });

  document.addEventListener("htmx:load", ready);
  window.addEventListener("resize", reach);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
