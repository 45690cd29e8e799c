"""Open tasks follow a merger of units, and go back when it is undone. Set by set, for thousands of units at once.

What is decided: a share that is verified or withdrawn stays where that happened. A share that somebody accepted, handed
in or had returned goes along to the unit that stays, beside that unit's own: each keeps its person, its quantity and
its proof. Where nobody has begun a share, and the unit that stays has one of the same task that nobody has begun
either, the quantities are added up in that one and the other ends. Levels in between become one, with all that stands
below them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org.queries import Merger
from toli.tasks.models import Assignment, ShareMove
from toli.tasks.services.adding_up import add_up_levels
from toli.tasks.services.counting import COUNTED

LOCK = """
WITH touched AS MATERIALIZED (
    SELECT t.id FROM tasks_task t
    WHERE t.state = 'given'
      AND EXISTS (SELECT FROM tasks_assignment a WHERE a.task_id = t.id AND a.unit_id = ANY(%(units)s || %(into)s))
    ORDER BY t.id FOR UPDATE
)
SELECT a.id FROM tasks_assignment a
WHERE a.task_id IN (SELECT id FROM touched) AND a.unit_id = ANY(%(units)s || %(into)s)
ORDER BY a.id FOR UPDATE
"""

# Who goes along, and who joins whom: a level joins the other unit's level; work nobody has begun joins work nobody has
# begun, the other unit's own first.
PLAN = """
WITH going AS (
    SELECT a.*, m.into_id, (NOT a.is_work OR a.state = 'given') AS joins
    FROM unnest(%(units)s::bigint[], %(into)s::bigint[]) AS m(unit_id, into_id)
    JOIN tasks_assignment a ON a.unit_id = m.unit_id
      AND a.state <> 'withdrawn' AND NOT (a.is_work AND a.state = 'verified')
    JOIN tasks_task t ON t.id = a.task_id AND t.state = 'given'
), receiver AS (
    SELECT DISTINCT ON (g.task_id, g.into_id, g.is_work) g.task_id, g.into_id, g.is_work, coalesce(b.id, g.id) AS id
    FROM going g
    LEFT JOIN tasks_assignment b ON b.task_id = g.task_id AND b.unit_id = g.into_id AND b.is_work = g.is_work
      AND (NOT b.is_work OR b.state = 'given')
    WHERE g.joins ORDER BY g.task_id, g.into_id, g.is_work, b.id, g.id
)
INSERT INTO tasks_sharemove (change_ref, assignment_id, from_unit_id, to_unit_id, from_parent_id, joined_id, at)
SELECT %(change)s, g.id, g.unit_id, g.into_id, g.parent_id, nullif(r.id, g.id), %(now)s
FROM going g
LEFT JOIN receiver r ON g.joins AND r.task_id = g.task_id AND r.into_id = g.into_id AND r.is_work = g.is_work
ON CONFLICT DO NOTHING
"""

# What stood below a level that joins another gets another level above it, whatever became of its own unit.
PLAN_BELOW = """
INSERT INTO tasks_sharemove (change_ref, assignment_id, from_unit_id, to_unit_id, from_parent_id, at)
SELECT %(change)s, c.id, c.unit_id, c.unit_id, c.parent_id, %(now)s
FROM tasks_sharemove v
JOIN tasks_assignment a ON a.id = v.assignment_id AND NOT a.is_work
JOIN tasks_assignment c ON c.parent_id = a.id
WHERE v.change_ref = %(change)s AND v.joined_id IS NOT NULL
ON CONFLICT DO NOTHING
"""

COUNT_THE_WAY = """
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT c.unit_id, w.wing_id, 'tasks_given', DATE '1970-01-01', c.n FROM gone g
    CROSS JOIN LATERAL (VALUES (g.from_unit_id, -1), (g.to_unit_id, 1)) AS c(unit_id, n)
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(g.wing_id, 0)) AS w(wing_id)
    WHERE g.is_work
"""

GO_ALONG = f"""
WITH gone AS (
    UPDATE tasks_assignment a SET unit_id = v.to_unit_id, given_to_id = coalesce(a.given_to_id, v.from_unit_id)
    FROM tasks_sharemove v
    WHERE v.change_ref = %(change)s AND v.joined_id IS NULL
      AND v.from_unit_id <> v.to_unit_id AND a.id = v.assignment_id
    RETURNING a.is_work, a.wing_id, v.from_unit_id, v.to_unit_id
), counted AS ({COUNT_THE_WAY})
SELECT count(*) FROM gone WHERE is_work
"""  # noqa: S608  (only our own statement is put in)

JOIN_WORK = f"""
WITH touched AS (
    UPDATE tasks_assignment a SET joined_into_id = v.joined_id, state = 'withdrawn', withdrawn_at = %(now)s, teams = 0,
        version = a.version + 1
    FROM tasks_sharemove v
    WHERE v.change_ref = %(change)s AND v.joined_id IS NOT NULL AND a.id = v.assignment_id AND a.is_work
    RETURNING a.joined_into_id, a.share, a.unit_id, a.wing_id
), taken AS (
    UPDATE tasks_assignment t SET share = t.share + e.share, version = t.version + 1
    FROM (SELECT joined_into_id, sum(share)::bigint AS share FROM touched GROUP BY 1) e WHERE t.id = e.joined_into_id
), counted AS ({COUNTED})
SELECT count(*) FROM touched
"""  # noqa: S608  (only our own statement is put in)

JOIN_LEVELS = """
UPDATE tasks_assignment a SET joined_into_id = v.joined_id
FROM tasks_sharemove v
WHERE v.change_ref = %(change)s AND v.joined_id IS NOT NULL AND a.id = v.assignment_id AND NOT a.is_work
"""

# The level of the nearest unit above that has one in this task; a task given elsewhere keeps what stood above it.
FIND_LEVELS = """
WITH nearest AS (
    SELECT DISTINCT ON (a.id) a.id, p.id AS parent_id
    FROM tasks_sharemove v
    JOIN tasks_assignment a ON a.id = v.assignment_id
    JOIN org_unit u ON u.id = a.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')::bigint[])
        WITH ORDINALITY AS above(unit_id, place)
    JOIN tasks_assignment p ON p.task_id = a.task_id AND p.unit_id = above.unit_id AND NOT p.is_work AND p.id <> a.id
      AND p.joined_into_id IS NULL
    WHERE v.change_ref = %(change)s AND v.joined_id IS NULL AND a.parent_id IS NOT NULL
    ORDER BY a.id, above.place DESC
), found AS (
    SELECT a.id, coalesce(n.parent_id, p.joined_into_id, p.id) AS parent_id
    FROM tasks_sharemove v
    JOIN tasks_assignment a ON a.id = v.assignment_id
    JOIN tasks_assignment p ON p.id = a.parent_id
    LEFT JOIN nearest n ON n.id = a.id
    WHERE v.change_ref = %(change)s AND v.joined_id IS NULL
)
UPDATE tasks_assignment a SET parent_id = f.parent_id FROM found f WHERE f.id = a.id AND a.parent_id <> f.parent_id
"""

# A level that nothing stands below any more is no part of its task.
END_EMPTY_LEVELS = """
UPDATE tasks_assignment a SET state = 'withdrawn', withdrawn_at = %(now)s, teams = 0, teams_done = 0, done = 0,
    share = CASE WHEN a.joined_into_id IS NULL THEN 0 ELSE a.share END, version = a.version + 1
WHERE a.id = ANY(%(levels)s) AND NOT a.is_work AND a.state <> 'withdrawn'
  AND NOT EXISTS (SELECT FROM tasks_assignment c WHERE c.parent_id = a.id)
"""

# Only where a level came to stand at another depth: the whole task is counted down from its top.
SET_DEPTHS = """
WITH RECURSIVE crooked AS (
    SELECT DISTINCT a.task_id FROM tasks_sharemove v JOIN tasks_assignment a ON a.id = v.assignment_id
    JOIN tasks_assignment p ON p.id = a.parent_id
    WHERE v.change_ref = %(change)s AND a.depth <> p.depth + 1
), down AS (
    SELECT a.id, 0 AS depth FROM tasks_assignment a JOIN crooked c ON c.task_id = a.task_id WHERE a.parent_id IS NULL
    UNION ALL
    SELECT a.id, d.depth + 1 FROM down d JOIN tasks_assignment a ON a.parent_id = d.id
)
UPDATE tasks_assignment a SET depth = d.depth FROM down d WHERE d.id = a.id AND a.depth <> d.depth
"""

# A task stands where its highest share stands.
MOVE_TASKS = """
UPDATE tasks_task t SET unit_id = a.unit_id
FROM tasks_sharemove v JOIN tasks_assignment a ON a.id = v.assignment_id AND a.parent_id IS NULL
WHERE v.change_ref = %(change)s AND t.id = a.task_id AND t.unit_id <> a.unit_id
"""


LEVELS_AROUND = """
SELECT DISTINCT level.id
FROM tasks_sharemove v
JOIN tasks_assignment a ON a.id = v.assignment_id
LEFT JOIN tasks_assignment r ON r.id = v.joined_id
CROSS JOIN LATERAL (VALUES
    (v.from_parent_id), (a.parent_id), (r.parent_id), (CASE WHEN NOT a.is_work THEN a.id END),
    (CASE WHEN NOT r.is_work THEN r.id END)
) AS level(id)
WHERE v.change_ref = %(change)s AND level.id IS NOT NULL
"""

# What was begun since with a joint quantity, or has ended, stays where that happened.
CHOOSE_BACK = """
UPDATE tasks_sharemove v SET undone_at = %(now)s, went_back = t.state = 'given' AND CASE
    WHEN NOT a.is_work OR v.from_unit_id = v.to_unit_id THEN true
    WHEN v.joined_id IS NULL THEN a.state NOT IN ('verified', 'withdrawn')
    ELSE (SELECT r.state = 'given' FROM tasks_assignment r WHERE r.id = v.joined_id) END
FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
WHERE v.change_ref = %(change)s AND v.undone_at IS NULL AND a.id = v.assignment_id
"""

GO_BACK = f"""
WITH gone AS (
    UPDATE tasks_assignment a SET unit_id = v.from_unit_id, given_to_id = nullif(a.given_to_id, v.from_unit_id)
    FROM tasks_sharemove v
    WHERE v.change_ref = %(change)s AND v.went_back AND v.joined_id IS NULL
      AND v.from_unit_id <> v.to_unit_id AND a.id = v.assignment_id
    RETURNING a.is_work, a.wing_id, v.to_unit_id AS from_unit_id, v.from_unit_id AS to_unit_id
), counted AS ({COUNT_THE_WAY})
SELECT count(*) FROM gone WHERE is_work
"""  # noqa: S608

PART_WORK = f"""
WITH touched AS (
    UPDATE tasks_assignment a SET joined_into_id = NULL, state = 'given', withdrawn_at = NULL, teams = 1,
        version = a.version + 1
    FROM tasks_sharemove v
    WHERE v.change_ref = %(change)s AND v.went_back AND v.joined_id IS NOT NULL
      AND a.id = v.assignment_id AND a.is_work
    RETURNING v.joined_id, a.share, a.unit_id, a.wing_id
), left_with AS (
    UPDATE tasks_assignment r SET share = r.share - t.share, version = r.version + 1
    FROM (SELECT joined_id, sum(share)::bigint AS share FROM touched GROUP BY 1) t WHERE r.id = t.joined_id
), counted AS ({COUNTED})
SELECT count(*) FROM touched
"""  # noqa: S608

PART_LEVELS = """
UPDATE tasks_assignment a SET joined_into_id = NULL
FROM tasks_sharemove v
WHERE v.change_ref = %(change)s AND v.went_back AND v.joined_id IS NOT NULL
  AND a.id = v.assignment_id AND NOT a.is_work
"""

LEVELS_BACK = """
UPDATE tasks_assignment a SET parent_id = v.from_parent_id
FROM tasks_sharemove v
WHERE v.change_ref = %(change)s AND v.went_back AND v.joined_id IS NULL
  AND a.id = v.assignment_id AND a.parent_id <> v.from_parent_id
"""


@transaction.atomic
def follow_merger(*, actor: Actor, merger: Merger, now: datetime) -> int:
    """Bring open shares of units that went into others along; how many shares of teams. Twice changes nothing."""
    bounds = {"change": merger.ref, "now": now, "units": list(merger.into), "into": list(merger.into.values()), "n": -1}
    _run(LOCK, bounds)
    if not merger.stands or ShareMove.objects.filter(change_ref=merger.ref).exists():
        return 0
    for statement in (PLAN, PLAN_BELOW):
        _run(statement, bounds)
    moved, joined = _run(GO_ALONG, bounds), _run(JOIN_WORK, bounds)
    for statement in (JOIN_LEVELS, FIND_LEVELS):
        _run(statement, bounds)
    _settle(actor, _levels_around(bounds), bounds)
    _record(actor, "tasks.shares_followed", merger, {"moved": moved, "joined": joined})
    return moved + joined


@transaction.atomic
def put_back_merger(*, actor: Actor, merger: Merger, now: datetime) -> int:
    """Put shares back to the units that are their own again; how many. What was begun with a joint quantity, or has
    ended, stays where it is, and the record says how many. Twice changes nothing.
    """
    bounds = {"change": merger.ref, "now": now, "units": list(merger.into), "into": list(merger.into.values()), "n": 1}
    _run(LOCK, bounds)
    if merger.stands or not _run(CHOOSE_BACK, bounds):
        return 0
    levels = _levels_around(bounds)
    back = _run(GO_BACK, bounds) + _run(PART_WORK, bounds)
    for statement in (PART_LEVELS, LEVELS_BACK):
        _run(statement, bounds)
    _settle(actor, levels | _levels_around(bounds), bounds)
    left = _shares_of_teams(merger).filter(went_back=False).count()
    _record(actor, "tasks.shares_put_back", merger, {"moved": back, "left": left})
    return back


def _run(statement: str, bounds: Mapping[str, Any]) -> int:
    """The count a statement answers, or how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds)
        if cursor.description and statement is not LOCK:
            return int(cursor.fetchone()[0])
        return int(cursor.rowcount)


def _levels_around(bounds: Mapping[str, Any]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(LEVELS_AROUND, bounds)
        return {row[0] for row in cursor.fetchall()}


def _settle(actor: Actor, levels: set[int], bounds: Mapping[str, Any]) -> None:
    """Levels without anything below end, depths and tops are set, and all that changed is added up."""
    _run(END_EMPTY_LEVELS, {**bounds, "levels": list(levels)})
    _run(SET_DEPTHS, bounds)
    _run(MOVE_TASKS, bounds)
    above = Assignment.objects.filter(pk__in=levels, parent__isnull=False).values_list("parent_id", flat=True)
    below = Assignment.objects.filter(parent__in=levels | set(above)).values_list("task_id", "parent_id").distinct()
    of_task: dict[int, set[int]] = defaultdict(set)
    for task_id, level_id in below:
        of_task[task_id].add(level_id)
    for task_id, found in sorted(of_task.items()):
        add_up_levels(actor, task_id, found, bounds["now"])


def _shares_of_teams(merger: Merger) -> QuerySet[ShareMove]:
    rows = ShareMove.objects.filter(change_ref=merger.ref, assignment__is_work=True)
    return rows.exclude(from_unit=F("to_unit"))


def _record(actor: Actor, verb: str, merger: Merger, data: dict[str, int]) -> None:
    """One record for all, with a row for each share of a team; nothing where no such share was touched."""
    shares = _shares_of_teams(merger).values_list("assignment__ref", "assignment__unit_id")
    batch = [audit.BatchTarget("tasks.assignment", ref, unit_id) for ref, unit_id in shares]
    if batch:
        audit.record(actor, verb, None, unit=merger.top, data={**data, "change": str(merger.ref)}, batch=batch)
