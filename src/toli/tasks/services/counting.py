"""The figures of this room: what one share adds to its unit."""

from __future__ import annotations

from toli.org.services.counts import DeltaRow
from toli.tasks.models import Assignment


def share_rows(assignment: Assignment, metric: str, n: int) -> list[DeltaRow]:
    """The deltas of one share (tasks_given, tasks_done): once for its wing, once for all wings."""
    return [(assignment.unit_id, wing_id, metric, n, None) for wing_id in {None, assignment.wing_id}]
