"""Interview times for everybody: candidates matched with the slots of panels, beside a plain greedy choice.

The world is made here: a state of 33 districts, 200 constituencies, 1,000 blocks and 50,000 booths; panels at blocks,
constituencies and districts, each on three days of the week; as many slots as candidates and two in a hundred more, so
that near panels are full. `pairs` come from `recruitment.slots`, the code the planner runs. The peer gives each
candidate in turn the cheapest slot that is left, which is what an Excel sheet and a patient person would do.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from toli.recruitment.slots import DAY, Candidate, FreeSlot, Matching, Place, match

FULL_SIZE = 150_000
PEOPLE_OF_A_PANEL = 75
DAYS = 30
GOALS = {"seconds": 60.0}
T = TypeVar("T")
SPOKEN = {("hi",): 50, ("hi", "en"): 15, ("hi", "raj"): 20, ("raj",): 10, ("en",): 5}
ON_PANELS = {("hi",): 40, ("hi", "en"): 25, ("hi", "raj"): 25, ("en", "hi", "raj"): 10}


@dataclass(slots=True)
class World:
    candidates: list[Candidate]
    panels: list[Place]
    free: list[FreeSlot]
    climb: dict[int, int]


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """One JSON object; `ratio` is the greedy choice's time over ours, `beyond_best` is proved by the flow's prices."""
    size = size or FULL_SIZE
    world = build(size)
    processor = time.process_time()
    seconds, ours = _timed(lambda: match(world.candidates, world.panels, world.free, world.climb))
    processor = time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peer_seconds, (peer_cost, peer_placed) = _timed(lambda: greedy(world))
    placed = len(ours.pairs)
    found: dict[str, object] = {
        "bench": "slots", "size": size, "seconds": round(seconds, 2), "rate": round(size / seconds),
        "peak_mb": round(peak), "peer": "each candidate in turn takes the cheapest slot left, in the same process",
        "ratio": round(peer_seconds / seconds, 3), "p95_ms": None, "panels": len(world.panels),
        "slots": len(world.free), "days": DAYS, "placed": placed, "waiting": len(ours.waiting),
        "first_choice_share": round(ours.first_choice / placed, 4) if placed else None,
        "beyond_best": ours.cost - ours.bound, "days_a_person": _days(ours, world, placed),
        "cpu_seconds": round(processor, 2), "peer_seconds": round(peer_seconds, 2), "peer_placed": peer_placed,
        "peer_days_a_person": round(peer_cost / DAY / peer_placed, 2) if peer_placed else None,
        "partial": size < FULL_SIZE, "goals": GOALS,
    }  # fmt: skip
    if not quiet:
        for name, value in found.items():
            print(f"  {name}: {value}")
    return found


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    began = time.monotonic()
    found = act()
    return time.monotonic() - began, found


def _days(found: Matching, world: World, placed: int) -> float | None:
    """Days waited and days the way is worth, for each person who got a slot."""
    way = Ways(world)
    at, of = {slot.id: slot for slot in world.free}, {person.id: person for person in world.candidates}
    cost = sum(at[slot].day * DAY + way.cost(of[who], at[slot].panel) for who, slot in found.pairs)
    return round(cost / DAY / placed, 2) if placed else None


def build(size: int) -> World:
    """The same world for the same size."""
    dice = random.Random(20_310_417)
    tree = _Tree(dice)
    count = max(1, size // PEOPLE_OF_A_PANEL)
    candidates = [
        Candidate(n, dice.choice(tree.booths), _speaks(dice, SPOKEN), dice.randrange(3), dice.random())
        for n in range(size)
    ]
    where = [*tree.blocks * 2, *tree.constituencies * 4, *tree.districts * 6]
    panels = [Place(n, dice.choice(where), _speaks(dice, ON_PANELS)) for n in range(count)]
    return World(candidates, panels, _free(dice, panels, size), tree.climb)


def _speaks(dice: random.Random, choices: dict[tuple[str, ...], int]) -> frozenset[str]:
    return frozenset(dice.choices(list(choices), list(choices.values()))[0])


def _free(dice: random.Random, panels: Sequence[Place], size: int) -> list[FreeSlot]:
    """Each panel's days, and as many slots on them all together as there are candidates and 2 % more."""
    days = [(panel.id, day) for panel in panels for day in _days_of(dice)]
    wanted, found = int(size * 1.02) + 1, 0
    slots: list[FreeSlot] = []
    minute = 600
    while found < wanted:
        dice.shuffle(days)
        for panel, day in days[: wanted - found]:
            slots.append(FreeSlot(len(slots), panel, day, minute))
        found, minute = len(slots), minute + 10
    return slots


def _days_of(dice: random.Random) -> list[int]:
    week = dice.sample(range(7), 3)
    return [day for day in range(1, DAYS + 1) if day % 7 in week]


class _Tree:
    """Paths of the units, and what it costs to climb into each (interviewing.CLIMB of a meeting)."""

    def __init__(self, dice: random.Random) -> None:
        self.last, self.climb = 1, dict[int, int]()
        divisions = [self._below("1/", None) for _n in range(7)]
        self.districts = [self._below(divisions[n % 7], 30) for n in range(33)]
        self.constituencies = [self._below(dice.choice(self.districts), 10) for _n in range(200)]
        self.blocks = [self._below(path, 10) for path in self.constituencies for _n in range(5)]
        self.booths = [self._below(path, None) for path in self.blocks for _n in range(50)]

    def _below(self, path: str, climb: int | None) -> str:
        self.last += 1
        if climb is not None:
            self.climb[self.last] = climb
        return f"{path}{self.last}/"


class Ways:
    """What the climb from a candidate to a panel costs; -1 beyond reach. All booths of a block are alike to a panel."""

    def __init__(self, world: World) -> None:
        self.climb = world.climb
        self.above = {panel.id: set(panel.path.split("/")[:-1]) for panel in world.panels}
        self.known: dict[tuple[str, int], int] = {}

    def cost(self, who: Candidate, panel: int) -> int:
        key = who.path[: who.path[:-1].rindex("/")], panel
        if key not in self.known:
            self.known[key] = self._climbed(who, panel)
        return self.known[key]

    def _climbed(self, who: Candidate, panel: int) -> int:
        cost, above = 0, self.above[panel]
        for step, unit in enumerate(reversed(who.path.split("/")[:-1])):
            if step:
                if int(unit) not in self.climb:
                    return -1
                cost += self.climb[int(unit)]
            if unit in above:
                return cost
        return -1


def greedy(world: World) -> tuple[int, int]:
    """The cost of those who got a slot, and how many did: by rank, then by the time of waiting."""
    left: dict[int, list[FreeSlot]] = {panel.id: [] for panel in world.panels}
    for slot in sorted(world.free, key=lambda slot: (-slot.day, -slot.minute)):
        left[slot.panel].append(slot)
    near = _near(world)
    ways, cost, placed = Ways(world), 0, 0
    for who in sorted(world.candidates, key=lambda who: (who.rank, who.since, who.id)):
        district = "/".join(who.path.split("/")[:3])
        fits = [panel for panel in near.get(district, ()) if left[panel.id] and panel.languages & who.languages]
        costs = [(ways.cost(who, panel.id) + left[panel.id][-1].day * DAY, panel.id) for panel in fits]
        if costs:
            least, panel_id = min(costs)
            left[panel_id].pop()
            cost, placed = cost + least, placed + 1
    return cost, placed


def _near(world: World) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for panel in world.panels:
        found.setdefault("/".join(panel.path.split("/")[:3]), []).append(panel)
    return found
