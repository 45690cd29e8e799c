"use strict";
/* The pulse on a phone: asks, shows, lets a person share, tells what was shown.
   The server's clock counts, not the phone's: an appeal whose time is over disappears even without a network. */
(() => {
  const box = document.querySelector("[data-pulse]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-pulse-${name}]`);
  const said = part("said");
  const TELL_EVERY = 45_000;
  const MOST_KEPT = 300;
  const MOST_TOLD = 50;
  const STORE = "toli-pulse";
  const PAPER = "toli-paper";
  const PAPER_LIVES = 86_400_000;

  let { url, tell } = box.dataset;
  let renewAt = Number(box.dataset.renewAt) * 1000;
  let paper = null;
  let clockAhead = 0;
  let clockKnown = false;
  let current = null;
  let askAt = 0;
  let askTimer = 0;
  let telling = false;
  let pausedUntil = 0;
  let shownSlot = -1;
  const fresh = [];
  const missed = [];

  const now = () => Date.now() + clockAhead;
  const today = () => new Date(now() + 19_800_000).toISOString().slice(0, 10);
  const saver = () => box.hasAttribute("data-saver") || navigator.connection?.saveData === true;

  /* What this phone has shown and not yet told lies in its own storage, a day long. */
  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(STORE));
      if (kept && kept.day === today()) return kept;
      return { day: today(), seen: [], shown: [], shared: kept?.shared ?? [] };
    } catch {
      return { day: today(), seen: [], shown: [], shared: [] };
    }
  };
  let kept = load();
  const keep = () => {
    kept.seen = kept.seen.slice(-MOST_KEPT);
    kept.shown = kept.shown.slice(-MOST_KEPT);
    kept.shared = kept.shared.slice(-MOST_KEPT);
    try {
      localStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      /* full or forbidden: it is told while the page is open */
    }
  };
  const noteDay = () => {
    if (kept.day !== today()) kept = { day: today(), seen: [], shown: [], shared: kept.shared };
  };

  /* The Date line has whole seconds; half a second is added, and a cached answer never sets the clock back. */
  const readClock = (answer) => {
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (!date) return;
    const ahead = date + 500 - Date.now();
    if (!clockKnown || ahead > clockAhead || Math.abs(ahead - clockAhead) > 30_000) clockAhead = ahead;
    clockKnown = true;
  };

  /* The last paper stays for when there is no network, with the server's hour at which it came: what the law closed
     meanwhile is not shown, and a phone whose clock was set back is held at that hour. */
  const keepPaper = () => {
    try {
      localStorage.setItem(PAPER, JSON.stringify({ paper, ahead: clockAhead, at: now() }));
    } catch {
      /* full or forbidden: without a network nothing is shown */
    }
  };
  const takeKept = () => {
    try {
      const last = JSON.parse(localStorage.getItem(PAPER));
      if (!last?.paper) return;
      clockAhead = Math.max(last.ahead, last.at - Date.now());
      if (now() - last.at > PAPER_LIVES) return;
      const lawful = last.paper.items.filter((item) => item.matter !== "appeal" || item.share_until !== undefined);
      paper = { ...last.paper, items: lawful, new: [] };
      draw();
    } catch {
      /* not ours, or broken */
    }
  };

  const renew = async () => {
    const answer = await fetch(box.dataset.renew, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error("renew");
    const found = await answer.json();
    ({ url, tell } = found);
    renewAt = found.renew_at * 1000;
  };

  const wait = (seconds) => {
    clearTimeout(askTimer);
    const pause = Math.max(1, seconds) * 1000 * (0.95 + Math.random() * 0.1);
    askAt = Date.now() + pause;
    askTimer = setTimeout(ask, pause);
  };
  /* Hours of India by the server's clock. The same hour twice is the whole day. */
  const [quietFrom, quietUntil] = (box.dataset.quiet ?? "").split("-").map(Number);
  const hourly = box.hasAttribute("data-hourly");
  const hours = () => Math.floor((now() + 19_800_000) / 3_600_000);
  const isQuiet = () => {
    if (quietUntil === undefined) return false;
    const hour = hours() % 24;
    return quietFrom < quietUntil ? hour >= quietFrom && hour < quietUntil : hour >= quietFrom || hour < quietUntil;
  };
  let shownHour = 0;

  const usualWait = () => {
    if (!paper) return 10;
    return saver() || document.hidden || hourly || isQuiet() ? paper.saver_in : paper.next_in;
  };

  const ask = async () => {
    if (now() < pausedUntil) return wait((pausedUntil - now()) / 1000);
    try {
      if (now() > renewAt) await renew();
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
      if (answer.status === 410 || answer.status === 403) {
        await renew();
        return wait(1);
      }
      readClock(answer);
      if (!answer.ok) return wait(Number(answer.headers.get("Retry-After")) || 10);
      take(await answer.json());
      keepPaper();
      say("");
      return wait(usualWait());
    } catch {
      say(said.dataset.lost);
      if (!paper) takeKept();
      return wait(20);
    }
  };

  const take = (found) => {
    const known = new Set(paper ? paper.items.map((item) => item.id) : kept.seen);
    const first = paper === null;
    paper = found;
    for (const id of found.new) {
      if (known.has(id) || kept.seen.includes(id) || fresh.includes(id)) continue;
      const later = hourly || isQuiet();
      if (!later) fresh.push(id);
      if ((later || (document.hidden && !first)) && !missed.includes(id)) missed.push(id);
    }
    shownSlot = -1;
    draw();
  };

  const isOver = (item) => item.matter === "appeal" && item.share_until !== undefined && now() >= item.share_until * 1000;
  const mayShare = (item) => item.share_until !== undefined && now() < item.share_until * 1000;
  const live = () => (paper ? paper.items.filter((item) => !isOver(item)) : []);

  const choose = (items) => {
    while (fresh.length) {
      const item = items.find((one) => one.id === fresh[0]);
      if (item) return item;
      fresh.shift();
    }
    return items[(hourly ? hours() : Math.floor(now() / 1000 / paper.slot)) % items.length];
  };

  const draw = () => {
    const items = live();
    showSilence();
    if (!paper || now() < pausedUntil) return;
    if (rest()) return;
    part("empty").hidden = items.length > 0;
    part("now").hidden = items.length === 0;
    if (!items.length) {
      current = null;
      return;
    }
    const slot = hourly ? hours() : Math.floor(now() / 1000 / paper.slot);
    if (current && slot === shownSlot && items.includes(current)) return;
    shownSlot = slot;
    current = choose(items);
    if (fresh[0] === current.id) fresh.shift();
    show(current);
  };

  /* True while quiet hours hold: nothing is shown. By the hour, what is new comes as a list when the hour turns. */
  const rest = () => {
    const quiet = isQuiet();
    if (quiet) {
      part("now").hidden = true;
      part("empty").hidden = true;
      current = null;
      say(said.dataset.quietSaid);
    } else if (said.textContent === said.dataset.quietSaid) {
      say("");
    }
    if (!quiet && hours() !== shownHour && missed.length) {
      shownHour = hours();
      showMissed();
      missed.length = 0;
    }
    return quiet;
  };

  const show = (item) => {
    part("text").textContent = item.text;
    part("source").textContent = item.source;
    const picture = part("picture");
    picture.hidden = !item.picture || saver();
    if (!picture.hidden) picture.src = box.dataset.pictures + item.picture;
    part("acts").hidden = !mayShare(item);
    part("internal").hidden = item.matter !== "internal";
    part("whatsapp").href = `https://wa.me/?text=${encodeURIComponent(wholeText(item))}`;
    part("share").hidden = !navigator.share;
    if (!document.hidden) note(item);
  };

  const note = (item) => {
    noteDay();
    if (kept.seen.includes(item.id)) return;
    kept.seen.push(item.id);
    kept.shown.push(item.id);
    keep();
  };

  const wholeText = (item) =>
    [item.paste || item.text, box.dataset.links.replace("*", item.code), `— ${item.source}`, box.dataset.sharer].join("\n");

  const showSilence = () => {
    const until = paper?.silent_until;
    const silent = until !== undefined && now() < until * 1000;
    part("silence").hidden = !silent;
    if (silent) {
      part("silent-until").textContent = new Date(until * 1000).toLocaleString(document.documentElement.lang, {
        timeZone: "Asia/Kolkata", weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
      });
    }
  };

  const say = (words) => {
    if (said.textContent !== words) said.textContent = words;
  };

  const tap = (channel) => {
    if (!current) return;
    kept.shared.push([current.id, channel]);
    keep();
    setTimeout(tellNow, 200);
  };
  /* Looks at the clock again at the tap itself: the buttons may have been drawn before the hour. */
  const shareable = () => current !== null && mayShare(current);

  const tellNow = async () => {
    const shown = kept.shown.slice(0, MOST_TOLD);
    const shared = kept.shared.slice(0, Math.max(0, MOST_TOLD - shown.length));
    if (telling || !navigator.onLine || shown.length + shared.length === 0) return;
    telling = true;
    try {
      const body = JSON.stringify({ shown, shared });
      const headers = { "Content-Type": "text/plain" };
      const answer = await fetch(tell, { method: "POST", body, headers, keepalive: true, credentials: "omit" });
      if (answer.status === 204 || answer.status === 400) {
        kept.shown = kept.shown.filter((id) => !shown.includes(id));
        kept.shared = kept.shared.slice(shared.length);
        keep();
      } else if (answer.status === 410 || answer.status === 403) {
        await renew();
      }
    } catch {
      /* kept; told when the network is back */
    } finally {
      telling = false;
    }
  };

  const showMissed = () => {
    part("digest").hidden = missed.length === 0;
    part("count").textContent = String(missed.length);
    const rows = live().filter((item) => missed.includes(item.id));
    part("list").replaceChildren(
      ...rows.map((item) => Object.assign(document.createElement("li"), { textContent: item.text })),
    );
  };

  part("share").addEventListener("click", async () => {
    if (!shareable()) return draw();
    const text = wholeText(current);
    tap("share");
    try {
      await navigator.share({ text });
    } catch {
      /* closed by the person: their choice */
    }
  });
  part("whatsapp").addEventListener("click", (event) => {
    if (shareable()) return tap("whatsapp");
    event.preventDefault();
    return draw();
  });
  part("copy").addEventListener("click", async () => {
    if (!shareable()) return draw();
    const area = Object.assign(document.createElement("textarea"), { value: wholeText(current) });
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(said.dataset.copied);
    tap("copy");
  });

  const pause = part("pause");
  pause.hidden = false;
  pause.addEventListener("click", () => {
    const stop = now() >= pausedUntil;
    pausedUntil = stop ? now() + 3_600_000 : 0;
    pause.textContent = stop ? pause.dataset.go : pause.dataset.stop;
    pause.setAttribute("aria-pressed", String(stop));
    say(stop ? said.dataset.paused : "");
    part("now").hidden = stop || !current;
    if (!stop) ask();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      tellNow();
      wait(usualWait());
    } else {
      showMissed();
      missed.length = 0;
      if (current) note(current);
      ask();
    }
  });
  addEventListener("online", () => {
    ask();
    tellNow();
  });

  const next = part("next");
  setInterval(() => {
    draw();
    if (current) part("acts").hidden = !mayShare(current);
    const left = Math.ceil((askAt - Date.now()) / 1000);
    next.hidden = !paper || left <= 0 || now() < pausedUntil;
    part("seconds").textContent = String(Math.max(0, left));
  }, 1000);
  setInterval(tellNow, TELL_EVERY);
  setTimeout(tellNow, 5_000);
  ask();
})();
