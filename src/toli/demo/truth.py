"""How true the drive's numbers are: floods from one phone, false entries of one district, and call-backs that tell.

What is false here is known to the loader alone. The pages know it as a real campaign would: from where the entries came,
how fast they were typed, and what people say when somebody calls.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from toli.consent.purposes import BASE
from toli.consent.queries import contact_filter
from toli.demo.drive import Entry
from toli.demo.planning import hash_joins
from toli.kit.actor import Actor
from toli.kit.dates import local_at, local_day
from toli.recruitment import services
from toli.recruitment.models import Cluster, Drive

FLOOD_DAYS_AGO, DRAWN_DAYS_AGO = 4, 3
FALSE_SHARE = 10
"""One in so many of the false district's entries was made by somebody else."""
OF_ONE_BOOTH = 25
TRUE_AMONG_FAST = 4
CAMP = 24
"""Entries of one phone within an hour; more than 20 are remarkable."""
CLEARED = "camp of the block: the helper's own phone, every one of them was there"


@dataclass
class Floods:
    """Refs of the applications that came in a way that is remarkable."""

    camp: list[str] = field(default_factory=list)
    unknown_phone: list[str] = field(default_factory=list)
    fast: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Districts:
    """Ids of the districts where something happened."""

    false: int
    camp: int
    unknown_phone: int


IN_DISTRICT = """
SELECT u.id, up.id::bigint FROM org_unit u
CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
WHERE u.id = ANY(%s) AND up.id::bigint = ANY(%s)
"""


def flood(entries: Sequence[Entry], where: Districts, *, now: datetime) -> tuple[list[Entry], Floods]:
    """The entries as they came: two phones made many in an hour, and false ones were typed faster than a person can."""
    began = local_at(local_day(now) - timedelta(days=FLOOD_DAYS_AGO), time(11))
    of = _districts({one.unit for one in entries}, where)
    here: dict[int, list[Entry]] = {}
    for one in entries:
        if one.at < began and one.unit in of:
            here.setdefault(of[one.unit], []).append(one)
    floods, changed = Floods(), dict[str, Entry]()
    for refs, district, minute in ((floods.camp, where.camp, 0), (floods.unknown_phone, where.unknown_phone, 200)):
        for nth, one in enumerate(here.get(district, [])[-CAMP:]):
            at = began + timedelta(minutes=minute + 2 * nth)
            changed[one.ref] = one._replace(at=at, source="kiosk" if district == where.camp else "web")
            refs.append(one.ref)
    _falsify(here.get(where.false, []), floods, changed, began + timedelta(hours=6))
    return [changed.get(one.ref, one) for one in entries], floods


def _districts(units: Collection[int], where: Districts) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(IN_DISTRICT, [list(units), [where.false, where.camp, where.unknown_phone]])
        return dict(cursor.fetchall())


def _falsify(entries: Sequence[Entry], floods: Floods, changed: dict[str, Entry], at: datetime) -> None:
    """One in ten, of those who can be called and of the others alike, gathered at a few booths, some true ones between."""
    callable_ = _may_be_called([one.person.id for one in entries])
    groups = [[one for one in entries if (one.person.id in callable_) is can] for can in (True, False)]
    false = [one for group in groups for one in group[: round(len(group) / FALSE_SHARE)]]
    true = [one for group in groups for one in group[round(len(group) / FALSE_SHARE) :]]
    floods.false = [one.ref for one in false]
    for first in range(0, len(false), OF_ONE_BOOTH):
        some = [*false[first : first + OF_ONE_BOOTH], *(true.pop() for _n in range(min(TRUE_AMONG_FAST, len(true))))]
        for nth, one in enumerate(some):
            changed[one.ref] = one._replace(unit=some[0].unit, at=at + timedelta(minutes=7 * nth), source="web")
            floods.fast.append(one.ref)


def _may_be_called(persons: Sequence[int]) -> set[int]:
    condition, bound = contact_filter(BASE, "call")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM people_person p WHERE p.id = ANY(%s) AND {condition}",
            [list(persons), *bound],
        )
        return {row[0] for row in cursor.fetchall()}


TRACES = """
INSERT INTO recruitment_trace (application_id, drive_id, device_key, address_key, at, answer_seconds, over)
SELECT a.id, a.drive_id, sha256(convert_to('device ' || CASE
           WHEN a.ref = ANY(%(camp)s::uuid[]) THEN 'camp' WHEN a.ref = ANY(%(unknown_phone)s::uuid[]) THEN 'unknown'
           ELSE a.ref::text END, 'UTF8')),
       sha256(convert_to('address ' || a.unit_id, 'UTF8')), a.submitted_at,
       CASE WHEN a.ref = ANY(%(fast)s::uuid[]) THEN 3 + mod(a.id, 4) ELSE 19 + mod(a.id, 71) END, '{}'
FROM recruitment_application a WHERE a.drive_id = %(drive)s
"""


def find(*, actor: Actor, drive: Drive, floods: Floods, now: datetime) -> None:
    """Where the entries came from, the groups that are found in that, and what one of them turned out to be."""
    refs = {name: getattr(floods, name) for name in ("camp", "unknown_phone", "fast")}
    found_at = now - timedelta(days=DRAWN_DAYS_AGO, hours=6)
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(TRACES, {"drive": drive.pk, **refs})
        cursor.execute("ANALYZE recruitment_trace")
        services.find_clusters(actor=actor, now=found_at)
    camp = Cluster.objects.filter(drive=drive, reason="device", members__application__ref__in=floods.camp).first()
    if camp is not None:
        services.decide_cluster(
            actor=actor, ref=camp.ref, state=Cluster.State.CLEARED, words=CLEARED, now=found_at + timedelta(hours=3)
        )


# Called by holders of the stratum's unit who may call, on the two days after the drawing, between ten and eight. Where
# false entries were suspected everybody is asked by now.
ANSWER = """
WITH caller AS (
    SELECT t.id AS unit_id, array_agg(DISTINCT a.person_id) AS people
    FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id JOIN org_unit u ON u.id = s.unit_id
    JOIN org_role r ON r.id = s.role_id AND 'recruitment.call' = ANY(r.rights)
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
    JOIN (SELECT DISTINCT unit_id AS id FROM recruitment_stratum WHERE plan_id = %(plan)s) t ON t.id = up.id::bigint
    WHERE a.state = 'accepted' GROUP BY 1
), said AS MATERIALIZED (
    SELECT b.id, CASE
        WHEN a.ref = ANY(%(false)s::uuid[]) THEN CASE WHEN mod(b.place, 4) = 0 THEN 'wrong_person' ELSE 'never' END
        WHEN s.population >= 500 AND mod(b.place, 97) = 50 THEN 'never'
        WHEN s.unit_id = %(asked)s THEN 'yes'
        WHEN mod(b.place, 20) = 3 THEN 'refused' WHEN mod(b.place, 20) = 9 THEN 'no_answer'
        WHEN mod(b.place, 8) = 5 THEN '' ELSE 'yes' END AS outcome,
        coalesce(c.people[1 + mod(b.id, coalesce(cardinality(c.people), 1))], %(asha)s) AS caller,
        (%(day)s::date + (1 + mod(b.id, 2))::int + make_interval(hours => 10, mins => mod(b.id * 7, 600)::int))
            AT TIME ZONE 'Asia/Kolkata' AS at
    FROM recruitment_callback b JOIN recruitment_stratum s ON s.id = b.stratum_id
    JOIN recruitment_application a ON a.id = b.application_id LEFT JOIN caller c ON c.unit_id = s.unit_id
    WHERE s.plan_id = %(plan)s AND b.state = 'due'
), attempt AS (
    INSERT INTO recruitment_callattempt (ref, call_id, number, caller_id, opened_at, outcome, said_at)
    SELECT gen_random_uuid(), id, n, caller, at - (tries - n) * interval '4 hours',
           outcome, at - (tries - n) * interval '4 hours' + interval '2 minutes'
    FROM said CROSS JOIN LATERAL (SELECT CASE outcome WHEN 'no_answer' THEN 3 ELSE 1 END AS tries) AS t
    CROSS JOIN LATERAL generate_series(1, tries) AS n WHERE outcome <> ''
)
UPDATE recruitment_callback b SET outcome = said.outcome, done_at = said.at,
    state = CASE said.outcome WHEN 'no_answer' THEN 'given_up' ELSE 'done' END,
    tries = CASE said.outcome WHEN 'no_answer' THEN 3 ELSE 1 END
FROM said WHERE said.id = b.id AND said.outcome <> ''
"""


def call_back(*, actor: Actor, drive: Drive, floods: Floods, asked: int, now: datetime) -> None:
    """Draw by districts among all who had applied three days ago, and write down what most said, and all of `asked`."""
    drawn_at = now - timedelta(days=DRAWN_DAYS_AGO)
    plan = services.draw_calls(actor=actor, key=drive.key, level="district", seed="monsoon-calls-1", now=drawn_at)
    values: dict[str, Any] = {"plan": plan.pk, "false": floods.false, "asha": actor.person_id, "day": local_day(drawn_at),
              "asked": asked}  # fmt: skip
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute("ANALYZE recruitment_callback, recruitment_stratum")
        cursor.execute(ANSWER, values)
