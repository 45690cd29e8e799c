"""Follows the sealed chain and hands records to the jobs that `flows.py` names."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from django.db import connection, transaction


class DeferrableJob(Protocol):
    @property
    def defer(self) -> Callable[..., int]: ...


BATCH = 5_000


def dispatch(flows: Mapping[str, Sequence[DeferrableJob]], *, name: str = "flows") -> int:
    """Defer each job once with the ids of all new records of its verb. Returns how many records were followed.

    The cursor moves in the same transaction as the jobs are deferred: nothing is followed twice or skipped.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_flow_cursor VALUES (%s, 0) ON CONFLICT DO NOTHING", [name])
        cursor.execute("SELECT position FROM audit_flow_cursor WHERE name = %s FOR UPDATE SKIP LOCKED", [name])
        row = cursor.fetchone()
        if row is None:
            return 0
        cursor.execute(
            "SELECT l.position, r.id, r.verb FROM audit_link l JOIN audit_record r ON r.id ="
            " l.record_id AND r.at = l.record_at"
            " WHERE l.position > %s ORDER BY l.position LIMIT %s",
            [row[0], BATCH],
        )
        found = cursor.fetchall()
        if not found:
            return 0
        ids_of: dict[str, list[int]] = defaultdict(list)
        for _position, record_id, verb in found:
            ids_of[verb].append(record_id)
        for verb, ids in ids_of.items():
            for job in flows.get(verb, ()):
                job.defer(record_ids=ids)
        cursor.execute("UPDATE audit_flow_cursor SET position = %s WHERE name = %s", [found[-1][0], name])
        return len(found)
