"""What a person does about themselves: join by their own hand, and ask to be forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.accounts import services as account_services
from toli.accounts.models import Holder
from toli.audit import services as audit
from toli.consent import queries as consent
from toli.consent import services as consent_services
from toli.consent.models import ConsentEvent
from toli.consent.purposes import BASE
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import queries as org
from toli.org import services as org_services
from toli.people import queries as people
from toli.people import services as people_services
from toli.people.models import Person


@transaction.atomic
def join(
    *,
    actor: Actor,
    holder: Holder,
    name: str,
    birth_year: int | None,
    purposes: Collection[str],
    language: str,
    session_key: str,
    now: datetime,
) -> Person:
    """Make the session's own person, with the number it proved and what they agreed to. Raises BadInput, WrongState."""
    if BASE not in purposes:
        raise BadInput(fields={"purposes": _("Without a yes to work in a team you cannot join one.")})
    if actor.login_id != holder.login_id or org.person_for_holder(holder.pk) is not None:
        raise WrongState(_("You have joined already."))
    person = people_services.create_person(
        actor=actor,
        holder=holder,
        number=accounts.proved_phone(login_id=holder.login_id),
        name=name,
        birth_year=birth_year,
        now=now,
        verified=True,
    )
    account_services.set_initial(holder_id=holder.pk, name=name)
    consent_services.give(
        actor=actor,
        person=person,
        notice=consent.current_notice(),
        language=language,
        purposes=list(purposes),
        session_key=session_key,
        now=now,
    )
    return person


@transaction.atomic
def claim_seat(*, actor: Actor, person: Person, ref: UUID, now: datetime) -> None:
    """Take a seat a sheet names me for; my home too where I had none. Raises NotFound, WrongState, NotAllowed."""
    org.get_named_holder(index=people.number_index_of(person), ref=ref)
    if not consent.has_consent(person.pk, BASE):
        raise NotAllowed(_("First agree to work in a team, on the page of your data."))
    appointment = org_services.claim_named_seat(actor=actor, ref=ref, now=now)
    if org.home_unit_of(person) is None:
        org_services.set_home(actor=actor, person=person, unit=appointment.seat.unit, now=now)


@transaction.atomic
def accept_seat(*, actor: Actor, person: Person, ref: UUID, now: datetime) -> None:
    """Say yes to an offer, with the consent that working in a team needs. Raises NotFound, WrongState, NotAllowed."""
    org.get_appointment(actor=actor, ref=ref)
    if not consent.has_consent(person.pk, BASE):
        raise NotAllowed(_("First agree to work in a team, on the page of your data."))
    org_services.accept_offer(actor=actor, ref=ref, now=now)


@transaction.atomic
def erase_me(*, actor: Actor, session_key: str, now: datetime) -> Person:
    """Stop every use of my data now: consents, seats, number and name; it is purged when the law lets it.

    Digital Personal Data Protection Rules 2025, rule 8(3): a year after the processing. Raises NotAllowed, WrongState.
    """
    person = consent.get_self(actor=actor)
    if actor.is_system or actor.seen_as_id or actor.on_behalf_of_id:
        raise NotAllowed(_("Only the person can ask for this, from their own phone."))
    audit.record(actor, "volunteer.erasure_asked", person)
    return consent_services.seal_everything(
        actor=actor, person=person, session_key=session_key, now=now, channel=ConsentEvent.Channel.WEB
    )
