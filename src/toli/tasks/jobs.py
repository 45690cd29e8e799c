"""What the worker runs for this room: jobs that follow records (see flows.py), and the timetable at the bottom."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from toli.audit import queries as audit
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.org import queries as org
from toli.tasks import queries, services

ACTOR = SystemActor(request_id="tasks.jobs")
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(name="tasks.add_up_parents", retry=AGAIN)
def add_up_parents(record_ids: list[int]) -> int:
    """Follows verified, undone and withdrawn shares. Adds up from facts: running it again changes nothing."""
    refs = audit.refs_touched(record_ids)
    return services.add_up_parents(actor=ACTOR, refs=refs, now=timezone.now())


@app.task(name="tasks.add_up_withdrawn", retry=AGAIN)
def add_up_withdrawn(record_ids: list[int]) -> int:
    """Follows withdrawn tasks: every share of them moved at once."""
    return services.add_up_tasks(actor=ACTOR, task_refs=audit.refs_touched(record_ids), now=timezone.now())


@app.task(name="tasks.give_declarations", retry=AGAIN)
def give_declarations(record_ids: list[int]) -> int:
    """Follows pages made for the printer: the declaration of section 127A, once for each."""
    return services.give_declarations(actor=ACTOR, refs=audit.refs_touched(record_ids), now=timezone.now())


@app.task(name="tasks.release_open_work", retry=AGAIN)
def release_open_work(record_ids: list[int]) -> int:
    """Follows suspended and ended appointments: the open work of that seat goes back to its team."""
    released = 0
    for held in queries.appointments_by_ref(audit.refs_touched(record_ids)):
        released += services.release_work_of(
            actor=ACTOR, person_id=held.person_id, unit_id=held.seat.unit_id, now=timezone.now()
        )
    return released


@app.task(name="tasks.follow_mergers", retry=AGAIN)
def follow_mergers(record_ids: list[int]) -> int:
    """Follows changes of the tree: open shares of units that went into others go along."""
    mergers = org.mergers_of(audit.refs_touched(record_ids))
    return sum(services.follow_merger(actor=ACTOR, merger=merger, now=timezone.now()) for merger in mergers)


@app.task(name="tasks.put_back_mergers", retry=AGAIN)
def put_back_mergers(record_ids: list[int]) -> int:
    """Follows changes of the tree that were undone, the newest first."""
    mergers = reversed(org.mergers_of(audit.refs_touched(record_ids)))
    return sum(services.put_back_merger(actor=ACTOR, merger=merger, now=timezone.now()) for merger in mergers)


def _plan_reminders() -> int:
    return services.plan_reminders(now=timezone.now())


def _drop_stale_reminders() -> int:
    return services.drop_stale_reminders(now=timezone.now())


def _send_reminders() -> int:
    return services.send_reminders(link=f"{settings.PUBLIC_URL}/me/tasks/", now=timezone.now())


def _compare_photos() -> int:
    return services.compare_photos(now=timezone.now())


def _recount() -> int:
    return services.recount(now=timezone.now())


def _erase_proofs() -> int:
    return services.erase_proofs(actor=ACTOR, now=timezone.now())


def _sweep_files() -> int:
    return services.sweep_files(now=timezone.now())


TICKS = [
    Tick("tasks.plan_reminders", seconds=300, run=_plan_reminders),
    Tick("tasks.drop_stale_reminders", seconds=120, run=_drop_stale_reminders),
    Tick("tasks.send_reminders", seconds=30, run=_send_reminders),
    Tick("tasks.compare_photos", seconds=10, run=_compare_photos),
    Tick("tasks.recount", seconds=6 * 3600, run=_recount),
    Tick("tasks.erase_proofs", seconds=3600, run=_erase_proofs),
    Tick("tasks.sweep_files", seconds=24 * 3600, run=_sweep_files),
]
