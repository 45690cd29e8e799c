"""The board as on a kept moment: its figures, and the children of that day."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.kit.dates import local_at, local_day
from toli.org import queries as org
from toli.org import services as org_services
from toli.org.models import UnitLink
from toli.warroom import queries, rules

DAY = local_day(timezone.now()) - timedelta(days=3)
EIGHT, TWENTY = local_at(DAY, time(8)), local_at(DAY, time(20))


@pytest.fixture
def kept(asha, bilal, chitra, dev, tree):
    """Two snapshots three days ago, one person more in the second, and one more since."""
    org_services.fold_counts()
    org_services.take_snapshot(at=EIGHT, now=EIGHT)
    _join(tree, "+911000000051", 1)
    org_services.take_snapshot(at=TWENTY, now=TWENTY)
    _join(tree, "+911000000052", 2)
    return tree


def _join(tree, number, seat):
    person = cast.add_person("Nisha Rao", number, home=tree.booth)
    cast.put_on_seat(person, cast.add_seat(tree.booth, "booth_team", "booth_youth", seat))
    org_services.fold_counts()


def read_on(actor, unit, at, **more):
    return queries.board_on(actor=actor, unit=unit, slot=org.snapshot_slot(at + timedelta(seconds=1)), **more)


def test_a_kept_moment_is_shown_with_its_figures_and_compared_with_the_one_before(asha, kept):
    assert read_on(asha.actor, kept.state, EIGHT).whole.accepted == 4
    evening = read_on(asha.actor, kept.state, TWENTY)
    assert (evening.whole.accepted, evening.whole.change("accepted")) == (5, 1)
    assert (evening.rows[0].accepted, evening.rows[0].change("accepted")) == (4, 1)
    assert queries.board(actor=asha.actor, unit=kept.state, now=timezone.now()).whole.accepted == 6


def test_the_moment_stands_in_the_address_and_on_the_page(asha, kept):
    page = asha.client.get(f"/desk/board/{kept.state.ref}/?as_on={DAY}T20").content.decode()
    assert "As on" in page
    assert f"?as_on={DAY}T20" in page, "going down stays in that moment"
    assert 'hx-trigger="every' not in page, "what is kept does not change"
    text = asha.client.get(f"/desk/board/{kept.state.ref}/text/?as_on={DAY}T20").content.decode()
    assert "5" in text.splitlines()[1]
    day = asha.client.get(f"/desk/board/{kept.state.ref}/?day={DAY}&as_on=").content.decode()
    assert "As on" in day
    cleared = asha.client.get(f"/desk/board/{kept.state.ref}/?day=&as_on={DAY}T20").content.decode()
    assert "As on" not in cleared.replace('for="board_day">As on', "")


def test_a_day_without_figures_says_so(asha, kept):
    page = asha.client.get(f"/desk/board/{kept.state.ref}/?as_on=2020-01-01T08").content.decode()
    assert "No figures are kept of that day" in page


def test_a_late_snapshot_says_whose_figures_it_has(asha, kept):
    org_services.take_due_snapshot(now=local_at(DAY + timedelta(days=1), time(11)))
    page = asha.client.get(f"/desk/board/{kept.state.ref}/?as_on={DAY + timedelta(days=1)}T08").content.decode()
    assert "Late: figures of" in page
    assert read_on(asha.actor, kept.state, local_at(DAY + timedelta(days=1), time(8))).whole.grade == "B"


def test_the_children_are_those_of_that_day(asha, kept):
    """A district goes to another division the day after: the board of the day before still has it where it was."""
    other = cast.add_unit("division", "उदयपुर संभाग", "Udaipur division", kept.state)
    UnitLink.objects.filter(hierarchy="org").update(valid_from=date(2020, 1, 1))
    org_services.move_unit(actor=cast.SYSTEM, unit=kept.udaipur, parent=other, today=DAY + timedelta(days=1))
    then = read_on(asha.actor, kept.division, TWENTY)
    assert {row.names["en"] for row in then.rows} == {"Bhilwara", "Udaipur"}
    now = queries.board(actor=asha.actor, unit=kept.division, now=timezone.now())
    assert {row.names["en"] for row in now.rows} == {"Bhilwara"}
    side_by_side = read_on(asha.actor, kept.division, TWENTY, level="district")
    assert {row.names["en"] for row in side_by_side.rows} == {"Bhilwara", "Udaipur"}
    assert read_on(asha.actor, other, TWENTY).rows == []


def test_booths_of_an_old_snapshot_are_unknown_and_not_nought(asha, kept):
    org_services.drop_old_snapshots(now=EIGHT + timedelta(days=9))
    board = read_on(asha.actor, kept.state, TWENTY, level="booth")
    assert {row.figure("accepted") for row in board.rows} == {None}
    assert board.whole.accepted == 5
    assert asha.client.get(f"/desk/board/{kept.state.ref}/?as_on={DAY}T20&level=booth").status_code == 200


def test_a_unit_that_is_gone_still_has_its_board(asha, kept):
    from toli.org.models import Unit

    Unit.objects.filter(pk=kept.vallabhnagar.pk).update(active=False)
    assert asha.client.get(f"/desk/board/{kept.vallabhnagar.ref}/").status_code == 200


@pytest.mark.parametrize("view", ["", "&show=bars", "&show=tiles&figure=silent", "&show=map", "&only=short&wing=youth"])
def test_every_view_of_a_kept_moment_opens(asha, kept, view):
    assert asha.client.get(f"/desk/board/{kept.state.ref}/?as_on={DAY}T08{view}").status_code == 200


def test_words_that_are_no_moment_are_no_filter():
    wrong = ["", "x", "2026-13-01", "2026-02-30T08", "2026-01-01T25", "2026-01-01T8", "0001-01-01", "9999-12-31T23",
             "२०२६-०१-०१", "2026-01-01T08Z"]  # fmt: skip
    assert [rules.moment_asked(words) for words in wrong if words not in ("9999-12-31T23", "0001-01-01")] == [None] * 8
    assert rules.moment_asked("2026-04-16T08")[0] == local_at(date(2026, 4, 16), time(8))
    assert rules.moment_asked(rules.moment_key(EIGHT))[0] == EIGHT
    for edge in ("9999-12-31", "9999-12-31T23", "0001-01-01", "0001-01-01T00"):
        rules.moment_asked(edge)
