"""Counting who came by a share link, without keeping who."""

import secrets
from datetime import datetime

from django.db import connection, transaction

from toli.broadcasts.links import BUCKETS, Link, trace_of
from toli.broadcasts.models import LinkSalt
from toli.kit.dates import local_day

VISIT = """
INSERT INTO broadcasts_linktrace AS t (day, item_id, unit_id, bucket, rank) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (day, item_id, unit_id, bucket) DO UPDATE SET rank = excluded.rank WHERE t.rank < excluded.rank
"""


def note_visit(*, link: Link, address: str, agent: str, now: datetime) -> None:
    """One visit of somebody who reads; any number of visits of one phone on one day count once."""
    day = local_day(now)
    salt = LinkSalt.objects.filter(day=day).values_list("salt", flat=True).first()
    if salt is None:
        LinkSalt.objects.bulk_create([LinkSalt(day=day, salt=secrets.token_bytes(32))], ignore_conflicts=True)
        salt = LinkSalt.objects.values_list("salt", flat=True).get(day=day)
    bucket, rank = trace_of(bytes(salt), link, address, agent)
    with connection.cursor() as cursor:
        cursor.execute(VISIT, [day, link.item_id, link.unit_id, bucket, rank])


# The estimate of `links.py`: by empty buckets while few are filled, by the mean of the ranks after.
COUNT = """
WITH sketch AS (
    SELECT day, item_id, unit_id, %(m)s - count(*) AS empty,
           0.7213 / (1 + 1.079 / %(m)s) * %(m)s * %(m)s / (sum(power(2.0, -rank)) + %(m)s - count(*)) AS mean
    FROM broadcasts_linktrace GROUP BY 1, 2, 3
)
INSERT INTO broadcasts_linkreach AS r (item_id, unit_id, day, n)
SELECT item_id, unit_id, day,
       round(CASE WHEN empty > 0 AND mean <= 2.5 * %(m)s THEN %(m)s * ln(%(m)s::float / empty) ELSE mean END)
FROM sketch
ON CONFLICT (item_id, unit_id, day) DO UPDATE SET n = excluded.n WHERE r.n <> excluded.n
"""


@transaction.atomic
def count_visits(*, now: datetime) -> int:
    """Bring the numbers up to date; sketches and salts of days that are over are deleted. How many numbers changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('broadcasts.count_visits'))")
        cursor.execute(COUNT, {"m": BUCKETS})
        changed = int(cursor.rowcount)
        for table in ("broadcasts_linktrace", "broadcasts_linksalt"):
            cursor.execute(f"DELETE FROM {table} WHERE day < %s", [local_day(now)])  # noqa: S608
    return changed
