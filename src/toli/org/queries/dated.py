"""The trees as they stood on a day, from the dated links.

`children_on` is what a board "as on" a date is drawn from; `path_on` is the way from the root to a unit on that day.
A link and a unit hold on a day of [valid_from, valid_to); an empty date means "since ever" and "until further notice".
Moves of the future are plans, not links: a day to come shows the tree as it is now.
"""

import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from toli.org.models import Unit

NAMES_OF_HIERARCHIES = {
    "organisation": "org",
    "org": "org",
    "electoral": "electoral",
    "administrative": "administrative",
}


def hierarchy_key(name: str) -> str:
    """The stored key of a hierarchy's name ("organisation" is kept as "org"). Raises KeyError for another word."""
    return NAMES_OF_HIERARCHIES[name]


def holds_on(on: datetime.date, prefix: str = "") -> Q:
    """A filter on the columns valid_from and valid_to: [from, to) holds that day."""
    started = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return started & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on}))


def children_on(unit_id: int, on: datetime.date, hierarchy: str = "organisation") -> QuerySet[Unit]:
    """The units directly below this one on that day (IST), former ones included; with their level, by id.

    Ask access for the unit first: these rows are not narrowed by who asks. `u.active` says whether it still exists.
    """
    return (
        Unit.objects.select_related("level")
        .filter(
            Q(parent_links__parent_id=unit_id) & Q(parent_links__hierarchy=hierarchy_key(hierarchy))
            & holds_on(on, "parent_links__"),
        )
        .filter(holds_on(on))
        .order_by("id")
    )  # fmt: skip


PATH_ON = """
WITH RECURSIVE way AS (
    SELECT %(unit)s::bigint AS id, 0 AS up
    UNION ALL
    SELECT k.parent_id, w.up + 1 FROM way w JOIN org_unitlink k ON k.child_id = w.id
    WHERE k.hierarchy = %(hierarchy)s AND w.up < 40
      AND (k.valid_from IS NULL OR k.valid_from <= %(on)s) AND (k.valid_to IS NULL OR k.valid_to > %(on)s)
)
SELECT id FROM way ORDER BY up DESC
"""


def path_on(unit_id: int, on: datetime.date, hierarchy: str = "organisation") -> list[Unit]:
    """From the root down to the unit itself, as the links say of that day."""
    with connection.cursor() as cursor:
        cursor.execute(PATH_ON, {"unit": unit_id, "hierarchy": hierarchy_key(hierarchy), "on": on})
        ids = [row[0] for row in cursor.fetchall()]
    found = {unit.pk: unit for unit in Unit.objects.select_related("level").filter(pk__in=ids)}
    return [found[i] for i in dict.fromkeys(ids) if i in found]
