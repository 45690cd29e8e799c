"""Campaigns, series and episodes: their days, their gaps, and what stands on the calendar."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.content.conftest import wording
from tests.content.test_races import at_once

from toli.content import queries, services
from toli.content.models import Episode, Fill
from toli.content.series import Filled, gaps
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState

TODAY = local_day(timezone.now())
NAME = {"hi": "पाँच मिनट गाँव के", "en": "Five minutes of the village"}


def open_series(member, unit, *, seats=(), weekdays=range(7), days=7, languages=("hi", "en")):
    now, until = timezone.now(), TODAY + timedelta(days=days - 1)
    campaign = services.open_campaign(
        actor=member.actor, unit=unit, title=NAME, starts_on=TODAY, ends_on=until, now=now
    )
    plan = services.Plan(NAME, "text", TODAY, until, list(weekdays), list(languages), [seat.pk for seat in seats])
    return services.open_series(actor=member.actor, campaign_ref=campaign.ref, plan=plan, now=now)


def episode(member, series, day=TODAY):
    return services.plan_episode(actor=member.actor, series_ref=series.ref, on_date=day, title=NAME, now=timezone.now())


def text(member, unit, words="कड़ी", seat=None):
    said = wording(words, kind="text", constituency_id=seat.pk if seat else None)
    return services.write_item(actor=member.actor, unit=unit, wording=said, now=timezone.now())


def fill(member, where, item, language="", seat=None):
    return services.fill_episode(
        actor=member.actor, ref=where.ref, item_ref=item.ref, language=language, constituency=seat, now=timezone.now()
    )


def clear(item, writer, *approvers):
    services.submit_item(actor=writer.actor, ref=item.ref, now=timezone.now())
    for member in approvers:
        services.approve_item(actor=member.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())


def first_day(series):
    return queries.days_of_series(series)[0][0]


def test_a_gap_keeps_its_number_and_says_what_it_lacks():
    class Plan:
        from_on, until_on, weekdays = date(2026, 3, 2), date(2026, 3, 9), [0, 2]

    filled = {
        Plan.from_on: [Filled("hi", None, True), Filled("", 5, True)],
        date(2026, 3, 9): [Filled("", None, True), Filled("", 5, False), Filled("en", 6, True)],
    }
    monday, wednesday, last = gaps(Plan, ("hi", "en"), (5, 6), filled)
    assert (monday.number, monday.languages, monday.seats, monday.waiting) == (1, ("en",), (6,), 0)
    assert (wednesday.number, wednesday.planned, wednesday.whole) == (2, False, False)
    assert (last.number, last.languages, last.seats, last.waiting) == (3, (), (), 1)


def test_an_episode_is_whole_when_every_language_and_seat_is_cleared(bilal, farah, gopal, tree, watch):
    series = open_series(bilal, tree.bhilwara, seats=[tree.sahara])
    today = episode(bilal, series)
    assert episode(bilal, series) == today
    assert (today.number, first_day(series).languages, first_day(series).seats) == (1, ("hi", "en"), (tree.sahara.pk,))
    hindi, english, own = (text(bilal, tree.bhilwara, w, seat) for w, seat in
                           (("एक", None), ("दो", None), ("तीन", tree.sahara)))  # fmt: skip
    fill(bilal, today, hindi, "hi")
    fill(bilal, today, english, "en")
    fill(bilal, today, own, seat=tree.sahara)
    assert (first_day(series).languages, first_day(series).seats, first_day(series).waiting) == ((), (), 3)
    for item in (hindi, english, own):
        clear(item, bilal, farah, gopal)
    assert first_day(series).whole
    # Edited between approval and its day: the yes was for other words, so the day has a gap again and says so.
    services.edit_item(actor=bilal.actor, ref=hindi.ref, wording=wording("नया", kind="text"), now=timezone.now())
    assert (first_day(series).whole, first_day(series).waiting) == (False, 1)
    [entry] = [e for e in queries.calendar(bilal.actor, TODAY, TODAY)[TODAY] if e.ref == hindi.ref]
    assert (entry.state, entry.turn.whose, entry.number) == ("draft", "writer", 1)
    assert queries.cleared_items(item_ids=[hindi.pk], sheet_ids=[]) == []
    # Withdrawn: the place is free again.
    services.withdraw_item(actor=bilal.actor, ref=hindi.ref, reason="पुराना", now=timezone.now())
    assert first_day(series).languages == ("hi",)
    fill(bilal, today, text(bilal, tree.bhilwara, "चार"), "hi")
    assert first_day(series).languages == ()


def test_a_taken_place_and_an_item_of_another_place_are_refused(bilal, dev, meera, tree, watch):
    series = open_series(bilal, tree.bhilwara, seats=[tree.sahara])
    today, item, own = episode(bilal, series), text(bilal, tree.bhilwara), text(bilal, tree.bhilwara, seat=tree.sahara)
    fill(bilal, today, item, "hi")
    seen, count = watch(), Fill.objects.count()
    other = text(bilal, tree.bhilwara, "और")
    seen = watch()
    for language in ("hi", ""):
        with pytest.raises(WrongState):
            fill(bilal, today, other, language)
    with pytest.raises(BadInput):
        fill(bilal, today, own, "en")
    with pytest.raises(BadInput):
        fill(bilal, today, item, "en", seat=tree.sahara)
    with pytest.raises(NotFound):
        fill(dev, today, other, "en")
    with pytest.raises(NotAllowed):
        fill(meera, today, other, "en")
    with pytest.raises(BadInput):
        episode(bilal, series, TODAY + timedelta(days=40))
    assert seen.nothing_happened()
    assert Fill.objects.count() == count


def test_a_constituency_in_two_series_has_its_own_gap_in_each(bilal, tree):
    one, two = (open_series(bilal, tree.bhilwara, seats=[tree.sahara]) for _n in range(2))
    item = text(bilal, tree.bhilwara, seat=tree.sahara)
    fill(bilal, episode(bilal, one), item, seat=tree.sahara)
    other = episode(bilal, two)
    assert (first_day(one).seats, first_day(two).seats) == ((), (tree.sahara.pk,))
    fill(bilal, other, item, seat=tree.sahara)
    assert first_day(two).seats == ()
    entries = queries.calendar(bilal.actor, TODAY, TODAY)[TODAY]
    assert len([e for e in entries if e.ref == item.ref]) == 2
    assert queries.calendar_counts(bilal.actor, TODAY, TODAY)[TODAY]["draft"] == 1


def test_the_lead_of_a_seat_fills_its_variant_and_nothing_else(bilal, tree):
    lead = cast.cast_member("Lata Meena", "+911000000031", tree.sahara, "constituency_team", "constituency_lead")
    series = open_series(bilal, tree.bhilwara, seats=[tree.sahara])
    today = episode(bilal, series)
    fill(lead, today, text(lead, tree.sahara, seat=tree.sahara), seat=tree.sahara)
    assert first_day(series).seats == ()
    with pytest.raises(NotAllowed):
        fill(lead, today, text(lead, tree.sahara), "hi")


def test_the_calendar_counts_what_it_lists(bilal, tree):
    series = open_series(bilal, tree.bhilwara)
    episode(bilal, series)
    dated = wording("आज", kind="text", constituency_id=tree.sahara.pk, on_date=TODAY)
    services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=dated, now=timezone.now())
    assert dict(queries.calendar_counts(bilal.actor, TODAY, TODAY)[TODAY]) == {"empty": 1, "draft": 1}
    assert sorted(e.state for e in queries.calendar(bilal.actor, TODAY, TODAY)[TODAY]) == ["draft", "empty"]
    for address in ("", "?view=month", "?view=month&on=2026-13-45", "?on=9999-12-31", f"?on={TODAY}"):
        assert bilal.client.get(f"/desk/content/calendar/{address}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_people_fill_one_episode_at_once_and_one_stands_there(bilal, farah, tree):
    series = open_series(bilal, tree.bhilwara)
    today = episode(bilal, series)
    items = [text(bilal, tree.bhilwara, words) for words in ("एक", "दो")]
    results = at_once(*(
        lambda member=member, item=item: fill(member, today, item, "hi")
        for member, item in zip((bilal, farah), items, strict=True)
    ))  # fmt: skip
    assert sum(isinstance(one, WrongState) for one in results) == 1
    assert Fill.objects.filter(episode=Episode.objects.get()).count() == 1
