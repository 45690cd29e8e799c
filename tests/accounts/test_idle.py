"""Numbers are given to others after a while: an account that slept 90 days does not open by the code alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.conftest import NUMBER, digits

from toli.accounts import queries, rules, services
from toli.accounts.models import Holder, LoginCode
from toli.kit.actor import SystemActor


@pytest.fixture
def sleeper(demo, now):
    """Somebody with a PIN who was last here 91 days ago."""
    holder = services.add_login(phone=NUMBER, now=now)
    services.set_pin(actor=SystemActor(), holder_id=holder.pk, pin="2580", cookie="", now=now)
    Holder.objects.filter(pk=holder.pk).update(last_seen_at=timezone.now() - timedelta(days=91))
    return holder


def come_in(client):
    client.post("/login/", {"phone": NUMBER})
    client.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    return client.get("/login/next/")


def test_the_code_alone_does_not_open_and_asking_twice_does_not_either(client, sleeper):
    """The first code used to wake the number up, so that the second one opened the old account."""
    for _turn in range(3):
        assert come_in(client).url == "/login/who/"
        client.post("/login/who/", {"who": str(sleeper.ref), "pin": ""})
        assert "holder_id" not in client.session
        client.post("/login/finish/")


def test_the_pin_opens_and_wakes_it_up(client, sleeper):
    come_in(client)
    page = client.get("/login/who/").content.decode()
    assert "90" in page
    assert client.post("/login/who/", {"who": str(sleeper.ref), "pin": "1111"}).status_code == 422
    assert client.post("/login/who/", {"who": str(sleeper.ref), "pin": "2580"}).url == "/login/next/"
    client.post("/login/finish/")
    assert come_in(client).url == "/login/next/"


def test_whoever_has_no_pin_is_not_let_in_until_somebody_says_it_is_them(client, sleeper):
    services.clear_pin(actor=SystemActor(), holder_id=sleeper.pk)
    come_in(client)
    page = client.post("/login/who/", {"who": str(sleeper.ref), "pin": ""})
    assert page.status_code == 422
    assert "holder_id" not in client.session
    services.let_back_in(actor=SystemActor(), holder_id=sleeper.pk, now=timezone.now())
    assert client.post("/login/who/", {"who": str(sleeper.ref), "pin": ""}).url == "/login/next/"


def test_the_new_owner_of_the_number_begins_as_a_new_person(client, sleeper):
    come_in(client)
    client.post("/login/who/new/", {"initial": "न"})
    assert client.session["holder_id"] != sleeper.pk
    client.post("/login/finish/")
    assert come_in(client).url == "/login/who/", "two people, and the old one still asks the PIN"
    assert client.post("/login/who/", {"who": str(sleeper.ref), "pin": ""}).status_code == 422
    assert queries.is_idle(Holder.objects.get(pk=sleeper.pk), now=timezone.now())


def test_guessing_the_pin_of_a_sleeper_locks_it(sleeper):
    enter = {"login_id": sleeper.login_id, "holder_ref": sleeper.ref, "now": timezone.now()}
    problems = [services.enter_as(pin="9999", **enter).problem for _n in range(rules.PIN_TRIES_PER_HOLDER)]
    assert problems[-1] == "locked"
    assert services.enter_as(pin="2580", **enter).problem == "locked"


def test_a_second_factor_speaks_for_a_sleeper_as_well_as_the_pin(sleeper):
    enter = {"login_id": sleeper.login_id, "holder_ref": sleeper.ref, "pin": "", "now": timezone.now()}
    assert services.enter_as(second_factor=True, **enter).holder == sleeper


def test_eighty_nine_days_are_no_sleep(client, sleeper):
    Holder.objects.filter(pk=sleeper.pk).update(last_seen_at=timezone.now() - timedelta(days=89))
    assert come_in(client).url == "/login/next/"
