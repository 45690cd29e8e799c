"""Every read of recruitment: open drives and places for everybody, applications of one's own or in one's charge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from toli.kit import text
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.kit.text import fold_words, order_key
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Seat, Unit, UnitLink, Wing
from toli.recruitment.models import Application, Drive
from toli.recruitment.rules import PLACE_LEVELS, SCOPE_LEVELS

LONGEST_LIST = 400


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk's list is narrowed to; `unit` is a ref inside one's charge."""

    words: str = ""
    state: str = ""
    skill: str = ""
    drive: str = ""
    unit: UUID | None = None


def get_drive(*, key: str) -> Drive:
    """The drive of a join page, open or not. Raises NotFound."""
    drive = Drive.objects.select_related("scope__level").filter(key=key).first()
    if drive is None:
        raise NotFound
    return drive


def open_drives(*, now: datetime) -> QuerySet[Drive]:
    """The drives anybody can join now, newest first."""
    return Drive.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now), opens_at__lte=now).order_by("-opens_at")


def get_drive_in_charge(*, actor: Actor, key: str, lock: bool = False) -> Drive:
    """The drive, when the actor may run it. Raises NotFound."""
    rows = Drive.objects.select_related("scope").filter(_scope(actor, "recruitment.manage").q("scope__path"), key=key)
    drive = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if drive is None:
        raise NotFound
    return drive


def _scope(actor: Actor, right: str) -> access.Scope:
    return access.visible(actor, right)


def drives(actor: Actor) -> QuerySet[Drive]:
    """Drives that reach into the actor's charge, newest first."""
    scope = _scope(actor, "recruitment.view")
    if scope.everywhere:
        return Drive.objects.order_by("-opens_at")
    above = {i for lo, _hi in scope.ranges for i in paths.ancestors(lo)}
    return Drive.objects.filter(scope.q("scope__path") | Q(scope_id__in=above)).order_by("-opens_at")


def drive_scopes(actor: Actor) -> QuerySet[Unit]:
    """The units for which the actor may open a drive: from the state to the constituency, in the tree's order."""
    scope = _scope(actor, "recruitment.manage")
    rows = Unit.objects.select_related("level").filter(scope.q("path"), level__key__in=SCOPE_LEVELS, active=True)
    return rows.exclude(path="").order_by("level__rank", "id")


def places(drive: Drive, words: str) -> list[Unit]:
    """Places inside the drive that answer these words: village, ward, PIN code, old name, in any spelling.

    "Borana Raipur" is a village and what it lies in: where no place has all the words, each may be the place's.
    """
    found = org.search_units(words, levels=PLACE_LEVELS, limit=30) or _places_in_places(words)
    return [unit for unit in found if _is_within(drive, unit)][:20]


def _places_in_places(query: str) -> list[Unit]:
    parts = text.words(query)[:4]
    found: dict[int, Unit] = {}
    for part in parts if len(parts) > 1 else []:
        near = org.search_units(part, levels=PLACE_LEVELS, limit=60)
        chains = above(near)
        others = [other for other in parts if other != part]
        found.update((unit.pk, unit) for unit in near if _lies_in([unit, *chains[unit.pk]], others))
    return list(found.values())


def _lies_in(chain: list[Unit], words: list[str]) -> bool:
    names = [name for unit in chain for name in (*unit.names.values(), *unit.aliases)]
    return bool(words) and all(any(text.matches(name, word) for name in names) for word in words)


def _is_within(drive: Drive, unit: Unit) -> bool:
    home = org.org_home_for(unit)
    return home is not None and paths.is_within(home.path, drive.scope.path)


def top_places(drive: Drive, language: str) -> list[Unit]:
    """Where the drill-down begins: the districts of the drive, or what lies right below a smaller one."""
    lo, hi = paths.subtree(drive.scope.path)
    districts = Unit.objects.select_related("level").filter(
        level__key="district", path__gte=lo, path__lt=hi, active=True
    )
    return _in_order(districts[:LONGEST_LIST], language) or places_below(drive.scope, language)


def places_below(unit: Unit, language: str) -> list[Unit]:
    """The next step of the drill-down, in the order of the language."""
    return _in_order(org.children_of(unit)[:LONGEST_LIST], language)


def _in_order(units: Iterable[Unit], language: str) -> list[Unit]:
    return sorted(units, key=lambda unit: order_key(unit.names.get(language) or str(unit)))


def get_place(drive: Drive, ref: UUID) -> Unit:
    """A place one can join from. Raises NotFound for a unit that does not exist or lies outside the drive."""
    unit = Unit.objects.select_related("level").filter(ref=ref, active=True, level__key__in=PLACE_LEVELS).first()
    if unit is None or not _is_within(drive, unit):
        raise NotFound
    return unit


def home_and_place(drive: Drive, ref: str) -> tuple[Unit, Unit | None]:
    """The organisation's unit for a chosen place, and the place itself when it is another. Raises BadInput."""
    try:
        chosen = get_place(drive, UUID(ref))
    except (NotFound, ValueError):
        raise BadInput(fields={"unit": NotFound().sentence}) from None
    home = org.org_home_for(chosen)
    assert home is not None
    return home, None if home.pk == chosen.pk else chosen


def above(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """What each place lies in, nearest first: tells five villages of one name apart. Two queries for a list."""
    units = list(units)
    outside = [unit.pk for unit in units if not unit.path]
    links = UnitLink.objects.filter(child_id__in=outside, hierarchy="administrative", valid_to=None)
    parents = {link.child_id: link.parent for link in links.select_related("parent__level")}
    chains = {unit.pk: paths.ancestors(unit.path)[:-1] for unit in units}
    known = Unit.objects.select_related("level").in_bulk({i for chain in chains.values() for i in chain})
    found: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.pk in parents:
            found[unit.pk].append(parents[unit.pk])
        named = (known[i] for i in reversed(chains[unit.pk]) if i in known)
        found[unit.pk] += [parent for parent in named if parent.level.key in PLACE_LEVELS]
    return dict(found)


def wings(drive: Drive) -> list[Wing]:
    return list(Wing.objects.filter(key__in=drive.wings, active=True).order_by("id"))


def all_wings() -> list[Wing]:
    return list(Wing.objects.filter(active=True).order_by("id"))


def my_applications(actor: Actor) -> list[Application]:
    """The person's own, newest first."""
    if actor.person_id is None:
        return []
    rows = Application.objects.select_related("drive", "unit__level", "place").filter(person_id=actor.person_id)
    return list(rows.order_by("-submitted_at"))


def get_own_application(*, actor: Actor, ref: UUID, lock: bool = False) -> Application:
    """One's own application. Raises NotFound."""
    rows = Application.objects.select_related("drive", "unit").filter(
        ref=ref, person_id=actor.person_id, person__isnull=False
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def get_application(*, actor: Actor, ref: UUID, lock: bool = False) -> Application:
    """An application in one's charge. Raises NotFound: missing and another district's answer the same."""
    rows = _in_charge(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def _in_charge(actor: Actor) -> QuerySet[Application]:
    scope = _scope(actor, "recruitment.view")
    return Application.objects.select_related("drive", "person", "unit__level", "place").filter(
        scope.q("unit__path"), person__state="active"
    )


def applicants(actor: Actor, filters: Filters) -> QuerySet[Application]:
    """Applications in one's charge, the longest waiting first. A wing is never a filter (domain.md rule 21)."""
    rows = _in_charge(actor)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.skill:
        rows = rows.filter(skills__contains=[filters.skill])
    if filters.drive:
        rows = rows.filter(drive__key=filters.drive)
    if unit := filter_unit(actor, filters):
        lo, hi = paths.subtree(unit.path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    for keys in fold_words(filters.words):
        rows = rows.filter(person__tokens__overlap=keys)
    return rows.order_by("submitted_at", "id")


def filter_unit(actor: Actor, filters: Filters) -> Unit | None:
    """The unit the list is narrowed to. Raises NotFound for one outside the charge."""
    return org.get_unit(actor=actor, ref=filters.unit, right="recruitment.view") if filters.unit else None


def state_counts(actor: Actor) -> dict[str, int]:
    """How many applications in one's charge are in each state."""
    rows = _in_charge(actor).order_by().values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows}


def seats_for(actor: Actor, application: Application) -> list[Seat]:
    """Vacant seats I may offer on this application: of the place, below and above it, lowest level first."""
    unit = application.unit
    lo, hi = paths.subtree(unit.path)
    near = Q(unit_id__in=paths.ancestors(unit.path)) | Q(unit__path__gte=lo, unit__path__lt=hi)
    rows = org.vacant_seats(actor).filter(near)
    if application.drive.levels:
        rows = rows.filter(unit__level__key__in=application.drive.levels)
    return list(rows.order_by("-unit__level__rank", "unit__path", "role_id", "number")[:40])
