"""Adding up: a level is done when its shares are done. Always computed from the shares, so it is safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org.services.counts import recount as recount_figures
from toli.tasks import queries
from toli.tasks.models import Assignment, Task

# One level of parents: their sums from the shares right below them, and the state that follows. What joined another
# share is counted there.
ADD_UP = """
WITH summed AS (
    SELECT p.id, sum(c.teams)::int AS teams, sum(c.teams_done)::int AS teams_done, sum(c.done)::bigint AS done,
           coalesce(sum(c.share) FILTER (WHERE c.joined_into_id IS NULL), 0)::bigint AS share
    FROM tasks_assignment p JOIN tasks_assignment c ON c.parent_id = p.id
    WHERE p.id = ANY(%(parents)s) GROUP BY p.id
), next AS (
    SELECT s.*,
           CASE WHEN s.teams = 0 THEN 'withdrawn' WHEN s.teams = s.teams_done THEN 'verified' ELSE 'given' END AS state
    FROM summed s
), was AS (
    SELECT p.id, p.state FROM tasks_assignment p JOIN next n ON n.id = p.id
), written AS (
    UPDATE tasks_assignment a SET teams = n.teams, teams_done = n.teams_done, done = n.done, state = n.state,
        share = n.share,
        version = a.version + (a.state <> n.state)::int,
        verified_at = CASE WHEN n.state = 'verified' THEN coalesce(a.verified_at, %(now)s) END,
        withdrawn_at = CASE WHEN n.state = 'withdrawn' THEN coalesce(a.withdrawn_at, %(now)s) END
    FROM next n WHERE n.id = a.id
      AND (a.teams, a.teams_done, a.done, a.share, a.state)
          IS DISTINCT FROM (n.teams, n.teams_done, n.done, n.share, n.state)
)
SELECT n.id, w.state, n.state FROM next n JOIN was w ON w.id = n.id
"""


def add_up_parents(*, actor: Actor, refs: Iterable[UUID], now: datetime) -> int:
    """Bring every level above these shares up to date, from the lowest up; how many levels changed their state."""
    shares = Assignment.objects.filter(ref__in=list(refs))
    task_ids = sorted(set(shares.values_list("task_id", flat=True)))
    changed = 0
    for task_id in task_ids:
        parents = set(shares.filter(task_id=task_id, parent__isnull=False).values_list("parent_id", flat=True))
        changed += add_up_levels(actor, task_id, parents, now)
    return changed


def add_up_tasks(*, actor: Actor, task_refs: Iterable[UUID], now: datetime) -> int:
    """Bring every level of these tasks up to date; how many levels changed their state."""
    changed = 0
    for task_id in Task.objects.filter(ref__in=list(task_refs)).order_by("pk").values_list("pk", flat=True):
        lowest = Assignment.objects.filter(task_id=task_id, is_work=True, parent__isnull=False)
        changed += add_up_levels(actor, task_id, set(lowest.values_list("parent_id", flat=True)), now)
    return changed


@transaction.atomic
def add_up_levels(actor: Actor, task_id: int, parents: set[int], now: datetime) -> int:
    """Bring these levels, each with shares below it, and all above them up to date; how many changed their state."""
    task = Task.objects.select_related("unit").select_for_update(of=("self",)).get(pk=task_id)
    turned: list[tuple[int, str]] = []
    while parents:
        with connection.cursor() as cursor:
            cursor.execute(ADD_UP, {"parents": _lowest(parents), "now": now})
            rows = cursor.fetchall()
        turned += [(row_id, state) for row_id, was, state in rows if was != state]
        seen = {row_id for row_id, _was, _state in rows}
        above = Assignment.objects.filter(pk__in=seen, parent__isnull=False).values_list("parent_id", flat=True)
        parents = (parents - seen) | set(above)
    _end_or_reopen(actor, task, turned, now)
    return len(turned)


def _lowest(parents: set[int]) -> list[int]:
    """Those of the greatest depth: what stands below must be added up before what stands above."""
    depths = dict(Assignment.objects.filter(pk__in=parents).values_list("pk", "depth"))
    deepest = max(depths.values())
    return [pk for pk, depth in depths.items() if depth == deepest]


def _end_or_reopen(actor: Actor, task: Task, turned: list[tuple[int, str]], now: datetime) -> None:
    """Record what turned, and let the task's own state follow its top. A withdrawn task stays withdrawn."""
    verbs = {"verified": "tasks.level_done", "given": "tasks.reopened"}
    levels = {a.pk: a for a in Assignment.objects.select_related("unit").filter(pk__in=[pk for pk, _state in turned])}
    for pk, state in turned:
        if state in verbs:
            audit.record(actor, verbs[state], levels[pk], unit=levels[pk].unit, data={"task": str(task.ref)})
    if task.state == Task.State.WITHDRAWN:
        return
    top = Assignment.objects.filter(task=task, parent=None).values_list("state", flat=True).get()
    state = {"verified": Task.State.DONE, "withdrawn": Task.State.WITHDRAWN}.get(top, Task.State.GIVEN)
    if state != task.state:
        task.state, task.ended_at = state, None if state == Task.State.GIVEN else now
        task.save(update_fields=["state", "ended_at"])


def recount(*, now: datetime) -> int:
    """Set the figures of this room to what its facts say; how many were wrong."""
    return recount_figures(now=now, facts=queries.FACTS, standing=queries.STANDING, daily=())
