"""Two at once is the normal case: the last seat, the same offer, the end of a term while it is accepted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast
from tests.races.together import together, winners_and_losers
from toli.kit import secrets
from toli.kit.errors import WrongState
from toli.org import queries, services
from toli.org.models import Appointment, NamedHolder
from toli.org.services.counts import drift
from toli.people.models import Invitee
from toli.people.queries import number_index

pytestmark = pytest.mark.django_db(transaction=True)
SEAT = "SELECT 1 FROM org_seat WHERE id = %s FOR UPDATE"


@pytest.fixture
def last_seat(tree):
    return cast.add_seat(tree.booth, "booth_team", "booth_youth", 1)


def named_for(seat, person):
    sealed = secrets.encrypt(person.number, context="phone")
    invitee = Invitee.objects.create(
        name="x", index=number_index(person.number), cipher=sealed.cipher, key_version=sealed.key_version,
        source="sheet", imported_at=timezone.now(), erase_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    services.add_counts([(seat.unit_id, None, "named", 1, None)])
    now = timezone.now()
    return NamedHolder.objects.create(seat=seat, invitee=invitee, named_at=now, changed_at=now)


def test_two_coordinators_offer_the_last_seat_at_once_and_one_is_told(bilal, asha, ravi, last_seat, tree):
    other = cast.add_person("Sunita Devi", "+911000000031", home=tree.booth)
    now = timezone.now()
    first, second = bilal.actor, asha.actor
    results = together(
        [
            lambda: services.offer_seat(actor=first, seat_ref=last_seat.ref, person_ref=ravi.person.ref, now=now),
            lambda: services.offer_seat(actor=second, seat_ref=last_seat.ref, person_ref=other.ref, now=now),
        ],
        hold=SEAT,
        params=[last_seat.pk],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] == [WrongState]
    assert Appointment.objects.filter(seat=last_seat, state="offered").count() == 1


def test_an_offer_and_a_claim_meet_on_one_seat_and_one_sits(bilal, ravi, last_seat, tree):
    claimant = cast.CastMember(cast.add_person("Mohan Lal", "+911000000032", home=tree.booth), "+911000000032")
    named = named_for(last_seat, claimant)
    now = timezone.now()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=last_seat.ref, person_ref=ravi.person.ref, now=now)
    accepting, claiming = ravi.actor, claimant.actor
    results = together(
        [
            lambda: services.accept_offer(actor=accepting, ref=offer.ref, now=now),
            lambda: services.claim_named_seat(actor=claiming, ref=named.ref, now=now),
        ],
        hold=SEAT,
        params=[last_seat.pk],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(e) for e in lost] == [WrongState]
    assert "coordinator" in str(lost[0]) or "संयोजक" in str(lost[0])
    assert Appointment.objects.filter(seat=last_seat, state="accepted").count() == 1
    services.fold_counts()
    assert drift(now=timezone.now()) == []


def test_the_same_offer_accepted_from_two_phones_counts_once(bilal, ravi, last_seat):
    now = timezone.now()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=last_seat.ref, person_ref=ravi.person.ref, now=now)
    actor = ravi.actor
    results = together(
        [lambda: services.accept_offer(actor=actor, ref=offer.ref, now=now)] * 2, hold=SEAT, params=[last_seat.pk]
    )
    assert [type(r) for r in results] == [Appointment, Appointment]
    services.fold_counts()
    today = timezone.localdate()
    assert queries.figures_of([last_seat.unit_id], today=today)[last_seat.unit_id]["accepted"] == 1


def test_accepting_meets_withdrawing(bilal, ravi, last_seat):
    now = timezone.now()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=last_seat.ref, person_ref=ravi.person.ref, now=now)
    accepting, withdrawing = ravi.actor, bilal.actor
    results = together(
        [
            lambda: services.accept_offer(actor=accepting, ref=offer.ref, now=now),
            lambda: services.withdraw_offer(actor=withdrawing, ref=offer.ref, now=now),
        ],
        hold=SEAT,
        params=[last_seat.pk],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert len(lost) == 1
    services.fold_counts()
    assert drift(now=timezone.now()) == []


def test_an_act_counts_once_however_many_phones_act(ravi, bilal, last_seat):
    now = timezone.now()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=last_seat.ref, person_ref=ravi.person.ref, now=now)
    services.accept_offer(actor=ravi.actor, ref=offer.ref, now=now)
    tomorrow = now + timedelta(days=1)
    person_id = ravi.person.pk
    results = together(
        [lambda: services.note_act(person_id=person_id, now=tomorrow)] * 4,
        hold="SELECT 1 FROM org_activity WHERE person_id = %s FOR UPDATE",
        params=[person_id],
    )
    assert sorted(results) == [False, False, False, True]
