"""What the local servers share: HTTP on this machine only, faults on demand, nothing kept beyond memory.

Faults, each for the next request: timeout, hang_after (taken, then no answer), cut_after (taken, then the line is
cut), 500, 500_after, garbage, empty, 401, 429, refuse, twice. POST <prefix>/faults {"mode": ..., "times": n} switches
them on.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

LONGEST_BODY = 64 * 1024 * 1024
LONGEST_FORM = 1024 * 1024
KEPT = 5000
LOCAL_TOKEN = "local"  # noqa: S105 - a word, not a secret
"""What the local servers ask for: it opens nothing elsewhere."""
MODES = frozenset({
    "timeout", "hang_after", "cut_after", "500", "500_after", "garbage", "empty", "401", "429", "refuse", "twice",
})  # fmt: skip
FIELD = re.compile(rb'name="(\w+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.S)
AFTER = frozenset({"hang_after", "cut_after", "500_after"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    base: str = ""
    """The address of this provider's part of the server."""

    @property
    def said(self) -> dict[str, Any]:
        """The JSON object of the body, else its form fields; empty for neither."""
        if "multipart" in self.headers.get("content-type", ""):
            fields = FIELD.findall(self.body)
            return {name.decode(): value.decode("utf-8", "replace") for name, value in fields}
        try:
            found = json.loads(self.body)
        except ValueError:
            return self.form
        return found if isinstance(found, dict) else {}

    @property
    def form(self) -> dict[str, Any]:
        if len(self.body) > LONGEST_FORM or "urlencoded" not in self.headers.get("content-type", ""):
            return {}
        return {name: values[0] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    def one(self, name: str) -> str:
        """A value of the query, or of the body."""
        return (self.query.get(name) or [str(self.said.get(name, ""))])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider answers: `said` as JSON, or `body` as it is."""

    status: int = 200
    said: Any = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """No answer at all: the line is cut."""

    @property
    def bytes(self) -> bytes:
        return self.body if self.said is None else json.dumps(self.said, ensure_ascii=False).encode()


class Speaker:
    """One provider's side of its protocol. Subclasses answer; faults stand before it. Safe from several threads."""

    key = ""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.ended = threading.Event()
        self.faults: list[str] = []
        self.requests = 0
        self.hang_seconds = 30.0
        self.retry_after = 1

    def answer(self, asked: Asked) -> Reply:
        """The protocol itself."""
        raise NotImplementedError

    def refusal(self, mode: str) -> Reply:
        """How this provider says 401, 429 and "no"."""
        status = {"401": 401, "429": 429, "refuse": 422}[mode]
        headers = {"Retry-After": str(self.retry_after)} if status == 429 else {}
        return Reply(status, {"error": mode}, headers=headers)

    def is_faulty(self, asked: Asked) -> bool:
        """Whether faults apply to this request: not to those that only look."""
        return asked.method != "GET"

    def respond(self, asked: Asked) -> Reply:
        if asked.path == "/faults":
            return self._set_faults(asked)
        fault = self._next_fault() if self.is_faulty(asked) else ""
        if fault in AFTER or fault == "twice":
            kept = self.answer(asked)
        if fault in ("timeout", "hang_after"):
            self.ended.wait(self.hang_seconds)
            return Reply(cut=True)
        answers = {
            "cut_after": Reply(cut=True), "500": Reply(500, {"error": "inside"}), "500_after": Reply(500, {}),
            "garbage": Reply(200, body=b"<html>\xff\xfe OK"), "empty": Reply(200, body=b""),
        }  # fmt: skip
        if fault == "twice":
            return kept
        if fault in answers:
            return answers[fault]
        return self.refusal(fault) if fault else self.answer(asked)

    def _next_fault(self) -> str:
        with self.lock:
            self.requests += 1
            return self.faults.pop(0) if self.faults else ""

    def _set_faults(self, asked: Asked) -> Reply:
        mode, times = str(asked.said.get("mode", "")), asked.said.get("times", 1)
        if (mode and mode not in MODES) or not isinstance(times, int):
            return Reply(400, {"error": f"modes: {', '.join(sorted(MODES))}"})
        with self.lock:
            self.faults = [mode] * times if mode else []
        return Reply(said={"ok": True})


class Wall(Speaker):
    """A speaker that keeps the texts posted to it, by the reference it gave them."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, str] = {}

    def shown(self) -> list[str]:
        """The texts that stand there, oldest first."""
        return list(self.posts.values())


class Handler(BaseHTTPRequestHandler):
    """From bytes to `Asked` and back."""

    server: LocalServer
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        """Numbers and tokens stand in the addresses of these servers, so they write no log."""

    def _any(self) -> None:
        at = urlsplit(self.path)
        speaker, prefix = self.server.speaker_for(at.path)
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self._send(Reply(413, {"error": "too long"}))
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = at.path[len(prefix) :] or "/"
        base = f"{self.server.url.rstrip('/')}{prefix}"
        self._send(speaker.respond(Asked(self.command, path, parse_qs(at.query), headers, body, base)))

    do_GET = do_POST = do_PUT = do_DELETE = _any

    def _send(self, reply: Reply) -> None:
        if reply.cut:
            self.close_connection = True
            return
        body = reply.bytes
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


class LocalServer(ThreadingHTTPServer):
    """Providers on one port of this machine: one at the root, others each under its key."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, root: Speaker, *others: Speaker, port: int = 0) -> None:
        self.root = root
        self.others = {f"/{other.key}": other for other in others}
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def speaker_for(self, path: str) -> tuple[Speaker, str]:
        first = f"/{path.lstrip('/').split('/', 1)[0]}"
        return (self.others[first], first) if first in self.others else (self.root, "")

    def start(self) -> LocalServer:
        """Serve on a thread of its own, for tests."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def end(self) -> None:
        """Let go whoever waits, and the port."""
        for speaker in (self.root, *self.others.values()):
            speaker.ended.set()
        self.server_close()

    def stop(self) -> None:
        """End what `start` began."""
        self.shutdown()
        self.end()


def post_here(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post what a provider says to a webhook on this machine; the status, 0 where nobody answers or it is elsewhere."""
    if urlsplit(address).hostname not in ("127.0.0.1", "localhost", "::1"):
        return 0
    try:
        headers = {"Content-Type": "application/json", **headers}
        request = Request(address, data=body, headers=headers)  # noqa: S310 - this machine only
        with urlopen(request, timeout=5) as answer:  # noqa: S310 - this machine only
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0
