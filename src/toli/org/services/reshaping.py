"""What a reorganisation does to units, links, seats, homes and figures, and how it is put back."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ForeignObjectRel, QuerySet
from django.utils.translation import gettext as _

from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput, WrongState
from toli.org import paths
from toli.org.models import Appointment, Change, Norm, Reorganisation, Seat, Unit, UnitCode, UnitLink
from toli.org.services import unit_mergers
from toli.org.services.counts import add_counts, facts_of
from toli.org.services.moving import relink, rewrite, unlink
from toli.org.services.norms import open_seats
from toli.org.services.units import tokens_of

Kind = Change.Kind
SYSTEM = SystemActor(request_id="org.reshaping")


@dataclass
class Done:
    """What was done: (id, ref) of every unit touched by name, and what undoing needs."""

    moved: int = 0
    created: int = 0
    merged: int = 0
    touched: list[tuple[int, UUID]] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)


def apply_changes(found: Reorganisation, *, now: datetime.datetime) -> Done:
    """Do all lines together. Raises BadInput or WrongState; the caller's transaction then leaves nothing behind."""
    changes = list(found.changes.select_related("unit__level", "to__level", "level").order_by("id"))
    _check_still_there(changes)
    new = _create_units([c for c in changes if c.kind == Kind.CREATE], found.on)
    target = {c.pk: c.to_id or _new_id(new, c.to_new) for c in changes}
    parents = {new[c.code]: target[c.pk] for c in changes if c.kind == Kind.CREATE}
    parents |= {c.unit_id: target[c.pk] for c in changes if c.unit_id is not None and c.kind != Kind.CREATE}
    mergers = {c.unit_id: target[c.pk] for c in changes if c.kind == Kind.MERGE and c.unit_id is not None}
    parents |= _children_of_merged(mergers, parents)
    ways = rewrite(parents, fresh=list(new.values()))
    closed, opened = relink(parents, found.on)
    undo: dict[str, Any] = {"closed": closed, "opened": opened, "created": list(new.values())}
    undo |= unit_mergers.merge_units(mergers, on=found.on, now=now)
    _open_norms(list(new.values()), now)
    touched = list(Unit.objects.filter(pk__in=list(parents)).values_list("pk", "ref"))
    moved = len(ways.moved()) - len(mergers)
    return Done(moved, len(new), len(mergers), touched, undo)


def _check_still_there(changes: Sequence[Change]) -> None:
    for change in changes:
        for unit in (change.unit, change.to):
            if unit is not None and change.kind != Kind.CREATE and not (unit.active and unit.path):
                raise WrongState(_("%(unit)s is a former unit by now.") % {"unit": str(unit)})
        if change.kind == Kind.CREATE and change.to is not None and not change.to.active:
            raise WrongState(_("%(unit)s is a former unit by now.") % {"unit": str(change.to)})


def _new_id(new: Mapping[str, int], code: str) -> int:
    if code not in new:
        raise BadInput(_("A line names a unit that does not exist."))
    return new[code]


def _create_units(changes: Sequence[Change], on: datetime.date) -> dict[str, int]:
    """New units without a place yet: id by code. A code of the scheme "new" is only a name inside the change."""
    new: dict[str, int] = {}
    for change in changes:
        unit = Unit.objects.create(
            level=change.level, names=change.names, aliases=change.aliases, valid_from=on,
            tokens=tokens_of(change.names, change.aliases),
        )  # fmt: skip
        scheme, _colon, value = change.code.partition(":")
        if scheme != "new":
            if UnitCode.objects.filter(scheme=scheme, value=value, valid_to=None).exists():
                raise BadInput(_("The code %(code)s belongs to another unit.") % {"code": change.code})
            UnitCode.objects.create(unit=unit, scheme=scheme, value=value, valid_from=on)
        change.unit = unit
        change.save(update_fields=["unit"])
        new[change.code] = unit.pk
    return new


def _children_of_merged(mergers: Mapping[int, int], parents: Mapping[int, int]) -> dict[int, int]:
    """Whatever stood below a merged unit and goes nowhere else goes where the unit goes."""
    links = UnitLink.objects.filter(parent__in=list(mergers), hierarchy="org", valid_to=None, child__active=True)
    return {
        child: mergers[parent]
        for child, parent in links.values_list("child_id", "parent_id")
        if child not in parents
    }  # fmt: skip


def _open_norms(unit_ids: Sequence[int], now: datetime.datetime) -> None:
    """Norms that hold where the new units stand open their seats there."""
    if not unit_ids:
        return
    units = list(Unit.objects.filter(pk__in=unit_ids))
    levels = {unit.level_id for unit in units}
    norms = Norm.objects.filter(kind=Norm.Kind.HEADCOUNT, valid_to=None, team_kind__level_id__in=levels)
    for norm in norms.select_related("scope", "team_kind"):
        if any(paths.is_within(unit.path, norm.scope.path) for unit in units):
            open_seats(actor=SYSTEM, norm=norm, now=now, units=unit_ids)


def take_back(found: Reorganisation, *, now: datetime.datetime) -> list[tuple[int, UUID]]:
    """Put back what `apply_changes` did; (id, ref) of the units. Raises WrongState with what stands in the way."""
    undo: Mapping[str, Any] = found.undo
    created = list(undo["created"])
    _check_unused(created, undo["opened"])
    before = UnitLink.objects.filter(pk__in=undo["closed"]).select_related("parent")
    parents: dict[int, int] = {}
    for link in before:
        if not link.parent.active and str(link.parent_id) not in undo["merged"]:
            raise WrongState(_("%(unit)s is a former unit by now.") % {"unit": str(link.parent)})
        parents[link.child_id] = link.parent_id
    unit_mergers.split_again(undo, now=now)
    unlink(undo["closed"], undo["opened"])
    rewrite(parents)
    _retire(created, now)
    return list(Unit.objects.filter(pk__in=[*parents, *created]).values_list("pk", "ref"))


def _check_unused(created: Sequence[int], opened: Sequence[int]) -> None:
    """Raise WrongState when somebody works in one of the new units already, or something was put below it."""
    if not created:
        return
    below = UnitLink.objects.filter(parent__in=created, valid_to=None).exclude(pk__in=opened)
    sits = Appointment.objects.filter(seat__unit__in=created)
    if sits.exists() or below.exists() or _is_named(created):
        raise WrongState(_("People already work in one of the new units. It cannot be undone; move back instead."))


OURS = {"UnitLink", "UnitCode", "Change", "Reorganisation", "Seat", "SeatCharge"}


def _is_named(unit_ids: Sequence[int]) -> bool:
    """True when a row of any room names one of these units."""
    for relation in Unit._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not isinstance(relation, ForeignObjectRel) or not isinstance(model, type) or model.__name__ in OURS:
            continue
        rows: QuerySet[Any] = model._default_manager.filter(**{f"{relation.field.name}__in": list(unit_ids)})
        if rows.exists():
            return True
    return False


def _retire(unit_ids: Sequence[int], now: datetime.datetime) -> None:
    """New units that were undone: kept for the record, never there on any day, their empty seats closed."""
    if not unit_ids:
        return
    before = facts_of(unit_ids, now)
    Seat.objects.filter(unit__in=unit_ids, closed_at=None).update(closed_at=now)
    UnitCode.objects.filter(unit__in=unit_ids).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_unit SET active = false, valid_to = valid_from WHERE id = ANY(%s)", [list(unit_ids)])
    add_counts([(u, w, m, -n, d) for u, w, m, d, n in before])
