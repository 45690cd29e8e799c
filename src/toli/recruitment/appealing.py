"""When somebody may appeal against a placement, who may decide, and when it is decided. Pure: `now` is passed in."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, NotAllowed, WrongState

WORDS = (10, 2000)
REASON = (10, 1000)
HIGHEST_SCORE = 10_000
TO_DECIDE = 2


@dataclass(frozen=True, slots=True)
class Vote:
    """What one of the second panel found; `score` in hundredths, None where it refuses."""

    upholds: bool
    score: int | None


def deadline(signed_at: datetime, days: int) -> datetime:
    """Until when one may appeal; the moment itself is too late."""
    return signed_at + timedelta(days=days)


def check_in_time(signed_at: datetime | None, days: int, *, now: datetime) -> None:
    """Raise WrongState when the placement is not signed, or the time to appeal is over."""
    if signed_at is None or now >= deadline(signed_at, days):
        raise WrongState(_("The time to appeal against this placement is over."))


def check_words(words: str) -> str:
    """The words without blanks around them. Raises BadInput when there are too few or too many."""
    words = words.strip()
    if not WORDS[0] <= len(words) <= WORDS[1]:
        raise BadInput(fields={"words": _("Please write what was wrong in 10 to 2,000 characters.")})
    return words


def check_may_decide(by: int | None, *, applicant: int, scorers: Container[int], voted: Container[int]) -> None:
    """Raise NotAllowed for the applicant, for whoever scored them before, and for whoever has said it already."""
    if by is None or by == applicant or by in scorers:
        raise NotAllowed(_("You scored this person, or it is your own appeal. Others must look at it."))
    if by in voted:
        raise NotAllowed(_("You have already said what you think. A second person must look at it too."))


def check_vote(*, upholds: bool, score: int | None, before: int, reason: str) -> Vote:
    """A vote as it counts. Raises BadInput for a score outside its scale, or one that is not higher than before."""
    fields = {}
    if not REASON[0] <= len(reason.strip()) <= REASON[1]:
        fields["reason"] = _("Please give the reason in 10 to 1,000 characters. The applicant reads it.")
    if upholds and (score is None or not before < score <= HIGHEST_SCORE):
        fields["score"] = _("An appeal never lowers a score: please give one above the score until now, up to 100.")
    if fields:
        raise BadInput(fields=fields)
    return Vote(upholds, score if upholds else None)


def decision(votes: Sequence[Vote]) -> Vote | None:
    """What two agree on; the score is the mean of what they found. None while two do not agree."""
    for upholds in (True, False):
        same = [vote for vote in votes if vote.upholds is upholds]
        if len(same) >= TO_DECIDE:
            scores = [vote.score for vote in same if vote.score is not None]
            return Vote(upholds, round(sum(scores) / len(scores)) if scores else None)
    return None
