"""Who gets which place: applicant-proposing deferred acceptance with reserved shares. Pure: no database, no clock.

Each applicant asks for their wishes in their own order; each place keeps, of all who have asked, those its choice rule
picks, and lets the others go on to their next wish (Gale and Shapley, "College Admissions and the Stability of
Marriage", American Mathematical Monthly 69, 1962). The choice rule of one place: an applicant counts for at most one
reserved share there, the first that fits; each share takes its best applicants up to its count; what a share leaves
empty and all other seats go to the best of everybody left (minority reserves: Hafalir, Yenmez and Yildirim, "Effective
affirmative action in school choice", Theoretical Economics 8, 2013). That rule is substitutable and never takes fewer
when more ask, so the result is stable, best for applicants among all stable ones, the same in whatever order they ask,
and nobody gains by listing wishes they do not have.

Equal scores at a place are ordered by SHA-256 of "<published seed>:<16 bytes of the applicant's ref>", the smaller
first, the same at all places. Scores are hundredths of a point.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush, heappushpop
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

NOBODY = np.int64(-1)
"""The key that everybody passes: a seat is free."""
NEVER = np.int64(2**62)
"""The key that nobody passes: there is no such seat."""
HIGHEST = 2**20
"""Scores with what a place adds stay below: 10,485 points."""
BULK_ABOVE = 3000
"""While more applicants than this must ask again, all ask at once (sorting); then one after the other (heaps)."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything a run depends on, as columns. Wishes stand flat: those of applicant `a` are start[a]:start[a + 1]."""

    seed: str
    applicants: Ints
    """Ids, ascending."""
    refs: Ints
    """16 bytes each."""
    scores: Ints
    start: Ints
    wish_place: Ints
    """Index into `places`. An applicant names a place once."""
    wish_points: Ints
    """What the place adds to this applicant's score: 0 or more."""
    wish_share: Ints
    """The first share of the place, in its order, that the applicant fits; -1: none."""
    wish_rank: Ints
    """Which of the person's own wishes it comes from, from 1: "anywhere in my district" is many places."""
    places: Ints
    """Ids, ascending."""
    capacity: Ints
    min_score: Ints
    """For the applicant's own score, before the place adds anything; 0: none."""
    share_start: Ints
    """The shares of place `p` are share_start[p]:share_start[p + 1]."""
    share_count: Ints
    share_keys: tuple[str, ...]

    @cached_property
    def owner(self) -> Ints:
        """The applicant of each wish."""
        return np.repeat(np.arange(len(self.applicants), dtype=np.int32), np.diff(self.start))

    @cached_property
    def ties(self) -> Ints:
        """Each applicant's place in the order of ties; the larger goes first."""
        return tie_ranks(self.seed, self.refs)

    @cached_property
    def tie_bits(self) -> int:
        return max(1, len(self.applicants).bit_length())

    @cached_property
    def keys(self) -> Ints:
        """Priority of each wish at its place as one number: the score there, then the tie. No two are equal there."""
        there = self.scores[self.owner].astype(np.int64) + self.wish_points
        return (there << self.tie_bits) | self.ties[self.owner]

    @cached_property
    def eligible(self) -> Flags:
        return (self.scores[self.owner] >= self.min_score[self.wish_place]) & (self.capacity[self.wish_place] > 0)

    @cached_property
    def groups(self) -> Ints:
        """The share of each wish in the list of all shares; the number after the last: none."""
        none = len(self.share_count)
        return np.where(self.wish_share < 0, none, self.share_start[self.wish_place] + self.wish_share).astype(np.int64)

    @cached_property
    def share_place(self) -> Ints:
        return np.repeat(np.arange(len(self.places)), np.diff(self.share_start))

    @cached_property
    def reserved(self) -> Ints:
        """Seats of each share: what is left of the place's seats by the shares before it."""
        before = np.concatenate(([0], np.cumsum(self.share_count)[:-1])) if len(self.share_count) else self.share_count
        before = before - before[self.share_start[self.share_place]] if len(self.share_count) else before
        return np.clip(self.capacity[self.share_place] - before, 0, self.share_count).astype(np.int64)

    def score_at(self, wishes: Ints) -> Ints:
        """The score with which these wishes ask."""
        return self.keys[wishes] >> self.tie_bits


def tie_ranks(seed: str, refs: Ints) -> Ints:
    """The order of ties by hash: the smallest hash has the largest rank. Takes about 1 second for a million."""
    begun = hashlib.sha256(f"{seed}:".encode())
    flat, digests = refs.tobytes(), bytearray()
    for at in range(0, len(flat), 16):
        one = begun.copy()
        one.update(flat[at : at + 16])
        digests += one.digest()[:16]
    halves = np.frombuffer(bytes(digests), dtype=">u8").reshape(-1, 2)
    ranks = np.empty(len(refs), dtype=np.int64)
    ranks[np.lexsort((halves[:, 1], halves[:, 0]))] = np.arange(len(refs) - 1, -1, -1)
    return ranks


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the choice rule picks of a set of wishes, and the keys one must pass to get in now."""

    is_in: Flags
    is_reserved: Flags
    share_cut: Ints
    """Of each share: the last key on a reserved seat; NOBODY while one is free."""
    open_cut: Ints
    """Of each place: the last key in open competition; NOBODY while a seat is free, NEVER when all are reserved."""


def choose(inputs: Inputs, wishes: Ints) -> Chosen:
    """Apply the choice rule of every place to those who ask for it."""
    in_share, share_filled, share_cut = _best(inputs.groups[wishes], inputs.keys[wishes], inputs.reserved)
    is_reserved = in_share
    taken = np.bincount(inputs.share_place, weights=share_filled, minlength=len(inputs.places)).astype(np.int64)
    others = np.flatnonzero(~is_reserved)
    rest = wishes[others]
    in_open, _filled, open_cut = _best(inputs.wish_place[rest], inputs.keys[rest], inputs.capacity - taken)
    is_in = is_reserved.copy()
    is_in[others[in_open]] = True
    return Chosen(is_in, is_reserved, share_cut, open_cut)


def _best(groups: Ints, keys: Ints, seats: Ints) -> tuple[Flags, Ints, Ints]:
    """Of each group the largest keys, as many as it has seats; how many those are, and the smallest of each full one.

    A group beyond the last has no seats.
    """
    known = np.flatnonzero(groups < len(seats))
    group = groups[known].astype(np.int64)
    order = _by_group(group, keys[known])
    group, ranked = group[order], known[order]
    rank = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    inside = rank < seats[group]
    is_in = np.zeros(len(groups), dtype=bool)
    is_in[ranked[inside]] = True
    filled = np.bincount(group[inside], minlength=len(seats))
    cut = np.where(seats > 0, NOBODY, NEVER)
    last = inside & (rank == seats[group] - 1)
    cut[group[last]] = keys[ranked[last]]
    return is_in, filled, cut


def _by_group(group: Ints, keys: Ints) -> Ints:
    """The order by group, and within it from the largest key down."""
    bits = int(keys.max()).bit_length() if len(keys) else 1
    if bits + int(group.max(initial=0)).bit_length() < 63:
        return np.argsort((group << bits) | ((1 << bits) - 1 - keys))
    return np.lexsort((-keys, group))


def match(inputs: Inputs, *, bulk_above: int = BULK_ABOVE) -> Ints:
    """The wish that each applicant gets, as an index into the wishes; -1: none.

    Half a million applicants with five wishes and 40,000 places take about a second.
    """
    asking = _Asking(inputs)
    asking.in_bulk(bulk_above)
    asking.one_by_one()
    return np.where(asking.at < inputs.start[1:], asking.at, -1)


class _Asking:
    """Deferred acceptance as it goes on: where each applicant stands in their wishes, and who must ask (again)."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.at = inputs.start[:-1].astype(np.int64)
        self.end = inputs.start[1:]
        self.active = np.flatnonzero(self.at < self.end)
        self.held = np.zeros(0, dtype=np.int64)
        none = np.zeros(0, dtype=np.int64)
        first = choose(inputs, none)
        self.share_cut = np.append(first.share_cut, NEVER)
        self.open_cut = first.open_cut
        self.is_reserved = none.astype(bool)

    def in_bulk(self, above: int) -> None:
        """All who must ask do so at once, until few are left."""
        while len(self.active) > above:
            asked = self._next_wishes()
            if not len(asked):
                self.active = asked
                return
            wishes = np.concatenate((self.held, asked))
            chosen = choose(self.inputs, wishes)
            self.share_cut[:-1], self.open_cut = chosen.share_cut, chosen.open_cut
            self.held, self.is_reserved = wishes[chosen.is_in], chosen.is_reserved[chosen.is_in]
            self._refuse(self.inputs.owner[wishes[~chosen.is_in]])

    def _next_wishes(self) -> Ints:
        """The next wish of each active applicant that is not hopeless already; who has none left is done."""
        inputs, waiting, found = self.inputs, self.active, []
        while len(waiting):
            wishes = self.at[waiting]
            bar = np.minimum(self.open_cut[inputs.wish_place[wishes]], self.share_cut[inputs.groups[wishes]])
            passes = (inputs.keys[wishes] > bar) & inputs.eligible[wishes]
            found.append(wishes[passes])
            waiting = self._step(waiting[~passes])
        return np.concatenate(found) if found else waiting

    def _step(self, applicants: Ints) -> Ints:
        self.at[applicants] += 1
        return applicants[self.at[applicants] < self.end[applicants]]

    def _refuse(self, applicants: Ints) -> None:
        self.active = self._step(applicants)

    def one_by_one(self) -> None:
        """The rest, each with its chain of those it displaces: a heap of keys per share and per place."""
        inputs = self.inputs
        at, end, place, group = (a.data for a in (self.at, self.end, inputs.wish_place, inputs.groups))
        keys, eligible = inputs.keys.data, inputs.eligible.data
        mask, by_tie = (1 << inputs.tie_bits) - 1, np.argsort(inputs.ties).data
        seats = _Heaps(self)
        for applicant in self.active.tolist():
            while at[applicant] < end[applicant]:
                wish = at[applicant]
                if eligible[wish]:
                    refused = seats.ask(place[wish], group[wish], keys[wish])
                    if refused is None:
                        break
                    applicant = by_tie[refused & mask]
                at[applicant] += 1


class _Heaps:
    """Who holds which seat, as keys: the last of each share and of open competition stands at the top."""

    def __init__(self, asking: _Asking) -> None:
        inputs, held = asking.inputs, asking.held
        self.capacity = inputs.capacity.data
        self.reserved = [*inputs.reserved.tolist(), 0]
        self.of_share = _heaps(inputs.groups, inputs.keys, held[asking.is_reserved])
        self.of_open = _heaps(inputs.wish_place, inputs.keys, held[~asking.is_reserved])
        self.taken = np.bincount(inputs.wish_place[held], minlength=len(inputs.places)).tolist()

    def ask(self, place: int, group: int, key: int) -> int | None:
        """Ask for a seat; the key of whoever is left without one, or None."""
        if self.reserved[group]:
            share = self.of_share.setdefault(group, [])
            if len(share) < self.reserved[group]:
                heappush(share, key)
                return self._leave(place)
            key = heappushpop(share, key)
        in_open = self.of_open.setdefault(place, [])
        if self.taken[place] < self.capacity[place]:
            heappush(in_open, key)
            self.taken[place] += 1
            return None
        return heappushpop(in_open, key)

    def _leave(self, place: int) -> int | None:
        """One more sits on a reserved seat: the last of open competition goes when the place was full."""
        if self.taken[place] < self.capacity[place]:
            self.taken[place] += 1
            return None
        return heappop(self.of_open[place])


def _heaps(groups: Ints, keys: Ints, wishes: Ints) -> dict[int, list[int]]:
    """A heap of keys for each group: a list in rising order is one."""
    order = _by_group(groups[wishes].astype(np.int64), keys[wishes])[::-1]
    group, ranked = groups[wishes][order], keys[wishes][order].tolist()
    names, first = np.unique(-group.astype(np.int64), return_index=True)
    bounds = [*first.tolist(), len(ranked)]
    return {-name: ranked[bounds[i] : bounds[i + 1]] for i, name in enumerate(names.tolist())}
