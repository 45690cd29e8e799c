"""Where and how long the code of conduct holds, and exit polls stop, for general and by-elections."""

from datetime import date, time, timedelta

import pytest
from tests import cast
from tests.cast import SYSTEM
from tests.elections.conftest import POLL_DAY, WEEK_BEFORE, ist

from toli.elections import queries, services
from toli.elections.gate import PULSE, Subject
from toli.elections.models import PollVersion
from toli.elections.services import Dates, Hours
from toli.kit.errors import BadInput, NotAllowed, NotFound

EXIT = Subject("civic", "h", topics=frozenset({"exit_poll"}))


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


@pytest.fixture
def gangapur(tree):
    """A second constituency of the same district, which does not poll."""
    return cast.add_unit("constituency", "गंगापुर", "Gangapur", tree.bhilwara)


def holds(unit, at=WEEK_BEFORE) -> bool:
    return queries.load_windows(now=at).code_holds(unit.pk, at)


def correct(poll, asha, second, **hours):
    version = services.propose_correction(
        actor=asha.actor, poll_ref=poll.ref, notification="notification 2/2031", now=WEEK_BEFORE,
        hours=Hours(**{"day": POLL_DAY, "closes": (time(18),), "opens": time(7)} | hours),
    )  # fmt: skip
    return services.confirm_correction(actor=second.actor, ref=version.ref, now=WEEK_BEFORE)


def test_a_by_election_brings_the_code_to_its_whole_district_only(tree, sahara, gangapur):
    assert holds(tree.sahara)
    assert holds(gangapur)
    assert not holds(tree.vallabhnagar)


def test_in_a_corporation_it_holds_in_the_seat_only_until_the_campaign_spreads(tree, asha, second, sahara, gangapur):
    correct(sahara, asha, second, code_area="seat")
    assert holds(tree.sahara)
    assert not holds(gangapur)
    correct(sahara, asha, second, code_area="spread")
    assert holds(gangapur)
    assert not holds(tree.vallabhnagar)


def test_a_later_correction_of_the_hour_keeps_where_the_code_holds(asha, second, sahara, gangapur):
    correct(sahara, asha, second, code_area="seat")
    correct(sahara, asha, second, closes=(time(16),))
    assert queries.live_version(sahara).code_area == "seat"
    assert not holds(gangapur)


def general(tree, **more):
    return services.ensure_election(
        key="RJ-AE-2031", kind="assembly general", state=tree.state, now=WEEK_BEFORE,
        **{"announced_at": ist(2031, 3, 20, 16), **more},
    )  # fmt: skip


def add(election, unit, day=POLL_DAY, closes=(time(18),), opens=time(7), **more):
    return services.add_poll(
        actor=SYSTEM, election=election, constituency=unit, hours=Hours(day, closes, opens), notification="n 1/2031",
        now=WEEK_BEFORE, **more,
    )  # fmt: skip


def test_a_general_election_brings_it_to_the_state_from_the_minute_of_the_announcement(tree, gangapur):
    add(general(tree), tree.sahara)
    for unit in (tree.sahara, tree.vallabhnagar, gangapur):
        assert not holds(unit, ist(2031, 3, 20, 15, 59))
        assert holds(unit, ist(2031, 3, 20, 16))


def test_it_ends_when_two_persons_say_that_the_election_is_completed(tree, asha, second, watch):
    election = general(tree)
    add(election, tree.sahara)
    seen = watch()
    dates = Dates(election.announced_at, ist(2031, 4, 25, 18), date(2031, 4, 23))
    version = services.propose_dates(
        actor=asha.actor, ref=election.ref, dates=dates, notification="notification 9/2031", now=WEEK_BEFORE
    )
    assert holds(tree.sahara, ist(2031, 4, 26))
    with pytest.raises(NotAllowed):
        services.confirm_dates(actor=asha.actor, ref=version.ref, now=WEEK_BEFORE)
    services.confirm_dates(actor=second.actor, ref=version.ref, now=WEEK_BEFORE)
    assert holds(tree.sahara, ist(2031, 4, 25, 17, 59))
    assert not holds(tree.sahara, ist(2031, 4, 25, 18))
    assert seen.verbs() == ["elections.dates_proposed", "elections.dates_corrected"]


def test_nobody_said_that_it_ended_so_it_is_taken_to_hold_for_sixty_days_after_the_poll(tree, sahara):
    assert holds(tree.sahara, ist(2031, 6, 15))
    assert not holds(tree.sahara, ist(2031, 6, 17))


def test_a_schedule_without_the_day_of_its_announcement_is_announced_when_it_comes_in(tree):
    add(services.ensure_election(key="E", by_election=True, now=WEEK_BEFORE), tree.sahara)
    assert holds(tree.sahara)
    assert not holds(tree.sahara, WEEK_BEFORE - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("dates", "notification"),
    [(Dates(ist(2031, 3, 20, 16)), "notification 9"), (Dates(ist(2031, 3, 21)), "no"),
     (Dates(ist(2031, 3, 21), ist(2031, 3, 20)), "notification 9"),
     (Dates(ist(2031, 3, 20, 16), None, date(2031, 4, 16)), "notification 9")],
)  # fmt: skip
def test_dates_that_change_nothing_or_cannot_be_are_refused(tree, asha, dates, notification, watch):
    election = general(tree)
    add(election, tree.sahara)
    seen = watch()
    with pytest.raises(BadInput):
        services.propose_dates(
            actor=asha.actor, ref=election.ref, dates=dates, notification=notification, now=WEEK_BEFORE
        )
    assert seen.nothing_happened()


def test_another_district_may_not_change_an_elections_dates(dev, bilal, election, sahara, watch):
    seen = watch()
    for member in (dev, bilal):
        with pytest.raises(NotFound):
            services.propose_dates(
                actor=member.actor, ref=election.ref, dates=Dates(), notification="notification 9", now=WEEK_BEFORE
            )
    assert seen.nothing_happened()


# Exit polls


def exit_holds(tree, at) -> bool:
    return not queries.check(EXIT, tree.vallabhnagar.pk, PULSE, now=at)


def test_without_a_notified_window_it_runs_from_the_first_opening_to_half_an_hour_after_the_last_close(tree):
    election = general(tree)
    add(election, tree.sahara, phase=1)
    add(election, tree.vallabhnagar, POLL_DAY + timedelta(days=7), (time(17), time(18)), phase=2)
    for at, held in (
        (ist(2031, 4, 17, 6, 59), False), (ist(2031, 4, 17, 7), True), (ist(2031, 4, 20, 3), True),
        (ist(2031, 4, 24, 18, 29), True), (ist(2031, 4, 24, 18, 30), False),
    ):  # fmt: skip
        assert exit_holds(tree, at) is held


def test_a_phase_put_to_a_later_day_takes_the_exit_window_with_it(tree, asha, second):
    election = general(tree)
    add(election, tree.sahara, phase=1)
    late = add(election, tree.vallabhnagar, POLL_DAY + timedelta(days=7), phase=2)
    assert not exit_holds(tree, ist(2031, 4, 26))
    correct(late, asha, second, day=POLL_DAY + timedelta(days=14))
    assert exit_holds(tree, ist(2031, 4, 26))


def test_unknown_hours_hold_the_whole_day(tree):
    add(general(tree), tree.sahara, closes=(), opens=None)
    assert exit_holds(tree, ist(2031, 4, 17))
    assert exit_holds(tree, ist(2031, 4, 18, 0, 29))
    assert not exit_holds(tree, ist(2031, 4, 18, 0, 30))


# Polls that move


@pytest.mark.parametrize("status", ["postponed", "adjourned", "off"])
def test_a_poll_that_does_not_take_place_has_no_silence_and_says_so(tree, asha, second, sahara, status):
    correct(sahara, asha, second, status=status)
    assert queries.load_windows(now=WEEK_BEFORE).of(tree.sahara.pk) == ()
    [clock] = queries.clocks_of(queries.live_version(sahara), now=WEEK_BEFORE)
    assert (clock.key, clock.at) == (status, None)


def test_a_seat_that_polls_again_has_both_silences(tree, asha, sahara):
    again = services.add_repoll(
        actor=asha.actor, poll_ref=sahara.ref, hours=Hours(POLL_DAY + timedelta(days=5), (time(17),)),
        notification="notification 4/2031", now=WEEK_BEFORE,
    )  # fmt: skip
    assert again.occasion == 2
    windows = queries.load_windows(now=WEEK_BEFORE)
    assert [one.window.starts for one in windows.of(tree.sahara.pk)] == [ist(2031, 4, 15, 18), ist(2031, 4, 20, 17)]
    with pytest.raises(BadInput):
        services.add_repoll(
            actor=asha.actor, poll_ref=sahara.ref, hours=Hours(POLL_DAY), notification="notification 4", now=WEEK_BEFORE
        )


def test_a_file_that_says_repoll_makes_a_second_poll_and_the_same_file_again_makes_none(tree, asha, sahara, election):
    from toli.elections.importing import load_bytes

    raw = (
        "election_id,constituency,poll_date,poll_close,note,announced,counting\n"
        f"{election.key},Sahara,2031-04-20,17:00,re-poll ordered,2031-03-18,2031-04-23\n"
    ).encode()
    for created in (1, 0):
        result = services.import_schedule(actor=SYSTEM, plan=load_bytes(raw).plan, now=WEEK_BEFORE)
        assert (result.created, result.proposed) == (created, 0)
    assert PollVersion.objects.filter(poll__constituency=tree.sahara, state="live").count() == 2
    election.refresh_from_db()
    assert election.counting_on == date(2031, 4, 23)
    assert election.announced_at == ist(2031, 3, 20)


@pytest.mark.parametrize("word", ["soon", "31-02-2031"])
def test_a_day_of_announcement_that_is_no_date_is_a_reason_and_no_guess(word):
    from toli.elections.importing import load_bytes

    raw = f"constituency,poll_date,poll_close,announced\nSahara,2031-04-20,17:00,{word}\n".encode()
    plan = load_bytes(raw).plan
    assert plan.polls == []
    assert plan.rejects == [(2, f"announced: {word!r} is not a date")]


@pytest.mark.parametrize(
    ("column", "said", "area"),
    [("code_area", "only the constituency", "seat"), ("mcc", "whole district", "district"),
     ("metropolitan", "yes", "seat"), ("corporation", "no", "district"),
     ("आचार संहिता", "नगर निगम", "seat"), ("mcc", "maybe", "district")],
)  # fmt: skip
def test_a_file_may_say_where_the_code_holds_and_what_nobody_can_read_is_the_wider(tree, column, said, area):
    from toli.elections.importing import load_bytes

    raw = f"election_id,kind,constituency,poll_date,poll_close,{column}\nB,by-election,Sahara,2031-04-20,17:00,{said}\n"
    loaded = load_bytes(raw.encode())
    services.import_schedule(actor=SYSTEM, plan=loaded.plan, now=WEEK_BEFORE)
    assert PollVersion.objects.get().code_area == area
    assert any("code of conduct" in sentence for _line, sentence in loaded.plan.warnings) is (said == "maybe")
