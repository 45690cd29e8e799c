"""Reminders that are due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.tasks import holding
from toli.tasks.models import Kind, Muted, Reminder
from toli.tasks.queries.tasks import current_windows


def due_reminders(now: datetime) -> QuerySet[Reminder]:
    """Reminders to send now, oldest first; of an appeal none goes where silence holds."""
    rows = Reminder.objects.select_related("assignment__task", "assignment__unit", "assignment__accepted_by").filter(
        state=Reminder.State.WAITING, remind_at__lte=now
    )
    for lo, hi in holding.silent_ranges(current_windows(now), now):
        rows = rows.exclude(
            assignment__task__kind=Kind.APPEAL, assignment__unit__path__gte=lo, assignment__unit__path__lt=hi
        )
    return rows.order_by("remind_at", "id")


def has_muted(actor: Actor) -> bool:
    """True for a person who wants no reminders by SMS."""
    return Muted.objects.filter(person_id=actor.person_id).exists()
