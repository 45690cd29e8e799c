"""Agreement and severity, against published figures and against worlds whose truth is known."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toli.recruitment import severity
from toli.recruitment.agreement import icc, kappa, kappa_of_totals
from toli.recruitment.severity import Card, corrected, offsets


def test_icc_of_the_table_in_shrout_and_fleiss():
    table = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
    assert icc(table) == pytest.approx(0.29, abs=0.005)


def test_kappa_is_one_for_the_same_marks_and_less_the_farther_they_are():
    first = [0, 1, 2, 3, 4, 2, 1]
    assert kappa(first, first, 5) == pytest.approx(1)
    near = kappa(first, [0, 1, 2, 4, 4, 2, 1], 5)
    far = kappa(first, [4, 1, 2, 3, 4, 2, 1], 5)
    assert 1 > near > far
    assert kappa([0, 0, 4, 4], [4, 4, 0, 0], 5) == pytest.approx(-1)


def test_kappa_by_hand():
    """Two marks only: the quadratic weight is Cohen's plain kappa. 20 and 15 agree, 5 and 10 do not: 0.4."""
    first = [0] * 25 + [1] * 25
    second = [0] * 20 + [1] * 5 + [0] * 10 + [1] * 15
    assert kappa(first, second, 2) == pytest.approx(0.4)


@pytest.mark.parametrize("pairs", [[], [(5000, 6000)], [(5000, 5000)] * 9])
def test_where_nothing_can_be_said_nothing_is_said(pairs):
    assert kappa_of_totals(pairs) is None
    assert icc(pairs) is None


def world(seed: int, truth: dict[int, int], cards: int, noise: int) -> list[Card]:
    dice, found = random.Random(seed), []
    for candidate in range(cards):
        worth = dice.randint(3000, 7000)
        for scorer in dice.sample(sorted(truth), 2):
            found.append(Card(candidate, scorer, worth + truth[scorer] + dice.randint(-noise, noise)))
    return found


def test_a_harsh_scorer_is_found_and_those_scored_by_them_lose_nothing():
    truth = {1: -900, 2: 0, 3: 300, 4: 300, 5: 300}
    cards = world(7, truth, 300, 400)
    found = offsets(cards)
    for scorer, offset in truth.items():
        assert found[scorer] == pytest.approx(offset, abs=120)
    raw = [card.total for card in cards if card.scorer == 1]
    mended = [corrected(card, found) for card in cards if card.scorer == 1]
    assert sum(mended) / len(mended) - sum(raw) / len(raw) == pytest.approx(900, abs=120)


def test_who_scored_few_is_hardly_corrected():
    found = offsets([Card(1, 1, 2000), Card(1, 2, 8000)])
    assert abs(found[1]) < 600


def test_candidates_scored_once_say_nothing():
    assert offsets([Card(1, 1, 2000), Card(2, 2, 8000)]) == {1: 0, 2: 0}
    assert offsets([]) == {}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(Card, st.integers(0, 5), st.integers(0, 4), st.integers(0, 10_000)), max_size=30))
def test_a_correction_is_bounded_adds_up_to_nothing_and_depends_on_no_order(cards):
    found = offsets(cards)
    assert all(abs(offset) <= severity.LARGEST for offset in found.values())
    if all(abs(offset) < severity.LARGEST for offset in found.values()):
        assert abs(sum(found.values())) <= len(found)
    assert all(0 <= corrected(card, found) <= 10_000 for card in cards)
    again = offsets(cards[::-1])
    assert all(abs(again[scorer] - offset) <= 1 for scorer, offset in found.items())
