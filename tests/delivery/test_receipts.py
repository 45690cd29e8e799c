"""Receipts and replies: only signed ones count, and only once."""

import json

import pytest
from django.test import Client

from toli.accounts import services as accounts
from toli.consent.queries import may_contact
from toli.delivery import services
from toli.delivery.models import Message, Receipt
from toli.delivery.providers.sms.receipts import sign


@pytest.fixture
def sent(first, chitra, agree, noon):
    agree(chitra, "organise", "sms")
    message = services.queue(
        template="task", person=chitra.person, key="k", params={"until": "x", "link": "y"}, now=noon
    )
    services.send_due(now=noon)
    return message


def post(said, *, token="first-token", provider="first", signature=None):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Client().post(
        f"/hooks/sms/{provider}/", data=body, content_type="application/json",
        headers={"X-Signature": sign(token, body) if signature is None else signature},
    )  # fmt: skip


def said_of(message, status="delivered"):
    return {"client_ref": f"m-{message.ref}", "status": status, "at": "2026-01-01T10:00:00+05:30"}


def test_a_signed_receipt_marks_the_message_arrived(sent):
    assert post(said_of(sent)).json() == {"ok": True, "changed": True}
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert sent.delivered_at is not None


def test_the_same_receipt_twice_counts_once_and_a_late_one_takes_nothing_back(sent):
    post(said_of(sent))
    assert post(said_of(sent)).json()["changed"] is False
    post(said_of(sent, "failed"))
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("signature", ["", "0" * 64, "é"])
def test_an_unsigned_receipt_changes_nothing(sent, signature, watch):
    seen = watch()
    assert post(said_of(sent), signature=signature).status_code == 403
    assert post(said_of(sent), token="guess").status_code == 403
    assert post(said_of(sent), provider="unknown").status_code == 403
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert seen.nothing_happened()


@pytest.mark.parametrize(
    "said",
    [b"", b"\xff\xfe", b"[]", b"null", {"status": "delivered", "client_ref": "m-nobody"},
     {"status": "delivered", "client_ref": "m-018f0000-0000-7000-8000-000000000000"}, {"status": "eaten"}],
)  # fmt: skip
def test_signed_nonsense_is_refused_with_a_sentence(sent, said):
    assert post(said).status_code == 422
    assert Message.objects.get(pk=sent.pk).state == "sent"


def test_a_receipt_too_long_is_not_read(sent):
    assert post(b"x" * 20000).status_code == 413


def test_a_reply_of_stop_ends_sms_to_that_number(sent, chitra, noon):
    accounts.create_deployment(is_demo=True, now=noon)
    for word in ("STOP", " stop. ", "बंद करें"):
        assert post({"reply": word, "from": chitra.number}).status_code == 200
    assert may_contact(chitra.person.pk, "organise", "sms", noon).reason == "no_channel_consent"
    assert post({"reply": "STOP", "from": "12"}).status_code == 422


def test_the_local_server_reports_what_arrived(chitra, agree, noon, settings, live_server):
    import time

    from toli.delivery.providers.sms.local_server import SmsServer

    server = SmsServer(token="t").start()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_FALLBACK_URL = server.url, "t", ""
    settings.PUBLIC_URL = live_server.url
    agree(chitra, "organise", "sms")
    message = services.queue(
        template="task", person=chitra.person, key="k", params={"until": "x", "link": "y"}, now=noon
    )
    services.send_due(now=noon)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and Message.objects.get(pk=message.pk).state != "delivered":
        time.sleep(0.05)
    server.stop()
    assert Message.objects.get(pk=message.pk).state == "delivered"
