"""Reads of rights given for a time: for both people, and for whoever looks after the giver's seat."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Appointment, Delegation, Seat, Unit
from toli.org.queries.seats import areas_of_seat
from toli.org.rights import RIGHTS, Right


def _rows() -> QuerySet[Delegation]:
    return Delegation.objects.select_related(
        "appointment__seat__role", "appointment__seat__unit", "appointment__person", "person", "unit__level"
    )


def delegations_given(person_id: int | None) -> QuerySet[Delegation]:
    """What this person gave to others, newest first."""
    return _rows().filter(appointment__person_id=person_id).order_by("-id")


def delegations_received(person_id: int | None) -> QuerySet[Delegation]:
    """What others gave to this person, newest first."""
    return _rows().filter(person_id=person_id).order_by("-id")


def state_of(row: Delegation, now: datetime) -> str:
    """ended, over, idle (the giver's seat is not held now), to_come or live."""
    if row.ended_at is not None:
        return "ended"
    if row.ends_at <= now:
        return "over"
    giver = row.appointment
    ended = giver.valid_to is not None and giver.valid_to <= now
    closed = giver.seat.closed_at is not None or (giver.seat.closes_at is not None and giver.seat.closes_at <= now)
    if not giver.is_live or ended or closed:
        return "idle"
    return "to_come" if row.starts_at > now else "live"


def get_delegation(*, actor: Actor, ref: UUID, lock: bool = False) -> Delegation:
    """One that I gave or received, or one of a seat where I may suspend. Raises NotFound."""
    scope = access.visible(actor, "org.suspend")
    mine = Q(person_id=actor.person_id, person__isnull=False) | Q(appointment__person_id=actor.person_id)
    charge = scope.q("appointment__seat__unit__path", "appointment__seat__wing_id")
    rows = _rows().filter(mine | charge if scope else mine, ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def rights_to_give(appointment: Appointment) -> list[Right]:
    """The rights of the giver's own seat, in the order of the list; what others gave them is not theirs to give."""
    return [right for right in RIGHTS.values() if right.name in appointment.seat.role.rights]


def covered_by(areas: Sequence[Unit], unit: Unit) -> bool:
    """True when the unit lies inside one of these areas."""
    return any(area.path and unit.path.startswith(area.path) for area in areas)


def right_names(names: Sequence[str]) -> list[str]:
    """The rights in words, in the order of the list."""
    return [str(right.says) for right in RIGHTS.values() if right.name in names]


def areas_to_give(seat: Seat) -> list[Unit]:
    """What a part of the seat's charge may be given for: the units it looks after and those directly below them."""
    areas = areas_of_seat(seat)
    below = Unit.objects.select_related("level").filter(
        parent_links__parent__in=areas, parent_links__hierarchy="org", parent_links__valid_to=None, active=True
    )
    tops = Unit.objects.select_related("level").filter(pk__in=[area.pk for area in areas])
    return [*tops.order_by("path"), *below.order_by("level__rank", "id")[:MOST_AREAS]]


MOST_AREAS = 300
