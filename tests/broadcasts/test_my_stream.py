import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from toli.broadcasts import queries, services, share
from toli.broadcasts.pulse import address
from toli.kit.errors import NotFound

NOW = datetime.fromisoformat("2026-04-15T12:00:00+05:30")


def test_a_volunteer_follows_the_constituency_they_live_in(chitra, tree):
    link = queries.stream_for(chitra.actor, now=NOW, language="hi")
    assert (link.unit, link.stream.tier, link.stream.language, link.own) == (tree.sahara, "workers", "hi", True)
    assert queries.stream_for(chitra.actor, now=NOW, language="en").stream.language == "en"


def test_leaders_hear_the_leaders_stream_and_who_has_no_seat_the_workers(bilal, ravi, tree):
    services.follow(actor=bilal.actor, unit_ref=tree.sahara.ref, now=NOW)
    assert queries.stream_for(bilal.actor, now=NOW).stream.tier == "leaders"
    assert queries.stream_for(ravi.actor, now=NOW).stream.tier == "workers"


def test_above_a_constituency_one_is_chosen(asha, tree):
    assert queries.stream_for(asha.actor, now=NOW) is None
    services.follow(actor=asha.actor, unit_ref=tree.vallabhnagar.ref, now=NOW)
    assert queries.stream_for(asha.actor, now=NOW).unit == tree.vallabhnagar
    services.follow(actor=asha.actor, unit_ref=None, now=NOW)
    assert queries.stream_for(asha.actor, now=NOW) is None
    with pytest.raises(NotFound):
        services.follow(actor=asha.actor, unit_ref=tree.booth.ref, now=NOW)


def test_all_phones_of_a_stream_ask_for_the_same_address_within_the_hour(chitra, ravi):
    first, second = (queries.stream_for(one.actor, now=NOW, language="hi") for one in (chitra, ravi))
    assert first.url == second.url
    assert first.tell_url != second.tell_url
    assert queries.stream_for(chitra.actor, now=NOW + timedelta(hours=2), language="hi").url != first.url


def test_the_address_is_checked_without_the_database_and_names_no_person(chitra, tree):
    link = queries.stream_for(chitra.actor, now=NOW)
    path = "/" + link.tell_url.split("/", 3)[3]
    found = address.read_receipt(queries.pulse_key(), path.encode())
    assert found.unit_id == tree.booth.pk
    assert str(chitra.person.pk) not in path.split("/")[4:]
    assert found.reader != address.reader_of(queries.pulse_key(), person_id=chitra.person.pk, day="2026-04-16")
    assert address.read_receipt(b"x" * 32, path.encode()) is None


def test_an_address_lives_between_a_half_and_one_and_a_half_hours():
    for start in range(0, 7200, 300):
        now = time.time() + start
        found = address.read_stream(b"k", address.stream_path(b"k", stream="1.workers.hi", now=now).encode())
        assert 1799 <= found.expires - now <= 5401


def test_what_is_shared_says_whose_words_they_are_and_who_shares(chitra, tree):
    told = {"text": "हर बूथ", "source": "प्रदेश समिति", "share_until": NOW.timestamp() + 60, "matter": "appeal"}
    who = share.sharer(chitra.actor, tree.sahara, "hi")
    line = share.line(told, sharer=who, now=NOW)
    assert line.text.startswith("हर बूथ\n— प्रदेश समिति\n")
    assert who in line.text
    assert "पार्टी स्वयंसेवक, बूथ प्रभारी" in who
    own = share.line(
        {**told, "paste": "हर बूथ, हमारा बूथ"}, sharer=who, now=NOW, words=share.own_words(" हमारी गली \n" * 90)
    )
    assert own.text.startswith("हमारी गली")
    assert "\nहर बूथ, हमारा बूथ\n— प्रदेश समिति\n" in own.text
    assert "Chitra" not in line.text
    assert chitra.number not in line.text
    assert line.whatsapp.startswith("https://wa.me/?text=")


def test_after_its_time_and_for_internal_words_there_is_nothing_to_share():
    told = {"text": "हर बूथ", "source": "प्रदेश समिति", "share_until": NOW.timestamp(), "matter": "appeal"}
    assert share.line(told, sharer="x", now=NOW).whatsapp == ""
    assert share.line({"text": "a", "source": "b", "matter": "internal"}, sharer="x", now=NOW).text == ""


def test_new_addresses_for_a_phone(chitra, client):
    answer = chitra.client.get("/me/pulse/addresses/")
    assert answer.status_code == 200
    assert set(answer.json()) == {"url", "tell", "renew_at"}
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert client.get("/me/pulse/addresses/").status_code == 302
    assert timezone.now().timestamp() < answer.json()["renew_at"]
