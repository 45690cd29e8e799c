"""What places add, which share somebody fits, and how "anywhere" is written out."""

from __future__ import annotations

import numpy as np

from toli.recruitment.placement import Inputs
from toli.recruitment.priorities import ANYWHERE_AT_MOST, Applicants, PlaceRow, Tree, WishRows, changed, columns

# In the order of the tree: 0 state, 1 district, 2 block, 3 and 4 its booths, 5 block, 6 its booth, 7 district.
ENDS = np.array([8, 7, 5, 4, 5, 7, 7, 8])
ABOVE = np.array([-1, 0, 1, 2, 2, 1, 5, 0])
TREE = Tree(ends=ENDS, above=ABOVE, wings={"youth": 7, "women": 8}, languages=("hi", "mwr"))


def place(at: int, *, number: int = 0, role: int = 1, wing: int = 0, **more) -> PlaceRow:
    return PlaceRow(
        id=number or 100 + at, ref=f"r{at}", lo=at, hi=int(ENDS[at]), role=role, wing=wing,
        capacity=more.pop("capacity", 1), min_score=more.pop("min_score", 0), **more,
    )  # fmt: skip


def people(*rows: dict) -> Applicants:
    def column(name: str, default: int = 0) -> np.ndarray:
        return np.array([row.get(name, default) for row in rows], dtype=np.int64)

    return Applicants(
        ids=np.arange(len(rows)) + 1, refs=np.zeros((len(rows), 16), np.uint8), scores=column("score"),
        homes=column("home", 3), wings=column("wing"), genders=column("gender"), ages=column("age"),
        languages=column("languages"),
    )  # fmt: skip


def wishes(*rows: tuple[int, int, int]) -> WishRows:
    """(applicant, rank, place id) or, with a place below 100, anywhere in the unit at that position."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    loose = table[:, 2] < 100
    zero = np.zeros(len(table), dtype=np.int64)
    at = np.where(loose, table[:, 2], 0)
    return WishRows(
        table[:, 0], table[:, 1], np.where(loose, 0, table[:, 2]), at, np.where(loose, ENDS[at], 0), zero, zero.copy()
    )


def made(persons: Applicants, wished: WishRows, places: list[PlaceRow]) -> Inputs:
    return columns(seed="s", people=persons, wishes=wished, places=places, tree=TREE)


def listed(inputs: Inputs, applicant: int = 0) -> list[int]:
    mine = slice(inputs.start[applicant], inputs.start[applicant + 1])
    return inputs.places[inputs.wish_place[mine]].tolist()


def test_anywhere_is_nearest_first_then_in_the_order_of_the_tree():
    places = [place(at) for at in (1, 2, 3, 4, 5, 6, 7)]
    assert listed(made(people({"home": 4}), wishes((0, 1, 0)), places)) == [104, 102, 103, 101, 105, 106, 107]
    assert listed(made(people({"home": 4}), wishes((0, 1, 5)), places)) == [105, 106]
    assert listed(made(people({"home": -1}), wishes((0, 1, 1)), places)) == [101, 102, 103, 104, 105, 106]


def test_a_place_named_twice_counts_where_it_was_named_first():
    inputs = made(people({"home": 4}), wishes((0, 1, 103), (0, 2, 2), (0, 3, 104)), [place(3), place(4)])
    assert listed(inputs) == [103, 104]
    assert inputs.wish_rank.tolist() == [1, 2]


def test_a_wish_for_a_place_that_is_gone_is_left_out_and_the_others_stay():
    inputs = made(people({}, {}), wishes((0, 1, 999), (0, 2, 103), (1, 1, 103)), [place(3)])
    assert (listed(inputs, 0), listed(inputs, 1)) == ([103], [103])
    assert made(people({}), wishes(), []).start.tolist() == [0, 0]


def test_anywhere_keeps_to_the_role_and_the_wing_that_were_named():
    places = [place(3, role=1), place(4, role=2), place(6, role=2, wing=7)]
    wished = wishes((0, 1, 0), (0, 2, 0))
    wished.role[:] = 2
    wished.wing[0] = 7
    assert listed(made(people({}), wished, places)) == [106, 104]


def test_anywhere_ends_at_the_nearest_two_hundred():
    many = [place(3, number=1000 + n) for n in range(150)] + [place(6, number=2000 + n) for n in range(150)]
    found = listed(made(people({"home": 6}), wishes((0, 1, 0)), many))
    assert len(found) == ANYWHERE_AT_MOST
    assert found[:150] == [2000 + n for n in range(150)]


def test_a_place_adds_for_residents_its_wing_and_languages():
    adds = {"residents": 500, "wing": 200, "languages": {"hi": 30, "mwr": 4}}
    persons = people(
        {"home": 3}, {"home": 6}, {"home": 6, "wing": 7}, {"home": 6, "languages": 1}, {"home": 4, "languages": 3}
    )
    inputs = made(persons, wishes(*[(i, 1, 102) for i in range(5)]), [place(2, wing=7, preferences=adds)])
    assert inputs.wish_points.tolist() == [500, 0, 200, 30, 534]


def test_somebody_counts_for_the_first_share_that_fits():
    shares = [
        {"key": "young", "count": 1, "age": [18, 25]},
        {"key": "women", "count": 1, "gender": "female"},
        {"key": "local youth", "count": 1, "wing": "youth", "residents": True},
    ]
    persons = people(
        {"age": 20, "gender": 1}, {"age": 40, "gender": 1}, {"wing": 7, "home": 3}, {"wing": 7, "home": 6}, {"age": 0}
    )
    inputs = made(persons, wishes(*[(i, 1, 102) for i in range(5)]), [place(1, number=101), place(2, shares=shares)])
    assert inputs.wish_share.tolist() == [0, 1, 2, -1, -1]
    assert inputs.share_keys == ("young", "women", "local youth")


def test_a_rule_that_names_what_does_not_exist_fits_nobody():
    shares = [{"key": "x", "count": 1, "wing": "nobody"}, {"key": "y", "count": 1, "gender": "unknown"}]
    assert made(people({"wing": 7, "gender": 2}), wishes((0, 1, 103)), [place(3, shares=shares)]).wish_share[0] == -1


def test_what_if_changes_all_places_or_one():
    places = [place(3, capacity=3, preferences={"wing": 5}), place(4, capacity=2)]
    what_if = {"all": {"capacity_percent": 150, "preferences": {"residents": 9}}, "places": {"r4": {"capacity": 0}}}
    more, none = changed(places, what_if)
    assert (more.capacity, more.preferences) == (5, {"wing": 5, "residents": 9})
    assert none.capacity == 0
    assert changed(places, {}) == places
