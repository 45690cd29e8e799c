"""Share links: what opens, what does not, and how visitors are counted without being known."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.broadcasts.conftest import cleared_item, plan_for, release, set_poll
from tests.content.conftest import wording

from toli.broadcasts import queries, services
from toli.broadcasts.links import Link, code_of, is_bot, read_code
from toli.broadcasts.models import LinkReach, LinkSalt, LinkTrace, Release
from toli.content import services as content
from toli.kit.dates import local_day

PHONE = "Mozilla/5.0 (Linux; Android 13; M2101K6P) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def open_link(client, item, unit, **headers):
    return client.get(f"/s/{code_of(item.pk, unit.pk)}/", headers={"User-Agent": PHONE, **headers})


def test_codes_name_a_text_and_a_place_and_nothing_else():
    for item, unit in ((1, 1), (35, 36), (46_655, 2), (10**9, 10**9)):
        assert read_code(code_of(item, unit)) == Link(item, unit)
    for junk in ("", "-", "a", "a-b-c", "A-B", "1-" + "z" * 40, "../x"):
        assert read_code(junk) is None


def test_previews_and_robots_are_told_from_phones():
    for agent in (
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1",
        "TelegramBot (like TwitterBot)",
        "curl/8.0",
        "",
        " ",
    ):
        assert is_bot(agent)
    assert not is_bot(PHONE)


def test_a_shared_text_opens_for_everybody_with_its_source_and_a_preview(on_air, client, tree):
    page = open_link(client, on_air, tree.sahara)
    said = page.content.decode()
    assert page.status_code == 200
    assert "हर बूथ, हर घर" in said
    assert 'property="og:title"' in said
    assert "no-store" in page.headers["Cache-Control"]
    for code in ("zzzzzz-1", f"{code_of(on_air.pk, 10**7)}", "nonsense"):
        assert client.get(f"/s/{code}/", headers={"User-Agent": PHONE}).status_code == 404


def test_what_was_edited_withdrawn_unreleased_or_is_internal_does_not_open(on_air, client, bilal, farah, gopal, tree):
    internal = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="कल सुबह बैठक", matter="internal")
    release(internal, farah, gopal, plan_for(tree.bhilwara))
    unreleased = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="अभी नहीं")
    assert open_link(client, internal, tree.sahara).status_code == 404
    assert open_link(client, unreleased, tree.sahara).status_code == 410
    assert open_link(client, on_air, tree.vallabhnagar).status_code == 410  # released to another district
    services.withdraw_release(actor=farah.actor, ref=Release.objects.first().ref, now=timezone.now())
    assert open_link(client, on_air, tree.sahara).status_code == 410
    release(on_air, farah, gopal, plan_for(tree.bhilwara))
    assert open_link(client, on_air, tree.sahara).status_code == 200
    content.edit_item(actor=bilal.actor, ref=on_air.ref, wording=wording("नई बात"), now=timezone.now())
    gone = open_link(client, on_air, tree.sahara)
    assert gone.status_code == 410
    assert "हर बूथ" not in gone.content.decode()
    assert "नई बात" not in gone.content.decode()


def test_a_silent_place_shows_the_reason_and_not_the_appeal(on_air, tree, client, monkeypatch):
    closes = set_poll(tree.sahara)
    monkeypatch.setattr(timezone, "now", lambda: closes - timedelta(hours=47))
    page = open_link(client, on_air, tree.sahara)
    assert page.status_code == 451
    assert "हर बूथ" not in page.content.decode()
    assert not LinkTrace.objects.exists()
    monkeypatch.setattr(timezone, "now", lambda: closes - timedelta(hours=49))
    assert open_link(client, on_air, tree.sahara).status_code == 200


def test_a_phone_counts_once_a_day_and_programs_do_not(on_air, client, tree):
    for _n in range(3):
        open_link(client, on_air, tree.sahara)
    open_link(client, on_air, tree.sahara, **{"User-Agent": PHONE + " other"})
    open_link(client, on_air, tree.sahara, **{"User-Agent": "WhatsApp/2.23"})
    client.head(f"/s/{code_of(on_air.pk, tree.sahara.pk)}/", headers={"User-Agent": PHONE + " third"})
    services.count_visits(now=timezone.now())
    assert queries.visits_of([on_air.pk], since=local_day(timezone.now())) == 2
    assert queries.visits_in(tree.sahara, day=local_day(timezone.now())) == 2
    assert services.count_visits(now=timezone.now()) == 0


def test_a_day_that_is_over_leaves_a_number_and_nothing_that_leads_to_anybody(on_air, tree):
    now, link = timezone.now(), Link(on_air.pk, tree.sahara.pk)
    for n in range(40):
        services.note_visit(link=link, address=f"10.0.0.{n}", agent=PHONE, now=now)
    services.count_visits(now=now + timedelta(days=1))
    assert not LinkTrace.objects.exists()
    assert not LinkSalt.objects.exists()
    assert abs(LinkReach.objects.get().n - 40) <= 2
    services.count_visits(now=now + timedelta(days=2))
    assert abs(LinkReach.objects.get().n - 40) <= 2


@pytest.mark.parametrize("many", [300, 5_000, 40_000])
def test_estimates_stay_within_four_standard_errors(db, many):
    now, dice = timezone.now(), random.Random(many)
    from toli.broadcasts.links import trace_of

    best: dict[int, int] = {}
    for _n in range(many):
        bucket, rank = trace_of(b"salt", Link(7, 8), str(dice.getrandbits(64)), PHONE)
        best[bucket] = max(rank, best.get(bucket, 0))
    LinkTrace.objects.bulk_create(
        LinkTrace(day=local_day(now), item_id=7, unit_id=8, bucket=b, rank=r) for b, r in best.items()
    )
    services.count_visits(now=now)
    assert abs(LinkReach.objects.get().n - many) <= 0.13 * many
