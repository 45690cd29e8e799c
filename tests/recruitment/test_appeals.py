"""Why somebody was not placed, and appeals: in time, decided by two others, never silently."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews
from tests.recruitment.contest import run, sign

from toli.audit import services as audit
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.people.models import Person
from toli.recruitment import appealing, jobs, queries, services
from toli.recruitment.appealing import Vote, decision
from toli.recruitment.models import Appeal, AppealVote, Application, PlaceOffer
from toli.recruitment.outcomes import What

WORDS = "My work sample was not looked at."


@pytest.fixture
def low(contest):
    """The one who got nothing, with a phone."""
    return cast.CastMember(contest.low.person, "")


@pytest.fixture
def best(contest):
    return cast.CastMember(contest.best.person, "")


@pytest.fixture
def signed(contest, asha, second_state):
    return sign(second_state, sign(asha, run(asha)))


def appeal(who, application, *, at=None, words=WORDS) -> Appeal:
    return services.make_appeal(actor=who.actor, ref=application.ref, words=words, now=at or timezone.now())


def vote(who, made: Appeal, *, score: int | None = None, reason="The sample was missed.") -> Appeal:
    return services.vote_on_appeal(
        actor=who.actor, ref=made.ref, upholds=score is not None, score=score, reason=reason, now=timezone.now()
    )


# -- why --


def test_each_wish_says_what_came_of_it(contest, signed, low, best):
    told = queries.explained(actor=low.actor, ref=contest.low.ref)
    near, far = told.lines
    assert (near[1], near[0].what, near[0].score, near[0].cut) == (contest.near, What.SCORE, 4300, 8200)
    assert near[0].lacks in (3900, 3901)
    assert near[0].position == 3
    assert (far[0].what, far[0].cut, far[0].lacks, far[0].position) == (What.MINIMUM, 5000, 1000, 0)
    assert told.nearest == near[0]
    theirs = queries.explained(actor=best.actor, ref=contest.best.ref)
    assert [line.what for line, _place in theirs.lines] == [What.SCORE, What.GOT]


def test_nothing_is_told_before_two_have_signed(contest, asha, low):
    sign(asha, run(asha))
    assert queries.explained(actor=low.actor, ref=contest.low.ref) is None
    with pytest.raises(WrongState):
        appeal(low, contest.low)


def test_nobody_reads_why_of_somebody_else(contest, signed, low, asha):
    for who in (low, asha):
        with pytest.raises(NotFound):
            queries.explained(actor=who.actor, ref=contest.best.ref)


def test_the_page_says_it_in_hindi_and_english(contest, signed, low):
    address = f"/join/status/{contest.low.ref}/why/"
    page = low.browser(second_factor=False, language="en").get(address).content.decode()
    assert "The last one who got in had 82." in page
    assert "you are number 3" in page
    assert "at least 50 points of their own; 10 were missing" in page
    hindi = low.browser(second_factor=False, language="hi").get(address).content.decode()
    assert "प्रतीक्षा सूची में आपका नंबर 3" in hindi
    assert address in low.client.get("/join/status/").content.decode()


# -- appeals --


def test_an_appeal_is_upheld_by_two_and_the_place_is_owed(contest, signed, low, asha, second_state, watch):
    seen = watch()
    made = appeal(low, contest.low)
    vote(asha, made, score=8300)
    made.refresh_from_db()
    assert made.state == "open"
    vote(second_state, made, score=8100)
    made.refresh_from_db()
    contest.low.refresh_from_db()
    assert (made.state, made.score_before, made.score_after, contest.low.score) == ("upheld", 4000, 8200, 8200)
    offer = PlaceOffer.objects.get()
    assert (offer.application, offer.place, offer.origin, offer.state) == (contest.low, contest.near, "appeal", "due")
    assert seen.verbs() == [
        "recruitment.appealed", "recruitment.appeal_voted", "recruitment.appeal_voted", "recruitment.appeal_upheld"
    ]  # fmt: skip
    page = low.client.get(f"/join/status/{contest.low.ref}/why/").content.decode()
    assert "82 instead of 40" in page
    assert "The sample was missed." in page


def test_a_better_score_that_is_not_enough_owes_nothing(contest, signed, low, asha, second_state):
    made = appeal(low, contest.low)
    vote(asha, made, score=4500)
    vote(second_state, made, score=4500)
    contest.low.refresh_from_db()
    assert contest.low.score == 4500
    assert not PlaceOffer.objects.exists()


def test_an_appeal_that_is_refused_is_answered_and_the_score_stays(contest, signed, low, asha, second_state):
    made = appeal(low, contest.low)
    vote(asha, made)
    vote(second_state, made, reason="We read it again; nothing was missed.")
    made.refresh_from_db()
    contest.low.refresh_from_db()
    assert (made.state, contest.low.score) == ("refused", 4000)
    assert "nothing was missed" in low.client.get(f"/join/status/{contest.low.ref}/why/").content.decode()


def test_two_who_do_not_agree_decide_nothing():
    assert decision([Vote(True, 5000), Vote(False, None)]) is None
    assert decision([Vote(True, 5000), Vote(False, None), Vote(True, 6000)]) == Vote(True, 5500)
    assert decision([Vote(False, None), Vote(True, 5000), Vote(False, None)]) == Vote(False, None)


def test_a_second_press_makes_no_second_appeal(contest, signed, low, watch):
    first, seen = appeal(low, contest.low), watch()
    assert appeal(low, contest.low, words="Something else this time.") == first
    assert Appeal.objects.count() == 1
    assert seen.nothing_happened()


def test_an_appeal_after_the_deadline_or_without_words_is_not_taken(contest, signed, low, watch):
    seen = watch()
    late = appealing.deadline(signed.signed_b_at, contest.drive.appeal_days)
    with pytest.raises(WrongState):
        appeal(low, contest.low, at=late)
    with pytest.raises(BadInput):
        appeal(low, contest.low, words="  no  ")
    assert not Appeal.objects.exists()
    assert seen.nothing_happened()
    assert appeal(low, contest.low, at=late - timedelta(seconds=1)).state == "open"


def test_one_person_never_decides_alone(contest, signed, low, asha, watch):
    made = vote(asha, appeal(low, contest.low), score=9000)
    seen = watch()
    with pytest.raises(NotAllowed):
        vote(asha, made, score=9000)
    assert AppealVote.objects.count() == 1
    assert Application.objects.get(pk=contest.low.pk).score == 4000
    assert seen.nothing_happened()


def test_whoever_scored_or_is_the_applicant_does_not_decide():
    for by in (None, 1, 2):
        with pytest.raises(NotAllowed):
            appealing.check_may_decide(by, applicant=1, scorers={2}, voted=set())
    appealing.check_may_decide(3, applicant=1, scorers={2}, voted={4})


def test_only_who_signs_placements_decides_and_with_a_second_factor(contest, signed, low, asha, bilal, watch):
    made = appeal(low, contest.low)
    seen = watch()
    with pytest.raises(NotFound):
        vote(bilal, made)
    with pytest.raises(NeedsSecondFactor):
        services.vote_on_appeal(
            actor=asha.acting(second_factor=False), ref=made.ref, upholds=False, score=None, reason="x" * 20,
            now=timezone.now(),
        )  # fmt: skip
    assert not AppealVote.objects.exists()
    assert seen.nothing_happened()


@pytest.mark.parametrize("score", [3999, 4000, 10_001])
def test_an_appeal_never_lowers_a_score_or_leaves_the_scale(contest, signed, low, asha, score, watch):
    made = appeal(low, contest.low)
    seen = watch()
    with pytest.raises(BadInput):
        vote(asha, made, score=score)
    assert not AppealVote.objects.exists()
    assert seen.nothing_happened()


def test_appeals_that_wait_stand_before_those_that_are_decided(contest, signed, low, asha, second_state):
    young = cast.CastMember(contest.young.person, "")
    decided, waits = appeal(low, contest.low), appeal(young, contest.young)
    for who in (asha, second_state):
        vote(who, decided)
    assert [(one.pk, one.said) for one in queries.appeals_in_charge(asha.actor, contest.drive)] == [
        (waits.pk, 0), (decided.pk, 2)
    ]  # fmt: skip
    assert queries.open_appeals(contest.drive) == 1
    page = asha.browser(second_factor=True).get(f"/desk/drives/{contest.drive.key}/placement/").content.decode()
    assert "1 appeal waits for a decision" in page


def test_a_decided_appeal_takes_no_more(contest, signed, low, asha, second_state):
    made = appeal(low, contest.low)
    vote(asha, made)
    vote(second_state, made)
    with pytest.raises(WrongState):
        vote(asha, made)
    assert AppealVote.objects.count() == 2


def test_who_scored_in_an_interview_does_not_sit_on_the_second_panel(drive, notice, tree, bilal, chitra):
    stage = interviews.plant(drive, notice, tree.raipur, [bilal, chitra], people=1)
    stage.score(bilal, stage.people[0])
    application = Application.objects.get(person=stage.people[0].person)
    assert queries.scorers_of(application) == {bilal.person.pk}


def test_what_the_panel_gave_is_read_without_who_gave_it(drive, notice, tree, bilal, chitra):
    stage = interviews.plant(drive, notice, tree.raipur, [bilal, chitra], people=1)
    stage.score(bilal, stage.people[0], 4)
    read = queries.marks_of(Application.objects.get(person=stage.people[0].person))
    assert [(one.total, [mark for _names, mark, _scale in one.marks]) for one in read] == [(8000, [4, 4])]
    assert "scorer" not in {field.name for field in fields(queries.Marks)}


def test_the_words_of_an_erased_person_are_erased_and_that_there_was_an_appeal_stays(
    contest, signed, low, asha, second_state
):
    made = appeal(low, contest.low)
    vote(asha, made)
    vote(second_state, made)
    Person.objects.filter(pk=low.person.pk).update(state="purged")
    record = audit.record(cast.SYSTEM, "people.purged", low.person)
    jobs.erase_words.func([record])
    made.refresh_from_db()
    assert (made.words, made.state) == ("", "refused")
    assert set(made.votes.values_list("reason", flat=True)) == {""}
