"""The process: `main(argv)` serves until SIGTERM or SIGINT."""

import argparse
import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence

import uvloop

from toli.broadcasts.pulse.address import derive_key
from toli.broadcasts.pulse.hub import Hub, clock
from toli.broadcasts.pulse.limits import Limits
from toli.broadcasts.pulse.protocol import Connection
from toli.broadcasts.pulse.receipts import Inbox
from toli.broadcasts.pulse.store import Store

log = logging.getLogger("toli.pulse")
BACKLOG = 1024


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the streams of one database; 0 after an orderly stop, 2 when it cannot start."""
    options = _options(argv)
    logging.basicConfig(level=logging.INFO, format="pulse: %(message)s", stream=sys.stderr)
    key = _key()
    if not options.database or key is None:
        log.error("DATABASE_URL and TOLI_SECRET_KEY (or TOLI_PULSE_KEY) must be set.")
        return 2
    try:
        return uvloop.run(serve(options.host, options.port, options.database, key, _limits(options.remember)))
    except OSError as error:
        log.error("cannot listen on %s:%d: %s", options.host, options.port, error.strerror or error)
        return 2


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="toli pulse", description="Serve the streams.", epilog="Example: toli pulse --port 8001"
    )
    parser.add_argument("--host", default=os.environ.get("TOLI_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")) + 1)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), help="default: DATABASE_URL")
    parser.add_argument("--remember", type=int, default=Limits().remembered, help="requests known by heart; 0: none")
    return parser.parse_args(argv)


def _key() -> bytes | None:
    if given := os.environ.get("TOLI_PULSE_KEY"):
        return bytes.fromhex(given)
    secret = os.environ.get("TOLI_SECRET_KEY")
    return derive_key(secret) if secret else None


def _limits(remembered: int) -> Limits:
    """As many connections as the system gives file handles for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = Limits().connections + 100
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    connections = max(100, min(Limits().connections, max(soft, allowed) - 100))
    return Limits(connections=connections, remembered=remembered)


async def serve(host: str, port: int, database: str, key: bytes, limits: Limits) -> int:
    """Listen, follow the database, stop in order: no new work, receipts written, answers sent, then the end."""
    inbox = Inbox(rows=limits.receipts_waiting, per_reader=limits.receipts_per_reader)
    hub = Hub(key=key, inbox=inbox, limits=limits)
    store = Store(hub, database)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: Connection(hub), host, port, backlog=BACKLOG)
    following, sweeping = asyncio.create_task(store.run()), asyncio.create_task(_sweep(hub))
    gc.freeze()
    log.info("serving on %s:%d", host, port)
    await asyncio.wait({following, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    hub.stopping = True
    server.close()
    store.stop()
    try:
        await asyncio.wait_for(following, limits.stop_within)
    except TimeoutError:
        log.warning("the database did not answer; receipts not acknowledged stay on the phones")
    finally:
        sweeping.cancel()
        await _part(hub)
    return 0


async def _sweep(hub: Hub) -> None:
    """Every second: the time of day, and the end of connections that wait without a reason."""
    while True:
        await asyncio.sleep(1.0)
        hub.tick()
        now = clock()
        for connection in [c for c in hub.connections if c.is_overdue(now)]:
            connection.transport.abort()


async def _part(hub: Hub) -> None:
    """Close what is open; whoever does not read within a second is cut off."""
    for connection in list(hub.connections):
        connection.transport.close()
    await asyncio.sleep(0.05)
    for connection in list(hub.connections):
        connection.transport.abort()


if __name__ == "__main__":
    sys.exit(main())
