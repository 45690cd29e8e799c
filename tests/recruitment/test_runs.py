"""Runs of a placement: all or nothing, signed by two, the same again from their frozen inputs."""

from __future__ import annotations

import pytest
from tests.recruitment.contest import NOW, add_applicant, run, sign

from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState
from toli.recruitment import freezing, queries, services
from toli.recruitment.models import (
    Application,
    CutOff,
    DrivePlace,
    Outcome,
    PlacementRun,
    PlaceOffer,
)


def places(run: PlacementRun) -> dict[Application, DrivePlace | None]:
    return {row.application: row.place for row in run.outcomes.select_related("application", "place")}


def test_a_run_places_on_merit_with_what_places_add_and_reserve(contest, asha, watch):
    seen = watch()
    made = run(asha)
    # Living there adds 3 points, so the second comes before the best at the first booth.
    assert places(made) == {
        contest.second: contest.near, contest.best: contest.far, contest.young: contest.far, contest.low: None,
    }  # fmt: skip
    assert made.outcomes.get(application=contest.young).share == "young"
    rows = {(row.place_id, row.share): (row.filled, row.wished, row.lowest) for row in made.cut_offs.all()}
    assert rows == {
        (contest.near.pk, ""): (1, 4, 8200), (contest.far.pk, ""): (1, 3, 8000),
        (contest.far.pk, "young"): (1, 1, 6000),
    }  # fmt: skip
    assert (made.summary["applicants"], made.summary["placed"], made.summary["unfilled"]) == (4, 3, 0)
    assert made.seed == queries.tie_seed(contest.drive) != ""
    assert seen.verbs() == ["recruitment.run_made"]


def test_whoever_is_not_there_any_more_or_has_a_place_is_left_out(contest, asha, tree):
    Application.objects.filter(pk=contest.best.pk).update(state="withdrawn")
    contest.low.person.state = "sealed"
    contest.low.person.save()
    add_applicant(contest.drive, tree.booth, None, [contest.near])
    held = run(asha, kind="what_if")
    PlaceOffer.objects.create(run=held, application=contest.second, place=contest.near, made_at=NOW, changed_at=NOW)
    made = run(asha)
    assert places(made) == {contest.young: contest.far}
    assert made.summary["unscored"] == 1
    assert made.cut_offs.get(place=contest.near).filled == 0


def test_a_place_that_was_withdrawn_is_not_filled(contest, asha):
    contest.near.withdrawn_at = NOW
    contest.near.save()
    made = run(asha)
    assert contest.near not in places(made).values()
    assert not CutOff.objects.filter(run=made, place=contest.near).exists()


def test_who_named_no_wish_wishes_any_place_in_the_unit_they_applied_for(contest, asha, tree):
    keen = add_applicant(contest.drive, tree.sahara, 9000)
    assert places(run(asha))[keen] == contest.near


def test_the_same_inputs_give_the_same_bytes_and_the_same_outcome(contest, asha):
    first, again = run(asha), run(asha)
    assert first.inputs_hash == again.inputs_hash
    assert first.outcome_hash == again.outcome_hash
    assert services.check_again(actor=asha.actor, ref=first.ref) == first


def test_frozen_inputs_hold_no_name_no_number_and_no_age(contest, asha):
    frozen = freezing.unpack(bytes(run(asha).inputs))
    person = contest.young.person
    assert person.name.encode() not in frozen
    assert person.ref.bytes not in frozen
    assert contest.young.ref.bytes in frozen


def test_what_if_changes_the_places_beside_the_real_run(contest, asha):
    real = run(asha)
    more = run(asha, kind="what_if", changes={"places": {str(contest.near.ref): {"capacity": 2}}})
    assert places(more)[contest.best] == contest.near
    assert queries.moves(real, more) == queries.moves(real, more).__class__(placed=0, lost=0, moved=1, same=2)
    assert [one.receipt for one in queries.movers(real, more, page=1, size=10)] == [contest.best.receipt]
    assert not more.outcomes.exclude(told=None).exists()
    contest.near.refresh_from_db()
    assert contest.near.capacity == 1


def test_a_real_run_takes_no_changes(contest, asha, watch):
    seen = watch()
    with pytest.raises(BadInput):
        run(asha, changes={"all": {"capacity": 9}})
    assert not PlacementRun.objects.exists()
    assert seen.nothing_happened()


def test_nobody_scored_is_said_and_nothing_is_written(drive, tree, asha, watch):
    seen = watch()
    with pytest.raises(WrongState):
        run(asha)
    assert not PlacementRun.objects.exists()
    assert seen.nothing_happened()


def test_only_who_runs_the_drive_may_run_a_placement(contest, bilal, meera, dev, ravi, watch):
    seen = watch()
    for who in (bilal, meera, dev, ravi):
        with pytest.raises(NotFound):
            run(who)
    assert not PlacementRun.objects.exists()
    assert seen.nothing_happened()


# -- signed by two --


def test_a_placement_holds_when_two_persons_have_signed(contest, asha, second_state, watch):
    made, seen = run(asha), watch()
    assert sign(asha, made).state == "signed_once"
    assert sign(second_state, made).state == "signed"
    assert seen.verbs() == ["recruitment.run_signed_once", "recruitment.run_signed"]


def test_nobody_signs_twice_whatever_seat_they_use(contest, asha, watch):
    made = sign(asha, run(asha))
    seen = watch()
    with pytest.raises(NotAllowed):
        sign(asha, made)
    made.refresh_from_db()
    assert made.state == "signed_once"
    assert seen.nothing_happened()


def test_signing_needs_the_right_and_a_second_factor(contest, asha, bilal, watch):
    made, seen = run(asha), watch()
    seen = watch()
    with pytest.raises(NotFound):
        sign(bilal, made)
    with pytest.raises(NeedsSecondFactor):
        services.sign_run(actor=asha.acting(second_factor=False), ref=made.ref, now=NOW)
    made.refresh_from_db()
    assert made.state == "done"
    assert seen.nothing_happened()


def test_a_what_if_is_never_signed(contest, asha):
    with pytest.raises(WrongState):
        sign(asha, run(asha, kind="what_if"))


def test_inputs_that_were_touched_are_found_out_before_the_second_signature(contest, asha, second_state):
    made = sign(asha, run(asha))
    frozen = freezing.unpack(bytes(made.inputs))
    PlacementRun.objects.filter(pk=made.pk).update(inputs=freezing.pack(frozen[:-1] + b"\x07"))
    with pytest.raises(WrongState):
        sign(second_state, made)
    with pytest.raises(WrongState):
        services.check_again(actor=asha.actor, ref=made.ref)
    made.refresh_from_db()
    assert made.state == "signed_once"


def test_an_outcome_that_was_touched_is_found_out(contest, asha):
    made = run(asha)
    PlacementRun.objects.filter(pk=made.pk).update(outcome_hash="0" * 64)
    with pytest.raises(WrongState):
        services.check_again(actor=asha.actor, ref=made.ref)


def test_a_later_signed_run_replaces_the_earlier_one(contest, asha, second_state):
    first = sign(second_state, sign(asha, run(asha)))
    later = sign(asha, sign(second_state, run(asha)))
    first.refresh_from_db()
    assert (first.state, later.state) == ("replaced", "signed")


def test_a_proof_that_fails_leaves_nothing_written(contest, asha, monkeypatch, watch):
    """The algorithm is replaced by one that gives nobody a place: the proof must see it."""
    import numpy as np

    from toli.recruitment.services import placement

    seen = watch()
    monkeypatch.setattr(placement, "match", lambda inputs: np.full(len(inputs.applicants), -1))
    with pytest.raises(WrongState):
        run(asha)
    assert not PlacementRun.objects.exists()
    assert not Outcome.objects.exists()
    assert seen.nothing_happened()


def test_a_run_that_dies_half_way_leaves_nothing_half_written(contest, asha, monkeypatch, watch):
    """It dies when the outcomes are written, in the midst of the cut-offs."""
    from toli.recruitment.services import placement

    seen = watch()

    def die(settled):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(placement.outcomes, "cut_offs", die)
        with pytest.raises(MemoryError):
            run(asha)
    assert not PlacementRun.objects.exists()
    assert not Outcome.objects.exists()
    assert seen.nothing_happened()
    assert run(asha).summary["placed"] == 3


def test_the_workbench_stands_before_the_first_run(contest, asha):
    page = asha.browser(second_factor=True).get(f"/desk/drives/{contest.drive.key}/placement/")
    assert page.status_code == 200
    assert "Compute the placement" in page.content.decode()
