"""Minute by minute around each boundary: the gate, the windows and the clock against the law written out again."""

import csv
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import absent

from toli.elections.gate import PULSE, Channel, Subject, may_publish
from toli.elections.importing import load_bytes, load_files
from toli.elections.windows import Span, UnitWindow, Windows
from toli.kit.dates import IST

pytestmark = pytest.mark.shared
APPEAL = Subject("appeal", "h")
EXIT = Subject("civic", "h", topics=frozenset({"exit_poll"}))
OPINION = Subject("civic", "h", topics=frozenset({"opinion_poll"}))
LOOSE = Channel("telegram", aimed=False)


@pytest.fixture(scope="module")
def real(shared_data):
    """The schedules that were held, as one plan; each poll is a constituency of its own."""
    folder = shared_data / "schedules"
    if not folder.is_dir():
        absent("shared", f"no schedules in {shared_data}")
    loaded = load_files([folder / "real_election_schedules.csv", folder / "bihar2020_phase1_acs.csv"])
    return folder, loaded


def naive(day: date, hours: set[str], minute: datetime) -> bool:
    """Silent by the words of the rule, on a plain wall clock: nothing of ours is used."""
    wall = minute.astimezone(IST).replace(tzinfo=None)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a plain wall clock
    if not hours:
        return midnight - timedelta(days=3) <= wall < midnight + timedelta(days=1)
    closes = [midnight + timedelta(hours=int(h[:2]), minutes=int(h[3:])) for h in hours]
    return min(closes) - timedelta(hours=48) <= wall < max(closes)


def windows_of(polls) -> Windows:
    return Windows(
        UnitWindow(unit, poll.quiet, notification=poll.source) for unit, poll in enumerate(polls) if poll.quiet
    )


def minutes_around(*moments: datetime):
    """Every minute from two before to two after, with the second before and after the boundary itself."""
    for moment in moments:
        for minute in range(-2, 3):
            yield moment + timedelta(minutes=minute)
        yield moment - timedelta(microseconds=1)
        yield moment + timedelta(microseconds=1)


def test_every_real_poll_agrees_minute_by_minute_around_its_boundaries(real):
    _folder, loaded = real
    polls = loaded.plan.polls
    windows = windows_of(polls)
    asked = 0
    for unit, poll in enumerate(polls):
        hours = {hour.strftime("%H:%M") for hour in poll.closes}
        for minute in minutes_around(*_edges(poll)):
            silent = poll.status == "scheduled" and naive(poll.day, hours, minute)
            assert may_publish(APPEAL, unit, PULSE, minute, windows=windows).allowed is not silent, (poll, minute)
            assert (unit in windows.silent_units(minute)) is silent
            assert may_publish(OPINION, unit, PULSE, minute, windows=windows).allowed is not silent
            asked += 1
    assert asked > 1500


def _edges(poll):
    midnight = datetime(poll.day.year, poll.day.month, poll.day.day, tzinfo=IST)
    hours = poll.closes or (time(0),)
    ends = [midnight.replace(hour=hour.hour, minute=hour.minute) for hour in hours]
    return [*ends, *(end - timedelta(hours=48) for end in ends), midnight - timedelta(days=3),
            midnight + timedelta(days=1)]  # fmt: skip


def test_the_hours_of_the_first_phase_are_read_from_the_files_themselves(real):
    """The closing hours once more, straight from the rows, without our reader."""
    folder, loaded = real
    with (folder / "bihar2020_phase1_acs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 71
    for row in rows:
        [poll] = loaded.plan.find(row["ac_name_in_news"])
        told = row["poll_close_ist_if_reported"]
        assert {hour.strftime("%H:%M") for hour in poll.closes} == (
            {told} if told else {"15:00", "16:00", "17:00", "18:00"}
        )


def test_exit_polls_stop_everywhere_between_the_notified_minutes_and_not_outside(real):
    _folder, loaded = real
    for row in loaded.exits:
        starts, ends = (moment.replace(tzinfo=IST) for moment in (row.starts, row.ends))
        windows = Windows(exits=[Span(starts, ends, row.source)])
        for minute in minutes_around(starts, ends):
            inside = starts <= minute < ends
            for unit in (1, 999, None):
                channel = PULSE if unit else LOOSE
                assert may_publish(EXIT, unit, channel, minute, windows=windows).allowed is not inside


lines = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 9), st.lists(st.sampled_from(["15:00", "16:30", "17:00", "18:00"]),
              max_size=3)), min_size=1, max_size=6, unique_by=lambda line: line[0],
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines, st.integers(-300, 300), st.booleans())
def test_a_generated_schedule_file_agrees_with_the_naive_law(found, offset, twelve):
    """Any file: read by us, judged by us, and judged by the naive words above."""
    first = date(2031, 4, 17)
    head = "election_id,constituency,poll_date,poll_close,source\n"
    rows = [
        f"E,Seat {unit},{first + timedelta(days=later)},{_spoken(hours, twelve)},n {unit}\n"
        for unit, later, hours in found
    ]
    polls = load_bytes((head + "".join(rows)).encode()).plan.polls
    by_name = {poll.place.name: poll for poll in polls}
    windows = Windows(UnitWindow(unit, by_name[f"Seat {unit}"].quiet) for unit, _later, _hours in found)
    for unit, later, hours in found:
        day = first + timedelta(days=later)
        for edge in _edges(by_name[f"Seat {unit}"]):
            for minute in (edge + timedelta(minutes=offset), edge, edge - timedelta(microseconds=1)):
                silent = naive(day, set(hours), minute)
                assert may_publish(APPEAL, unit, PULSE, minute, windows=windows).allowed is not silent


def _spoken(hours: list[str], twelve: bool) -> str:
    if not twelve:
        return " / ".join(sorted(set(hours)))
    return " / ".join(f"{int(hour[:2]) - 12}{hour[2:]} PM" for hour in sorted(set(hours)))
