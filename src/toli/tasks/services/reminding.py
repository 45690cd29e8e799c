"""Reminders: planned in one statement, asked for by a coordinator, sent by the job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.delivery import services as delivery
from toli.delivery.limits import quiet_ends
from toli.kit.actor import Actor, SystemActor
from toli.kit.dates import local, local_day
from toli.kit.errors import LimitReached, NotFound
from toli.tasks import queries, rules
from toli.tasks.models import Assignment, Muted, Reminder
from toli.tasks.services.counting import note_own_act

AT_ONCE = 5_000

PLAN = """
INSERT INTO tasks_reminder (ref, assignment_id, reason, remind_at, state, sent_key)
SELECT gen_random_uuid(), a.id, r.reason, %(now)s, 'waiting', ''
FROM tasks_task t
JOIN tasks_assignment a ON a.task_id = t.id AND a.is_work AND a.state IN ('given', 'accepted', 'returned')
CROSS JOIN LATERAL (
    SELECT 'late' AS reason WHERE t.due_at <= %(now)s
    UNION ALL SELECT 'soon' WHERE t.due_at > %(now)s AND t.due_at <= %(soon)s AND t.given_at < t.due_at - %(lead)s
    UNION ALL SELECT 'unanswered' WHERE a.state = 'given' AND t.due_at > %(soon)s AND t.given_at <= %(asked)s
) AS r
WHERE t.state = 'given' AND (t.due_at <= %(soon)s OR t.given_at <= %(asked)s) AND t.due_at > %(old)s
  AND NOT EXISTS (SELECT FROM tasks_reminder k WHERE k.assignment_id = a.id AND k.reason = r.reason)
ON CONFLICT DO NOTHING
"""

DROP = """
UPDATE tasks_reminder r SET state = 'dropped', ended_at = %(now)s
FROM tasks_assignment a
WHERE a.id = r.assignment_id AND r.state = 'waiting' AND a.state IN ('handed_in', 'verified', 'withdrawn')
"""


MAY_STILL_WAIT = timedelta(days=3)

# Who did the work after the reminder was handed over, and owes nothing of that task any more.
OVERTAKEN = """
SELECT DISTINCT r.sent_key, a.accepted_by_id
FROM tasks_reminder r JOIN tasks_assignment a ON a.id = r.assignment_id
WHERE r.state = 'sent' AND r.ended_at > %(since)s AND r.sent_key <> '' AND a.accepted_by_id IS NOT NULL
    AND a.state IN ('handed_in', 'verified', 'withdrawn')
    AND NOT EXISTS (SELECT FROM tasks_assignment o WHERE o.task_id = a.task_id AND o.accepted_by_id = a.accepted_by_id
                    AND o.state IN ('accepted', 'returned'))
"""


def plan_reminders(*, now: datetime) -> int:
    """Write each reminder that has become due, once for its reason; how many. One pass over open tasks."""
    bounds: dict[str, Any] = {
        "now": now, "soon": now + rules.SOON, "lead": rules.SOON, "asked": now - rules.ANSWER_WITHIN,
        "old": now - rules.LONGEST_TIME,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAN, bounds)
        return int(cursor.rowcount)


def drop_stale_reminders(*, now: datetime) -> int:
    """Forget reminders of work that was handed in or ended meanwhile, and stop messages of it that still wait for a
    provider; how many reminders and messages.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DROP, {"now": now})
        dropped = int(cursor.rowcount)
        cursor.execute(OVERTAKEN, {"since": now - MAY_STILL_WAIT})
        keys = [f"{key}:{person_id}" for key, person_id in cursor.fetchall()]
    return dropped + delivery.cancel_keys(actor=SystemActor(request_id="tasks.reminders"), keys=keys)


@transaction.atomic
def mute_reminders(*, actor: Actor, now: datetime) -> None:
    """No reminders of tasks by SMS for this person any more; in Toli they are still seen. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound()
    _row, made = Muted.objects.get_or_create(person_id=actor.person_id, defaults={"since": now})
    if made:
        audit.record(actor, "tasks.reminders_muted", None)


@transaction.atomic
def unmute_reminders(*, actor: Actor) -> None:
    """Reminders by SMS again. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound()
    gone, _by_model = Muted.objects.filter(person_id=actor.person_id).delete()
    if gone:
        audit.record(actor, "tasks.reminders_unmuted", None)


@transaction.atomic
def remind(*, actor: Actor, ref: UUID, now: datetime) -> Reminder:
    """Ask the team of one share for its work. Raises NotFound, NotAllowed, WrongState, or LimitReached for 12 hours."""
    assignment = queries.get_assignment(actor=actor, right="tasks.verify", ref=ref, lock=True)
    made = new_nudge(assignment, by=actor, now=now)
    note_own_act(actor, now)
    audit.record(actor, "tasks.reminded", assignment, unit=assignment.unit)
    return made


def new_nudge(assignment: Assignment, *, by: Actor, now: datetime, at: datetime | None = None) -> Reminder:
    """A coordinator's reminder, due `at` (now when None); the caller holds the share's lock and records it.

    Raises WrongState or LimitReached.
    """
    rules.check_remindable(assignment)
    lately = assignment.reminders.filter(reason=Reminder.Reason.NUDGE, remind_at__gt=now - rules.NUDGE_AGAIN_AFTER)
    if lately.exclude(state=Reminder.State.DROPPED).exists():
        raise LimitReached(_("This team was reminded less than 12 hours ago."))
    return Reminder.objects.create(
        assignment=assignment, reason=Reminder.Reason.NUDGE, asked_by_id=by.person_id, remind_at=at or now
    )


# Whoever accepted the share; before that everybody of its team.
RECIPIENTS = """
SELECT DISTINCT coalesce(a.accepted_by_id, h.person_id) AS person_id
FROM tasks_reminder r
JOIN tasks_assignment a ON a.id = r.assignment_id
LEFT JOIN org_seat s ON a.accepted_by_id IS NULL AND s.unit_id = a.unit_id AND s.closed_at IS NULL
    AND (a.wing_id IS NULL OR s.wing_id = a.wing_id)
LEFT JOIN org_appointment h ON h.seat_id = s.id AND h.state = 'accepted' AND h.suspended_at IS NULL
    AND (h.valid_to IS NULL OR h.valid_to > %(now)s)
WHERE r.id = ANY(%(reminders)s) AND coalesce(a.accepted_by_id, h.person_id) IS NOT NULL
    AND NOT EXISTS (SELECT FROM tasks_muted m WHERE m.person_id = coalesce(a.accepted_by_id, h.person_id))
"""


@transaction.atomic
def send_reminders(*, link: str, now: datetime) -> int:
    """Hand due reminders to `delivery`, at most 5,000 at a time: one statement for each task and reason; how many.

    `delivery` asks the gate `may_contact` for each person and keeps the quiet hours; who gets no SMS sees the word in
    their tasks all the same.
    """
    if quiet_ends(now) is not None:
        return 0  # they wait here, where work done meanwhile and a silence begun meanwhile still stop them
    due = list(queries.due_reminders(now).select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    of: dict[tuple[int, str], list[Reminder]] = defaultdict(list)
    for reminder in due:
        of[reminder.assignment.task_id, reminder.reason].append(reminder)
    for (_task_id, reason), reminders in of.items():
        task = reminders[0].assignment.task
        until = local(task.due_at).strftime("%d-%m-%Y %H:%M")
        key = f"tasks.{reason}:{task.ref}:{local_day(now)}"
        delivery.queue_many(
            template="reminder", person_ids=_recipients(reminders, now), params={"until": until, "link": link}, now=now,
            key=key,
        )  # fmt: skip
        rows = Reminder.objects.filter(pk__in=[r.pk for r in reminders])
        rows.update(state=Reminder.State.SENT, ended_at=now, sent_key=key)
    return len(due)


def _recipients(reminders: Sequence[Reminder], now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(RECIPIENTS, {"reminders": [r.pk for r in reminders], "now": now})
        return [row[0] for row in cursor.fetchall()]
