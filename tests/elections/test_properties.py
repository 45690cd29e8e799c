"""For any schedule and any minute: the gate agrees with the law as it is written, and files never bring it down."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from toli.elections.gate import PULSE, Channel, Subject, may_publish
from toli.elections.importing import load_bytes
from toli.elections.schedule.words import parse_day, parse_hours
from toli.elections.silence import quiet_window, unhoured_block
from toli.elections.windows import UnitWindow, Windows
from toli.kit.dates import local_at
from toli.kit.errors import ToliError

DAY = date(2031, 4, 17)
hours = st.lists(st.sampled_from([time(h) for h in range(14, 20)]), max_size=3)
polls = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 6), hours), max_size=8)
minutes = st.integers(-8 * 1440, 12 * 1440)


def windows_of(polls) -> Windows:
    return Windows(UnitWindow(unit, quiet_window(DAY + timedelta(days=later), closes)) for unit, later, closes in polls)


def at(minute: int) -> datetime:
    return datetime(2031, 4, 17, tzinfo=UTC) + timedelta(minutes=minute)


def silent_by_the_law(polls, unit: int, now: datetime) -> bool:
    """Written again from the words of the rule, without our windows."""
    for of, later, closes in polls:
        day = DAY + timedelta(days=later)
        if (
            of == unit
            and closes
            and local_at(day, min(closes)) - timedelta(hours=48) <= now < local_at(day, max(closes))
        ):
            return True
        if of == unit and not closes and unhoured_block(day).holds(now):
            return True
    return False


@given(polls, minutes)
def test_an_appeal_goes_exactly_where_the_law_does_not_hold_it(polls, minute):
    windows, now = windows_of(polls), at(minute)
    for unit in range(1, 6):
        verdict = may_publish(Subject("appeal", "h"), unit, PULSE, now, windows=windows)
        assert verdict.allowed != silent_by_the_law(polls, unit, now)
        assert (unit in windows.silent_units(now)) != verdict.allowed


@given(polls, minutes, st.integers(0, 100))
def test_nothing_changes_before_the_next_boundary(polls, minute, percent):
    windows, now = windows_of(polls), at(minute)
    for unit in (1, 2, None):
        boundary = windows.next_boundary(unit, now)
        later = (
            now + (boundary - now - timedelta(microseconds=1)) * percent / 100 if boundary else now + timedelta(days=9)
        )
        channel = PULSE if unit else Channel("x", aimed=False)
        subject = Subject("appeal", "h", names_units=frozenset({1}))
        first = may_publish(subject, unit, channel, now, windows=windows)
        then = may_publish(subject, unit, channel, later, windows=windows)
        assert first.allowed == then.allowed
        assert boundary is None or first.expires_at <= boundary


@given(st.text(max_size=40))
def test_any_text_is_read_as_hours_or_as_none(text):
    found, _understood = parse_hours(text)
    assert list(found) == sorted(set(found))
    parse_day(text)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=14), max_size=6), max_size=12),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.booleans(),
)
def test_a_corrupted_file_ends_with_reasons_and_never_with_a_fault(cells, encoding, with_heading):
    lines = [",".join(cell.replace(",", " ") for cell in row) for row in cells]
    heading = ["constituency,date,close,phase,note"] if with_heading else []
    raw = "\n".join([*heading, *lines, "Sahara,17-04-2031,18:00"]).encode(encoding, errors="replace")
    try:
        loaded = load_bytes(raw)
    except ToliError:
        return
    for poll in loaded.plan.polls:
        assert poll.day is not None
        assert poll.quiet is None or poll.quiet.starts < poll.quiet.ends


@given(
    st.permutations(["election_id", "scope", "poll_date", "poll_close", "note"]),
    st.sampled_from(["18:00", "6 PM", "१८:००", "1800 hrs", "शाम 6 बजे", "18.00"]),
    st.sampled_from(["2031-04-17", "17-04-2031", "17/04/2031", "१७-०४-२०३१", "17 April 2031"]),
    st.integers(0, 30),
)
def test_order_of_columns_spelling_and_blank_lines_do_not_matter(order, close, day, blanks):
    row = {"election_id": "E", "scope": "Sahara (AC 179)", "poll_date": day, "poll_close": close, "note": ""}
    raw = "\n" * blanks + ",".join(order) + "\n" * (blanks + 1) + ",".join(row[name] for name in order) + "\n"
    [poll] = load_bytes(raw.encode()).plan.polls
    assert (poll.place.number, poll.day, poll.closes) == (179, DAY, (time(18),))
