"use strict";
/* The desk's glue: copying, closing what is open, one send per press, filters that apply by themselves, htmx errors. */
(() => {
  const copyText = async (text, area) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      area.focus();
      area.select();
      return document.execCommand("copy");
    }
  };

  const wakeCopy = (root) => {
    for (const button of root.querySelectorAll("[data-copy-button]")) button.hidden = false;
  };

  document.addEventListener("click", async (event) => {
    for (const open of document.querySelectorAll("details[data-close-outside][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const button = event.target.closest("[data-copy-button]");
    if (!button) return;
    const box = button.closest("[data-copy]");
    const area = box.querySelector("[data-copy-source]");
    const said = box.querySelector("[data-copy-said]");
    const done = await copyText(area.value, area);
    said.textContent = done ? said.dataset.said : said.dataset.failed;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details[data-close-outside][open]")) open.open = false;
    if (location.hash === "#menu") location.hash = "content";
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  });

  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto-submit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
      form.requestSubmit();
    }
  });

  const toast = (html) => {
    document.querySelector(".toast")?.remove();
    const box = document.createElement("div");
    box.className = "toast";
    box.innerHTML = html;
    document.body.append(box);
    setTimeout(() => box.remove(), 12000);
  };

  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt?.matches("[data-quiet]")) return;
    const text = event.detail.xhr.responseText;
    if (text.includes("data-error")) toast(text);
  });
  /* A part that refreshes by itself waits while somebody reads or types in it. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (!event.detail.elt.matches("[data-quiet]")) return;
    const busy = target.querySelector("details[open]") || target.contains(document.activeElement);
    if (busy || event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:load", (event) => wakeCopy(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    wakeCopy(document);
    document.querySelector("[data-focus]")?.focus();
  });
})();
