import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.broadcasts.conftest import (
    build,
    cleared_item,
    plan_for,
    release,
    set_poll,
    shown,
    texts,
    valid_until,
)  # fmt: skip
from tests.content.conftest import wording

from toli.broadcasts import rules, services
from toli.broadcasts.models import Build, Document, Release
from toli.content import services as content
from toli.content.models import Item
from toli.elections import gate
from toli.kit.errors import BadInput, LimitReached, NeedsSecondFactor, NotAllowed, NotFound, WrongState


def test_an_approved_item_in_an_approved_release_reaches_the_streams_of_its_district_only(on_air, tree):
    assert texts(tree.sahara) == ["हर बूथ, हर घर"]
    assert texts(tree.sahara, tier="leaders", language="en") == ["Every booth, every home"]
    assert texts(tree.vallabhnagar) == []
    assert Item.objects.get(pk=on_air.pk).state == "out"


def test_there_is_a_document_for_every_constituency_tier_and_language(on_air):
    assert Document.objects.count() == 2 * 2 * 2


def test_an_item_approved_by_one_does_not_go_out(submitted, farah, gopal, tree):
    content.approve_item(actor=farah.actor, ref=submitted.ref, seen_hash=submitted.hash, now=timezone.now())
    release(submitted, farah, gopal, plan_for(tree.bhilwara))
    build()
    assert texts(tree.sahara) == []


def test_a_release_nobody_approved_lets_nothing_out(approved, farah, tree):
    services.make_release(actor=farah.actor, thing=approved, plan=plan_for(tree.bhilwara), now=timezone.now())
    build()
    assert texts(tree.sahara) == []


def test_an_edited_item_is_gone_at_the_next_building(on_air, bilal, tree):
    content.edit_item(actor=bilal.actor, ref=on_air.ref, wording=wording("बदला हुआ"), now=timezone.now())
    assert build() > 0
    assert texts(tree.sahara) == []


def test_a_withdrawn_item_is_gone_at_the_next_building(on_air, bilal, tree):
    content.withdraw_item(actor=bilal.actor, ref=on_air.ref, reason="", now=timezone.now())
    build()
    assert texts(tree.sahara) == []


def test_a_withdrawn_release_is_gone_at_the_next_building(on_air, farah, tree):
    services.withdraw_release(
        actor=farah.acting(second_factor=False), ref=Release.objects.get().ref, now=timezone.now()
    )
    build()
    assert texts(tree.sahara) == []


def test_widening_the_audience_withdraws_the_release(on_air, asha, tree):
    before = Release.objects.get()
    services.change_release(actor=asha.actor, ref=before.ref, plan=plan_for(tree.state), now=timezone.now())
    assert Release.objects.get().state == "submitted"
    build()
    assert texts(tree.sahara) == []
    with pytest.raises(NotAllowed):
        services.approve_release(
            actor=asha.actor, ref=before.ref, seen_hash=Release.objects.get().hash, now=timezone.now()
        )


def test_nobody_approves_their_own_release(approved, farah, tree, watch):
    made = services.make_release(actor=farah.actor, thing=approved, plan=plan_for(tree.bhilwara), now=timezone.now())
    seen = watch()
    with pytest.raises(NotAllowed):
        services.approve_release(actor=farah.actor, ref=made.ref, seen_hash=made.hash, now=timezone.now())
    assert Release.objects.get().state == "submitted"
    assert seen.nothing_happened()


def test_one_approves_the_audience_one_saw(approved, farah, gopal, tree, watch):
    made = services.make_release(actor=farah.actor, thing=approved, plan=plan_for(tree.sahara), now=timezone.now())
    services.change_release(actor=farah.actor, ref=made.ref, plan=plan_for(tree.bhilwara), now=timezone.now())
    seen = watch()
    with pytest.raises(WrongState):
        services.approve_release(actor=gopal.actor, ref=made.ref, seen_hash=made.hash, now=timezone.now())
    assert seen.nothing_happened()


def test_publishing_needs_the_second_factor_and_ones_own_charge(approved, farah, dev, tree, watch):
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        services.make_release(
            actor=farah.acting(second_factor=False), thing=approved, plan=plan_for(tree.sahara), now=timezone.now()
        )
    with pytest.raises(NotFound):
        services.make_release(actor=farah.actor, thing=approved, plan=plan_for(tree.vallabhnagar), now=timezone.now())
    with pytest.raises(NotFound):
        services.make_release(actor=dev.actor, thing=approved, plan=plan_for(tree.sahara), now=timezone.now())
    with pytest.raises(BadInput):
        services.make_release(actor=farah.actor, thing=approved, plan=plan_for(tree.booth), now=timezone.now())
    assert Release.objects.count() == 0
    assert seen.nothing_happened()


def test_the_state_releases_to_every_constituency_in_it(approved, asha, farah, gopal, tree, bilal):
    item = cleared_item(bilal, [farah, gopal], tree.bhilwara)
    plan = plan_for(tree.state)
    made = services.make_release(actor=asha.actor, thing=item, plan=plan, now=timezone.now())
    with pytest.raises(NotFound):  # the approver needs the whole audience in charge
        services.approve_release(actor=gopal.actor, ref=made.ref, seen_hash=made.hash, now=timezone.now())


def test_leaders_and_workers_have_streams_of_their_own(approved, farah, gopal, tree):
    release(approved, farah, gopal, plan_for(tree.bhilwara, tier="leaders"))
    build()
    assert texts(tree.sahara, tier="leaders") == ["हर बूथ, हर घर"]
    assert texts(tree.sahara, tier="workers") == []


def test_an_item_of_one_constituency_and_day_stays_there_and_then(bilal, farah, gopal, tree):
    from toli.kit.dates import local_day

    now = timezone.now()
    today = local_day(now)
    item = cleared_item(bilal, [farah, gopal], tree.bhilwara, constituency_id=tree.sahara.pk, on_date=today)
    old = cleared_item(
        bilal, [farah, gopal], tree.bhilwara, text="कल का", constituency_id=tree.sahara.pk,
        on_date=today - timedelta(days=1),
    )  # fmt: skip
    for one in (item, old):
        release(one, farah, gopal, plan_for(tree.bhilwara))
    build()
    assert texts(tree.sahara) == ["हर बूथ, हर घर"]


def test_a_release_begins_and_ends_by_itself(approved, farah, gopal, tree):
    now = timezone.now()
    release(approved, farah, gopal, plan_for(tree.bhilwara, starts=now + timedelta(minutes=2), minutes=30))
    build(now)
    assert texts(tree.sahara) == []
    build(now + timedelta(minutes=3))
    assert texts(tree.sahara) == ["हर बूथ, हर घर"]
    build(now + timedelta(minutes=33))
    assert texts(tree.sahara) == []


# Silence


def test_silence_stops_appeals_and_passes_internal_and_civic_ones(on_air, bilal, farah, gopal, tree):
    internal = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="सुबह छह बजे बूथ पर पहुँचें", matter="internal")
    civic = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="मतदान सुबह सात बजे से", matter="civic")
    for one in (internal, civic):
        release(one, farah, gopal, plan_for(tree.bhilwara))
    closes = set_poll(tree.sahara)
    build(closes - timedelta(hours=30))
    assert sorted(texts(tree.sahara)) == ["मतदान सुबह सात बजे से", "सुबह छह बजे बूथ पर पहुँचें"]
    told = {item["text"]: item for item in shown(tree.sahara)["items"]}
    assert "share_until" not in told["सुबह छह बजे बूथ पर पहुँचें"]
    assert shown(tree.sahara)["silent_until"] == closes.timestamp()
    assert Build.objects.get().held == {"1": 1}


def test_a_document_ends_when_silence_begins_and_so_does_sharing(on_air, tree):
    begins = set_poll(tree.sahara) - timedelta(hours=48)
    build(begins - timedelta(minutes=5))
    assert texts(tree.sahara) == ["हर बूथ, हर घर"]
    assert valid_until(tree.sahara) == begins
    assert shown(tree.sahara)["items"][0]["share_until"] == int(begins.timestamp())
    build(begins)
    assert texts(tree.sahara) == []


def test_a_district_in_one_of_whose_seats_silence_holds_goes_on_in_the_other(asha, farah, gopal, bilal, tree):
    from tests import cast

    second = cast.add_unit("constituency", "आसींद", "Asind", tree.bhilwara)
    item = cleared_item(bilal, [farah, gopal], tree.bhilwara)
    release(item, farah, gopal, plan_for(tree.bhilwara))
    closes = set_poll(tree.sahara)
    build(closes - timedelta(hours=30))
    assert texts(tree.sahara) == []
    assert texts(second) == ["हर बूथ, हर घर"]


def test_no_document_lives_longer_than_a_verdict(on_air, tree):
    assert valid_until(tree.sahara) <= timezone.now() + timedelta(minutes=15)


def test_with_the_gate_forced_to_no_nothing_is_shown(approved, farah, gopal, tree, monkeypatch):
    def never(subject, unit_id, channel, now, *, windows):
        return gate._no(subject, unit_id, now, windows, "silence", "unknown_kind")

    monkeypatch.setattr(gate, "may_publish", never)
    release(approved, farah, gopal, plan_for(tree.bhilwara))
    build()
    assert texts(tree.sahara) == []
    assert Item.objects.get(pk=approved.pk).state == "approved"


def test_a_line_is_not_written_without_the_verdict_of_this_item_here(approved, tree):
    from toli.broadcasts.documents import Maker, Place
    from toli.broadcasts.draw import Candidate
    from toli.content.rules import subject_of
    from toli.elections.windows import Windows

    now = timezone.now()
    maker = Maker(now=now, windows=Windows(), offers=[], next_in=4)
    candidate = Candidate(approved.pk, approved.unit_id, 1, 12, now, now + timedelta(hours=1), "all")
    elsewhere = gate.may_publish(subject_of(approved), tree.vallabhnagar.pk, gate.PULSE, now, windows=Windows())
    with pytest.raises(gate.NotCleared):
        maker._cleared(
            {approved.pk: approved}, {approved.pk: elsewhere}, candidate, Place(tree.sahara.pk, tree.sahara.path)
        )


def test_ten_thousand_releases_in_a_minute_are_refused_with_a_sentence_and_what_runs_keeps_its_order(
    on_air, farah, gopal, bilal, tree, watch
):
    second = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="दूसरी बात")
    release(second, farah, gopal, plan_for(tree.bhilwara))
    build()
    before = texts(tree.sahara)
    first = Release.objects.first()
    flood = Release.objects.filter(pk=first.pk).values(
        "unit_id", "item_id", "scope", "channels", "starts_at", "ends_at", "hash", "made_at"
    )[0]
    Release.objects.bulk_create(Release(**flood) for _n in range(rules.MOST_OF_A_DESK - 2))
    seen = watch()
    for _n in range(3):
        with pytest.raises(LimitReached, match="500"):
            services.make_release(actor=farah.actor, thing=on_air, plan=plan_for(tree.sahara), now=timezone.now())
    assert Release.objects.count() == rules.MOST_OF_A_DESK
    assert seen.nothing_happened()
    build()
    assert texts(tree.sahara) == before == ["हर बूथ, हर घर", "दूसरी बात"]


# Quiet work


def test_nothing_is_built_while_nothing_changes(on_air):
    assert build() == 0


def test_a_new_round_of_a_small_pool_changes_no_words(on_air, tree):
    later = timezone.now() + timedelta(minutes=21)
    build(later)
    once = Document.objects.get(stream__startswith=f"{tree.sahara.pk}.workers.hi").etag
    build(later + timedelta(minutes=10))
    assert Document.objects.get(stream__startswith=f"{tree.sahara.pk}.workers.hi").etag == once


def test_the_document_names_nobody(on_air, tree):
    told = json.dumps(shown(tree.sahara), ensure_ascii=False)
    for word in ("Bilal", "Farah", "person", "911"):
        assert word not in told
