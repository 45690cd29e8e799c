"""A bucket on this machine that speaks enough of S3: signed PUT, GET, HEAD, DELETE and lists in pages of two."""

from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY, SECRET, REGION, BUCKET = "TESTKEY", "testsecret", "test-1", "campaign"
PAGE = 2


class Bucket(ThreadingHTTPServer):
    """`room` is how many bytes it takes; None is no end."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, tuple[bytes, datetime]] = {}
        self.room: int | None = None
        self.broken = False
        self.turned_away: list[str] = []
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{BUCKET}"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, *_said: Any) -> None:
        """Nothing on the tests' screen."""

    def _take(self) -> tuple[str, dict[str, str], bytes]:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        key = unquote(parts.path).removeprefix(f"/{BUCKET}").lstrip("/")
        return key, dict(parse_qsl(parts.query, keep_blank_values=True)), body

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        key, query, body = self._take()
        if self.server.broken:
            return self._answer(500)
        if fault := self._fault(query, body):
            self.server.turned_away.append(fault)
            return self._answer(403, fault.encode())
        return getattr(self, f"_{self.command.lower()}")(key, query, body)

    do_GET = do_PUT = do_HEAD = do_DELETE = _handle

    def _fault(self, query: dict[str, str], body: bytes) -> str:
        """The signature counted again from what arrived, as the specification says."""
        said = self.headers.get("authorization", "")
        if not said.startswith("AWS4-HMAC-SHA256 "):
            return "unsigned"
        fields = dict(part.strip().split("=", 1) for part in said.removeprefix("AWS4-HMAC-SHA256 ").split(","))
        key, day, region, service, end = fields["Credential"].split("/")
        digest = self.headers["x-amz-content-sha256"]
        if digest != hashlib.sha256(body).hexdigest():
            return "another body"
        if {"host", "x-amz-content-sha256", "x-amz-date"} - set(fields["SignedHeaders"].split(";")):
            return "too little is signed"
        lines = [f"{name}:{self.headers[name].strip()}" for name in fields["SignedHeaders"].split(";")]
        asked = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(query.items()))
        whole = [self.command, urlsplit(self.path).path, asked, *lines, "", fields["SignedHeaders"], digest]
        scope = f"{day}/{region}/{service}/{end}"
        text = ["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, _sha("\n".join(whole))]
        secret = b"AWS4" + SECRET.encode()
        for part in (day, REGION, "s3", "aws4_request"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        right = hmac.digest(secret, "\n".join(text).encode(), "sha256").hex()
        return "" if (key, right) == (KEY, fields["Signature"]) else "SignatureDoesNotMatch"

    def _put(self, key: str, _query: dict[str, str], body: bytes) -> None:
        held = sum(len(file) for file, _at in self.server.files.values())
        if self.server.room is not None and held + len(body) > self.server.room:
            return self._answer(507)
        self.server.files[key] = (body, datetime.now(UTC))
        return self._answer(200)

    def _get(self, key: str, query: dict[str, str], _body: bytes) -> None:
        if not key:
            return self._answer(200, self._list(query))
        return self._answer(200, self.server.files[key][0]) if key in self.server.files else self._answer(404)

    _head = _get

    def _delete(self, key: str, _query: dict[str, str], _body: bytes) -> None:
        self.server.files.pop(key, None)
        self._answer(204)

    def _list(self, query: dict[str, str]) -> bytes:
        keys = sorted(k for k in self.server.files if k.startswith(query["prefix"]))
        keys = [k for k in keys if k > query.get("continuation-token", "")]
        rows = "".join(
            f"<Contents><Key>{k}</Key><LastModified>{self.server.files[k][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            "</Contents>"
            for k in keys[:PAGE]
        )
        more = f"<NextContinuationToken>{keys[PAGE - 1]}</NextContinuationToken>" if len(keys) > PAGE else ""
        head = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        return f"{head}{rows}{more}</ListBucketResult>".encode()


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
