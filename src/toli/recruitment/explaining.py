"""Why somebody got a place or not, read from what a run wrote down for them. Pure; scores in hundredths of a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toli.recruitment.outcomes import What


@dataclass(frozen=True, slots=True)
class Line:
    """One wish: what became of it."""

    rank: int
    place_id: int
    what: What
    score: int
    """With what the place adds."""
    cut: int | None
    """The last score in, by the person's share or open competition, whichever was lower; or the minimum."""
    lacks: int
    position: int
    """On the wait-list, from 1; 0: does not wait."""


def read(told: Sequence[Sequence[int]] | None) -> list[Line]:
    """The lines of one applicant, in the order of their wishes."""
    return [
        Line(rank, place, What(what), score, None if cut < 0 else cut, lacks, position)
        for rank, place, what, score, cut, lacks, position in told or ()
    ]


def nearest(lines: Sequence[Line]) -> Line | None:
    """The wish for which the least was missing to come before the last one in."""
    short = [line for line in lines if line.what == What.SCORE]
    return min(short, key=lambda line: (line.lacks, line.rank), default=None)
