"""Many connections at once: every wrong code counts, and a right one opens one session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from tests.accounts.conftest import digits, other_than

from toli.accounts import queries, rules, services
from toli.accounts.models import Attempt, Device, Holder, Login, LoginCode
from toli.kit.actor import SystemActor

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(n: int, act):
    """Run `act(i)` on n connections that all start together; returns what each returned."""
    gate = Barrier(n)

    def one(i: int):
        gate.wait()
        try:
            return act(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(one, range(n)))


def test_sixteen_wrong_codes_at_once_count_as_sixteen(ask, now):
    asked = ask()
    wrong = other_than(digits(asked.ref))
    outcomes = at_once(
        16, lambda _i: services.check_code(ref=asked.ref, cookie=asked.cookie, typed=wrong, now=now).problem
    )
    assert LoginCode.objects.get().tries == 16
    assert Attempt.objects.filter(kind="failed", scope="device").count() == 16
    assert outcomes.count("wrong") == rules.TRIES_PER_CODE - 1
    assert not Login.objects.exists()


def test_sixteen_guesses_at_once_do_not_outrun_the_limit(ask, now):
    """The right digits are among sixteen parallel tries: after five wrong ones they open nothing."""
    asked = ask()
    right = digits(asked.ref)
    for _n in range(rules.TRIES_PER_CODE):
        services.check_code(ref=asked.ref, cookie=asked.cookie, typed="wrong", now=now)
    outcomes = at_once(
        16, lambda _i: services.check_code(ref=asked.ref, cookie=asked.cookie, typed=right, now=now).login
    )
    assert outcomes == [None] * 16
    assert not Login.objects.exists()


def test_one_right_code_typed_twice_at_once_opens_one_session(ask, now):
    from django.contrib.sessions.models import Session

    asked = ask()
    code = digits(asked.ref)
    clients = [Client(), Client()]
    for client in clients:
        session = client.session
        session["login_code"] = str(asked.ref)
        session.save()
        client.cookies["toli"] = session.session_key
        client.cookies["toli_device"] = asked.cookie
    LoginCode.objects.update(expires_at=far_future(), created_at=far_future())
    answers = at_once(2, lambda i: clients[i].post("/login/code/", {"code": code}).status_code)
    assert sorted(answers) == [302, 422]
    opened = [s for s in Session.objects.all() if "_auth_user_id" in s.get_decoded()]
    assert len(opened) == 1
    assert Login.objects.count() == 1
    assert Holder.objects.count() == 1


def far_future():
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() + timedelta(minutes=10)


def test_two_first_logins_of_one_number_on_two_phones_make_one_login(ask, now):
    asked = [ask(), ask()]
    codes = [digits(a.ref) for a in asked]
    outcomes = at_once(
        2, lambda i: services.check_code(ref=asked[i].ref, cookie=asked[i].cookie, typed=codes[i], now=now)
    )
    assert outcomes[0].login == outcomes[1].login is not None
    assert Login.objects.count() == Holder.objects.count() == 1


def test_sixteen_wrong_pins_at_once_end_the_trust(ask, now):
    asked = ask()
    outcome = services.check_code(ref=asked.ref, cookie=asked.cookie, typed=digits(asked.ref), now=now)
    holder = queries.active_holders(outcome.login.pk)[0]
    services.set_pin(actor=SystemActor(), holder_id=holder.pk, pin="2580", cookie=outcome.cookie, now=now)
    problems = at_once(
        16,
        lambda _i: services.open_with_pin(cookie=outcome.cookie, holder_ref=holder.ref, pin="9753", now=now).problem,
    )
    assert problems.count("wrong") == 4
    assert problems.count("spent") == 1
    assert problems.count("expired") == 11
    assert Device.objects.get(pk=Device.objects.latest("id").pk).trusted_until is None


def test_sixteen_senders_send_each_code_once(ask, now):
    for n in range(24):
        ask(number=f"+9110000001{n:02d}")
    taken = at_once(8, lambda _i: [w.ref for w in services.take_waiting_codes(5, now=now)])
    refs = [ref for batch in taken for ref in batch]
    assert len(refs) == len(set(refs)) == 24


def test_four_people_added_at_once_to_a_number_with_two_are_at_most_five(ask, now):
    holder = services.add_login(phone="+911000000001", now=now)
    services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=now)

    def add(_i: int) -> bool:
        from toli.kit.errors import LimitReached

        try:
            services.add_holder(actor=SystemActor(), login_id=holder.login_id, now=now)
        except LimitReached:
            return False
        return True

    assert sum(at_once(4, add)) == 3
    assert sorted(Holder.objects.values_list("slot", flat=True)) == [1, 2, 3, 4, 5]
