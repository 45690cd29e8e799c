"""A volunteer's own work: what the team was given, what I do, what I handed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from toli.elections import queries as elections
from toli.elections.gate import Verdict
from toli.kit import language
from toli.kit.actor import Actor
from toli.tasks import holding
from toli.tasks.models import Assignment, Reminder
from toli.tasks.queries.shares import get_my_assignment, my_assignments
from toli.tasks.queries.tasks import current_windows

ENDED_SHOWN_FOR = timedelta(days=14)
State = Assignment.State


@dataclass(frozen=True)
class MyShare:
    """A share as its volunteer sees it. Where the verdict says no, its words are not shown."""

    assignment: Assignment
    verdict: Verdict
    reminder: Reminder | None = None
    law_turns_at: datetime | None = None
    """When the law next opens or closes an appeal here: a page kept on the phone shows it no longer after that."""

    @property
    def is_held(self) -> bool:
        return not self.verdict

    @property
    def held_text(self) -> str:
        """The law's reason in the page's language."""
        return self.verdict.text(language.current())


@dataclass
class MyWork:
    """My shares by what is to be done about them, the next deadline first."""

    to_do: list[MyShare] = field(default_factory=list)
    free: list[MyShare] = field(default_factory=list)
    waiting: list[MyShare] = field(default_factory=list)
    ended: list[MyShare] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.to_do or self.free or self.waiting or self.ended)


_GROUPS = {
    State.GIVEN: "free", State.ACCEPTED: "to_do", State.RETURNED: "to_do", State.HANDED_IN: "waiting",
    State.VERIFIED: "ended", State.WITHDRAWN: "ended",
}  # fmt: skip


def my_work(actor: Actor, *, now: datetime) -> MyWork:
    """Everything on the page "my tasks", each with the gate's verdict of this moment."""
    rows = [a for a in my_assignments(actor, now=now)[:500] if a.is_open or _ended_lately(a, now)]
    work = MyWork()
    for shown in _with_verdicts(rows, now):
        getattr(work, _GROUPS[State(shown.assignment.state)]).append(shown)
    return work


def my_share(actor: Actor, ref: UUID, *, now: datetime) -> MyShare:
    """One share of my team or of mine, with its verdict. Raises NotFound."""
    [shown] = _with_verdicts([get_my_assignment(actor=actor, ref=ref, now=now)], now)
    return shown


def _ended_lately(assignment: Assignment, now: datetime) -> bool:
    ended = assignment.verified_at or assignment.withdrawn_at
    return ended is not None and ended > now - ENDED_SHOWN_FOR


def _with_verdicts(rows: list[Assignment], now: datetime) -> list[MyShare]:
    windows = current_windows(now)
    places = elections.places_of([a.unit for a in rows])
    reminders = _reminders(rows, now)
    return [
        MyShare(
            a, holding.verdict_for(a.task, places[a.unit_id], windows=windows, now=now), reminders.get(a.pk),
            holding.turns_at(a.task, places[a.unit_id], windows=windows, now=now),
        )
        for a in rows
    ]  # fmt: skip


def _reminders(rows: list[Assignment], now: datetime) -> dict[int, Reminder]:
    """The newest reminder of each share that still owes something."""
    owing = [a.pk for a in rows if a.state in (State.GIVEN, State.ACCEPTED, State.RETURNED)]
    found = Reminder.objects.filter(assignment_id__in=owing, remind_at__lte=now).exclude(state=Reminder.State.DROPPED)
    return {reminder.assignment_id: reminder for reminder in found.order_by("remind_at", "id")}
