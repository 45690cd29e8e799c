"use strict";
/* What this site cost the phone today, counted from what the browser says went over the network. Kept on the phone. */
(() => {
  const day = new Date().toLocaleDateString("en-CA", { timeZone: "Asia/Kolkata" });
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem("toli-bytes"));
      return kept && kept.day === day ? kept.bytes : 0;
    } catch {
      return 0;
    }
  };
  const show = () => {
    const mb = Math.max(read() / 1048576, 0.1).toFixed(1);
    for (const line of document.querySelectorAll("[data-meter]")) {
      line.textContent = line.dataset.mb.replace("[mb]", mb);
      line.hidden = false;
    }
  };
  const add = (entries) => {
    const bytes = entries.reduce((sum, entry) => sum + (entry.transferSize || 0), 0);
    try {
      localStorage.setItem("toli-bytes", JSON.stringify({ day, bytes: read() + bytes }));
    } catch {
      return;
    }
    show();
  };
  /* The phone's worker and the outbox tell what they spent; the files it takes from its own store cost nothing. */
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("toli-bytes").addEventListener("message", ({ data }) => add([{ transferSize: data }]));
  }
  if (!("PerformanceObserver" in window)) return;
  for (const type of ["navigation", "resource"]) {
    new PerformanceObserver((list) => add(list.getEntries())).observe({ type, buffered: true });
  }
})();
