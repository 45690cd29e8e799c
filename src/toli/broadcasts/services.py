"""Every write of broadcasts: releases, the building of documents, the counting of receipts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.broadcasts import draw, queries, rules
from toli.broadcasts.audience import Plan
from toli.broadcasts.documents import Made, Maker
from toli.broadcasts.models import Build, Follow, Release
from toli.content import services as content
from toli.content.models import Item, Sheet
from toli.elections import queries as elections
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org import services as org
from toli.org.models import Unit

REFRESH = timedelta(minutes=8)


@transaction.atomic
def make_release(*, actor: Actor, thing: Item | Sheet, plan: Plan, now: datetime) -> Release:
    """Plan to publish an item or a sheet; another person approves it. Raises NotAllowed, NotFound or BadInput."""
    access.require(actor, "broadcasts.release", thing.unit)
    rules.check_plan(plan, queries.scope_units(actor, plan.scope), now=now)
    release = Release(unit=thing.unit, made_by_id=actor.person_id, made_at=now)
    release.item, release.sheet = (thing, None) if isinstance(thing, Item) else (None, thing)
    _put(release, plan, thing.ref)
    release.save(force_insert=True)
    audit.record(actor, "broadcasts.release_made", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


def _put(release: Release, plan: Plan, thing: UUID) -> None:
    release.scope, release.channels = sorted(set(plan.scope)), sorted(set(plan.channels))
    for name in ("tier", "starts_at", "ends_at", "quota"):
        setattr(release, name, getattr(plan, name))
    release.hash = plan.hash(thing)
    release.state = Release.State.SUBMITTED
    release.approved_by_id, release.approved_hash, release.approved_at = None, "", None


@transaction.atomic
def change_release(*, actor: Actor, ref: UUID, plan: Plan, now: datetime) -> Release:
    """Another audience, channel or time: the approval was for the old one and is gone at once."""
    release = queries.get_release(actor=actor, ref=ref, right="broadcasts.release", lock=True)
    rules.check_live(release)
    rules.check_plan(plan, queries.scope_units(actor, plan.scope), now=now)
    thing = release.item or release.sheet
    assert thing is not None
    if plan.hash(thing.ref) == release.hash:
        return release
    _put(release, plan, thing.ref)
    release.made_by_id, release.made_at = actor.person_id, now
    release.save()
    audit.record(actor, "broadcasts.release_changed", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


@transaction.atomic
def approve_release(*, actor: Actor, ref: UUID, seen_hash: str, now: datetime) -> Release:
    """Say yes to the audience, channels and time that were seen. The approver needs the whole audience in charge.

    Raises NotFound, NeedsSecondFactor, WrongState when it changed since, NotAllowed for one's own.
    """
    release = queries.get_release(actor=actor, ref=ref, right="broadcasts.release", lock=True)
    queries.scope_units(actor, release.scope)
    rules.check_approvable(release, seen_hash=seen_hash, by=actor.person_id)
    release.state, release.approved_hash = Release.State.APPROVED, release.hash
    release.approved_by_id, release.approved_at = actor.person_id, now
    release.save()
    audit.record(actor, "broadcasts.release_approved", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


@transaction.atomic
def withdraw_release(*, actor: Actor, ref: UUID, now: datetime) -> Release:
    """Stop publishing. Needs no second factor: haste is lawful here."""
    release = queries.get_release(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_live(release)
    release.state, release.withdrawn_at = Release.State.WITHDRAWN, now
    release.save(update_fields=["state", "withdrawn_at"])
    audit.record(actor, "broadcasts.release_withdrawn", release, unit=release.unit, data={"hash": release.hash})
    _note(actor, now)
    return release


@transaction.atomic
def follow(*, actor: Actor, unit_ref: UUID | None, now: datetime) -> None:
    """Follow the stream of a chosen constituency, or with None one's own again. Raises NotFound."""
    if unit_ref is None:
        Follow.objects.filter(person_id=actor.person_id).delete()
        return
    unit: Unit | None = queries.constituencies_to_follow(actor).filter(ref=unit_ref).first()
    if unit is None or actor.person_id is None:
        raise NotFound()
    Follow.objects.update_or_create(person_id=actor.person_id, defaults={"unit": unit, "chosen_at": now})


# Documents

STORE = """
WITH made AS (
    SELECT * FROM unnest(%(streams)s::text[], %(etags)s::text[], %(ends)s::timestamptz[])
        AS t(stream, etag, valid_until)
), words AS (
    SELECT * FROM unnest(%(words)s::text[], %(bodies)s::bytea[]) AS t(etag, body)
), gone AS (
    DELETE FROM broadcasts_document d WHERE NOT EXISTS (SELECT 1 FROM made m WHERE m.stream = d.stream) RETURNING 1
), stored AS (
    INSERT INTO broadcasts_document AS d (stream, version, body, etag, valid_until, updated_at)
    SELECT stream, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, body, etag, valid_until, clock_timestamp()
    FROM made JOIN words USING (etag)
    ON CONFLICT (stream) DO UPDATE
        SET version = greatest(d.version + 1, excluded.version), body = excluded.body, etag = excluded.etag,
            valid_until = excluded.valid_until, updated_at = excluded.updated_at
        WHERE (d.etag, d.valid_until) IS DISTINCT FROM (excluded.etag, excluded.valid_until)
    RETURNING 1
)
SELECT (SELECT count(*) FROM stored) + (SELECT count(*) FROM gone)
"""


def build_documents(*, now: datetime, force: bool = False) -> int:
    """Make the documents of all streams when anything they are made from changed; how many changed. Run every second.

    Idle it costs one statement. 200 constituencies (800 streams) take about a quarter of a second of processor time.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('broadcasts.build'))")
        windows = elections.load_windows(now=now)
        signature = queries.pool_signature(now=now, windows_version=windows.version)
        if not force and _is_current(queries.last_build(), signature, now):
            return 0
        maker = Maker(
            now=now, windows=windows, offers=queries.offers(now=now), next_in=draw.next_in(queries.readers_about())
        )
        made = maker.make(queries.places())
        changed = _store(made)
        content.mark_out(sorted(maker.shown), now=now)
        _remember(maker, made, signature, now)
    return changed


def _is_current(last: Build | None, signature: str, now: datetime) -> bool:
    return (
        last is not None
        and last.signature == signature
        and last.round_number == draw.round_number(now)
        and last.built_at <= now < last.next_at
    )


def _store(made: Sequence[Made]) -> int:
    """Send every different body once, and wake the pulses when a document changed."""
    words = {one.etag: one.body for one in made}
    values: dict[str, Any] = {
        "streams": [one.stream for one in made],
        "etags": [one.etag for one in made],
        "ends": [one.valid_until for one in made],
        "words": list(words),
        "bodies": list(words.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
        changed = int(cursor.fetchone()[0])
        if changed:
            cursor.execute("SELECT pg_notify('toli_pulse', '')")
    return changed


def _remember(maker: Maker, made: Sequence[Made], signature: str, now: datetime) -> None:
    first_end = min((one.valid_until for one in made), default=now + REFRESH)
    Build.objects.update_or_create(
        id=1,
        defaults={
            "signature": signature,
            "round_number": draw.round_number(now),
            "built_at": now,
            "next_at": min(first_end, now + REFRESH),
            "streams": len(made),
            "held": dict(maker.held),
        },
    )


# Receipts

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
    return len(rows)


def forget_sightings(*, before: datetime) -> int:
    """Delete what told phones of past days apart; the sums stay."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM broadcasts_sighting WHERE day < %s", [before.date()])
        return int(cursor.rowcount)


def _note(actor: Actor, now: datetime) -> None:
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
