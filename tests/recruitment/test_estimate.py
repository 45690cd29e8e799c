"""How many to call, and what their answers say: pure sums, tried against what they promise."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toli.recruitment import sampling
from toli.recruitment.estimate import Tally, combine, wilson
from toli.recruitment.sampling import Cell

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_interval_is_that_of_the_published_example():
    """E. B. Wilson's interval for 15 of 148, by the formula worked out by hand: 0.0624 to 0.1605."""
    found = wilson(15, 148)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0624, 0.1605)


def test_nobody_asked_says_nothing_and_everybody_asked_says_it_exactly():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)
    assert (wilson(3, 40, 40).low, wilson(3, 40, 40).high) == (0.075, 0.075)


def test_no_false_answer_still_leaves_room_for_some():
    found = wilson(0, 60, 10_000)
    assert found.low == 0.0
    assert 0.04 < found.high < 0.07


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3])
def test_the_true_share_lies_in_the_interval_about_19_times_out_of_20(share):
    draw, inside = random.Random(11), 0
    false = round(1000 * share)
    entries = [True] * false + [False] * (1000 - false)
    for _again in range(1500):
        found = wilson(sum(draw.sample(entries, 140)), 140, 1000)
        inside += found.low <= share <= found.high
    assert inside / 1500 > 0.92


def test_strata_of_different_size_are_weighted_and_the_whole_is_covered_as_promised():
    draw, inside = random.Random(5), 0
    strata = [(600, 30, 0.05), (300, 60, 0.2), (100, 40, 0.5)]
    truth = sum(n * share for n, _size, share in strata) / 1000
    for _again in range(800):
        tallies = []
        for population, size, share in strata:
            false = round(population * share)
            drawn = draw.sample([1] * false + [0] * (population - false), size)
            tallies.append(Tally(population, size, sum(drawn)))
        found = combine(tallies)
        inside += found.low <= truth <= found.high
    assert inside / 800 > 0.93


def test_those_who_could_not_be_asked_widen_what_is_possible_and_change_no_share():
    reached = combine([Tally(1000, 100, 10)])
    partly = combine([Tally(1000, 100, 10, unreached=100)])
    assert (partly.share, partly.low, partly.high) == (reached.share, reached.low, reached.high)
    assert (round(partly.least, 3), round(partly.most, 3)) == (0.05, 0.55)
    assert partly.is_unclear
    assert not reached.is_unclear


def test_a_stratum_without_an_answer_is_not_covered_and_pretends_nothing():
    found = combine([Tally(500, 50, 5), Tally(500, 0, 0, unreached=20)])
    assert (found.share, found.covered) == (0.1, 0.5)
    assert combine([]).share == 0.0
    assert not combine([Tally(500)]).is_enough


def _tally(population: int, answered: int, false: int, unreached: int) -> Tally:
    answered = answered % (population + 1)
    return Tally(population, answered, false % (answered + 1), unreached % (population - answered + 1))


@calm
@given(st.lists(st.tuples(st.integers(1, 400), *[st.integers(0, 400)] * 3), max_size=5))
def test_an_estimate_is_always_a_share_within_its_ends(rows):
    found = combine(_tally(*row) for row in rows)
    assert 0 <= found.low <= found.high <= 1
    assert 0 <= found.least <= found.most <= 1
    if found.answered:
        assert found.low - 1e-9 <= found.share <= found.high + 1e-9


def test_sizes_are_cochrans_and_never_more_than_there_are():
    assert sampling.size_for(10_000_000, half_width=0.05, share=0.5) == 385  # 384.1 without an end
    assert sampling.size_for(1000, half_width=0.05, share=0.5) == 278
    assert [sampling.size_for(n) for n in (0, 1, 10)] == [0, 1, 10]
    with pytest.raises(ValueError, match="half-width"):
        sampling.size_for(10, half_width=0)


@pytest.mark.parametrize("population", [60, 300, 5_000, 500_000])
def test_a_planned_size_notices_one_false_entry_in_ten_and_leaves_a_clean_unit_alone(population):
    size = sampling.planned_size(population)
    assert sampling.chance_to_notice(population, size) >= 0.95
    assert sampling.chance_to_notice(population, size, share=0.01) < 0.01


@calm
@given(st.dictionaries(st.integers(0, 30), st.integers(1, 5000), min_size=1, max_size=12), st.integers(1, 4000))
def test_calls_are_shared_by_size_and_nobody_is_left_out(populations, total):
    shared = sampling.allocate(populations, total)
    assert all(min(2, n) <= shared[key] <= n for key, n in populations.items())
    assert sum(shared.values()) >= min(total, sum(populations.values()))
    assert sum(shared.values()) <= max(total, 2 * len(populations)) + len(populations)


def test_each_unit_and_each_referrer_gets_the_calls_it_needs():
    cells = {Cell(1, None): 1000, Cell(1, 7): 50, Cell(2, None): 20, Cell(2, 7): 400}
    sizes = sampling.plan(cells)
    assert sizes[Cell(1, None)] + sizes[Cell(1, 7)] >= sampling.planned_size(1050)
    assert sizes[Cell(1, 7)] + sizes[Cell(2, 7)] >= sampling.planned_size(450)
    assert all(sizes[cell] <= n for cell, n in cells.items())


def test_anybody_with_the_seed_draws_the_same_and_another_seed_draws_others():
    refs = [f"ref-{n}" for n in range(200)]
    once = sampling.draw("seed", refs, 20)
    assert once == sampling.draw("seed", list(reversed(refs)), 20)
    assert once != sampling.draw("another", refs, 20)
    assert sampling.draw("seed", refs, 10) == once[:10]
