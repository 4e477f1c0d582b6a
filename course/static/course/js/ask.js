// The form of a run: how far it is, a way to cancel it, and settings filled in from a preset.
// Without this script the form posts, the browser waits, and the presets are links.
(() => {
  const LATER = 500;
  const AGAIN = 250;

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];

  function watch(form) {
    const steps = form.querySelector("#steps");
    const cancel = form.querySelector("[data-cancel]");
    const address = form.getAttribute("data-progress"); // form.dataset is its field of that name
    const words = steps.textContent;
    let timer = setTimeout(look, LATER);

    async function look() {
      const answer = await fetch(address).catch(() => null);
      if (timer === null) return;
      if (answer && answer.ok) show(await answer.json());
      if (timer !== null) timer = setTimeout(look, AGAIN);
    }

    function show(now) {
      if (now.state === "none") return;
      cancel.hidden = false;
      if (now.state === "running") steps.textContent = `Running, step ${now.step} of ${now.steps}`;
      else steps.textContent = now.ahead ? `Waiting, ${now.ahead} ahead` : "Waiting";
    }

    cancel.onclick = () => {
      steps.textContent = "Cancelling";
      fetch(address, { method: "POST", headers: { "x-csrftoken": token() } });
    };

    return () => {
      clearTimeout(timer);
      timer = null;
      cancel.hidden = true;
      steps.textContent = words;
    };
  }

  let done = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (form.matches && form.matches("form[data-progress]")) done = watch(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (done && event.target.matches && event.target.matches("form[data-progress]")) done();
  });

  document.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-fill]");
    if (!preset) return;
    event.preventDefault();
    for (const [name, value] of Object.entries(preset.dataset)) {
      const field = document.querySelector(`#ask [name="${name}"]`);
      if (field) field.value = value;
    }
    document.querySelector("#ask .settings").open = true;
  });
})();
