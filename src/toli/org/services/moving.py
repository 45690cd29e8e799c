"""Rewrites the tree in sets: links, paths and figures of all moved units together. The caller holds the tree's lock."""

import datetime
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.errors import WrongState
from toli.org import paths
from toli.org.models import Unit, UnitLink
from toli.org.moving import Cycle, Ways

# Figures a moved unit brings without those of moved units below it, taken from the old way up and put on the new.
MOVE_COUNTS = """
WITH parts AS (
    SELECT m.id, c.wing_id, c.metric, c.day, c.n FROM unnest(%(ids)s::bigint[]) AS m(id)
    JOIN org_count c ON c.unit_id = m.id
    UNION ALL
    SELECT p.outer_id, c.wing_id, c.metric, c.day, -c.n
    FROM unnest(%(outer)s::bigint[], %(inner)s::bigint[]) AS p(outer_id, inner_id)
    JOIN org_count c ON c.unit_id = p.inner_id
), alone AS (
    SELECT id, wing_id, metric, day, sum(n) AS n FROM parts GROUP BY 1, 2, 3, 4
)
INSERT INTO org_count AS c (unit_id, wing_id, metric, day, n, updated_at)
SELECT w.above, a.wing_id, a.metric, a.day, sum(w.sign * a.n)::bigint, now()
FROM unnest(%(unit)s::bigint[], %(above)s::bigint[], %(sign)s::int[]) AS w(unit_id, above, sign)
JOIN alone a ON a.id = w.unit_id
GROUP BY 1, 2, 3, 4 HAVING sum(w.sign * a.n) <> 0
ON CONFLICT (unit_id, wing_id, metric, day) DO UPDATE SET n = c.n + excluded.n, updated_at = excluded.updated_at
"""

# 100,000 units take about 4 s, most of it the indexes on the path.
MOVE_PATHS = """
UPDATE org_unit u SET path = m.new || substr(u.path, length(m.lo) + 1)
FROM unnest(%(ids)s::bigint[], %(lo)s::text[], %(hi)s::text[], %(new)s::text[]) AS m(id, lo, hi, new)
WHERE u.path >= m.lo COLLATE "C" AND u.path < m.hi COLLATE "C" AND NOT EXISTS (
    SELECT FROM unnest(%(outer)s::bigint[], %(inner_lo)s::text[], %(inner_hi)s::text[]) AS n(outer_id, lo, hi)
    WHERE n.outer_id = m.id AND u.path >= n.lo COLLATE "C" AND u.path < n.hi COLLATE "C")
"""


def rewrite(parents: Mapping[int, int], fresh: Sequence[int] = ()) -> Ways:
    """Give the units of `parents` these parents: figures first, by the old paths, then all paths below them.

    `fresh` are units of `parents` that had no place before. Raises WrongState for a cycle; nothing is changed then.
    """
    ids = {*parents, *parents.values()} - set(fresh)
    ways = Ways(parents, dict(Unit.objects.filter(pk__in=ids).values_list("pk", "path")))
    try:
        new = {unit_id: ways.path(unit_id) for unit_id in parents}
    except Cycle:
        raise WrongState(_("A unit cannot move below itself. Nothing was moved.")) from None
    moved, nested = ways.moved(), ways.nested()
    _move_counts(ways, moved, nested)
    _move_paths(ways, moved, nested, new)
    for unit_id in fresh:
        Unit.objects.filter(pk=unit_id).update(path=new[unit_id])
    return ways


def _move_counts(ways: Ways, moved: list[int], nested: list[tuple[int, int]]) -> None:
    rows = ways.ways()
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_COUNTS,
            {
                "ids": moved, "outer": [o for o, _i in nested], "inner": [i for _o, i in nested],
                "unit": [r[0] for r in rows], "above": [r[1] for r in rows], "sign": [r[2] for r in rows],
            },
        )  # fmt: skip


def _move_paths(ways: Ways, moved: list[int], nested: list[tuple[int, int]], new: Mapping[int, str]) -> None:
    bounds = {unit_id: paths.subtree(ways.old[unit_id]) for unit_id in moved}
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_PATHS,
            {
                "ids": moved, "lo": [bounds[i][0] for i in moved], "hi": [bounds[i][1] for i in moved],
                "new": [new[i] for i in moved], "outer": [o for o, _i in nested],
                "inner_lo": [bounds[i][0] for _o, i in nested], "inner_hi": [bounds[i][1] for _o, i in nested],
            },
        )  # fmt: skip


def relink(parents: Mapping[int, int], on: datetime.date, hierarchy: str = "org") -> tuple[list[int], list[int]]:
    """Close the live links of these units on that day and open new ones: (ids closed, ids opened).

    Raises WrongState where the present link is younger than the day.
    """
    live = UnitLink.objects.filter(child__in=list(parents), hierarchy=hierarchy, valid_to=None)
    if live.filter(valid_from__gt=on).exists():
        raise WrongState(_("One of these units got its present place after that day. Choose a later day."))
    closed = list(live.values_list("pk", flat=True))
    UnitLink.objects.filter(pk__in=closed).update(valid_to=on)
    opened = UnitLink.objects.bulk_create(
        [UnitLink(hierarchy=hierarchy, child_id=c, parent_id=p, valid_from=on) for c, p in parents.items()]
    )
    return closed, [link.pk for link in opened]


def unlink(closed: Sequence[int], opened: Sequence[int]) -> None:
    """Take back what `relink` wrote: as if it had never been. Raises WrongState where a unit has moved again."""
    if UnitLink.objects.filter(pk__in=opened, valid_to=None).count() != len(opened):
        raise WrongState(_("One of these units has moved again since. Undo that first."))
    UnitLink.objects.filter(Q(pk__in=opened)).delete()
    UnitLink.objects.filter(pk__in=closed).update(valid_to=None)
