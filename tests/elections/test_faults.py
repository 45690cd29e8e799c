"""What goes wrong around a poll's row: moved in flight, midnight, two lists, two persons, a clock that was changed."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection
from tests import cast
from tests.cast import SYSTEM
from tests.elections.conftest import POLL_DAY, WEEK_BEFORE, ist

from toli.elections import queries, services
from toli.elections.gate import PULSE, Channel, NotCleared, Subject, may_publish, require
from toli.elections.importing import load_bytes
from toli.elections.models import PollVersion
from toli.elections.services import Hours
from toli.elections.silence import quiet_window
from toli.elections.windows import UnitWindow, Windows
from toli.kit.errors import BadInput
from toli.kit.steady import CLOCK

APPEAL = Subject("appeal", "h")


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


def test_a_verdict_made_before_a_row_moved_ends_within_minutes_and_the_next_one_says_no(asha, second, tree, sahara):
    at = ist(2031, 4, 15, 17, 50)
    verdict = queries.check(APPEAL, tree.sahara.pk, PULSE, now=at)
    require(verdict, subject_hash="h", unit_id=tree.sahara.pk, now=at)
    version = services.propose_correction(
        actor=asha.actor, poll_ref=sahara.ref, hours=Hours(POLL_DAY, (time(16),), time(7)),
        notification="notification 2/2031", now=at,
    )  # fmt: skip
    services.confirm_correction(actor=second.actor, ref=version.ref, now=at)
    assert not queries.check(APPEAL, tree.sahara.pk, PULSE, now=at)
    with pytest.raises(NotCleared):
        require(verdict, subject_hash="h", unit_id=tree.sahara.pk, now=verdict.expires_at)
    assert verdict.expires_at - at <= timedelta(minutes=15)


@pytest.mark.parametrize("closes", [time(0), time(23, 59)])
def test_a_boundary_at_midnight_of_india_is_no_boundary_of_another_day(closes):
    """A poll that would close at 00:00 or a minute before it: the 48 hours are counted on India's clock."""
    windows = Windows([UnitWindow(1, quiet_window(POLL_DAY, [closes]))])
    ends = ist(2031, 4, 17, closes.hour, closes.minute)
    for at, silent in (
        (ends - timedelta(hours=48, microseconds=1), False), (ends - timedelta(hours=48), True),
        (ends - timedelta(microseconds=1), True), (ends, False),
    ):  # fmt: skip
        assert may_publish(APPEAL, 1, PULSE, at, windows=windows).allowed is not silent


def test_phases_that_meet_at_midnight_leave_no_gap_and_no_overlap_in_the_exit_window(tree):
    """Two phases on two days without hours: the whole days, to half an hour after the last midnight."""
    election = services.ensure_election(key="P", state=tree.state, now=WEEK_BEFORE)
    for unit, later in ((tree.sahara, 0), (tree.vallabhnagar, 1)):
        services.add_poll(
            actor=SYSTEM, election=election, constituency=unit, hours=Hours(POLL_DAY + timedelta(days=later)),
            notification="n 1/2031", now=WEEK_BEFORE, phase=later + 1,
        )  # fmt: skip
    exits = Subject("civic", "h", topics=frozenset({"exit_poll"}))
    for at, held in (
        (ist(2031, 4, 16, 23, 59), False), (ist(2031, 4, 17), True), (ist(2031, 4, 18), True),
        (ist(2031, 4, 19, 0, 29), True), (ist(2031, 4, 19, 0, 30), False),
    ):  # fmt: skip
        assert queries.check(exits, tree.sahara.pk, PULSE, now=at).allowed is not held


def test_a_constituency_in_two_lists_of_a_file_gets_every_hour_that_may_hold(tree):
    raw = (
        b"election_id,constituency,poll_date,poll_close,source\n"
        b"E,Sahara,2031-04-17,15:00,list of early hours\nE,Sahara,2031-04-17,18:00,list of the district\n"
    )
    result = services.import_schedule(actor=SYSTEM, plan=load_bytes(raw).plan, now=WEEK_BEFORE)
    assert result.created == 1
    [window] = queries.load_windows(now=WEEK_BEFORE).of(tree.sahara.pk)
    assert (window.window.starts, window.window.ends) == (ist(2031, 4, 15, 15), ist(2031, 4, 17, 18))
    assert not window.window.confirmed


def test_a_constituency_in_two_elections_is_silent_for_both(tree, sahara):
    other = services.ensure_election(key="LS", kind="lok sabha", state=tree.state, now=WEEK_BEFORE)
    services.add_poll(
        actor=SYSTEM, election=other, constituency=tree.sahara, hours=Hours(date(2031, 4, 18), (time(17),)),
        notification="n 9/2031", now=WEEK_BEFORE,
    )  # fmt: skip
    windows = queries.load_windows(now=WEEK_BEFORE)
    for at, silent in (
        (ist(2031, 4, 15, 17, 59), False), (ist(2031, 4, 15, 18), True), (ist(2031, 4, 17, 18), True),
        (ist(2031, 4, 18, 16, 59), True), (ist(2031, 4, 18, 17), False),
    ):  # fmt: skip
        assert (tree.sahara.pk in windows.silent_units(at)) is silent


def test_a_clock_that_was_changed_widens_the_silence_by_the_doubt(tree, sahara, monkeypatch):
    monkeypatch.setattr(CLOCK, "jump", lambda: timedelta(minutes=20))
    early, late = ist(2031, 4, 15, 17, 45), ist(2031, 4, 17, 18, 15)
    for at in (early, late):
        assert not queries.check(APPEAL, tree.sahara.pk, PULSE, now=at)
    monkeypatch.setattr(CLOCK, "jump", lambda: timedelta(0))
    for at in (early, late):
        assert queries.check(APPEAL, tree.sahara.pk, PULSE, now=at)


@pytest.mark.django_db(transaction=True)
def test_of_two_persons_who_correct_one_row_at_once_one_is_told_to_wait(asha, second, sahara):
    gate, told = threading.Barrier(2), []
    actors = [(asha.actor, time(16)), (second.actor, time(15))]

    def one(actor, closes):
        gate.wait()
        try:
            services.propose_correction(
                actor=actor, poll_ref=sahara.ref, hours=Hours(POLL_DAY, (closes,), time(7)),
                notification="notification 2/2031", now=WEEK_BEFORE,
            )  # fmt: skip
            told.append("proposed")
        except BadInput:
            told.append("wait")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["proposed", "wait"]
    assert PollVersion.objects.filter(poll=sahara, state="proposed").count() == 1
    assert queries.live_version(sahara).closes == [time(18)]


# Nobody overrides a verdict of law


def test_nobody_has_a_right_or_an_argument_that_turns_a_refusal_of_law_into_a_yes(asha, tree, sahara):
    import inspect

    from toli.org.rights import RIGHTS

    assert not [name for name in RIGHTS if "override" in name or "force" in name]
    assert list(inspect.signature(may_publish).parameters) == ["subject", "unit_id", "channel", "now", "windows"]
    at = ist(2031, 4, 16, 9)
    for channel in (
        PULSE,
        Channel("sms", bulk=True),
        Channel("telegram", aimed=False, covers=frozenset({tree.sahara.pk})),
    ):
        unit = tree.sahara.pk if channel.aimed else None
        verdict = queries.check(APPEAL, unit, channel, now=at)
        assert not verdict
        with pytest.raises(NotCleared):
            require(verdict, subject_hash="h", unit_id=unit, now=at)
