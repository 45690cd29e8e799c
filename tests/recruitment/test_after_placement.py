"""The unsuccessful choose with one tap, coordinators see who said yes, and a seat past the drive needs a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.test_offers import move, own, prepare, signed, states, world  # noqa: F401 - the world of offers

from toli.consent import queries as consent_queries
from toli.consent import services as consent
from toli.delivery import services as delivery
from toli.delivery.models import Message
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import services as org
from toli.recruitment import queries, services
from toli.recruitment.models import PastDrive


@pytest.fixture
def unplaced(world, notice):  # noqa: F811
    """d: not placed, agreed to everything when they applied."""
    prepare(world)
    move()
    consent.give(
        actor=own(world.d), person=world.d.person, notice=notice, language="hi",
        purposes=["organise", "sms", "calls"], session_key="s", now=timezone.now(),
    )  # fmt: skip
    return world.d


def browser_of(application):
    return cast.CastMember(application.person, "").browser(second_factor=False)


def choose(application, choice, actor=None):
    return services.choose_to_stay(
        actor=actor or own(application), ref=application.ref, choice=choice, language="hi", session_key="s",
        now=timezone.now(),
    )  # fmt: skip


def test_who_was_not_placed_is_asked_and_who_has_an_offer_is_not(unplaced, world):  # noqa: F811
    asked = browser_of(unplaced).get("/join/status/").content.decode()
    assert "We would like to go on with you" in asked
    has_offer = browser_of(world.a).get("/join/status/").content.decode()
    assert "We would like to go on with you" not in has_offer
    with pytest.raises(WrongState):
        choose(world.a, "other_seats")


def test_one_tap_keeps_somebody_for_other_seats_and_three_taps_offer_one(unplaced, bilal, tree):
    spare = cast.add_seat(tree.booth, "booth_team", "booth_lead", 7)
    answer = browser_of(unplaced).post(f"/join/status/{unplaced.ref}/stay/", {"choice": "other_seats"})
    assert answer.status_code == 302
    listed = bilal.client.get("/desk/applicants/willing/").content.decode()
    assert f"/desk/applicants/{unplaced.ref}/" in listed
    page = bilal.client.get(f"/desk/applicants/{unplaced.ref}/").content.decode()
    assert str(spare.ref) in page
    bilal.client.post(f"/desk/applicants/{unplaced.ref}/offer/", {"seat": str(spare.ref)})
    unplaced.refresh_from_db()
    assert unplaced.state == "offered"
    assert str(unplaced.ref) not in bilal.client.get("/desk/applicants/willing/").content.decode()


def test_a_supporter_agrees_to_news_with_the_same_tap(unplaced, watch):
    seen = watch()
    assert not consent_queries.has_consent(unplaced.person_id, "news")
    choose(unplaced, "supporter")
    assert consent_queries.has_consent(unplaced.person_id, "news")
    assert seen.verbs() == ["recruitment.chose_to_stay", "consent.given"]
    assert queries.willing(cast.SYSTEM, keeps="supporter").get() == unplaced


def test_nothing_is_ever_sent_to_who_said_no_thank_you(unplaced, world, bilal, tree):  # noqa: F811
    now = timezone.now()
    delivery.queue(
        template="reminder", person=unplaced.person, key="before", params={"until": "x", "link": "y"}, now=now
    )
    choose(unplaced, "no")
    unplaced.refresh_from_db()
    assert unplaced.state == "withdrawn"
    assert not queries.willing(cast.SYSTEM).exists()
    # every way a message starts: an audience, one person, and what waited already
    noon = (now + timedelta(days=1)).replace(hour=6, minute=0)
    for template in ("reminder", "appeal"):
        params = {"until": "x", "link": "y", "text": "z"}
        assert not delivery.queue_many(
            template=template, person_ids=[unplaced.person_id], key=template, params=params, now=now
        )
    delivery.queue(
        template="reminder", person=unplaced.person, key="after", params={"until": "x", "link": "y"}, now=now
    )
    delivery.send_due(now=noon)
    assert set(Message.objects.filter(person=unplaced.person).values_list("state", flat=True)) == {"refused"}
    # and no list calls them any more
    for key in "ab":
        getattr(world, key).refresh_from_db()
        org.decline_offer(actor=own(getattr(world, key)), ref=getattr(world, key).appointment_ref, now=now)
    move()
    assert "d" not in states(world)
    spare = cast.add_seat(tree.booth, "booth_team", "booth_lead", 8)
    with pytest.raises(WrongState):
        services.offer_seat(actor=bilal.actor, ref=unplaced.ref, seat_ref=spare.ref, now=now)


def test_a_holder_who_says_no_thank_you_stays_reachable_for_the_seat_they_hold(unplaced, tree):
    cast.put_on_seat(unplaced.person, cast.add_seat(tree.raipur, "booth_team", "booth_youth", 1))
    choose(unplaced, "no")
    assert consent_queries.has_consent(unplaced.person_id, "sms")


def test_nobody_chooses_for_somebody_else_and_no_other_word_counts(unplaced, ravi, watch):
    seen = watch()
    with pytest.raises(NotFound):
        choose(unplaced, "other_seats", actor=ravi.actor)
    with pytest.raises(BadInput):
        choose(unplaced, "everything")
    unplaced.refresh_from_db()
    assert (unplaced.keeps, unplaced.supporter_at) == ("", None)
    assert seen.nothing_happened()


def test_another_district_sees_none_of_them(unplaced, dev):
    choose(unplaced, "other_seats")
    assert str(unplaced.ref) not in dev.client.get("/desk/applicants/willing/").content.decode()


@pytest.mark.parametrize(
    ("state", "reason", "says"),
    [
        ("void", "seat_taken", "first in line"),
        ("void", "place_withdrawn", "took this place back"),
        ("declined", "", "You said no to this seat"),
        ("lapsed", "", "time to answer passed"),
        ("due", "", "Congratulations"),
    ],
)
def test_each_end_of_an_offer_is_told_kindly(world, state, reason, says):  # noqa: F811
    prepare(world)
    world.a.place_offers.update(state=state, reason=reason)
    assert says in browser_of(world.a).get("/join/status/").content.decode()


# Past the drive


@pytest.fixture
def promised(world):  # noqa: F811
    """A seat of booth 2's place, still vacant: the drive has not been placed yet."""
    return world.two.unit.seats.get()


def test_a_promised_seat_is_offered_by_hand_only_with_a_reason(world, promised, bilal, watch):  # noqa: F811
    seen, now = watch(), timezone.now()
    for reason in ("", "  ", "x", "call +911000004000"):
        with pytest.raises(BadInput):
            services.offer_seat(actor=bilal.actor, ref=world.e.ref, seat_ref=promised.ref, reason=reason, now=now)
    world.e.refresh_from_db()
    assert world.e.state == "submitted"
    assert seen.nothing_happened()
    services.offer_seat(
        actor=bilal.actor, ref=world.e.ref, seat_ref=promised.ref, reason="The poll is in two days", now=now
    )
    assert PastDrive.objects.get().reason == "The poll is in two days"
    assert "recruitment.past_drive" in seen.verbs()
    services.count_funnel(drive=world.drive, now=timezone.now())
    board = bilal.client.get("/desk/drives/youth/past/").content.decode()
    assert "The poll is in two days" in board


def test_an_offer_from_orgs_own_desk_shows_without_a_reason_until_one_is_given(world, promised, bilal, dev, ravi):  # noqa: F811
    offer = org.offer_seat(actor=bilal.actor, seat_ref=promised.ref, person_ref=ravi.person.ref, now=timezone.now())
    services.count_funnel(drive=world.drive, now=timezone.now())
    assert "no reason given" in bilal.client.get("/desk/drives/youth/past/").content.decode()
    assert "no reason given" not in dev.client.get("/desk/drives/youth/past/").content.decode()
    url = f"/desk/drives/youth/past/{offer.ref}/"
    assert dev.client.post(url, {"reason": "because I say so"}).status_code == 404
    assert not PastDrive.objects.exists()
    assert bilal.client.post(url, {"reason": "Nobody had applied for it"}).status_code == 302
    assert "Nobody had applied for it" in bilal.client.get("/desk/drives/youth/past/").content.decode()
    for silent in (1, 0):
        under = queries.past_drives_under(bilal.actor, world.tree.bhilwara, now=timezone.now())
        assert [(one.filled, one.silent) for one in under] == [(1, silent)]
        services.count_funnel(drive=world.drive, now=timezone.now())
    org.withdraw_offer(actor=bilal.actor, ref=offer.ref, now=timezone.now())
    services.count_funnel(drive=world.drive, now=timezone.now())
    assert not queries.past_drive(bilal.actor, world.drive)
    assert not queries.past_drives_under(bilal.actor, world.tree.bhilwara, now=timezone.now())


def test_offers_of_the_placement_itself_are_not_past_it(world, asha):  # noqa: F811
    prepare(world)
    move()
    services.count_funnel(drive=world.drive, now=timezone.now())
    assert not queries.past_drive(asha.actor, world.drive)


def test_a_place_taken_out_of_the_drive_or_a_drive_long_over_needs_no_reason(world, promised, bilal):  # noqa: F811
    now = timezone.now()
    assert queries.promised_place(promised, now=now) == world.two
    assert queries.promised_place(promised, now=now + timedelta(days=200)) is None
    world.two.withdrawn_at = now
    world.two.save()
    assert queries.promised_place(promised, now=now) is None
    assert queries.promised_seats([promised], now=now) == set()
