"""Building beside a withdrawal, counting beside counting."""

import pytest
from django.utils import timezone
from tests.broadcasts.conftest import build, texts
from tests.broadcasts.test_reach import reach, told
from tests.content.test_races import at_once

from toli.broadcasts import services
from toli.broadcasts.models import Reach
from toli.content import services as content

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_build_the_same_documents_once(on_air, tree):
    now = timezone.now()
    found = at_once(lambda: services.build_documents(now=now, force=True), lambda: services.build_documents(now=now))
    assert all(isinstance(one, int) for one in found)
    assert texts(tree.sahara) == ["हर बूथ, हर घर"]


def test_a_withdrawal_beside_a_building_is_gone_with_the_next_second(on_air, bilal, tree):
    actor = bilal.actor
    at_once(
        lambda: services.build_documents(now=timezone.now(), force=True),
        lambda: content.withdraw_item(actor=actor, ref=on_air.ref, reason="", now=timezone.now()),
    )
    build()
    assert texts(tree.sahara) == []


def test_two_workers_count_each_receipt_once(on_air, tree):
    for number in range(60):
        told(on_air.ref, tree.booth, f"r{number % 30}")
    at_once(services.count_receipts, services.count_receipts, services.count_receipts)
    services.count_receipts()
    assert reach(tree.booth) == 30
    assert Reach.objects.get(kind="shown").n == 30
