"""Numbers and hours as they are said here."""

from datetime import UTC, date, datetime, timedelta

import pytest

from toli.kit import dates, numbers
from toli.kit.errors import BadInput


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (100000, "1,00,000"),
        (123456789, "12,34,56,789"),
        (-1234567, "-12,34,567"),
    ],
)
def test_grouping_is_lakh_and_crore(number, grouped):
    assert numbers.group(number) == grouped


@pytest.mark.parametrize(
    ("number", "hindi", "english"),
    [
        (9999, "9,999", "9,999"),
        (12500, "12.5 हज़ार", "12.5 thousand"),
        (99960, "1 लाख", "1 lakh"),
        (1250000, "12.5 लाख", "12.5 lakh"),
        (9_999_999, "1 करोड़", "1 crore"),
        (125_000_000, "12.5 करोड़", "12.5 crore"),
        (-1250000, "-12.5 लाख", "-12.5 lakh"),
    ],
)
def test_large_numbers_are_short(number, hindi, english):
    assert (numbers.compact(number), numbers.compact(number, "en")) == (hindi, english)


def test_money_and_shares():
    assert numbers.rupees(1250050) == "₹12,500.50"
    assert numbers.rupees(-10000000) == "-₹1,00,000"
    assert (numbers.percent(996, 1000), numbers.percent(1, 0)) == (99, None)


@pytest.mark.parametrize(("typed", "value"), [("१२,३४,५६७", 1234567), (" 25 ", 25), ("25.0", 25), ("-3", -3)])
def test_whole_numbers_are_read_in_any_digits(typed, value):
    assert numbers.parse_whole(typed) == value


@pytest.mark.parametrize("typed", ["", "x", "2.5", "NaN", "Infinity", "1e99", "9" * 30, "9" * 100_000, "१२ लाख"])
def test_other_numbers_are_refused(typed):
    with pytest.raises(BadInput):
        numbers.parse_whole(typed)


def test_an_indian_day_begins_at_half_past_six_in_utc():
    start, end = dates.day_bounds(date(2021, 4, 15))
    assert start == datetime(2021, 4, 14, 18, 30, tzinfo=UTC)
    assert end - start == timedelta(days=1)
    assert dates.local_day(start) == date(2021, 4, 15)
    assert dates.local_day(start - timedelta(microseconds=1)) == date(2021, 4, 14)


def test_dates_are_said_in_both_languages():
    at = datetime(2021, 4, 15, 12, 30, tzinfo=UTC)
    assert dates.datetime_text(at) == "15 अप्रैल 2021, शाम 6:00 बजे"
    assert dates.datetime_text(at, "en") == "15 Apr 2021, 6:00 pm"
    assert dates.day_text(date(2021, 4, 15)) == "गुरुवार, 15 अप्रैल 2021"
    assert dates.time_text(datetime(2021, 4, 14, 18, 30, tzinfo=UTC), "en") == "12:00 am"


@pytest.mark.parametrize(
    ("seconds", "english", "hindi"),
    [
        (11520, "3 h 12 min", "3 घंटे 12 मिनट"),
        (3600, "1 h", "1 घंटा"),
        (90061, "1 d 1 h", "1 दिन 1 घंटा"),
        (59, "59 s", "59 सेकंड"),
        (-5, "0 s", "0 सेकंड"),
    ],
)
def test_spans_are_said_by_their_two_largest_parts(seconds, english, hindi):
    span = timedelta(seconds=seconds)
    assert (dates.duration_text(span, "en"), dates.duration_text(span)) == (english, hindi)


def test_how_long_ago():
    now = datetime(2021, 4, 15, 12, tzinfo=UTC)
    assert dates.ago_text(now, now=now) == "अभी"
    assert dates.ago_text(now - timedelta(hours=3, minutes=12), now=now) == "3 घंटे पहले"
    assert dates.ago_text(now - timedelta(days=2), now=now, language="en") == "2 d ago"


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="zone"):
        dates.local(datetime(2021, 4, 15))  # noqa: DTZ001
