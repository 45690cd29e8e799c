"""Work samples: text, a file or an address from the link, scored blind from the queue, erased with the person."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests.recruitment import interviews as on

from toli.audit.models import PersonalRead
from toli.recruitment import files, queries, services
from toli.recruitment.models import Interview, Scorecard, WorkSample

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def picture(colour="teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def stage(drive, notice, tree, bilal, chitra, settings, tmp_path):
    """A blind round without a meeting: two who were asked for a sample, two who score."""
    settings.MEDIA_ROOT = tmp_path
    of = on.add_round(drive, kind="work_sample", criteria=["writing"], blind=True)
    stage = on.Stage(drive, notice, of, on.add_panel(of, tree.raipur, [bilal, chitra]), [bilal, chitra])
    stage.people = [on.add_applicant(drive, notice, tree.booth, name=f"Neelam {n}") for n in range(2)]
    on.assign(of)
    return stage


def hand_in(interview: Interview, body: bytes | None = None, name="work.pdf", **more):
    sent = {"text": "", "link": "", **more}
    if body is not None:
        sent["handed"] = SimpleUploadedFile(name, body)
    return on.browser().post(f"/i/{interview.code}/sample/", sent)


def kept() -> list[str]:
    return sorted(path.suffix for path in (settings.MEDIA_ROOT / "recruitment").glob("*/*"))


@pytest.mark.parametrize(("body", "kind"), [(PDF, "application/pdf"), (picture(), "image/jpeg")])
def test_a_file_is_told_by_its_content_and_comes_back_to_the_panel_alone(stage, bilal, dev, asha, body, kind):
    interview = stage.interview(stage.people[0])
    assert "Do not write your name" in on.browser().get(f"/i/{interview.code}/").content.decode()
    assert hand_in(interview, body, name="Neelam's essay.exe").status_code == 302
    sample = WorkSample.objects.get()
    assert (sample.kind, sample.text, sample.link, len(kept())) == (kind, "", "", 1)
    address, reads = f"/me/interviews/{interview.ref}/sample/", PersonalRead.objects.count()
    answer = bilal.client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    said = answer["Content-Disposition"]
    assert said.startswith("attachment")
    assert interview.application.receipt[-4:] in said
    assert "Neelam" not in said
    assert PersonalRead.objects.count() == reads + 1
    assert dev.client.get(address).status_code == asha.client.get(address).status_code == 404
    services.declare_conflict(actor=bilal.actor, ref=interview.ref, now=timezone.now())
    assert bilal.client.get(address).status_code == 404


def test_two_score_it_blind_from_the_queue(stage, bilal, chitra):
    interview = stage.interview(stage.people[0])
    hand_in(interview, PDF, text="My slogan")
    for scorer in (bilal, chitra):
        queue = scorer.client.get("/me/interviews/").content.decode()
        assert f"… {interview.application.receipt[-4:]}" in queue
        page = scorer.client.get(f"/me/interviews/{interview.ref}/").content.decode()
        assert "My slogan" in page
        assert "Download the file" in page
        assert "Neelam" not in queue + page
        assert scorer.client.post(f"/me/interviews/{interview.ref}/", {"writing": "4", "note": ""}).status_code == 302
    assert Scorecard.objects.count() == 2
    assert queries.samples_to_score(bilal.actor) == []


def test_a_file_that_is_none_of_these_or_too_large_keeps_what_was_typed(stage, watch):
    interview, seen = stage.interview(stage.people[0]), watch()
    for body in (b"MZ\x90\x00", b"<svg xmlns='x'/>", b"%PDF-1.4 torn", PDF + b"0" * files.LARGEST):
        answer = hand_in(interview, body, text="My words")
        assert answer.status_code == 422
        assert "My words" in answer.content.decode()
    assert hand_in(interview).status_code == 422
    assert not WorkSample.objects.exists()
    assert kept() == []
    assert seen.nothing_happened()


def test_a_second_file_replaces_the_first_and_one_handed_in_by_two_stays(stage, django_capture_on_commit_callbacks):
    one, two = (stage.interview(person) for person in stage.people)
    for interview in (one, two):
        hand_in(interview, PDF)
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(one, picture())
    assert kept() == [".jpg", ".pdf"]
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(two, text="no file any more")
    assert kept() == [".jpg"]
    assert WorkSample.objects.get(interview=two).sha256 == ""


def test_who_runs_the_drive_sees_the_points_of_each_round_and_a_district_does_not(stage, bilal, chitra, asha):
    interview = stage.interview(stage.people[0])
    hand_in(interview, PDF)
    for scorer, mark in ((bilal, 4), (chitra, 5)):
        services.score(actor=scorer.actor, ref=interview.ref, marks={"writing": mark}, note="", now=timezone.now())
    services.settle_scores(actor=asha.actor, round_ref=stage.of.ref, now=timezone.now())
    address = f"/desk/applicants/{interview.application.ref}/"
    assert "Interview rounds" in asha.client.get(address).content.decode()
    assert "Interview rounds" not in bilal.client.get(address).content.decode()
    assert [(row.raw, row.cards) for row in queries.scores_of(asha.actor, interview.application)] == [(9000, 2)]
    assert queries.scores_of(bilal.actor, interview.application) == []
