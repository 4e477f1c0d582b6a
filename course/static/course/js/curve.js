/* A curve can be drawn with a pointer or a finger: the fields below it hold the numbers, and are
   all there is without this script. */
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const HEIGHT = 240;
  const [LEFT, RIGHT, TOP, FLOOR] = [52, 16, 36, 206];

  const node = (name, attributes, text = "") => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  const read = (field) => {
    const text = field.value.trim().replace("−", "-");
    return text && Number.isFinite(Number(text)) ? Number(text) : null;
  };

  class Pad {
    constructor(box) {
      this.fields = [...box.querySelectorAll("input")];
      this.top = Number(box.dataset.top);
      this.label = box.dataset.label;
      this.svg = node("svg", { class: "curve-pad", height: HEIGHT, width: "100%", "aria-hidden": "true" });
      box.prepend(this.svg);
      const again = () => this.draw();
      box.addEventListener("input", again);
      new ResizeObserver(again).observe(this.svg);
      this.svg.addEventListener("pointerdown", (event) => this.begin(event));
      this.svg.addEventListener("pointermove", (event) => this.held && this.set(event));
      for (const end of ["pointerup", "pointercancel"]) {
        this.svg.addEventListener(end, () => {
          this.held = false;
          box.dispatchEvent(new Event("input", { bubbles: true })); // drawn, not typed
        });
      }
    }

    get width() {
      return this.svg.getBoundingClientRect().width || 300;
    }

    x(index) {
      const steps = Math.max(1, this.fields.length - 1);
      return LEFT + (index / steps) * (this.width - LEFT - RIGHT);
    }

    y(value) {
      const share = Math.min(Math.max(value / this.top, 0), 1);
      return FLOOR - share * (FLOOR - TOP);
    }

    begin(event) {
      event.preventDefault();
      this.held = true;
      this.last = null;
      this.svg.setPointerCapture(event.pointerId);
      this.set(event);
    }

    /* The epoch under the pointer, and those that a quick move passed over. */
    set(event) {
      const box = this.svg.getBoundingClientRect();
      const steps = Math.max(1, this.fields.length - 1);
      const place = ((event.clientX - box.left - LEFT) / (this.width - LEFT - RIGHT)) * steps;
      const index = Math.min(Math.max(Math.round(place), 0), this.fields.length - 1);
      const share = (FLOOR - (event.clientY - box.top)) / (FLOOR - TOP);
      const value = Math.min(Math.max(share, 0), 1) * this.top;
      const from = this.last ?? { index, value };
      const passed = Math.abs(index - from.index);
      for (let step = 0; step <= passed; step += 1) {
        const part = passed ? step / passed : 1;
        const at = from.index + Math.sign(index - from.index) * step;
        this.fields[at].value = (from.value + (value - from.value) * part).toFixed(2);
      }
      this.last = { index, value };
      this.draw();
    }

    draw() {
      const parts = [node("text", { class: "t-small", x: 12, y: 18 }, this.label)];
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        const height = this.y(share * this.top);
        parts.push(node("line", { class: share ? "grid" : "rule", x1: LEFT, x2: this.width - RIGHT, y1: height, y2: height }));
        parts.push(node("text", { class: "t-tick end", x: LEFT - 8, y: height + 4 }, (share * this.top).toFixed(2)));
      }
      const every = Math.ceil(this.fields.length / 10);
      this.fields.forEach((_, index) => {
        if (index % every === 0) parts.push(node("text", { class: "t-tick mid", x: this.x(index), y: FLOOR + 20 }, String(index + 1)));
      });
      const points = this.fields.map((field, index) => [this.x(index), read(field)]).filter(([, value]) => value !== null);
      const places = points.map(([x, value]) => [x, this.y(value)]);
      if (places.length > 1) parts.push(node("path", { class: "line", d: `M${places.map((each) => each.join(" ")).join("L")}` }));
      for (const [x, y] of places) parts.push(node("circle", { class: "ink", cx: x, cy: y, r: 5 }));
      this.svg.replaceChildren(...parts);
    }
  }

  const all = (within) => {
    for (const box of within.querySelectorAll("[data-curve]:not(.drawable)")) {
      box.classList.add("drawable");
      new Pad(box).draw();
    }
  };
  document.addEventListener("htmx:load", ({ target }) => all(target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => all(document));
  else all(document);
})();
