"""What an erased person wrote, handed in or was written of goes, and the proof lists it; a year later the rest goes."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews as on
from tests.recruitment.test_samples import PDF, picture

from toli.audit.models import Record
from toli.flows import FLOWS
from toli.people import services as people
from toli.people.models import Erasure, Person
from toli.recruitment import files, jobs, services
from toli.recruitment.models import (
    AnswerFile,
    Answers,
    Appeal,
    AppealVote,
    Application,
    FormVersion,
    PlacementRun,
    Scorecard,
    WorkSample,
)


def handed(body: bytes) -> files.Handed:
    found = files.read(io.BytesIO(body))
    files.keep(found)
    return found


@pytest.fixture
def full(drive, notice, tree, bilal, asha, second_state, settings, tmp_path):
    """Two with answers, a file, a sample, a scored talk and an appeal that was answered."""
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    form = FormVersion.objects.create(drive=drive, number=1, made_at=now, questions=[])
    run = PlacementRun.objects.create(
        drive=drive, state="signed", seed="s", inputs=b"", inputs_hash="", outcome_hash="", made_at=now,
        signed_a_id=1, signed_b_id=2,
    )  # fmt: skip
    stage = on.plant(drive, notice, tree.raipur, [bilal], people=2)
    samples = on.add_round(drive, kind="work_sample", criteria=["writing"])
    on.assign(samples)
    for person, colour in zip(stage.people, ("teal", "olive"), strict=True):
        application = Application.objects.get(person=person.person)
        application.skills = ["writing"]
        application.save()
        answers = Answers.objects.create(application=application, form=form, given={"q1": "my words"})
        file = handed(picture(colour))
        AnswerFile.objects.create(
            answers=answers, question="q2", sha256=file.digest, kind=file.kind, size=len(file.body), at=now
        )
        talk = application.interviews.get(round=stage.of)
        services.score(
            actor=bilal.actor, ref=talk.ref, marks={"conduct": 3, "local": 4}, note="Spoke of her father",
            now=talk.slot.starts_at,
        )  # fmt: skip
        sample = application.interviews.get(round=samples)
        services.hand_in_sample(code=sample.code, text="my essay", link="", handed=handed(PDF), now=now)
        made = Appeal.objects.create(
            run=run, application=application, words="I was ill that day", state="refused", made_at=now, decided_at=now
        )
        for judge in (asha, second_state):
            AppealVote.objects.create(appeal=made, by=judge.person, upholds=False, reason="We read it again.", at=now)
    return stage


def purge(member) -> int:
    """As the law's day comes: sealed, then erased; what follows in this room."""
    later = timezone.now() + timedelta(days=400)
    Person.objects.filter(pk=member.person.pk).update(
        state="sealed", sealed_at=timezone.now(), purge_after=timezone.now()
    )
    assert people.purge_due(actor=cast.SYSTEM, now=later) == 1
    return Record.objects.get(verb="people.purged").pk


def test_all_words_go_and_the_proof_lists_them_and_others_keep_theirs(full, django_capture_on_commit_callbacks):
    assert jobs.erase_words in FLOWS["people.purged"]
    gone, stays = full.people
    record = purge(gone)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.erase_words.func([record])
    rows = Erasure.objects.get(person=gone.person).rows
    ours = {
        "Answers.given": 1, "AnswerFile.sha256": 1, "Scorecard.note": 1, "Scorecard.marks": 1, "WorkSample.text": 1,
        "Appeal.words": 1, "AppealVote.reason": 2, "Application.skills": 1,
    }  # fmt: skip
    assert {key: rows[key] for key in ours} == ours
    assert "my words" not in str(list(Answers.objects.filter(application__person=gone.person).values()))
    assert list(Scorecard.objects.filter(interview__application__person=gone.person).values_list("total", "note")) == [
        (7000, "")
    ]
    kept = {path.suffix for path in (settings.MEDIA_ROOT / "recruitment").glob("*/*")}
    assert (AnswerFile.objects.count(), WorkSample.objects.count(), kept) == (1, 1, {".jpg", ".pdf"})
    mine = Application.objects.get(person=stays.person)
    assert (mine.answers.given, mine.skills, mine.appeals.get().words) == (
        {"q1": "my words"}, ["writing"], "I was ill that day"
    )  # fmt: skip
    jobs.erase_words.func([record])  # a second time changes neither the rows nor the proof
    assert Erasure.objects.get(person=gone.person).rows == rows


def test_nothing_of_a_person_who_is_not_erased_goes(full):
    record = purge(full.people[0])
    Person.objects.filter(pk=full.people[0].person.pk).update(state="sealed")
    jobs.erase_words.func([record])
    assert Answers.objects.filter(given={}).count() == 0


def test_a_year_after_its_drive_what_was_answered_and_noted_goes_and_what_was_decided_stays(
    full, watch, django_capture_on_commit_callbacks
):
    ended, seen = full.drive.closes_at, watch()
    assert services.erase_old_words(actor=cast.SYSTEM, now=ended + timedelta(days=364)) == 0
    assert seen.nothing_happened()
    with django_capture_on_commit_callbacks(execute=True):
        assert services.erase_old_words(actor=cast.SYSTEM, now=ended + timedelta(days=366)) == 2 * 5
    assert services.erase_old_words(actor=cast.SYSTEM, now=ended + timedelta(days=366)) == 0
    assert seen.verbs() == ["recruitment.words_erased"]
    assert not AnswerFile.objects.exists()
    assert not list((settings.MEDIA_ROOT / "recruitment").glob("*/*"))
    assert Appeal.objects.filter(words="I was ill that day").count() == 2
    assert set(Scorecard.objects.values_list("total", flat=True)) == {7000}


def test_a_file_of_a_form_that_was_never_sent_is_swept_away(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = handed(picture())
    AnswerFile.objects.create(question="q", sha256=file.digest, kind=file.kind, size=1, at=timezone.now())
    later = timezone.now() + timedelta(days=4)
    assert services.sweep_files(now=timezone.now()) == 0
    assert services.sweep_files(now=later) == 1
    assert not AnswerFile.objects.exists()
    assert not list((settings.MEDIA_ROOT / "recruitment").glob("*/*"))
