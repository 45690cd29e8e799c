"""What may be done with an interview, when; and what a scorecard comes to. Pure: `now` is passed in.

Every time here is the server's: a phone whose clock is wrong neither gains nor loses by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from toli.kit.dates import local_at
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.recruitment.models import Interview, Round

State = Interview.State
Kind = Round.Kind

TOP = 10_000
"""A full total, in hundredths of a point."""
SCALE = 5
LONGEST_NOTE = 1_000
LONGEST_SAMPLE = 6_000

NOTICE = timedelta(hours=24)
"""Nobody is given a time sooner than this when many are assigned ..."""
SHORT_NOTICE = timedelta(hours=3)
"""... nor sooner than this when a place came free, or when they move by themselves."""
EARLY = timedelta(minutes=10)
"""A panel may begin so long before the time."""
OPEN_BEFORE = timedelta(minutes=15)
OPEN_AFTER = timedelta(hours=2)
"""The number, and the video room for the candidate, are open from so long before until so long after the beginning."""

RUBRIC: dict[str, dict[str, str]] = {
    "conduct": {"hi": "बातचीत और व्यवहार", "en": "Conduct and speech"},
    "local": {"hi": "इलाके की जानकारी", "en": "Local knowledge"},
    "writing": {"hi": "लेखन", "en": "Writing"},
    "facts": {"hi": "तथ्य खोजना और परखना", "en": "Finding and checking facts"},
    "video": {"hi": "वीडियो बनाना", "en": "Making videos"},
    "time": {"hi": "समय दे पाना", "en": "Time they can give"},
    "teaching": {"hi": "दूसरों को सिखाना", "en": "Teaching others"},
}
"""What a round can score; the drive chooses."""

LANGUAGES: dict[str, dict[str, str]] = {
    "hi": {"hi": "हिंदी", "en": "Hindi"},
    "en": {"hi": "अंग्रेज़ी", "en": "English"},
    "raj": {"hi": "राजस्थानी", "en": "Rajasthani"},
    "bho": {"hi": "भोजपुरी", "en": "Bhojpuri"},
    "pa": {"hi": "पंजाबी", "en": "Punjabi"},
    "gu": {"hi": "गुजराती", "en": "Gujarati"},
    "mr": {"hi": "मराठी", "en": "Marathi"},
    "bn": {"hi": "बांग्ला", "en": "Bengali"},
    "ur": {"hi": "उर्दू", "en": "Urdu"},
    "te": {"hi": "तेलुगु", "en": "Telugu"},
    "ta": {"hi": "तमिल", "en": "Tamil"},
    "kn": {"hi": "कन्नड़", "en": "Kannada"},
    "ml": {"hi": "मलयालम", "en": "Malayalam"},
}

CLIMB: dict[str, dict[str, int]] = {
    Kind.MEETING: {"block": 10, "constituency": 10, "district": 30},
    Kind.PHONE: dict.fromkeys(("block", "constituency", "district", "division", "state"), 1),
    Kind.VIDEO: dict.fromkeys(("block", "constituency", "district", "division", "state"), 1),
}
"""What it costs to send somebody out of a unit into the next larger one, in tenths of a day of waiting. For a meeting a
neighbouring district cannot be chosen; on the phone the place hardly matters.
"""


def criteria_of(keys: Sequence[str]) -> list[dict[str, Any]]:
    """The rubric of a round from the keys that were chosen. Raises BadInput."""
    if not keys or set(keys) - set(RUBRIC):
        raise BadInput(fields={"criteria": _("Please choose at least one thing to score.")})
    return [{"key": key, "names": RUBRIC[key], "weight": 1, "scale": SCALE} for key in RUBRIC if key in keys]


def total_of(criteria: Sequence[Mapping[str, Any]], marks: Mapping[str, int]) -> int:
    """The weighted total, 0 to 10,000. Raises BadInput for a mark that is missing, unknown or outside its scale."""
    wrong = {}
    for criterion in criteria:
        mark = marks.get(criterion["key"])
        if not isinstance(mark, int) or isinstance(mark, bool) or not 0 <= mark <= criterion["scale"]:
            sentence = _("Please give 0 to %(scale)d. What you gave elsewhere is kept.")
            wrong[criterion["key"]] = sentence % {"scale": criterion["scale"]}
    if wrong or set(marks) - {criterion["key"] for criterion in criteria}:
        raise BadInput(fields=wrong)
    whole = sum(criterion["weight"] for criterion in criteria)
    reached = sum(criterion["weight"] * marks[criterion["key"]] / criterion["scale"] for criterion in criteria)
    return round(TOP * reached / whole)


def hours_of(weekdays: Sequence[int], begins: time, ends: time) -> dict[str, list[list[int]]]:
    """The same hours on these weekdays (Monday 0), as a panel keeps them. Raises BadInput."""
    span = [begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute]
    if span[1] <= span[0]:
        raise BadInput(fields={"ends": _("The end must come after the beginning.")})
    return {str(day): [span] for day in sorted(set(weekdays))}


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last. Raises BadInput for more than 120 or none."""
    if not 0 <= (last - first).days < 120:
        raise BadInput(fields={"last": _("Please choose at most 120 days, the last not before the first.")})
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Window:
    """[opens, closes) around the beginning of an interview."""

    opens: datetime
    closes: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens <= now < self.closes


def call_window(starts_at: datetime) -> Window:
    return Window(starts_at - OPEN_BEFORE, starts_at + OPEN_AFTER)


def hand_in_until(of: Round) -> datetime:
    """The end of a round's last day in India."""
    return local_at(of.ends_on + timedelta(days=1), time.min)


def check_answerable(interview: Interview, *, now: datetime) -> None:
    """Raise WrongState when a candidate can no longer confirm, move or decline."""
    if interview.state not in (State.PROPOSED, State.CONFIRMED):
        raise WrongState(_("Nothing can be changed here any more. If that is a mistake, tell your coordinator."))
    if interview.slot is not None and interview.slot.starts_at <= now:
        raise WrongState(_("The time of this interview has passed. If you missed it, tell your coordinator."))


def check_movable(interview: Interview, *, now: datetime) -> None:
    """Raise WrongState when the time can no longer be moved."""
    check_answerable(interview, now=now)
    if interview.slot is None:
        raise WrongState(_("A work sample has no time to move. Hand it in before its last day."))
    if interview.moves >= interview.round.moves:
        raise WrongState(_("You have moved this interview as often as it can be. You can still come or say no."))
    if interview.slot.starts_at < now + SHORT_NOTICE:
        raise WrongState(_("It begins in less than three hours and cannot be moved now. You can still say no."))


def check_scorable(interview: Interview, *, by: int | None, conflict: bool, now: datetime) -> None:
    """Raise NotAllowed or WrongState when this member may not score this interview now."""
    if by is None or by == interview.application.person_id:
        raise NotAllowed(_("Nobody scores themselves. Another member of the panel must do it."))
    if conflict:
        raise NotAllowed(_("You said that you may not score this person. Another member of the panel must do it."))
    if interview.state not in Interview.LIVE:
        raise WrongState(_("This interview is no longer with your panel: it was moved or called off. Nothing is kept."))
    if interview.slot is not None and now < interview.slot.starts_at - EARLY:
        raise WrongState(_("This interview has not begun yet. It can be scored from ten minutes before its time."))


def check_missable(interview: Interview, *, now: datetime) -> None:
    """Raise WrongState when "did not come" cannot be said now."""
    if interview.state not in (State.PROPOSED, State.CONFIRMED) or interview.slot is None:
        raise WrongState(_("This interview was held, moved or called off already."))
    if now < interview.slot.starts_at:
        raise WrongState(_("This interview has not begun yet."))


def check_note(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise BadInput(fields={"note": _("Please write at most 1,000 letters. What you wrote is still here.")})
    return text


def check_sample(text: str, link: str, *, has_file: bool = False) -> tuple[str, str]:
    """Raise BadInput for an empty sample or one that is too long."""
    text, link = text.strip(), link.strip()
    if not text and not link and not has_file:
        raise BadInput(fields={"text": _("Please write something, choose a file, or give the address of your work.")})
    if len(text) > LONGEST_SAMPLE:
        raise BadInput(fields={"text": _("Please write at most 6,000 letters. What you wrote is still here.")})
    return text, link
