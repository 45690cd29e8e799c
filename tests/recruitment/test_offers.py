"""After the signatures: offers are made, answered, and the wait-lists move by themselves; nobody gets two."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.contest import run as run_placement
from tests.recruitment.contest import sign
from tests.recruitment.placed import Wished, add_applicant, add_place, sign_run

from toli.audit import services as audit
from toli.audit.models import BatchRow, Record
from toli.consent import services as consent
from toli.delivery import services as delivery
from toli.delivery.models import Message
from toli.flows import FLOWS
from toli.org import services as org
from toli.org.models import Appointment
from toli.org.services.counts import drift
from toli.recruitment import services
from toli.recruitment.models import PlaceOffer


@pytest.fixture
def world(drive, notice, tree):
    """Two places: booth 1 with two seats, booth 2 with one. Five applicants, the best first; e is on no place.

    a, b get booth 1 (first wish), c booth 2 (second wish after booth 1), d and e wait for both.
    """
    one, two = add_place(drive, tree.booths[0], 2), add_place(drive, tree.booths[1], 1)
    scores = {"a": 900, "b": 800, "c": 700, "d": 600, "e": 500}
    people = {key: add_applicant(drive, notice, tree.booth, score) for key, score in scores.items()}
    wished = [
        Wished(people["a"], [one]), Wished(people["b"], [one, two]), Wished(people["c"], [one, two]),
        Wished(people["d"], [one, two]), Wished(people["e"], [two, one]),
    ]  # fmt: skip
    run = sign_run(drive, wished, [one, two])
    return SimpleNamespace(run=run, one=one, two=two, drive=drive, tree=tree, **people)


def signed(run) -> list[int]:
    return [audit.record(cast.SYSTEM, "recruitment.offers_prepared", run, unit=run.drive.scope, data={"offers": 0})]


def prepare(world, now=None) -> int:
    return services.prepare_offers(actor=cast.SYSTEM, record_ids=signed(world.run), now=now or timezone.now())


def move(now=None, **how) -> int:
    """Steps until nothing moves; the jobs that follow org's records in between."""
    moved = 0
    now = now or timezone.now()
    while step := services.move_offers(actor=cast.SYSTEM, now=now, **how) + follow(now):
        moved += step
    return moved


FOLLOWED: dict[str, tuple[bool, ...]] = {
    "org.accepted": (True,), "org.declined": (False,), "org.offer_lapsed": (False,), "org.offer_withdrawn": (False,),
    "org.offers_withdrawn": (False,),
}  # fmt: skip


def follow(now) -> int:
    """What the dispatcher does with the records of org: `flows.py`."""
    done = 0
    for verb, (placed,) in FOLLOWED.items():
        ids = list(Record.objects.filter(verb=verb).values_list("id", flat=True))
        done += services.settle_offers(actor=cast.SYSTEM, record_ids=ids, placed=placed, now=now)
    return done


def states(world) -> dict[str, list[tuple[str, str]]]:
    """{applicant: [(place, state or reason)]} in the order made."""
    names = {world.one.pk: "one", world.two.pk: "two"}
    found: dict[str, list[tuple[str, str]]] = {}
    for key in "abcde":
        rows = PlaceOffer.objects.filter(application=getattr(world, key)).order_by("id")
        if rows:
            found[key] = [(names[row.place_id], row.reason or row.state) for row in rows]
    return found


def own(application):
    return cast.CastMember(application.person, "").actor


def answer(application, *, yes: bool, now=None):
    application.refresh_from_db()
    act = org.accept_offer if yes else org.decline_offer
    return act(actor=own(application), ref=application.appointment_ref, now=now or timezone.now())


def test_a_signed_run_becomes_offers_of_the_lowest_seats_and_everybody_is_told_once(world, watch):
    seen, now = watch(), timezone.now()
    assert prepare(world, now) == 3
    move(now)
    assert states(world) == {"a": [("one", "offered")], "b": [("one", "offered")], "c": [("two", "offered")]}
    for key, number in (("a", 1), ("b", 2), ("c", 1)):
        application = getattr(world, key)
        application.refresh_from_db()
        offer = Appointment.objects.get(ref=application.appointment_ref)
        assert (application.state, offer.seat.number, offer.person_id) == ("offered", number, application.person_id)
        assert offer.offer_expires_at == now + timedelta(days=world.drive.offer_days)
    assert seen.verbs().count("org.offered_many") == 1
    record = Record.objects.get(verb="org.offered_many")
    assert BatchRow.objects.filter(record_id=record.pk).count() == 3
    for _again in range(2):
        delivery.tell_offered(record_ids=[record.pk], now=now)
    assert Message.objects.filter(template="offer").count() == 3
    org.fold_counts()
    assert drift(now=now) == []


def test_the_second_signature_itself_leads_to_offers_and_the_list_of_a_real_run_moves(contest, asha, second_state):
    for place, seats in ((contest.near, 1), (contest.far, 2)):
        for number in range(1, seats + 1):
            cast.add_seat(place.unit, "booth_team", "booth_youth", number)
    sign(second_state, sign(asha, run_placement(asha)))
    assert "recruitment.prepare_offers" in [job.name for job in FLOWS["recruitment.run_signed"]]
    ids = list(Record.objects.filter(verb="recruitment.run_signed").values_list("id", flat=True))
    now = timezone.now()
    assert services.prepare_offers(actor=cast.SYSTEM, record_ids=ids, now=now) == 3
    move(now)
    # the second had the near seat; the best, who wished it more than the far one, is called when it comes free
    answer(contest.best, yes=False)
    answer(contest.second, yes=False)
    move(now)
    offered = PlaceOffer.objects.filter(place=contest.near).order_by("id").values_list("application", "state")
    assert list(offered) == [(contest.second.pk, "declined"), (contest.best.pk, "offered")]


def test_everything_may_run_twice_and_nobody_gets_a_second_offer(world):
    for _again in range(3):
        prepare(world)
        move()
    assert PlaceOffer.objects.count() == Appointment.objects.filter(state="offered").count() == 3


def test_a_run_signed_by_one_offers_nothing(world, watch):
    world.run.state = "signed_once"
    world.run.save()
    ids, seen = signed(world.run), watch()
    assert services.prepare_offers(actor=cast.SYSTEM, record_ids=ids, now=timezone.now()) == 0
    assert seen.nothing_happened()


def test_a_yes_fills_the_seat_and_places_the_applicant(world):
    prepare(world)
    move()
    answer(world.a, yes=True)
    move()
    world.a.refresh_from_db()
    assert (world.a.state, states(world)["a"]) == ("placed", [("one", "accepted")])


def test_a_no_calls_the_next_in_the_places_own_order(world):
    prepare(world)
    move()
    answer(world.b, yes=False)
    move()
    # c stands before d but has an offer in hand: never two. d is next.
    assert states(world)["d"] == [("one", "offered")]
    assert PlaceOffer.objects.get(application=world.d).origin == "wait_list"
    answer(world.d, yes=False)
    move()
    assert states(world)["e"] == [("one", "offered")]
    # b said no to this place and is not asked for it again
    assert states(world)["b"] == [("one", "declined")]


def test_who_declines_a_lower_wish_still_waits_for_the_higher_one(world):
    prepare(world)
    move()
    answer(world.c, yes=False)
    move()
    assert states(world)["d"] == [("two", "offered")]
    answer(world.a, yes=False)
    move()
    assert states(world)["c"] == [("two", "declined"), ("one", "offered")]


def test_an_offer_that_lapses_moves_the_list_by_itself(world):
    prepare(world)
    move()
    later = timezone.now() + timedelta(days=6)
    assert org.lapse_offers(actor=cast.SYSTEM, now=later) == 3
    move(later)
    found = states(world)
    assert found["a"] == [("one", "lapsed")]
    # b's second wish lies below what b had and let lapse: only wishes above one's own outcome wait
    assert found["b"] == [("one", "lapsed")]
    assert found["c"] == [("two", "lapsed"), ("one", "offered")]
    assert (found["d"], found["e"]) == ([("one", "offered")], [("two", "offered")])
    assert Appointment.objects.filter(state="offered").count() == 3


def test_a_seat_filled_meanwhile_gives_another_seat_of_the_place_or_the_first_turn(world, bilal):
    outsider = cast.add_person("Outsider", "+911000000777", home=world.tree.booth)
    prepare(world)
    seat = world.two.unit.seats.get()
    org.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=outsider.ref, now=timezone.now())
    move()
    assert states(world)["c"] == [("two", "seat_taken")]
    world.c.refresh_from_db()
    assert world.c.state == "submitted"
    # the outsider says no: the seat is c's again, before d and e
    offer = Appointment.objects.get(seat=seat)
    org.decline_offer(actor=cast.CastMember(outsider, "").actor, ref=offer.ref, now=timezone.now())
    services.look_again(record_ids=[Record.objects.filter(verb="org.declined").latest("id").pk])
    move()
    assert states(world)["c"] == [("two", "seat_taken"), ("two", "offered")]
    assert "d" not in states(world)


def test_an_offer_in_hand_whose_seat_was_claimed_is_closed_with_a_reason_and_the_person_waits_first(world):
    prepare(world)
    move()
    seat = world.two.unit.seats.get()
    claimant = cast.add_person("Claimant", "+911000000778", home=world.tree.booth)
    now = timezone.now()
    Appointment.objects.create(
        seat=seat, person=claimant, state="accepted", offered_at=now, accepted_at=now, valid_from=now
    )
    org.add_counts([(seat.unit_id, None, "accepted", 1, None), (seat.unit_id, None, "verified", 1, None)])
    with pytest.raises(Exception, match=r"moment ago|अभी"):
        answer(world.c, yes=True)
    move()
    world.c.refresh_from_db()
    assert (states(world)["c"], world.c.state) == ([("two", "seat_taken")], "submitted")
    assert not Appointment.objects.filter(person=world.c.person, state="offered").exists()
    org.fold_counts()
    assert drift(now=now) == []


@pytest.mark.parametrize("when", ["due", "offered"])
def test_a_place_withdrawn_after_the_run_is_said_and_nobody_is_called_for_it(world, when):
    prepare(world)
    if when == "offered":
        move()
    world.one.withdrawn_at = timezone.now()
    world.one.save()
    move()
    found = states(world)
    assert found["a"] == found["b"] == [("one", "place_withdrawn")]
    assert found["c"] == [("two", "offered")]
    assert set(found) == {"a", "b", "c"}
    world.a.refresh_from_db()
    assert (world.a.state, world.a.appointment_ref) == ("submitted", None)


def test_an_applicant_erased_between_run_and_offer_gets_none_and_the_next_is_called(world):
    prepare(world)
    world.a.person.state = "sealed"
    world.a.person.save()
    move()
    found = states(world)
    assert found["a"] == [("one", "applicant_erased")]
    assert found["d"] == [("one", "offered")]
    assert not Appointment.objects.filter(person=world.a.person).exists()


def test_who_withdraws_with_an_offer_in_hand_leaves_every_list(world):
    prepare(world)
    move()
    services.withdraw(actor=own(world.b), ref=world.b.ref, now=timezone.now())
    move()
    answer(world.c, yes=False)
    move()
    assert states(world)["b"] == [("one", "applicant_left")]
    assert states(world)["d"] == [("one", "offered")]
    assert states(world)["e"] == [("two", "offered")]


def test_who_sits_in_the_team_already_is_not_offered_a_second_seat_of_it(world):
    extra = cast.add_seat(world.tree.booth, "booth_team", "booth_lead", 1)
    cast.put_on_seat(world.a.person, extra)
    prepare(world)
    move()
    assert states(world)["a"] == [("one", "has_seat")]
    assert states(world)["d"] == [("one", "offered")]


def test_a_newer_signed_run_takes_what_is_not_offered_yet_and_leaves_what_is_in_hand(world, drive):
    prepare(world)
    services.make_offers(actor=cast.SYSTEM, now=timezone.now(), at_once=1)
    world.run.state = "replaced"
    world.run.save()
    wished = [Wished(getattr(world, key), [world.one, world.two]) for key in "abcde"]
    new = sign_run(drive, wished, [world.one, world.two])
    services.prepare_offers(actor=cast.SYSTEM, record_ids=signed(new), now=timezone.now())
    move()
    found = states(world)
    assert found["a"] == [("one", "offered")]
    assert found["b"] == [("one", "run_replaced"), ("one", "offered")]
    assert found["c"] == [("two", "run_replaced"), ("two", "offered")]


def test_nothing_is_sent_to_who_took_the_consent_to_sms_back(world, notice):
    now = timezone.now()
    for key in "ab":
        person = getattr(world, key).person
        consent.give(
            actor=own(getattr(world, key)), person=person, notice=notice, language="hi", purposes=["organise", "sms"],
            session_key="s", now=now,
        )  # fmt: skip
    consent.withdraw(actor=own(world.b), person=world.b.person, purpose="sms", now=now)
    prepare(world)
    move()
    delivery.tell_offered(record_ids=[Record.objects.get(verb="org.offered_many").pk], now=now)
    delivery.send_due(now=(now + timedelta(days=1)).replace(hour=6, minute=0))
    refused = dict(Message.objects.filter(template="offer").values_list("person_id", "state"))
    assert refused[world.b.person_id] == "refused"
    assert refused[world.c.person_id] == "refused"
