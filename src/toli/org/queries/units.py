"""Reads of units: by ref, by code, by words in any spelling, and along the three hierarchies."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access, paths
from toli.org.models import Unit, UnitLink


def get_unit(*, actor: Actor, ref: UUID, right: str = "org.view") -> Unit:
    """The unit, when the actor has `right` there. Raises NotFound (missing or not yours alike) or NeedsSecondFactor."""
    unit = Unit.objects.select_related("level").filter(access.visible(actor, right).q("path"), ref=ref).first()
    if unit is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return unit


def units_in_charge(actor: Actor, right: str, levels: Collection[str]) -> QuerySet[Unit]:
    """Live units of these levels where the actor has `right`, the highest first, in the tree's order."""
    rows = Unit.objects.select_related("level").filter(access.visible(actor, right).q("path"), level__key__in=levels)
    return rows.filter(active=True).exclude(path="").order_by("level__rank", "path")


def roots(actor: Actor, right: str = "board.view") -> list[Unit]:
    """The tops of what the actor looks after, highest first; the organisation's root for the system."""
    scope = access.visible(actor, right)
    if scope.everywhere:
        return list(
            Unit.objects.select_related("level")
            .filter(path__gt="", level__rank__gte=0)
            .order_by("level__rank", "path")[:1]
        )
    tops = [lo for lo, hi, _wing in scope.areas if not any(o_lo < lo < o_hi for o_lo, o_hi, _w in scope.areas)]
    return list(Unit.objects.select_related("level").filter(path__in=tops).order_by("level__rank", "path"))


def children_of(unit: Unit, *, hierarchy: str = "org") -> QuerySet[Unit]:
    """Live children in one hierarchy."""
    return Unit.objects.select_related("level").filter(
        parent_links__parent=unit, parent_links__hierarchy=hierarchy, parent_links__valid_to=None, active=True
    )


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the root down to the unit's parent in the organisation."""
    ids = paths.ancestors(unit.path)[:-1]
    found = {u.id: u for u in Unit.objects.select_related("level").filter(id__in=ids)}
    return [found[i] for i in ids if i in found]


def hierarchy_parent(unit: Unit, hierarchy: str) -> Unit | None:
    link = (
        UnitLink.objects.select_related("parent", "parent__level")
        .filter(child=unit, hierarchy=hierarchy, valid_to=None)
        .first()
    )
    return link.parent if link else None


def beside(unit: Unit) -> list[tuple[str, Unit]]:
    """The unit's parents outside the organisation: (name of the hierarchy, parent)."""
    rows = UnitLink.objects.select_related("parent__level").filter(child=unit, valid_to=None).exclude(hierarchy="org")
    return [(link.get_hierarchy_display(), link.parent) for link in rows]


def constituencies_under(path: str) -> QuerySet[Unit]:
    """Constituencies inside a subtree of the organisation."""
    lo, hi = paths.subtree(path)
    return Unit.objects.filter(level__key="constituency", path__gte=lo, path__lt=hi, active=True).order_by("path")


def unit_by_code(scheme: str, value: str) -> Unit | None:
    return Unit.objects.filter(codes__scheme=scheme, codes__value=value, codes__valid_to=None).first()


def search_units(words: str, *, levels: Sequence[str] = (), limit: int = 20, within: str = "") -> list[Unit]:
    """Units whose names or aliases answer these words, in any script or spelling; best first. Open to all."""
    groups = fold_words(words, unfinished=True)
    if not groups:
        return []
    rows = Unit.objects.select_related("level").filter(active=True)
    for keys in groups:
        rows = rows.filter(tokens__overlap=keys)
    if levels:
        rows = rows.filter(level__key__in=levels)
    if within:
        lo, hi = paths.subtree(within)
        rows = rows.filter(path__gte=lo, path__lt=hi)
    return best_first(list(rows.order_by("level__rank", "id")[: limit * 5]), words)[:limit]


def best_first(units: list[Unit], words: str) -> list[Unit]:
    """Those most alike to these words first, then the higher ones."""
    return sorted(units, key=lambda u: (-_likeness(u, words), u.level.rank, u.id))


def _likeness(unit: Unit, words: str) -> float:
    from rapidfuzz import fuzz

    names = [*unit.names.values(), *unit.aliases]
    return max((fuzz.ratio(words.casefold(), name.casefold()) for name in names), default=0.0)


def org_home_for(unit: Unit) -> Unit | None:
    """The organisation's unit for a chosen place: the unit itself, or for a panchayat the lowest unit of the
    organisation that holds all its booths; None when nothing of the organisation lies there."""
    if unit.path:
        return unit
    below = [unit.id]
    booth_paths: list[str] = []
    while below and not booth_paths:
        links = UnitLink.objects.filter(parent_id__in=below, valid_to=None).exclude(hierarchy="org")
        found = list(links.values_list("child_id", "child__path"))
        booth_paths = [path for _id, path in found if path]
        below = [child for child, path in found if not path]
    if booth_paths:
        shared = _shared_ids([paths.ancestors(p)[:-1] for p in booth_paths])
        return Unit.objects.select_related("level").filter(id=shared[-1]).first() if shared else None
    return _nearest_parent_in_org(unit)


def _nearest_parent_in_org(unit: Unit) -> Unit | None:
    for hierarchy in (UnitLink.Hierarchy.ADMINISTRATIVE, UnitLink.Hierarchy.ELECTORAL):
        parent = hierarchy_parent(unit, hierarchy)
        if parent is not None:
            return parent if parent.path else _nearest_parent_in_org(parent)
    return None


def _shared_ids(chains: list[list[int]]) -> list[int]:
    shared = []
    for ids in zip(*chains, strict=False):
        if len(set(ids)) > 1:
            break
        shared.append(ids[0])
    return shared
