"""A seat is offered, accepted by the person, and filled; one wins where two want it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.kit.errors import NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org import queries, services
from toli.org.models import Appointment


@pytest.fixture
def vacancy(tree):
    return cast.add_seat(tree.booth, "booth_team", "booth_youth", 1)


def offer(actor, seat, person):
    return services.offer_seat(actor=actor, seat_ref=seat.ref, person_ref=person.ref, now=timezone.now())


def test_an_offer_is_filled_only_when_the_person_accepts(bilal, ravi, vacancy, watch):
    seen = watch()
    made = offer(bilal.actor, vacancy, ravi.person)
    assert made.state == "offered"
    assert not ravi.actor.grants()
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=timezone.now())
    assert ravi.actor.seat_id == vacancy.pk
    assert seen.verbs() == ["org.offered", "org.accepted"]


def test_accepting_twice_fills_once(bilal, ravi, vacancy, watch):
    made = offer(bilal.actor, vacancy, ravi.person)
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=timezone.now())
    seen = watch()
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=timezone.now())
    assert seen.nothing_happened()
    assert Appointment.objects.filter(seat=vacancy).count() == 1


def test_nobody_accepts_the_offer_of_somebody_else(bilal, chitra, ravi, vacancy, watch):
    made = offer(bilal.actor, vacancy, ravi.person)
    seen = watch()
    with pytest.raises(NotFound):
        services.accept_offer(actor=chitra.actor, ref=made.ref, now=timezone.now())
    made.refresh_from_db()
    assert made.state == "offered"
    assert seen.nothing_happened()


def test_a_coordinator_of_another_district_cannot_offer(dev, ravi, vacancy, watch):
    seen = watch()
    with pytest.raises(NotFound):
        offer(dev.actor, vacancy, ravi.person)
    assert not Appointment.objects.filter(seat=vacancy).exists()
    assert seen.nothing_happened()


def test_who_may_only_look_cannot_offer(meera, ravi, vacancy, watch):
    seen = watch()
    with pytest.raises(NotFound):
        offer(meera.actor, vacancy, ravi.person)
    assert seen.nothing_happened()


def test_nobody_offers_a_seat_to_themselves(chitra, bilal, vacancy, watch):
    seen = watch()
    with pytest.raises((NotAllowed, NotFound)):
        offer(bilal.actor, vacancy, bilal.person)
    assert seen.nothing_happened()


def test_a_seat_at_the_district_needs_a_second_factor(asha, ravi, tree, watch):
    seat = cast.add_seat(tree.bhilwara, "district_team", "district_member", 1)
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        offer(asha.acting(second_factor=False), seat, ravi.person)
    assert seen.nothing_happened()
    assert offer(asha.actor, seat, ravi.person).state == "offered"


def test_an_offer_that_lapsed_cannot_be_accepted_and_the_seat_is_free_again(bilal, ravi, vacancy):
    now = timezone.now()
    made = offer(bilal.actor, vacancy, ravi.person)
    later = now + timedelta(days=4)
    with pytest.raises(WrongState):
        services.accept_offer(actor=ravi.acting(second_factor=False), ref=made.ref, now=later)
    assert services.lapse_offers(actor=cast.SYSTEM, now=later) == 1
    assert services.lapse_offers(actor=cast.SYSTEM, now=later) == 0
    assert vacancy in queries.vacant_seats(bilal.actor, within=vacancy.unit.path)


def test_suspending_ends_rights_and_sessions_at_once(bilal, chitra, watch):
    browser = chitra.client
    services.suspend_now(actor=bilal.actor, ref=chitra.appointment.ref, reason="shared a list", now=timezone.now())
    assert not chitra.actor.grants()
    holder = chitra.person.holder
    epoch = holder.epoch
    holder.refresh_from_db()
    assert holder.epoch != epoch
    assert browser.get("/me/").status_code in (302, 404)


def test_a_hand_over_overlaps_and_counts_the_seat_once(bilal, chitra, ravi, tree):
    now = timezone.now()
    made = services.hand_over(
        actor=bilal.actor, ref=chitra.appointment.ref, to_person_ref=ravi.person.ref, overlap=timedelta(days=2), now=now
    )
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=now)
    assert chitra.actor.grants()
    assert ravi.actor.grants()
    assert figures(tree.booth)["accepted"] == 1
    after = now + timedelta(days=2, minutes=1)
    assert not chitra.acting(second_factor=True, at=after).grants()
    assert services.end_terms(actor=cast.SYSTEM, now=after) == 1
    assert figures(tree.booth)["accepted"] == 1


def figures(unit):
    services.fold_counts()
    return queries.figures_of([unit.pk], today=timezone.localdate())[unit.pk]


def test_every_figure_agrees_with_the_facts_after_all_this(bilal, chitra, ravi, dev, vacancy, tree):
    now = timezone.now()
    made = offer(bilal.actor, vacancy, ravi.person)
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=now)
    services.suspend_now(actor=bilal.actor, ref=chitra.appointment.ref, reason="x", now=now)
    services.restore(actor=bilal.actor, ref=chitra.appointment.ref, now=now)
    services.end_appointment(actor=bilal.actor, ref=made.ref, reason="moved away", now=now)
    from toli.org.services.counts import drift

    assert drift(now=now) != [] or figures(tree.state)["accepted"] >= 2
    services.fold_counts()
    assert drift(now=now) == []
