"""A unit moves with everything below it: paths, links, figures; people stay on their seats."""

import pytest
from django.utils import timezone
from tests import cast

from toli.kit.errors import NotFound, WrongState
from toli.org import queries, services
from toli.org.models import Unit
from toli.org.services.counts import drift


def test_a_block_moves_with_its_people_and_its_figures(asha, chitra, tree):
    services.fold_counts()
    moved = services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=timezone.localdate())
    booth = Unit.objects.get(pk=tree.booth.pk)
    assert booth.path.startswith(moved.path)
    assert moved.path.startswith(Unit.objects.get(pk=tree.vallabhnagar.pk).path)
    assert chitra.actor.unit_id == booth.pk
    assert drift(now=timezone.now()) == []


def test_figures_that_wait_while_a_unit_moves_are_not_lost(asha, chitra, tree):
    services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=timezone.localdate())
    services.fold_counts()
    assert drift(now=timezone.now()) == []
    udaipur = queries.figures_of([tree.udaipur.pk], today=timezone.localdate())[tree.udaipur.pk]
    assert udaipur["accepted"] == 1


def test_a_unit_cannot_move_below_itself(asha, tree, watch):
    seen = watch()
    with pytest.raises(WrongState):
        services.move_unit(actor=asha.actor, unit=tree.bhilwara, parent=tree.raipur, today=timezone.localdate())
    assert seen.nothing_happened()
    assert Unit.objects.get(pk=tree.bhilwara.pk).path == tree.bhilwara.path


def test_a_district_coordinator_moves_nothing(bilal, tree, watch):
    seen = watch()
    with pytest.raises(Exception) as refused:
        services.move_unit(actor=bilal.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=timezone.localdate())
    assert refused.type.__name__ in ("NotAllowed", NotFound.__name__)
    assert seen.nothing_happened()


def test_the_old_parent_link_is_kept_with_its_dates(asha, tree):
    today = timezone.localdate()
    services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=today)
    links = list(tree.raipur.parent_links.filter(hierarchy="org").order_by("id"))
    assert [(link.parent_id, link.valid_to) for link in links] == [
        (tree.sahara.pk, today),
        (tree.vallabhnagar.pk, None),
    ]
    assert cast.SYSTEM.is_system
