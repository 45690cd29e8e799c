"""Every adapter against a local server that speaks its protocol: what arrives, and how each fault is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from toli.delivery.providers import Begun, Gone, Heard, Media, NoReceipt, Outgoing, Receipted, SendFault, Taken, meta
from toli.delivery.providers.every_local_server import every_platform
from toli.delivery.providers.facebook import receipts as facebook_receipts
from toli.delivery.providers.facebook.adapter import Facebook
from toli.delivery.providers.instagram.adapter import Instagram
from toli.delivery.providers.serving import LocalServer
from toli.delivery.providers.smtp import receipts as smtp_receipts
from toli.delivery.providers.smtp.adapter import Smtp
from toli.delivery.providers.smtp.local_server import SmtpServer
from toli.delivery.providers.telegram import receipts as telegram_receipts
from toli.delivery.providers.telegram.adapter import Telegram
from toli.delivery.providers.webhook import receipts as webhook_receipts
from toli.delivery.providers.webhook.adapter import Webhook
from toli.delivery.providers.webhook.payload import headers as webhook_headers
from toli.delivery.providers.webpush import payload as push
from toli.delivery.providers.webpush.adapter import WebPush
from toli.delivery.providers.whatsapp import receipts as whatsapp_receipts
from toli.delivery.providers.whatsapp.adapter import WhatsApp
from toli.delivery.providers.x import payload as x_payload
from toli.delivery.providers.x.adapter import X
from toli.delivery.providers.youtube.adapter import YouTube
from toli.delivery.providers.youtube.errors import until_reset

REF = "p-018f0000-0000-7000-8000-000000000000"
OUT = Outgoing("99", "सड़क बनी", client_ref=REF, link="https://toli.example/1")
PROVIDERS = Path(push.__file__).parents[1]


class Outside:
    """All platforms on one port."""

    def __init__(self) -> None:
        self.speakers = {one.key: one for one in every_platform()}
        root, *others = self.speakers.values()
        self.server = LocalServer(root, *others)
        self.server.others[f"/{root.key}"] = root
        self.server.start()

    def __getitem__(self, key):
        return self.speakers[key]

    def url(self, key: str) -> str:
        return f"{self.server.url}{key}/"

    def adapter(self, key: str):
        makers = {"facebook": Facebook, "instagram": Instagram, "x": X, "youtube": YouTube, "webhook": Webhook}
        if key == "telegram":
            return Telegram("telegram", "1:local", self.url(key))
        if key == "push":
            return WebPush("push", ec.generate_private_key(ec.SECP256R1()), "mailto:a@toli.example", only_here=True)
        return makers[key](key, "local", self.url(key))


@pytest.fixture
def outside():
    made = Outside()
    yield made
    made.server.stop()


@pytest.fixture
def picture(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG" * 50)
    return Media("image", str(tmp_path / "a.png"), "https://toli.example/a.png")


def through(adapter, out: Outgoing, most: int = 9):
    """Every step, as the worker does them; the steps that only left something to keep."""
    steps = []
    for _step in range(most):
        done = adapter.send(out, timeout=5)
        if isinstance(done, Taken):
            return done, steps
        steps.append(done)
        out = replace(out, progress=done.progress)
    raise AssertionError("never done")


def test_all_providers_have_the_same_files():
    folders = [one for one in PROVIDERS.iterdir() if one.is_dir() and one.name != "__pycache__"]
    assert len(folders) == 10
    for folder in folders:
        names = {one.name for one in folder.glob("*.py")}
        files = {"__init__", "adapter", "errors", "local_server", "payload", "receipts"}
        assert names == {f"{name}.py" for name in files}, folder.name


@pytest.mark.parametrize("key", ["telegram", "facebook", "x", "webhook"])
def test_a_text_stands_there_once_and_is_taken_down(outside, key):
    adapter = outside.adapter(key)
    done, _steps = through(adapter, OUT)
    assert len(outside[key].shown()) == 1
    assert outside[key].shown()[0].startswith("सड़क बनी")
    adapter.remove(done.provider_ref, to="99", timeout=5)
    adapter.remove(done.provider_ref, to="99", timeout=5)
    assert outside[key].shown() == []
    adapter.standing("99", timeout=5)


FAULTS = [
    ("500", "provider_fault", True), ("garbage", "garbage", True), ("empty", "garbage", True),
    ("401", "not_authorised", False), ("429", "too_fast", False), ("refuse", "refused", False),
    ("cut_after", "unreachable", True), ("timeout", "timeout", True),
]  # fmt: skip


@pytest.mark.parametrize("key", ["telegram", "facebook", "x", "webhook"])
@pytest.mark.parametrize(("mode", "reason", "unsure"), FAULTS)
def test_each_fault_has_its_reason_and_says_whether_it_may_have_been_taken(outside, key, mode, reason, unsure):
    outside[key].faults = [mode]
    with pytest.raises(SendFault) as raised:
        outside.adapter(key).send(OUT, timeout=0.4 if mode == "timeout" else 5)
    assert (raised.value.reason, raised.value.unsure) == (reason, unsure)
    assert raised.value.final is (mode == "refuse")
    assert (raised.value.retry_after is not None) is (mode == "429")


def test_a_closed_port_was_surely_not_reached(outside):
    for adapter in (Facebook("f", "t", "http://127.0.0.1:9/"), Telegram("t", "1", "http://127.0.0.1:9/")):
        with pytest.raises(SendFault) as raised:
            adapter.send(OUT, timeout=0.4)
        assert (raised.value.reason, raised.value.unsure) == ("unreachable", False)


def test_the_wait_is_the_one_the_platform_names(outside):
    outside["telegram"].retry_after = 37
    waits = {}
    for key in ("telegram", "facebook", "x"):
        outside[key].faults = ["429"]
        with pytest.raises(SendFault) as raised:
            outside.adapter(key).send(OUT, timeout=5)
        waits[key] = raised.value.retry_after
    assert (waits["telegram"], waits["facebook"]) == (37, 120)
    assert 60 < waits["x"] < 91


@pytest.mark.parametrize("key", ["facebook", "x"])
def test_a_post_whose_answer_was_lost_is_found(outside, key):
    adapter = outside.adapter(key)
    assert adapter.find(OUT, timeout=5) is None
    outside[key].faults = ["cut_after"]
    with pytest.raises(SendFault):
        adapter.send(OUT, timeout=5)
    found = adapter.find(OUT, timeout=5)
    assert found is not None
    assert found.provider_ref in outside[key].posts


def test_telegram_cannot_be_asked_whether_a_post_is_there(outside):
    with pytest.raises(SendFault, match="unknown"):
        outside.adapter("telegram").find(OUT, timeout=5)


def test_telegram_posts_pictures_edits_and_knows_who_left(outside, picture):
    bot = outside.adapter("telegram")
    done = bot.send(replace(OUT, media=(picture,)), timeout=5)
    plain = bot.send(OUT, timeout=5)
    bot.edit(plain.provider_ref, to="99", text="सड़क और पुल", timeout=5)
    assert outside["telegram"].shown("99") == ["सड़क बनी\nhttps://toli.example/1", "सड़क और पुल"]
    assert outside["telegram"].messages[int(done.provider_ref)].has_file
    outside["telegram"].gone.add("99")
    with pytest.raises(SendFault) as raised:
        bot.send(OUT, timeout=5)
    assert (raised.value.reason, raised.value.final) == ("gone", True)
    with pytest.raises(SendFault, match="too_long"):
        bot.send(replace(OUT, text="क" * 4097), timeout=5)


def test_instagram_waits_for_its_container_and_publishes_it_once(outside, picture):
    account, speaker = outside.adapter("instagram"), outside["instagram"]
    speaker.ready_at = 3
    out = replace(OUT, media=(picture,))
    done, steps = through(account, out)
    assert [one.after for one in steps] == [0.0, 5.0, 5.0]
    assert account.send(replace(out, progress=steps[-1].progress), timeout=5) == done, "published twice is one post"
    assert len(speaker.shown()) == 1
    assert account.standing("99", timeout=5).left_today == 49
    with pytest.raises(SendFault, match="no_media"):
        account.send(OUT, timeout=5)


def test_instagram_says_when_the_day_is_used_up_or_the_picture_is_no_use(outside, picture):
    account, speaker, out = outside.adapter("instagram"), outside["instagram"], replace(OUT, media=(picture,))
    speaker.quota = 0
    with pytest.raises(SendFault) as raised:
        through(account, out)
    assert (raised.value.reason, raised.value.retry_after) == ("too_fast", 3600)
    speaker.refused = True
    with pytest.raises(SendFault, match="media_refused"):
        through(account, out)


def test_youtube_goes_on_where_an_upload_stopped(outside, tmp_path, monkeypatch):
    from toli.delivery.providers.youtube import payload

    monkeypatch.setattr(payload, "CHUNK", 1000)
    (tmp_path / "a.mp4").write_bytes(bytes(2500))
    out = replace(OUT, to="UC1", title="<सड़क>", media=(Media("video", str(tmp_path / "a.mp4")),))
    channel, speaker = outside.adapter("youtube"), outside["youtube"]
    speaker.faults = ["", "", "cut_after", "", "500_after"]
    _done, steps = through(channel, out)
    assert [one.progress["at"] for one in steps] == ["0", "1000", "-1", "2000", "-1"]
    assert (speaker.shown(), len(speaker.uploads[0].body)) == (["सड़क"], 2500)
    assert channel.standing("UC1", timeout=5).expires_at is None


def test_youtubes_day_ends_at_midnight_in_california():
    assert until_reset(datetime(2026, 11, 27, 7, 59, 0, tzinfo=UTC)) == 60
    assert until_reset(datetime(2026, 11, 1, 6, 59, 0, tzinfo=UTC)) == 60, "before the clocks go back"
    assert until_reset(datetime(2026, 11, 1, 7, 0, 0, tzinfo=UTC)) == 25 * 3600
    with pytest.raises(SendFault) as raised:
        raise_quota()
    assert raised.value.reason == "too_fast"
    assert 0 < raised.value.retry_after <= 25 * 3600


def raise_quota():
    from toli.delivery.providers.http import Answer
    from toli.delivery.providers.youtube.errors import fault

    raise fault(Answer(403, json.dumps({"error": {"errors": [{"reason": "quotaExceeded"}]}}).encode()))


def test_x_counts_hindi_light_and_a_link_as_23():
    assert x_payload.weight("नमस्ते") == 6
    assert x_payload.weight("🙂") == 2
    assert x_payload.weight("a" * 256, "https://toli.example/" + "x" * 300) == 280
    with pytest.raises(SendFault, match="too_long"):
        x_payload.post(replace(OUT, text="a" * 257))


def test_x_refuses_a_text_twice_and_finds_the_first(outside):
    account = outside.adapter("x")
    first, _steps = through(account, OUT)
    with pytest.raises(SendFault, match="duplicate"):
        account.send(OUT, timeout=5)
    assert account.find(OUT, timeout=5) == first


def test_a_token_tells_when_it_ends(outside):
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    outside["facebook"].expires_at = int(ends.timestamp())
    assert outside.adapter("facebook").standing("99", timeout=5).expires_at == ends
    outside["facebook"].token = "another"
    with pytest.raises(SendFault, match="not_authorised"):
        outside.adapter("facebook").standing("99", timeout=5)


# Web Push


RFC8291 = {
    "plain": b"When I grow up, I want to be a watermelon",
    "sender": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "browser": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "body": (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ),
}


def test_the_encryption_is_that_of_the_standards_own_example():
    """RFC 8291, appendix A."""
    number = int.from_bytes(push.unpacked(RFC8291["sender"]), "big")
    to = push.Subscription("", push.unpacked(RFC8291["browser"]), push.unpacked(RFC8291["auth"]))
    key = ec.derive_private_key(number, ec.SECP256R1())
    made = push.encrypt(RFC8291["plain"], to, key=key, salt=push.unpacked(RFC8291["salt"]))
    assert push.packed(made) == RFC8291["body"]


def test_a_notice_is_opened_by_its_browser_alone_and_twice_is_one(outside):
    way, service = outside.adapter("push"), outside["push"]
    to = service.subscribe("a", outside.url("push"))
    service.subscribe("b", outside.url("push"))
    out = replace(OUT, to=to, title="टोली")
    for _time in range(2):
        way.send(out, timeout=5)
    [notice] = service.browsers["a"].shown.values()
    assert (notice["title"], notice["body"], notice["tag"]) == ("टोली", "सड़क बनी", REF)
    body = push.encrypt(b"x", push.subscription(to))
    assert service.browsers["a"].open(body) == b"x"
    with pytest.raises(InvalidTag):
        service.browsers["b"].open(body)


def test_a_browser_that_is_gone_says_so_and_a_stranger_is_not_let_in(outside):
    way, service = outside.adapter("push"), outside["push"]
    out = replace(OUT, to=service.subscribe("a", outside.url("push")))
    stranger = replace(way, key=ec.generate_private_key(ec.SECP256R1()))
    assert stranger.send(out, timeout=5), "any key is a sender of its own"
    with pytest.raises(SendFault, match="too_long"):
        way.send(replace(out, text="क" * 2000), timeout=5)
    service.forget("a")
    with pytest.raises(SendFault) as raised:
        way.send(out, timeout=5)
    assert (raised.value.reason, raised.value.final) == ("gone", True)


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True), ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False), ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com.in/x", False), ("http://127.0.0.1:8000/x", False),
        ("https://10.0.0.1/x", False), ("file:///etc/passwd", False),
    ],
)  # fmt: skip
def test_a_subscription_cannot_send_us_anywhere_else(endpoint, may):
    way = WebPush("push", ec.generate_private_key(ec.SECP256R1()), "", ("fcm.googleapis.com", "push.apple.com"))
    assert way.may_go_to(endpoint) is may


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"endpoint": "x", "keys": {"p256dh": "AA", "auth": "AA"}}', "null"])
def test_nonsense_is_no_subscription(said):
    with pytest.raises(ValueError):
        push.subscription(said)


# Mail


@pytest.fixture
def mail():
    server = SmtpServer().start()
    yield server
    server.stop()


def post_mail(server, **more):
    adapter = Smtp("mail", "127.0.0.1", server.port, "Toli <no-reply@toli.example>", "toli", "local")
    return adapter.send(replace(OUT, to="a@b.example", client_ref="m-1", **more), timeout=2)


def test_a_mail_arrives_with_our_id(mail):
    assert post_mail(mail).provider_ref == "<m-1@toli.example>"
    [got] = mail.mails
    assert (got["To"], got["Subject"]) == ("a@b.example", "सड़क बनी")
    assert "https://toli.example/1" in got.get_content()


@pytest.mark.parametrize(
    ("fault", "reason", "final", "unsure"),
    [("450", "provider_fault", False, False), ("550", "bad_address", True, False), ("cut", "unreachable", False, True)],
)
def test_each_answer_of_a_mail_server_has_its_reason(mail, fault, reason, final, unsure):
    mail.faults = [fault]
    with pytest.raises(SendFault) as raised:
        post_mail(mail)
    assert (raised.value.reason, raised.value.final, raised.value.unsure) == (reason, final, unsure)


def test_a_mail_taken_before_the_line_broke_is_in_doubt_and_a_wrong_password_is_not(mail):
    mail.cut_after = True
    with pytest.raises(SendFault) as raised:
        post_mail(mail)
    assert raised.value.unsure
    assert len(mail.mails) == 1
    mail.token = "another"
    with pytest.raises(SendFault, match="not_authorised"):
        post_mail(mail)
    with pytest.raises(SendFault, match="bad_address"):
        post_mail(mail, title="x\r\nBcc: all@b.example")


BOUNCE = b"""From: MAILER-DAEMON@b.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b
MIME-Version: 1.0

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; b.example

Final-Recipient: rfc822; a@b.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <m-018f0000-0000-7000-8000-000000000000@toli.example>

--b--
"""


def test_a_report_says_which_mail_failed_and_which_address_is_gone():
    found = smtp_receipts.read(smtp_receipts.said_in(BOUNCE))
    assert found == [Receipted("m-018f0000-0000-7000-8000-000000000000", "failed"), Gone("a@b.example")]
    full = smtp_receipts.read(smtp_receipts.said_in(BOUNCE.replace(b"5.1.1", b"5.2.2")))
    assert full == [Receipted("m-018f0000-0000-7000-8000-000000000000", "failed")], "a full mailbox is still one"
    with pytest.raises(NoReceipt):
        smtp_receipts.said_in(b"Subject: hello\n\nhello")


# What they post to us


def test_a_signature_is_of_this_body_and_this_secret():
    body, at = b'{"id": "p-1", "status": "shown"}', int(datetime.now(UTC).timestamp())
    lower = lambda given: {name.lower(): value for name, value in given.items()}  # noqa: E731
    fresh, old = webhook_headers(body, "s", at, ""), webhook_headers(body, "s", at - 301, "")
    assert webhook_receipts.is_genuine(lower(fresh), body, "s")
    for headers, said, secret in ((old, body, "s"), (fresh, b"{}", "s"), (fresh, body, "t"), ({}, body, "")):
        assert not webhook_receipts.is_genuine(lower(headers), said, secret)
    good = {"x-hub-signature-256": meta.sign("s", body)}
    assert meta.is_genuine(good, body, "s")
    assert not meta.is_genuine(good, body, "")
    assert not meta.is_genuine({"x-hub-signature-256": "é"}, body, "s")
    assert telegram_receipts.is_genuine({telegram_receipts.HEADER: "s"}, body, "s")
    assert not telegram_receipts.is_genuine({telegram_receipts.HEADER: ""}, body, "")


def test_what_people_write_is_heard_and_groups_are_not():
    private = {"update_id": 7, "message": {"chat": {"id": 5, "type": "private"}, "text": "STOP"}}
    group = {"update_id": 8, "message": {"chat": {"id": -5, "type": "group"}, "text": "STOP"}}
    blocked = {"my_chat_member": {"chat": {"id": 5, "type": "private"}, "new_chat_member": {"status": "kicked"}}}
    assert telegram_receipts.read(private) == [Heard("5", "STOP", "7")]
    assert telegram_receipts.read(group) == []
    assert telegram_receipts.read(blocked) == [Gone("5")]
    page = {"entry": [{"messaging": [{"sender": {"id": "1"}, "message": {"mid": "m", "text": "stop"}}]}]}
    assert facebook_receipts.read(page) == [Heard("1", "stop", "m")]
    value = {"statuses": [{"status": "read", "biz_opaque_callback_data": "m-1"}],
             "messages": [{"from": "911000000001", "id": "w", "text": {"body": "STOP"}}]}  # fmt: skip
    found = whatsapp_receipts.read({"entry": [{"changes": [{"value": value}]}]})
    assert found == [Receipted("m-1", "delivered"), Heard("+911000000001", "STOP", "w")]


NONSENSE = [{}, {"entry": 5}, {"entry": [5]}, {"message": []}, {"message": {"chat": 5}}, {"entry": [{"changes": [[]]}]}]


@pytest.mark.parametrize("said", NONSENSE)
def test_signed_nonsense_is_nothing(said):
    for receipts in (telegram_receipts, facebook_receipts, whatsapp_receipts):
        assert receipts.read(said) == []


def test_whatsapp_sends_registered_texts_only(outside):
    number = WhatsApp("whatsapp", "local", outside.url("whatsapp"), "55")
    done = number.send(replace(OUT, to="+911000000001", template_id="task"), timeout=5)
    assert done.provider_ref == "wamid.1"
    with pytest.raises(SendFault, match="refused"):
        number.send(replace(OUT, to="+911000000001"), timeout=5)


def test_no_key_text_or_address_is_printed(outside):
    secret = [Facebook("f", "SECRET"), Telegram("t", "SECRET"), X("x", "SECRET"), Webhook("w", "SECRET"),
              Smtp("m", "h", 1, "s", "u", "SECRET"), YouTube("y", "SECRET"), Instagram("i", "SECRET")]  # fmt: skip
    assert "SECRET" not in repr(secret)
    assert "सड़क" not in repr(OUT)
    assert isinstance(Begun({}), Begun)
