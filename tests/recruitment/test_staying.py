"""Who holds a lower wish may stay on the lists of the higher ones: asked in turn, moved only with their yes."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.placed import Wished, add_applicant, add_place, sign_run
from tests.recruitment.test_offers import answer, move, own, prepare

from toli.kit.errors import NotFound, WrongState
from toli.org import services as org
from toli.org.models import Appointment
from toli.org.services.counts import drift
from toli.recruitment import outcomes, queries, services
from toli.recruitment.models import PlaceOffer

WISHES = {"a": "1", "b": "12", "c": "123", "d": "123", "e": "3"}


@pytest.fixture
def world(drive, notice, tree):
    """Three places with a seat each. a has the first offered and does not answer; b sits on the second, c on the third,
    each on a lower wish; d and e wait.
    """
    places = {str(n + 1): add_place(drive, tree.booths[n], 1) for n in range(3)}
    scores = {"a": 900, "b": 800, "c": 700, "d": 600, "e": 500}
    people = {key: add_applicant(drive, notice, tree.booth, score) for key, score in scores.items()}
    wished = [Wished(people[key], [places[n] for n in ranked]) for key, ranked in WISHES.items()]
    run = sign_run(drive, wished, list(places.values()))
    found = SimpleNamespace(run=run, drive=drive, tree=tree, places=places, **people)
    prepare(found)
    move()
    for key in "bc":
        answer(people[key], yes=True)
    move()
    return found


def stay(world, key, *, stays=True, by=None):
    application = getattr(world, key)
    who = by or own(application)
    return services.stay_on_lists(actor=who, ref=application.ref, stays=stays, now=timezone.now())


def lapse(world, key="a") -> None:
    """Say no to the offer in hand: its list moves as after any lapse."""
    answer(getattr(world, key), yes=False)
    move()


def seats(world) -> dict[str, str]:
    """{place: who sits there}."""
    found = {}
    for n, place in world.places.items():
        holders = Appointment.objects.filter(seat__unit=place.unit, state="accepted").values_list("person", flat=True)
        found[n] = "".join(sorted(key for key in "abcde" if getattr(world, key).person_id in holders))
    return found


def offered(world) -> dict[str, str]:
    """{who: place} of the offers in hand."""
    rows = PlaceOffer.objects.filter(state="offered").values_list("application", "place")
    people = {getattr(world, key).pk: key for key in "abcde"}
    names = {place.pk: n for n, place in world.places.items()}
    return {people[one]: names[place] for one, place in rows}


def say(world, key, *, yes: bool, now=None):
    """Answer the offer in hand, not the seat held."""
    offer = PlaceOffer.objects.get(application=getattr(world, key), state="offered")
    act = org.accept_offer if yes else org.decline_offer
    act(actor=own(getattr(world, key)), ref=offer.appointment_ref, now=now or timezone.now())
    move(now)


def page(world, key, language="en") -> str:
    member = cast.CastMember(getattr(world, key).person, "")
    return member.browser(second_factor=False, language=language).get("/join/status/").content.decode()


def test_whoever_did_not_ask_to_stay_is_never_asked_again(world):
    lapse(world)
    assert offered(world) == {"d": "1"}
    assert seats(world) == {"1": "", "2": "b", "3": "c"}


def test_a_lapse_moves_everybody_up_with_their_yes_and_each_seat_goes_to_the_next(world):
    stay(world, "b")
    stay(world, "c")
    lapse(world)
    assert offered(world) == {"b": "1"}  # before c and d, who stand below
    assert seats(world) == {"1": "", "2": "b", "3": "c"}  # and nobody has moved yet
    say(world, "b", yes=True)
    assert seats(world) == {"1": "b", "2": "", "3": "c"}
    assert offered(world) == {"c": "2"}
    say(world, "c", yes=True)
    assert seats(world) == {"1": "b", "2": "c", "3": ""}
    assert offered(world) == {"d": "3"}  # before e, by the score
    say(world, "d", yes=True)
    assert seats(world) == {"1": "b", "2": "c", "3": "d"}
    assert offered(world) == {}
    world.c.refresh_from_db()
    held = PlaceOffer.objects.get(application=world.c, state="accepted")
    assert (world.c.state, world.c.appointment_ref, held.upgrade) == ("placed", held.appointment_ref, False)
    assert Appointment.objects.get(person=world.c.person, seat__unit=world.places["3"].unit).end_reason
    org.fold_counts()
    assert drift(now=timezone.now()) == []


@pytest.mark.parametrize("how", ["no", "lapsed"])
def test_after_two_lapses_in_a_row_the_next_is_asked_and_a_no_or_no_answer_costs_nothing(world, how):
    stay(world, "b")
    stay(world, "c")
    lapse(world)
    later = timezone.now() + timedelta(days=6)
    if how == "no":
        later = timezone.now()
        say(world, "b", yes=False)
    else:
        org.lapse_offers(actor=cast.SYSTEM, now=later)
        move(later)
    assert offered(world) == {"c": "1"}  # the second lapse in a row of this seat
    assert seats(world) == {"1": "", "2": "b", "3": "c"}
    world.b.refresh_from_db()
    assert world.b.state == "placed"
    assert "You keep the place you have." in page(world, "b")
    say(world, "c", yes=True, now=later)
    assert seats(world) == {"1": "c", "2": "b", "3": ""}
    assert offered(world) == {"d": "3"}


def test_a_place_below_the_one_held_is_never_offered(world):
    stay(world, "b")
    stay(world, "c")
    lapse(world)
    say(world, "b", yes=True)  # b's second place is free now: c's turn, not b's, who wished it less
    assert offered(world) == {"c": "2"}
    settled = queries.settled_run(world.run.pk)
    one, two = world.places["1"].pk, world.places["2"].pk
    assert outcomes.wished_more(settled, world.b.pk, one, than=two)
    assert not outcomes.wished_more(settled, world.b.pk, two, than=one)
    assert not outcomes.wished_more(settled, world.b.pk, one, than=one)
    assert not outcomes.wished_more(settled, 10**9, one, than=two)


def test_the_page_says_what_staying_means_and_what_is_offered(world):
    text = page(world, "b")
    assert "Stay on the list for my higher wishes" in text
    assert "You keep your place until you say yes" in text
    assert "Borana 1" in text
    browser = cast.CastMember(world.b.person, "").browser(second_factor=False)
    assert browser.post(f"/join/status/{world.b.ref}/lists/", {"stays": "yes"}).status_code == 302
    assert "You wait for these places" in page(world, "b")
    lapse(world)
    assert "With your yes your present place goes to the next person" in page(world, "b")
    assert "आपकी हाँ पर मौजूदा जगह अगले व्यक्ति को जाएगी" in page(world, "b", "hi")
    assert "Stay on the list" not in page(world, "a")


def test_who_has_no_higher_wish_or_no_place_or_is_somebody_else_cannot_stay(world, watch):
    seen = watch()
    for key in "ad":
        with pytest.raises(WrongState):
            stay(world, key)
    with pytest.raises(NotFound):
        stay(world, "b", by=own(world.c))
    assert seen.nothing_happened()


def test_who_is_content_again_is_asked_no_more(world):
    stay(world, "b")
    stay(world, "b")
    leave_lists = stay(world, "b", stays=False)
    assert leave_lists.stays_at is None
    lapse(world)
    assert offered(world) == {"d": "1"}


def test_everything_may_run_twice_and_nobody_holds_two_seats(world):
    stay(world, "b")
    lapse(world)
    for _again in range(3):
        move()
    say(world, "b", yes=True)
    for _again in range(3):
        move()
    assert seats(world)["1"] == "b"
    assert Appointment.objects.filter(person=world.b.person, state__in=["offered", "accepted"]).count() == 1
