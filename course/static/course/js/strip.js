/* The stage strip follows the reader: it marks the stage on screen and shows
   its line of code. Without this script the strip is a plain row of links.
   Everything is looked up anew each time, because a swap may replace the strip. */
(() => {
  "use strict";

  const target = (link) => document.getElementById(link.hash.slice(1));

  const show = (now, link) => {
    const name = document.createElement("b");
    name.textContent = link.querySelector(".strip-name").textContent;
    now.className = `strip-now ${link.className}`;
    now.replaceChildren(name, link.dataset.code);
  };

  const mark = (strip, current) => {
    const before = strip.querySelector("[aria-current]");
    if (before === current) return;
    before?.removeAttribute("aria-current");
    const now = strip.querySelector("[data-strip-now]");
    if (current) {
      current.setAttribute("aria-current", "true");
      show(now, current);
    } else {
      now.replaceChildren();
    }
  };

  const follow = () => {
    const strip = document.querySelector("[data-strip]");
    if (!strip) return;
    const line = strip.getBoundingClientRect().bottom + window.innerHeight / 4;
    const passed = [...strip.querySelectorAll("a")].filter(
      (link) => target(link)?.getBoundingClientRect().top <= line,
    );
    mark(strip, passed.at(-1) ?? null);
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  };

  window.addEventListener("scroll", soon, { passive: true });
  window.addEventListener("resize", soon);
  document.addEventListener("htmx:afterSettle", soon);
  document.addEventListener("DOMContentLoaded", soon);
})();
