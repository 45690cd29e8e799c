/* Keeps one copy of the join form, without anything of a person in it, for when there is no network.

   The server's line Toli-Keep-Form says which page may be kept; a form of somebody signed in or on a shared phone has
   none, and then the copy goes too. A form that is sent is never sent again from here: without an answer the copy
   comes back and says that it was not sent. */
const FILES = `toli-form-files-${FORM.version}`;
const PAGE = "toli-form-page";
const IS_FORM = /^\/join\/[-\w]+\/form\/$/;
const PATIENCE = 12_000;

const kept = async () => {
  const page = await caches.open(PAGE);
  const [first] = await page.keys();
  return first ? page.match(first) : undefined;
};

const look = async (url, answer) => {
  if (!IS_FORM.test(new URL(url).pathname) || answer.type === "opaqueredirect") return;
  if (answer.headers.get("Retry-After")) return; /* a pause, or a place in the waiting line */
  if (answer.status === 200 && answer.headers.get("Toli-Keep-Form")) {
    await caches.delete(PAGE);
    await (await caches.open(PAGE)).put(url, answer);
  } else if (answer.status === 200) await caches.delete(PAGE);
};

const copy = async (mark) => {
  const page = await kept();
  if (!page) return Response.error();
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
  headers.set("Content-Security-Policy", page.headers.get("Content-Security-Policy"));
  return new Response((await page.text()).replace("<html ", `<html ${mark} `), { status: 200, headers });
};

const patient = (promise) =>
  new Promise((done, failed) => {
    setTimeout(() => failed(new Error("too slow")), PATIENCE);
    promise.then(done, failed);
  });

const open = async (event) => {
  const answering = fetch(event.request).then((answer) => {
    event.waitUntil(look(event.request.url, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(answering.catch(() => {}));
  try {
    return await ((await kept()) ? patient(answering) : answering);
  } catch {
    return copy("data-kept");
  }
};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(FORM.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("toli-form-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

/* The page that brought this worker was loaded before it: it asks to be kept too. */
self.addEventListener("message", (event) => {
  const path = event.data?.keep;
  if (typeof path !== "string" || !IS_FORM.test(new URL(path, location.origin).pathname)) return;
  const url = new URL(path, location.origin);
  event.waitUntil(fetch(url, { redirect: "manual", cache: "no-store" }).then((answer) => look(url.href, answer)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(open(event));
  else if (request.mode === "navigate" && IS_FORM.test(url.pathname)) {
    event.respondWith(fetch(request).catch(() => copy("data-not-sent")));
  } else if (request.method === "GET" && FORM.files.includes(url.pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found ?? fetch(request)));
  }
});
