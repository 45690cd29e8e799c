"""Proofs do not stay longer than they are needed (design: uploads are erased after 30 days)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.filestore import store
from toli.tasks import photos
from toli.tasks.models import Assignment, HandIn, Photo, PhotoLook

PHOTOS_KEPT = timedelta(days=30)
WORDS_KEPT = timedelta(days=365)
AT_ONCE = 1000


@transaction.atomic
def erase_proofs(*, actor: Actor, now: datetime) -> int:
    """Erase photos 30 days and words a year after their share ended; how many in all. The row of the hand-in stays."""
    due = list(_photos_due(now - PHOTOS_KEPT).select_for_update(of=("self",))[:AT_ONCE])
    for photo in due:  # the file first: a row may speak of a photo that is gone, never the other way round
        photos.remove_file(photo.digest)
    PhotoLook.objects.filter(photo__in=due).delete()
    Photo.objects.filter(pk__in=[photo.pk for photo in due]).update(erased_at=now)
    words = _ended_before(now - WORDS_KEPT, "assignment__").exclude(text="").update(text="")
    if due or words:
        audit.record(actor, "tasks.proofs_erased", None, data={"photos": len(due), "texts": words})
    return len(due) + words


def sweep_files(*, now: datetime) -> int:
    """Remove files no row speaks of, left by a hand-in that failed after its photo was written; how many."""
    removed = 0
    for key, digest in photos.files_older_than(now - timedelta(days=1)):
        if not Photo.objects.filter(digest=digest, erased_at=None).exists():
            store().remove(key)
            removed += 1
    return removed


def _photos_due(before: datetime) -> QuerySet[Photo]:
    """Kept photos that no hand-in of an open or lately ended share shows."""
    needed = HandIn.objects.filter(photo=OuterRef("pk")).exclude(_ended(before, "assignment__"))
    return Photo.objects.filter(~Exists(needed), erased_at=None, stored_at__lt=before).order_by("pk")


def _ended(before: datetime, prefix: str) -> Q:
    ended = {Assignment.State.VERIFIED: "verified_at", Assignment.State.WITHDRAWN: "withdrawn_at"}
    found = Q(pk__in=[])
    for state, column in ended.items():
        found |= Q(**{f"{prefix}state": state, f"{prefix}{column}__lt": before})
    return found


def _ended_before(before: datetime, prefix: str) -> QuerySet[HandIn]:
    return HandIn.objects.filter(_ended(before, prefix))
