"""Reads of releases: whose they are, where they may go, what they reach."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from toli.broadcasts import rules
from toli.broadcasts.models import Release
from toli.content.models import Item
from toli.kit.actor import Actor
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


def let_out(now: datetime) -> QuerySet[Release]:
    """Releases approved exactly as they stand whose time has begun; `ends_at` says whether it is over."""
    return Release.objects.filter(state=Release.State.APPROVED, approved_hash=F("hash"), starts_at__lte=now)


def releases_not_over(unit: Unit, *, now: datetime) -> int:
    """How many releases of this desk wait or run; its row is locked, so that two who plan at once are counted."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return Release.objects.filter(unit=unit, ends_at__gt=now).exclude(state=Release.State.WITHDRAWN).count()


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
    return org.units_in_charge(actor, "broadcasts.release", rules.STREAM_LEVELS)


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
