"""Thousands of offers at once: the same checks, rows and figures as one offer after the other, and one record."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests import cast

from toli.audit.models import BatchRow
from toli.kit.errors import NeedsSecondFactor, NotFound, ToliError
from toli.org import queries, services
from toli.org.models import Appointment
from toli.org.services.counts import drift

LIVES = timedelta(days=5)
COLUMNS = ("seat_id", "person_id", "state", "acting", "offered_by_id", "offered_at", "offer_expires_at", "accepted_at")


@pytest.fixture
def booth(tree, ravi, chitra):
    """Six vacant seats, one held, one offered, one closed; eight people, one of them sealed."""
    seats = [cast.add_seat(tree.booth, "booth_team", "booth_youth", n) for n in range(1, 10)]
    people = [cast.add_person(f"Person {n}", f"+91100000{n:04d}", home=tree.booth) for n in range(300, 308)]
    cast.put_on_seat(people[7], seats[6])
    services.offer_seat(actor=cast.SYSTEM, seat_ref=seats[7].ref, person_ref=ravi.person.ref, now=timezone.now())
    seats[8].closed_at = timezone.now()
    seats[8].save()
    services.add_counts([(tree.booth.pk, None, "norm", -1, None)])
    people[6].state = "sealed"
    people[6].save()
    return seats, people


def wanted_of(seats, people):
    """Good ones, then each refusal: taken, offered, closed, sealed, sits in the team, a seat named twice."""
    pairs = [(seats[0], people[0]), (seats[1], people[1]), (seats[6], people[2]), (seats[7], people[2])]
    pairs += [(seats[8], people[2]), (seats[2], people[6]), (seats[2], people[7]), (seats[3], people[3])]
    return [*pairs, (seats[3], people[4]), (seats[4], people[3])]


def one_by_one(actor, pairs, now):
    for seat, person in pairs:
        try:
            services.offer_seat(actor=actor, seat_ref=seat.ref, person_ref=person.ref, now=now, lives=LIVES)
        except ToliError:
            continue


def what_stands(now):
    services.fold_counts()
    rows = Appointment.objects.filter(offered_at=now).order_by("seat_id").values_list(*COLUMNS)
    return list(rows), drift(now=now)


@pytest.mark.parametrize("who", ["bilal", "system"])
def test_many_offers_write_what_single_offers_write(booth, bilal, who):
    actor = bilal.actor if who == "bilal" else cast.SYSTEM
    pairs, now = wanted_of(*booth), timezone.now()
    with transaction.atomic():
        one_by_one(actor, pairs, now)
        single = what_stands(now)
        transaction.set_rollback(True)
    # the sealed person is in nobody's charge, so a coordinator's whole call is refused; the machine is told per row
    if who == "bilal":
        pairs = [pair for pair in pairs if pair[1].state == "active"]
    made = services.offer_seats(actor=actor, wanted=[(s.pk, p.pk) for s, p in pairs], lives=LIVES, now=now)
    assert what_stands(now) == single
    assert single[1] == []
    assert len(single[0]) == sum(1 for one in made if one.ref) == 3
    assert sorted({one.refusal for one in made}) == sorted(
        {"", "seat_taken", "seat_closed", "in_team"} | ({"person_gone"} if who == "system" else set())
    )


def test_one_record_names_every_offer(booth, bilal, watch):
    seen = watch()
    pairs = [(booth[0][n].pk, booth[1][n].pk) for n in range(3)]
    made = services.offer_seats(actor=bilal.actor, wanted=pairs, lives=LIVES, now=timezone.now())
    assert seen.verbs() == ["org.offered_many"]
    assert {row.target_ref for row in BatchRow.objects.filter(record_id__gt=seen.records)} == {one.ref for one in made}


def test_an_act_repeated_offers_nothing_twice(booth, bilal, watch):
    pairs = [(booth[0][n].pk, booth[1][n].pk) for n in range(3)]
    services.offer_seats(actor=bilal.actor, wanted=pairs, lives=LIVES, now=timezone.now())
    seen = watch()
    again = services.offer_seats(actor=bilal.actor, wanted=pairs, lives=LIVES, now=timezone.now())
    assert [one.refusal for one in again] == ["in_team"] * 3
    assert seen.nothing_happened()


def test_a_seat_or_a_person_out_of_charge_refuses_all_of_them(booth, bilal, dev, tree, watch):
    far = cast.add_seat(tree.far_booth, "booth_team", "booth_youth", 1)
    stranger = cast.add_person("Far Person", "+911000000399", home=tree.far_booth)
    seen = watch()
    for pairs in ([(booth[0][0].pk, booth[1][0].pk), (far.pk, booth[1][1].pk)], [(booth[0][0].pk, stranger.pk)]):
        with pytest.raises(NotFound):
            services.offer_seats(actor=bilal.actor, wanted=pairs, lives=LIVES, now=timezone.now())
    assert not Appointment.objects.filter(seat__in=[booth[0][0], far]).exists()
    assert seen.nothing_happened()


def test_a_seat_at_the_district_needs_a_second_factor_here_too(asha, ravi, tree, watch):
    seat = cast.add_seat(tree.bhilwara, "district_team", "district_member", 1)
    seen, pairs = watch(), [(seat.pk, ravi.person.pk)]
    with pytest.raises(NeedsSecondFactor):
        services.offer_seats(actor=asha.acting(second_factor=False), wanted=pairs, lives=LIVES, now=timezone.now())
    assert seen.nothing_happened()
    assert services.offer_seats(actor=asha.actor, wanted=pairs, lives=LIVES, now=timezone.now())[0].ref


def test_offers_taken_back_free_their_seats_with_one_record(booth, bilal, dev, watch):
    now = timezone.now()
    pairs = [(booth[0][n].pk, booth[1][n].pk) for n in range(3)]
    refs = [one.ref for one in services.offer_seats(actor=bilal.actor, wanted=pairs, lives=LIVES, now=now)]
    seen = watch()
    assert services.withdraw_offers(actor=dev.actor, refs=refs, now=now) == []
    assert seen.nothing_happened()
    assert sorted(services.withdraw_offers(actor=bilal.actor, refs=refs[:2], now=now)) == sorted(refs[:2])
    assert seen.verbs() == ["org.offers_withdrawn"]
    assert services.withdraw_offers(actor=bilal.actor, refs=refs[:2], now=now) == []
    services.fold_counts()
    assert drift(now=now) == []
    assert booth[0][0] in queries.vacant_seats(bilal.actor)
