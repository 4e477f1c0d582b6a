/* Charts. The server sends a curve as SVG and, beside it, the same numbers as
   Plotly's JSON: <figure data-chart><div class="chart-place"><svg/></div>
   <script type="application/json">...</script>. Where Plotly is at hand its
   chart takes the curve's place on the screen; the SVG stays, for those who
   hear the page, for paper, and for when Plotly does not come. */
(() => {
  "use strict";

  const source = document.currentScript?.dataset.plotly;
  let bundle = null;

  /* The bundle is large: it is fetched when the first chart is there. */
  const plotly = () => {
    if (window.Plotly) return Promise.resolve(window.Plotly);
    bundle ??= new Promise((resolve, reject) => {
      if (!source) return reject(new Error("no address for Plotly"));
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error("Plotly did not come"));
      document.head.append(script);
    });
    return bundle;
  };

  /* "var(--ink)" becomes what --ink stands for now; Plotly knows no variables. */
  const painted = (value, style) => {
    if (typeof value === "string") {
      const name = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
      return name ? style.getPropertyValue(name).trim() : value;
    }
    if (Array.isArray(value)) return value.map((each) => painted(each, style));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, painted(each, style)]));
  };

  /* The place of a chart in its frame: one, however often it is asked for. */
  const plotIn = (frame) => {
    const found = frame.querySelector(":scope > .plot");
    if (found) return found;
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("aria-hidden", "true");
    frame.append(plot);
    return plot;
  };

  const draw = async (figure) => {
    const frame = figure.querySelector(".chart-place");
    const json = figure.querySelector('script[type="application/json"]');
    if (!frame || !json || frame.closest("details:not([open])")) return; // once it opens
    const Plotly = await plotly();
    const drawn = JSON.parse(json.textContent);
    const { data, layout, config } = painted(drawn, getComputedStyle(document.documentElement));
    frame.classList.add("drawn");
    await Plotly.react(plotIn(frame), data, layout, config);
  };

  const drawAll = (within = document) => {
    const figures = [...within.querySelectorAll("figure[data-chart]")];
    if (within.matches?.("figure[data-chart]")) figures.push(within);
    for (const figure of figures) {
      draw(figure).catch(() => {
        const frame = figure.querySelector(".chart-place");
        frame.querySelector(":scope > .plot")?.remove();
        frame.classList.remove("drawn");
      });
    }
  };

  document.addEventListener("themechange", () => drawAll());
  /* Of what a swap brought. htmx says it of the whole page too, which is drawn by then. */
  document.addEventListener("htmx:load", ({ target }) => target === document.body || drawAll(target));
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    const plot = event.target;
    if (plot.classList?.contains("plot")) window.Plotly?.purge(plot);
  });
  /* htmx copies the page into its history, and a copy of Plotly's drawing would carry inline
     styles, which the site's policy refuses: the curves stand in for the moment. */
  document.addEventListener("htmx:beforeHistorySave", () => {
    for (const plot of document.querySelectorAll(".chart-place > .plot")) {
      window.Plotly?.purge(plot);
      plot.parentElement.classList.remove("drawn");
      plot.remove();
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", () => drawAll());
  document.addEventListener("toggle", (event) => event.target.open && drawAll(event.target), true);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => drawAll());
  else drawAll();
})();
