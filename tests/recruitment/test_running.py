"""Running a drive on the desk: what it is, asks, offers, and in which order."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.test_form import QUESTIONS, texts

from toli.elections import services as elections
from toli.kit.errors import BadInput, NotFound
from toli.recruitment import queries, questions, services
from toli.recruitment.models import DrivePlace, FormVersion, UnitRank
from toli.recruitment.questions import Question
from toli.recruitment.ranking import in_order


def test_places_are_taken_from_vacant_seats_and_follow_them(drive, tree, asha, bilal, chitra):
    for number in (3, 4):
        cast.add_seat(tree.booth, "booth_team", "booth_youth", number=number)
    services.take_vacant_places(actor=asha.actor, key="youth")
    place = DrivePlace.objects.get(unit=tree.booth, role__key="booth_youth")
    assert place.capacity == 2
    services.set_place_rules(
        actor=asha.actor, key="youth", ref=place.ref, min_score=4_000, preferences={"residents": 500},
        shares=[{"key": "women", "names": texts("महिलाएँ", "Women"), "count": 1, "gender": "female"}],
    )  # fmt: skip
    cast.add_seat(tree.booth, "booth_team", "booth_youth", number=5)
    services.take_vacant_places(actor=asha.actor, key="youth")
    place.refresh_from_db()
    assert (place.capacity, place.min_score, len(place.shares)) == (3, 4_000, 1)
    from toli.org.models import Seat

    Seat.objects.filter(unit=tree.booth, role__key="booth_youth", number__gte=3).update(closed_at=timezone.now())
    services.take_vacant_places(actor=asha.actor, key="youth")
    place.refresh_from_db()
    assert place.capacity == 0


def test_a_district_runs_no_drive_of_the_state(drive, tree, bilal, watch):
    seen = watch()
    with pytest.raises(NotFound):
        services.take_vacant_places(actor=bilal.actor, key="youth")
    with pytest.raises(NotFound):
        services.save_questions(actor=bilal.actor, key="youth", asked=QUESTIONS, now=timezone.now())
    assert seen.nothing_happened()
    assert not DrivePlace.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_score": 10_001},
        {"min_score": -1},
        {"preferences": {"caste": 5}},
        {"preferences": {"residents": 10_001}},
        {"shares": [{"key": "a", "count": 2, "religion": "any"}]},
        {"shares": [{"key": "a", "count": 0, "gender": "female"}]},
        {"shares": [{"key": "a", "count": 2, "wing": "unknown"}]},
    ],
)
def test_a_rule_outside_its_scale_or_by_what_is_not_known_is_refused(drive, tree, asha, wrong, watch):
    seen = watch()
    given = {"min_score": None, "preferences": {}, "shares": []} | wrong
    with pytest.raises(BadInput):
        services.set_place_rules(actor=asha.actor, key="youth", **given)
    assert seen.nothing_happened()


def test_a_place_that_is_withdrawn_cannot_be_wished_for(drive, tree, asha):
    place = services.set_place(
        actor=asha.actor, key="youth", unit_ref=tree.sahara.ref, team="constituency_team",
        role="constituency_member", capacity=3,
    )  # fmt: skip
    code = f"p{place.ref}"
    assert [one.code for one in queries.read_wishes(drive, [code])] == [code]
    services.withdraw_place(actor=asha.actor, key="youth", ref=place.ref, now=timezone.now())
    with pytest.raises(BadInput):
        queries.read_wishes(drive, [code])


def test_questions_are_built_on_the_desk_and_saved_as_versions(drive, asha):
    row = {"r0-place": "2", "r0-hi": "कौन सा फ़ोन?", "r0-en": "Which phone?", "r0-kind": "choice",
           "r0-options": "स्मार्टफ़ोन | Smartphone\nसादा | Plain", "r1-place": "1", "r1-hi": "क्यों?", "r1-en": "Why?",
           "r1-kind": "text", "r1-required": "on", "r2-hi": "", "r2-en": "", "r2-kind": "text"}  # fmt: skip
    assert asha.client.post("/desk/drives/youth/questions/", row).status_code == 302
    first = questions.read(FormVersion.objects.get().questions)
    assert [(one.key, one.kind, one.required) for one in first] == [("q1", "text", True), ("q2", "choice", False)]
    assert first[1].options == (("o1", texts("स्मार्टफ़ोन", "Smartphone")), ("o2", texts("सादा", "Plain")))
    assert asha.client.post("/desk/drives/youth/questions/", row).status_code == 302
    changed = row | {"r0-key": "q2", "r1-key": "q1", "r1-en": "Why do you join?"}
    asha.client.post("/desk/drives/youth/questions/", changed)
    assert list(FormVersion.objects.order_by("number").values_list("number", flat=True))[-1] >= 2
    assert [one.key for one in questions.read(queries.current_form(drive).questions)] == ["q1", "q2"]


def test_a_forbidden_question_is_refused_beside_its_row_and_nothing_is_saved(drive, asha, watch):
    seen = watch()
    row = {"r0-hi": "क्यों?", "r0-en": "Why?", "r0-kind": "text", "r1-hi": "आपकी जाति?", "r1-en": "Your caste?",
           "r1-kind": "text"}  # fmt: skip
    page = asha.client.post("/desk/drives/youth/questions/", row)
    assert page.status_code == 422
    assert "Toli never asks for this: caste" in page.content.decode()
    assert "Why?" in page.content.decode()
    assert not FormVersion.objects.exists()
    assert seen.nothing_happened()


def test_units_with_an_election_on_are_interviewed_last(drive, tree, asha):
    now = timezone.now()
    election = elections.ensure_election(
        key="BYE", kind="by-election", state=tree.state, by_election=True, announced_at=now - timedelta(days=5), now=now
    )
    day = timezone.localdate() + timedelta(days=9)
    elections.add_poll(
        actor=cast.SYSTEM, election=election, constituency=tree.sahara, notification="test 1", now=now,
        hours=elections.Hours(day, (time(18),), time(7)),
    )  # fmt: skip
    rows = queries.ranked_units(drive, now=now)
    assert [row.unit for row in rows][-1] == tree.bhilwara
    over = datetime.combine(day + timedelta(days=2), time(12), tzinfo=timezone.get_current_timezone())
    assert not any(row.ranked.has_election for row in queries.ranked_units(drive, now=over))
    services.set_rank(
        actor=asha.actor, key="youth", unit_ref=tree.bhilwara.ref, rank=1, reason="Panels are ready", now=now
    )
    assert queries.ranked_units(drive, now=now)[0].by_hand.reason == "Panels are ready"
    services.set_rank(actor=asha.actor, key="youth", unit_ref=tree.bhilwara.ref, rank=None, reason="", now=now)
    assert not UnitRank.objects.exists()


def test_a_rank_without_a_reason_is_refused(drive, tree, asha, watch):
    seen = watch()
    with pytest.raises(BadInput):
        services.set_rank(actor=asha.actor, key="youth", unit_ref=tree.bhilwara.ref, rank=1, reason=" ",
                          now=timezone.now())  # fmt: skip
    assert seen.nothing_happened()


def test_a_rank_by_hand_wins_and_the_rest_closes_up():
    order = in_order([1, 2, 3, 4], {1}, {3: 1, 2: 9})
    assert [one.unit_id for one in order] == [3, 4, 1, 2]


def test_the_seed_stays_once_a_placement_was_run(drive, asha):
    changed = services.change_drive(actor=asha.actor, key="youth", changes={"tie_seed": "monsoon", "target": 40})
    assert (changed.tie_seed, changed.target) == ("monsoon", 40)
    with pytest.raises(BadInput):
        services.change_drive(actor=asha.actor, key="youth", changes={"wishes": 0})


def test_no_question_of_the_examples_names_what_is_forbidden():
    assert questions.check(QUESTIONS) == QUESTIONS
    assert questions.read(questions.stored(QUESTIONS)) == QUESTIONS
    assert isinstance(QUESTIONS[0], Question)
