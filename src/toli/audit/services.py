"""The only writers of the audit tables."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models, transaction

from toli.audit.verbs import VERBS
from toli.kit.actor import Actor

# Written alone by `record`, and joined into the statements of hot writes by the same column names.
INSERT_RECORD = """
INSERT INTO audit_record (at, verb, actor_person_id, actor_seat_id, on_behalf_of_id, seen_as_id,
                          target_kind, target_ref, unit_id, unit_path, request_id, labels, data)
VALUES (coalesce(%(at)s, clock_timestamp()), %(verb)s, %(person)s, %(seat)s, %(behalf)s, %(seen_as)s,
        %(kind)s, %(ref)s, %(unit_id)s, %(unit_path)s, %(request_id)s, %(labels)s::jsonb, %(data)s::jsonb)
RETURNING id
"""


class UnitLike(Protocol):
    id: int
    path: str
    names: dict[str, str]


@dataclass(frozen=True)
class BatchTarget:
    """One thing touched by a bulk act."""

    kind: str
    ref: UUID
    unit_id: int | None = None


def kind_of(target: models.Model | type[models.Model]) -> str:
    """ "tasks.assignment" for an Assignment."""
    return str(target._meta.label_lower)


def record_params(
    actor: Actor,
    verb: str,
    target: models.Model | None,
    *,
    unit: UnitLike | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    """The bound values of INSERT_RECORD. Raises ValueError for a verb without a sentence."""
    if verb not in VERBS:
        raise ValueError(f"{verb} has no sentence in audit/verbs/")
    labels: dict[str, Any] = {"actor": actor.seat_label} if actor.seat_label else {}
    behalf = actor.behalf_at(unit.path if unit is not None else "")
    if behalf is not None and behalf.label:
        labels["behalf"] = behalf.label
    if unit is not None:
        labels["unit"] = unit.names
    return {
        "at": at,
        "verb": verb,
        "person": actor.person_id,
        "seat": actor.seat_id,
        "behalf": behalf.person_id if behalf is not None else None,
        "seen_as": actor.seen_as_id,
        "kind": kind_of(target) if target is not None else "",
        "ref": getattr(target, "ref", None),
        "unit_id": unit.id if unit is not None else None,
        "unit_path": unit.path if unit is not None else "",
        "request_id": actor.request_id,
        "labels": json.dumps(labels, ensure_ascii=False),
        "data": json.dumps(data or {}, ensure_ascii=False, default=str, sort_keys=True),
    }


def record(
    actor: Actor,
    verb: str,
    target: models.Model | None,
    *,
    unit: UnitLike | None = None,
    data: dict[str, Any] | None = None,
    batch: Iterable[BatchTarget] | None = None,
    at: datetime | None = None,
) -> int:
    """Append one record in the caller's transaction and return its id.

    `data` holds no personal value. A bulk act passes `batch`: the rows are kept beside the record, their digest in it.
    """
    rows = list(batch) if batch is not None else None
    if rows is not None:
        digest = hashlib.sha256("\n".join(f"{r.kind} {r.ref} {r.unit_id}" for r in rows).encode()).hexdigest()
        data = {**(data or {}), "rows": len(rows), "rows_sha256": digest}
    params = record_params(actor, verb, target, unit=unit, data=data, at=at)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_RECORD, params)
        record_id = int(cursor.fetchone()[0])
        if rows:
            cursor.execute(
                "INSERT INTO audit_batch_row (record_id, target_kind, target_ref, unit_id)"
                " SELECT %s, k, r, u FROM unnest(%s::text[], %s::uuid[], %s::bigint[]) AS t(k, r, u)",
                [record_id, [r.kind for r in rows], [r.ref for r in rows], [r.unit_id for r in rows]],
            )
    return record_id


def note_read(actor: Actor, *, person_id: int, columns: list[str], reason: str) -> None:
    """Append that `actor` saw these personal columns of that person, and why."""
    note_reads(actor, person_ids=[person_id], columns=columns, reason=reason)


NOTE_READS = """
INSERT INTO audit_personal_read (at, actor_person_id, actor_seat_id, person_id, columns, reason, request_id)
SELECT clock_timestamp(), %(actor)s, %(seat)s, person, %(columns)s::jsonb, %(reason)s, %(request)s
FROM unnest(%(persons)s::bigint[]) AS person
"""


def note_reads(actor: Actor, *, person_ids: list[int], columns: list[str], reason: str) -> None:
    """The same for a list of persons, in one statement; the system's own work is not a reading."""
    if actor.is_system or not person_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE_READS,
            {
                "actor": actor.person_id,
                "seat": actor.seat_id,
                "persons": person_ids,
                "columns": json.dumps(columns),
                "reason": reason,
                "request": actor.request_id,
            },
        )


def seal(max_rows: int = 20_000) -> int:
    """Give committed records their positions; how many, or 0 when another worker is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal(%s)", [max_rows])
        return max(0, int(cursor.fetchone()[0]))


def ensure_months() -> None:
    """Partitions for this month and the next two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_ensure_month((date_trunc('month', now()) + make_interval(months => n))::date)"
            " FROM generate_series(0, 2) AS n"
        )
