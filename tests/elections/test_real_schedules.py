"""The schedules that were really held: our windows agree with what was reported."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from tests.conftest import absent

from toli.elections.schedule.reading import Reading, read_rows
from toli.elections.schedule.resolving import Plan, plan_polls
from toli.kit.dates import IST

pytestmark = pytest.mark.shared

REPORTED = {
    "Chainpur": 15, "Nabinagar": 15, "Kutumba": 15, "Rafiganj": 15, "Arwal": 17, "Kurtha": 17,
    "Jehanabad": 17, "Ghosi": 17, "Makhdumpur": 17,
}  # fmt: skip


def ist(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=IST)


def read(path: Path) -> Reading:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return read_rows(list(reader), reader.fieldnames or [])


@pytest.fixture
def readings(shared_data) -> tuple[Reading, Reading]:
    folder = shared_data / "schedules"
    if not folder.is_dir():
        absent("shared", f"no schedules in {shared_data}")
    return read(folder / "real_election_schedules.csv"), read(folder / "bihar2020_phase1_acs.csv")


@pytest.fixture
def plan(readings) -> Plan:
    return plan_polls([*readings[0].rows, *readings[1].rows])


def test_every_line_is_used(readings, plan):
    assert [reading.rejects for reading in readings] == [[], []]
    assert plan.rejects == []


@pytest.mark.parametrize(("name", "hour"), REPORTED.items())
def test_the_nine_seats_with_a_reported_hour_agree(plan, name, hour):
    [poll] = plan.find(name)
    assert (poll.silence.starts, poll.silence.ends) == (ist(2020, 10, 26, hour), ist(2020, 10, 28, hour))
    assert poll.silence.confirmed


def test_the_sixty_two_without_an_hour_get_the_widest_window_unconfirmed(plan):
    others = [
        poll for poll in plan.polls
        if (poll.election, poll.phase) == ("BR-AE-2020", 1) and len(poll.closes) > 1
    ]  # fmt: skip
    assert len(others) == 62
    for poll in others:
        assert (poll.silence.starts, poll.silence.ends) == (ist(2020, 10, 26, 15), ist(2020, 10, 28, 18))
        assert not poll.silence.confirmed
        assert poll.place.number


@pytest.mark.parametrize("name", ["Sahara", "Sujangarh", "Rajsamand"])
def test_the_three_seats_of_april_2021_agree(plan, name):
    [poll] = plan.find(name)
    assert (poll.silence.starts, poll.silence.ends) == (ist(2021, 4, 15, 18), ist(2021, 4, 17, 18))
    assert poll.silence.confirmed


def test_a_row_without_any_hour_has_no_window_a_warning_and_a_block(plan):
    [poll] = plan.find("Vallabhnagar")
    assert poll.silence is None
    assert (poll.quiet.starts, poll.quiet.ends) == (ist(2021, 10, 27), ist(2021, 10, 31))
    assert any(line == poll.lines[0] and "no closing hour" in sentence for line, sentence in plan.warnings)


def test_a_superseded_day_is_off_and_the_new_day_holds(plan):
    of_2023 = {poll.day.isoformat(): poll for poll in plan.polls if poll.election == "RJ-AE-2023"}
    assert of_2023["2023-11-23"].status == "off"
    assert of_2023["2023-11-23"].quiet is None
    assert of_2023["2023-11-25"].left_out == ("Karanpur",)


def test_a_phase_with_two_hours_in_words_is_unconfirmed(plan):
    [poll] = [poll for poll in plan.polls if poll.election == "BR-AE-2020" and poll.phase == 2]
    assert (poll.silence.starts, poll.silence.ends) == (ist(2020, 11, 1, 17), ist(2020, 11, 3, 18))
    assert not poll.silence.confirmed


def test_exit_poll_windows_are_read(readings):
    ends = [window.ends.isoformat(sep=" ", timespec="minutes") for window in readings[0].exits]
    assert ends == ["2020-11-07 18:30", "2025-11-11 18:30"]


def test_the_list_of_a_phase_alone_is_refused_because_it_has_no_day(readings):
    plan = plan_polls(readings[1].rows)
    assert plan.polls == []
    assert len(plan.rejects) == 71
