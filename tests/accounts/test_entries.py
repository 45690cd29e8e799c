"""A person sees where they are signed in, ends one place, or all at once; others of the number stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.accounts.conftest import NUMBER, digits
from tests.accounts.test_races import at_once

from toli.accounts import devices, queries, services
from toli.accounts.models import Device, Login, LoginCode
from toli.kit.actor import SystemActor

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0"


def come_in(agent: str = PHONE, *, pin: str = "") -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/login/", {"phone": NUMBER})
    client.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    client.get("/login/next/")
    if pin:
        client.post("/login/pin/new/", {"pin": pin})
    return client


@pytest.fixture
def holder(demo):
    return services.add_login(phone=NUMBER, now=timezone.now())


def test_browsers_are_named_in_two_words():
    assert devices.name_of(PHONE) == "Chrome · Android"
    assert devices.name_of(DESK) == "Firefox · Windows"
    assert devices.name_of("curl/8") == ""


def test_the_page_shows_each_place_with_what_it_is_and_when(holder):
    phone, desk = come_in(PHONE, pin="2580"), come_in(DESK)
    found = queries.entries(holder=holder, session_key=desk.session.session_key)
    assert [(entry.agent, entry.is_this) for entry in found] == [
        ("Firefox · Windows", True),
        ("Chrome · Android", False),
    ]
    page = desk.get("/me/security/").content.decode()
    assert "Chrome · Android" in page
    assert "127.0.0.1" not in page
    assert [d.agent for d in queries.trusted_devices(holder=holder, now=timezone.now())] == ["Chrome · Android"]
    assert phone.get("/me/security/").status_code == 200


def test_one_place_is_signed_out_at_its_next_request(holder, watch):
    phone, desk = come_in(PHONE), come_in(DESK)
    [there] = [e for e in queries.entries(holder=holder, session_key=desk.session.session_key) if not e.is_this]
    seen = watch()
    assert desk.post(f"/me/security/session/{there.id}/").status_code == 302
    assert seen.verbs() == ["accounts.ended_session"]
    assert phone.get("/me/security/").url.startswith("/login/")
    assert desk.get("/me/security/").status_code == 200


def test_nobody_ends_the_session_of_another_even_on_the_same_number(holder, watch):
    mine = come_in()
    second = services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=timezone.now())
    other = come_in(DESK)
    other.post("/login/who/", {"who": str(second.ref)})
    [entry] = queries.entries(holder=holder, session_key="")
    seen = watch()
    assert other.post(f"/me/security/session/{entry.id}/").status_code == 404
    assert seen.nothing_happened()
    assert mine.get("/me/security/").status_code == 200
    assert len(queries.entries(holder=second, session_key="")) == 1


def test_signing_out_everywhere_ends_sessions_phones_and_half_open_logins_of_one_person_only(holder):
    phone, desk = come_in(PHONE, pin="2580"), come_in(DESK)
    second = services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=timezone.now())
    family = come_in(DESK)
    family.post("/login/who/", {"who": str(second.ref)})
    half = come_in(DESK)
    assert half.get("/login/who/").status_code == 200
    assert desk.post("/me/security/everywhere/").url == "/login/"
    assert "_auth_user_id" not in desk.session
    assert phone.get("/me/security/").url.startswith("/login/")
    assert phone.get("/login/").status_code == 200, "the phone asks the number again, not the PIN"
    half.post("/login/who/", {"who": str(holder.ref), "pin": "2580"})
    assert half.get("/me/security/").status_code == 302, "a proof from before opens nothing"
    assert family.get("/me/security/").status_code == 200


def test_a_phone_that_another_of_the_family_trusts_still_does_not_open_for_who_signed_out(holder):
    now = timezone.now()
    come_in(PHONE, pin="2580")
    device = Device.objects.get(holder=holder)
    second = services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=now)
    Device.objects.filter(pk=device.pk).update(holder=second)
    services.end_everywhere(actor=SystemActor(), holder=holder, now=now + timedelta(seconds=5))
    device.refresh_from_db()
    assert device.trusted_until is not None
    secret = services.codes.new_device(kiosk=False, now=now)[1].split(".")[1]
    Device.objects.filter(pk=device.pk).update(secret_digest=queries.device_digest(secret))
    cookie = f"{device.ref}.{secret}"
    later = now + timedelta(seconds=9)
    assert services.open_with_pin(cookie=cookie, holder_ref=holder.ref, pin="2580", now=later).problem == "expired"


def test_a_phone_is_made_to_ask_a_code_again(holder, watch):
    phone = come_in(PHONE, pin="2580")
    desk = come_in(DESK)
    [device] = queries.trusted_devices(holder=holder, now=timezone.now())
    stranger = services.add_login(phone="+911000000077", now=timezone.now())
    other = Client()
    other.force_login(stranger.login, backend="django.contrib.auth.backends.ModelBackend")
    session = other.session
    session.update({"holder_id": stranger.pk, "holder_epoch": 0})
    session.save()
    seen = watch()
    assert other.post(f"/me/security/phone/{device.ref}/").status_code == 404
    assert seen.nothing_happened()
    desk.post(f"/me/security/phone/{device.ref}/")
    phone.post("/login/finish/")
    assert phone.get("/login/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_while_somebody_signs_out_everywhere_no_request_at_the_same_moment_stays_in(db):
    services.create_deployment(is_demo=True, now=timezone.now())
    clients = [come_in(PHONE) for _n in range(5)]
    acts = [
        *(lambda c=c: c.get("/me/security/").status_code for c in clients[:4]),
        lambda: clients[4].post("/me/security/everywhere/").status_code,
    ]
    at_once(5, lambda i: acts[i]())
    assert [c.get("/me/security/").status_code for c in clients] == [302] * 5
    assert not [s for s in Session.objects.all() if "holder_id" in s.get_decoded()]
    assert Login.objects.count() == 1
