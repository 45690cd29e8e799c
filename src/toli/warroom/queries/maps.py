"""Reads of maps: the shapes of units, what a file's areas are matched with, and what is left over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org.models import Level, Unit, UnitCode
from toli.warroom.maps.matching import Place
from toli.warroom.models import MapFile, Shape

RIGHT = "org.shape"


def has_shapes(unit_ids: Iterable[int]) -> bool:
    """Whether a loaded map shows any of these units."""
    return Shape.objects.filter(unit_id__in=list(unit_ids), map__removed_at=None).exists()


def level_with_a_map(unit: Unit) -> str:
    """The highest level below the unit whose units a loaded map shows; empty where there is none."""
    lo, hi = paths.subtree(unit.path)
    shown = Shape.objects.filter(map__removed_at=None, unit__path__gt=lo, unit__path__lt=hi, unit__active=True)
    return shown.order_by("unit__level__rank").values_list("unit__level__key", flat=True).first() or ""


def shapes_of(unit_ids: Iterable[int]) -> list[tuple[UUID, list[Any]]]:
    """Units' refs with their polygons; where two maps show a unit, the newer one."""
    rows = Shape.objects.filter(unit_id__in=list(unit_ids), map__removed_at=None).order_by("map__loaded_at")
    return list(dict(rows.values_list("unit__ref", "polygons")).items())


def maps_of(actor: Actor) -> QuerySet[MapFile]:
    """Loaded maps where the actor may change units, with how many of their areas are units."""
    rows = MapFile.objects.select_related("unit__level", "level").filter(
        access.visible(actor, RIGHT).q("unit__path"), removed_at=None
    )
    return rows.annotate(areas=Count("shapes"), matched=Count("shapes", filter=Q(shapes__unit__isnull=False))).order_by(
        "level__rank", "pk"
    )


def get_map(*, actor: Actor, ref: UUID, lock: bool = False) -> MapFile:
    """The map, where the actor may change units. Raises NotFound or NeedsSecondFactor."""
    rows = MapFile.objects.select_related("unit__level", "level").filter(
        access.visible(actor, RIGHT).q("unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def get_shape(*, actor: Actor, ref: UUID, lock: bool = False) -> Shape:
    """An area of a map in force, where the actor may change units. Raises NotFound or NeedsSecondFactor."""
    rows = Shape.objects.select_related("map__unit__level", "map__level").filter(
        access.visible(actor, RIGHT).q("map__unit__path"), ref=ref, map__removed_at=None
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def units_of_map(found: MapFile) -> QuerySet[Unit]:
    """The units that an area of this map may show."""
    return _units(found.unit, found.level)


def _units(unit: Unit, level: Level) -> QuerySet[Unit]:
    lo, hi = paths.subtree(unit.path)
    return Unit.objects.filter(level=level, path__gt=lo, path__lt=hi, active=True)


def all_levels_below(unit: Unit) -> list[Level]:
    """Levels that have units of the organisation below this one."""
    lo, hi = paths.subtree(unit.path)
    below = Unit.objects.filter(level=OuterRef("pk"), path__gt=lo, path__lt=hi, active=True)
    return list(Level.objects.filter(Exists(below), rank__gt=unit.level.rank).order_by("rank"))


def places_of(unit: Unit, level: Level) -> list[Place]:
    """The units of a level below a unit, with their names and official codes."""
    rows = list(_units(unit, level).order_by("pk"))
    codes: dict[int, dict[str, str]] = defaultdict(dict)
    for owner, scheme, value in UnitCode.objects.filter(unit__in=rows, valid_to=None).values_list(
        "unit_id", "scheme", "value"
    ):
        codes[owner][scheme] = value
    return [Place(one.pk, (*one.names.values(), *one.aliases), codes[one.pk]) for one in rows]


def unmatched(found: MapFile) -> tuple[list[Shape], list[Unit]]:
    """Areas that show no unit, and units that no area shows."""
    areas = list(found.shapes.filter(unit=None).defer("polygons").order_by("name", "pk"))
    shown = Shape.objects.filter(map=found, unit__isnull=False).values("unit_id")
    return areas, list(units_of_map(found).exclude(pk__in=shown).order_by("path"))


def matched_shapes(found: MapFile) -> list[Shape]:
    """Areas with the unit each shows, those not matched by an equal name or code first."""
    rows = found.shapes.filter(unit__isnull=False).select_related("unit").defer("polygons")
    return sorted(rows, key=lambda shape: (shape.matched_by in ("name", "code"), shape.name))
