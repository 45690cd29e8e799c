"""What a placement means for each place and each person: cut-offs, wait-lists, what each wish lacked. Pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from toli.recruitment.placement import NEVER, NOBODY, Chosen, Flags, Inputs, Ints, choose

OPEN = ""
"""The key of open competition among the shares."""
FREE, RESERVED = -1, -2
"""In place of a cut-off: a seat was free; all seats are reserved for shares that this person does not fit."""


@dataclass(frozen=True, eq=False)
class Settled:
    """An outcome looked at once for all: `got` is the wish of each applicant (-1: none), `cuts` the choice it makes."""

    inputs: Inputs
    got: Ints
    is_reserved: Flags
    """Of each applicant: on a reserved seat."""
    cuts: Chosen

    @property
    def waiting(self) -> Ints:
        """All wishes that somebody may have and likes better than what they got."""
        inputs = self.inputs
        until = np.where(self.got >= 0, self.got, inputs.start[1:])
        return np.flatnonzero(inputs.eligible & (np.arange(len(inputs.wish_place)) < until[inputs.owner]))

    @property
    def bars(self) -> Ints:
        """The key to pass for each wish: the lower of its share's last and of open competition's last."""
        share_cut = np.append(self.cuts.share_cut, NEVER)
        return np.minimum(share_cut[self.inputs.groups], self.cuts.open_cut[self.inputs.wish_place])


def settle(inputs: Inputs, got: Ints) -> Settled:
    """Work out who sits on which kind of seat. Raises ValueError when there are more people than seats."""
    has = np.flatnonzero(got >= 0)
    cuts = choose(inputs, got[has])
    if not cuts.is_in.all():
        raise ValueError("more people than seats")
    is_reserved = np.zeros(len(got), dtype=bool)
    is_reserved[has] = cuts.is_reserved
    return Settled(inputs, got, is_reserved, cuts)


@dataclass(frozen=True, slots=True)
class CutOffRow:
    """Of one share of a place, or of open competition (share ""): `lowest` is None while a seat is free."""

    place: int
    share: str
    filled: int
    wished: int
    lowest: int | None


def cut_offs(settled: Settled) -> list[CutOffRow]:
    """One row for open competition at each place, one for each share. Scores in hundredths."""
    inputs = settled.inputs
    held = settled.got[settled.got >= 0]
    reserved = settled.is_reserved[settled.got >= 0]
    places, shares = len(inputs.places), len(inputs.share_count)
    open_filled = np.bincount(inputs.wish_place[held[~reserved]], minlength=places)
    share_filled = np.bincount(inputs.groups[held[reserved]], minlength=shares)
    open_wished = np.bincount(inputs.wish_place[inputs.eligible], minlength=places)
    share_wished = np.bincount(inputs.groups[inputs.eligible], minlength=shares + 1)
    open_rows = _rows(inputs, inputs.places, [OPEN] * places, open_filled, open_wished, settled.cuts.open_cut)
    share_places = inputs.places[inputs.share_place]
    return open_rows + _rows(
        inputs, share_places, list(inputs.share_keys), share_filled, share_wished, settled.cuts.share_cut
    )


def _rows(inputs: Inputs, places: Ints, keys: list[str], filled: Ints, wished: Ints, cut: Ints) -> list[CutOffRow]:
    lowest = [int(c) >> inputs.tie_bits if NOBODY < c < NEVER else None for c in cut.tolist()]
    columns = zip(places.tolist(), keys, filled.tolist(), wished.tolist(), lowest, strict=True)
    return [CutOffRow(*row) for row in columns]


def positions(settled: Settled) -> Ints:
    """Where each wish stands on the wait-list of its place, from 1, by the place's own order; 0: it does not wait."""
    inputs, waiting = settled.inputs, settled.waiting
    order = waiting[np.lexsort((-inputs.keys[waiting], inputs.wish_place[waiting]))]
    place = inputs.wish_place[order]
    found = np.zeros(len(inputs.wish_place), dtype=np.int64)
    found[order] = np.arange(len(order)) - np.searchsorted(place, place, side="left") + 1
    return found


def wait_list(settled: Settled, place_id: int) -> list[int]:
    """Ids of the applicants who wait for this place, in its own order."""
    inputs, waiting = settled.inputs, settled.waiting
    mine = waiting[inputs.places[inputs.wish_place[waiting]] == place_id]
    return [int(i) for i in inputs.applicants[inputs.owner[mine[np.argsort(-inputs.keys[mine])]]]]


def next_in_line(settled: Settled, place_id: int, *, gone: Container[int], seats: int) -> list[int]:
    """Who gets the seats that came free: the place's own choice among those who wait, shares included.

    `gone` are ids of applicants who hold or want nothing any more. At most `seats` ids, the best first.
    """
    inputs = settled.inputs
    at_place = np.flatnonzero(inputs.places[inputs.wish_place] == place_id)
    waits = np.zeros(len(inputs.wish_place), dtype=bool)
    waits[settled.waiting] = True
    sits = settled.got[inputs.owner[at_place]] == at_place
    asks = at_place[waits[at_place] | sits]
    asks = asks[[int(i) not in gone for i in inputs.applicants[inputs.owner[asks]]]]
    chosen = asks[choose(inputs, asks).is_in]
    new = chosen[waits[chosen]]
    return [int(i) for i in inputs.applicants[inputs.owner[new[np.argsort(-inputs.keys[new])]]]][:seats]


@dataclass(frozen=True, eq=False)
class Told:
    """One line for each wish of a person: of "anywhere", the place got, or else the one that was nearest."""

    wish: Ints
    bar: Ints
    """The score of the last one in, by share or open, whichever was lower; FREE or RESERVED where there is none."""
    lacks: Ints
    """Hundredths of a point to come before the last one in; 0: not needed, or no score would have done."""
    position: Ints


def told(settled: Settled) -> Told:
    """What each wish of each person lacked, in the order of applicants and wishes."""
    inputs = settled.inputs
    bars = settled.bars
    bar_scores = np.where(bars == NEVER, RESERVED, np.where(bars == NOBODY, FREE, bars >> inputs.tie_bits))
    keys = inputs.keys
    mask = (1 << inputs.tie_bits) - 1
    lacks = bar_scores - (keys >> inputs.tie_bits) + ((keys & mask) <= (bars & mask))
    lacks = np.where((bar_scores < 0) | (keys >= bars), 0, lacks)
    got = np.zeros(len(keys), dtype=bool)
    got[settled.got[settled.got >= 0]] = True
    cost = np.where(got, -1, np.where(inputs.eligible, lacks, 2**40))
    order = np.lexsort((np.arange(len(keys)), cost, inputs.wish_rank, inputs.owner))
    first = np.ones(len(order), dtype=bool)
    owner, rank = inputs.owner[order], inputs.wish_rank[order]
    first[1:] = (owner[1:] != owner[:-1]) | (rank[1:] != rank[:-1])
    wish = order[first]
    return Told(wish, bar_scores[wish], lacks[wish], positions(settled)[wish])
