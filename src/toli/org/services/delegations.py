"""Giving rights of one's seat to somebody for a time, and ending it at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, WrongState
from toli.org import queries
from toli.org.models import Appointment, Delegation, Seat, Unit
from toli.org.rights import SENSITIVE
from toli.people.models import Person

LONGEST_DELEGATION = timedelta(days=90)


@transaction.atomic
def give_delegation(
    *,
    actor: Actor,
    appointment_ref: UUID,
    person_ref: UUID,
    unit_ref: UUID,
    rights: Sequence[str],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Delegation:
    """Give rights of one's own seat inside one's charge to a person of one's area. Raises NotFound, NotAllowed,
    NeedsSecondFactor, BadInput or WrongState."""
    giver = queries.get_appointment(actor=actor, ref=appointment_ref, lock=True)
    if not giver.is_live or (giver.valid_to is not None and giver.valid_to <= now):
        raise WrongState(_("You do not hold this seat now. Nothing was given."))
    person = queries.get_person(actor=actor, ref=person_ref)
    if person.pk == actor.person_id:
        raise NotAllowed(_("These are your own rights already."))
    unit = queries.get_unit(actor=actor, ref=unit_ref)
    _check_area(giver.seat, unit)
    _check_rights(actor, giver, person, rights)
    starts_at = max(starts_at, now)
    _check_time(starts_at, ends_at)
    made = Delegation.objects.create(
        appointment=giver, person=person, unit=unit, rights=sorted(set(rights)), starts_at=starts_at,
        ends_at=ends_at, given_at=now,
    )  # fmt: skip
    data = {"rights": made.rights, "from": starts_at.isoformat(), "to": ends_at.isoformat(), "count": len(made.rights)}
    audit.record(actor, "org.delegated", made, unit=unit, data=data)
    return made


def _check_area(seat: Seat, unit: Unit) -> None:
    if not queries.covered_by(queries.areas_of_seat(seat), unit):
        raise BadInput(fields={"unit": _("This unit is not in the charge of that seat.")})


def _check_rights(actor: Actor, giver: Appointment, person: Person, rights: Sequence[str]) -> None:
    own = {right.name for right in queries.rights_to_give(giver)}
    if not rights or not set(rights) <= own:
        raise BadInput(fields={"rights": _("Choose among the rights that this seat has.")})
    if SENSITIVE.isdisjoint(rights):
        return
    if not actor.second_factor:
        raise NeedsSecondFactor()
    if person.holder is None or not accounts.has_second_factor(person.holder.login_id):
        raise BadInput(fields={"rights": _("This person has no second proof yet. Sensitive rights need one.")})


def _check_time(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise BadInput(fields={"ends_at": _("It must end after it begins, and in the future.")})
    if ends_at - starts_at > LONGEST_DELEGATION:
        raise BadInput(fields={"ends_at": _("Rights are given for 90 days at most. You can give them again.")})


@transaction.atomic
def end_delegation(*, actor: Actor, ref: UUID, now: datetime) -> Delegation:
    """End it at once: by either of the two, or by whoever may suspend the giver. Twice answers the same. Raises
    NotFound."""
    found = queries.get_delegation(actor=actor, ref=ref, lock=True)
    if found.ended_at is None:
        _end([found], actor=actor, now=now)
    return found


def end_delegations_of(*, actor: Actor, appointment: Appointment, now: datetime) -> int:
    """Whoever is suspended gives nothing and acts for nobody from now on, also when they come back; how many."""
    touched = Q(appointment=appointment) | Q(person=appointment.person)
    rows = Delegation.objects.select_related("unit").select_for_update(of=("self",))
    return _end(rows.filter(touched, ended_at=None), actor=actor, now=now)


def _end(rows: Iterable[Delegation], *, actor: Actor, now: datetime) -> int:
    ended = 0
    for row in rows:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        audit.record(actor, "org.delegation_ended", row, unit=row.unit)
        ended += 1
    return ended
