"""The whole tree on one page: opened by touch, link or search, of any hierarchy, former units on demand."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from toli.kit.errors import NotFound
from toli.org import queries, services


def page(member, **asked):
    return member.client.get("/desk/tree/", asked)


def test_the_tree_opens_below_its_root(asha, tree):
    text = page(asha).content.decode()
    assert "Rajasthan" in text
    assert "Ajmer" in text
    assert "Borana" not in text


@pytest.mark.parametrize("words", ["Borana 2", "बोराणा 2", "borana 2"])
def test_a_search_in_any_spelling_opens_the_way_to_its_best_answer(asha, tree, words):
    text = page(asha, q=words).content.decode()
    assert re.search(r'class="here">Borana 2<', text)
    for above in ("Rajasthan", "Ajmer", "Bhilwara", "Sahara", "Raipur"):
        assert above in text


def test_a_deep_link_opens_the_way(asha, tree):
    text = page(asha, open=tree.far_booth.ref).content.decode()
    assert re.search(r'class="here">Kanod 1<', text)


def test_a_touch_brings_the_piece_below(asha, tree):
    text = asha.client.get(f"/desk/tree/{tree.raipur.ref}/", {"h": "org"}).content.decode()
    assert text.count("Borana") >= 3
    assert "<html" not in text


def test_a_district_sees_its_own_tree_and_nothing_of_another(bilal, tree):
    text = page(bilal).content.decode()
    assert "Bhilwara" in text
    assert "Udaipur" not in text
    assert "Kanod" not in page(bilal, q="kanod").content.decode()
    assert page(bilal, open=tree.far_booth.ref).status_code == 404
    assert bilal.client.get(f"/desk/tree/{tree.bhinder.ref}/").status_code == 404


def test_places_of_other_hierarchies_are_open_to_all_who_see_units(bilal, tree):
    text = page(bilal, h="administrative", open=tree.panchayat.ref).content.decode()
    assert text.count("Borana") >= 4
    assert re.search(r'class="here">Borana<', page(bilal, h="administrative", q="borana").content.decode())


def test_who_has_no_seat_sees_no_tree(ravi, tree):
    assert page(ravi).status_code == 404
    with pytest.raises(NotFound):
        queries.tree_unit(ravi.actor, tree.booth.ref, "administrative")


def test_former_places_and_units_are_shown_on_demand_with_their_day(asha, tree):
    week_ago = timezone.localdate() - timedelta(days=7)
    services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=week_ago)
    now = timezone.now()
    made = services.draft_reorganisation(
        actor=asha.actor, title="x", on=timezone.localdate(), now=now,
        lines=[services.Line("merge", tree.booths[1], tree.booth)],
    )  # fmt: skip
    services.decide_reorganisation(actor=asha.actor, ref=made.ref, now=now)
    text = page(asha, open=tree.sahara.ref).content.decode()
    assert "Raipur" not in text.split("Sahara", 1)[1].split("</li>")[0]
    assert "lay here until" in page(asha, open=tree.sahara.ref, former="on").content.decode()
    assert "former, until" in page(asha, open=tree.booth.ref, former="on").content.decode()


@pytest.mark.parametrize(
    "asked", [{"h": "family"}, {"open": "x"}, {"q": "\x00"}, {"q": "ं" * 80}, {"former": "2"}, {"q": "%s"}]
)
def test_a_spoilt_address_shows_the_tree(asha, tree, asked):
    assert page(asha, **asked).status_code == 200


def test_the_tree_takes_few_queries_however_deep(asha, tree, django_assert_max_num_queries):
    actor = asha.actor
    with django_assert_max_num_queries(5):
        queries.whole_tree(actor, "org", opened=tree.booth)
