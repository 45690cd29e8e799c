"""A volunteer accepts a share of their team and hands it in, once, whatever the network does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests import cast
from tests.tasks.conftest import Unchanged, give, hand_in, share_of, volunteer

from toli.audit import queries as audit
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.org.models import Wing
from toli.tasks import queries, services
from toli.tasks.models import HandIn


def accept(member, share):
    return services.accept_assignment(actor=member.actor, ref=share.ref, now=timezone.now())


def test_a_volunteer_accepts_a_share_of_their_team(salma, given, watch):
    seen = watch()
    taken = accept(salma, given)
    assert (taken.state, taken.accepted_by_id) == ("accepted", salma.person.pk)
    assert seen.verbs() == ["tasks.accepted"]


def test_accepting_is_an_act_of_ones_own(salma, given):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_activity SET last_act_on = last_act_on - 9, silent = true")
    accept(salma, given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT silent FROM org_activity WHERE person_id = %s", [salma.person.pk])
        assert cursor.fetchone() == (False,)


def test_accepting_twice_answers_the_same_and_records_once(salma, given, watch):
    accept(salma, given)
    seen = watch()
    assert accept(salma, given).state == "accepted"
    assert seen.nothing_happened()


def test_the_second_of_a_team_is_told_kindly(salma, chitra, given, watch):
    accept(salma, given)
    stood, seen = Unchanged(given), watch()
    with pytest.raises(WrongState):
        accept(chitra, given)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_nobody_accepts_the_share_of_another_team(salma, tara, given, task, tree, watch):
    there = share_of(task, tree.far_booth)
    stood, seen = Unchanged(there), watch()
    with pytest.raises(NotFound):
        accept(salma, there)
    with pytest.raises(NotFound):
        accept(salma, share_of(task, tree.raipur))
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_who_has_no_seat_accepts_nothing(ravi, given, watch):
    seen = watch()
    with pytest.raises(NotFound):
        accept(ravi, given)
    assert seen.nothing_happened()


def test_a_task_of_a_wing_is_for_the_team_of_that_wing(asha, salma, booths, tree):
    youth = Wing.objects.get(key="youth")
    share = share_of(give(asha.actor, tree.booth, wing=youth, target=3), tree.booth)
    with pytest.raises(NotFound):
        accept(salma, share)
    person = cast.add_person("Nisha Rawat", "+911000009001", home=tree.booth)
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 77, wing=youth)
    cast.put_on_seat(person, seat)
    assert accept(cast.CastMember(person, ""), share).state == "accepted"


def test_a_withdrawn_share_cannot_be_accepted(bilal, salma, given, watch, now):
    services.withdraw_share(actor=bilal.actor, ref=given.ref, reason="बूथ बंद", now=now)
    stood, seen = Unchanged(given), watch()
    with pytest.raises(WrongState):
        accept(salma, given)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_work_is_handed_in_with_its_proof(salma, accepted, watch):
    seen = watch()
    done = hand_in(salma, accepted, number=18)
    assert (done.state, done.hand_in.number, done.hand_in.is_on_behalf) == ("handed_in", 18, False)
    assert seen.verbs() == ["tasks.handed_in"]
    assert audit.timeline(ref=done.ref)[0].data == {"number": 18, "proofs": ["number"]}


def test_no_record_holds_the_words_of_a_hand_in(asha, salma, booths, tree):
    share = share_of(give(asha.actor, tree.booth, proofs=["text"], target=3), tree.booth)
    accept(salma, share)
    hand_in(salma, share, text="गुप्त शब्द")
    [record] = [r for r in audit.timeline(ref=share.ref) if r.verb == "tasks.handed_in"]
    assert record.data == {"number": None, "proofs": ["text"]}


def test_a_hand_in_sent_twice_is_taken_once(salma, accepted, watch):
    ref, now = uuid7(), timezone.now()
    services.hand_in(actor=salma.actor, ref=accepted.ref, hand_in_ref=ref, number=5, now=now)
    seen = watch()
    again = services.hand_in(actor=salma.actor, ref=accepted.ref, hand_in_ref=ref, number=5, now=now)
    assert (again.state, HandIn.objects.count()) == ("handed_in", 1)
    assert seen.nothing_happened()


def test_a_hand_in_from_an_outbox_arrives_late_and_still_once(salma, bilal, accepted, watch):
    ref = uuid7()
    services.hand_in(actor=salma.actor, ref=accepted.ref, hand_in_ref=ref, number=5, now=timezone.now())
    services.verify_assignment(actor=bilal.actor, ref=accepted.ref, now=timezone.now())
    seen = watch()
    later = timezone.now() + timedelta(hours=1)
    again = services.hand_in(actor=salma.actor, ref=accepted.ref, hand_in_ref=ref, number=5, now=later)
    assert again.state == "verified"
    assert seen.nothing_happened()


def test_a_ref_of_another_share_is_refused(salma, tara, accepted, task, tree, watch):
    ref = uuid7()
    services.hand_in(actor=salma.actor, ref=accepted.ref, hand_in_ref=ref, number=5, now=timezone.now())
    there = share_of(task, tree.far_booth)
    accept(tara, there)
    stood, seen = Unchanged(there), watch()
    with pytest.raises(NotFound):
        services.hand_in(actor=tara.actor, ref=there.ref, hand_in_ref=ref, number=5, now=timezone.now())
    assert stood.unchanged()
    assert seen.nothing_happened()


@pytest.mark.parametrize(
    ("field", "proofs"),
    [
        ("number", {"number": None, "text": "हो गया"}),
        ("number", {"number": -1, "text": "हो गया"}),
        ("number", {"number": 10**12, "text": "हो गया"}),
        ("text", {"number": 3, "text": "  "}),
        ("text", {"number": 3, "text": "क" * 2001}),
        ("text", {"number": 3, "text": "रमेश 10000-00123 से मिला"}),
        ("photo", {"number": 3, "text": "हो गया", "photo": None}),
    ],
)
def test_a_missing_or_unusable_proof_is_named_and_nothing_is_kept(
    asha, salma, booths, tree, watch, photo, field, proofs
):
    share = share_of(give(asha.actor, tree.booth, proofs=["number", "text", "photo"], target=3), tree.booth)
    accept(salma, share)
    stood, seen = Unchanged(share), watch()
    with pytest.raises(BadInput) as refused:
        hand_in(salma, share, **{"photo": photo, **proofs})
    assert set(refused.value.fields) == {field}
    assert stood.unchanged()
    assert not HandIn.objects.exists()
    assert seen.nothing_happened()


@pytest.mark.parametrize("state", ["given", "handed_in", "verified"])
def test_only_accepted_or_returned_work_is_handed_in(salma, request, state, watch):
    share = request.getfixturevalue(state)
    stood, seen = Unchanged(share), watch()
    with pytest.raises(WrongState):
        hand_in(salma, share)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_somebody_else_of_the_team_cannot_hand_it_in(chitra, accepted, watch):
    stood, seen = Unchanged(accepted), watch()
    with pytest.raises(WrongState):
        hand_in(chitra, accepted)
    assert stood.unchanged()
    assert seen.nothing_happened()


def for_salma(actor, share, salma, **more):
    return services.hand_in_for(
        actor=actor, ref=share.ref, person_ref=salma.person.ref, now=timezone.now(),
        **{"hand_in_ref": uuid7(), "number": 4, **more},
    )  # fmt: skip


def test_a_lead_hands_in_for_somebody_without_a_phone(chitra, salma, given, watch):
    seen = watch()
    done = for_salma(chitra.actor, given, salma)
    assert (done.accepted_by_id, done.hand_in.person_id) == (salma.person.pk, salma.person.pk)
    assert (done.hand_in.typed_by_id, done.hand_in.is_on_behalf) == (chitra.person.pk, True)
    assert seen.verbs() == ["tasks.handed_in"]
    [record] = audit.timeline(ref=given.ref)
    assert (record.actor_person_id, record.on_behalf_of_id) == (chitra.person.pk, salma.person.pk)


def test_on_behalf_needs_the_right_and_somebody_of_the_team(chitra, dev, meera, salma, tara, given, watch):
    stood, seen = Unchanged(given), watch()
    with pytest.raises(NotAllowed):
        for_salma(meera.actor, given, salma)
    with pytest.raises(NotAllowed):
        for_salma(salma.actor, given, salma)
    with pytest.raises(NotFound):
        for_salma(dev.actor, given, salma)
    with pytest.raises(BadInput):
        for_salma(chitra.actor, given, tara)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_what_somebody_accepted_is_not_handed_in_for_another(chitra, salma, accepted, tree, watch):
    other = volunteer(tree.booth, name="Kamla Dhaka")
    stood, seen = Unchanged(accepted), watch()
    with pytest.raises(WrongState):
        for_salma(chitra.actor, accepted, other)
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_open_work_of_a_suspended_person_goes_to_the_team(bilal, salma, chitra, accepted, watch, now):
    org.suspend_now(actor=bilal.actor, ref=salma.appointment.ref, reason="शिकायत", now=now)
    seen = watch()
    moved = services.release_work_of(actor=cast.SYSTEM, person_id=salma.person.pk, unit_id=accepted.unit_id, now=now)
    accepted.refresh_from_db()
    assert (moved, accepted.state, accepted.accepted_by_id) == (1, "given", None)
    assert seen.verbs() == ["tasks.released"]
    assert accept(chitra, accepted).accepted_by_id == chitra.person.pk


def test_a_return_of_work_whose_worker_has_left_goes_to_the_team_with_its_reason(
    bilal, salma, chitra, handed_in, watch, now
):
    org.suspend_now(actor=bilal.actor, ref=salma.appointment.ref, reason="शिकायत", now=now)
    seen = watch()
    services.return_assignment(actor=bilal.actor, ref=handed_in.ref, reason="धुंधली", now=timezone.now())
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.accepted_by_id, handed_in.return_reason) == ("given", None, "धुंधली")
    assert seen.verbs() == ["tasks.returned"]
    assert "धुंधली" in chitra.client.get(f"/me/tasks/{handed_in.ref}/").text
    assert accept(chitra, handed_in).accepted_by_id == chitra.person.pk


def test_who_still_sits_in_the_team_keeps_the_work(salma, accepted, watch, now):
    seen = watch()
    assert not services.release_work_of(actor=cast.SYSTEM, person_id=salma.person.pk, unit_id=accepted.unit_id, now=now)
    accepted.refresh_from_db()
    assert accepted.state == "accepted"
    assert seen.nothing_happened()


def test_my_tasks_are_grouped_by_what_is_to_be_done(salma, chitra, bilal, asha, booths, tree, now):
    shares = [share_of(give(asha.actor, tree.booth, target=n), tree.booth) for n in (1, 2, 3, 4)]
    for share in shares[1:]:
        accept(salma, share)
    for share in shares[2:]:
        hand_in(salma, share, number=1)
    services.verify_assignment(actor=bilal.actor, ref=shares[3].ref, now=now)
    work = queries.my_work(salma.actor, now=timezone.now())
    groups = [[s.assignment.pk for s in group] for group in (work.free, work.to_do, work.waiting, work.ended)]
    assert groups == [[share.pk] for share in shares]
    assert [s.assignment.pk for s in queries.my_work(chitra.actor, now=timezone.now()).free] == [shares[0].pk]
