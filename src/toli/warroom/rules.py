"""Pure decisions of the board: grades, order, gaps between shifts, and the text that goes into a group."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toli.kit import dates
from toli.kit.errors import BadInput, NotAllowed, WrongState

GRADE_A_PERCENT, GRADE_B_PERCENT = 90, 70
FRESH = timedelta(minutes=15)
TEXT_LIMIT = 1000
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}))?", re.ASCII)
WATCH_COUNTS = (1, 2, 3, 4, 6)
NOT_ON_DUTY = gettext_lazy("Only who is on duty now may approve an urgent text.")
LONGEST_SHIFT = timedelta(hours=24)
COMPARED = ("accepted", "verified", "silent", "on_duty", "tasks_done")
"""Figures that stand until they change. Active people and reach begin anew each day and are compared with nothing."""


@dataclass
class Row:
    """One unit on the board. A figure that nobody counts yet is None, never 0."""

    id: int
    ref: UUID
    names: dict[str, str]
    path: str
    level: str
    figures: dict[str, int] = field(default_factory=dict)
    grade: str = "D"
    item: str = ""
    before: dict[str, int] | None = None
    """The figures in the snapshot it is compared with; None where there is none."""

    def figure(self, key: str) -> int | None:
        return self.figures.get(key)

    def change(self, key: str) -> int | None:
        """How a standing figure changed since that snapshot; None where there is nothing to compare."""
        if self.before is None or key not in COMPARED or key not in self.figures:
            return None
        return self.figures[key] - self.before.get(key, 0)

    @property
    def norm(self) -> int:
        return self.figures.get("norm", 0)

    @property
    def accepted(self) -> int:
        return self.figures.get("accepted", 0)

    @property
    def offered(self) -> int:
        return self.figures.get("offered", 0)

    @property
    def missing(self) -> int:
        return max(self.norm - self.accepted, 0)

    @property
    def share(self) -> int | None:
        """Accepted of the norm in whole percent, rounded down; None without a norm."""
        return self.accepted * 100 // self.norm if self.norm else None


OF = {
    "accepted": "norm",
    "verified": "accepted",
    "active": "accepted",
    "silent": "accepted",
    "tasks_done": "tasks_given",
}
"""Figures that are a part of another: what a map and tiles may be coloured by."""
STEPS = (90, 70, 40, 0)


def share_of(row: Row, key: str) -> int | None:
    """A figure in whole percent of what it is a part of, rounded down; None where that is nought or not known."""
    whole = row.figures.get(OF[key])
    part = row.figures.get(key)
    return part * 100 // whole if whole and part is not None else None


def step_of(row: Row, key: str) -> str:
    """How good a share is: "90", "70", "40", "0" percent and more, or "none". Of silent people few are good."""
    share = share_of(row, key)
    if share is None:
        return "none"
    good = 100 - share if key == "silent" else share
    return str(next(step for step in STEPS if good >= step or step == 0))


def grade(figures: dict[str, int], *, age: timedelta | None) -> str:
    """A: at least 90 % of the accepted are verified and the figures are under 15 minutes old; B: 70 %; C: below.

    D where it is not known: nobody has accepted yet, or the age of the figures is not known.
    """
    accepted, verified = figures.get("accepted", 0), figures.get("verified", 0)
    if accepted <= 0 or age is None:
        return "D"
    percent = verified * 100 // accepted
    if percent >= GRADE_A_PERCENT and age < FRESH:
        return "A"
    return "B" if percent >= GRADE_B_PERCENT else "C"


def moment_key(at: datetime) -> str:
    """A kept 08:00 or 20:00 as it stands in an address: "2026-04-16T08"."""
    return f"{dates.local(at):%Y-%m-%dT%H}"


def moment_asked(text: str) -> tuple[datetime, datetime] | None:
    """The span [from, to) in which the moment of an address lies: an hour, or a whole day; None for anything else."""
    found = MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
        if found[2] is None:
            return dates.day_bounds(day)
        start = dates.local_at(day, time(int(found[2])))
    except (ValueError, OverflowError):
        return None
    return start, start + timedelta(hours=1)


# Said in the group text: whether the constituency has its item of the day.
ITEM_WORDS = {
    "none": gettext_lazy("no item today"),
    "draft": gettext_lazy("item: draft"),
    "approved": gettext_lazy("item: approved"),
    "out": gettext_lazy("item: out"),
}


class TeamLike(Protocol):
    pk: int
    names: dict[str, str]


class ShiftLike(Protocol):
    starts_at: datetime
    ends_at: datetime
    team_kind: TeamLike


class PollLike(Protocol):
    names: dict[str, str]
    accepted: int
    seats: int
    on_duty: int
    flags: int
    grade: str
    item_state: str


SORTS: dict[str, Callable[[Row], object]] = {
    "missing": lambda r: r.missing,
    "share": lambda r: -1 if r.share is None else r.share,
    **{
        key: (lambda r, key=key: r.figures.get(key, -1))
        for key in ("norm", "accepted", "verified", "active", "silent", "on_duty", "tasks_done", "reach")  # type: ignore[misc]
    },
}


def arrange(rows: Iterable[Row], sort: str, language: str) -> list[Row]:
    """The rows in the wanted order ("-accepted": largest first); by name where nothing else is asked."""
    by_name = sorted(rows, key=lambda r: (r.names.get(language) or next(iter(r.names.values()), "")).casefold())
    key = SORTS.get(sort.lstrip("-"))
    if key is None:
        return by_name[::-1] if sort == "-name" else by_name
    return sorted(by_name, key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type]


def chosen(rows: Iterable[Row], *, only: str = "", words: str = "") -> list[Row]:
    """Those the filter bar asks for: `only` short, silent or off_duty units, and `words` in any of the names."""
    tests: dict[str, Callable[[Row], bool]] = {
        "short": lambda r: r.missing > 0,
        "silent": lambda r: r.figures.get("silent", 0) > 0,
        "off_duty": lambda r: not r.figures.get("on_duty"),
    }
    test = tests.get(only, lambda r: True)
    wanted = words.casefold().strip()
    return [r for r in rows if test(r) and any(wanted in name.casefold() for name in r.names.values())]


def total(rows: Sequence[Row]) -> dict[str, int]:
    """Figures added up over units that lie side by side."""
    keys = {key for row in rows for key in row.figures}
    return {key: sum(row.figures.get(key, 0) for row in rows) for key in keys}


def polls_text(rows: Sequence[PollLike], *, now: datetime, limit: int = TEXT_LIMIT) -> str:
    """The by-election view as a message for a group, at most `limit` characters."""
    lines = [f"*{_('By-election')}* · {dates.datetime_text(now, 'hi')}", ""]
    for row in rows:
        name = row.names.get("hi") or next(iter(row.names.values()), "")
        line = _(
            "%(name)s: accepted %(accepted)s/%(seats)s (%(grade)s), on duty %(on_duty)s, %(item)s, "
            "open matters %(flags)s"
        ) % {
            "name": name, "grade": row.grade, "item": ITEM_WORDS[row.item_state],
            "accepted": row.accepted, "seats": row.seats, "on_duty": row.on_duty, "flags": row.flags,
        }  # fmt: skip
        if len("\n".join([*lines, line])) > limit:
            break
        lines.append(line)
    return "\n".join(lines)


# --- shifts ---


@dataclass(frozen=True)
class Span:
    """A half-open time, and how many people are on duty in it."""

    starts_at: datetime
    ends_at: datetime
    people: int = 0


def gaps(shifts: Iterable[tuple[datetime, datetime]], *, start: datetime, end: datetime) -> list[Span]:
    """The times inside [start, end) in which nobody is on duty."""
    found, covered = [], start
    for begins, ends in sorted(shifts):
        if begins > covered:
            found.append(Span(covered, min(begins, end)))
        covered = max(covered, ends)
        if covered >= end:
            return found
    found.append(Span(covered, end))
    return found


@dataclass
class Watch:
    """Everybody of one team who shares the same hours."""

    starts_at: datetime
    ends_at: datetime
    team: dict[str, str]
    is_now: bool
    people: list[tuple[ShiftLike, str]] = field(default_factory=list)


def watches_of(rows: Iterable[tuple[ShiftLike, str]], *, now: datetime) -> list[Watch]:
    """Shifts with the names of their people, put together by their hours, in order."""
    found: dict[tuple[datetime, datetime, int], Watch] = {}
    for shift, name in rows:
        key = (shift.starts_at, shift.ends_at, shift.team_kind.pk)
        is_now = shift.starts_at <= now < shift.ends_at
        found.setdefault(key, Watch(shift.starts_at, shift.ends_at, shift.team_kind.names, is_now)).people.append(
            (shift, name)
        )
    return [found[key] for key in sorted(found)]


def watches(start: datetime, count: int) -> list[Span]:
    """A day cut into `count` equal watches from `start`. Raises BadInput for a count that does not divide a day."""
    if count not in WATCH_COUNTS:
        raise BadInput(fields={"count": gettext_lazy("Choose 1, 2, 3, 4 or 6 watches.")})
    length = timedelta(hours=24) / count
    return [Span(start + length * n, start + length * (n + 1)) for n in range(count)]


def deal(person_ids: Sequence[int], spans: Sequence[Span], *, offset: int = 0) -> list[tuple[int, Span]]:
    """Everybody gets one watch, dealt round; `offset` turns the round, so that nights go about.

    Turned backward from day to day (night, evening, morning), everybody rests a whole watch between two.
    """
    return [(person, spans[(n + offset) % len(spans)]) for n, person in enumerate(person_ids)]


def check_member(sits_here: bool) -> None:
    """Raise NotAllowed for who has no seat in the team whose shift they want."""
    if not sits_here:
        raise NotAllowed(gettext_lazy("Only who has accepted a seat in this team takes its shifts."))


def check_shift(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raise BadInput for a shift that is past, runs backwards or lasts more than a day."""
    if ends_at <= starts_at or ends_at - starts_at > LONGEST_SHIFT:
        raise BadInput(fields={"ends_at": gettext_lazy("A shift ends after it begins and within 24 hours.")})
    if ends_at <= now:
        raise BadInput(fields={"ends_at": gettext_lazy("This shift would already be over.")})


def check_droppable(*, dropped: bool, ends_at: datetime, own: bool, may_make: bool, now: datetime) -> None:
    """Raise NotAllowed for somebody else's shift, WrongState for one that is over or already given back."""
    if not own and not may_make:
        raise NotAllowed()
    if dropped:
        raise WrongState(gettext_lazy("This shift was already given back."))
    if ends_at <= now:
        raise WrongState(gettext_lazy("This shift is over. It stays in the roster as it was."))
