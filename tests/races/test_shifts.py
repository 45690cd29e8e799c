"""Two taps at once on a shift or a flag: one wins, the other is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast
from tests.races.together import together, winners_and_losers
from toli.kit.errors import WrongState
from toli.warroom import services
from toli.warroom.models import Flag, Shift

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_overlapping_shifts_taken_at_once_leave_one(tree):
    now = timezone.now()
    member = cast.cast_member("Nisha Rao", "+911000000071", tree.sahara, "constituency_team", "constituency_member")
    actor = member.actor

    def take(start):
        return lambda: services.take_shift(
            actor=actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team",
            starts_at=now + timedelta(hours=start), ends_at=now + timedelta(hours=start + 8), now=now,
        )  # fmt: skip

    results = together(
        [take(0), take(2)], hold="SELECT id FROM people_person WHERE id = %s FOR UPDATE", params=[member.person.pk]
    )
    won, lost = winners_and_losers(results)
    assert (len(won), [type(error) for error in lost]) == (1, [WrongState])
    assert Shift.objects.count() == 1


def test_a_flag_closed_by_two_at_once_is_closed_once(tree):
    now = timezone.now()
    asha = cast.cast_member("Asha Meena", "+911000000001", tree.state, "state_team", "state_coordinator")
    bilal = cast.cast_member("Bilal Khan", "+911000000002", tree.bhilwara, "district_team", "district_coordinator")
    flag = services.raise_flag(actor=bilal.actor, unit_ref=tree.sahara.ref, kind="other", text="x", now=now)
    acts = [
        lambda actor=actor: services.close_flag(actor=actor, ref=flag.ref, outcome="done", now=now)
        for actor in (asha.actor, bilal.actor)
    ]
    results = together(acts, hold="SELECT id FROM warroom_flag WHERE id = %s FOR UPDATE", params=[flag.pk])
    won, lost = winners_and_losers(results)
    assert (len(won), [type(error) for error in lost]) == (1, [WrongState])
    assert Flag.objects.get().closed_by_id in {asha.person.pk, bilal.person.pk}
