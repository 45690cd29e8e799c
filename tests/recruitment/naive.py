"""Placement as one would write it down: dictionaries, every choice made anew, no numpy. For comparison only."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field

import numpy as np

from toli.recruitment.placement import Inputs


@dataclass
class Place:
    capacity: int
    min_score: int = 0
    shares: list[int] = field(default_factory=list)
    """Seats of each share, in order."""


@dataclass
class Person:
    score: int
    wishes: list[int]
    """Places, the best first."""
    points: dict[int, int] = field(default_factory=dict)
    share: dict[int, int] = field(default_factory=dict)
    """The share of a place that the person fits."""


@dataclass
class Instance:
    people: list[Person]
    places: list[Place]
    seed: str = "seed"

    def ref(self, person: int) -> bytes:
        return hashlib.md5(str(person).encode()).digest()

    def inputs(self) -> Inputs:
        flat = [(i, nth + 1, place) for i, one in enumerate(self.people) for nth, place in enumerate(one.wishes)]
        shares = [count for place in self.places for count in place.shares]
        return Inputs(
            seed=self.seed,
            applicants=np.arange(len(self.people), dtype=np.int64) + 1,
            refs=np.frombuffer(b"".join(map(self.ref, range(len(self.people)))), dtype=np.uint8).reshape(-1, 16),
            scores=np.array([one.score for one in self.people], dtype=np.int32),
            start=np.concatenate(([0], np.cumsum([len(one.wishes) for one in self.people]))).astype(np.int64),
            wish_place=np.array([place for _i, _n, place in flat], dtype=np.int32),
            wish_points=np.array([self.people[i].points.get(place, 0) for i, _n, place in flat], dtype=np.int32),
            wish_share=np.array([self.people[i].share.get(place, -1) for i, _n, place in flat], dtype=np.int16),
            wish_rank=np.array([nth for _i, nth, _place in flat], dtype=np.int16),
            places=np.arange(len(self.places), dtype=np.int64) + 1,
            capacity=np.array([place.capacity for place in self.places], dtype=np.int32),
            min_score=np.array([place.min_score for place in self.places], dtype=np.int32),
            share_start=np.concatenate(([0], np.cumsum([len(p.shares) for p in self.places]))).astype(np.int64),
            share_count=np.array(shares, dtype=np.int32),
            share_keys=tuple(f"s{n}" for place in self.places for n in range(len(place.shares))),
        )

    # -- the rule, literally --

    def priority(self, place: int) -> list[int]:
        """Everybody who may sit there, the best first."""

        def order(person: int) -> tuple[int, str]:
            one = self.people[person]
            tie = hashlib.sha256(self.seed.encode() + b":" + self.ref(person)).hexdigest()
            return -(one.score + one.points.get(place, 0)), tie

        able = [i for i, one in enumerate(self.people) if one.score >= self.places[place].min_score]
        return sorted(able, key=order)

    def choose(self, place: int, asking: set[int]) -> set[int]:
        """Of those who ask, whom the place takes."""
        queue = [i for i in self.priority(place) if i in asking]
        left, chosen = self.places[place].capacity, set()
        for nth, count in enumerate(self.places[place].shares):
            seats = min(count, left)
            left -= seats
            mine = [i for i in queue if self.people[i].share.get(place, -1) == nth][:seats]
            chosen |= set(mine)
        return chosen | set([i for i in queue if i not in chosen][: self.places[place].capacity - len(chosen)])

    def place_all(self) -> dict[int, int]:
        """Deferred acceptance, one proposal at a time, in any order."""
        next_wish = dict.fromkeys(range(len(self.people)), 0)
        sits: dict[int, set[int]] = {place: set() for place in range(len(self.places))}
        waiting = list(range(len(self.people)))
        random.Random(3).shuffle(waiting)
        while waiting:
            person = waiting.pop()
            if next_wish[person] >= len(self.people[person].wishes):
                continue
            place = self.people[person].wishes[next_wish[person]]
            next_wish[person] += 1
            asking = sits[place] | {person}
            sits[place] = self.choose(place, asking)
            waiting += asking - sits[place]
        return {person: place for place, people in sits.items() for person in people}

    def blocking(self, outcome: dict[int, int]) -> list[tuple[int, int]]:
        """Pairs that would both rather have each other: person and place."""
        found = []
        for person, one in enumerate(self.people):
            has = one.wishes.index(outcome[person]) if person in outcome else len(one.wishes)
            for place in one.wishes[:has]:
                inside = {other for other, its in outcome.items() if its == place}
                if person in self.choose(place, inside | {person}):
                    found.append((person, place))
        return found


def drawn(seed: int, *, people: int = 60, places: int = 20, with_shares: bool = True, ties: bool = True) -> Instance:
    """An instance from a seed."""
    draw = random.Random(seed)
    offered = [
        Place(
            draw.randint(0, 4), draw.choice([0, 0, 3]),
            [draw.randint(0, 2) for _ in range(draw.randint(0, 3))] if with_shares else [],
        )
        for _ in range(draw.randint(1, places))
    ]  # fmt: skip
    return Instance([_person(draw, offered, ties) for _ in range(draw.randint(1, people))], offered, seed=str(seed))


def _person(draw: random.Random, places: list[Place], ties: bool) -> Person:
    wishes = draw.sample(range(len(places)), draw.randint(0, min(6, len(places))))
    return Person(
        draw.randint(0, 9) if ties else draw.randint(0, 10_000),
        wishes,
        {place: draw.choice([0, 0, 1, 3]) for place in wishes},
        {place: draw.randrange(-1, len(places[place].shares)) for place in wishes},
    )
