"""What a drive asks of its own, the places wished for, the link that led here, and a drive that ends mid-form."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests import cast
from tests.recruitment.conftest import NUMBER, Applicant

from toli.accounts.models import Draft, LoginCode
from toli.kit.errors import BadInput
from toli.kit.filestore import LocalStore
from toli.org.models import Role, TeamKind
from toli.recruitment import files, questions, services
from toli.recruitment.models import AnswerFile, Answers, Application, DrivePlace, FormVersion, JoinLink, Wish
from toli.recruitment.questions import Question


def texts(hi: str, en: str) -> dict[str, str]:
    return {"hi": hi, "en": en}


QUESTIONS = [
    Question("why", "text", texts("आप क्यों जुड़ना चाहते हैं?", "Why do you want to join?"), required=True),
    Question("phone", "choice", texts("फ़ोन कैसा है?", "What phone have you?"), options=(
        ("smart", texts("स्मार्टफ़ोन", "Smartphone")), ("plain", texts("सादा", "Plain")))),
    Question("days", "choices", texts("कौन से दिन?", "Which days?"), options=(
        ("sat", texts("शनिवार", "Saturday")), ("sun", texts("रविवार", "Sunday")))),
    Question("hours", "number", texts("हफ़्ते में कितने घंटे?", "How many hours a week?"), least=1, most=80),
    Question("work", "link", texts("आपका छपा काम", "Your published work")),
    Question("sample", "file", texts("एक नमूना", "A sample")),
]  # fmt: skip


@pytest.fixture
def version(drive):
    return FormVersion.objects.create(
        drive=drive, number=1, questions=questions.stored(questions.check(QUESTIONS)), made_at=timezone.now()
    )


@pytest.fixture
def places(drive, tree):
    team, role = TeamKind.objects.get(key="booth_team"), Role.objects.get(key="booth_youth")
    return [
        DrivePlace.objects.create(drive=drive, unit=unit, team_kind=team, role=role, capacity=2)
        for unit in (tree.booth, tree.booths[1])
    ]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(out, "PNG")
    return out.getvalue()


def test_questions_are_answered_with_the_form_and_kept_with_its_version(version, applicant, answers):
    page = applicant.client.get(f"/join/youth/form/?unit={answers['unit']}").content.decode()
    assert "Why do you want to join?" in page
    assert 'enctype="multipart/form-data"' in page
    sample = SimpleUploadedFile("cv.exe", picture(), content_type="application/x-evil")
    given = {"q_why": "  काम   करने ", "q_phone": "smart", "q_days": ["sun", "sat"], "q_hours": "१२",
             "q_work": "example.org/my-work", "q_sample": sample}  # fmt: skip
    found = applicant.apply(answers | given)
    kept = Answers.objects.get(application=found)
    file = AnswerFile.objects.get()
    assert kept.form == version
    assert kept.given == {
        "why": "काम करने", "phone": "smart", "days": ["sat", "sun"], "hours": 12,
        "work": "https://example.org/my-work", "sample": str(file.ref),
    }  # fmt: skip
    path = LocalStore(settings.MEDIA_ROOT).path_of(files.key_of(file.sha256, file.kind))
    assert (file.answers, file.kind, path.stat().st_mode & 0o777) == (kept, "image/jpeg", 0o600)
    with Image.open(path) as drawn:
        assert max(drawn.size) <= 1280


def test_a_new_version_leaves_what_was_answered_before(version, drive, applicant, answers):
    first = applicant.apply(answers | {"q_why": "काम"})
    FormVersion.objects.create(drive=drive, number=2, made_at=timezone.now(),
                               questions=questions.stored(QUESTIONS[1:2]))  # fmt: skip
    assert Answers.objects.get(application=first).form == version
    page = applicant.client.get(f"/join/youth/form/?unit={answers['unit']}").content.decode()
    assert "q_why" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("q_why", ""),
        ("q_why", "x" * 2001),
        ("q_why", "मेरा नंबर 2341 2341 2346 है"),
        ("q_why", "ABCPD1234E"),
        ("q_phone", "other"),
        ("q_days", ["mon"]),
        ("q_hours", "81"),
        ("q_hours", "many"),
        ("q_work", "not an address"),
        ("q_work", "javascript://x.y/%0aalert(1)"),
        ("q_sample", "bytes"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_kept(version, applicant, answers, field, value, watch):
    seen = watch()
    given = answers | {"q_why": "काम"} | {field: value}
    if field == "q_sample":
        given["q_sample"] = SimpleUploadedFile("photo.jpg", b"MZ not a photo", content_type="image/jpeg")
    page = applicant.fill(given)
    assert page.status_code == 422
    assert 'class="note note-error"' in page.content.decode()
    assert (Draft.objects.count(), AnswerFile.objects.count(), LoginCode.objects.count()) == (0, 0, 0)
    assert seen.nothing_happened()


@pytest.mark.parametrize(
    "bad",
    [
        Question("a", "text", texts("आपकी जाति क्या है?", "Tell us about yourself")),
        Question("a", "text", texts("कुछ बताइए", "What is your monthly income?")),
        Question("a", "text", texts("", "Only English")),
        Question("a", "choice", texts("चुनिए", "Choose"), options=(("x", texts("एक", "One")),)),
        Question("a", "choice", texts("चुनिए", "Choose"), options=(
            ("x", texts("हिंदू", "One")), ("y", texts("दो", "Two")))),
        Question("a", "number", texts("कितने", "How many"), least=5, most=1),
        Question("a", "magic", texts("क्या", "What")),
    ],
)  # fmt: skip
def test_a_question_that_may_not_be_asked_is_refused_by_its_place(bad):
    with pytest.raises(BadInput) as error:
        questions.check([QUESTIONS[0], bad])
    assert all(name.startswith("1-") for name in error.value.fields)


def test_wishes_go_with_the_form_in_their_order(drive, places, applicant, answers, tree):
    first = applicant.client.get("/join/youth/", {"under": str(tree.booth.ref), "via": "NONE"}).content.decode()
    assert f"/join/youth/wishes/?unit={tree.booth.ref}&amp;via=NONE" in first
    page = applicant.client.get(f"/join/youth/wishes/?unit={tree.booth.ref}").content.decode()
    assert f"wish=p{places[0].ref}" in page
    assert f"wish=u{tree.bhilwara.ref}" in page
    codes = [f"p{places[1].ref}", f"u{tree.bhilwara.ref}", f"p{places[0].ref}"]
    page = applicant.client.get("/join/youth/wishes/", {"unit": str(tree.booth.ref), "wish": codes}).content.decode()
    assert page.count("Move up") == 2
    found = applicant.apply(answers | {"wish": codes})
    assert list(Wish.objects.filter(application=found).order_by("rank").values_list("rank", "place", "unit")) == [
        (1, places[1].pk, None), (2, None, tree.bhilwara.pk), (3, places[0].pk, None),
    ]  # fmt: skip
    again = Applicant().apply(answers | {"wish": codes[2:]})
    assert again.pk == found.pk
    assert list(Wish.objects.filter(application=found).values_list("rank", "place")) == [(1, places[0].pk)]


def test_a_place_withdrawn_while_the_code_was_coming_is_left_out(places, applicant, answers, tree):
    codes = [f"p{places[0].ref}", f"u{tree.bhilwara.ref}"]
    assert applicant.fill(answers | {"wish": codes}).status_code == 302
    DrivePlace.objects.filter(pk=places[0].pk).update(withdrawn_at=timezone.now())
    applicant.type_code()
    assert list(Wish.objects.values_list("rank", "unit")) == [(2, tree.bhilwara.pk)]


def test_a_wish_outside_the_drive_or_above_the_number_asked_is_not_taken(drive, places, applicant, answers, tree):
    codes = [f"u{tree.state.ref}", f"p{tree.booth.ref}", "x", f"p{places[0].ref}"]
    found = applicant.apply(answers | {"wish": codes})
    assert [wish.place for wish in Wish.objects.filter(application=found)] == [places[0]]


def test_the_link_that_led_here_is_counted_and_ones_own_is_not(drive, applicant, answers, ravi):
    link = JoinLink.objects.create(
        drive=drive, code="AB12", kind="referral", person=ravi.person, made_at=timezone.now()
    )
    page = applicant.client.get(f"/join/youth/form/?unit={answers['unit']}&via=AB12").content.decode()
    assert re.search(r'name="via" value="AB12"', page)
    found = applicant.apply(answers | {"via": "AB12"})
    assert (found.link, found.source) == (link, "web")
    again = Applicant().apply(answers | {"via": "", "phone": NUMBER})
    assert again.link == link
    own = {name: value for name, value in answers.items() if name != "phone"}
    ravi.client.post("/join/youth/form/", own | {"via": "AB12"}, follow=True)
    assert Application.objects.get(person=ravi.person).link is None


def test_a_drive_that_ends_while_the_form_is_filled_keeps_it_and_says_so(drive, applicant, answers):
    services.close_drive(actor=cast.SYSTEM, key="youth", now=timezone.now())
    page = applicant.fill(answers)
    assert page.status_code == 409
    assert "Your form is kept" in page.content.decode()
    assert (Draft.objects.count(), LoginCode.objects.count(), Application.objects.count()) == (1, 0, 0)
    drive.closes_at = timezone.now() + timedelta(days=1)
    drive.save()
    assert applicant.client.post("/join/status/", {"phone": NUMBER}).url == "/login/code/"
    applicant.type_code()
    assert Application.objects.get().person.name == "नीलम शर्मा"


def test_a_drive_that_ends_while_the_code_is_coming_keeps_the_form_too(drive, applicant, answers):
    applicant.fill(answers)
    services.close_drive(actor=cast.SYSTEM, key="youth", now=timezone.now())
    page = applicant.type_code()
    assert page.status_code == 409
    assert "Your form is kept" in page.content.decode()
    assert Draft.objects.get().used_at is None
    drive.closes_at = timezone.now() + timedelta(days=1)
    drive.save()
    assert applicant.client.get(applicant.way[-1]).status_code == 302
    assert Application.objects.count() == 1
