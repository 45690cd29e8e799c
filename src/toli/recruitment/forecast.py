"""How many applications there will be by the last day, with a band. Pure; days are Indian days.

Method: the last 14 whole days give a level and a shape of the week. Counts of a day are taken as Poisson around
level x weekday factor, made wider by the dispersion that these days show (Pearson's statistic over its degrees of
freedom, never below 1: the quasi-Poisson model of McCullagh and Nelder, "Generalized Linear Models", 2nd edition 1989,
section 6.2). A weekday's factor is drawn towards 1 by one week's worth of an average day, because two Mondays say
little. The band covers 80 %: it adds the spread of the days to come and the doubt about the level, as if both were
normal. What it cannot know: a rally tomorrow, a poster taken down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

DAYS = 14
FEWEST_DAYS = 4
WIDTH = 1.2816
"""Half the width of a central 80 % of the normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Applications at the end of the drive: what is likeliest and a band that holds in four of five such drives."""

    likely: int
    low: int
    high: int

    def reaches(self, target: int) -> str:
        """Yes where even the low end does, no where not even the high end does, else open."""
        if self.low >= target:
            return "yes"
        return "no" if self.high < target else "open"


def forecast(by_day: Mapping[date, int], *, so_far: int, first: date, today: date, last: date) -> Forecast | None:
    """None before four whole days are counted. `so_far` holds today's; today counts as half a day to come."""
    begins = max(first, today - timedelta(days=DAYS))
    past = [begins + timedelta(days=n) for n in range((today - begins).days)]
    if len(past) < FEWEST_DAYS:
        return None
    counts = [by_day.get(day, 0) for day in past]
    factors = _week_shape(past, counts)
    weight = sum(factors[day.weekday()] for day in past)
    level = sum(counts) / weight
    to_come = max(0.0, _weight_to_come(factors, today, last))
    more = level * to_come
    spread = _dispersion(past, counts, level, factors)
    variance = spread * more + (to_come**2) * spread * level / weight
    half = WIDTH * sqrt(variance)
    return Forecast(round(so_far + more), max(so_far, round(so_far + more - half)), round(so_far + more + half))


def _week_shape(days: list[date], counts: list[int]) -> list[float]:
    """A factor for each weekday, Monday first, drawn towards 1."""
    mean = sum(counts) / len(counts)
    if not mean:
        return [1.0] * 7
    sums, seen = [mean] * 7, [1] * 7
    for day, count in zip(days, counts, strict=True):
        sums[day.weekday()] += count
        seen[day.weekday()] += 1
    return [total / n / mean for total, n in zip(sums, seen, strict=True)]


def _weight_to_come(factors: list[float], today: date, last: date) -> float:
    whole = sum(factors[(today + timedelta(days=n)).weekday()] for n in range(1, (last - today).days + 1))
    return whole + (factors[today.weekday()] / 2 if last >= today else 0)


def _dispersion(days: list[date], counts: list[int], level: float, factors: list[float]) -> float:
    expected = [level * factors[day.weekday()] for day in days]
    pearson = sum((n - mean) ** 2 / mean for n, mean in zip(counts, expected, strict=True) if mean > 0)
    return max(1.0, pearson / max(1, len(days) - 1))
