"""Browsers and the bot as ways to a person: opened by the person, closed by STOP, by the provider or by too much."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.delivery.test_providers import BOUNCE, Outside
from tests.delivery.test_receipts import post as post_sms

from toli.accounts import services as accounts
from toli.consent.queries import contact_filter, may_contact
from toli.delivery import services
from toli.delivery.hook_secrets import hook_secret
from toli.delivery.models import Budget, Message
from toli.delivery.providers import meta
from toli.delivery.services import addresses
from toli.kit.errors import BadInput, NotAllowed
from toli.org.models import Membership
from toli.people.models import ContactPoint, Person

PARAMS = {
    "hi": {"until": "शाम", "link": "https://toli.example/1"},
    "en": {"until": "six", "link": "https://toli.example/1"},
}
BOT = "/hooks/telegram/bot/"


@pytest.fixture
def outside(settings, db, noon):
    made = Outside()
    settings.OUTSIDE_URL = made.server.url
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_BOT = "1:local", "toli_bot"
    settings.META_APP_SECRET = "app"
    accounts.create_deployment(is_demo=True, now=noon)
    yield made
    made.server.stop()


@pytest.fixture
def browser(outside, noon):
    def subscribe(member, name="a"):
        said = outside["push"].subscribe(name, outside.url("push"))
        return services.subscribe_browser(actor=member.actor, said=said, now=noon)

    return subscribe


@pytest.fixture
def audience(tree, noon):
    def queue(key="b", channel="push", **more):
        people = Membership.objects.filter(valid_to=None).values_list("person_id", "unit_id")
        return services.queue_audience(
            template="task", audience=people, channel=channel, key=key, params=PARAMS, now=noon, **more
        )

    return queue


def say(text: str, chat: int = 77, update: int = 1, secret: str | None = None):
    body = {"update_id": update, "message": {"chat": {"id": chat, "type": "private"}, "text": text}}
    given = hook_secret("telegram", "bot") if secret is None else secret
    return Client().post(
        BOT, json.dumps(body), content_type="application/json", headers={"X-Telegram-Bot-Api-Secret-Token": given}
    )


def link(member, noon, update=1, chat=77):
    word = services.telegram_link(member.person, now=noon).partition("start=")[2]
    assert len(word) <= 64
    services_now = addresses.link_telegram(chat=str(chat), word=word, yesterday=noon - timedelta(days=1), now=noon)
    assert services_now


def test_a_notice_goes_to_each_person_who_agreed_and_has_a_browser(
    outside, browser, audience, chitra, bilal, dev, agree, noon
):
    agree(chitra, "organise")
    agree(bilal, "organise")
    browser(chitra)
    browser(dev, "b")  # has a browser, agreed to nothing
    assert [audience(), audience()] == [1, 0]
    assert services.send_due(now=noon)["sent"] == 1
    [notice] = outside["push"].browsers["a"].shown.values()
    assert notice["body"].startswith("टोली में आपके लिए नया काम है")
    assert outside["push"].browsers["b"].shown == {}
    message = Message.objects.get()
    assert (message.state, message.provider, message.unit_id is not None) == ("sent", "push", True)


def test_the_choice_of_an_audience_and_the_gate_say_the_same(outside, browser, chitra, bilal, agree, noon):
    agree(chitra, "organise", "news")
    agree(bilal, "organise")
    Person.objects.filter(pk=bilal.person.pk).update(contact_preference="app")
    for purpose in ("organise", "news"):
        for channel in ("push", "email", "telegram", "sms"):
            condition, bound = contact_filter(purpose, channel, person="people_person.id")
            chosen = set(Person.objects.extra(where=[condition], params=bound).values_list("pk", flat=True))
            asked = {pk for pk in (chitra.person.pk, bilal.person.pk) if may_contact(pk, purpose, channel, noon)}
            assert chosen == asked, (purpose, channel)


def test_an_audience_needs_a_way_and_a_text(audience, outside):
    for more in ({"channel": "pigeon"}, {"channel": "whatsapp"}):
        with pytest.raises(BadInput):
            audience(**more)
    assert not Message.objects.exists()


def test_only_the_person_subscribes_and_a_shared_phone_is_of_who_came_last(outside, browser, chitra, bilal, noon):
    browser(chitra)
    browser(chitra)
    assert ContactPoint.objects.filter(kind="push", valid_to=None).count() == 1
    browser(bilal)
    assert ContactPoint.objects.get(kind="push", valid_to=None).person == bilal.person
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        addresses.subscribe_browser(actor=replace(chitra.actor, seen_as_id=5), said="{}", now=noon)
    for said in ("", "x" * 5000, outside["push"].subscribe("z", "https://evil.example/")):
        with pytest.raises(BadInput):
            services.subscribe_browser(actor=chitra.actor, said=said, now=noon)
    for n in range(7):
        browser(chitra, f"phone{n}")
    assert ContactPoint.objects.filter(person=chitra.person, kind="push", valid_to=None).count() == 5


def test_a_browser_that_is_gone_is_dropped(outside, browser, audience, chitra, agree, noon):
    agree(chitra, "organise")
    browser(chitra)
    outside["push"].forget("a")
    audience()
    services.send_due(now=noon)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("failed", "gone")
    assert not ContactPoint.objects.filter(kind="push", valid_to=None).exists()
    assert ContactPoint.objects.filter(person=chitra.person, kind="phone", valid_to=None).exists()


def test_a_notice_whose_answer_was_lost_is_shown_once(outside, browser, audience, chitra, agree, noon):
    agree(chitra, "organise")
    browser(chitra)
    audience()
    outside["push"].faults = ["cut_after"]
    services.send_due(now=noon)
    services.send_due(now=noon + timedelta(seconds=6))
    assert Message.objects.get().state == "sent"
    assert len(outside["push"].browsers["a"].shown) == 1


def test_the_word_of_ones_own_page_links_the_bot_and_a_stop_there_reaches_consent(
    outside, chitra, agree, audience, noon
):
    agree(chitra, "organise", "sms")
    link(chitra, noon)
    audience(channel="telegram")
    services.send_due(now=noon)
    assert outside["telegram"].shown("77")[0].startswith("टोली में आपके लिए नया काम है")
    assert say("/stop").json() == {"ok": True, "changed": True}
    for channel in ("sms", "telegram", "email"):
        assert not may_contact(chitra.person.pk, "organise", channel, noon), channel
    assert may_contact(chitra.person.pk, "organise", "push", noon), "the app is where they said so"
    assert not ContactPoint.objects.filter(kind="telegram", valid_to=None).exists()
    assert audience(key="c", channel="telegram") == 0


def test_a_stop_by_sms_ends_the_bot_too(outside, first, chitra, agree, audience, noon):
    agree(chitra, "organise", "sms")
    link(chitra, noon)
    audience(channel="telegram")
    assert post_sms({"reply": "STOP", "from": chitra.number}).status_code == 200
    services.send_due(now=noon)
    assert Message.objects.get().reason in ("stopped", "no_channel_consent")
    assert outside["telegram"].messages == {}


@pytest.mark.parametrize("secret", ["", "guess", "é"])
def test_an_unsigned_update_changes_nothing(outside, chitra, agree, noon, secret, watch):
    agree(chitra, "organise", "sms")
    link(chitra, noon)
    seen = watch()
    assert say("/stop", secret=secret).status_code == 403
    assert may_contact(chitra.person.pk, "organise", "telegram", noon)
    assert seen.nothing_happened()


def test_words_of_another_day_or_person_link_nothing(outside, chitra, noon):
    word = services.telegram_link(chitra.person, now=noon - timedelta(days=3)).partition("start=")[2]
    for wrong in (word, "", "x" * 64, chitra.person.ref.hex + "A" * 32):
        assert say(f"/start {wrong}", update=len(wrong)).json()["changed"] is False
    assert not ContactPoint.objects.filter(kind="telegram").exists()


def test_nobody_gets_a_bot_message_twice_when_its_answer_was_lost(outside, chitra, agree, audience, noon):
    agree(chitra, "organise")
    link(chitra, noon)
    for key, fault in (("a", "cut_after"), ("b", "")):
        audience(key=key, channel="telegram")
        outside["telegram"].faults = [fault]
        if not fault:
            Message.objects.filter(state="waiting").update(state="sending", taken_at=noon)  # its worker died
        for minutes in (0, 3, 30):
            services.send_due(now=noon + timedelta(minutes=minutes))
    assert [m.state for m in Message.objects.all()] == ["failed", "failed"]
    assert len(outside["telegram"].messages) == 1


def test_one_person_gets_so_much_a_day_by_all_ways_together(outside, first, browser, chitra, agree, audience, noon):
    agree(chitra, "organise", "sms")
    browser(chitra)
    for n in range(3):
        audience(key=f"p{n}")
        audience(key=f"s{n}", channel="sms")
    assert services.send_due(now=noon) == {"sent": 4, "refused": 0, "later": 2}
    assert set(Message.objects.filter(state="waiting").values_list("reason", "attempts")) == {("enough_today", 0)}
    assert services.send_due(now=noon + timedelta(hours=2))["sent"] == 0
    assert services.send_due(now=noon + timedelta(hours=7))["sent"] == 1
    assert Budget.objects.filter(key__startswith=f"person:person:{chitra.person.pk}:").count() == 1
    assert services.queue(template="help_given", person=chitra.person, key="h", params={"link": "x"}, now=noon)
    assert services.send_due(now=noon + timedelta(hours=7))["sent"] == 1, "what is about one's sign-in is not counted"


def test_a_report_of_a_mail_ends_the_address_and_marks_the_message(outside, chitra, noon):
    addresses._open(chitra.person, "email", "a@b.example", "a@b.example", noon)
    message = services.queue(template="task", person=chitra.person, key="k", params=PARAMS["hi"], now=noon)
    Message.objects.filter(pk=message.pk).update(
        ref="018f0000-0000-7000-8000-000000000000", state="sent", channel="email"
    )
    from toli.delivery.providers.sms.receipts import sign

    secret = hook_secret("email", "bounces")
    for signature, status in (("0" * 64, 403), (sign(secret, BOUNCE), 200)):
        answer = Client().post(
            "/hooks/email/bounces/", BOUNCE, content_type="message/rfc822", headers={"X-Signature": signature}
        )
        assert answer.status_code == status
        assert ContactPoint.objects.filter(kind="email", valid_to=None).exists() is (status == 403)
    message.refresh_from_db()
    assert message.state == "failed"


def test_metas_hook_greets_with_its_word_and_believes_signed_words_only(outside, chitra, agree, noon):
    agree(chitra, "organise", "sms")
    word = hook_secret("whatsapp", "app")
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": word}
    assert Client().get("/hooks/whatsapp/app/", asked).content == b"1158"
    assert Client().get("/hooks/whatsapp/app/", {**asked, "hub.verify_token": "x"}).status_code == 404
    value = {"messages": [{"from": chitra.number.lstrip("+"), "id": "w1", "text": {"body": "STOP"}}]}
    body = json.dumps({"entry": [{"changes": [{"value": value}]}]}).encode()
    for signature, status in ((meta.sign("guess", body), 403), (meta.sign("app", body), 200)):
        answer = Client().post(
            "/hooks/whatsapp/app/", body, content_type="application/json", headers={"X-Hub-Signature-256": signature}
        )
        assert answer.status_code == status
        assert bool(may_contact(chitra.person.pk, "organise", "sms", noon)) is (status == 403)
    for path in ("/hooks/nobody/x/", "/hooks/x/1/", "/hooks/telegram/%00/"):
        assert Client().post(path, b"{}", content_type="application/json").status_code in (403, 404)


def test_a_browser_subscribes_over_the_page_and_forgets(outside, chitra):
    key = chitra.client.get("/me/push/key/").json()["key"]
    assert len(key) == 87
    said = outside["push"].subscribe("a", outside.url("push"))
    answer = chitra.client.post("/me/push/", said, content_type="application/json")
    assert answer.json() == {"ok": True}
    assert chitra.client.post("/me/push/", "{", content_type="application/json").status_code == 422
    endpoint = json.loads(said)["endpoint"]
    assert chitra.client.post("/me/push/forget/", {"endpoint": endpoint}).json() == {"ok": True, "changed": True}
    assert not ContactPoint.objects.filter(kind="push", valid_to=None).exists()
    assert Client().post("/me/push/", said, content_type="application/json").status_code == 302
