/* Keeps what is typed into a question in this browser until it is sent: a reload, a closed tab or
   a lost connection loses nothing. A form says by `data-draft` which question, version and attempt
   it is about; once that is no more on the page, what was kept for it goes. Without storage
   nothing is kept, and nothing is said to be. */
(() => {
  "use strict";

  const PREFIX = "loopwise.draft.";
  const MOST = 100;
  const UNTYPED = ["submit", "button", "hidden", "fieldset"];

  const name = (form) => PREFIX + form.dataset.draft;
  const fields = (form) => [...form.elements].filter((field) => field.name && !UNTYPED.includes(field.type));

  /* What would be sent: several values under one name, and of lines to order in any order. */
  const typed = (form) => {
    const names = new Set(fields(form).map((field) => field.name));
    return [...new FormData(form)].filter(([key]) => names.has(key));
  };

  /* Storage may be full, forbidden or not there. */
  const attempt = (action) => {
    try {
      return action(window.localStorage);
    } catch {
      return null;
    }
  };

  const kept = (storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX));
  const at = (storage, key) => Number(storage.getItem(key).split(" ", 1)[0]) || 0;

  /* The oldest go first. */
  const trim = (storage) => {
    const keys = kept(storage).sort((a, b) => at(storage, b) - at(storage, a));
    for (const key of keys.slice(MOST)) storage.removeItem(key);
  };

  const keep = (form) => attempt((storage) => {
    storage.setItem(name(form), `${Date.now()} ${JSON.stringify(typed(form))}`);
    trim(storage);
    return true;
  });

  const read = (form) => attempt((storage) => {
    const text = storage.getItem(name(form));
    const draft = text && JSON.parse(text.slice(text.indexOf(" ") + 1));
    return Array.isArray(draft) ? draft : null;
  });

  /* Boxes and lists know their values; what was typed comes in the order of the fields. */
  const fill = (field, values, texts) => {
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.options) [...field.options].forEach((each) => { if (values.includes(each.value)) each.selected = true; });
    else field.value = texts.shift() ?? "";
  };

  const restore = (form) => {
    const draft = read(form);
    if (!draft) return false;
    const texts = new Map();
    for (const field of fields(form)) {
      const values = draft.filter(([key]) => key === field.name).map(([, value]) => value);
      if (!texts.has(field.name)) texts.set(field.name, [...values]);
      fill(field, values, texts.get(field.name));
    }
    return true;
  };

  const say = (form) => {
    if (form.querySelector(".kept")) return;
    const note = document.createElement("span");
    note.className = "small quiet kept";
    note.textContent = "Kept in this browser";
    form.querySelector(".actions").append(note);
  };

  const forget = (keys) => attempt((storage) => keys.forEach((key) => storage.removeItem(key)));

  const begin = (within) => {
    for (const form of within.querySelectorAll("form[data-draft]")) if (restore(form)) say(form);
  };

  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-draft]");
    if (form && keep(form)) say(form);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.matches("form[data-draft]")) detail.requestConfig.draft = name(detail.elt);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const sent = detail.requestConfig?.draft;
    const open = [...document.querySelectorAll("form[data-draft]")].map(name);
    if (sent && !open.includes(sent)) forget([sent]);
  });
  /* Whoever comes next to this browser finds nothing of who left. */
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-leaves]")) forget(attempt(kept) ?? []);
  });
  document.addEventListener("htmx:load", ({ target }) => begin(target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(document));
  else begin(document);
})();
