from __future__ import annotations

import pytest
from tests.accounts.conftest import NUMBER, OTHER, digits, minutes, other_than

from toli.accounts import queries, rules, services
from toli.accounts.models import Attempt, Login, LoginCode
from toli.kit.errors import LimitReached


def check(asked, typed, now, cookie=None):
    return services.check_code(ref=asked.ref, cookie=asked.cookie if cookie is None else cookie, typed=typed, now=now)


def test_the_right_code_opens_a_login_with_one_person_on_it(ask, now):
    asked = ask()
    outcome = check(asked, digits(asked.ref), now)
    assert outcome.problem == ""
    assert outcome.login is not None
    assert outcome.login.key == queries.key_of(NUMBER)
    assert not outcome.login.has_usable_password()
    assert [h.slot for h in queries.active_holders(outcome.login.pk)] == [1]


def test_a_code_works_once(ask, now):
    asked = ask()
    code = digits(asked.ref)
    first = check(asked, code, now)
    assert first.login is not None
    assert check(asked, code, now, cookie=first.cookie).login is None
    assert LoginCode.objects.get(ref=asked.ref).code_cipher is None


def test_the_cookie_from_before_the_login_is_worth_nothing_after_it(ask, now):
    asked = ask()
    outcome = check(asked, digits(asked.ref), now)
    assert queries.get_device(cookie=asked.cookie) is None
    assert queries.get_device(cookie=outcome.cookie).login == outcome.login


def test_a_code_dies_after_fifteen_minutes(ask, now):
    asked = ask()
    assert check(asked, digits(asked.ref), now + minutes(15)).problem == "expired"


def test_a_code_works_only_on_the_device_that_asked(ask, now):
    asked = ask()
    elsewhere = ask(cookie="")
    assert elsewhere.ref != asked.ref
    assert check(asked, digits(asked.ref), now, cookie=elsewhere.cookie).problem == "expired"
    if digits(asked.ref) != digits(elsewhere.ref):
        assert check(elsewhere, digits(asked.ref), now).problem == "wrong"
    assert not Login.objects.exists()


def test_five_wrong_codes_spend_the_code_and_the_right_one_then_fails(ask, now):
    asked = ask()
    code = digits(asked.ref)
    problems = [check(asked, other_than(code), now).problem for _n in range(rules.TRIES_PER_CODE)]
    assert problems == ["wrong"] * 4 + ["spent"]
    assert check(asked, code, now).login is None
    assert not Login.objects.exists()


def test_a_device_that_fails_ten_times_waits_an_hour(ask, now):
    cookie, at = "", now
    for _round in range(2):
        asked = ask(cookie=cookie, at=at)
        cookie = asked.cookie
        for _n in range(rules.TRIES_PER_CODE):
            services.check_code(ref=asked.ref, cookie=cookie, typed="wrong!", now=at)
    asked = ask(number=OTHER, cookie=cookie, at=at)
    assert check(asked, digits(asked.ref), at).problem == "locked"
    later = at + minutes(61)
    asked = ask(number=OTHER, cookie=cookie, at=later)
    assert check(asked, digits(asked.ref), later).login is not None


def test_asking_again_repeats_the_live_code(ask, now):
    first = ask()
    code = digits(first.ref)
    services.take_waiting_codes(now=now)
    services.mark_code_sent(first.ref, provider="local", now=now)
    again = ask(cookie=first.cookie, at=now + minutes(1))
    assert again.ref == first.ref
    assert again.repeated
    assert [w.code for w in services.take_waiting_codes(now=now + minutes(1))] == [code]


def test_a_double_tap_sends_one_sms(ask, now):
    first = ask()
    ask(cookie=first.cookie)
    assert len(services.take_waiting_codes(now=now)) == 1
    ask(cookie=first.cookie)
    assert services.take_waiting_codes(now=now) == []


def test_the_last_two_codes_are_accepted(ask, now):
    first = ask()
    old = digits(first.ref)
    second = ask(cookie=first.cookie, at=now + minutes(11))
    assert second.ref != first.ref
    assert check(second, old, now + minutes(12)).login is not None


def test_after_a_spent_code_a_new_one_comes(ask, now):
    asked = ask()
    for _n in range(rules.TRIES_PER_CODE):
        check(asked, "no", now)
    fresh = ask(cookie=asked.cookie)
    assert fresh.ref != asked.ref
    assert check(fresh, digits(fresh.ref), now).login is not None


def test_a_stranger_cannot_shut_out_the_phone_that_belongs_to_the_number(ask, now):
    mine = ask()
    outcome = check(mine, digits(mine.ref), now)
    for _n in range(rules.ASKS_PER_NUMBER - 1):
        ask()
    with pytest.raises(LimitReached):
        ask()
    assert ask(cookie=outcome.cookie).ref


def test_known_and_unknown_numbers_are_answered_alike(ask, now):
    asked = ask()
    check(asked, digits(asked.ref), now)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as known:
        ask(at=now + minutes(20))
    with CaptureQueriesContext(connection) as unknown:
        ask(number=OTHER, at=now + minutes(20))
    shape = [[q["sql"][:30] for q in run if "SAVEPOINT" not in q["sql"]] for run in (known, unknown)]
    assert shape[0] == shape[1]


def test_an_address_is_slowed_and_never_blocked(ask, now):
    key = Attempt.objects  # rows stand for asks of a whole district behind one operator
    from toli.accounts.services.codes import _address_key

    key.bulk_create(
        Attempt(kind="asked", scope="address", key=_address_key("192.0.2.1"), at=now) for _n in range(10_000)
    )
    asked = ask()
    code = LoginCode.objects.get(ref=asked.ref)
    assert code.send_after == now + rules.SLOWEST_SEND
    assert LoginCode.objects.get(ref=ask(address="192.0.2.2").ref).send_after == now


def test_a_code_is_taken_by_one_sender_and_comes_back_when_that_one_dies(ask, now):
    asked = ask()
    taken = services.take_waiting_codes(now=now)
    assert [(w.ref, w.phone, w.is_demo) for w in taken] == [(asked.ref, NUMBER, True)]
    assert services.take_waiting_codes(now=now) == []
    assert len(services.take_waiting_codes(now=now + minutes(2))) == 1


def test_a_code_a_provider_refused_waits_for_another_and_fails_after_three(ask, now):
    asked = ask()
    for turn in range(rules.SEND_TRIES):
        at = now + minutes(turn)
        assert len(services.take_waiting_codes(now=at)) == 1
        services.mark_code_failed(asked.ref, provider="first", reason="timeout", now=at)
    assert LoginCode.objects.get(ref=asked.ref).state == "failed"
    assert services.take_waiting_codes(now=now + minutes(5)) == []


def test_the_page_knows_the_present_delay(ask, now):
    assert queries.code_delay(now=now) is None
    asked = ask()
    assert queries.code_delay(now=now + minutes(1)).total_seconds() == 60
    services.mark_code_sent(asked.ref, provider="local", now=now + minutes(0.5))
    assert queries.code_delay(now=now + minutes(1)).total_seconds() == 30


def test_old_codes_drafts_and_counts_are_erased(ask, now):
    ask()
    services.save_draft(kind="join", payload={"name": "x"}, now=now)
    services.erase_old(now=now + minutes(16))
    assert LoginCode.objects.get().code_cipher is None
    services.erase_old(now=now + minutes(60 * 49))
    assert not LoginCode.objects.exists()
    assert not Attempt.objects.exists()


def test_a_number_guessed_from_many_devices_waits_and_its_own_phone_does_not(ask, now):
    mine = ask()
    own_cookie = check(mine, digits(mine.ref), now).cookie
    for _device in range(5):
        asked = ask()
        for _n in range(rules.TRIES_PER_CODE):
            check(asked, "wrong", now)
    asked = ask(cookie=own_cookie)
    Attempt.objects.bulk_create(
        Attempt(kind="failed", scope="number", key=queries.key_of(NUMBER), at=now)
        for _n in range(rules.FAILURES_PER_NUMBER)
    )
    later = now + minutes(1)
    assert services.check_code(ref=asked.ref, cookie=own_cookie, typed=digits(asked.ref), now=later).login
    number_is_quiet = now + minutes(59)
    Attempt.objects.filter(kind="asked").delete()
    stranger = ask(at=number_is_quiet)
    assert check(stranger, digits(stranger.ref), number_is_quiet).problem == "locked"
