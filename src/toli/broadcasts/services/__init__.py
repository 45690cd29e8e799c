"""Writes of the broadcasts room, cut by noun: one verb each."""

from toli.broadcasts.services.documents import build_documents
from toli.broadcasts.services.following import follow
from toli.broadcasts.services.receipts import count_receipts, forget_sightings
from toli.broadcasts.services.releases import approve_release, change_release, make_release, withdraw_release

__all__ = [
    "approve_release", "build_documents", "change_release", "count_receipts", "follow", "forget_sightings",
    "make_release", "withdraw_release",
]  # fmt: skip
