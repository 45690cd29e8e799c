"""Shifts, hand-over notes and flags."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.org import services as org_services
from toli.org.queries import figures_of
from toli.warroom import queries, services
from toli.warroom.models import Flag, HandOver, Shift


@pytest.fixture
def team(tree):
    """Three people sit in Sahara's constituency team."""
    members = []
    for n in range(3):
        role = "constituency_lead" if n == 0 else "constituency_member"
        person = cast.add_person(f"Member{n} Rao", f"+91100000006{n}", home=tree.sahara)
        seat = cast.add_seat(tree.sahara, "constituency_team", role, number=n + 1)
        members.append(cast.CastMember(person, f"+91100000006{n}", seat, cast.put_on_seat(person, seat)))
    return members


def make_roster(actor, tree, now, watches=3):
    return services.make_roster(
        actor=actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team", start=now, watches=watches, now=now
    )


def test_a_roster_gives_everybody_one_watch_and_leaves_no_gap(bilal, tree, team, watch):
    now, seen = timezone.now(), watch()
    shifts = make_roster(bilal.actor, tree, now)
    assert {s.person_id for s in shifts} == {m.person.pk for m in team}
    assert len({s.starts_at for s in shifts}) == 3
    assert seen.verbs() == ["warroom.roster_made"]


def test_making_the_roster_twice_doubles_nothing(bilal, tree, team, watch):
    now = timezone.now()
    make_roster(bilal.actor, tree, now)
    seen = watch()
    assert make_roster(bilal.actor, tree, now) == []
    assert Shift.objects.count() == 3
    assert seen.nothing_happened()


def test_a_roster_of_a_team_without_people_says_so(bilal, tree, watch):
    cast.add_seat(tree.sahara, "constituency_team", "constituency_member")
    seen = watch()
    with pytest.raises(WrongState):
        make_roster(bilal.actor, tree, timezone.now())
    assert seen.nothing_happened()


def test_another_district_makes_no_roster_here(dev, tree, team, watch):
    seen = watch()
    with pytest.raises(NotFound):
        make_roster(dev.actor, tree, timezone.now())
    assert seen.nothing_happened()
    assert not Shift.objects.exists()


def test_a_member_may_not_make_the_roster(tree, team, watch):
    seen = watch()
    with pytest.raises(NotFound):
        make_roster(team[1].actor, tree, timezone.now())
    assert seen.nothing_happened()


def take(member, tree, now, hours=8, start=0):
    starts_at = now + timedelta(hours=start)
    return services.take_shift(
        actor=member.actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team", starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours), now=now,
    )  # fmt: skip


def test_on_duty_is_counted_while_the_shift_runs(tree, team):
    now = timezone.now()
    take(team[1], tree, now)
    for at, people in ((now, 1), (now + timedelta(hours=1), 1), (now + timedelta(hours=8), 0)):
        services.count_duty(now=at)
        org_services.fold_counts()
        figures = figures_of([tree.sahara.pk, tree.state.pk], today=timezone.localdate())
        assert figures[tree.sahara.pk].get("on_duty", 0) == people
        assert figures[tree.state.pk].get("on_duty", 0) == people
        assert queries.is_on_duty(team[1].person.pk, now=at) is bool(people)


def test_a_shift_given_back_leaves_duty(tree, team, watch):
    now = timezone.now()
    shift = take(team[1], tree, now)
    services.count_duty(now=now)
    services.drop_shift(actor=team[1].actor, ref=shift.ref, now=now)
    services.count_duty(now=now)
    org_services.fold_counts()
    assert figures_of([tree.sahara.pk], today=timezone.localdate())[tree.sahara.pk]["on_duty"] == 0
    with pytest.raises(WrongState):
        services.drop_shift(actor=team[1].actor, ref=shift.ref, now=now)


def test_two_shifts_at_once_are_refused(tree, team, watch):
    now = timezone.now()
    take(team[1], tree, now)
    seen = watch()
    with pytest.raises(WrongState):
        take(team[1], tree, now, start=2)
    assert seen.nothing_happened()


def test_somebody_from_outside_the_team_takes_no_shift(bilal, tree, team, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        take(bilal, tree, timezone.now())
    assert seen.nothing_happened()


def test_a_peer_cannot_take_away_a_shift(tree, team, watch):
    shift = take(team[1], tree, timezone.now())
    seen = watch()
    with pytest.raises(NotFound):
        services.drop_shift(actor=team[2].actor, ref=shift.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_whoever_loses_the_seat_goes_off_duty(bilal, tree, team):
    now = timezone.now()
    take(team[1], tree, now)
    services.count_duty(now=now)
    org_services.suspend_now(actor=bilal.actor, ref=team[1].appointment.ref, reason="test", now=now)
    services.count_duty(now=now)
    assert not queries.is_on_duty(team[1].person.pk, now=now)


def test_a_hand_over_note_says_how_much_was_open(tree, team):
    now = timezone.now()
    services.raise_flag(actor=team[1].actor, unit_ref=tree.sahara.ref, kind="people", text="दो लोग कम", now=now)
    note = services.hand_over(actor=team[1].actor, unit_ref=tree.sahara.ref, text="सब ठीक", now=now)
    assert note.open_flags == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_an_empty_or_endless_note_is_not_kept(tree, team, watch, text):
    seen = watch()
    with pytest.raises(BadInput):
        services.hand_over(actor=team[1].actor, unit_ref=tree.sahara.ref, text=text, now=timezone.now())
    assert seen.nothing_happened()
    assert not HandOver.objects.exists()


def test_a_flag_is_seen_above_until_it_is_closed_once(asha, bilal, tree, team):
    now = timezone.now()
    flag = services.raise_flag(actor=team[1].actor, unit_ref=tree.sahara.ref, kind="safety", text="भीड़", now=now)
    assert list(queries.open_flags(within=[tree.state.path])) == [flag]
    services.close_flag(actor=bilal.actor, ref=flag.ref, outcome="पुलिस आई", now=now)
    assert not queries.open_flags(within=[tree.state.path]).exists()
    with pytest.raises(WrongState):
        services.close_flag(actor=asha.actor, ref=flag.ref, outcome="फिर", now=now)


def test_a_member_cannot_close_a_flag(tree, team, watch):
    flag = services.raise_flag(
        actor=team[1].actor, unit_ref=tree.sahara.ref, kind="other", text="x", now=timezone.now()
    )
    seen = watch()
    with pytest.raises(NotFound):
        services.close_flag(actor=team[1].actor, ref=flag.ref, outcome="y", now=timezone.now())
    assert seen.nothing_happened()
    assert Flag.objects.get().is_open


def test_the_pages_do_it_all_with_forms(bilal, tree, team):
    page = f"/desk/shifts/{tree.sahara.ref}/"
    assert bilal.client.get(page).status_code == 200
    today = timezone.localdate().isoformat()
    hour = timezone.localtime().hour
    form = {"team_kind": "constituency_team", "day": today, "hour": hour, "watches": 2}
    assert bilal.client.post(page + "roster/", form).status_code == 302
    assert "Member1" in bilal.client.get(page).content.decode()
    assert bilal.client.post(page + "roster/", {**form, "day": "someday"}).status_code == 422
    assert bilal.client.post(page + "hand-over/", {"text": ""}).status_code == 422
    assert bilal.client.post(page + "hand-over/", {"text": "सब ठीक"}).status_code == 302
    own = {"team_kind": "constituency_team", "starts": 0, "hours": 8}
    assert bilal.client.post(page + "take/", own).status_code == 403
    flags = f"/desk/flags/{tree.sahara.ref}/raise/"
    assert bilal.client.post(flags, {"kind": "moon", "text": "x"}).status_code == 422
    assert bilal.client.post(flags, {"kind": "people", "text": "x"}).status_code == 302
    assert bilal.client.post(f"/desk/flags/{Flag.objects.get().ref}/close/", {"text": "done"}).status_code == 302


def test_on_duty_is_known_below_so_that_quiet_hours_do_not_hold(tree, team):
    from toli.org.queries import is_on_duty

    now, person = timezone.now(), team[1].person.pk
    shift = take(team[1], tree, now)
    services.count_duty(now=now)
    assert is_on_duty(person, now=now)
    assert not is_on_duty(person, now=now + timedelta(hours=8))
    services.drop_shift(actor=team[1].actor, ref=shift.ref, now=now)
    services.count_duty(now=now)
    assert not is_on_duty(person, now=now)


def test_the_figure_on_duty_agrees_with_the_shifts_whatever_happens(bilal, tree, team):
    from toli.org.services.counts import drift
    from toli.warroom.queries.facts import FACTS, STANDING

    now = timezone.now()
    make_roster(bilal.actor, tree, now)
    for hours in (0, 0, 1, 8, 9, 16, 40):
        services.count_duty(now=now + timedelta(hours=hours))
        if hours == 1:
            services.drop_shift(actor=bilal.actor, ref=Shift.objects.filter(counted=True).first().ref, now=now)
        org_services.fold_counts()
        assert drift(now=now, facts=FACTS, standing=STANDING, daily=()) == []
