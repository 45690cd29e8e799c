"""Writes of the consent room, cut by noun."""

from toli.consent.services.breaches import (
    add_persons,
    confirm_closing,
    note_board_told,
    open_breach,
    propose_closing,
    tell_persons,
)
from toli.consent.services.erasing import (
    correct_for,
    erase_now,
    export_for,
    lift_hold,
    seal_everything,
    seal_for,
    set_hold,
)
from toli.consent.services.grievances import (
    acknowledge,
    answer,
    erase_words_of,
    escalate_late,
    file_grievance,
    reopen,
    settle,
)
from toli.consent.services.ledger import (
    export_proof,
    give,
    give_many,
    lift_stop,
    publish_notice,
    stop_number,
    withdraw,
    withdraw_all,
)
from toli.consent.services.reveal import check_may_call, reveal_number

__all__ = [
    "acknowledge", "add_persons", "answer", "check_may_call", "confirm_closing", "correct_for", "erase_now",
    "erase_words_of",
    "escalate_late", "export_for", "export_proof", "file_grievance", "give", "give_many", "lift_hold", "lift_stop",
    "note_board_told", "open_breach", "propose_closing", "publish_notice", "reopen", "reveal_number",
    "seal_everything", "seal_for", "set_hold", "settle", "stop_number", "tell_persons", "withdraw", "withdraw_all",
]  # fmt: skip
