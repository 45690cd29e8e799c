"""Grades, gaps and the order of rows: no database."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toli.kit.errors import BadInput
from toli.warroom import rules
from toli.warroom.rules import Row, grade

NOON = datetime(2026, 4, 15, 6, 30, tzinfo=UTC)
FRESH, OLD = timedelta(minutes=14), timedelta(minutes=15)


def row(name, **figures):
    return Row(id=1, ref=uuid4(), names={"en": name}, path="1/", level="block", figures=figures)


@pytest.mark.parametrize(
    ("verified", "accepted", "age", "letter"),
    [(90, 100, FRESH, "A"), (89, 100, FRESH, "B"), (90, 100, OLD, "B"), (70, 100, OLD, "B"), (69, 100, FRESH, "C"),
     (0, 0, FRESH, "D"), (5, 5, None, "D"), (0, 5, FRESH, "C")],
)  # fmt: skip
def test_the_grade_follows_verification_and_age(verified, accepted, age, letter):
    assert grade({"verified": verified, "accepted": accepted}, age=age) == letter


hours = st.integers(min_value=-30, max_value=60)


@given(st.lists(st.tuples(hours, st.integers(min_value=1, max_value=24)), max_size=12))
def test_every_hour_is_either_covered_or_in_a_gap(shifts):
    spans = [(NOON + timedelta(hours=a), NOON + timedelta(hours=a + n)) for a, n in shifts]
    found = rules.gaps(spans, start=NOON, end=NOON + timedelta(hours=24))
    for hour in range(24):
        at = NOON + timedelta(hours=hour)
        covered = any(a <= at < b for a, b in spans)
        in_gap = any(gap.starts_at <= at < gap.ends_at for gap in found)
        assert covered != in_gap


def test_a_day_is_cut_into_equal_watches():
    spans = rules.watches(NOON, 3)
    assert [(s.ends_at - s.starts_at) for s in spans] == [timedelta(hours=8)] * 3
    with pytest.raises(BadInput):
        rules.watches(NOON, 5)


def test_everybody_gets_one_watch_and_the_round_turns():
    spans = rules.watches(NOON, 3)
    dealt = rules.deal(range(21), spans)
    assert [sum(1 for _p, span in dealt if span == s) for s in spans] == [7, 7, 7]
    assert rules.deal([1], spans, offset=1)[0][1] == spans[1]


def test_nobody_works_two_watches_on_end_from_one_day_to_the_next():
    days = [rules.watches(NOON + timedelta(days=day), 3) for day in range(7)]
    mine = [rules.deal([1, 2, 3], spans, offset=-day) for day, spans in enumerate(days)]
    for person in range(3):
        turns = [dealt[person][1] for dealt in mine]
        rests = [b.starts_at - a.ends_at for a, b in itertools.pairwise(turns)]
        assert min(rests) >= timedelta(hours=8)


def test_rows_stand_in_the_wanted_order():
    rows = [row("b", norm=10, accepted=9), row("a", norm=10, accepted=1), row("c")]
    assert [r.names["en"] for r in rules.arrange(rows, "-missing", "en")] == ["a", "b", "c"]
    assert [r.names["en"] for r in rules.arrange(rows, "name", "en")] == ["a", "b", "c"]
    assert [r.names["en"] for r in rules.arrange(rows, "nonsense", "en")] == ["a", "b", "c"]


def test_filters_keep_what_they_say():
    rows = [row("Sahara", norm=2, accepted=1), row("Full", norm=1, accepted=1, silent=1, on_duty=1)]
    assert [r.names["en"] for r in rules.chosen(rows, only="short")] == ["Sahara"]
    assert [r.names["en"] for r in rules.chosen(rows, only="silent")] == ["Full"]
    assert [r.names["en"] for r in rules.chosen(rows, only="off_duty")] == ["Sahara"]
    assert [r.names["en"] for r in rules.chosen(rows, words="saha")] == ["Sahara"]
