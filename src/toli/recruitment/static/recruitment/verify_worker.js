/* Keeps the page that checks cards, and its files, so that a card can be checked where there is no network. */
const CACHE = `toli-verify-${VERIFY.version}`;
const PATIENCE = 6_000;

const kept = async (request) => (await caches.open(CACHE)).match(request, { ignoreVary: true });

const patient = (promise) =>
  new Promise((done, failed) => {
    setTimeout(() => failed(new Error("too slow")), PATIENCE);
    promise.then(done, failed);
  });

const openPage = async (request) => {
  try {
    const answer = await patient(fetch(request));
    if (answer.status >= 500) return (await kept(VERIFY.page)) ?? answer;
    const isPage = new URL(request.url).pathname === VERIFY.page;
    if (isPage && answer.status === 200) await (await caches.open(CACHE)).put(VERIFY.page, answer.clone());
    return answer;
  } catch {
    return (await kept(VERIFY.page)) ?? Response.error();
  }
};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...VERIFY.files, VERIFY.page])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("toli-verify-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith(VERIFY.page)) event.respondWith(openPage(request));
  else if (VERIFY.files.includes(url.pathname)) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
});
