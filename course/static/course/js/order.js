/* Lines to put in order. Without this script each line has its place chosen from a list. With it
   lines are dragged, or moved by their buttons and by Alt with an arrow; the lists go on holding
   what is sent. Tab is never taken. */
(() => {
  "use strict";

  const SIGNS = [
    ["up", "↑", "Move up"],
    ["down", "↓", "Move down"],
    ["left", "←", "Move out one level"],
    ["right", "→", "Move in one level"],
  ];
  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

  const place = (line) => line.querySelector("[data-place]");
  const level = (line) => line.querySelector("[data-level]");
  const words = (line) => line.querySelector("[data-text]").textContent.trim();
  const isPlaced = (line) => place(line).selectedIndex > 0;

  const button = (line, name, sign, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "order-button";
    made.dataset.move = name;
    made.textContent = sign;
    made.setAttribute("aria-label", `${label}: ${words(line)}`);
    return made;
  };

  const dress = (line) => {
    const bar = document.createElement("span");
    bar.className = "order-moves";
    const signs = level(line) ? SIGNS : SIGNS.slice(0, 2);
    for (const [name, sign, label] of signs) bar.append(button(line, name, sign, label));
    bar.append(button(line, "toggle", "", ""));
    line.append(bar);
    line.draggable = true;
  };

  const list = (id, name) => {
    const made = document.createElement("ol");
    made.className = "order-lines";
    made.setAttribute("aria-labelledby", id);
    const head = document.createElement("p");
    head.className = "small";
    head.id = id;
    head.textContent = name;
    return [head, made];
  };

  /* Say in the lists, and in words, what stands where. */
  const settle = (box) => {
    const { chosen, left } = box;
    [...chosen.children].forEach((line, index) => { place(line).selectedIndex = index + 1; });
    for (const line of left.children) place(line).selectedIndex = 0;
    for (const line of box.querySelectorAll("[data-line]")) show(line, chosen);
    box.classList.toggle("empty", !chosen.children.length);
  };

  const show = (line, chosen) => {
    const inside = line.parentElement === chosen;
    const toggle = line.querySelector("[data-move=toggle]");
    toggle.textContent = inside ? "Take out" : "Put in";
    toggle.setAttribute("aria-label", `${toggle.textContent}: ${words(line)}`);
    for (const each of line.querySelectorAll("[data-move]:not([data-move=toggle])")) each.hidden = !inside;
    if (level(line)) line.dataset.level = inside ? level(line).selectedIndex : 0;
  };

  const say = (line, chosen) => {
    const index = [...chosen.children].indexOf(line);
    const where = index < 0 ? "left out" : `line ${index + 1} of ${chosen.children.length}`;
    const inside = index >= 0 && level(line) ? `, level ${level(line).selectedIndex}` : "";
    document.getElementById("announcer").textContent = `${words(line)}: ${where}${inside}`;
  };

  /* Moved by a script: what the lists hold has changed, and nobody else would say so. */
  const told = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));

  const MOVES = {
    up: (line) => line.previousElementSibling?.before(line),
    down: (line) => line.nextElementSibling?.after(line),
    left: (line) => { const way = level(line); if (way?.selectedIndex > 0) way.selectedIndex -= 1; },
    right: (line) => { const way = level(line); if (way && way.selectedIndex < way.length - 1) way.selectedIndex += 1; },
    toggle: (line, box) => (line.parentElement === box.chosen ? box.left : box.chosen).append(line),
  };

  const move = (box, line, name, focus) => {
    if (name !== "toggle" && line.parentElement !== box.chosen) return;
    MOVES[name](line, box);
    settle(box);
    say(line, box.chosen);
    told(box);
    focus?.focus();
  };

  const drag = (box) => {
    let held = null;
    box.addEventListener("dragstart", (event) => {
      held = event.target.closest?.("[data-line]");
      event.dataTransfer?.setData("text/plain", "");
    });
    box.addEventListener("dragover", (event) => {
      const goal = event.target.closest(".order-lines");
      if (!held || !goal) return;
      event.preventDefault();
      const before = [...goal.children].find((each) => {
        const { top, height } = each.getBoundingClientRect();
        return each !== held && event.clientY < top + height / 2;
      });
      goal.insertBefore(held, before ?? null);
    });
    box.addEventListener("dragend", () => {
      if (!held) return;
      settle(box);
      say(held, box.chosen);
      told(box);
      held = null;
    });
    box.addEventListener("drop", (event) => event.preventDefault());
  };

  const enhance = (box) => {
    if (box.chosen) return;
    const from = box.querySelector("[data-order-lines]");
    const lines = [...from.children];
    const id = `${box.getAttribute("aria-labelledby")}-lines`;
    const [chosenHead, chosen] = list(id, "Your lines, in order");
    const [leftHead, left] = list(`${id}-left`, "Lines left out");
    box.chosen = chosen;
    box.left = left;
    lines.forEach(dress);
    const placed = lines.filter(isPlaced).sort((a, b) => place(a).selectedIndex - place(b).selectedIndex);
    chosen.append(...placed);
    left.append(...lines.filter((line) => !isPlaced(line)));
    from.replaceWith(chosenHead, chosen, leftHead, left);
    box.classList.add("movable");
    box.addEventListener("click", ({ target }) => {
      const pressed = target.closest("[data-move]");
      if (pressed) move(box, pressed.closest("[data-line]"), pressed.dataset.move, pressed);
    });
    box.addEventListener("keydown", (event) => {
      const line = event.target.closest("[data-line]");
      if (!event.altKey || !line || !KEYS[event.key]) return;
      event.preventDefault();
      move(box, line, KEYS[event.key], event.target);
    });
    drag(box);
    settle(box);
  };

  const all = (within) => within.querySelectorAll("[data-order]").forEach(enhance);
  document.addEventListener("htmx:load", ({ target }) => all(target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => all(document));
  else all(document);
})();
