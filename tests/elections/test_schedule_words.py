"""Days, hours and scopes in the spellings schedules use."""

from datetime import date, time

import pytest

from toli.elections.schedule.scope import parse_scope
from toli.elections.schedule.words import hours_in_prose, parse_day, parse_hours

FIVE, SIX = time(17), time(18)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18:00", [SIX]), ("18.00", [SIX]), ("6 PM", [SIX]), ("6:00 p.m.", [SIX]), ("1800 hrs", [SIX]),
        ("18:00 IST", [SIX]), ("शाम 6 बजे", [SIX]), ("सायं ५ बजे", [FIVE]), ("१८:००", [SIX]),
        ("18:00:00", [SIX]),
        ("17:00/18:00", [FIVE, SIX]), ("5 pm or 6 pm", [FIVE, SIX]), ("5-6 pm", [FIVE, SIX]),
        ("15:00, 17:00", [time(15), FIVE]), ("7 am to 5 pm", [time(7), FIVE]), ("", []),
    ],
)  # fmt: skip
def test_an_hour_is_read_in_every_spelling(text, hours):
    assert parse_hours(text) == (tuple(hours), True)


@pytest.mark.parametrize("text", ["5", "6:00", "after sunset", "26:00", "17:00 mostly", "25:61", "18:00 (?)"])
def test_an_hour_that_may_mean_something_else_is_not_understood(text):
    assert parse_hours(text)[1] is False


@pytest.mark.parametrize(
    "text",
    ["2020-10-28", "28-10-2020", "28/10/2020", "28.10.2020", "28 Oct 2020", "28-Oct-2020", "October 28, 2020",
     "28 अक्टूबर 2020", "२८-१०-२०२०", "2020-10-28 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling(text):
    assert parse_day(text) == date(2020, 10, 28)


@pytest.mark.parametrize(
    "text", ["28-10-2020 (Wednesday)", "2020-10-28T07:00", "28 Oct 2020, Wed", "28.10.2020 Wednesday"]
)
def test_an_hour_or_a_weekday_may_stand_behind_a_day(text):
    assert parse_day(text) == date(2020, 10, 28)


@pytest.mark.parametrize(
    "text", ["2020-10-28; 2020-11-03", "28-10-2020 and 3-11-2020", "28/10/2020-30/10/2020", "28-10-20"]
)
def test_two_days_in_one_cell_are_not_a_day(text):
    assert parse_day(text) is None


@pytest.mark.parametrize(
    "text", ["phase 2 (94 ACs)", "Phase II: 94 seats", "चरण २ - 94 सीटें", "PHASE-2 (94 constituencies)"]
)
def test_a_phase_is_read_in_every_spelling(text):
    scope = parse_scope(text)
    assert (scope.phase, scope.count) == (2, 94)


@pytest.mark.parametrize("text", ["", "soon", "31-02-2021", "10-2020", "2020"])
def test_what_is_no_day_is_none(text):
    assert parse_day(text) is None


def test_an_hour_inside_a_date_is_not_a_closing_hour():
    assert hours_in_prose("campaign reported ended 2021-04-15 18:00") == ()
    assert hours_in_prose("(94 ACs); LWE areas close 17:00 per x 2020-11-02") == (FIVE,)


def test_named_scopes_give_names_numbers_and_districts():
    place = parse_scope("Sujangarh SC (AC 24, Churu); 418 polling stations").places[0]
    assert (place.name, place.number, place.district) == ("Sujangarh", 24, "Churu")
    names = [place.name for place in parse_scope("phase 1: Arwal, Kurtha and Ghosi").places]
    assert names == ["Arwal", "Kurtha", "Ghosi"]
    assert [p.number for p in parse_scope("179-Sahara, 24. Sujangarh").places] == [179, 24]


@pytest.mark.parametrize(
    ("text", "count"),
    [("phase 1 default (71 ACs; 36 outside LWE list)", 71),
     ("phase 1: 26 further LWE ACs (names not stored)", 26),
     ("199 ACs (Karanpur adjourned: candidate died)", 199), ("phase 2 (122 ACs)", 122), ("state", None),
     ("all constituencies", None), ("200 ACs, announced 2023-11-23", 200)],
)  # fmt: skip
def test_a_scope_that_names_nobody_is_a_collective_with_its_number(text, count):
    scope = parse_scope(text)
    assert scope.is_collective
    assert scope.count == count


def test_the_left_out_seat_of_a_collective_is_known():
    assert parse_scope("199 ACs (Karanpur adjourned: candidate died)").left_out == ("Karanpur",)
    assert parse_scope("all ACs except Karanpur, Sahara").left_out == ("Karanpur", "Sahara")
