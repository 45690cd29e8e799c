"""Every write of recruitment, cut by noun."""

from toli.recruitment.services.appeals import make_appeal, vote_on_appeal
from toli.recruitment.services.applications import (
    offer_seat,
    restore_doubles,
    settle_offers,
    withdraw,
    withdraw_doubles,
    withdraw_leavers,
)
from toli.recruitment.services.batches import (
    Declared,
    check_declared,
    declare_batch,
    erase_batch_files,
    load_batch,
    send_batch,
    send_invitations,
    undo_batch,
)
from toli.recruitment.services.booking import assign, cancel_interviews, confirm, decline, mark_missed, move, refill
from toli.recruitment.services.calls import Opened, open_next_call, say_outcome
from toli.recruitment.services.cards import recall_card
from toli.recruitment.services.clusters import decide_cluster, find_clusters
from toli.recruitment.services.drives import change_drive, close_drive, open_drive
from toli.recruitment.services.erasing import erase_old_words, erase_words, sweep_files
from toli.recruitment.services.forms import save_questions
from toli.recruitment.services.funnel import count_funnel, count_funnels
from toli.recruitment.services.interview_messages import remind
from toli.recruitment.services.inviting_file import carry_on_batches
from toli.recruitment.services.joining import Joined, check_form, join
from toli.recruitment.services.keeping import choose_to_stay, stay_on_lists
from toli.recruitment.services.links import make_poster, own_link
from toli.recruitment.services.offers import (
    call_next,
    close_lost,
    follow_answers,
    look_again,
    make_offers,
    move_offers,
    prepare_offers,
)
from toli.recruitment.services.panels import add_member, add_panels, add_round, change_panel, make_slots, remove_member
from toli.recruitment.services.past import give_reason
from toli.recruitment.services.placement import check_again, run_placement, sign_run
from toli.recruitment.services.places import set_place, set_place_rules, set_rank, take_vacant_places, withdraw_place
from toli.recruitment.services.plans import draw_calls
from toli.recruitment.services.scoring import (
    declare_conflict,
    hand_in_sample,
    open_number,
    score,
    settle_scores,
)
from toli.recruitment.services.slot_plans import ask_for_times, carry_on_plans
from toli.recruitment.services.traces import erase_traces
from toli.recruitment.services.waiting import draw_ticket, move_line, report_and_look, switch_line

__all__ = [
    "Declared",
    "Joined",
    "Opened",
    "add_member",
    "add_panels",
    "add_round",
    "ask_for_times",
    "assign",
    "call_next",
    "cancel_interviews",
    "carry_on_batches",
    "carry_on_plans",
    "change_drive",
    "change_panel",
    "check_again",
    "check_declared",
    "check_form",
    "choose_to_stay",
    "close_drive",
    "close_lost",
    "confirm",
    "count_funnel",
    "count_funnels",
    "decide_cluster",
    "declare_batch",
    "declare_conflict",
    "decline",
    "draw_calls",
    "draw_ticket",
    "erase_batch_files",
    "erase_old_words",
    "erase_traces",
    "erase_words",
    "find_clusters",
    "follow_answers",
    "give_reason",
    "hand_in_sample",
    "join",
    "load_batch",
    "look_again",
    "make_appeal",
    "make_offers",
    "make_poster",
    "make_slots",
    "mark_missed",
    "move",
    "move_line",
    "move_offers",
    "offer_seat",
    "open_drive",
    "open_next_call",
    "open_number",
    "own_link",
    "prepare_offers",
    "recall_card",
    "refill",
    "remind",
    "remove_member",
    "report_and_look",
    "restore_doubles",
    "run_placement",
    "save_questions",
    "say_outcome",
    "score",
    "send_batch",
    "send_invitations",
    "set_place",
    "set_place_rules",
    "set_rank",
    "settle_offers",
    "settle_scores",
    "sign_run",
    "stay_on_lists",
    "sweep_files",
    "switch_line",
    "take_vacant_places",
    "undo_batch",
    "vote_on_appeal",
    "withdraw",
    "withdraw_doubles",
    "withdraw_leavers",
    "withdraw_place",
]
