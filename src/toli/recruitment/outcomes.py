"""What a placement means for each place and each person: cut-offs, wait-lists, what each wish lacked. Pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from toli.recruitment.placement import NEVER, NOBODY, Chosen, Flags, Inputs, Ints, choose

OPEN = ""
"""The key of open competition among the shares."""


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
    share_wished = np.bincount(inputs.groups[inputs.eligible], minlength=shares + 1)[:shares]
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


def wished_more(settled: Settled, applicant: int, place_id: int, *, than: int) -> bool:
    """True when this applicant wished the one place before the other; False for somebody the run does not know."""
    inputs = settled.inputs
    at = int(np.searchsorted(inputs.applicants, applicant))
    if at == len(inputs.applicants) or inputs.applicants[at] != applicant:
        return False
    wishes = np.arange(inputs.start[at], inputs.start[at + 1])
    places = inputs.places[inputs.wish_place[wishes]]
    ranks = inputs.wish_rank[wishes]
    wished, held = ranks[places == place_id], ranks[places == than]
    return bool(len(wished) and len(held) and wished.min() < held.min())


def would_get(settled: Settled, applicant: int, gained: int) -> int | None:
    """The first place that this applicant likes better than what they got and for which `gained` hundredths more would
    have been enough to come before the last one in; None: there is none.
    """
    inputs = settled.inputs
    at = int(np.searchsorted(inputs.applicants, applicant))
    got = int(settled.got[at])
    wishes = np.arange(inputs.start[at], got if got >= 0 else inputs.start[at + 1])
    place = inputs.wish_place[wishes]
    able = (inputs.scores[at] + gained >= inputs.min_score[place]) & (inputs.capacity[place] > 0)
    enough = wishes[able & (inputs.keys[wishes] + (np.int64(gained) << inputs.tie_bits) > settled.bars[wishes])]
    return int(inputs.places[inputs.wish_place[enough[0]]]) if len(enough) else None


class What(IntEnum):
    """What became of a wish."""

    GOT = 0
    BETTER = 1
    """Something wished more was got."""
    SCORE = 2
    """All seats went to others before."""
    MINIMUM = 3
    """The own score is below what the place asks of everybody."""
    RESERVED = 4
    """All seats are reserved for shares that the person does not fit."""
    CLOSED = 5
    """The place had no seats."""


@dataclass(frozen=True, eq=False)
class Told:
    """One line for each wish of a person: of "anywhere", the place got, or else the one that was nearest.

    In the order of applicants and their wishes. Scores in hundredths.
    """

    wish: Ints
    what: Ints
    cut: Ints
    """The score of the last one in, by the person's share or open, whichever was lower; or the minimum; -1: none."""
    lacks: Ints
    """What was missing to come before the last one in, or to the minimum; 0 where that is not the reason."""
    position: Ints
    """On the wait-list; 0: it does not wait."""


def told(settled: Settled) -> Told:
    """What each wish of each person lacked."""
    inputs, bars, keys = settled.inputs, settled.bars, settled.inputs.keys
    got = settled.got[inputs.owner]
    nth = np.arange(len(keys))
    own, minimum = inputs.scores[inputs.owner], inputs.min_score[inputs.wish_place]
    what = np.select(
        [nth == got, (got >= 0) & (nth > got), inputs.capacity[inputs.wish_place] <= 0, own < minimum, bars == NEVER],
        [What.GOT, What.BETTER, What.CLOSED, What.MINIMUM, What.RESERVED],
        default=What.SCORE,
    )
    has_cut = (bars > NOBODY) & (bars < NEVER) & (what != What.CLOSED)
    cut = np.where(what == What.MINIMUM, minimum, np.where(has_cut, bars >> inputs.tie_bits, -1))
    mask = (1 << inputs.tie_bits) - 1
    to_bar = cut - (keys >> inputs.tie_bits) + ((keys & mask) <= (bars & mask))
    lacks = np.select([what == What.SCORE, what == What.MINIMUM], [to_bar, minimum - own], default=0)
    wish = _one_of_each_rank(inputs, what, lacks)
    return Told(wish, what[wish], cut[wish], lacks[wish], positions(settled)[wish])


def _one_of_each_rank(inputs: Inputs, what: Ints, lacks: Ints) -> Ints:
    """Of the places that one wish stands for: the one got, else where the least was missing, else the nearest."""
    cost = np.select([what == What.GOT, what == What.BETTER, lacks > 0], [-1, 0, lacks], default=2**40)
    order = np.lexsort((np.arange(len(what)), cost, inputs.wish_rank, inputs.owner))
    owner, rank = inputs.owner[order], inputs.wish_rank[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (owner[1:] != owner[:-1]) | (rank[1:] != rank[:-1])
    return order[first]
