"""From what is known of applicants and places to the columns of a placement. Pure; columns are numpy arrays.

A place adds points to a score for residents (home inside the place's unit), for the place's own wing, and for
languages. A reserved share is a rule about age, gender where it was volunteered, residence or wing; nothing else is
known of a person. What goes on to the placement is only the sum of points and the share, not what they come from.

"Anywhere in my district" is every place of the drive inside that unit (of the role and wing that were named), nearest
first: those in the person's own unit, then those of the unit above it, and so on; among equals in the order of the
tree, then by id. At most the nearest 200.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from toli.recruitment.placement import HIGHEST, Inputs, Ints

ANYWHERE_AT_MOST = 200
GENDERS = {"female": 1, "male": 2, "other": 3}
"""Codes of a volunteered gender; 0: not said."""


@dataclass(frozen=True)
class PlaceRow:
    """One place of a drive. Points in hundredths; `lo` and `hi` are its unit's range in the order of the tree."""

    id: int
    ref: str
    lo: int
    hi: int
    role: int
    wing: int
    """0: none."""
    capacity: int
    min_score: int
    preferences: Mapping[str, Any] = field(default_factory=dict)
    shares: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, eq=False)
class Applicants:
    """Columns, one line per applicant, ids ascending."""

    ids: Ints
    refs: Ints
    scores: Ints
    homes: Ints
    """Position of the home unit in the order of the tree; -1: outside the drive."""
    wings: Ints
    genders: Ints
    ages: Ints
    """In years; 0: not known."""
    languages: Ints
    """Bits, in the order of `Tree.languages`."""


@dataclass(frozen=True, eq=False)
class WishRows:
    """Wishes as they were written, by applicant (index) and rank. `place` is an id, or 0 and then [lo, hi) counts."""

    applicant: Ints
    rank: Ints
    place: Ints
    lo: Ints
    hi: Ints
    role: Ints
    wing: Ints


@dataclass(frozen=True, eq=False)
class Tree:
    """The order of units (each before all below it): `ends[i]` is where the subtree of unit `i` ends, `above[i]` the
    position of its parent, -1 at the top.
    """

    ends: Ints
    above: Ints
    wings: Mapping[str, int] = field(default_factory=dict)
    """Ids by key."""
    languages: Sequence[str] = ()


def changed(places: Sequence[PlaceRow], changes: Mapping[str, Any]) -> list[PlaceRow]:
    """The places of a "what if": `all` changes every place, `places` single ones by ref."""
    every, single = changes.get("all", {}), changes.get("places", {})
    return [_changed(_changed(place, every), single.get(place.ref, {})) for place in places]


def _changed(place: PlaceRow, change: Mapping[str, Any]) -> PlaceRow:
    if not change:
        return place
    capacity = int(change.get("capacity", place.capacity))
    if "capacity_percent" in change:
        capacity = -(-place.capacity * int(change["capacity_percent"]) // 100)
    return replace(
        place,
        capacity=capacity,
        min_score=int(change.get("min_score", place.min_score)),
        preferences={**place.preferences, **change.get("preferences", {})},
        shares=change.get("shares", place.shares),
    )


def columns(*, seed: str, people: Applicants, wishes: WishRows, places: Sequence[PlaceRow], tree: Tree) -> Inputs:
    """The inputs of a placement. `places` by id ascending. A place named twice counts where it was named first."""
    owner, rank, place = _expanded(people, wishes, places, tree)
    rules = _Rules(places, tree)
    return Inputs(
        seed=seed,
        applicants=people.ids,
        refs=people.refs,
        scores=people.scores,
        start=np.searchsorted(owner, np.arange(len(people.ids) + 1)),
        wish_place=place,
        wish_points=rules.points(people, owner, place),
        wish_share=rules.share(people, owner, place),
        wish_rank=rank,
        places=np.array([p.id for p in places], dtype=np.int64),
        capacity=np.array([p.capacity for p in places], dtype=np.int32),
        min_score=np.array([p.min_score for p in places], dtype=np.int32),
        share_start=rules.start,
        share_count=np.array([share["count"] for share in rules.shares], dtype=np.int32),
        share_keys=tuple(share["key"] for share in rules.shares),
    )


# -- wishes --


def _expanded(people: Applicants, wishes: WishRows, places: Sequence[PlaceRow], tree: Tree) -> tuple[Ints, Ints, Ints]:
    """Applicant, rank and place (index) of each wish, "anywhere" written out, in the order of wishes."""
    ids = np.array([p.id for p in places], dtype=np.int64)
    at = np.searchsorted(ids, wishes.place)
    named = np.flatnonzero((wishes.place > 0) & (at < len(ids)) & (ids[np.minimum(at, len(ids) - 1)] == wishes.place))
    owner, rank, place = [wishes.applicant[named]], [wishes.rank[named]], [at[named]]
    for found, members in _anywhere(people, wishes, places, tree):
        owner.append(np.repeat(wishes.applicant[members], len(found)))
        rank.append(np.repeat(wishes.rank[members], len(found)))
        place.append(np.tile(found, len(members)))
    return _once(np.concatenate(owner), np.concatenate(rank), np.concatenate(place))


def _once(owner: Ints, rank: Ints, place: Ints) -> tuple[Ints, Ints, Ints]:
    """In the order of applicants and ranks, each place where it comes first."""
    order = np.lexsort((rank, owner))  # stable: what was nearest stays first
    owner, rank, place = owner[order], rank[order], place[order]
    by_place = np.lexsort((np.arange(len(owner)), place, owner))
    again = np.zeros(len(owner), dtype=bool)
    same = (owner[by_place][1:] == owner[by_place][:-1]) & (place[by_place][1:] == place[by_place][:-1])
    again[by_place[1:][same]] = True
    keep = ~again
    return owner[keep].astype(np.int32), rank[keep].astype(np.int16), place[keep].astype(np.int32)


def _anywhere(people: Applicants, wishes: WishRows, places: Sequence[PlaceRow], tree: Tree) -> list[tuple[Ints, Ints]]:
    """For all wishes of one home, unit, role and wing: the places nearest first, and which wishes these are."""
    loose = np.flatnonzero(wishes.place == 0)
    if not len(loose):
        return []
    homes = people.homes[wishes.applicant[loose]]
    kinds = np.stack((homes, wishes.lo[loose], wishes.hi[loose], wishes.role[loose], wishes.wing[loose]), axis=1)
    distinct, which = np.unique(kinds, axis=0, return_inverse=True)
    order = np.argsort(which, kind="stable")
    members = np.split(loose[order], np.cumsum(np.bincount(which.ravel()))[:-1])
    near = _Near(places, tree)
    return [(near.to(*kind), group) for kind, group in zip(distinct.tolist(), members, strict=True)]


class _Near:
    """The places in the order of the tree."""

    def __init__(self, places: Sequence[PlaceRow], tree: Tree) -> None:
        unit, role = np.array([p.lo for p in places], dtype=np.int64), np.array([p.role for p in places])
        self.order = np.lexsort((np.arange(len(places)), unit))
        self.unit, self.role = unit[self.order], role[self.order]
        self.wing = np.array([p.wing for p in places])[self.order]
        self.tree = tree

    def to(self, home: int, lo: int, hi: int, role: int, wing: int) -> Ints:
        """Indices of the places in [lo, hi), those that share the lowest unit with the home first."""
        parts, inner, found = [], (0, 0), 0
        at: int = home
        while found < ANYWHERE_AT_MOST and at >= 0:
            outer = self._range(max(at, lo), min(int(self.tree.ends[at]), hi))
            for part in self._ring(outer, inner, role, wing):
                parts.append(part)
                found += len(part)
            inner, at = (outer if outer[1] > outer[0] else inner), int(self.tree.above[at])
        if found < ANYWHERE_AT_MOST:
            parts += self._ring(self._range(lo, hi), inner, role, wing)
        return self.order[np.concatenate(parts)[:ANYWHERE_AT_MOST]]

    def _range(self, lo: int, hi: int) -> tuple[int, int]:
        first, last = np.searchsorted(self.unit, (lo, max(lo, hi)))
        return int(first), int(last)

    def _ring(self, outer: tuple[int, int], inner: tuple[int, int], role: int, wing: int) -> list[Ints]:
        """What the outer range has around the inner one."""
        if inner[1] <= inner[0]:
            inner = (outer[1], outer[1])
        spans = (np.arange(outer[0], min(inner[0], outer[1])), np.arange(max(inner[1], outer[0]), outer[1]))
        return [span[self._fits(span, role, wing)] for span in spans]

    def _fits(self, span: Ints, role: int, wing: int) -> Ints:
        fits = np.ones(len(span), dtype=bool)
        if role:
            fits &= self.role[span] == role
        if wing:
            fits &= self.wing[span] == wing
        return fits


# -- what a place adds, and its shares --


class _Rules:
    """Preferences and shares of all places as columns."""

    def __init__(self, places: Sequence[PlaceRow], tree: Tree) -> None:
        self.places, self.tree = places, tree
        self.lo = np.array([p.lo for p in places], dtype=np.int64)
        self.hi = np.array([p.hi for p in places], dtype=np.int64)
        self.wing = np.array([p.wing for p in places], dtype=np.int64)
        self.shares = [share for place in places for share in place.shares]
        self.start = np.concatenate(([0], np.cumsum([len(p.shares) for p in places]))).astype(np.int64)

    def points(self, people: Applicants, owner: Ints, place: Ints) -> Ints:
        """What each place adds to each of its applicants."""
        added = np.where(self._lives_there(people, owner, place), self._adds("residents")[place], 0)
        of_wing = (self.wing[place] > 0) & (people.wings[owner] == self.wing[place])
        added = added + np.where(of_wing, self._adds("wing")[place], 0)
        for bit, language in enumerate(self.tree.languages):
            adds = np.array([p.preferences.get("languages", {}).get(language, 0) for p in self.places])
            if adds.any():
                added = added + np.where(people.languages[owner] >> bit & 1, adds[place], 0)
        if len(added) and int(added.max()) + int(people.scores.max(initial=0)) >= HIGHEST:
            raise ValueError("points beyond what a score can hold")
        return added.astype(np.int32)

    def _adds(self, key: str) -> Ints:
        return np.array([max(0, int(p.preferences.get(key, 0))) for p in self.places], dtype=np.int64)

    def _lives_there(self, people: Applicants, owner: Ints, place: Ints) -> Ints:
        home = people.homes[owner]
        return (home >= self.lo[place]) & (home < self.hi[place])

    def share(self, people: Applicants, owner: Ints, place: Ints) -> Ints:
        """The first share of the place that the applicant fits, or -1."""
        found = np.full(len(owner), -1, dtype=np.int16)
        lives = self._lives_there(people, owner, place)
        most = int(np.diff(self.start).max(initial=0))
        for nth in range(most):
            share = self.start[place] + nth
            left = np.flatnonzero((found < 0) & (share < self.start[place + 1]))
            fits = self._fits(people, owner[left], share[left], lives[left])
            found[left[fits]] = nth
        return found

    def _fits(self, people: Applicants, owner: Ints, share: Ints, lives: Ints) -> Ints:
        ages, genders, wings = people.ages[owner], people.genders[owner], people.wings[owner]
        rule = self._share_columns
        by_age = (rule["from"][share] < 0) | ((ages > 0) & (rule["from"][share] <= ages) & (ages <= rule["to"][share]))
        by_gender = (rule["gender"][share] == 0) | (rule["gender"][share] == genders)
        by_wing = (rule["wing"][share] == 0) | (rule["wing"][share] == wings)
        return by_age & by_gender & by_wing & (lives | (rule["residents"][share] == 0))

    @property
    def _share_columns(self) -> dict[str, Ints]:
        """A rule that is unknown fits nobody: a wing that is not there, a gender that cannot be said."""
        rows = [
            (
                *(share.get("age") or (-1, -1)),
                GENDERS.get(share["gender"], 9) if share.get("gender") else 0,
                self.tree.wings.get(share["wing"], -1) if share.get("wing") else 0,
                int(bool(share.get("residents"))),
            )
            for share in self.shares
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 5)
        return dict(zip(("from", "to", "gender", "wing", "residents"), table.T, strict=True))
