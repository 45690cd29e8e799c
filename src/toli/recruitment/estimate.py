"""The share of false entries behind a count, as call-backs show it, with its 95 % interval.

Method, shown beside the figure: the score interval of E. B. Wilson, "Probable inference, the law of succession, and
statistical inference", JASA 22 (1927) 209-212, which holds for few or no false entries too, where p ± 1.96 s does not.
The finite population correction (W. G. Cochran, Sampling Techniques, 1977, 2.4) counts a sample of n out of N as
n(N-1)/(N-n). Strata are weighted by their size (post-stratification, Cochran 5A.9); their effective size together is
that of L. Kish (Survey Sampling, 1965): (Σ W)² / Σ (W²/n). People who could not be asked are left out of the share, and
their effect is bounded: all of them true, all of them false (C. F. Manski, "Nonparametric bounds on treatment effects",
AER 80 (1990)).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt

Z95 = 1.959963984540054
FEWEST = 30
"""Answers below which a share is not shown: its interval would say nothing."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """One stratum: applications, how many of them were asked and answered, and how many answers were "false".

    `unreached` could not be asked after every try, or did not want to talk.
    """

    population: int
    answered: int = 0
    false: int = 0
    unreached: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of false entries. `low` to `high` is the 95 % interval; `least` and `most` what those who could not be
    asked could make of the share, were they all true or all false. `covered` is the part of the population that lies in
    strata with an answer. Shares are 0 to 1.
    """

    population: int
    answered: int
    false: int
    unreached: int
    share: float
    low: float
    high: float
    least: float
    most: float
    covered: float

    @property
    def is_enough(self) -> bool:
        return self.answered >= min(FEWEST, self.population)

    def is_flagged(self, tolerated: float) -> bool:
        """True when even the lower end lies above what is tolerated, and enough people answered."""
        return self.is_enough and self.low > tolerated

    @property
    def is_unclear(self) -> bool:
        """True when so many could not be asked that the share says little: their effect is wider than 20 points."""
        return self.most - self.least > 0.2


def wilson(false: int, answered: int, population: float = inf, *, z: float = Z95) -> Interval:
    """The score interval for `false` of `answered` out of `population`. Nothing asked: 0 to 1; all asked: exact."""
    if answered <= 0:
        return Interval(0.0, 1.0)
    share = false / answered
    return _score(share, effective(answered, population), z)


def effective(answered: float, population: float) -> float:
    """What a sample is worth after the finite population correction; infinite when everybody was asked."""
    if answered >= population:
        return inf
    if population == inf:
        return answered
    return answered * (population - 1) / (population - answered)


def _score(share: float, size: float, z: float = Z95) -> Interval:
    if size == inf:
        return Interval(share, share)
    square = z * z / size
    middle = (share + square / 2) / (1 + square)
    reach = z * sqrt(share * (1 - share) / size + square / (4 * size)) / (1 + square)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def combine(tallies: Iterable[Tally]) -> Estimate:
    """One estimate of many strata, each weighted by its applications. Strata without an answer are not covered."""
    strata = [tally for tally in tallies if tally.population > 0]
    asked = [tally for tally in strata if tally.answered > 0]
    population, weight = sum(t.population for t in strata), sum(t.population for t in asked)
    answered, false, unreached = (sum(getattr(t, name) for t in strata) for name in ("answered", "false", "unreached"))
    if not asked:
        return Estimate(population, 0, 0, unreached, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0)
    share = sum(t.population * t.false / t.answered for t in asked) / weight
    spread = sum(t.population**2 / effective(t.answered, t.population) for t in asked)
    found = _score(share, weight * weight / spread if spread else inf)
    reached = [t for t in strata if t.answered + t.unreached > 0]
    whole = sum(t.population for t in reached)
    least = sum(t.population * t.false / (t.answered + t.unreached) for t in reached) / whole
    most = sum(t.population * (t.false + t.unreached) / (t.answered + t.unreached) for t in reached) / whole
    return Estimate(
        population, answered, false, unreached, share, found.low, found.high, least, most, weight / population
    )
