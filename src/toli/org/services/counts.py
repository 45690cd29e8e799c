"""Figures: deltas appended by whoever changes a fact, folded once a second, checked against the facts.

A figure counts seats or acts of the unit itself; folding spreads it over the unit's ancestors. Wing 0 is "all wings",
written apart, because persons do not add up across wings.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from toli.kit.dates import local_day
from toli.org.models import Seat
from toli.org.models.counts import ALL_WINGS, NO_DAY

DeltaRow = tuple[int, int | None, str, int, datetime.date | None]
SILENT_AFTER_DAYS = 7


def add_counts(rows: Iterable[DeltaRow]) -> None:
    """Append deltas (unit id, wing id or None for all, metric, n, IST day or None); one INSERT, no row is updated."""
    found = [r for r in rows if r[3]]
    if not found:
        return
    units, wings, metrics, ns, days = zip(*found, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO org_delta (unit_id, wing_id, metric, n, day)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::date[])",
            [list(units), [w or ALL_WINGS for w in wings], list(metrics), list(ns), [d or NO_DAY for d in days]],
        )


def seat_rows(seat: Seat, metric: str, n: int, day: datetime.date | None = None) -> list[DeltaRow]:
    """The deltas of one seat: once for its wing, once for all wings."""
    rows: list[DeltaRow] = [(seat.unit_id, None, metric, n, day)]
    if seat.wing_id is not None:
        rows.append((seat.unit_id, seat.wing_id, metric, n, day))
    return rows


FOLD = """
WITH taken AS (
    -- A range, not "id IN (...)": the table is mostly empty, and statistics that say so make that a loop in a loop.
    DELETE FROM org_delta WHERE id <= (
        SELECT max(id) FROM (SELECT id FROM org_delta ORDER BY id LIMIT %(limit)s) AS first)
      RETURNING unit_id, wing_id, metric, day, n
), own AS (
    SELECT unit_id, wing_id, metric, day, sum(n)::bigint AS n, count(*) AS rows FROM taken GROUP BY 1, 2, 3, 4
), spread AS (
    SELECT a.id::bigint AS unit_id, o.wing_id, o.metric, o.day, sum(o.n)::bigint AS n
    FROM own o JOIN org_unit u ON u.id = o.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS a(id)
    WHERE u.path <> '' GROUP BY 1, 2, 3, 4
), written AS (
    INSERT INTO org_count AS c (unit_id, wing_id, metric, day, n, updated_at)
    SELECT unit_id, wing_id, metric, day, n, now() FROM spread
    ON CONFLICT (unit_id, wing_id, metric, day) DO UPDATE SET n = c.n + excluded.n, updated_at = excluded.updated_at
)
SELECT coalesce(sum(rows), 0) FROM own
"""


def fold_counts(limit: int = 200_000) -> int:
    """Fold waiting deltas into the counts of their units and all ancestors; how many. Folds 100,000 in about a
    second.
    """
    with transaction.atomic():
        lock_tree()
        with connection.cursor() as cursor:
            cursor.execute(FOLD, {"limit": limit})
            return int(cursor.fetchone()[0])


def lock_tree() -> None:
    """Held by folding, moving and recounting until their transaction ends: none may see another half done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('org.tree'))")


ACT = """
UPDATE org_activity a SET last_act_on = %(day)s, silent = false
FROM (SELECT person_id, silent FROM org_activity WHERE person_id = %(person)s FOR UPDATE) old
WHERE a.person_id = old.person_id AND a.last_act_on < %(day)s
RETURNING old.silent
"""

LIVE_SEATS_OF = """
SELECT s.unit_id, s.wing_id FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id
WHERE a.person_id = %s AND a.state = 'accepted' AND a.suspended_at IS NULL AND a.handing_over_until IS NULL
  AND s.closed_at IS NULL
"""


def note_act(*, person_id: int, now: datetime.datetime) -> bool:
    """Mark an act of the person's own: their seats count as active today (IST). True when it was the first today."""
    day = local_day(now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT last_act_on >= %s FROM org_activity WHERE person_id = %s", [day, person_id])
        known = cursor.fetchone()
        if known is not None and known[0]:
            return False
        was_silent = False
        if known is None:
            cursor.execute(
                "INSERT INTO org_activity (person_id, last_act_on, silent) VALUES (%s, %s, false)"
                " ON CONFLICT DO NOTHING",
                [person_id, day],
            )
            if cursor.rowcount == 0:
                return False
        else:
            cursor.execute(ACT, {"person": person_id, "day": day})
            row = cursor.fetchone()
            if row is None:
                return False
            was_silent = row[0]
        cursor.execute(LIVE_SEATS_OF, [person_id])
        rows: list[DeltaRow] = []
        for unit_id, wing_id in cursor.fetchall():
            for wing in {None, wing_id}:
                rows.append((unit_id, wing, "active", 1, day))
                if was_silent:
                    rows.append((unit_id, wing, "silent", -1, None))
        add_counts(rows)
    return True


MARK_SILENT = """
WITH gone AS (
    UPDATE org_activity SET silent = true WHERE NOT silent AND last_act_on <= %(before)s RETURNING person_id
), seats AS (
    SELECT s.unit_id, s.wing_id FROM gone g
    JOIN org_appointment a ON a.person_id = g.person_id AND a.state = 'accepted' AND a.suspended_at IS NULL
        AND a.handing_over_until IS NULL
    JOIN org_seat s ON s.id = a.seat_id AND s.closed_at IS NULL
)
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT unit_id, w.wing_id, 'silent', %(standing)s, count(*) FROM seats
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(seats.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2
"""


def mark_silent(*, now: datetime.datetime) -> int:
    """Count holders whose last own act lies 7 days back or more as silent. Safe to run at any time, any number of
    times.
    """
    before = local_day(now) - datetime.timedelta(days=SILENT_AFTER_DAYS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MARK_SILENT, {"before": before, "standing": NO_DAY})
        return int(cursor.rowcount)


# Facts of this room as (unit_id, wing_id, metric, day, n): what the counts must be, computed from nothing but facts.
FACTS = """
SELECT s.unit_id, w.wing_id, m.metric, m.day, count(*)::bigint AS n
FROM org_seat s
LEFT JOIN org_appointment a ON a.seat_id = s.id AND (a.state = 'offered'
    OR (a.state = 'accepted' AND a.suspended_at IS NULL AND a.handing_over_until IS NULL))
LEFT JOIN org_activity act ON act.person_id = a.person_id
LEFT JOIN people_person p ON p.id = a.person_id
LEFT JOIN people_contactpoint cp ON cp.person_id = p.id AND cp.valid_to IS NULL
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(s.wing_id, 0)) AS w(wing_id)
CROSS JOIN LATERAL (
    SELECT 'accepted', DATE '1970-01-01' WHERE a.state = 'accepted'
    UNION ALL SELECT 'offered', DATE '1970-01-01' WHERE a.state = 'offered'
    UNION ALL SELECT 'verified', DATE '1970-01-01'
        WHERE a.state = 'accepted' AND NOT p.duplicate_flag AND cp.verified_at > %(verified_since)s
    UNION ALL SELECT 'silent', DATE '1970-01-01' WHERE a.state = 'accepted' AND act.silent
    UNION ALL SELECT 'active', %(today)s::date WHERE a.state = 'accepted' AND act.last_act_on = %(today)s
) AS m(metric, day)
WHERE s.closed_at IS NULL GROUP BY 1, 2, 3, 4
UNION ALL
SELECT s.unit_id, w.wing_id, 'norm', DATE '1970-01-01', count(*)::bigint
FROM org_seat s CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(s.wing_id, 0)) AS w(wing_id)
WHERE s.closed_at IS NULL GROUP BY 1, 2
UNION ALL
SELECT s.unit_id, 0, n.state, DATE '1970-01-01', count(*)::bigint
FROM org_namedholder n JOIN org_seat s ON s.id = n.seat_id
WHERE n.state IN ('named', 'invited') AND s.closed_at IS NULL GROUP BY 1, 3
UNION ALL
SELECT unit_id, 0, 'members', DATE '1970-01-01', count(*)::bigint FROM org_membership WHERE valid_to IS NULL GROUP BY 1
"""

FACTS_OF = "SELECT * FROM ({facts}) AS f WHERE unit_id = ANY(%(units)s)"
FactRow = tuple[int, int, str, datetime.date, int]


def facts_of(unit_ids: Sequence[int], now: datetime.datetime) -> list[FactRow]:
    """This room's facts of these units alone, nothing below them: (unit, wing, metric, day, n)."""
    with connection.cursor() as cursor:
        cursor.execute(
            FACTS_OF.format(facts=FACTS),
            {**_drift_params(now, OWN_METRICS, DAILY_METRICS), "units": list(unit_ids)},
        )
        return [tuple(row) for row in cursor.fetchall()]  # type: ignore[misc]


SET_COUNTS = """
INSERT INTO org_count AS c (unit_id, wing_id, metric, day, n, updated_at)
SELECT unit_id, wing_id, metric, day, should, now() FROM ({drift}) d
ON CONFLICT (unit_id, wing_id, metric, day) DO UPDATE SET n = excluded.n, updated_at = excluded.updated_at
"""

VERIFIED_FOR_DAYS = 180
OWN_METRICS = ("norm", "accepted", "offered", "verified", "silent", "named", "invited", "members")
DAILY_METRICS = ("active",)

# What the counts should be (facts spread over ancestors, less what still waits as deltas) against what they are.
DRIFT = """
WITH facts AS ({facts}), spread AS (
    SELECT a.id::bigint AS unit_id, f.wing_id, f.metric, f.day, sum(f.n) AS n
    FROM (SELECT unit_id, wing_id, metric, day, n FROM facts
          UNION ALL SELECT unit_id, wing_id, metric, day, -n FROM org_delta
          WHERE metric = ANY(%(standing)s) OR (metric = ANY(%(daily)s) AND day = %(today)s)) f
    JOIN org_unit u ON u.id = f.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS a(id)
    WHERE u.path <> '' GROUP BY 1, 2, 3, 4
), held AS (
    SELECT unit_id, wing_id, metric, day, n FROM org_count
    WHERE metric = ANY(%(standing)s) OR (metric = ANY(%(daily)s) AND day = %(today)s)
)
SELECT coalesce(s.unit_id, h.unit_id) AS unit_id, coalesce(s.wing_id, h.wing_id) AS wing_id,
       coalesce(s.metric, h.metric) AS metric, coalesce(s.day, h.day) AS day,
       coalesce(s.n, 0)::bigint AS should, coalesce(h.n, 0) AS is
FROM spread s FULL JOIN held h USING (unit_id, wing_id, metric, day)
WHERE coalesce(s.n, 0) <> coalesce(h.n, 0)
"""


def drift(
    *,
    now: datetime.datetime,
    facts: str = FACTS,
    standing: Sequence[str] = OWN_METRICS,
    daily: Sequence[str] = DAILY_METRICS,
) -> list[tuple[int, int, str, datetime.date, int, int]]:
    """Every figure that disagrees with the facts: (unit, wing, metric, day, should be, is). Empty when all is right.

    Another room passes its own `facts` statement (columns unit_id, wing_id, metric, day, n) and metrics.
    """
    with connection.cursor() as cursor:
        cursor.execute(DRIFT.format(facts=facts), _drift_params(now, standing, daily))
        return [tuple(row) for row in cursor.fetchall()]  # type: ignore[misc]


def recount(
    *,
    now: datetime.datetime,
    facts: str = FACTS,
    standing: Sequence[str] = OWN_METRICS,
    daily: Sequence[str] = DAILY_METRICS,
) -> int:
    """Set every figure to what the facts say; how many were wrong. Run nightly, because "verified" ages by itself."""
    with transaction.atomic():
        lock_tree()
        with connection.cursor() as cursor:
            cursor.execute(SET_COUNTS.format(drift=DRIFT.format(facts=facts)), _drift_params(now, standing, daily))
            return int(cursor.rowcount)


def _drift_params(now: datetime.datetime, standing: Sequence[str], daily: Sequence[str]) -> dict[str, Any]:
    return {
        "today": local_day(now),
        "verified_since": now - datetime.timedelta(days=VERIFIED_FOR_DAYS),
        "standing": list(standing),
        "daily": list(daily),
    }
