"""What all connections of one pulse share: the pages, the clock, the remembered requests."""

import json
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, NamedTuple

from toli.broadcasts.pulse.address import StreamAddress, read_stream
from toli.broadcasts.pulse.limits import Limits
from toli.broadcasts.pulse.page import Document, Page
from toli.broadcasts.pulse.receipts import Inbox

if TYPE_CHECKING:
    from toli.broadcasts.pulse.protocol import Connection

CLOCK_SLACK = 0.05
"""Seconds by which our idea of the database's clock may differ before it is put right."""
_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def clock() -> float:
    """Seconds that nobody can set back, and that also pass while the machine sleeps."""
    return time.clock_gettime(_BOOT)


class Answer(NamedTuple):
    """What a request, remembered byte for byte, asks for."""

    page: Page
    tag: bytes
    packed: bool
    ends: float


class Memory:
    """Requests that were parsed in full, so that their like need not be parsed again.

    `whole` holds them byte for byte. Phones differ in their headers and pages in their addresses, so the two are
    also kept apart: `lines` (first lines of streams we signed) and `blocks` (all other lines but If-None-Match, and
    whether they take gzip). Both come from one parsed GET of HTTP/1.1 that stays open, and a message of a known line,
    a known block and a known tag parses as its parts did. All are bounded, and forgotten when full.
    """

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self.whole: dict[bytes, Answer] = {}
        self.lines: dict[bytes, StreamAddress] = {}
        self.blocks: dict[bytes, bool] = {}
        self.tags: set[bytes] = set()

    def keep(self, request: bytes, answer: Answer, address: StreamAddress) -> None:
        """Remember a request that was parsed from its first byte to its last."""
        if len(request) > self._most_bytes or not self._most or not is_one_head(request):
            return
        self._make_room()
        self.whole[request] = answer
        line, block, tag = split(request)
        if tag == answer.tag and line.startswith(b"GET /s/") and line.endswith(b" HTTP/1.1"):
            self.lines[line] = address
            self.blocks[block] = answer.packed
            self.tags.add(tag)

    def recall(self, request: bytes) -> tuple[StreamAddress, bytes, bool] | None:
        """The stream, the tag and whether gzip is taken; None when any part is not known."""
        line, block, tag = split(request)
        address = self.lines.get(line)
        if address is None or tag not in self.tags or not is_one_head(request):
            return None
        packed = self.blocks.get(block)
        return None if packed is None else (address, tag, packed)

    def forget(self) -> None:
        self.whole.clear()

    def _make_room(self) -> None:
        for kept in (self.whole, self.lines, self.blocks, self.tags):
            if len(kept) >= self._most:
                kept.clear()


def is_one_head(request: bytes) -> bool:
    """True when the first blank line is the last: one head, no body, nothing behind it."""
    return request.find(b"\r\n\r\n") == len(request) - 4


def split(request: bytes) -> tuple[bytes, bytes, bytes]:
    """First line, the other lines without If-None-Match as browsers write it, and its value (empty without one)."""
    first = request.find(b"\r\n")
    start = request.find(b"\r\nIf-None-Match: ", first)
    end = request.find(b"\r\n", start + 2)
    if start < 0 or end < 0:
        return request[:first], request[first:], b""
    return request[:first], request[first:start] + request[end:], request[start + 17 : end]


class Hub:
    """State of one process. `offset` turns the clock into the database's Unix time."""

    def __init__(self, *, key: bytes, inbox: Inbox, limits: Limits) -> None:
        self.key = key
        self.inbox = inbox
        self.limits = limits
        self.pages: dict[str, Page] = {}
        self.connections: set[Connection] = set()
        self.memory = Memory(most=limits.remembered, most_bytes=limits.remembered_bytes)
        self.offset = time.time() - clock()
        self.loaded = False
        self.stopping = False
        self.dark_at = 0.0
        self.now = clock()
        self.served = 0
        self.turned_away = 0
        self._routes: dict[bytes, StreamAddress] = {}
        self.tick()

    def tick(self) -> None:
        """Once a second: the Date line and the time stamps of connections."""
        self.now = clock()
        date = formatdate(self.now + self.offset, usegmt=True).encode()
        self.date = b"Date: %b\r\n" % date
        self.ok = b"HTTP/1.1 200 OK\r\n" + self.date
        self.unchanged = b"HTTP/1.1 304 Not Modified\r\n" + self.date

    def set_clock(self, now: float, *, asked_at: float, answered_at: float) -> None:
        """The database said it was `now` (Unix seconds) at some moment between the two of ours."""
        nearest = min(max(self.offset, now - answered_at), now - asked_at)
        if abs(nearest - self.offset) > CLOCK_SLACK:
            self._move_clock(nearest)

    def saw_database(self) -> None:
        """Every document is as the database has it now."""
        self.loaded = True
        self.dark_at = clock() + self.limits.dark_after

    def put(self, document: Document) -> None:
        """Serve this document from now on."""
        page = self.pages.get(document.stream)
        if page is None:
            self.pages[document.stream] = Page(document)
        elif (page.document.etag, page.document.body) == (document.etag, document.body):
            page.move_end(document)
        else:
            page.take(document)

    def drop(self, stream: str) -> None:
        """Serve this stream no longer, not even to a remembered request."""
        self.pages.pop(stream).retire()

    def is_dark(self, now: float) -> bool:
        """True when nothing may be served: not loaded yet, or too long without the database."""
        return not self.loaded or now >= self.dark_at

    def health(self) -> tuple[int, bytes]:
        """HTTP status and a JSON body: 503 while nothing may be served."""
        now = clock()
        dark = self.is_dark(now) or self.stopping
        told = {
            "serving": not dark,
            "streams": len(self.pages),
            "connections": len(self.connections),
            "database_seconds_ago": round(self.limits.dark_after - (self.dark_at - now), 1) if self.loaded else None,
            "answers": self.served,
            "turned_away": self.turned_away,
            "receipts_waiting": len(self.inbox),
            "receipts_written": self.inbox.written,
        }
        return 503 if dark else 200, json.dumps(told).encode() + b"\n"

    def route(self, path: bytes) -> StreamAddress | None:
        """The stream a path names, or None when the address is not ours. Signatures are checked once."""
        found = self._routes.get(path)
        if found is None and (found := read_stream(self.key, path)):
            if len(self._routes) >= self.limits.remembered:
                self._routes.clear()
            self._routes[path] = found
        return found

    def _move_clock(self, offset: float) -> None:
        """The database's clock moved: every last moment comes earlier with it, and none comes later.

        A clock set back must not carry an appeal past the hour its document was to end.
        """
        shift = min(0.0, self.offset - offset)
        self.offset = offset
        self.memory.forget()
        for page in self.pages.values():
            page.move_end(page.document._replace(ends=page.document.ends + shift))
