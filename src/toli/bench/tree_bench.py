"""A large tree: importing it beside a bare COPY, reading the board of any unit, and how soon a change is on it."""

from __future__ import annotations

import contextlib
import csv
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

FULL_SIZE = 200_000
BULK = 100_000
PAIRS = 3
ONE_PAIR_ABOVE = 500_000
READS = 400
GOALS = {"ratio": 0.3, "read_p95_ms": 20.0, "page_p95_ms": 100.0, "rollup_seconds": 5.0}
TABLES = "org_unit, org_unitcode, org_unitlink, org_count, org_delta"


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Rows per second from the file to the commit, with everything an import makes; the peer is COPY of its result."""
    size = size or FULL_SIZE
    began = time.monotonic()
    with database() as owner_url:
        found = _measure(size, owner_url, (lambda text: None) if quiet else print)
    return {
        "bench": "tree",
        "size": size,
        "seconds": round(time.monotonic() - began, 1),
        "rate": found.pop("rate"),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peer": "COPY of the finished rows into the same table with the same indexes",
        "ratio": found.pop("ratio"),
        "p95_ms": found["page_p95_ms"],
        "partial": size < FULL_SIZE,
        "goals": GOALS,
        **found,
    }


@contextlib.contextmanager
def database(kept: str = "") -> Iterator[str]:
    """A migrated server of its own; the application's role is what Django connects as, the owner's address is given.

    With `kept`, a folder: the server lies there and stays there, with what it holds, for the next time.
    """
    from toli.config import postgres
    from toli.kit.secrets import create_keyring

    home = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="toli-tree-", dir="/tmp"))
    home.mkdir(mode=0o700, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("TOLI_") or name.endswith("DATABASE_URL")]:
        del os.environ[name]
    os.environ["TOLI_HOME"] = str(home)
    create_keyring()
    server = postgres.Server(home)
    try:
        server.start()
        owner = server.url(user=postgres.OWNER)
        os.environ |= {"DATABASE_URL": server.url(), "OWNER_DATABASE_URL": owner}
        subprocess.run([sys.executable, "-m", "toli.cli", "migrate"], check=True, env=dict(os.environ))
        _set_up_django()
        yield owner
    finally:
        with contextlib.suppress(Exception):
            from django.db import connections

            connections.close_all()
        server.stop()
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def _set_up_django() -> None:
    from toli.config import env

    env.read.cache_clear()
    import django

    django.setup()


def _measure(size: int, owner_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    file = Path(os.environ["TOLI_HOME"]) / "tree.csv"
    write_tree(file, size)
    found = _import_beside_copy(file, size, owner_url, say)
    owner = psycopg.connect(owner_url, autocommit=True)
    owner.execute("ANALYZE")
    bulk = min(BULK, size // 2)
    found |= _people_and_seats(bulk, say)
    owner.execute("ANALYZE")
    owner.close()
    found |= _roll_ups(bulk, say)
    found |= _reads(say)
    return found


# -- the file --

_PARTS = (
    "राम Ram", "देव Dev", "गोपाल Gopal", "किशन Kishan", "हरि Hari", "सूरज Suraj", "चंद Chand", "मान Man",
    "रतन Ratan", "मोती Moti", "हीरा Hira", "केसर Kesar", "नाहर Nahar", "मोर Mor", "नील Neel", "सोन Son",
    "तेज Tej", "अमर Amar",
)  # fmt: skip
_ENDS = (
    "पुरा pura",
    "गढ़ garh",
    "खेड़ा kheda",
    "वास was",
    "नगर nagar",
    "सर sar",
    "वाड़ा wada",
    "पुर pur",
    "गांव gaon",
    "कोट kot",
)


def write_tree(path: Path, size: int) -> None:
    """Our own CSV of `size` units in two languages: a state, 33 districts, 200 seats, their blocks and booths."""
    draw = random.Random(7)
    middles = [a.split() for a in _PARTS]
    ends = [a.split() for a in _ENDS]
    villages = [(a[0] + b[0] + c[0], a[1] + b[1] + c[1]) for a in middles for b in middles for c in ends]
    booths = max(1, size - 234)
    blocks = max(1, booths // 100)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["level", "code", "parent", "name_hi", "name_en", "electoral_parent", "code_eci", "fact_pin"])
        out.writerow(["state", "S", "", "राज्य", "State", "", "", ""])
        for n in range(33):
            out.writerow(["district", f"D{n}", "S", f"ज़िला {n}", f"District {n}", "", "", ""])
        for n in range(200):
            out.writerow(["constituency", f"C{n}", f"D{n % 33}", f"क्षेत्र {n}", f"Seat {n}", "", f"X01/{n}", ""])
        booths -= blocks
        for n in range(blocks):
            hi, en = draw.choice(villages)
            out.writerow(["block", f"B{n}", f"C{n % 200}", hi, en, "", "", ""])
        for n in range(booths):
            block = n % blocks
            hi, en = villages[(n // 4 * 7919) % len(villages)]
            out.writerow(
                [
                    "booth", f"P{n}", f"B{block}", f"{n // blocks + 1} {hi}, राजकीय प्राथमिक विद्यालय",
                    f"{n // blocks + 1} {en}, Government Primary School", f"C{block % 200}",
                    f"X01/{block % 200}/{n}/main", str(300_000 + n % 9999),
                ]
            )  # fmt: skip


# -- import beside COPY --


def _import_beside_copy(file: Path, size: int, owner_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    ours: list[float] = []
    peers: dict[str, list[float]] = {"unit": [], "bare": [], "all": []}
    with psycopg.connect(owner_url, autocommit=True) as owner:
        pairs = 1 if size > ONE_PAIR_ABOVE else PAIRS
        for nth in range(pairs):
            owner.execute(f"TRUNCATE {TABLES} CASCADE")
            ours.append(_import(file, size))
            for name, seconds in copies(owner).items():
                peers[name].append(seconds)
            say(f"  import {size / ours[-1]:,.0f} rows/s, COPY {size / peers['unit'][-1]:,.0f} ({nth + 1} of {pairs})")
    ratios = [peer / our for our, peer in zip(ours, peers["unit"], strict=True)]
    return {
        "rate": round(size / statistics.median(ours)),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "copy_rate": round(size / statistics.median(peers["unit"])),
        "copy_without_indexes_rate": round(size / statistics.median(peers["bare"])),
        "ratio_to_copy_of_every_table": round(statistics.median(peers["all"]) / statistics.median(ours), 3),
    }


def _import(file: Path, size: int) -> float:
    from toli.kit.actor import SystemActor
    from toli.org.importing.formats import Ask, units_in
    from toli.org.importing.loading import load_units

    began = time.perf_counter()
    parsed = units_in(file, Ask("toli"))
    outcome = load_units(actor=SystemActor(request_id="bench"), rows=parsed.rows, source="bench")
    seconds = time.perf_counter() - began
    if outcome.added != size or outcome.refused or parsed.refused:
        raise SystemExit(f"The import is wrong: {outcome.added} of {size} rows, {len(outcome.refused)} refused.")
    return seconds


def copies(owner: psycopg.Connection) -> dict[str, float]:
    """Seconds to COPY what the import made: units with all indexes and keys, units bare, and all three tables."""
    folder = Path(os.environ["TOLI_HOME"])
    tables = {"org_unit": "names", "org_unitcode": "value", "org_unitlink": "hierarchy"}
    for table in tables:
        with (folder / table).open("wb") as file, owner.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            file.writelines(copy)
    unit = _copy(owner, "org_unit", folder, "LIKE org_unit INCLUDING ALL, FOREIGN KEY (level_id) REFERENCES org_level")
    keys = ", FOREIGN KEY (unit_id) REFERENCES org_unit"
    code = _copy(owner, "org_unitcode", folder, f"LIKE org_unitcode INCLUDING ALL{keys}")
    keys = ", FOREIGN KEY (child_id) REFERENCES org_unit, FOREIGN KEY (parent_id) REFERENCES org_unit"
    link = _copy(owner, "org_unitlink", folder, f"LIKE org_unitlink INCLUDING ALL{keys}")
    return {"unit": unit, "bare": _copy(owner, "org_unit", folder, "LIKE org_unit"), "all": unit + code + link}


def _copy(owner: psycopg.Connection, table: str, folder: Path, definition: str) -> float:
    owner.execute(f"CREATE TABLE bench_peer ({definition})")
    began = time.perf_counter()
    with (
        owner.transaction(),
        owner.cursor().copy("COPY bench_peer FROM STDIN") as copy,
        (folder / table).open("rb") as file,
    ):
        while block := file.read(1 << 18):
            copy.write(block)
    seconds = time.perf_counter() - began
    owner.execute("DROP TABLE bench_peer")
    return seconds


# -- roll-ups --

FILL_SEATS = """
WITH free AS (
    SELECT s.id, s.unit_id, row_number() OVER (ORDER BY s.id) AS nth FROM org_seat s JOIN org_teamkind t ON t.id = s.team_kind_id
    WHERE t.key = 'booth_team' AND s.closed_at IS NULL
      AND NOT EXISTS (SELECT FROM org_appointment a WHERE a.seat_id = s.id) ORDER BY s.id LIMIT %(n)s
), people AS (
    SELECT id, row_number() OVER (ORDER BY id DESC) AS nth FROM people_person ORDER BY id DESC LIMIT %(n)s
), sat AS (
    INSERT INTO org_appointment
        (ref, seat_id, person_id, state, acting, offered_at, accepted_at, valid_from, end_reason)
    SELECT gen_random_uuid(), f.id, p.id, 'accepted', false, now(), now(), now(), ''
    FROM free f JOIN people p USING (nth)
    RETURNING seat_id
)
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT f.unit_id, 0, 'accepted', DATE '1970-01-01', 1 FROM sat JOIN free f ON f.id = sat.seat_id
"""
ADD_PEOPLE = """
INSERT INTO people_person (ref, name, tokens, gender, languages, place_text, pin_code, skills, contact_preference,
                           state, duplicate_flag, created_at)
SELECT gen_random_uuid(), 'बेंच', '{}', '', '{hi}', '', '', '{}', 'any', 'active', false, now()
FROM generate_series(1, %s)
"""


def _people_and_seats(bulk: int, say: Callable[[str], None]) -> dict[str, Any]:
    """A coordinator for the state, one seat in every booth, and people for half of them."""
    from django.db import connection
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.org import services
    from toli.org.models import Role, TeamKind, Unit

    now, system = timezone.now(), SystemActor(request_id="bench")
    state = Unit.objects.get(level__key="state")
    kinds = {kind.key: kind for kind in TeamKind.objects.select_related("level")}
    roles = {role.key: role for role in Role.objects.all()}
    began = time.perf_counter()
    for kind, role in (("state_team", "state_coordinator"), ("booth_team", "booth_lead")):
        services.set_norm(actor=system, team_kind=kinds[kind], role=roles[role], count=1, scope=state, now=now)
    with connection.cursor() as cursor:
        cursor.execute(ADD_PEOPLE, [bulk + 1000])
    while services.fold_counts():
        pass
    seconds = round(time.perf_counter() - began, 1)
    say(f"  a seat opened in every booth, folded up: {seconds} s")
    return {"seats_opened_seconds": seconds}


def _roll_ups(bulk: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds from a commit until the state's figure is right, with the worker's tick folding once a second."""
    ended = threading.Event()
    folding = threading.Thread(target=_fold_every_second, args=[ended], daemon=True)
    folding.start()
    try:
        booths = _accepted_of("state")
        one = _until(booths + 1, _accept_one)
        many = _until(booths + 1 + bulk, lambda: _accept_many(bulk))
    finally:
        ended.set()
        folding.join()
    say(f"  on the board: one acceptance after {one:.2f} s, a bulk of {bulk:,} after {many:.2f} s")
    return {"rollup_one_seconds": round(one, 2), "rollup_bulk_seconds": round(many, 2), "bulk": bulk}


def _fold_every_second(ended: threading.Event) -> None:
    from django.db import connection

    from toli.org import services

    while not ended.wait(1.0):
        services.fold_counts()
    connection.close()


def _accepted_of(level: str) -> int:
    from django.utils import timezone

    from toli.kit.dates import local_day
    from toli.org.models import Unit
    from toli.org.queries import figures_of

    unit = Unit.objects.filter(level__key=level).order_by("id")[0]
    return figures_of([unit.pk], today=local_day(timezone.now())).get(unit.pk, {}).get("accepted", 0)


def _until(expected: int, act: Callable[[], None]) -> float:
    act()
    began = time.perf_counter()
    while _accepted_of("state") != expected:
        if time.perf_counter() - began > 60:
            raise SystemExit(f"The board shows {_accepted_of('state')} after a minute, not {expected}.")
        time.sleep(0.02)
    return time.perf_counter() - began


def _accept_one() -> None:
    """The coordinator of the state accepts an offer, as a person does."""
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.kit.actor import SystemActor
    from toli.org import queries, services
    from toli.org.models import Seat, Unit
    from toli.people import services as people

    now, system = timezone.now(), SystemActor(request_id="bench")
    accounts.create_deployment(is_demo=True, now=now)
    number = "+911000000001"
    holder = accounts.add_login(phone=number, now=now)
    person = people.create_person(
        actor=system, holder=holder, number=number, name="आशा", birth_year=1990, now=now, verified=True
    )
    services.set_home(actor=system, person=person, unit=Unit.objects.get(level__key="state"), now=now)
    seat = Seat.objects.get(team_kind__key="state_team")
    offer = services.offer_seat(actor=system, seat_ref=seat.ref, person_ref=person.ref, now=now)
    actor = queries.actor_for(person, now=now + timedelta(seconds=1))
    services.accept_offer(actor=actor, ref=offer.ref, now=now)


def _accept_many(bulk: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FILL_SEATS, {"n": bulk})


# -- reading --


def _reads(say: Callable[[str], None]) -> dict[str, Any]:
    """p95 in milliseconds of a board's figures in the database and of its page, over units of every level."""
    from django.utils import timezone

    from toli.kit.dates import local_day
    from toli.org.models import Unit
    from toli.org.queries import child_figures, figures_of

    today = local_day(timezone.now())
    units: list[Unit] = []
    for level in ("state", "district", "constituency", "block", "booth"):
        units += list(Unit.objects.filter(level__key=level).order_by("?")[: READS // 5])
    draw = random.Random(5)
    chosen = [draw.choice(units) for _n in range(READS)]

    def read(unit: Unit) -> None:
        figures_of([unit.pk], today=today)
        child_figures(unit.pk, today=today)

    p95, mean = _p95([_timed(read, unit) for unit in chosen])
    found: dict[str, Any] = {"read_p95_ms": p95, "read_mean_ms": mean}
    browser = _browser()
    pages = [_timed(lambda unit: _page(browser, unit), unit) for unit in chosen[:150]]
    found["page_p95_ms"], found["page_mean_ms"] = _p95(pages[10:])
    say(f"  board: p95 {found['read_p95_ms']} ms in the database, {found['page_p95_ms']} ms as a page")
    return found


def _timed(act: Callable[[Any], None], unit: Any) -> float:
    began = time.perf_counter()
    act(unit)
    return (time.perf_counter() - began) * 1000


def _p95(times: list[float]) -> tuple[float, float]:
    return round(statistics.quantiles(times, n=20)[-1], 1), round(statistics.mean(times), 1)


def _browser() -> Any:
    """A session of the state's coordinator inside this process, second factor shown."""
    from django.test import Client
    from django.utils import timezone

    from toli.people.models import Person

    person = Person.objects.get(name="आशा")
    if person.holder is None:
        raise LookupError("the bench's reader has no login")
    client = Client(headers={"accept-language": "hi"})
    client.force_login(person.holder.login, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["holder_id"], session["holder_epoch"] = person.holder.pk, person.holder.epoch
    session["account_authentication_methods_user"] = str(person.holder.login.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": timezone.now().timestamp(), "type": "totp"}]
    session.save()
    return client


def _page(browser: Any, unit: Any) -> None:
    from django.urls import reverse

    answer = browser.get(reverse("warroom:unit", args=[unit.ref]))
    if answer.status_code != 200:
        raise SystemExit(f"The board of {unit} answers {answer.status_code}.")
