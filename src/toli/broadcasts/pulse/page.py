"""One stream's answers, built once and written many times."""

import gzip
from typing import NamedTuple

MAX_AGE = 5
COMMON = b"Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Date, ETag\r\nTiming-Allow-Origin: *\r\n"


class Document(NamedTuple):
    """A row of `broadcasts_document`; `ends` is in seconds of the hub's clock."""

    stream: str
    version: int
    body: bytes
    etag: bytes
    ends: float


class Page:
    """Everything after the Date line, ready to write, good until `until` (seconds of the hub's clock)."""

    __slots__ = ("_gzip", "document", "etag", "packed", "plain", "same", "until")

    def __init__(self, document: Document) -> None:
        self.take(document)

    def take(self, document: Document) -> None:
        """Serve these words from now on."""
        self._gzip = gzip.compress(document.body, 6, mtime=0)
        self.etag = b'W/"' + document.etag + b'"'
        self.move_end(document)

    def move_end(self, document: Document) -> None:
        """The same words, with another version or last moment."""
        self.document = document
        self._build(MAX_AGE, document.ends - MAX_AGE)

    def retire(self) -> None:
        """Never again to be written, by anybody who still holds it."""
        self.take(self.document._replace(ends=float("-inf"), body=b""))

    def freshen(self, now: float) -> bool:
        """Shorten `max-age` as the end comes near; False when the document may no longer be served."""
        left = int(self.document.ends - now)
        if self.document.ends <= now:
            return False
        if left < MAX_AGE:
            self._build(left, self.document.ends - left)
        return True

    def _build(self, max_age: int, until: float) -> None:
        head = (
            b"ETag: %b\r\nCache-Control: public, max-age=%d, must-revalidate\r\nVary: Accept-Encoding\r\n"
            % (self.etag, max_age)
        ) + COMMON
        body = self.document.body
        kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n"
        self.same = head + b"\r\n"
        self.plain = head + kind % len(body) + b"\r\n" + body
        self.packed = head + kind % len(self._gzip) + b"Content-Encoding: gzip\r\n\r\n" + self._gzip
        if len(self._gzip) >= len(body):
            self.packed = self.plain
        self.until = until


def is_match(header: bytes, etag: bytes) -> bool:
    """True when an If-None-Match value names this entity tag (RFC 9110 13.1.2, weak comparison)."""
    if header == etag or header.strip() == b"*":
        return True
    bare = etag.removeprefix(b"W/")
    return any(tag.strip().removeprefix(b"W/") == bare for tag in header.split(b","))


def takes_gzip(header: bytes) -> bool:
    """True when an Accept-Encoding value allows gzip."""
    for part in header.lower().split(b","):
        name, _, quality = part.partition(b";")
        if name.strip() in (b"gzip", b"x-gzip", b"*"):
            return quality.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
