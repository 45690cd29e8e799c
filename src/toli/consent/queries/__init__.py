"""Reads of the consent room, cut by noun."""

from toli.consent.queries.gate import (
    MyConsent,
    contact_filter,
    current_notice,
    get_self,
    has_consent,
    is_stopped,
    ledger_of,
    may_contact,
    may_contact_each,
    my_consents,
)

__all__ = [
    "MyConsent", "contact_filter", "current_notice", "get_self", "has_consent", "is_stopped", "ledger_of",
    "may_contact", "may_contact_each", "my_consents",
]  # fmt: skip
