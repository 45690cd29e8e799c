"""The board: a unit and what lies below it with all their figures, read from the folded counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from toli.audit.models import Record
from toli.audit.queries import recent_records
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Level, SnapshotSlot, Unit, Wing
from toli.org.models.counts import ALL_WINGS, NO_DAY
from toli.org.queries.rows import from_json
from toli.warroom import rules
from toli.warroom.rules import Row

MOST_ROWS = 400
COMPARED_FOR = datetime.timedelta(hours=26)
"""A figure is compared with the last snapshot, unless that is more than two slots back."""

# One unit with its children (or with all units of one level below it), each with every figure that stands or is of
# today, and as they were in the last kept snapshot: index ranges and two probes per row. `folded_at` and whether
# deltas wait say how fresh the figures are.
BOARD = """
WITH shown AS (
    SELECT %(unit)s::bigint AS id
    UNION
    SELECT k.child_id FROM org_unitlink k
    WHERE %(level)s::bigint IS NULL AND k.parent_id = %(unit)s AND k.hierarchy = 'org' AND k.valid_to IS NULL
    UNION
    SELECT u.id FROM org_unit u
    WHERE %(level)s::bigint IS NOT NULL AND u.level_id = %(level)s AND u.path >= %(lo)s AND u.path < %(hi)s
), top AS (
    SELECT max(updated_at) AS folded_at, array_agg(DISTINCT metric) AS metrics, EXISTS (SELECT FROM org_delta) AS waits,
           (SELECT max(at) FROM org_snapshotslot WHERE at > %(since)s AND at < %(now)s) AS kept_at
    FROM org_count WHERE unit_id = %(root)s AND wing_id = 0 AND day IN (%(standing)s, %(today)s)
)
SELECT u.id, u.ref, u.names, u.path, v.key,
       (SELECT jsonb_object_agg(c.metric, c.n) FROM org_count c
        WHERE c.unit_id = u.id AND c.wing_id = %(wing)s AND c.day IN (%(standing)s, %(today)s)),
       (SELECT b.figures FROM org_snapshot b
        WHERE b.slot_at = top.kept_at AND b.unit_id = u.id AND b.wing_id = %(wing)s),
       top.folded_at, top.waits, top.metrics, top.kept_at
FROM top CROSS JOIN shown s JOIN org_unit u ON u.id = s.id AND (u.active OR u.id = %(unit)s)
JOIN org_level v ON v.id = u.level_id
"""

# The same from a kept snapshot, with the one before it. The units are named: the tree was another on that day.
BOARD_ON = """
SELECT u.id, u.ref, u.names, u.path, v.key, n.figures, b.figures,
       (SELECT array_agg(key) FROM org_snapshot r, jsonb_object_keys(r.figures) AS key
        WHERE r.slot_at = %(at)s AND r.unit_id = %(root)s AND r.wing_id = 0)
FROM unnest(%(units)s::bigint[]) AS s(id) JOIN org_unit u ON u.id = s.id JOIN org_level v ON v.id = u.level_id
LEFT JOIN org_snapshot n ON n.slot_at = %(at)s AND n.unit_id = u.id AND n.wing_id = %(wing)s
LEFT JOIN org_snapshot b ON b.slot_at = %(before)s AND b.unit_id = u.id AND b.wing_id = %(wing)s
"""

# Every unit of one level that lay below this one on a day, by the links of that day.
BELOW_ON = """
WITH RECURSIVE below AS (
    SELECT %(unit)s::bigint AS id, 0 AS depth
    UNION
    SELECT k.child_id, b.depth + 1 FROM below b JOIN org_unit p ON p.id = b.id JOIN org_level pv ON pv.id = p.level_id
    JOIN org_unitlink k ON k.parent_id = b.id AND k.hierarchy = 'org'
      AND (k.valid_from IS NULL OR k.valid_from <= %(on)s) AND (k.valid_to IS NULL OR k.valid_to > %(on)s)
    WHERE b.depth < 20 AND pv.rank < (SELECT rank FROM org_level WHERE id = %(level)s)
)
SELECT DISTINCT b.id FROM below b JOIN org_unit u ON u.id = b.id
WHERE u.level_id = %(level)s AND (u.valid_from IS NULL OR u.valid_from <= %(on)s)
  AND (u.valid_to IS NULL OR u.valid_to > %(on)s)
LIMIT %(limit)s
"""


@dataclass
class Board:
    """What one board page shows. `age` is how old the figures may be; None when nothing was ever counted.

    `kept` is the slot a board of an earlier moment is read from; `before_at` the slot every row is compared with.
    """

    unit: Unit
    whole: Row
    rows: list[Row]
    as_of: datetime.datetime
    age: datetime.timedelta | None
    before_at: datetime.datetime | None = None
    kept: SnapshotSlot | None = None


def board(*, actor: Actor, unit: Unit, now: datetime.datetime, level: str = "", wing_id: int = ALL_WINGS) -> Board:
    """The unit and its children, or all units of `level` below it. One statement; the caller got `unit` as visible."""
    lo, hi = paths.subtree(unit.path)
    values: dict[str, Any] = {
        "unit": unit.pk, "root": paths.ancestors(unit.path)[0], "lo": lo, "hi": hi, "wing": wing_id, "now": now,
        "level": _level_id(level), "standing": NO_DAY, "today": local_day(now), "since": now - COMPARED_FOR,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BOARD, values)
        found = cursor.fetchall()
    folded_at, waits, metrics, before_at = found[0][7:]
    age = None if folded_at is None else (now - folded_at if waits else datetime.timedelta(0))
    whole, below = _parted(unit, [_row(values, metrics, age) for values in found])
    return Board(unit, whole, below, now - (age or datetime.timedelta(0)), age, before_at)


def board_on(*, actor: Actor, unit: Unit, slot: SnapshotSlot, level: str = "", wing_id: int = ALL_WINGS) -> Board:
    """The board as it stood in a kept snapshot: the figures and the children of that day."""
    day = local_day(slot.at)
    level_id = _level_id(level)
    ids = _below_on(unit, level_id, day) if level_id else [child.pk for child in org.children_on(unit.pk, day)]
    before = org.snapshot_slot(slot.at, after=slot.at - COMPARED_FOR)
    values: dict[str, Any] = {
        "units": [unit.pk, *ids], "at": slot.at, "before": before.at if before else None, "wing": wing_id,
        "root": paths.ancestors(unit.path)[0],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BOARD_ON, values)
        found = cursor.fetchall()
    age = slot.taken_at - slot.at if slot.is_late else datetime.timedelta(0)
    thin = slot.thinned_at is not None
    rows = [_row(values, () if thin and values[4] == "booth" else values[7], age) for values in found]
    whole, below = _parted(unit, rows)
    return Board(unit, whole, below, slot.taken_at, age, before.at if before else None, slot)


def _below_on(unit: Unit, level_id: int, on: datetime.date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(BELOW_ON, {"unit": unit.pk, "level": level_id, "on": on, "limit": MOST_ROWS})
        return [row[0] for row in cursor.fetchall()]


def _parted(unit: Unit, rows: list[Row]) -> tuple[Row, list[Row]]:
    return next(row for row in rows if row.id == unit.pk), [row for row in rows if row.id != unit.pk]


def _row(values: tuple, metrics: Iterable[str] | None, age: datetime.timedelta | None) -> Row:  # type: ignore[type-arg]
    unit_id, ref, names, path, level, figures, before, *_rest = values
    counted = dict.fromkeys(metrics or (), 0)  # what is counted anywhere is a nought here, not unknown
    row = Row(unit_id, ref, from_json(names), path, level, counted | (from_json(figures) or {}))
    row.before = from_json(before)
    row.grade = rules.grade(row.figures, age=age)
    return row


def _level_id(key: str) -> int | None:
    return Level.objects.filter(key=key).values_list("pk", flat=True).first() if key else None


LEVELS_BELOW = """
SELECT v.id, v.key, v.names, v.rank FROM org_level v, LATERAL (SELECT count(*) AS n FROM (SELECT FROM org_unit u
    WHERE u.level_id = v.id AND u.path > %s AND u.path < %s LIMIT %s) few) c
WHERE c.n BETWEEN 1 AND %s ORDER BY v.rank
"""


def children_levels(unit: Unit) -> list[Level]:
    """The levels below a unit whose units can be shown side by side: those that are not too many for one page."""
    lo, hi = paths.subtree(unit.path)
    with connection.cursor() as cursor:
        cursor.execute(LEVELS_BELOW, [lo, hi, MOST_ROWS + 1, MOST_ROWS])
        return [Level(pk, key, from_json(names), rank) for pk, key, names, rank in cursor.fetchall()]


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
