"""Every write of recruitment, cut by noun."""

from toli.recruitment.services.applications import (
    offer_seat,
    settle_offers,
    withdraw,
    withdraw_doubles,
    withdraw_leavers,
)
from toli.recruitment.services.drives import close_drive, open_drive
from toli.recruitment.services.joining import Joined, check_form, join

__all__ = [
    "Joined",
    "check_form",
    "close_drive",
    "join",
    "offer_seat",
    "open_drive",
    "settle_offers",
    "withdraw",
    "withdraw_doubles",
    "withdraw_leavers",
]
