"use strict";
/* Hand-ins that wait on this phone. Each is written whole before anything else happens, under a ref minted here, so
   that whatever dies in between it is sent again and taken once. Used by the pages and by the phone's worker. */
self.ToliOutbox = (() => {
  const NAME = "toli-outbox";
  const SENT_SHOWN_FOR = 24 * 3_600_000;
  const REFUSED = [400, 403, 404, 409, 413, 422];
  const LONGEST = 240_000;
  const STRICT = { durability: "strict" };

  const ref = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let moment = Date.now();
    for (let place = 5; place >= 0; place -= 1) {
      bytes[place] = moment % 256;
      moment = Math.floor(moment / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const opened = () =>
    idb.openDB(NAME, 1, { upgrade: (db) => db.createObjectStore("hand_ins", { keyPath: "ref" }) });

  const within = async (act) => {
    const db = await opened();
    try {
      const deed = db.transaction("hand_ins", "readwrite", STRICT);
      deed.done.catch(() => {});
      try {
        const result = await act(deed.store);
        await deed.done;
        return result;
      } catch (error) {
        try {
          deed.abort();
        } catch {
          /* it has ended by itself */
        }
        throw error;
      }
    } finally {
      db.close();
    }
  };

  const changed = () => {
    if (!("BroadcastChannel" in self)) return;
    const channel = new BroadcastChannel(NAME);
    channel.postMessage("changed");
    channel.close();
  };

  const spent = (bytes) => {
    if (!("BroadcastChannel" in self)) return;
    const channel = new BroadcastChannel("toli-bytes");
    channel.postMessage(bytes);
    channel.close();
  };

  const all = async () => {
    const rows = await within((store) => store.getAll());
    return rows.sort((a, b) => a.made_at - b.made_at);
  };

  /* Written in place of an older one of the same share. One that was tried may have arrived: its change is a new
     hand-in under a new ref, which the server takes or refuses with a reason, and never silently drops. */
  const put = async (entry) => {
    await within(async (store) => {
      for (const old of await store.getAll()) {
        const same = old.owner === entry.owner && old.send === entry.send;
        if (!same) continue;
        if (old.state === "sending" && old.ref !== entry.ref) throw new Error("sending");
        await store.delete(old.ref);
      }
      await store.add({ ...entry, state: "waiting", tries: 0, hold: "", reason: "" });
    });
    changed();
  };

  const remove = async (wanted) => {
    const gone = await within(async (store) => {
      const row = await store.get(wanted);
      if (!row || row.state === "sending") return false;
      await store.delete(wanted);
      return true;
    });
    changed();
    return gone;
  };

  const change = async (wanted, from, values) => {
    const done = await within(async (store) => {
      const row = await store.get(wanted);
      if (!row || !from.includes(row.state)) return null;
      const next = { ...row, ...(typeof values === "function" ? values(row) : values) };
      await store.put(next);
      return next;
    });
    changed();
    return done;
  };

  /* Nobody else sends while the lock is ours: what still says "sending" is of a page that died. */
  const tidy = () =>
    within(async (store) => {
      for (const row of await store.getAll()) {
        if (row.state === "sending") await store.put({ ...row, state: "waiting" });
        if (row.state === "sent" && Date.now() - row.sent_at > SENT_SHOWN_FOR) await store.delete(row.ref);
      }
    });

  const ours = async (answer) => {
    if (answer.redirected || !(answer.headers.get("Content-Type") ?? "").includes("json")) return null;
    const body = await answer.json().catch(() => null);
    return body?.outbox === 1 ? body : null;
  };

  const whoami = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    return ours(answer);
  };

  const bodyOf = (row) => {
    const form = new FormData();
    form.append("ref", row.ref);
    if (row.number !== null) form.append("number", row.number);
    if (row.text !== null) form.append("text", row.text);
    if (row.photo) form.append("photo", new Blob([row.photo], { type: row.photo_type }), "photo.jpg");
    return form;
  };

  const headersOf = (row, csrf) => ({ "X-CSRFToken": csrf, "Toli-Owner": row.owner, Accept: "application/json" });

  const post = async (row, csrf) => {
    const answer = await fetch(row.send, {
      method: "POST", body: bodyOf(row), headers: headersOf(row, csrf), credentials: "same-origin", redirect: "error",
      signal: AbortSignal.timeout(LONGEST),
    });
    return { status: answer.status, body: await ours(answer), wait: Number(answer.headers.get("Retry-After")) || 0 };
  };

  const settle = async (row, answer, found) => {
    const { status, body } = answer;
    if (body && status === 200) {
      await change(row.ref, ["sending"], { state: "sent", sent_at: Date.now(), photo: null, hold: "", reason: "" });
      return "sent";
    }
    if (status === 401 || body?.state === "other") {
      await change(row.ref, ["sending"], { state: "waiting", hold: body?.owner ? "other" : "login" });
      return "stop";
    }
    if ((body && REFUSED.includes(status)) || status === 413) {
      await change(row.ref, ["sending"], { state: "refused", reason: body?.reason ?? "" });
      return "refused";
    }
    await change(row.ref, ["sending"], { state: "waiting", hold: status >= 500 || status === 429 ? "busy" : "network" });
    found.wait = answer.wait;
    return "later";
  };

  const sendAll = async (poster) => {
    const found = { sent: 0, later: false, wait: 0 };
    await tidy();
    const rows = (await all()).filter((row) => row.state === "waiting");
    if (!rows.length) return found;
    const me = await whoami(rows[0].whoami).catch(() => null);
    if (!me) return { ...found, later: true };
    for (const row of rows) {
      if (row.owner !== me.owner) {
        await change(row.ref, ["waiting"], { hold: me.owner ? "other" : "login" });
        continue;
      }
      const begun = await change(row.ref, ["waiting"], (old) => ({ state: "sending", tries: old.tries + 1, hold: "" }));
      if (!begun) continue;
      spent(begun.photo?.byteLength ?? 0);
      const answer = await poster(begun, me.csrf).catch(() => ({ status: 0, body: null, wait: 0 }));
      const fate = await settle(begun, answer, found);
      if (fate === "sent") found.sent += 1;
      if (fate === "later") found.later = true;
      if (fate === "later" || fate === "stop") break;
    }
    return found;
  };

  /* Sends what waits, one after the other, by one page or worker at a time. */
  const flush = (poster = post) =>
    navigator.locks.request(NAME, { ifAvailable: true }, (lock) =>
      lock ? sendAll(poster) : { sent: 0, later: true, wait: 0 },
    );

  return { NAME, ref, all, put, remove, change, flush, bodyOf, headersOf };
})();
