"""How often a person, a device or an address may do what costs others something. Pure; `services.spend` counts.

A person and a device are refused until their window ends. An address may be a whole district behind one operator, so
it is never shut out: its windows last ten seconds, and whoever asks again a moment later is served.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import Sentence

SECONDS = timedelta(seconds=10)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each `window`."""

    most: int
    window: timedelta

    def starts_at(self, now: datetime) -> datetime:
        """The beginning of the window `now` lies in, on whole multiples of it."""
        seconds = self.window.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)

    def seconds_left(self, now: datetime) -> int:
        return max(1, round((self.starts_at(now) + self.window - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Act:
    """What is limited. `None`: not counted for these."""

    person: Limit | None
    device: Limit | None
    address: Limit | None
    sentence: Sentence


SOON = _("Many people use this network at this moment. Nothing is lost. Please press once more in ten seconds.")

ACTS: dict[str, Act] = {
    "search": Act(
        person=Limit(60, timedelta(minutes=1)),
        device=Limit(60, timedelta(minutes=1)),
        address=Limit(300, SECONDS),
        sentence=_("You searched very often. Please wait a minute and search again."),
    ),
    "claim": Act(
        person=Limit(5, HOUR),
        device=None,
        address=None,
        sentence=_("That was tried too often. Please try again in an hour, or ask your coordinator."),
    ),
    "join": Act(
        person=Limit(20, HOUR),
        device=Limit(120, HOUR),  # a helper at a camp fills one form after the other
        address=Limit(100, SECONDS),
        sentence=_("Many forms came from here. What you wrote is still here. Please send it again in an hour."),
    ),
    "status": Act(
        person=Limit(60, HOUR),
        device=Limit(30, HOUR),
        address=Limit(100, SECONDS),
        sentence=_("You asked very often. Please try again in an hour."),
    ),
    "enter": Act(  # while people wait in line: what one place in it, or one form given out before, may open
        person=None,
        device=Limit(120, timedelta(minutes=10)),
        address=None,
        sentence=_("The form was opened very often from here. What you wrote is kept. Please go on in ten minutes."),
    ),
    "verify": Act(
        person=Limit(120, HOUR),
        device=Limit(120, HOUR),
        address=Limit(100, SECONDS),
        sentence=_("You checked many cards. Please go on in an hour."),
    ),
    "reveal": Act(
        person=Limit(60, HOUR),
        device=None,
        address=None,
        sentence=_("You opened many numbers in this hour. Please go on in an hour."),
    ),
    "call": Act(
        person=Limit(30, HOUR),
        device=None,
        address=None,
        sentence=_("You opened thirty numbers to call in this hour. What you wrote is kept. Please go on in an hour."),
    ),
    "export": Act(
        person=Limit(20, HOUR),
        device=None,
        address=None,
        sentence=_("You downloaded many lists in this hour. Please go on in an hour."),
    ),
    "upload": Act(
        person=Limit(120, HOUR),
        device=None,
        address=None,
        sentence=_("You sent many files in this hour. What you sent is kept. Please go on in an hour."),
    ),
    "media": Act(
        person=Limit(60, HOUR),
        device=None,
        address=None,
        sentence=_("You sent many files in this hour. What you sent is kept. Please go on in an hour."),
    ),
    "import": Act(
        person=Limit(30, HOUR),
        device=None,
        address=None,
        sentence=_("You brought in many files in this hour. What you brought in is kept. Please go on in an hour."),
    ),
    "report": Act(
        person=Limit(20, DAY),
        device=Limit(20, DAY),
        address=Limit(50, SECONDS),
        sentence=_("You reported many times today. All of it is kept. Please go on tomorrow."),
    ),
}


def limit_for(act: str, scope: str) -> Limit | None:
    """The limit of one act for "person", "device" or "address"."""
    found: Limit | None = getattr(ACTS[act], scope)
    return found


def sentence_for(act: str, scope: str) -> Sentence:
    return SOON if scope == "address" else ACTS[act].sentence
