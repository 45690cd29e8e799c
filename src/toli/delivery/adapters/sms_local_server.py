"""A small real SMS gateway for the demo and the tests: speaks the protocol of `sms_http` and shows an inbox.

GET /inbox?to=+91...          a page, or JSON with Accept: application/json or &format=json
POST /                        take a message
POST /call                    ring a number and say a text: it stands in the inbox as a call
POST /send                    play the phone: from=+91..., text=... (a form); the deployment's webhook gets it, signed
POST /faults                  {"mode": "timeout|500|garbage|twice|429|refuse|hang_after", "times": 3}: switch faults on
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
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

KEPT = 5000
LONGEST_BODY = 16 * 1024
MODES = frozenset({"timeout", "500", "garbage", "twice", "429", "refuse", "hang_after", "empty", "401"})


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
    """What arrived, newest last, and the faults switched on. Safe from several threads."""

    messages: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    requests: int = 0
    faults: list[str] = field(default_factory=list)
    hang_seconds: float = 30.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

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

    def next_fault(self) -> str:
        with self.lock:
            self.requests += 1
            return self.faults.pop(0) if self.faults else ""


class Handler(BaseHTTPRequestHandler):
    """The protocol. `server.inbox` is shared by all threads."""

    server: SmsServer
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        """Numbers stand in the addresses of this server, so it writes no log."""

    def do_GET(self) -> None:
        at = urlsplit(self.path)
        if at.path in ("/", "/inbox"):
            self._inbox(parse_qs(at.query))
        elif at.path == "/health":
            self._json(200, {"ok": True})
        else:
            self._json(404, {"error": "not found"})

    def _inbox(self, query: dict[str, list[str]]) -> None:
        number = query.get("to", [""])[0].strip().replace(" ", "+") if query.get("to") else ""
        messages = self.server.inbox.to(number)
        if query.get("format") == ["json"] or "application/json" in self.headers.get("Accept", ""):
            self._json(200, {"messages": [asdict(message) for message in messages]})
        else:
            self._send(200, page(messages, number).encode(), "text/html; charset=utf-8")

    def do_DELETE(self) -> None:
        with self.server.inbox.lock:
            self.server.inbox.messages.clear()
        self._json(200, {"ok": True})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path == "/send":
            self._play_the_phone()
            return
        body = self._body()
        if path == "/call" and body is not None:
            body = {**body, "text": body.get("say"), "sender": body.get("caller"), "is_call": True}
        if body is None:
            self._json(400, {"error": "not JSON"})
        elif path == "/faults":
            self._set_faults(body)
        else:
            self._take(body)

    def _play_the_phone(self) -> None:
        """Somebody writes an SMS to us: only this page's own form may, and it goes only to this machine."""
        length = int(self.headers.get("Content-Length") or 0)
        said = parse_qs(self.rfile.read(min(length, LONGEST_BODY)).decode("utf-8", "replace"))
        origin = self.headers.get("Origin", "")
        if origin not in ("", "null") and urlsplit(origin).netloc != self.headers.get("Host"):
            self._json(403, {"error": "another site"})
            return
        number, text = (said.get(name, [""])[0].strip() for name in ("from", "text"))
        status = self.server.send_reply(number, text, said.get("id", [""])[0])
        if "application/json" in self.headers.get("Accept", ""):
            self._json(200, {"status": status})
        else:
            done = "पहुँच गया / arrived" if status == 200 else f"नहीं पहुँचा / did not arrive ({status})"
            self._send(200, page(self.server.inbox.to(number), number, done).encode(), "text/html; charset=utf-8")

    def _body(self) -> dict[str, Any] | None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
            body = json.loads(self.rfile.read(length)) if 0 < length <= LONGEST_BODY else None
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def _set_faults(self, body: dict[str, Any]) -> None:
        mode, times = str(body.get("mode", "")), int(body.get("times", 1) or 0)
        if mode and mode not in MODES:
            self._json(400, {"error": f"modes: {', '.join(sorted(MODES))}"})
            return
        with self.server.inbox.lock:
            self.server.inbox.faults = [mode] * times if mode else []
        self._json(200, {"ok": True})

    def _take(self, body: dict[str, Any]) -> None:
        fault = self.server.inbox.next_fault()
        missing = [name for name in ("sender", "template_id", "to", "text", "client_ref") if not body.get(name)]
        if fault and self._fail(fault, body):
            return
        if missing or not str(body["to"]).startswith("+"):
            self._json(422, {"error": f"missing {', '.join(missing)}" if missing else "not a number"})
            return
        if self.server.token and not self._authorised():
            self._json(401, {"error": "token"})
            return
        kept, again = self.server.inbox.take(body)
        self._json(200 if again else 202, {"status": "accepted", "id": kept.id, "duplicate": again})
        if body.get("callback") and not again:
            self.server.report(str(body["callback"]), kept)

    def _authorised(self) -> bool:
        return hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.token}")

    def _fail(self, fault: str, body: dict[str, Any]) -> bool:
        """Play one fault; True when it answered (or did not on purpose)."""
        if fault == "hang_after":
            self.server.inbox.take(body)
        if fault in ("timeout", "hang_after"):
            self.server.inbox.ended.wait(self.server.inbox.hang_seconds)
            self.close_connection = True
            return True
        answers = {
            "500": (500, b'{"error": "inside"}'), "garbage": (200, b"<html>\xff\xfe OK"), "429": (429, b"{}"),
            "refuse": (422, b'{"error": "number"}'), "empty": (200, b""), "401": (401, b"{}"),
        }  # fmt: skip
        if fault in answers:
            self._send(answers[fault][0], answers[fault][1], "application/json")
            return True
        self.server.inbox.take(body)  # "twice": taken, and the usual answer is given a second time
        return False

    def _json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)


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


class SmsServer(ThreadingHTTPServer):
    """The gateway on one port of this machine."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int = 0, *, token: str = "", receipt_secret: str = "", hook: str = "") -> None:
        self.inbox = Inbox()
        self.token = token
        self.hook = hook
        self.receipt_secret = receipt_secret or token
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def start(self) -> SmsServer:
        """Serve on a thread of its own, for tests."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def report(self, callback: str, kept: Kept) -> None:
        """Say "delivered" to the sender's webhook, signed, on a thread of its own. Only to this machine."""
        if self.receipt_secret and urlsplit(callback).hostname in ("127.0.0.1", "localhost", "::1"):
            threading.Thread(target=post_receipt, args=(callback, kept, self.receipt_secret), daemon=True).start()

    def send_reply(self, number: str, text: str, message_id: str = "") -> int:
        """Post what a phone wrote to the deployment's webhook; its status, 0 where it cannot be reached."""
        if urlsplit(self.hook).hostname not in ("127.0.0.1", "localhost", "::1"):
            return 0
        said = {"reply": text, "from": number, "id": message_id or uuid4().hex, "at": datetime.now(UTC).isoformat()}
        return post_signed(self.hook, said, self.receipt_secret)

    def stop(self) -> None:
        self.inbox.ended.set()
        self.shutdown()
        self.server_close()


def post_receipt(callback: str, kept: Kept, secret: str) -> None:
    """One signed receipt; a webhook that does not answer is let be."""
    said = {"client_ref": kept.client_ref, "id": kept.id, "status": "delivered", "at": kept.at}
    post_signed(callback, said, secret)


def post_signed(address: str, said: dict[str, str], secret: str) -> int:
    """Post what a provider says, signed; the status, 0 where nobody answers."""
    body = json.dumps(said).encode()
    headers = {"Content-Type": "application/json", "X-Signature": sign(secret, body)}
    try:
        with urlopen(Request(address, data=body, headers=headers), timeout=5) as answer:  # noqa: S310 - this machine only
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def sign(secret: str, body: bytes) -> str:
    """The signature a provider puts on its receipts."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()
