"""Posts to official accounts: declared and operated, once, within allowances, found when in doubt, taken down."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cast import SYSTEM
from tests.delivery.test_providers import Outside

from toli.audit.models import Record
from toli.delivery import queries, sending, services
from toli.delivery.limits import allowances, key_of, posting_rules
from toli.delivery.models import Account, Message, Post, ProviderRest, Wording
from toli.delivery.services import Words, budgets
from toli.elections import services as elections
from toli.elections.gate import Ai, Certificate, Subject
from toli.elections.services import Hours
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.org import services as org

SUBJECT = Subject("civic", "h1")
PLATFORMS = ("telegram", "facebook", "x", "website")


@pytest.fixture
def outside(settings, db):
    made = Outside()
    settings.OUTSIDE_URL = made.server.url
    yield made
    made.server.stop()


@pytest.fixture
def desk(outside, tree, asha, bilal, noon):
    """Declared, confirmed and operated accounts of the state, connected by asha and operated by her."""
    second = bilal_of_the_state(bilal, tree)

    def account(platform: str, name: str = "toli", *, operated: bool = True) -> Account:
        handle = org.declare_handle(
            actor=asha.actor, unit_ref=tree.state.ref, platform=platform, handle=name, automation="",
            url=f"https://example.org/{name}", now=noon,
        )  # fmt: skip
        org.confirm_handle(actor=second, ref=handle.ref, now=noon)
        if operated:
            org.name_operator(actor=asha.actor, ref=handle.ref, person_ref=asha.person.ref, now=noon)
        return services.connect_account(
            actor=asha.actor, handle_ref=handle.ref, external_id=f"{name}-1",
            token="1:local" if platform == "telegram" else "local",
            address=outside.url("webhook") if platform == "website" else "", now=noon,
        )  # fmt: skip

    def post(account: Account, text: str = "सड़क बनी", key: str = "k", **more) -> Post:
        more.setdefault("subject", SUBJECT)
        return services.queue_post(
            actor=more.pop("actor", SYSTEM), account_ref=account.ref, key=key, words=Words(text), now=noon, **more
        )

    return SimpleNamespace(account=account, post=post, asha=asha, now=noon)


def bilal_of_the_state(bilal, tree):
    from tests import cast

    seat = cast.add_seat(tree.state, "state_team", "state_member", 2)
    cast.put_on_seat(bilal.person, seat)
    return bilal.actor


@pytest.fixture(autouse=True)
def demo_site(db, noon):
    from toli.accounts import services as accounts

    accounts.create_deployment(is_demo=True, now=noon)


def state_of(post: Post) -> tuple[str, str]:
    post.refresh_from_db()
    return post.state, post.reason


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_post_goes_out_once_and_is_recorded(outside, desk, platform):
    key = {"website": "webhook"}.get(platform, platform)
    post = desk.post(desk.account(platform))
    assert desk.post(post.account, "other words").pk == post.pk, "the same key is the same post"
    assert services.send_posts(now=desk.now) == {"posted": 1, "refused": 0, "later": 0}
    services.send_posts(now=desk.now)
    assert state_of(post) == ("posted", "")
    assert outside[key].shown() == ["सड़क बनी"]
    assert Record.objects.filter(verb="delivery.posted").count() == 1


def test_only_declared_accounts_with_a_named_operator_have_a_key_here(desk, tree, asha, noon, watch):
    handle = org.declare_handle(
        actor=asha.actor, unit_ref=tree.state.ref, platform="x", handle="new", automation="", url="https://x.example/n",
        now=noon,
    )  # fmt: skip
    seen = watch()
    with pytest.raises(WrongState):
        services.connect_account(actor=asha.actor, handle_ref=handle.ref, external_id="1", token="t", now=noon)
    with pytest.raises(WrongState):
        desk.account("facebook", operated=False)
    assert not Account.objects.exists()
    assert Record.objects.filter(verb="delivery.account_connected").count() == 0
    assert seen.messages == watch().messages


def test_an_account_that_is_no_longer_ours_or_has_no_operator_left_posts_nothing(outside, desk, asha):
    first, second = desk.account("telegram"), desk.account("facebook")
    posts = [desk.post(first, key="a"), desk.post(second, key="b")]
    org.end_handle(actor=asha.actor, ref=first.handle.ref, now=desk.now)
    org.end_operator(actor=asha.actor, ref=second.handle.ref, person_ref=asha.person.ref, now=desk.now)
    services.send_posts(now=desk.now)
    assert [state_of(one) for one in posts] == [("refused", "not_declared")] * 2
    with pytest.raises(WrongState):
        desk.post(second, key="c")
    assert outside["telegram"].requests == outside["facebook"].requests == 0


def test_a_person_posts_only_where_they_are_named(desk, bilal, watch):
    account = desk.account("telegram")
    seen = watch()
    with pytest.raises(NotAllowed):
        desk.post(account, actor=bilal.actor)
    assert not Post.objects.exists()
    assert not Wording.objects.exists()
    assert seen.nothing_happened()
    assert desk.post(account, actor=desk.asha.actor).asked_by_id == desk.asha.person.pk


def test_the_same_words_come_from_one_account_of_a_platform_only(outside, desk):
    first, second, elsewhere = desk.account("x", "one"), desk.account("x", "two"), desk.account("telegram")
    desk.post(first, "सड़क बनी, पुल भी!", key="a")
    for same in ("सड़क बनी, पुल भी!", " सड़क  बनी पुल भी 🙂", "सड़क बनी। पुल भी"):
        with pytest.raises(WrongState):
            desk.post(second, same, key="b")
    desk.post(second, "सड़क बनी, नहर भी", key="b")
    desk.post(elsewhere, "सड़क बनी, पुल भी!", key="c")
    assert services.send_posts(now=desk.now)["posted"] == 3
    assert len(outside["x"].shown()) == 2


# --- the law ---


@pytest.fixture
def silent_sahara(tree, noon):
    from datetime import time

    election = elections.ensure_election(key="T", now=noon)
    return elections.add_poll(
        actor=SYSTEM, election=election, constituency=tree.sahara, now=noon, notification="test 1",
        hours=Hours((noon + timedelta(days=1)).date(), (time(18),)),
    )  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_adapter_posts_what_the_law_holds(outside, desk, tree, silent_sahara, platform):
    account = desk.account(platform)
    named = Subject("appeal", "h", names_units=frozenset({tree.sahara.pk}))
    posts = {
        "law:28": desk.post(account, "one", "a", subject=named),
        "law:7": desk.post(account, "two", "b", subject=Subject("appeal", "h", paid=True)),
        "law:9": desk.post(account, "three", "c", subject=Subject("civic", "h", ai=Ai.UNLABELLED)),
        "law:1": desk.post(account, "four", "d", subject=Subject("gossip", "h")),
    }
    services.send_posts(now=desk.now)
    assert {reason: state_of(post)[1] for reason, post in posts.items()} == {reason: reason for reason in posts}
    assert posts["law:28"].state == "waiting", "it goes when the silence ends"
    assert posts["law:28"].next_try_at == desk.now + timedelta(days=1, hours=6)
    assert [one.requests for one in outside.speakers.values()] == [0] * len(outside.speakers)


def test_an_appeal_that_names_no_silent_seat_goes_and_a_paid_one_with_its_paper(outside, desk, silent_sahara):
    account = desk.account("telegram")
    desk.post(account, "one", "a", subject=Subject("appeal", "h"))
    paper = Certificate("7", "Bhilwara", datetime(2099, 1, 1, tzinfo=UTC), "h")
    desk.post(account, "two", "b", subject=Subject("appeal", "h", paid=True, certificate=paper))
    services.send_posts(now=desk.now)
    services.send_posts(now=desk.now + timedelta(seconds=4))
    assert outside["telegram"].shown() == ["one", "two"]


def test_a_post_without_a_live_verdict_cannot_be_published(outside, desk):
    from dataclasses import replace

    post = desk.post(desk.account("telegram"))
    ready = sending.prepare_post(post, now=desk.now)
    for bad, at in ((replace(ready, subject_hash="h2"), 0), (replace(ready, unit_id=5), 0), (ready, 16)):
        with pytest.raises(sending.Refused):
            sending.publish(bad, None, timeout=1, now=desk.now + timedelta(minutes=at))
    assert outside["telegram"].requests == 0


def test_a_file_that_is_not_the_approved_one_is_not_posted(outside, desk, tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"one")
    media = ({"kind": "image", "path": str(file), "hash": hashlib.sha256(b"one").hexdigest()},)
    account = desk.account("telegram")
    good, changed, lost = (
        services.queue_post(
            actor=SYSTEM, account_ref=account.ref, key=key, words=Words(key, media=media), subject=SUBJECT,
            now=desk.now + timedelta(minutes=n),
        )
        for n, key in enumerate(("a", "b", "c"))
    )  # fmt: skip
    services.send_posts(now=desk.now)
    file.write_bytes(b"two")
    services.send_posts(now=desk.now + timedelta(minutes=1))
    file.unlink()
    services.send_posts(now=desk.now + timedelta(minutes=2))
    assert [state_of(one) for one in (good, changed, lost)] == [
        ("posted", ""), ("refused", "file_changed"), ("refused", "no_file"),
    ]  # fmt: skip
    with pytest.raises(BadInput):
        desk.post(account, "  ", "d")


def test_a_demo_posts_to_this_machine_only(desk, settings):
    post = desk.post(desk.account("telegram"))
    settings.OUTSIDE_URL = ""
    services.send_posts(now=desk.now)
    assert state_of(post) == ("refused", "demo_account")


# --- faults ---


def test_a_fault_is_tried_again_and_given_up(outside, desk):
    post = desk.post(desk.account("facebook"))
    at, tries = desk.now, 0
    while state_of(post)[0] == "waiting" and tries < 20:
        outside["facebook"].faults = ["500"]
        services.send_posts(now=at)
        post.refresh_from_db()
        rest = ProviderRest.objects.get()
        at, tries = max(post.next_try_at, rest.rests_until or at), tries + 1
    assert (tries, post.attempts) == (6, 6)
    assert (post.state, outside["facebook"].shown()) == ("unsure", []), "nobody can say it never got there"


def test_after_three_faults_an_account_rests_longer_each_time_and_wakes_with_a_post(outside, desk):
    post, at = desk.post(desk.account("website")), desk.now
    rests = []
    for _n in range(5):
        outside["webhook"].faults = ["500"]
        services.send_posts(now=at)
        row = ProviderRest.objects.get()
        rests.append(round((row.rests_until - at).total_seconds(), -1) if row.rests_until else 0)
        seen = outside["webhook"].requests
        services.send_posts(now=at + timedelta(seconds=1))
        assert outside["webhook"].requests == seen
        post.refresh_from_db()
        at = max(post.next_try_at, row.rests_until or at)
    assert rests == [0, 0, 60, 120, 240]
    services.send_posts(now=at)
    assert state_of(post)[0] == "posted"
    assert not ProviderRest.objects.exists()


def test_a_wait_that_the_platform_asks_for_holds_the_whole_account(outside, desk):
    account, other = desk.account("facebook"), desk.account("facebook", "other")
    first, second, free = desk.post(account, "one", "a"), desk.post(account, "two", "b"), desk.post(other, "3", "c")
    outside["facebook"].faults = ["429"]
    services.send_posts(now=desk.now)
    assert [state_of(one) for one in (first, second, free)] == [
        ("waiting", "too_fast"), ("waiting", "too_fast"), ("posted", ""),
    ]  # fmt: skip
    services.send_posts(now=desk.now + timedelta(seconds=110))
    assert len(outside["facebook"].shown()) == 1
    services.send_posts(now=desk.now + timedelta(minutes=10))
    assert len(outside["facebook"].shown()) == 3
    assert (state_of(first)[0], first.attempts) == ("posted", 1), "to wait is no try"


def test_a_key_that_opens_nothing_holds_posts_until_a_new_one(outside, desk, asha):
    account = desk.account("facebook")
    post = desk.post(account)
    outside["facebook"].token = "renewed"
    for _time in range(2):
        services.send_posts(now=desk.now)
    account.refresh_from_db()
    assert (account.state, state_of(post)[0], post.attempts) == ("closed", "waiting", 0)
    assert Message.objects.get().template == "channel_key_closed"
    services.connect_account(
        actor=asha.actor, handle_ref=account.handle.ref, external_id=account.external_id, token="renewed", now=desk.now
    )
    services.send_posts(now=desk.now + timedelta(minutes=1))
    assert state_of(post)[0] == "posted"


@pytest.mark.parametrize("platform", ["facebook", "x"])
@pytest.mark.parametrize("fault", ["cut_after", "500_after", "garbage_after"])
def test_a_post_whose_answer_was_lost_is_found_and_not_posted_twice(outside, desk, platform, fault):
    post = desk.post(desk.account(platform))
    outside[platform].faults = [fault.replace("garbage_after", "hang_after")]
    outside[platform].hang_seconds = 0.1
    services.send_posts(now=desk.now)
    assert state_of(post)[0] == "waiting"
    assert post.doubtful
    services.send_posts(now=desk.now + timedelta(seconds=15))
    assert state_of(post)[0] == "posted"
    assert len(outside[platform].shown()) == 1


@pytest.mark.parametrize(("is_there", "shown", "state"), [(True, 1, "posted"), (False, 2, "posted")])
def test_where_nobody_can_ask_a_named_operator_looks(outside, desk, bilal, is_there, shown, state):
    post = desk.post(desk.account("telegram"))
    outside["telegram"].faults = ["cut_after"]
    services.send_posts(now=desk.now)
    services.send_posts(now=desk.now + timedelta(seconds=15))
    assert state_of(post)[0] == "unsure"
    assert len(outside["telegram"].shown()) == 1, "not sent again unseen"
    with pytest.raises(NotAllowed):
        services.settle_post(actor=bilal.actor, ref=post.ref, is_there=is_there, now=desk.now)
    services.settle_post(actor=desk.asha.actor, ref=post.ref, is_there=is_there, now=desk.now)
    with pytest.raises(WrongState):
        services.settle_post(actor=desk.asha.actor, ref=post.ref, is_there=is_there, now=desk.now)
    services.send_posts(now=desk.now + timedelta(minutes=5))
    assert (state_of(post)[0], len(outside["telegram"].shown())) == (state, shown)


def test_steps_done_are_not_done_again_by_the_next_worker(outside, desk, tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"one")
    media = {"kind": "image", "path": str(file), "hash": hashlib.sha256(b"one").hexdigest(), "url": "https://e.in/a"}
    outside["instagram"].ready_at = 2
    post = services.queue_post(
        actor=SYSTEM, account_ref=desk.account("instagram").ref, key="k", words=Words("पुल", media=(media,)),
        subject=SUBJECT, now=desk.now,
    )  # fmt: skip
    services.send_posts(now=desk.now)
    assert state_of(post)[0] == "waiting"
    assert post.progress == {"container": "box1"}
    Post.objects.filter(pk=post.pk).update(state="sending", taken_at=desk.now)  # its worker died
    services.send_posts(now=desk.now + timedelta(minutes=6))
    assert state_of(post)[0] == "posted"
    assert (len(outside["instagram"].boxes), outside["instagram"].shown()) == (1, ["पुल"])


def test_what_the_platform_counts_itself_is_obeyed(outside, desk, tmp_path):
    outside["instagram"].quota = 0
    account = desk.account("instagram")
    assert services.watch_keys(now=desk.now) == 1
    account.refresh_from_db()
    assert account.left_today == 0
    post = desk.post(account)
    services.send_posts(now=desk.now)
    assert state_of(post) == ("waiting", "day_used_up")
    assert outside["instagram"].boxes == {}


# --- keys ---


def test_operators_hear_once_before_a_key_ends(outside, desk, asha):
    account = desk.account("facebook")
    far, near = (datetime.now(UTC).replace(microsecond=0) + timedelta(days=days) for days in (40, 5))
    for ends, state, told in ((far, "works", 0), (near, "ending", 1), (near, "ending", 1)):
        outside["facebook"].expires_at = int(ends.timestamp())
        Account.objects.update(checked_at=None)
        services.watch_keys(now=desk.now)
        account.refresh_from_db()
        assert (account.state, account.ends_at, Message.objects.count()) == (state, ends, told)
    assert services.watch_keys(now=desk.now) == 0, "not asked again at once"
    assert Record.objects.filter(verb="delivery.key_ends").count() == 1
    outside["facebook"].token = "another"
    services.watch_keys(now=desk.now + posting_rules(desk.now).look_every)
    account.refresh_from_db()
    assert (account.state, Message.objects.count()) == ("closed", 2)


def test_a_key_is_kept_encrypted_and_forgotten_when_taken_away(outside, desk, asha, meera):
    account = desk.account("telegram")
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text || r.data::text FROM delivery_account a, audit_record r")
        assert not any("1:local" in row[0] for row in cursor.fetchall())
    with pytest.raises((NotFound, NotAllowed)):
        services.take_account_away(actor=meera.actor, ref=account.ref, now=desk.now)
    with pytest.raises(NeedsSecondFactor):
        services.take_account_away(actor=asha.acting(second_factor=False), ref=account.ref, now=desk.now)
    post = desk.post(account)
    services.take_account_away(actor=asha.actor, ref=account.ref, now=desk.now)
    account.refresh_from_db()
    assert account.cipher is None
    services.send_posts(now=desk.now)
    assert state_of(post)[0] == "waiting"
    assert outside["telegram"].requests == 0


def test_whatsapp_stays_locked_without_the_written_permission(desk, tree, asha, bilal, noon, watch):
    handle = org.declare_handle(
        actor=asha.actor, unit_ref=tree.state.ref, platform="whatsapp", handle="wa", automation="",
        url="https://wa.example/1", now=noon,
    )  # fmt: skip
    org.confirm_handle(actor=bilal.actor, ref=handle.ref, now=noon)
    org.name_operator(actor=asha.actor, ref=handle.ref, person_ref=asha.person.ref, now=noon)
    seen = watch()
    given = {"actor": asha.actor, "handle_ref": handle.ref, "external_id": "1", "token": "t", "now": noon}
    with pytest.raises(WrongState):
        services.connect_account(**given)
    assert seen.nothing_happened()
    assert not Account.objects.exists()
    account = services.connect_account(**given, permission="Letter 7 of 1 November 2026, signed by the platform")
    with pytest.raises(WrongState):
        desk.post(account)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(permission="")
    assert account.permission


# --- taken down ---


def test_withdrawn_posts_come_down_everywhere_within_the_run(outside, desk):
    accounts = [desk.account(platform) for platform in PLATFORMS]
    for account in accounts:
        desk.post(account, key=f"item:{account.provider}")
    waiting = desk.post(accounts[0], "later", "item:later", not_before=desk.now + timedelta(hours=1))
    services.send_posts(now=desk.now)
    keys = list(Post.objects.values_list("key", flat=True))
    for expected in (5, 0):
        assert services.take_down(actor=SYSTEM, post_keys=keys, reason="withdrawn", now=desk.now) == expected
    services.send_posts(now=desk.now + timedelta(seconds=1))
    assert state_of(waiting) == ("refused", "cancelled")
    assert set(Post.objects.exclude(pk=waiting.pk).values_list("state", flat=True)) == {"taken_down"}
    for key in ("telegram", "facebook", "x", "webhook"):
        assert outside[key].shown() == []


def test_a_post_withdrawn_while_it_goes_out_comes_down(outside, desk):
    post = desk.post(desk.account("facebook"))
    Post.objects.filter(pk=post.pk).update(state="sending", taken_at=desk.now)
    services.take_down(actor=SYSTEM, post_keys=["k"], reason="x", now=desk.now)
    outside["facebook"].posts["toli-1_1"] = post.text  # the worker was through, and says so too late
    services.send_posts(now=desk.now + timedelta(minutes=1))
    assert (state_of(post)[0], outside["facebook"].shown()) == ("taken_down", [])


# --- several workers, and one that is killed ---


def test_a_post_waits_for_a_place_in_the_accounts_allowance(outside, desk):
    account = desk.account("facebook")
    post, [rule] = desk.post(account), allowances("facebook", desk.now)
    ask = budgets.Ask(key_of(rule, account=str(account.pk), chat=account.external_id), rule)
    assert budgets.take_some(ask, 99, now=desk.now) == 20
    services.send_posts(now=desk.now)
    assert (state_of(post), post.attempts) == (("waiting", "too_fast"), 0)
    assert post.next_try_at == desk.now + rule.cost
    services.send_posts(now=post.next_try_at)
    assert (state_of(post)[0], len(outside["facebook"].shown())) == ("posted", 1)


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from toli.delivery import services
from toli.delivery.services import posting
step = sys.argv[1]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if step == "before":
    posting.sending.publish = die
else:
    posting._settle = die
services.send_posts(now=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("platform", ["telegram", "facebook"])
@pytest.mark.parametrize("step", ["before", "after"])
def test_a_worker_killed_between_sending_and_writing_down_posts_nothing_twice_and_loses_nothing(
    outside, desk, platform, step
):
    import os

    post = desk.post(desk.account(platform))
    env = {**os.environ, "TOLI_OUTSIDE_URL": outside.server.url}
    dead = subprocess.run([sys.executable, "-c", KILLED, step, desk.now.isoformat()], env=env, check=False)
    assert dead.returncode == -signal.SIGKILL
    assert state_of(post)[0] == "sending"
    services.send_posts(now=desk.now + timedelta(minutes=1))
    assert state_of(post)[0] == "sending", "it may still be at it"
    services.send_posts(now=desk.now + timedelta(minutes=6))
    shown = outside[platform].shown()
    if platform == "facebook":
        assert (state_of(post)[0], shown) == ("posted", ["सड़क बनी"])
    else:
        assert state_of(post)[0] == "unsure", "the bot cannot look: a person does"
        assert len(shown) == (step == "after")


def test_the_desk_sees_accounts_and_posts_where_it_may(desk, asha, dev, meera):
    account = desk.account("telegram")
    desk.post(account)
    assert list(queries.accounts_seen(asha.actor)) == [account]
    for member in (dev, meera):
        with pytest.raises(NotFound):
            queries.get_account(actor=member.actor, ref=account.ref)
