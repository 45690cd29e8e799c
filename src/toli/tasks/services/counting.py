"""What an act adds to the figures: of the share's unit, and of whoever acts."""

from __future__ import annotations

from datetime import datetime

from toli.kit.actor import Actor
from toli.org import services as org
from toli.org.services.counts import DeltaRow
from toli.tasks.models import Assignment

# What `org.add_counts` would append for each share, in the statement that makes or ends them: wing 0 is "all wings".
COUNTED = """
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT t.unit_id, w.wing_id, 'tasks_given', DATE '1970-01-01', %(n)s FROM touched t
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(t.wing_id, 0)) AS w(wing_id)
"""


def share_rows(assignment: Assignment, metric: str, n: int) -> list[DeltaRow]:
    """The deltas of one share (tasks_given, tasks_done): once for its wing, once for all wings."""
    return [(assignment.unit_id, wing_id, metric, n, None) for wing_id in {None, assignment.wing_id}]


def note_own_act(actor: Actor, now: datetime) -> None:
    """Whoever gives, accepts, hands in, verifies, returns or reminds is active today; a job is nobody."""
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
