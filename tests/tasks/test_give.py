"""A task goes down the tree: each team its share, counted, recorded once, whatever is pressed twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.tasks.conftest import give, share_of

from toli.audit import queries as audit
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.kit.ids import uuid7
from toli.org import queries as org
from toli.org import services as org_services
from toli.org.models import Wing
from toli.tasks import queries, services
from toli.tasks.models import Assignment, Task


def test_every_team_gets_its_share_by_norm_and_levels_in_between_the_sum(task, tree):
    shares = {a.unit_id: a.share for a in Assignment.objects.filter(task=task)}
    assert [shares[b.pk] for b in (*tree.booths, tree.far_booth)] == [20, 20, 10, 10]
    assert (shares[tree.bhilwara.pk], shares[tree.udaipur.pk], shares[tree.state.pk]) == (50, 10, 60)
    parent = share_of(task, tree.raipur)
    assert {a.parent_id for a in Assignment.objects.filter(task=task, unit__in=tree.booths)} == {parent.pk}
    assert (parent.is_work, parent.teams, share_of(task, tree.state).teams) == (False, 3, 4)


def test_giving_is_one_record_without_anybodys_words(asha, booths, tree, watch):
    seen = watch()
    task = give(asha.actor, tree.state)
    assert seen.verbs() == ["tasks.given"]
    [record] = audit.timeline(ref=task.ref)
    assert record.data == {"teams": 4, "target": 60}
    assert record.unit_id == tree.state.pk


def test_given_shares_are_counted_up_the_tree(task, tree):
    org_services.fold_counts()
    today = timezone.localdate()
    figures = org.figures_of([tree.state.pk, tree.bhilwara.pk, tree.booth.pk], today=today)
    assert [figures[u.pk]["tasks_given"] for u in (tree.state, tree.bhilwara, tree.booth)] == [4, 3, 1]


def test_the_same_page_sent_twice_gives_one_task(asha, booths, tree, watch):
    ref = uuid7()
    first = give(asha.actor, tree.state, ref=ref)
    seen = watch()
    assert give(asha.actor, tree.state, ref=ref).pk == first.pk
    assert Task.objects.count() == 1
    assert seen.nothing_happened()


def test_a_ref_of_somebody_elses_task_is_refused(asha, bilal, booths, tree, watch):
    task = give(asha.actor, tree.state)
    seen = watch()
    with pytest.raises(NotFound):
        give(bilal.actor, tree.bhilwara, ref=task.ref)
    assert Task.objects.count() == 1
    assert seen.nothing_happened()


def test_only_the_chosen_parts_get_a_share(asha, booths, tree):
    task = give(asha.actor, tree.state, only=[tree.udaipur, tree.raipur], target=6)
    assert share_of(task, tree.udaipur).share + share_of(task, tree.raipur).share == 6
    task = give(asha.actor, tree.state, only=[tree.udaipur], target=6)
    assert set(Assignment.objects.filter(task=task, is_work=True).values_list("unit_id", flat=True)) == {
        tree.far_booth.pk
    }


def test_a_target_below_the_number_of_teams_leaves_some_out_and_the_preview_says_so(asha, booths, tree):
    seen = queries.preview_split(unit=tree.state, level=booths[0].level, wing=None, target=2)
    assert (seen.teams, seen.left_out, seen.smallest, seen.largest) == (2, 2, 1, 1)
    task = give(asha.actor, tree.state, target=2)
    assert Assignment.objects.filter(task=task, is_work=True).count() == 2


def test_one_share_is_enough_where_a_team_gives_to_itself(chitra, booths, tree):
    task = give(chitra.actor, tree.booth, target=5)
    only = Assignment.objects.get(task=task)
    assert (only.is_work, only.parent_id, only.share) == (True, None, 5)


def test_a_coordinator_gives_only_inside_their_charge(bilal, dev, tree, booths, watch):
    seen = watch()
    for actor, unit in ((bilal.actor, tree.udaipur), (dev.actor, tree.booth)):
        with pytest.raises(NotFound):
            give(actor, unit)
    with pytest.raises(BadInput):
        give(bilal.actor, tree.bhilwara, only=[tree.udaipur])
    assert not Task.objects.exists()
    assert seen.nothing_happened()


def test_who_may_only_look_gives_nothing(meera, booths, tree, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        give(meera.actor, tree.state)
    assert not Task.objects.exists()
    assert seen.nothing_happened()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": {"hi": "  "}}),
        ("title", {"title": {"hi": "क" * 201}}),
        ("instructions", {"instructions": {"hi": "फ़ोन करें 10000 00123"}}),
        ("instructions", {"instructions": {"hi": "फ़ोन १००००००१२३"}}),
        ("target", {"target": 0}),
        ("target", {"target": 10**10}),
        ("due_at", {"days": -1}),
        ("due_at", {"days": 400}),
        ("kind", {"kind": "advert"}),
        ("proofs", {"proofs": ["fingerprint"]}),
        ("level", {"level": "samiti"}),
    ],
)
def test_a_task_that_cannot_be_given_says_which_field_and_leaves_nothing(asha, booths, tree, watch, field, wrong):
    seen = watch()
    with pytest.raises(BadInput) as refused:
        give(asha.actor, tree.state, **wrong)
    assert set(refused.value.fields) == {field}
    assert not Task.objects.exists()
    assert not Assignment.objects.exists()
    assert seen.nothing_happened()


def test_a_wing_task_counts_for_its_wing_and_for_all(asha, booths, tree):
    youth = Wing.objects.get(key="youth")
    give(asha.actor, tree.state, wing=youth)
    org_services.fold_counts()
    today = timezone.localdate()
    assert org.figures_of([tree.state.pk], today=today)[tree.state.pk]["tasks_given"] == 4
    assert org.figures_of([tree.state.pk], today=today, wing_id=youth.pk)[tree.state.pk]["tasks_given"] == 4


def test_withdrawing_takes_back_every_share_that_is_not_verified(asha, task, verified, tree, watch, now):
    seen = watch()
    services.withdraw_task(actor=asha.actor, ref=task.ref, reason="मेला टल गया", now=now)
    states = set(Assignment.objects.filter(task=task, is_work=True).values_list("unit_id", "state"))
    assert states == {
        (b.pk, "verified" if b.pk == tree.booth.pk else "withdrawn") for b in (*tree.booths, tree.far_booth)
    }
    assert seen.verbs() == ["tasks.withdrawn"]
    org_services.fold_counts()
    assert not services.recount(now=now)


def test_a_withdrawn_task_cannot_be_withdrawn_again(asha, task, watch, now):
    services.withdraw_task(actor=asha.actor, ref=task.ref, reason="x", now=now)
    seen = watch()
    with pytest.raises(WrongState):
        services.withdraw_task(actor=asha.actor, ref=task.ref, reason="x", now=now)
    assert seen.nothing_happened()


def test_a_district_cannot_withdraw_what_the_state_gave_but_may_take_back_a_share_of_its_own(
    bilal, task, given, now, watch
):
    seen = watch()
    for reason in ("x", "", "x" * 5000):  # the right is asked before the reason is read
        with pytest.raises(NotAllowed):
            services.withdraw_task(actor=bilal.actor, ref=task.ref, reason=reason, now=now)
    assert seen.nothing_happened()
    done = services.withdraw_share(actor=bilal.actor, ref=given.ref, reason="बूथ बंद", now=now)
    assert done.state == "withdrawn"
    assert seen.verbs() == ["tasks.share_withdrawn"]


def test_a_task_is_seen_by_whoever_has_a_share_of_it_and_changed_only_from_its_top(asha, bilal, dev, task, tree):
    below = give(bilal.actor, tree.bhilwara, target=9)
    assert queries.get_task(actor=bilal.actor, ref=task.ref) == task
    assert queries.get_task(actor=asha.actor, ref=task.ref, right="tasks.give", lock=True) == task
    with pytest.raises(NotAllowed):
        queries.get_task(actor=bilal.actor, ref=task.ref, right="tasks.give")
    for right in ("tasks.view", "tasks.give"):
        with pytest.raises(NotFound):
            queries.get_task(actor=dev.actor, ref=below.ref, right=right)


def test_a_verified_share_stays(bilal, verified, watch, now):
    seen = watch()
    with pytest.raises(WrongState):
        services.withdraw_share(actor=bilal.actor, ref=verified.ref, reason="x", now=now)
    verified.refresh_from_db()
    assert verified.state == "verified"
    assert seen.nothing_happened()


def save(actor, unit, level, **more):
    return services.save_template(
        actor=actor, unit=unit, level=level, title={"hi": "घर-घर"}, instructions={}, kind="civic", proofs=["photo"],
        now=timezone.now(), **{"measure": {"hi": "घर"}, "per_share": 25, "days": 5, **more},
    )  # fmt: skip


def test_a_template_is_offered_where_it_was_written_and_below(asha, bilal, meera, tree, watch):
    of_state = save(asha.actor, tree.state, tree.booth.level)
    of_bhilwara = save(bilal.actor, tree.bhilwara, tree.booth.level)
    assert list(queries.templates_for(tree.raipur)) == [of_state, of_bhilwara]
    assert list(queries.templates_for(tree.udaipur)) == [of_state]
    seen = watch()
    with pytest.raises(NotAllowed):
        save(meera.actor, tree.state, tree.booth.level)
    with pytest.raises(BadInput):
        save(asha.actor, tree.state, tree.booth.level, per_share=0)
    assert queries.templates_for(tree.raipur).count() == 2
    assert seen.nothing_happened()


def test_a_template_is_retired_by_whoever_gives_tasks_where_it_was_written(asha, bilal, tree, watch):
    of_state = save(asha.actor, tree.state, tree.booth.level)
    seen = watch()
    with pytest.raises(NotFound):
        services.retire_template(actor=bilal.actor, ref=of_state.ref)
    assert seen.nothing_happened()
    for _press in range(2):
        services.retire_template(actor=asha.actor, ref=of_state.ref)
    assert seen.verbs() == ["tasks.template_retired"]
    assert not queries.templates_for(tree.state).exists()


def test_a_due_time_is_kept_to_the_minute(asha, booths, tree, now):
    due = now + timedelta(hours=5)
    assert give(asha.actor, tree.state, due_at=due).due_at == due
