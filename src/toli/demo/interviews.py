"""Rounds of interviews in sets: panels with their people and times, who came and who did not, two scores for each.

The set-based twin of booking, answering and scoring. Every draw is a digest of an id, so that a person is as good on one
card as on the other. Of the panels of a round one is harsh and one is mild; the second person of each panel also sits on
the panel before, which is what makes scorers comparable (`recruitment.severity`).
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import connection

from toli.audit import services as audit
from toli.demo.planning import hash_joins
from toli.demo.sizes import Size
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org.models import Unit
from toli.recruitment import interviewing, services
from toli.recruitment.models import Drive, Round

FULL_DAY = 150
"""Applications of a unit for each of its panels."""
PART = interviewing.hours_of((0, 2, 4, 5), time(11), time(13))
WHOLE = interviewing.hours_of(range(6), time(10), time(17))

# Every unit that a unit lies in, and itself, by id: what a statement joins to get from a booth to a panel above it.
ABOVE = "CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)"

PANEL_UNITS = f"""
SELECT p.id, count(*) FROM recruitment_application a JOIN org_unit u ON u.id = a.unit_id {ABOVE}
JOIN org_unit p ON p.id = up.id::bigint JOIN org_level l ON l.id = p.level_id AND l.key = %(level)s
WHERE a.drive_id = %(drive)s GROUP BY 1 HAVING count(*) >= %(least)s ORDER BY 1
"""


class Named(NamedTuple):
    """Ids of persons of the cast: who is put on a panel before everybody else, and who on none."""

    first: list[int]
    never: list[int]


# Two for each panel from those who hold a seat in its unit, the highest first.
SIT = f"""
WITH panel AS (
    SELECT id, unit_id, row_number() OVER (PARTITION BY unit_id ORDER BY number) AS nth
    FROM recruitment_panel WHERE round_id = %(round)s
), holder AS (
    SELECT p.id AS unit_id, a.person_id, row_number() OVER (PARTITION BY p.id ORDER BY a.person_id = ANY(%(first)s) DESC, min(l.rank), min(a.id)) AS nth
    FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id AND s.closed_at IS NULL AND s.wing_id IS NULL
    JOIN org_unit u ON u.id = s.unit_id JOIN org_level l ON l.id = u.level_id {ABOVE}
    JOIN (SELECT DISTINCT unit_id AS id FROM panel) p ON p.id = up.id::bigint
    WHERE a.state = 'accepted' AND a.accepted_at < %(since)s AND a.person_id <> ALL(%(never)s) GROUP BY 1, 2
)
INSERT INTO recruitment_panelmember (panel_id, person_id, since)
SELECT p.id, h.person_id, %(since)s FROM panel p
JOIN holder h ON h.unit_id = p.unit_id AND h.nth BETWEEN 2 * p.nth - 1 AND 2 * p.nth
ORDER BY p.id, h.nth
"""
SIT_BESIDE = """
INSERT INTO recruitment_panelmember (panel_id, person_id, since)
SELECT before, person_id, %(since)s FROM (
    SELECT m.panel_id, m.person_id, row_number() OVER (PARTITION BY m.panel_id ORDER BY m.id DESC) AS last,
           coalesce(b.before, b.final) AS before
    FROM recruitment_panelmember m JOIN (
        SELECT id, lag(id) OVER (ORDER BY id) AS before, max(id) OVER () AS final
        FROM recruitment_panel WHERE round_id = %(round)s) b ON b.id = m.panel_id
) seated WHERE last = 1 AND before <> panel_id
"""

# Only what lies ahead has a link that still opens something; whose time is near has had the reminders.
CODE = """CASE WHEN starts_at > %(now)s AND state IN ('proposed', 'confirmed')
    THEN translate(left(replace(gen_random_uuid()::text, '-', ''), 14), '0123456789', 'ghjkmnpqrs') END"""
REMINDED = """CASE WHEN starts_at < %(now)s + interval '3 hours' THEN 2
    WHEN starts_at < %(now)s + interval '24 hours' THEN 1 ELSE 0 END"""

# Those who applied first get the first times of their unit's panels; a time that is too soon for them stays empty.
BOOK = f"""
WITH panel AS (SELECT id, unit_id FROM recruitment_panel WHERE round_id = %(round)s
), candidate AS (
    SELECT a.id, a.submitted_at, p.id AS unit_id, row_number() OVER (PARTITION BY p.id ORDER BY a.submitted_at, a.id) AS nth
    FROM recruitment_application a JOIN org_unit u ON u.id = a.unit_id {ABOVE}
    JOIN (SELECT DISTINCT unit_id AS id FROM panel) p ON p.id = up.id::bigint
    WHERE a.drive_id = %(drive)s AND a.state = 'submitted' AND a.submitted_at < %(before)s AND (%(minimum)s::int IS NULL
        OR EXISTS (SELECT FROM recruitment_interview i JOIN recruitment_round r ON r.id = i.round_id
                   JOIN recruitment_scorecard c ON c.interview_id = i.id
                   WHERE i.application_id = a.id AND r.number = %(number)s - 1 AND r.drive_id = a.drive_id
                   GROUP BY i.id HAVING count(*) > 1 AND avg(c.total) >= %(minimum)s::int))
), slot AS (
    SELECT s.id, s.starts_at, panel.unit_id,
           row_number() OVER (PARTITION BY panel.unit_id ORDER BY s.starts_at, s.id) AS nth
    FROM recruitment_slot s JOIN panel ON panel.id = s.panel_id
), drawn AS (
    SELECT c.id, c.submitted_at, s.id AS slot_id, s.starts_at,
           mod(hashint8(c.id * 37 + %(round)s)::bigint & 65535, 100) AS draw
    FROM candidate c JOIN slot s ON s.unit_id = c.unit_id AND s.nth = c.nth
    WHERE s.starts_at > c.submitted_at + interval '1 day'
), became AS (
    SELECT *, CASE WHEN draw < 6 THEN 'moved' WHEN draw < 10 THEN 'declined'
                   WHEN starts_at < %(now)s THEN CASE WHEN draw < 18 THEN 'no_show' ELSE 'held' END
                   WHEN draw < 55 THEN 'confirmed' ELSE 'proposed' END AS state,
           greatest(submitted_at + interval '1 hour', least(starts_at - interval '3 days', %(told)s)) AS told_at
    FROM drawn
)
INSERT INTO recruitment_interview
    (ref, round_id, application_id, slot_id, state, code, moves, reminded, made_at, changed_at)
SELECT gen_random_uuid(), %(round)s, id, slot_id, state, {CODE}, 0, {REMINDED}, told_at,
       CASE WHEN state IN ('held', 'no_show') THEN starts_at + interval '12 minutes'
            WHEN state = 'proposed' THEN told_at ELSE least(told_at + interval '5 hours', %(now)s) END
FROM became ORDER BY slot_id
RETURNING ref, (SELECT a.unit_id FROM recruitment_application a WHERE a.id = application_id)
"""

# Who moved, and every second of those who did not come, is given one of the last times that are left there.
AGAIN = f"""
WITH panel AS (SELECT id, unit_id FROM recruitment_panel WHERE round_id = %(round)s
), asking AS (
    SELECT i.application_id, s.starts_at AS missed, i.state = 'moved' AS moved, i.changed_at, p.unit_id,
           row_number() OVER (PARTITION BY p.unit_id ORDER BY s.starts_at, i.id) AS nth
    FROM recruitment_interview i JOIN recruitment_slot s ON s.id = i.slot_id JOIN panel p ON p.id = s.panel_id
    WHERE i.state = 'moved' OR (i.state = 'no_show' AND i.application_id %% 2 = 0)
), free AS (
    SELECT s.id AS slot_id, s.starts_at, p.unit_id,
           row_number() OVER (PARTITION BY p.unit_id ORDER BY s.starts_at DESC, s.id) AS nth
    FROM recruitment_slot s JOIN panel p ON p.id = s.panel_id
    WHERE NOT EXISTS (SELECT FROM recruitment_interview i WHERE i.slot_id = s.id)
), became AS (
    SELECT a.*, f.slot_id, f.starts_at,
           CASE WHEN f.starts_at < %(now)s THEN 'held' WHEN a.moved THEN 'confirmed' ELSE 'proposed' END AS state
    FROM asking a JOIN free f ON f.unit_id = a.unit_id AND f.nth = a.nth AND f.starts_at > a.missed
)
INSERT INTO recruitment_interview
    (ref, round_id, application_id, slot_id, state, code, moves, reminded, made_at, changed_at)
SELECT gen_random_uuid(), %(round)s, application_id, slot_id, state, {CODE}, moved::int, {REMINDED}, changed_at,
       CASE WHEN state = 'held' THEN starts_at + interval '12 minutes' ELSE changed_at END
FROM became ORDER BY slot_id
"""

CONFLICTS = """
INSERT INTO recruitment_conflictofinterest (application_id, person_id, declared_at)
SELECT i.application_id, m.person_id, i.changed_at - interval '1 hour'
FROM recruitment_interview i JOIN recruitment_slot s ON s.id = i.slot_id
JOIN (SELECT panel_id, person_id, row_number() OVER (PARTITION BY panel_id ORDER BY id) AS seat,
             count(*) OVER (PARTITION BY panel_id) AS members FROM recruitment_panelmember) m ON m.panel_id = s.panel_id
WHERE i.round_id = %(round)s AND i.state = 'held' AND m.members = 3 AND m.seat = 1 + mod(i.application_id, 3)
  AND mod(i.application_id, 41) = 7
ON CONFLICT DO NOTHING
"""

# Two of three score each candidate. What somebody is worth hangs on the person alone, a scorer's hand on the panel they
# were named for, and each mark wavers a little. Of the last day, every sixth still lacks the second card.
SCORE = """
WITH panel AS (
    SELECT id, row_number() OVER (ORDER BY id) AS nth FROM recruitment_panel WHERE round_id = %(round)s
), member AS (
    SELECT m.panel_id, m.person_id, row_number() OVER (PARTITION BY m.panel_id ORDER BY m.id) AS seat,
           count(*) OVER (PARTITION BY m.panel_id) AS members,
           min(m.id) OVER (PARTITION BY m.person_id) AS first_id, m.id
    FROM recruitment_panelmember m JOIN panel p ON p.id = m.panel_id
), hand AS (
    SELECT m.person_id, CASE p.nth WHEN 1 THEN -0.9 WHEN 3 THEN 0.9 ELSE 0 END AS lean
    FROM member m JOIN panel p ON p.id = m.panel_id WHERE m.id = m.first_id
), card AS MATERIALIZED (
    SELECT i.id, i.application_id, m.person_id, m.seat, h.lean, s.starts_at, row_number() OVER (
        PARTITION BY i.id ORDER BY m.seat) AS nth,
        (mod(hashint8(i.application_id)::bigint & 65535, 1000)
         + mod(hashint8(i.application_id * 7 + 3)::bigint & 65535, 1000)
         + mod(hashint8(i.application_id * 11 + 5)::bigint & 65535, 1000)) / 3000.0 AS worth
    FROM recruitment_interview i JOIN recruitment_slot s ON s.id = i.slot_id
    JOIN member m ON m.panel_id = s.panel_id JOIN hand h ON h.person_id = m.person_id
    WHERE i.round_id = %(round)s AND i.state = 'held'
      AND (m.members < 3 OR m.seat <> 1 + mod(i.application_id, 3))
), marked AS (
    SELECT c.id, c.person_id, c.starts_at + make_interval(mins => 12 + 3 * c.nth::int) AS given_at,
           jsonb_object_agg(x.criterion ->> 'key', y.mark) AS marks,
           round(10000 * sum((x.criterion ->> 'weight')::numeric * y.mark / (x.criterion ->> 'scale')::numeric)
                 / sum((x.criterion ->> 'weight')::numeric))::int AS total
    FROM card c CROSS JOIN recruitment_round r
    CROSS JOIN LATERAL jsonb_array_elements(r.criteria) AS x(criterion)
    CROSS JOIN LATERAL (
        SELECT least(5, greatest(0, round(0.4 + 5.2 * c.worth + c.lean
            + (mod(hashtext(c.id || x.criterion::text || c.seat)::bigint & 65535, 1000) / 1000.0 - 0.5) * 1.2)))::int
    ) AS y(mark)
    WHERE r.id = %(round)s
      AND NOT (c.nth = 2 AND c.starts_at > %(now)s - interval '1 day' AND mod(c.application_id, 6) = 0)
    GROUP BY c.id, c.person_id, c.starts_at, c.nth
)
INSERT INTO recruitment_scorecard (interview_id, scorer_id, marks, total, note, given_at)
SELECT id, person_id, marks, total, '', least(given_at, %(now)s) FROM marked ORDER BY id, person_id
"""


TALK = {"hi": "फ़ोन पर पहली बातचीत", "en": "First talk by phone"}
MEETING = {"hi": "मुलाक़ात", "en": "A meeting"}
FIRST_DAYS, SECOND_DAYS = (14, 3), (2, 10)
"""The first round began 14 days ago and ended 3 days ago; the second began 2 days ago and ends in 10."""
ENOUGH = 4_500


def swing(*, actor: Actor, drive: Drive, size: Size, named: Named, now: datetime) -> None:
    """The first round is over, the second has begun with those who reached enough in the first."""
    days = [timedelta(days=n) for n in (*FIRST_DAYS, *SECOND_DAYS)]
    make = partial(set_up, actor=actor, drive=drive, level=size.panels_at, least=size.panels_from, named=named)
    first = make(names=TALK, kind="phone", first=now - days[0], last=now - days[1])
    hold(actor=actor, of=first, before=now - days[1], now=now)
    services.settle_scores(actor=actor, round_ref=first.ref, now=now - days[2])
    second = make(names=MEETING, kind="meeting", first=now - days[2], last=now + days[3])
    hold(actor=actor, of=second, before=now - days[1], minimum=ENOUGH, now=now)


def set_up(
    *, actor: Actor, drive: Drive, names: dict[str, str], kind: str, first: datetime, last: datetime, level: str,
    least: int, named: Named,
) -> Round:  # fmt: skip
    """A round with panels wherever at least `least` applied, two or three on each, and times from `first` to `last`."""
    days = {"starts_on": local_day(first), "ends_on": local_day(last)}
    of = services.add_round(
        actor=actor, drive_key=drive.key, names=names, kind=kind, criteria=("conduct", "local", "time"), **days,
        blind=False, minutes=10, scores_needed=2, weight=1, minimum=None, now=first - timedelta(days=2),
    )  # fmt: skip
    _set_panels(actor, of, level, least)
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute("ANALYZE recruitment_panel")
        for statement in (SIT, SIT_BESIDE):
            cursor.execute(statement, {"round": of.pk, "since": first - timedelta(days=1), **named._asdict()})
    services.make_slots(
        actor=actor, round_ref=of.ref, first=days["starts_on"], last=days["ends_on"], now=first - timedelta(days=1)
    )
    return of


def _set_panels(actor: Actor, of: Round, level: str, least: int) -> None:
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(PANEL_UNITS, {"drive": of.drive_id, "level": level, "least": least})
        applied = dict(cursor.fetchall())
    each: dict[int, list[int]] = {}
    for unit, count in applied.items():
        each.setdefault(-(-count // FULL_DAY), []).append(unit)
    for panels, ids in sorted(each.items()):
        services.add_panels(
            actor=actor, round_ref=of.ref, units=list(Unit.objects.filter(pk__in=ids)), each=panels, languages=["hi"],
            hours=WHOLE if panels > 1 else PART, place_text="पंचायत भवन" if of.kind == Round.Kind.MEETING else "",
        )  # fmt: skip


def hold(*, actor: Actor, of: Round, before: datetime, minimum: int | None = None, now: datetime) -> int:
    """Give times to those who applied `before`; what lies before `now` was held and scored. How many were given one.

    `minimum`: only who reached so much in the round before, hundredths of a point.
    """
    values: dict[str, Any] = {
        "round": of.pk, "drive": of.drive_id, "number": of.number, "before": before, "minimum": minimum, "now": now,
        "told": now - timedelta(days=1),
    }  # fmt: skip
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute("ANALYZE recruitment_slot, recruitment_panelmember, recruitment_scorecard")
        cursor.execute(BOOK, values)
        given = cursor.fetchall()
        cursor.execute("ANALYZE recruitment_interview")
        for statement in (AGAIN, CONFLICTS, SCORE):
            cursor.execute(statement, values)
    _record(actor, of, given)
    return len(given)


def _record(actor: Actor, of: Round, given: list[tuple[Any, int]]) -> None:
    data: Mapping[str, int] = {"given": len(given), "first_choice": len(given), "waiting": 0, "beyond_best": 0}
    batch = [audit.BatchTarget("recruitment.interview", ref, unit) for ref, unit in given]
    audit.record(actor, "recruitment.interviews_given", of, unit=of.drive.scope, data=dict(data), batch=batch)
