"""The lists and boards with half a million applications: each page asked again and again; and a run's offers made.

A throw-away state of 33 districts, 200 constituencies, 1,000 blocks and some 50,000 booths is poured in sets, with a
drive, its applications spread unevenly, panels, interviews and scores, call-backs, groups, two runs of the placement
and 40,000 seats filled past the drive. Then each page is asked through Django's test client, by who sees the whole
state; times are of the whole request inside one process, queries those of one page. Last the real run is signed, all
its places are offered in the steps of the worker, and that is rolled back.

Pouring takes minutes: with TOLI_BENCH_HOME, a folder, what was poured stays there and the next run begins with it.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

FULL_SIZE = 500_000
TIMES, WARM = 36, 3
DAYS = 34
GOALS = {"p95_ms": 200.0, "offers_seconds": 60.0}
KEY = "bench"
Say = Callable[[str], None]

UNITS = """
WITH made AS (
    SELECT 'district' AS level, n AS nth, 1 AS above, 'D' || n AS code FROM generate_series(1, 33) AS n
    UNION ALL SELECT 'constituency', 100 + n, 1 + n %% 33, 'C' || n FROM generate_series(1, 200) AS n
    UNION ALL SELECT 'block', 1000 + n, 100 + 1 + n %% 200, 'B' || n FROM generate_series(1, 1000) AS n
    UNION ALL SELECT 'booth', 10000 + n, 1000 + 1 + n %% 1000, 'P' || n FROM generate_series(1, 50800) AS n
)
INSERT INTO org_unit (id, ref, names, aliases, tokens, path, attrs, active, level_id)
SELECT %(base)s + nth, gen_random_uuid(), jsonb_build_object('hi', 'इकाई ' || code, 'en', 'Unit ' || code), '{}', '{}',
       '', '{}', true, l.id
FROM made JOIN org_level l ON l.key = made.level ORDER BY nth
"""
LINKS = """
INSERT INTO org_unitlink (hierarchy, child_id, parent_id)
SELECT 'org', u.id, CASE l.key WHEN 'district' THEN %(state)s WHEN 'constituency' THEN %(base)s + 1 + (n - 100) %% 33
    WHEN 'block' THEN %(base)s + 100 + 1 + (n - 1000) %% 200 ELSE %(base)s + 1000 + 1 + (n - 10000) %% 1000 END
FROM org_unit u JOIN org_level l ON l.id = u.level_id CROSS JOIN LATERAL (SELECT u.id - %(base)s AS n) AS x
WHERE u.id > %(base)s
"""
PATHS = """
UPDATE org_unit u SET path = p.path || u.id || '/' FROM org_unitlink l JOIN org_unit p ON p.id = l.parent_id
WHERE l.child_id = u.id AND l.hierarchy = 'org' AND u.level_id = (SELECT id FROM org_level WHERE key = %(level)s)
"""
# Persons have a login and a number like everybody; a name is one of some thousands, with its search keys.
PEOPLE = """
WITH made AS (
    INSERT INTO people_person (ref, name, tokens, birth_year, gender, languages, place_text, pin_code, skills,
        contact_preference, state, duplicate_flag, created_at)
    SELECT gen_random_uuid(), b.name, b.tokens, 1970 + n %% 35, CASE n %% 5 WHEN 0 THEN 'female' ELSE 'male' END,
           '{hi}', '', '', '{}', 'any', 'active', n %% 100 = 0, %(now)s - n %% 35 * interval '1 day'
    FROM generate_series(1, %(count)s) AS n JOIN bench_name b ON b.id = n %% %(names)s
    RETURNING id, created_at
)
INSERT INTO people_contactpoint (person_id, kind, index, cipher, key_version, last_digits, valid_from, verified_at)
SELECT id, 'phone', sha256(id::text::bytea), sha256(id::text::bytea), 1, lpad((id %% 1000)::text, 3, '0'), created_at,
       created_at FROM made
"""
SEATS = """
WITH made AS (
    INSERT INTO org_seat (ref, number, opened_at, role_id, team_kind_id, unit_id)
    SELECT gen_random_uuid(), n, %(now)s - interval '60 days', r.id, k.id, u.id
    FROM (VALUES ('block', 'block_team', 'block_coordinator', 1), ('booth', 'booth_team', 'booth_youth', 2),
                 ('constituency', 'constituency_team', 'constituency_member', 4)) AS t(level, team, role, seats)
    JOIN org_level l ON l.key = t.level JOIN org_unit u ON u.level_id = l.id AND u.path <> ''
    JOIN org_role r ON r.key = t.role JOIN org_teamkind k ON k.key = t.team CROSS JOIN generate_series(1, t.seats) AS n
    RETURNING id, number, role_id
), held AS (
    SELECT made.id, row_number() OVER (ORDER BY made.id) AS nth FROM made JOIN org_role r ON r.id = made.role_id
    WHERE NOT (r.key = 'booth_youth' AND (made.number = 2 OR made.id %% 5 = 0))
), person AS (SELECT id, row_number() OVER (ORDER BY id DESC) AS nth FROM people_person)
INSERT INTO org_appointment (ref, seat_id, person_id, state, acting, offered_at, accepted_at, valid_from, end_reason)
SELECT gen_random_uuid(), held.id, person.id, 'accepted', false, %(now)s - interval '20 days',
       %(now)s - interval '19 days', %(now)s - interval '19 days', '' FROM held JOIN person USING (nth)
"""
HOLDERS = 45_000
# Squared, so that some booths have many and some have none; one in twenty was offered, placed or withdrawn.
APPLICATIONS = """
INSERT INTO recruitment_application (ref, receipt, drive_id, person_id, unit_id, skills, state, notice_id, declared_at,
    submitted_at, changed_at, source)
SELECT gen_random_uuid(), lpad(p.nth::text, 10, '0'), %(drive)s, p.id,
       b.ids[1 + floor(power(random(), 2) * cardinality(b.ids))::int],
       ARRAY[(ARRAY['writing', 'design', 'video', 'social', 'speaking', 'computer'])[1 + p.nth %% 6]],
       CASE p.nth %% 60 WHEN 0 THEN 'placed' WHEN 1 THEN 'offered' WHEN 2 THEN 'withdrawn' ELSE 'submitted' END,
       %(notice)s, at, at, at, 'web'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM people_person) p
CROSS JOIN (SELECT array_agg(u.id ORDER BY u.id * 7919 %% 50833) AS ids FROM org_unit u JOIN org_level l ON l.id = u.level_id
            WHERE l.key = 'booth') b
CROSS JOIN LATERAL (SELECT %(now)s - (p.nth * %(apart)s) * interval '1 second' AS at) AS t
WHERE p.nth <= %(size)s
"""
PLACES = """
INSERT INTO recruitment_driveplace (ref, drive_id, unit_id, team_kind_id, role_id, capacity, preferences, shares)
SELECT gen_random_uuid(), %(drive)s, s.unit_id, s.team_kind_id, s.role_id, 4, '{}', '[]' FROM org_seat s GROUP BY 3, 4, 5
"""
WISHES = """
INSERT INTO recruitment_wish (application_id, rank, place_id)
SELECT a.id, 1, p.id FROM recruitment_application a JOIN recruitment_driveplace p ON p.unit_id = a.unit_id
UNION ALL SELECT a.id, 2, p.id FROM recruitment_application a
JOIN org_unitlink l ON l.child_id = a.unit_id JOIN recruitment_driveplace p ON p.unit_id = l.parent_id
"""
GROUPS = """
INSERT INTO recruitment_cluster (ref, drive_id, unit_id, reason, key, size, first_at, last_at, found_at, state, words)
SELECT gen_random_uuid(), %(drive)s, u.id, 'device', 'bench' || n, 21 + n, %(now)s, %(now)s, %(now)s, 'open', ''
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM org_unit
      WHERE level_id = (SELECT id FROM org_level WHERE key = 'block')) u
"""


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Milliseconds and queries of each page; `p95_ms` is the slowest page's, `slow` those over the goal."""
    from toli.bench.tree_bench import database

    size = size or FULL_SIZE
    say: Say = (lambda text: None) if quiet else (lambda text: print(text, flush=True))
    began = time.monotonic()
    with database(os.environ.get("TOLI_BENCH_HOME", "")) as _owner_url:
        poured = time.monotonic()
        _pour(size, say)
        say(f"  poured in {time.monotonic() - poured:.0f} s")
        world = _world()
        pages = {name: _read(world, name, addresses, say) for name, addresses in _pages(world).items()}
        counted = _counted(say)
        offers = _offers(say)
    slow = [name for name, read in pages.items() if read["p95_ms"] > GOALS["p95_ms"]]
    found: dict[str, object] = {
        "bench": "lists", "size": size, "seconds": round(time.monotonic() - began, 1), "rate": None,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "peer": None, "ratio": None,
        "p95_ms": max(read["p95_ms"] for read in pages.values()), "pages": pages, "slow": slow,
        "count_seconds": counted, **offers,
        "load": [round(one, 1) for one in os.getloadavg()], "partial": size < FULL_SIZE, "goals": GOALS,
    }  # fmt: skip
    say(f"  goal of {GOALS['p95_ms']:.0f} ms p95: " + (f"missed by {', '.join(slow)}" if slow else "met by every page"))
    return found


class World(NamedTuple):
    browser: Any
    names: list[str]


def _world() -> World:
    from toli.bench.tree_bench import _browser

    return World(_browser(), _names())


def _pour(size: int, say: Say) -> None:
    """Each part once: a kept folder that holds it already is taken as it is."""
    from django.db import transaction

    from toli.recruitment.models import Application, Cluster, Drive, FunnelReading

    if not Cluster.objects.exists():
        _pour_crowd(size, say)
    if (found := Application.objects.count()) != size:
        raise SystemExit(f"The folder of TOLI_BENCH_HOME holds {found:,} applications, not {size:,}.")
    drive = Drive.objects.get(key=KEY)
    if not FunnelReading.objects.filter(drive=drive).exists():
        with transaction.atomic():
            _rooms(drive, say)
        _timed_step("analysed", lambda: _sql("ANALYZE", None), say)
        _add_reader(drive.scope)


def _pour_crowd(size: int, say: Say) -> None:
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.consent.first_notice import ensure_notice
    from toli.kit.actor import SystemActor
    from toli.org import services as org
    from toli.org.models import Level
    from toli.recruitment import services

    now, actor = timezone.now(), SystemActor(request_id="bench")
    accounts.create_deployment(is_demo=True, now=now)
    org.ensure_base()
    state = org.create_unit(
        actor=actor, level=Level.objects.get(key="state"), names={"hi": "राज्य", "en": "State"}, parent=None
    )
    notice = ensure_notice(actor=actor, now=now)
    drive = services.open_drive(
        actor=actor, key=KEY, names={"hi": "जोड़ो", "en": "Join"}, scope=state, opens_at=now - timedelta(days=35),
        closes_at=now + timedelta(days=12),
    )  # fmt: skip
    names = _name_table()
    values: dict[str, Any] = {
        "base": 1000, "state": state.pk, "now": now, "drive": drive.pk, "notice": notice.pk, "size": size,
        "count": size + HOLDERS, "names": names, "apart": DAYS * 86_400 / size,
    }  # fmt: skip
    _tree(values)
    for name, statement in (
        ("people", PEOPLE), ("seats", SEATS), ("applications", APPLICATIONS), ("places", PLACES), ("wishes", WISHES),
        ("groups", GROUPS),
    ):  # fmt: skip
        _timed_step(name, lambda statement=statement: _sql(statement, values), say)
    _timed_step("analysed", lambda: _sql("ANALYZE", None), say)


def _timed_step(name: str, act: Callable[[], object], say: Say) -> None:
    began = time.perf_counter()
    act()
    say(f"  {name} ({time.perf_counter() - began:.1f} s)")


def _sql(statement: str, values: dict[str, Any] | None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _tree(values: dict[str, Any]) -> None:
    for statement in (UNITS, LINKS):
        _sql(statement, values)
    for level in ("district", "constituency", "block", "booth"):
        _sql(PATHS, {"level": level})
    _sql("ANALYZE", None)


def _names() -> list[str]:
    from toli.demo.names import person_name

    draw = random.Random(11)
    return [person_name(draw, woman=bool(n % 2)).hi for n in range(4_000)]


def _name_table() -> int:
    """The names with their search keys, in a table for the statement that makes people; how many."""
    from toli.org.importing.copying import Folder, copy_in

    names, folder = _names(), Folder()
    _sql("CREATE TEMP TABLE bench_name (id int PRIMARY KEY, name text, tokens text[])", None)
    copy_in("COPY bench_name FROM STDIN", (f"{n}\t{name}\t{folder.array([name])}\n" for n, name in enumerate(names)))
    return len(names)


def _rooms(drive: Any, say: Say) -> None:
    """What the rooms' services make of it: one round held and settled, call-backs drawn, two runs, the funnel."""
    from functools import partial

    from django.utils import timezone

    from toli.demo import interviews
    from toli.kit.actor import SystemActor
    from toli.recruitment import services

    now, actor = timezone.now(), SystemActor(request_id="bench")
    first, last = now - timedelta(days=14), now - timedelta(days=3)
    of = interviews.set_up(
        actor=actor, drive=drive, level="constituency", least=20, names=interviews.TALK, kind="phone", first=first,
        last=last, named=interviews.Named([], []),
    )  # fmt: skip
    run = partial(services.run_placement, actor=actor, key=KEY, now=now)
    for name, act in (
        ("interviews", lambda: interviews.hold(actor=actor, of=of, before=last, now=now)),
        ("analysed", lambda: _sql("ANALYZE", None)),
        ("scores settled", lambda: services.settle_scores(actor=actor, round_ref=of.ref, now=now)),
        ("call-backs drawn", lambda: services.draw_calls(actor=actor, key=KEY, level="district", now=now)),
        ("what if", lambda: run(kind="what_if", changes={"all": {"capacity_percent": 150}})),
        ("placement", lambda: run(kind="real")),
        ("counted", lambda: services.count_funnel(drive=drive, now=now)),
    ):  # fmt: skip
        _timed_step(name, act, say)


def _add_reader(state: Any) -> None:
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.kit.actor import SystemActor
    from toli.org import queries, services
    from toli.org.models import Role, TeamKind
    from toli.people import services as people

    now, system, number = timezone.now(), SystemActor(request_id="bench"), "+911000000001"
    services.set_norm(
        actor=system, team_kind=TeamKind.objects.select_related("level").get(key="state_team"),
        role=Role.objects.get(key="state_coordinator"), count=1, scope=state, now=now,
    )  # fmt: skip
    person = people.create_person(
        actor=system, holder=accounts.add_login(phone=number, now=now), number=number, name="आशा", birth_year=1990,
        now=now, verified=True,
    )  # fmt: skip
    services.set_home(actor=system, person=person, unit=state, now=now)
    seat = state.seats.get(team_kind__key="state_team")
    offer = services.offer_seat(actor=system, seat_ref=seat.ref, person_ref=person.ref, now=now)
    services.accept_offer(actor=queries.actor_for(person, now=now), ref=offer.ref, now=now)


def _pages(world: World) -> dict[str, list[str]]:
    """Addresses to ask, by the name of the page; several of a kind, so that no one row is always in memory."""
    from toli.org.models import Unit
    from toli.recruitment.models import Application, Cluster, DrivePlace, PastSeat, PlacementRun, Round

    draw = random.Random(3)
    board, applicants, war_room = f"/desk/drives/{KEY}/", "/desk/applicants/", "/desk/board/"
    units = {key: list(Unit.objects.filter(level__key=key)[:40]) for key in ("district", "constituency", "block")}
    some = list(Application.objects.order_by("ref")[:40].values_list("ref", flat=True))
    places = list(DrivePlace.objects.order_by("ref")[:20].values_list("ref", flat=True))
    gone_past = list(PastSeat.objects.order_by("-id")[:20].values_list("appointment__ref", flat=True))
    of = Round.objects.get()
    real, what_if = PlacementRun.objects.order_by("-kind")[1], PlacementRun.objects.order_by("-kind")[0]
    names = draw.sample(world.names, 40)
    return {
        "war room": [war_room],
        "board of a district": [f"{war_room}{u.ref}/" for u in units["district"]],
        "board of a block": [f"{war_room}{u.ref}/" for u in units["block"]],
        "line of a board: past a drive": [f"/desk/past/{u.ref}/" for u in units["district"]],
        "drive board": [board],
        "funnel of a district": [f"{board}?unit={u.ref}" for u in units["district"]],
        "funnel of a constituency": [f"{board}?unit={u.ref}" for u in units["constituency"]],
        "funnel of a block": [f"{board}?unit={u.ref}" for u in units["block"]],
        "applicants": [applicants],
        "applicants, deep pages": [f"{applicants}?{way}={ref}" for ref in some for way in ("after", "before")],
        "applicants by state": [f"{applicants}?state={s}" for s in ("submitted", "offered", "placed", "withdrawn")],
        "applicants by skill": [f"{applicants}?skill={s}" for s in ("writing", "video")],
        "applicants of a district": [f"{applicants}?unit={u.ref}" for u in units["district"]],
        "applicants of a block": [f"{applicants}?unit={u.ref}&state=placed" for u in units["block"]],
        "applicants by name": [f"{applicants}?words={name}" for name in names],
        "applicants by one word": [f"{applicants}?words={name.split()[0]}" for name in names],
        "applicant": [f"{applicants}{ref}/" for ref in some],
        "willing": [f"{applicants}willing/"],
        "calls": ["/desk/calls/"],
        "truth": [f"{board}truth/"],
        "groups, deep page": [f"{board}truth/?page=15"],
        "group": [f"/desk/groups/{ref}/" for ref in Cluster.objects.values_list("ref", flat=True)[:20]],
        "rounds": ["/desk/interviews/"],
        "round": [f"/desk/interviews/{of.ref}/"],
        "scores": [f"/desk/interviews/{of.ref}/scores/"],
        "places": [f"{board}places/", *(f"{board}places/?after={ref}" for ref in places)],
        "places by name": [f"{board}places/?words=C{n}" for n in range(101, 141)],
        "placement": [f"{board}placement/", *(f"{board}placement/?after={ref}" for ref in places)],
        "run": [f"/desk/placements/{real.ref}/"],
        "runs compared": [f"/desk/placements/{real.ref}/?beside={what_if.ref}&page={n}" for n in (1, 200)],
        "past": [f"{board}past/", *(f"{board}past/?after={ref}" for ref in gone_past)],
        "appeals": [f"{board}appeals/"],
    }


def _read(world: World, name: str, addresses: list[str], say: Say) -> dict[str, Any]:
    times, queries = [], 0
    for nth, address in zip(range(TIMES + WARM), _round_and_round(addresses), strict=False):
        took, queries = _ask(world.browser, address)
        if nth >= WARM:
            times.append(took)
    read = {
        "p50_ms": round(statistics.median(times), 1), "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "queries": queries,
    }  # fmt: skip
    met = "met" if read["p95_ms"] <= GOALS["p95_ms"] else "MISSED"
    say(f"  {name}: p50 {read['p50_ms']} ms, p95 {read['p95_ms']} ms, {queries} queries, goal {met}")
    return read


def _counted(say: Say) -> float:
    """Seconds in which the worker reads all figures of the pages anew, where little changed."""
    from django.utils import timezone

    from toli.recruitment import services
    from toli.recruitment.models import Drive

    reading = services.count_funnel(drive=Drive.objects.get(key=KEY), now=timezone.now())
    say(f"  counted anew in {reading.seconds:.1f} s")
    return round(reading.seconds, 1)


def _offers(say: Say) -> dict[str, Any]:
    """Seconds from the second signature to the last offer, and how many were made; all of it is rolled back."""
    from django.db import transaction
    from django.utils import timezone

    from toli.audit import services as audit
    from toli.kit.actor import SystemActor
    from toli.recruitment import services
    from toli.recruitment.models import PlacementRun, PlaceOffer

    actor, now = SystemActor(request_id="bench"), timezone.now()
    with transaction.atomic():
        run = PlacementRun.objects.defer("inputs").select_related("drive__scope").filter(kind="real").latest("id")
        PlacementRun.objects.filter(pk=run.pk).update(state="signed", signed_a_id=1, signed_b_id=2)
        signed = audit.record(actor, "recruitment.run_signed", run, unit=run.drive.scope)
        began = time.perf_counter()
        due = services.prepare_offers(actor=actor, record_ids=[signed], now=now)
        prepared = time.perf_counter() - began
        steps = 0
        while services.move_offers(actor=actor, now=now):
            steps += 1
        took = time.perf_counter() - began
        made = PlaceOffer.objects.filter(run=run, state="offered").count()
        transaction.set_rollback(True)
    say(f"  {made:,} of {due:,} places offered in {took:.1f} s, {steps} steps; written down in {prepared:.1f} s")
    return {"offers": made, "offers_seconds": round(took, 1), "offers_steps": steps}


def _round_and_round(addresses: list[str]) -> Iterator[str]:
    while True:
        yield from addresses


def _ask(browser: Any, address: str) -> tuple[float, int]:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    connection.queries_log.clear()  # it forgets the first when it is full, and nothing could be counted
    with CaptureQueriesContext(connection) as seen:
        began = time.perf_counter()
        answer = browser.get(address)
        took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")
    return took, len(seen)
