"""Seeing the pages as another seat does: begun and ended on record, for a short time, for looking only."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org import access, queries
from toli.org.models import Seat

SEEING_LASTS = timedelta(minutes=15)


@transaction.atomic
def begin_seeing(*, actor: Actor, seat_ref: UUID, now: datetime) -> tuple[Seat, datetime]:
    """The seat and until when its pages may be seen. Everything it looks after must be in my own charge. Raises
    NotFound, NotAllowed, NeedsSecondFactor or WrongState."""
    seat = queries.get_seat(actor=actor, ref=seat_ref, right="org.see_as")
    for area in queries.areas_of_seat(seat):
        access.require(actor, "org.see_as", area)
    until = now + SEEING_LASTS
    audit.record(actor, "org.seeing_begun", seat, unit=seat.unit, data={"until": until.isoformat()})
    return seat, until


def end_seeing(*, actor: Actor, seat_id: int, how: str) -> Seat:
    """Record that it is over: by the button, or because the time was up."""
    seat = Seat.objects.select_related("unit").get(pk=seat_id)
    audit.record(actor, "org.seeing_ended", seat, unit=seat.unit, data={"how": how})
    return seat
