"""A norm opens seats for every unit of its level; the poll's close ends them, and access with them."""

from datetime import timedelta

from django.utils import timezone
from tests import cast

from toli.kit.ids import uuid7
from toli.org import queries, services
from toli.org.models import Role, Seat, TeamKind
from toli.org.services.counts import drift


def constituency_norm(actor, tree, **more):
    return services.set_norm(
        actor=actor, team_kind=TeamKind.objects.get(key="constituency_team"),
        role=Role.objects.get(key="constituency_lead"),
        count=21, scope=tree.state, now=timezone.now(), **more,
    )  # fmt: skip


def test_a_norm_opens_its_seats_in_every_unit_of_the_level(asha, tree):
    constituency_norm(asha.actor, tree)
    assert Seat.objects.filter(unit=tree.sahara, closed_at=None).count() == 21
    assert Seat.objects.filter(unit=tree.vallabhnagar, closed_at=None).count() == 21
    services.fold_counts()
    assert queries.figures_of([tree.state.pk], today=timezone.localdate())[tree.state.pk]["norm"] >= 42


def test_running_a_norm_again_opens_nothing_twice(asha, tree):
    norm = constituency_norm(asha.actor, tree, only_units=[tree.sahara])
    assert services.open_seats(actor=asha.actor, norm=norm, now=timezone.now()) == 0
    assert Seat.objects.filter(unit=tree.vallabhnagar).count() == 0


def test_seats_end_when_the_poll_closes_and_access_is_gone_that_minute(asha, bilal, ravi, tree):
    poll, now = uuid7(), timezone.now()
    closes_at = now + timedelta(hours=5)
    constituency_norm(asha.actor, tree, only_units=[tree.sahara], until_poll_ref=poll, closes_at=closes_at)
    seat = queries.vacant_seats(bilal.actor, within=tree.sahara.path).filter(unit=tree.sahara).first()
    made = services.offer_seat(actor=bilal.actor, seat_ref=seat.ref, person_ref=ravi.person.ref, now=now)
    services.accept_offer(actor=ravi.actor, ref=made.ref, now=now)
    assert ravi.acting(second_factor=True, at=closes_at - timedelta(seconds=1)).grants()
    assert not ravi.acting(second_factor=True, at=closes_at).grants()
    assert services.close_norms_for_poll(actor=cast.SYSTEM, poll_ref=poll, now=closes_at) == 21
    assert services.close_norms_for_poll(actor=cast.SYSTEM, poll_ref=poll, now=closes_at) == 0
    services.fold_counts()
    assert drift(now=closes_at) == []
    made.refresh_from_db()
    assert made.state == "ended"
