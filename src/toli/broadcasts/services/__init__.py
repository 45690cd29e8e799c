"""Writes of the broadcasts room, cut by noun: one verb each."""

from toli.broadcasts.services.documents import build_documents
from toli.broadcasts.services.following import follow
from toli.broadcasts.services.groups import (
    Said,
    change_group,
    close_group,
    name_admin,
    plan_groups,
    register_group,
    remove_admin,
    say_posted,
    tell_group,
)
from toli.broadcasts.services.links import count_visits, note_visit
from toli.broadcasts.services.receipts import count_receipts, forget_sightings
from toli.broadcasts.services.releases import approve_release, change_release, make_release, withdraw_release

__all__ = [
    "Said", "approve_release", "build_documents", "change_group", "change_release", "close_group", "count_receipts",
    "count_visits", "follow", "forget_sightings", "make_release", "name_admin", "note_visit", "plan_groups",
    "register_group", "remove_admin", "say_posted", "tell_group", "withdraw_release",
]  # fmt: skip
