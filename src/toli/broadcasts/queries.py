"""Reads of releases, streams and reach."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from toli.broadcasts import draw
from toli.broadcasts.documents import Offer, Place
from toli.broadcasts.draw import Candidate
from toli.broadcasts.models import Build, Document, Follow, Reach, Release
from toli.broadcasts.pulse import address
from toli.broadcasts.streams import LANGUAGES, Stream, tier_of
from toli.content import queries as content
from toli.content.models import Item
from toli.elections import queries as elections
from toli.kit.actor import Actor
from toli.kit.dates import day_bounds, local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit


def releases(actor: Actor, *, state: str = "") -> QuerySet[Release]:
    """Releases of the actor's charge, newest first."""
    rows = Release.objects.select_related("unit", "item", "sheet").prefetch_related("item__texts")
    rows = rows.filter(access.visible(actor, "content.view").q())
    return (rows.filter(state=state) if state else rows).order_by("-made_at")


def get_release(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Release:
    """The release, when the actor has `right` on its unit. Raises NotFound or NeedsSecondFactor."""
    rows = Release.objects.select_related("unit", "item", "sheet").filter(access.visible(actor, right).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def scope_units(actor: Actor, ids: Collection[int], right: str = "broadcasts.release") -> list[Unit]:
    """Those of the units that lie in the actor's charge. Raises NotFound when one does not."""
    rows = Unit.objects.select_related("level").filter(access.visible(actor, right).q("path"), id__in=ids, active=True)
    found = list(rows)
    if len(found) != len(set(ids)):
        raise NotFound()
    return found


def units_named(ids: Collection[int]) -> list[Unit]:
    return list(Unit.objects.select_related("level").filter(id__in=ids).order_by("level__rank", "path"))


def choices_of_scope(actor: Actor) -> QuerySet[Unit]:
    """Where the actor may publish: states, divisions, districts and constituencies of their charge."""
    rows = Unit.objects.select_related("level").filter(access.visible(actor, "broadcasts.release").q("path"))
    levels = ["state", "division", "district", "constituency"]
    return rows.filter(active=True, level__key__in=levels).exclude(path="").order_by("level__rank", "path")


def appeals_over(unit: Unit, *, now: datetime) -> list[tuple[Release, bool]]:
    """Releases that are not over and hold an appeal, which reach this constituency (False) or only name it (True)."""
    near = paths.ancestors(unit.path)
    live = Release.objects.filter(state__in=[Release.State.SUBMITTED, Release.State.APPROVED], ends_at__gt=now)
    appeals = Item.objects.filter(matter=Item.Matter.APPEAL).exclude(state=Item.State.WITHDRAWN)
    meant = appeals.filter(Q(constituency=None) | Q(constituency=unit))
    naming = appeals.filter(names_units__contains=[unit.pk])
    rows = live.select_related("item", "sheet", "unit").prefetch_related("item__texts").order_by("starts_at", "id")
    reaching = rows.filter(_of(meant), scope__overlap=near)
    only_named = rows.filter(_of(naming)).exclude(pk__in=reaching.values("pk"))
    return [(release, False) for release in reaching] + [(release, True) for release in only_named]


def _of(items: QuerySet[Item]) -> Q:
    return Q(item__in=items) | Q(sheet__in=items.filter(sheet__isnull=False).values("sheet"))


# What may go out

POOL_SIGNATURE = """
SELECT md5(concat_ws('/',
    (SELECT string_agg(concat_ws(':', r.id, r.hash, i.id, i.hash, a.n), ',' ORDER BY r.id, i.id)
     FROM broadcasts_release r
     JOIN content_item i ON i.id = r.item_id OR i.sheet_id = r.sheet_id
     CROSS JOIN LATERAL (SELECT count(*) AS n FROM content_approval p
                         WHERE p.item_id = i.id AND p.hash = i.hash AND p.withdrawn_at IS NULL) a
     WHERE r.state = 'approved' AND r.approved_hash = r.hash AND r.starts_at <= %(now)s AND r.ends_at > %(now)s
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


def live_releases(now: datetime) -> list[Release]:
    """Approved exactly as they stand, inside their window."""
    rows = Release.objects.filter(state=Release.State.APPROVED, starts_at__lte=now, ends_at__gt=now).order_by("id")
    return [release for release in rows if release.approved_hash == release.hash]


def offers(*, now: datetime) -> list[Offer]:
    """Every item that a live release lets out now and that is approved word for word."""
    live = live_releases(now)
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
    return Candidate(item.pk, release.pk, release.quota, live_at, ends, release.tier)


def places() -> list[Place]:
    """All constituencies of the organisation."""
    rows = Unit.objects.filter(level__key="constituency", active=True).exclude(path="").order_by("id")
    return [Place(*row) for row in rows.values_list("id", "path")]


def readers_about() -> int:
    """About how many members there are, from the table's statistics: no count over half a million rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'org_membership'::regclass")
        return int(cursor.fetchone()[0])


# A person's stream


@dataclass(frozen=True, slots=True)
class StreamLink:
    """Where a person's phone listens and tells; `renew_at` is the moment to ask for new addresses."""

    stream: Stream
    unit: Unit
    url: str
    tell_url: str
    renew_at: datetime
    own: bool


def stream_for(actor: Actor, *, now: datetime, language: str = "") -> StreamLink | None:
    """The one stream of this person: the constituency they chose, else the one their home lies in. None without one."""
    if actor.person_id is None:
        return None
    home = org.home_unit_id(actor.person_id)
    own = _home_constituency(home)
    chosen = Follow.objects.select_related("unit").filter(person_id=actor.person_id).first()
    unit = chosen.unit if chosen else own
    if unit is None:
        return None
    tag = (language or actor.language).split("-")[0]
    stream = Stream(unit.pk, tier_of(getattr(actor, "tier", None)), tag if tag in LANGUAGES else "hi")
    return _link(stream, unit, actor.person_id, home or unit.pk, now=now, own=unit == own)


def _home_constituency(home: int | None) -> Unit | None:
    unit = Unit.objects.select_related("level").filter(pk=home).first() if home else None
    return elections.constituency_of(unit) if unit else None


def pulse_key() -> bytes:
    return address.derive_key(settings.SECRET_KEY)


def _link(stream: Stream, unit: Unit, person_id: int, home_id: int, *, now: datetime, own: bool) -> StreamLink:
    key, day = pulse_key(), local_day(now)
    ends = day_bounds(day)[1] + timedelta(minutes=1)
    path = address.stream_path(key, stream=stream.name, now=now.timestamp())
    reader = address.reader_of(key, person_id=person_id, day=day.isoformat())
    tell = address.receipt_path(key, stream=stream.name, unit_id=home_id, reader=reader, expires=int(ends.timestamp()))
    renew = min(ends, now + timedelta(seconds=address.STREAM_LIFE // 3))
    base = settings.PULSE_URL.rstrip("/")
    return StreamLink(stream, unit, base + path, base + tell, renew, own)


def constituencies_to_follow(actor: Actor) -> QuerySet[Unit]:
    """Constituencies of the state the person may choose to follow."""
    return Unit.objects.filter(level__key="constituency", active=True).exclude(path="").order_by("path")


# The desk


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
    units = list(
        Unit.objects.filter(access.visible(actor, "content.view").q("path"), level__key="constituency", active=True)
        .order_by("path")
    )  # fmt: skip
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


def shown_of(link: StreamLink, *, now: datetime) -> dict[str, Any] | None:
    """What this person's phone shows now."""
    found = Document.objects.filter(stream=link.stream.name, valid_until__gt=now).first()
    return dict(json.loads(bytes(found.body))) if found else None


def last_build() -> Build | None:
    return Build.objects.first()


def reach_of(item_ids: Collection[int], *, since: date) -> dict[int, dict[tuple[str, str], int]]:
    """By item: {(shown or shared, channel): the best day's number}. Phones are never added up over channels or days."""
    found: dict[int, dict[tuple[str, str], int]] = {item_id: {} for item_id in item_ids}
    for row in Reach.objects.filter(item_id__in=item_ids, day__gte=since):
        key = (row.kind, row.channel)
        found[row.item_id][key] = max(found[row.item_id].get(key, 0), row.n)
    return found


def seconds_to_round(now: datetime) -> float:
    return draw.next_round(now)
