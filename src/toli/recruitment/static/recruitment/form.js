"use strict";
/* Keeps what was typed into the join form on this phone only, until it is sent. The form names the fields that may be
   kept; number, year of birth, gender, wing, yeses and files are never among them. A shared phone keeps nothing. */
(() => {
  const { worker } = document.currentScript.dataset;
  const TEXT = "toli-form";
  const SENT = "toli-form-sent";
  const LIFE = 2 * 86400_000;
  const form = document.querySelector("form[data-draft]");
  const box = document.querySelector("[data-draft-box]");
  const marks = document.documentElement.dataset;
  const shared = marks.kiosk !== undefined;

  const tried = (act) => {
    try {
      return act();
    } catch {
      return undefined; /* no storage: the form works all the same */
    }
  };
  const forget = () => {
    tried(() => localStorage.removeItem(TEXT));
    tried(() => localStorage.removeItem(SENT));
    tried(() => caches.delete("toli-form-page"));
  };
  if (shared) return forget();

  /* From the first page on, so that the form passes through it. Whoever comes straight to the form has it fetched again. */
  const fresh = form && !navigator.serviceWorker?.controller;
  navigator.serviceWorker?.register(worker, { scope: "/join/", updateViaCache: "none" }).then(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (fresh) active.postMessage({ keep: location.pathname + location.search });
  }, () => {});
  if (!form) return;

  const say = (words) => {
    for (const line of box.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== words;
    box.hidden = false;
  };
  const fields = () => form.dataset.draft.split(" ").flatMap((name) => [...form.querySelectorAll(`[name="${name}"]`)]);
  const isTick = (field) => ["checkbox", "radio"].includes(field.type);

  const keep = () => {
    const kept = {};
    for (const field of fields()) {
      if (isTick(field) ? field.checked : field.value) (kept[field.name] ??= []).push(field.value);
    }
    const done = tried(() => {
      localStorage.setItem(TEXT, JSON.stringify({ drive: form.dataset.drive, at: Date.now(), kept }));
      return true;
    });
    say(done ? "kept" : "refused");
  };

  const fill = () => {
    const found = tried(() => JSON.parse(localStorage.getItem(TEXT)));
    if (!found || found.drive !== form.dataset.drive || !(Math.abs(Date.now() - found.at) < LIFE)) return forgetText();
    const empty = new Set(form.dataset.draft.split(" "));
    for (const field of fields()) if (isTick(field) ? field.checked : field.value) empty.delete(field.name);
    for (const field of fields()) {
      const values = found.kept[field.name];
      if (!values || !empty.has(field.name)) continue;
      if (isTick(field)) field.checked = values.includes(field.value);
      else field.value = values[0];
    }
    return say("kept");
  };
  const forgetText = () => tried(() => localStorage.removeItem(TEXT));

  let waiting = false;
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form) return;
      if (navigator.onLine) {
        waiting = false;
        tried(() => localStorage.setItem(SENT, "1"));
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = true;
      say("waiting");
      box.scrollIntoView({ block: "center" });
    },
    true,
  );
  addEventListener("online", () => {
    if (waiting) form.requestSubmit();
  });
  box.querySelector("[data-draft-erase]").addEventListener("click", () => {
    waiting = false;
    form.reset();
    for (const field of fields()) if (isTick(field)) field.checked = false; else field.value = "";
    forget();
    say("erased");
  });

  tried(() => localStorage.removeItem(SENT));
  fill();
  if (marks.notSent !== undefined) say("unsent");
})();
