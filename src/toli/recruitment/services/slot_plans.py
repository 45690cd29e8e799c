"""Times given out by the worker: a press on the desk is kept, taken up, and written all at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from toli.audit import services as audit
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import NotAllowed, ToliError, WrongState
from toli.org import queries as org
from toli.people.models import Person
from toli.recruitment import interviewing, queries
from toli.recruitment.models import Round, SlotPlan
from toli.recruitment.services.booking import work_out, write_plan

log = logging.getLogger("toli.interviews")
State = SlotPlan.State
OPEN = (State.WAITING, State.WORKING)


@transaction.atomic
def ask_for_times(*, actor: Actor, round_ref: UUID, now: datetime) -> SlotPlan:
    """Let the worker give times to all of my charge who wait; a second press finds the first. Raises NotFound or
    WrongState.
    """
    of = queries.get_round(actor=actor, ref=round_ref, lock=True)
    if of.kind == Round.Kind.WORK_SAMPLE and interviewing.hand_in_until(of) <= now:
        raise WrongState(_("The last day of this round has passed. Nobody was asked for a sample."))
    waiting = SlotPlan.objects.filter(round=of, asked_by_id=actor.person_id, state__in=OPEN).first()
    if waiting is not None:
        return waiting
    made = SlotPlan.objects.create(
        round=of, asked_by_id=actor.person_id, asked_at=now, language=actor.language, changed_at=now
    )
    audit.record(actor, "recruitment.times_asked", of, unit=of.drive.scope)
    return made


def carry_on_plans() -> int:
    """Take up the giving-out that has waited longest; how many. What a dead worker left is worked out anew."""
    plan = SlotPlan.objects.select_related("round").filter(state__in=OPEN).order_by("asked_at", "id").first()
    if plan is None:
        return 0
    with translation.override(plan.language):
        try:
            _carry_out(plan, timezone.now())
        except ToliError as refusal:
            _keep(plan, state=State.FAILED, why=str(refusal)[:500])
        except OperationalError:
            raise  # the database is away: the tick tries again
        except Exception:
            log.exception("giving out the times of round %s failed", plan.round.ref)
            _keep(plan, state=State.FAILED, why=_("A fault of ours stopped it. Nobody was given a time; try again."))
    return 1


def _carry_out(plan: SlotPlan, now: datetime) -> None:
    """The work without a lock, then the writing, the plan's end with it, in one transaction."""
    actor, ref = _actor_of(plan, now), plan.round.ref

    def told(step: str, counts: Mapping[str, int]) -> None:
        _keep(plan, state=State.WORKING, step=step, **counts)

    found = work_out(actor=actor, round_ref=ref, now=now, told=told)
    told(SlotPlan.Step.WRITING, {})
    with transaction.atomic():
        result = write_plan(actor=actor, round_ref=ref, plan=found, now=now)
        _keep(plan, state=State.DONE, result=result)


def _actor_of(plan: SlotPlan, now: datetime) -> Actor:
    """Whoever asked, with what their seats grant now: their second proof was shown when they asked."""
    if plan.asked_by_id is None:
        return SystemActor(request_id=f"times {plan.pk}")
    person = Person.objects.filter(pk=plan.asked_by_id).first()
    if person is None:
        raise NotAllowed
    return org.actor_for(person, now=now, second_factor=True, request_id=f"times {plan.pk}", language=plan.language)


def _keep(plan: SlotPlan, **values: Any) -> None:
    for name, value in values.items():
        setattr(plan, name, value)
    SlotPlan.objects.filter(pk=plan.pk).update(changed_at=timezone.now(), **values)
