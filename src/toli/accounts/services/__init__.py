"""Every write of accounts, cut by noun."""

from toli.accounts.services.codes import (
    Asked,
    Outcome,
    WaitingCode,
    ask_code,
    check_code,
    erase_old,
    mark_code_failed,
    mark_code_sent,
    take_waiting_codes,
)
from toli.accounts.services.deployment import create_deployment
from toli.accounts.services.drafts import claim_draft, save_draft, use_draft
from toli.accounts.services.holders import (
    add_holder,
    add_login,
    clear_pin,
    end_holder,
    end_sessions,
    enter_as,
    forget_ended_sessions,
    open_with_pin,
    set_initial,
    set_language,
    set_pin,
)
from toli.accounts.services.limits import forget_usage, spend

__all__ = [
    "Asked",
    "Outcome",
    "WaitingCode",
    "add_holder",
    "add_login",
    "ask_code",
    "check_code",
    "claim_draft",
    "clear_pin",
    "create_deployment",
    "end_holder",
    "end_sessions",
    "enter_as",
    "erase_old",
    "forget_ended_sessions",
    "forget_usage",
    "mark_code_failed",
    "mark_code_sent",
    "open_with_pin",
    "save_draft",
    "set_initial",
    "set_language",
    "set_pin",
    "spend",
    "take_waiting_codes",
    "use_draft",
]
