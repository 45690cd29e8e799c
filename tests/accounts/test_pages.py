"""From the number to the page a person wanted, over HTTP."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from tests.accounts.conftest import NUMBER, digits

from toli.accounts import door, queries, services, sessions
from toli.accounts.models import Login, LoginCode
from toli.kit.actor import SystemActor
from toli.kit.errors import NotFound

SPELLINGS = [
    "1000000042",
    "+91 1000000042",
    "91-1000000042",
    "0091 10000 00042",
    "01000000042",
    "+91-10000-00042",
    "(+91) 1000 000 042",
    "१०००००००४२",
    "+९१ १०००० ०००४२",
    "मो. 1000000042",
]


@pytest.fixture
def sign_in(client, demo):
    def through_the_pages(number: str = "1000000042", **query: str):
        client.get("/login/", query)
        answer = client.post("/login/", {"phone": number})
        assert answer.status_code == 302, answer.content.decode()
        code = digits(LoginCode.objects.latest("id").ref)
        return client.post("/login/code/", {"code": code})

    return through_the_pages


def test_number_then_code_then_pin_offer_then_onward(client, sign_in):
    assert sign_in(next="/me/data/").url == "/login/next/"
    assert client.get("/login/next/").url == "/login/next/"
    assert client.get("/login/next/").url == "/login/pin/new/"
    assert client.get("/login/pin/new/").status_code == 200
    answer = client.post("/login/pin/new/", {"pin": "2580"})
    assert answer.url == "/login/next/"
    assert client.get("/login/next/").url == "/me/data/"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_ten_spellings_are_one_login(client, sign_in, spelling):
    sign_in(spelling)
    assert Login.objects.get().key == queries.key_of(NUMBER)


def test_the_session_list_of_allauth_knows_the_session(client, sign_in):
    from allauth.usersessions.models import UserSession

    sign_in()
    assert UserSession.objects.get().session_key == client.session.session_key


def test_ended_sessions_leave_no_address_and_no_browser(client, sign_in):
    from datetime import timedelta

    from allauth.usersessions.models import UserSession

    sign_in()
    services.forget_ended_sessions(now=now_real())
    assert UserSession.objects.count() == 1
    services.forget_ended_sessions(now=now_real() + timedelta(days=8))
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


def test_a_wrong_code_says_so_and_keeps_the_page(client, demo):
    client.post("/login/", {"phone": "1000000042"})
    answer = client.post("/login/code/", {"code": "१२३ ४५"})
    assert answer.status_code == 422
    code = digits(LoginCode.objects.get().ref)
    answer = client.post("/login/code/", {"code": "999999" if code != "999999" else "999998"})
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_code_typed_in_devanagari_with_spaces_opens(client, demo):
    client.post("/login/", {"phone": "1000000042"})
    code = digits(LoginCode.objects.get().ref)
    spoken = " ".join(code).translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    assert client.post("/login/code/", {"code": spoken}).status_code == 302


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///x"])
def test_next_never_leaves_the_site(client, sign_in, where):
    sign_in(next=where)
    client.get("/login/next/")
    client.get("/login/next/")
    assert client.get("/login/next/").url == "/me/"


def test_the_trusted_phone_is_asked_its_pin_only(client, sign_in):
    sign_in()
    client.get("/login/next/")
    client.post("/login/pin/new/", {"pin": "2580"})
    client.post("/login/finish/")
    assert client.get("/login/").url == "/login/pin/"
    page = client.get("/login/pin/").content.decode()
    who = re.search(r'name="who" value="([^"]+)"', page)[1]
    assert client.post("/login/pin/", {"who": who, "pin": "1111"}).status_code == 422
    assert client.post("/login/pin/", {"who": who, "pin": "2580"}).url == "/login/next/"
    assert client.get("/login/next/").url == "/me/"


def test_number_and_code_stand_in_no_session_and_no_record(client, sign_in):
    client.post("/login/", {"phone": "1000000042"})
    code = digits(LoginCode.objects.latest("id").ref)
    before = [s.get_decoded() for s in Session.objects.all()]
    client.post("/login/code/", {"code": code})
    client.get("/login/next/")
    client.post("/login/pin/new/", {"pin": "2580"})
    texts = [str(before), *(str(s.get_decoded()) for s in Session.objects.all())]
    with connection.cursor() as cursor:
        for table in (
            "audit_record",
            "procrastinate_jobs",
            "procrastinate_events",
            "accounts_login",
            "accounts_holder",
            "accounts_device",
            "accounts_logincode",
            "accounts_attempt",
        ):
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            texts += [row[0] for row in cursor.fetchall()]
    whole = "\n".join(texts)
    assert "1000000042" not in whole
    assert "2580" not in re.sub(r"[0-9a-f]{8,}|\d+[.:]\d+|pbkdf2\S+", "", whole)
    assert not re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", whole)


def test_a_kiosk_keeps_nothing(client, demo):
    client.get("/login/kiosk/")
    answer = client.post("/login/", {"phone": "1000000042"})
    assert answer.cookies["toli_device"]["max-age"] == ""
    assert answer["Cache-Control"].startswith("no-store")
    client.post("/login/code/", {"code": digits(LoginCode.objects.get().ref)})
    assert client.get("/login/next/").url == "/login/next/"
    assert client.get("/login/next/").url == "/me/", "a kiosk never offers a PIN"
    assert client.session.get_expire_at_browser_close()
    answer = client.post("/login/finish/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["toli_device"]["max-age"] == 0
    assert "_auth_user_id" not in client.session


def test_a_kiosk_left_alone_ends_by_itself(client, demo, monkeypatch):
    client.get("/login/kiosk/")
    client.post("/login/", {"phone": "1000000042"})
    client.post("/login/code/", {"code": digits(LoginCode.objects.get().ref)})
    session = client.session
    session["kiosk_until"] = 1.0
    session.save()
    assert client.get("/login/next/").url == "/login/"


def test_sessions_of_a_suspended_person_die_at_once(client, sign_in):
    sign_in()
    client.get("/login/next/")
    holder = queries.active_holders(Login.objects.get().pk)[0]
    services.end_sessions(actor=SystemActor(), holder_id=holder.pk)
    assert client.get("/login/next/").url == "/login/"
    assert "_auth_user_id" not in client.session


def test_a_demo_door_signs_in_and_counts_the_second_proof_where_it_says_so(client, demo, now):
    holder = services.add_login(phone="+911000000001", now=now)
    answer = client.get(door.demo_path(holder, second_factor=True, next_url="/me/"))
    assert answer.status_code == 302
    assert client.session["holder_id"] == holder.pk
    request = client.get("/login/second/").wsgi_request
    assert request.second_factor
    assert request.holder == holder
    client.get(door.demo_path(holder))
    assert not client.get("/login/second/").wsgi_request.second_factor


def test_where_the_database_is_no_demo_there_are_no_demo_doors_and_no_demo_numbers(client, db, now):
    services.create_deployment(is_demo=False, now=now)
    holder = services.add_login(phone="+911000000001", now=now)
    assert client.get(door.demo_path(holder)).status_code == 404
    assert client.post("/login/", {"phone": "1000000001"}).status_code == 422
    assert not LoginCode.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_forged_demo_door_is_no_page(client, demo, now):
    holder = services.add_login(phone="+911000000001", now=now)
    honest = door.demo_path(holder)
    who, factors, signature = honest.removeprefix("/demo/enter/").split(".")
    forged = [f"{who}.2.{signature}", f"{who}.{factors}.{'A' * 16}", f"{who}.{factors}", "x", "é.1.x", f"{who}.1."]
    for token in forged:
        assert client.get(f"/demo/enter/{token}").status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.get(honest).status_code == 302


def test_the_code_page_shows_the_code_only_on_a_demo(client, demo, settings, now):
    client.post("/login/", {"phone": "1000000042"})
    page = client.get("/login/code/").content.decode()
    assert digits(LoginCode.objects.get().ref) in page
    assert "1000000042" not in page
    assert "•••••••042" in page


def test_the_draft_comes_back_only_to_who_proved_the_number(client, sign_in, now):
    mine = services.save_draft(kind="join", payload={"name": "कमला"}, phone=NUMBER, now=now_real())
    theirs = services.save_draft(kind="join", payload={"name": "x"}, phone="+911000000099", now=now_real())
    sign_in(draft=str(mine), next="/join/x/")
    login = Login.objects.get()
    assert queries.get_draft(login_id=login.pk, ref=mine, kind="join") == {"name": "कमला"}
    client.get("/login/next/")
    assert client.get("/login/next/").url == f"/join/x/?draft={mine}", "the form goes before the offer of a PIN"
    client.post("/login/finish/")
    sign_in(draft=str(theirs))
    with pytest.raises(NotFound):
        queries.get_draft(login_id=login.pk, ref=theirs, kind="join")


def test_a_draft_without_a_number_belongs_to_the_browser_that_filled_it(client, demo):
    ref = services.save_draft(kind="join", payload={"a": 1}, now=now_real())
    login = services.add_login(phone=NUMBER, now=now_real()).login
    key = queries.key_of(NUMBER)
    assert not services.claim_draft(login_id=login.pk, key=key, ref=ref, own=False, now=now_real())
    assert services.claim_draft(login_id=login.pk, key=key, ref=ref, own=True, now=now_real())
    assert services.use_draft(login_id=login.pk, ref=ref, kind="join", now=now_real()) == {"a": 1}
    with pytest.raises(NotFound):
        services.use_draft(login_id=login.pk, ref=ref, kind="join", now=now_real())


def now_real():
    from django.utils import timezone

    return timezone.now()


def test_the_proved_number_reaches_the_persons_own_row(client, sign_in):
    sign_in()
    assert queries.proved_phone(login_id=Login.objects.get().pk) == NUMBER


def test_the_device_cookie_is_closed_to_scripts(client, demo):
    cookie = client.post("/login/", {"phone": "1000000042"}).cookies[sessions.DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_two_people_of_one_number_choose_who_they_are(client, sign_in):
    sign_in()
    client.get("/login/next/")
    first = client.session["holder_id"]
    services.set_initial(holder_id=first, name="क्षितिज मेहता")
    client.post("/login/who/new/", {"initial": "र"})
    second = client.session["holder_id"]
    assert second != first
    client.post("/login/finish/")
    assert sign_in().url == "/login/next/"
    assert client.get("/login/next/").url == "/login/who/"
    page = client.get("/login/who/").content.decode()
    assert "· र" in page
    assert "· क्" in page
    ref = queries.active_holders(Login.objects.get().pk)[0].ref
    assert client.post("/login/who/", {"who": str(ref)}).url == "/login/next/"
    assert client.session["holder_id"] == first


def test_a_second_proof_can_be_set_up_and_is_asked_after_the_code(client, sign_in):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth as totp

    sign_in()
    client.get("/login/next/")
    assert not client.get("/login/second/").wsgi_request.second_factor
    page = client.get("/me/security/app/")
    assert page.status_code == 200
    assert 'class="bar"' in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    answer = client.post("/me/security/app/", {"code": code_of(secret, counter)})
    assert answer.status_code == 302
    assert secret not in str(list(Authenticator.objects.values()))
    client.post("/login/finish/")
    assert sign_in().url == "/login/second/ask/"
    assert "_auth_user_id" not in client.session
    assert client.post("/login/second/ask/", {"code": code_of(secret, counter)}).status_code == 200, (
        "a code is good once"
    )
    answer = client.post("/login/second/ask/", {"code": code_of(secret, counter + 1)})
    assert answer.url == "/login/next/"
    client.get("/login/next/")
    assert client.get("/login/second/").wsgi_request.second_factor


def code_of(secret: str, counter: int) -> str:
    from allauth.mfa.totp.internal import auth as totp

    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_on_a_shared_number_no_second_proof_counts(client, demo, now):
    holder = services.add_login(phone="+911000000001", now=now)
    services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=now)
    client.get(door.demo_path(holder, second_factor=True))
    assert not client.get("/login/second/").wsgi_request.second_factor


@pytest.mark.parametrize("path", ["app/", "passkey/", "codes/new/", ""])
def test_pages_of_the_second_proof_have_our_look(client, sign_in, path):
    sign_in()
    client.get("/login/next/")
    answer = client.get(f"/me/security/{path}", follow=True)
    assert answer.status_code == 200
    assert 'class="bar"' in answer.content.decode()


def test_a_sensitive_act_leads_to_setting_up_a_second_proof_and_back(client, sign_in):
    from allauth.mfa.totp.internal import auth as totp

    sign_in()
    client.get("/login/next/")
    page = client.get("/login/second/", {"next": "/desk/board/"}).content.decode()
    assert "/me/security/app/" in page
    client.get("/me/security/app/")
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    answer = client.post("/me/security/app/", {"code": code_of(secret, counter)})
    assert answer.url == "/me/security/codes/"
    page = client.get("/me/security/codes/").content.decode()
    assert "/login/next/" in page
    assert client.get("/login/second/").wsgi_request.second_factor, "what was just set up was shown"
    client.get("/login/next/")
    assert client.get("/login/next/").url == "/desk/board/"


def test_an_old_proof_is_shown_again_and_leads_back(client, sign_in):
    from allauth.mfa.totp.internal import auth as totp

    sign_in()
    client.get("/login/next/")
    client.get("/me/security/app/")
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    client.post("/me/security/app/", {"code": code_of(secret, counter)})
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] -= 9 * 3600
    session.save()
    page = client.get("/login/second/", {"next": "/desk/board/"}).content.decode()
    assert "/login/second/show/?next=/login/next/" in page
    assert client.get("/me/security/app/remove/").url.startswith("/login/second/show/")
    answer = client.post("/login/second/show/", {"code": code_of(secret, counter + 1), "next": "/login/next/"})
    assert answer.url == "/login/next/"
    assert client.get("/login/second/").wsgi_request.second_factor
