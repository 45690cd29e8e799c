"""Two workers at once: each code and each message goes out once."""

import threading
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone
from tests import cast

from toli.accounts import services as accounts
from toli.consent import services as consent
from toli.consent.first_notice import ensure_notice
from toli.delivery import services
from toli.kit.dates import IST

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(run, times=3):
    gate, results = threading.Barrier(times), []

    def one():
        gate.wait()
        try:
            results.append(run())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_each_code_is_sent_once_by_three_workers(first):
    for n in range(30):
        accounts.ask_code(phone=f"+9110000002{n:02d}", cookie="", address="", language="hi", now=timezone.now())
    results = at_once(lambda: services.send_codes(now=timezone.now()))
    assert sum(results) == 30
    assert first.speaker.requests == 30


def test_each_message_is_sent_once_by_three_workers(first):
    noon = datetime(2031, 5, 5, 12, tzinfo=IST)
    tree = cast.plant_tree()
    notice = ensure_notice(actor=cast.SYSTEM, now=timezone.now())
    for n in range(8):
        person = cast.add_person(f"Person {n}", f"+9110000003{n:02d}", home=tree.booth)
        actor = cast.CastMember(person, "").actor
        consent.give(
            actor=actor, person=person, notice=notice, language="hi", purposes=["organise", "sms"], session_key="s",
            now=timezone.now(),
        )  # fmt: skip
        services.queue(template="task", person=person, key=f"k{n}", params={"until": "x", "link": "y"}, now=noon)
    results = at_once(lambda: services.send_due(now=noon))
    assert sum(result["sent"] for result in results) == 8
    assert first.speaker.requests == 8
