"""Where a person belongs, and leaving everything."""

from datetime import datetime

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org.models import Appointment, Membership, Seat, Unit, Wing
from toli.org.services.counts import add_counts, seat_rows
from toli.org.services.seats import State, _end
from toli.people.models import Person


@transaction.atomic
def set_home(
    *, actor: Actor, person: Person, unit: Unit, now: datetime, place: Unit | None = None, wing: Wing | None = None
) -> Membership:
    """Give the person this home unit from now on; the old one ends. Counts members of both units."""
    Person.objects.select_for_update().get(pk=person.pk)
    old = Membership.objects.filter(person=person, valid_to=None).first()
    if old is not None:
        if (old.unit_id, old.place_id) == (unit.pk, place.pk if place else None):
            return old
        old.valid_to = now
        old.save(update_fields=["valid_to"])
        add_counts([(old.unit_id, None, "members", -1, None)])
    home = Membership.objects.create(person=person, unit=unit, place=place, wing=wing, valid_from=now)
    add_counts([(unit.pk, None, "members", 1, None)])
    audit.record(actor, "org.home_changed", person, unit=unit)
    return home


@transaction.atomic
def end_everything_of(*, actor: Actor, person: Person, reason: str, now: datetime) -> int:
    """End every appointment, offer and membership of a person who leaves; seats are vacant again. Returns how many
    seats.
    """
    live = Appointment.objects.filter(person=person, state__in=[State.ACCEPTED, State.OFFERED])
    seat_ids = sorted(set(live.values_list("seat_id", flat=True)))
    list(Seat.objects.select_for_update().filter(pk__in=seat_ids).order_by("pk"))
    rows = list(live.select_related("seat__unit", "person").select_for_update(of=("self",)))
    for found in rows:
        if found.state == State.OFFERED:
            found.state, found.ended_at = State.DECLINED, now
            found.save(update_fields=["state", "ended_at"])
            add_counts(seat_rows(found.seat, "offered", -1))
        else:
            _end(found, reason=reason, now=now)
        audit.record(actor, "org.ended", found, unit=found.seat.unit, data={"reason": reason})
    home = Membership.objects.filter(person=person, valid_to=None).first()
    if home is not None:
        home.valid_to = now
        home.save(update_fields=["valid_to"])
        add_counts([(home.unit_id, None, "members", -1, None)])
    return len(rows)
