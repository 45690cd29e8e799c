"""Reads of the audit tables."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from toli.audit.models import BatchRow, PersonalRead, Record


def timeline(*, ref: UUID, limit: int = 50) -> list[Record]:
    """What was done to one thing, newest first, single acts and bulk acts alike."""
    bulk = BatchRow.objects.filter(target_ref=ref).values("record_id")
    single = Record.objects.filter(target_ref=ref).order_by("-at")[:limit]
    through_bulk = Record.objects.filter(id__in=bulk).order_by("-at")[:limit]
    return sorted({*single, *through_bulk}, key=lambda r: (r.at, r.id), reverse=True)[:limit]


def refs_touched(record_ids: Iterable[int]) -> list[UUID]:
    """What these records say was touched, the rows of bulk acts included: where a job of `flows.py` starts."""
    ids = list(record_ids)
    single = Record.objects.filter(id__in=ids).values_list("target_ref", flat=True)
    through_bulk = BatchRow.objects.filter(record_id__in=ids).values_list("target_ref", flat=True)
    return list(dict.fromkeys(ref for ref in [*single, *through_bulk] if ref is not None))


def recent_records(*, ranges: list[tuple[str, str]], limit: int = 20) -> list[Record]:
    """The newest records inside these path ranges."""
    found: list[Record] = []
    for lo, hi in ranges:
        found += Record.objects.filter(unit_path__gte=lo, unit_path__lt=hi).order_by("-at")[:limit]
    return sorted(set(found), key=lambda r: (r.at, r.id), reverse=True)[:limit]


def reveals_by(person_id: int | None, *, since: datetime) -> int:
    """How many numbers this person has opened since then."""
    return PersonalRead.objects.filter(
        actor_person_id=person_id, at__gt=since, columns__contains="ContactPoint.cipher"
    ).count()


def head() -> tuple[int, str]:
    """Position and hash (hex) of the last sealed record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, encode(head, 'hex') FROM audit_seal_state WHERE id = 1")
        position, digest = cursor.fetchone()
    return int(position), str(digest)


@dataclass(frozen=True)
class ChainCheck:
    checked: int
    broken_position: int | None
    broken_record_id: int | None
    unsealed: int
    says: str

    @property
    def is_whole(self) -> bool:
        return self.broken_position is None


def check_chain() -> ChainCheck:
    """Compute the whole chain again from the records and compare; names the first broken position."""
    previous, expected, checked = b"", 1, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, head FROM audit_seal_state WHERE id = 1")
        head_position, head_hash = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM audit_record r WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.record_id = r.id)"
        )
        unsealed = int(cursor.fetchone()[0])
    for position, record_id, body, digest in _sealed_rows():
        if position != expected:
            return ChainCheck(checked, expected, None, unsealed, "link missing")
        if body is None:
            return ChainCheck(checked, position, record_id, unsealed, "record missing")
        previous = hashlib.sha256(previous + body.encode()).digest()
        if previous != bytes(digest):
            return ChainCheck(checked, position, record_id, unsealed, "record changed")
        expected, checked = expected + 1, checked + 1
    if checked != head_position or previous != bytes(head_hash):
        return ChainCheck(checked, checked + 1, None, unsealed, "last links missing")
    return ChainCheck(checked, None, None, unsealed, "whole")


def _sealed_rows(page: int = 10_000) -> Iterable[tuple[int, int, str | None, bytes]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.position, l.record_id, audit_canonical(r), l.hash FROM audit_link l"
                " LEFT JOIN audit_record r ON r.id = l.record_id AND r.at = l.record_at"
                " WHERE l.position > %s ORDER BY l.position LIMIT %s",
                [last, page],
            )
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < page:
            return
        last = rows[-1][0]
