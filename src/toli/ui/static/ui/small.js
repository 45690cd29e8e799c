"use strict";
/* The volunteer's pages: the offline line, one send per press, copying. Everything else works without it. */
(() => {
  /* A computer without Devanagari letters gets ours; phones have their own and load nothing. */
  const drawn = (letter) => {
    const pen = Object.assign(document.createElement("canvas"), { width: 24, height: 24 }).getContext("2d");
    pen.font = "18px sans-serif";
    pen.fillText(letter, 2, 18);
    return pen.getImageData(0, 0, 24, 24).data.join();
  };
  if (drawn("\u0915") === drawn("\u0916")) document.documentElement.classList.add("no-devanagari");

  /* Kept pages go with their person; work not sent yet stays. */
  const forget = async () => {
    for (const name of ["toli-paper", "toli-pulse"]) localStorage.removeItem(name);
    for (const name of (await self.caches?.keys()) ?? []) if (name.startsWith("toli-pages-")) caches.delete(name);
  };
  const { phone, kiosk } = document.documentElement.dataset;
  try {
    if (phone !== undefined && (localStorage.getItem("toli-owner") ?? "") !== phone) {
      localStorage.setItem("toli-owner", phone);
      forget();
    }
    if (kiosk !== undefined) navigator.serviceWorker?.getRegistrations().then((all) => all.map((a) => a.unregister()));
  } catch {
    /* no storage */
  }
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[action='/login/finish/']")) forget();
  });

  const showNetwork = () => {
    const line = document.getElementById("offline");
    if (line) line.hidden = navigator.onLine;
  };
  addEventListener("online", showNetwork);
  addEventListener("offline", showNetwork);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-button]");
    if (!button) return;
    const box = button.closest("[data-copy]");
    const area = box.querySelector("[data-copy-source]");
    const said = box.querySelector("[data-copy-said]");
    let done = true;
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      area.select();
      done = document.execCommand("copy");
    }
    said.textContent = done ? said.dataset.said : said.dataset.failed;
  });

  document.addEventListener("DOMContentLoaded", () => {
    showNetwork();
    for (const button of document.querySelectorAll("[data-copy-button]")) button.hidden = false;
    document.querySelector("[data-focus]")?.focus();
  });
})();
