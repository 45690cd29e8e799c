"""When a person is called back again, and what an answer means. Pure: `now` is passed in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.dates import local, local_at

TRIES = 3
HELD = timedelta(minutes=30)
"""How long a number stays with the caller who opened it."""
PARTS = ((time(10), time(13)), (time(13), time(17)), (time(17), time(21)))
"""Morning, afternoon, evening in India: a person who is out at one is tried at another."""


class Outcome(models.TextChoices):
    YES = "yes", _("Yes, I applied myself")
    NEVER = "never", _("I never applied")
    WRONG_PERSON = "wrong_person", _("The number belongs to somebody else")
    NO_ANSWER = "no_answer", _("No answer")
    REFUSED = "refused", _("Does not want to talk about it")


FALSE = (Outcome.NEVER, Outcome.WRONG_PERSON)
FINAL = (Outcome.YES, *FALSE, Outcome.REFUSED)


def part_of(now: datetime) -> int | None:
    """Which part of the day it is, 0 to 2; None outside of 10 to 21 o'clock, when nobody is called."""
    here = local(now).time()
    return next((n for n, (first, end) in enumerate(PARTS) if first <= here < end), None)


def may_call(now: datetime) -> bool:
    return part_of(now) is not None


def next_try(now: datetime, tries: int) -> datetime | None:
    """When somebody who did not answer is tried again: in the next part of the day; None after the third try."""
    if tries >= TRIES:
        return None
    here = local(now)
    later = [local_at(here.date(), first) for first, _end in PARTS if local_at(here.date(), first) > now]
    return later[0] if later else local_at(here.date() + timedelta(days=1), PARTS[0][0])
