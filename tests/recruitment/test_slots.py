"""Slots from hours, and who gets which: the flow is compared with an assignment of every single pair."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from toli.recruitment import slots
from toli.recruitment.slots import Candidate, FreeSlot, Matching, Place, match, slots_of

CLIMB = {3: 30, 4: 30, 5: 10, 6: 10, 7: 10}
"""State 1, division 2, districts 3 and 4, blocks 5, 6 (in 3) and 7 (in 4); nobody is sent beyond the district."""
UNITS = ("1/2/3/", "1/2/4/", "1/2/3/5/", "1/2/3/6/", "1/2/4/7/", "1/2/3/5/8/", "1/2/3/6/9/", "1/2/4/7/10/")
LANGUAGES = st.sampled_from([frozenset(x) for x in (["hi"], ["en"], ["hi", "en"], ["raj"], ["raj", "hi"])])
HINDI = frozenset({"hi"})


def test_slots_lie_within_the_hours_of_each_day_in_india():
    found = list(slots_of({0: [(600, 635), (900, 910)]}, [date(2031, 4, 14), date(2031, 4, 15)], 10))
    assert found == [datetime(2031, 4, 14, 4, 30 + m, tzinfo=UTC) for m in (0, 10, 20)] + [
        datetime(2031, 4, 14, 9, 30, tzinfo=UTC)
    ]


def person(number: int, path: str = "1/2/3/5/8/", rank: int = 0, since: float = 0.0, languages=HINDI) -> Candidate:
    return Candidate(number, path, languages, rank, since)


def test_the_nearest_panel_is_taken_until_waiting_costs_more_than_the_way():
    panels = [Place(1, "1/2/3/5/", HINDI), Place(2, "1/2/3/6/", HINDI)]
    free = [FreeSlot(1, 1, 0, 600), FreeSlot(2, 1, 9, 600), FreeSlot(3, 2, 1, 600)]
    found = match([person(1, since=1), person(2, since=2)], panels, free, CLIMB)
    assert found.pairs == [(1, 1), (2, 3)]
    assert found.first_choice == 1
    assert found.cost == found.bound


def test_where_slots_are_few_the_first_rank_and_then_the_longest_waiting_get_them():
    people = [person(1, rank=2, since=1), person(2, rank=0, since=9), person(3, rank=2, since=0)]
    free = [FreeSlot(1, 1, 3, 600), FreeSlot(2, 1, 0, 600)]
    found = match(people, [Place(1, "1/2/3/5/", HINDI)], free, CLIMB)
    assert dict(found.pairs) == {2: 2, 3: 1}
    assert found.waiting == [1]


def test_nobody_is_sent_beyond_reach_or_to_a_panel_that_does_not_speak_with_them():
    panels = [Place(1, "1/2/4/7/", HINDI), Place(2, "1/2/3/5/", frozenset({"en"}))]
    free = [FreeSlot(1, 1, 0, 600), FreeSlot(2, 2, 0, 600)]
    found = match([person(1)], panels, free, CLIMB)
    assert (found.pairs, found.waiting) == ([], [1])


def test_nobody_and_nothing_to_give():
    assert match([], [], [], CLIMB) == Matching([], [], 0, 0, 0)
    assert match([person(1)], [], [], CLIMB).waiting == [1]


@st.composite
def worlds(draw):
    people = draw(
        st.lists(st.tuples(st.sampled_from(UNITS), LANGUAGES, st.integers(0, 3), st.integers(0, 9)), max_size=9)
    )
    panels = draw(st.lists(st.tuples(st.sampled_from(UNITS), LANGUAGES), min_size=1, max_size=5))
    free = draw(st.lists(st.tuples(st.integers(0, len(panels) - 1), st.integers(0, 12)), max_size=9))
    return (
        [Candidate(i, path, languages, rank, since) for i, (path, languages, rank, since) in enumerate(people)],
        [Place(i, path, languages) for i, (path, languages) in enumerate(panels)],
        [FreeSlot(i, panel, day, 600 + i) for i, (panel, day) in enumerate(free)],
    )


def way(candidate: Candidate, panel: Place) -> int | None:
    """The climb, counted anew from the two paths."""
    own, theirs = candidate.path.split("/")[:-1], panel.path.split("/")[:-1]
    cost = 0
    for depth in range(len(own), 0, -1):
        if depth < len(own):
            if int(own[depth - 1]) not in CLIMB:
                return None
            cost += CLIMB[int(own[depth - 1])]
        if theirs[:depth] == own[:depth]:
            return cost
    return None


def cheapest(people, panels, free) -> int:
    """The least cost, from every single pair (Jonker and Volgenant)."""
    table = np.zeros((len(people), len(free) + len(people)), dtype=int)
    open_panels = [panels[slot.panel] for slot in free]
    for row, someone in enumerate(people):
        speaks = any(someone.languages & panel.languages for panel in open_panels)
        first = [cost for panel in open_panels if (cost := way(someone, panel)) is not None]
        table[row, len(free) :] = slots._left_out(slots._rank(someone)) + (min(first, default=0) if speaks else 0)
        for column, slot in enumerate(free):
            panel = panels[slot.panel]
            cost = way(someone, panel) if someone.languages & panel.languages else None
            table[row, column] = 10_000_000 if cost is None else cost + 10 * slot.day
    return int(table[linear_sum_assignment(table)].sum())


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_no_assignment_of_single_pairs_is_better(world):
    people, panels, free = world
    found = match(people, panels, free, CLIMB)
    of, at = {p.id: p for p in people}, {s.id: s for s in free}
    assert len({c for c, _ in found.pairs}) == len({s for _, s in found.pairs}) == len(found.pairs)
    assert len(found.pairs) + len(found.waiting) == len(people)
    for candidate, slot in found.pairs:
        panel = panels[at[slot].panel]
        assert of[candidate].languages & panel.languages
        assert way(of[candidate], panel) is not None
    assert found.cost == found.bound == cheapest(people, panels, free)
    assert match(people[::-1], panels, free[::-1], CLIMB).pairs == found.pairs
