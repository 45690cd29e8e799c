"use strict";
/* The outbox as a person sees it: hand-ins are kept first, then sent; each shows how it stands, and while it waits it
   can be changed or thrown away. Without this script the form is sent as any other. */
(() => {
  const owner = document.documentElement.dataset.phone;
  const list = document.querySelector("[data-outbox-list]");
  const box = document.querySelector("[data-outbox-form]");
  const form = box?.querySelector("form");
  if (!owner || !list || !("indexedDB" in window) || !navigator.locks) return;
  const words = list.dataset;
  const FIRST_WAIT = 3_000;
  const LONGEST_WAIT = 300_000;
  const QUIET = 60_000;
  let wait = FIRST_WAIT;
  let timer = 0;
  let editing = null;
  const progress = new Map();

  const sizeText = (bytes) =>
    bytes >= 1_000_000 ? words.mb.replace("[n]", (bytes / 1_000_000).toFixed(1)) : words.kb.replace("[n]", Math.max(1, Math.round(bytes / 1000)));
  const timeText = (moment) =>
    new Date(moment).toLocaleTimeString(document.documentElement.lang, { timeZone: "Asia/Kolkata", hour: "numeric", minute: "2-digit" });

  /* --- what stands in the box --- */
  const stateOf = (row) => {
    if (row.state === "sent") return words.sent.replace("[time]", timeText(row.sent_at));
    if (row.state === "refused") return words.refused;
    if (row.state === "sending") return words.sending;
    if (row.hold === "login") return words.login;
    return row.hold === "busy" ? words.busy : words.waiting;
  };

  const line = (row) => {
    const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    item.dataset.ref = row.ref;
    item.dataset.state = row.state;
    part("title").textContent = row.title;
    part("title").href = row.page;
    const said = [row.place, row.number, row.text, row.photo_size ? `${words.photo} ${sizeText(row.photo_size)}` : ""];
    part("what").textContent = said.filter(Boolean).join(" · ");
    part("state").textContent = stateOf(row);
    part("state").className = { sent: "tag tag-good", refused: "tag tag-bad" }[row.state] ?? "tag tag-warn";
    part("reason").textContent = row.state === "refused" ? row.reason || words.refused_plain : "";
    part("reason").hidden = row.state !== "refused";
    part("login").hidden = row.hold !== "login" || row.state !== "waiting";
    part("progress").hidden = row.state !== "sending";
    if (progress.has(row.ref)) part("progress").value = progress.get(row.ref);
    const idle = row.state === "waiting" || row.state === "refused";
    part("change").hidden = !idle;
    part("remove").hidden = !idle;
    part("change").addEventListener("click", () => change(row));
    part("remove").addEventListener("click", () => ToliOutbox.remove(row.ref).then(show));
    return item;
  };

  const show = async () => {
    const rows = await ToliOutbox.all().catch(() => []);
    const mine = rows.filter((row) => row.owner === owner);
    const here = box ? mine.filter((row) => row.send === box.dataset.send) : mine;
    const others = rows.filter((row) => row.owner !== owner && row.state !== "sent").length;
    list.querySelector("ul").replaceChildren(...here.map(line));
    const note = list.querySelector("[data-others]");
    note.hidden = others === 0 || Boolean(box);
    note.textContent = others ? words.others.replace("[n]", others) : "";
    list.hidden = here.length === 0 && note.hidden;
    if (box) box.hidden = editing === null && here.some((row) => row.state !== "sent");
    return rows;
  };

  /* --- sending --- */
  const poster = (row, csrf) =>
    new Promise((done, failed) => {
      const call = new XMLHttpRequest();
      let idle = 0;
      const alive = () => {
        clearTimeout(idle);
        idle = setTimeout(() => call.abort(), QUIET);
      };
      call.open("POST", row.send);
      for (const [name, value] of Object.entries(ToliOutbox.headersOf(row, csrf))) call.setRequestHeader(name, value);
      call.upload.addEventListener("progress", (event) => {
        alive();
        progress.set(row.ref, event.total ? event.loaded / event.total : 0);
        const bar = list.querySelector(`[data-ref="${row.ref}"] progress`);
        if (bar) bar.value = progress.get(row.ref);
      });
      call.addEventListener("loadend", () => clearTimeout(idle));
      call.addEventListener("error", () => failed(new Error("network")));
      call.addEventListener("abort", () => failed(new Error("quiet")));
      call.addEventListener("load", () => {
        let body = null;
        try {
          body = JSON.parse(call.responseText);
        } catch {
          /* somebody else's page: a wall of the network, or a server that is away */
        }
        const wait = Number(call.getResponseHeader("Retry-After")) || 0;
        done({ status: call.status, body: body?.outbox === 1 ? body : null, wait });
      });
      alive();
      call.send(ToliOutbox.bodyOf(row));
    });

  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(seconds * 1000, wait));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const send = async () => {
    clearTimeout(timer);
    if (!navigator.onLine) return;
    const found = await ToliOutbox.flush(poster).catch(() => ({ sent: 0, later: true, wait: 0 }));
    if (found.sent && editing === null) {
      if (box) location.replace(box.dataset.page); // a refused form stands at an address that only takes
      else location.reload();
      return;
    }
    await show();
    if (found.later) later(found.wait);
    else wait = FIRST_WAIT;
  };

  const again = () => {
    wait = FIRST_WAIT;
    send();
  };
  addEventListener("online", again);
  addEventListener("pageshow", again);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) again();
  });
  if ("BroadcastChannel" in window) new BroadcastChannel(ToliOutbox.NAME).addEventListener("message", show);
  show();
  if (!form) return;

  /* --- handing in --- */
  const field = (name) => form.elements.namedItem(name);
  const said = box.querySelector("[data-outbox-said]");
  const say = (text) => {
    said.textContent = text;
    said.hidden = !text;
    if (text) said.scrollIntoView({ block: "nearest" });
  };

  const change = (row) => {
    editing = row;
    box.hidden = false;
    if (field("number")) field("number").value = row.number ?? "";
    if (field("text")) field("text").value = row.text ?? "";
    const photo = field("photo");
    if (photo && row.photo) {
      photo.required = false;
      say(words.stays.replace("[size]", sizeText(row.photo_size)));
    }
    form.querySelector("input:not([type=hidden]), textarea")?.focus();
  };

  const photoOf = async () => {
    const input = field("photo");
    await input?.toliShrinking;
    const file = input?.files[0];
    if (file) return { photo: await file.arrayBuffer(), photo_type: file.type, photo_size: file.size };
    const kept = editing ?? {};
    return { photo: kept.photo ?? null, photo_type: kept.photo_type ?? "", photo_size: kept.photo_size ?? 0 };
  };

  const entry = async () => ({
    ref: editing && editing.tries === 0 ? editing.ref : ToliOutbox.ref(),
    owner, made_at: Date.now(), send: box.dataset.send, whoami: box.dataset.whoami, page: box.dataset.page,
    title: box.dataset.title, place: box.dataset.place, ...(await photoOf()),
    number: field("number")?.value ?? null, text: field("text")?.value ?? null,
  });

  const askSync = async () => {
    try {
      const worker = await navigator.serviceWorker.ready;
      await worker.sync.register(ToliOutbox.NAME);
    } catch {
      /* sent when a page is open again */
    }
  };

  const keep = async () => {
    try {
      await ToliOutbox.put(await entry());
    } catch (error) {
      if (error.message === "sending") return say(words.sending);
      if (navigator.onLine) return form.submit();
      return say(words.full);
    }
    editing = null;
    form.reset();
    say("");
    await show();
    navigator.storage?.persist?.();
    askSync();
    return send();
  };

  let keeping = false;
  document.addEventListener("submit", async (event) => {
    if (event.target !== form) return;
    if (!form.checkValidity()) {
      if (navigator.onLine && editing === null) return; // the server says in words what is missing
      event.preventDefault();
      event.stopPropagation();
      form.reportValidity();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (keeping) return;
    keeping = true;
    await keep().finally(() => {
      keeping = false;
    });
  }, true);
})();
