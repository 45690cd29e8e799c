"""Words that may name somebody do not stay longer than they are needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.warroom.models import Flag, HandOver

WORDS_KEPT = timedelta(days=365)


@transaction.atomic
def erase_words(*, actor: Actor, now: datetime) -> int:
    """Empty notes and flags a year after they were written, and what came of a flag a year after it was closed.

    The rows stay: who, where and when. How many were emptied.
    """
    before = now - WORDS_KEPT
    notes = HandOver.objects.filter(written_at__lt=before).exclude(text="").update(text="")
    flags = Flag.objects.filter(raised_at__lt=before).exclude(text="").update(text="")
    outcomes = Flag.objects.filter(~Q(outcome=""), closed_at__lt=before).update(outcome="")
    if notes or flags or outcomes:
        audit.record(actor, "warroom.words_erased", None, data={"notes": notes, "flags": flags + outcomes})
    return notes + flags + outcomes
