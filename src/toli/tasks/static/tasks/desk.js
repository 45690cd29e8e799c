"use strict";
/* Choosing lines: all at once, and how many are chosen. Without it each line has its own buttons. */
(() => {
  const boxes = () => [...document.querySelectorAll("[data-choose] tbody input[type=checkbox]")];

  const count = () => {
    const said = document.querySelector("[data-chosen]");
    const n = boxes().filter((box) => box.checked).length;
    if (said) said.textContent = n ? `${n} ${said.dataset.said}` : "";
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    if (event.target.closest("[data-choose]")) count();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const all of document.querySelectorAll("[data-choose-all]")) all.hidden = false;
    count();
  });
})();
