/* The stage strip follows the reader: it marks the stage on screen and shows
   its line of code. Without this script the strip is a plain row of links. */
(() => {
  "use strict";

  const strip = document.querySelector("[data-strip]");
  if (!strip) return;

  const links = [...strip.querySelectorAll("a[href^='#']")];
  const now = strip.querySelector("[data-strip-now]");
  const target = (link) => document.getElementById(link.hash.slice(1));

  const show = (link) => {
    const name = document.createElement("b");
    name.textContent = link.querySelector(".strip-name").textContent;
    now.className = `strip-now ${link.className}`;
    now.replaceChildren(name, link.dataset.code ?? "");
  };

  const mark = (current) => {
    for (const link of links) link.removeAttribute("aria-current");
    if (!current) {
      now.replaceChildren();
      return;
    }
    current.setAttribute("aria-current", "true");
    show(current);
  };

  const follow = () => {
    const line = strip.getBoundingClientRect().bottom + window.innerHeight / 4;
    const passed = links.filter((link) => target(link)?.getBoundingClientRect().top <= line);
    const current = passed.at(-1) ?? null;
    if (current?.getAttribute("aria-current") !== "true" || !current) mark(current);
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
  follow();
})();
