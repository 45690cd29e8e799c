"""Broadcasts go out chunk by chunk. A chunk belongs to one worker at a time; what died with its worker is given to
another, and nobody is written to twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction

from toli.audit import services as audit
from toli.broadcasts import queries
from toli.broadcasts.models import Broadcast
from toli.broadcasts.services.broadcasts import start_broadcast
from toli.content import services as content
from toli.content.models import Item
from toli.content.rules import subject_of
from toli.delivery import queries as delivery_queries
from toli.delivery import services as delivery
from toli.delivery.channels import CHANNELS, NOT_REPEATABLE
from toli.delivery.services import Lines, Outcome, Said, To
from toli.kit.actor import SystemActor

State = Broadcast.State
STALE = timedelta(minutes=2)
"""A chunk whose worker said nothing for so long is given to another."""


def send_broadcasts(*, now: datetime, seconds: float = 0.8) -> int:
    """Start what is due and carry on with what goes out, for about so many seconds; how many were sent."""
    began, sent = monotonic(), 0
    live = Broadcast.objects.select_related("release").exclude(state__in=[State.DONE, State.CANCELLED]).order_by("id")
    with Lines() as lines:
        for broadcast in live:
            sent += _carry_on(broadcast, lines, now, began, seconds)
    for broadcast in Broadcast.objects.filter(state=State.CANCELLED, chunks__due_at__isnull=False).distinct():
        _settle_rest(broadcast, "cancelled", now)
    return sent


def _carry_on(broadcast: Broadcast, lines: Lines, start: datetime, began: float, seconds: float) -> int:
    if broadcast.state == State.WAITING and start >= broadcast.release.starts_at:
        start_broadcast(broadcast_id=broadcast.pk, now=start)
    sent = 0
    while (gone := monotonic() - began) < seconds:
        now = start + timedelta(seconds=gone)
        if _is_over(broadcast, now) or (one := send_chunk(broadcast=broadcast, lines=lines, now=now)) is None:
            break
        sent += one
    return sent


def _is_over(broadcast: Broadcast, now: datetime) -> bool:
    """Ends what has nothing left to send, whose hours are over or whose release was withdrawn."""
    broadcast.refresh_from_db(fields=["state"])
    release = broadcast.release
    release.refresh_from_db(fields=["state"])
    if release.state == release.State.WITHDRAWN:
        return _end(broadcast, State.CANCELLED, "cancelled", now)
    if release.ends_at <= now:
        return _end(broadcast, State.DONE, "too_late", now)
    if broadcast.state == State.SENDING and not broadcast.chunks.filter(due_at__isnull=False).exists():
        return _end(broadcast, State.DONE, "", now)
    return broadcast.state != State.SENDING


@transaction.atomic
def _end(broadcast: Broadcast, state: str, reason: str, now: datetime) -> bool:
    rows = Broadcast.objects.filter(pk=broadcast.pk).exclude(state__in=[State.DONE, State.CANCELLED])
    if rows.update(state=state, ended_at=now):
        if reason:
            _settle_rest(broadcast, reason, now)
        told = queries.progress_of([broadcast])[0]
        data = {"sent": told.sent, "failed": told.failed, "refused": told.refused}
        actor = SystemActor(request_id="broadcasts.send")
        audit.record(actor, "broadcasts.broadcast_ended", broadcast, unit=broadcast.release.unit, data=data)
    return True


# A chunk that somebody sends at this moment is left to them; it is settled when they are done or given up.
SETTLE_REST = """
WITH free AS (
    SELECT id, first, last, channel FROM broadcasts_chunk
    WHERE broadcast_id = %(broadcast)s AND due_at IS NOT NULL AND (taken_at IS NULL OR taken_at < %(stale)s)
    FOR UPDATE SKIP LOCKED
), over AS (
    UPDATE broadcasts_recipient r
    SET state = CASE WHEN r.state = 'taken' THEN 'failed' ELSE 'refused' END,
        reason = CASE WHEN r.state = 'taken' THEN 'unsure' ELSE %(reason)s END, again_at = NULL, at = %(now)s
    FROM free f
    WHERE r.broadcast_id = %(broadcast)s AND r.person_id BETWEEN f.first AND f.last AND r.channel = f.channel
      AND r.state IN ('waiting', 'taken')
    RETURNING f.id, r.state
)
UPDATE broadcasts_chunk c
SET due_at = NULL, taken_at = NULL, turn = turn + 1,
    failed = failed + (SELECT count(*) FROM over o WHERE o.id = c.id AND o.state = 'failed'),
    refused = refused + (SELECT count(*) FROM over o WHERE o.id = c.id AND o.state = 'refused')
FROM free f WHERE c.id = f.id
"""


def _settle_rest(broadcast: Broadcast, reason: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_REST, {"broadcast": broadcast.pk, "reason": reason, "now": now, "stale": now - STALE})


@dataclass(frozen=True, slots=True)
class _Taken:
    """A chunk in our hands: `turn` proves later that it still is."""

    id: int
    turn: int
    broadcast_id: int
    first: int
    last: int
    channel: str


# The broadcast's row is shared, so a pause or a cancel stands before or after this taking and never between.
TAKE = """
UPDATE broadcasts_chunk SET taken_at = %(now)s, turn = turn + 1
WHERE id = (SELECT c.id FROM broadcasts_chunk c JOIN broadcasts_broadcast b ON b.id = c.broadcast_id
            WHERE b.id = %(broadcast)s AND b.state = 'sending' AND c.channel = %(channel)s AND c.due_at <= %(now)s
              AND (c.taken_at IS NULL OR c.taken_at < %(stale)s)
            ORDER BY c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED FOR SHARE OF b)
RETURNING id, turn, broadcast_id, first, last, channel
"""

# Who was being sent to when a worker died, by a way that cannot be asked, is not written to again.
GIVE_UP = """
UPDATE broadcasts_recipient SET state = 'failed', reason = 'unsure', at = %(now)s
WHERE broadcast_id = %(broadcast)s AND person_id BETWEEN %(first)s AND %(last)s AND channel = %(channel)s
  AND state = 'taken' AND channel = ANY(%(not_repeatable)s)
"""
TAKE_PEOPLE = """
UPDATE broadcasts_recipient SET state = 'taken'
WHERE broadcast_id = %(broadcast)s AND person_id IN (
    SELECT person_id FROM broadcasts_recipient
    WHERE broadcast_id = %(broadcast)s AND person_id BETWEEN %(first)s AND %(last)s AND channel = %(channel)s
      AND (state = 'taken' OR (state = 'waiting' AND (again_at IS NULL OR again_at <= %(now)s)))
    ORDER BY person_id LIMIT %(places)s)
RETURNING person_id, unit_id, channel, language, attempts
"""


def send_chunk(*, broadcast: Broadcast, lines: Lines, now: datetime) -> int | None:
    """Send one chunk by the first way that has places now; how many were sent, None when there is nothing to do.

    Whether the item and its release are approved is asked here, each time; the law and the persons' own words when
    each one's turn comes.
    """
    item = queries.cleared_item(broadcast, now=now)
    if item is None:
        return None
    for channel in (one for one in CHANNELS if one in broadcast.release.channels):
        places = delivery_queries.places_now(channel, now=now)
        taken = _take(broadcast, channel, places, now) if places else None
        if taken is not None:
            chunk, people = taken
            outcomes = delivery.send_many(to=people, said=_said(broadcast, item), lines=lines, now=now)
            content.mark_out([item.pk], now=now)
            return keep(chunk, outcomes, broadcast.release.ends_at, now)
    return None


@transaction.atomic
def _take(broadcast: Broadcast, channel: str, places: int, now: datetime) -> tuple[_Taken, list[To]] | None:
    given: dict[str, Any] = {"broadcast": broadcast.pk, "channel": channel, "now": now, "stale": now - STALE}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        row = cursor.fetchone()
        if row is None:
            return None
        chunk = _Taken(*row)
        given.update(first=chunk.first, last=chunk.last, places=places, not_repeatable=list(NOT_REPEATABLE))
        cursor.execute(GIVE_UP, given)
        cursor.execute(TAKE_PEOPLE, given)
        return chunk, [To(*found) for found in cursor.fetchall()]


def _said(broadcast: Broadcast, item: Item) -> Said:
    words = {
        row.language: {"title": row.source, "text": row.text, "link": item.link} for row in item.texts.all()
    }  # fmt: skip
    return Said(broadcast.ref.hex, words, subject_of(item), queries.purpose_of(item.matter))


KEEP = """
UPDATE broadcasts_recipient r
SET state = o.state, reason = o.reason, again_at = o.again, attempts = r.attempts + o.tried, at = %(now)s
FROM unnest(%(people)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(again)s::timestamptz[], %(tried)s::int[])
    AS o(person, state, reason, again, tried)
WHERE r.broadcast_id = %(broadcast)s AND r.person_id = o.person AND r.state = 'taken'
"""
SUMS = """
UPDATE broadcasts_chunk c SET taken_at = NULL, sent = s.sent, failed = s.failed, refused = s.refused, due_at = s.due_at
FROM (SELECT count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'failed') AS failed,
             count(*) FILTER (WHERE state = 'refused') AS refused,
             min(coalesce(again_at, %(now)s)) FILTER (WHERE state = 'waiting') AS due_at
      FROM broadcasts_recipient
      WHERE broadcast_id = %(broadcast)s AND person_id BETWEEN %(first)s AND %(last)s AND channel = %(channel)s) s
WHERE c.id = %(chunk)s
"""


@transaction.atomic
def keep(chunk: _Taken, outcomes: Sequence[Outcome], ends_at: datetime, now: datetime) -> int:
    """Write down what became of each, unless another took the chunk over meanwhile; how many were sent.

    Who would have to wait past the end is held back for good.
    """
    late = {one.person_id for one in outcomes if one.again is not None and one.again >= ends_at}
    given: dict[str, Any] = {
        "broadcast": chunk.broadcast_id, "chunk": chunk.id, "turn": chunk.turn, "first": chunk.first,
        "last": chunk.last, "channel": chunk.channel, "now": now, "people": [one.person_id for one in outcomes],
        "states": ["refused" if one.person_id in late else one.state for one in outcomes],
        "reasons": [one.reason for one in outcomes],
        "again": [None if one.person_id in late else one.again for one in outcomes],
        "tried": [int(one.tried) for one in outcomes],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM broadcasts_chunk WHERE id = %(chunk)s AND turn = %(turn)s FOR UPDATE", given)
        if cursor.fetchone() is None:
            return 0
        cursor.execute(KEEP, given)
        cursor.execute(SUMS, given)
    return sum(one.state == "sent" for one in outcomes)


def forget_recipients(*, before: datetime) -> int:
    """Delete who got what of broadcasts that ended before; the sums of their chunks stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM broadcasts_recipient r USING broadcasts_broadcast b"
            " WHERE b.id = r.broadcast_id AND b.ended_at < %s",
            [before],
        )
        return int(cursor.rowcount)
