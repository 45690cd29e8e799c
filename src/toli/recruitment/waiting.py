"""The waiting line before the join form: when it begins, how fast it lets in, what it may promise. Pure.

Tickets are numbers in the order people came. Everybody whose ticket is at most `upto` may enter; once a second `upto`
moves on by the rate. The rate is not set by anybody: it starts from the forms the web processes served in the second
before, falls by a third in each second they are over a limit and rises slowly while they are not (additive increase,
multiplicative decrease: Chiu and Jain 1989). So tickets of people who went away cost nothing: nobody comes, nothing is
busy, the line moves faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

AUTO, ON, OFF = "auto", "on", "off"
BEGINS_AFTER = 5
"""Seconds over a limit in a row: one slow second is no crowd, and its reading is seen for three."""
FEWEST_FORMS = 1.0
"""Forms a second below which a slow one is a slow machine and no crowd."""
ENDS_AFTER = 10
"""Seconds in a row in which nobody waited and nothing was over a limit."""
LOWEST_RATE = 1.0
"""Tickets a second that are let in whatever happens: the line never stands still."""
SLOWER, FASTER = 2 / 3, 1.0
SMOOTHING = 0.1
"""Of the newest second in the measured speed: about the last ten seconds count."""
KNOWN_AFTER = 10
"""Seconds of a line before its speed is told."""
SOONEST, LATEST = 5, 120
"""Seconds between two looks of a waiting page."""
STALE_SECONDS = 10
"""When nobody moved the line for so long, all are let in: a stopped worker must not close the form."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the web processes read of themselves in the last seconds."""

    busy: float = 0.0
    """Share of their threads that worked, 0 to 1, waiting pages left out."""
    form_ms: float = 0.0
    """How long the form took on average."""
    forms: float = 0.0
    """Forms served a second by all of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line as it stands in this second."""

    mode: str = AUTO
    most_busy: int = 85
    """Percent of the threads."""
    slowest_ms: int = 2000
    running: bool = False
    upto: int = 0
    rate: float = 0.0
    speed: float = 0.0
    """Tickets a second that were let in, measured."""
    credit: float = 0.0
    seconds: int = 0
    """Since it began."""
    over: int = 0
    """Seconds over a limit in a row."""
    calm: int = 0
    """Seconds in a row in which nobody waited."""


def is_over(line: Line, load: Load) -> bool:
    slow = load.form_ms >= line.slowest_ms and load.forms >= FEWEST_FORMS
    return load.busy * 100 >= line.most_busy or slow


def next_second(line: Line, load: Load, *, last: int) -> Line:
    """The line one second later; `last` is the newest ticket given out."""
    return _running(line, load, last) if line.running else _standing(line, load, last)


def _standing(line: Line, load: Load, last: int) -> Line:
    over = line.over + 1 if is_over(line, load) else 0
    if line.mode == ON or (line.mode == AUTO and over >= BEGINS_AFTER):
        rate = max(LOWEST_RATE, load.forms)
        return replace(line, running=True, upto=last, rate=rate, speed=0.0, credit=0.0, seconds=0, over=0, calm=0)
    return replace(line, over=over)


def _running(line: Line, load: Load, last: int) -> Line:
    over, waiting = is_over(line, load), max(0, last - line.upto)
    if line.mode == OFF or (line.mode == AUTO and line.calm >= ENDS_AFTER):
        return replace(line, running=False, upto=last, rate=0.0, speed=0.0, credit=0.0, over=0, calm=0)
    rate = line.rate
    if over:
        rate = max(LOWEST_RATE, rate * SLOWER)
    elif waiting:
        rate += FASTER
    credit = min(line.credit + rate, max(rate, 1.0))
    step = min(waiting, math.floor(credit))
    speed = (1 - SMOOTHING) * line.speed + SMOOTHING * step if line.seconds else float(step)
    return replace(
        line, upto=line.upto + step, rate=rate, credit=credit - step, speed=speed, seconds=line.seconds + 1,
        over=line.over + 1 if over else 0, calm=0 if waiting or over else line.calm + 1,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What a waiting page may say."""

    before: int
    """Tickets before this one that were not let in yet; some of their holders may have gone away."""
    minutes: int | None
    """At the speed of now, rounded up; 0 is less than one. None: not known."""
    look_again: int
    """Seconds until the page asks again."""


def place_of(ticket: int, *, upto: int, speed: float, seconds: int) -> Place:
    before = max(0, ticket - upto - 1)
    if seconds < KNOWN_AFTER or speed <= 0.05:
        return Place(before, None, _look_again(ticket, 45))
    wait = (before + 1) / speed
    return Place(before, _coarse(wait), _look_again(ticket, wait))


def _coarse(seconds: float) -> int:
    """Minutes, rounded up to what a guess can bear: single minutes to 5, fives to 30, then halves of an hour."""
    minutes = seconds / 60
    if minutes < 1:
        return 0
    step = 1 if minutes <= 5 else 5 if minutes <= 30 else 30
    return math.ceil(minutes / step) * step


def _look_again(ticket: int, wait: float) -> int:
    """A third of the wait; people of one second do not all ask again in the same second."""
    return int(min(LATEST, max(SOONEST, wait / 3))) + ticket % 5
