"""The database side of the pulse: LISTEN first, then load; a notification is only a wake-up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import psycopg
from psycopg.rows import TupleRow

from toli.broadcasts.pulse.hub import Hub, clock
from toli.broadcasts.pulse.page import Document
from toli.broadcasts.pulse.receipts import Fate, Waiting

log = logging.getLogger("toli.pulse")

CHANNEL = "toli_pulse"
COMPARE_EVERY = 1.0
SETTLE = 0.005
CHUNK = 50

VERSIONS = "SELECT extract(epoch FROM clock_timestamp())::float8, stream, version FROM broadcasts_document"
CLOCK = "SELECT extract(epoch FROM clock_timestamp())::float8"
DOCUMENTS = """
    SELECT stream, version, body, etag, extract(epoch FROM valid_until)::float8
    FROM broadcasts_document WHERE stream = ANY(%s)
"""
KEEP_RECEIPTS = "COPY broadcasts_receipt (stream, unit_id, reader, item_ref, kind, channel) FROM STDIN"

Connection = psycopg.AsyncConnection[TupleRow]


class Store:
    """Three connections, each with one use: waiting for wake-ups, reading documents, writing receipts."""

    def __init__(self, hub: Hub, database: str) -> None:
        self._hub = hub
        self._database = database
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._listening = asyncio.Event()

    async def run(self) -> None:
        """Keep the hub's pages equal to the table and write receipts, until `stop`."""
        async with asyncio.TaskGroup() as tasks:
            listener = tasks.create_task(self._forever(self._listen))
            tasks.create_task(self._forever(self._follow))
            tasks.create_task(self._write_receipts())
            await self._stop.wait()
            listener.cancel()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._stop.set()
        self._wake.set()

    async def _connect(self) -> Connection:
        return await psycopg.AsyncConnection.connect(
            self._database, autocommit=True, connect_timeout=5, application_name="toli pulse",
            options="-c statement_timeout=10000", keepalives_idle=5, keepalives_interval=2, keepalives_count=2,
        )  # fmt: skip

    async def _forever(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        """Run `work` on a connection of its own, again and again while the database goes and comes."""
        while not self._stop.is_set():
            try:
                async with await self._connect() as connection:
                    await work(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("database: %s; trying again", str(error).strip() or type(error).__name__)
                await self._pause(1.0)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            pass

    # Wake-ups

    async def _listen(self, connection: Connection) -> None:
        """No query ever runs on this connection after LISTEN: inside `notifies()` it would never come back."""
        await connection.execute(f"LISTEN {CHANNEL}")
        self._listening.set()
        try:
            async for _ in connection.notifies():
                self._wake.set()
        finally:
            self._listening.clear()

    # Documents

    async def _follow(self, connection: Connection) -> None:
        """Compare at every wake-up and every second; a lost wake-up costs at most that second."""
        await self._listening_or_late()
        while not self._stop.is_set():
            self._wake.clear()
            await self.compare(connection)
            try:
                await asyncio.wait_for(self._wake.wait(), COMPARE_EVERY)
            except TimeoutError:
                continue
            await asyncio.sleep(SETTLE)

    async def _listening_or_late(self) -> None:
        try:
            await asyncio.wait_for(self._listening.wait(), COMPARE_EVERY)
        except TimeoutError:
            log.warning("not listening yet; versions are compared every second all the same")

    async def compare(self, connection: Connection) -> None:
        """Take every document whose version is not the one held, and drop those that are gone."""
        asked_at = clock()
        rows = await (await connection.execute(VERSIONS, prepare=True)).fetchall()
        now = rows[0][0] if rows else await self._ask_time(connection)
        self._hub.set_clock(now, asked_at=asked_at, answered_at=clock())
        held = {name: page.document.version for name, page in self._hub.pages.items()}
        found = {row[1]: row[2] for row in rows}
        changed = [stream for stream, version in found.items() if held.get(stream) != version]
        for start in range(0, len(changed), CHUNK):
            await self._load(connection, changed[start : start + CHUNK])
        for stream in held.keys() - found.keys():
            self._hub.drop(stream)
        self._hub.saw_database()

    async def _ask_time(self, connection: Connection) -> float:
        row = await (await connection.execute(CLOCK)).fetchone()
        assert row is not None
        return float(row[0])

    async def _load(self, connection: Connection, streams: list[str]) -> None:
        cursor = connection.cursor(binary=True)
        for stream, version, body, etag, ends in await (
            await cursor.execute(DOCUMENTS, [streams], prepare=True)
        ).fetchall():
            self._hub.put(Document(stream, version, bytes(body), etag.encode(), ends - self._hub.offset))
        await asyncio.sleep(0)

    # Receipts

    async def _write_receipts(self) -> None:
        connection: Connection | None = None
        stopping = False
        while not stopping:
            await self._pause(self._hub.limits.write_every)
            stopping = self._stop.is_set()
            connection = await self._write_batch(connection)
        if connection:
            await connection.close()

    async def _write_batch(self, connection: Connection | None) -> Connection | None:
        """One COPY for all that waits. What cannot be written is refused: the phone keeps it and tells again."""
        taken = self._hub.inbox.take()
        if not taken:
            return connection
        fate = Fate.REFUSED
        try:
            connection = connection or await self._connect()
            await self._copy(connection, taken)
            fate = Fate.WRITTEN
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("%d receipts refused: %s", len(taken), str(error).strip() or type(error).__name__)
            if connection:
                await connection.close()
            connection = None
        finally:
            self._hub.inbox.finish(taken, fate)
        return connection

    async def _copy(self, connection: Connection, taken: list[Waiting]) -> None:
        lines = ["\t".join(map(str, row)) for waiting in taken for row in waiting.rows]
        async with connection.cursor() as cursor, cursor.copy(KEEP_RECEIPTS) as copy:
            await copy.write("\n".join(lines) + "\n")
