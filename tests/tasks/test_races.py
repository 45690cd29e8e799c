"""Two at the same moment, on two connections: one wins, the other is told, nothing is counted twice."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests.races.together import together, winners_and_losers
from tests.tasks.conftest import give, hand_in, share_of
from tests.tasks.test_likeness import EDITS, visit, wall

from toli.delivery.models import Message
from toli.kit.dates import local_at, local_day
from toli.kit.errors import WrongState
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.tasks import services
from toli.tasks.models import Assignment, BulkAct, HandIn, PhotoMatch, Task
from toli.tasks.photos import clean_photo

pytestmark = pytest.mark.django_db(transaction=True)
SHARE = "SELECT 1 FROM tasks_assignment WHERE id = %s FOR UPDATE"


def race(share, *acts):
    return winners_and_losers(together(acts, hold=SHARE, params=[share.pk]))


def records_of(verb):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_record WHERE verb = %s", [verb])
        return cursor.fetchone()[0]


def test_two_verify_at_once_and_one_is_told(asha, bilal, handed_in, now):
    first, second = asha.actor, bilal.actor
    won, lost = race(
        handed_in,
        lambda: services.verify_assignment(actor=first, ref=handed_in.ref, now=now),
        lambda: services.verify_assignment(actor=second, ref=handed_in.ref, now=now),
    )
    assert (len(won), [type(e) for e in lost]) == (1, [WrongState])
    assert records_of("tasks.verified") == 1
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_one_verifies_while_another_returns(asha, bilal, handed_in, now):
    first, second = asha.actor, bilal.actor
    won, lost = race(
        handed_in,
        lambda: services.verify_assignment(actor=first, ref=handed_in.ref, now=now),
        lambda: services.return_assignment(actor=second, ref=handed_in.ref, reason="अधूरा", now=now),
    )
    assert (len(won), [type(e) for e in lost]) == (1, [WrongState])
    assert records_of("tasks.verified") + records_of("tasks.returned") == 1


def test_two_of_a_team_accept_at_once_and_one_has_it(salma, chitra, given, now):
    first, second = salma.actor, chitra.actor
    won, lost = race(
        given,
        lambda: services.accept_assignment(actor=first, ref=given.ref, now=now),
        lambda: services.accept_assignment(actor=second, ref=given.ref, now=now),
    )
    assert (len(won), [type(e) for e in lost]) == (1, [WrongState])
    given.refresh_from_db()
    assert given.accepted_by_id == won[0].accepted_by_id


def test_a_share_is_withdrawn_while_it_is_accepted_and_nobody_works_for_nothing(asha, salma, given, now):
    first, second = asha.actor, salma.actor
    _won, lost = race(
        given,
        lambda: services.withdraw_share(actor=first, ref=given.ref, reason="बंद", now=now),
        lambda: services.accept_assignment(actor=second, ref=given.ref, now=now),
    )
    given.refresh_from_db()
    assert given.state == "withdrawn"
    assert [type(e) for e in lost] in ([], [WrongState])
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_a_whole_task_is_withdrawn_while_a_share_is_handed_in(asha, salma, accepted, now):
    first, second = asha.actor, salma.actor
    ref = uuid7()
    race(
        accepted,
        lambda: services.withdraw_task(actor=first, ref=accepted.task.ref, reason="टला", now=now),
        lambda: services.hand_in(actor=second, ref=accepted.ref, hand_in_ref=ref, number=1, now=now),
    )
    accepted.refresh_from_db()
    assert accepted.state == "withdrawn"
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_one_hand_in_sent_twice_at_the_same_moment_is_taken_once(salma, accepted, now):
    ref, actor = uuid7(), salma.actor
    won, lost = race(
        accepted,
        *[lambda: services.hand_in(actor=actor, ref=accepted.ref, hand_in_ref=ref, number=1, now=now)] * 2,
    )
    assert (len(won), lost, HandIn.objects.count(), records_of("tasks.handed_in")) == (2, [], 1, 1)


def test_one_bulk_act_sent_twice_at_the_same_moment_acts_once(bilal, handed_in, now):
    ref, actor = uuid7(), bilal.actor
    won, lost = race(
        handed_in,
        *[lambda: services.bulk_verify(actor=actor, refs=[handed_in.ref], now=now, ref=ref)] * 2,
    )
    assert ([len(outcome.done) for outcome in won], lost) == ([1, 1], [])
    assert (BulkAct.objects.count(), records_of("tasks.verified")) == (1, 1)
    org.fold_counts()
    assert services.recount(now=now) == 0


def test_an_undo_and_the_next_step_meet_and_both_are_whole(bilal, salma, handed_in, now):
    actor = bilal.actor
    outcome = services.bulk_return(actor=actor, refs=[handed_in.ref], reason="अधूरा", now=now)
    ref, worker = uuid7(), salma.actor
    race(
        handed_in,
        lambda: services.undo(actor=actor, ref=outcome.act.ref, now=now),
        lambda: services.hand_in(actor=worker, ref=handed_in.ref, hand_in_ref=ref, number=9, now=now),
    )
    handed_in.refresh_from_db()
    assert handed_in.state == "handed_in"
    expected = 9 if HandIn.objects.filter(ref=ref).exists() else 18
    assert handed_in.hand_in.number == expected


def test_one_task_given_twice_at_the_same_moment_is_given_once(asha, booths, tree, now):
    actor, ref = asha.actor, uuid7()
    due = now + timedelta(days=3)
    results = together(
        [lambda: give(actor, tree.state, ref=ref, due_at=due)] * 2,
        hold="LOCK TABLE tasks_task IN ACCESS EXCLUSIVE MODE",
        params=[],
    )
    assert {task.ref for task in results} == {ref}
    assert (Task.objects.count(), records_of("tasks.given")) == (1, 1)
    assert Assignment.objects.filter(is_work=True).count() == 4
    org.fold_counts()
    assert services.recount(now=timezone.now()) == 0


def test_two_shares_verified_at_once_both_reach_the_level_above(asha, bilal, task, tree, salma, now):
    from tests.tasks.conftest import volunteer

    other = volunteer(tree.booths[1], name="Usha Kumari")
    shares = []
    for member, booth in ((salma, tree.booth), (other, tree.booths[1])):
        share = share_of(task, booth)
        services.accept_assignment(actor=member.actor, ref=share.ref, now=now)
        shares.append(services.verify_assignment(actor=bilal.actor, ref=hand_in(member, share).ref, now=now))
    from tests.cast import SYSTEM

    together(
        [lambda s=s: services.add_up_parents(actor=SYSTEM, refs=[s.ref], now=now) for s in shares],
        hold="SELECT 1 FROM tasks_task WHERE id = %s FOR UPDATE",
        params=[task.pk],
    )
    assert share_of(task, tree.state).teams_done == 2


def test_two_workers_send_one_reminder_once(bilal, salma, accepted, now, agree):
    agree(salma)
    noon = local_at(local_day(now) + timedelta(days=1), time(12))
    services.remind(actor=bilal.actor, ref=accepted.ref, now=noon)
    results = together(
        [lambda: services.send_reminders(link="https://toli.example/me/tasks/", now=noon)] * 2,
        hold="LOCK TABLE tasks_reminder IN EXCLUSIVE MODE",
        params=[],
    )
    won, lost = winners_and_losers(results)
    assert (sorted(won), lost) == ([0, 1], [])
    assert Message.objects.count() == 1


def test_two_workers_compare_each_photo_once(asha, salma, booths, tree):
    first = visit(wall(3), 3)
    for edit in ("sent again", "half the size"):
        share = share_of(give(asha.actor, tree.booth, proofs=["photo"]), tree.booth)
        services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
        hand_in(salma, share, photo=clean_photo(EDITS[edit](first)))
    won, lost = winners_and_losers(
        together(
            [lambda: services.compare_photos(now=timezone.now())] * 2,
            hold="LOCK TABLE tasks_handin IN EXCLUSIVE MODE",
            params=[],
        )
    )
    assert (sum(won), lost) == (1, [])
    assert PhotoMatch.objects.count() == 1
