from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from toli.broadcasts import queries, services
from toli.broadcasts.models import Reach, Receipt, Sighting
from toli.kit.dates import local_day
from toli.org import services as org
from toli.org.models import Count


def told(item_ref, unit, reader="r1", kind="shown", channel="pulse", at=None):
    Receipt.objects.create(
        at=at or timezone.now(), stream="1.workers.hi", unit_id=unit.pk, reader=reader, item_ref=item_ref, kind=kind,
        channel=channel,
    )  # fmt: skip


def reach(unit, metric="reach"):
    org.fold_counts()
    row = Count.objects.filter(unit_id=unit.pk, metric=metric, wing_id=0, day=local_day(timezone.now())).first()
    return row.n if row else 0


def test_a_phone_counts_once_a_day_whatever_it_tells(on_air, tree):
    for _ in range(3):
        told(on_air.ref, tree.booth)
        services.count_receipts()
    told(on_air.ref, tree.booth)
    told(on_air.ref, tree.booth)
    services.count_receipts()
    assert reach(tree.booth) == 1
    assert reach(tree.state) == 1
    assert Reach.objects.get(kind="shown").n == 1
    assert Receipt.objects.count() == 0


def test_phones_of_different_homes_add_up_above_them(on_air, tree):
    told(on_air.ref, tree.booths[0], "a")
    told(on_air.ref, tree.booths[1], "b")
    told(on_air.ref, tree.far_booth, "c")
    services.count_receipts()
    assert [reach(u) for u in (tree.booths[0], tree.sahara, tree.vallabhnagar, tree.state)] == [1, 2, 1, 3]


def test_a_phone_that_saw_two_texts_is_one_phone(on_air, bilal, farah, gopal, tree):
    from tests.broadcasts.conftest import cleared_item

    other = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="दूसरा")
    told(on_air.ref, tree.booth)
    told(other.ref, tree.booth)
    services.count_receipts()
    assert reach(tree.booth) == 1
    assert Reach.objects.filter(kind="shown").count() == 2


def test_share_sheets_count_once_per_text_and_channel(on_air, tree):
    for _ in range(2):
        told(on_air.ref, tree.booth, kind="shared", channel="whatsapp")
        told(on_air.ref, tree.booth, kind="shared", channel="copy")
    services.count_receipts()
    assert reach(tree.booth, "shared") == 2
    assert reach(tree.booth, "reach") == 0
    found = queries.reach_of([on_air.pk], since=local_day(timezone.now()))
    assert found[on_air.pk] == {("shared", "whatsapp"): 1, ("shared", "copy"): 1}


def test_a_text_nobody_knows_counts_for_nothing(on_air, tree):
    told(uuid4(), tree.booth)
    services.count_receipts()
    assert reach(tree.booth) == 0
    assert Receipt.objects.count() == 0


def test_the_day_is_the_day_in_india(on_air, tree):
    told(on_air.ref, tree.booth, at=datetime.fromisoformat("2026-04-14T19:00:00+00:00"))
    services.count_receipts()
    assert str(Reach.objects.get().day) == "2026-04-15"


def test_what_tells_phones_apart_is_forgotten(on_air, tree):
    told(on_air.ref, tree.booth)
    services.count_receipts()
    assert services.forget_sightings(before=timezone.now() + timedelta(days=3)) == 2
    assert Sighting.objects.count() == 0
    assert Reach.objects.get().n == 1


@pytest.mark.django_db
def test_no_person_is_named_in_what_phones_tell(on_air, tree):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name IN ('broadcasts_receipt', 'broadcasts_sighting', 'broadcasts_reach')"
        )
        names = {row[0] for row in cursor.fetchall()}
    assert not {name for name in names if "person" in name or "phone" in name or "login" in name}
