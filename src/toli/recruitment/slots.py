"""Slots from panels' hours, and which candidate gets which slot. Pure: no database, no clock.

Who fits a slot: one of the candidate's languages is spoken on the panel, and the panel is within reach. What a slot
costs is counted in tenths of a day: ten for each day waited, and what it costs to climb the organisation's tree to the
first unit that holds both. Of all ways to give a slot to as many as possible (higher ranks first where slots are too
few), the cheapest is found exactly.

How: people of one place and one set of languages cost the same everywhere, and so do panels of one unit and one set of
languages. With these groups it is a flow through the tree: up from the candidates, across once, down to the panels,
and out through each panel's days. A flow has whole numbers at its cheapest corner (Dantzig 1951; Ahuja, Magnanti and
Orlin, "Network Flows", 1993, ch. 11), so a linear program over some ten thousand arcs solves it for everybody. Its
prices give a lower bound that holds for every possible assignment; it is computed here again from the prices alone.
"""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from toli.kit.dates import local_at
from toli.org.paths import ancestors

DAY = 10
"""What one day of waiting costs."""
UNPLACED = 100_000
"""What it costs to leave somebody without a slot: more than any way through the tree."""
RANKS = 20
"""Ranks that are told apart where slots are too few; every later one counts as the last."""

Span = tuple[int, int]
"""[from, to) in minutes after midnight, India."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`path` is that of the unit in the organisation's tree; a lower `rank`, then a lower `since`, comes first."""

    id: int
    path: str
    languages: frozenset[str]
    rank: int
    since: float


@dataclass(frozen=True, slots=True)
class Place:
    """A panel, as far as the choice of a slot is concerned."""

    id: int
    path: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class FreeSlot:
    id: int
    panel: int
    day: int
    """Days after the first day that counts."""
    minute: int
    """After midnight, India."""


@dataclass(frozen=True, slots=True)
class Matching:
    """`cost` is what was given costs, `bound` what any assignment costs at least; both in tenths of a day.

    The way to the first unit with a panel counts for those who wait too: living far from all panels puts nobody behind.
    """

    pairs: list[tuple[int, int]]
    """Ids of candidate and slot."""
    waiting: list[int]
    first_choice: int
    """How many got a panel as near as any that speaks their language."""
    cost: int
    bound: int


def slots_of(hours: Mapping[int, Sequence[Span]], days: Iterable[date], minutes: int) -> Iterator[datetime]:
    """The beginnings of a panel's slots (UTC) on these days; a rest too short for a slot is left free."""
    for day in days:
        midnight = local_at(day, time.min)
        for begins, ends in hours.get(day.weekday(), ()):
            for minute in range(begins, ends - minutes + 1, minutes):
                yield midnight + timedelta(minutes=minute)


def match(
    candidates: Sequence[Candidate], panels: Sequence[Place], free: Sequence[FreeSlot], climb: Mapping[int, int]
) -> Matching:
    """Give slots to candidates at the least cost.

    `climb` says what it costs to climb into a unit from below; a unit that is not named cannot be climbed into, so
    nobody is sent to a panel beyond it.
    """
    in_order = operator.attrgetter("id")
    net = _Net(sorted(candidates, key=in_order), sorted(panels, key=in_order), sorted(free, key=in_order), climb)
    if not net.supply or not net.days:
        return Matching([], [c.id for c in candidates], 0, net.nothing(), net.nothing())
    flow, bound = net.solve()
    pairs = _Hands(net, flow).pairs()
    placed = {candidate for candidate, _slot in pairs}
    waiting = [c.id for c in candidates if c.id not in placed]
    return Matching(pairs, waiting, net.first_choices(pairs), net.cost_of(pairs), bound)


Group = tuple[int, frozenset[str]]
"""A unit's id and languages: of candidates, those that some panel speaks."""


@dataclass(frozen=True, slots=True)
class _Arc:
    kind: str
    node: int
    speaks: frozenset[str]
    more: Any
    cost: int
    room: int


@dataclass
class _Net:
    """The groups and the arcs between them."""

    candidates: Sequence[Candidate]
    panels: Sequence[Place]
    free: Sequence[FreeSlot]
    climb: Mapping[int, int]
    parent: dict[int, int] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    order: list[int] = field(default_factory=list)
    """Units that have a panel in their subtree, each after its parent."""
    home: dict[int, Group] = field(default_factory=dict)
    """Candidate id -> group; who can reach no panel is not in it."""
    offset: dict[int, int] = field(default_factory=dict)
    """What a candidate climbed before the group's unit."""
    supply: dict[Group, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    days: dict[Group, dict[int, list[FreeSlot]]] = field(default_factory=dict)
    """By panels of one unit and one set of languages."""
    arcs: list[_Arc] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.group_of = {panel.id: (ancestors(panel.path)[-1], panel.languages) for panel in self.panels}
        self.path_of = {panel.id: ancestors(panel.path) for panel in self.panels}
        self.by_id = {candidate.id: candidate for candidate in self.candidates}
        self.slot = {slot.id: slot for slot in self.free}
        self._gather_slots()
        self._grow_tree()
        self._gather_candidates()

    def _gather_slots(self) -> None:
        found: dict[Group, dict[int, list[FreeSlot]]] = defaultdict(lambda: defaultdict(list))
        for slot in self.free:
            found[self.group_of[slot.panel]][slot.day].append(slot)
        for days in found.values():
            for slots in days.values():
                slots.sort(key=lambda slot: (slot.minute, slot.panel))
        self.days = {group: dict(sorted(days.items())) for group, days in found.items()}

    def _grow_tree(self) -> None:
        paths = sorted({tuple(self.path_of[p.id]) for p in self.panels if self.group_of[p.id] in self.days})
        for path in paths:
            for above, unit in zip((0, *path), path, strict=False):
                if unit not in self.parent:
                    self.parent[unit] = above
                    self.children[above].append(unit)
                    self.order.append(unit)

    def _gather_candidates(self) -> None:
        spoken = frozenset().union(*(languages for _unit, languages in self.days)) if self.days else frozenset()
        known: dict[str, tuple[int, int] | None] = {}
        for candidate in self.candidates:
            if candidate.path not in known:
                known[candidate.path] = self._enter(candidate.path)
            entry, speaks = known[candidate.path], candidate.languages & spoken
            if entry is not None and speaks:
                self.home[candidate.id] = (entry[0], speaks)
                self.offset[candidate.id] = entry[1]
                self.supply[entry[0], speaks].append(candidate)

    def _enter(self, path: str) -> tuple[int, int] | None:
        """The lowest unit above this path that has a panel in its subtree, and what it costs to climb there."""
        cost = 0
        for step, unit in enumerate(reversed(ancestors(path))):
            if step and unit not in self.climb:
                return None
            cost += self.climb[unit] if step else 0
            if unit in self.parent:
                return unit, cost
        return None

    def kinds(self) -> list[frozenset[str]]:
        """Sets of languages among the candidates, always in the same order: the same people get the same slots."""
        return sorted({speaks for _unit, speaks in self.supply}, key=sorted)

    def nothing(self) -> int:
        return sum(_left_out(_rank(candidate)) for candidate in self.candidates)

    # the linear program

    def _draw(self) -> None:
        kinds = self.kinds()
        everyone = sum(map(len, self.supply.values()))
        for unit in self.order:
            for speaks in kinds:
                above = self.parent[unit]
                if above in self.climb:
                    self.arcs.append(_Arc("up", unit, speaks, above, self.climb[above], everyone))
                if above:
                    self.arcs.append(_Arc("down", unit, speaks, above, 0, everyone))
                self.arcs.append(_Arc("cross", unit, speaks, None, 0, everyone))
        for group, days in self.days.items():
            for speaks in kinds:
                if speaks & group[1]:
                    self.arcs.append(_Arc("serve", group[0], speaks, group, 0, everyone))
            self.arcs += [_Arc("day", 0, group[1], (group, d), d * DAY, len(s)) for d, s in days.items()]
        for (unit, speaks), people in self.supply.items():
            for rank, count in Counter(map(_rank, people)).items():
                self.arcs.append(_Arc("left", unit, speaks, rank, _left_out(rank), count))

    def solve(self) -> tuple[list[int], int]:
        """How many go along each arc, and the lower bound. Raises RuntimeError when the solver gives no answer."""
        from scipy.optimize import linprog
        from scipy.sparse import csc_matrix

        self._draw()
        rows: dict[Any, int] = {}
        row_of, column_of, value = [], [], []
        for number, arc in enumerate(self.arcs):
            for node, sign in _ends(arc):
                row_of.append(rows.setdefault(node, len(rows)))
                column_of.append(number)
                value.append(sign)
        given = np.zeros(len(rows))
        for group, people in self.supply.items():
            given[rows["up", *group]] = len(people)
        shape = (len(rows), len(self.arcs))
        leaves = csc_matrix((value, (row_of, column_of)), shape=shape, dtype=float)
        cost = np.array([arc.cost for arc in self.arcs], dtype=float)
        room = np.array([arc.room for arc in self.arcs], dtype=float)
        limits = np.column_stack([np.zeros_like(room), room])
        found = linprog(cost, A_eq=leaves, b_eq=given, bounds=limits, method="highs-ds")
        if not found.success:
            raise RuntimeError(f"no assignment was found: {found.message}")
        flow = np.rint(found.x)
        if np.abs(leaves @ flow - given).max() > 0.5:
            raise RuntimeError("the assignment has no whole numbers")
        return flow.astype(int).tolist(), self._bound(leaves, given, cost, room, found.eqlin.marginals)

    def _bound(self, leaves: Any, given: Any, cost: Any, room: Any, prices: Any) -> int:
        """What no assignment can undercut, by weak duality: true for any prices, so the solver need not be trusted."""
        reduced = np.minimum(cost - leaves.T @ prices, 0.0)
        beyond = sum(_left_out(_rank(c)) for c in self.candidates if c.id not in self.home)
        return int(np.floor(given @ prices + reduced @ room + 1e-6)) + beyond + sum(self.offset.values())

    # what came out

    def distance(self, candidate: Candidate, panel: int) -> int:
        """What the climb from the candidate to the first unit that holds the panel too costs."""
        above = set(self.path_of[panel])
        own = ancestors(candidate.path)
        cost = 0
        for step, unit in enumerate(reversed(own)):
            cost += self.climb[unit] if step else 0
            if unit in above:
                break
        return cost

    def cost_of(self, pairs: Sequence[tuple[int, int]]) -> int:
        placed = dict(pairs)
        cost = 0
        for candidate in self.candidates:
            slot = self.slot.get(placed.get(candidate.id, -1))
            if slot is None:
                cost += _left_out(_rank(candidate)) + self.offset.get(candidate.id, 0)
            else:
                cost += slot.day * DAY + self.distance(candidate, slot.panel)
        return cost

    def first_choices(self, pairs: Sequence[tuple[int, int]]) -> int:
        nearest = self._nearest()
        found = 0
        for candidate, slot in pairs:
            cost = self.distance(self.by_id[candidate], self.slot[slot].panel)
            found += cost - self.offset[candidate] <= nearest[self.home[candidate]]
        return found

    def _nearest(self) -> dict[Group, int]:
        """The least climb from each group to a panel that fits."""
        below: dict[int, set[frozenset[str]]] = defaultdict(set)
        for unit, languages in self.days:
            below[unit].add(languages)
        for unit in reversed(self.order):
            below[self.parent[unit]] |= below[unit]
        found = {}
        for group in self.supply:
            unit, speaks = group
            cost = 0
            while not any(speaks & languages for languages in below[unit]):
                unit = self.parent[unit]
                if unit not in self.climb:
                    break
                cost += self.climb[unit]
            found[group] = cost
        return found


def _left_out(rank: int) -> int:
    """Leaving a first rank out costs more than leaving any number of steps and days between two later ones."""
    return UNPLACED * (2 * RANKS - rank) // RANKS


def _rank(candidate: Candidate) -> int:
    return min(max(candidate.rank, 0), RANKS - 1)


def _ends(arc: _Arc) -> list[tuple[Any, int]]:
    """The nodes an arc leaves (1) and enters (-1)."""
    up, down = ("up", arc.node, arc.speaks), ("down", arc.node, arc.speaks)
    if arc.kind == "up":
        return [(up, 1), (("up", arc.more, arc.speaks), -1)]
    if arc.kind == "down":
        return [(("down", arc.more, arc.speaks), 1), (down, -1)]
    if arc.kind == "cross":
        return [(up, 1), (down, -1)]
    if arc.kind == "serve":
        return [(down, 1), (("panel", arc.more), -1)]
    return [(("panel", arc.more[0]), 1)] if arc.kind == "day" else [(up, 1)]


class _Hands:
    """Turns numbers on arcs into names: along each arc go those who come first among the people there."""

    def __init__(self, net: _Net, flow: Sequence[int]) -> None:
        self.net = net
        self.going: dict[tuple[str, int, frozenset[str]], int] = defaultdict(int)
        self.serving: dict[tuple[int, frozenset[str]], list[tuple[Group, int]]] = defaultdict(list)
        self.left: dict[tuple[int, frozenset[str], int], int] = {}
        self.taken: dict[Group, dict[int, int]] = defaultdict(dict)
        for arc, count in zip(net.arcs, flow, strict=True):
            if count and arc.kind == "serve":
                self.serving[arc.node, arc.speaks].append((arc.more, count))
            elif count and arc.kind == "left":
                self.left[arc.node, arc.speaks, arc.more] = count
            elif count and arc.kind == "day":
                self.taken[arc.more[0]][arc.more[1]] = count
            elif count:
                self.going[arc.kind, arc.node, arc.speaks] = count

    def pairs(self) -> list[tuple[int, int]]:
        at_panel: dict[Group, list[Candidate]] = defaultdict(list)
        for speaks in self.net.kinds():
            crossing = self._climb(speaks)
            self._descend(speaks, crossing, at_panel)
        found = []
        for group, people in at_panel.items():
            people.sort(key=_turn)
            slots = [
                slot for day, count in sorted(self.taken[group].items()) for slot in self.net.days[group][day][:count]
            ]
            found += [(person.id, slot.id) for person, slot in zip(people, slots, strict=True)]
        return found

    def _climb(self, speaks: frozenset[str]) -> dict[int, list[Candidate]]:
        """Who crosses at each unit: the first in turn stay near, the rest climb."""
        pool: dict[int, list[Candidate]] = defaultdict(list)
        crossing = {}
        for unit in reversed(self.net.order):
            people = pool[unit] + self._not_left(unit, speaks)
            people.sort(key=_turn)
            here = self.going["cross", unit, speaks]
            crossing[unit] = people[:here]
            pool[self.net.parent[unit]] += people[here:]
        return crossing

    def _not_left(self, unit: int, speaks: frozenset[str]) -> list[Candidate]:
        """Those of a group who get a slot: of each rank the first in turn."""
        of_rank: dict[int, list[Candidate]] = defaultdict(list)
        for person in sorted(self.net.supply.get((unit, speaks), []), key=_turn):
            of_rank[_rank(person)].append(person)
        return [
            person
            for rank, people in of_rank.items()
            for person in people[: len(people) - self.left.get((unit, speaks, rank), 0)]
        ]

    def _descend(
        self, speaks: frozenset[str], crossing: dict[int, list[Candidate]], at_panel: dict[Group, list[Candidate]]
    ) -> None:
        coming: dict[int, list[Candidate]] = defaultdict(list)
        for unit in self.net.order:
            people = sorted(coming[unit] + crossing[unit], key=_turn)
            for group, count in self.serving[unit, speaks]:
                at_panel[group] += people[:count]
                people = people[count:]
            for child in self.net.children[unit]:
                count = self.going["down", child, speaks]
                coming[child] += people[:count]
                people = people[count:]
            assert not people, "everybody who crossed goes on"


def _turn(candidate: Candidate) -> tuple[int, float, int]:
    return candidate.rank, candidate.since, candidate.id
