"""Allowances: never more than the cap however a window is laid, and never twice the same place."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from toli.delivery.limits import Allowance, _rules, allowances, places_left
from toli.delivery.models import Budget
from toli.delivery.services import budgets
from toli.delivery.services.budgets import Ask

NOON = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
DAY = Allowance("x", "account", 10, timedelta(days=1), 4)


def test_every_rule_is_dated_sourced_and_sound():
    for row in _rules()["allowance"]:
        assert {"from", "source", "confidence", "cap", "seconds", "provider", "per"} <= row.keys()
        assert 0 < row.get("burst", row["cap"]) <= row["cap"]
    for name in ("sms", "telegram", "facebook", "instagram", "x", "youtube", "webhook", "push", "email", "person"):
        assert allowances(name, NOON), name
    assert allowances("pigeon", NOON) == []


@given(
    cap=st.integers(2, 40), share=st.floats(0.05, 0.95),
    waits=st.lists(st.integers(0, 40_000), min_size=1, max_size=120),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_no_window_holds_more_than_the_cap(cap, share, waits):
    """The rule of the row, played without a database: whenever it says yes, no window of that length is over."""
    window = timedelta(seconds=86400)
    rule = Allowance("x", "account", cap, window, max(1, min(cap - 1, int(cap * share))))
    used, now, taken = NOON, NOON, []
    for wait in waits:
        now += timedelta(seconds=wait)
        for _ask in range(3):
            ahead = max(used, now) + rule.cost
            if ahead <= now + rule.room:
                used = ahead
                taken.append(now)
    for start in taken:
        assert sum(1 for at in taken if start <= at < start + window) <= cap


@pytest.mark.django_db
def test_the_row_says_what_the_rule_says():
    ask, given_ = Ask("k", DAY), []
    for hour in range(40):
        now = NOON + timedelta(hours=hour)
        while budgets.take([ask], now=now):
            given_.append(hour)
        assert places_left(DAY, Budget.objects.get(), now) == 0
    assert Counter(given_)[0] == 4
    assert sum(1 for hour in given_ if hour < 24) <= 10
    assert sum(1 for hour in given_ if 10 <= hour < 34) <= 10


@pytest.mark.django_db
def test_all_or_none_and_some_of_many():
    one, two = Ask("a", DAY), Ask("b", Allowance("x", "way", 1, timedelta(hours=1), 1))
    assert budgets.take_all([one, two], now=NOON) is None
    again = budgets.take_all([one, two], now=NOON)
    assert again == NOON + timedelta(hours=1)
    assert places_left(DAY, Budget.objects.get(key="a"), NOON) == 3, "what was not had together was not taken"
    assert budgets.take_all([one, two], now=again) is None
    assert [budgets.take_some(Ask("c", DAY), 3, now=NOON), budgets.take_some(Ask("c", DAY), 3, now=NOON)] == [3, 1]
    assert budgets.take_some(Ask("c", DAY), 3, now=NOON + DAY.cost) == 1


@pytest.mark.django_db
def test_a_pause_is_obeyed_and_a_shorter_one_takes_nothing_back():
    ask = Ask("k", DAY)
    budgets.rest(ask, until=NOON + timedelta(minutes=5), now=NOON)
    budgets.rest(ask, until=NOON + timedelta(minutes=1), now=NOON)
    assert budgets.take([ask], now=NOON + timedelta(minutes=4)) == frozenset()
    assert budgets.take_some(ask, 4, now=NOON + timedelta(minutes=4)) == 0
    assert budgets.free_at([ask], now=NOON) == NOON + timedelta(minutes=5)
    assert budgets.take([ask], now=NOON + timedelta(minutes=5)) == {"k"}
    assert budgets.erase_spent(now=NOON + timedelta(days=9)) == 1


@pytest.mark.django_db(transaction=True)
def test_six_workers_take_each_place_once():
    asks = [Ask(f"k{n}", Allowance("x", "account", 8, timedelta(days=1), 8)) for n in range(5)]
    gate, had = threading.Barrier(6), Counter()

    def work(turn: int) -> None:
        gate.wait()
        for _round in range(4):
            keys = budgets.take(asks if turn % 2 else asks[::-1], now=NOON)
            some = budgets.take_some(Ask("some", DAY), 1, now=NOON)
            with lock:
                had.update(keys)
                had["some"] += some
        connection.close()

    lock = threading.Lock()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert had == {**{f"k{n}": 8 for n in range(5)}, "some": 4}
