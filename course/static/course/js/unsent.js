/* Says so when a request got no answer, or none that a page can be made of: in the live region,
   and beside what was pressed. What was typed stays where it is. A run or an answer that did
   arrive is found again by its name, so trying again never makes a second one. */
(() => {
  "use strict";

  const LOST = "No answer came. Check the connection and try again: nothing is counted twice.";
  const BROKEN = "The site could not do this just now. What you typed is still here; try again.";
  const REST = "The rest of this page could not be fetched. Reload it.";

  const notes = new WeakMap();

  const forget = (element) => notes.get(element)?.remove();

  /* Beside the button of a form, after a link; a part that fetches by itself holds its note. */
  const place = (element, note) => {
    const pressed = element.matches("form") ? element.querySelector("[type=submit]") : element;
    if (pressed.matches("a, button")) pressed.parentElement.after(note);
    else element.append(note);
  };

  const say = ({ detail }, words) => {
    const element = detail.elt;
    if (!element.isConnected) return;
    forget(element);
    const note = document.createElement("p");
    note.className = "unsent";
    note.textContent = element.matches("form, a, button") ? words : REST;
    notes.set(element, note);
    place(element, note);
    document.getElementById("announcer").textContent = note.textContent;
    /* The button was disabled meanwhile, which takes the focus away. */
    detail.requestConfig.triggeringEvent?.submitter?.focus();
  };

  /* A refusal that forbids the swap has nothing else to say. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { status } = detail.xhr;
    if (status >= 400 && detail.xhr.getResponseHeader("HX-Reswap") === "none") detail.isError = true;
  });
  document.addEventListener("htmx:beforeRequest", (event) => forget(event.detail.elt));
  document.addEventListener("htmx:sendError", (event) => say(event, LOST));
  document.addEventListener("htmx:responseError", (event) => say(event, BROKEN));
})();
