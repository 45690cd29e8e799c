"""The tree as it stood on a day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from toli.org import queries, services


def names(units):
    return [str(unit) for unit in units]


def test_a_unit_stands_below_its_old_parent_before_its_move_and_below_the_new_one_after(asha, tree):
    today = timezone.localdate()
    services.move_unit(actor=asha.actor, unit=tree.raipur, parent=tree.vallabhnagar, today=today)
    before = today - timedelta(days=1)
    assert names(queries.children_on(tree.sahara.pk, before)) == ["Raipur"]
    assert names(queries.children_on(tree.sahara.pk, today)) == []
    assert names(queries.children_on(tree.vallabhnagar.pk, before)) == ["Bhinder"]
    assert names(queries.children_on(tree.vallabhnagar.pk, today)) == ["Raipur", "Bhinder"]
    assert names(queries.path_on(tree.booth.pk, before))[-3:] == ["Sahara", "Raipur", "Borana 1"]
    assert names(queries.path_on(tree.booth.pk, today))[-3:] == ["Vallabhnagar", "Raipur", "Borana 1"]


def test_a_unit_of_today_was_not_there_yesterday(tree):
    today = timezone.localdate()
    new = services.create_unit(
        actor=cast.SYSTEM, level=tree.raipur.level, names={"en": "New"}, parent=tree.sahara, today=today
    )
    assert new not in queries.children_on(tree.sahara.pk, today - timedelta(days=1))
    assert new in queries.children_on(tree.sahara.pk, today)


def test_the_other_hierarchies_have_their_days_too(tree):
    today = timezone.localdate()
    assert len(queries.children_on(tree.panchayat.pk, today, "administrative")) == 3
    assert names(queries.path_on(tree.booth.pk, today, "administrative")) == ["Borana", "Borana 1"]
    with pytest.raises(KeyError):
        queries.children_on(tree.panchayat.pk, today, "family")
