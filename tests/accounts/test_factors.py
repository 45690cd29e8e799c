"""Tries of the second proof are counted in the database, an app code is good once, and the first proof needs a code."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from tests.accounts.test_races import at_once

from toli.accounts import rules, services, sessions
from toli.accounts.models import Attempt, Login
from toli.kit.actor import SystemActor

SECRET = totp.generate_totp_secret()


def code(step: int = 0) -> str:
    counter = sorted(totp.yield_hotp_counters_from_time())[1] + step
    return totp.format_hotp_value(totp.hotp_value(SECRET, counter))


def wrong() -> str:
    right = {code(-1), code(), code(1), code(2)}
    return next(f"{n:06d}" for n in range(10) if f"{n:06d}" not in right)


@pytest.fixture
def login(db, now):
    login = services.add_login(phone="+911000000001", now=now).login
    totp.TOTP.activate(login, SECRET)
    return login


def test_an_app_code_opens_once_in_any_spelling(login, now):
    typed = " ".join(code()).translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    assert services.try_code(login_id=login.pk, typed=typed, now=now).found.type == "totp"
    assert services.try_code(login_id=login.pk, typed=code(), now=now).problem == "wrong"
    assert services.try_code(login_id=login.pk, typed=code(1), now=now).problem == ""


def test_ten_wrong_codes_close_the_door_for_an_hour_to_the_right_one_too(login, now):
    for _n in range(rules.WRONG_PROOFS_PER_LOGIN):
        assert services.try_code(login_id=login.pk, typed=wrong(), now=now).problem == "wrong"
    assert services.try_code(login_id=login.pk, typed=code(), now=now).problem == "locked"
    assert services.try_passkey(login=login, credential={}, now=now).problem == "locked"
    later = now + timedelta(minutes=61)
    assert services.try_code(login_id=login.pk, typed=code(), now=later).problem == ""


def test_a_recovery_code_opens_once(login, now):
    codes = RecoveryCodes.activate(login).generate_codes()
    assert services.try_code(login_id=login.pk, typed=codes[3], now=now).problem == ""
    assert services.try_code(login_id=login.pk, typed=codes[3], now=now).problem == "wrong"
    assert services.try_code(login_id=login.pk, typed=codes[4], now=now).problem == ""


@pytest.mark.parametrize(
    "said", [{}, {"id": 1}, {"id": "x", "rawId": "x", "type": "public-key", "response": {}}, [], "x", None, 7]
)
def test_a_garbled_passkey_counts_as_a_wrong_try(client, login, now, said):
    assert services.try_passkey(login=login, credential=said, now=now).problem == "wrong"
    assert Attempt.objects.filter(kind="proof").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_wrong_codes_at_once_over_many_processes_count_as_sixteen_tries_of_ten(now):
    login = services.add_login(phone="+911000000001", now=now).login
    totp.TOTP.activate(login, SECRET)
    problems = at_once(16, lambda _i: services.try_code(login_id=login.pk, typed=wrong(), now=now).problem)
    assert problems.count("wrong") == rules.WRONG_PROOFS_PER_LOGIN
    assert problems.count("locked") == 6


@pytest.mark.django_db(transaction=True)
def test_one_app_code_typed_eight_times_at_once_opens_once(now):
    login = services.add_login(phone="+911000000001", now=now).login
    totp.TOTP.activate(login, SECRET)
    typed = code()
    problems = at_once(8, lambda _i: services.try_code(login_id=login.pk, typed=typed, now=now).problem)
    assert problems.count("") == 1


def test_clearing_second_proofs_forgets_all_and_is_recorded(login, watch):
    RecoveryCodes.activate(login)
    seen = watch()
    assert services.remove_second_factor(actor=SystemActor(), login_id=login.pk) == 2
    assert not Authenticator.objects.exists()
    assert seen.verbs() == ["accounts.factors_cleared"]


# pages


def open_phone(client, login: Login, *, proved_before: timedelta | None = None):
    holder = login.holders.get()
    client.force_login(login, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session.update({"holder_id": holder.pk, "holder_epoch": holder.epoch})
    if proved_before is not None:
        session["proved_at"] = (timezone.now() - proved_before).timestamp()
    session.save()
    return client


def test_a_phone_left_open_cannot_set_up_the_first_second_proof(client, db, now):
    login = services.add_login(phone="+911000000001", now=now).login
    for path in ("app", "passkey"):
        answer = open_phone(client, login, proved_before=rules.CODE_LIFE).get(f"/me/security/{path}/")
        assert unquote(answer.url) == f"/login/again/?next=/me/security/{path}/"
        assert client.post(f"/me/security/{path}/", {"code": "123456"}).url.startswith("/login/again/")
    assert client.get("/login/again/?next=/me/security/app/").status_code == 200
    assert open_phone(client, login, proved_before=timedelta(minutes=1)).get("/me/security/app/").status_code == 200
    assert not Authenticator.objects.exists()


def test_who_has_a_second_proof_changes_it_only_with_it(client, login, watch):
    open_phone(client, login, proved_before=timedelta(minutes=1))
    seen = watch()
    for path in ("app/remove/", "passkey/", "codes/new/"):
        assert client.get(f"/me/security/{path}").url.startswith("/login/second/show/"), path
    assert client.post("/me/security/app/remove/").status_code == 302
    assert Authenticator.objects.filter(type="totp").exists()
    assert seen.nothing_happened()
    client.post("/login/second/show/", {"code": code()})
    assert client.post("/me/security/app/remove/").url == "/me/security/"
    assert not Authenticator.objects.exists()
    assert seen.verbs() == ["accounts.factor_removed"]


def test_on_a_shared_number_and_a_shared_phone_no_second_proof_is_set_up(client, db, now):
    login = services.add_login(phone="+911000000001", now=now).login
    open_phone(client, login, proved_before=timedelta(minutes=1))
    session = client.session
    session["kiosk"] = True
    session.save()
    assert client.get("/me/security/app/").url == "/login/second/"
    del session["kiosk"]
    session.save()
    services.add_holder(actor=SystemActor(), login_id=login.pk, now=now)
    assert client.get("/me/security/app/").url == "/login/second/"


def test_the_page_of_a_second_proof_counts_wrong_codes(client, login):
    open_phone(client, login)
    for _n in range(rules.WRONG_PROOFS_PER_LOGIN):
        client.post("/login/second/show/", {"code": wrong()})
    page = client.post("/login/second/show/", {"code": code()})
    assert page.status_code == 200
    assert not sessions.has_second_factor(page.wsgi_request, now=timezone.now())
    assert Attempt.objects.filter(kind="proof", scope="login").count() == rules.WRONG_PROOFS_PER_LOGIN


@pytest.mark.parametrize("said", ["", "x", "{}", '{"id": 1}', "[]", "null"])
def test_a_garbled_answer_to_a_passkey_page_is_no_fault_of_ours(client, login, said):
    open_phone(client, login)
    assert client.post("/login/second/show/passkey/", {"credential": said}).status_code < 500
    client.post("/login/second/show/", {"code": code()})
    client.get("/me/security/passkey/")
    assert client.post("/me/security/passkey/", {"credential": said, "name": "x" * 500}).status_code == 200
    assert Authenticator.objects.count() == 1
