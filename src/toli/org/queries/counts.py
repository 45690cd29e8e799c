"""Reads of figures: one query for a unit and all its children."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from toli.org.models.counts import ALL_WINGS, NO_DAY
from toli.org.queries.rows import from_json

Figures = dict[str, int]


def figures_of(unit_ids: Iterable[int], *, today: datetime.date, wing_id: int = ALL_WINGS) -> dict[int, Figures]:
    """Standing figures and those of `today` (IST), by unit id and metric; a figure never counted is absent."""
    found: dict[int, Figures] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, metric, n FROM org_count WHERE unit_id = ANY(%s) AND wing_id = %s AND day IN (%s, %s)",
            [list(unit_ids), wing_id, NO_DAY, today],
        )
        for unit_id, metric, n in cursor.fetchall():
            found[unit_id][metric] = n
    return found


CHILD_FIGURES = """
SELECT u.id, u.ref, u.names, u.path, v.key, c.metric, c.n, c.updated_at
FROM org_unitlink k
JOIN org_unit u ON u.id = k.child_id AND u.active
JOIN org_level v ON v.id = u.level_id
LEFT JOIN org_count c ON c.unit_id = u.id AND c.wing_id = %(wing)s AND c.day IN (%(standing)s, %(today)s)
WHERE k.parent_id = %(unit)s AND k.hierarchy = 'org' AND k.valid_to IS NULL
ORDER BY u.id
"""


def child_figures(unit_id: int, *, today: datetime.date, wing_id: int = ALL_WINGS) -> list[dict[str, object]]:
    """One dict per child: id, ref, names, path, level, figures {metric: n}, updated_at. One query."""
    rows: dict[int, dict[str, object]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CHILD_FIGURES, {"unit": unit_id, "wing": wing_id, "standing": NO_DAY, "today": today})
        for child_id, ref, names, path, level, metric, n, updated_at in cursor.fetchall():
            row = rows.setdefault(
                child_id,
                {
                    "id": child_id,
                    "ref": ref,
                    "names": from_json(names),
                    "path": path,
                    "level": level,
                    "figures": {},
                    "updated_at": None,
                },
            )
            if metric is not None:
                row["figures"][metric] = n  # type: ignore[index]
                row["updated_at"] = max(filter(None, (row["updated_at"], updated_at)))  # type: ignore[type-var]
    return list(rows.values())
