"""A small real SMS gateway for the demo and the tests: speaks the protocol of `adapter` and shows an inbox.

GET /inbox?to=+91...          a page, or JSON with Accept: application/json or &format=json
POST /                        take a message
POST /call                    ring a number and say a text: it stands in the inbox as a call
POST /send                    play the phone: from=+91..., text=... (a form); the deployment's webhook gets it, signed
POST /faults                  {"mode": "timeout", "times": 3}: switch faults on (see `serving`)
DELETE /inbox                 empty it
A message that names a `callback` on this machine gets a signed receipt there.
It keeps messages in memory only, listens on this machine only, and sends nothing anywhere.
"""

from __future__ import annotations

import hmac
import html
import json
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from toli.delivery.providers.serving import KEPT, Asked, LocalServer, Reply, Speaker, post_here
from toli.delivery.providers.sms.receipts import sign

LONGEST_MESSAGE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it arrived."""

    id: str
    to: str
    text: str
    sender: str
    template_id: str
    client_ref: str
    at: str
    is_call: bool = False


@dataclass
class Inbox:
    """What arrived, newest last. Safe from several threads."""

    messages: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: dict[str, Any]) -> tuple[Kept, bool]:
        """Keep a message; the same client_ref again gives the first one back and True."""
        with self.lock:
            ref = str(body["client_ref"])
            if ref in self.messages:
                return self.messages[ref], True
            kept = Kept(
                f"L{len(self.messages) + 1}-{int(time.time() * 1000)}", str(body["to"]), str(body["text"]),
                str(body["sender"]), str(body["template_id"]), ref,
                datetime.now(UTC).isoformat(timespec="milliseconds"), bool(body.get("is_call")),
            )  # fmt: skip
            self.messages[ref] = kept
            while len(self.messages) > KEPT:
                self.messages.popitem(last=False)
            return kept, False

    def to(self, number: str) -> list[Kept]:
        """Messages to a number, or to all, newest first."""
        with self.lock:
            return [m for m in reversed(self.messages.values()) if not number or m.to == number]


class SmsSpeaker(Speaker):
    """The protocol."""

    key = "sms"

    def __init__(self, *, token: str = "", receipt_secret: str = "", hook: str = "") -> None:
        super().__init__()
        self.inbox = Inbox()
        self.token, self.hook = token, hook
        self.receipt_secret = receipt_secret or token

    def is_faulty(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path != "/send"

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return self._look(asked)
        if asked.method == "DELETE":
            with self.inbox.lock:
                self.inbox.messages.clear()
            return Reply(said={"ok": True})
        return self._play_the_phone(asked) if asked.path == "/send" else self._take(asked)

    def _look(self, asked: Asked) -> Reply:
        if asked.path == "/health":
            return Reply(said={"ok": True})
        if asked.path not in ("/", "/inbox"):
            return Reply(404, {"error": "not found"})
        number = (asked.query.get("to") or [""])[0].strip().replace(" ", "+")
        if asked.query.get("format") == ["json"] or "application/json" in asked.headers.get("accept", ""):
            return Reply(said={"messages": [asdict(message) for message in self.inbox.to(number)]})
        return self._page(number)

    def _page(self, number: str, done: str = "") -> Reply:
        body = page(self.inbox.to(number), number, done).encode()
        return Reply(body=body, headers={"Content-Type": "text/html; charset=utf-8"})

    def _play_the_phone(self, asked: Asked) -> Reply:
        """Somebody writes an SMS to us: only this page's own form may, and it goes only to this machine."""
        origin = asked.headers.get("origin", "")
        if origin not in ("", "null") and urlsplit(origin).netloc != asked.headers.get("host"):
            return Reply(403, {"error": "another site"})
        number, text = (str(asked.form.get(name, "")).strip() for name in ("from", "text"))
        status = self.send_reply(number, text, str(asked.form.get("id", "")))
        if "application/json" in asked.headers.get("accept", ""):
            return Reply(said={"status": status})
        done = "पहुँच गया / arrived" if status == 200 else f"नहीं पहुँचा / did not arrive ({status})"
        return self._page(number, done)

    def _take(self, asked: Asked) -> Reply:
        body = asked.said if len(asked.body) <= LONGEST_MESSAGE else {}
        if not body:
            return Reply(400, {"error": "not JSON"})
        if asked.path == "/call":
            body = {**body, "text": body.get("say"), "sender": body.get("caller"), "is_call": True}
        missing = [name for name in ("sender", "template_id", "to", "text", "client_ref") if not body.get(name)]
        if missing or not str(body["to"]).startswith("+"):
            return Reply(422, {"error": f"missing {', '.join(missing)}" if missing else "not a number"})
        if self.token and not hmac.compare_digest(asked.bearer, self.token):
            return Reply(401, {"error": "token"})
        kept, again = self.inbox.take(body)
        if body.get("callback") and not again:
            self.report(str(body["callback"]), kept)
        return Reply(200 if again else 202, {"status": "accepted", "id": kept.id, "duplicate": again})

    def report(self, callback: str, kept: Kept) -> None:
        """Say "delivered" to the sender's webhook, signed, on a thread of its own. Only to this machine."""
        if self.receipt_secret:
            said = {"client_ref": kept.client_ref, "id": kept.id, "status": "delivered", "at": kept.at}
            threading.Thread(target=self._post, args=(callback, said), daemon=True).start()

    def send_reply(self, number: str, text: str, message_id: str = "") -> int:
        """Post what a phone wrote to the deployment's webhook; its status, 0 where it cannot be reached."""
        said = {"reply": text, "from": number, "id": message_id or uuid4().hex, "at": datetime.now(UTC).isoformat()}
        return self._post(self.hook, said)

    def _post(self, address: str, said: dict[str, str]) -> int:
        body = json.dumps(said).encode()
        return post_here(address, body, {"X-Signature": sign(self.receipt_secret, body)})


def page(messages: list[Kept], number: str, done: str = "") -> str:
    """The inbox as a page a person can read beside the demo."""
    rows = "".join(
        f"<tr><td>{html.escape(m.at[11:19])}</td><td>{html.escape(m.to)}</td>"
        f"<td>{'☎ ' if m.is_call else ''}{html.escape(m.text)}</td></tr>"
        for m in messages[:200]
    )
    return (
        '<!doctype html><html lang="hi"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>SMS</title>'
        "<style>body{font:16px sans-serif;margin:1rem;max-width:60rem}td,th{padding:.4rem;text-align:left;"
        "border-bottom:1px solid #ccc;vertical-align:top}</style></head><body><h1>SMS</h1>"
        "<p>नमूने के संदेश: इस मशीन से बाहर कुछ नहीं जाता। / Demo messages: nothing leaves this machine.</p>"
        f'<form><label>नंबर / Number <input name="to" value="{html.escape(number, quote=True)}"></label>'
        "<button>दिखाएँ / Show</button></form>"
        "<h2>SMS भेजें / Send an SMS</h2>"
        f'<form method="post" action="/send"><label>किस नंबर से / From <input name="from" required '
        f'value="{html.escape(number, quote=True)}"></label> <label>संदेश / Text <input name="text" required></label> '
        f"<button>भेजें / Send</button> <b>{html.escape(done)}</b></form>"
        f"<table><thead><tr><th>UTC</th><th>नंबर</th><th>संदेश</th></tr></thead><tbody>{rows}</tbody></table></body></html>"
    )


class SmsServer(LocalServer):
    """The gateway at the root of one port; other providers may stand beside it."""

    def __init__(
        self, port: int = 0, *others: Speaker, token: str = "", receipt_secret: str = "", hook: str = ""
    ) -> None:
        self.speaker = SmsSpeaker(token=token, receipt_secret=receipt_secret, hook=hook)
        super().__init__(self.speaker, *others, port=port)

    @property
    def inbox(self) -> Inbox:
        return self.speaker.inbox

    def start(self) -> SmsServer:
        super().start()
        return self
