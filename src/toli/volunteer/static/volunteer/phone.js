"use strict";
/* The app on the phone: its worker, the pages to keep, the hint to install it, and the bytes the worker spent. */
(() => {
  const { worker } = document.currentScript.dataset;
  const { kiosk } = document.documentElement.dataset;
  if (kiosk !== undefined || !("serviceWorker" in navigator)) return;
  const HINT = "toli-install";

  const keep = async () => {
    const links = [...document.querySelectorAll("a[data-keep], [data-keep] a")].map((link) => new URL(link.href).pathname);
    const said = document.querySelector("main .note-success, main .note-info");
    const paths = new Set([...links, ...(said ? [location.pathname] : [])]);
    const saver = document.documentElement.classList.contains("saver") || navigator.connection?.saveData;
    const asked = [...paths].slice(0, saver ? 3 : 20);
    const { active } = await navigator.serviceWorker.ready;
    if (navigator.onLine && asked.length) active.postMessage({ keep: asked });
  };

  addEventListener("load", async () => {
    try {
      const scope = new URL(worker, location.href).pathname.replace(/[^/]+$/, "");
      await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
      await keep();
    } catch {
      /* no worker here: the pages work with a network */
    }
  });

  const dismissed = () => {
    try {
      return localStorage.getItem(HINT) !== null;
    } catch {
      return true;
    }
  };
  const dismiss = (box) => {
    box.hidden = true;
    try {
      localStorage.setItem(HINT, "seen");
    } catch {
      /* it will be asked again */
    }
  };
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const box = document.querySelector("[data-install]");
    if (!box || dismissed()) return;
    box.hidden = false;
    box.querySelector("[data-install-yes]").addEventListener("click", () => {
      dismiss(box);
      event.prompt();
    });
    box.querySelector("[data-install-no]").addEventListener("click", () => dismiss(box));
  });
})();
