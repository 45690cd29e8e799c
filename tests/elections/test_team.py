"""The team of 21 is opened for a poll, once, and ends with it."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests.cast import SYSTEM

from toli.elections import services
from toli.kit.errors import NotAllowed, NotFound
from toli.org.models import Seat


@pytest.fixture
def poll(tree):
    now = timezone.now()
    election = services.ensure_election(key="BYE", state=tree.state, by_election=True, now=now)
    hours = services.Hours(timezone.localdate() + timedelta(days=9), (time(18),), time(7))
    return services.add_poll(
        actor=SYSTEM, election=election, constituency=tree.sahara, hours=hours, notification="n 1", now=now
    )


def test_the_team_of_21_opens_once_and_knows_when_it_ends(asha, tree, poll):
    assert services.open_poll_team(actor=asha.actor, poll_ref=poll.ref, now=timezone.now()) == 21
    assert services.open_poll_team(actor=asha.actor, poll_ref=poll.ref, now=timezone.now()) == 0
    seats = Seat.objects.filter(unit=tree.sahara, closed_at=None)
    assert seats.count() == 21
    assert all(seat.closes_at is not None for seat in seats)
    assert not Seat.objects.filter(unit=tree.vallabhnagar).exists()


def test_a_district_coordinator_opens_no_team(bilal, dev, tree, poll, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        services.open_poll_team(actor=bilal.actor, poll_ref=poll.ref, now=timezone.now())
    with pytest.raises(NotFound):
        services.open_poll_team(actor=dev.actor, poll_ref=poll.ref, now=timezone.now())
    assert seen.nothing_happened()
    assert not Seat.objects.filter(unit=tree.sahara).exists()
