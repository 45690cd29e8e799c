"""The last days hour by hour: who was active, what phones told, and the board kept at 08:00 and 20:00."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from django.db import connection

from toli.demo import reach
from toli.demo.people import Made
from toli.demo.planning import hash_joins
from toli.kit.dates import local_at, local_day
from toli.org import services
from toli.org.services.counts import SILENT_AFTER_DAYS, VERIFIED_FOR_DAYS
from toli.org.services.snapshots import HOURS

HISTORY_DAYS = 21

# Who came on the days before today: some come daily, some every few days, each at an hour of their own that day.
CAME = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT s.unit_id, 0, 'active', d.day::date, count(*)
FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id AND s.closed_at IS NULL
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d(day)
CROSS JOIN LATERAL (
    SELECT hashint8(a.person_id * 37 + (d.day::date - DATE '2020-01-01'))::bigint & 65535 AS draw
) AS by_lot
CROSS JOIN LATERAL (
    SELECT (d.day::date + make_interval(hours => 6, mins => (draw %% 960)::int)) AT TIME ZONE 'Asia/Kolkata' AS at
) AS came
WHERE a.state = 'accepted' AND a.accepted_at < d.day AND mod(draw, 100) < 30 + mod(a.person_id, 45)
  AND came.at > %(since)s AND came.at <= %(until)s
GROUP BY 1, 4
"""

# What came about after a moment, as facts whose sum is what the counts hold too much for it.
LATER = """
SELECT s.unit_id, w.wing_id, m.metric, m.day, sum(m.n)::bigint AS n
FROM org_seat s
JOIN org_appointment a ON a.seat_id = s.id AND a.state IN ('offered', 'accepted')
JOIN people_person p ON p.id = a.person_id
LEFT JOIN accounts_holder h ON h.id = p.holder_id
LEFT JOIN org_activity act ON act.person_id = a.person_id
LEFT JOIN people_contactpoint cp ON cp.person_id = a.person_id AND cp.valid_to IS NULL
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(s.wing_id, 0)) AS w(wing_id)
CROSS JOIN LATERAL (
    SELECT 'accepted', %(standing)s::date, 1 WHERE a.state = 'accepted' AND a.accepted_at > %(at)s
    UNION ALL SELECT 'offered', %(standing)s, 1 WHERE a.state = 'offered' AND a.offered_at > %(at)s
    UNION ALL SELECT 'offered', %(standing)s, -1
        WHERE a.state = 'accepted' AND a.offered_at <= %(at)s AND a.accepted_at > %(at)s
    UNION ALL SELECT 'verified', %(standing)s, 1
        WHERE a.state = 'accepted' AND NOT p.duplicate_flag AND cp.verified_at > %(verified_since)s
        AND greatest(a.accepted_at, cp.verified_at) > %(at)s
    UNION ALL SELECT 'silent', %(standing)s, 1
        WHERE a.state = 'accepted' AND act.silent AND (a.accepted_at > %(at)s OR act.last_act_on > %(silent_before)s)
    UNION ALL SELECT 'active', %(today)s, 1
        WHERE a.state = 'accepted' AND act.last_act_on = %(today)s AND h.last_seen_at > %(at)s
) AS m(metric, day, n)
WHERE s.closed_at IS NULL GROUP BY 1, 2, 3, 4
UNION ALL
SELECT unit_id, 0, 'members', %(standing)s, count(*) FROM org_membership
WHERE valid_to IS NULL AND valid_from > %(at)s GROUP BY 1
UNION ALL
SELECT s.unit_id, 0, n.state, %(standing)s, count(*) FROM org_namedholder n JOIN org_seat s ON s.id = n.seat_id
WHERE n.state IN ('named', 'invited') AND s.closed_at IS NULL AND n.named_at > %(at)s GROUP BY 1, 3
UNION ALL
SELECT a.unit_id, w.wing_id, m.metric, %(standing)s, count(*)
FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(a.wing_id, 0)) AS w(wing_id)
CROSS JOIN LATERAL (
    SELECT 'tasks_given' WHERE t.given_at > %(at)s
    UNION ALL SELECT 'tasks_done' WHERE a.state = 'verified' AND a.verified_at > %(at)s
) AS m(metric)
WHERE a.is_work AND a.state <> 'withdrawn' GROUP BY 1, 2, 3
UNION ALL
SELECT x.unit_id, w.wing_id, 'on_duty', %(standing)s,
       sum(x.counted::int - (x.starts_at <= %(at)s AND x.ends_at > %(at)s)::int)::bigint
FROM warroom_shift x CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(x.wing_id, 0)) AS w(wing_id)
WHERE x.dropped_at IS NULL GROUP BY 1, 2
"""


def slots(*, now: datetime, days: int) -> list[datetime]:
    """Every 08:00 and 20:00 IST of the last days before `now`, oldest first."""
    today = local_day(now)
    found = (local_at(today - timedelta(days=ago), time(hour)) for ago in range(days, -1, -1) for hour in HOURS)
    return [at for at in found if now - timedelta(days=days) <= at < now]


def live_through(people: Sequence[Made], *, days: int, random: Random, now: datetime) -> None:
    """Write what the last days brought in the order of its hours, and keep the board on the way."""
    since = local_at(local_day(now) - timedelta(days=HISTORY_DAYS), time())
    for until in [*slots(now=now, days=days), now]:
        _came(since, until, now)
        reach.tell_back(people, since=max(since, now - reach.LATELY), until=until, random=random)
        if until < now:
            services.take_snapshot(at=until, now=until, later=LATER, bounds=_bounds(until, now))
        since = until


def _came(since: datetime, until: datetime, now: datetime) -> None:
    yesterday = local_day(now) - timedelta(days=1)
    bounds = {"first": local_day(since), "last": min(local_day(until), yesterday), "since": since, "until": until}
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(CAME, bounds)


def _bounds(at: datetime, now: datetime) -> dict[str, object]:
    return {
        "verified_since": now - timedelta(days=VERIFIED_FOR_DAYS), "today": local_day(now),
        "silent_before": local_day(at) - timedelta(days=SILENT_AFTER_DAYS),
    }  # fmt: skip
