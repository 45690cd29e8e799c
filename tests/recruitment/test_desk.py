"""A coordinator sees the applicants of their own charge and offers a seat."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import Applicant

from toli.audit.models import Record
from toli.kit.errors import NotFound, WrongState
from toli.org import services as org
from toli.org.models import Appointment
from toli.recruitment import rules, services
from toli.recruitment.models import Application, Drive


@pytest.fixture
def waiting(drive, answers) -> Application:
    """Somebody of the first booth who applied."""
    return Applicant().apply(answers)


@pytest.fixture
def seat(tree):
    return cast.add_seat(tree.booth, "booth_team", "booth_youth", number=3)


def test_three_taps_from_the_list_to_the_offer(waiting, seat, bilal):
    page = bilal.client.get("/desk/applicants/")
    assert f"/desk/applicants/{waiting.ref}/" in page.content.decode()
    page = bilal.client.get(f"/desk/applicants/{waiting.ref}/")
    assert str(seat.ref) in page.content.decode()
    answer = bilal.client.post(f"/desk/applicants/{waiting.ref}/offer/", {"seat": str(seat.ref)}, follow=True)
    assert answer.status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert Appointment.objects.get(ref=waiting.appointment_ref).person == waiting.person


def test_numbers_are_masked_everywhere(waiting, bilal):
    for url in ("/desk/applicants/", f"/desk/applicants/{waiting.ref}/"):
        page = bilal.client.get(url).content.decode()
        assert "•••••••042" in page
        assert "10000" not in page


def test_another_district_sees_nothing_and_gets_the_answer_of_a_missing_page(waiting, seat, dev, watch):
    assert str(waiting.ref) not in dev.client.get("/desk/applicants/").content.decode()
    missing = dev.client.get("/desk/applicants/01a2004e-63e4-7c31-93dc-ad9d17f9d377/")
    theirs = dev.client.get(f"/desk/applicants/{waiting.ref}/")
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.content.decode().replace(str(waiting.ref), "") == missing.content.decode().replace(
        "01a2004e-63e4-7c31-93dc-ad9d17f9d377", ""
    )
    seen = watch()
    assert dev.client.post(f"/desk/applicants/{waiting.ref}/offer/", {"seat": str(seat.ref)}).status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "submitted"
    assert seen.nothing_happened()


def test_a_filter_by_a_unit_of_another_district_does_not_exist(waiting, dev, tree):
    assert dev.client.get("/desk/applicants/", {"unit": str(tree.booth.ref)}).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"words": "Neelam"}, True),
        ({"words": "नीलम शर्मा"}, True),
        ({"words": "Ramesh"}, False),
        ({"state": "submitted"}, True),
        ({"state": "placed"}, False),
        ({"skill": "writing"}, True),
        ({"skill": "vehicle"}, False),
        ({"drive": "youth"}, True),
        ({"state": "nonsense", "page": "-7", "unit": "x"}, True),
    ],
)
def test_the_list_is_filtered_by_what_stands_in_the_address(waiting, bilal, query, found):
    page = bilal.client.get("/desk/applicants/", query)
    assert page.status_code == 200
    assert (str(waiting.ref) in page.content.decode()) is found


def test_who_may_only_look_or_has_no_seat_has_no_such_page(waiting, meera, ravi, chitra):
    for member in (meera, ravi, chitra):
        for url in ("/desk/applicants/", f"/desk/applicants/{waiting.ref}/", "/desk/drives/"):
            assert member.client.get(url).status_code == 404, url


def test_accepting_makes_the_applicant_placed_and_declining_lets_them_wait_again(waiting, seat, bilal):
    offered = services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=seat.ref, now=timezone.now())
    own = cast.CastMember(waiting.person, "")
    org.decline_offer(actor=own.actor, ref=offered.appointment_ref, now=timezone.now())
    declined = Record.objects.filter(verb="org.declined").latest("id").pk
    assert services.settle_offers(actor=cast.SYSTEM, record_ids=[declined], placed=False, now=timezone.now()) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.appointment_ref) == ("submitted", None)

    offered = services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=seat.ref, now=timezone.now())
    org.accept_offer(actor=own.actor, ref=offered.appointment_ref, now=timezone.now())
    accepted = Record.objects.filter(verb="org.accepted").latest("id").pk
    for expected in (1, 0):
        settled = services.settle_offers(actor=cast.SYSTEM, record_ids=[accepted], placed=True, now=timezone.now())
        assert settled == expected
    waiting.refresh_from_db()
    assert waiting.state == "placed"
    with pytest.raises(WrongState):
        services.withdraw(actor=own.actor, ref=waiting.ref, now=timezone.now())


def test_an_offer_is_made_once(waiting, seat, bilal, tree, watch):
    second = cast.add_seat(tree.booth, "booth_team", "booth_youth", number=4)
    services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=seat.ref, now=timezone.now())
    seen = watch()
    with pytest.raises(WrongState):
        services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=second.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_taking_back_an_application_gives_the_offered_seat_back(waiting, seat, bilal):
    services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=seat.ref, now=timezone.now())
    own = cast.CastMember(waiting.person, "")
    services.withdraw(actor=own.actor, ref=waiting.ref, now=timezone.now())
    assert not Appointment.objects.filter(seat=seat, state="offered").exists()
    with pytest.raises(WrongState):
        services.offer_seat(actor=bilal.actor, ref=waiting.ref, seat_ref=seat.ref, now=timezone.now())


def test_who_takes_back_the_consent_is_no_applicant_any_more(waiting):
    from toli.consent import services as consent

    own = cast.CastMember(waiting.person, "")
    consent.withdraw(actor=own.actor, person=waiting.person, purpose="organise", now=timezone.now())
    record = Record.objects.filter(verb="consent.withdrawn").latest("id").pk
    assert services.withdraw_leavers(actor=cast.SYSTEM, record_ids=[record], now=timezone.now()) == 1
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_a_drive_is_opened_by_the_state_only(tree, notice, bilal, asha, watch):
    now = timezone.now()
    seen = watch()
    with pytest.raises(NotFound):
        services.close_drive(actor=bilal.actor, key="nowhere", now=now)
    assert seen.nothing_happened()
    drive = services.open_drive(actor=asha.actor, key="fresh", names={"hi": "नया"}, scope=tree.state, opens_at=now)
    assert "/join/fresh/" in bilal.client.get("/desk/drives/").content.decode()
    services.close_drive(actor=asha.actor, key=drive.key, now=timezone.now())


def filled(tree, **more):
    given = {
        "name_hi": "ग्रीष्म अभियान", "name_en": "Summer", "key": "summer", "scope": tree.state.ref,
        "opens_on": "2040-05-01", "closes_on": "2040-05-31",
    }  # fmt: skip
    return given | more


def test_a_drive_is_opened_and_closed_on_the_desk(tree, notice, asha):
    today = timezone.localdate().isoformat()
    answer = asha.client.post("/desk/drives/new/", filled(tree, opens_on=today, closes_on=""))
    assert answer.status_code == 302
    drive = Drive.objects.get(key="summer")
    assert rules.is_open(drive, now=timezone.now())
    assert drive.closes_at is None
    assert asha.client.get("/join/summer/").status_code == 200
    assert asha.client.post("/desk/drives/summer/close/").status_code == 302
    drive.refresh_from_db()
    assert not rules.is_open(drive, now=timezone.now())


def test_the_last_day_of_a_drive_is_a_whole_indian_day(tree, notice, asha):
    asha.client.post("/desk/drives/new/", filled(tree))
    drive = Drive.objects.get(key="summer")
    assert (drive.opens_at.isoformat(), drive.closes_at.isoformat()) == (
        "2040-04-30T18:30:00+00:00", "2040-05-31T18:30:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [{"key": "status"}, {"key": "a b"}, {"name_hi": ""}, {"closes_on": "2040-04-01"}])
def test_a_drive_that_cannot_be_is_refused_beside_its_field(tree, notice, asha, watch, wrong):
    seen = watch()
    answer = asha.client.post("/desk/drives/new/", filled(tree, **wrong))
    assert answer.status_code == 422
    assert "field-wrong" in answer.content.decode()
    assert seen.nothing_happened()
    assert not Drive.objects.exists()


def test_a_drive_is_for_a_place_in_ones_charge(tree, notice, bilal, asha, watch):
    seen = watch()
    assert bilal.client.get("/desk/drives/new/").status_code == 404
    assert bilal.client.post("/desk/drives/new/", filled(tree)).status_code == 404
    assert asha.client.post("/desk/drives/new/", filled(tree, scope=tree.booth.ref)).status_code == 422
    assert seen.nothing_happened()
    assert not Drive.objects.exists()
