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
from toli.broadcasts.services.following import follow
from toli.broadcasts.services.receipts import count_receipts, forget_sightings
from toli.broadcasts.services.releases import approve_release, change_release, make_release, withdraw_release
from toli.broadcasts.services.sending import forget_recipients, send_broadcasts, send_chunk

__all__ = [
    "approve_release",
    "build_documents",
    "cancel_broadcast",
    "change_release",
    "count_receipts",
    "follow",
    "forget_recipients",
    "forget_sightings",
    "make_release",
    "pause_broadcast",
    "plan_broadcast",
    "resume_broadcast",
    "save_audience",
    "send_broadcasts",
    "send_chunk",
    "start_broadcast",
    "withdraw_release",
]  # fmt: skip
