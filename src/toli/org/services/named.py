"""Seats named by a sheet: claimed by the owner of the number, or erased."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org import queries
from toli.org.models import Appointment, NamedHolder
from toli.org.services.counts import add_counts
from toli.org.services.seats import claim
from toli.people import queries as people
from toli.people import services as people_services
from toli.people.models import Invitee, Person


@transaction.atomic
def claim_named_seat(*, actor: Actor, ref: UUID, now: datetime) -> Appointment:
    """Take the seat a sheet names me for: the number of my session must be the named one. Raises NotFound or
    WrongState.
    """
    person = Person.objects.get(pk=actor.person_id)
    named = queries.get_named_holder(index=people.number_index_of(person), ref=ref)
    appointment = claim(actor=actor, named=named, person=person, now=now)
    _close(named, NamedHolder.State.CLAIMED, now)
    people_services.invitee_became(invitee=named.invitee, person=person)
    audit.record(actor, "org.holder_claimed", appointment, unit=appointment.seat.unit)
    return appointment


@transaction.atomic
def not_me(*, actor: Actor, ref: UUID, now: datetime) -> None:
    """I am not the person the sheet names: the name is erased at once. Raises NotFound."""
    person = Person.objects.get(pk=actor.person_id)
    named = queries.get_named_holder(index=people.number_index_of(person), ref=ref)
    _close(named, NamedHolder.State.ERASED, now)
    people_services.erase_invitees(invitees=Invitee.objects.filter(pk=named.invitee_id), now=now)
    audit.record(actor, "org.name_refused", named, unit=named.seat.unit)


def _close(named: NamedHolder, state: NamedHolder.State, now: datetime) -> None:
    locked = NamedHolder.objects.select_for_update().get(pk=named.pk)
    add_counts([(named.seat.unit_id, None, locked.state, -1, None)])
    locked.state, locked.changed_at = state, now
    locked.save(update_fields=["state", "changed_at"])


@transaction.atomic
def erase_unclaimed(*, actor: Actor, now: datetime) -> int:
    """Erase names and numbers nobody claimed in 30 days; the seat stays open. Returns how many."""
    due = (
        NamedHolder.objects.select_for_update(of=("self",))
        .select_related("seat")
        .filter(state__in=["named", "invited"], invitee__erase_on__lte=local_day(now))
    )
    rows = list(due[:5000])
    add_counts([(n.seat.unit_id, None, n.state, -1, None) for n in rows])
    NamedHolder.objects.filter(pk__in=[n.pk for n in rows]).update(state=NamedHolder.State.ERASED, changed_at=now)
    people_services.erase_invitees(
        invitees=Invitee.objects.filter(erase_on__lte=local_day(now), erased_at=None), now=now
    )
    if rows:
        batch = [audit.BatchTarget("org.namedholder", n.ref, n.seat.unit_id) for n in rows]
        audit.record(actor, "org.names_erased", None, data={}, batch=batch)
    return len(rows)
