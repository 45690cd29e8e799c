"""Whoever is offered a seat hears of it once, while the offer is open."""

import pytest
from django.utils import timezone
from tests import cast

from toli.audit.models import Record
from toli.delivery import services
from toli.delivery.models import Message
from toli.org import queries as org_queries
from toli.org import services as org


@pytest.fixture
def offered(asha, ravi, tree):
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth")
    offer = org.offer_seat(actor=asha.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=timezone.now())
    return offer, list(Record.objects.filter(verb="org.offered", target_ref=offer.ref).values_list("id", flat=True))


def test_an_offer_is_told_once_by_sms(first, ravi, agree, offered, noon):
    agree(ravi, "organise", "sms")
    _offer, records = offered
    for _ in range(2):
        assert services.tell_offered(record_ids=records, now=noon) == 1
    services.send_due(now=noon)
    [kept] = first.inbox.to(ravi.number)
    assert "बोराणा" in kept.text


def test_an_answered_offer_is_not_told(ravi, offered, noon):
    offer, records = offered
    org.decline_offer(actor=org_queries.actor_for(ravi.person, now=timezone.now()), ref=offer.ref, now=timezone.now())
    assert services.tell_offered(record_ids=records, now=noon) == 0
    assert Message.objects.count() == 0


def test_messages_are_erased_after_a_year_and_waiting_ones_stay(chitra, noon):
    from datetime import timedelta

    long_ago = noon - timedelta(days=400)
    for key, state in (("a", "sent"), ("b", "waiting")):
        services.queue(template="task", person=chitra.person, key=key, params={"until": "x", "link": "y"}, now=long_ago)
        Message.objects.filter(key=key).update(state=state)
    services.queue(template="task", person=chitra.person, key="c", params={"until": "x", "link": "y"}, now=noon)
    assert services.erase_old(now=noon) == 1
    assert set(Message.objects.values_list("key", flat=True)) == {"b", "c"}
