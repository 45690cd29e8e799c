"""An appeal that two uphold leads somewhere: to an offer now, to the first turn, or to the next run."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews
from tests.recruitment.contest import run, sign
from tests.recruitment.test_appeals import appeal, vote
from tests.recruitment.test_offers import answer, move

from toli.audit.models import Record
from toli.org import services as org
from toli.org.models import Appointment, Seat
from toli.recruitment import services
from toli.recruitment.models import Appeal, Application, PlacementRun, PlaceOffer


@pytest.fixture
def seats(contest):
    """The seats of both places: one near, two far."""
    return {
        place.pk: [cast.add_seat(place.unit, "booth_team", "booth_youth", n + 1) for n in range(place.capacity)]
        for place in (contest.near, contest.far)
    }


@pytest.fixture
def decided(contest, seats, asha, second_state):
    """Signed by two, the offers made: second has the near seat, best and young the far ones."""
    made = sign(second_state, sign(asha, run(asha)))
    record = Record.objects.get(verb="recruitment.run_signed")
    services.prepare_offers(actor=cast.SYSTEM, record_ids=[record.pk], now=timezone.now())
    move()
    return made


def uphold(application, score: int, *judges) -> Appeal:
    made = appeal(cast.CastMember(application.person, ""), application)
    for judge in judges:
        vote(judge, made, score=score)
    made.refresh_from_db()
    assert made.state == "upheld"
    return made


def offers(application) -> list[tuple[str, str, str]]:
    rows = PlaceOffer.objects.filter(application=application).order_by("id")
    return [(row.origin, row.place.unit.names["en"], row.reason or row.state) for row in rows]


def test_with_a_seat_free_it_is_offered_accepted_and_filled(contest, decided, low_seat, asha, second_state):
    uphold(contest.low, 8300, asha, second_state)
    move()
    assert offers(contest.low) == [("appeal", "Borana 1", "offered")]
    answer(contest.low, yes=True)
    move()
    contest.low.refresh_from_db()
    assert (contest.low.state, offers(contest.low)) == ("placed", [("appeal", "Borana 1", "accepted")])
    assert Appointment.objects.get(ref=contest.low.appointment_ref).seat == low_seat


@pytest.fixture
def low_seat(contest, decided) -> Seat:
    """One seat more at the near place, which the organisation opened after the run."""
    contest.near.capacity = 2
    contest.near.save()
    return cast.add_seat(contest.near.unit, "booth_team", "booth_youth", 9)


def test_without_a_free_seat_nobody_loses_one_and_the_next_that_comes_free_is_theirs(
    contest, decided, asha, second_state
):
    uphold(contest.low, 8300, asha, second_state)
    move()
    assert offers(contest.low) == [("appeal", "Borana 1", "seat_taken")]
    assert offers(contest.second) == [("run", "Borana 1", "offered")]
    answer(contest.second, yes=False)
    move()
    assert offers(contest.low)[-1] == ("wait_list", "Borana 1", "offered")  # before best, who waits for it too
    assert offers(contest.best) == [("run", "Kanod 1", "offered")]
    answer(contest.low, yes=True)
    move()
    contest.low.refresh_from_db()
    assert contest.low.state == "placed"


def test_the_next_run_counts_the_new_score(contest, asha, second_state):
    made = sign(second_state, sign(asha, run(asha)))
    uphold(contest.low, 8300, asha, second_state)
    PlaceOffer.objects.filter(application=contest.low).delete()  # as if nothing had been owed
    again = run(asha)
    placed = again.outcomes.get(application=contest.low).place
    assert made.outcomes.get(application=contest.low).place is None
    assert placed == contest.near


def test_who_holds_a_lower_place_is_offered_the_better_one_beside_it_and_moves_with_their_yes(
    contest, decided, low_seat, asha, second_state
):
    uphold(contest.best, 9000, asha, second_state)
    move()
    # the offer in hand is answered first
    assert offers(contest.best) == [("run", "Kanod 1", "offered"), ("appeal", "Borana 1", "due")]
    answer(contest.best, yes=True)
    move()
    assert offers(contest.best) == [("run", "Kanod 1", "accepted"), ("appeal", "Borana 1", "offered")]
    better = PlaceOffer.objects.get(application=contest.best, origin="appeal")
    org.accept_offer(
        actor=cast.CastMember(contest.best.person, "").actor, ref=better.appointment_ref, now=timezone.now()
    )
    move()
    assert offers(contest.best) == [("run", "Kanod 1", "left"), ("appeal", "Borana 1", "accepted")]
    held = Appointment.objects.filter(person=contest.best.person, state="accepted")
    assert [one.seat for one in held] == [low_seat]


def test_who_says_no_to_the_offer_in_hand_is_offered_the_better_one_like_everybody(
    contest, decided, low_seat, asha, second_state
):
    uphold(contest.best, 9000, asha, second_state)
    answer(contest.best, yes=False)
    move()
    assert offers(contest.best) == [("run", "Kanod 1", "declined"), ("appeal", "Borana 1", "offered")]
    contest.best.refresh_from_db()
    assert contest.best.state == "offered"


def test_scores_that_are_settled_again_never_take_back_what_an_appeal_gave(drive, notice, tree, bilal, chitra, asha):
    stage = interviews.plant(drive, notice, tree.raipur, [bilal, chitra], people=2)
    for scorer in (bilal, chitra):
        for person in stage.people:
            stage.score(scorer, person, 2)
    mine = Application.objects.get(person=stage.people[0].person)
    made = run_of(drive)
    Appeal.objects.create(
        run=made, application=mine, words="x" * 20, state="upheld", made_at=timezone.now(), decided_at=timezone.now(),
        score_before=4000, score_after=9000,
    )  # fmt: skip
    services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    mine.refresh_from_db()
    other = Application.objects.get(person=stage.people[1].person)
    assert (mine.score, other.score) == (9000, 4000)


def run_of(drive):
    return PlacementRun.objects.create(
        drive=drive, seed="s", inputs=b"", inputs_hash="", outcome_hash="", made_at=timezone.now()
    )
