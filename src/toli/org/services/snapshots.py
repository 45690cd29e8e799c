"""Keeping all figures as they stand at 08:00 and 20:00 IST."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from toli.kit.dates import local_at, local_day
from toli.org.models.counts import NO_DAY
from toli.org.models.snapshots import LATE_AFTER, Snapshot, SnapshotSlot
from toli.org.services.counts import fold_counts

HOURS = (8, 20)
KEPT = datetime.timedelta(days=400)
BOOTHS_KEPT = datetime.timedelta(days=8)

# Every figure of every unit and wing in one pass over the counts: 600,000 of them take about 3 s. Who comes second
# waits at the slot's row and then writes nothing.
TAKE = """
WITH slot AS (
    INSERT INTO org_snapshotslot (at, taken_at) VALUES (%(at)s, %(now)s) ON CONFLICT DO NOTHING RETURNING at
), kept AS (
    INSERT INTO org_snapshot (slot_at, unit_id, wing_id, figures)
    SELECT slot.at, c.unit_id, c.wing_id, jsonb_object_agg(c.metric, c.n)
    FROM slot CROSS JOIN ({counts}) c WHERE c.day IN (%(standing)s, %(day)s)
    GROUP BY slot.at, c.unit_id, c.wing_id RETURNING 1
)
SELECT count(*) FROM kept
"""

COUNTS = "SELECT unit_id, wing_id, metric, day, n FROM org_count"
COUNTS_BEFORE = """
SELECT unit_id, wing_id, metric, day, sum(n)::bigint AS n FROM (
    SELECT unit_id, wing_id, metric, day, n FROM org_count
    UNION ALL
    SELECT a.id::bigint, l.wing_id, l.metric, l.day, -l.n FROM ({later}) l
    JOIN org_unit u ON u.id = l.unit_id AND u.path <> ''
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS a(id)
) f GROUP BY 1, 2, 3, 4
"""


def slot_before(now: datetime.datetime) -> datetime.datetime:
    """The last 08:00 or 20:00 IST at or before `now`."""
    day = local_day(now)
    days = (day, day - datetime.timedelta(days=1))
    moments = [local_at(one, datetime.time(hour)) for one in days for hour in HOURS]
    return max(at for at in moments if at <= now)


def take_snapshot(
    *, at: datetime.datetime, now: datetime.datetime, later: str = "", bounds: Mapping[str, Any] | None = None
) -> int:
    """Keep all figures of this moment for the slot `at`; how many rows, 0 when the slot has its figures already.

    `later` is a statement of facts (columns as FACTS, values in `bounds`) that came after `at` and are taken off: for
    a past that was written at once, as the demo's is.
    """
    while fold_counts():
        pass
    counts = COUNTS_BEFORE.format(later=later) if later else COUNTS
    values = {"at": at, "now": now, "standing": NO_DAY, "day": local_day(at), **(bounds or {})}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE.format(counts=counts), values)
        return int(cursor.fetchone()[0])


def take_due_snapshot(*, now: datetime.datetime) -> int:
    """Take the snapshot of the last 08:00 or 20:00 if nobody has; how many rows.

    After a pause the last slot is made up for and shows that it is late; those before it stay missing, because
    nobody knows what they were. An installation that never took one begins with its next slot.
    """
    at = slot_before(now)
    if SnapshotSlot.objects.filter(at=at).exists():
        return 0
    if now - at > LATE_AFTER and not SnapshotSlot.objects.exists():
        return 0
    return take_snapshot(at=at, now=now)


DROP_BOOTHS = """
DELETE FROM org_snapshot s USING org_unit u, org_level v
WHERE s.slot_at = ANY(%s) AND u.id = s.unit_id AND v.id = u.level_id AND v.key = 'booth'
"""


@transaction.atomic
def drop_old_snapshots(*, now: datetime.datetime) -> int:
    """Forget booths after 8 days and whole snapshots after 400; how many rows went."""
    thick = SnapshotSlot.objects.filter(at__lt=now - BOOTHS_KEPT, thinned_at=None)
    slots = list(thick.order_by("at").values_list("at", flat=True)[:100])
    with connection.cursor() as cursor:
        cursor.execute(DROP_BOOTHS, [slots])
        dropped = int(cursor.rowcount)
    SnapshotSlot.objects.filter(at__in=slots).update(thinned_at=now)
    old = list(SnapshotSlot.objects.filter(at__lt=now - KEPT).values_list("at", flat=True)[:100])
    dropped += Snapshot.objects.filter(slot_id__in=old).delete()[0]
    SnapshotSlot.objects.filter(at__in=old).delete()
    return dropped
