"""Writes of the org room, cut by noun."""

from toli.org.services.camps import end_camp, open_camp
from toli.org.services.counts import (
    add_counts,
    fold_counts,
    mark_silent,
    note_act,
    recount,
)
from toli.org.services.delegations import end_delegation, end_delegations_of, give_delegation
from toli.org.services.directory import (
    TermRow,
    confirm_handle,
    declare_handle,
    end_handle,
    end_operator,
    list_terms,
    name_operator,
)
from toli.org.services.duplicates import call_different, find_duplicates, look_for_duplicates
from toli.org.services.duty import begin_duty, end_duty
from toli.org.services.help import (
    ask_for_number,
    ask_for_proof,
    ask_to_come_back,
    cancel_help,
    change_number,
    clear_pin_of,
    confirm_help,
    give_waiting,
    lapse_help,
    refuse_help,
    sign_out_person,
    stop_help,
)
from toli.org.services.homes import end_everything_of, set_home
from toli.org.services.merging import merge_persons, undo_merge
from toli.org.services.named import claim_named_seat, erase_unclaimed, not_me
from toli.org.services.norms import close_norms_for_poll, end_norm, open_seats, set_norm, set_poll_close
from toli.org.services.offers import Offered, offer_seats, withdraw_offers
from toli.org.services.reorganising import (
    Line,
    apply_due,
    cancel_reorganisation,
    decide_reorganisation,
    draft_reorganisation,
    undo_reorganisation,
)
from toli.org.services.seats import (
    accept_offer,
    decline_offer,
    end_appointment,
    end_terms,
    give_acting_charge,
    hand_over,
    lapse_offers,
    leave_seat,
    offer_seat,
    restore,
    suspend_now,
    withdraw_offer,
)
from toli.org.services.seeing import begin_seeing, end_seeing
from toli.org.services.setup import ensure_base
from toli.org.services.snapshots import drop_old_snapshots, take_due_snapshot, take_snapshot
from toli.org.services.units import create_unit, move_unit
from toli.org.services.wishes import end_wish, wish_to_work

__all__ = [
    "Line",
    "Offered",
    "TermRow",
    "accept_offer",
    "add_counts",
    "apply_due",
    "ask_for_number",
    "ask_for_proof",
    "ask_to_come_back",
    "begin_duty",
    "begin_seeing",
    "call_different",
    "cancel_help",
    "cancel_reorganisation",
    "change_number",
    "claim_named_seat",
    "clear_pin_of",
    "close_norms_for_poll",
    "confirm_handle",
    "confirm_help",
    "create_unit",
    "decide_reorganisation",
    "declare_handle",
    "decline_offer",
    "draft_reorganisation",
    "drop_old_snapshots",
    "end_appointment",
    "end_camp",
    "end_delegation",
    "end_delegations_of",
    "end_duty",
    "end_everything_of",
    "end_handle",
    "end_norm",
    "end_operator",
    "end_seeing",
    "end_terms",
    "end_wish",
    "ensure_base",
    "erase_unclaimed",
    "find_duplicates",
    "fold_counts",
    "give_acting_charge",
    "give_delegation",
    "give_waiting",
    "hand_over",
    "lapse_help",
    "lapse_offers",
    "leave_seat",
    "list_terms",
    "look_for_duplicates",
    "mark_silent",
    "merge_persons",
    "move_unit",
    "name_operator",
    "not_me",
    "note_act",
    "offer_seat",
    "offer_seats",
    "open_camp",
    "open_seats",
    "recount",
    "refuse_help",
    "restore",
    "set_home",
    "set_norm",
    "set_poll_close",
    "sign_out_person",
    "stop_help",
    "suspend_now",
    "take_due_snapshot",
    "take_snapshot",
    "undo_merge",
    "undo_reorganisation",
    "wish_to_work",
    "withdraw_offer",
    "withdraw_offers",
]  # fmt: skip
