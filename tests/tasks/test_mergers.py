"""Units become one: their open tasks follow, nothing is doubled, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone
from tests import cast
from tests.tasks.conftest import give, hand_in, share_of

from toli.audit import queries as audit
from toli.audit.models import Record
from toli.org import queries as org_queries
from toli.org import services as org
from toli.org.services import Line
from toli.tasks import jobs, queries, services
from toli.tasks.models import Assignment, ShareMove, Task

FOLLOWING = {"org.reorganised": jobs.follow_mergers, "org.change_undone": jobs.put_back_mergers}


def follow(verb: str) -> int:
    """What the worker does once the newest record of this verb is sealed."""
    record = Record.objects.filter(verb=verb).latest("id")
    return FOLLOWING[verb].func(record_ids=[record.id])


def merge(member, *pairs):
    """Each (unit that goes, unit that stays); the jobs have run."""
    now = timezone.now()
    lines = [Line("merge", stays, goes) for goes, stays in pairs]
    made = org.draft_reorganisation(actor=member.actor, title="x", on=timezone.localdate(), lines=lines, now=now)
    done = org.decide_reorganisation(actor=member.actor, ref=made.ref, now=now)
    follow("org.reorganised")
    return done


def undo(member, change):
    org.undo_reorganisation(actor=member.actor, ref=change.ref, now=timezone.now())
    return follow("org.change_undone")


def shares(task: Task) -> list[tuple]:
    """Every share as it stands: where, how much, below what, how far, and whose."""
    columns = ("unit_id", "share", "parent_id", "depth", "teams", "teams_done", "done", "state", "accepted_by_id")
    return list(Assignment.objects.filter(task=task).order_by("id").values_list("id", "given_to_id", *columns))


def check_sums(task: Task) -> None:
    """Every level is the sum of what stands below it, and every figure is what the facts say."""
    levels = Assignment.objects.filter(task=task, is_work=False).exclude(state="withdrawn")
    for level in levels:
        below = level.parts.aggregate(teams=Sum("teams"), done=Sum("done"), teams_done=Sum("teams_done"))
        counted = level.parts.filter(joined_into=None).aggregate(share=Sum("share"))["share"]
        assert (level.share, level.teams, level.done, level.teams_done) == (
            counted, below["teams"], below["done"], below["teams_done"],
        ), str(level.unit)  # fmt: skip
        assert {part.depth for part in level.parts.all()} == {level.depth + 1}
    org.fold_counts()
    assert services.recount(now=timezone.now()) == 0


def given_figure(unit) -> int:
    org.fold_counts()
    return org_queries.figures_of([unit.pk], today=timezone.localdate())[unit.pk].get("tasks_given", 0)


# Nobody has begun


def test_shares_that_nobody_has_begun_become_one_with_both_quantities(asha, tree, task, watch):
    merge(asha, (tree.booth, tree.booths[1]))
    stays = share_of(task, tree.booths[1])
    gone = share_of(task, tree.booth)
    assert (stays.share, stays.state, stays.teams) == (40, "given", 1)
    assert (gone.state, gone.joined_into_id, gone.teams) == ("withdrawn", stays.pk, 0)
    assert (share_of(task, tree.raipur).share, share_of(task, tree.raipur).teams) == (50, 2)
    assert (given_figure(tree.booths[1]), given_figure(tree.state)) == (1, 3)
    check_sums(task)


def test_the_one_team_sees_one_share_and_where_it_came_from(asha, tree, task, salma):
    merge(asha, (tree.booth, tree.booths[1]))
    [mine] = queries.my_work(salma.actor, now=timezone.now()).free
    assert (mine.assignment.unit_id, mine.assignment.share) == (tree.booths[1].pk, 40)
    page = salma.client.get(f"/me/tasks/{mine.assignment.ref}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "20" in page
    assert tree.booth.names["hi"] in page or tree.booth.names["en"] in page


def test_what_follows_is_recorded_once_and_done_once(asha, tree, task, watch):
    merge(asha, (tree.booth, tree.booths[1]))
    stood, seen = shares(task), watch()
    assert follow("org.reorganised") == 0
    assert shares(task) == stood
    assert seen.nothing_happened()
    [record] = Record.objects.filter(verb="tasks.shares_followed")
    assert (record.data["moved"], record.data["joined"], record.data["rows"]) == (0, 1, 1)
    assert "tasks.shares_followed" in {r.verb for r in audit.timeline(ref=share_of(task, tree.booth).ref)}
    check_sums(task)


def test_a_merger_without_tasks_records_nothing(asha, tree, watch):
    seen = watch()
    merge(asha, (tree.booth, tree.booths[1]))
    assert seen.verbs() == ["org.change_drafted", "org.reorganised"]


def test_undoing_puts_everything_back_as_it_was(asha, tree, task):
    stood = shares(task)
    change = merge(asha, (tree.booth, tree.booths[1]), (tree.booths[2], tree.booths[1]))
    assert share_of(task, tree.booths[1]).share == 50
    assert undo(asha, change) == 2
    assert shares(task) == stood
    check_sums(task)
    assert follow("org.change_undone") == 0
    [record] = Record.objects.filter(verb="tasks.shares_put_back")
    assert (record.data["moved"], record.data["left"]) == (2, 0)


def test_a_joint_quantity_somebody_has_begun_stays_joint_after_undoing_and_the_record_says_so(
    asha, tree, task, salma, watch
):
    change = merge(asha, (tree.booth, tree.booths[1]))
    joint = share_of(task, tree.booths[1])
    services.accept_assignment(actor=salma.actor, ref=joint.ref, now=timezone.now())
    assert undo(asha, change) == 0
    assert (share_of(task, tree.booths[1]).share, share_of(task, tree.booth).state) == (40, "withdrawn")
    [record] = Record.objects.filter(verb="tasks.shares_put_back")
    assert (record.data["moved"], record.data["left"]) == (0, 1)
    seen = watch()
    assert follow("org.change_undone") == 0
    assert seen.nothing_happened()
    check_sums(task)


def test_a_job_that_comes_after_the_merger_was_undone_does_nothing(asha, tree, task):
    stood, now = shares(task), timezone.now()
    lines = [Line("merge", tree.booths[1], tree.booth)]
    made = org.draft_reorganisation(actor=asha.actor, title="x", on=timezone.localdate(), lines=lines, now=now)
    org.decide_reorganisation(actor=asha.actor, ref=made.ref, now=now)
    org.undo_reorganisation(actor=asha.actor, ref=made.ref, now=now)
    assert follow("org.reorganised") + follow("org.change_undone") == 0
    assert shares(task) == stood


# Somebody has begun


def test_a_share_somebody_took_goes_along_with_its_person_beside_the_other(asha, tree, task, accepted, salma, now):
    change = merge(asha, (tree.booth, tree.booths[1]))
    accepted.refresh_from_db()
    assert (accepted.unit_id, accepted.given_to_id, accepted.share) == (tree.booths[1].pk, tree.booth.pk, 20)
    other = Assignment.objects.get(task=task, unit=tree.booths[1], given_to=None)
    assert (other.share, other.state) == (20, "given")
    handed = hand_in(salma, accepted)
    done = services.verify_assignment(actor=asha.actor, ref=handed.ref, now=now)
    assert done.done == 18
    services.add_up_parents(actor=cast.SYSTEM, refs=[done.ref], now=now)
    assert share_of(task, tree.state).done == 18
    assert given_figure(tree.booths[1]) == 2
    check_sums(task)
    assert undo(asha, change) == 0, "what ended since stays where it ended"
    check_sums(task)


def test_what_was_returned_or_waits_goes_along_and_comes_back(asha, bilal, tree, task, handed_in, now):
    services.return_assignment(actor=bilal.actor, ref=handed_in.ref, reason="अधूरा", now=now)
    stood = shares(task)
    change = merge(asha, (tree.booth, tree.booths[1]))
    handed_in.refresh_from_db()
    assert (handed_in.unit_id, handed_in.state) == (tree.booths[1].pk, "returned")
    assert undo(asha, change) == 1
    assert shares(task) == stood
    check_sums(task)


def test_verified_and_withdrawn_shares_stay_where_that_happened(asha, tree, task, verified, now):
    services.withdraw_share(actor=asha.actor, ref=share_of(task, tree.booths[2]).ref, reason="x", now=now)
    services.add_up_parents(actor=cast.SYSTEM, refs=[verified.ref], now=now)
    merge(asha, (tree.booth, tree.booths[1]), (tree.booths[2], tree.booths[1]))
    assert share_of(task, tree.booth).state == "verified"
    assert share_of(task, tree.booths[1]).share == 20
    assert not ShareMove.objects.exists()
    check_sums(task)


def test_a_task_that_has_ended_is_left_alone(asha, tree, task, now):
    services.withdraw_task(actor=asha.actor, ref=task.ref, reason="x", now=now)
    stood = shares(task)
    merge(asha, (tree.booth, tree.booths[1]))
    assert shares(task) == stood


# Levels and other districts


def test_a_task_the_other_unit_does_not_have_goes_along_with_its_level(asha, bilal, dev, booths, tree, salma):
    """A booth of one district goes into a booth of the other, which was never given this task."""
    task = give(bilal.actor, tree.bhilwara, target=50)
    stood = shares(task)
    change = merge(asha, (tree.booth, tree.far_booth))
    moved = Assignment.objects.get(task=task, given_to=tree.booth)
    assert (moved.unit_id, moved.share) == (tree.far_booth.pk, 20)
    assert queries.get_assignment(actor=dev.actor, ref=moved.ref) == moved
    assert [free.assignment for free in queries.my_work(salma.actor, now=timezone.now()).free] == [moved]
    check_sums(task)
    assert undo(asha, change) == 1
    assert shares(task) == stood


def test_blocks_of_two_districts_become_one_with_all_below_them(asha, tree, task, accepted):
    stood = shares(task)
    change = merge(asha, (tree.raipur, tree.bhinder))
    block = share_of(task, tree.bhinder)
    assert (block.share, block.teams) == (60, 4)
    assert {part.unit_id for part in block.parts.all()} == {*(b.pk for b in tree.booths), tree.far_booth.pk}
    assert share_of(task, tree.raipur).joined_into_id == block.pk
    full, empty = share_of(task, tree.udaipur), share_of(task, tree.bhilwara)
    assert (full.share, full.teams, empty.share, empty.teams, empty.state) == (60, 4, 0, 0, "withdrawn")
    check_sums(task)
    assert undo(asha, change) == 0, "no share of a team moved, only their level"
    assert shares(task) == stood
    check_sums(task)


def test_the_top_of_a_task_goes_along(asha, bilal, dev, booths, tree):
    task = give(bilal.actor, tree.bhilwara, target=50)
    stood = shares(task)
    change = merge(asha, (tree.bhilwara, tree.udaipur))
    task.refresh_from_db()
    assert task.unit_id == tree.udaipur.pk
    assert queries.get_task(actor=dev.actor, ref=task.ref, right="tasks.give") == task
    undo(asha, change)
    task.refresh_from_db()
    assert (task.unit_id, shares(task)) == (tree.bhilwara.pk, stood)


def test_a_unit_that_took_another_and_then_goes_itself_brings_both_and_each_undo_takes_one_step_back(
    asha, tree, task, accepted
):
    first_stood = shares(task)
    first = merge(asha, (tree.booth, tree.booths[1]))
    second_stood = shares(task)
    second = merge(asha, (tree.booths[1], tree.booths[2]))
    accepted.refresh_from_db()
    assert (accepted.unit_id, accepted.given_to_id) == (tree.booths[2].pk, tree.booth.pk)
    assert Assignment.objects.get(task=task, unit=tree.booths[2], given_to=None).share == 30
    check_sums(task)
    undo(asha, second)
    assert shares(task) == second_stood
    undo(asha, first)
    assert shares(task) == first_stood
    check_sums(task)


@pytest.mark.parametrize("days", [0, 3])
def test_a_planned_merger_brings_the_tasks_on_its_day(asha, tree, task, days):
    now, on = timezone.now(), timezone.localdate() + timedelta(days=3)
    made = org.draft_reorganisation(
        actor=asha.actor, title="x", on=on, lines=[Line("merge", tree.booths[1], tree.booth)], now=now
    )
    org.decide_reorganisation(actor=asha.actor, ref=made.ref, now=now)
    if org.apply_due(actor=cast.SYSTEM, now=now + timedelta(days=days)):
        follow("org.reorganised")
    assert share_of(task, tree.booths[1]).share == (40 if days else 20)
