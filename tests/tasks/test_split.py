"""A target split by weight: in whole numbers, exactly, largest remainders first; the statement does the same."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import cast

from toli.org import services as org
from toli.org.models import Level, Unit
from toli.tasks.queries import preview_split
from toli.tasks.split import split, split_tree

weights = st.lists(st.integers(0, 1_000), min_size=1, max_size=60)


@given(st.integers(0, 10**9), weights)
def test_shares_add_up_exactly_to_the_target(target, weights):
    assert sum(split(target, weights)) == target


@given(st.integers(0, 10**9), weights)
def test_every_share_is_the_quota_rounded_down_or_up(target, weights):
    effective = weights if any(weights) else [1] * len(weights)
    whole = sum(effective)
    for share, weight in zip(split(target, weights), effective, strict=True):
        assert target * weight // whole <= share <= -(-target * weight // whole)


@given(st.integers(0, 10**6), weights)
def test_a_larger_weight_never_gets_less(target, weights):
    shares = split(target, weights)
    pairs = sorted(zip(weights, shares, strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs) if a[0] < b[0])


def test_who_has_no_norm_gets_nothing_unless_nobody_has_one():
    assert split(10, [0, 5, 5]) == [0, 5, 5]
    assert split(3, [0, 0]) == [2, 1]


def test_an_equal_rest_goes_to_the_heavier_then_to_the_earlier():
    assert split(1, [1, 1]) == [1, 0]
    assert split(2, [3, 1]) == [2, 0]  # quotas 1.5 and 0.5: equal rests, the heavier first


@pytest.mark.parametrize(("target", "weights"), [(-1, [1]), (1, []), (1, [-1, 2])])
def test_nonsense_is_refused(target, weights):
    with pytest.raises(ValueError):
        split(target, weights)


def test_a_small_target_spreads_over_regions_before_it_fills_one():
    parts = {"state": ["north", "south"], "north": ["n1", "n2", "n3"], "south": ["s1", "s2", "s3"]}
    shares = split_tree(2, parts, dict.fromkeys(["n1", "n2", "n3", "s1", "s2", "s3"], 10), "state")
    assert (shares["north"], shares["south"]) == (1, 1)
    assert sum(share for node, share in shares.items() if node in ("n1", "n2", "n3", "s1", "s2", "s3")) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 500), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_the_statement_splits_as_the_pure_function_does(tree, target, seats):
    booths = [*tree.booths, tree.far_booth]
    with_seats = dict(zip(booths, seats, strict=True))
    _set_norms(with_seats)
    level = Level.objects.get(key="booth")
    seen = preview_split(unit=tree.state, level=level, wing=None, target=target)
    expected = split_tree(target, *_tree_of(with_seats), tree.state.pk)
    per_booth = [expected.get(b.pk, 0) for b in booths]
    assert seen.teams == sum(1 for share in per_booth if share)
    assert (seen.smallest, seen.largest) == (min(s for s in per_booth if s), max(per_booth))
    by_booth = preview_split(unit=tree.raipur, level=level, wing=None, target=target)
    pure = split(target, [with_seats[b] for b in tree.booths])
    assert sorted(p.share for p in by_booth.parts) == sorted(s for s in pure if s)


def _set_norms(seats: dict[Unit, int]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM org_count WHERE metric = 'norm'")
        cursor.execute("DELETE FROM org_delta")
    org.add_counts([(unit.pk, None, "norm", n, None) for unit, n in seats.items()])
    org.fold_counts()


def _tree_of(seats: dict[Unit, int]) -> tuple[dict[int, list[int]], dict[int, int]]:
    parts: dict[int, list[int]] = {}
    for unit in seats:
        ids = [int(i) for i in unit.path.rstrip("/").split("/")]
        for parent, child in itertools.pairwise(ids):
            if child not in parts.setdefault(parent, []):
                parts[parent].append(child)
    return {node: sorted(children) for node, children in parts.items()}, {u.pk: n for u, n in seats.items()}


def test_a_wing_task_follows_the_norm_of_that_wing(tree, booths):
    from toli.org.models import Wing

    youth = Wing.objects.get(key="youth")
    cast.add_seat(tree.far_booth, "booth_team", "booth_youth", 90, wing=youth)
    org.add_counts([(tree.far_booth.pk, youth.pk, "norm", 1, None)])
    org.fold_counts()
    seen = preview_split(unit=tree.state, level=Level.objects.get(key="booth"), wing=youth, target=7)
    assert (seen.teams, seen.largest, seen.left_out) == (1, 7, 3)
