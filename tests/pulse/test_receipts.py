import json
import signal
import threading
import time
from uuid import uuid4

import httpx
import pytest
from tests.pulse.conftest import HTTP, put

from toli.broadcasts.models import Receipt
from toli.broadcasts.pulse import receipts
from toli.broadcasts.pulse.address import ReceiptAddress

ITEM = "01980000-0000-7000-8000-000000000001"  # fixed: the tests are named after it


@pytest.fixture
def ready(pulse):
    put()
    pulse.wait_for(200, pulse.path())
    return pulse


def tell(pulse, told, **address):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return HTTP.post(pulse.origin + pulse.tell_path(**address), content=body, timeout=10)


def test_a_receipt_is_acknowledged_when_it_is_written(ready):
    answer = tell(ready, {"shown": [ITEM], "shared": [[ITEM, "whatsapp"]]}, unit_id=42, reader="abc")
    assert answer.status_code == 204
    rows = Receipt.objects.order_by("id").values_list("stream", "unit_id", "reader", "kind", "channel")
    assert list(rows) == [
        ("1.workers.hi", 42, "abc", "shown", "pulse"),
        ("1.workers.hi", 42, "abc", "shared", "whatsapp"),
    ]


@pytest.mark.parametrize(
    "told",
    [
        b"", b"[]", b"nonsense", b"\xff\xfe", b'{"shown": "x"}', b'{"shown": [1]}', b'{"shown": ["not-a-ref"]}',
        b'{"shared": [["' + ITEM.encode() + b'", "carrier pigeon"]]}', b'{"shared": [[]]}', b"[" * 3000,
        b'{"shared": [["' + ITEM.encode() + b'", ["whatsapp"]]]}', b'{"shown": [null]}', b'{"shown": {}}',
    ],
)  # fmt: skip
def test_garbage_is_refused_and_leaves_nothing(ready, told):
    assert tell(ready, told).status_code == 400
    assert Receipt.objects.count() == 0
    assert ready.get("/health").status_code == 200


def test_too_many_entries_are_refused(ready):
    assert tell(ready, {"shown": [str(uuid4()) for _ in range(61)]}).status_code == 400


def test_an_address_of_another_reader_does_not_fit(ready):
    path = ready.tell_path(reader="one").replace("/one/", "/two/")
    assert HTTP.post(ready.origin + path, content=b"{}").status_code == 403


def test_a_receipt_address_ends(ready):
    assert tell(ready, {"shown": [ITEM]}, expires=int(time.time()) - 1).status_code == 410
    assert Receipt.objects.count() == 0


def test_one_reader_cannot_flood(ready):
    found = []
    calls = [
        threading.Thread(target=lambda: found.append(tell(ready, {"shown": [str(uuid4())]}).status_code))
        for _ in range(10)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert set(found) <= {204, 429}
    assert 429 in found
    assert Receipt.objects.count() == found.count(204)


def test_nothing_acknowledged_is_lost_on_sigterm(ready):
    found = []

    def one(number):
        try:
            found.append(tell(ready, {"shown": [ITEM]}, reader=f"r{number}").status_code)
        except httpx.TransportError:
            found.append(0)

    calls = [threading.Thread(target=one, args=[number]) for number in range(40)]
    for call in calls:
        call.start()
    ready.wait(lambda: ready.get("/health").json()["receipts_waiting"] > 5 or len(found) == 40)
    assert ready.stop(signal.SIGTERM) == 0
    for call in calls:
        call.join()
    assert Receipt.objects.count() == found.count(204)
    assert found.count(204) > 5


def test_after_a_kill_everything_acknowledged_is_there(ready):
    acknowledged = []

    def one(number):
        try:
            if tell(ready, {"shown": [ITEM]}, reader=f"r{number}").status_code == 204:
                acknowledged.append(f"r{number}")
        except httpx.TransportError:
            pass

    calls = [threading.Thread(target=one, args=[number]) for number in range(60)]
    for number, call in enumerate(calls):
        call.start()
        if number == 30:
            time.sleep(1.1)
    ready.stop(signal.SIGKILL)
    for call in calls:
        call.join()
    assert set(acknowledged) <= set(Receipt.objects.values_list("reader", flat=True))


def test_a_full_box_says_come_back_later():
    box = receipts.Inbox(rows=3, per_reader=9)
    rows = receipts.parse(
        json.dumps({"shown": [str(uuid4()), str(uuid4())]}).encode(), ReceiptAddress("s", 1, "r", 0), 60
    )
    fates = []
    assert not box.is_full(len(rows))
    box.add(rows, "r", fates.append)
    assert box.is_full(len(rows))
    box.finish(box.take(), receipts.Fate.WRITTEN)
    assert fates == [receipts.Fate.WRITTEN]
    assert not box.is_full(len(rows))


def test_what_is_told_twice_in_one_body_is_one_row():
    body = json.dumps({"shown": [ITEM, ITEM]}).encode()
    assert len(receipts.parse(body, ReceiptAddress("s", 1, "r", 0), 60)) == 1
