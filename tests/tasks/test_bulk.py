"""Many at once, and taken back within ten minutes: exactly as it was, except where somebody moved on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.tasks.conftest import Unchanged, hand_in, share_of, volunteer

from toli.audit import queries as audit
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.tasks import services
from toli.tasks.models import Assignment, BulkAct, Reminder


@pytest.fixture
def three(task, tree, now):
    """Three shares of Bhilwara handed in by three people, and one by chitra herself among them."""
    shares = []
    for booth, name in zip(tree.booths, ("Imran Ali", "Jaya Sen", "Kishan Mali"), strict=True):
        member = volunteer(booth, name=name)
        share = share_of(task, booth)
        services.accept_assignment(actor=member.actor, ref=share.ref, now=now)
        shares.append(hand_in(member, share))
    return shares


def refs(shares):
    return [share.ref for share in shares]


def states(shares):
    return [Assignment.objects.get(pk=share.pk).state for share in shares]


def test_many_are_verified_at_once_in_one_record(bilal, three, watch, now):
    seen = watch()
    outcome = services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now)
    assert states(three) == ["verified"] * 3
    assert (len(outcome.done), outcome.left) == (3, [])
    assert seen.verbs() == ["tasks.verified"]
    assert [r.verb for r in audit.timeline(ref=three[1].ref)][:1] == ["tasks.verified"]
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_what_cannot_be_done_is_left_alone_by_name(bilal, three, task, tree, now):
    not_ready = share_of(task, tree.far_booth)
    shares = three[:2]
    services.verify_assignment(actor=bilal.actor, ref=three[0].ref, now=now)
    outcome = services.bulk_verify(actor=bilal.actor, refs=refs(shares), now=now)
    assert [a.pk for a in outcome.done] == [three[1].pk]
    assert [(a.unit.names["en"], bool(str(why))) for a, why in outcome.left] == [("Borana 1", True)]
    assert not_ready.state == "given"


def test_one_line_outside_my_charge_refuses_the_whole_act(bilal, three, task, tree, watch, now):
    stood, seen = [Unchanged(s) for s in three], watch()
    with pytest.raises(NotFound):
        services.bulk_verify(actor=bilal.actor, refs=[*refs(three), share_of(task, tree.far_booth).ref], now=now)
    assert all(s.unchanged() for s in stood)
    assert not BulkAct.objects.exists()
    assert seen.nothing_happened()


def test_who_may_only_look_does_nothing_in_bulk(meera, three, watch, now):
    stood, seen = [Unchanged(s) for s in three], watch()
    for act in (services.bulk_verify, services.bulk_remind):
        with pytest.raises(NotFound):
            act(actor=meera.actor, refs=refs(three), now=now)
    assert all(s.unchanged() for s in stood)
    assert seen.nothing_happened()


def test_nobody_verifies_their_own_work_among_many(chitra, given, task, tree, bilal, watch, now):
    services.accept_assignment(actor=chitra.actor, ref=given.ref, now=now)
    own = hand_in(chitra, given)
    stood, seen = Unchanged(own), watch()
    outcome = services.bulk_verify(actor=chitra.actor, refs=[own.ref], now=now)
    assert (outcome.done, len(outcome.left), outcome.act) == ([], 1, None)
    assert stood.unchanged()
    assert seen.nothing_happened()


@pytest.mark.parametrize("many", [0, 501])
def test_none_and_too_many_are_refused(bilal, three, many, watch, now):
    seen = watch()
    with pytest.raises(BadInput):
        services.bulk_verify(actor=bilal.actor, refs=[uuid7() for _ in range(many)], now=now)
    assert seen.nothing_happened()


def test_the_same_page_sent_twice_acts_once(bilal, three, watch, now):
    ref = uuid7()
    services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now, ref=ref)
    stood, seen = [Unchanged(s) for s in three], watch()
    again = services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now, ref=ref)
    assert (len(again.done), again.is_repeat) == (3, True)
    assert all(s.unchanged() for s in stood)
    assert seen.nothing_happened()
    org.fold_counts()
    assert services.recount(now=now) == 0


def without_version(share):
    row = Assignment.objects.filter(pk=share.pk).values().get()
    return {name: value for name, value in row.items() if name != "version"}


@pytest.mark.parametrize("verb", ["verify", "return"])
def test_undo_puts_back_exactly_what_was(bilal, three, verb, watch, now):
    before = [without_version(s) for s in three]
    if verb == "verify":
        outcome = services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now)
    else:
        outcome = services.bulk_return(actor=bilal.actor, refs=refs(three), reason="धुंधली", now=now)
    seen = watch()
    undone = services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now + timedelta(minutes=9))
    assert (len(undone.done), undone.left) == (3, [])
    assert [without_version(s) for s in three] == before
    assert seen.verbs() == ["tasks.undone"]
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_undo_leaves_by_name_what_somebody_went_on_with(bilal, asha, three, now):
    outcome = services.bulk_return(actor=bilal.actor, refs=refs(three), reason="धुंधली", now=now)
    services.withdraw_share(actor=asha.actor, ref=three[0].ref, reason="बूथ बंद", now=now)
    undone = services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now)
    assert [a.unit.names["en"] for a, _why in undone.left] == ["Borana 1"]
    assert states(three) == ["withdrawn", "handed_in", "handed_in"]


def test_undo_is_over_after_ten_minutes_and_works_once(bilal, three, watch, now):
    outcome = services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now)
    stood, seen = [Unchanged(s) for s in three], watch()
    with pytest.raises(WrongState):
        services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now + timedelta(minutes=10))
    assert all(s.unchanged() for s in stood)
    assert seen.nothing_happened()
    services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now)
    with pytest.raises(WrongState):
        services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now)


def test_nobody_undoes_the_act_of_another(bilal, asha, three, watch, now):
    outcome = services.bulk_verify(actor=bilal.actor, refs=refs(three), now=now)
    stood, seen = [Unchanged(s) for s in three], watch()
    with pytest.raises(NotFound):
        services.undo(actor=asha.actor, ref=outcome.act.ref, now=now)
    assert all(s.unchanged() for s in stood)
    assert seen.nothing_happened()


def test_reminders_wait_until_the_time_to_undo_is_over(bilal, task, tree, now):
    shares = [share_of(task, booth) for booth in tree.booths]
    outcome = services.bulk_remind(actor=bilal.actor, refs=refs(shares), now=now)
    assert Reminder.objects.filter(state="waiting", remind_at=now + timedelta(minutes=10)).count() == 3
    undone = services.undo(actor=bilal.actor, ref=outcome.act.ref, now=now)
    assert len(undone.done) == 3
    assert set(Reminder.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_team_is_reminded_once_in_twelve_hours(bilal, task, tree, now):
    share = share_of(task, tree.booth)
    services.remind(actor=bilal.actor, ref=share.ref, now=now)
    outcome = services.bulk_remind(actor=bilal.actor, refs=[share.ref], now=now + timedelta(hours=11))
    assert (outcome.done, len(outcome.left)) == ([], 1)
    outcome = services.bulk_remind(actor=bilal.actor, refs=[share.ref], now=now + timedelta(hours=13))
    assert len(outcome.done) == 1
