"""The gate: what may go where and when, and that nobody makes a Verdict but the gate."""

import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta

import pytest

from toli.elections.gate import (
    DESK,
    PULSE,
    SMS,
    Certificate,
    Channel,
    NotCleared,
    Subject,
    Verdict,
    allowed_units,
    may_publish,
    require,
)  # fmt: skip
from toli.elections.silence import quiet_window
from toli.elections.windows import Span, UnitWindow, Windows, next_boundary

SAHARA, RAJSAMAND, VALLABHNAGAR, JAIPUR = 179, 175, 155, 40
DAY = date(2021, 4, 17)
IN_SILENCE = datetime(2021, 4, 16, 6, 30, tzinfo=UTC)
BEFORE = datetime(2021, 4, 15, 11, 0, tzinfo=UTC)
TELEGRAM = Channel("telegram", aimed=False)


def one(unit: int, *hours: int, name: str = "") -> UnitWindow:
    return UnitWindow(
        unit,
        quiet_window(DAY, [time(hour) for hour in hours]),
        names={"hi": name or "सीट", "en": name or "Seat"},
    )


@pytest.fixture
def windows() -> Windows:
    exit_window = Span(
        datetime(2021, 4, 17, 1, 30, tzinfo=UTC), datetime(2021, 4, 29, 13, tzinfo=UTC), "notification X"
    )
    return Windows([one(SAHARA, 18, name="Sahara"), one(RAJSAMAND, 15, 17), one(VALLABHNAGAR)], exits=[exit_window])


def appeal(**more) -> Subject:
    return Subject("appeal", "h", **more)


@pytest.mark.parametrize(("kind", "allowed"), [("appeal", False), ("civic", True), ("internal", True)])
def test_silence_stops_appeals_only(windows, kind, allowed):
    verdict = may_publish(Subject(kind, "h"), SAHARA, PULSE, IN_SILENCE, windows=windows)
    assert verdict.allowed is allowed


def test_each_constituency_is_asked_apart(windows):
    going, held = allowed_units(appeal(), [SAHARA, RAJSAMAND, JAIPUR], PULSE, IN_SILENCE, windows=windows)
    assert [v.unit_id for v in going] == [JAIPUR]
    assert [v.unit_id for v in held] == [SAHARA, RAJSAMAND]
    assert [v.rule for v in held] == ["1", "3"]


def test_the_refusal_says_until_when_and_what_to_do_in_both_languages(windows):
    verdict = may_publish(appeal(), SAHARA, PULSE, IN_SILENCE, windows=windows)
    assert verdict.until == datetime(2021, 4, 17, 12, 30, tzinfo=UTC)
    assert "17 Apr 2021, 6:00 pm" in verdict.text("en")
    assert "शाम 6:00 बजे" in verdict.text("hi")
    assert verdict.advice("hi")
    assert "126" in verdict.source


def test_an_unknown_hour_blocks_the_last_three_days(windows):
    verdict = may_publish(appeal(), VALLABHNAGAR, PULSE, datetime(2021, 4, 14, 0, 0, tzinfo=UTC), windows=windows)
    assert (verdict.allowed, verdict.rule, verdict.sentence) == (False, "3", "unhoured")


def test_an_unaimed_channel_refuses_what_names_a_silent_seat_and_passes_the_rest_with_the_list(windows):
    named = may_publish(appeal(names_units=frozenset({SAHARA})), None, TELEGRAM, IN_SILENCE, windows=windows)
    other = may_publish(appeal(names_units=frozenset({JAIPUR})), None, TELEGRAM, IN_SILENCE, windows=windows)
    assert (named.allowed, named.rule) == (False, "28")
    assert "Sahara" in named.text("hi")
    assert other.allowed
    assert other.silent_units == {SAHARA, RAJSAMAND, VALLABHNAGAR}


def test_an_aimed_channel_without_a_constituency_is_asked_against_all(windows):
    assert not may_publish(appeal(names_units=frozenset({SAHARA})), None, PULSE, IN_SILENCE, windows=windows).allowed


def test_an_unaimed_channel_whose_every_seat_is_silent_is_refused(windows):
    local = Channel("page", aimed=False, covers=frozenset({SAHARA, RAJSAMAND}))
    assert may_publish(appeal(), None, local, IN_SILENCE, windows=windows).sentence == "all_silent"
    assert may_publish(appeal(), None, local, BEFORE, windows=windows).allowed


def test_naming_a_silent_seat_elsewhere_is_a_warning(windows):
    verdict = may_publish(appeal(names_units=frozenset({SAHARA})), JAIPUR, PULSE, IN_SILENCE, windows=windows)
    assert verdict.allowed
    assert verdict.warnings == ("names_silent",)


def test_exit_polls_stop_everywhere_and_opinion_polls_where_silence_holds(windows):
    in_exit = datetime(2021, 4, 18, 6, tzinfo=UTC)
    exits, opinions = frozenset({"exit_poll"}), frozenset({"opinion_poll"})
    for kind in ("appeal", "civic", "internal"):
        assert may_publish(Subject(kind, "h", topics=exits), JAIPUR, PULSE, in_exit, windows=windows).rule == "5"
    assert not may_publish(Subject("civic", "h", topics=opinions), SAHARA, PULSE, IN_SILENCE, windows=windows).allowed
    assert may_publish(Subject("civic", "h", topics=opinions), JAIPUR, PULSE, IN_SILENCE, windows=windows).allowed


def test_a_paid_item_and_a_bulk_sms_need_the_certificate_of_this_very_file(windows):
    good = Certificate("7/2021", "Bhilwara", BEFORE + timedelta(days=9), "h")
    other = Certificate("7/2021", "Bhilwara", BEFORE + timedelta(days=9), "another file")
    late = Certificate("7/2021", "Bhilwara", BEFORE, "h")
    for channel, paid in ((SMS, False), (PULSE, True)):
        assert may_publish(appeal(paid=paid), JAIPUR, channel, BEFORE, windows=windows).rule == "7"
        assert may_publish(appeal(paid=paid, certificate=other), JAIPUR, channel, BEFORE, windows=windows).rule == "7"
        assert not may_publish(appeal(paid=paid, certificate=late), JAIPUR, channel, BEFORE, windows=windows).allowed
        assert may_publish(appeal(paid=paid, certificate=good), JAIPUR, channel, BEFORE, windows=windows).allowed
    assert may_publish(Subject("internal", "h"), JAIPUR, SMS, IN_SILENCE, windows=windows).allowed


@pytest.mark.parametrize("ai", ["unlabelled", "", "whatever"])
def test_what_a_machine_made_goes_out_only_with_its_label(windows, ai):
    assert may_publish(appeal(ai=ai), JAIPUR, PULSE, BEFORE, windows=windows).rule == "9"
    assert may_publish(appeal(ai="labelled"), JAIPUR, PULSE, BEFORE, windows=windows).allowed


def test_a_kind_nobody_chose_does_not_go_out(windows):
    assert not may_publish(Subject("", "h"), JAIPUR, PULSE, BEFORE, windows=windows).allowed


def test_a_verdict_ends_at_the_next_boundary(windows):
    just_before = datetime(2021, 4, 15, 12, 29, 50, tzinfo=UTC)
    verdict = may_publish(appeal(), SAHARA, PULSE, just_before, windows=windows)
    assert verdict.expires_at == datetime(2021, 4, 15, 12, 30, tzinfo=UTC)
    assert next_boundary(windows, SAHARA, just_before) == verdict.expires_at
    assert may_publish(appeal(), SAHARA, PULSE, BEFORE, windows=windows).expires_at == BEFORE + timedelta(minutes=15)
    assert next_boundary(windows, SAHARA, datetime(2022, 1, 1, tzinfo=UTC)) is None
    assert next_boundary(windows, JAIPUR, BEFORE) == datetime(2021, 4, 17, 1, 30, tzinfo=UTC)


def test_nobody_but_the_gate_makes_or_changes_or_copies_a_verdict(windows):
    verdict = may_publish(appeal(), SAHARA, PULSE, IN_SILENCE, windows=windows)
    with pytest.raises(TypeError):
        Verdict()
    with pytest.raises(TypeError):
        Verdict(object(), allowed=True)
    with pytest.raises(TypeError):
        verdict.allowed = True
    for copying in (copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        with pytest.raises((TypeError, copy.Error, pickle.PicklingError)):
            copying(verdict)
    with pytest.raises(TypeError):
        type("Other", (Verdict,), {})


def test_a_sender_takes_only_the_verdict_of_this_subject_here_and_now(windows):
    verdict = may_publish(appeal(), JAIPUR, PULSE, BEFORE, windows=windows)
    assert require(verdict, subject_hash="h", unit_id=JAIPUR, now=BEFORE) is verdict
    refused = may_publish(appeal(), SAHARA, PULSE, IN_SILENCE, windows=windows)
    bad = [
        (verdict, "other", JAIPUR, BEFORE), (verdict, "h", SAHARA, BEFORE), (None, "h", JAIPUR, BEFORE),
        (verdict, "h", JAIPUR, BEFORE + timedelta(minutes=16)), (refused, "h", SAHARA, IN_SILENCE),
        (True, "h", JAIPUR, BEFORE),
    ]  # fmt: skip
    for given, subject_hash, unit, now in bad:
        with pytest.raises(NotCleared):
            require(given, subject_hash=subject_hash, unit_id=unit, now=now)


def test_the_silent_set_follows_the_clock(windows):
    assert windows.silent_units(datetime(2021, 4, 15, 9, 29, tzinfo=UTC)) == {VALLABHNAGAR}
    assert windows.silent_units(datetime(2021, 4, 15, 9, 30, tzinfo=UTC)) == {VALLABHNAGAR, RAJSAMAND}
    assert windows.silent_units(datetime(2021, 4, 15, 12, 30, tzinfo=UTC)) == {
        VALLABHNAGAR,
        RAJSAMAND,
        SAHARA,
    }
    assert windows.silent_units(datetime(2021, 4, 17, 18, 30, tzinfo=UTC)) == frozenset()


def test_the_desk_itself_is_a_channel_too(windows):
    assert not may_publish(appeal(), SAHARA, DESK, IN_SILENCE, windows=windows).allowed


def test_the_gate_works_where_django_is_not(tmp_path):
    import subprocess
    import sys

    code = "import sys; sys.modules['django'] = None; import toli.elections.gate, toli.elections.schedule"
    assert subprocess.run([sys.executable, "-c", code], cwd="src", capture_output=True, check=False).returncode == 0
