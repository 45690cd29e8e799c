"""Every write of content: one verb each, by noun."""

from toli.content.services.cards import cancel_run, draw_cards, order_cards
from toli.content.services.daily import choose_fact, make_line_card, report_step
from toli.content.services.desk import close_comment, comment, hold_item, lift_hold, record_certificate
from toli.content.services.facts import add_fact, find_place, import_facts, withdraw_fact
from toli.content.services.items import (
    approve_item,
    approve_on_duty,
    edit_item,
    mark_out,
    submit_item,
    withdraw_item,
    word_for_channel,
    write_item,
)
from toli.content.services.media import (
    Made,
    Rights,
    add_media,
    declare_ai,
    key_of,
    note_person,
    prepare_next,
    stop_ended_consents,
    stop_media,
    sweep_files,
    take_person_back,
)
from toli.content.services.printing import export_print
from toli.content.services.series import (
    Plan,
    empty_episode,
    fill_episode,
    open_campaign,
    open_series,
    plan_episode,
)
from toli.content.services.sheets import Slogan, approve_sheet, make_sheet, submit_sheet
from toli.content.services.spending import correct_spend, enter_spend, export_spends
from toli.content.services.templates import fill_template

__all__ = [
    "Made", "Plan", "Rights", "Slogan", "add_fact", "add_media", "approve_item", "approve_on_duty", "approve_sheet",
    "cancel_run", "choose_fact", "close_comment", "comment", "correct_spend", "declare_ai", "draw_cards", "edit_item",
    "empty_episode", "enter_spend", "export_print", "export_spends", "fill_episode", "fill_template", "find_place",
    "hold_item", "import_facts", "key_of", "lift_hold", "make_line_card", "make_sheet", "mark_out", "note_person",
    "open_campaign", "open_series", "order_cards", "plan_episode", "prepare_next", "record_certificate", "report_step",
    "stop_ended_consents", "stop_media", "submit_item", "submit_sheet", "sweep_files", "take_person_back",
    "withdraw_fact", "withdraw_item", "word_for_channel", "write_item",
]  # fmt: skip
