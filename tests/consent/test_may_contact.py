"""The gate of contact: consent, channel, STOP, preference; and its twin for many people says the same."""

import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.cast import SYSTEM

from toli.consent import services
from toli.consent.purposes import PURPOSES
from toli.consent.queries import contact_filter, may_contact
from toli.consent.rules import ContactVerdict
from toli.people.models import Person

CHANNELS = ("sms", "call", "app", "push")


def ask(member, purpose, channel):
    return may_contact(member.person.pk, purpose, channel, timezone.now())


def test_without_consent_nobody_is_contacted(chitra, notice):
    assert not any(ask(chitra, purpose, channel) for purpose in PURPOSES for channel in CHANNELS)


def test_work_may_come_by_sms_only_when_both_were_agreed_to(chitra, agree):
    agree(chitra, "organise")
    assert ask(chitra, "organise", "app")
    assert ask(chitra, "organise", "sms").reason == "no_channel_consent"
    agree(chitra, "sms")
    assert ask(chitra, "organise", "sms")
    assert ask(chitra, "organise", "call").reason == "no_channel_consent"


def test_a_withdrawal_counts_at_once(chitra, agree):
    agree(chitra, "organise", "sms")
    services.withdraw(actor=chitra.actor, person=chitra.person, purpose="sms", now=timezone.now())
    assert not ask(chitra, "organise", "sms")


def test_a_stopped_number_gets_no_sms_whoever_it_belongs_to(chitra, agree):
    agree(chitra, "organise", "sms", "calls")
    assert services.stop_number(actor=SYSTEM, number=chitra.number, now=timezone.now()) == 1
    agree(chitra, "sms")
    assert ask(chitra, "organise", "sms").reason == "stopped"
    assert ask(chitra, "organise", "call")
    services.lift_stop(actor=SYSTEM, number=chitra.number, now=timezone.now())
    assert ask(chitra, "organise", "sms")


def test_stop_twice_is_once(chitra, agree, watch):
    agree(chitra, "sms")
    services.stop_number(actor=SYSTEM, number=chitra.number, now=timezone.now())
    seen = watch()
    assert services.stop_number(actor=SYSTEM, number=chitra.number, now=timezone.now()) == 0
    assert seen.nothing_happened()


def test_who_wants_the_app_only_gets_no_sms_and_no_call(chitra, agree):
    agree(chitra, "organise", "sms", "calls")
    Person.objects.filter(pk=chitra.person.pk).update(contact_preference="app")
    assert ask(chitra, "organise", "sms").reason == "prefers_app"
    assert ask(chitra, "organise", "app")


def test_who_wants_women_callers_is_called_by_women_only(chitra, agree):
    agree(chitra, "organise", "calls")
    Person.objects.filter(pk=chitra.person.pk).update(contact_preference="women")
    assert ask(chitra, "organise", "call").women_only


def test_sealed_and_unknown_people_are_never_contacted(chitra, agree):
    agree(chitra, "organise", "sms")
    Person.objects.filter(pk=chitra.person.pk).update(state="sealed")
    assert ask(chitra, "organise", "app").reason == "unknown_person"
    assert may_contact(10**9, "organise", "app", timezone.now()).reason == "unknown_person"


def test_a_verdict_is_for_one_person_purpose_and_channel_and_for_minutes(chitra, agree):
    agree(chitra, "organise", "sms")
    now = timezone.now()
    verdict = may_contact(chitra.person.pk, "organise", "sms", now)
    assert verdict.is_for(chitra.person.pk, "organise", "sms", now)
    assert not verdict.is_for(chitra.person.pk + 1, "organise", "sms", now)
    assert not verdict.is_for(chitra.person.pk, "organise", "call", now)
    assert not verdict.is_for(chitra.person.pk, "organise", "sms", now + timedelta(minutes=6))


def test_nobody_but_the_gate_makes_a_verdict(chitra, agree):
    verdict = ask(chitra, "organise", "app")
    with pytest.raises(TypeError):
        ContactVerdict()
    with pytest.raises(TypeError):
        verdict.allowed = True
    with pytest.raises(TypeError):
        copy.copy(verdict)


def test_the_twin_for_many_people_says_the_same_for_every_purpose_and_channel(asha, bilal, chitra, dev, ravi, agree):
    agree(asha, *PURPOSES)
    agree(bilal, "organise", "sms", "news")
    agree(chitra, "organise", "sms", "calls", "news")
    agree(dev, "organise", "sms")
    services.withdraw(actor=bilal.actor, person=bilal.person, purpose="sms", now=timezone.now())
    services.stop_number(actor=SYSTEM, number=chitra.number, now=timezone.now())
    agree(chitra, "sms")
    Person.objects.filter(pk=dev.person.pk).update(contact_preference="app")
    people = [member.person.pk for member in (asha, bilal, chitra, dev, ravi)]
    for purpose in [*PURPOSES, "unknown"]:
        for channel in CHANNELS:
            condition, params = contact_filter(purpose, channel)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT p.id FROM people_person p WHERE {condition}", params)
                many = {row[0] for row in cursor.fetchall()}
            one = {pk for pk in people if may_contact(pk, purpose, channel, timezone.now())}
            assert many == one, (purpose, channel)
