/* A toast stays until its reader closes it. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (!button) return;
    button.closest(".toast").remove();
    document.getElementById("main").focus();
  });
})();
