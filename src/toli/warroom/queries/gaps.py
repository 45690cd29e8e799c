"""Where people are missing: teams short of holders, and the units below with the most to do."""

from __future__ import annotations

from typing import Any

from django.db import connection

from toli.org import paths
from toli.org.models import Level, Unit
from toli.org.queries.rows import from_json
from toli.warroom.rules import Row

# Teams of the unit itself and of the levels below it that fit on one page: a few thousand seats at most, each with one
# probe for its holder. Booths of a whole state are never read here: the counts lead down to them.
SHORT_TEAMS = """
SELECT u.ref, u.names, v.key AS level, t.key AS team, t.names AS team_names, count(*) AS seats,
       count(*) FILTER (WHERE h.state = 'accepted') AS filled, count(*) FILTER (WHERE h.state = 'offered') AS offered,
       count(*) FILTER (WHERE h.state IS NULL) AS vacant, min(s.opened_at) FILTER (WHERE h.state IS NULL) AS open_since
FROM org_unit u
JOIN org_level v ON v.id = u.level_id
JOIN org_seat s ON s.unit_id = u.id AND s.closed_at IS NULL
JOIN org_teamkind t ON t.id = s.team_kind_id
LEFT JOIN LATERAL (
    SELECT a.state FROM org_appointment a
    WHERE a.seat_id = s.id AND (a.state = 'offered' OR (a.state = 'accepted' AND a.suspended_at IS NULL))
    ORDER BY a.state LIMIT 1
) h ON true
WHERE u.active AND u.path >= %(lo)s AND u.path < %(hi)s AND (u.id = %(unit)s OR u.level_id = ANY(%(levels)s))
GROUP BY u.id, v.id, t.id
HAVING count(*) FILTER (WHERE h.state = 'accepted') < count(*)
ORDER BY v.rank, count(*) FILTER (WHERE h.state IS NULL) DESC, u.path
LIMIT %(limit)s
"""


def short_teams(unit: Unit, *, levels: list[Level], limit: int = 60) -> list[dict[str, Any]]:
    """Teams with fewer accepted holders than seats: the highest level first, then the shortest."""
    lo, hi = paths.subtree(unit.path)
    ids = [level.pk for level in levels]
    values: dict[str, Any] = {"lo": lo, "hi": hi, "unit": unit.pk, "levels": ids, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(SHORT_TEAMS, values)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]
    for row in rows:
        row["names"], row["team_names"] = from_json(row["names"]), from_json(row["team_names"])
    return rows


def most(rows: list[Row], key: str, *, limit: int = 12) -> list[Row]:
    """The units with the most missing or silent people, from the counts; those with none are left out."""

    def much(row: Row) -> int:
        return row.missing if key == "missing" else row.figures.get(key, 0)

    return sorted((row for row in rows if much(row)), key=much, reverse=True)[:limit]
