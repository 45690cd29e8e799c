"""A level is done when its shares are done; figures agree with the facts whatever happened."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.tasks.conftest import give, hand_in, share_of, volunteer

from toli.audit import dispatch
from toli.audit import queries as audit
from toli.audit import services as sealing
from toli.audit.models import Record
from toli.flows import FLOWS
from toli.kit.errors import ToliError
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.org.models import Seat
from toli.tasks import jobs, queries, services
from toli.tasks.models import Assignment


@pytest.fixture
def team(task, tree):
    """One volunteer in each booth."""
    return {booth.pk: volunteer(booth, name=f"Member {n}") for n, booth in enumerate([*tree.booths, tree.far_booth])}


def finish(team, task, booth, by, number=10):
    now = timezone.now()
    share = share_of(task, booth)
    services.accept_assignment(actor=team[booth.pk].actor, ref=share.ref, now=now)
    hand_in(team[booth.pk], share, number=number)
    return services.verify_assignment(actor=by.actor, ref=share.ref, now=now)


def add_up(*shares):
    return services.add_up_parents(actor=cast.SYSTEM, refs=[s.ref for s in shares], now=timezone.now())


def sums(task, unit):
    found = share_of(task, unit)
    return found.teams_done, found.teams, found.done, found.state


def test_a_verified_share_is_seen_on_every_level_above(asha, task, team, tree):
    add_up(finish(team, task, tree.booth, asha, number=19))
    assert sums(task, tree.raipur) == (1, 3, 19, "given")
    assert sums(task, tree.state) == (1, 4, 19, "given")
    assert sums(task, tree.udaipur) == (0, 1, 0, "given")


def test_a_level_is_done_when_its_shares_are_done(asha, task, team, tree, watch):
    add_up(*[finish(team, task, booth, asha) for booth in tree.booths[:2]])
    last = finish(team, task, tree.booths[2], asha)
    seen = watch()
    assert add_up(last) == 3  # block, constituency and district; the other district is still at work
    assert sums(task, tree.bhilwara)[3] == "verified"
    assert sums(task, tree.state)[3] == "given"
    assert set(seen.verbs()) == {"tasks.level_done"}


def test_the_task_is_done_with_its_last_share(asha, task, team, tree):
    add_up(*[finish(team, task, booth, asha) for booth in (*tree.booths, tree.far_booth)])
    task.refresh_from_db()
    assert (task.state, task.ended_at is not None) == ("done", True)
    assert sums(task, tree.state) == (4, 4, 40, "verified")


def test_adding_up_again_changes_and_records_nothing(asha, task, team, tree, watch):
    done = [finish(team, task, booth, asha) for booth in (*tree.booths, tree.far_booth)]
    add_up(*done)
    seen = watch()
    assert add_up(*done) == 0
    assert seen.nothing_happened()


def test_an_undo_opens_the_levels_again(asha, task, team, tree, watch, now):
    done = [finish(team, task, booth, asha) for booth in tree.booths]
    share = share_of(task, tree.far_booth)
    services.accept_assignment(actor=team[tree.far_booth.pk].actor, ref=share.ref, now=now)
    hand_in(team[tree.far_booth.pk], share)
    outcome = services.bulk_verify(actor=asha.actor, refs=[share.ref], now=now)
    add_up(*done, share)
    services.undo(actor=asha.actor, ref=outcome.act.ref, now=now)
    seen = watch()
    add_up(share)
    task.refresh_from_db()
    assert task.state == "given"
    assert sums(task, tree.state) == (3, 4, 30, "given")
    assert set(seen.verbs()) == {"tasks.reopened"}


def test_a_withdrawn_share_no_longer_holds_its_level_back(asha, task, team, tree, now):
    done = [finish(team, task, booth, asha) for booth in tree.booths]
    services.withdraw_share(actor=asha.actor, ref=share_of(task, tree.far_booth).ref, reason="बंद", now=now)
    add_up(*done, share_of(task, tree.far_booth))
    task.refresh_from_db()
    assert task.state == "done"
    assert sums(task, tree.udaipur) == (0, 0, 0, "withdrawn")


def test_a_withdrawn_task_is_added_up_whole(asha, task, team, tree, now):
    finish(team, task, tree.booth, asha)
    services.withdraw_task(actor=asha.actor, ref=task.ref, reason="टला", now=now)
    services.add_up_tasks(actor=cast.SYSTEM, task_refs=[task.ref], now=now)
    task.refresh_from_db()
    assert task.state == "withdrawn"
    assert sums(task, tree.state) == (1, 1, 10, "verified")


def test_one_team_that_gave_to_itself_ends_its_task(chitra, bilal, booths, tree, salma):
    own = give(chitra.actor, tree.booth, target=5)
    share = share_of(own, tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
    hand_in(salma, share)
    add_up(services.verify_assignment(actor=bilal.actor, ref=share.ref, now=timezone.now()))
    own.refresh_from_db()
    assert own.state == "done"


def test_the_flows_carry_a_verified_share_to_its_parents_once(asha, task, team, tree, monkeypatch):
    sealing.seal()
    dispatch.dispatch({})
    finish(team, task, tree.booth, asha)
    sealing.seal()
    deferred = []
    followed = {
        verb: [_Noting(job, deferred) for job in found] for verb, found in FLOWS.items() if verb.startswith("tasks.")
    }
    dispatch.dispatch(followed)
    for job, kwargs in [*deferred, *deferred]:  # a worker that died after its work runs the job again
        job.func(**kwargs)
    assert sums(task, tree.state)[:2] == (1, 4)


class _Noting:
    """Takes what the dispatcher defers, so that the test runs it itself."""

    def __init__(self, job, deferred) -> None:
        self.job, self.deferred = job, deferred

    def defer(self, **kwargs):
        self.deferred.append((self.job, kwargs))
        return 1


def test_a_suspension_reaches_the_open_work_by_its_job(bilal, salma, accepted, now):
    org.suspend_now(actor=bilal.actor, ref=salma.appointment.ref, reason="शिकायत", now=now)
    [record] = audit.timeline(ref=salma.appointment.ref)[:1]
    assert jobs.release_open_work.func(record_ids=[record.id]) == 1
    accepted.refresh_from_db()
    assert accepted.state == "given"


def test_open_work_of_a_team_is_given_back_when_its_poll_closes(asha, salma, accepted, tree, now):
    seat, poll = salma.appointment.seat, uuid7()
    norm = org.set_norm(
        actor=asha.actor, team_kind=seat.team_kind, role=seat.role, count=1, scope=tree.booth,
        only_units=[tree.booth], until_poll_ref=poll, closes_at=now + timedelta(hours=5), now=now,
    )  # fmt: skip
    Seat.objects.filter(pk=seat.pk).update(norm=norm)
    org.close_norms_for_poll(actor=cast.SYSTEM, poll_ref=poll, now=now + timedelta(hours=5))
    record = Record.objects.get(verb="org.seats_closed")
    assert jobs.release_open_work.func(record_ids=[record.id]) == 1
    accepted.refresh_from_db()
    assert (accepted.state, accepted.accepted_by_id) == ("given", None)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_story_all_sums_and_figures_agree_with_the_facts(asha, bilal, task, team, tree, seed):
    luck = random.Random(seed)
    booths = [*tree.booths, tree.far_booth]
    acts = []
    for _step in range(40):
        share, member = (lambda b: (share_of(task, b), team[b.pk]))(luck.choice(booths))
        act = luck.choice(["accept", "hand_in", "verify", "return", "withdraw", "bulk", "undo", "release"])
        try:
            _play(act, asha, bilal, member, share, acts)
        except ToliError:
            continue
    services.add_up_tasks(actor=cast.SYSTEM, task_refs=[task.ref], now=timezone.now())
    org.fold_counts()
    assert services.recount(now=timezone.now()) == 0
    work = Assignment.objects.filter(task=task, is_work=True)
    top = share_of(task, tree.state)
    assert top.teams == work.exclude(state="withdrawn").count()
    assert top.teams_done == work.filter(state="verified").count()
    assert top.done == sum(work.filter(state="verified").values_list("done", flat=True))


def _play(act, asha, bilal, member, share, acts):
    now = timezone.now()
    if act == "accept":
        services.accept_assignment(actor=member.actor, ref=share.ref, now=now)
    elif act == "hand_in":
        hand_in(member, share, number=7)
    elif act == "verify":
        services.verify_assignment(actor=asha.actor, ref=share.ref, now=now)
    elif act == "return":
        services.return_assignment(actor=bilal.actor, ref=share.ref, reason="x", now=now)
    elif act == "withdraw" and share.unit_id % 3 == 0:
        services.withdraw_share(actor=asha.actor, ref=share.ref, reason="x", now=now)
    elif act == "bulk":
        outcome = services.bulk_verify(actor=asha.actor, refs=[share.ref], now=now)
        acts += [outcome.act] if outcome.act else []
    elif act == "undo" and acts:
        services.undo(actor=asha.actor, ref=acts.pop().ref, now=now)


def test_facts_and_metrics_name_the_same(task):
    assert all(metric in queries.FACTS for metric in queries.STANDING)
