"""Work is verified or returned by a second person; nobody verifies their own."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast
from tests.tasks.conftest import Unchanged, hand_in

from toli.audit import queries as audit
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.kit.ids import uuid7
from toli.org import queries as org
from toli.org import services as org_services
from toli.tasks import services
from toli.tasks.models import Assignment


def verify(actor, assignment):
    return services.verify_assignment(actor=actor, ref=assignment.ref, now=timezone.now())


def give_back(actor, assignment, reason="फ़ोटो धुंधली है"):
    return services.return_assignment(actor=actor, ref=assignment.ref, reason=reason, now=timezone.now())


def test_a_coordinator_verifies_work_handed_in(bilal, handed_in, watch):
    seen = watch()
    done = verify(bilal.actor, handed_in)
    assert (done.state, done.verified_by_id, done.done) == ("verified", bilal.person.pk, 18)
    assert seen.verbs() == ["tasks.verified"]


def test_verified_work_is_counted_up_the_tree(verified, tree):
    org_services.fold_counts()
    figures = org.figures_of([tree.state.pk, tree.udaipur.pk], today=timezone.localdate())
    assert figures[tree.state.pk]["tasks_done"] == 1
    assert figures[tree.udaipur.pk].get("tasks_done", 0) == 0


def test_nobody_verifies_their_own_work(chitra, given, watch):
    services.accept_assignment(actor=chitra.actor, ref=given.ref, now=timezone.now())
    own = hand_in(chitra, given)
    stood, seen = Unchanged(own), watch()
    with pytest.raises(NotAllowed):
        verify(chitra.actor, own)
    with pytest.raises(NotAllowed):
        give_back(chitra.actor, own)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_another_seat_does_not_make_a_second_person(chitra, given, tree, watch):
    services.accept_assignment(actor=chitra.actor, ref=given.ref, now=timezone.now())
    own = hand_in(chitra, given)
    higher = cast.add_seat(tree.bhilwara, "district_team", "district_coordinator", 9)
    cast.put_on_seat(chitra.person, higher)
    stood, seen = Unchanged(own), watch()
    with pytest.raises(NotAllowed):
        verify(chitra.actor, own)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_who_handed_it_in_for_somebody_cannot_verify_it(chitra, bilal, salma, given, watch):
    handed = services.hand_in_for(
        actor=chitra.actor, ref=given.ref, person_ref=salma.person.ref, hand_in_ref=uuid7(), number=3,
        now=timezone.now(),
    )  # fmt: skip
    stood, seen = Unchanged(handed), watch()
    with pytest.raises(NotAllowed):
        verify(chitra.actor, handed)
    assert stood.unchanged()
    assert seen.nothing_happened()
    assert verify(bilal.actor, handed).state == "verified"


def test_another_district_sees_no_such_work(dev, handed_in, watch):
    stood, seen = Unchanged(handed_in), watch()
    with pytest.raises(NotFound):
        verify(dev.actor, handed_in)
    with pytest.raises(NotFound):
        give_back(dev.actor, handed_in)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_who_may_only_look_verifies_nothing(meera, handed_in, watch):
    stood, seen = Unchanged(handed_in), watch()
    with pytest.raises(NotAllowed):
        verify(meera.actor, handed_in)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_a_volunteer_of_the_team_verifies_nothing(salma, handed_in, watch):
    stood, seen = Unchanged(handed_in), watch()
    with pytest.raises(NotAllowed):
        verify(salma.actor, handed_in)
    assert stood.unchanged()
    assert seen.nothing_happened()


@pytest.mark.parametrize("state", ["given", "accepted"])
def test_what_is_not_handed_in_is_not_verified(bilal, request, state, watch):
    share = request.getfixturevalue(state)
    stood, seen = Unchanged(share), watch()
    with pytest.raises(WrongState):
        verify(bilal.actor, share)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_pressing_verify_twice_counts_once(bilal, asha, handed_in, watch):
    verify(bilal.actor, handed_in)
    stood, seen = Unchanged(handed_in), watch()
    assert verify(bilal.actor, handed_in).state == "verified"
    with pytest.raises(WrongState):
        verify(asha.actor, handed_in)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_returned_work_comes_back_with_its_reason_and_can_be_handed_in_again(bilal, salma, handed_in, watch):
    seen = watch()
    returned = give_back(bilal.actor, handed_in)
    assert (returned.state, returned.return_reason) == ("returned", "फ़ोटो धुंधली है")
    again = hand_in(salma, returned, number=20)
    assert (again.state, again.hand_in.number, again.hand_ins.count()) == ("handed_in", 20, 2)
    assert seen.verbs() == ["tasks.returned", "tasks.handed_in"]


@pytest.mark.parametrize("reason", ["", "   ", "क" * 501, "फ़ोन करें 1000000123"])
def test_a_return_needs_a_reason_that_helps(bilal, handed_in, reason, watch):
    stood, seen = Unchanged(handed_in), watch()
    with pytest.raises(BadInput):
        give_back(bilal.actor, handed_in, reason)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_the_timeline_of_a_share_tells_its_story(bilal, handed_in):
    verify(bilal.actor, handed_in)
    assert [r.verb for r in audit.timeline(ref=handed_in.ref)] == [
        "tasks.verified",
        "tasks.handed_in",
        "tasks.accepted",
    ]


def test_figures_agree_with_the_facts(bilal, handed_in, asha, tree, booths):
    verify(bilal.actor, handed_in)
    org_services.fold_counts()
    assert services.recount(now=timezone.now()) == 0


def test_the_table_itself_refuses_that_somebody_verifies_their_own(handed_in):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=handed_in.pk).update(verified_by=handed_in.accepted_by_id)
