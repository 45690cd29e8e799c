"""What the desk does about one person's data at that person's request, each act with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.consent.models import ConsentEvent
from toli.consent.queries import data
from toli.consent.services.ledger import withdraw_all
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import queries as org
from toli.org import services as org_services
from toli.people import queries as people
from toli.people import services as people_services
from toli.people.models import Hold, Person

CORRECTED_BY_OTHERS = ("name", "birth_year", "place_text", "pin_code")
"""Who may call, and what somebody agreed to, only the person changes."""


@transaction.atomic
def correct_for(*, actor: Actor, ref: UUID, changes: Mapping[str, Any], words: str, now: datetime) -> Person:
    """Correct somebody's own data, with the reason. Raises NotFound, NotAllowed or BadInput."""
    person = org.get_person(actor=actor, ref=ref, right="people.correct")
    if set(changes) - set(CORRECTED_BY_OTHERS):
        raise NotAllowed(_("Only the person can change this, on their own phone."))
    reason = people.check_words(words, person)
    return people_services.correct_person(
        actor=actor, person=person, now=now, reason=reason, unit=org.home_unit_of(person), **changes
    )


@transaction.atomic
def export_for(*, actor: Actor, ref: UUID, words: str, now: datetime) -> dict[str, Any]:
    """Somebody's data as plain values, at their request: what they complained of is not in it. Raises NotFound,
    NeedsSecondFactor or BadInput.
    """
    person = org.get_person(actor=actor, ref=ref, right="people.export")
    reason = people.check_words(words, person)
    audit.note_read(actor, person_id=person.pk, columns=["Person.*"], reason=f"copy: {reason}")
    audit.record(actor, "people.exported", person, unit=org.home_unit_of(person), data={"reason": reason})
    return data.file_of(person, own=False)


@transaction.atomic
def seal_for(*, actor: Actor, ref: UUID, words: str, now: datetime) -> Person:
    """Seal somebody's data because they asked at the desk. Raises NotFound, NeedsSecondFactor, NotAllowed, BadInput."""
    person = org.get_person(actor=actor, ref=ref, right="people.seal")
    if person.pk == actor.person_id:
        raise NotAllowed(_("Ask for your own erasure on the page of your data."))
    reason = people.check_words(words, person)
    return seal_everything(actor=actor, person=person, now=now, channel=ConsentEvent.Channel.DESK, reason=reason)


def seal_everything(
    *, actor: Actor, person: Person, now: datetime, channel: str, session_key: str = "", reason: str = ""
) -> Person:  # fmt: skip
    """Consents, seats, name, number and way in, of every entry joined into this person; the caller checked who asks."""
    withdraw_all(actor=actor, person=person, session_key=session_key, now=now, channel=channel)
    org_services.end_everything_of(actor=actor, person=person, reason="erasure asked", now=now)
    sealed = people_services.seal_person(actor=actor, person=person, now=now, reason=reason)
    for holder_id in people.holders_of(sealed):
        accounts.end_holder(actor=actor, holder_id=holder_id)
    return sealed


@transaction.atomic
def set_hold(*, actor: Actor, ref: UUID, words: str, until: datetime, now: datetime) -> Hold:
    """Keep a person's values for a case, whatever the calendar says. Raises NotFound, NeedsSecondFactor, BadInput."""
    person = data.get_anybody(actor=actor, ref=ref, right="people.hold", lock=True)
    if until <= now:
        raise BadInput(fields={"until": _("A hold ends on a day to come.")})
    if person.state == Person.State.PURGED:
        raise WrongState(_("This data is erased already; nothing is left to keep."))
    reason = people.check_words(words, person)
    hold = people_services.add_hold(person=person, reason=reason, until=until, by_id=actor.person_id, now=now)
    audit.record(actor, "people.held", person, data={"reason": reason, "until": until.isoformat()})
    return hold


@transaction.atomic
def lift_hold(*, actor: Actor, ref: UUID, now: datetime) -> Hold:
    """End a hold before its time. Raises NotFound, NeedsSecondFactor or WrongState."""
    hold = data.get_hold(actor=actor, ref=ref)
    if hold.lifted_at is not None:
        raise WrongState(_("This hold was lifted already."))
    people_services.lift_hold(hold=hold, by_id=actor.person_id, now=now)
    audit.record(actor, "people.hold_lifted", hold.person, data={"reason": hold.reason})
    return hold


@transaction.atomic
def erase_now(*, actor: Actor, ref: UUID, now: datetime) -> Person:
    """Erase data whose time has come, without waiting for the worker. Raises NotFound, NeedsSecondFactor, WrongState
    (a hold, or the year of rule 8(3) is not over).
    """
    person = data.get_anybody(actor=actor, ref=ref, right="people.seal", lock=True)
    return people_services.purge_person(actor=actor, person=person, now=now)
