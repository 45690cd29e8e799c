"""Every write of content: one verb each."""

from toli.content.services.desk import close_comment, comment, hold_item, lift_hold, record_certificate
from toli.content.services.items import (
    approve_item,
    approve_on_duty,
    edit_item,
    mark_out,
    submit_item,
    withdraw_item,
    write_item,
)
from toli.content.services.sheets import Slogan, approve_sheet, make_sheet, submit_sheet

__all__ = [
    "Slogan",
    "approve_item",
    "approve_on_duty",
    "approve_sheet",
    "close_comment",
    "comment",
    "edit_item",
    "hold_item",
    "lift_hold",
    "make_sheet",
    "mark_out",
    "record_certificate",
    "submit_item",
    "submit_sheet",
    "withdraw_item",
    "write_item",
]
