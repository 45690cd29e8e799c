"""The pages of accounts, cut by noun."""

from toli.accounts.views.factors import (
    add_passkey,
    ask_proof,
    make_codes,
    remove_app,
    remove_passkey,
    second_factor,
    see_codes,
    set_up_app,
    show_passkey,
    show_proof,
)
from toli.accounts.views.login import (
    again,
    code,
    code_again,
    demo_door,
    finish,
    kiosk,
    new_pin,
    one_more,
    onward,
    phone,
    pin,
    who,
)
from toli.accounts.views.security import end_all, end_device, end_entry, security
from toli.accounts.views.shared import camp, camp_over, kiosk_start
from toli.accounts.views.ways import code_call, code_sent

__all__ = [
    "add_passkey", "again", "ask_proof", "camp", "camp_over", "code", "code_again", "code_call", "code_sent",
    "demo_door", "end_all", "end_device", "end_entry", "finish", "kiosk", "kiosk_start", "make_codes", "new_pin",
    "one_more", "onward", "phone", "pin", "remove_app", "remove_passkey", "second_factor", "security", "see_codes",
    "set_up_app", "show_passkey", "show_proof", "who",
]  # fmt: skip
