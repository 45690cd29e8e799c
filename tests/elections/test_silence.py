"""Silence windows: 48 hours ending with the closing hour, per constituency, on the clock of India."""

from datetime import UTC, date, datetime, time

import pytest

from toli.elections.silence import quiet_window, silence_window, unhoured_block
from toli.kit.dates import IST

POLL_DAY = date(2021, 4, 17)


def ist(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=IST)


@pytest.mark.parametrize("hour", [15, 16, 17, 18])
def test_silence_is_the_48_hours_that_end_with_the_closing_hour(hour):
    window = silence_window(POLL_DAY, [time(hour)])
    assert window.starts == ist(2021, 4, 15, hour)
    assert window.ends == ist(2021, 4, 17, hour)
    assert window.confirmed


def test_silence_begins_on_the_instant_and_ends_before_the_closing_hour():
    window = silence_window(POLL_DAY, [time(18)])
    assert not window.holds(ist(2021, 4, 15, 17, 59, 59))
    assert window.holds(ist(2021, 4, 15, 18))
    assert window.holds(ist(2021, 4, 17, 17, 59, 59))
    assert not window.holds(ist(2021, 4, 17, 18))


def test_several_hours_give_the_widest_window_unconfirmed():
    window = silence_window(POLL_DAY, [time(18), time(15), time(16)])
    assert (window.starts, window.ends) == (ist(2021, 4, 15, 15), ist(2021, 4, 17, 18))
    assert not window.confirmed


def test_the_same_hour_said_twice_is_one_hour():
    assert silence_window(POLL_DAY, [time(18), time(18)]).confirmed


def test_no_hour_gives_no_window_but_a_block_of_three_days_and_the_day():
    assert silence_window(POLL_DAY, []) is None
    block = unhoured_block(POLL_DAY)
    assert (block.starts, block.ends) == (ist(2021, 4, 14), ist(2021, 4, 18))
    assert quiet_window(POLL_DAY, []) == block
    assert block.kind == "unhoured"
    assert not block.confirmed


@pytest.mark.parametrize("hours", [[], [time(15)], [time(15), time(18)], [time(19)]])
def test_the_block_of_an_unknown_hour_never_ends_before_or_begins_after_any_silence(hours):
    block, window = unhoured_block(POLL_DAY), quiet_window(POLL_DAY, hours)
    assert block.starts <= window.starts
    assert block.ends >= window.ends


def test_windows_are_instants_whatever_the_zone_of_the_server():
    window = silence_window(POLL_DAY, [time(18)])
    assert window.starts == datetime(2021, 4, 15, 12, 30, tzinfo=UTC)
