"""Long lists are paged by where the last page ended, and what stands above them was counted at a time they name."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.recruitment.test_funnel import crowd  # noqa: F401  pytest finds it here

from toli.recruitment import queries, services
from toli.recruitment.models import Application, DrivePlace
from toli.ui.keyset import page_of


def walk(rows, way: str, page) -> list:
    """The refs of every page that follows, one page after the other."""
    found = []
    while mark := getattr(page, way):
        page = page_of(rows, {way: str(mark)}, size=2)
        found.append([row.ref for row in page])
    return found


@pytest.mark.parametrize("order", [("submitted_at", "id"), ("-state", "-submitted_at", "id"), ("unit__path", "-id")])
def test_every_row_comes_once_forward_and_back_also_where_the_first_column_is_the_same(crowd, order):  # noqa: F811
    rows = Application.objects.order_by(*order)
    whole = [row.ref for row in rows]
    first = page_of(rows, {}, size=2)
    assert ([row.ref for row in first], first.before) == (whole[:2], None)
    assert walk(rows, "after", first) == [whole[2:4], whole[4:]]
    last = page_of(rows, {"after": str(whole[3])}, size=2)
    assert (last.rows[-1].ref, last.after) == (whole[-1], None)
    assert walk(rows, "before", last) == [whole[2:4], whole[:2]]


@pytest.mark.parametrize("said", ["", "5", "x" * 500, "0192f0c1-7a00-7000-8000-000000000000", "\x00"])
def test_an_address_that_names_no_row_leads_to_the_first_page(crowd, said):  # noqa: F811
    rows = Application.objects.order_by("-supporter_at", "id")
    for way in ("after", "before"):
        assert len(page_of(rows, {way: said}, size=2)) == 2
    assert len(page_of(rows, {"after": str(crowd[0].ref)}, size=2)) == 2, "a column without a value marks no place"


def test_a_row_outside_the_charge_marks_a_place_and_shows_nothing_of_itself(crowd, drive, bilal, dev):  # noqa: F811
    for way in ("after", "before"):
        assert not dev.client.get("/desk/applicants/", {way: str(crowd[0].ref)}).context["rows"]
    page = bilal.client.get("/desk/applicants/", {"after": str(crowd[1].ref)})
    assert [row.ref for row, _name, _masked in page.context["rows"]] == [one.ref for one in crowd[2:]]


def test_the_counts_above_the_list_are_of_my_charge_and_say_when(crowd, drive, bilal, dev, tree):  # noqa: F811
    assert queries.state_counts(bilal.actor).at is None
    assert "not counted yet" in bilal.client.get("/desk/applicants/").content.decode()
    now = timezone.now()
    services.count_funnel(drive=drive, now=now)
    mine = queries.state_counts(bilal.actor)
    assert (mine.waiting, mine.offered, mine.placed, mine.at) == (3, 0, 1, now)
    assert queries.state_counts(dev.actor).waiting == 0
    assert queries.state_counts(bilal.actor, unit=tree.booths[1]).waiting == 1
    assert queries.state_counts(bilal.actor, drive="another").waiting == 0


def test_places_stand_in_the_trees_order_and_the_page_is_kept_in_the_address(crowd, drive, asha, tree):  # noqa: F811
    booths = DrivePlace.objects.get()
    DrivePlace.objects.create(drive=drive, unit=tree.bhilwara, team_kind=booths.team_kind, role=booths.role, capacity=2)
    first, second = queries.places_of(drive)
    assert (first.unit, second.unit) == (tree.bhilwara, tree.booths[1])
    for address in ("/desk/drives/youth/places/", "/desk/drives/youth/placement/"):
        page = asha.client.get(address, {"after": str(first.ref)})
        assert [row.pk for row in page.context["page"]] == [booths.pk]
        assert f"before={second.ref}" in page.content.decode()
