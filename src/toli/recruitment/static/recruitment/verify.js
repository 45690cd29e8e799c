"use strict";
/* Checks the seal of a card on the phone itself, with the public keys that stand in the page (Ed25519, WebCrypto).
   cards.py says what a token is. Whether the appointment still holds only the server knows: the page says so. */
(() => {
  const { worker } = document.currentScript.dataset;
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});

  const box = document.querySelector("[data-verify]");
  const token = location.pathname.match(/^\/verify\/([\w-]+\.[\w-]+)\/$/)?.[1];
  if (!box || !token) return;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const language = document.documentElement.lang === "en" ? "en" : "hi";
  const day = (seconds) =>
    new Intl.DateTimeFormat(`${language}-IN`, { dateStyle: "long", timeZone: "Asia/Kolkata" }).format(seconds * 1000);
  const show = (state) => {
    for (const part of box.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
    document.querySelector("[data-how]").hidden = true;
    box.hidden = false;
  };
  const fill = (names) => {
    for (const [name, text] of Object.entries(names)) box.querySelector(`[data-says="${name}"]`).textContent = text;
    box.querySelector("dl").hidden = false;
  };

  const check = async () => {
    let said, seal, parts;
    try {
      [said, seal] = token.split(".").map(bytes);
      parts = JSON.parse(new TextDecoder().decode(said));
    } catch {
      return show("forged");
    }
    const keys = JSON.parse(document.getElementById("keys").textContent);
    const [version, key, , seatHi, seatEn, unitHi, unitEn, initials, signed, until] = parts;
    if (version !== 1 || !keys[key]) return show("unknown");
    let good;
    try {
      const known = await crypto.subtle.importKey("raw", bytes(keys[key]), { name: "Ed25519" }, false, ["verify"]);
      good = await crypto.subtle.verify({ name: "Ed25519" }, known, seal, said);
    } catch {
      return show("cannot");
    }
    if (!good) return show("forged");
    const now = Date.now() / 1000;
    fill({
      seat: language === "en" ? seatEn : seatHi,
      unit: language === "en" ? unitEn : unitHi,
      initials,
      signed: day(signed),
      until: day(until),
      age: new Intl.NumberFormat(`${language}-IN`, { numberingSystem: "latn" }).format(Math.max(0, Math.floor((now - signed) / 86400))),
    });
    return show(now < until ? "sealed" : "expired");
  };
  check();
})();
