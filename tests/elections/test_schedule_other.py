"""Schedules in other shapes: other columns, Hindi headers, several hours, doubtful hours."""

from datetime import datetime, time

import pytest

from toli.elections.schedule.reading import read_rows
from toli.elections.schedule.resolving import plan_polls
from toli.kit.dates import IST


def plan(header: str, *lines: str):
    columns = header.split("|")
    reading = read_rows([dict(zip(columns, line.split("|"), strict=True)) for line in lines], columns)
    return plan_polls(reading.rows), reading


def test_a_hindi_header_is_understood():
    made, reading = plan("विधानसभा|जिला|मतदान तिथि|मतदान समाप्ति", "सहाड़ा|भीलवाड़ा|17-04-2021|शाम 6 बजे")
    assert reading.unknown_columns == []
    assert made.polls[0].closes == (time(18),)
    assert made.polls[0].silence.confirmed


def test_a_constituency_with_two_lines_has_both_hours():
    made, _ = plan(
        "election|ac_no|ac_name|date|close",
        "E|1|A|2030-01-10|17:00",
        "E|1|A|2030-01-10|18:00",
        "E|2|B|2030-01-10|18:00",
    )
    [poll] = made.find("A")
    assert poll.closes == (time(17), time(18))
    assert not poll.silence.confirmed
    assert made.find("B")[0].silence.confirmed


def test_the_default_of_a_phase_is_the_hour_of_the_others_when_every_exception_is_named():
    made, _ = plan(
        "election|scope|phase|date|close|name", "E|phase 1 default (3 ACs)|1|2030-01-10|18:00|",
        "E|phase 1: A|1|2030-01-10|15:00|", "E||1|2030-01-10||A", "E||1|2030-01-10||B", "E||1|2030-01-10||C",
    )  # fmt: skip
    assert made.find("A")[0].closes == (time(15),)
    assert made.find("B")[0].closes == (time(18),)
    assert made.find("B")[0].silence.confirmed


@pytest.mark.parametrize("close", ["5", "evening", "06:00", "18:00 or later?"])
def test_a_doubtful_hour_counts_as_none_with_a_warning(close):
    made, _ = plan("election|name|date|start|close", f"E|A|2030-01-10|07:00|{close}")
    assert made.polls[0].silence is None
    assert made.polls[0].quiet.kind == "unhoured"
    assert made.warnings


def test_hours_in_one_column_are_start_and_close():
    made, _ = plan("election|name|date|poll hours", "E|A|2030-01-10|7 am to 5 pm")
    assert (made.polls[0].start, made.polls[0].closes) == (time(7), (time(17),))


def test_a_line_with_a_broken_day_is_rejected_with_its_reason():
    made, reading = plan("election|name|date|close", "E|A|31-02-2030|18:00", "E|B|10-01-2030|18:00")
    assert reading.rejects[0][0] == 2
    assert [poll.place.name for poll in made.polls] == ["B"]


def test_unknown_columns_are_named_and_a_file_without_places_is_refused():
    _, reading = plan("name|date|close|मौसम", "A|2030-01-10|18:00|धूप")
    assert reading.unknown_columns == ["मौसम"]
    _, reading = plan("colour|date", "red|2030-01-10")
    assert reading.rejects


def test_two_dates_of_one_constituency_are_two_polls():
    made, _ = plan("election|name|date|close", "E|A|2030-01-10|18:00", "E|A|2030-01-12|17:00")
    assert sorted(poll.silence.ends for poll in made.find("A")) == [
        datetime(2030, 1, 10, 18, tzinfo=IST), datetime(2030, 1, 12, 17, tzinfo=IST)]  # fmt: skip
