"""Login codes: out within the tick, by the second provider when the first fails, never to a real one in a demo."""

import pytest
from django.utils import timezone

from toli.accounts import services as accounts
from toli.accounts.models import LoginCode
from toli.delivery import services
from toli.delivery.models import ProviderRest
from toli.delivery.services import going_out

NUMBER = "+911000000077"


@pytest.fixture
def waiting(db):
    def ask(number=NUMBER):
        return accounts.ask_code(phone=number, cookie="", address="", language="hi", now=timezone.now())

    return ask


def code_in(server, number=NUMBER):
    [kept, *_] = server.inbox.to(number)
    return "".join(c for c in kept.text.split()[0] if c.isdigit())


def test_a_waiting_code_reaches_the_phone_and_opens_the_login(first, waiting):
    asked = waiting()
    assert services.send_codes(now=timezone.now()) == 1
    outcome = accounts.check_code(ref=asked.ref, cookie=asked.cookie, typed=code_in(first), now=timezone.now())
    assert outcome.login is not None
    assert LoginCode.objects.get(ref=asked.ref).provider == "first"


def test_a_code_goes_out_at_any_hour(first, waiting, monkeypatch):
    asked = waiting()
    code = LoginCode.objects.get(ref=asked.ref)
    assert services.send_codes(now=code.created_at) == 1


def test_nothing_waits_nothing_is_sent(first, db):
    assert services.send_codes(now=timezone.now()) == 0
    assert first.speaker.requests == 0


@pytest.mark.parametrize("fault", ["timeout", "500", "garbage", "429", "401", "empty"])
def test_when_the_first_provider_fails_the_second_sends_in_the_same_try(first, second, waiting, quick, fault):
    first.speaker.faults = [fault]
    asked = waiting()
    assert services.send_codes(now=timezone.now()) == 1
    assert len(second.inbox.to(NUMBER)) == 1
    assert LoginCode.objects.get(ref=asked.ref).provider == "fallback"
    assert ProviderRest.objects.get(name="first").rests_until > timezone.now()


def test_a_resting_provider_is_asked_second(first, second, waiting):
    first.speaker.faults = ["500"]
    waiting()
    services.send_codes(now=timezone.now())
    requests = first.speaker.requests
    waiting("+911000000078")
    services.send_codes(now=timezone.now())
    assert first.speaker.requests == requests
    assert len(second.inbox.to("+911000000078")) == 1


def test_when_both_fail_the_code_waits_and_goes_out_with_the_next_tick(first, second, waiting, quick):
    first.speaker.faults, second.speaker.faults = ["500"], ["garbage"]
    asked = waiting()
    assert services.send_codes(now=timezone.now()) == 0
    code = LoginCode.objects.get(ref=asked.ref)
    assert (code.state, code.failure) == ("waiting", "garbage")
    assert services.send_codes(now=code.send_after) == 1


def test_a_code_taken_before_the_line_broke_arrives_once(first, waiting, quick):
    first.speaker.faults = ["hang_after"]
    asked = waiting()
    services.send_codes(now=timezone.now())
    code = LoginCode.objects.get(ref=asked.ref)
    services.send_codes(now=code.send_after)
    assert len(first.inbox.to(NUMBER)) == 1
    code.refresh_from_db()
    assert code.state == "sent"


def test_a_demo_number_is_never_sent_to_a_real_provider(settings, waiting):
    settings.SMS_URL, settings.SMS_FALLBACK_URL = "https://sms.example.invalid/", ""
    asked = waiting()
    services.send_codes(now=timezone.now())
    code = LoginCode.objects.get(ref=asked.ref)
    assert code.failure == "demo_number"
    assert code.state != "sent"


def test_with_a_real_first_and_a_local_second_a_demo_number_goes_to_the_local_one(settings, second, waiting):
    settings.SMS_URL = "https://sms.example.invalid/"
    waiting()
    assert services.send_codes(now=timezone.now()) == 1
    assert len(second.inbox.to(NUMBER)) == 1


def test_many_codes_go_out_at_once_though_one_hangs(first, waiting, quick):
    first.speaker.faults = ["timeout"]
    for n in range(12):
        waiting(f"+9110000001{n:02d}")
    assert services.send_codes(now=timezone.now()) == 11
    assert len(first.inbox.to("")) == 11


def test_only_the_first_of_a_batch_wait_for_a_provider_that_hangs(first, second, waiting, monkeypatch):
    monkeypatch.setattr(going_out, "code_timeout", lambda now: 2.0)
    first.speaker.faults = ["timeout"] * 100
    for n in range(40):
        waiting(f"+9110000001{n:02d}")
    assert services.send_codes(now=timezone.now()) == 40
    assert first.speaker.requests <= 16
    assert len(second.inbox.to("")) == 40
