"""Joining: the request that writes person, application, consents and records, beside a bare view that inserts a row.

Both are served by one process under the same middleware, each asked by people who are signed in, in turns of a second.
The rates are of rows that are in the database afterwards, not of answers. Goal: 0.4.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg

from toli.bench import load
from toli.bench.join_people import LINES
from toli.bench.load import Target, median
from toli.config.env import ROOT
from toli.config.postgres import APP, OWNER, Server
from toli.kit import secrets as keyring

FULL_SIZE = 12_000
PAIRS = 12
CONNECTIONS = 16
FLOWS = 120
HANDS = 8
GOALS = {"ratio": 0.4}
SCRIPT = ROOT / "bench" / "peers" / "joins.lua"
JOINED = "SELECT count(*) FROM recruitment_application"
INSERTED = "SELECT count(*) FROM bench_row"


@dataclass(slots=True)
class Stage:
    """The one web process, its database, and the people who are ready to join."""

    home: Path
    database: str
    port: int
    pid: int
    ready: int
    statements: dict[str, int]
    taken: int = 0

    def count(self, query: str) -> int:
        with psycopg.connect(self.database, autocommit=True) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]
            return int(row[0]) if row else 0


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """One JSON object; `ratio` is the median of the paired ratios, `size` the people prepared."""
    began, size = time.monotonic(), size or FULL_SIZE
    absent = load.missing("wrk")
    for sentence in absent:
        print(sentence)
    with staged(size) as stage:
        found = {} if absent else beside_bare(stage, size)
        found |= whole_flow(stage)
        found["peak_mb"] = _peak_mb(stage.pid)
    if not quiet:
        for name, value in found.items():
            print(f"  {name}: {value}")
    empty = {"rate": None, "peer": None, "ratio": None, "p95_ms": None, "missing": absent}
    told = {"bench": "join", "size": size, "seconds": round(time.monotonic() - began, 1), "goals": GOALS}
    return {**told, **empty, **found, "partial": size < FULL_SIZE or bool(absent)}


@contextmanager
def staged(size: int) -> Iterator[Stage]:
    """A database and a web process of their own; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="toli-join-", dir="/tmp"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, home, ignore_errors=True)
        server = Server(home)
        keyring.create_keyring(home / "keys.json")
        server.start()
        ends.callback(server.stop)
        owner = _environment(home, server.url(user=OWNER))
        _toli(owner, "-m", "toli.cli", "migrate")
        told = json.loads(_toli(owner, "-m", "toli.bench.join_people", str(home), str(size)).splitlines()[-1])
        port = load.free_port()
        web = subprocess.Popen(
            [sys.executable, "-m", "toli.cli", "web", "--port", str(port)],
            env=_environment(home, server.url(user=APP)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends.callback(load.end, web)
        load.wait_for_port(port)
        worker = _worker_of(web.pid)
        yield Stage(home, server.url(user=OWNER), port, worker, size, told["statements"])


def _environment(home: Path, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOLI_", "DATABASE_", "OWNER_"))}
    return {
        **kept, "TOLI_HOME": str(home), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "toli.bench.join_site",
        "TOLI_LOG_LEVEL": "ERROR",
    }  # fmt: skip


def _toli(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def _worker_of(pid: int) -> int:
    """The process that answers: Granian's child."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if children := psutil.Process(pid).children():
            return int(children[0].pid)
        time.sleep(0.05)
    return pid


# Beside the bare view


def beside_bare(stage: Stage, size: int) -> dict[str, object]:
    """Ratios to the bare view. The order turns with every pair, so that a busy moment meets both."""
    each = (size - FLOWS) // (PAIRS + 1)
    _slice(stage, "/join/youth/send/", JOINED, each)
    _slice(stage, "/bench/bare/", INSERTED, each, keep=True)
    pairs = [_pair(stage, number, each) for number in range(PAIRS)]
    ratios = [ours.rate / peer.rate for ours, peer in pairs]
    ceiling = _ceiling()
    return {
        "rate": round(median([ours.rate for ours, _ in pairs])),
        "peer_rate": round(median([peer.rate for _, peer in pairs])),
        "cpu_us": round(median([ours.cpu for ours, _ in pairs]) * 1e6),
        "peer_cpu_us": round(median([peer.cpu for _, peer in pairs]) * 1e6),
        "peer": "a bare Django view with the same middleware and session inserting one row, in the same process",
        "ratio": round(median(ratios), 2),
        "ratio_min": round(min(ratios), 2),
        "ratio_max": round(max(ratios), 2),
        "statements": stage.statements,
        "generator_ceiling": round(ceiling),
        "void": max(peer.rate for _, peer in pairs) > 0.8 * ceiling,
    }


@dataclass(frozen=True, slots=True)
class Written:
    """Rows a second, and the web process's processor seconds for each."""

    rate: float
    cpu: float


def _pair(stage: Stage, number: int, each: int) -> tuple[Written, Written]:
    def ours() -> Written:
        return _slice(stage, "/join/youth/send/", JOINED, each)

    def peer() -> Written:
        return _slice(stage, "/bench/bare/", INSERTED, each, keep=True)

    if number % 2:
        return ours(), peer()
    other = peer()
    return ours(), other


def _slice(stage: Stage, path: str, rows: str, each: int, *, keep: bool = False) -> Written:
    """Rows written in a second of load. Raises RuntimeError when the people ran out, which would flatter us."""
    before = stage.count(rows)
    target = Target(
        "web", stage.pid, stage.port, path, script=SCRIPT, paths=(str(stage.home / LINES), str(stage.taken), path)
    )
    answered = target.slice(connections=CONNECTIONS, cpu=None)
    written = stage.count(rows) - before
    if not keep:
        if written >= each:
            raise RuntimeError(f"{each} people were too few for a second: use a larger --size")
        stage.taken += written + CONNECTIONS
    return Written(float(max(1, written)), answered.server_cpu)


def _ceiling() -> float:
    """What the generator reads from a responder that does nothing."""
    port = load.free_port()
    empty = load.start_empty_responder(port, None)
    try:
        return Target("empty", empty.pid, port, "/").slice(connections=CONNECTIONS).rate
    finally:
        load.end(empty)


# The whole flow


def whole_flow(stage: Stage) -> dict[str, object]:
    """People a second through all three requests (form, code, send), each with a number and a browser of their own."""
    took: list[float] = []
    left = iter(range(FLOWS))
    lock = threading.Lock()
    context = _context(stage)

    def work() -> None:
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            began = time.monotonic()
            _join(stage, context, number)
            took.append(time.monotonic() - began)

    began = time.monotonic()
    hands = [threading.Thread(target=work) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    seconds = time.monotonic() - began
    return {
        "flow_rate": round(len(took) / seconds, 1),
        "flow_people": len(took),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1] * 1000, 1),
    }


def _context(stage: Stage) -> dict[str, str]:
    with psycopg.connect(stage.database, autocommit=True) as connection:
        unit = connection.execute("SELECT ref::text FROM org_unit ORDER BY id DESC LIMIT 1").fetchone()
        notice = connection.execute("SELECT ref::text FROM consent_notice ORDER BY id DESC LIMIT 1").fetchone()
    assert unit is not None
    assert notice is not None
    return {"unit": unit[0], "notice": notice[0]}


def _join(stage: Stage, context: dict[str, str], number: int) -> None:
    """Raises RuntimeError when a step is refused."""
    import httpx

    token = "b" * 32
    phone = f"{1_050_000_000 + number}"
    form = {
        **context, "name": "नीलम शर्मा", "phone": phone, "birth_year": "1998", "gender": "female", "declared": "on",
        "contact_preference": "women", "place_text": "", "purpose_organise": "on", "purpose_sms": "on",
        "csrfmiddlewaretoken": token,
    }  # fmt: skip
    with httpx.Client(base_url=f"http://127.0.0.1:{stage.port}", cookies={"csrftoken": token}, timeout=30) as browser:
        _wanted(browser.post("/join/youth/form/", data=form))
        code = _code(stage, phone)
        token = browser.cookies.get("csrftoken", domain="") or token
        answer = _wanted(browser.post("/login/code/", data={"code": code, "csrfmiddlewaretoken": token}))
        while "/join/status/" not in (way := answer.headers["location"]):
            answer = _wanted(browser.get(way))


def _wanted(answer: Any) -> Any:
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.request.url} answered {answer.status_code}")
    return answer


def _code(stage: Stage, phone: str) -> str:
    """The digits, as the sender reads them."""
    ring = {"TOLI_HOME": str(stage.home)}
    os.environ.update(ring)
    with psycopg.connect(stage.database, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT phone_cipher, code_cipher, key_version FROM accounts_logincode WHERE used_at IS NULL ORDER BY id DESC"
        )
        for phone_cipher, code_cipher, version in rows:
            if keyring.decrypt(phone_cipher, version, context="phone") == f"+91{phone}":
                return keyring.decrypt(code_cipher, version, context="code")
    raise RuntimeError(f"no code was made for {phone}")


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0
