"""Acts on many shares at once, and taking such an act back within ten minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound, Sentence, ToliError, WrongState
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.tasks import queries, rules
from toli.tasks.models import Assignment, BulkAct, BulkRow, Reminder, Task
from toli.tasks.services.counting import note_own_act, share_rows
from toli.tasks.services.reminding import new_nudge
from toli.tasks.services.work import mark_returned

RIGHT = "tasks.verify"
REMEMBERED = (
    "state", "accepted_by_id", "accepted_at", "hand_in_id", "verified_by_id", "verified_at", "returned_at",
    "return_reason", "done", "teams_done",
)  # fmt: skip


@dataclass
class BulkOutcome:
    """What a bulk act did, and by name what it left alone and why."""

    act: BulkAct | None = None
    done: list[Assignment] = field(default_factory=list)
    left: list[tuple[Assignment, Sentence]] = field(default_factory=list)
    is_repeat: bool = False
    """The same page sent twice: everything was done the first time."""


def bulk_verify(*, actor: Actor, refs: Sequence[UUID], now: datetime, ref: UUID | None = None) -> BulkOutcome:
    """Verify each of these shares that waits for it; the others stay, by name. Raises BadInput or NotFound."""

    def verify(assignment: Assignment) -> None:
        rules.check_verifiable(assignment, by=actor)
        if assignment.hand_in is not None and assignment.hand_in.matches.filter(answer="").exists():
            raise WrongState(_("Its photo looks like one handed in before. Please look at both first."))
        assignment.mark_verified(by=actor, at=now)

    with transaction.atomic():
        outcome = _each(actor, BulkAct.Verb.VERIFY, refs, verify, now, ref)
        if not outcome.is_repeat:
            org.add_counts([row for assignment in outcome.done for row in share_rows(assignment, "tasks_done", 1)])
            _record(actor, "tasks.verified", outcome, now)
    return outcome


def bulk_return(
    *, actor: Actor, refs: Sequence[UUID], reason: str, now: datetime, ref: UUID | None = None
) -> BulkOutcome:
    """Return every one of these shares with the same reason. Raises BadInput or NotFound."""
    reason = rules.check_reason(reason)

    def give_back(assignment: Assignment) -> None:
        rules.check_verifiable(assignment, by=actor)
        mark_returned(assignment, reason=reason, at=now)

    with transaction.atomic():
        outcome = _each(actor, BulkAct.Verb.RETURN, refs, give_back, now, ref)
        _record(actor, "tasks.returned", outcome, now, reason=reason)
    return outcome


def bulk_remind(*, actor: Actor, refs: Sequence[UUID], now: datetime, ref: UUID | None = None) -> BulkOutcome:
    """Remind the teams of these shares when the time to undo is over, none twice within 12 hours.

    Raises BadInput or NotFound.
    """
    made: dict[int, Reminder] = {}

    def nudge(assignment: Assignment) -> None:
        made[assignment.pk] = new_nudge(assignment, by=actor, now=now, at=now + rules.UNDO_FOR)

    with transaction.atomic():
        outcome = _each(actor, BulkAct.Verb.REMIND, refs, nudge, now, ref, made)
        _record(actor, "tasks.reminded", outcome, now)
    return outcome


def _each(
    actor: Actor, verb: str, refs: Sequence[UUID], do: Callable[[Assignment], None], now: datetime,
    act_ref: UUID | None, reminders: dict[int, Reminder] | None = None,
) -> BulkOutcome:  # fmt: skip
    """Lock the shares in the order of their ids, do what can be done, and remember how each stood before."""
    rows = _chosen(actor, refs)
    known = BulkAct.objects.filter(ref=act_ref).first() if act_ref else None
    if known is not None:
        return _again(known, actor)
    outcome = BulkOutcome()
    before: dict[int, dict[str, Any]] = {}
    for assignment in rows:
        stood = {column: getattr(assignment, column) for column in REMEMBERED}
        try:
            do(assignment)
        except ToliError as error:
            outcome.left.append((assignment, error.sentence))
        else:
            before[assignment.pk] = stood
            outcome.done.append(assignment)
    if outcome.done:
        outcome.act = BulkAct.objects.create(ref=act_ref or uuid7(), verb=verb, by_id=actor.person_id, at=now)
        _remember(outcome.act, outcome.done, before, reminders or {})
    return outcome


def _chosen(actor: Actor, refs: Sequence[UUID]) -> list[Assignment]:
    wanted = set(refs)
    if not wanted:
        raise BadInput(_("Please choose at least one line."))
    if len(wanted) > rules.MOST_AT_ONCE:
        raise BadInput(_("At most 500 lines can be done at once. Please choose fewer."))
    rows = queries.shares_in_charge(actor, RIGHT).filter(ref__in=wanted).order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    if len(found) != len(wanted) or actor.person_id is None:
        raise NotFound()
    return found


def _again(known: BulkAct, actor: Actor) -> BulkOutcome:
    if known.by_id != actor.person_id:
        raise NotFound()
    rows = known.rows.select_related("assignment__unit", "assignment__task")
    return BulkOutcome(act=known, done=[row.assignment for row in rows], is_repeat=True)


def _remember(
    act: BulkAct, done: list[Assignment], before: dict[int, dict[str, Any]], reminders: dict[int, Reminder]
) -> None:
    BulkRow.objects.bulk_create(
        BulkRow(act=act, assignment=a, before=_as_json(before[a.pk]), version=a.version, reminder=reminders.get(a.pk))
        for a in done
    )


def _as_json(stood: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in stood.items()}


def _from_json(stood: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value
        for name, value in stood.items()
    }


def _record(actor: Actor, verb: str, outcome: BulkOutcome, now: datetime, **data: Any) -> None:
    if outcome.done and not outcome.is_repeat:
        batch = [audit.BatchTarget("tasks.assignment", a.ref, a.unit_id) for a in outcome.done]
        unit = queries.common_unit([a.unit for a in outcome.done])
        note_own_act(actor, now)
        audit.record(actor, verb, outcome.act, unit=unit, data={"shares": len(batch), **data}, batch=batch)


@transaction.atomic
def undo(*, actor: Actor, ref: UUID, now: datetime) -> BulkOutcome:
    """Put back exactly how each share stood before one's own bulk act; what somebody touched since is left, by name.

    Raises NotFound, NotAllowed, or WrongState when it is undone already or ten minutes have passed.
    """
    act = queries.get_bulk_act(actor=actor, ref=ref, lock=True)
    rules.check_undoable(act, by=actor, now=now)
    rows = {row.assignment_id: row for row in act.rows.select_related("reminder")}
    charge = queries.shares_in_charge(actor, RIGHT).filter(pk__in=rows).order_by("pk")
    outcome = BulkOutcome(act=act)
    for assignment in charge.select_for_update(of=("self",)):
        put_back = _put_back(act, rows[assignment.pk], assignment, now)
        if put_back:
            outcome.done.append(assignment)
        else:
            outcome.left.append((assignment, _("Somebody has gone on with it since, so it was left as it is.")))
    if act.verb == BulkAct.Verb.VERIFY:
        org.add_counts([row for assignment in outcome.done for row in share_rows(assignment, "tasks_done", -1)])
    act.undone_at = now
    act.save(update_fields=["undone_at"])
    _record(actor, "tasks.undone", outcome, now)
    return outcome


def _put_back(act: BulkAct, row: BulkRow, assignment: Assignment, now: datetime) -> bool:
    """False when somebody moved on."""
    if act.verb == BulkAct.Verb.REMIND:
        waiting = Reminder.objects.filter(pk=row.reminder_id, state=Reminder.State.WAITING)
        return waiting.update(state=Reminder.State.DROPPED, ended_at=now) == 1
    if assignment.version != row.version or assignment.task.state == Task.State.WITHDRAWN:
        return False
    for column, value in _from_json(row.before).items():
        setattr(assignment, column, value)
    assignment.version += 1
    assignment.save(update_fields=[*REMEMBERED, "version"])
    return True
