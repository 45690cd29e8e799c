"""Call-backs: a number is opened for one attempt, and what the person said is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent.purposes import BASE
from toli.consent.queries import may_contact
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import access
from toli.people import queries as people
from toli.people import services as people_services
from toli.recruitment import calling, queries
from toli.recruitment.models import CallAttempt, CallBack

LOOKED_AT = 20
READ_REASON = "call_back"


@dataclass(frozen=True, slots=True)
class Opened:
    """One attempt with the number it opened. The number is shown once and kept nowhere."""

    attempt: CallAttempt
    number: str = field(repr=False)

    @property
    def dial(self) -> str:
        return self.number.replace(" ", "")


@transaction.atomic
def open_next_call(*, actor: Actor, now: datetime) -> Opened:
    """Take the next call of my charge and open its number for this attempt; again: the same attempt, read once more.

    Raises NotFound (no right, or nobody left to call now) or WrongState (outside of 10 to 21 o'clock).
    """
    if actor.person_id is None or not access.may_anywhere(actor, queries.CALL_RIGHT):
        raise NotFound
    if not calling.may_call(now):
        raise WrongState(_("People are called from 10 in the morning to 9 in the evening. Nothing was opened."))
    people_services.lock_persons([actor.person_id])  # two presses at once open one call
    held = queries.held_call(actor, now=now)
    if held is not None:
        attempt = CallAttempt.objects.get(call=held, number=held.tries + 1)
        return Opened(attempt, _number(actor, held))
    for _look in range(LOOKED_AT):  # locked one by one, so that whoever asks beside us finds the next
        call = queries.calls_due(actor, now=now).select_for_update(of=("self",), skip_locked=True).first()
        if call is None:
            break
        if opened := _open(actor, call, now):
            return opened
    raise NotFound(_("Nobody in your charge is to be called now. Thank you; please look again later."))


def _open(actor: Actor, call: CallBack, now: datetime) -> Opened | None:
    """The attempt, or None where the person may not be called: then nobody asks them again."""
    verdict = may_contact(call.application.person_id, BASE, "call", now)
    number = _number(actor, call) if verdict else ""
    if not number:
        _end(call, CallBack.State.GIVEN_UP, "", now)
        return None
    attempt, _made = CallAttempt.objects.update_or_create(
        call=call, number=call.tries + 1, defaults={"caller_id": actor.person_id, "opened_at": now}
    )
    call.held_by_id, call.held_until = actor.person_id, now + calling.HELD
    call.save(update_fields=["held_by_id", "held_until"])
    unit = call.application.unit
    audit.record(actor, "recruitment.call_opened", call, unit=unit, data={"try": attempt.number})
    return Opened(attempt, number)


def _number(actor: Actor, call: CallBack) -> str:
    return people.open_number(actor=actor, person=call.application.person, reason=READ_REASON) or ""


@transaction.atomic
def say_outcome(*, actor: Actor, ref: UUID, outcome: str, now: datetime) -> CallBack:
    """Write down what came of an attempt. Raises NotFound (not mine, or said already) or BadInput."""
    attempt = queries.get_held_attempt(actor=actor, ref=ref, now=now, lock=True)
    if outcome not in calling.Outcome.values:
        raise BadInput(fields={"outcome": _("Please choose what came of the call.")})
    call = attempt.call
    attempt.outcome, attempt.said_at = outcome, now
    attempt.save(update_fields=["outcome", "said_at"])
    call.tries += 1
    again = calling.next_try(now, call.tries)
    if outcome in calling.FINAL:
        _end(call, CallBack.State.DONE, outcome, now)
    elif again is None:
        _end(call, CallBack.State.GIVEN_UP, outcome, now)
    else:
        call.next_try_at, call.held_by_id, call.held_until = again, None, None
        call.save(update_fields=["next_try_at", "held_by_id", "held_until", "tries"])
    audit.record(actor, "recruitment.call_made", call, unit=call.application.unit, data={"try": attempt.number})
    return call


def _end(call: CallBack, state: CallBack.State, outcome: str, now: datetime) -> None:
    call.state, call.outcome, call.done_at, call.held_by_id, call.held_until = state, outcome, now, None, None
    call.save(update_fields=["state", "outcome", "done_at", "held_by_id", "held_until", "tries"])
