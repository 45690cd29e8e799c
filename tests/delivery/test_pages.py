"""The desk's page of messages: states and reasons, never a name or a number."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.delivery import services
from toli.delivery.models import Account, Post, ProviderRest
from toli.elections.gate import Subject
from toli.org import services as org

PARAMS = {"until": "x", "link": "y"}


def test_the_desk_sees_what_became_of_messages_and_no_person(first, asha, chitra, dev, agree, noon):
    agree(chitra, "organise", "sms")
    for member, key in ((chitra, "a"), (dev, "b")):
        services.queue(template="task", person=member.person, key=key, params=PARAMS, now=noon)
    services.send_due(now=noon)
    text = asha.client.get("/desk/messages/").content.decode()
    assert "Sent" in text
    assert "The person has not agreed to this." in text
    assert "Chitra" not in text
    assert "1000000003" not in text


def test_messages_can_be_filtered(first, asha, chitra, noon):
    services.queue(template="task", person=chitra.person, key="a", params=PARAMS, now=noon)
    assert "New work</span>" in asha.client.get("/desk/messages/?state=waiting").content.decode()
    assert "New work</span>" not in asha.client.get("/desk/messages/?state=sent").content.decode()
    assert asha.client.get("/desk/messages/?state=nonsense&page=abc").status_code == 200


def test_without_the_right_the_page_does_not_exist(first, bilal, ravi, client, db):
    assert bilal.client.get("/desk/messages/").status_code == 404
    assert ravi.client.get("/desk/messages/").status_code == 404
    assert client.get("/desk/messages/").status_code in (302, 404)


# --- channels ---


@pytest.fixture
def account(asha, bilal, tree, noon):
    handle = org.declare_handle(
        actor=asha.actor, unit_ref=tree.state.ref, platform="telegram", handle="toli_news", automation="",
        url="https://t.me/toli_news", now=noon,
    )  # fmt: skip
    cast.put_on_seat(bilal.person, cast.add_seat(tree.state, "state_team", "state_member", 2))
    org.confirm_handle(actor=bilal.actor, ref=handle.ref, now=noon)
    org.name_operator(actor=asha.actor, ref=handle.ref, person_ref=asha.person.ref, now=noon)
    return handle


def test_a_key_is_given_on_the_desk_and_never_shown(asha, account):
    page = asha.client.get("/desk/channels/").content.decode()
    assert f"/desk/channels/connect/{account.ref}/" in page
    answer = asha.client.post(
        f"/desk/channels/connect/{account.ref}/", {"external_id": "@toli_news", "token": "SECRET"}
    )
    assert answer.status_code == 302
    for path in (answer.url, "/desk/channels/"):
        text = asha.client.get(path).content.decode()
        assert "toli_news" in text
        assert "SECRET" not in text
    bad = asha.client.post(f"/desk/channels/connect/{account.ref}/", {"external_id": "", "token": "SECRET"})
    assert bad.status_code == 422
    assert "SECRET" not in bad.content.decode()


def test_faults_rests_and_what_is_left_stand_in_plain_words(asha, account, noon):
    made = services.connect_account(
        actor=asha.actor, handle_ref=account.ref, external_id="@toli_news", token="t", now=noon
    )
    later = timezone.now() + timedelta(hours=1)
    Account.objects.update(state="ending", ends_at=later, last_fault="provider_fault", last_fault_at=noon, left_today=7)
    ProviderRest.objects.create(name=f"telegram:{made.pk}", failures=4, rests_until=later, changed_at=noon)
    text = asha.client.get("/desk/channels/").content.decode()
    for words in (
        "The key ends soon",
        "The provider had a fault.",
        "rests until",
        "7 today, says the platform",
        "WhatsApp",
    ):
        assert words in text, words
    hindi = asha.browser(second_factor=True, language="hi").get("/desk/channels/").content.decode()
    assert "चाबी जल्द ख़त्म होगी" in hindi


def test_a_named_operator_answers_for_a_post_nobody_knows_of(asha, account, noon):
    made = services.connect_account(actor=asha.actor, handle_ref=account.ref, external_id="1", token="t", now=noon)
    post = services.queue_post(
        actor=asha.actor, account_ref=made.ref, key="k", words=services.Words("सड़क बनी"), subject=Subject("civic", "h"),
        now=noon,
    )  # fmt: skip
    Post.objects.update(state="unsure", reason="unknown")
    page = f"/desk/channels/{made.ref}/"
    assert "It is there" in asha.client.get(page).content.decode()
    assert asha.client.post(f"/desk/channels/posts/{post.ref}/", {"is_there": "maybe"}).status_code == 404
    assert asha.client.post(f"/desk/channels/posts/{post.ref}/", {"is_there": "yes"}).url == page
    assert "It is there" not in asha.client.get(page).content.decode()
