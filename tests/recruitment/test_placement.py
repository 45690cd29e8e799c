"""The placement itself: stable, fair in each share, the same each time, and nobody gains by other wishes."""

from __future__ import annotations

import random
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching import games
from tests.fuzzing import examples
from tests.recruitment.naive import Instance, Person, Place, drawn

from toli.recruitment import freezing, outcomes
from toli.recruitment.outcomes import What
from toli.recruitment.placement import match, tie_ranks
from toli.recruitment.proof import CHECKS, prove


def placed(instance: Instance, **how) -> dict[int, int]:
    """{person: place}"""
    inputs = instance.inputs()
    got = match(inputs, **how)
    return {person: int(inputs.wish_place[wish]) for person, wish in enumerate(got.tolist()) if wish >= 0}


def instances():
    """Small contests with shares, minimums and many ties; sizes shrink, and a seed draws the rest in no time."""
    return st.builds(drawn, st.integers(0, 2**32), people=st.integers(1, 9), places=st.integers(1, 5))


@examples(60)
@given(instances())
def test_no_person_and_place_would_both_rather_have_each_other(instance):
    outcome = placed(instance)
    assert instance.blocking(outcome) == []
    assert outcome == instance.place_all()


@examples(60)
@given(instances())
def test_no_place_takes_more_than_its_seats_and_nobody_gets_what_they_did_not_wish(instance):
    outcome = placed(instance)
    for place, offered in enumerate(instance.places):
        assert list(outcome.values()).count(place) <= offered.capacity
    for person, place in outcome.items():
        assert place in instance.people[person].wishes
        assert instance.people[person].score >= instance.places[place].min_score


@examples(60)
@given(instances())
def test_nobody_loses_a_wished_place_to_somebody_lower_of_the_same_share_or_in_open_competition(instance):
    inputs = instance.inputs()
    proof = prove(inputs, match(inputs))
    assert proof.holds, proof


@examples(60)
@given(instances(), st.data())
def test_nobody_gains_by_another_order_or_a_shorter_list_of_their_wishes(instance, data):
    person = data.draw(st.integers(0, len(instance.people) - 1))
    one = instance.people[person]
    other = data.draw(st.permutations(one.wishes))[: data.draw(st.integers(0, len(one.wishes)))]
    honest = placed(instance).get(person)
    people = [*instance.people]
    people[person] = replace(one, wishes=list(other))
    lied = placed(replace(instance, people=people)).get(person)
    rank = {place: nth for nth, place in enumerate(one.wishes)}
    assert rank.get(lied, 99) >= rank.get(honest, 99)


@examples(60)
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_in_which_people_applied_does_not_matter(instance, draw):
    order = list(range(len(instance.people)))
    draw.shuffle(order)
    inputs = instance.inputs()
    moved = replace(instance, people=[instance.people[i] for i in order])
    moved.ref = lambda person: instance.ref(order[person])  # the ref goes with the person
    assert {order[i]: place for i, place in placed(moved).items()} == placed(instance)
    assert (match(inputs) == match(instance.inputs())).all()


@examples(60)
@given(instances(), st.integers(0, 6))
def test_asking_all_at_once_and_one_after_the_other_give_the_same(instance, few):
    assert placed(instance, bulk_above=few) == placed(instance, bulk_above=10**9) == placed(instance, bulk_above=0)


@examples(60)
@given(instances(), st.data())
def test_a_better_score_never_loses_a_place(instance, data):
    person = data.draw(st.integers(0, len(instance.people) - 1))
    one = instance.people[person]
    before = placed(instance).get(person)
    people = [*instance.people]
    people[person] = replace(one, score=one.score + data.draw(st.integers(1, 5)))
    after = placed(replace(instance, people=people)).get(person)
    rank = {place: nth for nth, place in enumerate(one.wishes)}
    assert rank.get(after, 99) <= rank.get(before, 99)


@pytest.mark.parametrize("seed", range(200))
def test_two_hundred_drawn_instances_agree_with_the_rule_written_down_literally(seed):
    instance = drawn(seed)
    assert placed(instance) == placed(instance, bulk_above=10**9) == instance.place_all()


@pytest.mark.parametrize("seed", range(40))
def test_without_shares_it_agrees_with_the_package_matching(seed):
    instance = drawn(1000 + seed, with_shares=False, ties=False)
    instance.places = [replace(place, capacity=max(1, place.capacity)) for place in instance.places]
    outcome = placed(instance)
    able = {
        person: [p for p in one.wishes if one.score >= instance.places[p].min_score]
        for person, one in enumerate(instance.people)
    }
    residents = {person: wishes for person, wishes in able.items() if wishes}
    wished = {place for wishes in residents.values() for place in wishes}
    hospitals = {p: [i for i in instance.priority(p) if p in residents.get(i, [])] for p in sorted(wished)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = games.HospitalResident.create_from_dictionaries(
            residents, hospitals, {p: instance.places[p].capacity for p in hospitals}
        )
        solved = game.solve(optimal="resident")
    theirs = {int(str(person)): int(str(place)) for place, people in solved.items() for person in people}
    assert theirs == outcome


# -- what is reserved --


def test_a_reserved_seat_goes_to_its_share_before_anybody_better():
    young = Person(10, [0], share={0: 0})
    old = [Person(90, [0]), Person(80, [0])]
    assert placed(Instance([*old, young], [Place(2, shares=[1])])) == {0: 0, 2: 0}


def test_a_reserved_seat_that_its_share_leaves_empty_goes_to_open_competition():
    assert placed(Instance([Person(90, [0]), Person(80, [0])], [Place(2, shares=[1])])) == {0: 0, 1: 0}


def test_who_fits_a_share_and_is_good_enough_without_still_counts_on_the_reserved_seat():
    # A minimum guarantee, not seats on top: the best of the share fills it, the rest is open.
    best, next_best = Person(100, [0], share={0: 0}), Person(50, [0], share={0: 0})
    other = Person(60, [0])
    assert placed(Instance([best, next_best, other], [Place(2, shares=[1])])) == {0: 0, 2: 0}


def test_shares_that_promise_more_than_the_seats_are_served_in_their_order():
    first, second = Person(1, [0], share={0: 0}), Person(99, [0], share={0: 1})
    assert placed(Instance([first, second], [Place(1, shares=[1, 1])])) == {0: 0}


def test_the_minimum_is_for_the_own_score_whatever_the_place_adds():
    assert placed(Instance([Person(49, [0], points={0: 100})], [Place(1, min_score=50)])) == {}


def test_equal_scores_are_ordered_by_the_hash_of_seed_and_ref_at_all_places_alike():
    people = [Person(50, [0, 1]) for _ in range(3)]
    outcome = placed(Instance(people, [Place(1), Place(1)], seed="a"))
    ranks = tie_ranks("a", Instance(people, [], seed="a").inputs().refs)
    best_first = np.argsort(-ranks).tolist()
    assert outcome == {best_first[0]: 0, best_first[1]: 1}
    assert {tuple(np.argsort(tie_ranks(str(seed), Instance(people, []).inputs().refs))) for seed in range(20)} > {
        tuple(best_first)
    }


def test_nobody_and_no_places_are_no_trouble():
    assert placed(Instance([], [Place(1)])) == {}
    assert placed(Instance([Person(1, [])], [])) == {}


# -- the proof --


def broken(instance: Instance, outcome: list[int]) -> dict[str, int]:
    """What the proof finds wrong, with the wish each person is given."""
    proof = prove(instance.inputs(), np.array(outcome, dtype=np.int64))
    return {name: count for name, count in proof.broken.items() if count}


def test_the_proof_finds_each_kind_of_wrong():
    two = [Person(90, [0]), Person(10, [0])]
    young = replace(two[1], share={0: 0})
    seen = [
        broken(Instance(two, [Place(1)]), [0, 1]),  # two on one seat
        broken(Instance(two, [Place(1)]), [-1, -1]),  # a seat stays empty
        broken(Instance(two, [Place(1)]), [-1, 1]),  # the lower one sits
        broken(Instance(two, [Place(1)]), [1, -1]),  # somebody else's wish
        broken(Instance([two[0], young], [Place(1, shares=[1])]), [0, -1]),  # the share is passed over
        broken(Instance([replace(two[0], share={0: 0}), young], [Place(1, shares=[1])]), [-1, 1]),
    ]
    assert [next(iter(found)) for found in seen] == ["capacity", "empty_seat", "open", "own", "reserved_seat", "share"]
    assert set().union(*seen) == set(CHECKS)


@examples(60)
@given(instances(), st.data())
def test_the_proof_refuses_what_is_not_stable(instance, data):
    inputs = instance.inputs()
    options = [[-1, *range(inputs.start[i], inputs.start[i + 1])] for i in range(len(instance.people))]
    tried = np.array([data.draw(st.sampled_from(one)) for one in options], dtype=np.int64)
    outcome = {i: int(inputs.wish_place[wish]) for i, wish in enumerate(tried.tolist()) if wish >= 0}
    able = all(instance.people[i].score >= instance.places[p].min_score for i, p in outcome.items())
    fits = all(list(outcome.values()).count(p) <= place.capacity for p, place in enumerate(instance.places))
    assert prove(inputs, tried).holds == (able and fits and not instance.blocking(outcome))


# -- cut-offs, wait-lists, what was lacking --


def settled(instance: Instance) -> outcomes.Settled:
    inputs = instance.inputs()
    return outcomes.settle(inputs, match(inputs))


def test_the_cut_off_is_the_last_score_in_and_none_while_seats_are_free():
    people = [Person(90, [0]), Person(70, [0], share={0: 0}), Person(60, [0]), Person(50, [1])]
    rows = {
        (row.place, row.share): (row.filled, row.wished, row.lowest)
        for row in outcomes.cut_offs(settled(Instance(people, [Place(2, shares=[1]), Place(3)])))
    }
    assert rows == {(1, ""): (1, 3, 90), (1, "s0"): (1, 1, 70), (2, ""): (1, 1, None)}


def lines_of(looked: outcomes.Settled) -> dict[int, tuple]:
    """{wish: (what, cut-off, lacks, position)}"""
    told = outcomes.told(looked)
    columns = [column.tolist() for column in (told.wish, told.what, told.cut, told.lacks, told.position)]
    return {wish: tuple(rest) for wish, *rest in zip(*columns, strict=True)}


def test_each_wish_is_told_what_it_lacked_and_where_it_waits():
    people = [Person(90, [0]), Person(70, [1, 0]), Person(60, [0]), Person(55, [0, 2, 3])]
    places = [Place(1), Place(1), Place(1, min_score=58), Place(0)]
    lines = lines_of(settled(Instance(people, places)))
    assert lines[0] == (What.GOT, 90, 0, 0)
    assert lines[2][0] == What.BETTER
    assert lines[2][3] == 0
    assert lines[3] in [(What.SCORE, 90, 30, 1), (What.SCORE, 90, 31, 1)]
    assert lines[4] in [(What.SCORE, 90, 35, 2), (What.SCORE, 90, 36, 2)]
    assert lines[5] == (What.MINIMUM, 58, 3, 0)
    assert lines[6] == (What.CLOSED, -1, 0, 0)


def test_where_all_seats_are_reserved_no_score_would_have_done():
    people = [Person(20, [0], share={0: 0}), Person(90, [0])]
    assert lines_of(settled(Instance(people, [Place(1, shares=[1])])))[1] == (What.RESERVED, -1, 0, 1)


def test_of_anywhere_the_place_got_is_told_or_the_one_that_was_nearest():
    instance = Instance([Person(90, [0]), Person(80, [1]), Person(70, [0, 1])], [Place(1), Place(1)])
    inputs = replace(instance.inputs(), wish_rank=np.array([1, 1, 1, 1], dtype=np.int16))
    lines = lines_of(outcomes.settle(inputs, match(inputs)))
    assert set(lines) == {0, 1, 3}
    assert lines[3][1] == 80


def test_how_much_more_would_have_brought_which_place():
    people = [Person(90, [0]), Person(70, [1]), Person(60, [0, 1])]
    looked = settled(Instance(people, [Place(1), Place(1, min_score=65)]))
    assert [outcomes.would_get(looked, 3, gained) for gained in (0, 4, 11, 31)] == [None, None, 2, 1]
    assert outcomes.would_get(looked, 1, 50) is None


@examples(60)
@given(instances())
def test_what_a_wish_lacked_is_just_enough_to_come_before_the_last_one_in(instance):
    looked = settled(instance)
    inputs, bits = looked.inputs, looked.inputs.tie_bits
    for wish, (what, _cut, lacks, position) in lines_of(looked).items():
        if what == What.SCORE:
            enough = inputs.keys[wish] + (lacks << bits)
            assert position > 0
            assert enough > looked.bars[wish] > enough - (1 << bits)


def test_a_seat_that_comes_free_goes_to_the_next_of_its_share_first():
    people = [Person(90, [0], share={0: 0}), Person(80, [0]), Person(20, [0], share={0: 0})]
    looked = settled(Instance(people, [Place(1, shares=[1])]))
    assert outcomes.wait_list(looked, 1) == [2, 3]
    assert outcomes.next_in_line(looked, 1, gone={1}, seats=1) == [3]
    assert outcomes.next_in_line(looked, 1, gone={1, 3}, seats=1) == [2]
    assert outcomes.next_in_line(looked, 1, gone=set(), seats=1) == []


# -- frozen --


@examples(60)
@given(instances())
def test_frozen_inputs_give_the_same_outcome_again(instance):
    inputs = instance.inputs()
    data = freezing.freeze(inputs)
    again = freezing.thaw(freezing.unpack(freezing.pack(data)))
    assert freezing.freeze(again) == data
    hashes = {freezing.outcome_digest(outcomes.settle(i, match(i))) for i in (inputs, again)}
    assert len(hashes) == 1


def test_the_bytes_change_with_every_input():
    instance = drawn(4)
    first = freezing.digest(freezing.freeze(instance.inputs()))
    instance.people[random.Random(1).randrange(len(instance.people))].score += 1
    assert freezing.digest(freezing.freeze(instance.inputs())) != first
