"""Writes of who is on duty; each roster's own record says why."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from toli.org.models import Duty

BEGIN = """
INSERT INTO org_duty AS d (person_id, until) SELECT * FROM unnest(%s::bigint[], %s::timestamptz[])
ON CONFLICT (person_id) DO UPDATE SET until = greatest(d.until, excluded.until)
"""


def begin_duty(rows: dict[int, datetime]) -> None:
    """These people are on duty until then; who is already on duty for longer stays so."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN, [list(rows), list(rows.values())])


def end_duty(person_ids: Iterable[int]) -> int:
    """These people went off duty; how many were on."""
    return Duty.objects.filter(person_id__in=set(person_ids)).delete()[0]
