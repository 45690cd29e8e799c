"""All figures kept at 08:00 and 20:00, once each, made up for after a pause, forgotten in time."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from toli.kit.dates import local_at
from toli.org import queries
from toli.org.models import Snapshot, SnapshotSlot
from toli.org.services import add_counts, drop_old_snapshots, fold_counts, take_due_snapshot, take_snapshot
from toli.org.services.snapshots import slot_before

DAY = date(2026, 4, 16)


def at(hour, minute=0, *, days=0):
    return local_at(DAY + timedelta(days=days), time(hour, minute))


@pytest.fixture
def counted(asha, bilal, chitra, dev):
    fold_counts()


def test_the_slot_is_the_last_eight_or_twenty():
    asked = [at(7, 59), at(8), at(19, 59), at(20), at(0, 30, days=1)]
    assert [slot_before(now) for now in asked] == [at(20, days=-1), at(8), at(8), at(20), at(20)]


def test_every_figure_of_every_unit_and_wing_is_kept(tree, counted):
    add_counts([(tree.booth.pk, 4711, "accepted", 2, None)])
    assert take_due_snapshot(now=at(8, 1)) > 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT unit_id, wing_id, jsonb_object_agg(metric, n) AS figures FROM org_count"
            " WHERE day IN ('1970-01-01', %s) GROUP BY 1, 2) c FULL JOIN org_snapshot s USING (unit_id, wing_id)"
            " WHERE s.figures IS DISTINCT FROM c.figures",
            [DAY],
        )
        assert cursor.fetchone()[0] == 0
    assert Snapshot.objects.filter(unit_id=tree.booth.pk).count() == 2
    assert Snapshot.objects.get(unit_id=tree.state.pk, wing_id=0).figures["accepted"] == 4


def test_what_still_waits_to_be_folded_is_in_it(tree, counted):
    add_counts([(tree.booth.pk, None, "accepted", 3, None)])
    take_due_snapshot(now=at(20))
    assert Snapshot.objects.get(unit_id=tree.state.pk, wing_id=0).figures["accepted"] == 7


def test_a_slot_is_taken_once_however_often_it_is_due(counted):
    times = [(7, 59), (8, 0), (8, 0), (12, 0), (20, 5), (23, 0)]
    taken = [take_due_snapshot(now=at(*when)) > 0 for when in times]
    assert taken == [False, True, False, False, True, False]
    assert [slot.is_late for slot in queries.snapshot_slots()] == [False, False]


def test_after_a_pause_the_last_slot_is_made_up_for_and_marked_as_late(counted):
    take_due_snapshot(now=at(8))
    assert take_due_snapshot(now=at(10, 30, days=2)) > 0
    late, first = queries.snapshot_slots()
    assert (late.at, late.taken_at, late.is_late) == (at(8, days=2), at(10, 30, days=2), True)
    assert first.at == at(8)


def test_a_new_installation_begins_with_its_next_slot(counted):
    assert take_due_snapshot(now=at(12)) == 0
    assert not SnapshotSlot.objects.exists()


def test_a_late_snapshot_of_yesterday_holds_yesterdays_active_people(tree, counted):
    take_due_snapshot(now=at(8))
    add_counts([(tree.booth.pk, None, "active", 5, DAY), (tree.booth.pk, None, "active", 2, DAY + timedelta(days=1))])
    take_due_snapshot(now=at(7, 0, days=1))
    kept = Snapshot.objects.get(slot_id=at(20), unit_id=tree.booth.pk, wing_id=0)
    assert kept.figures["active"] == 5


def test_booths_are_forgotten_after_a_week_and_all_after_four_hundred_days(tree, counted):
    take_snapshot(at=at(8), now=at(8))
    take_snapshot(at=at(8, days=10), now=at(8, days=10))
    assert drop_old_snapshots(now=at(9, days=7)) == 0
    assert drop_old_snapshots(now=at(9, days=11)) > 0
    left = Snapshot.objects.filter(slot_id=at(8))
    assert {tree.state.pk, tree.booth.pk} & set(left.values_list("unit_id", flat=True)) == {tree.state.pk}
    assert Snapshot.objects.filter(slot_id=at(8, days=10), unit_id=tree.booth.pk).exists()
    assert drop_old_snapshots(now=at(9, days=11)) == 0
    drop_old_snapshots(now=at(9, days=401))
    assert [slot.at for slot in queries.snapshot_slots()] == [at(8, days=10)]
