"""How often a person, a device and an address may do what costs others something."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from tests.accounts.test_races import at_once

from toli.accounts import limits, services, sessions
from toli.accounts.models import Draft, Usage
from toli.kit.errors import LimitReached

NOW = datetime(2026, 11, 2, 6, 30, 4, tzinfo=UTC)


def spend(n: int, act: str = "search", now: datetime = NOW, **by: str) -> int:
    """How many of n are let through."""
    through = 0
    for _turn in range(n):
        try:
            services.spend(act, by=by, now=now)
            through += 1
        except LimitReached:
            pass
    return through


def test_a_person_is_refused_until_the_window_ends_and_then_served(db):
    assert spend(70, person="7") == 60
    with pytest.raises(LimitReached) as refusal:
        services.spend("search", by={"person": "7"}, now=NOW)
    assert refusal.value.retry_after == 56
    assert spend(1, person="7", now=NOW + timedelta(seconds=56)) == 1


def test_one_person_does_not_use_up_what_others_may(db):
    spend(70, person="7")
    assert spend(3, person="8") == 3
    assert spend(1, "export", person="7") == 1


def test_an_address_is_slowed_and_never_shut_out(db):
    """Whatever one address did, ten seconds later it is served again."""
    assert spend(400, address="192.0.2.1") == 300
    with pytest.raises(LimitReached) as refusal:
        services.spend("search", by={"address": "192.0.2.1"}, now=NOW)
    assert refusal.value.retry_after <= 10
    assert str(refusal.value) == str(limits.SOON)
    assert spend(5, address="192.0.2.1", now=NOW + timedelta(seconds=10)) == 5
    assert all(act.address is None or act.address.window == limits.SECONDS for act in limits.ACTS.values())


def test_every_limit_is_counted_somewhere_and_nothing_else_is_counted():
    source = "".join(path.read_text() for path in Path(limits.__file__).parents[1].rglob("*.py"))
    counted = set(re.findall(r"""(?:limited\(|(?<!_)spend\((?:request, )?)"(\w+)\"""", source))
    assert counted == set(limits.ACTS)


def test_nobody_is_kept_readable(db):
    services.spend("search", by={"device": "a-device", "address": "192.0.2.1"}, now=NOW)
    kept = "".join(f"{row.act}{row.scope}{row.who}" for row in Usage.objects.all())
    assert Usage.objects.count() == 2
    assert "192.0.2.1" not in kept
    assert "a-device" not in kept


def test_counts_are_erased_after_two_days(db):
    spend(1, person="7")
    services.erase_old(now=NOW + timedelta(days=2, minutes=2))
    assert not Usage.objects.exists()


def test_an_unknown_act_is_a_mistake_of_ours(db):
    with pytest.raises(KeyError):
        services.spend("nothing", by={"person": "7"}, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_do_not_outrun_the_limit(transactional_db):
    """Fourteen of twenty are spent; of sixteen more at the same moment exactly six pass."""
    spend(14, "export", person="7")
    passed = at_once(16, lambda _i: spend(1, "export", person="7"))
    assert sum(passed) == 6
    assert Usage.objects.get().n == 30


@pytest.mark.django_db(transaction=True)
def test_requests_counted_crosswise_do_not_lock_each_other(transactional_db):
    def one(i: int) -> int:
        pair = {"device": "d", "address": "a"} if i % 2 else {"address": "a", "device": "d"}
        return sum(spend(1, **pair) for _turn in range(5))

    assert sum(at_once(8, one)) == 40


# --- the address ---


def address(settings, proxies: int, forwarded: str | None, remote: str = "10.0.0.9") -> str:
    settings.ENV = settings.ENV.model_copy(update={"proxies": proxies})
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return sessions.address_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "198.51.100.7", "10.0.0.9"),  # nobody of ours wrote that
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the left one the client made up
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "garbage<script>", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_what_our_own_proxy_wrote(settings, proxies, forwarded, found):
    assert address(settings, proxies, forwarded) == found


def test_production_believes_one_proxy_and_a_laptop_none(tmp_path):
    from toli.config import texts
    from toli.config.env import Environment

    registered = tmp_path / "texts.toml"
    registered.write_text(texts.beginning().replace('""', '"1107160000000000001"'))
    safe = {
        "keys": "/k", "DATABASE_URL": "postgresql:///x", "allowed_hosts": "a.example", "public_url": "https://a.example",
        "contact_hi": "अधिकारी", "contact_en": "officer", "contact_address": "a@a.example", "sms_sender": "TOLIRJ",
        "sms_texts": registered,
    }  # fmt: skip
    assert Environment(mode="production", **safe).proxies == 1
    assert Environment(mode="production", proxies=0, **safe).proxies == 0
    assert Environment(mode="development").proxies == 0


# --- the pages ---


@pytest.fixture
def twice(monkeypatch):
    """Searching is allowed twice in a window that does not end while the test runs."""
    rare = limits.Limit(2, timedelta(days=4000))
    monkeypatch.setitem(limits.ACTS, "search", limits.Act(rare, rare, None, limits.ACTS["search"].sentence))


def search(client: Client, times: int, words: str = "ravi"):
    for _turn in range(times):
        answer = client.get("/desk/people/", {"q": words})
    return answer


def test_a_search_too_often_is_a_page_with_a_sentence_and_a_time(bilal, twice):
    client = bilal.client
    assert search(client, 2).status_code == 200
    refused = search(client, 1)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert "Please wait a minute and search again." in refused.content.decode()
    assert client.get("/desk/people/").status_code == 200, "the list itself stays open"
    assert search(client, 1, words=" ").status_code == 200


def test_the_sentence_is_hindi_on_a_hindi_page(bilal, twice):
    client = bilal.browser(second_factor=True, language="hi")
    assert "कृपया एक मिनट रुककर फिर खोजें" in search(client, 3).content.decode()


def test_a_number_opened_too_often_stays_closed_and_nothing_is_recorded(bilal, ravi, watch, monkeypatch):
    never = limits.Limit(0, timedelta(days=4000))
    monkeypatch.setitem(limits.ACTS, "reveal", limits.Act(never, None, None, limits.ACTS["reveal"].sentence))
    seen = watch()
    refused = bilal.client.post(f"/desk/people/{ravi.person.ref}/number/", {"reason": "task", "words": "the wall"})
    assert refused.status_code == 429
    assert "1000000006" not in refused.content.decode()
    assert seen.nothing_happened()


def test_a_form_refused_for_its_network_keeps_what_was_typed_and_leaves_no_draft(db, tree, monkeypatch):
    from django.utils import timezone
    from tests.cast import SYSTEM

    from toli.consent.first_notice import ensure_notice
    from toli.recruitment import services as recruitment

    now = timezone.now()
    notice = ensure_notice(actor=SYSTEM, now=now)
    recruitment.open_drive(
        actor=SYSTEM, key="youth", names={"hi": "जोड़ो", "en": "Join"}, scope=tree.state,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    tight = limits.Act(None, None, limits.Limit(0, limits.SECONDS), limits.SOON)
    monkeypatch.setitem(limits.ACTS, "join", tight)
    services.create_deployment(is_demo=True, now=now)
    sent = {
        "unit": str(tree.booth.ref), "notice": str(notice.ref), "skills": ["writing"], "declared": "on",
        "purpose_organise": "on", "wing": "", "name": "नीलम", "phone": "1000000942", "birth_year": "1998",
        "place_text": "वार्ड 3",
    }  # fmt: skip
    answer = Client(headers={"accept-language": "en"}).post("/join/youth/form/", sent)
    assert answer.status_code == 422
    assert str(limits.SOON) in answer.content.decode()
    assert "नीलम" in answer.content.decode()
    assert not Draft.objects.exists()
