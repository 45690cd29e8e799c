"""How many applicants to call back, and which: sizes for a wanted certainty, drawn by a seed everybody may check.

Sources: W. G. Cochran, Sampling Techniques, 3rd ed. (Wiley 1977): sample size for a proportion with the finite
population correction (4.2-4.4), proportional allocation to strata (5.5-5.9). Pure: no database, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, comb
from typing import TypeVar

from toli.recruitment.estimate import Z95, wilson

EXPECTED, TOLERATED = 0.10, 0.02
"""The share of false entries that a plan must not miss, and the share below which nobody is alarmed."""
HALF_WIDTH, POWER = 0.05, 0.95
LEAST = 2
"""Calls in a stratum, where it has as many: one call says nothing of how answers differ."""

Key = TypeVar("Key", bound=Hashable)


def size_for(population: int, *, half_width: float = HALF_WIDTH, share: float = EXPECTED, z: float = Z95) -> int:
    """How many of `population` to call so that an expected `share` is known to plus or minus `half_width`.

    n0 = z² p(1-p) / e², n = n0 / (1 + (n0 - 1) / N) (Cochran 4.2). Raises ValueError for a width outside (0, 1).
    """
    if not 0 < half_width < 1 or not 0 < share < 1:
        raise ValueError("a half-width and a share lie between 0 and 1")
    if population <= 0:
        return 0
    without_end = z * z * share * (1 - share) / (half_width * half_width)
    return min(population, ceil(without_end / (1 + (without_end - 1) / population)))


def chance_to_notice(population: int, size: int, *, share: float = EXPECTED, tolerated: float = TOLERATED) -> float:
    """The probability that a unit with this share of false entries is flagged, when everybody called answers.

    Exact, hypergeometric: the sum over samples whose interval lies above what is tolerated.
    """
    false = round(population * share)
    if not 0 < size <= population or false == 0:
        return 0.0
    needed = next((k for k in range(size + 1) if wilson(k, size, population).low > tolerated), size + 1)
    missed = sum(
        comb(false, k) * comb(population - false, size - k) for k in range(needed) if size - k <= population - false
    )
    return 1.0 - missed / comb(population, size)


def planned_size(population: int, *, half_width: float = HALF_WIDTH) -> int:
    """The size that keeps the half-width and notices one false entry in ten with 95 % certainty."""
    size = size_for(population, half_width=half_width)
    while size < population and chance_to_notice(population, size) < POWER:
        size = min(population, size + max(1, size // 20))
    return size


def allocate(populations: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Share `total` calls among strata by their size: largest remainders, at least two each where there are two.

    Deterministic: equal remainders go by the order given.
    """
    whole = sum(populations.values())
    total = min(total, whole)
    if whole == 0:
        return dict.fromkeys(populations, 0)
    exact = {key: total * n / whole for key, n in populations.items()}
    given = {key: min(populations[key], max(int(part), LEAST)) for key, part in exact.items()}
    for key in sorted(exact, key=lambda key: int(exact[key]) - exact[key]):
        if sum(given.values()) >= total:
            break
        given[key] = min(populations[key], given[key] + 1)
    return given


@dataclass(frozen=True, slots=True)
class Cell:
    """A stratum: applications of one unit that came by one referrer's link (`link` None: by no link of note)."""

    unit: int
    link: int | None


def plan(cells: Mapping[Cell, int], *, half_width: float = HALF_WIDTH) -> dict[Cell, int]:
    """How many to call in each cell, so that each unit AND each referrer is known to the wanted half-width.

    Each unit's size is shared among its cells, then each referrer's among theirs; a cell gets the larger of both.
    """
    sizes: dict[Cell, int] = dict.fromkeys(cells, 0)
    by_unit: dict[int, dict[Cell, int]] = {}
    by_link: dict[int, dict[Cell, int]] = {}
    for cell, population in cells.items():
        by_unit.setdefault(cell.unit, {})[cell] = population
        if cell.link is not None:
            by_link.setdefault(cell.link, {})[cell] = population
    for group in (*by_unit.values(), *by_link.values()):
        for cell, size in allocate(group, planned_size(sum(group.values()), half_width=half_width)).items():
            sizes[cell] = max(sizes[cell], size)
    return sizes


def place_of(seed: str, ref: str) -> str:
    """Where an application stands in the drawing: the SHA-256 of seed and ref, as `services/plans.py` computes it."""
    return hashlib.sha256(f"{seed}:{ref}".encode()).hexdigest()


def draw(seed: str, refs: Sequence[str], size: int) -> list[str]:
    """The refs that are called, in calling order. Anybody with the seed and the refs gets the same."""
    return sorted(refs, key=lambda ref: place_of(seed, ref))[:size]
