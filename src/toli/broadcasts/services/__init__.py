"""Writes of the broadcasts room, cut by noun: one verb each."""

from toli.broadcasts.services.broadcasts import (
    cancel_broadcast,
    pause_broadcast,
    plan_broadcast,
    resume_broadcast,
    save_audience,
    start_broadcast,
)
from toli.broadcasts.services.documents import build_documents
from toli.broadcasts.services.following import Choice, choose_listening, follow
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
from toli.broadcasts.services.sending import forget_recipients, send_broadcasts, send_chunk

__all__ = [
    "Choice", "Said", "approve_release", "build_documents", "cancel_broadcast", "change_group", "change_release",
    "choose_listening", "close_group", "count_receipts", "count_visits", "follow", "forget_recipients",
    "forget_sightings", "make_release", "name_admin", "note_visit", "pause_broadcast", "plan_broadcast",
    "plan_groups", "register_group", "remove_admin", "resume_broadcast", "save_audience", "say_posted",
    "send_broadcasts", "send_chunk", "start_broadcast", "tell_group", "withdraw_release",
]  # fmt: skip
