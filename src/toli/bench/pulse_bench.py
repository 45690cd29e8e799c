"""The pulse beside nginx: 304 and 200 apart, in turns of one second; then commit to phone, 1,000 phones, memory.

Goals: 0.7 of nginx on 304 (the `ratio`), 0.9 on 200.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
import psycopg

from toli.bench import load
from toli.bench.load import Neighbour, Slice, Target, median
from toli.broadcasts.pulse.address import stream_path
from toli.config.env import ROOT
from toli.config.postgres import OWNER, Server
from toli.kit import secrets as keyring

STREAMS = 800
PAIRS = 12
PHONES = 1_000
PHONE_SECONDS = 12
COMMITS = 120
KEY = bytes(range(32))
TEMPLATE = ROOT / "bench" / "peers" / "nginx-pulse.conf"
PUT = """
UPDATE broadcasts_document SET version = version + 1, body = %s, etag = %s, updated_at = clock_timestamp()
WHERE stream = %s
"""


@dataclass(slots=True)
class Stage:
    """Everything that runs: the pulse, its database, nginx, the empty responder and the neighbour."""

    home: Path
    database: str
    body: bytes
    cpus: tuple[int | None, int | None]
    ends: ExitStack
    pids: dict[str, int] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    neighbour: Neighbour | None = None
    ceilings: list[float] = field(default_factory=list)
    """What the generator read from a responder that does nothing, with a whole core for it, in between."""

    def pulse(self, name: str, *options: str) -> None:
        port = load.free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "toli.broadcasts.pulse.server", "--port", str(port), "--database", self.database,
             *options],
            env={**os.environ, "TOLI_PULSE_KEY": KEY.hex()}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.ends.callback(load.end, process)
        load.pin(process.pid, self.cpus[0])
        load.wait_for_port(port)
        self.pids[name], self.ports[name] = process.pid, port

    def paths(self) -> tuple[str, ...]:
        return tuple(self.path(number) for number in range(1, len(FILES) + 1))

    def path(self, number: int = 5) -> str:
        return stream_path(KEY, stream=f"{number}.workers.hi", now=time.time())


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """One JSON object; `ratio` is the median of the paired ratios on 304."""
    began = time.monotonic()
    streams = size or STREAMS
    absent = load.missing("wrk", "nginx")
    for sentence in absent:
        print(sentence)
    with staged(streams) as stage:
        found = {} if absent else beside_nginx(stage)
        found |= commit_to_served(stage)
        found |= many_phones(stage)
        found["peak_mb"] = round(_peak_mb(stage.pids["pulse"]), 1)
    if not quiet:
        for name, value in found.items():
            print(f"  {name}: {value}")
    whole = {"bench": "pulse", "size": streams, "seconds": round(time.monotonic() - began, 1)}
    empty = {"rate": None, "peer": None, "ratio": None, "p95_ms": None, "missing": absent}
    partial = {"partial": True} if streams < STREAMS or absent else {}
    return {**whole, **empty, **found, **partial}


@contextmanager
def staged(streams: int) -> Iterator[Stage]:
    """A database of its own with documents in it, and all servers; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="toli-bench-"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, home, ignore_errors=True)
        database = _database(home, ends)
        body = _body()
        _fill(database, streams, body)
        stage = Stage(home, database, body, load.two_cpus(), ends)
        stage.pulse("pulse")
        _await_streams(stage, "pulse", streams)
        yield stage


def _database(home: Path, ends: ExitStack) -> str:
    server = Server(home)
    keyring.create_keyring(home / "keys.json")
    server.start()
    ends.callback(server.stop)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOLI_", "DATABASE_"))}
    environment = {**kept, "TOLI_HOME": str(home), "DATABASE_URL": server.url(user=OWNER)}
    subprocess.run(
        [sys.executable, "-m", "toli.cli", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return server.url(user=OWNER)


def _body() -> bytes:
    """A document as the builder makes it, with six slogans: about two kilobytes."""
    items = [
        {
            "id": str(uuid4()), "kind": "slogan", "matter": "appeal", "text": f"हर बूथ मज़बूत, हर घर तक हमारी बात {n}",
            "source": "प्रकाशक: प्रदेश समिति, जयपुर", "share_until": 1_800_000_000,
        }
        for n in range(6)
    ]  # fmt: skip
    told = {"next_in": 25, "saver_in": 300, "slot": 25, "items": items, "new": []}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _fill(database: str, streams: int, body: bytes) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO broadcasts_document (stream, version, body, etag, valid_until)"
            " SELECT n || '.workers.hi', 1, %s, 'first', now() + interval '2 hours' FROM generate_series(1, %s) n",
            [body, streams],
        )


def _await_streams(stage: Stage, name: str, streams: int) -> None:
    import httpx

    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        told = httpx.get(f"http://127.0.0.1:{stage.ports[name]}/health").json()
        if told["streams"] == streams and told["serving"]:
            return
        time.sleep(0.1)
    raise TimeoutError("the pulse did not load its streams")


# Beside nginx


def beside_nginx(stage: Stage) -> dict[str, object]:
    """Ratios to nginx. The order turns with every pair, so that a busy moment meets both."""
    _start_peers(stage)
    tag = 'If-None-Match: W/"first"'
    etag = _etag_of_nginx(stage)
    ours = Target("pulse", stage.pids["pulse"], stage.ports["pulse"], stage.path())
    peer = Target("nginx", stage.pids["nginx"], stage.ports["nginx"], "/d.json")
    anew = Target("pulse without memory", stage.pids["anew"], stage.ports["anew"], stage.path(), (tag, *BROWSER))
    unchanged = _pairs(stage, _with(ours, tag, *BROWSER), _with(peer, f"If-None-Match: {etag}", *BROWSER), PAIRS)
    whole = _pairs(stage, _with(ours, *BROWSER), _with(peer, *BROWSER), PAIRS)
    mixed = _pairs(stage, _mixed(ours, stage.paths(), tag), _mixed(peer, FILES, f"If-None-Match: {etag}"), PAIRS // 2)
    parsed = _pairs(stage, anew, _with(peer, f"If-None-Match: {etag}", *BROWSER), PAIRS // 2)
    ceiling = median(stage.ceilings)
    share = median([max(mine.rate, other.rate) for mine, other in unchanged]) / ceiling
    return {
        "rate": round(median([mine.rate for mine, _peer in unchanged])),
        "peer": f"nginx {_nginx_version()}, one process, a static file of {len(stage.body)} bytes",
        "ratio": _ratio(unchanged)["median"],
        "on_304": _told(unchanged),
        "on_200": _told(whole),
        "on_304_many_kinds_of_phones": _told(mixed),
        "on_304_parsing_every_request": _told(parsed),
        "document_bytes": len(stage.body),
        "document_bytes_gzip": len(gzip.compress(stage.body, 6)),
        "generator_ceiling": round(ceiling),
        "generator_share": round(share, 2),
        "void": share > 0.8,
    }


BROWSER = (
    "User-Agent: Mozilla/5.0 (Linux; Android 11; SM-A037F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile",
    "Accept: */*",
    "Accept-Language: hi-IN,hi;q=0.9,en;q=0.8",
    "Origin: https://toli.example",
)


FILES = tuple(f"/d{number}.json" for number in range(20))
SCRIPT = ROOT / "bench" / "peers" / "phones.lua"


def _mixed(target: Target, paths: tuple[str, ...], tag: str) -> Target:
    return Target(target.name, target.pid, target.port, target.path, (tag, *BROWSER[1:]), SCRIPT, paths)


def _with(target: Target, *headers: str) -> Target:
    return Target(target.name, target.pid, target.port, target.path, headers)


def _start_peers(stage: Stage) -> None:
    stage.pulse("anew", "--remember", "0")
    server_cpu, _generator = stage.cpus
    for name, start in (
        ("nginx", lambda port: load.start_nginx(TEMPLATE, stage.home / "nginx", port, server_cpu)),
        ("empty", lambda port: load.start_empty_responder(port, server_cpu)),
    ):
        port = load.free_port()
        process = start(port)
        stage.ends.callback(load.end, process)
        stage.pids[name], stage.ports[name] = process.pid, port
    for name in ("/d.json", *FILES):
        file = stage.home / "nginx" / "www" / name[1:]
        file.write_bytes(stage.body)
        os.utime(file, (1_700_000_000, 1_700_000_000))  # nginx makes its tag from time and size
    if server_cpu is not None:
        stage.neighbour = Neighbour.start(server_cpu)
        stage.ends.callback(load.end, stage.neighbour.process)


def _etag_of_nginx(stage: Stage) -> str:
    import httpx

    return str(httpx.get(f"http://127.0.0.1:{stage.ports['nginx']}/d.json").headers["etag"])


def _pairs(stage: Stage, ours: Target, peer: Target, count: int) -> list[tuple[Slice, Slice]]:
    return [_pair(stage, ours, peer, number) for number in range(count)]


def _pair(stage: Stage, ours: Target, peer: Target, number: int) -> tuple[Slice, Slice]:
    cpu = stage.cpus[1]
    if number % 3 == 0:
        empty = Target("empty", stage.pids["empty"], stage.ports["empty"], "/", BROWSER)
        stage.ceilings.append(empty.slice(cpu=cpu).rate)
    if stage.neighbour:
        stage.neighbour.wake()
    order = (ours, peer) if number % 2 else (peer, ours)
    read = {target.name: target.slice(cpu=cpu) for target in order}
    if stage.neighbour:
        stage.neighbour.sleep()
    return read[ours.name], read[peer.name]


def _ratio(pairs: list[tuple[Slice, Slice]]) -> dict[str, float]:
    ratios = [mine.rate / peer.rate for mine, peer in pairs]
    return {"median": round(median(ratios), 2), "min": round(min(ratios), 2), "max": round(max(ratios), 2)}


def _told(pairs: list[tuple[Slice, Slice]]) -> dict[str, object]:
    return {
        "ratio": _ratio(pairs),
        "rate": round(median([mine.rate for mine, _ in pairs])),
        "peer_rate": round(median([peer.rate for _, peer in pairs])),
        "cpu_us": round(median([mine.server_cpu for mine, _ in pairs]) * 1e6, 2),
        "peer_cpu_us": round(median([peer.server_cpu for _, peer in pairs]) * 1e6, 2),
        "generator_cpu_us": round(median([mine.generator_cpu for mine, _ in pairs]) * 1e6, 2),
    }


def _nginx_version() -> str:
    said = subprocess.run([load.find("nginx") or "nginx", "-v"], capture_output=True, text=True, check=False).stderr
    return said.rpartition("/")[2].strip()


# From the commit to the phone


def commit_to_served(stage: Stage) -> dict[str, object]:
    """Milliseconds from the end of a commit to the first answer that carries it, among all streams."""
    took = asyncio.run(_commit_and_ask(stage))
    ordered = sorted(took)
    return {
        "commit_to_served_ms": {
            "p50": round(median(took) * 1000, 1),
            "p95": round(ordered[int(len(ordered) * 0.95)] * 1000, 1),
            "max": round(ordered[-1] * 1000, 1),
            "commits": len(took),
        }
    }


async def _commit_and_ask(stage: Stage) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.ports["pulse"])
    took = []
    async with await psycopg.AsyncConnection.connect(stage.database) as connection:
        for number in range(COMMITS):
            stream = 1 + number * 7 % 100
            tag = f"c{number}"
            await connection.execute(PUT, [stage.body + b" " * (number % 9), tag, f"{stream}.workers.hi"])
            await connection.execute("SELECT pg_notify('toli_pulse', '')")
            await connection.commit()
            took.append(await _until_served(reader, writer, stage.path(stream), tag.encode()))
            await asyncio.sleep(0.03)
    writer.close()
    return took


async def _until_served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, tag: bytes) -> float:
    began = time.monotonic()
    while True:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: b\r\n\r\n".encode())
        head, _length = await _answer(reader)
        if b'W/"' + tag + b'"' in head:
            return time.monotonic() - began
        if time.monotonic() - began > 10:
            raise TimeoutError("a commit was not served within ten seconds")
        await asyncio.sleep(0.0005)


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    if length:
        await reader.readexactly(length)
    return head, length


# A thousand phones


def many_phones(stage: Stage) -> dict[str, object]:
    """A thousand open phones that ask every four seconds while texts change; milliseconds until each answer."""
    took, errors, seconds = asyncio.run(_phones(stage))
    ordered = sorted(took)
    return {
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
        "phones": {
            "open": PHONES,
            "polls_per_second": round(len(took) / seconds),
            "p50_ms": round(median(took) * 1000, 2),
            "max_ms": round(ordered[-1] * 1000, 1),
            "errors": errors,
        },
        "memory_mb": round(psutil.Process(stage.pids["pulse"]).memory_info().rss / 2**20, 1),
    }


async def _phones(stage: Stage) -> tuple[list[float], int, float]:
    took: list[float] = []
    ends = time.monotonic() + PHONE_SECONDS
    results = await asyncio.gather(
        *(_phone(stage, number, ends, took) for number in range(PHONES)), _editor(stage, ends), return_exceptions=True
    )
    return took, sum(isinstance(one, BaseException) for one in results), PHONE_SECONDS


async def _phone(stage: Stage, number: int, ends: float, took: list[float]) -> None:
    await asyncio.sleep(4.0 * number / PHONES)
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.ports["pulse"])
    path, tag = stage.path(1 + number % 100), b""
    while time.monotonic() < ends:
        began = time.monotonic()
        match = b"If-None-Match: " + tag + b"\r\n" if tag else b""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: b\r\nAccept-Encoding: gzip\r\n".encode() + match + b"\r\n")
        head, _length = await _answer(reader)
        took.append(time.monotonic() - began)
        if b" 200 OK" not in head and b" 304 " not in head:
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        tag = head.partition(b"ETag: ")[2].partition(b"\r\n")[0]
        await asyncio.sleep(4.0)
    writer.close()


async def _editor(stage: Stage, ends: float) -> None:
    number = 0
    async with await psycopg.AsyncConnection.connect(stage.database) as connection:
        while time.monotonic() < ends:
            number += 1
            await connection.execute(PUT, [stage.body, f"e{number}", f"{1 + number % 100}.workers.hi"])
            await connection.execute("SELECT pg_notify('toli_pulse', '')")
            await connection.commit()
            await asyncio.sleep(0.1)


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
