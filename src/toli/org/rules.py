"""Pure decisions about seats."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import WrongState
from toli.org.models import Appointment, Seat

DISTRICT_RANK = 30
"""Levels of this rank or above (state 10, division 20, district 30) are appointed with a second factor."""
LONGEST_OVERLAP = timedelta(days=30)


def right_to_offer(seat: Seat) -> str:
    """Appointing at district and above is a sensitive right of its own."""
    return "org.offer_high" if seat.unit.level.rank <= DISTRICT_RANK else "org.offer"


def is_open(seat: Seat, now: datetime) -> bool:
    """True while the seat may be held."""
    return seat.closed_at is None and (seat.closes_at is None or seat.closes_at > now)


def check_offerable(*, seat: Seat, now: datetime) -> None:
    """Raise WrongState for a seat that has closed."""
    if not is_open(seat, now):
        raise WrongState(_("This seat has closed. Nothing was sent."))


def check_acceptable(offer: Appointment, *, now: datetime) -> None:
    """Raise WrongState, kindly, for an offer that can no longer be accepted."""
    if offer.state in (Appointment.State.LAPSED, Appointment.State.WITHDRAWN) or (
        offer.state == Appointment.State.OFFERED
        and offer.offer_expires_at is not None
        and offer.offer_expires_at <= now
    ):
        raise WrongState(
            _("This offer has lapsed. Your coordinator sees that you would have come and can offer again.")
        )
    if offer.state != Appointment.State.OFFERED:
        raise WrongState(_("This offer has already been answered."))
    if not is_open(offer.seat, now):
        raise WrongState(_("This seat has closed in the meantime. Thank you for saying yes."))
