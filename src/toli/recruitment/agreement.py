"""How far two scorers agree. Pure.

Sources: J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit",
Psychological Bulletin 70 (1968), 213-220; P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing
rater reliability", Psychological Bulletin 86 (1979), 420-428.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Marks = Sequence[int] | npt.NDArray[np.int64]
Table = Sequence[Sequence[float]] | npt.NDArray[np.int64]

STEPS = 11
"""Totals of 0 to 10,000 are read in steps of 1,000 for kappa."""
FEWEST = 5
"""Fewer pairs than this say nothing about a panel."""


def kappa(first: Marks, second: Marks, steps: int) -> float | None:
    """Cohen's kappa with quadratic weights for marks 0 to steps - 1, from -1 to 1.

    None with fewer than two pairs, or where both gave one and the same mark to everybody: there was nothing to
    agree upon.
    """
    if len(first) < 2:
        return None
    seen = np.zeros((steps, steps))
    np.add.at(seen, (np.asarray(first), np.asarray(second)), 1)
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    apart = np.subtract.outer(np.arange(steps), np.arange(steps)) ** 2
    expected = float((apart * by_chance).sum())
    return 1 - float((apart * seen).sum()) / expected if expected else None


def kappa_of_totals(pairs: Table) -> float | None:
    """Kappa of pairs of totals (0 to 10,000)."""
    marks = np.rint(np.asarray(pairs, dtype=float).reshape(-1, 2) / 1000).astype(int)
    return kappa(marks[:, 0], marks[:, 1], STEPS)


def icc(pairs: Table) -> float | None:
    """ICC(2,1) of a table with a row per candidate and a column per scorer: two-way, random scorers, one score.

    None with fewer than two rows, or where nothing differs.
    """
    table = np.asarray(pairs, dtype=float)
    if len(table) < 2:
        return None
    rows, columns = table.shape
    mean = table.mean()
    between_rows = columns * ((table.mean(axis=1) - mean) ** 2).sum() / (rows - 1)
    between_columns = rows * ((table.mean(axis=0) - mean) ** 2).sum() / (columns - 1)
    total = ((table - mean) ** 2).sum()
    rest = total - between_rows * (rows - 1) - between_columns * (columns - 1)
    rest /= (rows - 1) * (columns - 1)
    below = between_rows + (columns - 1) * rest + columns * (between_columns - rest) / rows
    return float((between_rows - rest) / below) if below > 1e-9 else None
