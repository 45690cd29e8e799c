"""Every write of elections: a schedule comes in, two persons correct a row of law, silence begins, a poll ends."""

from toli.elections.services.elections import Dates, confirm_dates, propose_dates, refuse_dates
from toli.elections.services.electors import announce_silence, forget_electors, say_elector
from toli.elections.services.polls import (
    Hours,
    ImportResult,
    add_poll,
    add_repoll,
    close_polls,
    confirm_correction,
    ensure_election,
    import_schedule,
    open_poll_team,
    propose_correction,
    refuse_correction,
)
from toli.elections.services.switches import OFF_AFTER, confirm_switch, propose_switch, refuse_switch

__all__ = [
    "OFF_AFTER",
    "Dates",
    "Hours",
    "ImportResult",
    "add_poll",
    "add_repoll",
    "announce_silence",
    "close_polls",
    "confirm_correction",
    "confirm_dates",
    "confirm_switch",
    "ensure_election",
    "forget_electors",
    "import_schedule",
    "open_poll_team",
    "propose_correction",
    "propose_dates",
    "propose_switch",
    "refuse_correction",
    "refuse_dates",
    "refuse_switch",
    "say_elector",
]
