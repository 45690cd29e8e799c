"""Moves, splits and mergers of a day: looked at, done together, undone; people, seats and figures go along."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.org import queries, services
from toli.org.models import Level, Reorganisation, Seat, Unit, UnitCode
from toli.org.services import Line
from toli.org.services.counts import drift


def fresh(unit):
    return Unit.objects.get(pk=unit.pk)


def draft(member, lines, *, on=None, title="Change"):
    now = timezone.now()
    on = on or timezone.localdate()
    return services.draft_reorganisation(actor=member.actor, title=title, on=on, lines=lines, now=now)


def decide(member, made):
    return services.decide_reorganisation(actor=member.actor, ref=made.ref, now=timezone.now())


def undo(member, made):
    return services.undo_reorganisation(actor=member.actor, ref=made.ref, now=timezone.now())


def no_drift():
    services.fold_counts()
    return drift(now=timezone.now()) == []


def move(unit, to):
    return Line("move", to, unit)


def new_district(tree, code="org:NEW", names=None):
    level = Level.objects.get(key="district")
    return Line("create", tree.division, code=code, level=level, names=names or {"en": "Shahpura", "hi": "शाहपुरा"})


# A district is split


@pytest.fixture
def split(asha, bilal, chitra, tree):
    """Shahpura is cut out of Bhilwara with the constituency of Sahara: drafted."""
    services.set_norm(
        actor=asha.actor, team_kind=queries.team_kind("district_team"), role=queries.role("district_member"),
        count=5, scope=tree.state, now=timezone.now(),
    )  # fmt: skip
    services.fold_counts()
    return draft(asha, [new_district(tree), move(tree.sahara, "org:NEW")], title="Shahpura")


def test_the_preview_says_what_moves_and_who_loses_sight(asha, bilal, chitra, tree, split):
    seen = queries.preview_of(split)
    assert {names["en"]: n for names, n in seen.levels} == {"Constituency": 1, "Block": 1, "Booth": 3}
    assert (seen.people, seen.seats, seen.held, seen.created) == (1, 1, 1, 1)
    assert [(s.role["en"], s.unit["en"], s.units) for s in seen.lose] == [("District coordinator", "Bhilwara", 1)]
    assert seen.gain == []
    assert fresh(tree.sahara).path.startswith(tree.bhilwara.path)


def test_a_district_is_split_with_its_people_and_seats(asha, bilal, chitra, tree, split):
    done = decide(asha, split)
    assert done.state == "applied"
    new = queries.unit_by_code("org", "NEW")
    assert fresh(tree.booth).path.startswith(new.path)
    assert chitra.actor.unit_id == tree.booth.pk
    assert not bilal.actor.grants()[0].covers("org.view", fresh(tree.booth).path)
    assert no_drift()
    today = timezone.localdate()
    figures = queries.figures_of([new.pk, tree.bhilwara.pk], today=today)
    assert figures[new.pk]["accepted"] == 1
    assert figures[new.pk]["norm"] == 6
    assert figures[tree.bhilwara.pk]["accepted"] == 1
    assert Seat.objects.filter(unit=new, closed_at=None).count() == 5
    assert [str(u) for u in queries.path_on(tree.booth.pk, today)][2:4] == ["Shahpura", "Sahara"]
    assert [str(u) for u in queries.path_on(tree.booth.pk, today - timedelta(days=1))][2:4] == ["Bhilwara", "Sahara"]


def test_a_split_is_undone_as_if_it_had_never_been(asha, bilal, chitra, tree, split):
    decide(asha, split)
    assert undo(asha, split).state == "undone"
    assert fresh(tree.booth).path == tree.booth.path
    assert bilal.actor.grants()[0].covers("org.view", fresh(tree.booth).path)
    assert queries.unit_by_code("org", "NEW") is None
    assert list(tree.sahara.parent_links.filter(hierarchy="org").values_list("parent_id", "valid_to")) == [
        (tree.bhilwara.pk, None)
    ]
    assert no_drift()


def test_a_split_is_not_undone_once_somebody_works_in_the_new_district(asha, ravi, tree, split, watch):
    decide(asha, split)
    seat = Seat.objects.filter(unit=queries.unit_by_code("org", "NEW")).first()
    services.offer_seat(actor=asha.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=timezone.now())
    seen, path = watch(), fresh(tree.sahara).path
    with pytest.raises(WrongState):
        undo(asha, split)
    assert seen.nothing_happened()
    assert fresh(tree.sahara).path == path


def test_a_change_is_not_undone_under_a_later_one(asha, tree, watch):
    first = draft(asha, [move(tree.raipur, tree.vallabhnagar)])
    decide(asha, first)
    decide(asha, draft(asha, [move(tree.raipur, tree.sahara)]))
    seen = watch()
    with pytest.raises(WrongState):
        undo(asha, first)
    assert seen.nothing_happened()


# Nested moves, and moves that cannot be


def test_nested_moves_of_one_day_are_worked_out_together(asha, chitra, tree):
    services.fold_counts()
    lines = [move(tree.sahara, tree.udaipur), move(tree.raipur, tree.vallabhnagar), move(tree.booth, tree.bhinder)]
    made = draft(asha, lines)
    decide(asha, made)
    assert fresh(tree.booth).path == f"{fresh(tree.bhinder).path}{tree.booth.pk}/"
    assert fresh(tree.booths[1]).path == f"{fresh(tree.raipur).path}{tree.booths[1].pk}/"
    assert fresh(tree.raipur).path == f"{fresh(tree.vallabhnagar).path}{tree.raipur.pk}/"
    assert fresh(tree.sahara).path == f"{fresh(tree.udaipur).path}{tree.sahara.pk}/"
    assert no_drift()
    undo(asha, made)
    assert [fresh(u).path for u in (tree.booth, *tree.booths, tree.raipur, tree.sahara)] == [
        u.path for u in (tree.booth, *tree.booths, tree.raipur, tree.sahara)
    ]
    assert no_drift()


def test_a_unit_below_itself_is_refused_whatever_the_lines(asha, tree, watch):
    division = cast.add_unit("division", "कोटा", "Kota", tree.state)
    made = draft(asha, [move(tree.division, tree.state), move(tree.bhilwara, division)])
    Reorganisation.objects.get(pk=made.pk).changes.filter(unit=tree.division).update(to=tree.bhilwara)
    made.changes.filter(unit=tree.bhilwara).update(to=tree.division)
    seen = watch()
    assert queries.preview_of(made).cycle is not None
    with pytest.raises(WrongState):
        decide(asha, made)
    assert seen.nothing_happened()
    assert fresh(tree.bhilwara).path == tree.bhilwara.path


@pytest.mark.parametrize("lines", [
    lambda t: [move(t.sahara, t.raipur)],
    lambda t: [move(t.sahara, t.panchayat)],
    lambda t: [move(t.sahara, "org:NOWHERE")],
    lambda t: [move(t.sahara, t.udaipur), move(t.sahara, t.bhilwara)],
    lambda t: [Line("merge", t.booth, t.raipur)],
    lambda t: [Line("merge", t.booth, t.booth)],
    lambda t: [new_district(t, names={"en": " "})],
    lambda t: [],
], ids=["below", "outside", "nowhere", "twice", "levels", "itself", "nameless", "nothing"])  # fmt: skip
def test_lines_that_cannot_be_are_refused_when_drafted(asha, tree, lines, watch):
    seen = watch()
    with pytest.raises((BadInput, NotFound)):
        draft(asha, lines(tree))
    assert seen.nothing_happened()
    assert not Reorganisation.objects.exists()


def test_who_may_not_shape_drafts_nothing(bilal, meera, dev, tree, watch):
    seen = watch()
    for member in (bilal, meera, dev):
        with pytest.raises((NotAllowed, NotFound)):
            draft(member, [move(tree.raipur, tree.vallabhnagar)])
    assert seen.nothing_happened()


def test_a_change_decided_twice_is_done_once(asha, tree, watch):
    made = draft(asha, [move(tree.raipur, tree.vallabhnagar)])
    decide(asha, made)
    seen = watch()
    with pytest.raises(WrongState):
        decide(asha, made)
    assert seen.nothing_happened()


# Days


def test_a_change_of_tomorrow_waits_for_its_day(asha, chitra, tree):
    services.fold_counts()
    tomorrow = timezone.localdate() + timedelta(days=1)
    made = draft(asha, [move(tree.raipur, tree.vallabhnagar)], on=tomorrow)
    assert decide(asha, made).state == "planned"
    assert services.apply_due(actor=cast.SYSTEM, now=timezone.now()) == 0
    assert fresh(tree.raipur).path == tree.raipur.path
    assert services.apply_due(actor=cast.SYSTEM, now=timezone.now() + timedelta(days=1)) == 1
    assert services.apply_due(actor=cast.SYSTEM, now=timezone.now() + timedelta(days=1)) == 0
    assert fresh(tree.raipur).path != tree.raipur.path
    assert no_drift()


def test_a_planned_change_that_cannot_be_done_any_more_says_why_and_others_happen(asha, tree, watch):
    tomorrow = timezone.localdate() + timedelta(days=1)
    bad = draft(asha, [move(tree.booth, tree.bhinder)], on=tomorrow)
    good = draft(asha, [move(tree.booths[1], tree.bhinder)], on=tomorrow)
    for made in (bad, good):
        decide(asha, made)
    decide(asha, draft(asha, [Line("merge", tree.booths[2], tree.booth)]))
    seen = watch()
    assert services.apply_due(actor=cast.SYSTEM, now=timezone.now() + timedelta(days=1)) == 1
    bad.refresh_from_db()
    assert (bad.state, bool(bad.failure)) == ("failed", True)
    assert seen.verbs() == ["org.change_failed", "org.reorganised"]


def test_a_move_of_last_week_is_seen_on_every_day_since(asha, tree):
    week_ago = timezone.localdate() - timedelta(days=7)
    decide(asha, draft(asha, [move(tree.raipur, tree.vallabhnagar)], on=week_ago))
    assert tree.raipur not in queries.children_on(tree.vallabhnagar.pk, week_ago - timedelta(days=1))
    assert tree.raipur in queries.children_on(tree.vallabhnagar.pk, week_ago)


def test_a_move_cannot_be_dated_before_the_last_one(asha, tree, watch):
    decide(asha, draft(asha, [move(tree.raipur, tree.vallabhnagar)]))
    made = draft(asha, [move(tree.raipur, tree.sahara)], on=timezone.localdate() - timedelta(days=3))
    seen, path = watch(), fresh(tree.raipur).path
    with pytest.raises(WrongState):
        decide(asha, made)
    assert seen.nothing_happened()
    assert fresh(tree.raipur).path == path


def test_a_planned_change_is_called_off(asha, tree):
    made = draft(asha, [move(tree.raipur, tree.vallabhnagar)], on=timezone.localdate() + timedelta(days=1))
    decide(asha, made)
    services.cancel_reorganisation(actor=asha.actor, ref=made.ref, now=timezone.now())
    assert services.apply_due(actor=cast.SYSTEM, now=timezone.now() + timedelta(days=2)) == 0
    assert fresh(tree.raipur).path == tree.raipur.path


# Mergers


@pytest.fixture
def merged(asha, chitra, ravi, tree):
    """Two booths become one: chitra's goes into the second, which has a booth lead of its own."""
    cast.cast_member("Salma Bano", "+911000000021", tree.booths[1], "booth_team", "booth_lead")
    cast.add_seat(tree.booth, "booth_team", "booth_youth")
    UnitCode.objects.create(unit=tree.booth, scheme="eci", value="S20/179/1")
    services.fold_counts()
    made = draft(asha, [Line("merge", tree.booths[1], tree.booth)])
    return decide(asha, made)


def test_people_of_a_merged_booth_sit_and_live_in_the_other(chitra, ravi, tree, merged):
    chitra.seat.refresh_from_db()
    assert (chitra.seat.unit_id, chitra.seat.number) == (tree.booths[1].pk, 2)
    assert queries.home_unit_id(ravi.person.pk) == tree.booths[1].pk
    assert Seat.objects.filter(unit=tree.booth, closed_at=None).count() == 0
    former = fresh(tree.booth)
    assert (former.active, former.valid_to) == (False, timezone.localdate())
    assert former.path.startswith(fresh(tree.booths[1]).path)
    assert no_drift()
    assert queries.unit_by_code("eci", "S20/179/1") is None
    assert [str(u) for u in queries.children_on(tree.panchayat.pk, timezone.localdate(), "administrative")] == [
        "Borana 2",
        "Borana 3",
    ]


def test_a_merger_is_undone(asha, chitra, ravi, tree, merged):
    undo(asha, merged)
    chitra.seat.refresh_from_db()
    assert (chitra.seat.unit_id, chitra.seat.number) == (tree.booth.pk, 1)
    assert queries.home_unit_id(ravi.person.pk) == tree.booth.pk
    assert fresh(tree.booth).active
    assert fresh(tree.booth).path == tree.booth.path
    assert Seat.objects.filter(unit=tree.booth, closed_at=None).count() == 2
    assert queries.unit_by_code("eci", "S20/179/1") == tree.booth
    assert queries.children_on(tree.panchayat.pk, timezone.localdate(), "administrative").count() == 3
    assert no_drift()


def test_a_merged_block_brings_its_booths(asha, chitra, tree):
    services.fold_counts()
    made = draft(asha, [Line("merge", tree.bhinder, tree.raipur)])
    decide(asha, made)
    assert fresh(tree.booth).path == f"{fresh(tree.bhinder).path}{tree.booth.pk}/"
    assert tree.booth in queries.children_of(tree.bhinder)
    assert no_drift()
    undo(asha, made)
    assert fresh(tree.booth).path == tree.booth.path
    assert no_drift()
