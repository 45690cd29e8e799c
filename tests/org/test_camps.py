"""A camp pass: any phone becomes a shared one, each person by the code of their own phone, nothing stays behind."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.accounts.conftest import digits
from tests.accounts.test_races import at_once

from toli.accounts import queries as accounts_queries
from toli.accounts import services as accounts
from toli.accounts.models import CampPass, Device, LoginCode
from toli.kit.errors import BadInput, LimitReached, NotFound, WrongState
from toli.org import services


@pytest.fixture
def demo(db):
    return accounts.create_deployment(is_demo=True, now=timezone.now())


@pytest.fixture
def camp(bilal, tree, demo):
    return services.open_camp(
        actor=bilal.actor, unit_ref=tree.raipur.ref, hours=6, max_uses=3, now=timezone.now() - timedelta(minutes=1)
    )


def address(camp) -> str:
    return f"/camp/{accounts_queries.camp_token(camp)}/"


@pytest.fixture
def shared(camp):
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    client.post(address(camp))
    return client


def come_in(client, number: str):
    client.post("/login/", {"phone": number})
    answer = client.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    client.get("/login/next/")
    return answer


def test_an_officer_makes_a_pass_and_the_qr_code_opens_a_shared_phone(bilal, tree, demo, watch):
    seen = watch()
    made = bilal.client.post(f"/desk/camps/new/{tree.raipur.ref}/", {"hours": "6", "max_uses": "50"})
    assert seen.verbs() == ["org.camp_opened"]
    page = bilal.client.get(made.url).content.decode()
    camp = CampPass.objects.get()
    assert address(camp) in page
    picture = re.search(r'src="data:image/svg\+xml[^,]*,([^"]+)"', page)[1]
    assert "http://www.w3.org/2000/svg" in unquote(picture), "without its namespace a browser draws nothing"
    client = Client()
    assert client.get(address(camp)).status_code == 200
    assert "kiosk" not in client.session, "a look changes nothing"
    assert client.post(address(camp)).url == "/login/kiosk/start/"
    assert client.get("/login/kiosk/start/").status_code == 200


def test_people_come_in_one_after_the_other_and_nothing_of_the_first_is_left(shared, camp):
    come_in(shared, "1000000501")
    first = shared.session["holder_id"]
    assert shared.get("/me/security/")["Cache-Control"] == "no-store"
    assert "Refresh" in shared.get("/me/security/")
    shared.session["own_drafts"] = ["x"]
    answer = shared.post("/login/finish/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert set(shared.session.keys()) <= {"kiosk", "camp_pass", "_session_expiry"}
    assert shared.get("/me/security/").status_code == 302, "the back button shows nothing"
    page = shared.get("/login/").content.decode()
    assert 'autocomplete="off"' in page
    assert "tel-national" not in page
    come_in(shared, "1000000502")
    assert shared.session["holder_id"] != first
    camp.refresh_from_db()
    assert (camp.uses, camp.joined) == (2, 2)
    assert not Device.objects.exclude(trusted_until=None).exists()


def test_a_shared_phone_offers_no_pin_no_second_proof_and_no_new_number(shared):
    come_in(shared, "1000000501")
    assert shared.get("/login/pin/new/").url == "/login/next/"
    assert shared.get("/me/security/app/").url == "/login/second/"
    shared.get("/me/security/number/")
    assert not Device.objects.exclude(trusted_until=None).exists()


def test_a_code_of_one_browser_is_worth_nothing_on_the_next_persons_page(shared):
    shared.post("/login/", {"phone": "1000000501"})
    code = digits(LoginCode.objects.latest("id").ref)
    shared.post("/login/finish/")
    assert shared.post("/login/code/", {"code": code}).url == "/login/"
    assert "_auth_user_id" not in shared.session


def test_somebody_who_walks_away_is_signed_out_and_the_phone_stays_shared(shared):
    come_in(shared, "1000000501")
    session = shared.session
    session["kiosk_until"] = 1.0
    session.save()
    assert shared.get("/me/security/").status_code == 302
    assert shared.session["kiosk"]
    assert "holder_id" not in shared.session
    assert shared.get("/login/kiosk/start/").status_code == 200


def test_a_pass_ended_by_its_officer_stops_every_phone_at_its_next_request(shared, camp, bilal, watch):
    come_in(shared, "1000000501")
    seen = watch()
    assert bilal.client.post(f"/desk/camps/{camp.ref}/end/").status_code == 302
    assert seen.verbs() == ["org.camp_ended"]
    assert shared.get("/me/security/").url == "/camp/over/"
    assert "_auth_user_id" not in shared.session
    assert shared.get("/camp/over/").status_code == 410
    assert Client().post(address(camp)).url == "/camp/over/"
    with pytest.raises(WrongState):
        services.end_camp(actor=bilal.actor, ref=camp.ref, now=timezone.now())


def test_a_pass_is_over_with_its_hours(shared, camp):
    CampPass.objects.update(ends_at=timezone.now())
    assert shared.get("/login/").url == "/camp/over/"
    assert Client().get(address(camp)).url == "/camp/over/"


def test_a_used_up_pass_lets_nobody_more_in_and_leaves_who_is_in(shared, camp):
    CampPass.objects.update(uses=3)
    answer = come_in(shared, "1000000501")
    assert answer.status_code == 429
    assert "holder_id" not in shared.session
    camp.refresh_from_db()
    assert camp.uses == 3


@pytest.mark.parametrize("forge", ["x", "x.y", "{ref}.", "{ref}.AAAAAAAAAAAAAAAAAAAAAA", "é.é"])
def test_a_forged_pass_opens_nothing(camp, forge):
    client = Client()
    assert client.post(f"/camp/{forge.format(ref=camp.ref)}/").url == "/camp/over/"
    assert "kiosk" not in client.session


def test_nobody_makes_sees_or_ends_passes_outside_their_charge(camp, dev, meera, ravi, chitra, tree, watch):
    seen = watch()
    for member in (dev, meera, ravi, chitra):
        with pytest.raises(NotFound):
            services.end_camp(actor=member.actor, ref=camp.ref, now=timezone.now())
        with pytest.raises(NotFound):
            services.open_camp(actor=member.actor, unit_ref=tree.raipur.ref, hours=1, max_uses=1, now=timezone.now())
        assert member.client.get(f"/desk/camps/{camp.ref}/").status_code == 404
    assert CampPass.objects.get().ended_at is None
    assert seen.nothing_happened()


@pytest.mark.parametrize(("hours", "uses"), [(0, 1), (25, 1), (1, 0), (1, 1001)])
def test_a_pass_has_bounds(bilal, tree, hours, uses):
    with pytest.raises(BadInput):
        services.open_camp(actor=bilal.actor, unit_ref=tree.raipur.ref, hours=hours, max_uses=uses, now=timezone.now())


def test_a_person_with_a_second_proof_shows_it_on_a_shared_phone_too(shared, chitra, demo):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(chitra.person.holder.login, generate_totp_secret())
    shared.post("/login/", {"phone": chitra.number})
    answer = shared.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    assert answer.url == "/login/second/ask/"
    assert "holder_id" not in shared.session


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_at_once_on_a_pass_for_five_are_five():
    tree = cast.plant_tree()
    camp = accounts.make_pass(unit_id=tree.raipur.pk, hours=1, max_uses=5, now=timezone.now())

    def use(i: int) -> bool:
        try:
            accounts.use_pass(pass_id=camp.pk, is_new=bool(i % 2), now=timezone.now())
        except LimitReached:
            return False
        return True

    assert sum(at_once(16, use)) == 5
    camp.refresh_from_db()
    assert camp.uses == 5
    assert camp.joined <= 5
