"""The daily line of a constituency: every step on the one before it, and whoever stands with what is missing."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.content.test_facts import files, needs_raqm, row  # noqa: F401 - a store of its own

from toli.content import daily, queries, services
from toli.content.models import DailyLine, Item
from toli.kit.dates import local_at, local_day
from toli.kit.errors import BadInput, NotFound, WrongState

TODAY = local_day(timezone.now())
SUN = date(2026, 3, 1)


@pytest.fixture
def lead(tree):
    return cast.cast_member("Lata Meena", "+911000000031", tree.sahara, "constituency_team", "constituency_lead")


@pytest.fixture
def fact(bilal, tree):
    return services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(), now=timezone.now())[0]


def choose(member, unit, fact, day=TODAY):
    return services.choose_fact(actor=member.actor, unit_ref=unit.ref, fact_ref=fact.ref, day=day, now=timezone.now())


def make_card(member, unit, day=TODAY):
    return services.make_line_card(actor=member.actor, unit_ref=unit.ref, day=day, now=timezone.now())


def standing(unit, day=TODAY):
    found = queries.daily_line(unit, day, now=timezone.now())
    return found.missing.step.key if found.missing else "", found.owner.name if found.owner else ""


def test_steps_are_late_next_or_waited_for_by_the_hours_of_the_day():
    steps = {step.key: step for step in daily.steps_on(SUN)}
    assert [steps[key].by for key in ("fact", "card", "approved", "pulse", "receipts")] == [
        time(5, 30), time(6, 30), time(7), time(7, 30), time(10)
    ]  # fmt: skip
    early = {s.step.key: s.state for s in daily.stands(SUN, (), local_at(SUN, time(5)))}
    assert (early["fact"], early["card"], early["groups"]) == ("next", "ahead", "waiting")
    later = {s.step.key: s.state for s in daily.stands(SUN, {"fact"}, local_at(SUN, time(6, 45)))}
    assert (later["fact"], later["card"], later["approved"], later["accounts"]) == ("done", "late", "ahead", "waiting")
    assert daily.missing(daily.stands(SUN, set(steps), local_at(SUN, time(11)))) is None


@needs_raqm
def test_a_line_goes_from_its_fact_to_the_receipts_and_falls_back_with_its_fact(
    lead, bilal, farah, gopal, dev, fact, tree, watch
):
    assert standing(tree.sahara) == ("fact", "Lata")
    line = choose(lead, tree.sahara, fact)
    seen = watch()
    assert choose(lead, tree.sahara, fact) == line
    assert seen.nothing_happened()
    assert standing(tree.sahara) == ("card", "Lata")
    item = make_card(lead, tree.sahara).item
    assert make_card(lead, tree.sahara).item == item
    assert (item.state, item.constituency_id, item.on_date, item.link) == (
        "submitted", tree.sahara.pk, TODAY, fact.source_link
    )  # fmt: skip
    assert standing(tree.sahara) == ("approved", "Bilal")
    for member in (farah, gopal):
        services.approve_item(actor=member.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())
    assert standing(tree.sahara) == ("pulse", "Bilal")
    services.mark_out([item.pk], now=timezone.now())
    # A step no room has reported waits; what is reported twice counts once; an item of no line is passed over.
    assert standing(tree.sahara) == ("groups", "Lata")
    states = {s.step.key: s.state for s in queries.daily_line(tree.sahara, TODAY, now=timezone.now()).stands}
    assert (states["groups"], states["accounts"], states["receipts"]) == ("waiting",) * 3
    for step, heard in (("groups", 1), ("groups", 0), ("accounts", 1), ("receipts", 1)):
        told = services.report_step(actor=cast.SYSTEM, item_ids=[item.pk, 0], step=step, now=timezone.now())
        assert told == heard
    assert standing(tree.sahara) == ("", "")
    assert [(r.unit, r.missing) for r in queries.daily_lines(bilal.actor, TODAY, now=timezone.now())] == [
        (tree.sahara, None)
    ]
    # The fact is withdrawn after everything: the card leaves the phones, and the line stands with its owner again.
    services.withdraw_fact(actor=bilal.actor, ref=fact.ref, reason="राशि ग़लत थी", now=timezone.now())
    assert standing(tree.sahara) == ("fact", "Lata")
    assert Item.objects.get(pk=item.pk).state == "withdrawn"
    assert queries.cleared_items(item_ids=[item.pk], sheet_ids=[]) == []
    page = lead.client.get(f"/desk/content/daily/{tree.sahara.ref}/").content.decode()
    assert "Lata" in page
    assert "राशि ग़लत थी" in page
    other, _fresh = services.add_fact(
        actor=bilal.actor, unit=tree.sahara, row=row(title_hi="पुल", title_en="Bridge"), now=timezone.now()
    )
    assert choose(lead, tree.sahara, other).fact == other
    assert standing(tree.sahara) == ("card", "Lata")
    assert dev.client.get(f"/desk/content/daily/{tree.sahara.ref}/").status_code == 404


@needs_raqm
def test_what_does_not_fit_the_line_is_refused_and_changes_nothing(lead, bilal, dev, meera, fact, tree, watch):
    far, _fresh = services.add_fact(
        actor=dev.actor, unit=tree.vallabhnagar, row=row(place="S20/155"), now=timezone.now()
    )
    other, _fresh = services.add_fact(
        actor=bilal.actor, unit=tree.sahara, row=row(title_hi="पुल", title_en="Bridge"),
        now=timezone.now(),
    )  # fmt: skip
    seen = watch()
    with pytest.raises(BadInput):
        choose(lead, tree.sahara, far)
    for member in (dev, meera):
        with pytest.raises(NotFound):
            choose(member, tree.sahara, fact)
    with pytest.raises(WrongState):
        choose(lead, tree.sahara, fact, TODAY - timedelta(days=1))
    with pytest.raises(BadInput):
        choose(lead, tree.sahara, fact, TODAY + timedelta(days=8))
    with pytest.raises(WrongState):
        make_card(lead, tree.sahara)
    assert seen.nothing_happened()
    assert not DailyLine.objects.exists()
    choose(lead, tree.sahara, fact)
    make_card(lead, tree.sahara)
    seen = watch()
    with pytest.raises(WrongState):
        choose(lead, tree.sahara, other)
    assert seen.nothing_happened()
    # An edited card has to be approved anew, and counts as none of the steps after it.
    [line] = DailyLine.objects.all()
    said = queries.wording_of(line.item)
    services.edit_item(
        actor=lead.actor, ref=line.item.ref, wording=replace(said, link="https://health.example.org/2"),
        media=line.item.media, now=timezone.now(),
    )  # fmt: skip
    assert standing(tree.sahara)[0] == "approved"


def test_an_empty_seat_stands_by_its_title(tree):
    found = queries.daily_line(tree.sahara, TODAY, now=timezone.now())
    assert (found.owner.name, found.owner.seat["en"]) == ("", "Constituency lead")
