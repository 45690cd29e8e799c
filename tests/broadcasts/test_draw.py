from datetime import UTC, datetime, timedelta

from toli.broadcasts.draw import Candidate, draw, for_tier, fresh, next_in

NOON = datetime(2026, 4, 15, 6, 30, tzinfo=UTC)
ROUND = timedelta(minutes=10)


def pool(
    release_id, count, *, desk=1, quota=12, first=0, ends=NOON + timedelta(days=3), live=NOON - timedelta(days=1),
    tier="all",
):  # fmt: skip
    return [Candidate(first + n, desk, release_id, quota, live, ends, tier) for n in range(count)]


def ids(found):
    return [one.item_id for one in found]


def test_a_small_pool_is_played_whole_and_in_the_same_order_for_ever():
    small = pool(1, 5)
    assert ids(draw(small, now=NOON)) == [0, 1, 2, 3, 4]
    assert ids(draw(small, now=NOON + 3 * ROUND)) == [0, 1, 2, 3, 4]


def test_a_release_takes_no_more_places_than_its_quota():
    found = draw(pool(1, 200, quota=6) + pool(2, 3, first=1000), now=NOON)
    assert len([one for one in found if one.release_id == 1]) == 6
    assert len([one for one in found if one.release_id == 2]) == 3


def test_every_slogan_of_a_sheet_has_its_turn():
    sheet = pool(1, 200, quota=12)
    seen = set()
    for number in range(60):
        seen.update(ids(draw(sheet, now=NOON + number * ROUND)))
    assert seen == set(range(200))


def test_what_has_ended_is_not_drawn():
    assert draw(pool(1, 3, ends=NOON), now=NOON) == []


def test_releases_take_turns_and_twenty_four_is_the_most():
    found = draw(pool(1, 50, quota=24) + pool(2, 50, quota=24, first=100), now=NOON)
    assert len(found) == 24
    assert [one.release_id for one in found[:4]] == [1, 2, 1, 2]


def test_a_state_that_publishes_without_end_leaves_a_constituency_its_places():
    state = [one for number in range(10) for one in pool(number, 50, quota=24, first=100 * number)]
    district = pool(50, 50, desk=2, quota=24, first=5000)
    seat = pool(99, 3, desk=3, first=9000)
    both = [one.desk_id for one in draw(state + district, now=NOON)]
    assert both.count(1) == both.count(2) == 12
    three = draw(state + district + seat, now=NOON)
    assert [one.item_id for one in three if one.desk_id == 3] == [9000, 9001, 9002]
    assert three[2].desk_id == 3
    assert len(three) == 24


def test_an_item_in_two_releases_is_shown_once():
    assert ids(draw(pool(1, 3) + pool(2, 3), now=NOON)) == [0, 1, 2]


def test_what_came_out_just_now_is_named_as_new():
    found = draw(pool(1, 2) + pool(2, 1, first=9, live=NOON - timedelta(minutes=1)), now=NOON)
    assert fresh(found, now=NOON) == [9]


def test_tiers():
    both = pool(1, 1) + pool(2, 1, first=5, tier="leaders")
    assert ids(for_tier(both, "workers")) == [0]
    assert ids(for_tier(both, "leaders")) == [0, 5]


def test_phones_ask_less_often_when_they_are_many():
    assert next_in(2_000) == 4
    assert next_in(603_000) == 25
    assert next_in(5_000_000) == 30
