"""Two at the same thing in recruitment: one call, one signature, one seat, one place on a higher list."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from tests import cast
from tests.races.together import together, winners_and_losers
from tests.recruitment import contest as contests
from tests.recruitment.conftest import demo, drive, notice, second_state  # noqa: F401 - fixtures
from tests.recruitment.contest import run, sign
from tests.recruitment.test_call_backs import NOON, crowd, draw
from tests.recruitment.test_offers import answer
from tests.recruitment.test_staying import lapse, offered, seats, stay, world  # noqa: F401 - a world of three places
from toli.audit.models import Record
from toli.kit.errors import NotAllowed, WrongState
from toli.org import services as org
from toli.org.models import Appointment
from toli.org.services.seats import claim
from toli.recruitment import services
from toli.recruitment.models import CallAttempt, PlaceOffer

pytestmark = pytest.mark.django_db(transaction=True)
RUN = "SELECT 1 FROM recruitment_placementrun WHERE id = %s FOR UPDATE"
PEOPLE = "SELECT 1 FROM people_person WHERE id IN (%s, %s) FOR UPDATE"
SEAT = "SELECT 1 FROM org_seat WHERE id = %s FOR UPDATE"


def test_two_callers_at_once_get_two_different_calls(drive, tree, asha, bilal):  # noqa: F811
    crowd(drive, tree.booth, 6)
    draw(drive)
    callers = [asha.actor, bilal.actor]
    opened = together(
        [lambda who=who: services.open_next_call(actor=who, now=NOON) for who in callers],
        hold=PEOPLE, params=[who.person_id for who in callers],
    )  # fmt: skip
    calls = [one.attempt.call_id for one in opened]
    assert len(set(calls)) == 2
    assert sorted(CallAttempt.objects.values_list("caller_id", flat=True)) == sorted(w.person_id for w in callers)


def test_one_caller_who_presses_twice_holds_one_call(drive, tree, asha):  # noqa: F811
    crowd(drive, tree.booth, 30)
    draw(drive)
    actor = asha.actor
    opened = together(
        [lambda: services.open_next_call(actor=actor, now=NOON)] * 2, hold=PEOPLE, params=[actor.person_id] * 2
    )
    assert len({one.attempt.pk for one in opened}) == 1
    assert CallAttempt.objects.count() == 1


def test_two_officers_sign_at_once_and_both_signatures_stand_once(drive, tree, asha, second_state):  # noqa: F811
    contests.hold_contest(drive, tree)
    made = run(asha)
    officers = [asha.actor, second_state.actor]
    together(
        [lambda who=who: services.sign_run(actor=who, ref=made.ref, now=timezone.now()) for who in officers],
        hold=RUN, params=[made.pk],
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.state, {made.signed_a_id, made.signed_b_id}) == ("signed", {who.person_id for who in officers})
    verbs = ["recruitment.run_signed_once", "recruitment.run_signed"]
    assert [Record.objects.filter(verb=verb).count() for verb in verbs] == [1, 1]


def test_one_officer_who_presses_twice_has_signed_once(drive, tree, asha):  # noqa: F811
    contests.hold_contest(drive, tree)
    made, actor = run(asha), asha.actor
    results = together(
        [lambda: services.sign_run(actor=actor, ref=made.ref, now=timezone.now())] * 2, hold=RUN, params=[made.pk]
    )
    won, lost = winners_and_losers(results)
    assert (len(won), [type(one) for one in lost]) == (1, [NotAllowed])
    made.refresh_from_db()
    assert made.state == "signed_once"


def test_a_third_officer_who_signs_with_the_second_changes_nothing(drive, tree, asha, second_state):  # noqa: F811
    contests.hold_contest(drive, tree)
    person = cast.add_person("Gita Meena", "+911000000096", home=tree.state)
    seat = cast.add_seat(tree.state, "state_team", "state_member", 9)
    third = cast.CastMember(person, "+911000000096", seat, cast.put_on_seat(person, seat))
    made = sign(asha, run(asha))
    officers = [second_state.actor, third.actor]
    results = together(
        [lambda who=who: services.sign_run(actor=who, ref=made.ref, now=timezone.now()) for who in officers],
        hold=RUN, params=[made.pk],
    )  # fmt: skip
    won, lost = winners_and_losers(results)
    assert (len(won), [type(one) for one in lost]) == (1, [WrongState])
    assert Record.objects.filter(verb="recruitment.run_signed").count() == 1


def test_two_who_stay_meet_one_freed_seat_and_only_the_first_in_line_is_asked(world):  # noqa: F811
    stay(world, "b")
    stay(world, "c")
    answer(world.a, yes=False)
    workers = [lambda: services.move_offers(actor=cast.SYSTEM, now=timezone.now())] * 2
    together(workers, hold="LOCK TABLE recruitment_placeoffer IN ACCESS EXCLUSIVE MODE", params=[])
    assert offered(world) == {"b": "1"}
    assert PlaceOffer.objects.filter(upgrade=True).count() == 1
    assert seats(world) == {"1": "", "2": "b", "3": "c"}


def test_the_yes_to_a_higher_place_meets_somebody_who_was_put_there_and_the_lower_seat_is_kept(
    world, ravi  # noqa: F811
):  # fmt: skip
    stay(world, "b")
    lapse(world)
    offer = PlaceOffer.objects.get(application=world.b, upgrade=True, state="offered")
    seat = Appointment.objects.get(ref=offer.appointment_ref).seat
    actor, now = cast.CastMember(world.b.person, "").actor, timezone.now()
    claimant, named = ravi.person, type("Named", (), {"seat_id": seat.pk})

    def claims():
        with transaction.atomic():
            return claim(actor=cast.SYSTEM, named=named, person=claimant, now=now)

    results = together(
        [lambda: org.accept_offer(actor=actor, ref=offer.appointment_ref, now=now), claims],
        hold=SEAT, params=[seat.pk],
    )  # fmt: skip
    won, lost = winners_and_losers(results)
    assert (len(won), [type(one) for one in lost]) == (1, [WrongState])
    services.move_offers(actor=cast.SYSTEM, now=now)
    moved = won[0].person_id == world.b.person_id
    assert seats(world)["1"] == ("b" if moved else "")
    assert seats(world)["2"] == ("" if moved else "b")
    held = Appointment.objects.filter(person=world.b.person, state="accepted")
    assert held.count() == 1
