/* A map whose cells are links: Tab comes to one of them, arrow keys lead from there to the others.
   <div data-cells><svg><a tabindex="0">…</a><a tabindex="-1">…</a></svg></div> */
(() => {
  "use strict";

  const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const middle = (node) => {
    const { left, top, width, height } = node.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };

  /* The nearest cell in that direction: half a cell to the side is another line already. */
  const next = (cell, [across, down]) => {
    const [x, y] = middle(cell);
    const { width, height } = cell.getBoundingClientRect();
    const ahead = [...cell.closest("[data-cells]").querySelectorAll("a")].flatMap((each) => {
      const [far, deep] = middle(each);
      const along = (far - x) * across + (deep - y) * down;
      const aside = across ? Math.abs(deep - y) / height : Math.abs(far - x) / width;
      return along > 1 && aside < 0.5 ? [[along, each]] : [];
    });
    return ahead.sort(([one], [other]) => one - other)[0]?.[1];
  };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("[data-cells] a");
    const towards = TOWARDS[event.key];
    if (!cell || !towards || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const found = next(cell, towards);
    if (!found) return;
    cell.tabIndex = -1;
    found.tabIndex = 0;
    found.focus();
  });
})();
