"""What an act adds to the figures: of the share's unit, and of whoever acts."""

from __future__ import annotations

from datetime import datetime

from toli.kit.actor import Actor
from toli.org import services as org
from toli.org.services.counts import DeltaRow
from toli.tasks.models import Assignment


def share_rows(assignment: Assignment, metric: str, n: int) -> list[DeltaRow]:
    """The deltas of one share (tasks_given, tasks_done): once for its wing, once for all wings."""
    return [(assignment.unit_id, wing_id, metric, n, None) for wing_id in {None, assignment.wing_id}]


def note_own_act(actor: Actor, now: datetime) -> None:
    """Whoever gives, accepts, hands in, verifies, returns or reminds is active today; a job is nobody."""
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
