"""Half a million invitations from a CSV: each row parsed, checked, sealed and written, beside a bare COPY of them."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

FULL_SIZE = 500_000
PAIRS = 1
GOALS = {"ratio": 0.2}
TABLES = ("people_invitee", "recruitment_invitation")
KEYS = {
    "people_invitee": ", FOREIGN KEY (person_id) REFERENCES people_person",
    "recruitment_invitation": ", FOREIGN KEY (batch_id) REFERENCES recruitment_invitationbatch,"
    " FOREIGN KEY (invitee_id) REFERENCES people_invitee, FOREIGN KEY (unit_id) REFERENCES org_unit",
}
LOOKS = 5


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Rows per second from the file to the commit, with all checks; the peer is COPY of both tables' finished rows."""
    from toli.bench.tree_bench import database

    size = size or FULL_SIZE
    began = time.monotonic()
    with database() as owner_url:
        found = _measure(size, owner_url, (lambda text: None) if quiet else print)
    return {
        "bench": "invitations",
        "size": size,
        "seconds": round(time.monotonic() - began, 1),
        "rate": found.pop("rate"),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peer": "COPY of the finished rows into the same two tables with the same indexes and keys",
        "ratio": found.pop("ratio"),
        "p95_ms": None,
        "partial": size < FULL_SIZE,
        "goals": GOALS,
        "load": [round(one, 1) for one in os.getloadavg()],
        **found,
    }


def _measure(size: int, owner_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    raw = _file(size)
    _open_drive()
    found: dict[str, list[float]] = {"check": [], "load": [], "copy": [], "undo": []}
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for _pair in range(PAIRS):
            _import(raw, size, found)
            found["copy"].append(_copies(owner))
            _undo(found)
    check, load, copy, undo = (statistics.median(found[name]) for name in ("check", "load", "copy", "undo"))
    say(
        f"  check {size / check:,.0f} rows/s, load {size / load:,.0f}, COPY {size / copy:,.0f}, undo {size / undo:,.0f}"
    )
    return {
        "rate": round(size / load), "ratio": round(copy / load, 3), "check_rate": round(size / check),
        "copy_rate": round(size / copy), "undo_seconds": round(undo, 1), "per_row_us": _costs(),
    }  # fmt: skip


def _file(size: int) -> bytes:
    """A missed-call log: a number of the range that cannot ring, when, and whose name was typed beside it."""
    lines = (f"2031-05-03 10:{n % 60:02},+91 {1_000_000_000 + n * 7 % 100_000_000},Caller {n}\n" for n in range(size))
    return ("Time,Mobile,Name\n" + "".join(lines)).encode()


def _open_drive() -> None:
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.kit.actor import SystemActor
    from toli.org import services as org
    from toli.org.models import Level
    from toli.recruitment import services

    actor, now = SystemActor(request_id="bench"), timezone.now()
    accounts.create_deployment(is_demo=True, now=now)
    org.ensure_base()
    state = org.create_unit(
        actor=actor, level=Level.objects.get(key="state"), names={"hi": "राज्य", "en": "State"}, parent=None
    )
    services.open_drive(actor=actor, key="bench", names={"hi": "जोड़ो", "en": "Join"}, scope=state, opens_at=now)


def _import(raw: bytes, size: int, found: dict[str, list[float]]) -> None:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment import services
    from toli.recruitment.services.inviting_file import work

    actor = SystemActor(request_id="bench")
    declared = services.Declared("missed_calls", "missed calls of the bench", vouched=True)
    began = time.perf_counter()
    batch = services.declare_batch(
        actor=actor, key="bench", declared=declared, raw=raw, name="bench.csv", on_desk=False, now=timezone.now()
    )
    work(batch)
    found["check"].append(time.perf_counter() - began)
    services.load_batch(actor=actor, ref=batch.ref, now=timezone.now())
    batch.refresh_from_db()
    began = time.perf_counter()
    work(batch)
    found["load"].append(time.perf_counter() - began)
    if batch.made != size or batch.refused:
        raise SystemExit(f"The import is wrong: {batch.made} of {size} invitations, {batch.refused} refused.")


def _copies(owner: psycopg.Connection) -> float:
    """Seconds to COPY what the import made into tables with the same indexes and keys."""
    folder, seconds = Path(os.environ["TOLI_HOME"]), 0.0
    for table in TABLES:
        with (folder / table).open("wb") as file, owner.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            file.writelines(copy)
        owner.execute(f"CREATE TABLE bench_peer (LIKE {table} INCLUDING ALL{KEYS[table]})")
        began = time.perf_counter()
        with (
            owner.transaction(),
            owner.cursor().copy("COPY bench_peer FROM STDIN") as copy,
            (folder / table).open("rb") as file,
        ):
            while block := file.read(1 << 18):
                copy.write(block)
        seconds += time.perf_counter() - began
        owner.execute("DROP TABLE bench_peer")
    return seconds


def _undo(found: dict[str, list[float]]) -> None:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment import services
    from toli.recruitment.models import InvitationBatch

    batch = InvitationBatch.objects.latest("id")
    began = time.perf_counter()
    services.undo_batch(actor=SystemActor(request_id="bench"), ref=batch.ref, partly=False, now=timezone.now())
    found["undo"].append(time.perf_counter() - began)


def _costs() -> dict[str, float]:
    """Microseconds a row costs for parsing, its digest and its cipher, read one by one."""
    from toli.kit import secrets
    from toli.kit.phone import parse

    numbers = [f"+91{1_000_000_000 + n}" for n in range(20_000)]
    costs = {}
    for name, work in (
        ("parse", lambda: [parse(number, demo=True) for number in numbers]),
        ("digest", lambda: list(secrets.blind_indexes(numbers))),
        ("cipher", lambda: list(secrets.encrypt_many(numbers, context="phone"))),
    ):
        costs[name] = round(min(_timed(work) for _look in range(LOOKS)) / len(numbers) * 1e6, 2)
    return costs


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
