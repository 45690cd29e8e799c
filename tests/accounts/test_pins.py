from __future__ import annotations

import pytest
from tests.accounts.conftest import digits, minutes

from toli.accounts import queries, rules, services
from toli.accounts.models import Device, Holder
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput, LimitReached, NotFound

ACTOR = SystemActor()


@pytest.fixture
def signed_in(ask, now):
    asked = ask()
    outcome = services.check_code(ref=asked.ref, cookie=asked.cookie, typed=digits(asked.ref), now=now)
    return outcome.login, queries.active_holders(outcome.login.pk)[0], outcome.cookie


@pytest.fixture
def with_pin(signed_in, now):
    login, holder, cookie = signed_in
    services.set_pin(actor=ACTOR, holder_id=holder.pk, pin="2580", cookie=cookie, now=now)
    return login, holder, cookie


def test_a_pin_opens_the_phone_for_ninety_days(with_pin, now):
    _login, holder, cookie = with_pin
    almost = now + rules.TRUST_LIFE - minutes(1)
    assert services.open_with_pin(cookie=cookie, holder_ref=holder.ref, pin="२५८०", now=almost).holder == holder
    after = now + rules.TRUST_LIFE
    assert services.open_with_pin(cookie=cookie, holder_ref=holder.ref, pin="2580", now=after).problem == "expired"


def test_a_pin_opens_no_other_phone(with_pin, ask, now):
    _login, holder, _cookie = with_pin
    stranger = ask()
    outcome = services.open_with_pin(cookie=stranger.cookie, holder_ref=holder.ref, pin="2580", now=now)
    assert outcome.problem == "expired"


def test_five_wrong_pins_end_the_trust_of_the_phone(with_pin, now):
    _login, holder, cookie = with_pin
    problems = [
        services.open_with_pin(cookie=cookie, holder_ref=holder.ref, pin="9999", now=now).problem for _n in range(5)
    ]
    assert problems == ["wrong"] * 4 + ["spent"]
    assert services.open_with_pin(cookie=cookie, holder_ref=holder.ref, pin="2580", now=now).problem == "expired"


@pytest.mark.parametrize("pin", ["0000", "1234", "9876", "123", "1234567", "abcd", ""])
def test_a_pin_that_anybody_guesses_is_refused(signed_in, now, pin):
    _login, holder, cookie = signed_in
    with pytest.raises(BadInput):
        services.set_pin(actor=ACTOR, holder_id=holder.pk, pin=pin, cookie=cookie, now=now)
    holder.refresh_from_db()
    assert not holder.has_pin
    assert not Device.objects.filter(trusted_until__isnull=False).exists()


def test_five_people_share_a_number_and_a_sixth_is_refused(signed_in, now):
    login, _holder, _cookie = signed_in
    for _n in range(4):
        services.add_holder(actor=ACTOR, login_id=login.pk, now=now)
    with pytest.raises(LimitReached):
        services.add_holder(actor=ACTOR, login_id=login.pk, now=now)
    assert Holder.objects.count() == 5


def test_on_a_shared_number_each_shows_their_own_pin(with_pin, now):
    login, first, cookie = with_pin
    second = services.add_holder(actor=ACTOR, login_id=login.pk, now=now)
    services.set_pin(actor=ACTOR, holder_id=second.pk, pin="1470", cookie=cookie, now=now)
    enter = {"login_id": login.pk, "now": now}
    assert services.enter_as(holder_ref=first.ref, pin="1470", **enter).problem == "wrong"
    assert services.enter_as(holder_ref=second.ref, pin="1470", **enter).holder == second


def test_a_person_of_another_number_is_not_found(with_pin, ask, now):
    login, _holder, _cookie = with_pin
    stranger = services.add_login(phone="+911000000077", now=now)
    with pytest.raises(NotFound):
        services.enter_as(login_id=login.pk, holder_ref=stranger.ref, pin="", now=now)


def test_ending_sessions_takes_the_trust_from_every_phone(with_pin, now):
    _login, holder, cookie = with_pin
    services.end_sessions(actor=ACTOR, holder_id=holder.pk)
    assert queries.trusted_device(cookie=cookie, now=now) is None
    assert queries.session_holder(login_id=holder.login_id, holder_id=holder.pk, epoch=holder.epoch) is None
