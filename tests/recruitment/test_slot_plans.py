"""Times are given out by the worker: asked for once, watched on the page, written whole or not at all, in turn."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews as on

from toli.delivery.models import Message
from toli.elections import services as elections
from toli.kit.errors import NotFound, WrongState
from toli.org import services as org
from toli.recruitment import queries, services
from toli.recruitment.models import Application, Interview, SlotPlan
from toli.recruitment.ranking import Ranked, turn_of_the_rest, turns
from toli.recruitment.services import booking, slot_plans

ONE_SLOT = {str(day): [[600, 610]] for day in range(7)}


@pytest.fixture
def stage(drive, notice, tree, bilal, chitra):
    """Three who wait, and a panel with times for all of them."""
    of = on.add_round(drive)
    stage = on.Stage(drive, notice, of, on.add_panel(of, tree.raipur, [bilal, chitra]), [bilal, chitra])
    stage.people = [on.add_applicant(drive, notice, tree.booth, name=f"Neelam {n}") for n in range(3)]
    on.make_slots(of)
    return stage


def ask(who, of) -> SlotPlan:
    return services.ask_for_times(actor=who.actor, round_ref=of.ref, now=timezone.now())


def part(who, of, language="en") -> str:
    """The part of the page that asks again by itself."""
    browser = who.browser(second_factor=True, language=language)
    return browser.get(f"/desk/interviews/{of.ref}/", headers={"HX-Request": "true"}).content.decode()


def test_a_second_press_finds_the_first_and_the_worker_gives_the_times_once(stage, bilal, watch):
    first, seen = ask(bilal, stage.of), watch()
    assert ask(bilal, stage.of) == first
    assert seen.nothing_happened()
    assert (services.carry_on_plans(), services.carry_on_plans()) == (1, 0)
    plan = SlotPlan.objects.get()
    assert (plan.state, plan.people, plan.result["given"], plan.result["waiting"]) == ("done", 3, 3, 0)
    assert Interview.objects.filter(state="proposed").count() == 3
    assert seen.verbs().count("recruitment.interviews_given") == 1
    assert ask(bilal, stage.of) != first


def test_the_page_shows_each_step_and_what_came_of_it(stage, bilal, monkeypatch):
    plan, said = ask(bilal, stage.of), []
    real = slot_plans._keep

    def watched(plan, **values):
        real(plan, **values)
        said.append(part(bilal, stage.of))

    assert "every 2s" in part(bilal, stage.of)
    monkeypatch.setattr(slot_plans, "_keep", watched)
    services.carry_on_plans()
    for words in (
        "Reading who waits",
        "3 people wait",
        "Writing the times",
        "3 applicants got a time, 3 at the nearest",
    ):
        assert any(words in one for one in said), words
    assert "every 2s" not in said[-1]
    assert "Give times now" in said[-1]
    assert "3 आवेदकों को समय मिला" in part(bilal, stage.of, "hi")
    plan.refresh_from_db()
    assert plan.steps_done == 2


@pytest.mark.parametrize("dies_at", ["reading", "matching", "writing", "messages"])
def test_a_worker_that_dies_half_way_has_written_nothing_and_the_next_does_it_once(stage, bilal, monkeypatch, dies_at):
    plan = ask(bilal, stage.of)
    real = booking.telling.propose
    with monkeypatch.context() as patched:

        def dies(*_anything, **_more):
            raise KeyboardInterrupt

        where = {"reading": (booking, "_waiting"), "matching": (booking.slots, "match"),
                 "writing": (slot_plans, "write_plan"), "messages": (booking.telling, "propose")}[dies_at]  # fmt: skip
        patched.setattr(*where, dies)
        with pytest.raises(KeyboardInterrupt):
            services.carry_on_plans()
    assert booking.telling.propose is real
    assert not Interview.objects.exists()
    assert not Message.objects.exists()
    plan.refresh_from_db()
    assert plan.is_open
    assert services.carry_on_plans() == 1
    assert Interview.objects.count() == Message.objects.filter(template="interview").count() == 3


def test_a_fault_is_said_and_leaves_nobody_with_half_a_time(stage, bilal, monkeypatch):
    ask(bilal, stage.of)

    def breaks(*_anything, **_more):
        raise RuntimeError("no solution")

    monkeypatch.setattr(booking.slots, "match", breaks)
    services.carry_on_plans()
    plan = SlotPlan.objects.get()
    assert plan.state == "failed"
    assert not Interview.objects.exists()
    assert plan.why in part(bilal, stage.of)
    assert "Give times now" in part(bilal, stage.of)


def test_who_answered_meanwhile_is_passed_over_when_it_is_written(stage, tree):
    early, *_rest = stage.people
    plan = booking.work_out(actor=cast.SYSTEM, round_ref=stage.of.ref, now=timezone.now())
    Application.objects.filter(person=early.person).update(state="withdrawn")
    result = booking.write_plan(actor=cast.SYSTEM, round_ref=stage.of.ref, plan=plan, now=timezone.now())
    assert (result["given"], Interview.objects.count()) == (2, 2)


def test_times_are_given_in_the_charge_of_who_asked_as_it_is_when_it_is_done(stage, bilal, dev, asha, watch):
    seen = watch()
    with pytest.raises(NotFound):
        ask(cast.CastMember(stage.people[0].person, ""), stage.of)
    assert seen.nothing_happened()
    ask(dev, stage.of)
    services.carry_on_plans()
    assert not Interview.objects.exists()
    plan = ask(bilal, stage.of)
    org.end_appointment(actor=asha.actor, ref=bilal.appointment.ref, reason="moved away", now=timezone.now())
    services.carry_on_plans()
    plan.refresh_from_db()
    assert plan.state == "failed"
    assert not Interview.objects.exists()


def test_samples_are_asked_for_by_the_worker_too_and_not_after_the_last_day(drive, notice, tree, bilal, watch):
    on.add_applicant(drive, notice, tree.booth)
    of = on.add_round(drive, kind="work_sample", criteria=["writing"])
    ask(bilal, of)
    services.carry_on_plans()
    assert Message.objects.filter(template="work_sample").count() == 1
    assert "1 applicants were asked for a sample" in part(bilal, of)
    seen = watch()
    with pytest.raises(WrongState):
        services.ask_for_times(actor=bilal.actor, round_ref=of.ref, now=timezone.now() + timedelta(days=40))
    assert seen.nothing_happened()


# --- in turn ---


def test_units_beside_each_other_for_one_reason_share_a_turn():
    order = [
        Ranked(9, True, 1),
        Ranked(1, False),
        Ranked(2, False),
        Ranked(8, False, 4),
        Ranked(3, False),
        Ranked(4, True),
    ]
    found = turns(order)
    assert found == {9: 0, 1: 1, 2: 1, 8: 2, 3: 3, 4: 4}
    assert turn_of_the_rest(order, found) == 1
    assert turn_of_the_rest([Ranked(1, True)], {1: 0}) == 0


@pytest.fixture
def shared_panel(drive, notice, tree, bilal):
    """A panel by phone for the whole state with one time a day; the longest waiting lives where an election is on."""
    now = timezone.now()
    election = elections.ensure_election(
        key="BYE", kind="by-election", state=tree.state, by_election=True, announced_at=now - timedelta(days=5), now=now
    )
    elections.add_poll(
        actor=cast.SYSTEM, election=election, constituency=tree.sahara, notification="test 1", now=now,
        hours=elections.Hours(timezone.localdate() + timedelta(days=9), (time(18),), time(7)),
    )  # fmt: skip
    of = on.add_round(drive, kind="phone")
    on.add_panel(of, tree.state, [bilal], hours=ONE_SLOT)
    voting = [on.add_applicant(drive, notice, tree.booth, name=f"Voting {n}") for n in range(2)]
    calm = [on.add_applicant(drive, notice, tree.far_booth, name=f"Calm {n}") for n in range(2)]
    Application.objects.filter(person__in=[one.person for one in voting]).update(submitted_at=now - timedelta(days=9))
    return on.Stage(drive, notice, of, None, [bilal], voting + calm)


def in_order(stage) -> list[int]:
    rows = Interview.objects.filter(state__in=Interview.LIVE).order_by("slot__starts_at")
    found = {one.person.pk: n for n, one in enumerate(stage.people)}
    return [found[pk] for pk in rows.values_list("application__person", flat=True)]


def test_where_no_election_is_on_people_are_interviewed_first_and_where_times_are_few_alone(shared_panel):
    on.make_slots(shared_panel.of, days=9)
    on.assign(shared_panel.of)
    assert in_order(shared_panel) == [2, 3, 0, 1]


def test_where_times_are_too_few_those_with_an_election_on_wait(shared_panel):
    on.make_slots(shared_panel.of, days=9)
    few = queries.free_slots().order_by("starts_at").filter(starts_at__gt=timezone.now() + timedelta(hours=25))[:2]
    kept = [slot.pk for slot in few]
    shared_panel.of.panels.get().slots.exclude(pk__in=kept).delete()
    assert on.assign(shared_panel.of)["given"] == 2
    assert in_order(shared_panel) == [2, 3]


def test_a_rank_set_by_hand_with_its_reason_wins_over_the_computed_one(shared_panel, tree, asha):
    services.set_rank(
        actor=asha.actor, key="youth", unit_ref=tree.bhilwara.ref, rank=1, reason="Panels are ready", now=timezone.now()
    )
    on.make_slots(shared_panel.of, days=9)
    on.assign(shared_panel.of)
    assert in_order(shared_panel) == [0, 1, 2, 3]


def test_a_time_that_comes_free_goes_to_whose_turn_it_is(shared_panel):
    on.make_slots(shared_panel.of, days=9)
    on.assign(shared_panel.of)
    first, second, third, _last = (Interview.objects.get(application__person=one.person) for one in shared_panel.people)
    for waiting in (first, third):
        waiting.delete()
    services.decline(code=second.code, now=timezone.now())
    refilled = Interview.objects.get(slot=second.slot_id, state="proposed")
    assert refilled.application.person == shared_panel.people[2].person


def test_a_unit_ranked_by_hand_below_the_districts_stands_in_the_order(drive, tree, asha):
    services.set_rank(
        actor=asha.actor,
        key="youth",
        unit_ref=tree.raipur.ref,
        rank=1,
        reason="Its panels are free",
        now=timezone.now(),
    )
    rows = queries.ranked_units(drive, now=timezone.now())
    assert rows[0].unit == tree.raipur
    assert "Its panels are free" in asha.client.get("/desk/drives/youth/order/").content.decode()
