"""The board of any unit."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.org import services as org_services
from toli.org.models import Unit
from toli.warroom import queries


@pytest.fixture
def counted(asha, bilal, chitra, dev):
    """The cast sits, and all deltas are folded."""
    org_services.fold_counts()
    return timezone.now()


def read(actor, unit, now, **more):
    return queries.board(actor=actor, unit=unit, now=now, **more)


def test_the_whole_is_the_sum_of_the_tree(asha, tree, counted):
    board = read(asha.actor, tree.state, counted)
    assert (board.whole.norm, board.whole.accepted) == (4, 4)
    assert [row.names["en"] for row in board.rows] == ["Ajmer"]
    assert board.rows[0].accepted == 3


def test_units_of_a_lower_level_stand_side_by_side(asha, tree, counted):
    board = read(asha.actor, tree.state, counted, level="constituency")
    assert {row.names["en"]: row.accepted for row in board.rows} == {"Sahara": 1, "Vallabhnagar": 0}


def test_a_board_is_read_in_one_statement(asha, tree, counted, django_assert_num_queries):
    actor = asha.actor
    with django_assert_num_queries(1):
        read(actor, tree.state, counted)


def test_verified_people_give_grade_a_and_nobody_gives_d(asha, tree, counted):
    rows = {row.names["en"]: row.grade for row in read(asha.actor, tree.division, counted).rows}
    assert rows == {"Bhilwara": "A", "Udaipur": "A"}
    assert read(asha.actor, tree.vallabhnagar, counted).whole.grade == "D"


def test_figures_of_an_hour_ago_are_no_grade_a(asha, tree, counted):
    org_services.add_counts([(tree.booth.pk, None, "norm", 1, None)])
    board = read(asha.actor, tree.state, counted + timedelta(hours=1))
    assert board.whole.grade == "B"
    assert board.age > timedelta(minutes=59)


def test_drilling_down_ends_at_the_booth_with_its_seats(asha, tree, counted):
    page = asha.client.get(f"/desk/board/{tree.booth.ref}/")
    assert page.status_code == 200
    assert "Booth lead 1" in page.content.decode()


@pytest.mark.parametrize("view", ["", "?show=bars", "?show=tiles", "?only=short&sort=-silent&q=Aj", "?level=booth"])
def test_every_view_of_the_board_opens(asha, tree, counted, view):
    assert asha.client.get(f"/desk/board/{tree.state.ref}/{view}").status_code == 200


def test_a_filter_nobody_offers_is_no_filter(asha, tree, counted):
    page = asha.client.get(f"/desk/board/{tree.state.ref}/?only=%00x&level=moon&wing=9&sort=--&show=<b>")
    assert page.status_code == 200
    assert "Ajmer" in page.content.decode()


def test_another_district_does_not_exist_for_a_district_coordinator(bilal, tree, counted):
    for address in ("board/{}/", "board/{}/text/", "board/{}/ticker/", "short/{}/", "shifts/{}/"):
        assert bilal.client.get("/desk/" + address.format(tree.bhilwara.ref)).status_code == 200
        assert bilal.client.get("/desk/" + address.format(tree.udaipur.ref)).status_code == 404


def test_the_board_opens_at_the_top_of_ones_own_charge(bilal, counted):
    assert "Bhilwara" in bilal.client.get("/desk/board/").content.decode()


def test_without_a_seat_there_is_no_board(ravi, db):
    assert ravi.client.get("/desk/board/").status_code == 404


def test_the_text_for_the_group_is_hindi_and_short(asha, tree, counted):
    Unit.objects.filter(pk=tree.division.pk).update(names={"hi": "अजमेर" * 30, "en": "Ajmer"})
    text = asha.client.get(f"/desk/board/{tree.state.ref}/text/").content.decode()
    assert len(text) <= 1000
    assert "राजस्थान" in text
    assert "जुड़े" in text


def test_the_text_says_how_many_units_did_not_fit(asha, tree, counted):
    for n in range(60):
        cast.add_unit("division", f"संभाग संख्या {n} का लंबा नाम", f"Division {n}", tree.state)
    text = asha.client.get(f"/desk/board/{tree.state.ref}/text/").content.decode()
    assert len(text) <= 1000
    assert "और" in text.splitlines()[-1]


def test_the_board_falls_right_after_an_acceptance(asha, tree, counted):
    before = read(asha.actor, tree.state, counted).whole
    newcomer = cast.add_person("Nisha Rao", "+911000000050", home=tree.booth)
    cast.put_on_seat(newcomer, cast.add_seat(tree.booth, "booth_team", "booth_youth"))
    org_services.fold_counts()
    after = read(asha.actor, tree.state, timezone.now()).whole
    assert (after.accepted, after.norm) == (before.accepted + 1, before.norm + 1)


def test_the_ticker_tells_only_of_ones_own_charge(asha, bilal, dev, counted):
    mine = bilal.client.get(f"/desk/board/{bilal.seat.unit.ref}/ticker/").content.decode()
    assert "Bhilwara" in mine
    assert "Udaipur" not in mine


def test_who_may_not_see_records_sees_no_ticker(meera, tree, counted):
    assert "accepted" not in meera.client.get(f"/desk/board/{tree.state.ref}/ticker/").content.decode()


def test_who_is_short_names_the_team_and_the_next_act(asha, tree, counted):
    cast.add_seat(tree.vallabhnagar, "constituency_team", "constituency_member")
    page = asha.client.get(f"/desk/short/{tree.state.ref}/").content.decode()
    assert "Vallabhnagar" in page
    assert "Constituency team" in page


def test_the_board_says_what_changed_since_the_last_snapshot(asha, tree, counted):
    org_services.take_snapshot(at=counted - timedelta(hours=3), now=counted - timedelta(hours=3))
    newcomer = cast.add_person("Nisha Rao", "+911000000050", home=tree.booth)
    cast.put_on_seat(newcomer, cast.add_seat(tree.booth, "booth_team", "booth_youth"))
    org_services.fold_counts()
    page = asha.client.get(f"/desk/board/{tree.state.ref}/").content.decode()
    assert "1 since" in page
    board = read(asha.actor, tree.state, counted)
    assert (board.whole.change("accepted"), board.rows[0].change("accepted"), board.whole.change("active")) == (
        1,
        1,
        None,
    )
    assert read(asha.actor, tree.state, counted + timedelta(hours=30)).whole.change("accepted") is None
