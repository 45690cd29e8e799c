"""Somebody a sheet names signs in, reads the notice, joins and takes the seat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.accounts.conftest import digits

from toli.accounts import services as accounts
from toli.accounts.models import LoginCode
from toli.consent import queries as consent
from toli.kit import secrets
from toli.org import queries as org
from toli.org.models import NamedHolder
from toli.people.models import Invitee, Person

NUMBER = "+911000000055"


@pytest.fixture
def named(tree):
    now = timezone.now()
    sealed = secrets.encrypt(NUMBER, context="phone")
    invitee = Invitee.objects.create(
        name="Someone", index=secrets.blind_index(NUMBER), cipher=sealed.cipher, key_version=sealed.key_version,
        last_digits="055", source="sheet", imported_at=now, erase_on=(now + timedelta(days=30)).date(),
    )  # fmt: skip
    seat = cast.add_seat(tree.sahara, "constituency_team", "constituency_lead")
    return NamedHolder.objects.create(seat=seat, invitee=invitee, named_at=now, changed_at=now)


@pytest.fixture
def newcomer(client, db):
    accounts.create_deployment(is_demo=True, now=timezone.now())
    client.cookies["language"] = "en"
    client.post("/login/", {"phone": NUMBER})
    client.post("/login/code/", {"code": digits(LoginCode.objects.get().ref)})
    client.get("/login/next/")
    return client


FORM = {"name": "Kamla Bai", "birth_year": "1988", "purposes": ["organise", "sms"]}


def test_a_named_person_joins_and_claims_the_seat(newcomer, named, notice):
    assert newcomer.get("/me/").url == "/me/welcome/"
    page = newcomer.get("/me/welcome/").content.decode()
    assert "Sahara" in page
    assert "Someone" not in page
    assert "checked" not in page
    assert newcomer.post("/me/welcome/", FORM).url == "/me/seat/"
    person = Person.objects.get()
    assert consent.has_consent(person.pk, "sms")
    assert not consent.has_consent(person.pk, "calls")
    assert newcomer.post(f"/me/seat/{named.ref}/claim/").status_code == 302
    assert org.live_appointments_of(person.pk, timezone.now()).get().seat == named.seat
    assert org.home_unit_of(person) == named.seat.unit
    assert Invitee.objects.get().cipher is None


def test_whoever_is_not_the_named_one_erases_the_name(newcomer, named, notice):
    newcomer.post("/me/welcome/", FORM)
    newcomer.post(f"/me/seat/{named.ref}/not-me/")
    named.refresh_from_db()
    assert named.state == NamedHolder.State.ERASED


@pytest.mark.parametrize("wrong", [{"birth_year": "2012"}, {"birth_year": "x"}, {"name": " "}, {"purposes": ["sms"]}])
def test_a_child_or_somebody_without_consent_does_not_join(newcomer, notice, watch, wrong):
    seen = watch()
    assert newcomer.post("/me/welcome/", {**FORM, **wrong}).status_code == 422
    assert not Person.objects.exists()
    assert seen.nothing_happened()


def test_joining_twice_makes_one_person(newcomer, notice):
    newcomer.post("/me/welcome/", FORM)
    newcomer.post("/me/welcome/", FORM)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("path", ["/me/", "/me/tasks/", "/me/seat/", "/me/data/"])
def test_a_number_that_has_not_joined_is_welcomed_wherever_it_goes(newcomer, notice, path):
    answer = newcomer.get(path, follow=True)
    assert answer.redirect_chain[-1][0] == "/me/welcome/"
