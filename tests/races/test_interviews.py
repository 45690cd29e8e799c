"""Two at one interview at the same moment: one slot, two devices; a move and a score; two scorers."""

import pytest
from django.utils import timezone

from tests.races.together import together, winners_and_losers
from tests.recruitment import interviews as on
from tests.recruitment.conftest import demo, drive, notice  # noqa: F401 - fixtures
from toli.kit.errors import WrongState
from toli.recruitment import queries, services
from toli.recruitment.models import Interview, Scorecard

pytestmark = pytest.mark.django_db(transaction=True)
SLOT = "SELECT 1 FROM recruitment_slot WHERE id = %s FOR UPDATE"
INTERVIEW = "SELECT 1 FROM recruitment_interview WHERE id = %s FOR UPDATE"


@pytest.fixture
def stage(drive, notice, tree, bilal, chitra):  # noqa: F811
    return on.plant(drive, notice, tree.raipur, [bilal, chitra], people=2)


def test_two_devices_take_one_slot_and_one_is_told_kindly_and_offered_others(stage):
    now = timezone.now()
    first, second = (stage.interview(person) for person in stage.people)
    slot = queries.other_times(first, now=now)[0]
    results = together(
        [
            lambda: services.move(code=first.code, slot_id=slot.pk, now=now),
            lambda: services.move(code=second.code, slot_id=slot.pk, now=now),
        ],
        hold=SLOT,
        params=[slot.pk],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(error) for error in lost] == [WrongState]
    assert Interview.objects.filter(slot=slot, state__in=Interview.LIVE).count() == 1
    for person in stage.people:
        mine = Interview.objects.get(application__person=person.person, state__in=Interview.LIVE)
        assert queries.other_times(mine, now=now)


def test_a_candidate_moves_away_while_a_panel_scores_and_one_of_both_stands(stage, bilal):
    person = stage.people[0]
    interview, at = stage.begun(person)
    slot = queries.other_times(interview, now=timezone.now())[-1]
    scorer, before = bilal.actor, at - 2 * on.SHORT
    results = together(
        [
            lambda: services.move(code=interview.code, slot_id=slot.pk, now=before),
            lambda: services.score(actor=scorer, ref=interview.ref, marks={"conduct": 3, "local": 3}, note="", now=at),
        ],
        hold=INTERVIEW,
        params=[interview.pk],
    )
    won, lost = winners_and_losers(results)
    assert len(won) == 1
    assert [type(error) for error in lost] == [WrongState]
    live = Interview.objects.get(application__person=person.person, state__in=Interview.LIVE)
    assert Scorecard.objects.count() == (live.state == "held")
    assert (live.slot_id == slot.pk) is (live.state == "confirmed")


def test_two_members_score_at_once_and_both_scores_stand_apart(stage, bilal, chitra):
    interview, at = stage.begun(stage.people[0])
    scorers = [bilal.actor, chitra.actor]

    def give(actor, mark):
        return lambda: services.score(
            actor=actor, ref=interview.ref, marks={"conduct": mark, "local": mark}, note="", now=at
        )

    results = together(
        [give(scorers[0], 5), give(scorers[1], 1), give(scorers[0], 5)], hold=INTERVIEW, params=[interview.pk]
    )
    assert [type(result) for result in results] == [Scorecard] * 3
    assert sorted(Scorecard.objects.values_list("total", flat=True)) == [2_000, 10_000]
    assert stage.interview(stage.people[0]).state == "held"


def test_two_assignments_at_once_give_each_person_one_time(stage, tree):
    for n in range(3):
        on.add_applicant(stage.drive, stage.notice, tree.booth, name=f"Late {n}")
    results = together(
        [lambda: on.assign(stage.of)] * 2,
        hold="SELECT 1 FROM recruitment_round WHERE id = %s FOR UPDATE",
        params=[stage.of.pk],
    )
    assert sorted(found["given"] for found in results) == [0, 3]
    assert Interview.objects.filter(state__in=Interview.LIVE).count() == 5
