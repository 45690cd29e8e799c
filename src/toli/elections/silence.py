"""When a constituency is silent: windows from poll days and closing hours; plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from toli.elections.law import rule_on, silence_law
from toli.kit.dates import day_bounds, local_at

WindowKind = Literal["silence", "unhoured"]


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open [starts, ends) in UTC. `confirmed` is false when the closing hour is not one known hour.

    kind "silence" is the window of section 126; "unhoured" is our own block where no hour was published.
    """

    starts: datetime
    ends: datetime
    confirmed: bool
    kind: WindowKind = "silence"

    def holds(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


def silence_window(day: date, closes: Iterable[time]) -> Window | None:
    """[earliest close - 48 h, latest close); None when no closing hour is known.

    One hour is a confirmed window; several (a polling area may have its own) give the widest, unconfirmed.
    Source: Representation of the People Act 1951, section 126; rules 1 and 3 of the law sheet.
    """
    hours = sorted(set(closes))
    if not hours:
        return None
    law = silence_law(day)
    starts = local_at(day, hours[0]) - law.length
    return Window(starts, local_at(day, hours[-1]), confirmed=len(hours) == 1)


def unhoured_block(day: date) -> Window:
    """The block where a poll has a day and no hour: the last three days before it, and the day."""
    law = silence_law(day)
    starts, _ = day_bounds(day - timedelta(days=law.unhoured_days))
    _, ends = day_bounds(day)
    return Window(starts, ends, confirmed=False, kind="unhoured")


def quiet_window(day: date, closes: Iterable[time]) -> Window:
    """The window in which appeals stop: silence where an hour is known, else the block."""
    return silence_window(day, closes) or unhoured_block(day)


def exit_span(polls: Iterable[tuple[date, time | None, tuple[time, ...]]]) -> tuple[datetime, datetime]:
    """[first opening, last close + 30 min) of polls given as (day, opening hour, closing hours); at least one.

    An unknown hour makes it the whole day. Source: Representation of the People Act 1951, section 126A.
    """
    known = list(polls)
    starts = min(local_at(day, opens) if opens else day_bounds(day)[0] for day, opens, _closes in known)
    ends = max(local_at(day, max(closes)) if closes else day_bounds(day)[1] for day, _opens, closes in known)
    last = max(day for day, _opens, _closes in known)
    return starts, ends + timedelta(minutes=rule_on("exit_polls", last).numbers["minutes_after_last_close"])
