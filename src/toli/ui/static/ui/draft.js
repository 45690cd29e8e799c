"use strict";
/* A form that was taken, and one of somebody who withdraws or signs out, is no draft on this phone any more. */
(() => {
  const kept = ["toli-form", "toli-form-sent"];
  const tried = (act) => {
    try {
      return act();
    } catch {
      return null; /* no storage */
    }
  };
  const drop = () => tried(() => kept.map((name) => localStorage.removeItem(name)));
  /* Only where a form leads that was taken: a pause or a refusal is no reason to lose it. */
  if (/^\/(login|join\/status)\//.test(location.pathname) && tried(() => localStorage.getItem(kept[1]))) drop();
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[action='/login/finish/'],[action$='/withdraw/']")) drop();
  });
})();
