"""Loading, matching and removing maps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.kit.text import clean
from toli.org import access
from toli.org.models import Level, Unit
from toli.warroom import queries
from toli.warroom.maps import matching, reading, simplify
from toli.warroom.maps.shapes import Feature
from toli.warroom.models import MapFile, Shape

LONGEST_SOURCE = 120


@dataclass(frozen=True)
class Loaded:
    """A map just loaded and how many of its areas are units."""

    map: MapFile
    areas: int
    matched: int


def load_map(
    *, actor: Actor, unit: Unit, level_key: str, body: bytes, source: str, now: datetime, name_field: str = "",
    largest: int = reading.LARGEST_FILE,
) -> Loaded:  # fmt: skip
    """Read a GeoJSON or TopoJSON file and keep the simplified shapes of one level's units under `unit`.

    The map it had before goes. Raises NotAllowed, NeedsSecondFactor, or BadInput for a file that cannot be used.
    """
    access.require(actor, "org.shape", unit)
    level = _level(unit, level_key)
    features = reading.read_map(body, largest=largest)
    places = queries.places_of(unit, level)
    found = matching.match(features, places, name_field=_field(features, name_field))
    polygons = simplify.simplified(features)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # two files at once: one after the other
        _remove(MapFile.objects.filter(unit=unit, level=level, removed_at=None), now)
        kept = MapFile.objects.create(
            unit=unit, level=level, source=clean(source)[:LONGEST_SOURCE] or "map", loaded_at=now
        )
        Shape.objects.bulk_create(
            [
                Shape(map=kept, name=one.name, unit_id=one.unit_id, matched_by=one.by, polygons=shape)
                for one, shape in zip(found, polygons, strict=True)
            ],
            batch_size=500,
        )
        matched = sum(one.unit_id is not None for one in found)
        audit.record(
            actor, "warroom.map_loaded", kept, unit=unit,
            data={"level": level.key, "areas": len(features), "matched": matched},
        )  # fmt: skip
    return Loaded(kept, len(features), matched)


def _level(unit: Unit, key: str) -> Level:
    level = Level.objects.filter(key=key, rank__gt=unit.level.rank).first()
    if level is None:
        raise BadInput(fields={"level": _("Choose a level below this unit.")})
    return level


def _field(features: list[Feature], name: str) -> str:
    name = clean(name)
    if name and not any(name in feature.properties for feature in features):
        known = ", ".join(dict.fromkeys(key for feature in features[:50] for key in feature.properties))
        raise BadInput(fields={"name_field": _("This map has no field of that name. It has: %(fields)s.") % {
            "fields": known[:300] or "–"}})  # fmt: skip
    return name


def _remove(maps: object, now: datetime) -> None:
    found = list(maps)  # type: ignore[call-overload]
    Shape.objects.filter(map__in=found).delete()
    MapFile.objects.filter(pk__in=[one.pk for one in found]).update(removed_at=now)


@transaction.atomic
def match_shape(*, actor: Actor, ref: UUID, unit_ref: UUID | None) -> Shape:
    """Say by hand which unit an area shows, or that it shows none. Raises NotFound, BadInput or WrongState."""
    shape = queries.get_shape(actor=actor, ref=ref, lock=True)
    unit = None
    if unit_ref is not None:
        unit = queries.units_of_map(shape.map).filter(ref=unit_ref).first()
        if unit is None:
            raise BadInput(fields={"unit": _("Choose a unit of this map's level.")})
    shape.unit, shape.matched_by = unit, "hand" if unit else ""
    try:
        with transaction.atomic():
            shape.save(update_fields=["unit", "matched_by"])
    except IntegrityError:
        raise WrongState(_("Another area already shows this unit. Take it away there first."))
    audit.record(actor, "warroom.shape_matched", shape, unit=unit or shape.map.unit)
    return shape


@transaction.atomic
def remove_map(*, actor: Actor, ref: UUID, now: datetime) -> MapFile:
    """Take a map away; the board shows tiles again. Raises NotFound or WrongState."""
    found = queries.get_map(actor=actor, ref=ref, lock=True)
    if found.removed_at is not None:
        raise WrongState(_("This map is already gone."))
    _remove([found], now)
    audit.record(actor, "warroom.map_removed", found, unit=found.unit, data={"level": found.level.key})
    return found
