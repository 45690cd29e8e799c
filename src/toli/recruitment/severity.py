"""How much harsher or milder than the others a scorer is. Pure; docs/why/0008 says what it assumes.

Model: a total = what the candidate deserves + the scorer's offset + chance. Offsets are found by least squares over the
candidates that scorers share, and drawn towards 0 as if each scorer had given `DOUBT` more cards without any offset:
who scored few is hardly corrected (ridge regression: A. E. Hoerl and R. W. Kennard, Technometrics 12 (1970), 55-67).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

METHOD = "additive-ridge-1"
DOUBT = 5.0
"""Cards without an offset that every scorer is given on top; with this many shared cards half an offset is believed."""
LARGEST = 2_000
"""No correction is larger than 20 points, whatever the sums say."""
TOP = 10_000
SMALL = 100_000
"""Candidates times scorers up to which the sums are solved whole; more are mostly empty."""
Ints = np.ndarray


@dataclass(frozen=True, slots=True)
class Card:
    """`total` is 0 to 10,000."""

    candidate: int
    scorer: int
    total: int


def offsets(cards: Sequence[Card]) -> dict[int, int]:
    """Each scorer's offset, in hundredths of a point: above 0 milder than the others, below harsher.

    Only candidates with two cards or more say anything. Among scorers who share no candidate with the rest, directly or
    through others, offsets are only against one another; each such circle has its own middle.
    """
    scorers = sorted({card.scorer for card in cards})
    if not scorers:
        return {}
    found = _solve(cards, scorers)
    return {scorer: _whole(offset) for scorer, offset in zip(scorers, found, strict=True)}


def _solve(cards: Sequence[Card], scorers: Sequence[int]) -> np.ndarray:
    """The normal equations without the candidates: a card's total is taken against its candidate's mean."""
    candidates = {candidate: row for row, candidate in enumerate(sorted({card.candidate for card in cards}))}
    columns = {scorer: column for column, scorer in enumerate(scorers)}
    row = np.array([candidates[card.candidate] for card in cards])
    column = np.array([columns[card.scorer] for card in cards])
    totals = np.array([card.total for card in cards], dtype=float)
    each = np.bincount(row, minlength=len(candidates))
    means = np.bincount(row, weights=totals, minlength=len(candidates)) / each
    against = np.bincount(column, weights=totals - means[row], minlength=len(scorers))
    if len(candidates) * len(scorers) <= SMALL:
        return _solve_whole(row, column, each, against)
    return _solve_sparse(row, column, each, against)


def _solve_whole(row: Ints, column: Ints, each: Ints, against: np.ndarray) -> np.ndarray:
    """A round of some panels, without loading the sparse solver."""
    given = np.zeros((len(each), len(against)))
    np.add.at(given, (row, column), 1.0)
    left = np.diag(given.sum(axis=0) + DOUBT) - given.T @ (given / each[:, None])
    return np.linalg.solve(left, against)


def _solve_sparse(row: Ints, column: Ints, each: Ints, against: np.ndarray) -> np.ndarray:
    from scipy.sparse import csr_matrix, diags
    from scipy.sparse.linalg import cg

    given = csr_matrix((np.ones(len(row)), (row, column)), shape=(len(each), len(against)))
    count = np.bincount(column, minlength=len(against))
    left = diags(count + DOUBT) - given.T @ diags(1 / each) @ given
    solved, failed = cg(left, against, rtol=1e-10, maxiter=10_000)
    if failed:
        raise RuntimeError("the offsets of the scorers did not settle")
    return np.asarray(solved)


def _whole(offset: float) -> int:
    return int(np.clip(np.rint(offset), -LARGEST, LARGEST))


def corrected(card: Card, found: Mapping[int, int]) -> int:
    """The total without the scorer's offset, 0 to 10,000."""
    return min(TOP, max(0, card.total - found.get(card.scorer, 0)))
