"""The places of a drive as the desk lists them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet, Sum

from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import paths
from toli.org.models import Level, Unit
from toli.recruitment.models import Drive, DrivePlace


def places_of(drive: Drive, words: str = "") -> QuerySet[DrivePlace]:
    """Places of the drive in the tree's order, narrowed to units of that name."""
    rows = DrivePlace.objects.select_related("unit__level", "team_kind", "role", "wing").filter(drive=drive)
    for keys in fold_words(words):
        rows = rows.filter(unit__tokens__overlap=keys)
    return rows.order_by("unit__path", "id")


def place_of(drive: Drive, ref: UUID | None) -> DrivePlace | None:
    """One place of the drive. Raises NotFound where the ref names none of it."""
    if ref is None:
        return None
    found = places_of(drive).filter(ref=ref).first()
    if found is None:
        raise NotFound
    return found


def capacity_of(drive: Drive) -> int:
    told = DrivePlace.objects.filter(drive=drive, withdrawn_at=None).aggregate(n=Sum("capacity"))
    return int(told["n"] or 0)


def units_to_offer_in(drive: Drive) -> QuerySet[Unit]:
    """Units above the booths, in which places can be typed by hand."""
    lo, hi = paths.subtree(drive.scope.path)
    rows = Unit.objects.select_related("level").filter(path__gte=lo, path__lt=hi, active=True)
    return rows.exclude(level__key="booth").order_by("level__rank", "path")


def units_to_choose(drive: Drive, words: str = "") -> QuerySet[Unit]:
    """Those of them that a page lists: down to the constituencies, or those of that name."""
    rows = units_to_offer_in(drive)
    for keys in fold_words(words):
        rows = rows.filter(tokens__overlap=keys)
    return rows if words else rows.filter(level__key__in=LISTED_LEVELS)


LISTED_LEVELS = ("state", "division", "district", "constituency")


def team_levels() -> list[Level]:
    """The levels that have teams, highest first."""
    return list(Level.objects.filter(team_kinds__isnull=False).distinct().order_by("rank"))
