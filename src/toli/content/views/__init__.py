"""The editor's and the approver's pages."""

from toli.content.views.desk import certify, close_comment, comment, hold, lift, versions
from toli.content.views.items import approve, edit, item, items, picture, submit, withdraw, write
from toli.content.views.sheets import sheet, sheet_approve, sheet_new, sheet_submit

__all__ = [
    "approve",
    "certify",
    "close_comment",
    "comment",
    "edit",
    "hold",
    "item",
    "items",
    "lift",
    "picture",
    "sheet",
    "sheet_approve",
    "sheet_new",
    "sheet_submit",
    "submit",
    "versions",
    "withdraw",
    "write",
]
