"""When a row of election law changes, what waits in the outbox is judged again, all of it in three statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from toli.audit import services as audit
from toli.delivery.models import Post
from toli.delivery.sending import channel_of
from toli.elections import queries as elections
from toli.elections.gate import Certificate, Subject, Verdict, may_publish
from toli.elections.windows import Windows
from toli.kit.actor import Actor
from toli.org.models import Unit

# What the gate looks at, and no more: a hundred thousand messages are a few hundred different questions.
QUESTIONS = """
SELECT kind, unit_id, certificate->>'number', certificate->>'committee', certificate->>'valid_until',
       certificate->>'file_hash' = subject_hash, channel, count(*)
FROM delivery_message
WHERE state = 'waiting' AND (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s) OR unit_id IS NULL)
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

# A message that is held now waits for the end of the silence, where it still matters then; one the law held and holds
# no more is due at once (the quiet hours are asked when it is sent). A message for a later hour keeps its hour.
JUDGE = """
WITH answers AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(unit_ids)s::bigint[], %(numbers)s::text[], %(committees)s::text[],
                         %(valid)s::text[], %(fits)s::boolean[], %(channels)s::text[],
                         %(rules)s::text[], %(untils)s::timestamptz[])
        AS a(kind, unit_id, number, committee, valid, fits, channel, rule, until)
), judged AS (
    UPDATE delivery_message m
    SET next_try_at = CASE WHEN a.rule = '' THEN %(now)s ELSE a.until END,
        reason = CASE WHEN a.rule = '' THEN '' ELSE 'law:' || a.rule END
    FROM answers a
    WHERE m.state = 'waiting' AND m.kind = a.kind AND m.channel = a.channel AND m.unit_id IS NOT DISTINCT FROM a.unit_id
      AND m.certificate->>'number' IS NOT DISTINCT FROM a.number
      AND m.certificate->>'committee' IS NOT DISTINCT FROM a.committee
      AND m.certificate->>'valid_until' IS NOT DISTINCT FROM a.valid
      AND (m.certificate->>'file_hash' = m.subject_hash) IS NOT DISTINCT FROM a.fits
      AND ((a.rule = '' AND m.reason LIKE 'law:%%')
        OR (a.rule <> '' AND a.until IS NOT NULL AND (m.expires_at IS NULL OR a.until < m.expires_at)
            AND (m.next_try_at < a.until OR m.reason LIKE 'law:%%')
            AND (m.next_try_at, m.reason) IS DISTINCT FROM (a.until, 'law:' || a.rule)))
    RETURNING a.rule = '' AS freed
)
SELECT count(*) FILTER (WHERE NOT freed), count(*) FILTER (WHERE freed) FROM judged
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many waiting messages are held from now, and how many are free again."""

    held: int = 0
    freed: int = 0


@transaction.atomic
def judge_again(*, actor: Actor, unit_ids: Collection[int] | None = None, now: datetime) -> Judged:
    """Ask the gate again about everything that waits for these constituencies (None: for all).

    Nothing goes out by it: a message is asked about once more when it is sent. Safe to run twice.
    """
    windows = elections.load_windows(now=now)
    # Posts are few: those the law held are due at once, and asked about when they go.
    Post.objects.filter(state=Post.State.WAITING, reason__startswith="law:").update(next_try_at=now)
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS, {"units": list(unit_ids) if unit_ids is not None else None})
        asked = cursor.fetchall()
        if not asked:
            return Judged()
        cursor.execute(JUDGE, {**_answers(asked, windows, now), "now": now})
        judged = Judged(*cursor.fetchone())
    if judged.held or judged.freed:
        unit = Unit.objects.filter(pk__in=unit_ids).first() if unit_ids and len(unit_ids) == 1 else None
        audit.record(actor, "delivery.judged_again", None, unit=unit, data={"held": judged.held, "freed": judged.freed})
    return judged


def _answers(asked: list[tuple[Any, ...]], windows: Windows, now: datetime) -> dict[str, list[Any]]:
    verdicts = [_verdict(question, windows, now) for question in asked]
    names = ("kinds", "unit_ids", "numbers", "committees", "valid", "fits", "channels")
    columns: dict[str, list[Any]] = {name: [row[place] for row in asked] for place, name in enumerate(names)}
    return {
        **columns, "rules": [verdict.rule for verdict in verdicts],
        "untils": [verdict.until for verdict in verdicts],
    }  # fmt: skip


def _verdict(question: tuple[Any, ...], windows: Windows, now: datetime) -> Verdict:
    kind, unit_id, number, committee, valid_until, fits, channel, _count = question
    paper = None
    if number is not None:
        paper = Certificate(number, committee or "", datetime.fromisoformat(valid_until), "h" if fits else "")
    subject = Subject(kind, "h", certificate=paper)
    return may_publish(subject, unit_id, channel_of(kind, channel), now, windows=windows)
