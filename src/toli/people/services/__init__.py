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
from toli.people.services.erasing import add_hold, add_to_proof, lift_hold, purge_due, purge_person
from toli.people.services.persons import (
    LOGS_KEPT,
    MIN_AGE,
    add_number,
    check_birth_year,
    check_name,
    correct_person,
    create_person,
    drop_invitees,
    erase_invitees,
    invitee_became,
    seal_person,
    set_proved,
)

__all__ = [
    "LOGS_KEPT", "MIN_AGE", "SURE", "add_hold", "add_number", "add_to_proof", "check_birth_year", "check_name",
    "correct_person", "create_person", "decide_pair", "drop_invitees", "erase_invitees", "find_pairs", "fold_names",
    "forget_keys", "invitee_became", "lift_hold", "lock_persons", "purge_due", "purge_person", "seal_person",
    "set_duplicate_flags", "set_proved",
]  # fmt: skip
