"use strict";
/* Keeps the last look of one person's own pages on their phone, and the files these pages need.

   A page is kept only where the server's line Toli-Keep says for whom; the pages of everybody else are thrown away at
   that moment. Files lie under the version of this release; those of the release before go when this one starts. */
const PAGES = "toli-pages-";
const FILES = `toli-files-${TOLI.version}`;
const PATIENCE = 12_000;
const BUSY = [502, 503, 504];
const FRESH_FOR = 10 * 60_000;

const told = "BroadcastChannel" in self ? new BroadcastChannel("toli-bytes") : null;
const count = (answer, bytes) => told?.postMessage(Number(answer.headers.get("Content-Length")) || bytes || 0);

const dropPages = async (but = "") => {
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
};

const keptPage = async (url) => {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(url, { ignoreVary: true });
    if (found) return found;
  }
  return null;
};

/* The server may say: keep it for this person; it is gone; or, by leading elsewhere, that nobody is signed in. */
const look = async (url, answer) => {
  if (answer.type === "opaqueredirect" || answer.redirected) {
    if (await keptPage(url)) await dropPages();
    return;
  }
  const key = answer.headers.get("Toli-Keep");
  if (answer.status === 200 && key) {
    await dropPages(PAGES + key);
    await (await caches.open(PAGES + key)).put(url, await dated(answer));
  } else if ([403, 404, 410].includes(answer.status)) {
    for (const name of await caches.keys()) {
      if (name.startsWith(PAGES)) await (await caches.open(name)).delete(url, { ignoreVary: true });
    }
  }
};

/* The server's clock counts: its hour is kept with the page, and the time gone by since is added. A phone whose clock
   was set back gains nothing: for it no time has gone by. */
const dated = async (answer) => {
  const headers = new Headers(answer.headers);
  headers.set("Toli-Kept-At", String(Date.now()));
  return new Response(await answer.blob(), { status: 200, headers });
};

const serverNow = (page) => {
  const keptAt = Number(page.headers.get("Toli-Kept-At"));
  const server = Date.parse(page.headers.get("Date")) || keptAt;
  return server + Math.max(0, Date.now() - keptAt);
};

const mayShow = (page) => {
  const until = Number(page.headers.get("Toli-Keep-Until"));
  return !until || serverNow(page) < until * 1000;
};

/* Parts the law closes meanwhile stand between two marks with the words that take their place. */
const lawful = (text, now) =>
  text.replace(/<!--until:(\d+)\|([^>]*?)-->[\s\S]*?<!--\/until-->/g, (part, until, words) =>
    now < Number(until) * 1000 ? part : `<p class="card">${words}</p>`,
  );

const marked = async (page) => {
  const text = lawful(await page.text(), serverNow(page)).replace("<html ", "<html data-kept ");
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
  const policy = page.headers.get("Content-Security-Policy");
  if (policy) headers.set("Content-Security-Policy", policy);
  return new Response(text, { status: 200, headers });
};

const withoutNetwork = async (url) => {
  const page = await keptPage(url);
  if (page && mayShow(page)) return marked(page);
  const other = await (await caches.open(FILES)).match(TOLI.offline);
  return other ?? Response.error();
};

const patient = (promise) =>
  new Promise((done, failed) => {
    setTimeout(() => failed(new Error("too slow")), PATIENCE);
    promise.then(done, failed);
  });

const openPage = async (event) => {
  const url = event.request.url;
  const answering = fetch(event.request).then((answer) => {
    event.waitUntil(look(url, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(answering.catch(() => {}));
  const hasKept = await keptPage(url);
  try {
    const answer = await (hasKept ? patient(answering) : answering);
    return BUSY.includes(answer.status) && hasKept && mayShow(hasKept) ? marked(hasKept) : answer;
  } catch {
    return withoutNetwork(url);
  }
};

const openFile = async (request) => (await (await caches.open(FILES)).match(request, { ignoreVary: true })) ?? fetch(request);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll([...TOLI.files, TOLI.offline])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("toli-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? openPage(event) : fetch(request).catch(() => withoutNetwork("")));
  } else if (request.method === "GET" && TOLI.files.includes(url.pathname)) {
    event.respondWith(openFile(request));
  }
});

/* Pages a person will want without a network, fetched while there is one. Only our own, one after the other. */
const keepToo = async (paths) => {
  for (const path of paths) {
    const url = new URL(path, location.origin);
    if (url.origin !== location.origin || !url.pathname.startsWith("/me/")) continue;
    const kept = await keptPage(url.href);
    if (kept && Date.now() - Date.parse(kept.headers.get("Date")) < FRESH_FOR) continue;
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    count(answer, answer.status === 200 ? (await answer.clone().blob()).size : 0);
    await look(url.href, answer);
    if (answer.type === "opaqueredirect") return;
  }
};

self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keepToo(event.data.keep).catch(() => {}));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== ToliOutbox.NAME) return;
  const send = async () => {
    const { later } = await ToliOutbox.flush();
    if (later && !event.lastChance) throw new Error("later");
  };
  event.waitUntil(send());
});
