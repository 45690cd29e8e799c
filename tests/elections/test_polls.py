"""What is on where, and what ends when a poll closes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.cast import SYSTEM
from tests.elections.conftest import WEEK_BEFORE, ist

from toli.elections import queries, services
from toli.elections.models import Poll
from toli.org.models import Appointment, Seat, TeamKind


def test_an_election_is_on_in_its_constituency_and_above_and_below_but_not_beside(tree, election, sahara):
    for unit in (tree.sahara, tree.booth, tree.bhilwara, tree.state):
        assert queries.elections_on(unit, now=WEEK_BEFORE) == [election]
    for unit in (tree.vallabhnagar, tree.udaipur, tree.far_booth):
        assert queries.elections_on(unit, now=WEEK_BEFORE) == []


def test_after_the_poll_no_election_is_on(tree, sahara):
    assert queries.elections_on(tree.sahara, now=ist(2031, 4, 17, 18)) == []


def test_the_code_of_conduct_holds_in_the_whole_district_of_a_by_election(tree, sahara):
    windows = queries.load_windows(now=WEEK_BEFORE)
    assert windows.code_holds(tree.sahara.pk, WEEK_BEFORE)
    assert not windows.code_holds(tree.vallabhnagar.pk, WEEK_BEFORE)
    assert not windows.code_holds(tree.sahara.pk, ist(2031, 3, 1, 12))


@pytest.mark.parametrize(
    ("at", "key"),
    [
        (ist(2031, 4, 15, 14, 48), "silence_begins"),
        (ist(2031, 4, 16, 9), "silence_ends"),
        (ist(2031, 4, 17, 18), "over"),
    ],
)
def test_the_clock_names_the_next_thing_the_law_does(sahara, at, key):
    assert queries.clock_of(queries.live_version(sahara), now=at).key == key


def test_a_poll_without_an_hour_has_a_block_for_its_clock(vallabhnagar):
    version = queries.live_version(vallabhnagar)
    assert queries.clock_of(version, now=WEEK_BEFORE).key == "block_begins"
    assert version.quiet_from == ist(2031, 4, 14)


def test_when_the_poll_closes_its_seats_end_and_access_is_gone(tree, sahara, watch):
    from toli.org.models import Norm, Role

    norm = Norm.objects.create(
        team_kind=TeamKind.objects.get(key="constituency_team"), role=Role.objects.get(key="constituency_lead"),
        count=1, scope=tree.sahara, valid_from=timezone.now(), until_poll_ref=sahara.ref,
    )  # fmt: skip
    seat = cast.add_seat(tree.sahara, "constituency_team", "constituency_lead", norm=norm)
    person = cast.add_person("Farah Ali", "+911000000031", home=tree.booth)
    appointment = cast.put_on_seat(person, seat)
    seen = watch()
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 17, 17, 59)) == 0
    assert seen.nothing_happened()
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 17, 18)) == 1
    assert Seat.objects.get(pk=seat.pk).closed_at is not None
    assert Appointment.objects.get(pk=appointment.pk).state == "ended"
    from toli.org import queries as org_queries

    assert org_queries.actor_for(person, now=timezone.now()).grants() == ()


def test_a_poll_closes_once(sahara, watch):
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 17, 18)) == 1
    seen = watch()
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 17, 19)) == 0
    assert seen.nothing_happened()


def test_a_poll_without_an_hour_closes_at_the_end_of_its_day(vallabhnagar):
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 17, 23, 59)) == 0
    assert services.close_polls(actor=SYSTEM, now=ist(2031, 4, 18)) == 1
    assert Poll.objects.get(pk=vallabhnagar.pk).closed_at == ist(2031, 4, 18)


def test_windows_are_kept_until_they_change(tree, sahara):
    first = queries.load_windows(now=WEEK_BEFORE)
    assert queries.load_windows(now=WEEK_BEFORE + timedelta(seconds=5)) is first


def test_the_pulse_loads_the_same_windows_without_django(tree, sahara, vallabhnagar):
    from django.db import connection

    from toli.elections.windows_sql import LIVE_WINDOWS, windows_from_rows

    with connection.cursor() as cursor:
        cursor.execute(LIVE_WINDOWS, {"since": WEEK_BEFORE})
        there = windows_from_rows(cursor.fetchall())
    here = queries.load_windows(now=WEEK_BEFORE)
    at = ist(2031, 4, 16, 12)
    assert there.silent_units(at) == here.silent_units(at) == {tree.sahara.pk, tree.vallabhnagar.pk}
    assert there.next_boundary(tree.sahara.pk, WEEK_BEFORE) == ist(2031, 4, 15, 18)
