"""Two moves at once make no cycle; people say yes while their unit moves, and every figure stays right."""

import pytest
from django.utils import timezone

from tests import cast
from tests.races.together import together, winners_and_losers
from toli.kit.errors import ToliError
from toli.org import queries, services
from toli.org.models import Level, Unit
from toli.org.services import Line
from toli.org.services.counts import drift

pytestmark = pytest.mark.django_db(transaction=True)
TREE = "SELECT pg_advisory_xact_lock(hashtext('org.tree')), %s"


def no_drift():
    services.fold_counts()
    return drift(now=timezone.now()) == []


def test_two_units_moved_below_each_other_at_once_make_no_cycle(asha, tree):
    Level.objects.filter(key="block").update(rank=45)
    one, two, actor, today = tree.bhilwara, tree.udaipur, asha.actor, timezone.localdate()
    results = together(
        [
            lambda: services.move_unit(actor=actor, unit=one, parent=two, today=today),
            lambda: services.move_unit(actor=actor, unit=two, parent=one, today=today),
        ],
        hold=TREE,
        params=[1],
    )
    won, lost = winners_and_losers(results)
    assert (len(won), len(lost)) == (1, 1)
    assert isinstance(lost[0], ToliError)
    for unit in Unit.objects.exclude(path=""):
        ids = [int(part) for part in unit.path.strip("/").split("/")]
        assert len(ids) == len(set(ids))
        assert ids[-1] == unit.pk
    assert no_drift()


def test_one_change_decided_from_two_desks_is_done_once(asha, tree):
    actor, now = asha.actor, timezone.now()
    made = services.draft_reorganisation(
        actor=actor, title="x", on=timezone.localdate(), lines=[Line("move", tree.vallabhnagar, tree.raipur)], now=now
    )
    results = together(
        [lambda: services.decide_reorganisation(actor=actor, ref=made.ref, now=now)] * 2, hold=TREE, params=[1]
    )
    won, lost = winners_and_losers(results)
    assert (len(won), len(lost)) == (1, 1)
    assert tree.raipur.parent_links.filter(hierarchy="org").count() == 2


def test_a_yes_while_the_unit_moves_is_counted_where_the_unit_stands(asha, bilal, ravi, tree):
    seat, now = cast.add_seat(tree.booth, "booth_team", "booth_youth"), timezone.now()
    offer = services.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=now)
    accepting, moving = ravi.actor, asha.actor
    made = services.draft_reorganisation(
        actor=moving, title="x", on=timezone.localdate(), lines=[Line("merge", tree.booths[1], tree.booth)], now=now
    )
    results = together(
        [
            lambda: services.accept_offer(actor=accepting, ref=offer.ref, now=now),
            lambda: services.decide_reorganisation(actor=moving, ref=made.ref, now=now),
        ],
        hold="SELECT 1 FROM org_seat WHERE id = %s FOR UPDATE",
        params=[seat.pk],
    )
    assert not [r for r in results if isinstance(r, Exception)]
    seat.refresh_from_db()
    assert seat.unit_id == tree.booths[1].pk
    assert no_drift()
    figures = queries.figures_of([tree.booths[1].pk], today=timezone.localdate())[tree.booths[1].pk]
    assert figures["accepted"] == 1


def test_a_unit_added_while_its_parent_moves_goes_along(asha, tree):
    actor, today = asha.actor, timezone.localdate()
    together(
        [
            lambda: services.move_unit(actor=actor, unit=tree.raipur, parent=tree.vallabhnagar, today=today),
            lambda: services.create_unit(
                actor=actor, level=tree.booth.level, names={"en": "New"}, parent=Unit.objects.get(pk=tree.raipur.pk)
            ),
        ],
        hold=TREE,
        params=[1],
    )
    raipur = Unit.objects.get(pk=tree.raipur.pk)
    new = Unit.objects.get(names__en="New")
    assert new.path == f"{raipur.path}{new.pk}/"
