"""Two workers at eight o'clock: one snapshot."""

from datetime import date, time

import pytest

from tests import cast
from tests.races.together import together
from toli.kit.dates import local_at
from toli.org.models import Snapshot, SnapshotSlot
from toli.org.services import fold_counts, take_due_snapshot

pytestmark = pytest.mark.django_db(transaction=True)
EIGHT = local_at(date(2026, 4, 16), time(8))


def test_two_workers_at_once_keep_one_snapshot(tree):
    cast.cast_member("Asha Meena", "+911000000001", tree.state, "state_team", "state_coordinator")
    fold_counts()
    counted = take_due_snapshot(now=EIGHT)
    Snapshot.objects.all().delete()
    SnapshotSlot.objects.all().delete()
    results = together(
        [lambda: take_due_snapshot(now=EIGHT)] * 3, hold="SELECT pg_advisory_xact_lock(hashtext('org.tree'))", params=[]
    )
    assert sorted(results) == [0, 0, counted]
    assert counted > 0
    assert Snapshot.objects.count() == counted
    assert SnapshotSlot.objects.count() == 1
