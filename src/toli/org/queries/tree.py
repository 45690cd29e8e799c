"""The whole tree of any hierarchy, opened piece by piece: fast however many units there are."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access
from toli.org.models import Level, Unit, UnitLink
from toli.org.queries.dated import hierarchy_key, path_on
from toli.org.queries.rows import from_json
from toli.org.queries.units import best_first, roots

Texts = dict[str, str]
MOST_CHILDREN = 600
MOST_FOUND = 30


@dataclass
class Node:
    """A unit as the tree draws it. `children` None: not opened yet. `since` and `until` are of this place."""

    id: int
    ref: UUID
    names: Texts
    level: Texts
    path: str
    has_children: bool
    former: bool = False
    moved: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None
    children: "list[Node] | None" = None
    mine: bool = False
    here: bool = False


# One statement for every opened unit; the inner EXISTS reads one index entry per row.
CHILDREN = """
SELECT k.parent_id, u.id, u.ref, u.names, v.names, u.path, NOT u.active, k.valid_to IS NOT NULL,
       greatest(k.valid_from, u.valid_from), coalesce(least(k.valid_to, u.valid_to), u.valid_to),
       EXISTS (SELECT FROM org_unitlink b WHERE b.parent_id = u.id AND b.hierarchy = %(hierarchy)s
               AND (b.valid_to IS NULL OR %(former)s))
FROM unnest(%(parents)s::bigint[]) AS p(id)
CROSS JOIN LATERAL (
    SELECT k.* FROM org_unitlink k
    WHERE k.parent_id = p.id AND k.hierarchy = %(hierarchy)s AND (k.valid_to IS NULL OR %(former)s)
      AND (k.valid_to IS NULL OR k.valid_to > k.valid_from OR k.valid_from IS NULL)
    LIMIT %(most)s) AS k
JOIN org_unit u ON u.id = k.child_id AND (u.active OR %(former)s)
JOIN org_level v ON v.id = u.level_id
ORDER BY k.parent_id, v.rank, (u.attrs ->> 'station')::text IS NULL, u.id
"""


def tree_children(actor: Actor, parent_ids: Sequence[int], hierarchy: str, *, former: bool) -> dict[int, list[Node]]:
    """What lies directly below each of these units, at most 600 each; with `former` also what lay there once."""
    params: dict[str, Any] = {
        "parents": list(parent_ids), "hierarchy": hierarchy_key(hierarchy), "former": former, "most": MOST_CHILDREN
    }  # fmt: skip
    found: dict[int, list[Node]] = {pk: [] for pk in parent_ids}
    scope = access.visible(actor, "org.view")
    with connection.cursor() as cursor:
        cursor.execute(CHILDREN, params)
        for parent, pk, ref, names, level, path, gone, moved, since, until, below in cursor.fetchall():
            found[parent].append(
                Node(
                    pk, ref, from_json(names), from_json(level), path, below, gone, moved and not gone, since, until,
                    mine=bool(path) and scope.holds(path),
                )
            )  # fmt: skip
    return found


def tree_roots(actor: Actor, hierarchy: str) -> list[Node]:
    """Where the tree begins: the tops of what I look after, or the tops of another hierarchy, which is public."""
    if hierarchy_key(hierarchy) == "org":
        return [_node(actor, unit) for unit in roots(actor, "org.view")]
    for level in Level.objects.order_by("rank"):
        tops = Unit.objects.select_related("level").filter(level=level, active=True)
        below = UnitLink.objects.filter(hierarchy=hierarchy_key(hierarchy), valid_to=None)
        found = tops.filter(pk__in=below.filter(parent__level=level).values("parent"))
        if first := list(found.order_by("id")[:MOST_CHILDREN]):
            return [_node(actor, unit) for unit in first]
    return []


def _node(actor: Actor, unit: Unit) -> Node:
    mine = bool(unit.path) and access.is_visible(actor, unit)
    return Node(unit.pk, unit.ref, unit.names, unit.level.names, unit.path, True, not unit.active, mine=mine)


def whole_tree(actor: Actor, hierarchy: str, *, opened: Unit | None = None, former: bool = False) -> list[Node]:
    """The tree from its roots with the way to `opened`, and what lies below it, laid open. Three queries."""
    tops = tree_roots(actor, hierarchy)
    way = _way(opened, hierarchy) if opened else []
    ids = [top.id for top in tops if len(tops) == 1 or top.id in way] + way
    children = tree_children(actor, list(dict.fromkeys(ids)), hierarchy, former=former)
    pending = list(tops)
    while pending:
        node = pending.pop()
        node.here = opened is not None and node.id == opened.pk
        if node.id in children:
            node.children = children.pop(node.id)
            pending += node.children
    return tops


def _way(unit: Unit, hierarchy: str) -> list[int]:
    """Ids from the root to the unit; for a former one as it was on its last day."""
    on = (unit.valid_to or datetime.date.max) - datetime.timedelta(days=1)
    return [above.pk for above in path_on(unit.pk, on, hierarchy)]


def tree_unit(actor: Actor, ref: UUID, hierarchy: str) -> Unit:
    """A unit to open: in my charge, or any place of a hierarchy outside the organisation. Raises NotFound."""
    unit = Unit.objects.select_related("level").filter(ref=ref).first()
    if unit is None or not access.may_anywhere(actor, "org.view"):
        raise NotFound()
    if hierarchy_key(hierarchy) == "org" and not access.is_visible(actor, unit):
        raise NotFound()
    return unit


# Few high units first, then a bounded look at the many low ones, so that a common syllable stays fast. The planner
# takes any word for a common one and would read the whole table: it is told to use the indexes.
FIND = """
SELECT id FROM org_unit u WHERE {words} AND (u.active OR %(former)s) AND {inside}
  AND u.level_id = ANY(%(levels)s) LIMIT %(most)s
"""
CANDIDATES = 300


def find_in_tree(actor: Actor, words: str, hierarchy: str, *, former: bool = False) -> list[Unit]:
    """Units that answer these words in any spelling, best first, at most 30; of the organisation only my own."""
    groups = fold_words(words, unfinished=True)
    if not groups:
        return []
    inside, bounds = access.visible(actor, "org.view").sql("u.path")
    if hierarchy_key(hierarchy) != "org":
        inside, bounds = "true", []
    *high, lowest = Level.objects.order_by("rank").values_list("pk", flat=True)
    ids: list[int] = []
    for levels in (high, [lowest]):
        ids += _ids(groups, inside, bounds, levels, former)
    rows = Unit.objects.select_related("level").filter(pk__in=ids)
    return best_first(list(rows), words)[:MOST_FOUND]


def _ids(groups: list[list[str]], inside: str, bounds: list[str], levels: list[int], former: bool) -> list[int]:
    """`inside` is a text of ours; everything asked for is bound."""
    params: dict[str, Any] = {f"k{n}": keys for n, keys in enumerate(groups)}
    params |= {f"b{n}": bound for n, bound in enumerate(bounds)}
    params |= {"former": former, "most": CANDIDATES, "levels": levels}
    named = iter(f"%(b{n})s" for n in range(len(bounds)))
    inside = "".join(part + next(named, "") for part in inside.split("%s"))
    tokens = " AND ".join(f"u.tokens && %(k{n})s::text[]" for n in range(len(groups)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(FIND.format(words=tokens, inside=inside), params)
        return [row[0] for row in cursor.fetchall()]
