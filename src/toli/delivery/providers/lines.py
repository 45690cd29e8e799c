"""Many exchanges over HTTP on a few lines that stay open: what goes to thousands does not greet the provider anew.

An ask is a function that builds its request at the moment it goes, so that whoever asks can still say no.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import cast
from urllib.parse import SplitResult, urlsplit

import httptools
import uvloop

from toli.delivery.providers import Request, SendFault, Taken
from toli.delivery.providers.http import CONNECT_SECONDS, LONGEST_ANSWER, Answer, trusted

WIDE = 32
"""Lines to one provider at most."""

Ask = Callable[[], Request]
Came = Taken | Exception


class _Line(asyncio.Protocol):
    """One open line: one request at a time, its answer read into a future."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[Answer] | None = None
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self._fail("unreachable")

    @property
    def is_open(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def ask(self, request: Request, at: SplitResult) -> asyncio.Future[Answer]:
        assert self.transport is not None
        self.parser, self.headers, self.body = httptools.HttpResponseParser(self), {}, bytearray()
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(_written(request, at))
        return self.waiting

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, AttributeError):
            self._fail("garbage")
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self.body += body
        if len(self.body) > LONGEST_ANSWER:
            self._fail("garbage")
            self.close()

    def on_message_complete(self) -> None:
        if not self.parser.should_keep_alive():
            self.close()
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(Answer(self.parser.get_status_code(), bytes(self.body), self.headers))

    def _fail(self, reason: str) -> None:
        """The request had gone: it may have been taken."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(SendFault(reason, unsure=True))

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


def _written(request: Request, at: SplitResult) -> bytes:
    path = f"{at.path or '/'}?{at.query}" if at.query else at.path or "/"
    lines = [f"{request.method} {path} HTTP/1.1", f"Host: {at.netloc.rpartition('@')[2]}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join([*lines, f"Content-Length: {len(request.body)}", "", ""])
    return head.encode("latin-1", "replace") + request.body


@dataclass
class Lines:
    """Open lines by host, for as long as a run of many lasts. A context: they close with it."""

    wide: int = WIDE
    _idle: dict[str, list[_Line]] = field(default_factory=dict)

    def __enter__(self) -> Lines:
        self._loop = uvloop.new_event_loop()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in (line for lines in self._idle.values() for line in lines):
            line.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def ask_all(
        self, asks: Sequence[Ask], read: Callable[[Answer], Taken], note: Callable[[Came], None], *, timeout: float
    ) -> list[Came]:
        """What came of each, in order: what `read` makes of its answer, or why there is none. `note` hears of each as
        it comes. `timeout` in seconds is for each exchange.
        """
        return self._loop.run_until_complete(self._all(asks, read, note, timeout))

    async def _all(
        self, asks: Sequence[Ask], read: Callable[[Answer], Taken], note: Callable[[Came], None], timeout: float
    ) -> list[Came]:
        came: list[Came] = [SendFault("timeout")] * len(asks)
        places = iter(range(len(asks)))

        async def serve() -> None:
            for place in places:
                try:
                    came[place] = read(await self._one(asks[place](), timeout))
                except Exception as error:
                    came[place] = error
                note(came[place])

        await asyncio.gather(*(serve() for _ in range(min(self.wide, len(asks)))))
        return came

    async def _one(self, request: Request, timeout: float) -> Answer:
        at = urlsplit(request.url)
        line = await self._line(at, timeout)
        try:
            async with asyncio.timeout(timeout):
                answer = await line.ask(request, at)
        except TimeoutError:
            line.close()
            raise SendFault("timeout", unsure=True) from None
        if line.is_open:
            self._idle.setdefault(at.netloc, []).append(line)
        return answer

    async def _line(self, at: SplitResult, timeout: float) -> _Line:
        idle = self._idle.get(at.netloc, [])
        while idle:
            if (line := idle.pop()).is_open:
                return line
        port, context = at.port or (443 if at.scheme == "https" else 80), _context(at)
        try:
            async with asyncio.timeout(min(timeout, CONNECT_SECONDS)):
                _transport, line = await self._loop.create_connection(_Line, at.hostname or "", port, ssl=context)
        except TimeoutError:
            raise SendFault("timeout") from None
        except (OSError, ValueError):
            raise SendFault("unreachable") from None
        return line


def _context(at: SplitResult) -> ssl.SSLContext | None:
    return trusted() if at.scheme == "https" else None
