"""The outbox: once per key, both gates at the moment of sending, quiet hours, retries, nothing personal kept."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.cast import SYSTEM

from toli.consent import services as consent
from toli.delivery import sending, services
from toli.delivery.models import Message
from toli.elections import services as elections
from toli.elections.services import Hours
from toli.kit.errors import BadInput

PARAMS = {"until": "शाम 6 बजे", "link": "https://toli.example/t/1"}


@pytest.fixture
def put(db, noon):
    def do(member, key="k", template="task", params=PARAMS, **more):
        return services.queue(template=template, person=member.person, key=key, params=params, now=noon, **more)

    return do


def state_of(message):
    message.refresh_from_db()
    return message.state, message.reason


def test_a_message_goes_out_when_the_person_agreed(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra)
    assert services.send_due(now=noon)["sent"] == 1
    assert state_of(message) == ("sent", "")
    assert "टोली" in first.inbox.to(chitra.number)[0].text


def test_the_same_key_is_one_message_and_a_second_run_sends_nothing(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    assert put(chitra).pk == put(chitra).pk
    services.send_due(now=noon)
    services.send_due(now=noon)
    assert first.speaker.requests == 1


def test_without_consent_nothing_leaves(first, chitra, put, noon):
    message = put(chitra)
    assert services.send_due(now=noon)["refused"] == 1
    assert state_of(message) == ("refused", "no_consent")
    assert first.speaker.requests == 0


def test_a_withdrawal_after_queueing_stops_the_message(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra)
    consent.withdraw(actor=chitra.actor, person=chitra.person, purpose="sms", now=timezone.now())
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "no_channel_consent")
    assert first.speaker.requests == 0


def test_with_a_gate_forced_to_no_nothing_can_be_sent(first, chitra, agree, put, noon, monkeypatch):
    from toli.consent.rules import Facts, decide

    agree(chitra, "organise", "sms")
    put(chitra)
    no = lambda person, purpose, channel, now: decide(Facts(person, False, frozenset()), purpose, channel, now)  # noqa: E731
    monkeypatch.setattr(sending, "may_contact", no)
    services.send_due(now=noon)
    assert first.speaker.requests == 0


def test_in_the_quiet_hours_a_message_waits_for_ten_o_clock(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra)
    night = noon + timedelta(hours=10)
    assert services.send_due(now=night) == {"sent": 0, "refused": 0, "later": 0}
    message.refresh_from_db()
    assert message.next_try_at == noon + timedelta(hours=22)
    assert first.speaker.requests == 0
    assert message.attempts == 0


def test_whoever_is_on_duty_is_reached_in_the_quiet_hours(first, chitra, bilal, agree, put, noon):
    from toli.org.services import begin_duty

    night = noon + timedelta(hours=10)
    for one in (chitra, bilal):
        agree(one, "organise", "sms")
        put(one)
    begin_duty({chitra.person.pk: night + timedelta(hours=1)})
    assert services.send_due(now=night)["sent"] == 1
    assert services.send_due(now=night)["sent"] == 0
    assert first.speaker.requests == 1


def test_a_message_of_the_evening_goes_out_in_the_morning(first, chitra, agree, noon):
    agree(chitra, "organise", "sms")
    evening, morning = noon + timedelta(hours=9, minutes=1), noon + timedelta(hours=22)
    services.queue(template="task", person=chitra.person, key="k", params=PARAMS, now=evening)
    services.send_due(now=evening)
    assert services.send_due(now=morning)["sent"] == 1


@pytest.mark.parametrize("hours", [9.5, 21, 23.9])
def test_the_quiet_hours_are_those_of_india(noon, hours):
    from toli.delivery.limits import quiet_ends

    midnight = noon - timedelta(hours=12)
    assert quiet_ends(midnight + timedelta(hours=hours)) is not None
    assert quiet_ends(midnight + timedelta(hours=10)) is None
    assert quiet_ends(midnight + timedelta(hours=20.99)) is None


def test_a_provider_fault_is_tried_again_and_then_given_up(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra, expires_at=noon + timedelta(days=2))
    at = noon
    for _ in range(5):
        first.speaker.faults = ["500"]
        services.send_due(now=at)
        message.refresh_from_db()
        at = message.next_try_at
    assert state_of(message) == ("failed", "provider_fault")
    assert message.attempts == 5


def test_a_number_that_does_not_exist_is_not_tried_again(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    first.speaker.faults = ["refuse"]
    message = put(chitra)
    services.send_due(now=noon)
    assert state_of(message) == ("failed", "bad_number")


def test_a_message_of_a_dead_sender_is_taken_again_under_the_same_reference(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra)
    services.send_due(now=noon)
    Message.objects.filter(pk=message.pk).update(state="sending", taken_at=noon)
    services.send_due(now=noon + timedelta(minutes=1))
    assert state_of(message)[0] == "sending"
    services.send_due(now=noon + timedelta(minutes=3))
    assert state_of(message)[0] == "sent"
    assert len(first.inbox.to(chitra.number)) == 1


def test_a_message_that_came_too_late_is_not_sent(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra, expires_at=noon - timedelta(minutes=1))
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "too_late")


@pytest.mark.parametrize(
    "params",
    [{**PARAMS, "link": "call 9876543210"}, {**PARAMS, "link": "+911000000003"}, {**PARAMS, "until": "a@b.in"}],
)
def test_a_message_carries_no_number_and_no_address(chitra, put, params, watch):
    seen = watch()
    with pytest.raises(BadInput):
        put(chitra, params=params)
    assert seen.nothing_happened()


@pytest.mark.parametrize(("template", "params"), [("unknown", PARAMS), ("task", {}), ("offer", PARAMS)])
def test_only_registered_texts_with_all_their_values_are_queued(chitra, put, template, params):
    with pytest.raises(BadInput):
        put(chitra, template=template, params=params)


def test_one_statement_queues_for_those_who_may_be_reached(first, asha, bilal, chitra, dev, agree, noon):
    agree(bilal, "organise", "sms")
    agree(chitra, "organise", "sms")
    agree(dev, "organise")
    people = [m.person.pk for m in (asha, bilal, chitra, dev)]
    for expected in (2, 0):
        made = services.queue_many(template="task", person_ids=people, key="t1", params=PARAMS, now=noon)
        assert made == expected
    assert services.send_due(now=noon)["sent"] == 2


def test_waiting_messages_of_one_cause_can_be_cancelled(first, chitra, agree, put, noon):
    agree(chitra, "organise", "sms")
    message = put(chitra, key="task:9:1")
    assert services.cancel(actor=SYSTEM, key_prefix="task:9:", now=noon) == 1
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "cancelled")
    assert first.speaker.requests == 0


# --- the law on the path ---


@pytest.fixture
def silent_sahara(tree, noon):
    """Sahara polls tomorrow: silent since yesterday evening, until tomorrow at six."""
    from datetime import time

    election = elections.ensure_election(key="T", now=noon)
    return elections.add_poll(
        actor=SYSTEM, election=election, constituency=tree.sahara, now=noon, notification="test 1",
        hours=Hours((noon + timedelta(days=1)).date(), (time(18),)),
    )  # fmt: skip


CERTIFICATE = {"number": "7", "committee": "Bhilwara", "valid_until": "2099-01-01T00:00:00+00:00"}


def appeal_to(member, unit, put, noon, **more):
    params = {"text": "वोट दें", "link": "https://toli.example/"}
    paper = {**CERTIFICATE, "file_hash": services.hash_of("appeal", params)}
    return put(member, template="appeal", params=params, unit=unit, certificate=paper, **more)


def test_an_appeal_waits_while_its_constituency_is_silent(first, tree, chitra, agree, put, noon, silent_sahara):
    agree(chitra, "news", "sms")
    message = appeal_to(chitra, tree.sahara, put, noon, expires_at=noon + timedelta(days=5))
    assert services.send_due(now=noon)["later"] == 1
    message.refresh_from_db()
    assert (message.state, message.reason) == ("waiting", "law:1")
    assert message.next_try_at == noon + timedelta(days=1, hours=6)
    assert first.speaker.requests == 0


def test_an_appeal_that_would_be_too_late_after_silence_is_refused(
    first, tree, chitra, agree, put, noon, silent_sahara
):
    agree(chitra, "news", "sms")
    message = appeal_to(chitra, tree.sahara, put, noon, expires_at=noon + timedelta(days=1))
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "law:1")


def test_an_appeal_to_another_constituency_goes_and_internal_ones_go_everywhere(
    first, tree, chitra, dev, agree, put, noon, silent_sahara
):
    agree(dev, "news", "sms")
    agree(chitra, "organise", "sms")
    appeal_to(dev, tree.vallabhnagar, put, noon, key="a")
    put(chitra, key="b", unit=tree.sahara)
    assert services.send_due(now=noon)["sent"] == 2


def test_an_appeal_by_sms_without_its_certificate_is_refused(first, tree, dev, agree, put, noon):
    agree(dev, "news", "sms")
    message = put(
        dev, template="appeal", params={"text": "वोट दें", "link": "https://x.example/"}, unit=tree.vallabhnagar
    )
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "law:7")


def test_a_message_without_verdicts_cannot_be_handed_over(first, chitra, agree, put, noon):
    from dataclasses import replace

    agree(chitra, "organise", "sms")
    ready = sending.prepare(put(chitra), now=noon)
    for bad in (replace(ready, contact=None), replace(ready, subject_hash="other"), replace(ready, purpose="news")):
        with pytest.raises(sending.Refused):
            sending.try_providers(bad, [], set(), timeout=1, now=noon)
    with pytest.raises(sending.Refused):
        sending.try_providers(ready, [], set(), timeout=1, now=noon + timedelta(minutes=6))
    assert first.speaker.requests == 0


# --- invitations ---


@pytest.fixture
def invitee(db, noon):
    from toli.kit import secrets
    from toli.people.models import Invitee
    from toli.people.queries import number_index

    sealed = secrets.encrypt("+911000000099", context="phone")
    return Invitee.objects.create(
        name="क", index=number_index("+911000000099"), cipher=sealed.cipher, key_version=sealed.key_version,
        source="sheet", imported_at=noon, erase_on=(noon + timedelta(days=30)).date(),
    )  # fmt: skip


def test_somebody_named_by_another_is_invited_once_and_never_again(first, tree, invitee, noon):
    params = {"unit": "सहाड़ा", "link": "https://toli.example/i/1"}
    assert services.queue_invitation(invitee=invitee, params=params, unit=tree.sahara, now=noon)
    assert services.queue_invitation(invitee=invitee, params=params, unit=tree.sahara, now=noon) is None
    services.send_due(now=noon)
    assert len(first.inbox.to("+911000000099")) == 1


def test_a_stopped_number_is_not_invited(first, tree, invitee, noon):
    consent.stop_number(actor=SYSTEM, number="+911000000099", now=noon)
    message = services.queue_invitation(invitee=invitee, params={"unit": "x", "link": "y"}, unit=tree.sahara, now=noon)
    services.send_due(now=noon)
    assert state_of(message) == ("refused", "stopped")
    assert first.speaker.requests == 0
