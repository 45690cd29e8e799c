"""What may go out, and what each stream shows now."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from toli.broadcasts import draw
from toli.broadcasts.documents import Offer, Place
from toli.broadcasts.draw import Candidate
from toli.broadcasts.models import Build, Document, Release
from toli.broadcasts.queries.releases import let_out
from toli.broadcasts.streams import Stream
from toli.content import queries as content
from toli.content.models import Item
from toli.kit.actor import Actor
from toli.kit.dates import day_bounds, local_day
from toli.org import queries as org
from toli.org.models import Unit

POOL_SIGNATURE = """
SELECT md5(concat_ws('/',
    (SELECT string_agg(concat_ws(':', r.id, r.hash, i.id, i.hash, a.n), ',' ORDER BY r.id, i.id)
     FROM broadcasts_release r
     JOIN content_item i ON i.id = r.item_id OR i.sheet_id = r.sheet_id
     CROSS JOIN LATERAL (SELECT count(*) AS n FROM content_approval p
                         WHERE p.item_id = i.id AND p.hash = i.hash AND p.withdrawn_at IS NULL) a
     WHERE r.state = 'approved' AND 'pulse' = ANY(r.channels)
       AND r.approved_hash = r.hash AND r.starts_at <= %(now)s AND r.ends_at > %(now)s
       AND i.state IN ('approved', 'out') AND (i.on_date IS NULL OR i.on_date = %(day)s)),
    (SELECT string_agg(u.id || u.path, ',' ORDER BY u.id) FROM org_unit u JOIN org_level l ON l.id = u.level_id
     WHERE l.key = 'constituency' AND u.active),
    %(windows)s::bigint))
"""


def pool_signature(*, now: datetime, windows_version: int) -> str:
    """Changes whenever anything changes that a document is made from. One statement, a few milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(POOL_SIGNATURE, {"now": now, "day": local_day(now), "windows": windows_version})
        return str(cursor.fetchone()[0])


def live_releases(channel: str, *, now: datetime) -> QuerySet[Release]:
    """Approved exactly as they stand, inside their window, by this channel."""
    return let_out(now).filter(ends_at__gt=now, channels__contains=[channel]).order_by("id")


def offers(channel: str = "pulse", *, now: datetime) -> list[Offer]:
    """Every item that a live release lets out by this channel now and that is approved word for word."""
    live = list(live_releases(channel, now=now))
    cleared = content.cleared_items(
        item_ids=[r.item_id for r in live if r.item_id], sheet_ids=[r.sheet_id for r in live if r.sheet_id]
    )
    today = local_day(now)
    fitting = [item for item in cleared if item.on_date in (None, today)]
    return [
        Offer(_candidate(release, item), frozenset(release.scope), item)
        for release in live
        for item in fitting
        if item.pk == release.item_id or (item.sheet_id is not None and item.sheet_id == release.sheet_id)
    ]


def _candidate(release: Release, item: Item) -> Candidate:
    assert release.approved_at is not None
    ends = release.ends_at
    if item.on_date is not None:
        ends = min(ends, day_bounds(item.on_date)[1])
    live_at = max(release.approved_at, release.starts_at)
    return Candidate(item.pk, release.unit_id, release.pk, release.quota, live_at, ends, release.tier)


def places() -> list[Place]:
    """All constituencies of the organisation."""
    rows = Unit.objects.filter(level__key="constituency", active=True).exclude(path="").order_by("id")
    return [Place(*row) for row in rows.values_list("id", "path")]


def readers_about() -> int:
    """About how many members there are, from the table's statistics: no count over half a million rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'org_membership'::regclass")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class StreamRow:
    """What one stream shows now."""

    stream: str
    unit_id: int
    valid_until: datetime
    updated_at: datetime
    items: int
    silent_until: int | None


def stream_rows(actor: Actor, *, tier: str = "workers", language: str = "hi") -> list[tuple[Unit, StreamRow | None]]:
    """Each constituency of the actor's charge with what its stream shows; None when it has no document."""
    units = list(org.units_in_charge(actor, "content.view", ["constituency"]))
    names = {Stream(unit.pk, tier, language).name: unit.pk for unit in units}
    rows = {names[d.stream]: _row(d, names) for d in Document.objects.filter(stream__in=names)}
    return [(unit, rows.get(unit.pk)) for unit in units]


def _row(document: Document, names: dict[str, int]) -> StreamRow:
    body = json.loads(bytes(document.body))
    return StreamRow(
        document.stream, names[document.stream], document.valid_until, document.updated_at,
        len(body["items"]), body.get("silent_until"),
    )  # fmt: skip


def shown_now(actor: Actor, unit: Unit, *, tier: str, language: str, now: datetime) -> dict[str, Any] | None:
    """The document of one stream as the desk may read it; None when there is none that is valid."""
    name = Stream(unit.pk, tier, language).name
    found = Document.objects.filter(stream=name, valid_until__gt=now).first()
    return dict(json.loads(bytes(found.body))) if found else None


def last_build() -> Build | None:
    return Build.objects.first()


def seconds_to_round(now: datetime) -> float:
    return draw.next_round(now)
