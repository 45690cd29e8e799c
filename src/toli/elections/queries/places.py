"""Which unit a schedule, a message or a page means: constituencies, parliament seats, states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from toli.elections.gate import Channel
from toli.kit.actor import Actor
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit


def ids_under(path: str) -> frozenset[int]:
    """Ids of the constituencies of the organisation at and below a path."""
    return frozenset(org.constituencies_under(path).values_list("id", flat=True))


def constituency_of(unit: Unit) -> Unit | None:
    """The constituency a unit lies in (itself for a constituency); None above one, or for a unit outside."""
    if unit.level.key == "constituency":
        return unit
    ids = paths.ancestors(unit.path)
    found = Unit.objects.select_related("level").filter(id__in=ids, level__key="constituency").first()
    return found or _electoral_constituency(unit)


def _electoral_constituency(unit: Unit) -> Unit | None:
    parent = org.hierarchy_parent(unit, "electoral")
    return parent if parent is None or parent.level.key == "constituency" else _electoral_constituency(parent)


def constituency_ids_for(unit: Unit) -> list[int]:
    """The constituencies a message to this unit reaches: its own, or all below it."""
    own = constituency_of(unit)
    return [own.pk] if own else sorted(ids_under(unit.path)) if unit.path else []


@dataclass(frozen=True)
class Place:
    """Where a text is read: in one constituency, or in a unit above several, which it `covers`."""

    constituency_id: int | None
    covers: frozenset[int] | None = None

    def channel(self, key: str) -> Channel:
        """The way `key` as it reaches this place: aimed at the one constituency, else judged by all it covers."""
        return Channel(key, aimed=self.constituency_id is not None, covers=self.covers)


def places_of(units: Collection[Unit]) -> dict[int, Place]:
    """The place of each unit, by unit id."""
    ids = {i for unit in units for i in paths.ancestors(unit.path)}
    known = set(Unit.objects.filter(pk__in=ids, level__key="constituency").values_list("pk", flat=True))
    found: dict[int, Place] = {}
    for unit in units:
        own = next((i for i in paths.ancestors(unit.path) if i in known), None)
        found[unit.pk] = Place(own) if own is not None else _place_outside(unit)
    return found


def _place_outside(unit: Unit) -> Place:
    """A unit above constituencies covers those below it; one linked to a constituency by election alone lies in it.

    Where no constituency is known, every silent one counts.
    """
    own = constituency_of(unit)
    if own is not None:
        return Place(own.pk)
    return Place(None, frozenset(constituency_ids_for(unit)) or None)


def find_constituency(state: Unit | None, number: int | None, names: Sequence[str]) -> tuple[Unit | None, str]:
    """The constituency meant by a schedule, and why it was not found. A number and a name must agree."""
    by_number = _by_number(state, number) if state and number else None
    by_name = _by_name(state, names)
    if by_number and names and by_name and by_number not in by_name:
        return None, f"number {number} is {by_number}, not {names[0]}"
    if by_number:
        return by_number, ""
    if len(by_name) == 1:
        return by_name[0], ""
    asked = names[0] if names else f"number {number}"
    return None, f"{asked} names {len(by_name)} constituencies" if by_name else f"there is no constituency {asked}"


def _by_number(state: Unit, number: int) -> Unit | None:
    code = state.codes.filter(scheme="eci", valid_to=None).values_list("value", flat=True).first()
    inside = Unit.objects.filter(
        level__key="constituency", codes__scheme="eci", codes__valid_to=None, path__startswith=state.path
    )
    rows = inside.filter(codes__value=f"{code}/{number}" if code else "") | inside.filter(
        codes__value__endswith=f"/{number}"
    )
    return rows.select_related("level").first()


def _by_name(state: Unit | None, names: Iterable[str]) -> list[Unit]:
    for name in names:
        found = org.search_units(name, levels=["constituency"], within=state.path if state else "")
        same = [
            unit for unit in found if name.casefold() in {n.casefold() for n in (*unit.names.values(), *unit.aliases)}
        ]
        if same or found:
            return same or found
    return []


def constituencies_of_parliament(
    state: Unit | None, number: int | None, names: Sequence[str]
) -> tuple[list[Unit], str]:
    """The assembly constituencies inside a parliament seat, which all poll with it, and why it was not found."""
    seats = [unit for name in names for unit in org.search_units(name, levels=["parliament"])]
    if not seats and number and state:
        codes = Unit.objects.filter(level__key="parliament", codes__valid_to=None, codes__value__endswith=f"/{number}")
        seats = list(codes[:2])
    if len({seat.pk for seat in seats}) != 1:
        return [], f"there is no one parliament seat {names[0] if names else number}"
    inside = org.children_of(seats[0], hierarchy="electoral").filter(level__key="constituency")
    found = list(inside.order_by("pk"))
    return found, "" if found else f"the parliament seat {seats[0]} has no constituencies in the tree"


def find_state(name: str) -> Unit | None:
    """The state of that name in any spelling; the only state there is where the name is empty."""
    states = Unit.objects.filter(level__key="state", active=True).select_related("level")
    if not name.strip():
        return states.first() if states.count() == 1 else None
    return next(iter(org.search_units(name, levels=["state"])), None)


def chosen_constituency(actor: Actor, ref: str) -> Unit | None:
    """The constituency a form names, where the actor may see its poll."""
    try:
        found = UUID(ref)
    except ValueError:
        return None
    rows = Unit.objects.select_related("level").filter(access.visible(actor, "elections.view").q("path"))
    return rows.filter(ref=found, level__key="constituency", active=True).first()
