"""HTTP/1.1 of the pulse: one object per connection, answers in order, nothing unbounded."""

import asyncio
from collections import deque
from typing import cast

import httptools

from toli.broadcasts.pulse.address import ReceiptAddress, StreamAddress, read_receipt
from toli.broadcasts.pulse.hub import Answer, Hub, clock
from toli.broadcasts.pulse.page import Page, is_match, takes_gzip
from toli.broadcasts.pulse.receipts import BadReceipt, Fate, Row, parse

REASONS = {
    204: b"No Content",
    400: b"Bad Request",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    410: b"Gone",
    413: b"Content Too Large",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}
PREFLIGHT = (
    b"Access-Control-Allow-Methods: GET, POST\r\n"
    b"Access-Control-Allow-Headers: Content-Type, If-None-Match\r\n"
    b"Access-Control-Max-Age: 86400\r\n"
)


class Slot:
    """The place of one answer among those a connection owes."""

    __slots__ = ("data",)

    def __init__(self, data: bytes | None = None) -> None:
        self.data = data


class Connection(asyncio.Protocol):
    """One phone, or one proxy that stands before many."""

    __slots__ = (
        "_body",
        "_candidate",
        "_finished",
        "_head",
        "_packed",
        "_parser",
        "_partial",
        "_tag",
        "_url",
        "begun_at",
        "closing",
        "hub",
        "idle",
        "memo",
        "seen_at",
        "slots",
        "stuck_at",
        "transport",
    )  # fmt: skip

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.memo = hub.memory.whole
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)
        self.seen_at = hub.now
        self.begun_at: float | None = None
        self.stuck_at: float | None = None
        self.idle = True
        self.closing = False
        self.slots: deque[Slot] = deque()
        self._parser = httptools.HttpRequestParser(self)
        self._partial = 0
        self._finished = 0
        self._candidate: tuple[Answer, StreamAddress] | None = None
        self._clear()

    def _clear(self) -> None:
        self._url = b""
        self._tag = b""
        self._packed = False
        self._body = b""
        self._head = 0

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        hub = self.hub
        if len(hub.connections) >= hub.limits.connections or hub.stopping:
            hub.turned_away += 1
            self._refuse(503)
        hub.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.hub.connections.discard(self)
        self.closing = True

    def data_received(self, data: bytes) -> None:
        if self.idle:
            answer = self.memo.get(data)
            if answer is not None:
                page, tag, packed, ends = answer
                hub = self.hub
                now = clock()
                if now < page.until and now < ends and now < hub.dark_at:
                    self.seen_at = hub.now
                    hub.served += 1
                    if tag == page.etag:
                        self.transport.write(hub.unchanged + page.same)
                    elif packed:
                        self.transport.write(hub.ok + page.packed)
                    else:
                        self.transport.write(hub.ok + page.plain)
                    return
            if self._from_known_parts(data):
                return
        if not self.closing:
            self._feed(data)

    def _from_known_parts(self, data: bytes) -> bool:
        """Answer a request whose line, headers and tag were each parsed before; False leaves it to the parser."""
        known = self.hub.memory.recall(data)
        if known is None:
            return False
        address, self._tag, self._packed = known
        page = self.hub.pages.get(address.stream)
        if page is None or self._fault(address, page):
            return False
        self.seen_at = self.hub.now
        self._write_page(page, keep=True)
        return True

    def eof_received(self) -> bool:
        self.closing = True
        return bool(self.slots)

    def pause_writing(self) -> None:
        self.stuck_at = self.hub.now
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.stuck_at = None
        if not self.closing:
            self.transport.resume_reading()

    # What the parser calls

    def on_message_begin(self) -> None:
        self._clear()
        self.begun_at = self.hub.now
        self.idle = False

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value) + 4
        if len(name) == 13 and name.lower() == b"if-none-match":
            self._tag = value
        elif len(name) == 15 and name.lower() == b"accept-encoding":
            self._packed = takes_gzip(value)

    def on_headers_complete(self) -> None:
        self._partial = 0
        if self._head > self.hub.limits.header_bytes:
            self._refuse(431)

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > self.hub.limits.body_bytes:
            self._refuse(413)

    def on_message_complete(self) -> None:
        self._partial = 0
        self._finished += 1
        self.begun_at = None
        self.idle = not self.slots
        if not self.closing:
            self._answer()

    # One chunk of bytes

    def _feed(self, data: bytes) -> None:
        was_idle, self._finished, self._candidate = self.idle, 0, None
        self.seen_at = self.hub.now
        self._partial += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(400)
        except httptools.HttpParserError:
            self._refuse(400)
        if was_idle and self.idle and self._finished == 1 and self._candidate and not self.closing:
            self.hub.memory.keep(data, *self._candidate)
        if self._partial > self.hub.limits.header_bytes and not self.closing:
            self._refuse(431)

    def _answer(self) -> None:
        keep = self._parser.should_keep_alive() and not self.hub.stopping
        method, self._candidate = self._parser.get_method(), None
        if max(self._finished, len(self.slots)) > self.hub.limits.pipelined:
            self._refuse(429)
        elif self._url == b"/health":
            self._health(keep)
        elif method == b"GET":
            self._get(keep)
        elif method == b"POST" and self._url.startswith(b"/r/"):
            self._post(keep)
        elif method == b"OPTIONS":
            self._say(204, keep, PREFLIGHT)
        else:
            self._say(405, keep, b"Allow: GET, POST, OPTIONS\r\n")

    # Streams

    def _get(self, keep: bool) -> None:
        hub = self.hub
        address = hub.route(self._url)
        page = hub.pages.get(address.stream) if address else None
        fault = self._fault(address, page)
        if fault or page is None or address is None:
            self._say(fault, keep)
        else:
            self._write_page(page, keep)
            if keep and (not self._tag or (self._tag.startswith(b'W/"') and b"," not in self._tag)):
                ends = address.expires - hub.offset
                self._candidate = Answer(page, self._tag, self._packed, ends), address

    def _fault(self, address: StreamAddress | None, page: Page | None) -> int:
        """The status that says why this stream is not served now; 0 when it is."""
        now = clock()
        if address is None:
            return 403
        if now >= address.expires - self.hub.offset:
            return 410
        if self.hub.is_dark(now):
            return 503
        if page is None:
            return 404
        return 503 if now >= page.until and not page.freshen(now) else 0

    def _write_page(self, page: Page, keep: bool) -> None:
        hub = self.hub
        hub.served += 1
        if self._tag and is_match(self._tag, page.etag):
            head, rest = hub.unchanged, page.same
        else:
            head, rest = hub.ok, page.packed if self._packed else page.plain
        if not keep:
            head += b"Connection: close\r\n"
        self._send(head + rest, keep)

    def _health(self, keep: bool) -> None:
        status, body = self.hub.health()
        kind = b"Content-Type: application/json\r\nCache-Control: no-store\r\n"
        line = b"HTTP/1.1 %d %b\r\n" % (status, b"OK" if status == 200 else REASONS[status])
        self._send(line + self.hub.date + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body, keep)

    # Receipts

    def _post(self, keep: bool) -> None:
        hub = self.hub
        address = read_receipt(hub.key, self._url)
        try:
            rows = parse(self._body, address, hub.limits.receipt_entries) if address else []
        except BadReceipt:
            rows = None
        fault = self._fault_of_receipt(address, rows)
        if fault or not rows or address is None:
            self._say(fault or 204, keep)
        else:
            slot = Slot()
            self.slots.append(slot)
            self.idle = False
            hub.inbox.add(rows, address.reader, lambda fate: self._acknowledge(slot, fate, keep))

    def _fault_of_receipt(self, address: ReceiptAddress | None, rows: list[Row] | None) -> int:
        hub, now = self.hub, clock()
        if address is None:
            return 403
        if now >= address.expires - hub.offset:
            return 410
        if rows is None:
            return 400
        if hub.inbox.is_too_often(address.reader):
            return 429
        return 503 if hub.stopping or hub.is_dark(now) or hub.inbox.is_full(len(rows)) else 0

    def _acknowledge(self, slot: Slot, fate: Fate, keep: bool) -> None:
        slot.data = self._words(fate.value, keep)
        self._flush()
        if not keep and not self.slots:
            self._close()

    # Answers in order

    def _say(self, status: int, keep: bool, extra: bytes = b"") -> None:
        self._send(self._words(status, keep, extra), keep)

    def _words(self, status: int, keep: bool, extra: bytes = b"") -> bytes:
        line = b"HTTP/1.1 %d %b\r\n" % (status, REASONS[status])
        head = b"Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n"
        if status in (429, 503):
            head += b"Retry-After: %d\r\n" % self.hub.limits.retry_after
        if status != 204:
            head += b"Content-Length: 0\r\n"
        close = b"" if keep else b"Connection: close\r\n"
        return line + self.hub.date + head + extra + close + b"\r\n"

    def _send(self, data: bytes, keep: bool) -> None:
        if self.slots:
            self.slots.append(Slot(data))
            self.idle = False
        else:
            self.transport.write(data)
        if not keep:
            self._close()

    def _flush(self) -> None:
        while self.slots and (data := self.slots[0].data) is not None:
            self.slots.popleft()
            if not self.transport.is_closing():
                self.transport.write(data)
        self.idle = not self.slots and self.begun_at is None
        if self.closing and not self.slots:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        if not self.closing:
            self._send(self._words(status, keep=False), keep=False)

    def _close(self) -> None:
        """No more requests; what is owed is still written."""
        self.closing = True
        if not self.slots:
            self.transport.close()

    # What the sweep asks

    def is_overdue(self, now: float) -> bool:
        """True when this connection waits without a reason, or takes too long."""
        limits = self.hub.limits
        if self.stuck_at is not None:
            return now - self.stuck_at > limits.slow_reader
        if self.begun_at is not None:
            return now - self.begun_at > limits.slow_request
        return not self.slots and now - self.seen_at > limits.idle
