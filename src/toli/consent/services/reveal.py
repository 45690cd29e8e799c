"""Opening a number: the one way an officer sees one in full."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent import queries
from toli.consent.purposes import BASE
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, NotFound
from toli.org import queries as org
from toli.people import queries as people
from toli.people import services as people_services
from toli.people.models import Person


@transaction.atomic
def reveal_number(*, actor: Actor, person_ref: UUID, reason: str, words: str, now: datetime) -> str:
    """The number in full, recorded with its reason, which the person sees. Raises NotFound, NeedsSecondFactor,
    BadInput, NotAllowed (no consent to calls, or their preference says no) or LimitReached (the day's share is used).
    """
    person = org.get_person(actor=actor, ref=person_ref, right="people.reveal")
    why = people.check_reason(reason, words, person)
    check_may_call(actor=actor, person=person, now=now)
    if actor.person_id is not None:
        people_services.lock_persons([actor.person_id])  # one count at a time, or two at once exceed it
    people.check_reveal_share(actor=actor, now=now)
    number = people.open_number(actor=actor, person=person, reason=why)
    if number is None:
        raise NotFound()
    audit.record(actor, "people.revealed", person, unit=org.home_unit_of(person), data={"reason": reason})
    return number


def check_may_call(*, actor: Actor, person: Person, now: datetime) -> None:
    """Raise NotAllowed when the person did not agree to calls, or not to calls of this caller."""
    verdict = queries.may_contact(person.pk, BASE, "call", now)
    if not verdict:
        raise NotAllowed(verdict.sentence)
    if verdict.women_only and not people.is_woman(actor.person_id):
        raise NotAllowed(_("This person takes calls from women only. Please ask a woman of your team."))
