"""From the panels' hours to the score of an application."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews as on
from tests.recruitment.interviews import SHORT, add_applicant, add_panel, add_round, assign, make_slots

from toli.audit import services as audit
from toli.audit.models import PersonalRead, Record
from toli.delivery.models import Message
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.people import services as people
from toli.recruitment import jobs, queries, services
from toli.recruitment.models import Application, Correction, Interview, RoundScore, Scorecard, Slot, WorkSample


@pytest.fixture
def stage(drive, notice, tree, bilal, chitra):
    return on.plant(drive, notice, tree.raipur, [bilal, chitra])


def all_rows():
    return list(Interview.objects.order_by("pk").values_list("pk", "state", "slot_id", "code"))


# --- setting up ---


def test_slots_come_from_the_hours_and_making_them_again_adds_none(stage):
    made = Slot.objects.count()
    assert made >= 4 * 5
    assert make_slots(stage.of) == 0
    assert Slot.objects.count() == made
    assert all(slot.starts_at > timezone.now() - timedelta(days=1) for slot in Slot.objects.all())


def test_a_district_sets_up_panels_in_its_own_charge_only(stage, bilal, dev, tree, watch):
    made = services.add_panels(
        actor=bilal.actor,
        round_ref=stage.of.ref,
        units=[tree.sahara],
        each=2,
        languages=["hi", "en"],
        hours=on.EVERY_DAY,
    )
    assert [panel.number for panel in made] == [1, 2]
    seen = watch()
    with pytest.raises(NotFound):
        services.add_panels(
            actor=dev.actor, round_ref=stage.of.ref, units=[tree.sahara], each=1, languages=["hi"], hours=on.EVERY_DAY
        )
    with pytest.raises(NotFound):
        services.add_member(actor=dev.actor, panel_ref=made[0].ref, person_ref=dev.person.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_only_who_runs_the_drive_adds_a_round(drive, asha, bilal, chitra, watch):
    seen = watch()
    for nobody in (bilal, chitra):
        with pytest.raises(NotFound):
            add_round(drive, actor=nobody.actor)
    assert seen.nothing_happened()
    assert add_round(drive, actor=asha.actor).number == 1


# --- giving times ---


def test_everybody_gets_a_time_of_their_own_and_one_sms(stage):
    assert Interview.objects.filter(state="proposed").count() == 3
    assert len(set(Interview.objects.values_list("slot_id", flat=True))) == 3
    messages = Message.objects.filter(template="interview")
    assert messages.count() == 3
    assert all(message.params["link"].endswith("/") and "/i/" in message.params["link"] for message in messages)
    assert assign(stage.of)["given"] == 0
    assert messages.count() == 3


def test_whoever_has_a_time_is_not_moved_by_the_next_assignment(stage, tree, notice, drive):
    before = all_rows()
    add_applicant(drive, notice, tree.booth)
    assert assign(stage.of)["given"] == 1
    assert all_rows()[:3] == before


def test_language_and_reach_decide_who_fits(stage, tree, notice, drive):
    add_applicant(drive, notice, tree.booth, languages=["ta"])
    add_applicant(drive, notice, tree.far_booth)
    found = assign(stage.of)
    assert (found["given"], found["waiting"]) == (0, 2)
    services.count_funnel(drive=drive, now=timezone.now())
    gaps = [(row.unit.names["en"], row.timeless) for row in queries.gaps_of(cast.SYSTEM, stage.of)]
    assert sorted(gaps) == [("Bhilwara", 1), ("Udaipur", 1)]
    assert queries.progress_of(cast.SYSTEM, [stage.of])[stage.of.pk] == {
        "total": 5, "waiting": 2, "proposed": 3, "confirmed": 0, "held": 0, "no_show": 0, "declined": 0
    }  # fmt: skip


def test_a_district_gives_times_to_its_own_applicants_only(stage, dev, tree, notice, drive):
    add_applicant(drive, notice, tree.booth)
    assert assign(stage.of, actor=dev.actor)["given"] == 0


def test_who_said_no_to_sms_has_a_time_and_no_message(stage, tree, notice, drive):
    quiet = add_applicant(drive, notice, tree.booth, agrees=False)
    assert assign(stage.of)["given"] == 1
    assert not Message.objects.filter(person=quiet.person).exists()


def test_below_the_minimum_of_the_round_before_nobody_is_invited_to_the_next(stage, bilal, chitra, asha):
    good, bad, _none = stage.people
    stage.of.minimum = 5000
    stage.of.save()
    for scorer in (bilal, chitra):
        stage.score(scorer, good, 4)
        stage.score(scorer, bad, 1)
    services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    second = add_round(stage.drive)
    add_panel(second, stage.panel.unit, [bilal])
    make_slots(second)
    assert assign(second)["given"] == 1
    assert Interview.objects.get(round=second).application.person == good.person


def test_who_takes_the_application_back_frees_the_time(stage, tree, notice, drive):
    waiting = add_applicant(drive, notice, tree.booth)
    person = stage.people[0]
    interview = stage.interview(person)
    services.withdraw(actor=person.actor, ref=interview.application.ref, now=timezone.now())
    record = Record.objects.get(verb="recruitment.withdrawn")
    for _twice in range(2):
        jobs.cancel_interviews.func([record.pk])
    assert stage.interview(person).state == "cancelled"
    assert stage.interview(waiting).slot_id == interview.slot_id
    assert Interview.objects.filter(application__person=waiting.person).count() == 1


# --- the candidate answers through the link ---


def test_the_link_shows_no_personal_value_and_opens_nothing_else(stage):
    interview = stage.interview(stage.people[0])
    page = on.browser().get(on.link_of(interview))
    text = page.content.decode()
    assert page.status_code == 200
    assert "First interview" in text
    assert "Neelam" not in text
    assert interview.application.receipt not in text
    assert stage.people[0].number[3:] not in text
    assert on.browser().get("/join/status/").content.decode().count("Neelam") == 0
    assert on.browser().get("/i/abcdefghjkmnpq/").status_code == 404


def test_confirm_move_and_decline_from_the_phone(stage):
    first, second, third = (stage.interview(person) for person in stage.people)
    phone = on.browser()
    assert phone.post(f"/i/{first.code}/confirm/").status_code == 302
    assert stage.interview(stage.people[0]).state == "confirmed"
    other = queries.other_times(second, now=timezone.now())[0]
    assert phone.post(f"/i/{second.code}/move/", {"slot": other.pk}).status_code == 302
    moved = stage.interview(stage.people[1])
    assert (moved.state, moved.slot_id, moved.code, moved.moves) == ("confirmed", other.pk, second.code, 1)
    assert Interview.objects.get(pk=second.pk).state == "moved"
    assert phone.post(f"/i/{third.code}/decline/").status_code == 302
    assert stage.interview(stage.people[2]).state == "declined"
    assert not Message.objects.filter(key=f"interview:{second.pk}:proposed", state="waiting").exists()


def test_who_cannot_come_on_one_day_is_offered_other_days(stage):
    times = queries.other_times(stage.interview(stage.people[0]), now=timezone.now())
    days = Counter(local_day(slot.starts_at) for slot in times)
    assert len(days) >= 4
    assert max(days.values()) <= 3


def test_reading_the_link_changes_nothing_so_that_a_preview_may_open_it(stage, watch):
    seen, before = watch(), all_rows()
    for act in ("", "confirm/", "decline/", "move/", "calendar.ics"):
        on.browser().get(on.link_of(stage.interview(stage.people[0])) + act)
    assert all_rows() == before
    assert seen.nothing_happened()


def test_moving_has_an_end_and_is_refused_kindly(stage, watch):
    interview = stage.interview(stage.people[0])
    for _time in range(2):
        slot = queries.other_times(stage.interview(stage.people[0]), now=timezone.now())[0]
        services.move(code=interview.code, slot_id=slot.pk, now=timezone.now())
    seen, before = watch(), all_rows()
    slot = queries.other_times(stage.interview(stage.people[0]), now=timezone.now())[0]
    answer = on.browser().post(f"/i/{interview.code}/move/", {"slot": slot.pk})
    assert answer.status_code == 409
    assert "as often as it can be" in answer.content.decode()
    assert all_rows() == before
    assert seen.nothing_happened()


@pytest.mark.parametrize("slot", ["taken", "-1", "x", "99999999999999999999", ""])
def test_a_time_that_is_gone_or_none_keeps_the_old_one_and_offers_others(stage, slot, watch):
    interview = stage.interview(stage.people[0])
    chosen = stage.interview(stage.people[1]).slot_id if slot == "taken" else slot
    seen, before = watch(), all_rows()
    answer = on.browser().post(f"/i/{interview.code}/move/", {"slot": chosen})
    assert answer.status_code == 409
    assert "Yours is kept" in answer.content.decode()
    assert 'name="slot"' in answer.content.decode()
    assert all_rows() == before
    assert seen.nothing_happened()


def test_a_time_that_was_given_back_goes_to_the_first_who_waits(stage, tree, notice, drive):
    waiting = add_applicant(drive, notice, tree.booth)
    add_applicant(drive, notice, tree.booth)
    slot = stage.interview(stage.people[0]).slot_id
    services.decline(code=stage.interview(stage.people[0]).code, now=timezone.now())
    refilled = stage.interview(waiting)
    assert (refilled.slot_id, refilled.state) == (slot, "proposed")
    assert Message.objects.filter(person=waiting.person, template="interview").count() == 1


def test_who_does_not_come_is_noted_and_the_next_free_time_goes_to_who_waits(stage, bilal, tree, notice, drive, watch):
    interview, at = stage.begun(stage.people[0])
    seen, before = watch(), all_rows()
    with pytest.raises(WrongState):
        services.mark_missed(actor=bilal.actor, ref=interview.ref, now=at - timedelta(hours=1))
    assert all_rows() == before
    assert seen.nothing_happened()
    waiting = add_applicant(drive, notice, tree.booth)
    services.mark_missed(actor=bilal.actor, ref=interview.ref, now=at)
    assert stage.interview(stage.people[0]).state == "no_show"
    refilled = stage.interview(waiting)
    assert refilled.slot.starts_at > at + SHORT
    services.mark_missed(actor=bilal.actor, ref=interview.ref, now=at)
    assert Interview.objects.filter(application__person=waiting.person).count() == 1


def test_reminders_go_a_day_before_and_on_the_day_once_each(stage):
    interview, _at = stage.begun(stage.people[0])
    Interview.objects.update(made_at=timezone.now() - timedelta(days=3))
    starts = interview.slot.starts_at
    for at, kind in ((starts - timedelta(hours=20), "day"), (starts - timedelta(hours=2), "hours")):
        services.remind(now=at)
        services.remind(now=at)
        assert Message.objects.filter(key=f"interview:{interview.pk}:{kind}").count() == 1
    services.decline(code=interview.code, now=starts - timedelta(hours=1))
    assert not Message.objects.filter(key__startswith=f"interview:{interview.pk}:", state="waiting").exists()


def test_the_calendar_file_says_when_and_where_and_not_who(stage):
    interview = stage.interview(stage.people[0])
    answer = on.browser().get(f"/i/{interview.code}/calendar.ics")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{interview.slot.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert "Panchayat Bhawan" in text
    assert "Neelam" not in text


# --- scoring ---


def test_members_see_their_panel_and_nobody_elses(stage, bilal, dev, asha, tree):
    assert len(queries.day_sheet(bilal.actor, now=stage.begun(stage.people[0])[1])) == 3
    interview = stage.interview(stage.people[0])
    for other in (dev, asha):
        assert queries.day_sheet(other.actor, now=timezone.now()) == []
        assert other.client.get(f"/me/interviews/{interview.ref}/").status_code == 404
    services.remove_member(
        actor=cast.SYSTEM, panel_ref=stage.panel.ref, person_ref=bilal.person.ref, now=timezone.now()
    )  # fmt: skip
    assert bilal.client.get(f"/me/interviews/{interview.ref}/").status_code == 404


def test_a_scorer_sees_the_others_score_only_after_giving_their_own(stage, bilal, chitra):
    person = stage.people[0]
    stage.score(bilal, person, 5)
    interview = stage.interview(person)
    assert queries.cards_seen_by(chitra.actor, interview) == []
    assert "100" not in chitra.client.get(f"/me/interviews/{interview.ref}/").content.decode().split("<main")[1]
    stage.score(chitra, person, 1)
    assert [card.total for card in queries.cards_seen_by(chitra.actor, interview)] == [10_000, 2_000]


def test_a_blind_round_shows_the_end_of_the_receipt_and_reads_no_name(stage, bilal):
    stage.of.blind = True
    stage.of.save()
    reads = PersonalRead.objects.count()
    shown = queries.day_sheet(bilal.actor, now=timezone.now())
    assert [one.name for one in shown] == [f"… {one.interview.application.receipt[-4:]}" for one in shown]
    page = bilal.client.get("/me/interviews/").content.decode()
    assert "Neelam" not in page
    assert PersonalRead.objects.count() == reads


@pytest.mark.parametrize("marks", [{"conduct": 6, "local": 1}, {"conduct": -1, "local": 1}, {"conduct": 3}, {},
                                   {"conduct": True, "local": 2}, {"conduct": 1, "local": 1, "caste": 1}])  # fmt: skip
def test_a_score_outside_its_scale_is_refused_and_nothing_kept(stage, bilal, marks, watch):
    interview, at = stage.begun(stage.people[0])
    seen = watch()
    with pytest.raises(BadInput):
        services.score(actor=bilal.actor, ref=interview.ref, marks=marks, note="", now=at)
    assert not Scorecard.objects.exists()
    assert stage.interview(stage.people[0]).state == "proposed"
    assert seen.nothing_happened()


def test_the_form_keeps_what_was_typed_when_a_mark_is_missing(stage, bilal):
    interview = stage.interview(stage.people[0])
    Slot.objects.filter(pk=interview.slot_id).update(starts_at=timezone.now())
    page = bilal.client.post(f"/me/interviews/{interview.ref}/", {"conduct": "4", "local": "9", "note": "Knows it"})
    assert page.status_code == 422
    assert "Knows it" in page.content.decode()
    assert not Scorecard.objects.exists()
    sent = {"conduct": "4", "local": "5", "note": "Knows it"}
    assert bilal.client.post(f"/me/interviews/{interview.ref}/", sent).status_code == 302
    assert bilal.client.post(f"/me/interviews/{interview.ref}/", sent).status_code == 302
    assert Scorecard.objects.get().total == 9000


def test_a_score_stands_once_given(stage, bilal, watch):
    stage.score(bilal, stage.people[0], 4)
    seen = watch()
    assert stage.score(bilal, stage.people[0], 4).total == 8000
    with pytest.raises(WrongState):
        stage.score(bilal, stage.people[0], 5)
    assert Scorecard.objects.get().total == 8000
    assert seen.nothing_happened()


def test_who_declared_a_relative_scores_them_not_and_need_not_say_why(stage, bilal, chitra, watch):
    person = stage.people[0]
    interview, at = stage.begun(person)
    services.declare_conflict(actor=bilal.actor, ref=interview.ref, now=at)
    services.declare_conflict(actor=bilal.actor, ref=interview.ref, now=at)
    seen = watch()
    with pytest.raises(NotAllowed):
        stage.score(bilal, person)
    assert not Scorecard.objects.exists()
    assert seen.nothing_happened()
    stage.score(chitra, person)


def test_nobody_scores_themselves(stage, bilal, watch):
    interview = stage.interview(stage.people[0])
    Application.objects.filter(pk=interview.application_id).update(person=bilal.person)
    seen = watch()
    with pytest.raises(NotAllowed):
        services.score(
            actor=bilal.actor, ref=interview.ref, marks={"conduct": 5, "local": 5}, note="",
            now=stage.begun(bilal)[1],
        )  # fmt: skip
    assert not Scorecard.objects.exists()
    assert seen.nothing_happened()


def test_only_the_servers_clock_says_whether_an_interview_has_begun(stage, bilal, watch):
    interview = stage.interview(stage.people[0])
    seen = watch()
    ahead = {"date": "Fri, 01 Jan 2049 10:00:00 GMT"}
    page = bilal.client.post(f"/me/interviews/{interview.ref}/", {"conduct": "4", "local": "5"}, headers=ahead)
    assert page.status_code == 409
    assert "has not begun" in page.content.decode()
    assert not Scorecard.objects.exists()
    assert seen.nothing_happened()


def test_a_number_opens_for_the_call_only_and_is_recorded(drive, notice, tree, bilal, chitra, watch):
    of = add_round(drive, kind="phone")
    panel = add_panel(of, tree.raipur, [bilal])
    person = add_applicant(drive, notice, tree.booth)
    make_slots(of)
    assign(of)
    stage = on.Stage(drive, notice, of, panel, [bilal], [person])
    interview, at = stage.begun(person)
    seen = watch()
    for moment in (at - timedelta(hours=1), at + timedelta(hours=2)):
        with pytest.raises(WrongState):
            services.open_number(actor=bilal.actor, ref=interview.ref, now=moment)
    with pytest.raises(NotFound):
        services.open_number(actor=chitra.actor, ref=interview.ref, now=at)
    assert seen.nothing_happened()
    assert services.open_number(actor=bilal.actor, ref=interview.ref, now=at).endswith(person.number[-4:])
    assert seen.verbs() == ["recruitment.number_opened"]
    assert PersonalRead.objects.filter(person_id=person.person.pk, reason="interview").exists()


# --- work samples ---


def test_a_work_sample_is_handed_in_by_link_and_scored_from_the_queue(drive, notice, tree, bilal, chitra, dev):
    of = add_round(drive, kind="work_sample", blind=True, criteria=["writing"])
    add_panel(of, tree.raipur, [bilal, chitra])
    add_panel(of, tree.bhinder, [dev])
    person = add_applicant(drive, notice, tree.booth)
    assert assign(of)["given"] == 1
    interview = Interview.objects.get()
    assert queries.samples_to_score(bilal.actor) == []
    phone = on.browser()
    assert phone.post(f"/i/{interview.code}/sample/", {"text": " ", "link": ""}).status_code == 422
    assert phone.post(f"/i/{interview.code}/sample/", {"text": "Water in Borana", "link": ""}).status_code == 302
    assert "Water in Borana" not in phone.get(on.link_of(interview)).content.decode()
    assert [one.interview for one in queries.samples_to_score(bilal.actor)] == [interview]
    assert queries.samples_to_score(dev.actor) == []
    page = bilal.client.get(f"/me/interviews/{interview.ref}/").content.decode()
    assert "Water in Borana" in page
    assert person.person.name not in page
    assert bilal.client.post(f"/me/interviews/{interview.ref}/", {"writing": "4"}).status_code == 302
    assert queries.samples_to_score(bilal.actor) == []
    assert len(queries.samples_to_score(chitra.actor)) == 1


# --- what a round comes to ---


def test_scores_are_corrected_openly_weighed_and_set_at_once(stage, bilal, chitra, asha):
    one, two, three = stage.people
    for person, mark in ((one, 4), (two, 3)):
        stage.score(bilal, person, mark)
        stage.score(chitra, person, mark - 1)
    stage.score(bilal, three, 5)
    found = services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    assert found == {"scorers": 2, "candidates": 2, "changed": 2}
    by = {row.scorer_id: row for row in Correction.objects.all()}
    assert by[bilal.person.pk].offset == -by[chitra.person.pk].offset > 0
    assert by[bilal.person.pk].raw_mean == 8000
    score = RoundScore.objects.get(application__person=one.person)
    assert (score.raw, score.cards) == (7000, 2)
    assert score.corrected == 7000
    assert Application.objects.get(person=one.person).score == 7000
    assert Application.objects.get(person=three.person).score is None
    assert list(Scorecard.objects.order_by("pk").values_list("total", flat=True)) == [8000, 6000, 6000, 4000, 10_000]
    again = services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    assert again["changed"] == 0


def test_two_rounds_are_weighed_and_who_lacks_one_has_no_score(stage, bilal, chitra, asha):
    one, two, _three = stage.people
    for scorer in (bilal, chitra):
        stage.score(scorer, one, 5)
        stage.score(scorer, two, 5)
    services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    second = add_round(stage.drive, kind="work_sample", weight=3, scores_needed=1, criteria=["writing"])
    add_panel(second, stage.panel.unit, [bilal])
    assign(second)
    sample = Interview.objects.get(round=second, application__person=one.person)
    services.hand_in_sample(code=sample.code, text="Written", link="", now=timezone.now())
    services.score(actor=bilal.actor, ref=sample.ref, marks={"writing": 1}, note="", now=timezone.now())
    services.settle_scores(actor=asha.actor, round_ref=second.ref, now=timezone.now())
    assert Application.objects.get(person=one.person).score == (10_000 + 3 * 2_000) / 4
    assert Application.objects.get(person=two.person).score is None


def test_only_who_runs_the_drive_settles_and_not_before_a_score_is_there(stage, bilal, asha, watch):
    seen = watch()
    with pytest.raises(NotFound):
        services.settle_scores(actor=bilal.actor, round_ref=stage.of.ref, now=timezone.now())
    with pytest.raises(WrongState):
        services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    stage.of.refresh_from_db()
    assert stage.of.settled_at is None
    assert seen.nothing_happened()


def test_a_purge_erases_notes_marks_and_samples_and_leaves_the_totals(stage, bilal, chitra, asha):
    person = stage.people[0]
    interview, at = stage.begun(person)
    services.score(actor=bilal.actor, ref=interview.ref, marks={"conduct": 5, "local": 3}, note="A note", now=at)
    WorkSample.objects.create(interview=interview, text="Their words", given_at=at)
    sealed = people.seal_person(actor=asha.actor, person=person.person, now=timezone.now())
    people.purge_person(actor=cast.SYSTEM, person=sealed, now=timezone.now() + timedelta(days=4000))
    record = Record.objects.get(verb="people.purged")
    jobs.erase_words.func([record.pk])
    card = Scorecard.objects.get()
    assert (card.note, card.marks, card.total) == ("", {}, 8000)
    assert not WorkSample.objects.exists()
    audit.seal()


# --- the pages ---


def test_the_planner_leads_from_a_round_to_times_in_a_few_presses(drive, notice, tree, asha, bilal):
    person = add_applicant(drive, notice, tree.booth)
    today = timezone.localdate()
    sent = {
        "name_hi": "पहली बातचीत", "name_en": "First talk", "kind": "meeting", "criteria": ["conduct"], "minutes": "10",
        "scores_needed": "1", "weight": "1", "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=20)).isoformat(),
    }  # fmt: skip
    assert asha.client.post("/desk/drives/youth/rounds/", sent).status_code == 302
    of = drive.rounds.get()
    panels = {
        "level": "block", "each": "1", "languages": ["hi"], "weekdays": list("0123456"),
        "begins": "10:00", "ends": "12:00", "place_text": "Panchayat Bhawan", "link": "",
    }  # fmt: skip
    assert bilal.client.post(f"/desk/interviews/{of.ref}/panels/", panels).status_code == 302
    panel = of.panels.get()
    assert panel.unit == tree.raipur
    page = bilal.client.get(f"/desk/interviews/panels/{panel.ref}/", {"q": "bilal"}).content.decode()
    assert str(bilal.person.ref) in page
    joined = bilal.client.post(f"/desk/interviews/panels/{panel.ref}/join/", {"person": str(bilal.person.ref)})
    assert joined.status_code == 302
    days = {"first": today.isoformat(), "last": (today + timedelta(days=5)).isoformat()}
    assert bilal.client.post(f"/desk/interviews/{of.ref}/slots/", days).status_code == 302
    answer = bilal.client.post(f"/desk/interviews/{of.ref}/assign/", follow=True)
    assert "Begins in a moment" in answer.content.decode()
    assert services.carry_on_plans() == 1
    assert (
        "1 applicants got a time, 1 at the nearest panel"
        in bilal.client.get(answer.request["PATH_INFO"]).content.decode()
    )
    assert Interview.objects.get().application.person == person.person


def test_broken_forms_of_the_planner_keep_what_was_typed(drive, tree, asha, watch):
    of = add_round(drive)
    seen = watch()
    page = asha.client.post("/desk/drives/youth/rounds/", {"name_hi": "दौर", "kind": "seance", "minutes": "1"})
    assert page.status_code == 422
    assert "दौर" in page.content.decode()
    wrong = {"level": "x", "each": "900", "begins": "12:00", "ends": "10:00", "languages": ["klingon"]}
    assert asha.client.post(f"/desk/interviews/{of.ref}/panels/", wrong).status_code == 422
    assert asha.client.post(f"/desk/interviews/{of.ref}/slots/", {"first": "yesterday"}).status_code == 422
    assert drive.rounds.count() == 1
    assert seen.nothing_happened()
