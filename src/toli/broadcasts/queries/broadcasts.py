"""Reads of audiences and broadcasts: who would get it, when it would be done, how far it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, QuerySet, Sum

from toli.broadcasts import rules
from toli.broadcasts.choosing import Wanted, Ways, people_sql
from toli.broadcasts.models import Audience, Broadcast, Chunk, Recipient, Release
from toli.broadcasts.queries.releases import let_out
from toli.consent.queries import contact_filter
from toli.content import queries as content
from toli.content.models import Item
from toli.delivery.channels import CHANNELS, POINTS
from toli.delivery.limits import pace, price_of, quiet_begins, quiet_ends
from toli.delivery.templates import parts_of
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Role, Unit, Wing
from toli.people.models import Qualification


def purpose_of(matter: str) -> str:
    """What a person must have agreed to: work for what is internal, news for everything else."""
    return "organise" if matter == Item.Matter.INTERNAL else "news"


WITH_POINT = """ AND EXISTS (SELECT 1 FROM people_contactpoint w
    WHERE w.person_id = p.id AND w.kind = %({channel}_point)s AND w.valid_to IS NULL)"""


def ways_for(purpose: str, channels: Collection[str]) -> Ways:
    """When each of these channels is open to the person `p`: agreed to, and with an address."""
    conditions: dict[str, str] = {}
    values: dict[str, Any] = {}
    for channel in (one for one in CHANNELS if one in channels):
        condition, bound = contact_filter(purpose, channel, person="p.id")
        for place, value in enumerate(bound):
            name = f"{channel}{place}"
            condition, values[name] = condition.replace("%s", f"%({name})s", 1), value
        values[f"{channel}_point"] = POINTS[channel]
        conditions[channel] = condition + WITH_POINT.format(channel=channel)
    return Ways(conditions, values)


def ranges_of(unit_ids: Collection[int]) -> list[tuple[str, str]]:
    """The subtrees of these units."""
    found = Unit.objects.filter(pk__in=unit_ids, active=True).exclude(path="").values_list("path", flat=True)
    return [paths.subtree(path) for path in found]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many are meant, how many of them each way reaches, and how many get it by each: by one way each."""

    people: int
    open: Mapping[str, int]
    by: Mapping[str, int]

    @property
    def reached(self) -> int:
        return sum(self.by.values())


def count_audience(*, wanted: Wanted, channels: Collection[str], purpose: str, now: datetime) -> Reach:
    """Counted now, in one statement; those who agree or go meanwhile are found when it is planned."""
    chosen = [channel for channel in CHANNELS if channel in channels]
    clause, values = people_sql(wanted, ranges_of(wanted.scope), ways_for(purpose, chosen), now=now)
    sums = [f"count(*) FILTER (WHERE by_{channel})" for channel in chosen]
    for place, channel in enumerate(chosen):
        before = "".join(f" AND NOT by_{earlier}" for earlier in chosen[:place])
        sums.append(f"count(*) FILTER (WHERE by_{channel}{before})")
    with connection.cursor() as cursor:
        cursor.execute(f"{clause} SELECT {', '.join(['count(*)', *sums])} FROM people", values)  # noqa: S608 - our own
        people, *counts = cursor.fetchone()
    return Reach(people, dict(zip(chosen, counts, strict=False)), dict(zip(chosen, counts[len(chosen) :], strict=True)))


@dataclass(frozen=True, slots=True)
class Forecast:
    """One way of a broadcast: how many get it by it, when the last would have it, what it costs in paise."""

    channel: str
    open: int
    people: int
    finish_at: datetime
    paise: int

    @property
    def rupees(self) -> int:
        return self.paise // 100


def forecast(reach: Reach, *, text: str, starts_at: datetime) -> list[Forecast]:
    """By the allowances, the quiet hours and the prices in force at the start. Several broadcasts share allowances."""
    parts = parts_of(text)
    return [
        Forecast(
            channel, reach.open[channel], n, finish_of(n * pace(channel, starts_at), starts_at),
            n * parts * price_of(channel, starts_at),
        )
        for channel, n in reach.by.items()
    ]  # fmt: skip


def finish_of(work: timedelta, at: datetime) -> datetime:
    """When so much sending is done that begins then and rests in the quiet hours."""
    while True:
        at = quiet_ends(at) or at
        until = quiet_begins(at)
        if at + work <= until:
            return at + work
        work, at = work - (until - at), until


def broadcasts(actor: Actor) -> QuerySet[Broadcast]:
    """Broadcasts of the actor's charge, newest first."""
    rows = Broadcast.objects.select_related("release__unit", "release__item").prefetch_related("release__item__texts")
    return rows.filter(access.visible(actor, "content.view").q("release__unit__path")).order_by("-id")


def get_broadcast(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Broadcast:
    """The broadcast, when the actor has `right` on its desk. Raises NotFound or NeedsSecondFactor."""
    rows = Broadcast.objects.select_related("release__unit", "release__item").filter(
        access.visible(actor, right).q("release__unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def is_broadcast(release: Release) -> bool:
    """True where the release is of a broadcast and not of the pulse."""
    return Broadcast.objects.filter(release=release).exists()


def cleared_item(broadcast: Broadcast, *, now: datetime) -> Item | None:
    """What may go out now: the release approved as it stands and in its window, the item word for word. Else None."""
    release = let_out(now).filter(pk=broadcast.release_id, ends_at__gt=now).first()
    if release is None or release.item_id is None:
        return None
    found = content.cleared_items(item_ids=[release.item_id], sheet_ids=[])
    return found[0] if found and found[0].on_date in (None, local_day(now)) else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: each person stands in one of these."""

    people: int
    sent: int
    failed: int
    refused: int
    unreachable: int
    waiting: int
    next_at: datetime | None
    """When the next of them is due, where all wait."""

    @property
    def percent(self) -> int:
        return 100 if not self.people else (self.people - self.waiting) * 100 // self.people


def progress_of(found: Sequence[Broadcast]) -> list[Progress]:
    """Of each, from the sums of their chunks: one statement, cheap at any size."""
    sums = (Sum("n"), Sum("sent"), Sum("failed"), Sum("refused"), Min("due_at"))
    rows = Chunk.objects.filter(broadcast__in=found).values_list("broadcast").annotate(*sums)
    by_broadcast = {pk: told for pk, *told in rows}
    return [_progress(one.people or 0, *by_broadcast.get(one.pk, ())) for one in found]


def _progress(
    people: int, n: int = 0, sent: int = 0, failed: int = 0, refused: int = 0, next_at: datetime | None = None
) -> Progress:
    waiting = n - sent - failed - refused
    return Progress(people, sent, failed, refused, unreachable=people - n, waiting=waiting, next_at=next_at)


def ways_of(broadcast: Broadcast) -> list[Mapping[str, Any]]:
    """The sums of each way."""
    rows = Chunk.objects.filter(broadcast=broadcast).values("channel")
    return list(
        rows.annotate(people=Sum("n"), arrived=Sum("sent"), lost=Sum("failed"), held=Sum("refused")).order_by("channel")
    )


def reasons_of(broadcast: Broadcast) -> list[Mapping[str, Any]]:
    """Why some did not get it, most frequent first. Reads every row: for the page of one broadcast."""
    rows = Recipient.objects.filter(broadcast_id=broadcast.pk).exclude(reason="")
    return list(rows.values("state", "reason").annotate(n=Count("*")).order_by("-n")[:12])


def audiences(actor: Actor) -> QuerySet[Audience]:
    """Saved choices of the actor's charge."""
    rows = Audience.objects.filter(access.visible(actor, "broadcasts.release").q())
    return rows.select_related("unit").order_by("name")


def scope_choices(actor: Actor) -> QuerySet[Unit]:
    """Where the actor may send to: from states down to blocks; smaller places are reached by their booth's people."""
    return org.units_in_charge(actor, "broadcasts.release", [*rules.STREAM_LEVELS, "block"])


def wing_choices() -> QuerySet[Wing]:
    return Wing.objects.order_by("id")


def role_choices() -> QuerySet[Role]:
    return Role.objects.order_by("id")


def trained_choices() -> list[str]:
    """Kinds of what people have shown."""
    return sorted(Qualification.objects.values_list("kind", flat=True).distinct())
