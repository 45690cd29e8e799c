"""Writes of the people room, cut by noun."""

from toli.people.services.duplicates import (
    SURE,
    decide_pair,
    find_pairs,
    fold_names,
    forget_keys,
    lock_persons,
    set_duplicate_flags,
)
from toli.people.services.persons import (
    LOGS_KEPT,
    MIN_AGE,
    add_number,
    check_birth_year,
    check_name,
    correct_person,
    create_person,
    erase_invitees,
    invitee_became,
    purge_due,
    seal_person,
    set_proved,
)

__all__ = [
    "LOGS_KEPT", "MIN_AGE", "SURE", "add_number", "check_birth_year", "check_name", "correct_person", "create_person",
    "decide_pair", "erase_invitees", "find_pairs", "fold_names", "forget_keys", "invitee_became", "lock_persons",
    "purge_due", "seal_person", "set_duplicate_flags", "set_proved",
]  # fmt: skip
