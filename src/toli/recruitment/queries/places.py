"""Where a person can say "here I live"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from toli.kit import text
from toli.kit.errors import BadInput, NotFound
from toli.kit.text import order_key
from toli.org import paths
from toli.org import queries as org
from toli.org.models import Unit, UnitLink
from toli.recruitment.models import Drive
from toli.recruitment.rules import PLACE_LEVELS

LONGEST_LIST = 400


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
