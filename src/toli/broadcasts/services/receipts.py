"""What phones told is turned into reach."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from toli.broadcasts.models import Reach
from toli.content import services as content
from toli.content.daily import RECEIPTS
from toli.kit.actor import SystemActor
from toli.kit.dates import local_day
from toli.org import services as org

_ACTOR = SystemActor(request_id="broadcasts.receipts")

COUNT = """
WITH taken AS (
    DELETE FROM broadcasts_receipt
    -- by place, not by id: statistics of a table that is mostly empty would make "id IN (...)" a loop in a loop
    WHERE ctid = ANY(ARRAY(SELECT ctid FROM broadcasts_receipt ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING at, unit_id, reader, item_ref, kind, channel
), told AS (
    SELECT DISTINCT (t.at AT TIME ZONE 'Asia/Kolkata')::date AS day,
           t.reader, i.id AS item_id, t.kind, t.channel, t.unit_id
    FROM taken t JOIN content_item i ON i.ref = t.item_ref
), seen AS (
    INSERT INTO broadcasts_sighting (day, reader, item_id, kind, channel)
    SELECT DISTINCT day, reader, item_id, kind, channel FROM told
    ON CONFLICT DO NOTHING RETURNING day, reader, item_id, kind, channel
), phones AS (
    INSERT INTO broadcasts_sighting (day, reader, item_id, kind, channel)
    SELECT DISTINCT day, reader, 0, 'phone', channel FROM told WHERE kind = 'shown'
    ON CONFLICT DO NOTHING RETURNING day, reader, channel
), items AS (
    INSERT INTO broadcasts_reach AS r (item_id, day, kind, channel, n)
    SELECT item_id, day, kind, channel, count(*) FROM seen GROUP BY 1, 2, 3, 4
    ON CONFLICT (item_id, day, kind, channel) DO UPDATE SET n = r.n + excluded.n
), homes AS (
    SELECT DISTINCT ON (day, reader) day, reader, unit_id FROM told ORDER BY day, reader, unit_id
)
SELECT h.unit_id, 'reach', p.day, count(*) FROM phones p JOIN homes h USING (day, reader) GROUP BY 1, 3
UNION ALL
SELECT h.unit_id, 'shared', s.day, count(*) FROM seen s JOIN homes h USING (day, reader)
WHERE s.kind = 'shared' GROUP BY 1, 3
"""


@transaction.atomic
def count_receipts(*, limit: int = 50_000) -> int:
    """Turn receipts into reach: each phone once per day and channel, each share sheet once per item, day and channel.

    One statement; what was told twice counts once. Returns how many (unit, figure, day) changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"limit": limit})
        rows = cursor.fetchall()
    org.add_counts([(unit_id, None, metric, n, day) for unit_id, metric, day, n in rows])
    if rows:
        now = timezone.now()
        shown = Reach.objects.filter(day=local_day(now), kind="shown").values_list("item_id", flat=True)
        content.report_step(actor=_ACTOR, item_ids=shown, step=RECEIPTS, now=now)
    return len(rows)


def forget_sightings(*, before: datetime) -> int:
    """Delete what told phones of past days apart; the sums stay."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM broadcasts_sighting WHERE day < %s", [before.date()])
        return int(cursor.rowcount)
