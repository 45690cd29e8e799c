"""Counting a drive: its funnel is read anew from the facts by a tick.

Every room that has a part in it (calls, interviews, placement, offers) only writes its own facts; none has to keep a
total right, and no request touches one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection, transaction
from django.db.models import Q

from toli.kit.dates import local_day
from toli.recruitment.models import Drive, FunnelReading

VERIFIED_FOR = timedelta(days=180)
DAYS_KEPT = 60
SOONEST = timedelta(seconds=30)
REST = 30
"""A drive rests this many times as long as its last count took, so that counting stays a thirtieth of one core."""
COUNTED_AFTER = timedelta(days=120)
"""Placement and offers follow long after a drive closed."""

# Facts of each unit alone, in the columns of the funnel; a person who left, or an application taken back, is in none.
FUNNEL_FACTS = """
SELECT a.unit_id, count(*) AS applied,
       count(*) FILTER (WHERE NOT p.duplicate_flag AND EXISTS (
           SELECT FROM people_contactpoint c
           WHERE c.person_id = p.id AND c.valid_to IS NULL AND c.verified_at > %(verified_since)s)) AS verified,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM recruitment_callback b WHERE b.application_id = a.id AND b.state = 'done')) AS checked,
       count(*) FILTER (WHERE a.score IS NOT NULL) AS interviewed,
       count(*) FILTER (WHERE a.state IN ('offered', 'placed') OR EXISTS (
           SELECT FROM recruitment_placeoffer o WHERE o.application_id = a.id
             AND o.state IN ('due', 'offered', 'accepted'))) AS placed,
       count(*) FILTER (WHERE a.state = 'placed') AS accepted, 0 AS seats
FROM recruitment_application a JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
WHERE a.drive_id = %(drive)s AND a.state <> 'withdrawn' GROUP BY a.unit_id
UNION ALL
SELECT unit_id, 0, 0, 0, 0, 0, 0, sum(capacity) FROM recruitment_driveplace
WHERE drive_id = %(drive)s AND withdrawn_at IS NULL GROUP BY unit_id
"""

COUNT_FUNNEL = f"""
WITH facts AS ({FUNNEL_FACTS}), spread AS (
    SELECT up.id::bigint AS unit_id, sum(f.applied)::int AS applied, sum(f.verified)::int AS verified,
           sum(f.checked)::int AS checked, sum(f.interviewed)::int AS interviewed, sum(f.placed)::int AS placed,
           sum(f.accepted)::int AS accepted, sum(f.seats)::int AS seats
    FROM facts f JOIN org_unit u ON u.id = f.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
    WHERE u.path <> '' GROUP BY 1
), gone AS (
    DELETE FROM recruitment_funnelrow r
    WHERE r.drive_id = %(drive)s AND NOT EXISTS (SELECT FROM spread s WHERE s.unit_id = r.unit_id)
)
INSERT INTO recruitment_funnelrow AS r
    (drive_id, unit_id, applied, verified, checked, interviewed, placed, accepted, seats)
SELECT %(drive)s, unit_id, applied, verified, checked, interviewed, placed, accepted, seats FROM spread
ON CONFLICT (drive_id, unit_id) DO UPDATE SET
    applied = excluded.applied, verified = excluded.verified, checked = excluded.checked,
    interviewed = excluded.interviewed, placed = excluded.placed, accepted = excluded.accepted, seats = excluded.seats
WHERE (r.applied, r.verified, r.checked, r.interviewed, r.placed, r.accepted, r.seats) IS DISTINCT FROM
      (excluded.applied, excluded.verified, excluded.checked, excluded.interviewed, excluded.placed,
       excluded.accepted, excluded.seats)
"""  # noqa: S608  both texts are written here

BY_DAY = """
SELECT (submitted_at AT TIME ZONE 'Asia/Kolkata')::date::text, count(*) FROM recruitment_application
WHERE drive_id = %(drive)s AND submitted_at >= %(since)s GROUP BY 1
"""


@transaction.atomic
def count_funnel(*, drive: Drive, now: datetime) -> FunnelReading:
    """Count one drive in every unit and by day. 500,000 applications take about 3 s."""
    began = perf_counter()
    since = now - timedelta(days=DAYS_KEPT)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FUNNEL, {"drive": drive.pk, "verified_since": now - VERIFIED_FOR})
        cursor.execute(BY_DAY, {"drive": drive.pk, "since": since})
        days = {day: n for day, n in cursor.fetchall() if day > local_day(since).isoformat()}
    kept = {"at": now, "seconds": perf_counter() - began, "days": days}
    return FunnelReading.objects.update_or_create(drive=drive, defaults=kept)[0]


def count_funnels(*, now: datetime) -> int:
    """Count every drive whose rest is over; how many."""
    live = Q(closes_at=None) | Q(closes_at__gt=now - COUNTED_AFTER)
    counted = 0
    for drive in Drive.objects.filter(live, opens_at__lte=now).select_related("reading"):
        last = getattr(drive, "reading", None)
        if last is None or now - last.at >= max(SOONEST, timedelta(seconds=REST * last.seconds)):
            count_funnel(drive=drive, now=now)
            counted += 1
    return counted
