"""Imports and their pairs, as the desk reads them."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Import, Level, StationPair, Unit

SURE = 90


def imports(actor: Actor) -> QuerySet[Import]:
    """Every import, newest first; none for somebody who may import nothing."""
    if not access.may_anywhere(actor, "org.import"):
        return Import.objects.none()
    return Import.objects.order_by("-id")


def get_import(*, actor: Actor, ref: UUID) -> Import:
    """NotFound when missing or not yours; NeedsSecondFactor, because what it shows comes from an upload."""
    found = imports(actor).filter(ref=ref).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, "org.import")
    return found


def levels() -> list[Level]:
    return list(Level.objects.order_by("rank"))


def pairs(job: Import, *, show: str = "", words: str = "") -> QuerySet[StationPair]:
    """The pairs of a new station list: least certain first among those still open."""
    rows = StationPair.objects.filter(imported=job).select_related("unit", "constituency", "rehome")
    if show == "open":
        rows = rows.filter(decision="open")
    elif show == "unsure":
        rows = rows.exclude(Q(unit=None) | Q(line=None)).filter(confidence__lt=SURE)
    elif show == "fresh":
        rows = rows.filter(unit=None)
    elif show == "gone":
        rows = rows.filter(line=None)
    if words:
        rows = rows.filter(
            Q(station__name__icontains=words) | Q(station__code__icontains=words) | Q(unit__names__icontains=words)
        )
    return rows.order_by("constituency_id", "confidence", "id")


def peopled_units(unit_ids: list[int]) -> Counter[int]:
    """How many people are at home or on a seat in each of these units."""
    homes = Unit.objects.filter(pk__in=unit_ids, members__valid_to=None, members__isnull=False)
    sits = Unit.objects.filter(pk__in=unit_ids, seats__appointments__state__in=["offered", "accepted"])
    return Counter(homes.values_list("pk", flat=True)) + Counter(sits.values_list("pk", flat=True))


@dataclass(frozen=True)
class Named:
    """A unit in the way of an undo."""

    unit: Unit
    says: list[str]


def units_by_id(ids: list[int]) -> dict[int, Unit]:
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids).select_related("level")}
