"""People of a demo apply in one statement; outside a demo nobody is made up."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast

from toli.accounts import services as accounts
from toli.kit.errors import WrongState
from toli.recruitment import services
from toli.recruitment.models import Application


def test_people_of_the_demo_apply_where_they_live(drive, ravi, tree):
    now = timezone.now()
    for made in (1, 0):
        applied = services.apply_many(actor=cast.SYSTEM, drive=drive, people_ids=[ravi.person.pk], times=[now])
        assert applied == made
    assert Application.objects.get().unit == tree.booth


def test_nobody_is_made_up_outside_a_demo(tree, notice, ravi, watch):
    accounts.create_deployment(is_demo=False, now=timezone.now())
    drive = services.open_drive(
        actor=cast.SYSTEM, key="real", names={"hi": "असली"}, scope=tree.state, opens_at=timezone.now()
    )
    seen = watch()
    with pytest.raises(WrongState):
        services.apply_many(actor=cast.SYSTEM, drive=drive, people_ids=[ravi.person.pk], times=[timezone.now()])
    assert Application.objects.count() == 0
    assert seen.nothing_happened()
