"""The board: a unit and what lies below it with all their figures, read from the folded counts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection

from toli.audit.models import Record
from toli.audit.queries import recent_records
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org import access, paths
from toli.org.models import Level, Unit, Wing
from toli.org.models.counts import ALL_WINGS, NO_DAY, Snapshot
from toli.org.queries.rows import from_json
from toli.warroom import rules
from toli.warroom.rules import Row

MOST_ROWS = 400

# One unit with its children (or with all units of one level below it), each with every figure that stands or is of
# today: two index ranges and one probe per row. `waiting` and `folded_at` say how fresh the figures are.
BOARD = """
WITH shown AS (
    SELECT %(unit)s::bigint AS id
    UNION
    SELECT k.child_id FROM org_unitlink k
    WHERE %(level)s::bigint IS NULL AND k.parent_id = %(unit)s AND k.hierarchy = 'org' AND k.valid_to IS NULL
    UNION
    SELECT u.id FROM org_unit u
    WHERE %(level)s::bigint IS NOT NULL AND u.level_id = %(level)s AND u.path >= %(lo)s AND u.path < %(hi)s
)
SELECT u.id, u.ref, u.names, u.path, v.key,
       (SELECT jsonb_object_agg(c.metric, c.n) FROM org_count c
        WHERE c.unit_id = u.id AND c.wing_id = %(wing)s AND c.day IN (%(standing)s, %(today)s)),
       top.folded_at, EXISTS (SELECT FROM org_delta), top.metrics
FROM (SELECT max(updated_at) AS folded_at, array_agg(DISTINCT metric) AS metrics FROM org_count
      WHERE unit_id = %(root)s AND wing_id = 0 AND day IN (%(standing)s, %(today)s)) top,
     shown s JOIN org_unit u ON u.id = s.id AND u.active JOIN org_level v ON v.id = u.level_id
"""


@dataclass
class Board:
    """What one board page shows. `age` is how old the figures may be; None when nothing was ever counted."""

    unit: Unit | None
    whole: Row
    rows: list[Row]
    as_of: datetime.datetime
    age: datetime.timedelta | None
    before: Before | None = None


@dataclass
class Before:
    """The unit's figures as they stood at the last 08:00 or 20:00."""

    taken_at: datetime.datetime
    figures: dict[str, int]


def board(*, actor: Actor, unit: Unit, now: datetime.datetime, level: str = "", wing_id: int = ALL_WINGS) -> Board:
    """The unit and its children, or all units of `level` below it. One statement; the caller got `unit` as visible."""
    lo, hi = paths.subtree(unit.path)
    values: dict[str, Any] = {
        "unit": unit.pk, "root": paths.ancestors(unit.path)[0], "lo": lo, "hi": hi, "wing": wing_id,
        "level": _level_id(level), "standing": NO_DAY, "today": local_day(now),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BOARD, values)
        found = cursor.fetchall()
    folded_at = found[0][6] if found else None
    age = None if folded_at is None else (now - folded_at if found[0][7] else datetime.timedelta(0))
    rows = [_row(values, age) for values in found]
    whole = next(row for row in rows if row.id == unit.pk)
    below = [row for row in rows if row.id != unit.pk]
    return Board(unit, whole, below, as_of=now - (age or datetime.timedelta(0)), age=age)


def figures_before(unit: Unit, *, now: datetime.datetime) -> Before | None:
    """The unit's last snapshot of the past day; None when there is none."""
    since = now - datetime.timedelta(hours=26)
    found = Snapshot.objects.filter(unit_id=unit.pk, taken_at__gt=since, taken_at__lt=now).order_by("-taken_at").first()
    return Before(found.taken_at, found.figures) if found else None


def _row(values: tuple, age: datetime.timedelta | None) -> Row:  # type: ignore[type-arg]
    unit_id, ref, names, path, level, figures, _folded_at, _waiting, metrics = values
    counted = dict.fromkeys(metrics or (), 0)  # what is counted anywhere is a nought here, not unknown
    row = Row(unit_id, ref, from_json(names), path, level, counted | (from_json(figures) or {}))
    row.grade = rules.grade(row.figures, age=age)
    return row


def _level_id(key: str) -> int | None:
    return Level.objects.filter(key=key).values_list("pk", flat=True).first() if key else None


def children_levels(unit: Unit) -> list[Level]:
    """The levels below a unit whose units can be shown side by side: those that are not too many for one page."""
    lo, hi = paths.subtree(unit.path)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id FROM org_level v, LATERAL (SELECT count(*) AS n FROM (SELECT FROM org_unit u"
            " WHERE u.level_id = v.id AND u.path > %s AND u.path < %s LIMIT %s) few) c"
            " WHERE c.n BETWEEN 1 AND %s ORDER BY v.rank",
            [lo, hi, MOST_ROWS + 1, MOST_ROWS],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Level.objects.filter(pk__in=ids).order_by("rank"))


def ticker(*, actor: Actor, unit: Unit, limit: int = 25) -> list[Record]:
    """The newest records inside the unit, for who may see who did what."""
    if not access.may(actor, "audit.view", unit):
        return []
    return recent_records(ranges=[paths.subtree(unit.path)], limit=limit)


def wings() -> list[Wing]:
    return list(Wing.objects.filter(active=True).order_by("pk"))


# Every open seat of one booth or block with its holder's state: at the end of the way down there is no more below.
SEATS = """
SELECT r.names, s.number, t.names, a.state, a.accepted_at, a.offered_at, a.suspended_at IS NOT NULL, act.last_act_on,
       n.state, s.ref
FROM org_seat s JOIN org_role r ON r.id = s.role_id JOIN org_teamkind t ON t.id = s.team_kind_id
LEFT JOIN org_appointment a ON a.seat_id = s.id AND a.state IN ('offered', 'accepted') AND NOT a.acting
    AND a.handing_over_until IS NULL
LEFT JOIN org_activity act ON act.person_id = a.person_id
LEFT JOIN org_namedholder n ON n.seat_id = s.id AND n.state IN ('named', 'invited')
WHERE s.unit_id = %s AND s.closed_at IS NULL ORDER BY t.id, r.id, s.number LIMIT 200
"""
SEAT_COLUMNS = (
    "role",
    "number",
    "team",
    "state",
    "accepted_at",
    "offered_at",
    "suspended",
    "last_act_on",
    "named",
    "ref",
)


def seats_of(unit: Unit) -> list[dict[str, object]]:
    """The unit's own seats with the state of each, no names."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [unit.pk])
        rows = [dict(zip(SEAT_COLUMNS, values, strict=True)) for values in cursor.fetchall()]
    for row in rows:
        row["role"], row["team"] = from_json(row["role"]), from_json(row["team"])
    return rows
