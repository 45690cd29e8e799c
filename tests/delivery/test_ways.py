"""When the SMS is slow: the code by a call, or an SMS sent to us; and what people are told about help to sign in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.accounts.conftest import NUMBER, digits
from tests.accounts.test_races import at_once
from tests.delivery.test_receipts import post

from toli.accounts import queries, rules
from toli.accounts import services as accounts
from toli.accounts.models import Login, LoginCode
from toli.audit.models import Record
from toli.delivery import services
from toli.delivery.models import Inbound, Message
from toli.delivery.providers.sms.local_server import SmsServer
from toli.delivery.providers.sms.receipts import sign
from toli.kit.errors import LimitReached, NotFound, WrongState
from toli.org import queries as org_queries
from toli.org import services as org
from toli.org.queries import stop_token
from toli.people.models import Person


@pytest.fixture
def demo(db):
    return accounts.create_deployment(is_demo=True, now=timezone.now())


@pytest.fixture
def phone_server(settings):
    """One local server that takes SMS and rings phones."""
    server = SmsServer(token="t").start()
    settings.SMS_URL = settings.VOICE_URL = server.url
    settings.VOICE_URL = f"{server.url}call"
    settings.SMS_TOKEN = settings.VOICE_TOKEN = "t"
    settings.SMS_FALLBACK_URL = ""
    settings.SMS_NUMBER = "10999 99999"
    yield server
    server.stop()


def waiting_client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    client.post("/login/", {"phone": NUMBER})
    return client


def older(seconds: int) -> LoginCode:
    code = LoginCode.objects.latest("id")
    LoginCode.objects.filter(pk=code.pk).update(created_at=code.created_at - timedelta(seconds=seconds))
    return LoginCode.objects.get(pk=code.pk)


# A call


def test_a_voice_says_the_digits_one_by_one_to_the_same_number(demo, phone_server):
    client = waiting_client()
    services.send_codes(now=timezone.now())
    code = older(60)
    assert client.post("/login/code/call/").status_code == 302
    assert services.send_codes(now=timezone.now()) == 1
    [call, sms] = phone_server.inbox.to(NUMBER)
    assert (call.is_call, sms.is_call) == (True, False)
    assert " ".join(digits(code.ref)) in call.text
    assert client.post("/login/code/", {"code": digits(code.ref)}).status_code == 302


def test_the_call_is_offered_only_once_the_sms_is_late(demo, phone_server):
    client = waiting_client()
    assert "Call me" not in client.get("/login/code/").content.decode()
    client.post("/login/code/call/")
    assert LoginCode.objects.get().channel == "sms"
    older(31)
    assert "Call me" in client.get("/login/code/").content.decode()


def test_the_delay_is_the_live_one_between_half_a_minute_and_two(demo):
    asked = timezone.now()
    waits = [rules.other_ways_at(asked, delay) - asked for delay in (None, *map(timedelta, (0, 0, 9)))]
    assert [w.total_seconds() for w in waits] == [30, 30, 30, 120]
    assert rules.other_ways_at(asked, timedelta(seconds=75)) - asked == timedelta(seconds=75)


def test_nobody_rings_a_number_from_another_browser_or_without_end(demo, ask, now):
    asked = ask()
    later = now + timedelta(seconds=40)
    with pytest.raises(NotFound):
        accounts.call_instead(ref=asked.ref, cookie="", now=later)
    with pytest.raises(WrongState):
        accounts.call_instead(ref=asked.ref, cookie=asked.cookie, now=now)
    for _n in range(rules.REPEATS):
        accounts.call_instead(ref=asked.ref, cookie=asked.cookie, now=later)
    with pytest.raises(LimitReached):
        accounts.call_instead(ref=asked.ref, cookie=asked.cookie, now=later)


# An SMS sent to us


def word() -> str:
    return queries.word_of(LoginCode.objects.latest("id"))


def said(text: str, *, number: str = NUMBER, ref: str = "in-1") -> dict[str, str]:
    return {"reply": text, "from": number, "id": ref, "at": timezone.now().isoformat()}


def test_the_word_sent_from_the_number_itself_opens_the_waiting_browser(demo, first):
    client = waiting_client()
    older(60)
    assert client.post("/login/code/sent/").url == "/login/code/", "nothing came yet"
    spoken = f"Toli {word()[:4].lower()} {word()[4:]}"
    assert post(said(spoken)).json()["changed"] is True
    assert client.post("/login/code/sent/").url == "/login/next/"
    client.get("/login/next/")
    assert "holder_id" in client.session
    assert Login.objects.get().key == queries.key_of(NUMBER)
    assert Record.objects.latest("id").data["by"] == "sms_sent"


def test_a_gateway_that_lets_senders_be_forged_proves_no_number(demo, settings, first):
    """Signed or not: what it says of the sender is whatever the sender wrote."""
    settings.SMS_URL = "https://gateway.example/send"
    client = waiting_client()
    assert post(said(word())).json()["changed"] is False
    assert client.post("/login/code/sent/").url == "/login/code/"
    assert not Login.objects.exists()
    settings.SMS_CHECKED_SENDERS = ["first"]
    assert post(said(word(), ref="in-2")).json()["changed"] is True
    assert client.post("/login/code/sent/").url == "/login/next/"


def test_an_sms_opens_no_account_of_who_holds_a_sensitive_right_and_the_code_still_does(demo, first, tree):
    bilal = cast.cast_member("Bilal Khan", NUMBER, tree.bhilwara, "district_team", "district_coordinator")
    client = waiting_client()
    assert post(said(word())).json()["changed"] is False
    assert LoginCode.objects.get().heard_at is None
    assert client.post("/login/code/sent/").url == "/login/code/"
    assert client.post("/login/code/", {"code": digits(LoginCode.objects.get().ref)}).status_code == 302
    assert Login.objects.get(proved_at__isnull=False) == bilal.person.holder.login


def test_one_of_five_people_of_a_number_with_a_sensitive_right_is_enough(demo, first, tree):
    """The SMS says the number and not who of them wrote it."""
    plain = cast.add_person("Kamla Khan", NUMBER, home=tree.booth)
    holder = accounts.add_holder(actor=cast.SYSTEM, login_id=plain.holder.login_id, now=timezone.now())
    other = Person.objects.create(holder=holder, name="Bilal Khan", created_at=timezone.now())
    waiting_client()
    assert org_queries.is_sensitive_number(plain.holder.login.key, now=timezone.now()) is False
    cast.put_on_seat(other, cast.add_seat(tree.bhilwara, "district_team", "district_coordinator"))
    assert post(said(word())).json()["changed"] is False


def test_the_page_shows_the_word_and_the_number_once_it_is_late(demo, phone_server):
    client = waiting_client()
    assert word()[:4] not in client.get("/login/code/").content.decode()
    older(60)
    page = client.get("/login/code/").content.decode()
    assert f"{word()[:4]} {word()[4:]}" in page
    assert "10999 99999" in page


def test_the_word_from_another_number_opens_nothing(demo, first):
    client = waiting_client()
    assert post(said(word(), number="+911000000077")).json()["changed"] is False
    assert client.post("/login/code/sent/").url == "/login/code/"
    assert not Login.objects.exists()


def test_another_browser_does_not_come_in_with_the_word_of_this_one(demo, first):
    mine, other = waiting_client(), waiting_client()
    mine_code = LoginCode.objects.order_by("id").first()
    post(said(queries.word_of(mine_code)))
    assert other.post("/login/code/sent/").url == "/login/code/"
    assert mine.post("/login/code/sent/").url == "/login/next/"


def test_the_same_message_again_and_an_old_word_do_nothing(demo, first, watch):
    client = waiting_client()
    first_word = word()
    assert post(said(first_word)).json()["changed"] is True
    assert post(said(first_word)).json()["changed"] is False
    client.post("/login/code/sent/")
    client.post("/login/finish/")
    seen = watch()
    assert post(said(first_word, ref="in-2")).json()["changed"] is False
    client.post("/login/", {"phone": NUMBER})
    assert client.post("/login/code/sent/").url == "/login/code/"
    assert seen.nothing_happened()
    assert Inbound.objects.count() == 2


def test_a_word_heard_after_fifteen_minutes_is_too_late(demo, first):
    client = waiting_client()
    LoginCode.objects.update(expires_at=timezone.now())
    assert post(said(word())).json()["changed"] is False
    assert client.post("/login/code/sent/").url == "/login/code/"


@pytest.mark.parametrize("signature", ["", "0" * 64])
def test_an_unsigned_message_proves_nothing(demo, first, signature, watch):
    waiting_client()
    seen = watch()
    assert post(said(word()), signature=signature).status_code == 403
    assert LoginCode.objects.get().heard_at is None
    assert not Inbound.objects.exists()
    assert seen.nothing_happened()


@pytest.mark.parametrize("text", ["", "x" * 5000, "\x00", "1" * 300, "ACDE", "💬" * 90])
def test_other_messages_prove_nothing_and_are_no_fault(demo, first, text):
    waiting_client()
    assert post(said(text)).status_code == 200
    assert LoginCode.objects.get().heard_at is None


def test_a_reply_whose_id_cannot_be_kept_is_refused(demo, first):
    waiting_client()
    assert post(said(word(), ref="in-\x00")).status_code == 422
    assert LoginCode.objects.get().heard_at is None
    assert not Inbound.objects.exists()


def test_words_of_two_codes_differ_and_hold_no_letter_that_is_misread(ask, now):
    found = {queries.word_of(LoginCode.objects.get(ref=ask(number=f"+9110000003{n:02d}").ref)) for n in range(40)}
    assert len(found) == 40
    assert not set("".join(found)) & set("01OIQSBZG286")


@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_eight_times_at_once_opens_one_session():
    accounts.create_deployment(is_demo=True, now=timezone.now())
    client = waiting_client()
    LoginCode.objects.update(heard_at=timezone.now())
    asked, cookie = LoginCode.objects.get(), client.cookies["toli_device"].value
    outcomes = at_once(8, lambda _i: accounts.open_heard(ref=asked.ref, cookie=cookie, now=timezone.now()).login)
    assert sum(login is not None for login in outcomes) == 1


def test_the_demos_own_page_plays_the_phone(demo, settings, live_server):
    import urllib.parse
    import urllib.request

    server = SmsServer(token="t", hook=f"{live_server.url}/hooks/sms/first/").start()
    settings.SMS_URL, settings.SMS_TOKEN = server.url, "t"
    client = waiting_client()
    form = urllib.parse.urlencode({"from": NUMBER, "text": word()}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{server.url}send", data=form), timeout=10) as answer:
        assert "arrived" in answer.read().decode()
    with urllib.request.urlopen(f"{server.url}inbox", timeout=10) as answer:
        assert 'action="/send"' in answer.read().decode()
    server.stop()
    assert client.post("/login/code/sent/").url == "/login/next/"


def test_another_site_cannot_make_the_local_server_send(demo):
    import urllib.error
    import urllib.request

    server = SmsServer(hook="http://127.0.0.1:9/").start()
    asked = urllib.request.Request(
        f"{server.url}send", data=b"from=1&text=2", headers={"Origin": "http://evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=5)
    server.stop()
    assert refused.value.code == 403
    assert sign("a", b"b") != sign("a", b"c")


# Help to sign in is told


def records(verb: str) -> list[int]:
    return list(Record.objects.filter(verb=verb).values_list("id", flat=True))


def test_each_step_of_help_is_told_at_night_too_and_once(chitra, bilal, first, noon):
    from toli.accounts.services import add_login

    night = noon.replace(hour=23)
    asked = org.ask_for_number(
        person=chitra.person, login_id=add_login(phone="+911000000888", now=night).login.pk, number="+911000000888",
        now=timezone.now(),
    )  # fmt: skip
    for _turn in range(2):
        services.tell_helped(record_ids=records("org.help_asked"), step="asked", now=night)
    assert services.send_due(now=night)["sent"] == 1
    org.confirm_help(actor=bilal.actor, ref=asked.ref, now=timezone.now())
    for _turn in range(2):
        services.tell_helped(record_ids=records("org.help_confirmed"), step="confirmed", now=night)
    services.send_due(now=night + timedelta(minutes=1))
    org.give_waiting(actor=cast.SYSTEM, now=timezone.now() + timedelta(hours=25))
    for _turn in range(2):
        services.tell_helped(record_ids=records("org.help_given"), step="given", now=night)
    services.send_due(now=night + timedelta(minutes=2))
    told = first.inbox.to(chitra.number)
    assert len(told) == 3, "asked, confirmed with the hour, and the notice to the old number"
    assert sum(f"/n/{stop_token(asked)}/" in message.text for message in told) == 2
    assert len(first.inbox.to("+911000000888")) == 1
    assert Message.objects.count() == 4
    assert chitra.number not in json.dumps(list(Message.objects.values_list("params", flat=True)))
