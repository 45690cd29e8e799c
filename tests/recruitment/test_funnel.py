"""The funnel of a drive is what the facts say, in every unit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import Applicant

from toli.org import paths
from toli.org.models import Role, TeamKind, Unit
from toli.people.models import Person
from toli.recruitment import queries, services
from toli.recruitment.forecast import forecast
from toli.recruitment.models import Application, DrivePlace, FunnelRow

MONDAY = date(2026, 11, 2)


@pytest.fixture
def crowd(drive, answers, tree):
    """Three at one booth (one twice the same person by flag), one at another, one who left again."""
    people = []
    for n, booth in enumerate([tree.booths[0], tree.booths[0], tree.booths[0], tree.booths[1], tree.booths[1]]):
        given = answers | {"unit": str(booth.ref), "phone": f"10000001{n:02}"}
        people.append(Applicant().apply(given))
    Person.objects.filter(pk=people[1].person_id).update(duplicate_flag=True)
    services.withdraw(actor=cast.CastMember(people[4].person, "").actor, ref=people[4].ref, now=timezone.now())
    Application.objects.filter(pk=people[0].pk).update(score=7_000, state="placed")
    team, role = TeamKind.objects.get(key="booth_team"), Role.objects.get(key="booth_youth")
    DrivePlace.objects.create(drive=drive, unit=tree.booths[1], team_kind=team, role=role, capacity=4)
    return people


def facts_of(drive, unit) -> tuple[int, ...]:
    """The same figures, one row after the other."""
    live = [a for a in Application.objects.select_related("unit", "person") if a.state != "withdrawn"]
    mine = [a for a in live if paths.is_within(a.unit.path, unit.path)]
    seats = sum(
        p.capacity for p in DrivePlace.objects.select_related("unit") if paths.is_within(p.unit.path, unit.path)
    )
    return (
        len(mine), sum(not a.person.duplicate_flag for a in mine), sum(a.score is not None for a in mine),
        sum(a.state == "placed" for a in mine), seats,
    )  # fmt: skip


def test_every_unit_shows_what_the_facts_say(drive, crowd):
    services.count_funnel(drive=drive, now=timezone.now())
    rows = {row.unit_id: row for row in FunnelRow.objects.filter(drive=drive)}
    for unit in Unit.objects.exclude(path=""):
        row = rows.get(unit.pk, FunnelRow())
        told = (row.applied, row.verified, row.interviewed, row.accepted, row.seats)
        assert told == facts_of(drive, unit), unit
    assert Counter(row.applied for row in rows.values())[4] >= 3


def test_counting_again_follows_what_changed(drive, crowd, tree):
    services.count_funnel(drive=drive, now=timezone.now())
    Application.objects.filter(pk=crowd[3].pk).update(state="withdrawn")
    DrivePlace.objects.all().update(withdrawn_at=timezone.now())
    services.count_funnel(drive=drive, now=timezone.now())
    row = FunnelRow.objects.get(drive=drive, unit=tree.state)
    assert (row.applied, row.seats) == (3, 0)
    assert not FunnelRow.objects.filter(unit=tree.booths[1]).exists()


def test_a_drive_is_not_counted_again_before_it_rested(drive, crowd):
    now = timezone.now()
    assert services.count_funnels(now=now) == 1
    assert services.count_funnels(now=now + timedelta(seconds=10)) == 0
    assert services.count_funnels(now=now + timedelta(minutes=10)) == 1


def test_the_board_leads_down_to_the_booth_and_no_further_than_ones_charge(drive, crowd, tree, bilal, dev, meera):
    services.count_funnel(drive=drive, now=timezone.now())
    page = bilal.client.get("/desk/drives/youth/").content.decode()
    assert f"?unit={tree.sahara.ref}" in page
    page = bilal.client.get("/desk/drives/youth/", {"unit": str(tree.booths[1].ref)})
    assert "3 short" in page.content.decode()
    assert dev.client.get("/desk/drives/youth/", {"unit": str(tree.booths[1].ref)}).status_code == 404
    assert meera.client.get("/desk/drives/youth/").status_code == 404


def test_a_figure_is_graded_by_what_is_verified_and_how_old_it_is(drive, crowd, tree):
    now = timezone.now()
    assert queries.funnel(drive, tree.state, now=now).grade == "D"
    services.count_funnel(drive=drive, now=now)
    assert queries.funnel(drive, tree.state, now=now).grade == "B"
    assert queries.funnel(drive, tree.booths[1], now=now).grade == "A"
    assert queries.funnel(drive, tree.booths[1], now=now + timedelta(minutes=20)).grade == "B"


def days(counts: list[int], first: date = MONDAY) -> dict[date, int]:
    return {first + timedelta(days=n): count for n, count in enumerate(counts)}


def test_an_even_stream_goes_on_as_it_was():
    today = MONDAY + timedelta(days=14)
    told = forecast(days([100] * 14), so_far=1400, first=MONDAY, today=today, last=today + timedelta(days=9))
    assert told.likely == 1400 + 950
    assert 1400 < told.low < told.likely < told.high
    assert (told.reaches(told.low), told.reaches(told.high), told.reaches(told.high + 1)) == ("yes", "open", "no")


def test_a_week_with_full_sundays_forecasts_a_sunday():
    today = MONDAY + timedelta(days=14)
    week = [10, 10, 10, 10, 10, 10, 200]
    six = forecast(days(week * 2), so_far=0, first=MONDAY, today=today, last=today + timedelta(days=5))
    seven = forecast(days(week * 2), so_far=0, first=MONDAY, today=today, last=today + timedelta(days=6))
    assert seven.likely - six.likely > 5 * six.likely / 5


def test_wild_days_make_a_wider_band_than_even_ones():
    today, last = MONDAY + timedelta(days=14), MONDAY + timedelta(days=28)
    even = forecast(days([100] * 14), so_far=1400, first=MONDAY, today=today, last=last)
    wild = forecast(days([20, 180, 60, 140, 10, 190, 100] * 2), so_far=1400, first=MONDAY, today=today, last=last)
    assert wild.high - wild.low > even.high - even.low


def test_nothing_is_forecast_from_three_days():
    today = MONDAY + timedelta(days=3)
    assert forecast(days([5, 5, 5]), so_far=15, first=MONDAY, today=today, last=today) is None
