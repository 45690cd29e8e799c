"""The days of a series and its gaps. Pure: what is filled is passed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

LONGEST = 400
"""Days a series may run."""


class Planned(Protocol):
    """What of a series its days follow from."""

    from_on: date
    until_on: date
    weekdays: list[int]


@dataclass(frozen=True, slots=True)
class Filled:
    """An item in an episode. `language` is empty when it serves all; `cleared` when it may go out as it stands."""

    language: str
    seat: int | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a series with what it lacks. `planned` is False where nobody planned an episode."""

    on: date
    number: int
    planned: bool
    languages: tuple[str, ...] = ()
    """Languages without an item for everybody."""
    seats: tuple[int, ...] = ()
    """Constituencies without their variant."""
    waiting: int = 0
    """Items that are not cleared as they stand."""

    @property
    def whole(self) -> bool:
        return self.planned and not (self.languages or self.seats or self.waiting)


def days_of(series: Planned) -> list[date]:
    """Every day of the series, in order."""
    span = (series.until_on - series.from_on).days
    days = (series.from_on + timedelta(days=n) for n in range(span + 1))
    return [day for day in days if day.weekday() in series.weekdays]


def number_of(series: Planned, day: date) -> int | None:
    """The place of a day among the days of the series, from 1; None for a day that is none of them."""
    days = days_of(series)
    return days.index(day) + 1 if day in days else None


def gaps(
    series: Planned, languages: Sequence[str], seats: Collection[int], filled: Mapping[date, Iterable[Filled]]
) -> list[Day]:
    """Every day of the series with what it lacks; `filled` has a key for each day that has an episode."""
    return [
        _day(day, number, languages, seats, list(filled[day]) if day in filled else None)
        for number, day in enumerate(days_of(series), start=1)
    ]


def _day(day: date, number: int, languages: Sequence[str], seats: Collection[int], filled: list[Filled] | None) -> Day:
    if filled is None:
        return Day(day, number, planned=False)
    spoken = {one.language for one in filled if one.seat is None}
    served = {one.seat for one in filled}
    return Day(
        day, number, planned=True,
        languages=() if "" in spoken else tuple(tag for tag in languages if tag not in spoken),
        seats=tuple(seat for seat in seats if seat not in served),
        waiting=sum(not one.cleared for one in filled),
    )  # fmt: skip
